/**
 * How a valid sample is spoiled so that one rule finds something. Rules that only an officer's eye or another system can
 * fail are tried by their tables (src/modules/cases/rules) and stand in `byTablesOnly`, so that none is forgotten.
 */
import { newId } from '../../src/kernel/index.ts';
import { openLeases, releaseLeases } from '../../src/modules/population/index.ts';
import { catalogue, type PreconditionRule, type Service } from '../../src/modules/catalogue/index.ts';
import { idNumber } from '../harness/register.ts';
import type { World } from '../harness/world.ts';
import { filled, papersFor } from './fill.ts';
import type { Registered } from './register.ts';
import { dayOf, type Sample } from './walk.ts';

export interface Spoiled {
  sample: Sample;
  /** Papers that are not brought. */
  without?: readonly string[];
  /** What was arranged is put back. */
  undo?: () => Promise<unknown>;
}

/** Null where this sample cannot be spoiled so. */
export type Spoiler = (world: World, sample: Sample, service: Service) => Promise<Spoiled | null>;

const day = (world: World, days: number): string => new Date(Date.parse(dayOf(world)) + days * 86_400_000).toISOString().slice(0, 10);
const saying = (sample: Sample, answers: Record<string, unknown>): Spoiled => ({ sample: { ...sample, answers: { ...sample.answers, ...answers } } });
const when = (answer: string, change: (world: World, sample: Sample) => Record<string, unknown>): Spoiler => async (world, sample) => (sample.answers[answer] === undefined ? null : saying(sample, change(world, sample)));

type Listed = { name: string; id_number: string; relation: string };
const listOf = (sample: Sample): { list: 'movers' | 'members'; people: Listed[] } | null => {
  const list = (['movers', 'members'] as const).find((name) => Array.isArray(sample.answers[name]));
  return list === undefined ? null : { list, people: sample.answers[list] as Listed[] };
};

/** Whose registration the sample is about, in the register. */
async function concerned(world: World, sample: Sample): Promise<Registered | undefined> {
  const number = listOf(sample)?.people[0]?.id_number ?? sample.answers['subject_id_number'];
  return (await world.police.owner.query<Registered>('select person_id, name, id_number, sex, birth_on::text as birth_on, ethnicity, station_code from population.person where id_number = $1', [number])).rows[0];
}

/** Somebody of the register who has nothing to do with it. */
async function bystander(world: World): Promise<Registered> {
  return (await world.police.owner.query<Registered>(
    `select p.person_id, p.name, p.id_number, p.sex, p.birth_on::text as birth_on, p.ethnicity, p.station_code from population.person p where p.status = '0' and p.birth_on < '1990-01-01' and p.station_code like '530111%' order by p.person_id limit 1`)).rows[0]!;
}

/** Another case holds whoever this one is about. */
const heldBy = (kind: 'move' | 'identity'): Spoiler => async (world, sample) => {
  const person = await concerned(world, sample);
  if (person === undefined) return null;
  const case_id = newId();
  await world.act('police', (context) => openLeases(context, {
    case_id, case_no: '5329015000002026112399999', kind, person_ids: [person.person_id], household_ids: [], org_code: '532901510000', holder_name: '他所民警', holder_phone: '0872-1234567', expires_at: new Date(world.clock.now().getTime() + 86_400_000_000),
  }));
  return { sample, undo: () => world.act('police', (context) => releaseLeases(context, { case_id })) };
};

/** Rules that rest on a paper: it is not brought. Where the form asks for it, the officer is stopped by the missing paper itself. */
const withoutPapers = (...codes: string[]): Spoiler => async (_world, sample) => ({ sample: { ...sample, added: (sample.added ?? []).filter((code) => !codes.includes(code)) }, without: codes });

const mandated = ['M69', 'M14', 'M15', 'M34', 'M49', 'M54', 'M62', 'M71', 'M24'];
/** What the form asks for shows that a unit, an owner or an agent acts: then anybody may bring it. */
const asksForMandate = (world: World, sample: Sample, service: Service): boolean => papersFor(service, filled(service, sample.answers, dayOf(world)), dayOf(world)).some((code) => mandated.includes(code));
const fromElsewhere: ReadonlySet<string> = new Set(['arrive_from_province', 'register_birth', 'register_person', 'restore_registration', 'order_card', 'copy_archive']);
const institutions = ['unit', 'school', 'welfare_institution', 'village_committee', 'military_office', 'veterans_office', 'lawyer', 'agency'];

export const spoilers: Partial<Record<PreconditionRule, Spoiler>> = {
  identity_is_proved: async (_world, sample, service) => (fromElsewhere.has(service.effect) || service.applicants.some((one) => institutions.includes(one)) || service.channels.every((one) => one === 'ex_officio') ? null
    : { sample: { ...sample, applicant: { ...sample.applicant, name: '无此人' } } }),
  applicant_is_entitled: async (world, sample, service) => (asksForMandate(world, sample, service) || service.channels.every((one) => one === 'ex_officio') ? null
    : { sample: { ...sample, applicant: await bystander(world), added: (sample.added ?? []).filter((code) => !mandated.includes(code)) } }),
  registration_is_active: async (_world, sample) => {
    const listed = listOf(sample);
    if (listed !== null) return saying(sample, { [listed.list]: listed.people.map((person, at) => (at === 0 ? { ...person, name: '错名字' } : person)) });
    return sample.answers['subject_name'] === undefined ? null : saying(sample, { subject_name: '错名字' });
  },
  no_conflicting_case: async (world, sample, service) => (service.effect === 'alter_main_items' ? heldBy('identity')(world, sample, service) : heldBy('move')(world, sample, service)),
  no_open_alteration: heldBy('identity'),
  no_lawful_hold: async (world, sample) => {
    const person = await concerned(world, sample);
    const { rows: [any] } = await world.police.owner.query<{ case_id: string }>('select case_id from cases.case_file order by case_id limit 1');
    if (person === undefined || any === undefined) return null;
    await world.police.owner.query(`insert into cases.lawful_hold (person_id, case_id, document_no, until_at, registered_by, registered_at) values ($1, $2, $3, $4::timestamptz + interval '30 days', $2, $4)`, [person.person_id, any.case_id, `(2026)云执${person.id_number.slice(-4)}号`, world.clock.now()]);
    return { sample, undo: () => world.police.owner.query('delete from cases.lawful_hold where person_id = $1', [person.person_id]) };
  },
  born_not_in_future: when('child_birth_on', (world) => ({ child_birth_on: day(world, 1) })),
  born_recently: when('child_birth_on', () => ({ child_birth_on: '2020-01-01' })),
  mother_age_is_plausible: when('child_birth_on', () => ({ child_birth_on: '1996-01-01' })),
  no_likely_duplicate: async (world, sample) => {
    const same = await bystander(world);
    const prefix = sample.answers['child_name'] === undefined ? 'person' : 'child';
    return saying(sample, { [`${prefix}_name`]: same.name, [`${prefix}_birth_on`]: same.birth_on, [`${prefix}_sex`]: same.sex, [`${prefix}_id_number`]: undefined });
  },
  surname_is_lawful: async (_world, sample) => saying(sample, sample.answers['child_name'] === undefined ? { new_name: '欧阳安' } : { child_name: '欧阳安' }),
  name_is_lawful: async (_world, sample) => {
    const field = ['child_name', 'person_name', 'new_name'].find((name) => sample.answers[name] !== undefined);
    return field === undefined ? null : saying(sample, { [field]: `${String(sample.answers[field]).slice(0, 1)}龘靐` });
  },
  followed_parent_is_registered_here: when('mother_name', () => ({ mother_name: '错名字' })),
  death_date_is_plausible: when('died_on', (world) => ({ died_on: day(world, 1) })),
  leaving_head_has_successor: async (world, sample) => (sample.answers['head_leaves'] === true ? saying(sample, { new_head_id_number: (await bystander(world)).id_number }) : null),
  target_household_is_active_and_consents: async (world, sample) => {
    if (sample.answers['target_head_name'] === undefined) return null;
    const other = await bystander(world);
    return saying(sample, { target_head_name: other.name, target_head_id_number: other.id_number });
  },
  comes_from_another_province: async (world, sample) => {
    const listed = listOf(sample)!;
    const { name, id_number } = await bystander(world);
    return { sample: { ...sample, applicant: { name, id_number }, answers: { ...sample.answers, movers: [{ ...listed.people[0]!, name, id_number }] } } };
  },
  scope_fits_service: async (world, sample, service) => {
    if (service.code === '0502') return null;
    const { name, id_number } = (await world.police.owner.query<Registered>(`select name, id_number from population.person where status = '0' and birth_on < '1990-01-01' and station_code like $1 order by person_id limit 1`, [service.code === '0501' ? '530111%' : '53290151%'])).rows[0]!;
    return { sample: { ...sample, applicant: { name, id_number }, answers: { ...sample.answers, movers: [{ name, id_number, relation: '02' }] } } };
  },
  collective_target_is_in_order: when('unit_code', () => ({ unit_code: '91530100MA6999999T' })),
  permit_is_valid: when('permit_no', () => ({ permit_no: '51Z202699999999' })),
  certificate_is_unused: when('migration_certificate_no', () => ({ migration_certificate_no: '51Q202699999999' })),
  something_changes: async (world, sample) => {
    const person = await concerned(world, sample);
    const { rows: [record] } = await world.police.owner.query<Record<string, string | null>>('select name, former_name, sex, birth_on::text as birth_on, ethnicity, native_place, birthplace, education from population.person where person_id = $1', [person?.person_id]);
    const now: Record<string, unknown> = { new_name: record?.['name'], new_sex: record?.['sex'], new_birth_on: record?.['birth_on'], new_ethnicity: record?.['ethnicity'], new_native_place_area: record?.['native_place'], new_education: record?.['education'] };
    const [asked] = Object.keys(now).filter((name) => sample.answers[name] !== undefined && now[name] != null);
    return asked === undefined ? null : saying(sample, { [asked]: now[asked] });
  },
  fact_is_registered: when('certificate_kind', () => ({ certificate_kind: 'cancellation' })),
  requester_is_entitled: async (world, sample) => ({ sample: { ...sample, applicant: await bystander(world) } }),
  purpose_is_lawful: async (world, sample) => ({ sample: { ...sample, applicant: await bystander(world) }, without: ['M71'] }),
  remote_conditions_met: async (_world, sample) => saying(sample, { subject_name: '川来', subject_id_number: idNumber('1990-01-01', '1', '510107') }),
  death_is_proved: withoutPapers('M07', 'M08', 'M09', 'M10', 'M11'),
  enlistment_is_verified: withoutPapers('M49'),
  settlement_is_verified: withoutPapers('M50', 'M51', 'M52', 'M53', 'M55'),
  discharge_is_verified: withoutPapers('M54'),
  duplicate_is_confirmed: withoutPapers('M73'),
  marriage_is_valid: withoutPapers('M21'),
  is_parent_or_child: withoutPapers('M23'),
  meets_local_policy: withoutPapers('M28', 'M30', 'M31'),
  enrolment_is_verified: withoutPapers('M32'),
  graduation_is_verified: withoutPapers('M33'),
  dwelling_is_lawful: withoutPapers('M24', 'M25', 'M26', 'M27'),
  sex_evidence_is_verified: withoutPapers('M40'),
  birth_date_evidence_is_older: withoutPapers('M41', 'M42'),
  foreign_document_is_authenticated: withoutPapers('M16'),
  nationality_is_clear: withoutPapers('M17'),
  adoption_is_verified: withoutPapers('M12', 'M13'),
  split_is_grounded: withoutPapers('M21', 'M24', 'M26', 'M39', 'M61'),
  unit_is_registered: withoutPapers('M62'),
  original_record_is_on_file: withoutPapers('M41', 'M42'),
  rescue_search_is_clear: withoutPapers('M44'),
  national_search_is_clear: withoutPapers('M44'),
  matches_national_platform: withoutPapers('M44', 'M47'),
  fingerprint_matches: withoutPapers('M65', 'M44'),
};

/** Tried by tables alone, with the reason. */
export const byTablesOnly: Partial<Record<PreconditionRule, string>> = {
  address_is_standard_and_ours: 'the address decides the station, so a case never lies with another one',
  birth_certificate_is_unused: 'the walk of 0101 spends a certificate; the gate refuses it again (population)',
  family_household_goes_first: 'needs parents in two kinds of households of one prefecture',
  ethnicity_follows_a_parent: 'the demo register asks for both parents to be known',
  no_move_in_transit: 'nobody of a sample is on the way; 0403 and 0404 walk people who are',
  no_minor_left_alone: 'tried by test/journeys/failures-of-a-move',
  minor_does_not_move_alone: 'tried by test/journeys/failures-of-a-move',
  dwelling_is_free: 'a notice to the station, which stops nothing',
  is_not_deceased: 'registration_is_active and the register itself stop the dead',
  not_settled_elsewhere: 'rests on the answer of the national platform',
  notice_period_is_over: 'looked at when the case is executed',
  cancellation_is_restorable: 'needs a record that was never cancelled beside one that was',
  name_changes_within_limit: 'needs a name changed before', minor_has_parents_consent: 'needs a minor', minor_was_heard: 'needs a minor',
  birth_date_never_corrected: 'needs a birth date corrected before', ethnicity_change_is_lawful: 'needs an ethnicity changed before', ethnicity_follows_basis_parent: 'needs a parent of another ethnicity again',
  agency_has_approved: 'looked at when the case is approved', number_problem_is_confirmed: 'looked at when the case is approved',
  biometric_comparison_is_recorded: 'looked at when the case is approved', enquiry_is_recorded: 'looked at when the case is approved',
  household_has_one_head: 'the register holds no household without one', new_head_is_adult_member: 'needs a minor', merge_is_grounded: 'needs households without kin at two addresses',
  relations_are_complete: 'the form refuses most contradictions first', collective_is_empty: 'needs a collective household with people', dwelling_was_transferred: 'the sample was demolished',
  no_card_in_production: 'tried by the walk of 1304, whose card is on its way', card_is_applied_for: 'tried by the walk of 1304', renewal_is_due: 'rests on a card in force', minor_card_by_guardian: 'needs a minor',
};

/** Every rule of the catalogue is spoiled here or stands on the list of those that are not. */
export const forgotten = (): PreconditionRule[] => [...new Set([...catalogue().services.values()].flatMap((service) => service.preconditions.map((one) => one.rule)))].filter((rule) => spoilers[rule] === undefined && byTablesOnly[rule] === undefined);
