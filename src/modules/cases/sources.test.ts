import { expect, test } from 'vitest';
import { isSource, settledBySource, sources } from '../agencies/index.ts';
import { catalogue, type Answers } from '../catalogue/index.ts';
import type { Paper } from '../permits/index.ts';
import { ownAnswers, questionsOf } from './sources.ts';

const today = '2026-11-23';
const person = { name: '李明', id_number: '530102198001019017' };
const applicant = { applicant_name: person.name, applicant_id_number: person.id_number };
const ask = (service_code: string, answers: Answers, people = [person], address_line = '昆明市五华区人民中路1号') =>
  questionsOf(catalogue().services.get(service_code)!, { file: applicant, answers, people, address_line }, today);

/** Own sources: the register, the papers of migration, the cards. */
const own = new Set(['population', 'permits', 'cards']);

test('every source that a material names is one of ours or one that has a contract', () => {
  const named = [...catalogue().materials.values()].flatMap((material) => material.verified_by);
  expect(named.filter((name) => !own.has(name) && !isSource(name))).toEqual([]);
});

test.each([
  ['a birth asks for its certificate', '0101', { child_birth_certificate_no: 'N530000123', child_name: '李小', child_sex: '2', child_birth_on: '2026-11-01', mother_name: '杨芳', mother_id_number: '530102198202029026' },
    { source: 'health_birth', matter: 'birth_certificate', asked_for: 'M03' }],
  ['a death asks for its certificate', '0201', { subject_name: '李明', subject_id_number: person.id_number, death_certificate_kind: 'medical', death_certificate_no: 'D1', died_on: '2026-11-01' }, { source: 'health_death', matter: 'death_certificate', asked_for: 'M07' }],
  ['a student asks for the admission', '0307', { admission_no: 'A2026', school_name: '云南大学' }, { source: 'education_enrolment', matter: 'enrolment', asked_for: 'M32' }],
  ['a spouse who joins asks for the marriage', '0301', { spouse_name: '杨芳', spouse_id_number: '530102198202029026' }, { source: 'marriage', matter: 'marriage', asked_for: 'M21' }],
  ['a marital status asks for the marriage', '0702', { new_marital_status: '20', spouse_name: '杨芳', spouse_id_number: '530102198202029026' }, { source: 'marriage', asked_for: 'M48' }],
  ['an enlistment asks the recruitment office', '0801', { enlistment_no: 'R1' }, { source: 'military', matter: 'enlistment', asked_for: 'M49' }],
  ['a discharge asks veterans affairs', '0901', { discharge_no: 'T1' }, { source: 'veterans', matter: 'discharge', asked_for: 'M54' }],
  ['a card asks whether the register and the national platform agree', '1302', {}, { source: 'national_population', matter: 'identity', asked_for: 'matches_national_platform' }],
  ['an unregistered person is searched nationally by what is declared', '1001', { person_name: '王五', person_sex: '1', person_birth_on: '2001-01-01' }, { source: 'national_population', matter: 'no_other_registration', fields: { name: '王五', sex: '1', birth_on: '2001-01-01', id_number: '' } }],
  ['an owned flat asks for the title', '0501', { housing_basis: 'owned' }, { source: 'real_estate', matter: 'title', asked_for: 'M24', fields: { address: '昆明市五华区人民中路1号' } }],
] as const)('%s', (_, service, answers, question) => {
  expect(ask(service, answers)).toContainEqual(expect.objectContaining({ ...question, ...('fields' in question ? { fields: expect.objectContaining(question.fields) } : {}) }));
});

test('nothing is asked about a document whose number is not given', () => {
  expect(ask('0801', {}).filter((question) => question.source === 'military')).toEqual([]);
  expect(ask('0301', { spouse_name: '杨芳' }).filter((question) => question.source === 'marriage')).toEqual([]);
});

test('a child that joins a divorced parent is not taken for whom the parent divorced', () => {
  const joins = { target_head_name: '杨芳', target_head_id_number: '530102198202029026' };
  expect(ask('0501', { ...joins, household_choice: 'join', minor_follows_divorced_parent: true }).filter((question) => question.source === 'marriage')).toEqual([]);
  expect(ask('0303', { ...joins, parents_marriage: 'divorced' }).filter((question) => question.source === 'marriage')).toEqual([]);
});

test('a material that is not asked for asks nobody', () => {
  expect(ask('0501', { housing_basis: 'relative' }).filter((question) => question.source === 'real_estate')).toEqual([]);
});

test.each([['issued', 'match'], ['expired', 'match'], ['consumed', 'mismatch'], ['void', 'mismatch'], ['returned', 'mismatch']] as const)('a certificate that is %s is a %s for the paper of that kind', (state, answer) => {
  const paper = { kind: 'migration_certificate', state, number: '51Q202600000001', state_at: new Date(0) } as Paper;
  const answers = ownAnswers([paper], null);
  expect([settledBySource(answers, 'permits', 'M36'), settledBySource(answers, 'permits', 'M35')]).toEqual([answer, 'unavailable']);
});

test('an application that is under way stands in for the slip of collection', () => {
  const card = { in_production: true, applied_for: true, valid_until_on: null, in_force: false };
  expect(settledBySource(ownAnswers([], card), 'cards', 'M67')).toBe('match');
  expect(settledBySource(ownAnswers([], { ...card, applied_for: false }), 'cards', 'M67')).toBe('unavailable');
});

test('every mover is asked about', () => {
  const two = [person, { name: '杨芳', id_number: '530102198202029026' }];
  expect(ask('0307', { admission_no: 'A2026' }, two).filter((question) => question.source === 'education_enrolment').map((question) => question.fields['name'])).toEqual(['李明', '杨芳']);
});

test('no service asks a source what its contract does not hold', () => {
  const everything = Object.fromEntries([...catalogue().services.values()].flatMap((service) => service.form.flatMap((section) => section.fields.map((field) => [field.name, field.options?.[0]?.value ?? '530102198001019017']))));
  const asked = [...catalogue().services.keys()].flatMap((code) => ask(code, everything));
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((question) => !(sources[question.source].matters as readonly string[]).includes(question.matter))).toEqual([]);
});
