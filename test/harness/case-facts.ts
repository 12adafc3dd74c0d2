/** Facts of a case for tests of the rules: one adult who owns a flat and moves alone out of a household of two. */
import { catalogue } from '../../src/modules/catalogue/index.ts';
import type { AlterationFacts, HouseholdFacts, KinFacts, Lease, MemberFacts, MoverFacts, PersonFacts } from '../../src/modules/population/index.ts';
import type { CaseFacts, NewPerson, PartFacts, SourceFacts } from '../../src/modules/cases/facts.ts';
import type { CaseFile, PartName, Party } from '../../src/modules/cases/file.ts';
import type { MaterialState } from '../../src/modules/cases/materials.ts';

export const today = '2026-11-23';
export const stations = { here: '530102500000', sameCounty: '530102510000', sameStation: '530102500000', samePrefecture: '530111500000', sameProvince: '532901500000', otherProvince: '510107500000' } as const;
export const serviceNamed = (code: string) => catalogue().services.get(code)!;

/** The day on which somebody is so many years old, moved by some days. */
export function bornYearsAgo(years: number, days = 0): string {
  return new Date(Date.UTC(Number(today.slice(0, 4)) - years, Number(today.slice(5, 7)) - 1, Number(today.slice(8)) + days)).toISOString().slice(0, 10);
}

const numbers = new Map<string, string>();

/** The same name is always the same person. */
export function idOf(name: string): string {
  if (!numbers.has(name)) numbers.set(name, String(numbers.size + 1).padStart(12, '0'));
  return `00000000-0000-4000-8000-${numbers.get(name)}`;
}
export const numberOf = (name: string): string => `530102${idOf(name).slice(-12)}`;

export interface Somebody {
  name: string;
  relation?: string;
  birth_on?: string;
  sex?: '1' | '2';
  status?: string;
  leases?: Lease[];
}

function memberOf({ name, relation = '02', birth_on = '1980-05-06', sex = '1' }: Somebody): MemberFacts {
  return { person_id: idOf(name), name, id_number: numberOf(name), sex, birth_on, relation, is_minor: false };
}

export function householdOf(name: string, members: readonly Somebody[], changes: Partial<HouseholdFacts> = {}): HouseholdFacts {
  const facts = members.map(memberOf);
  return {
    household_id: idOf(name), household_no: '530102500000017', household_type: '1', status: 'active', station_code: stations.sameProvince, address_id: idOf(`address of ${name}`),
    head_id: facts.find((member) => member.relation === '02')?.person_id ?? null, members: facts, leases: [], ...changes,
  };
}

export function moverOf(somebody: Somebody, home: HouseholdFacts, relationThere = '02'): Party & { person: MoverFacts } {
  const { name, leases = [], status = '0' } = somebody;
  const member = memberOf(somebody);
  return {
    name, id_number: member.id_number, person_id: member.person_id, relation: relationThere,
    person: {
      ...member, status, in_transit: status === '5', station_code: home.station_code, household_id: home.household_id, household_no: home.household_no, household_type: home.household_type,
      is_head: member.relation === '02', leases,
    },
  };
}

/** The same person with every item of the record. */
export function personOf(somebody: Somebody, home: HouseholdFacts, changes: Partial<PersonFacts> = {}): PersonFacts {
  return {
    ...moverOf(somebody, home).person, former_name: null, ethnicity: '01', birthplace: '530102', native_place: '530102', died_on: null, education: '21', marital_status: '10', military_service: '0', blood_type: null,
    height_cm: null, occupation: null, workplace: null, phone: null, address_id: home.address_id, last_household_id: home.household_id, alterations: [], ...changes,
  };
}

/** Somebody named by a part; null for whom the register does not know. */
export function partOf(part: PartName, somebody: Somebody, home: HouseholdFacts | null = householdOf(`home of ${somebody.name}`, [somebody], { station_code: stations.here }), changes: Partial<PersonFacts> = {}): Partial<Record<PartName, PartFacts>> {
  const person = home === null ? null : personOf(somebody, home, changes);
  return { [part]: { part, name: somebody.name, id_number: numberOf(somebody.name), person_id: person?.person_id ?? null, person } };
}

export const altered = (item: string, changes: Partial<AlterationFacts> = {}): AlterationFacts => ({ item, kind: 'change', old_value: 'x', new_value: 'y', effective_on: '2020-01-01', reason_code: null, case_id: idOf('a case of before'), ...changes });

export const newborn = (changes: Partial<NewPerson> = {}): NewPerson => ({
  id_number: null, name: '李安乐', former_name: null, sex: '2', birth_on: '2026-11-01', ethnicity: '01', birthplace: '530102', native_place: '530102', blood_type: null, birth_certificate_no: 'X530000001', ...changes,
});

export const word = (source: SourceFacts['source'], matter: string, answer: SourceFacts['answer'], asked_for = matter): SourceFacts => ({ source, matter, asked_for, answer });

export const link = (person: string, kind: KinFacts['kind'], relative: string): KinFacts => ({ person_id: idOf(person), relative_id: idOf(relative), kind });

export function leaseOf(changes: Partial<Lease> = {}): Lease {
  return {
    subject_id: idOf('李明'), subject_kind: 'person', kind: 'move', case_id: idOf('another case'), case_no: '5301025000002026112300007', org_code: stations.samePrefecture,
    holder_name: '王磊', holder_phone: '0871-1234567', expires_at: '2026-12-31T09:30:00.000Z', ...changes,
  };
}

export const settled = (code: string, state: MaterialState['state'] = 'provided'): MaterialState => ({ code, required: true, state, evidence: null, attachments: [] });

export function fileOf(changes: Partial<CaseFile> = {}): CaseFile {
  return {
    case_id: idOf('this case'), case_no: '5301025000002026112300001', receipt_no: null, service_code: '0503', catalogue_version: '2026-11-01', channel: 'window', state: 'submitted', version: 1, step: 1,
    applicant_name: '李明', applicant_id_number: numberOf('李明'), applicant_phone: '13800001234', applicant_identity_level: 4, applicant_person_id: idOf('李明'),
    answers: { household_choice: 'new', housing_basis: 'owned', reason: '99' }, movers: [], parts: [], target_org: stations.here, target_address_id: idOf('new flat'), target_household_id: null, origin_org: stations.sameProvince,
    waiting_org: stations.here, waiting_role: 'station_officer', waiting_act: 'accept', waiting_since: null, step_due_at: null, urged: 0, submitted_at: new Date('2026-11-23T01:00:00Z'),
    accepted_at: null, accepted_by: null, approved_at: null, due_at: null, clock_stopped_at: null, closed_at: null, claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null,
    decision: null, suspension: null, effect: null, ...changes,
  };
}

export const homeOfTwo = (): HouseholdFacts => householdOf('home', [{ name: '李明', relation: '02' }, { name: '王芳', relation: '12', sex: '2' }]);

/** Everything in order; a test changes one thing. `answers` are added to those of the file. */
export function factsOf({ answers = {}, file = {}, ...changes }: Partial<Omit<CaseFacts, 'file'>> & { answers?: Record<string, unknown>; file?: Partial<CaseFile> } = {}): CaseFacts {
  const home = homeOfTwo();
  const movers = changes.movers ?? [moverOf({ name: '李明' }, home)];
  const persons = movers.flatMap((mover) => mover.person ?? []);
  const whole = fileOf(file);
  const origins = changes.origins ?? [home];
  return {
    file: { ...whole, answers: { ...whole.answers, new_head_id_number: numberOf('王芳'), ...answers } }, today, movers, applicant: persons[0] ?? null, origins, target_household: null,
    address: {
      address_id: idOf('new flat'), township_code: '530102001', community_code: null, street: '安居路', street_number: '1号', building: null, unit: null, room: null, line: '昆明市五华区安居路1号',
      station_code: stations.here, valid_from: null, valid_to: null,
    },
    kin: [], policy: catalogue().policy, parts: {}, new_person: null, arrivals: [], persons: [], households: [...origins, ...(changes.target_household == null ? [] : [changes.target_household])], records: [],
    past: { registered_since: null, likely_same: [], document_used: false }, sources: [], opinions: [], enquiries: [], card: null, papers: [],
    materials: [settled('M01'), settled('M24')], holds: [], dwelling: [], offices: new Map([[stations.samePrefecture, '关上派出所']]),
    move: { persons, origins: [...origins], target: null, kin: [] }, ...changes,
  };
}
