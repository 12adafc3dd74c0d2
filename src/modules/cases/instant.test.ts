/** 0703, done on the spot: entered and executed by one officer at the counter, or sent by the portal and confirmed with one act. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, runUntilQuiet } from '../../kernel/index.ts';
import { openLeases, recordDeath } from '../population/index.ts';
import { adults, CaseAtWork, caseOfReceipt, headOf, postAt, receive, sentTo, takeFamily, type Acting, type Family } from '../../../test/harness/case-at-work.ts';
import type { CastMember } from '../../../test/harness/moves.ts';
import { demoWorld, type Desk, type World } from '../../../test/harness/world.ts';

const station = '532901500000';
let world: World;
let officer: Desk;

beforeAll(async () => {
  world = await demoWorld();
  officer = await postAt(world, 'station_officer', station);
});
afterAll(() => world.close());

const common = { applicant_phone: '19900001234', delivery_mode: 'electronic' };
const declared = (subject: CastMember, items: object) => ({ subject_id_number: subject.id_number, subject_name: subject.name, ...common, ...items });
const family = () => takeFamily(world, station, (one) => adults(one).length >= 2);

async function enter(subject: CastMember, items: object, applicant = subject, by = officer) {
  return by.post<Acting>('/api/cases', {
    service_code: '0703', applicant_name: applicant.name, applicant_id_number: applicant.id_number, applicant_phone: common.applicant_phone, answers: declared(subject, items), materials: [{ code: 'M01', by: 'provided' }],
  });
}
async function entered(subject: CastMember, items: object, applicant = subject): Promise<CaseAtWork> {
  const answer = await enter(subject, items, applicant);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return new CaseAtWork(world, answer.body);
}
const submitted = (receipt_no: string, subject: CastMember, items: object, changes: object = {}) => receive(world, 'portal.submit_application', {
  receipt_no, service_code: '0703', catalogue_version: '2026-11-01', submitted_at: world.clock.now().toISOString(),
  citizen: { name: subject.name, id_number: subject.id_number, phone: common.applicant_phone, identity_level: 3, ...changes }, answers: declared(subject, items), materials: [],
});
const recordOf = async (person_id: string) => (await world.police.owner.query('select workplace, occupation, height_cm, blood_type, military_service, phone, version from population.person where person_id = $1', [person_id])).rows[0];
const alterationsOf = async (case_id: string) => (await world.police.owner.query('select item, kind, old_value, new_value, effective_on::text from population.alteration where case_id = $1 order by item', [case_id])).rows;

describe('at the counter', () => {
  it('is entered and done by one officer; each item leaves its old and its new value', async () => {
    const subject = headOf(await family());
    const before = await recordOf(subject.person_id);
    const change = await entered(subject, { workplace: '大理州博物馆', height_cm: 171 });
    expect(await change.row()).toMatchObject({ state: 'submitted', target_org: station, origin_org: null, waiting_act: 'execute_instant', waiting_role: 'station_officer' });
    await change.act(officer, 'execute', { opinion: '已核对。' });
    expect(await recordOf(subject.person_id)).toMatchObject({ workplace: '大理州博物馆', height_cm: 171, version: before.version + 1 });
    expect(await alterationsOf(change.id)).toEqual([
      { item: 'height_cm', kind: 'change', old_value: before.height_cm === null ? null : String(before.height_cm), new_value: '171', effective_on: '2026-11-23' },
      { item: 'workplace', kind: 'change', old_value: before.workplace, new_value: '大理州博物馆', effective_on: '2026-11-23' },
    ]);
    const row = await change.row();
    expect(row).toMatchObject({ state: 'executed', waiting_org: null, effect: { kind: 'items', items: ['workplace', 'height_cm'], altered: 2 }, decision: { outcome: 'executed' } });
    // All the stages of a case in one act, each on record.
    for (const instant of ['accepted_at', 'approved_at', 'closed_at']) expect(row[instant]).toEqual(world.clock.now());
    expect([await change.acts(), (await change.steps()).map((step) => step['state']), await change.leases()]).toEqual([['submit', 'execute'], ['done'], 0]);
  });

  it('the past stays: the version before still says what it said', async () => {
    const subject = headOf(await family());
    const { workplace } = await recordOf(subject.person_id);
    await (await entered(subject, { workplace: '下关第二小学' })).act(officer, 'execute');
    const { rows } = await world.police.owner.query('select workplace from population.person_past where person_id = $1 order by version desc limit 1', [subject.person_id]);
    expect(rows[0].workplace).toBe(workplace);
  });

  it('the head applies for a member; a member does not apply for the head', async () => {
    const home = await takeFamily(world, station, (one) => adults(one).length >= 2 && !one.kin.some((link) => link.relative_id === one.members[1]!.person_id));
    const [head, member] = [headOf(home), home.members[1]!];
    await (await entered(member, { workplace: '洱海环卫所' }, head)).act(officer, 'execute');
    const before = await recordOf(head.person_id);
    const refused = await (await entered(head, { workplace: '洱海环卫所' }, member)).try(officer, 'execute');
    expect([refused.status, refused.body.violations!.map((one) => one.field)]).toEqual([422, ['applicant_is_entitled']]);
    expect(await recordOf(head.person_id)).toEqual(before);
  });

  it('what the register says already is no change', async () => {
    const subject = headOf(await family());
    await (await entered(subject, { workplace: '大理古城游客中心' })).act(officer, 'execute');
    const again = await entered(subject, { workplace: '大理古城游客中心' });
    const before = await recordOf(subject.person_id);
    const refused = await again.try(officer, 'execute');
    expect([refused.status, refused.body.code]).toEqual([409, 'cases.nothing_changes']);
    expect([await recordOf(subject.person_id), await alterationsOf(again.id), (await again.row()).state]).toEqual([before, [], 'submitted']);
  });

  it.each([
    ['nothing at all', {}, 'workplace', 'one_of'], ['a height of nobody', { height_cm: 300 }, 'height_cm', 'whole_number'], ['an occupation that is not in the list', { occupation: 'Z9' }, 'occupation', 'choice'],
  ])('%s is told at its field, and no case is opened', async (_what, items, field, code) => {
    const subject = headOf(await family());
    const refused = await enter(subject, items);
    expect([refused.status, refused.body.violations]).toEqual([422, [expect.objectContaining({ field, code })]]);
    expect((await world.police.owner.query('select 1 from cases.case_file where applicant_id_number = $1', [subject.id_number])).rows).toEqual([]);
  });

  it('any counter of the province takes it for the station in charge, which alone sees and confirms it', async () => {
    const subject = headOf(await takeFamily(world, '530102'));
    const nearby = await entered(subject, { workplace: '学校' });
    expect(await nearby.row()).toMatchObject({ target_org: expect.stringMatching(/^530102/), waiting_act: 'execute_instant', state: 'submitted' });
    expect((await officer.get(`/api/cases/${nearby.id}`)).status).toBe(404);
    expect((await nearby.try(officer, 'execute')).status).toBe(404);
    await nearby.act(await postAt(world, 'station_officer', (await nearby.row())['target_org']), 'execute');
    expect(nearby.now.state).toBe('executed');
  });

  it('the record of somebody who has died is closed', async () => {
    const home = await takeFamily(world, station, (one) => one.members.length === 2 && adults(one).length === 2);
    const [head, subject] = [headOf(home), home.members[1]!];
    const change = await entered(subject, { workplace: '学校' }, head);
    const death = newId();
    await world.act('police', async (context) => {
      await openLeases(context, { case_id: death, case_no: null, kind: 'death', person_ids: [subject.person_id], household_ids: [home.household_id], org_code: station, holder_name: '死亡登记', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') });
      context.forCase(death);
      await recordDeath(context, { case_id: death, person_id: subject.person_id, died_on: '2026-11-20' });
    });
    const refused = await change.try(officer, 'execute');
    expect([refused.status, refused.body.violations!.map((one) => one.field)]).toEqual([422, expect.arrayContaining(['registration_is_active'])]);
    // An instant case has no decision to go back to: it stays where it was until the news of the death ends it.
    expect((await change.row()).state).toBe('submitted');
    await runUntilQuiet(world.workers.police);
    expect(await change.row()).toMatchObject({ state: 'terminated', decision: { reason_code: 'person_died' } });
    expect(await alterationsOf(change.id)).toEqual([]);
  });

  it('goes on beside a move of the same person: minor entries conflict with nothing', async () => {
    const home = await family();
    await world.act('police', (context) => openLeases(context, { case_id: newId(), case_no: null, kind: 'move', person_ids: [headOf(home).person_id], household_ids: [home.household_id], org_code: '530102510000', holder_name: '李敏', holder_phone: null, expires_at: new Date('2026-12-31T00:00:00Z') }));
    await (await entered(headOf(home), { workplace: '洱源温泉' })).act(officer, 'execute');
    expect((await recordOf(headOf(home).person_id)).workplace).toBe('洱源温泉');
  });
});

describe('from the portal', () => {
  it('waits at the station of registration for one act of an officer; nothing changes without it', async () => {
    const subject = headOf(await family());
    const before = await recordOf(subject.person_id);
    await submitted('0A1B2C3D', subject, { workplace: '凤仪镇卫生院', occupation: '20000' });
    const change = await caseOfReceipt(world, '0A1B2C3D');
    expect(await recordOf(subject.person_id)).toEqual(before);
    const queue = await officer.get<{ items: { case_id: string; act: string }[] }>('/api/cases/queue?queue=execute_instant');
    expect(queue.body.items.map((item) => item.case_id)).toContain(change.id);
    const view = await change.view(officer);
    expect(view.materials).toEqual([expect.objectContaining({ code: 'M01', state: 'certificate' }), expect.objectContaining({ code: 'M48', state: 'optional' })]);
    expect(view.checks.every((check: { passed: boolean }) => check.passed)).toBe(true);
    await change.act(officer, 'execute');
    expect(await recordOf(subject.person_id)).toMatchObject({ workplace: '凤仪镇卫生院', occupation: '20000' });
    await runUntilQuiet(world.workers.police);
    const progress = await sentTo(world, '0A1B2C3D', 'cases.progress');
    expect(progress.map((body) => [body.state, body.outcome])).toEqual([['submitted', null], ['done', 'executed']]);
    expect(progress.at(-1)!.text.zh).toContain('已办结');
  });

  it('an identity that was not proved with a live portrait changes nothing', async () => {
    const subject = headOf(await family());
    const before = await recordOf(subject.person_id);
    await submitted('0B1B2C3D', subject, { workplace: '学校' }, { identity_level: 2 });
    const change = await caseOfReceipt(world, '0B1B2C3D');
    const refused = await change.try(officer, 'execute');
    expect([refused.status, refused.body.code]).toEqual([422, 'cases.materials_missing']);
    expect((await change.view(officer)).checks.find((check: { rule: string }) => check.rule === 'identity_is_proved')).toMatchObject({ passed: false, on_fail: 'refuse' });
    expect(await recordOf(subject.person_id)).toEqual(before);
    await change.act(officer, 'refuse-acceptance', { reason_code: 'identity_not_proved', reason: '申请人未完成实人认证' });
    await runUntilQuiet(world.workers.police);
    expect((await sentTo(world, '0B1B2C3D', 'cases.progress')).at(-1)).toMatchObject({ state: 'ended', outcome: 'not_accepted', reason: { zh: expect.stringContaining('身份未能核实') }, remedy: { zh: expect.stringContaining('行政复议') } });
  });

  it('when nobody knows the person nor the applicant, no office can take it: the applicant is told', async () => {
    const nobody = { ...headOf(await family()), name: '查无此人' } as CastMember;
    await submitted('0C1B2C3D', nobody, { workplace: '学校' });
    expect(await sentTo(world, '0C1B2C3D', 'cases.progress')).toEqual([expect.objectContaining({ state: 'ended', outcome: 'not_accepted', case_no: null })]);
  });

  it('a correction is asked for and answered, then it is done', async () => {
    const subject = headOf(await family() as Family);
    await submitted('0D1B2C3D', subject, { workplace: '某单位' });
    const change = await caseOfReceipt(world, '0D1B2C3D');
    await change.act(officer, 'supplement', { items: [{ subject: 'workplace', zh: '请填写单位全称。' }] });
    await receive(world, 'portal.submit_correction', { receipt_no: '0D1B2C3D', submitted_at: '2026-11-23T02:00:00Z', answers: { workplace: '大理州水文站' }, materials: [], note: '' });
    await change.row();
    await change.act(officer, 'execute');
    expect((await recordOf(subject.person_id)).workplace).toBe('大理州水文站');
    expect(await change.acts()).toEqual(['submit', 'request_supplement', 'answer_supplement', 'execute']);
  });
});
