/** Somebody dies who does not move: in the household that is left, in the one that is joined, or who applied for a child. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId, runUntilQuiet } from '../../../src/kernel/index.ts';
import { openLeases, recordDeath } from '../../../src/modules/population/index.ts';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { adults, agree, type CaseAtWork, type Family, headOf, minors, officesOf, openMove, placeOf, single, takeFamily } from '../../harness/case-at-work.ts';

let world: World;
let target: string;
let officer: Desk;
let chief: Desk;
beforeAll(async () => {
  world = await demoWorld();
  ({ target, officer, chief } = await officesOf(world));
});
afterAll(() => world.close());

const sameCounty = '530102';
const papers = { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'provided' }] };

/** A death is taken up at its station: it holds the person and the household from here on. */
async function reportDeath(household: Pick<Family, 'household_id' | 'station_code'>, person_id: string): Promise<string> {
  const death = newId();
  await world.act('police', (context) => openLeases(context, {
    case_id: death, case_no: null, kind: 'death', person_ids: [person_id], household_ids: [household.household_id], org_code: household.station_code, holder_name: '死亡登记', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z'),
  }));
  await runUntilQuiet(world.workers.police);
  return death;
}
async function registerDeath(death: string, person_id: string): Promise<void> {
  await world.act('police', async (context) => {
    context.forCase(death);
    await recordDeath(context, { case_id: death, person_id, died_on: '2026-11-22' });
    await context.query('select population.release_leases($1)', [death]);
  });
  await runUntilQuiet(world.workers.police);
}
const told = async (move: CaseAtWork): Promise<string[]> => (await move.messages()).filter(({ kind }) => kind === 'death_in_household').map(({ text }) => text.zh);
const grownUps = (family: Family) => adults(family).filter((one) => one.relation !== '02');

test('of those who stay: the move is told, waits for the registration, is checked again and goes on', async () => {
  const family = await takeFamily(world, sameCounty, (one) => grownUps(one).length >= 2 && minors(one).length === 0);
  const [mover, dead] = grownUps(family);
  const move = await openMove(world, officer, family, [mover!], '0501', { whole_household: false, head_leaves: false });
  await move.act(officer, 'accept');

  const death = await reportDeath(family, dead!.person_id);
  expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'approve' });
  expect((await told(move))[0]).toContain('死亡登记正在办理');
  const early = await move.try(chief, 'approve', agree);
  expect([early.status, early.body.code]).toEqual([409, 'population.under_lease']);

  await registerDeath(death, dead!.person_id);
  expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'approve' });
  expect((await told(move)).at(-1)).toContain('可以继续办理');
  expect((await move.acts()).slice(-2)).toEqual(['death_in_household', 'check_after_death']);
  await move.act(chief, 'approve', agree);
  await move.act(officer, 'execute');
  expect(await placeOf(world, mover!.person_id)).toMatchObject({ station_code: target });
});

test('who was to receive the movers: what was approved no longer holds, and the case is accepted anew', async () => {
  const { rows: [hosts] } = await world.police.owner.query<Pick<Family, 'household_id' | 'station_code' | 'address_id'> & { person_id: string; name: string; id_number: string }>(
    `select h.household_id, h.station_code, h.address_id, p.person_id, p.name, p.id_number from population.household h join population.membership m on m.household_id = h.household_id and upper_inf(m.period) join population.person p using (person_id)
     where h.household_type = '1' and h.status = 'active' and h.station_code = $1 and (select count(*) from population.membership o where o.household_id = h.household_id and upper_inf(o.period)) = 1
       and not exists (select from population.lease l where l.subject_id = h.household_id) order by h.household_no limit 1`, [target]);
  const family = await takeFamily(world, sameCounty, single);
  const move = await openMove(world, officer, family, family.members, '0501', {
    address_id: hosts!.address_id, household_choice: 'join', housing_basis: 'relative', target_head_name: hosts!.name, target_head_id_number: hosts!.id_number,
    movers: [{ name: headOf(family).name, id_number: headOf(family).id_number, relation: '97' }],
  }, papers);
  await move.act(officer, 'accept');
  await move.act(chief, 'approve', agree);
  expect(await move.row()).toMatchObject({ waiting_act: 'execute', approved_at: expect.anything() });

  await registerDeath(await reportDeath(hosts!, hosts!.person_id), hosts!.person_id);
  expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'accept', approved_at: null, decision: null });
  expect((await move.steps()).map(({ act, state }) => [act, state])).toEqual([['accept', 'active'], ['approve', 'waiting'], ['confirm_out', 'waiting'], ['execute', 'returned']]);
  expect((await told(move)).at(-1)).toContain('迁入户已注销');
  expect((await move.lastEvent())).toMatchObject({ act: 'return', actor_kind: 'system' });
  const refused = await move.try(officer, 'accept');
  expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'target_household_is_active_and_consents' })]);
  expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ household_id: family.household_id });
});

test('who applied for a child that cannot apply itself: the case ends and holds nothing', async () => {
  const parentOf = (family: Family) => grownUps(family).find((one) => minors(family).some((child) => family.kin.some((link) => link.person_id === child.person_id && link.kind === 'mother' && link.relative_id === one.person_id)));
  const family = await takeFamily(world, sameCounty, (one) => parentOf(one) !== undefined);
  const mother = parentOf(family)!;
  const child = minors(family).find((one) => family.kin.some((link) => link.person_id === one.person_id && link.relative_id === mother.person_id))!;
  const move = await openMove(world, officer, family, [child], '0501', { whole_household: false, head_leaves: false }, { applicant_name: mother.name, applicant_id_number: mother.id_number });
  await move.act(officer, 'accept');
  const death = await reportDeath(family, mother.person_id);
  expect((await move.row()).state).toBe('in_review');
  await registerDeath(death, mother.person_id);
  expect(await move.row()).toMatchObject({ state: 'terminated', decision: { outcome: 'terminated', reason_code: 'person_died' }, waiting_org: null });
  expect(await move.leases()).toBe(0);
  expect(await placeOf(world, child.person_id)).toMatchObject({ household_id: family.household_id });
});
