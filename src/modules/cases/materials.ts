/**
 * The four rules 四个一律: a paper is asked for only when none of them removes it. Tested in this order:
 * cancelled → verified online → existing certificate → written commitment → provided. Each settlement
 * keeps the fact, the source and the time. A source that is down never counts as a match.
 */
import type { Context } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { catalogue, conditions, type Answers, type Service } from '../catalogue/index.ts';
import type { CaseFile, Party } from './file.ts';
import type { KinFacts, MemberFacts, MoverFacts } from '../population/index.ts';

export interface SuppliedRow {
  code: string;
  version: number;
  supplied_by: 'provided' | 'commitment' | 'certificate';
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
}

/** What a source outside the register can answer. */
export type SourceAnswer = 'match' | 'mismatch' | 'not_found' | 'unavailable';
export type Source = (context: Context, file: CaseFile) => Promise<SourceAnswer>;

/** Agencies connected in this installation, by the catalogue's name; none means: unavailable, so the paper is asked for. */
export const sources = new Map<string, Source>();

/** The newest version of each material supplied for a case. */
export async function suppliedFor(context: Context, case_id: string): Promise<SuppliedRow[]> {
  return context.query<SuppliedRow>(
    `select distinct on (code) code, version, supplied_by, certificate_no, attachments, supplied_at
     from cases.material where case_id = $1 order by code, version desc limit 100`, [case_id]);
}

interface RegisterFacts {
  movers: readonly (Party & { person: MoverFacts | null })[];
  target_members: readonly MemberFacts[];
  kin: readonly KinFacts[];
}

function joined(facts: RegisterFacts, kinds: readonly KinFacts['kind'][]): boolean {
  const movers = new Set(facts.movers.map((mover) => mover.person_id));
  const hosts = new Set(facts.target_members.map((member) => member.person_id));
  return facts.kin.some((link) => kinds.includes(link.kind) && ((movers.has(link.person_id) && hosts.has(link.relative_id)) || (hosts.has(link.person_id) && movers.has(link.relative_id))));
}

const cancelled: Record<string, { holds: (facts: RegisterFacts) => boolean; text: Text }> = {
  spouses_in_register: { holds: (facts) => joined(facts, ['spouse']), text: { zh: '户籍中已登记为夫妻,不用提供。', en: 'Registered as spouses; not needed.' } },
  kin_in_register: { holds: (facts) => joined(facts, ['father', 'mother']), text: { zh: '户籍中已有亲属关系,不用提供。', en: 'Kinship is in the register; not needed.' } },
};

/** Settles every material that the service asks for with these answers. */
export async function settleMaterials(
  context: Context, file: CaseFile, service: Service, supplied: readonly SuppliedRow[], facts: RegisterFacts,
): Promise<MaterialState[]> {
  const answers: Answers = file.answers;
  const states: MaterialState[] = [];
  for (const requirement of service.materials) {
    if (requirement.required === 'when' && !conditions[requirement.when!](answers)) continue;
    const material = catalogue().materials.get(requirement.code)!;
    const given = supplied.find((row) => row.code === requirement.code);
    const required = requirement.required !== 'optional';
    const attachments = given?.attachments ?? [];
    const settled = (state: MaterialState['state'], text: Text | null = null, source = '', at = context.now): MaterialState =>
      ({ code: requirement.code, required, state, evidence: text === null ? null : { text, source, at: at.toISOString() }, attachments });

    const cancel = material.cancelled_when === null ? undefined : cancelled[material.cancelled_when];
    if (cancel?.holds(facts)) {
      states.push(settled('cancelled', cancel.text, 'population'));
      continue;
    }
    let verified: string | undefined;
    for (const name of material.verified_by) {
      if ((await sources.get(name)?.(context, file)) === 'match') {
        verified = name;
        break;
      }
    }
    if (verified !== undefined) states.push(settled('verified_online', { zh: '已通过网络核验,不用提供。', en: 'Verified over the network; not needed.' }, verified));
    else if (material.certificates.includes('real_name_sign_in') && file.channel === 'online' && file.applicant_identity_level >= 3) states.push(settled('certificate', { zh: '已实名实人登录,不用提供。', en: 'Signed in with real name and live portrait; not needed.' }, 'real_name_sign_in', file.submitted_at));
    else if (given?.supplied_by === 'certificate' && material.certificates.length > 0) states.push(settled('certificate', { zh: `持有证照,编号 ${given.certificate_no ?? ''}。`, en: `Existing certificate, number ${given.certificate_no ?? ''}.` }, 'applicant', given.supplied_at));
    else if (given?.supplied_by === 'commitment' && material.commitment) states.push(settled('commitment', { zh: '以书面承诺代替,办结后核查。', en: 'Replaced by a written commitment, checked afterwards.' }, 'applicant', given.supplied_at));
    else if (given?.supplied_by === 'provided' && attachments.length > 0) states.push(settled('provided'));
    else if (file.channel === 'window' && given?.supplied_by === 'provided') states.push(settled('provided', { zh: '窗口已查验原件。', en: 'Original seen at the counter.' }, 'counter', given.supplied_at));
    else states.push(settled(required ? 'missing' : 'optional'));
  }
  return states;
}
