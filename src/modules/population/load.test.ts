/** Registers come in whole or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idNumber, openRegister, stations, type Register } from '../../../test/harness/register.ts';
import { generatePopulation, loadDemoStations } from '../../programs/demo/population/index.ts';
import { newId } from '../../kernel/index.ts';
import { findBrokenInvariants, loadPopulation, openLeases, searchPersons, transferPersons, type LoadedHousehold, type LoadedMembership, type LoadedPerson, type PopulationBatch } from './index.ts';

let register: Register;
beforeAll(async () => {
  register = await openRegister();
});
afterAll(() => register.close());

const count = async (table: string): Promise<number> => (await register.db.owner.query<{ n: number }>(`select count(*)::int as n from population.${table}`)).rows[0]!.n;

describe('an invented register of 3,000', () => {
  const population = generatePopulation({ people: 3000, seed: 11, reference_on: '2026-11-22', stations: loadDemoStations().slice(0, 6) });
  beforeAll(() => register.load(population));

  it('comes in whole and keeps every rule', async () => {
    for (const [table, rows] of [['household', population.households], ['person', population.persons], ['membership', population.memberships], ['kin_link', population.kin_links], ['movement', population.movements]] as const) expect(await count(table)).toBe(rows.length);
    expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
    expect((await register.db.owner.query('select 1 from population.person where not synthetic')).rowCount).toBe(0);
  });

  it('is found by everybody’s name and pinyin', async () => {
    for (const person of population.persons.filter((_, at) => at % 301 === 0)) {
      const found = await register.asSystem((context) => searchPersons(context, { name: person.name, birth_on: person.birth_on }));
      expect(found.persons.map((one) => one.person_id)).toContain(person.person_id);
    }
  });

  it('goes on from there: a family moves, and numbers of households do not collide', async () => {
    const home = population.households.find((one) => one.status === 'active' && one.household_type === '1')!;
    const members = population.memberships.filter((one) => one.household_id === home.household_id && one.to_on === null);
    const case_id = newId();
    const outcome = await register.asSystem(async (context) => {
      await openLeases(context, { case_id, case_no: null, kind: 'move', person_ids: members.map((one) => one.person_id), household_ids: [home.household_id], org_code: home.station_code, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
      return transferPersons(context, { case_id, at: context.now, reason: '33', range: '21', movers: members, target: { new_household: { address_id: newId(), station_code: home.station_code, household_type: '1' } }, origin_changes: [] });
    }, case_id);
    expect(population.households.map((one) => one.household_no)).not.toContain(outcome.target_household_no);
  });
});

it('who may not switch the triggers off loads by them, to the same end', async () => {
  const population = generatePopulation({ people: 200, seed: 12, reference_on: '2026-11-22', stations: loadDemoStations().slice(-2) });
  await register.db.owner.query(`create role plain_loader bypassrls nologin; grant usage on schema population, kernel to plain_loader;
    grant all on all tables in schema population to plain_loader; grant execute on all functions in schema population to plain_loader`);
  const client = await register.db.owner.connect();
  try {
    await client.query('set role plain_loader');
    await loadPopulation(client, population, { case_id: newId(), recorded_at: new Date('2026-02-02T00:00:00Z') });
    const [first] = population.memberships;
    const faulty = { households: [], persons: [], kin_links: [], movements: [], memberships: [{ ...first!, membership_id: newId(), from_on: '1900-01-01', to_on: null }] };
    await expect(loadPopulation(client, faulty, { case_id: newId() })).rejects.toMatchObject({ constraint: 'membership_one_place' });
  } finally {
    await client.query('reset role; drop owned by plain_loader; drop role plain_loader');
    client.release();
  }
  const { rows } = await register.db.owner.query('select distinct recorded_from, version from population.person where person_id = any($1)', [population.persons.map((person) => person.person_id)]);
  expect(rows).toEqual([{ recorded_from: new Date('2026-02-02T00:00:00Z'), version: 1 }]);
  expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
});

describe('a register with a fault', () => {
  const household = (extra: Partial<LoadedHousehold> = {}): LoadedHousehold => ({ household_id: newId(), household_no: `530103500${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`, household_type: '1', station_code: stations.panlong, address_id: newId(), established_on: '2000-01-01', status: 'active', ...extra });
  const person = (home: LoadedHousehold, extra: Partial<LoadedPerson> = {}): LoadedPerson => ({
    person_id: newId(), id_number: idNumber('1980-01-01', '1'), name: '周错', former_name: null, sex: '1', ethnicity: '01', birth_on: '1980-01-01', birthplace: null, native_place: null, status: '0', education: null, marital_status: null,
    military_service: null, blood_type: null, height_cm: null, occupation: null, workplace: null, phone: null, household_id: home.household_id, station_code: home.station_code, address_id: home.address_id, synthetic: true, ...extra });
  const membership = (one: LoadedPerson, home: LoadedHousehold, extra: Partial<LoadedMembership> = {}): LoadedMembership => ({ membership_id: newId(), person_id: one.person_id, household_id: home.household_id, relation: '02', from_on: '2000-01-01', to_on: null, ...extra });

  it.each<[string, RegExp, () => Partial<PopulationBatch>]>([
    ['a household without head', /household_needs_head/, () => { const h = household(); const p = person(h); return { households: [h], persons: [p], memberships: [membership(p, h, { relation: '20' })] }; }],
    ['an active household without members', /household_empty_closes|household_needs_head/, () => ({ households: [household()] })],
    ['a person without household', /person_needs_one_place/, () => { const h = household({ household_type: '4' }); return { households: [h], persons: [person(h)] }; }],
    ['a person in two households', /membership_one_place/, () => { const [h, g] = [household(), household()]; const p = person(h); return { households: [h, g], persons: [p], memberships: [membership(p, h), membership(p, g)] }; }],
    ['a dead member', /person_gone_has_no_place/, () => { const h = household(); const [p, q] = [person(h), person(h, { status: '1' })]; return { households: [h], persons: [p, q], memberships: [membership(p, h), membership(q, h, { relation: '97' })] }; }],
    ['a wrong number', /id_number_check_digit/, () => { const h = household(); const p = person(h, { id_number: '530102198001011234' }); return { households: [h], persons: [p], memberships: [membership(p, h)] }; }],
    ['a household number used twice', /household_no_once/, () => { const h = household(); const g = household({ household_no: h.household_no }); const [p, q] = [person(h), person(g)]; return { households: [h, g], persons: [p, q], memberships: [membership(p, h), membership(q, g)] }; }],
    ['a child older than the father', /parent_is_older/, () => { const h = household(); const [p, q] = [person(h), person(h, { birth_on: '1990-01-01' })]; return { households: [h], persons: [p, q], memberships: [membership(p, h), membership(q, h, { relation: '20' })], kin_links: [{ kin_link_id: newId(), person_id: p.person_id, relative_id: q.person_id, kind: 'father', from_on: '1990-01-01' }] }; }],
    ['a relative who is nobody', /reference of a kin link/, () => { const h = household(); const p = person(h); return { households: [h], persons: [p], memberships: [membership(p, h)], kin_links: [{ kin_link_id: newId(), person_id: p.person_id, relative_id: newId(), kind: 'father', from_on: '1990-01-01' }] }; }],
    ['a movement of nobody', /reference of a movement/, () => ({ movements: [{ movement_id: newId(), person_id: newId(), moved_on: '2020-01-01', out_household_id: null, out_station_code: stations.panlong, in_household_id: null, in_station_code: null, reason: '33', range: '21' }] })],
    ['a household of nobody', /reference of a household|person_needs_one_place/, () => ({ persons: [person(household(), { status: '2' })] })],
    ['a membership in no household', /reference of a membership/, () => { const h = household(); const p = person(h); return { households: [h], persons: [p], memberships: [membership(p, h), membership(p, household(), { from_on: '1990-01-01', to_on: '2000-01-01' })] }; }],
    ['a membership of nobody', /reference of a membership/, () => { const h = household(); const p = person(h); return { households: [h], persons: [p], memberships: [membership(p, h), membership(person(h), h, { relation: '97' })] }; }],
  ])('does not come in: %s', async (_what, said, batch) => {
    const before = await Promise.all(['household', 'person', 'membership', 'kin_link', 'movement', 'search_key'].map(count));
    const outcome = await register.load(batch()).then(() => 'loaded', (error: { constraint?: string; message: string }) => `${error.constraint ?? ''} ${error.message}`);
    expect(outcome).toMatch(said);
    expect(await Promise.all(['household', 'person', 'membership', 'kin_link', 'movement', 'search_key'].map(count))).toEqual(before);
  });
});
