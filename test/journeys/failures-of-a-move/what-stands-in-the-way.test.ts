/** Other cases, alterations, objections, holds by a document, facts that change on the way. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, runUntilQuiet } from '../../../src/kernel/index.ts';
import { changeMainItems, openLeases, releaseLeases, type LeaseKind } from '../../../src/modules/population/index.ts';
import { demoWorld, mondayMorning, type Desk, type World } from '../../harness/world.ts';
import { agree, caseOfReceipt, countyOf, type Family, headOf, mayMoveWhole, type Offices, officesOf, openMove, placeOf, postAt, registerOf, sentTo, submitOnline, takeAddress, takeFamily, tick } from '../../harness/case-at-work.ts';

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
beforeEach(() => at(mondayMorning));

const registered = (family: Family) => registerOf(world, family.members.map((member) => member.person_id), [family.household_id]);
const at = (instant: string) => world.clock.set(instant);
const farAway = () => takeFamily(world, origin, mayMoveWhole);
const nearby = () => takeFamily(world, target.slice(0, 6), mayMoveWhole);

describe('two moves of one person', () => {
  test('the second is not accepted and learns case, holder, office, phone and end; it is accepted when the first is withdrawn', async () => {
    const family = await farAway();
    const elsewhere = await postAt(world, 'station_officer', '530111500000');
    const first = await openMove(world, officer, family, family.members, '0503');
    const second = await openMove(world, elsewhere, family, family.members, '0503', { address_id: await takeAddress(world, '530111500000') });
    await first.act(officer, 'accept');
    const before = await registered(family);
    const refused = await second.try(elsewhere, 'accept');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.precondition_failed']);
    const { case_no } = await first.row();
    const { rows: [office] } = await world.police.owner.query('select name, phone from reference.organisation where org_code = $1', [target]);
    const { rows: [holder] } = await world.police.owner.query('select name from accounts.officer where police_number = $1', [officer.police_number]);
    const [finding] = refused.body.violations!;
    expect(finding!.field).toBe('no_conflicting_case');
    for (const told of [case_no, office.name, office.phone, holder.name, headOf(family).name]) expect(finding!.zh).toContain(told);
    expect(finding!.zh).toMatch(/占用至 2027-01-0\d/);
    expect(await registered(family)).toEqual(before);
    expect([(await second.row()).state, await second.leases(), await first.leases()]).toEqual(['submitted', 0, family.members.length + 1]);
    // The review page shows the same holder beside the person.
    const [mover] = (await second.view(elsewhere)).movers;
    expect(mover.lease).toMatchObject({ case_no, holder: holder.name, office: office.name, phone: office.phone });

    await first.act(officer, 'withdraw', { reason: '申请人改变主意' });
    await second.act(elsewhere, 'accept');
    expect([await first.leases(), await second.leases()]).toEqual([0, family.members.length + 1]);
  });
});

describe('an alteration is open', () => {
  const leaseOf = async (family: Family, kind: LeaseKind) => world.act('police', (context) => openLeases(context, {
    case_id: newId(), case_no: '530102000000202611200001', kind, person_ids: [headOf(family).person_id], household_ids: [], org_code: family.station_code, holder_name: '李强', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') }));

  test('of name, birth date or number: the move waits', async () => {
    const family = await nearby();
    await leaseOf(family, 'identity');
    const move = await openMove(world, officer, family, family.members, '0501');
    const before = await registered(family);
    expect((await move.try(officer, 'accept')).body.violations).toEqual([expect.objectContaining({ field: 'no_open_alteration', zh: expect.stringContaining(headOf(family).name) })]);
    expect([await registered(family), await move.leases()]).toEqual([before, 0]);
  });

  test('a card in production does not block', async () => {
    const family = await nearby();
    await leaseOf(family, 'card');
    const move = await openMove(world, officer, family, family.members, '0501');
    await move.act(officer, 'accept');
    expect(await move.leases()).toBe(family.members.length + 1);
  });
});

describe('the origin objects because the person is in another case there', () => {
  const objection = { reason_code: 'pending_case', reason: '该人正在本所核查重复户口。' };

  test('the case is suspended, its clock stands still and the deciding county is told', async () => {
    const { family, move } = await offices.approve();
    const before = await move.row();
    await move.act(old, 'object-out', objection);
    expect(await move.row()).toMatchObject({ state: 'suspended', waiting_org: null, suspension: { reason_code: 'pending_case', document_no: null, until: null }, due_at: before.due_at });
    expect(await move.messages()).toContainEqual(expect.objectContaining({ org_code: countyOf(target), kind: 'objection' }));
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: origin });
    // Without a hold by a document nothing ends the suspension but a decision.
    at('2027-03-01T01:00:00Z');
    await tick(world, 'lift_expired');
    await tick(world, 'confirm_silent');
    expect((await move.row()).state).toBe('suspended');
  });

  test('only the county of the destination resolves it', async () => {
    const { move } = await offices.approve();
    await move.act(old, 'object-out', objection);
    const others = [await postAt(world, 'county_section_chief', countyOf(origin)), chief, await postAt(world, 'county_section_chief', '530111000000')];
    const answers = await Promise.all(others.map((desk) => move.try(desk, 'resolve-objection', { uphold: false, reason: '异议不成立' })));
    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual([[403, 'cases.not_your_turn'], [403, 'cases.service_not_yours'], [404, 'cases.not_found']]);
    expect((await move.row()).state).toBe('suspended');
  });

  test('upheld: the case ends with reason and remedy, nothing is held, nothing has changed', async () => {
    const { family, move } = await offices.approve();
    const before = await registered(family);
    await move.act(old, 'object-out', objection);
    await move.act(county, 'resolve-objection', { uphold: true, reason: '核查属实,异议成立。' });
    expect(await move.row()).toMatchObject({ state: 'rejected', suspension: null, decision: { outcome: 'rejected', reason_code: 'objection_upheld', reason: '核查属实,异议成立。' } });
    expect([await move.leases(), await registered(family)]).toEqual([0, before]);
    const view = await move.view(officer);
    expect(view.decision).toMatchObject({ law: { zh: expect.stringContaining('第三十九条') }, remedy: { zh: expect.stringContaining('六十日') } });
  });

  test('to an applicant of the portal an upheld objection is a refusal: progress, paper and text message say so', async () => {
    const family = await farAway();
    await submitOnline(world, 'G1B2C3D4', family, family.members);
    const move = await caseOfReceipt(world, 'G1B2C3D4');
    await move.act(officer, 'accept');
    await move.act(chief, 'review', agree);
    await move.act(county, 'approve', agree);
    await move.act(old, 'object-out', objection);
    await move.act(county, 'resolve-objection', { uphold: true, reason: '核查属实,异议成立。' });
    await runUntilQuiet(world.workers.police);
    const progress = await sentTo(world, 'G1B2C3D4', 'cases.progress');
    // The news was handed on late and in one go, and still each tells of its own act.
    expect(progress.map((body) => [body.state, body.outcome])).toEqual([['submitted', null], ['accepted', null], ['in_review', null], ['in_review', null], ['in_review', null], ['ended', 'rejected']]);
    expect(progress.at(-1)).toMatchObject({ text: { zh: expect.stringContaining('不予批准') }, reason: { zh: expect.stringContaining('异议成立') }, remedy: { zh: expect.stringContaining('六十日') } });
    expect((await sentTo(world, 'G1B2C3D4', 'cases.notice')).map((body) => body.title.zh)).toEqual(['户政业务受理回执', '不予办理决定书']);
    expect((await sentTo(world, 'G1B2C3D4', 'cases.message_to_citizen')).at(-1)!.text).toContain('不予批准');
  });

  test('overruled: the move goes on with the time it had left', async () => {
    const { family, move } = await offices.approve();
    const { due_at } = await move.row();
    await move.act(old, 'object-out', objection);
    at('2026-11-25T01:00:00Z');
    await move.act(county, 'resolve-objection', { uphold: false, reason: '重复核查已排除。' });
    // Two working days stood still.
    expect((await move.row()).due_at.getTime() - due_at.getTime()).toBe(4 * 86_400_000);
    await move.act(officer, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
    expect(await move.acts()).toEqual(['submit', 'accept', 'review', 'approve', 'object_out', 'resolve_objection', 'execute']);
  });
});

describe('a lawful hold', () => {
  const hold = { reason_code: 'lawful_hold', reason: '法院裁定限制迁移。', document_no: '(2026)云2901执5号', hold_until_on: '2026-11-27' };

  test.each([
    ['no number', { document_no: undefined }], ['an empty number', { document_no: '   ' }], ['no end', { hold_until_on: undefined }], ['an end that has passed', { hold_until_on: '2026-11-22' }],
  ])('without a document it holds nothing: %s', async (_situation, changes) => {
    const { move } = await offices.approve();
    const refused = await move.try(old, 'object-out', { ...hold, ...changes });
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.document_needed']);
    expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'confirm_out' });
    const { rows } = await world.police.owner.query('select 1 from cases.lawful_hold where case_id = $1', [move.id]);
    expect(rows).toEqual([]);
  });

  test('with document and end the case is suspended until the last day is over, then the origin is asked again', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'object-out', hold);
    expect((await move.row()).suspension).toMatchObject({ document_no: hold.document_no, until: '2026-11-27T16:00:00.000Z' });
    at('2026-11-27T15:59:00Z');
    await tick(world, 'lift_expired');
    expect((await move.row()).state).toBe('suspended');
    at('2026-11-27T16:00:00Z');
    await tick(world, 'lift_expired');
    const row = await move.row();
    expect(row).toMatchObject({ state: 'in_review', waiting_org: origin, waiting_act: 'confirm_out', suspension: null, clock_stopped_at: null });
    expect((await move.lastEvent())).toMatchObject({ act: 'lift_suspension', actor_kind: 'system' });
    at('2026-11-30T01:00:00Z');
    await move.act(old, 'confirm-out');
    await move.act(officer, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
  });

  test('while it lasts, another move of the person inside the county is decided by the county', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'object-out', hold);
    await move.act(county, 'resolve-objection', { uphold: true, reason: '文书在效力期内。' });
    const neighbour = '532901510000';
    const [there, chiefThere, countyThere] = [await postAt(world, 'station_officer', neighbour), await postAt(world, 'station_chief', neighbour), await postAt(world, 'county_section_chief', countyOf(neighbour))];
    const other = await openMove(world, there, family, family.members, '0501', { address_id: await takeAddress(world, neighbour) });
    expect((await other.view(there)).checks.find((check: { rule: string }) => check.rule === 'no_lawful_hold')).toMatchObject({ passed: false, on_fail: 'escalate', finding: { zh: expect.stringContaining(hold.document_no) } });
    await other.act(there, 'accept');
    expect((await other.steps()).map((step) => [step.act, step.org_code])).toEqual([['accept', neighbour], ['review', neighbour], ['approve', countyOf(neighbour)], ['confirm_out', origin], ['execute', neighbour]]);
    await other.act(chiefThere, 'review', agree);
    await other.act(countyThere, 'approve', { agree: false, opinion: '依法冻结期间不予迁移。', reason_code: 'conditions_not_met' });
    expect([(await other.row()).state, await other.leases()]).toEqual(['rejected', 0]);
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: origin });
  });
});

describe('facts change between approval and execution', () => {
  test('what no longer holds suspends the approval: told to the deciding level, the register stands untouched', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'confirm-out');
    const correction = newId();
    await world.act('police', async (context) => {
      context.forCase(correction);
      await openLeases(context, { case_id: correction, case_no: null, kind: 'identity', person_ids: [headOf(family).person_id], household_ids: [], org_code: origin, holder_name: '更正', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') });
      await changeMainItems(context, { case_id: correction, person_id: headOf(family).person_id, kind: 'correction', items: { name: '更正之后' }, effective_on: '2026-11-23' });
      await releaseLeases(context, { case_id: correction });
    });
    const before = await registered(family);
    const refused = await move.try(officer, 'execute');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.precondition_failed']);
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'registration_is_active', zh: expect.stringContaining('不相符') })]);
    expect(await registered(family)).toEqual(before);
    expect(await move.row()).toMatchObject({ state: 'in_review', waiting_org: countyOf(target), waiting_act: 'approve', approved_at: null, decision: null });
    expect((await move.steps()).map((step) => [step.act, step.state])).toEqual([['accept', 'done'], ['review', 'done'], ['approve', 'active'], ['confirm_out', 'waiting'], ['execute', 'returned']]);
    expect(await move.messages()).toContainEqual({ org_code: countyOf(target), kind: 'returned', text: expect.objectContaining({ zh: expect.stringContaining('原审批暂停') }) });
    // It is open again to be withdrawn, refused, or returned to the station.
    await move.act(county, 'return', { to_step: 1, reason: '当事人姓名已更正,请重新核对。' });
    expect((await move.row())).toMatchObject({ waiting_act: 'accept', waiting_org: target });
    await move.act(officer, 'withdraw', { reason: '申请人重新申报' });
    expect(await move.leases()).toBe(0);
  });

  test('a case that rested longer than its leases takes them again', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'confirm-out');
    at('2027-03-01T01:00:00Z');
    await move.act(officer, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
  });

  test('unless another case was quicker: then it learns who holds the person', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'confirm-out');
    at('2027-03-01T01:00:00Z');
    const elsewhere = await postAt(world, 'station_officer', '530111500000');
    const other = await openMove(world, elsewhere, family, family.members, '0503', { address_id: await takeAddress(world, '530111500000') });
    await other.act(elsewhere, 'accept');
    const refused = await move.try(officer, 'execute');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.precondition_failed']);
    expect(refused.body.violations).toEqual([expect.objectContaining({ field: 'no_conflicting_case', zh: expect.stringContaining((await other.row()).case_no) })]);
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: origin });
  });
});

describe('the address is renumbered between acceptance and execution', () => {
  test('its id stays, its text changes, nothing fails', async () => {
    const family = await nearby();
    const address_id = await takeAddress(world, target);
    const move = await openMove(world, officer, family, family.members, '0501', { address_id });
    await move.act(officer, 'accept');
    await world.police.owner.query(`update reference.standard_address set street_number = '199号', line = line || '(新编)' where address_id = $1`, [address_id]);
    await move.act(chief, 'approve', agree);
    await move.act(officer, 'execute');
    const { rows: [household] } = await world.police.owner.query('select h.address_id from population.household h join population.membership m using (household_id) where m.person_id = $1 and upper_inf(m.period)', [headOf(family).person_id]);
    expect(household.address_id).toBe(address_id);
  });

  test('an address given up before the acceptance is no address', async () => {
    const family = await nearby();
    const address_id = await takeAddress(world, target);
    const move = await openMove(world, officer, family, family.members, '0501', { address_id });
    await world.police.owner.query(`update reference.standard_address set valid_to = '2026-11-23' where address_id = $1`, [address_id]);
    expect((await move.try(officer, 'accept')).body.violations).toEqual([expect.objectContaining({ field: 'address_is_standard_and_ours' })]);
    expect(await move.leases()).toBe(0);
  });
});
