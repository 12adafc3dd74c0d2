/** Moves, reversals, deaths and changes of items, as a case orders them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegister, idNumber, stations, type MadeHousehold, type MadeMember, type MadePerson, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import {
  changeMainItems, changeNonMainItems, factsForMove, findBrokenInvariants, householdOf, openLeases, personByNumber, previewTransfer, recordDeath, releaseLeases, reverseTransfer, transferPersons,
  type LeaseKind, type OriginChange, type TransferPlan,
} from './index.ts';

let register: Register;
beforeAll(async () => {
  register = await openRegister();
});
afterAll(() => register.close());
beforeEach(() => register.clock.advanceMinutes(10));

const parents: readonly MadeMember[] = [{ name: '李建国', birth_on: '1970-01-01' }, { name: '王芳', relation: '12', birth_on: '1972-02-02' }, { name: '李小明', relation: '22', birth_on: '2001-03-04' }];

async function forCase<T>(kind: LeaseKind, person_ids: readonly string[], household_ids: readonly string[], work: (context: Context, case_id: string) => Promise<T>, office: string = stations.xiaguan): Promise<T> {
  const case_id = newId();
  const outcome = await register.asOffice(office, async (context) => {
    await openLeases(context, {
      case_id, case_no: null, kind, person_ids, household_ids, org_code: office, holder_name: '段警官', holder_phone: null, expires_at: new Date(context.now.getTime() + 3_600_000),
    });
    return work(context, case_id);
  }, case_id);
  await register.asOffice(office, (context) => releaseLeases(context, { case_id }), case_id);
  return outcome;
}

/** A move with all its leases, as one case does it. */
function move(plan: TransferPlan, homes: readonly MadeHousehold[], at?: Date) {
  const household_ids = [...new Set([...homes.map((home) => home.household_id), ...('household_id' in plan.target ? [plan.target.household_id] : [])])];
  return forCase('move', plan.movers.map((mover) => mover.person_id), household_ids, async (context, case_id) => ({
    case_id, ...await transferPersons(context, { case_id, at: at ?? context.now, reason: '33', range: '40', ...plan }),
  }));
}
const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => expect.unreachable('it was let through'), (error: unknown) => {
  expect(error).toBeInstanceOf(Refusal);
  return (error as Refusal).code;
});
const members = async (household_id: string): Promise<Array<[string, string]>> => (await register.db.owner.query<{ person_id: string; relation: string }>(
  `select person_id, relation from population.membership where household_id = $1 and upper_inf(period) order by relation, person_id`, [household_id])).rows.map((row) => [row.person_id, row.relation]);
const household = async (household_id: string) => (await register.db.owner.query('select * from population.household where household_id = $1', [household_id])).rows[0] as Record<string, unknown>;
const person = async (person_id: string) => (await register.db.owner.query('select * from population.person where person_id = $1', [person_id])).rows[0] as Record<string, unknown>;
const newHome = (station_code: string = stations.xiaguan) => ({ new_household: { address_id: newId(), station_code, household_type: '1' } });
const whole = () => register.asSystem((context) => findBrokenInvariants(context));

describe('a whole family moves into a household of its own', () => {
  it('leaves and arrives at the same instant, closes the old household, numbers the new one', async () => {
    const home = await register.household(stations.daguan, parents);
    const outcome = await move({ movers: home.members, target: newHome(), origin_changes: [] }, [home]);
    const [{ ended, begun }] = (await register.db.owner.query(
      `select (select array_agg(distinct upper(period)) from population.membership where household_id = $1) as ended,
              (select array_agg(distinct lower(period)) from population.membership where household_id = $2) as begun`, [home.household_id, outcome.target_household_id])).rows as [{ ended: Date[]; begun: Date[] }];
    expect(ended).toEqual([register.clock.now()]);
    expect(begun).toEqual(ended);
    expect(await members(outcome.target_household_id)).toEqual(home.members.map((member) => [member.person_id, member.relation]).sort((a, b) => (a[1]! < b[1]! ? -1 : 1)));
    expect(outcome.closed_household_ids).toEqual([home.household_id]);
    expect(await household(home.household_id)).toMatchObject({ status: 'closed', closed_on: '2026-11-23' });
    expect(outcome.target_household_no).toMatch(/^532901500\d{6}$/);
    expect(await person(home.members[0]!.person_id)).toMatchObject({ household_id: outcome.target_household_id, station_code: stations.xiaguan, id_number: home.members[0]!.id_number, case_id: outcome.case_id, version: 2 });
    const { rows: legs } = await register.db.owner.query('select out_household_id, out_station_code, in_household_id, in_station_code, moved_on, reason, range from population.movement where case_id = $1', [outcome.case_id]);
    expect(legs).toEqual(Array(3).fill({ out_household_id: home.household_id, out_station_code: stations.daguan, in_household_id: outcome.target_household_id, in_station_code: stations.xiaguan, moved_on: '2026-11-23', reason: '33', range: '40' }));
    expect(outcome.movements).toHaveLength(3);
    expect(await whole()).toEqual([]);
  });

  it('numbers of one station follow each other and never repeat', async () => {
    const numbers: string[] = [];
    for (let at = 0; at < 3; at++) {
      const home = await register.household(stations.daguan, [{}]);
      numbers.push((await move({ movers: home.members, target: newHome(), origin_changes: [] }, [home])).target_household_no);
      register.clock.advanceMinutes(1);
    }
    const sequence = numbers.map((number) => Number(number.slice(9)));
    expect(sequence).toEqual([sequence[0], sequence[0]! + 1, sequence[0]! + 2]);
  });

  it('begins after the numbers that were loaded', async () => {
    const loaded = await register.household(stations.panlong, [{}]);
    const home = await register.household(stations.daguan, [{}]);
    const outcome = await move({ movers: home.members, target: newHome(stations.panlong), origin_changes: [] }, [home]);
    expect(Number(outcome.target_household_no) - Number(loaded.household_no)).toBe(1);
  });
});

describe('a part of a family joins another household', () => {
  const scene = async () => ({ home: await register.household(stations.daguan, parents), target: await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }]) });

  it('and those who stay keep their head', async () => {
    const { home, target } = await scene();
    const son = home.members[2]!;
    await move({ movers: [{ person_id: son.person_id, relation: '28' }], target: { household_id: target.household_id }, origin_changes: [] }, [home]);
    expect(await members(home.household_id)).toEqual([[home.members[0]!.person_id, '02'], [home.members[1]!.person_id, '12']]);
    expect(await members(target.household_id)).toEqual([[target.members[0]!.person_id, '02'], [son.person_id, '28']]);
    expect(await whole()).toEqual([]);
  });

  it('or, when the head leaves, get a new head and new relations from that instant on', async () => {
    const { home, target } = await scene();
    const [head, wife, son] = home.members as [MadePerson, MadePerson, MadePerson];
    const change: OriginChange = { household_id: home.household_id, new_head_id: wife.person_id, relations: [{ person_id: wife.person_id, relation: '02' }, { person_id: son.person_id, relation: '20' }] };
    await move({ movers: [{ person_id: head.person_id, relation: '97' }], target: { household_id: target.household_id }, origin_changes: [change] }, [home]);
    expect(await members(home.household_id)).toEqual([[wife.person_id, '02'], [son.person_id, '20']]);
    const { rows } = await register.db.owner.query(`select relation, upper(period) is null as is_open from population.membership where person_id = $1 order by lower(period)`, [wife.person_id]);
    expect(rows).toEqual([{ relation: '12', is_open: false }, { relation: '02', is_open: true }]);
    expect(await household(home.household_id)).toMatchObject({ status: 'active' });
    expect(await whole()).toEqual([]);
  });

  it('but not without a head for those who stay', async () => {
    const { home, target } = await scene();
    const before = await members(home.household_id);
    expect(await refusal(move({ movers: [{ person_id: home.members[0]!.person_id, relation: '97' }], target: { household_id: target.household_id }, origin_changes: [] }, [home]))).toBe('population.one_head');
    expect(await members(home.household_id)).toEqual(before);
  });

  it('nor with a second head at the destination', async () => {
    const { home, target } = await scene();
    expect(await refusal(move({ movers: [{ person_id: home.members[2]!.person_id, relation: '02' }], target: { household_id: target.household_id }, origin_changes: [] }, [home]))).toBe('population.one_head');
  });

  it('nor with relations for somebody who leaves or is a stranger', async () => {
    const { home, target } = await scene();
    const plan = (person_id: string): TransferPlan => ({
      movers: [{ person_id: home.members[2]!.person_id, relation: '97' }], target: { household_id: target.household_id },
      origin_changes: [{ household_id: home.household_id, new_head_id: null, relations: [{ person_id, relation: '97' }] }],
    });
    expect(await refusal(move(plan(home.members[2]!.person_id), [home]))).toBe('population.change_of_stranger');
    expect(await refusal(move(plan(target.members[0]!.person_id), [home]))).toBe('population.change_of_stranger');
  });

  it('nor into a household that was closed meanwhile, nor into the one it leaves', async () => {
    const { home, target } = await scene();
    await move({ movers: target.members, target: newHome(), origin_changes: [] }, [target]);
    register.clock.advanceMinutes(1);
    const plan = (household_id: string): TransferPlan => ({ movers: [{ person_id: home.members[2]!.person_id, relation: '97' }], target: { household_id }, origin_changes: [] });
    expect(await refusal(move(plan(target.household_id), [home]))).toBe('population.household_not_active');
    expect(await refusal(move(plan(home.household_id), [home]))).toBe('population.target_is_origin');
  });

  it('nor twice at the same instant', async () => {
    const { home, target } = await scene();
    const son = [{ person_id: home.members[2]!.person_id, relation: '97' }];
    await move({ movers: son, target: { household_id: target.household_id }, origin_changes: [] }, [home]);
    expect(await refusal(move({ movers: son, target: newHome(), origin_changes: [] }, [target]))).toBe('population.act_before_last_change');
  });
});

describe('the gate asks for leases', () => {
  it.each([['a mover', 0], ['the household left', 1], ['the household joined', 2]] as const)('on %s', async (_what, missing) => {
    const home = await register.household(stations.daguan, parents);
    const target = await register.household(stations.xiaguan, [{}]);
    const son = home.members[2]!;
    const persons = missing === 0 ? [] : [son.person_id];
    const households = [home.household_id, target.household_id].filter((_, at) => at + 1 !== missing);
    const plan = { movers: [{ person_id: son.person_id, relation: '97' }], target: { household_id: target.household_id }, origin_changes: [] };
    expect(await refusal(forCase('move', persons, households, (context, case_id) => transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', ...plan })))).toBe('population.lease_missing');
    expect(await members(target.household_id)).toHaveLength(1);
  });

  it('that have not run out', async () => {
    const home = await register.household(stations.daguan, [{}]);
    const case_id = newId();
    const ask = { case_id, case_no: null, kind: 'move' as const, person_ids: [home.members[0]!.person_id], household_ids: [home.household_id], org_code: stations.xiaguan, holder_name: '段', holder_phone: null };
    await register.asOffice(stations.xiaguan, (context) => openLeases(context, { ...ask, expires_at: new Date(context.now.getTime() + 60_000) }), case_id);
    register.clock.advanceMinutes(1);
    const execute = () => register.asOffice(stations.xiaguan, (context) => transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', movers: home.members, target: newHome(), origin_changes: [] }), case_id);
    expect(await refusal(execute())).toBe('population.lease_missing');
    await register.asOffice(stations.xiaguan, (context) => openLeases(context, { ...ask, expires_at: new Date(context.now.getTime() + 60_000) }), case_id);
    await execute();
    await register.asOffice(stations.xiaguan, (context) => releaseLeases(context, { case_id }), case_id);
  });

  it('and for the case itself', async () => {
    const home = await register.household(stations.daguan, [{}]);
    expect(await refusal(register.asOffice(stations.xiaguan, (context) => transferPersons(context, { case_id: newId(), at: context.now, reason: '33', range: '40', movers: home.members, target: newHome(), origin_changes: [] }), newId()))).toBe('population.change_needs_case');
  });

  it('and for movers who are alive, each once', async () => {
    const home = await register.household(stations.daguan, parents);
    await forCase('death', [home.members[2]!.person_id], [home.household_id], (context, case_id) => recordDeath(context, { case_id, person_id: home.members[2]!.person_id, died_on: '2026-11-20' }));
    expect(await refusal(move({ movers: home.members, target: newHome(), origin_changes: [] }, [home]))).toBe('population.mover_not_active');
    expect(await refusal(move({ movers: [home.members[0]!, home.members[0]!], target: newHome(), origin_changes: [] }, [home]))).toBe('population.movers_repeat');
  });
});

describe('two executions at once', () => {
  it('of cases that both hold the persons by a trick of time: one is refused, nobody is in two places', async () => {
    const home = await register.household(stations.daguan, [{}, {}]);
    const case_id = newId();
    await register.asOffice(stations.xiaguan, (context) => openLeases(context, { case_id, case_no: null, kind: 'move', person_ids: home.members.map((one) => one.person_id), household_ids: [home.household_id], org_code: stations.xiaguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) }), case_id);
    const execute = (station: string) => register.asOffice(station, (context) => transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', movers: home.members, target: newHome(station), origin_changes: [] }), case_id).then(() => 1, (error: unknown) => (error as Refusal).code);
    const outcomes = await Promise.all([execute(stations.xiaguan), execute(stations.panlong)]);
    expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome !== 1).every((outcome) => String(outcome).startsWith('population.'))).toBe(true);
    expect(await whole()).toEqual([]);
    await register.asOffice(stations.xiaguan, (context) => releaseLeases(context, { case_id }), case_id);
  });
});

describe('a preview', () => {
  it('writes nothing and says what the transfer then does', async () => {
    const home = await register.household(stations.daguan, parents);
    const target = await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }]);
    const plan: TransferPlan = {
      movers: [{ person_id: home.members[0]!.person_id, relation: '97' }], target: { household_id: target.household_id },
      origin_changes: [{ household_id: home.household_id, new_head_id: home.members[1]!.person_id, relations: [{ person_id: home.members[2]!.person_id, relation: '20' }] }],
    };
    const preview = await register.asSystem((context) => previewTransfer(context, plan));
    expect(preview.map(({ household_id, opens, closes }) => ({ household_id, opens, closes }))).toEqual([
      { household_id: home.household_id, opens: false, closes: false }, { household_id: target.household_id, opens: false, closes: false }]);
    expect(preview[0]!.before.map((member) => [member.name, member.relation, member.change])).toEqual([['李建国', '02', 'removed'], ['王芳', '12', 'changed'], ['李小明', '22', 'changed']]);
    expect(preview[0]!.after.map((member) => [member.name, member.relation])).toEqual([['王芳', '02'], ['李小明', '20']]);
    expect(preview[1]!.after.map((member) => [member.name, member.relation, member.change])).toEqual([['杨志强', '02', 'none'], ['李建国', '97', 'added']]);
    expect(await members(home.household_id)).toHaveLength(3);
    await move(plan, [home]);
    for (const { household_id, after } of preview) expect(await members(household_id!)).toEqual(after.map((member) => [member.person_id, member.relation]).sort((a, b) => (a[1]! < b[1]! ? -1 : 1)));
  });

  it('of a household to be founded shows it without number', async () => {
    const home = await register.household(stations.daguan, [{}]);
    const [origin, target] = await register.asSystem((context) => previewTransfer(context, { movers: home.members, target: newHome(), origin_changes: [] }));
    expect(origin).toMatchObject({ closes: true, after: [] });
    expect(target).toMatchObject({ household_id: null, household_no: null, opens: true, station_code: stations.xiaguan, before: [] });
  });
});

describe('facts for a move', () => {
  it('tell about movers, who stays, kin, minors, leases and the household to be joined', async () => {
    const home = await register.household(stations.daguan, [...parents, { name: '李小红', relation: '32', sex: '2', birth_on: '2015-06-01' }]);
    const target = await register.household(stations.xiaguan, [{ name: '杨志强' }]);
    const [father, mother, son, daughter] = home.members;
    await register.link(daughter!.person_id, 'father', father!.person_id);
    await register.link(daughter!.person_id, 'mother', mother!.person_id);
    const facts = await register.asSystem((context) => factsForMove(context, { person_ids: [daughter!.person_id, son!.person_id], target_household_id: target.household_id }));
    expect(facts.persons.map(({ name, is_minor, status, in_transit, is_head, relation, household_no }) => ({ name, is_minor, status, in_transit, is_head, relation, household_no }))).toEqual([
      { name: '李小红', is_minor: true, status: '0', in_transit: false, is_head: false, relation: '32', household_no: home.household_no },
      { name: '李小明', is_minor: false, status: '0', in_transit: false, is_head: false, relation: '22', household_no: home.household_no }]);
    expect(facts.origins.map((origin) => [origin.household_id, origin.head_id, origin.members.map((member) => member.name)])).toEqual([[home.household_id, father!.person_id, ['李建国', '王芳', '李小明', '李小红']]]);
    expect(facts.target).toMatchObject({ household_id: target.household_id, status: 'active', household_type: '1', head_id: target.members[0]!.person_id });
    expect(facts.kin).toEqual([{ person_id: daughter!.person_id, relative_id: father!.person_id, kind: 'father' }, { person_id: daughter!.person_id, relative_id: mother!.person_id, kind: 'mother' }]);
  });

  it('are refused for who is not there', async () => {
    const home = await register.household(stations.daguan, [{}]);
    expect(await refusal(register.asSystem((context) => factsForMove(context, { person_ids: [newId()] })))).toBe('population.person_not_found');
    expect(await refusal(register.asSystem((context) => factsForMove(context, { person_ids: [home.members[0]!.person_id], target_household_id: newId() })))).toBe('population.household_not_found');
  });
});

describe('a reversal on the same day', () => {
  it('brings everybody back: household, relation, number, and closes what was founded', async () => {
    const home = await register.household(stations.daguan, parents);
    const moved = await move({ movers: home.members, target: newHome(), origin_changes: [] }, [home]);
    register.clock.advanceMinutes(30);
    const undone = await register.asOffice(stations.xiaguan, (context) => reverseTransfer(context, { case_id: moved.case_id, at: context.now }), moved.case_id);
    expect(undone.closed_household_ids).toEqual([moved.target_household_id]);
    expect(await members(home.household_id)).toEqual(home.members.map((member) => [member.person_id, member.relation]).sort((a, b) => (a[1]! < b[1]! ? -1 : 1)));
    expect(await household(home.household_id)).toMatchObject({ status: 'active', closed_on: null });
    expect(await person(home.members[0]!.person_id)).toMatchObject({ station_code: stations.daguan, household_id: home.household_id, address_id: home.address_id });
    const { rows } = await register.db.owner.query('select reverses is not null as is_reversal, in_station_code from population.movement where case_id = $1 order by moved_at', [moved.case_id]);
    expect(rows.slice(3)).toEqual(Array(3).fill({ is_reversal: true, in_station_code: stations.daguan }));
    expect(await whole()).toEqual([]);
  });

  it('gives those who stayed their old head back', async () => {
    const home = await register.household(stations.daguan, parents);
    const target = await register.household(stations.xiaguan, [{}]);
    const moved = await move({
      movers: [{ person_id: home.members[0]!.person_id, relation: '97' }], target: { household_id: target.household_id },
      origin_changes: [{ household_id: home.household_id, new_head_id: home.members[1]!.person_id, relations: [{ person_id: home.members[2]!.person_id, relation: '20' }] }],
    }, [home]);
    register.clock.advanceMinutes(30);
    await register.asOffice(stations.xiaguan, (context) => reverseTransfer(context, { case_id: moved.case_id, at: context.now }), moved.case_id);
    expect(await members(home.household_id)).toEqual([[home.members[0]!.person_id, '02'], [home.members[1]!.person_id, '12'], [home.members[2]!.person_id, '22']]);
    expect(await members(target.household_id)).toEqual([[target.members[0]!.person_id, '02']]);
    expect(await whole()).toEqual([]);
  });

  it('is refused once something was built on it, or twice', async () => {
    const home = await register.household(stations.daguan, parents);
    const first = await move({ movers: home.members, target: newHome(), origin_changes: [] }, [home]);
    register.clock.advanceMinutes(5);
    const joined = { ...home, household_id: first.target_household_id };
    const second = await move({ movers: [{ person_id: home.members[2]!.person_id, relation: '02' }], target: newHome(stations.panlong), origin_changes: [] }, [joined]);
    register.clock.advanceMinutes(5);
    const reverse = (case_id: string) => register.asOffice(stations.xiaguan, (context) => reverseTransfer(context, { case_id, at: context.now }), case_id);
    expect(await refusal(reverse(first.case_id))).toBe('population.changed_since');
    await reverse(second.case_id);
    expect(await refusal(reverse(second.case_id))).toBe('population.changed_since');
    expect(await whole()).toEqual([]);
  });
});

describe('a death', () => {
  it('ends membership and marriage, keeps the record, tells the others', async () => {
    const home = await register.household(stations.daguan, parents);
    const [husband, wife] = home.members;
    await register.link(husband!.person_id, 'spouse', wife!.person_id);
    await register.link(wife!.person_id, 'spouse', husband!.person_id);
    await forCase('death', [husband!.person_id], [home.household_id], (context, case_id) => recordDeath(context, {
      case_id, person_id: husband!.person_id, died_on: '2026-11-20', origin_change: { household_id: home.household_id, new_head_id: wife!.person_id, relations: [{ person_id: home.members[2]!.person_id, relation: '20' }] },
    }), stations.daguan);
    expect(await person(husband!.person_id)).toMatchObject({ status: '1', died_on: '2026-11-20', household_id: home.household_id });
    expect(await members(home.household_id)).toEqual([[wife!.person_id, '02'], [home.members[2]!.person_id, '20']]);
    expect((await register.db.owner.query('select until_on from population.kin_link where person_id = any($1)', [[husband!.person_id, wife!.person_id]])).rows).toEqual([{ until_on: '2026-11-20' }, { until_on: '2026-11-20' }]);
    expect((await register.db.owner.query(`select payload ->> 'person_id' as person_id from kernel.event where name = 'population.person_died'`)).rows).toContainEqual({ person_id: husband!.person_id });
    expect(await whole()).toEqual([]);
  });

  it('of the only member closes the household', async () => {
    const home = await register.household(stations.daguan, [{}]);
    const outcome = await forCase('death', [home.members[0]!.person_id], [home.household_id], (context, case_id) => recordDeath(context, { case_id, person_id: home.members[0]!.person_id, died_on: '2026-11-20' }), stations.daguan);
    expect(outcome.closed_household_ids).toEqual([home.household_id]);
  });

  it.each([['before the birth', '1960-01-01'], ['tomorrow', '2026-11-25']])('is not registered %s', async (_when, died_on) => {
    const home = await register.household(stations.daguan, parents);
    expect(await refusal(forCase('death', [home.members[1]!.person_id], [home.household_id], (context, case_id) => recordDeath(context, { case_id, person_id: home.members[1]!.person_id, died_on })))).toBe('population.died_on_wrong');
  });

  it('of a head needs a head to follow', async () => {
    const home = await register.household(stations.daguan, parents);
    expect(await refusal(forCase('death', [home.members[0]!.person_id], [home.household_id], (context, case_id) => recordDeath(context, { case_id, person_id: home.members[0]!.person_id, died_on: '2026-11-20' })))).toBe('population.one_head');
    expect(await person(home.members[0]!.person_id)).toMatchObject({ status: '0' });
  });
});

describe('items', () => {
  it('that are not main ones change with their old and new value', async () => {
    const home = await register.household(stations.daguan, [{}]);
    const { person_id } = home.members[0]!;
    const case_id = newId();
    const change = (items: object) => register.asOffice(stations.daguan, (context) => changeNonMainItems(context, { case_id, person_id, items, effective_on: '2026-11-01' }), case_id);
    expect(await change({ workplace: '大观小学', height_cm: 172, phone: null })).toEqual({ altered: 2 });
    expect(await change({ workplace: '大观小学' })).toEqual({ altered: 0 });
    expect((await register.db.owner.query('select item, kind, old_value, new_value, effective_on, case_id from population.alteration where person_id = $1 order by item', [person_id])).rows).toEqual([
      { item: 'height_cm', kind: 'change', old_value: '170', new_value: '172', effective_on: '2026-11-01', case_id },
      { item: 'workplace', kind: 'change', old_value: null, new_value: '大观小学', effective_on: '2026-11-01', case_id }]);
    expect(await person(person_id)).toMatchObject({ workplace: '大观小学', height_cm: 172, version: 2 });
  });

  it('of somebody else’s jurisdiction do not change', async () => {
    const home = await register.household(stations.daguan, [{}]);
    const case_id = newId();
    expect(await refusal(register.asOffice(stations.xiaguan, (context) => changeNonMainItems(context, { case_id, person_id: home.members[0]!.person_id, items: { phone: '1' }, effective_on: '2026-11-01' }), case_id))).toBe('population.person_not_found');
  });

  it('that are main ones do not pass through the gate for the others', async () => {
    const home = await register.household(stations.daguan, [{ name: '张三丰' }]);
    const case_id = newId();
    await register.asOffice(stations.daguan, (context) => changeNonMainItems(context, { case_id, person_id: home.members[0]!.person_id, items: { name: '张无忌', household_id: newId(), phone: '1' } as object, effective_on: '2026-11-01' }), case_id);
    expect(await person(home.members[0]!.person_id)).toMatchObject({ name: '张三丰', household_id: home.household_id, phone: '1' });
  });

  it('that are main ones change by approval, and the person is found by the new name and the new number', async () => {
    const home = await register.household(stations.daguan, [{ name: '张三丰', birth_on: '1980-05-06' }]);
    const { person_id, id_number } = home.members[0]!;
    const number = idNumber('1981-05-06', '1');
    const correct = (context: Context, case_id: string) => changeMainItems(context, { case_id, person_id, kind: 'correction', items: { name: '张君宝', birth_on: '1981-05-06', id_number: number }, effective_on: '2026-11-01' });
    expect(await refusal(forCase('identity', [], [], correct, stations.daguan))).toBe('population.lease_missing');
    expect(await forCase('identity', [person_id], [], correct, stations.daguan)).toEqual({ altered: 3 });
    expect(await person(person_id)).toMatchObject({ name: '张君宝', birth_on: '1981-05-06', id_number: number });
    const found = await Promise.all([number, id_number].map((one) => register.asSystem((context) => personByNumber(context, one))));
    expect(found.map((one) => one?.person_id)).toEqual([person_id, person_id]);
    expect((await register.db.owner.query('select sound from population.name_sound where person_id = $1 order by sound', [person_id])).rows.map((row: { sound: string }) => row.sound)).toContain('zhangjunbao');
  });
});

it('the household of a person is told with its members, head first', async () => {
  const home = await register.household(stations.daguan, parents);
  const found = await register.asSystem((context) => householdOf(context, home.members[2]!.person_id));
  expect(found).toMatchObject({ household_id: home.household_id, household_no: home.household_no, station_code: stations.daguan });
  expect(found!.members.map((member) => member.name)).toEqual(['李建国', '王芳', '李小明']);
});
