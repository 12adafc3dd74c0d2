/** Thousands of random moves and deaths against a model in memory: one place each, one head each, out and in together. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import { factsForMove, findBrokenInvariants, openLeases, previewOf, recordDeath, releaseLeases, transferPersons, type OriginChange, type TransferPlan } from './index.ts';

let register: Register;
beforeAll(async () => {
  register = await openRegister(16);
});
afterAll(() => register.close());

const seed = 20261123;
const allStations = Object.values(stations);

/** What should be so: who is where and what to whom. */
interface Model {
  households: Map<string, { station_code: string; members: Map<string, string>; is_closed: boolean }>;
  dead: Set<string>;
  persons: string[];
}

function modelOf(homes: readonly MadeHousehold[]): Model {
  return {
    households: new Map(homes.map((home) => [home.household_id, { station_code: home.station_code, members: new Map(home.members.map((member) => [member.person_id, member.relation])), is_closed: false }])),
    dead: new Set(), persons: homes.flatMap((home) => home.members.map((member) => member.person_id)),
  };
}
const homeOf = (model: Model, person_id: string) => [...model.households].find(([, home]) => home.members.has(person_id));
const headOf = (members: ReadonlyMap<string, string>) => [...members].find(([, relation]) => relation === '02')?.[0];

const command = fc.record({
  kind: fc.oneof({ weight: 12, arbitrary: fc.constant('move' as const) }, { weight: 1, arbitrary: fc.constant('die' as const) }),
  person: fc.nat(), companions: fc.nat({ max: 5 }), joins: fc.boolean(), target: fc.nat(), station: fc.nat(),
  /** Now and then the order is wrong: no head named, two heads at the destination. */
  fault: fc.oneof({ weight: 10, arbitrary: fc.constant('none' as const) }, { weight: 1, arbitrary: fc.constant('no head' as const) }, { weight: 1, arbitrary: fc.constant('two heads' as const) }),
});
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** The order, and whether the law lets it through. */
function orderOf(model: Model, asked: Command): { plan: TransferPlan; households: string[]; lawful: boolean } | undefined {
  const person_id = model.persons[asked.person % model.persons.length]!;
  const found = homeOf(model, person_id);
  if (found === undefined) return undefined;
  const [household_id, home] = found;
  const leaving = [person_id, ...[...home.members.keys()].filter((other) => other !== person_id).slice(0, asked.companions)];
  const others = [...model.households].filter(([id, other]) => id !== household_id && !other.is_closed);
  const [target_id, target] = asked.joins && others.length > 0 ? others[asked.target % others.length]! : [undefined, undefined];
  const staying = [...home.members.keys()].filter((other) => !leaving.includes(other));
  const needsHead = staying.length > 0 && leaving.includes(headOf(home.members) ?? '');
  const origin_changes: OriginChange[] = needsHead && asked.fault !== 'no head'
    ? [{ household_id, new_head_id: staying[0]!, relations: staying.slice(1).map((other) => ({ person_id: other, relation: '97' })) }] : [];
  const movers = leaving.map((id, at) => ({ person_id: id, relation: target === undefined ? (at === 0 || (at === 1 && asked.fault === 'two heads') ? '02' : '97') : asked.fault === 'two heads' && at === 0 ? '02' : '97' }));
  return {
    plan: { movers, origin_changes, target: target_id === undefined ? { new_household: { household_id: newId(), address_id: newId(), station_code: allStations[asked.station % allStations.length]!, household_type: '1' } } : { household_id: target_id } },
    households: [household_id, ...(target_id === undefined ? [] : [target_id])],
    lawful: !(needsHead && asked.fault === 'no head') && !(asked.fault === 'two heads' && (target !== undefined || movers.length > 1)),
  };
}

function applyMove(model: Model, plan: TransferPlan): void {
  for (const { household_id, new_head_id, relations } of plan.origin_changes) {
    const { members } = model.households.get(household_id)!;
    for (const { person_id, relation } of relations) members.set(person_id, relation);
    members.set(new_head_id!, '02');
  }
  for (const { person_id } of plan.movers) {
    const [, home] = homeOf(model, person_id)!;
    home.members.delete(person_id);
    home.is_closed = home.members.size === 0;
  }
  const arriving = new Map(plan.movers.map((mover) => [mover.person_id, mover.relation]));
  if ('household_id' in plan.target) for (const [person_id, relation] of arriving) model.households.get(plan.target.household_id)!.members.set(person_id, relation);
  else model.households.set(plan.target.new_household.household_id!, { station_code: plan.target.new_household.station_code, members: arriving, is_closed: false });
}

/** One case from lease to release in one transaction. */
function inCase<T>(kind: 'move' | 'death', persons: readonly string[], households: readonly string[], work: (context: Context, case_id: string) => Promise<T>): Promise<T> {
  const case_id = newId();
  return register.asOffice(stations.xiaguan, async (context) => {
    await openLeases(context, { case_id, case_no: null, kind, person_ids: persons, household_ids: households, org_code: stations.xiaguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
    const outcome = await work(context, case_id);
    await releaseLeases(context, { case_id });
    return outcome;
  }, case_id);
}

async function run(model: Model, asked: Command): Promise<void> {
  register.clock.advanceMinutes(1);
  if (asked.kind === 'die') {
    const person_id = model.persons[asked.person % model.persons.length]!;
    const found = homeOf(model, person_id);
    if (found === undefined) return;
    const [household_id, home] = found;
    const staying = [...home.members.keys()].filter((other) => other !== person_id);
    const headDies = headOf(home.members) === person_id && staying.length > 0;
    const change = headDies ? { household_id, new_head_id: staying[0]!, relations: staying.slice(1).map((other) => ({ person_id: other, relation: '97' })) } : undefined;
    await inCase('death', [person_id], [household_id], (context, case_id) => recordDeath(context, { case_id, person_id, died_on: '2026-11-20', ...(change === undefined ? {} : { origin_change: change }) }));
    if (change !== undefined) for (const other of staying) home.members.set(other, other === staying[0] ? '02' : '97');
    home.members.delete(person_id);
    home.is_closed = staying.length === 0;
    model.dead.add(person_id);
    return;
  }
  const order = orderOf(model, asked);
  if (order === undefined) return;
  const persons = order.plan.movers.map((mover) => mover.person_id);
  const outcome = await inCase('move', persons, order.households, async (context, case_id) => {
    const facts = await factsForMove(await allSeeing(context), { person_ids: persons, target_household_id: 'household_id' in order.plan.target ? order.plan.target.household_id : null });
    await transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', ...order.plan });
    return previewOf(facts, order.plan);
  }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  });
  if (!order.lawful) {
    expect(outcome).toBe('population.one_head');
    return;
  }
  expect(outcome).toBeTypeOf('object');
  applyMove(model, order.plan);
  // What was shown to the approving officer is what happened.
  for (const home of outcome as Exclude<typeof outcome, string>) {
    const id = home.household_id ?? ('new_household' in order.plan.target ? order.plan.target.new_household.household_id! : '');
    expect(new Map(home.after.map((member) => [member.person_id, member.relation]))).toEqual(model.households.get(id)!.members);
    if (home.closes) expect(model.households.get(id)!.is_closed).toBe(true);
  }
}

/** The officer of the test looks at everything, so that the model is compared and not the jurisdiction. */
async function allSeeing(context: Context): Promise<Context> {
  await context.query(`select set_config('huzheng.org_from', '', true), set_config('huzheng.org_to', '~', true)`);
  return context;
}

async function expectRegisterEquals(model: Model): Promise<void> {
  const { rows } = await register.db.owner.query<{ household_id: string; status: string; station_code: string; members: Record<string, string> | null }>(
    `select h.household_id, h.status, h.station_code, (select jsonb_object_agg(person_id, relation) from population.membership m where m.household_id = h.household_id and upper_inf(m.period)) as members
     from population.household h where h.household_id = any($1)`, [[...model.households.keys()]]);
  expect(rows).toHaveLength(model.households.size);
  for (const row of rows) {
    const home = model.households.get(row.household_id)!;
    expect({ status: row.status, station_code: row.station_code, members: row.members ?? {} })
      .toEqual({ status: home.is_closed ? 'closed' : 'active', station_code: home.station_code, members: Object.fromEntries(home.members) });
  }
  const { rows: persons } = await register.db.owner.query<{ person_id: string; status: string; places: number }>(
    `select p.person_id, p.status, (select count(*)::int from population.membership m where m.person_id = p.person_id and upper_inf(m.period)) as places from population.person p where p.person_id = any($1)`, [model.persons]);
  for (const row of persons) expect([row.status, row.places]).toEqual(model.dead.has(row.person_id) ? ['1', 0] : ['0', 1]);
}

/** History of the people: no gap and no overlap from the first registration on, and each change of household is one movement. */
async function expectHistoryIsWhole(persons: readonly string[]): Promise<void> {
  const { rows } = await register.db.owner.query<{ gaps: number; changes: number; movements: number }>(
    `with one as (
       select person_id, household_id, period, lag(upper(period)) over (partition by person_id order by lower(period)) as before_until,
              lag(household_id) over (partition by person_id order by lower(period)) as before_household
       from population.membership where person_id = any($1))
     select (count(*) filter (where before_until is not null and before_until <> lower(period)))::int as gaps,
            (count(*) filter (where before_household <> household_id))::int as changes,
            (select count(*)::int from population.movement where person_id = any($1)) as movements
     from one`, [persons]);
  expect(rows[0]!.gaps).toBe(0);
  expect(rows[0]!.movements).toBe(rows[0]!.changes);
}

it('after any sequence of moves and deaths the register equals the model, and the past has no gap', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 4 }), { minLength: 3, maxLength: 6 }), fc.array(command, { minLength: 40, maxLength: 60 }), async (sizes, commands) => {
    const homes = await Promise.all(sizes.map((size, at) => register.household(allStations[at % allStations.length]!, Array.from({ length: size + 1 }, () => ({})))));
    const model = modelOf(homes);
    for (const asked of commands) await run(model, asked);
    await expectRegisterEquals(model);
    await expectHistoryIsWhole(model.persons);
  }), { seed, numRuns: 40, endOnFailure: true });
  expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
}, 180_000);

it('moves and deaths of the same people at the same time leave everybody in one place or none', async () => {
  const homes = await Promise.all(Array.from({ length: 12 }, (_, at) => register.household(allStations[at % allStations.length]!, Array.from({ length: 1 + (at % 4) }, () => ({})))));
  const persons = homes.flatMap((home) => home.members.map((member) => member.person_id));
  const orders = fc.sample(command, { seed, numRuns: 240 });
  const codes = new Map<string, number>();
  for (let round = 0; round < orders.length; round += 12) {
    register.clock.advanceMinutes(1);
    // Everybody plans on what the register holds now and then acts at once.
    const { rows } = await register.db.owner.query<{ household_id: string; station_code: string; members: Record<string, string> }>(
      `select household_id, min(station_code) as station_code, jsonb_object_agg(person_id, relation) as members from population.membership where person_id = any($1) and upper_inf(period) group by household_id`, [persons]);
    const seen: Model = { households: new Map(rows.map((row) => [row.household_id, { station_code: row.station_code, members: new Map(Object.entries(row.members)), is_closed: false }])), dead: new Set(), persons };
    await Promise.all(orders.slice(round, round + 12).map(async (asked) => {
      const order = orderOf(seen, asked);
      if (order === undefined) return;
      const [subject] = order.plan.movers;
      const [household_id] = order.households;
      const outcome = await (asked.kind === 'die'
        ? inCase('death', [subject!.person_id], [household_id!], (context, case_id) => recordDeath(context, { case_id, person_id: subject!.person_id, died_on: '2026-11-20' }))
        : inCase('move', order.plan.movers.map((mover) => mover.person_id), order.households, (context, case_id) => transferPersons(context, { case_id, at: context.now, reason: '33', range: '40', ...order.plan }))
      ).then(() => 'done', (error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        return error.code;
      });
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
    }));
    expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
  }
  await expectHistoryIsWhole(persons);
  // Both kinds of outcome happened, so the race was one; and no officer was told that the system was busy.
  expect(codes.get('done')).toBeGreaterThan(20);
  expect([...codes.values()].reduce((sum, count) => sum + count, 0) - codes.get('done')!).toBeGreaterThan(20);
  expect(codes.get('kernel.busy')).toBeUndefined();
}, 120_000);
