/**
 * The four rules 四个一律: a paper is asked for only when none of them removes it. Tested in this order:
 * cancelled → verified online → existing certificate → written commitment → provided. Each settlement
 * keeps the fact, the source and the time. A source that is down never counts as a match.
 */
import type { Context } from '../../kernel/index.ts';
import { legalDay } from '../../kernel/clock.ts';
import type { Text } from '../../kernel/operation.ts';
import { settledBySource, type StoredAnswer } from '../agencies/index.ts';
import { catalogue, conditions, type CancellingFact, type Material, type Service } from '../catalogue/index.ts';
import type { PartFacts } from './facts.ts';
import type { CaseFile, PartName, Party } from './file.ts';
import type { KinFacts, MemberFacts, MoverFacts } from '../population/index.ts';

export interface SuppliedRow {
  code: string;
  version: number;
  supplied_by: 'provided' | 'original' | 'commitment' | 'certificate';
  certificate_no: string | null;
  attachments: { sha256: string; media_type: string; file_name: string; bytes: number }[];
  supplied_at: Date;
}

export interface MaterialState {
  code: string;
  required: boolean;
  state: 'provided' | 'cancelled' | 'verified_online' | 'certificate' | 'commitment' | 'missing' | 'optional';
  evidence: { text: Text; source: string; at: string } | null;
  attachments: SuppliedRow['attachments'];
  /** The legal day on which it was supplied. */
  supplied_on?: string | null;
}

/** Materials by name, as a sentence names them in either language. */
export function materialNames(materials: readonly Pick<MaterialState, 'code'>[]): { materials: string; materials_en: string } {
  const names = materials.map(({ code }) => catalogue().materials.get(code)!.name);
  return { materials: names.map(({ zh }) => zh).join('、'), materials_en: names.map(({ en }) => en).join(', ') };
}

/** The newest version of each material supplied for a case. */
export async function suppliedFor(context: Context, case_id: string): Promise<SuppliedRow[]> {
  return context.query<SuppliedRow>(
    `select distinct on (code) code, version, supplied_by, certificate_no, attachments, supplied_at
     from cases.material where case_id = $1 order by code, version desc limit 100`, [case_id]);
}

/** What a settlement may look at beside what was supplied. */
export interface SettlingFacts {
  movers: readonly (Party & { person: MoverFacts | null })[];
  parts: Readonly<Partial<Record<PartName, PartFacts>>>;
  applicant: MoverFacts | null;
  target_members: readonly MemberFacts[];
  kin: readonly KinFacts[];
  /** What sources outside of the register were asked and answered. */
  sources: readonly StoredAnswer[];
  /** Somebody has enquired on the spot. */
  enquired: boolean;
  /** First day on which a commitment of the applicant is taken again; null where it is taken. */
  commitments_barred_until: string | null;
}

/** Two people of the case, or one of it and one who receives them, are linked so. */
function linked({ movers, parts, applicant, target_members, kin }: SettlingFacts, kinds: readonly KinFacts['kind'][]): boolean {
  const concerned = new Set([...movers, ...Object.values(parts)].flatMap((one) => one.person_id ?? []));
  const around = new Set([...concerned, ...target_members.map((member) => member.person_id), ...(applicant === null ? [] : [applicant.person_id])]);
  return kin.some((link) => kinds.includes(link.kind) && ((concerned.has(link.person_id) && around.has(link.relative_id)) || (around.has(link.person_id) && concerned.has(link.relative_id))));
}

/** Papers of those who receive somebody, as against those of the people concerned. */
const shownByHost = new Set(['M20', 'M22']);

interface Cancellation {
  holds: (facts: SettlingFacts, code: string, file: CaseFile) => boolean;
  text: Text;
}

/** Rule 1: facts for which a paper is not asked. */
const cancelled: Record<CancellingFact, Cancellation> = {
  always: { holds: () => true, text: { zh: '只作网络核验,不用提供。', en: 'Only ever verified over the network; not needed.' } },
  spouses_in_register: { holds: (facts) => linked(facts, ['spouse']), text: { zh: '户籍中已登记为夫妻,不用提供。', en: 'Registered as spouses; not needed.' } },
  kin_in_register: { holds: (facts) => linked(facts, ['father', 'mother']), text: { zh: '户籍中已有亲属关系,不用提供。', en: 'Kinship is in the register; not needed.' } },
  registered_in_province: {
    holds: ({ movers, parts, target_members }, code) => {
      if (shownByHost.has(code)) return target_members.length > 0 || parts.target_head?.person != null;
      const concerned = movers.length > 0 ? movers : Object.values(parts);
      return concerned.length > 0 && concerned.some((one) => one.person_id !== null) && movers.every((one) => one.person_id !== null);
    },
    text: { zh: '户口在本省,从户籍中读取,不用提供。', en: 'Registered in this province and read from the register; not needed.' },
  },
  guardianship_in_register: {
    holds: ({ movers, applicant, kin }) => applicant !== null && movers.length > 0 && movers.every((mover) => kin.some((link) => link.kind !== 'spouse' && link.person_id === mover.person_id && link.relative_id === applicant.person_id)),
    text: { zh: '户籍中已有监护关系,不用提供。', en: 'The guardianship is in the register; not needed.' },
  },
  parents_share_ethnicity: {
    holds: ({ parts: { father, mother } }) => father?.person != null && mother?.person != null && father.person.ethnicity === mother.person.ethnicity,
    text: { zh: '父母民族相同,不用提供。', en: 'Both parents have the same ethnicity; not needed.' },
  },
  // Until the archive holds the old registers every original record is brought.
  original_record_on_file: { holds: () => false, text: { zh: '原始底册影像已在档案中,不用提供。', en: 'The original record is in the archive; not needed.' } },
  // Whoever names a destination outside leaves the province, however well he is registered here.
  moves_within_province: { holds: ({ movers }, _code, file) => file.answers['destination_area'] === undefined && movers.length > 0 && movers.every((mover) => mover.person?.status === '0'), text: { zh: '省内迁移,不用迁移证件。', en: 'A move inside the province needs no migration paper.' } },
  own_record: { holds: ({ applicant, movers }) => applicant !== null && movers.every((mover) => mover.person_id === applicant.person_id), text: { zh: '查询本人信息,不用提供。', en: 'It is the own record; not needed.' } },
  enquiry_replaces_it: { holds: ({ enquired }) => enquired, text: { zh: '社区民警已调查,不用提供。', en: 'The community officer has enquired; not needed.' } },
  identity_is_verified: { holds: (_facts, _code, file) => file.applicant_identity_level >= 3, text: { zh: '已核验身份,不用提供。', en: 'The identity is verified; not needed.' } },
  // Portraits are kept by the card system, which does not tell their age.
  portrait_is_recent: { holds: () => false, text: { zh: '六个月内的相片已在库,不用提供。', en: 'A portrait of the last six months is on file; not needed.' } },
};

/** Settles every material that the service asks for with these answers, and what was added to them. Pure. */
export function settleMaterials(file: CaseFile, service: Service, supplied: readonly SuppliedRow[], facts: SettlingFacts, now: Date): MaterialState[] {
  const today = legalDay(now);
  const asked = service.materials.filter((requirement) => requirement.required !== 'when' || conditions[requirement.when!](file.answers, today));
  const states = asked.map((requirement) => settle(requirement.code, requirement.required !== 'optional', file, supplied.find((row) => row.code === requirement.code), facts, now));
  // What was brought beyond the list (a mandate, the record of a comparison) is on file as well.
  const added = supplied.filter((row) => !service.materials.some((requirement) => requirement.code === row.code) && catalogue().materials.has(row.code));
  return [...states, ...added.map((row) => settle(row.code, false, file, row, facts, now))];
}

function settle(code: string, required: boolean, file: CaseFile, given: SuppliedRow | undefined, facts: SettlingFacts, now: Date): MaterialState {
  const material = catalogue().materials.get(code)!;
  const settled = (state: MaterialState['state'], text: Text | null = null, source = '', at = now): MaterialState => ({
    code, required, state, evidence: text === null ? null : { text, source, at: at.toISOString() }, attachments: given?.attachments ?? [], supplied_on: given === undefined ? null : legalDay(given.supplied_at),
  });
  const cancel = material.cancelled_when === null ? undefined : cancelled[material.cancelled_when];
  if (cancel?.holds(facts, code, file)) return settled('cancelled', cancel.text, 'population');
  const verified = material.verified_by.find((source) => settledBySource(facts.sources, source, code) === 'match');
  if (verified !== undefined) {
    const answered = facts.sources.findLast((one) => one.source === verified && one.asked_for === code)?.answered_at ?? now;
    return settled('verified_online', { zh: '已通过网络核验,不用提供。', en: 'Verified over the network; not needed.' }, verified, answered);
  }
  return broughtOrMissing(material, required, file, given, facts.commitments_barred_until, settled);
}

type Settled = (state: MaterialState['state'], text?: Text | null, source?: string, at?: Date) => MaterialState;

function broughtOrMissing(material: Material, required: boolean, file: CaseFile, given: SuppliedRow | undefined, barred: string | null, settled: Settled): MaterialState {
  if (material.certificates.includes('real_name_sign_in') && file.channel === 'online' && file.applicant_identity_level >= 3) return settled('certificate', { zh: '已实名实人登录,不用提供。', en: 'Signed in with real name and live portrait; not needed.' }, 'real_name_sign_in', file.submitted_at);
  if (given?.supplied_by === 'certificate' && material.certificates.length > 0) return settled('certificate', { zh: `持有证照,编号 ${given.certificate_no ?? ''}。`, en: `Existing certificate, number ${given.certificate_no ?? ''}.` }, 'applicant', given.supplied_at);
  if (given?.supplied_by === 'commitment' && material.commitment && barred === null) return settled('commitment', { zh: '以书面承诺代替,办结后核查。', en: 'Replaced by a written commitment, checked afterwards.' }, 'applicant', given.supplied_at);
  if (given?.supplied_by === 'original') return settled('provided', seenOriginal(given.attachments.length), 'counter', given.supplied_at);
  if (given?.supplied_by === 'provided' && given.attachments.length > 0) return settled('provided');
  if (material.commitment && barred !== null) return settled(required ? 'missing' : 'optional', noCommitment(barred), 'commitment_check');
  return settled(required ? 'missing' : 'optional');
}

function seenOriginal(scans: number): Text {
  return scans === 0 ? { zh: '窗口已查验原件。', en: 'Original seen at the counter.' }
    : { zh: `窗口已查验原件,扫描 ${scans} 张。`, en: `Original seen at the counter and scanned (${scans}).` };
}

function noCommitment(until_on: string): Text {
  return { zh: `申请人曾有承诺经核查不实,承诺方式在 ${until_on} 前不可用,请以其他方式提供。`, en: `An earlier commitment of the applicant was not true: no commitment is accepted before ${until_on}; the paper is needed in another way.` };
}
