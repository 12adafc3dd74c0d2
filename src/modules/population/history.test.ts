/** One small life, read on any day and with the knowledge of any day. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, type Context } from '../../kernel/index.ts';
import { applyPlan, applyUndo, changeMainItems, changeNonMainItems, getHousehold, getPerson, openLeases, planUndo, recordDeath, releaseLeases, transferPersons, type LeaseKind, type PlanAct, type TransferPlan } from './index.ts';

let register: Register;
let home: MadeHousehold;
let father: string;
let mother: string;
let son: string;
/** Household founded by the move of 1 March. */
let second: { household_id: string; household_no: string };
let third: { household_id: string; household_no: string };

async function on(day: string, kind: LeaseKind, persons: string[], households: string[], work: (context: Context, case_id: string) => Promise<unknown>): Promise<string> {
  register.clock.set(`${day}T10:00:00+08:00`);
  const case_id = newId();
  await register.asSystem(async (context) => {
    await openLeases(context, { case_id, case_no: null, kind, person_ids: persons, household_ids: households, org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
    await work(context, case_id);
    await releaseLeases(context, { case_id });
  }, case_id);
  return case_id;
}
const move = (plan: TransferPlan) => async (context: Context, case_id: string) => transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', ...plan });
const founding = (station_code: string) => ({ new_household: { address_id: newId(), station_code, household_type: '1' } });
const cases: Record<string, string> = {};

beforeAll(async () => {
  register = await openRegister();
  home = await register.household(stations.daguan, [
    { name: '李建国', birth_on: '1970-01-01' }, { name: '王芳', relation: '12', birth_on: '1972-02-02' }, { name: '李小明', relation: '22', birth_on: '2001-03-04' }]);
  [father, mother, son] = home.members.map((member) => member.person_id) as [string, string, string];
  await register.link(son, 'father', father);
  let outcome: { target_household_id: string; target_household_no: string };
  cases['move'] = await on('2026-03-01', 'move', [father, mother, son], [home.household_id], async (context, case_id) => {
    outcome = await move({ movers: home.members, target: founding(stations.panlong), origin_changes: [] })(context, case_id);
  });
  second = { household_id: outcome!.target_household_id, household_no: outcome!.target_household_no };
  cases['name'] = await on('2026-04-01', 'identity', [mother], [], (context, case_id) => changeMainItems(context, { case_id, person_id: mother, kind: 'change', items: { name: '王芳菲' }, effective_on: '2026-03-15' }));
  cases['birthplace'] = await on('2026-05-01', 'identity', [mother], [], (context, case_id) => changeMainItems(context, { case_id, person_id: mother, kind: 'correction', items: { birthplace: '532901' }, effective_on: '1972-02-02' }));
  cases['work'] = await on('2026-05-02', 'non_main_items', [mother], [], (context, case_id) => changeNonMainItems(context, { case_id, person_id: mother, items: { workplace: '大观小学', height_cm: 165 }, effective_on: '2026-05-02' }));
  cases['leave'] = await on('2026-06-01', 'move', [father], [second.household_id], async (context, case_id) => {
    outcome = await move({
      movers: [{ person_id: father, relation: '02' }], target: founding(stations.xiaguan),
      origin_changes: [{ household_id: second.household_id, new_head_id: mother, relations: [{ person_id: son, relation: '20' }] }],
    })(context, case_id);
  });
  third = { household_id: outcome!.target_household_id, household_no: outcome!.target_household_no };
  cases['death'] = await on('2026-07-01', 'death', [son], [second.household_id], (context, case_id) => recordDeath(context, { case_id, person_id: son, died_on: '2026-06-20' }));
  register.clock.set('2026-11-23T10:00:00+08:00');
});
afterAll(() => register.close());

const person = (person_id: string, as_of?: string, known_at?: string) => register.asSystem((context) => getPerson(context, { person_id, ...(as_of === undefined ? {} : { as_of }), ...(known_at === undefined ? {} : { known_at: `${known_at}T12:00:00+08:00` }) }));
const household = (household_id: string, as_of?: string, known_at?: string) => register.asSystem((context) => getHousehold(context, { household_id, ...(as_of === undefined ? {} : { as_of }), ...(known_at === undefined ? {} : { known_at: `${known_at}T12:00:00+08:00` }) }));

describe('the mother', () => {
  it.each([
    // on, as known on → name, birthplace, workplace, height, household, relation
    [undefined, undefined, '王芳菲', '532901', '大观小学', 165, 'second', '02'],
    ['2020-01-01', undefined, '王芳', '532901', null, 170, 'first', '12'],
    ['2019-12-31', undefined, '王芳', '532901', null, 170, null, null],
    ['2026-02-28', undefined, '王芳', '532901', null, 170, 'first', '12'],
    ['2026-03-01', undefined, '王芳', '532901', null, 170, 'second', '12'],
    ['2026-03-14', undefined, '王芳', '532901', null, 170, 'second', '12'],
    ['2026-03-15', undefined, '王芳菲', '532901', null, 170, 'second', '12'],
    ['2026-05-31', undefined, '王芳菲', '532901', '大观小学', 165, 'second', '12'],
    ['2026-06-01', undefined, '王芳菲', '532901', '大观小学', 165, 'second', '02'],
    // The name had changed on 15 March, but on 20 March the register did not know it yet.
    ['2026-03-20', '2026-03-20', '王芳', '530102', null, 170, 'second', '12'],
    ['2026-03-20', '2026-04-02', '王芳菲', '530102', null, 170, 'second', '12'],
    // What was corrected had been wrong all along; before the correction nobody knew.
    ['2026-03-01', '2026-04-30', '王芳', '530102', null, 170, 'second', '12'],
    [undefined, '2026-04-30', '王芳菲', '530102', null, 170, 'second', '12'],
    // Knowledge of February: the move lies ahead, and so nothing contradicts that she still lives there.
    ['2026-12-31', '2026-02-01', '王芳', '530102', null, 170, 'first', '12'],
  ] as const)('on %s, as known on %s', async (as_of, known_at, name, birthplace, workplace, height_cm, where, relation) => {
    const page = await person(mother, as_of, known_at);
    const places = { first: home.household_id, second: second.household_id };
    expect({ name: page.name, birthplace: page.birthplace, workplace: page.workplace, height_cm: page.height_cm, household: page.household?.household_id ?? null, relation: page.household?.relation ?? null })
      .toEqual({ name, birthplace, workplace, height_cm, household: where === null ? null : places[where], relation });
  });

  it('has every version of the record, each with its case', async () => {
    const { versions } = await person(mother);
    expect(versions.map(({ version, case_id }) => [version, case_id]).slice(1)).toEqual([[2, cases['move']], [3, cases['name']], [4, cases['birthplace']], [5, cases['work']]]);
    for (const [at, { recorded_until }] of versions.slice(0, -1).entries()) expect(recorded_until).toBe(versions[at + 1]!.recorded_from);
    expect(versions.at(-1)!.recorded_until).toBeNull();
    expect((await person(mother, undefined, '2026-04-30')).versions).toHaveLength(3);
  });

  it('has a timeline, newest first, each entry with its case', async () => {
    const { timeline } = await person(mother);
    expect(timeline.map(({ on, kind, case_id }) => [on, kind, case_id])).toEqual([
      ['2026-06-01', 'relation', cases['leave']],
      ['2026-05-02', 'altered', cases['work']], ['2026-05-02', 'altered', cases['work']],
      ['2026-03-15', 'altered', cases['name']],
      ['2026-03-01', 'moved', cases['move']],
      ['2020-01-01', 'joined', expect.any(String)],
      ['1972-02-02', 'corrected', cases['birthplace']],
    ]);
    expect(timeline.find((entry) => entry.kind === 'moved')).toMatchObject({
      household_no: second.household_no, relation: '12', reason: '33', out_station: { zh: stations.daguan, en: stations.daguan }, in_station: { zh: stations.panlong, en: stations.panlong } });
    expect(timeline.find((entry) => entry.item === 'name')).toMatchObject({ old_value: '王芳', new_value: '王芳菲' });
    expect((await person(mother, '2026-03-01')).timeline.map((entry) => entry.kind)).toEqual(['moved', 'joined', 'corrected']);
  });
});

describe('the son', () => {
  it.each([
    [undefined, undefined, '1', '2026-06-20', null],
    ['2026-06-19', undefined, '0', null, 'second'],
    ['2026-06-20', undefined, '1', '2026-06-20', 'second'],
    // Until the cancellation of 1 July the register still held him as a member, and alive.
    ['2026-06-25', '2026-06-25', '0', null, 'second'],
    ['2026-07-01', undefined, '1', '2026-06-20', null],
  ] as const)('on %s, as known on %s', async (as_of, known_at, status, died_on, where) => {
    const page = await person(son, as_of, known_at);
    expect({ status: page.status, died_on: page.died_on, household: page.household?.household_id ?? null }).toEqual({ status, died_on, household: where === null ? null : second.household_id });
  });

  it('left the register at his death, and has his father', async () => {
    const page = await person(son);
    expect(page.timeline.slice(0, 2).map(({ on, kind }) => [on, kind])).toEqual([['2026-07-01', 'left'], ['2026-06-20', 'altered']]);
    expect(page.relatives).toEqual([{ person_id: father, name: '李建国', kind: 'father', from_on: '2000-01-01', until_on: null }]);
    expect((await person(father)).relatives).toMatchObject([{ person_id: son, kind: 'child' }]);
  });
});

describe('households', () => {
  it.each([
    ['home', '2026-02-28', undefined, 'active', [['李建国', '02'], ['李小明', '22'], ['王芳', '12']]],
    ['home', '2026-03-01', undefined, 'closed', []],
    ['home', undefined, undefined, 'closed', []],
    // Closed on 1 March, though in February nobody knew that it would be.
    ['home', '2026-03-01', '2026-02-28', 'active', [['李建国', '02'], ['李小明', '22'], ['王芳', '12']]],
    ['second', '2026-03-01', undefined, 'active', [['李建国', '02'], ['李小明', '22'], ['王芳', '12']]],
    ['second', '2026-05-31', undefined, 'active', [['李建国', '02'], ['李小明', '22'], ['王芳菲', '12']]],
    ['second', '2026-06-01', undefined, 'active', [['李小明', '20'], ['王芳菲', '02']]],
    ['second', undefined, undefined, 'active', [['王芳菲', '02']]],
    ['second', '2026-06-01', '2026-05-31', 'active', [['李建国', '02'], ['李小明', '22'], ['王芳菲', '12']]],
    ['third', undefined, undefined, 'active', [['李建国', '02']]],
  ] as const)('%s on %s, as known on %s', async (which, as_of, known_at, status, members) => {
    const page = await household({ home, second, third }[which].household_id, as_of, known_at);
    expect(page.status).toBe(status);
    expect(page.members.map((member) => [member.name, member.relation]).sort()).toEqual([...members].sort());
  });

  it('show the head first, and since when somebody belongs', async () => {
    const page = await household(second.household_id, '2026-06-30');
    expect(page.members.map(({ name, relation, since_on, until_on }) => [name, relation, since_on, until_on])).toEqual([['王芳菲', '02', '2026-06-01', null], ['李小明', '20', '2026-06-01', '2026-07-01']]);
  });

  it('that did not exist yet are not found', async () => {
    await expect(household(second.household_id, undefined, '2026-02-01')).rejects.toMatchObject({ code: 'population.household_not_found' });
    await expect(person(newId())).rejects.toMatchObject({ code: 'population.person_not_found' });
  });

  it('that are collective are turned over by the hundred', async () => {
    const school = await register.household(stations.daguan, Array.from({ length: 205 }, () => ({ birth_on: '2005-01-01' })), { household_type: '3' });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await register.asSystem((context) => getHousehold(context, { household_id: school.household_id, ...(after === null ? {} : { after }) }));
      expect(page.members.length).toBeLessThanOrEqual(100);
      seen.push(...page.members.map((member) => member.person_id));
      after = page.next_after;
    } while (after !== null);
    expect(seen.toSorted()).toEqual(school.members.map((member) => member.person_id).toSorted());
  });
});

describe('plans', () => {
  let moved: MadeHousehold;
  let elder: string;
  const at = (day: string) => register.clock.set(`${day}T10:00:00+08:00`);
  const plan = async (day: string, persons: string[], acts: PlanAct[]) => on(day, 'move', persons, [moved.household_id], (context, case_id) => applyPlan(context, { case_id, at: context.now, reason: null, range: null, acts }));
  const second_address = newId();
  let undone: string;

  beforeAll(async () => {
    moved = await register.household(stations.daguan, [{ name: '杨老汉', birth_on: '1950-01-01' }, { name: '杨小二', relation: '22', birth_on: '1980-01-01' }]);
    elder = moved.members[0]!.person_id;
    await plan('2026-03-01', [], [{ op: 'change_household', household_id: moved.household_id, address_id: second_address, station_code: stations.huashan }]);
    await plan('2026-04-01', [elder], [{ op: 'renumber', person_id: elder, id_number: null }]);
    undone = await plan('2026-05-01', [elder, moved.members[1]!.person_id], [
      { op: 'leave', person_id: elder }, { op: 'set_status', person_id: elder, status: '1', on: '2026-05-01', died_on: '2026-04-20' }, { op: 'relate', person_id: moved.members[1]!.person_id, relation: '02' }]);
    const { digest } = await register.asSystem((context) => planUndo(context, { case_id: undone }));
    await on('2026-06-01', 'restore', [elder, moved.members[1]!.person_id], [moved.household_id], (context, case_id) => applyUndo(context, { of_case_id: undone, case_id, at: context.now, digest }));
    at('2026-11-23');
  });

  it.each([
    ['2026-02-28', undefined, 'first', stations.daguan], ['2026-03-01', undefined, 'second', stations.huashan], [undefined, undefined, 'second', stations.huashan],
    ['2019-01-01', undefined, 'first', stations.daguan],
    // What was known in February of a day in August is the first address; today of a day in February as well.
    ['2026-08-01', '2026-02-01', 'first', stations.daguan], ['2026-02-01', '2026-08-01', 'first', stations.daguan],
  ] as const)('the address on %s, as known on %s, is the %s', async (as_of, known_at, which, station_code) => {
    const page = await household(moved.household_id, as_of, known_at);
    expect({ address_id: page.address_id, station_code: page.station_code }).toEqual({ address_id: which === 'first' ? moved.address_id : second_address, station_code });
  });

  it('a number holds until it is changed', async () => {
    const [before, after] = [await person(elder, '2026-03-31'), await person(elder)];
    expect(before.id_number_masked.slice(-4)).toBe(moved.members[0]!.id_number.slice(-4));
    expect(after.id_number_masked.slice(-4)).not.toBe(before.id_number_masked.slice(-4));
    expect((await person(elder, undefined, '2026-03-15')).id_number_masked).toBe(before.id_number_masked);
  });

  it.each([
    ['2026-04-25', '2026-04-26', '0', null, '02'],
    // In May the register held him for dead since 20 April; since June it knows that he never was.
    ['2026-04-25', '2026-05-15', '1', '2026-04-20', '02'],
    ['2026-04-25', '2026-06-02', '0', null, '02'],
    ['2026-05-10', '2026-05-15', '1', '2026-04-20', null],
    [undefined, undefined, '0', null, '02'],
  ] as const)('a death undone: on %s, as known on %s', async (as_of, known_at, status, died_on, relation) => {
    const page = await person(elder, as_of, known_at);
    expect({ status: page.status, died_on: page.died_on, relation: page.household?.relation ?? null }).toEqual({ status, died_on, relation });
  });
});
