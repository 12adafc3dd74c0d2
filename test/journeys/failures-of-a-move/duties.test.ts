/** Who may act: two persons, no deciding by auxiliary staff, a case in another's hands, a page that is out of date, the same request twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/index.ts';
import { declareMove } from '../../harness/moves.ts';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { agree, countyOf, headOf, mayMoveWhole, type Offices, officesOf, placeOf, postAt, registerOf, setClock, takeAddress, takeFamily } from '../../harness/case-at-work.ts';

let world: World;
let target: string;
let origin: string;
let officer: Desk;
let second: Desk;
let chief: Desk;
let county: Desk;
let old: Desk;
let offices: Offices;

beforeAll(async () => {
  world = await demoWorld();
  offices = await officesOf(world);
  ({ target, origin, officer, chief, county, old } = offices);
  second = await postAt(world, 'station_officer', target, 1);
});
afterAll(() => world.close());
beforeEach(() => setClock(world, '2026-11-23 09:00'));

const nameOf = async (desk: Desk): Promise<string> => (await world.police.owner.query('select name from accounts.officer where police_number = $1', [desk.police_number])).rows[0].name;

describe('two persons', () => {
  test('whoever accepted a case neither returns nor approves it, even after a promotion', async () => {
    const { move } = await offices.open('0501');
    const promoted = await postAt(world, 'station_officer', target, 2);
    await move.act(promoted, 'accept');
    // The posts of one person never join entry and approval; the case outlives the post.
    const post_id = newId();
    const { rows: [{ officer_id }] } = await world.police.owner.query('select officer_id from accounts.officer where police_number = $1', [promoted.police_number]);
    await world.police.owner.query(`update accounts.post set valid_to = '2026-11-23' where officer_id = $1`, [officer_id]);
    await world.police.owner.query(`insert into accounts.post (post_id, officer_id, role, duty, org_code, valid_from, assigned_at, assigned_by) values ($1, $2, 'station_chief', 'business', $3, '2026-11-23', $4, 'test')`, [post_id, officer_id, target, world.clock.now()]);
    await world.police.owner.query('update accounts.officer_session set post_id = $2 where officer_id = $1 and ended_at is null', [officer_id, post_id]);
    for (const [verb, body] of [['approve', agree], ['return', { to_step: 1, reason: '退回给自己' }]] as const) {
      const refused = await move.try(promoted, verb, body);
      expect([refused.status, refused.body.code]).toEqual([403, 'cases.same_person']);
    }
    expect(await move.row()).toMatchObject({ approved_at: null, waiting_act: 'approve' });
    await move.act(chief, 'approve', agree);
  });
});

describe('auxiliary staff', () => {
  /** One case for all of them, as none of them touches it. */
  let untouchedCase: ReturnType<Offices['open']> | undefined;
  const decisions: [string, object][] = [
    ['claim', {}], ['release', {}], ['accept', {}], ['supplement', { items: [{ subject: 'M24', zh: '请补交产权证。' }] }], ['refuse-acceptance', { reason_code: 'not_entitled', reason: '不符合条件' }],
    ['review', agree], ['approve', agree], ['return', { to_step: 1, reason: '请核对材料' }], ['confirm-out', {}], ['object-out', { reason_code: 'wrong_person', reason: '人员不符' }],
    ['resolve-objection', { uphold: true, reason: '异议成立' }], ['execute', {}], ['withdraw', { reason: '申请人撤回' }], ['withdraw-consent', { reason: '产权人撤回' }],
    ['terminate', { reason_code: 'duplicate_case', reason: '重复办件' }], ['reverse', { reason: '录入错误' }],
    ['verify', { result: 'confirmed', people_met: ['王芳'], enquired_on: '2026-11-20', findings: '情况属实。' }], ['recall', { reason: '意见写错' }],
    ['transfer', { officer_id: randomUUID(), role: 'station_officer', reason: '本人外出' }], ['countersign', { officer_id: randomUUID(), wanted: '请核对房屋情况' }], ['delegate', { units: ['530102510000'], wanted: '请核对房屋情况' }],
    ['urge', { message: '请尽快办理' }], ['supervise', { reason: '超期未办' }], ['ask-extension', { reason: '案情复杂' }], ['decide-extension', { grant: true, reason: '同意延期' }], ['void', { reason: '录入错误' }],
    ['hand-over', { received_by: '某某', id_number_last4: '0000' }], ['deliver-copy', {}],
  ];
  test.each(decisions)('may not %s', async (verb, body) => {
    const assistant = await postAt(world, 'counter_assistant', target);
    const { move } = await (untouchedCase ??= offices.open());
    const refused = await move.try(assistant, verb, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'kernel.not_permitted']);
    expect([(await move.row()).state, await move.acts()]).toEqual(['submitted', ['submit']]);
  });

  test('may enter a case and the answer to a correction, and sees why the rest is not theirs', async () => {
    const assistant = await postAt(world, 'counter_assistant', target);
    const family = await takeFamily(world, origin, mayMoveWhole);
    const opened = await assistant.post<{ case_id: string; case_version: number; state: string }>('/api/cases', { ...await declareMove(world, family, family.members, target, '0503', { address_id: await takeAddress(world, target) }), materials: [{ code: 'M01', by: 'provided' }] });
    expect(opened.status).toBe(200);
    const { case_id } = opened.body;
    await officer.post(`/api/cases/${case_id}/supplement`, { case_version: 1, items: [{ subject: 'M24', zh: '请补交产权证。' }] });
    expect((await assistant.post(`/api/cases/${case_id}/answer`, { case_version: 2, answers: {}, materials: [{ code: 'M24', by: 'provided' }] })).status).toBe(200);
    const view = await assistant.get<{ acts: { act: string; allowed: boolean; why_not: { zh: string } | null }[] }>(`/api/cases/${case_id}`);
    expect(view.body.acts.filter((act) => act.allowed)).toEqual([]);
    expect(view.body.acts.find((act) => act.act === 'accept')!.why_not!.zh).toContain('辅警');
  });
});

describe('a case in somebody’s hands', () => {
  test('others of the post learn who, where, until when; after half an hour a forgotten case is free', async () => {
    const { move } = await offices.open();
    await move.act(officer, 'claim');
    const queue = await second.get<{ items: { case_id: string; claimed_by: string | null }[] }>('/api/cases/queue?queue=accept&limit=100');
    expect(queue.body.items.find((item) => item.case_id === move.id)!.claimed_by).toBe(await nameOf(officer));
    const refused = await move.try(second, 'accept');
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.claimed_by_other']);
    const { rows: [station] } = await world.police.owner.query('select name, phone from reference.organisation where org_code = $1', [target]);
    expect(refused.body.facts).toEqual({ holder: await nameOf(officer), office: station.name, phone: station.phone, until: '2026-11-23 09:30' });
    expect(refused.body.title).toBe(`${await nameOf(officer)}(${station.name})正在办理此件,至 2026-11-23 09:30。需要时请联系 ${station.phone}。`);
    for (const verb of ['claim', 'release', 'refuse-acceptance']) expect((await move.try(second, verb, verb === 'refuse-acceptance' ? { reason_code: 'not_entitled', reason: '不符合条件' } : {})).body.code).toBe('cases.claimed_by_other');
    expect((await move.row()).state).toBe('submitted');
    setClock(world, '2026-11-23 09:30');
    await move.act(second, 'accept');
    // With the step the hand that held it is gone.
    expect(await move.row()).toMatchObject({ claimed_by: null, claimed_until: null });
  });

  test('the holder goes on, renews, and puts it back', async () => {
    const { move } = await offices.open();
    await move.act(officer, 'claim');
    setClock(world, '2026-11-23 09:20');
    await move.act(officer, 'claim');
    expect((await move.view(second)).claim).toMatchObject({ name: await nameOf(officer), mine: false, until: '2026-11-23T01:50:00.000Z' });
    expect((await move.view(officer)).claim).toMatchObject({ mine: true });
    await move.act(officer, 'release');
    await move.act(second, 'accept');
  });

  test('taking in hand is for the post that the case waits for', async () => {
    const { move } = await offices.open();
    expect((await move.try(chief, 'claim')).body.code).toBe('cases.not_your_turn');
  });
});

describe('a page that is out of date', () => {
  test('is answered with who did what and when, and acts on nothing', async () => {
    const { move } = await offices.accept();
    const page = move.now.case_version;
    setClock(world, '2026-11-23 09:12');
    await move.act(chief, 'review', agree);
    const refused = await chief.post(`/api/cases/${move.id}/review`, { case_version: page, ...agree });
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.stale']);
    expect(refused.body.facts).toEqual({ who: await nameOf(chief), at: '2026-11-23 09:12', what: '审核', what_en: 'reviewed', case_version: page + 1, state: 'in_review' });
    expect(refused.body.title).toBe(`办件已有新进展:${await nameOf(chief)}于2026-11-23 09:12审核。请核对新内容后再操作。`);
    expect(await move.acts()).toEqual(['submit', 'accept', 'review']);
  });

  test('of two officers who act on the same page at once one does', async () => {
    const { move } = await offices.open();
    const answers = await Promise.all([move.try(officer, 'accept'), move.try(second, 'accept'), move.try(officer, 'refuse-acceptance', { reason_code: 'not_entitled', reason: '不符合条件' })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    expect(await move.acts()).toHaveLength(2);
  });
});

describe('the same request twice', () => {
  test('acts once and gives the same answer', async () => {
    const { move } = await offices.open();
    const key = { 'idempotency-key': randomUUID() };
    const [first, again] = [await move.try(officer, 'accept', {}, key), await move.try(officer, 'accept', {}, key)];
    expect(first.status).toBe(200);
    expect(again).toEqual(first);
    expect(await move.acts()).toEqual(['submit', 'accept']);
  });

  test('entering a case twice with one key opens one case', async () => {
    const family = await takeFamily(world, origin, mayMoveWhole);
    const declaration = await declareMove(world, family, family.members, target, '0503', { address_id: await takeAddress(world, target) });
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => officer.post<{ case_id: string }>('/api/cases', declaration, key)));
    expect(new Set(answers.map((answer) => answer.body.case_id)).size).toBe(1);
    const { rows } = await world.police.owner.query('select count(*)::int as cases from cases.case_file where applicant_id_number = $1', [headOf(family).id_number]);
    expect(rows[0].cases).toBe(1);
  });

  test('a key used for one act serves no other', async () => {
    const { move } = await offices.open();
    const key = { 'idempotency-key': randomUUID() };
    await move.try(officer, 'claim', {}, key);
    await move.row();
    const refused = await move.try(officer, 'accept', {}, key);
    expect([refused.status, refused.body.code]).toEqual([409, 'kernel.request_key_reused']);
    expect(await move.acts()).toEqual(['submit', 'claim']);
  });

  test('executing twice moves once', async () => {
    const { family, move } = await offices.approve();
    await move.act(old, 'confirm-out');
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([move.try(officer, 'execute', {}, key), move.try(officer, 'execute', {}, key)]);
    expect(answers.map((answer) => answer.body.state)).toEqual(['executed', 'executed']);
    const { rows } = await world.police.owner.query('select count(*)::int as movements from population.movement where case_id = $1', [move.id]);
    expect(rows[0].movements).toBe(family.members.length);
    expect(await placeOf(world, headOf(family).person_id)).toMatchObject({ station_code: target });
  });
});

describe('what the counter may enter', () => {
  test('a matter of another station is not opened: the office in charge and its phone are told', async () => {
    const family = await takeFamily(world, origin, mayMoveWhole);
    const before = await registerOf(world, family.members.map((member) => member.person_id), [family.household_id]);
    const refused = await officer.post('/api/cases', await declareMove(world, family, family.members, target, '0503', { address_id: await takeAddress(world, '530102520000') }));
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.other_station']);
    const { rows: [station] } = await world.police.owner.query(`select name, phone from reference.organisation where org_code = '530102520000'`);
    expect(refused.body.facts).toEqual({ office: station.name, phone: station.phone });
    const { rows } = await world.police.owner.query('select 1 from cases.case_file where applicant_id_number = $1', [headOf(family).id_number]);
    expect([rows, await registerOf(world, family.members.map((member) => member.person_id), [family.household_id])]).toEqual([[], before]);
  });

  test('the county enters for any of its stations', async () => {
    const section = await postAt(world, 'county_section_officer', countyOf(target));
    const family = await takeFamily(world, origin, mayMoveWhole);
    const opened = await section.post<{ state: string }>('/api/cases', await declareMove(world, family, family.members, target, '0503', { address_id: await takeAddress(world, '530102520000') }));
    expect([opened.status, opened.body.state]).toEqual([200, 'submitted']);
  });

  test('everything wrong is told at once, at its field', async () => {
    const family = await takeFamily(world, origin, mayMoveWhole);
    const declaration = await declareMove(world, family, family.members, target, '0503', { reason: '00', housing_basis: 'tent', applicant_phone: '12' });
    const refused = await officer.post('/api/cases', declaration);
    expect([refused.status, refused.body.violations!.map((one) => one.field).sort()]).toEqual([422, ['applicant_phone', 'housing_basis', 'reason']]);
  });
});

/* ---- The page and the act never differ ------------------------------------------------------------------------- */

const attempts: Record<string, [verb: string, body: object]> = {
  claim: ['claim', {}], release: ['release', {}], accept: ['accept', {}], request_supplement: ['supplement', { items: [{ subject: 'M24', zh: '请补交产权证。' }] }], answer_supplement: ['answer', { answers: {} }],
  refuse_acceptance: ['refuse-acceptance', { reason_code: 'not_entitled', reason: '不符合条件' }], review: ['review', agree], approve: ['approve', agree], return: ['return', { to_step: 1, reason: '请核对材料' }],
  confirm_out: ['confirm-out', {}], object_out: ['object-out', { reason_code: 'wrong_person', reason: '人员不符' }], resolve_objection: ['resolve-objection', { uphold: true, reason: '异议成立' }], execute: ['execute', {}],
  withdraw: ['withdraw', { reason: '申请人撤回' }], withdraw_consent: ['withdraw-consent', { reason: '产权人撤回' }], terminate: ['terminate', { reason_code: 'duplicate_case', reason: '重复办件' }], reverse: ['reverse', { reason: '录入错误' }],
  verify: ['verify', { result: 'confirmed', people_met: ['王芳'], enquired_on: '2026-11-20', findings: '情况属实。' }], recall: ['recall', { reason: '意见写错' }],
  transfer: ['transfer', { officer_id: randomUUID(), role: 'station_officer', reason: '本人外出' }], countersign: ['countersign', { officer_id: randomUUID(), wanted: '请核对房屋情况' }],
  delegate: ['delegate', { units: ['530102510000'], wanted: '请核对房屋情况' }], answer_task: [`tasks/${randomUUID()}/answer`, { text: '已经核实' }], object_task: [`tasks/${randomUUID()}/object`, { reason: '不属本所' }],
  settle_task: [`tasks/${randomUUID()}/settle`, { insist: false, reason: '不再需要' }], urge: ['urge', { message: '请尽快办理' }], supervise: ['supervise', { reason: '超期未办' }],
  ask_extension: ['ask-extension', { reason: '案情复杂' }], decide_extension: ['decide-extension', { grant: true, reason: '同意延期' }], void: ['void', { reason: '录入错误' }],
  receive_certificate: ['receive-certificate', { migration_certificate_no: 'T-0001' }],
  hand_over: ['hand-over', { received_by: '某某', id_number_last4: '0000' }], deliver_copy: ['deliver-copy', {}],
};

describe('what the page says about an act is what the act answers', () => {
  test.each(['submitted', 'supplement', 'in review', 'to approve', 'to confirm', 'suspended', 'to execute', 'executed', 'withdrawn'])('a case that is %s', async (stage) => {
    const reach = async () => {
      const { move } = ['submitted', 'supplement'].includes(stage) ? await offices.open() : ['in review', 'to approve', 'withdrawn'].includes(stage) ? await offices.accept() : await offices.approve();
      if (stage === 'supplement') await move.act(officer, 'supplement', { items: [{ subject: 'M24', zh: '请补交产权证。' }] });
      if (stage === 'to approve') await move.act(chief, 'review', agree);
      if (stage === 'suspended') await move.act(old, 'object-out', { reason_code: 'wrong_person', reason: '人员不符' });
      if (['to execute', 'executed'].includes(stage)) await move.act(old, 'confirm-out');
      if (stage === 'executed') await move.act(officer, 'execute');
      if (stage === 'withdrawn') await move.act(officer, 'withdraw', { reason: '申请人撤回' });
      return move;
    };
    const move = await reach();
    for (const desk of [officer, chief, county, old]) {
      const answer = await desk.get<{ acts: { act: string; allowed: boolean; why_not: { zh: string } | null }[] }>(`/api/cases/${move.id}`);
      if (answer.status === 404) continue; // The origin sees a case once it is accepted.
      expect(answer.body.acts.map((act) => act.act).sort()).toEqual(Object.keys(attempts).sort());
      for (const { act, allowed, why_not } of answer.body.acts) {
        // What is allowed would change the case for the next question; it is proved by the journeys.
        if (allowed) continue;
        const [verb, body] = attempts[act]!;
        const refused = await move.try(desk, verb, body);
        expect(refused.status, `${desk.police_number} ${act}`).toBeGreaterThanOrEqual(400);
        if (refused.body.code !== 'kernel.not_permitted') expect(refused.body.title, `${desk.police_number} ${act}`).toBe(why_not!.zh);
      }
    }
  });
});
