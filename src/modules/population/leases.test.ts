/** Who works on whom: taken by one, seen by all concerned, never for ever. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import { extendLeases, factsForMove, openLeases, releaseLeases, type LeaseKind, type LeaseRequest } from './index.ts';

let register: Register;
let family: MadeHousehold;
beforeAll(async () => {
  register = await openRegister(24);
  family = await register.household(stations.daguan, [{}, {}]);
});
afterAll(() => register.close());
afterEach(async () => {
  const held = await register.db.owner.query<{ case_id: string }>('select distinct case_id from population.lease where released_at is null');
  for (const { case_id } of held.rows) await register.asSystem((context) => releaseLeases(context, { case_id }), case_id);
});

const inMinutes = (minutes: number): Date => new Date(register.clock.now().getTime() + minutes * 60_000);
const request = (kind: LeaseKind, extra: Partial<LeaseRequest> = {}): LeaseRequest => ({
  case_id: newId(), case_no: '5301025200002026112300001', kind, person_ids: [family.members[0]!.person_id], household_ids: [], org_code: stations.daguan,
  holder_name: '王警官', holder_phone: '0871-110', expires_at: inMinutes(60), ...extra,
});
const take = (asked: LeaseRequest, office: string = asked.org_code) => register.asOffice(office, (context) => openLeases(context, asked), asked.case_id);
const refusal = async (work: Promise<unknown>): Promise<Refusal> => work.then(() => expect.unreachable('it was let through'), (error: unknown) => {
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
});

describe('a lease', () => {
  it('tells a second case who holds, where, until when', async () => {
    const first = request('move');
    await take(first);
    const no = await refusal(take(request('move', { org_code: stations.xiaguan })));
    expect(no.code).toBe('population.under_lease');
    expect(no.facts).toMatchObject({
      subject_id: family.members[0]!.person_id, holder: '王警官', office: stations.daguan, phone: '0871-110', case_no: first.case_no, case_id: first.case_id,
    });
    expect(Date.parse(String(no.facts['expires_at']))).toBe(first.expires_at.getTime());
    expect(no.text.zh).toContain('王警官');
  });

  it('is taken on everything asked for or on nothing', async () => {
    await take(request('move', { person_ids: [family.members[1]!.person_id] }));
    const both = request('move', { person_ids: family.members.map((member) => member.person_id), household_ids: [family.household_id] });
    await refusal(take(both));
    expect((await register.db.owner.query('select 1 from population.lease where case_id = $1', [both.case_id])).rowCount).toBe(0);
  });

  it('is renewed when the same case asks again', async () => {
    const asked = request('move', { household_ids: [family.household_id] });
    await take(asked);
    await take({ ...asked, expires_at: inMinutes(120) });
    const { rows } = await register.db.owner.query('select expires_at from population.lease where case_id = $1 and released_at is null', [asked.case_id]);
    expect(rows).toEqual([{ expires_at: inMinutes(120) }, { expires_at: inMinutes(120) }]);
  });

  it('that has run out stands in nobody’s way, and stays on record', async () => {
    const first = request('move');
    await take(first);
    register.clock.advanceMinutes(61);
    const second = request('move', { expires_at: inMinutes(60) });
    await take(second);
    const { rows } = await register.db.owner.query('select case_id, release_reason from population.lease where case_id = any($1) order by opened_at', [[first.case_id, second.case_id]]);
    expect(rows).toEqual([{ case_id: first.case_id, release_reason: 'expired' }, { case_id: second.case_id, release_reason: null }]);
  });

  it('that is extended holds for longer', async () => {
    const first = request('move');
    await take(first);
    expect(await register.asOffice(stations.daguan, (context) => extendLeases(context, { case_id: first.case_id, expires_at: inMinutes(600) }), first.case_id)).toBe(1);
    register.clock.advanceMinutes(120);
    expect((await refusal(take(request('move')))).code).toBe('population.under_lease');
  });

  it('on somebody who does not exist is refused', async () => {
    expect((await refusal(take(request('move', { person_ids: [newId()] })))).code).toBe('population.lease_subject_unknown');
  });

  it('is seen by the station of the person, whoever holds it', async () => {
    await take(request('move', { org_code: stations.xiaguan }), stations.xiaguan);
    const facts = await register.asOffice(stations.daguan, (context: Context) => factsForMove(context, { person_ids: [family.members[0]!.person_id] }));
    expect(facts.persons[0]!.leases).toMatchObject([{ org_code: stations.xiaguan, holder_name: '王警官', kind: 'move' }]);
  });
});

// services.md: one registration case a person; identity cases exclude each other and cards; one case a family household.
describe.each([
  ['move', 'move', false], ['move', 'cancel', false], ['cancel', 'restore', false], ['restore', 'household', false],
  ['identity', 'identity', false], ['identity', 'card', false], ['move', 'card', true], ['move', 'identity', true],
  ['non_main_items', 'move', true], ['non_main_items', 'non_main_items', true], ['death', 'death', false], ['death', 'move', false],
] as const)('a case of %s', (first, second, together) => {
  it(`${together ? 'goes together with' : 'excludes'} one of ${second} on the same person`, async () => {
    await take(request(first));
    if (together) await take(request(second));
    else expect((await refusal(take(request(second)))).code).toBe('population.under_lease');
  });
});

describe('households', () => {
  it('of a family serve one case at a time', async () => {
    await take(request('move', { person_ids: [family.members[0]!.person_id], household_ids: [family.household_id] }));
    expect((await refusal(take(request('move', { person_ids: [family.members[1]!.person_id], household_ids: [family.household_id] })))).code).toBe('population.under_lease');
  });

  it('that are collective serve any number', async () => {
    const school = await register.household(stations.xiaguan, [{}, {}], { household_type: '3' });
    for (const { person_id } of school.members) await take(request('move', { person_ids: [person_id], household_ids: [school.household_id] }));
    expect((await register.db.owner.query('select 1 from population.lease where subject_id = $1 and released_at is null', [school.household_id])).rowCount).toBe(2);
  });
});

describe('a death', () => {
  it('overrides whoever holds, and tells the case', async () => {
    const move = request('move', { household_ids: [family.household_id] });
    await take(move);
    const death = request('death', { household_ids: [family.household_id] });
    expect(await take(death)).toEqual({ overridden_case_ids: [move.case_id] });
    const { rows } = await register.db.owner.query('select release_reason from population.lease where case_id = $1', [move.case_id]);
    expect(rows.map((row: { release_reason: string }) => row.release_reason)).toEqual(['overridden', 'overridden']);
    const { rows: events } = await register.db.owner.query(`select payload from kernel.event where name = 'population.lease_overridden'`);
    expect(events).toEqual([{ payload: { case_id: move.case_id, by_case_id: death.case_id, subject_ids: expect.arrayContaining([family.household_id, family.members[0]!.person_id]) } }]);
  });
});

describe('a race', () => {
  it('for 300 persons between two stations: each is taken by exactly one, nobody waits for ever', async () => {
    const families = await Promise.all(Array.from({ length: 100 }, () => register.household(stations.daguan, [{}, {}, {}])));
    const persons = families.flatMap((made) => made.members.map((member) => ({ person_id: member.person_id, household_id: made.household_id })));
    const offices = [stations.panlong, stations.xiaguan];
    const asked = persons.flatMap(({ person_id }) => offices.map((office) => request('move', { person_ids: [person_id], org_code: office })));
    // Both stations start everywhere at once, the second from the other end.
    const order = [...asked.filter((_, at) => at % 2 === 0), ...asked.filter((_, at) => at % 2 === 1).reverse()];
    const outcomes = await Promise.all(order.map((one) => take(one).then(() => ({ person_id: one.person_ids[0]!, won: true, code: '' }), (error: unknown) => ({ person_id: one.person_ids[0]!, won: false, code: (error as Refusal).code }))));
    for (const { person_id } of persons) expect(outcomes.filter((outcome) => outcome.person_id === person_id && outcome.won)).toHaveLength(1);
    expect(new Set(outcomes.filter((outcome) => !outcome.won).map((outcome) => outcome.code))).toEqual(new Set(['population.under_lease']));
    const { rows } = await register.db.owner.query('select subject_id from population.lease where subject_id = any($1) and released_at is null', [persons.map((one) => one.person_id)]);
    expect(rows).toHaveLength(300);
  });

  it('for whole families in opposite order ends with one holder of all of it', async () => {
    const homes = await Promise.all(Array.from({ length: 20 }, () => register.household(stations.daguan, [{}, {}, {}])));
    for (const home of homes) {
      const ids = home.members.map((member) => member.person_id);
      const asked = [request('move', { person_ids: ids, household_ids: [home.household_id] }), request('move', { person_ids: [...ids].reverse(), household_ids: [home.household_id] })];
      const won = await Promise.all(asked.map((one) => take(one).then(() => 1, () => 0)));
      expect(won[0]! + won[1]!).toBe(1);
      const { rows } = await register.db.owner.query('select distinct case_id from population.lease where subject_id = any($1) and released_at is null', [[...ids, home.household_id]]);
      expect(rows).toHaveLength(1);
    }
  });
});
