/** Taking back, refusing, returning, undoing on the same day, checking promises, offices that are reorganised. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runUntilQuiet } from '../../../src/kernel/index.ts';
import { forgetRemembered } from '../../../src/modules/reference/index.ts';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { agree, type CaseAtWork, caseOfReceipt, countyOf, type Family, headOf, mayMoveWhole, type Offices, officesOf, openMove, placeOf, postAt, receive, registerOf, sentTo, setClock, submitOnline, takeAddress, takeFamily, tick } from '../../harness/case-at-work.ts';

let world: World;
let target: string;
let origin: string;
let officer: Desk;
let chief: Desk;
let county: Desk;
let old: Desk;
let offices: Offices;

beforeAll(async () => {
  world = await demoWorld();
  offices = await officesOf(world);
  ({ target, origin, officer, chief, county, old } = offices);
});
afterAll(() => world.close());
beforeEach(() => at('2026-11-23 09:00'));

const at = (local: string): void => setClock(world, local);
const registered = (family: Family) => registerOf(world, family.members.map((member) => member.person_id), [family.household_id]);
const farAway = () => takeFamily(world, origin, mayMoveWhole);
const told = async (move: CaseAtWork) => (await move.messages()).map(({ org_code, kind }) => `${kind} → ${org_code}`);

describe('taking back', () => {
  test('the applicant withdraws until the approval: nothing is held, nothing has changed', async () => {
    const { family, move } = await offices.accept();
    const before = await registered(family);
    await move.act(officer, 'withdraw', { reason: '申请人不再迁移' });
    expect(await move.row()).toMatchObject({ state: 'withdrawn', decision: { outcome: 'withdrawn', reason: '申请人不再迁移' }, waiting_org: null });
    expect([await move.leases(), await registered(family)]).toEqual([0, before]);
    const { rows } = await world.police.owner.query('select count(*)::int as open from population.disclosure where case_id = $1 and until > $2', [move.id, world.clock.now()]);
    expect(rows[0].open).toBe(0);
  });

  test('after the approval it is too late, and the answer says what to do instead', async () => {
    const { move } = await offices.approve();
    const refused = await move.try(officer, 'withdraw', { reason: '申请人不再迁移' });
    expect([refused.status, refused.body.code, refused.body.title]).toEqual([409, 'cases.too_late_to_withdraw', expect.stringContaining('申请迁回')]);
    expect((await move.row()).state).toBe('in_review');
  });

  test('by the portal: in time it ends the case, too late the applicant is told', async () => {
    const [one, two] = [await farAway(), await farAway()];
    await submitOnline(world, 'E1B2C3D4', one, one.members);
    await submitOnline(world, 'F1B2C3D4', two, two.members);
    const [early, late] = [await caseOfReceipt(world, 'E1B2C3D4'), await caseOfReceipt(world, 'F1B2C3D4')];
    await receive(world, 'portal.withdraw_application', { receipt_no: 'E1B2C3D4', reason: '不迁了', asked_at: '2026-11-23T02:00:00Z' });
    expect((await early.row()).state).toBe('withdrawn');
    await late.act(officer, 'accept');
    await late.act(chief, 'review', agree);
    await late.act(county, 'approve', agree);
    await receive(world, 'portal.withdraw_application', { receipt_no: 'F1B2C3D4', reason: '不迁了', asked_at: '2026-11-23T02:00:00Z' });
    expect(await late.row()).toMatchObject({ state: 'in_review', waiting_act: 'confirm_out' });
    await runUntilQuiet(world.workers.police);
    expect((await sentTo(world, 'F1B2C3D4', 'cases.progress')).at(-1)).toMatchObject({ state: 'in_review', text: { zh: expect.stringContaining('不能撤回') } });
  });

  test('only the side of the destination withdraws or ends a case; the origin has its objection', async () => {
    const { move } = await offices.accept();
    for (const [verb, body] of [['withdraw', { reason: '原籍要求撤回' }], ['terminate', { reason_code: 'duplicate_case', reason: '原籍认为重复' }]] as const) {
      const refused = await move.try(old, verb, body);
      expect([verb, refused.status, refused.body.code]).toEqual([verb, 403, 'cases.not_your_turn']);
    }
    expect((await move.row()).state).toBe('in_review');
  });

  test('the receiving head takes the consent back until the approval, not later, and only where consent was needed', async () => {
    const relative = { housing_basis: 'relative' };
    const papers = { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'provided' }] };
    const { family, move } = await offices.open('0501', relative, papers);
    const before = await registered(family);
    await move.act(officer, 'accept');
    await move.act(officer, 'withdraw-consent', { reason: '产权人撤回同意' });
    expect(await move.row()).toMatchObject({ state: 'rejected', decision: { outcome: 'rejected', reason_code: 'consent_missing' } });
    expect([await move.leases(), await registered(family)]).toEqual([0, before]);

    const { move: late } = await offices.open('0501', relative, papers);
    await late.act(officer, 'accept');
    await late.act(chief, 'approve', agree);
    expect((await late.try(officer, 'withdraw-consent', { reason: '产权人撤回同意' })).body.code).toBe('cases.too_late_to_withdraw');

    const { move: own } = await offices.accept('0501');
    const refused = await own.try(officer, 'withdraw-consent', { reason: '产权人撤回同意' });
    expect([refused.status, refused.body.code, (await own.row()).state]).toEqual([409, 'cases.no_consent_given', 'in_review']);
  });
});

describe('the decision is no', () => {
  test('the station disagrees: the county receives a draft, the steps between are passed over, and it decides', async () => {
    const { family, move } = await offices.accept();
    const before = await registered(family);
    for (const incomplete of [{ agree: false, opinion: '不' }, { agree: false, opinion: '住所不属实。' }]) expect((await move.try(chief, 'review', incomplete)).body.code).toBe('cases.opinion_needed');
    expect((await move.try(chief, 'review', { agree: false, opinion: '住所不属实。', reason_code: 'not_competent' })).body.code).toBe('cases.reason_unknown');
    await move.act(chief, 'review', { agree: false, opinion: '住所不属实。', reason_code: 'dwelling_not_lawful' });
    expect((await move.steps()).map((step) => step['state'])).toEqual(['done', 'refused', 'active', 'waiting', 'waiting']);
    await move.act(county, 'approve', { agree: false, opinion: '经核查住所不属实。', reason_code: 'dwelling_not_lawful' });
    expect(await move.row()).toMatchObject({ state: 'rejected', decision: { outcome: 'rejected', reason_code: 'dwelling_not_lawful', reason: '经核查住所不属实。' } });
    expect([await move.leases(), await registered(family)]).toEqual([0, before]);
  });

  test('acceptance is refused with a reason of the list, the article and the remedy', async () => {
    const { move } = await offices.open();
    expect((await move.try(officer, 'refuse-acceptance', { reason_code: 'dwelling_not_lawful', reason: '不符合受理条件' })).body.code).toBe('cases.reason_unknown');
    await move.act(officer, 'refuse-acceptance', { reason_code: 'not_entitled', reason: '申请人不是本人、户主或监护人' });
    expect((await move.view(officer)).decision).toMatchObject({ outcome: 'not_accepted', law: { zh: expect.stringContaining('第三十九条') }, remedy: { zh: expect.stringContaining('行政复议') } });
  });

  test('what was settled at acceptance stays readable after the end, without opening the register again', async () => {
    const { move } = await offices.accept();
    await move.act(officer, 'withdraw', { reason: '申请人不再迁移' });
    for (const desk of [officer, old]) {
      const view = await move.view(desk);
      expect(view.materials.map((material: { code: string; state: string }) => [material.code, material.state])).toEqual([['M01', 'provided'], ['M24', 'provided']]);
      expect([view.before, view.after, view.checks]).toEqual([[], [], []]);
      expect(view.movers[0]).toMatchObject({ found: true, birth_on: null, station_name: null });
    }
  });
});

describe('the way back down', () => {
  test('a case is returned to an earlier step only, and the steps between are done again', async () => {
    const { move } = await offices.accept();
    await move.act(chief, 'review', agree);
    expect((await move.try(county, 'return', { to_step: 3, reason: '退回到自己' })).body).toMatchObject({ code: 'cases.step_not_earlier', facts: { last: 2 } });
    await move.act(county, 'return', { to_step: 1, reason: '请重新核对产权证。' });
    expect((await move.steps()).map((step) => step['state'])).toEqual(['active', 'waiting', 'returned', 'waiting', 'waiting']);
    expect(await told(move)).toContain(`returned → ${target}`);
    await move.act(officer, 'accept', { opinion: '已核对。' });
    await move.act(chief, 'review', agree);
    await move.act(county, 'approve', agree);
    expect((await move.steps()).map((step) => step['state'])).toEqual(['done', 'done', 'done', 'active', 'waiting']);
    expect(await move.acts()).toEqual(['submit', 'accept', 'review', 'return', 'accept', 'review', 'approve']);
  });
});

describe('undoing an execution', () => {
  test('on the same day the deciding level undoes it as a whole: both places are as before', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'confirm-out');
    const before = await placeOf(world, headOf(family).person_id);
    await move.act(officer, 'execute');
    const founded = await placeOf(world, headOf(family).person_id);
    at('2026-11-23 17:00');
    expect((await move.try(officer, 'reverse', { reason: '录入错误,需要冲销' })).status).toBe(403);
    expect((await move.try(await postAt(world, 'county_section_chief', countyOf(origin)), 'reverse', { reason: '录入错误,需要冲销' })).body.code).toBe('cases.not_your_turn');
    await move.act(county, 'reverse', { reason: '录入错误,需要冲销' });
    for (const member of family.members) expect(await placeOf(world, member.person_id)).toMatchObject({ household_id: family.household_id, household_no: family.household_no, station_code: origin, status: 'active' });
    expect((await placeOf(world, headOf(family).person_id))!.relation).toBe(before!.relation);
    const { rows: [household] } = await world.police.owner.query('select status from population.household where household_id = $1', [founded!.household_id]);
    expect(household.status).toBe('closed');
    expect(await move.row()).toMatchObject({ state: 'terminated', decision: { outcome: 'reversed' } });
    expect(await told(move)).toEqual(expect.arrayContaining([`reversed → ${target}`, `reversed → ${origin}`]));
  });

  test('on the next day it is too late: a correction or a move back is', async () => {
    const { family, move } = await offices.approve('0501');
    await move.act(officer, 'execute');
    const before = await registered(family);
    at('2026-11-24 00:01');
    const refused = await move.try(chief, 'reverse', { reason: '录入错误,需要冲销' });
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.not_same_day']);
    expect([await registered(family), (await move.row()).state]).toEqual([before, 'executed']);
    // The page says so before anybody tries.
    expect((await move.view(chief)).acts.find((act: { act: string }) => act.act === 'reverse')).toMatchObject({ allowed: false, why_not: { zh: expect.stringContaining('当日') } });
  });
});

describe('what was promised in writing', () => {
  test('is checked thirty days after the execution; what was undone is not', async () => {
    const relative = { housing_basis: 'relative' };
    const promised = { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }] };
    const { move } = await offices.open('0501', relative, promised);
    const { move: undone } = await offices.open('0501', relative, promised);
    for (const one of [move, undone]) {
      await one.act(officer, 'accept');
      await one.act(chief, 'approve', agree);
      await one.act(officer, 'execute');
    }
    at('2026-11-23 10:00');
    await undone.act(chief, 'reverse', { reason: '录入错误,需要冲销' });
    const { rows } = await world.police.owner.query('select code, due_on::text from cases.recheck where case_id = $1', [move.id]);
    expect(rows).toEqual([{ code: 'M27', due_on: '2026-12-23' }]);
    at('2026-12-22 23:00');
    await tick(world, 'call_rechecks');
    expect(await told(move)).not.toContain(`recheck → ${target}`);
    at('2026-12-23 01:00');
    await tick(world, 'call_rechecks');
    await tick(world, 'call_rechecks');
    expect((await told(move)).filter((line) => line === `recheck → ${target}`)).toHaveLength(1);
    expect(await told(undone)).not.toContain(`recheck → ${target}`);
  });
});

describe('a station is succeeded by another between acceptance and execution', () => {
  test('its open cases go on at the successor, with the people disclosed to it; what was done stays where it was done', async () => {
    const dissolved = '530102600000';
    const heir = '530102610000';
    const [there, chiefThere] = [await postAt(world, 'station_officer', dissolved), await postAt(world, 'station_chief', dissolved)];
    const family = await farAway();
    const move = await openMove(world, there, family, family.members, '0503', { address_id: await takeAddress(world, dissolved) });
    await move.act(there, 'accept');
    await move.act(chiefThere, 'review', agree);
    await world.police.owner.query(`update reference.organisation set valid_to = '2026-11-23', successor_code = $2 where org_code = $1`, [dissolved, heir]);
    await world.police.owner.query('update reference.standard_address set station_code = $2 where station_code = $1', [dissolved, heir]);
    forgetRemembered();
    await tick(world, 'follow_successors');
    expect(await move.row()).toMatchObject({ target_org: heir, origin_org: origin, waiting_org: countyOf(heir) });
    expect((await move.steps()).map((step) => [step.act, step.org_code])).toEqual([['accept', dissolved], ['review', dissolved], ['approve', countyOf(heir)], ['confirm_out', origin], ['execute', heir]]);
    expect(await move.lastEvent()).toMatchObject({ act: 'follow_successor', actor_kind: 'system', detail: { from: dissolved, to: heir } });
    await move.act(county, 'approve', agree);
    await move.act(old, 'confirm-out');
    const officerOfHeir = await postAt(world, 'station_officer', heir);
    expect((await move.view(officerOfHeir)).movers[0].found).toBe(true);
    expect((await move.try(there, 'execute')).body.code).toBe('cases.not_found');
    await move.act(officerOfHeir, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: heir });
    // Nothing is left to hand over.
    const { rows: [{ events }] } = await world.police.owner.query('select count(*)::int as events from cases.case_event where act = $1', ['follow_successor']);
    await tick(world, 'follow_successors');
    expect((await world.police.owner.query('select count(*)::int as events from cases.case_event where act = $1', ['follow_successor'])).rows[0].events).toBe(events);
  });

  test('the origin’s turn goes to the successor of the origin', async () => {
    const { move } = await offices.accept();
    const heir = '532901560000';
    await move.act(chief, 'review', agree);
    await move.act(county, 'approve', agree);
    await world.police.owner.query(`update reference.organisation set valid_to = '2026-11-23', successor_code = $2 where org_code = $1`, [origin, heir]);
    forgetRemembered();
    try {
      await tick(world, 'follow_successors');
      expect(await move.row()).toMatchObject({ origin_org: heir, waiting_org: heir, waiting_act: 'confirm_out' });
      const successor = await postAt(world, 'station_officer', heir);
      await move.view(successor);
      await move.act(successor, 'confirm-out');
    } finally {
      await world.police.owner.query('update reference.organisation set valid_to = null, successor_code = null where org_code = $1', [origin]);
      forgetRemembered();
    }
  });
});

test('everything the acts wrote is one whole chain per case', async () => {
  const { rows } = await world.police.owner.query('select case_no from cases.case_file where not cases.chain_intact(case_id)');
  expect(rows).toEqual([]);
});
