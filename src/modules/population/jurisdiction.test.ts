/** Who sees whom: the jurisdiction, and across its border only what a case disclosed and only while it lasts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offices, openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import { disclose, endDisclosure, factsForMove, findPersonByNumber, getHousehold, getPerson, householdOf, openLeases, personByNumber, releaseLeases, searchPersons, transferPersons } from './index.ts';

let register: Register;
let home: MadeHousehold;
let neighbours: MadeHousehold;
let mover: string;
beforeAll(async () => {
  register = await openRegister();
  home = await register.household(stations.daguan, [{ name: '李建国', birth_on: '1970-01-01' }, { name: '王芳', relation: '12' }]);
  neighbours = await register.household(stations.daguan, [{ name: '赵邻居' }]);
  mover = home.members[1]!.person_id;
  await register.link(mover, 'spouse', home.members[0]!.person_id);
});
afterAll(() => register.close());
beforeEach(() => register.clock.advanceMinutes(1));

const tables = ['person', 'household', 'membership', 'kin_link', 'movement', 'alteration', 'person_past', 'household_past', 'membership_past', 'kin_link_past', 'lease', 'disclosure', 'retired_number'];

/** How many rows of each table somebody sees by raw SQL, without any condition. */
async function visible(org_code: string): Promise<Record<string, number>> {
  return register.asOffice(org_code, async (context) => Object.fromEntries(await Promise.all(tables.map(async (table) => {
    const [row] = await context.query<{ n: number }>(`select count(*)::int as n from population.${table}`);
    return [table, row!.n] as const;
  }))));
}
const nothing = Object.fromEntries(tables.map((table) => [table, 0]));
const seenPersons = (org_code: string): Promise<string[]> => register.asOffice(org_code, async (context) => (await context.query<{ name: string }>('select name from population.person order by name')).map((row) => row.name));
const refused = (work: Promise<unknown>): Promise<string> => work.then(() => 'let through', (error: unknown) => (error as Refusal).code);

describe('without a disclosure', () => {
  it.each([['a neighbouring station', stations.huashan], ['another county', stations.panlong], ['another prefecture', stations.xiaguan], ['the office above another prefecture', offices.dali]])('%s sees no row of any table', async (_who, org_code) => {
    expect(await visible(org_code)).toEqual(nothing);
  });

  it.each([['the station', stations.daguan], ['its county', offices.wuhua], ['its prefecture', offices.kunming], ['the province', offices.yunnan]])('%s sees its people', async (_who, org_code) => {
    expect(await seenPersons(org_code)).toEqual(['李建国', '王芳', '赵邻居'].sort((a, b) => (Buffer.compare(Buffer.from(a), Buffer.from(b)))));
  });

  it('nobody sees anything when no jurisdiction is set', async () => {
    const client = await register.db.database.pool.connect();
    const { rows } = await client.query('select count(*)::int as n from population.person');
    client.release();
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('pages and facts of another’s people are not found', async () => {
    const at = (work: (context: Context) => Promise<unknown>) => refused(register.asOffice(stations.xiaguan, work));
    expect(await at((context) => getPerson(context, { person_id: mover }))).toBe('population.person_not_found');
    expect(await at((context) => getHousehold(context, { household_id: home.household_id }))).toBe('population.household_not_found');
    expect(await at((context) => factsForMove(context, { person_ids: [mover] }))).toBe('population.person_not_found');
    expect(await register.asOffice(stations.xiaguan, (context) => householdOf(context, mover))).toBeUndefined();
    for (const search of [{ name: '王芳' }, { name: 'wangfang' }, { id_number: home.members[1]!.id_number }, { birth_on: '1980-05-06' }, { address_id: home.address_id }]) {
      expect(await register.asOffice(stations.xiaguan, (context) => searchPersons(context, search)), JSON.stringify(search)).toEqual({ persons: [], next_cursor: null });
    }
  });

  it('the counter nearest to the citizen learns the station of who gives number and name, and nothing by either alone', async () => {
    const { id_number, name } = home.members[1]!;
    const ask = (input: { id_number: string; name: string }) => register.asOffice(stations.xiaguan, (context) => findPersonByNumber(context, input));
    expect(await ask({ id_number, name })).toEqual({ person: {
      person_id: mover, name, id_number_masked: expect.stringMatching(/^\d{6}\*+\w{4}$/), status: '0', station_code: stations.daguan, station_name: { zh: stations.daguan, en: stations.daguan }, number_was_retired: false } });
    expect(await ask({ id_number: ` ${id_number.toLowerCase()} `, name: '王 芳' })).toMatchObject({ person: { person_id: mover } });
    expect(await ask({ id_number, name: '王方' })).toEqual({ person: null });
    expect(await ask({ id_number: neighbours.members[0]!.id_number, name })).toEqual({ person: null });
  });

  it('a case resolves its parties by number anywhere', async () => {
    expect(await register.asOffice(stations.xiaguan, (context) => personByNumber(context, home.members[1]!.id_number))).toMatchObject({ person_id: mover, station_code: stations.daguan });
  });
});

describe('a disclosure', () => {
  it('opens the person, the household and who lives there to the office of destination and the offices above, and nobody else', async () => {
    const case_id = newId();
    await register.asOffice(stations.xiaguan, (context) => disclose(context, { case_id, person_ids: [mover], household_ids: [], org_code: stations.xiaguan }), case_id);
    for (const org_code of [stations.xiaguan, offices.dali]) {
      expect(await seenPersons(org_code)).toEqual(['李建国', '王芳'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(await visible(org_code)).toMatchObject({ household: 1, membership: 2, kin_link: 1 });
    }
    for (const org_code of [stations.huashan, stations.panlong]) expect(await visible(org_code)).toEqual(nothing);
    expect((await register.asOffice(stations.xiaguan, (context) => factsForMove(context, { person_ids: [mover] }))).origins[0]!.members.map((member) => member.name)).toEqual(['李建国', '王芳']);
    expect(await register.asOffice(stations.xiaguan, (context) => getPerson(context, { person_id: mover }))).toMatchObject({ name: '王芳' });
    await register.asOffice(stations.xiaguan, (context) => endDisclosure(context, { case_id }), case_id);
  });

  it('ends with its case, at once', async () => {
    const case_id = newId();
    await register.asOffice(stations.xiaguan, (context) => disclose(context, { case_id, person_ids: [mover], household_ids: [], org_code: stations.xiaguan }), case_id);
    await register.asOffice(stations.xiaguan, (context) => endDisclosure(context, { case_id }), case_id);
    expect(await seenPersons(stations.xiaguan)).toEqual([]);
    expect(await refused(register.asOffice(stations.xiaguan, (context) => factsForMove(context, { person_ids: [mover] })))).toBe('population.person_not_found');
  });

  it('ends at its time', async () => {
    const case_id = newId();
    await register.asOffice(stations.xiaguan, (context) => disclose(context, { case_id, person_ids: [mover], household_ids: [], org_code: stations.xiaguan, until: new Date(context.now.getTime() + 60_000) }), case_id);
    expect(await seenPersons(stations.xiaguan)).toHaveLength(2);
    register.clock.advanceMinutes(1);
    expect(await seenPersons(stations.xiaguan)).toEqual([]);
  });

  it('of one case survives the end of another', async () => {
    const [one, two] = [newId(), newId()];
    for (const case_id of [one, two]) await register.asOffice(stations.xiaguan, (context) => disclose(context, { case_id, person_ids: [mover], household_ids: [], org_code: stations.xiaguan }), case_id);
    await register.asOffice(stations.xiaguan, (context) => endDisclosure(context, { case_id: one }), one);
    expect(await seenPersons(stations.xiaguan)).toHaveLength(2);
    await register.asOffice(stations.xiaguan, (context) => endDisclosure(context, { case_id: two }), two);
  });

  it('does not find anybody by search: who is disclosed is opened from the case', async () => {
    const case_id = newId();
    await register.asOffice(stations.xiaguan, (context) => disclose(context, { case_id, person_ids: [mover], household_ids: [], org_code: stations.xiaguan }), case_id);
    expect(await register.asOffice(stations.xiaguan, (context) => searchPersons(context, { name: '王芳' }))).toEqual({ persons: [], next_cursor: null });
    await register.asOffice(stations.xiaguan, (context) => endDisclosure(context, { case_id }), case_id);
  });
});

describe('after a move', () => {
  it('the new station sees the whole history, the old one what happened with it', async () => {
    const family = await register.household(stations.huashan, [{ name: '周迁' }, { name: '周留', relation: '20', birth_on: '2000-01-01' }]);
    const moved = family.members[0]!.person_id;
    const case_id = newId();
    await register.asOffice(stations.xiaguan, async (context) => {
      await openLeases(context, { case_id, case_no: null, kind: 'move', person_ids: [moved], household_ids: [family.household_id], org_code: stations.xiaguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
      await transferPersons(context, {
        case_id, at: context.now, reason: '33', range: '40', movers: [{ person_id: moved, relation: '02' }], target: { new_household: { address_id: newId(), station_code: stations.xiaguan, household_type: '1' } },
        origin_changes: [{ household_id: family.household_id, new_head_id: family.members[1]!.person_id, relations: [] }],
      });
      await releaseLeases(context, { case_id });
    }, case_id);
    register.clock.advanceMinutes(1);
    const page = await register.asOffice(stations.xiaguan, (context) => getPerson(context, { person_id: moved }));
    expect(page.timeline.map((entry) => entry.kind)).toEqual(['moved', 'joined']);
    expect(await seenPersons(stations.huashan)).toEqual(['周留']);
    expect(await refused(register.asOffice(stations.huashan, (context) => getPerson(context, { person_id: moved })))).toBe('population.person_not_found');
    expect(await register.asOffice(stations.huashan, (context) => context.query('select out_station_code, in_station_code from population.movement'))).toEqual([{ out_station_code: stations.huashan, in_station_code: stations.xiaguan }]);
    // The household as it was, with who has left since.
    const before = await register.asOffice(stations.huashan, (context) => getHousehold(context, { household_id: family.household_id, known_at: '2026-11-22T00:00:00Z' }));
    expect(before.members.map((member) => member.name)).toEqual(['周迁', '周留']);
    expect(await register.asOffice(stations.xiaguan, (context) => searchPersons(context, { name: 'zhouqian' }))).toMatchObject({ persons: [{ person_id: moved, station_code: stations.xiaguan }] });
    expect(await register.asOffice(stations.huashan, (context) => searchPersons(context, { name: 'zhouqian' }))).toEqual({ persons: [], next_cursor: null });
  });
});
