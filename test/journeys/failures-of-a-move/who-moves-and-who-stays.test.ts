/** Heads and successors, minors, whole households, a death on the way, collective households, a dwelling that is not empty. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, runUntilQuiet } from '../../../src/kernel/index.ts';
import { changeMainItems, openLeases, recordDeath, releaseLeases } from '../../../src/modules/population/index.ts';
import { idNumber } from '../../harness/register.ts';
import { declareMove } from '../../harness/moves.ts';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { type Acting, adults, agree, CaseAtWork, countyOf, type Family, headOf, minors, officesOf, openMove, placeOf, postAt, registerOf, single, takeAddress, takeFamily } from '../../harness/case-at-work.ts';

let world: World;
let target: string;
let officer: Desk;
let chief: Desk;
let county: Desk;

beforeAll(async () => {
  world = await demoWorld();
  ({ target, officer, chief, county } = await officesOf(world));
});
afterAll(() => world.close());

const sameCounty = '530102';
const farAway = '532901';
const subjects = (family: Family): [string[], string[]] => [family.members.map((member) => member.person_id), [family.household_id]];
const coupleWithSpouse = (family: Family) => adults(family).length >= 2 && family.members.some((member) => ['11', '12'].includes(member.relation));

/** Accepts, approves and executes a move inside the county. */
async function carryOut(move: CaseAtWork): Promise<void> {
  await move.act(officer, 'accept');
  await move.act(chief, 'approve', agree);
  await move.act(officer, 'execute');
}

describe('the head leaves and members stay', () => {
  test('without a successor the move is not accepted, and the register stands untouched', async () => {
    const family = await takeFamily(world, sameCounty, coupleWithSpouse);
    const before = await registerOf(world, ...subjects(family));
    // The applicant says wrongly that the head stays: the register knows better.
    const move = await openMove(world, officer, family, [headOf(family)], '0501', { head_leaves: false });
    const refused = await move.try(officer, 'accept');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.precondition_failed']);
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'leaving_head_has_successor', code: 'return', zh: expect.stringContaining(family.members[1]!.name) })]);
    expect(await registerOf(world, ...subjects(family))).toEqual(before);
    expect([await move.leases(), (await move.row()).state, await move.acts()]).toEqual([0, 'submitted', ['submit']]);
  });

  test('the successor becomes head and all others get new relations: shown before, stored after', async () => {
    const family = await takeFamily(world, sameCounty, (one) => coupleWithSpouse(one) && one.members.length >= 3 && one.members.some((member) => ['11', '12'].includes(member.relation)) && one.kin.length > 0);
    const spouse = family.members.find((member) => ['11', '12'].includes(member.relation))!;
    const move = await openMove(world, officer, family, [headOf(family)], '0501', { new_head_id_number: spouse.id_number });
    const shown = (await move.view(officer)).after.find((household: { household_id: string }) => household.household_id === family.household_id);
    expect(shown.closes).toBe(false);
    expect(shown.members[0]).toMatchObject({ person_id: spouse.person_id, relation: '02', change: 'changed' });
    await carryOut(move);
    for (const member of family.members.slice(1)) {
      const place = await placeOf(world, member.person_id);
      expect(place).toMatchObject({ household_id: family.household_id, status: 'active' });
      expect(place!.relation, member.name).toBe(shown.members.find((one: { person_id: string }) => one.person_id === member.person_id).relation);
      // Nobody is the spouse of the wife who became head, except the husband who left.
      if (member !== spouse) expect(['11', '12']).not.toContain(place!.relation);
    }
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target, relation: '02' });
    // What held before is kept as past, not overwritten.
    const { rows } = await world.police.owner.query('select relation from population.membership where person_id = $1 and household_id = $2 order by lower(period)', [spouse.person_id, family.household_id]);
    expect(rows.map((row) => row.relation)).toEqual([spouse.relation, '02']);
  });

  test('a minor is no successor while an adult stays', async () => {
    const family = await takeFamily(world, sameCounty, (one) => coupleWithSpouse(one) && minors(one).length >= 1);
    const move = await openMove(world, officer, family, [headOf(family)], '0501', { new_head_id_number: minors(family)[0]!.id_number });
    const refused = await move.try(officer, 'accept');
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'leaving_head_has_successor', zh: expect.stringContaining('未成年') })]);
    expect(await move.leases()).toBe(0);
  });
});

describe('a minor leaves part of the family behind', () => {
  const withChild = (one: Family): boolean => adults(one).length >= 2 && minors(one).some((child) => one.kin.some((link) => link.person_id === child.person_id && link.relative_id === headOf(one).person_id));
  let family: Family;
  let movers: Family['members'];
  let declared: Awaited<ReturnType<typeof declareMove>>;
  beforeAll(async () => {
    family = await takeFamily(world, sameCounty, withChild);
    const child = minors(family).find((one) => family.kin.some((link) => link.person_id === one.person_id && link.relative_id === headOf(family).person_id))!;
    movers = [headOf(family), child];
    declared = await declareMove(world, family, movers, target, '0501', { new_head_id_number: adults(family).find((one) => one !== headOf(family))!.id_number });
  });
  const enter = (minor_follows_divorced_parent: boolean | undefined, more: { code: string; by: string }[] = []) => officer.post<Acting & { violations: { field: string; code: string }[] }>('/api/cases', {
    ...declared, answers: { ...declared.answers, minor_follows_divorced_parent }, materials: [...declared.materials, ...more],
  });

  test('so it is asked whether divorced parents are concerned (2021 work rules, art. 42)', async () => {
    const refused = await enter(undefined);
    expect([refused.status, refused.body.violations.map(({ field, code }) => `${field}:${code}`)]).toEqual([422, ['minor_follows_divorced_parent:required']]);
  });

  test('they are, and nothing shows who has custody: the station does not accept before it does', async () => {
    const { body } = await enter(true);
    const move = new CaseAtWork(world, body);
    expect((await move.view(officer))['materials'].find(({ code }: { code: string }) => code === 'M39')).toMatchObject({ state: 'missing' });
    const refused = await move.try(officer, 'accept');
    expect([refused.body.code, refused.body['title']]).toEqual(['cases.materials_missing', expect.stringContaining('抚养权')]);
    await move.act(officer, 'supplement', { items: [{ subject: 'M39', zh: '请补交离婚证和抚养协议,或者生效判决书。' }] });
    await move.act(officer, 'answer', { answers: {}, materials: [{ code: 'M39', by: 'provided' }] });
    await move.act(officer, 'accept');
  });
});

describe('only minors would remain', () => {
  let family: Family;
  let move: CaseAtWork;
  test('the station accepts, but even inside the county it does not decide: the county is put above it', async () => {
    family = await takeFamily(world, sameCounty, (one) => adults(one).length === 1 && headOf(one) === adults(one)[0] && minors(one).length >= 1);
    move = await openMove(world, officer, family, [headOf(family)], '0501', { new_head_id_number: minors(family)[0]!.id_number });
    const check = (await move.view(officer)).checks.find((one: { rule: string }) => one.rule === 'no_minor_left_alone');
    expect(check).toMatchObject({ passed: false, on_fail: 'escalate' });
    await move.act(officer, 'accept');
    expect((await move.steps()).map((step) => [step.act, step.role, step.org_code, step.state])).toEqual([
      ['accept', 'station_officer', target, 'done'], ['review', 'station_chief', target, 'active'], ['approve', 'county_section_chief', countyOf(target), 'waiting'],
      ['confirm_out', 'station_officer', family.station_code, 'waiting'], ['execute', 'station_officer', target, 'waiting'],
    ]);
    expect((await move.lastEvent()).detail.escalated).toEqual(['no_minor_left_alone']);
  });

  test('the chief of the station cannot approve it', async () => {
    const refused = await move.try(chief, 'approve', agree);
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.act_not_now']);
    expect((await move.row()).approved_at).toBeNull();
  });

  test('the county decides, knowing what was escalated', async () => {
    await move.act(chief, 'review', agree);
    await move.act(county, 'approve', agree);
    expect((await move.lastEvent()).detail).toMatchObject({ above: ['no_minor_left_alone'], automatic: ['confirm_out'] });
    await move.act(officer, 'execute');
    expect(await placeOf(world, minors(family)[0]!.person_id)).toMatchObject({ household_id: family.household_id, relation: '02', status: 'active' });
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
  });
});

describe('that only a minor would remain shows at the approval', () => {
  test('the station’s agreement goes up as a review, and the county decides', async () => {
    const family = await takeFamily(world, sameCounty, (one) => one.members.length === 2 && adults(one).length === 2);
    const staying = headOf(family);
    const move = await openMove(world, officer, family, [family.members[1]!], '0501');
    await move.act(officer, 'accept');
    expect(await move.steps()).toHaveLength(4);
    // Those who stay are not leased: the birth date of one of them is corrected meanwhile.
    const correction = newId();
    await world.act('police', async (context) => {
      context.forCase(correction);
      await openLeases(context, { case_id: correction, case_no: null, kind: 'identity', person_ids: [staying.person_id], household_ids: [], org_code: family.station_code, holder_name: '更正', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') });
      await changeMainItems(context, { case_id: correction, person_id: staying.person_id, kind: 'correction', items: { birth_on: '2012-03-04', id_number: idNumber('2012-03-04', staying.sex as '1' | '2') }, effective_on: '2026-11-23' });
      await releaseLeases(context, { case_id: correction });
    });
    await move.act(chief, 'approve', agree);
    expect(await move.row()).toMatchObject({ approved_at: null, decision: null, waiting_org: countyOf(target), waiting_act: 'approve' });
    expect((await move.steps()).map((step) => [step['step'], step['act'], step['level'], step['state']])).toEqual([
      [1, 'accept', 'STATION', 'done'], [2, 'review', 'STATION', 'done'], [3, 'approve', 'COUNTY', 'active'], [4, 'confirm_out', 'STATION', 'waiting'], [5, 'execute', 'STATION', 'waiting']]);
    expect(await move.lastEvent()).toMatchObject({ act: 'review', detail: { above: ['no_minor_left_alone'] } });
    await move.act(county, 'approve', agree);
    await move.act(officer, 'execute');
    expect(await placeOf(world, staying.person_id)).toMatchObject({ household_id: family.household_id, relation: '02' });
  });
});

describe('the whole household moves', () => {
  test('the household left is closed, and its number is never given again', async () => {
    const family = await takeFamily(world, sameCounty, (one) => one.members.length >= 2 && one.members.length <= 4);
    const move = await openMove(world, officer, family, family.members, '0501');
    expect((await move.view(officer)).after.map((household: { opens: boolean; closes: boolean }) => [household.closes, household.opens])).toEqual([[true, false], [false, true]]);
    await carryOut(move);
    const { rows: [left] } = await world.police.owner.query('select status, household_no, closed_on::text from population.household where household_id = $1', [family.household_id]);
    expect(left).toEqual({ status: 'closed', household_no: family.household_no, closed_on: '2026-11-23' });
    // Somebody settles at the station that lost the household: another number, beyond every one given so far.
    const newcomers = await takeFamily(world, farAway, single);
    const there = await postAt(world, 'station_officer', family.station_code);
    const arrival = await openMove(world, there, newcomers, newcomers.members, '0503', { address_id: await takeAddress(world, family.station_code) });
    await arrival.act(there, 'accept');
    await arrival.act(await postAt(world, 'station_chief', family.station_code), 'review', agree);
    await arrival.act(county, 'approve', agree);
    await arrival.act(await postAt(world, 'station_officer', newcomers.station_code), 'confirm-out');
    await arrival.act(there, 'execute');
    const place = await placeOf(world, newcomers.members[0]!.person_id);
    expect(place!.station_code).toBe(family.station_code);
    const { rows } = await world.police.owner.query('select household_no from population.household where left(household_no, 9) = left($1, 9) and household_id <> $2', [place!.household_no, place!.household_id]);
    for (const { household_no } of rows) expect(place!.household_no > household_no).toBe(true);
  });

  test('it may join a household that is there: that household is leased too, and keeps its head', async () => {
    const hosts = await takeFamilyAtTarget();
    const family = await takeFamily(world, sameCounty, single);
    const move = await openMove(world, officer, family, family.members, '0501', {
      address_id: hosts.address_id, household_choice: 'join', housing_basis: 'relative', target_head_name: headOf(hosts).name, target_head_id_number: headOf(hosts).id_number,
      movers: [{ name: headOf(family).name, id_number: headOf(family).id_number, relation: '97' }],
    }, { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'provided' }] });
    await move.act(officer, 'accept');
    const { rows } = await world.police.owner.query('select subject_id from population.lease where case_id = $1 and released_at is null', [move.id]);
    expect(rows.map((row) => row.subject_id).sort()).toEqual([headOf(family).person_id, family.household_id, hosts.household_id].sort());
    await move.act(chief, 'approve', agree);
    await move.act(officer, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ household_id: hosts.household_id, relation: '97' });
    expect(await placeOf(world, headOf(hosts).person_id)).toMatchObject({ household_id: hosts.household_id, relation: '02' });
  });

  test('whoever names somebody who is not the head there is told so', async () => {
    const hosts = await takeFamilyAtTarget((one) => one.members.length >= 2);
    const family = await takeFamily(world, sameCounty, single);
    const member = hosts.members[1]!;
    const move = await openMove(world, officer, family, family.members, '0501', {
      address_id: hosts.address_id, household_choice: 'join', housing_basis: 'relative', target_head_name: member.name, target_head_id_number: member.id_number,
      movers: [{ name: headOf(family).name, id_number: headOf(family).id_number, relation: '97' }],
    }, { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'provided' }] });
    const refused = await move.try(officer, 'accept');
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'target_household_is_active_and_consents', zh: expect.stringContaining('不是迁入户的户主') })]);
  });
});

async function takeFamilyAtTarget(shape: (family: Family) => boolean = () => true): Promise<Family> {
  const { rows } = await world.police.owner.query<Family>(
    `select h.household_id, h.household_no, h.station_code, h.address_id, (
       select json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'relation', m.relation, 'sex', p.sex, 'birth_on', p.birth_on) order by m.relation <> '02', p.birth_on)
       from population.membership m join population.person p using (person_id) where m.household_id = h.household_id and upper_inf(m.period)) as members
     from population.household h where h.household_type = '1' and h.status = 'active' and h.station_code = $1 and h.established_on < '2026-11-01'
       and not exists (select from population.lease l where l.subject_id = h.household_id) order by h.household_no`, [target]);
  return rows.find(shape)!;
}

describe('a minor moves alone', () => {
  const childOf = (family: Family) => minors(family).find((child) => family.kin.some((link) => link.person_id === child.person_id && link.kind === 'mother' && adults(family).some((one) => one.person_id === link.relative_id)))!;
  const withMotherAtHome = (one: Family) => childOf(one) !== undefined && one.members.length >= 3;

  test('on the own application it is not accepted', async () => {
    const family = await takeFamily(world, sameCounty, withMotherAtHome);
    const before = await registerOf(world, ...subjects(family));
    const move = await openMove(world, officer, family, [childOf(family)], '0501');
    const refused = await move.try(officer, 'accept');
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'minor_does_not_move_alone', zh: expect.stringContaining(childOf(family).name) })]);
    expect(await registerOf(world, ...subjects(family))).toEqual(before);
    expect(await move.leases()).toBe(0);
  });

  test('on the application of the mother it is', async () => {
    const family = await takeFamily(world, sameCounty, withMotherAtHome);
    const child = childOf(family);
    const mother = family.members.find((one) => family.kin.some((link) => link.person_id === child.person_id && link.kind === 'mother' && link.relative_id === one.person_id))!;
    const move = await openMove(world, officer, family, [child], '0501', {}, { applicant_name: mother.name, applicant_id_number: mother.id_number });
    await carryOut(move);
    expect(await placeOf(world, child.person_id)).toMatchObject({ station_code: target });
    expect(await placeOf(world, mother.person_id)).toMatchObject({ household_id: family.household_id });
  });
});

describe('one of those who move dies before the execution', () => {
  test('the death is registered at the origin, the move ends by itself and holds nothing', async () => {
    const family = await takeFamily(world, sameCounty, (one) => coupleWithSpouse(one) && one.members.length === 2);
    const move = await openMove(world, officer, family, family.members, '0501');
    await move.act(officer, 'accept');
    await move.act(chief, 'approve', agree);
    const [survivor, dead] = family.members;
    const death = newId();
    await world.act('police', async (context) => {
      await openLeases(context, { case_id: death, case_no: null, kind: 'death', person_ids: [dead!.person_id], household_ids: [family.household_id], org_code: family.station_code, holder_name: '死亡登记', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') });
      context.forCase(death);
      await recordDeath(context, { case_id: death, person_id: dead!.person_id, died_on: '2026-11-22' });
    });
    const before = await registerOf(world, ...subjects(family));
    // Before the news has gone round the officer tries: what was approved no longer holds, and whoever decided decides again.
    const refused = await move.try(officer, 'execute');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.precondition_failed']);
    expect(refused.body.violations).toContainEqual(expect.objectContaining({ field: 'registration_is_active', zh: `已登记死亡:${dead!.name}。` }));
    expect(await registerOf(world, ...subjects(family))).toEqual(before);

    await runUntilQuiet(world.workers.police);
    expect(await move.row()).toMatchObject({ state: 'terminated', decision: { outcome: 'terminated', reason_code: 'person_died' }, waiting_org: null });
    expect(await move.leases()).toBe(0);
    expect(await registerOf(world, ...subjects(family))).toEqual(before);
    expect(await placeOf(world, survivor!.person_id)).toMatchObject({ household_id: family.household_id, station_code: family.station_code });
    expect(await placeOf(world, dead!.person_id)).toBeUndefined();
    const late = await move.try(officer, 'execute');
    expect([late.status, late.body.code]).toEqual([409, 'cases.act_not_now']);
  });

  test('a case in which the dead had no part goes on', async () => {
    const [family, others] = [await takeFamily(world, sameCounty, single), await takeFamily(world, sameCounty, single)];
    const move = await openMove(world, officer, family, family.members, '0501');
    await move.act(officer, 'accept');
    const death = newId();
    await world.act('police', async (context) => {
      await openLeases(context, { case_id: death, case_no: null, kind: 'death', person_ids: [headOf(others).person_id], household_ids: [others.household_id], org_code: others.station_code, holder_name: '死亡登记', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') });
      context.forCase(death);
      await recordDeath(context, { case_id: death, person_id: headOf(others).person_id, died_on: '2026-11-22' });
    });
    await runUntilQuiet(world.workers.police);
    expect((await move.row()).state).toBe('in_review');
  });
});

describe('the target is a collective household', () => {
  let collective: { household_id: string; address_id: string; name: string; id_number: string };
  beforeAll(async () => {
    const { rows: [row] } = await world.police.owner.query(
      `select h.household_id, h.address_id, p.name, p.id_number from population.household h join population.membership m on m.household_id = h.household_id and upper_inf(m.period) join population.person p using (person_id)
       where h.household_type <> '1' and h.status = 'active' and h.station_code = $1 limit 1`, [target]);
    collective = row;
  });
  const into = (family: Family, relation: string) => ({
    address_id: collective.address_id, household_choice: 'join', housing_basis: 'collective', target_head_name: collective.name, target_head_id_number: collective.id_number,
    movers: [{ name: headOf(family).name, id_number: headOf(family).id_number, relation }],
  });
  const papers = (...codes: string[]) => ({ materials: ['M01', ...codes].map((code) => ({ code, by: 'provided' })) });

  test('a family relation is refused, and so is a move without the unit’s consent', async () => {
    const family = await takeFamily(world, sameCounty, single);
    const before = await registerOf(world, ...subjects(family));
    const related = await openMove(world, officer, family, family.members, '0501', into(family, '97'), papers('M27'));
    expect((await related.try(officer, 'accept')).body.violations).toEqual([expect.objectContaining({ field: 'collective_target_is_in_order', zh: expect.stringContaining('(99)') })]);
    const without = await openMove(world, officer, family, family.members, '0501', into(family, '99'), papers());
    expect((await without.try(officer, 'accept')).body).toMatchObject({ code: 'cases.materials_missing', facts: { materials: '房屋产权人同意落户书' } });
    expect(await registerOf(world, ...subjects(family))).toEqual(before);
  });

  test('with relation 99 and consent it is joined; others may join at the same time', async () => {
    const [one, two] = [await takeFamily(world, sameCounty, single), await takeFamily(world, sameCounty, single)];
    const moves = [await openMove(world, officer, one, one.members, '0501', into(one, '99'), papers('M27')), await openMove(world, officer, two, two.members, '0501', into(two, '99'), papers('M27'))];
    for (const move of moves) await move.act(officer, 'accept');
    for (const move of moves) await move.act(chief, 'approve', agree);
    for (const move of moves) await move.act(officer, 'execute');
    for (const family of [one, two]) expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ household_id: collective.household_id, relation: '99' });
  });
});

describe('the dwelling holds another household already', () => {
  test('the officer sees it, the station is told to notify the residents, and the new household stands beside the old one', async () => {
    const residents = await takeFamilyAtTarget();
    const family = await takeFamily(world, sameCounty, single);
    const move = await openMove(world, officer, family, family.members, '0501', { address_id: residents.address_id });
    expect((await move.view(officer)).checks.find((one: { rule: string }) => one.rule === 'dwelling_is_free')).toMatchObject({ passed: false, on_fail: 'notify', finding: { zh: expect.stringContaining(residents.household_no) } });
    await carryOut(move);
    expect(await move.messages()).toContainEqual({ org_code: target, kind: 'dwelling_is_free', text: expect.objectContaining({ zh: expect.stringContaining('请书面告知原住户') }) });
    const { rows } = await world.police.owner.query(`select household_id from population.household where address_id = $1 and status = 'active'`, [residents.address_id]);
    expect(rows.map((row) => row.household_id)).toContain(residents.household_id);
    expect(rows).toHaveLength(2);
    expect(await placeOf(world, headOf(residents).person_id)).toMatchObject({ household_id: residents.household_id, relation: '02' });
  });
});
