/** Matters about one person's own record, entered at the counter or sent by the portal; each person is used once. */
import { errandsOver, type AgenciesGateway } from '../../src/modules/agencies/index.ts';
import type { Acting } from './case-at-work.ts';
import { CaseAtWork, receive } from './case-at-work.ts';
import type { Desk, World } from './world.ts';

export interface Subject {
  person_id: string;
  name: string;
  id_number: string;
  birth_on: string;
  ethnicity: string;
}

const taken = new WeakMap<World, Set<string>>();

/** Somebody of full age registered at the station; alone in the household where others would be concerned. */
export async function takeAdult(world: World, station: string, alone = false): Promise<Subject> {
  const used = taken.get(world) ?? new Set<string>();
  taken.set(world, used);
  const { rows } = await world.police.owner.query<Subject>(
    `select p.person_id, p.name, p.id_number, p.birth_on, p.ethnicity from population.person p
     where p.station_code = $1 and p.status = '0' and p.birth_on between '1950-01-01' and '2004-01-01' and char_length(p.name) between 2 and 3 and p.person_id <> all($2)
       and ($3::boolean is not true or not exists (select from population.membership own join population.membership m on m.household_id = own.household_id where own.person_id = p.person_id and upper_inf(own.period) and upper_inf(m.period) and m.person_id <> p.person_id))
     order by p.person_id limit 1`, [station, [...used], alone]);
  const subject = rows[0];
  if (subject === undefined) throw new Error(`nobody is left at ${station}`);
  used.add(subject.person_id);
  return subject;
}

const contact = { applicant_phone: '19900001234', delivery_mode: 'electronic' };

/** What each matter asks beside the subject. */
const answersOf: Record<string, (subject: Subject) => Record<string, unknown>> = {
  '0601': ({ name }) => ({ new_name: `${[...name][0]}安宁`, former_name_is_kept: true, reason_text: '原名与人同名,生活中一直使用新名。' }),
  '0604': ({ birth_on }) => ({ new_birth_on: `${birth_on.slice(0, 8)}${birth_on.endsWith('01') ? '02' : '01'}`, evidence_on: birth_on, reason_text: '登记的出生日期与出生证明不符。' }),
  '0203': () => ({ died_on: '2026-10-01', death_cause: 'illness', whole_household: true, clue_source: 'community', reason_text: '社区走访得知此人已去世,亲属未申报。' }),
};
const materialsOf: Record<string, string[]> = { '0601': ['M01', 'M37', 'M44'], '0604': ['M01', 'M41', 'M44'], '0203': ['M11', 'M59'] };

export function declarationOf(service_code: string, subject: Subject, more: Record<string, unknown> = {}) {
  return {
    service_code, applicant_name: subject.name, applicant_id_number: subject.id_number, applicant_phone: contact.applicant_phone,
    answers: { subject_name: subject.name, subject_id_number: subject.id_number, ...contact, ...answersOf[service_code]?.(subject), ...more },
    materials: (materialsOf[service_code] ?? []).map((code) => ({ code, by: 'provided' })),
  };
}

/** Enters a matter at the counter of the station, or of whoever accepts it. */
export async function openMatter(world: World, desk: Desk, service_code: string, subject: Subject, more: Record<string, unknown> = {}): Promise<CaseAtWork> {
  const answer = await desk.post<Acting>('/api/cases', declarationOf(service_code, subject, more));
  if (answer.status !== 200) throw new Error(`open ${service_code}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return new CaseAtWork(world, answer.body);
}

/** The same matter as it comes from the portal. */
export async function sendMatter(world: World, receipt_no: string, service_code: string, subject: Subject, more: Record<string, unknown> = {}): Promise<CaseAtWork> {
  const { applicant_name, applicant_id_number, applicant_phone, answers, materials } = declarationOf(service_code, subject, more);
  await receive(world, 'portal.submit_application', {
    receipt_no, service_code, catalogue_version: '2026-11-01', submitted_at: world.clock.now().toISOString(),
    citizen: { name: applicant_name, id_number: applicant_id_number, phone: applicant_phone, identity_level: 4 }, answers,
    materials: materials.map((material) => ({ ...material, attachments: [{ sha256: 'a'.repeat(64), media_type: 'image/png', file_name: `${material.code}.png`, bytes: 1000 }] })),
  });
  const { rows: [row] } = await world.police.owner.query('select case_id, version, state from cases.case_file where receipt_no = $1', [receipt_no]);
  return new CaseAtWork(world, { case_id: row.case_id, case_version: row.version, state: row.state });
}

type Said = Awaited<ReturnType<AgenciesGateway['opinionOf']>>;

/** The desks of other authorities: each stage says what the test lets it say; nobody is asked anything else. */
export function agencyDesks(world: World, say: (stage: string) => Said): { round(): Promise<void> } {
  const stages = new Map<string, string>();
  const silent = async () => ({ kind: 'later', reason: 'not asked in this test' }) as const;
  const gateway: AgenciesGateway = {
    ask: silent, askAfter: silent,
    submitOpinion: async ({ opinion_id, stage }) => (stages.set(opinion_id, stage), say(stage)),
    supplement: async (opinion_id) => say(stages.get(opinion_id)!), opinionOf: async (opinion_id) => say(stages.get(opinion_id)!),
  };
  const errand = errandsOver(() => gateway).find((one) => one.name === 'agencies.follow_opinions')!;
  return {
    /** News reach the agency, its answer comes back, and the case hears of it. */
    async round() {
      await world.settle();
      world.clock.set(new Date(world.clock.now().getTime() + 600_000).toISOString());
      await errand.go((work) => world.act('police', work));
      await world.settle();
    },
  };
}
