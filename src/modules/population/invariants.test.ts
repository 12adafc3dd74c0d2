/** The walls hold against raw SQL: against the application, which may not write at all, and against whoever may. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { openRegister, idNumber, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, refusalOfDatabaseError } from '../../kernel/index.ts';
import { findBrokenInvariants } from './index.ts';

let register: Register;
let family: MadeHousehold;
let other: MadeHousehold;
const importCase = '00000000-0000-7000-8000-0000000000aa';

beforeAll(async () => {
  register = await openRegister();
  family = await register.household(stations.daguan, [{ name: '李建国', birth_on: '1970-01-01' }, { name: '王芳', relation: '12' }, { name: '李小明', relation: '22', birth_on: '2001-03-04' }]);
  other = await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }]);
});
afterAll(() => register.close());

/** One transaction of raw SQL under a case; what it throws when it ends. */
async function raw(role: 'huzheng_app' | null, statements: readonly (string | [string, unknown[]])[], settings: Record<string, string> = { 'huzheng.case_id': importCase }): Promise<{ code?: string; constraint?: string } | undefined> {
  const client: pg.PoolClient = await register.db.owner.connect();
  try {
    await client.query('begin');
    if (role !== null) await client.query(`set local role ${role}`);
    await client.query(`select set_config('huzheng.org_from', '', true), set_config('huzheng.org_to', '~', true)`);
    for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [name, value]);
    for (const statement of statements) typeof statement === 'string' ? await client.query(statement) : await client.query(...statement);
    await client.query('commit');
    return undefined;
  } catch (error) {
    await client.query('rollback');
    return error as { code?: string; constraint?: string };
  } finally {
    client.release();
  }
}

const snapshot = async (): Promise<unknown> => (await register.db.owner.query(
  `select (select json_agg(p order by person_id) from population.person p) as persons, (select json_agg(m order by membership_id) from population.membership m) as memberships,
     (select json_agg(h order by household_id) from population.household h) as households, (select json_agg(k order by kin_link_id) from population.kin_link k) as kin`)).rows;

const person = (at: number) => family.members[at]!.person_id;
const join = (person_id: string, household_id: string, relation: string, from = '2026-06-01', to: string | null = null): [string, unknown[]] => [
  `insert into population.membership (membership_id, person_id, household_id, relation, station_code, period)
   select $1, $2, household_id, $4, station_code, tstzrange($5::timestamptz, $6::timestamptz) from population.household where household_id = $3`,
  [newId(), person_id, household_id, relation, from, to]];
const leave = (person_id: string, at = '2026-06-01'): [string, unknown[]] => [
  `update population.membership set period = tstzrange(lower(period), $2) where person_id = $1 and upper_inf(period)`, [person_id, at]];
const newPerson = (id_number: string, extra: Partial<Record<string, unknown>> = {}): [string, unknown[]] => {
  const row: Record<string, unknown> = { person_id: newId(), id_number, name: '新人', sex: '1', ethnicity: '01', birth_on: '1990-01-01', status: '2', station_code: stations.daguan, synthetic: true, ...extra };
  return [`insert into population.person (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, at) => `$${at + 1}`).join(', ')})`, Object.values(row)];
};
const die = (person_id: string): [string, unknown[]] => [`update population.person set status = '1' where person_id = $1`, [person_id]];

type Attempt = [rule: string, wall: string, statements: () => readonly (string | [string, unknown[]])[], settings?: Record<string, string>];
const attempts: readonly Attempt[] = [
  ['a person is in one household at a time', 'membership_one_place', () => [join(person(1), other.household_id, '97')]],
  ['a person is in one household at a time, in the past as well', 'membership_one_place', () => [join(person(1), other.household_id, '97', '2021-01-01', '2022-01-01')]],
  ['an active person is in a household', 'person_needs_one_place', () => [leave(person(1))]],
  ['the register and the membership name the same household', 'person_needs_one_place', () => [['update population.person set household_id = $2 where person_id = $1', [person(1), other.household_id]]]],
  ['the register and the membership name the same station', 'person_needs_one_place', () => [['update population.person set station_code = $2 where person_id = $1', [person(1), stations.xiaguan]]]],
  ['a household has not two heads', 'household_one_head', () => [[`update population.membership set relation = '02' where person_id = $1`, [person(1)]]]],
  ['a household with members has a head', 'household_needs_head', () => [[`update population.membership set relation = '97' where person_id = $1`, [person(0)]]]],
  ['a family household that nobody is left in is closed', 'household_empty_closes', () => [
    [`insert into population.household (household_id, household_no, household_type, station_code, address_id, established_on, status) values ($1, '530102520999999', '1', $2, $1, '2026-01-01', 'active')`, [newId(), stations.daguan]]]],
  ['a household with members is not closed', 'household_closed', () => [[`update population.household set status = 'closed' where household_id = $1`, [family.household_id]]]],
  ['a household number is given once', 'household_no_once', () => [
    [`insert into population.household (household_id, household_no, household_type, station_code, address_id, established_on, status) values ($1, $2, '4', $3, $1, '2026-01-01', 'active')`, [newId(), family.household_no, stations.daguan]]]],
  ['an identity number is given once', 'id_number_once', () => [newPerson(family.members[0]!.id_number)]],
  ['an identity number has its check character', 'id_number_check_digit', () => [newPerson('530102199001011234')]],
  ['an identity number has 18 characters', 'id_number_check_digit', () => [newPerson('53010219900101123')]],
  ['a person is entered only for a case', 'change_needs_case', () => [newPerson(idNumber('1990-01-01', '1'))], {}],
  ['a person is changed only for a case', 'change_needs_case', () => [[`update population.person set phone = '1' where person_id = $1`, [person(0)]]], {}],
  ['a membership is changed only for a case', 'change_needs_case', () => [[`update population.membership set relation = '98' where person_id = $1`, [person(2)]]], {}],
  ['a household is changed only for a case', 'change_needs_case', () => [['update population.household set address_id = household_id where household_id = $1', [family.household_id]]], {}],
  ['kinship is entered only for a case', 'change_needs_case', () => [[`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'father', '2001-03-04')`, [newId(), person(2), person(0)]]], {}],
  ['a movement is entered only for a case', 'change_needs_case', () => [[`insert into population.movement (movement_id, person_id, moved_on, moved_at, out_station_code, reason, range) values ($1, $2, '2026-01-01', now(), '530102520000', '33', '21')`, [newId(), person(2)]]], {}],
  ...(['name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'id_number', 'birthplace', 'native_place'] as const).map((item): Attempt => [
    `the main item ${item} does not change without approval`, 'main_item_needs_approval', () => [
      [`update population.person set ${item} = $2 where person_id = $1`, [person(1), item === 'birth_on' ? '1981-01-01' : item === 'id_number' ? idNumber('1980-05-06', '2') : item === 'sex' ? '1' : '99']]]]),
  ['the approval of another case does not open main items', 'main_item_needs_approval', () => [[`update population.person set name = '王方' where person_id = $1`, [person(1)]]], { 'huzheng.case_id': importCase, 'huzheng.main_items': newId() }],
  ['approval is only for the case at hand', 'change_needs_case', () => [['select population.allow_main_items($1)', [newId()]]]],
  ['the dead are in no household', 'person_gone_has_no_place', () => [die(person(1))]],
  ['the dead are not entered again', 'person_dead', () => [leave(person(1)), die(person(1)), join(person(1), other.household_id, '97', '2026-07-01')]],
  ['the dead do not change', 'person_dead', () => [leave(person(1)), die(person(1)), [`update population.person set phone = '1' where person_id = $1`, [person(1)]]]],
  ['the dead do not come back to life', 'person_dead', () => [leave(person(1)), die(person(1)), [`update population.person set status = '0' where person_id = $1`, [person(1)]]]],
  ['a person keeps the internal number', 'identity_is_fixed', () => [['update population.person set person_id = $2 where person_id = $1', [person(1), newId()]]]],
  ['a membership does not change hands', 'identity_is_fixed', () => [['update population.membership set person_id = $2 where person_id = $1', [person(1), other.members[0]!.person_id]]]],
  ['a household keeps its number', 'identity_is_fixed', () => [[`update population.household set household_no = '530102520888888' where household_id = $1`, [family.household_id]]]],
  ['one mother', 'kin_one_of_a_kind', () => ['0', '1'].map(() => [`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'mother', '2001-03-04')`, [newId(), person(2), person(1)]])],
  ['one spouse at a time', 'kin_one_spouse', () => [person(0), person(2)].map((one) => [`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'spouse', '2001-03-04')`, [newId(), one, person(1)]])],
  ['a parent is older than the child', 'parent_is_older', () => [[`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'father', '2001-03-04')`, [newId(), person(0), person(2)]]]],
  ['a spouse is the spouse of the other', 'spouses_are_mutual', () => [[`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'spouse', '2001-03-04')`, [newId(), person(0), person(1)]]]],
  ['a guardian is of age', 'guardian_is_of_age', () => [[`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'guardian', '2010-03-04')`, [newId(), person(0), person(2)]]]],
  ['somebody is a guardian of another once', 'kin_guardian_once', () => ['0', '1'].map(() => [`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'guardian', '2010-03-04')`, [newId(), person(2), person(0)]])],
  ['a corrected birth date makes no father younger than his son', 'parent_is_older', () => [
    [`insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values ($1, $2, $3, 'father', '2001-03-04')`, [newId(), person(2), person(0)]],
    [`update population.person set birth_on = '2002-01-01', id_number = $2 where person_id = $1`, [person(0), idNumber('2002-01-01', '1')]]], { 'huzheng.case_id': importCase, 'huzheng.main_items': importCase }],
  ['a number tells the birth date', 'id_number_of_another', () => [[`update population.person set birth_on = '1981-01-01' where person_id = $1`, [person(1)]]], { 'huzheng.case_id': importCase, 'huzheng.main_items': importCase }],
  ['a number tells the sex', 'id_number_of_another', () => [newPerson(idNumber('1990-01-01', '2'), { household_id: family.household_id })]],
  ['who moved out does not enter military service', 'status_transition_unlawful', () => [leave(person(1)), [`update population.person set status = '2' where person_id = $1`, [person(1)]], [`update population.person set status = '3' where person_id = $1`, [person(1)]]]],
  ['what was deleted comes back by correction only', 'status_transition_unlawful', () => [leave(person(1)), [`update population.person set status = '7' where person_id = $1`, [person(1)]], [`update population.person set status = '0' where person_id = $1`, [person(1)]]]],
  ['a family household has no unit', 'household_unit_is_collective', () => [[`update population.household set unit_name = '不该有' where household_id = $1`, [family.household_id]]]],
  ['a unit has a code of 18 characters', 'household_unit_code_form', () => [[`insert into population.household (household_id, household_no, household_type, station_code, address_id, established_on, status, unit_code) values ($1, '530102520999998', '2', $2, $1, '2026-01-01', 'active', '915301')`, [newId(), stations.daguan]]]],
  ['a paper serves once', 'document_used_once', () => ['0', '1'].map(() => [`insert into population.used_document (used_document_id, kind, number) values ($1, 'birth_certificate', 'T1')`, [newId()]])],
  ['a paper is used only for a case', 'change_needs_case', () => [[`insert into population.used_document (used_document_id, kind, number) values ($1, 'birth_certificate', 'T2')`, [newId()]]], {}],
  ['the register of a paper is not cleared', 'register_keeps_everything', () => ['delete from population.used_document']],
  ['a number given up stays with its bearer', 'register_keeps_everything', () => [`update population.retired_number set id_number = 'x'`]],
  ['what a plan touched is not rewritten', 'register_keeps_everything', () => [`update population.applied_plan set person_ids = '{}'`]],
  ['nobody is deleted', 'register_keeps_everything', () => [['delete from population.person where person_id = $1', [person(1)]]]],
  ['no membership is deleted', 'register_keeps_everything', () => [['delete from population.membership where person_id = $1', [person(1)]]]],
  ['the register is not emptied', 'register_keeps_everything', () => ['truncate population.movement']],
  ['the past is not rewritten', 'register_keeps_everything', () => [`update population.person_past set name = 'x'`]],
];

describe('whoever may write meets the walls', () => {
  it.each([...attempts])('%s', async (_rule, wall, statements, settings) => {
    const before = await snapshot();
    const error = await raw(null, statements(), settings);
    expect(error?.constraint).toBe(wall);
    expect(refusalOfDatabaseError(error)?.text.zh).toMatch(/[。!]$/);
    expect(await snapshot()).toEqual(before);
  });

  it('a number given up is never given again, and leads to its bearer', async () => {
    const old = other.members[0]!.id_number;
    const settings = { 'huzheng.case_id': importCase, 'huzheng.main_items': importCase };
    expect(await raw(null, [['update population.person set id_number = $2 where person_id = $1', [other.members[0]!.person_id, idNumber('1950-01-01', '1')]]], settings)).toBeUndefined();
    expect((await raw(null, [newPerson(old)]))?.constraint).toBe('id_number_retired');
    const { rows } = await register.db.owner.query('select person_id, case_id from population.retired_number where id_number = $1', [old]);
    expect(rows).toEqual([{ person_id: other.members[0]!.person_id, case_id: importCase }]);
  });

  it('a number being given up in another transaction is not given to a second person', async () => {
    const [first] = (await register.household(stations.daguan, [{}])).members;
    const [one, two] = await Promise.all([register.db.owner.connect(), register.db.owner.connect()]);
    await one!.query('begin');
    await one!.query(`select set_config('huzheng.case_id', $1, true), set_config('huzheng.main_items', $1, true)`, [importCase]);
    await one!.query('update population.person set id_number = $2 where person_id = $1', [first!.person_id, idNumber('1980-05-06', '1')]);
    await two!.query('begin');
    await two!.query(`select set_config('huzheng.case_id', $1, true)`, [importCase]);
    // Waits for the first at the unique index, and looks at the retired numbers only then.
    const second = two!.query(...newPerson(first!.id_number)).catch((error: { constraint?: string }) => error.constraint);
    await one!.query('commit');
    expect(await second).toBe('id_number_retired');
    await two!.query('rollback');
    one!.release();
    two!.release();
  });

  it('a death and a membership at once: one of them is refused', async () => {
    const home = await register.household(stations.daguan, [{}, {}]);
    const subject = home.members[1]!.person_id;
    const [one, two] = await Promise.all([register.db.owner.connect(), register.db.owner.connect()]);
    for (const client of [one!, two!]) {
      await client.query('begin');
      await client.query(`select set_config('huzheng.case_id', $1, true)`, [importCase]);
    }
    await one!.query(...leave(subject));
    await one!.query(...die(subject));
    const second = two!.query(...join(subject, other.household_id, '97', '2026-07-01')).then(() => two!.query('commit')).catch((error: { constraint?: string }) => error.constraint);
    await one!.query('commit');
    expect(await second).toBe('person_dead');
    await two!.query('rollback');
    one!.release();
    two!.release();
  });
});

describe('the application changes the register by the gate alone', () => {
  it.each([
    ['insert', () => newPerson(idNumber('1990-01-01', '1'))],
    ['update', () => [`update population.person set phone = '1' where person_id = $1`, [person(0)]] as [string, unknown[]]],
    ['delete', () => ['delete from population.membership where person_id = $1', [person(0)]] as [string, unknown[]]],
    ['move', () => join(person(0), other.household_id, '97')],
    ['look into the search keys', () => ['select * from population.search_key', []] as [string, unknown[]]],
    ['look into the sounds', () => ['select * from population.name_sound', []] as [string, unknown[]]],
    ['count households', () => [`update population.household_counter set last_sequence = 0`, []] as [string, unknown[]]],
    ['use up a paper', () => [`insert into population.used_document (used_document_id, kind, number) values ($1, 'birth_certificate', 'T3')`, [newId()]] as [string, unknown[]]],
    ['take a number', () => [`select population.assign_number('530102', '2026-01-01', '1')`, []] as [string, unknown[]]],
    ['change the table of lawful statuses', () => [`insert into population.status_transition values ('1', '0', 'change')`, []] as [string, unknown[]]],
    ['run what the gate is made of', () => [`select population.end_memberships($1, now())`, [[person(0)]]] as [string, unknown[]]],
  ] as const)('it may not %s', async (_what, statement) => {
    const before = await snapshot();
    expect((await raw('huzheng_app', [statement()]))?.code).toBe('42501');
    expect(await snapshot()).toEqual(before);
  });

  describe('and should somebody grant it more by mistake', () => {
    const tables = ['person', 'household', 'membership', 'kin_link', 'movement', 'person_past', 'used_document', 'applied_plan'];
    beforeAll(async () => {
      for (const table of tables) {
        await register.db.owner.query(`grant insert, update, delete, truncate on population.${table} to huzheng_app`);
        await register.db.owner.query(`create policy test_all on population.${table} to huzheng_app using (true) with check (true)`);
      }
      await register.db.owner.query('grant execute on all functions in schema population to huzheng_app');
      await register.db.owner.query('grant update on population.retired_number to huzheng_app');
      await register.db.owner.query('grant insert on population.household_past, population.membership_past, population.kin_link_past, population.retired_number to huzheng_app');
      for (const table of ['household_past', 'membership_past', 'kin_link_past', 'retired_number']) await register.db.owner.query(`create policy test_all on population.${table} to huzheng_app using (true) with check (true)`);
    });
    it.each([...attempts])('%s', async (_rule, wall, statements, settings) => {
      const before = await snapshot();
      expect((await raw('huzheng_app', statements(), settings))?.constraint).toBe(wall);
      expect(await snapshot()).toEqual(before);
    });
  });
});

describe('the nightly look', () => {
  beforeEach(async () => {
    expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
  });

  // Planted as only an administrator could: with the triggers switched off.
  it.each([
    ['a household without head', 'household_needs_head', () => family.household_id, `update population.membership set relation = '97' where relation = '02' and household_id = $1`, `update population.membership set relation = '02' where household_id = $1 and person_id = (select person_id from population.person where name = '李建国')`],
    ['an active person without household', 'person_needs_one_place', () => person(2), `update population.membership set period = tstzrange(lower(period), '2026-02-02') where person_id = $1`, `update population.membership set period = tstzrange(lower(period), null) where person_id = $1`],
    ['a dead person in a household', 'person_gone_has_no_place', () => person(2), `update population.person set status = '1' where person_id = $1`, `update population.person set status = '0' where person_id = $1`],
    ['a closed household with members', 'household_closed', () => family.household_id, `update population.household set status = 'closed' where household_id = $1`, `update population.household set status = 'active' where household_id = $1`],
  ] as const)('finds %s', async (_what, wall, subject, plant, mend) => {
    const planted = async (statement: string) => {
      const client = await register.db.owner.connect();
      await client.query('begin');
      await client.query('set local session_replication_role = replica');
      await client.query(statement, [subject()]);
      await client.query('commit');
      client.release();
    };
    await planted(plant);
    expect(await register.asSystem((context) => findBrokenInvariants(context))).toContainEqual({ wall, subject_id: subject() });
    await planted(mend);
  });
});
