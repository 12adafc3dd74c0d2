/** Urging, silence that confirms, the one-time notice and its answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { adults, agree, type CaseAtWork, caseOfReceipt, countyOf, type Family, headOf, mayMoveWhole, type Offices, officesOf, openMove, placeOf, postAt, receive, registerOf, sentTo, setClock, submitOnline, takeAddress, takeFamily, tick, wallClock } from '../../harness/case-at-work.ts';

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

describe('the ladder of a step', () => {
  test('at half the holder is reminded, at 80 % the superior too, at 100 % the superior supervises: each once', async () => {
    const { move } = await offices.accept();
    // 102 working minutes from 09:00: half at 09:51, four fifths at 10:22, due at 10:42.
    for (const [now, messages, lamp] of [
      ['2026-11-23 09:50', [], 'green'],
      ['2026-11-23 09:51', [`reminder → ${target}`], 'green'],
      ['2026-11-23 10:22', [`reminder → ${target}`, `urge → ${countyOf(target)}`, `urge → ${target}`], 'yellow'],
      ['2026-11-23 10:42', [`reminder → ${target}`, `urge → ${countyOf(target)}`, `urge → ${target}`, `overdue → ${countyOf(target)}`, `overdue → ${target}`], 'yellow'],
      ['2026-11-23 10:43', [`reminder → ${target}`, `urge → ${countyOf(target)}`, `urge → ${target}`, `overdue → ${countyOf(target)}`, `overdue → ${target}`], 'red'],
    ] as const) {
      at(now);
      await tick(world, 'urge');
      await tick(world, 'urge');
      expect((await told(move)).sort(), now).toEqual([...messages].sort());
      expect((await move.view(chief)).lamp, now).toBe(lamp);
    }
    await move.row();
    const orders = (await world.police.owner.query('select org_code, asked_org, state, asked_by from cases.task where case_id = $1', [move.id])).rows;
    expect(orders).toEqual([{ org_code: target, asked_org: countyOf(target), state: 'open', asked_by: null }]);
    // The next step begins with a clock of its own.
    await move.act(chief, 'review', agree);
    expect(await move.row()).toMatchObject({ urged: 0, waiting_act: 'approve' });
  });

  test('a clock that nobody watched tells the worst and not the steps before it', async () => {
    const { move } = await offices.accept();
    at('2026-11-24 09:00');
    await tick(world, 'urge');
    expect(await told(move)).toEqual([`overdue → ${countyOf(target)}`, `overdue → ${target}`]);
  });

  test('a step of the county is supervised by the prefecture', async () => {
    const { move } = await offices.accept();
    await move.act(chief, 'review', agree);
    at('2026-11-25 09:00');
    await tick(world, 'urge');
    expect(await told(move)).toEqual([`overdue → ${target.slice(0, 4)}00000000`, `overdue → ${countyOf(target)}`]);
  });
});

describe('the origin does not answer', () => {
  test('between prefectures it has two working days; then silence confirms and its county is told', async () => {
    const { family, move } = await offices.approve();
    expect(wallClock((await move.steps())[3]!['due_at'])).toBe('2026-11-25 09:00');
    at('2026-11-25 08:59');
    await tick(world, 'confirm_silent');
    expect((await move.row()).waiting_act).toBe('confirm_out');
    at('2026-11-25 09:00');
    await tick(world, 'confirm_silent');
    expect(await move.row()).toMatchObject({ waiting_act: 'execute', waiting_org: target });
    expect((await move.steps())[3]).toMatchObject({ state: 'automatic', done_by: null });
    expect(await move.lastEvent()).toMatchObject({ act: 'confirm_out', actor_kind: 'system', detail: { automatic: true } });
    expect(await told(move)).toContain(`automatic_confirmation → ${countyOf(origin)}`);
    const late = await move.try(old, 'object-out', { reason_code: 'wrong_person', reason: '迟到的异议' });
    expect([late.status, late.body.code]).toEqual([409, 'cases.act_not_now']);
    await move.act(officer, 'execute');
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
  });

  test('inside the county it is asked for nothing: confirmed with the approval, and told', async () => {
    const { family, move } = await offices.approve('0501');
    expect(await move.row()).toMatchObject({ waiting_act: 'execute', waiting_org: target });
    expect((await move.steps())[2]).toMatchObject({ act: 'confirm_out', org_code: family.station_code, state: 'automatic' });
    expect(await told(move)).toContain(`approved → ${family.station_code}`);
    expect((await move.lastEvent()).detail).toMatchObject({ automatic: ['confirm_out'] });
  });
});

const missing = { items: [{ subject: 'M24', zh: '请补交不动产权证书。' }, { subject: 'reason', zh: '迁移原因请重新选择。' }] };
const correction = async (move: CaseAtWork) => (await world.police.owner.query('select number, due_on::text, items, new_fact, answered_at from cases.correction where case_id = $1 order by number', [move.id])).rows;

describe('what is missing is told once', () => {
  test('without a paper the case is not accepted; the officer issues one list with everything in it', async () => {
    const { family, move } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    const before = await registered(family);
    const refused = await move.try(officer, 'accept');
    expect([refused.status, refused.body.code, refused.body.facts]).toEqual([422, 'cases.materials_missing', { materials: '不动产权证书', materials_en: 'Real-estate title' }]);
    await move.act(officer, 'supplement', missing);
    expect(await move.row()).toMatchObject({ state: 'supplement', waiting_org: null, accepted_at: null });
    expect(await correction(move)).toEqual([{ number: 1, due_on: '2026-12-14', items: missing.items.map((item) => ({ ...item, en: item.zh })), new_fact: null, answered_at: null }]);
    expect([await registered(family), await move.leases()]).toEqual([before, 0]);
    const { count } = (await officer.get<{ queues: { queue: string; count: number }[] }>('/api/cases/queues')).body.queues.find((queue) => queue.queue === 'supplement')!;
    expect(count).toBeGreaterThanOrEqual(1);
  });

  test('a second list without a new fact is refused, and with one it is lawful', async () => {
    const { move } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    await move.act(officer, 'supplement', missing);
    await move.act(officer, 'answer', { answers: {}, materials: [{ code: 'M24', by: 'provided' }] });
    const refused = await move.try(officer, 'supplement', missing);
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.told_once']);
    expect([(await correction(move)).length, (await move.row()).state]).toEqual([1, 'submitted']);
    await move.act(officer, 'supplement', { ...missing, new_fact: '补交的产权证显示为共有。' });
    expect((await correction(move)).map((row) => [row.number, row.new_fact])).toEqual([[1, null], [2, '补交的产权证显示为共有。']]);
  });

  test('while it waits for the applicant nobody else can act on it, and the chief of the station cannot issue lists', async () => {
    const { move } = await offices.open('0503', {}, { materials: [] });
    await move.act(officer, 'supplement', missing);
    expect((await move.try(officer, 'accept')).body.code).toBe('cases.act_not_now');
    const { move: inReview } = await offices.accept();
    expect((await inReview.try(chief, 'supplement', missing)).status).toBe(403);
  });
});

describe('the answer', () => {
  test('keeps the old versions and takes up where the case stood', async () => {
    const { move } = await offices.open('0503', { reason: '99' }, { materials: [{ code: 'M01', by: 'provided' }, { code: 'M24', by: 'commitment' }] });
    expect((await move.view(officer)).materials.find((material: { code: string }) => material.code === 'M24').state).toBe('missing');
    await move.act(officer, 'supplement', missing);
    at('2026-11-26 10:00');
    await move.act(officer, 'answer', { answers: { reason: '71' }, materials: [{ code: 'M24', by: 'provided' }], note: '证书已带来' });
    const { rows } = await world.police.owner.query(`select version, supplied_by from cases.material where case_id = $1 and code = 'M24' order by version`, [move.id]);
    expect(rows).toEqual([{ version: 1, supplied_by: 'commitment' }, { version: 2, supplied_by: 'original' }]);
    expect(await move.row()).toMatchObject({ state: 'submitted', waiting_act: 'accept', waiting_org: target, answers: expect.objectContaining({ reason: '71', housing_basis: 'owned' }) });
    expect((await move.lastEvent())).toMatchObject({ act: 'answer_supplement', opinion: '证书已带来', detail: { fields: ['reason'], materials: ['M24'] } });
    await move.act(officer, 'accept');
  });

  test('an answer that does not fit the form is told at its field, and the case stays as it was', async () => {
    const { move } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    await move.act(officer, 'supplement', missing);
    const refused = await move.try(officer, 'answer', { answers: { reason: '00' } });
    expect([refused.status, refused.body.violations!.map((one) => one.field)]).toEqual([422, ['reason']]);
    expect([(await move.row()).state, (await correction(move))[0]!.answered_at]).toEqual(['supplement', null]);
  });

  test('the clock stood still: the step has the time it had left, and nobody was urged meanwhile', async () => {
    const { move } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    // The answer whether it is accepted is due within one working day: Monday 09:00 to Tuesday 09:00.
    const [before] = await move.steps();
    expect([before!['half_at'], before!['most_at'], before!['due_at']].map(wallClock)).toEqual(['2026-11-23 14:30', '2026-11-23 16:36', '2026-11-24 09:00']);
    at('2026-11-23 11:00');
    await move.act(officer, 'supplement', missing);
    at('2026-12-03 09:00');
    await tick(world, 'urge');
    expect(await told(move)).toEqual([]);
    await move.act(officer, 'answer', { answers: {}, materials: [{ code: 'M24', by: 'provided' }] });
    await tick(world, 'urge');
    expect(await told(move)).toEqual([]);
    const [after] = await move.steps();
    // 300 of 420 minutes were left: from 09:00 to 12:00 and from 14:00 to 16:00.
    expect([after!['half_at'], after!['most_at'], after!['due_at']].map(wallClock)).toEqual(['2026-12-03 10:30', '2026-12-03 14:36', '2026-12-03 16:00']);
    at('2026-12-03 10:30');
    await tick(world, 'urge');
    expect(await told(move)).toEqual([`reminder → ${target}`]);
  });

  test('after acceptance the promised day moves too', async () => {
    const { move } = await offices.accept();
    const { due_at } = await move.row();
    await move.act(chief, 'return', { to_step: 1, reason: '产权证不清楚,请补正。' });
    await move.act(officer, 'supplement', { items: [{ subject: 'M24', zh: '请补交清晰的产权证。' }] });
    at('2026-11-25 09:00');
    await move.act(officer, 'answer', { answers: {}, materials: [{ code: 'M24', by: 'provided' }] });
    const row = await move.row();
    expect(row).toMatchObject({ state: 'in_review', waiting_act: 'accept' });
    expect(row['due_at'].getTime() - due_at.getTime()).toBe(4 * 86_400_000);
    await move.act(officer, 'accept');
    expect(await move.leases()).toBeGreaterThan(0);
  });

  test('on the last day it is in time; the day after, the case has expired without prejudice', async () => {
    const { family, move } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    const { move: other } = await offices.open('0503', {}, { materials: [{ code: 'M01', by: 'provided' }] });
    for (const one of [move, other]) await one.act(officer, 'supplement', missing);
    at('2026-12-14 23:59');
    await tick(world, 'expire_unanswered');
    expect((await move.row()).state).toBe('supplement');
    await other.act(officer, 'answer', { answers: {}, materials: [{ code: 'M24', by: 'provided' }] });
    at('2026-12-15 00:00');
    await tick(world, 'expire_unanswered');
    expect(await move.row()).toMatchObject({ state: 'expired', decision: { outcome: 'expired', reason_code: 'not_corrected' } });
    expect((await other.row()).state).toBe('submitted');
    const late = await move.try(officer, 'answer', { answers: {} });
    expect([late.status, late.body.code]).toEqual([409, 'cases.act_not_now']);
    at('2026-12-15 09:00');
    const again = await openMove(world, officer, family, family.members, '0503');
    await again.act(officer, 'accept');
  });
});

describe('a correction that changes who moves or where to, after acceptance', () => {
  test('is accepted anew: everybody is checked and leased, the promise runs from the first acceptance', async () => {
    const family = await takeFamily(world, origin, (one) => mayMoveWhole(one) && adults(one).length >= 2);
    const move = await openMove(world, officer, family, [headOf(family)], '0503', { new_head_id_number: adults(family).find((one) => one !== headOf(family))!.id_number });
    await move.act(officer, 'accept');
    expect(await move.leases()).toBe(2);
    const { accepted_at, due_at } = await move.row();
    await move.act(chief, 'return', { to_step: 1, reason: '申请人要求全户迁移。' });
    await move.act(officer, 'supplement', { items: [{ subject: 'movers', zh: '请补充其他迁移人员。' }] });
    await move.act(officer, 'answer', { answers: { whole_household: true, movers: family.members.map((member) => ({ name: member.name, id_number: member.id_number, relation: member.relation })) } });
    // Who was to follow as head is no longer asked for.
    expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'accept', answers: expect.not.objectContaining({ new_head_id_number: expect.anything() }) });
    await move.act(officer, 'accept');
    expect(await move.leases()).toBe(family.members.length + 1);
    expect(await move.row()).toMatchObject({ accepted_at, due_at });
    await move.act(chief, 'review', agree);
    await move.act(county, 'approve', agree);
    await move.act(old, 'confirm-out');
    await move.act(officer, 'execute');
    for (const member of family.members) expect(await placeOf(world, member.person_id)).toMatchObject({ station_code: target });
  });

  test('asked for in review, it goes back to acceptance, at the station that is now in charge', async () => {
    // No post of the catalogue may ask for corrections in review; a bureau may decide otherwise.
    await world.police.owner.query(`insert into accounts.role_right (role, act, service_pattern, level, valid_from) select 'station_chief', 'cases.request_supplement', '0503', level, valid_from from accounts.role_right where role = 'station_chief' and act = 'cases.review_step' limit 1`);
    const family = await farAway();
    await submitOnline(world, 'A1B2C3D4', family, family.members);
    const move = await caseOfReceipt(world, 'A1B2C3D4');
    await move.act(officer, 'accept');
    await move.act(chief, 'supplement', { items: [{ subject: 'address_id', zh: '请重新选择迁入地址。' }] });
    await receive(world, 'portal.submit_correction', { receipt_no: 'A1B2C3D4', submitted_at: '2026-11-24T02:00:00Z', answers: { address_id: await takeAddress(world, '530102520000') }, materials: [], note: '' });
    expect(await move.row()).toMatchObject({ state: 'in_review', target_org: '530102520000', waiting_org: '530102520000', waiting_act: 'accept' });
    expect((await move.steps()).map((step) => step['state'])).toEqual(['active', 'returned', 'waiting', 'waiting', 'waiting']);
    expect((await move.try(officer, 'accept')).body.code).toBe('cases.not_found');
    await move.act(await postAt(world, 'station_officer', '530102520000'), 'accept');
    expect((await move.steps()).map((step) => [step['act'], step['org_code'], step['state']])).toEqual([
      ['accept', '530102520000', 'done'], ['review', '530102520000', 'active'], ['approve', '530102000000', 'waiting'], ['confirm_out', origin, 'waiting'], ['execute', '530102520000', 'waiting']]);
  });

  test('a correction of anything else goes on where it stood', async () => {
    const { move } = await offices.accept();
    await move.act(chief, 'supplement', { items: [{ subject: 'reason', zh: '迁移原因请重新选择。' }] });
    await move.act(officer, 'answer', { answers: { reason: '71' } });
    expect(await move.row()).toMatchObject({ state: 'in_review', waiting_act: 'review' });
  });
});

describe('by the portal', () => {
  test('two answers cross: the first is taken, the second finds the case going on', async () => {
    const family = await farAway();
    await submitOnline(world, 'B1B2C3D4', family, family.members);
    const move = await caseOfReceipt(world, 'B1B2C3D4');
    await move.act(officer, 'supplement', { items: [{ subject: 'reason', zh: '迁移原因请重新选择。' }] });
    const answer = (reason: string) => receive(world, 'portal.submit_correction', { receipt_no: 'B1B2C3D4', submitted_at: '2026-11-24T02:00:00Z', answers: { reason }, materials: [], note: '' });
    await answer('71');
    await answer('01');
    expect(await move.row()).toMatchObject({ state: 'submitted', answers: expect.objectContaining({ reason: '71' }) });
    expect(await move.acts()).toEqual(['submit', 'request_supplement', 'answer_supplement']);
  });

  test('an application that no office can take is answered with the reason, and leaves no case', async () => {
    const family = await farAway();
    await submitOnline(world, 'C1B2C3D4', family, family.members, { reason: '00' });
    const { rows } = await world.police.owner.query(`select 1 from cases.case_file where receipt_no = 'C1B2C3D4'`);
    expect(rows).toEqual([]);
    expect(await sentTo(world, 'C1B2C3D4', 'cases.progress')).toEqual([expect.objectContaining({ case_no: null, state: 'ended', outcome: 'not_accepted', reason: { zh: expect.stringContaining('迁移原因'), en: expect.any(String) } })]);
  });

  test('a wrong name opens nobody’s record: the person stays unknown to the case and undisclosed to the station', async () => {
    const family = await farAway();
    const movers = [{ name: '张冒名', id_number: headOf(family).id_number, relation: '02' }];
    await submitOnline(world, 'D1B2C3D4', family, family.members, { movers, whole_household: false, head_leaves: false });
    const move = await caseOfReceipt(world, 'D1B2C3D4');
    expect((await move.row()).movers).toEqual([{ ...movers[0], person_id: null }]);
    const { rows } = await world.police.owner.query('select subject_id from population.disclosure where case_id = $1', [move.id]);
    // Only the applicant, who gave name and number, and the own household.
    expect(rows.map((row) => row.subject_id).sort()).toEqual([headOf(family).person_id, family.household_id].sort());
    expect((await move.view(officer)).movers).toEqual([expect.objectContaining({ name: '张冒名', found: false, station_name: null, birth_on: null, person_id: null })]);
    expect((await move.try(officer, 'accept')).body.violations).toContainEqual(expect.objectContaining({ field: 'registration_is_active', code: 'refuse' }));
  });
});

test('everything the acts wrote is one whole chain per case', async () => {
  const { rows } = await world.police.owner.query('select case_no from cases.case_file where not cases.chain_intact(case_id)');
  expect(rows).toEqual([]);
});
