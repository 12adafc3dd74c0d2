/** What the counter page asks while somebody types, over HTTP and the demo bureau. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoWorld, type Desk, type World } from '../../../test/harness/world.ts';
import type { EntryViolation, FoundAtCounter } from './contract.ts';

let world: World;
let officer: Desk;
beforeAll(async () => {
  world = await demoWorld();
  officer = await world.desk('station_officer');
});
afterAll(() => world.close());

const find = (desk: Desk, body: object, purpose = 'counter_entry') => desk.post<{ found: FoundAtCounter | null }>('/api/counter/household', { service_code: '0501', ...body }, purpose === '' ? {} : { 'huzheng-purpose': `${purpose};;` });
const check = async (answers: object, more: object = {}): Promise<EntryViolation[]> =>
  (await officer.post<{ violations: EntryViolation[] }>('/api/counter/check', { service_code: '0501', applicant_name: '', applicant_id_number: '', answers, ...more })).body.violations;

test('who brings number and name is found with the household, wherever in the province, and everybody shown is told of the look', async () => {
  const head = world.bureau.citizens.find(({ about }) => about.zh.includes('一家四口'))!;
  const { status, body: { found } } = await find(officer, { id_number: head.id_number, name: head.name });
  expect(status).toBe(200);
  expect(found!.person).toMatchObject({ name: head.name, id_number: head.id_number, station_code: world.bureau.stations.origin });
  expect(found!.household!.members).toHaveLength(4);
  expect(found!.household!.members[0]).toMatchObject({ name: head.name, relation: '02' });
  expect(found!.household!.address).not.toBe('');
  expect(found!.kin.length).toBeGreaterThan(0);
  const { rows } = await world.police.owner.query(`select subject_id from kernel.access_record where operation = 'counter.findHousehold' and purpose = 'counter_entry'`);
  expect(new Set(rows.map((row) => row.subject_id))).toEqual(new Set(found!.household!.members.map(({ person_id }) => person_id)));
});

test('a number with the wrong name, a number of nobody and a look without a purpose show nothing', async () => {
  const head = world.bureau.citizens[0]!;
  expect((await find(officer, { id_number: head.id_number, name: '李小明' })).body.found).toBeNull();
  expect((await find(officer, { id_number: '530102201806019031', name: head.name })).body.found).toBeNull();
  expect((await find(officer, { id_number: head.id_number, name: head.name }, '')).body.code).toBe('kernel.purpose_missing');
});

test('of a collective household the person alone is shown', async () => {
  const { rows: [person] } = await world.police.owner.query(
    `select p.name, p.id_number from population.person p join population.membership m using (person_id) join population.household h on h.household_id = m.household_id
     where h.household_type <> '1' and upper_inf(m.period) order by p.person_id limit 1`);
  const { body: { found } } = await find(officer, { id_number: person.id_number, name: person.name });
  expect(found!.household!.members.map(({ name }) => name)).toEqual([person.name]);
});

test('a post that may not enter cases of the service finds nobody', async () => {
  const community = await world.desk('community_officer');
  const head = world.bureau.citizens[0]!;
  expect((await find(community, { id_number: head.id_number, name: head.name })).body.code).toBe('cases.service_not_yours');
});

test.each([
  ['a wrong check character', {}, { applicant_id_number: '530102197001010000' }, 'applicant_id_number', false],
  ['a character that no name has', {}, { applicant_name: '李3' }, 'applicant_name', false],
  ['a relation that does not fit the sex', { household_choice: 'new', movers: [{ name: '段一', id_number: '532901195801190056', relation: '02' }, { name: '段二', id_number: '532901198201010019', relation: '32' }] }, {}, 'movers.1.relation', undefined],
  ['a son older than the head', { household_choice: 'new', movers: [{ name: '段一', id_number: '532901195801190056', relation: '22' }, { name: '段二', id_number: '532901198201010019', relation: '02' }] }, {}, 'movers.0.relation', true],
] as const)('%s is told while typing', async (_what, answers, more, field, is_warning) => {
  const violations = await check(answers, more);
  const told = violations.find((one) => one.field === field);
  expect(told, JSON.stringify(violations)).toBeDefined();
  expect(told!.zh).not.toBe('');
  if (is_warning !== undefined) expect(told!.is_warning).toBe(is_warning);
});

test('what is still empty is nobody’s fault while typing', async () => {
  expect(await check({})).toEqual([]);
});
