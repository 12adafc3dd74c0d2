/** The verbs of approvers at work: taking back, passing on, asking others, urging, more time, voiding, cover; and the walls behind them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/index.ts';
import { demoWorld, type Desk, type World } from '../harness/world.ts';
import { agree, type CaseAtWork, countyOf, deskOf, officesOf, type Offices, postAt, sentTo, setClock, tick } from '../harness/case-at-work.ts';
import { openMatter, sendMatter, takeAdult } from '../harness/matters.ts';

let world: World;
let station: string;
let county: string;
let prefecture: string;
let offices: Offices;
let officer: Desk;
let second: Desk;
let chief: Desk;
let section: Desk;
let deputy: Desk;
let head: Desk;
let community: Desk;

beforeAll(async () => {
  world = await demoWorld({ connections_max: 20 });
  offices = await officesOf(world);
  station = offices.target;
  county = countyOf(station);
  prefecture = `${station.slice(0, 4)}00000000`;
  [officer, second, chief, section, deputy, head, community] = await Promise.all([
    postAt(world, 'station_officer', station), postAt(world, 'station_officer', station, 1), postAt(world, 'station_chief', station), postAt(world, 'county_section_chief', county),
    postAt(world, 'county_deputy_chief', county), postAt(world, 'prefecture_division_chief', prefecture), postAt(world, 'community_officer', station),
  ]);
});
afterAll(() => world.close());
beforeEach(() => setClock(world, '2026-11-23 09:00'));

const idOf = async (desk: Desk): Promise<string> => (await world.police.owner.query('select officer_id from accounts.officer where police_number = $1', [desk.police_number])).rows[0].officer_id;
const nameOf = async (desk: Desk): Promise<string> => (await world.police.owner.query('select name from accounts.officer where police_number = $1', [desk.police_number])).rows[0].name;
const waits = async (matter: CaseAtWork): Promise<string> => {
  const row = await matter.row();
  return `${row['waiting_act']} ${row['waiting_role']}@${row['waiting_org']}`;
};
const refusal = async (answer: Promise<{ status: number; body: { code?: string } }>): Promise<string> => {
  const { status, body } = await answer;
  return `${status} ${body.code ?? ''}`.trim();
};
const accepted = async (): Promise<CaseAtWork> => {
  const matter = await openMatter(world, officer, '0601', await takeAdult(world, station));
  await matter.act(officer, 'accept');
  return matter;
};
const reviewed = async (): Promise<CaseAtWork> => {
  const matter = await accepted();
  await matter.act(chief, 'review', agree);
  return matter;
};
const tasksOf = async (matter: CaseAtWork, desk: Desk): Promise<Record<string, any>[]> => (await matter.view(desk))['tasks'];

describe('撤回', () => {
  test('everything the act changed is as it was, the clock with it, and the next unit is told', async () => {
    const matter = await accepted();
    const before = (await matter.steps()).map(({ opinion: _, ...step }) => step);
    setClock(world, '2026-11-23 09:30');
    await matter.act(chief, 'review', agree);
    await matter.act(chief, 'recall', { reason: '意见写错' });
    expect((await matter.steps()).map(({ opinion: _, ...step }) => step)).toEqual(before);
    expect(await waits(matter)).toBe(`review station_chief@${station}`);
    expect((await matter.messages()).find((message) => message.kind === 'recalled')).toMatchObject({ org_code: county });
    expect(await matter.acts()).toEqual(['submit', 'accept', 'review', 'recall']);
    await matter.act(chief, 'review', agree);
  });

  test('an approval is taken back with its decision; what was told as confirmed by silence is asked anew', async () => {
    const { move } = await offices.approve('0501');
    expect((await move.steps())[2]).toMatchObject({ act: 'confirm_out', state: 'automatic' });
    await move.act(chief, 'recall', { reason: '意见写错' });
    expect(await move.row()).toMatchObject({ approved_at: null, decision: null, waiting_act: 'approve' });
    expect((await move.steps())[2]).toMatchObject({ state: 'waiting', done_at: null });
    await move.act(chief, 'approve', agree);
  });

  test('not when the next has acted or taken it in hand, not an acceptance, and not somebody else’s act', async () => {
    const matter = await reviewed();
    await matter.act(section, 'claim');
    expect(await refusal(matter.try(chief, 'recall', { reason: '意见写错' }))).toBe('409 cases.taken_up');
    await matter.act(section, 'release');
    expect(await refusal(matter.try(deputy, 'recall', { reason: '意见写错' }))).toBe('403 cases.not_your_turn');
    await matter.act(section, 'review', agree);
    expect(await refusal(matter.try(chief, 'recall', { reason: '意见写错' }))).toBe('403 cases.not_your_turn');
    const fresh = await accepted();
    expect(await refusal(fresh.try(officer, 'recall', { reason: '不该受理' }))).toBe('409 cases.nothing_to_recall');
  });

  test('of a recall and the next act at the same time exactly one wins, three hundred times', async () => {
    const matters: CaseAtWork[] = [];
    while (matters.length < 4) matters.push(await accepted());
    const wins = { recall: 0, review: 0 };
    await Promise.all(matters.map(async (matter) => {
      for (let round = 0; round < 75; round++) {
        await matter.act(chief, 'review', agree);
        const [recall, review] = await Promise.all([matter.try(chief, 'recall', { reason: '意见写错' }), matter.try(section, 'review', agree)]);
        expect([recall.status, review.status].sort(), `${JSON.stringify(recall.body)} ${JSON.stringify(review.body)}`).toEqual([200, 409]);
        const won = recall.status === 200 ? 'recall' : 'review';
        wins[won]++;
        matter.now = (won === 'recall' ? recall : review).body as never;
        // Back to the chief for the next round.
        if (won === 'review') await matter.act(deputy, 'return', { to_step: 2, reason: '请重新审核' });
        expect((await matter.steps()).filter((step) => step['state'] === 'active')).toHaveLength(1);
      }
    }));
    expect(wins.recall + wins.review).toBe(300);
    for (const matter of matters) {
      const { rows: [{ intact }] } = await world.police.owner.query('select cases.chain_intact($1) as intact', [matter.id]);
      expect(intact).toBe(true);
    }
  }, 240_000);
});

describe('转办', () => {
  test('to a colleague of the unit who holds the right: the clock goes on, and it lies in that hand', async () => {
    const matter = await openMatter(world, officer, '0601', await takeAdult(world, station));
    const offered = await officer.get<{ transfer: { officer_id: string; name: string; role: string }[] }>(`/api/cases/${matter.id}/colleagues`);
    expect(offered.body.transfer.map((one) => one.officer_id)).toContain(await idOf(second));
    expect(offered.body.transfer.map((one) => one.officer_id)).not.toContain(await idOf(officer));
    const due = (await matter.row())['step_due_at'] as Date;
    await matter.act(officer, 'transfer', { officer_id: await idOf(second), role: 'station_officer', reason: '本人外出办案' });
    expect(await matter.row()).toMatchObject({ claimed_by: await idOf(second), step_due_at: due, waiting_act: 'accept' });
    expect(await refusal(matter.try(officer, 'accept'))).toBe('409 cases.claimed_by_other');
    await matter.act(second, 'accept');
  });

  test('between posts of a unit that both hold the right; the step is then that post’s', async () => {
    const { move } = await offices.accept();
    await move.act(chief, 'review', agree);
    expect(await waits(move)).toBe(`approve county_section_chief@${county}`);
    await move.act(section, 'transfer', { officer_id: await idOf(deputy), role: 'county_deputy_chief', reason: '请分管领导审批' });
    expect(await waits(move)).toBe(`approve county_deputy_chief@${county}`);
    expect(await refusal(move.try(section, 'approve', agree))).toBe('403 cases.not_your_turn');
    await move.act(deputy, 'approve', agree);
  });

  test('not to another unit, another duty, or whoever accepted the case', async () => {
    const matter = await accepted();
    for (const [desk, role] of [[section, 'county_section_chief'], [community, 'community_officer'], [officer, 'station_officer']] as const) {
      expect(await refusal(matter.try(chief, 'transfer', { officer_id: await idOf(desk), role, reason: '请予办理' })), role).toBe('422 cases.colleague_unfit');
    }
  });
});

describe('加签', () => {
  test('one more named opinion before the step goes on; only that officer gives it, under his name', async () => {
    const matter = await reviewed();
    await matter.act(section, 'countersign', { officer_id: await idOf(deputy), wanted: '请对姓名用字提出意见' });
    expect(await refusal(matter.try(section, 'review', agree))).toBe('409 cases.tasks_open');
    const [task] = await tasksOf(matter, deputy);
    expect(task).toMatchObject({ kind: 'opinion', officer_name: await nameOf(deputy), waited_for: true, acts: ['answer_task'] });
    expect(await refusal(matter.try(head, `tasks/${task!['task_id']}/answer`, { text: '我来答复' }))).toBe('403 cases.not_your_turn');
    const queue = await deputy.get<{ items: { case_id: string }[] }>('/api/cases/queue?queue=tasks&limit=100');
    expect(queue.body.items.map((item) => item.case_id)).toContain(matter.id);
    await matter.act(deputy, `tasks/${task!['task_id']}/answer`, { text: '用字规范,无意见。' });
    expect((await tasksOf(matter, section))[0]).toMatchObject({ state: 'done', ended_by: await nameOf(deputy), answer: { text: '用字规范,无意见。' } });
    await matter.act(section, 'review', agree);
  });
});

describe('委派', () => {
  test('several units check at once; a unit that is asked sees the case while it owes an answer, and not longer', async () => {
    const matter = await reviewed();
    const other = await postAt(world, 'station_officer', '530102520000');
    expect((await other.get(`/api/cases/${matter.id}`)).status).toBe(404);
    await matter.act(section, 'delegate', { units: [station, '530102520000'], wanted: '请核实当事人是否有未结案件' });
    const [here, there] = (await tasksOf(matter, section)) as [Record<string, any>, Record<string, any>];
    expect([here['org_code'], there['org_code']]).toEqual([station, '530102520000']);
    expect((await other.get(`/api/cases/${matter.id}`)).status).toBe(200);
    await matter.act(other, `tasks/${there['task_id']}/answer`, { text: '本所无未结案件。' });
    expect((await other.get(`/api/cases/${matter.id}`)).status).toBe(404);
    expect(await refusal(matter.try(section, 'review', agree))).toBe('409 cases.tasks_open');
    await matter.act(community, `tasks/${here['task_id']}/answer`, { text: '经走访无异常。' });
    await matter.act(section, 'review', agree);
  });

  test('only downwards, and taken back by whoever asked', async () => {
    const matter = await reviewed();
    for (const unit of ['530111500000', prefecture, '530102990000']) expect(await refusal(matter.try(section, 'delegate', { units: [unit], wanted: '请核实情况' }))).toBe('422 cases.unit_not_below');
    await matter.act(section, 'delegate', { units: [station], wanted: '请核实情况' });
    const [task] = await tasksOf(matter, section);
    expect(await refusal(matter.try(chief, `tasks/${task!['task_id']}/settle`, { insist: false, reason: '不必核实' }))).toBe('403 cases.not_your_turn');
    await matter.act(section, `tasks/${task!['task_id']}/settle`, { insist: false, reason: '已另行核实' });
    await matter.act(section, 'review', agree);
  });

  test('a return takes back what the step had asked', async () => {
    const matter = await reviewed();
    await matter.act(section, 'delegate', { units: [station], wanted: '请核实情况' });
    await matter.act(section, 'return', { to_step: 1, reason: '材料不清晰' });
    expect((await tasksOf(matter, section)).map((task) => task['state'])).toEqual(['cancelled']);
  });
});

describe('催办、督办', () => {
  test('a word to whoever has it, once an hour; the unit reads from whom', async () => {
    const matter = await reviewed();
    await matter.act(officer, 'urge', { message: '申请人出国在即,请尽快审核' });
    expect((await matter.messages()).filter((message) => message.kind === 'urge').map((message) => [message.org_code, message.text.zh.endsWith('催办:申请人出国在即,请尽快审核')])).toEqual([[county, true]]);
    expect(await refusal(matter.try(chief, 'urge', { message: '请尽快审核' }))).toBe('409 cases.urged_lately');
    setClock(world, '2026-11-23 10:00');
    await matter.act(chief, 'urge', { message: '请尽快审核' });
    // Urging moves nothing: the chief may still take the review back.
    await matter.act(chief, 'recall', { reason: '意见写错' });
  });

  test('an order from the level above is answered with the reason; overdue it is seen as such', async () => {
    const matter = await accepted();
    expect(await refusal(matter.try(officer, 'supervise', { reason: '超期未办' }))).toBe('403 kernel.not_permitted');
    await matter.act(deputy, 'supervise', { reason: '群众投诉,请说明情况并立即办理' });
    const [order] = await tasksOf(matter, chief);
    expect(order).toMatchObject({ kind: 'supervise', org_code: station, waited_for: false, acts: ['answer_task'] });
    setClock(world, '2026-11-25 09:00');
    expect((await tasksOf(matter, deputy))[0]).toMatchObject({ lamp: 'red', state: 'open' });
    await matter.act(chief, `tasks/${order!['task_id']}/answer`, { text: '材料待核实,今日办结。' });
    await matter.act(chief, 'review', agree);
  });
});

describe('延期', () => {
  test('asked before it is over, granted once by the level above; the applicant is told how long and why', async () => {
    const matter = await sendMatter(world, 'EXTEND01', '0601', await takeAdult(world, station));
    await matter.act(officer, 'accept');
    const { due_at } = await matter.row();
    const step_due_at = (await matter.steps())[1]!['due_at'] as Date;
    await matter.act(chief, 'ask-extension', { reason: '需向原籍调取底册' });
    expect(await refusal(matter.try(chief, 'ask-extension', { reason: '再次申请' }))).toBe('409 cases.extended_once');
    expect(await refusal(matter.try(head, 'decide-extension', { grant: true, reason: '同意' }))).toBe('422 kernel.invalid_input');
    expect(await refusal(matter.try(head, 'decide-extension', { grant: true, reason: '情况属实,同意延期' }))).toBe('403 cases.not_your_turn');
    await matter.act(deputy, 'decide-extension', { grant: true, reason: '情况属实,同意延期' });
    const row = await matter.row();
    // 0601 may take ten working days more: two weeks later at the same hour of the clock.
    expect((row['due_at'].getTime() - due_at.getTime()) / 86_400_000).toBe(14);
    expect(row['step_due_at'].getTime() - step_due_at.getTime()).toBe(14 * 86_400_000);
    expect((await matter.view(chief))['extension']).toMatchObject({ working_days: 10, reason: '需向原籍调取底册' });
    expect(await refusal(matter.try(chief, 'ask-extension', { reason: '还需要时间' }))).toBe('409 cases.extended_once');
    await world.settle();
    const [told] = (await sentTo(world, 'EXTEND01', 'cases.progress')).slice(-1);
    expect(told!['text'].zh).toMatch(/^经批准延长办理期限,预计 2026-12-\d\d 前办结。理由:需向原籍调取底册$/);
    const [text] = (await sentTo(world, 'EXTEND01', 'cases.message_to_citizen')).slice(-1);
    expect(text!['text']).not.toContain('底册');
  });

  test('refused it may be asked again; when the time is over it is too late', async () => {
    const matter = await accepted();
    await matter.act(chief, 'ask-extension', { reason: '人手不足' });
    await matter.act(deputy, 'decide-extension', { grant: false, reason: '理由不充分' });
    expect((await matter.view(chief))['extension']).toBeNull();
    setClock(world, '2026-12-07 09:00');
    expect(await refusal(matter.try(chief, 'ask-extension', { reason: '需向原籍调取底册' }))).toBe('409 cases.extension_too_late');
  });

  test('the database holds one extension to a case', async () => {
    const matter = await accepted();
    await matter.act(chief, 'ask-extension', { reason: '需向原籍调取底册' });
    await expect(world.police.owner.query(
      `insert into cases.task select gen_random_uuid(), case_id, number + 1, kind, step, case_org, org_code, role, officer_id, officer_name, wanted, asked_by, asked_by_name, asked_org, asked_at, limit_working_minutes, half_at, most_at, due_at, urged, state, ended_at, ended_by, ended_by_name, answer
       from cases.task where case_id = $1`, [matter.id])).rejects.toThrow(/extension_once/);
  });
});

describe('作废', () => {
  test('what was entered by mistake, before the acceptance by the station, after it by whoever decides', async () => {
    const fresh = await openMatter(world, officer, '0601', await takeAdult(world, station));
    expect((await fresh.act(officer, 'void', { reason: '录错当事人' })).state).toBe('terminated');
    expect(await fresh.row()).toMatchObject({ decision: { reason_code: 'entered_by_mistake' }, waiting_org: null });
    const later = await reviewed();
    for (const desk of [officer, chief, section]) expect(await refusal(later.try(desk, 'void', { reason: '录错当事人' }))).toBe('403 cases.not_your_turn');
    await later.act(deputy, 'void', { reason: '录错当事人' });
    expect([(await later.row())['state'], await later.leases()]).toEqual(['terminated', 0]);
  });

  test('never after the execution', async () => {
    const matter = await reviewed();
    await matter.act(section, 'review', agree);
    await matter.act(deputy, 'approve', agree);
    await matter.act(officer, 'execute');
    expect(await refusal(matter.try(deputy, 'void', { reason: '录错当事人' }))).toBe('409 cases.act_not_now');
  });
});

/* ---- Entry and decision in two hands ------------------------------------------------------------------------------------- */

describe('the database keeps entry and approval in two hands', () => {
  const put = (matter: CaseAtWork, sql: string, values: unknown[]) => world.police.owner.query(sql, [matter.id, ...values]);
  test.each(['review', 'approve'])('whoever accepted is refused as the hand of a %s, written directly', async (act) => {
    const matter = await accepted();
    const hand = await idOf(officer);
    await expect(put(matter, `update cases.step set state = 'done', done_by = $2, done_at = now() where case_id = $1 and act = '${act}'`, [hand])).rejects.toMatchObject({ constraint: 'step_two_persons' });
    await expect(put(matter, `insert into cases.step (case_id, step, act, role, level, org_code, label, limit_working_minutes, state, done_by) values ($1, 90, '${act}', 'station_chief', 'STATION', '${station}', '{}', 0, 'done', $2)`, [hand])).rejects.toMatchObject({ constraint: 'step_two_persons' });
    expect((await put(matter, `update cases.step set state = 'done', done_by = $2 where case_id = $1 and act = '${act}'`, [await idOf(chief)])).rowCount).toBeGreaterThan(0);
  });

  test('whoever entered it at the counter, too; and whoever reviewed does not accept it when it comes back', async () => {
    const matter = await openMatter(world, second, '0601', await takeAdult(world, station));
    await matter.act(officer, 'accept');
    await expect(put(matter, `update cases.step set state = 'done', done_by = $2 where case_id = $1 and act = 'approve'`, [await idOf(second)])).rejects.toMatchObject({ constraint: 'step_two_persons' });
    await matter.act(chief, 'review', agree);
    await matter.act(section, 'return', { to_step: 1, reason: '材料不清晰' });
    await expect(put(matter, `update cases.step set state = 'done', done_by = $2 where case_id = $1 and act = 'accept'`, [await idOf(chief)])).rejects.toMatchObject({ constraint: 'step_two_persons' });
  });

  test('an opinion by whoever accepted is refused as well', async () => {
    const matter = await reviewed();
    await matter.act(section, 'countersign', { officer_id: await idOf(deputy), wanted: '请提出意见' });
    await expect(put(matter, `update cases.task set state = 'done', ended_at = now(), ended_by = $2, answer = '{}' where case_id = $1`, [await idOf(officer)])).rejects.toMatchObject({ constraint: 'task_two_persons' });
  });
});

describe('代班', () => {
  /** Somebody without a post of the class: covers by a letter of the unit. */
  async function cover(desk: Desk, post_role: string, org_code: string): Promise<{ status: number; body: Record<string, any> }> {
    const { rows: [post] } = await world.police.owner.query('select post_id, officer_id from accounts.post where role = $1 and org_code = $2 and valid_to is null order by post_id limit 1', [post_role, org_code]);
    const granter = await postAt(world, 'security_admin', county);
    await world.police.owner.query('update accounts.officer_session set verified_at = $1 where ended_at is null', [world.clock.now()]);
    return granter.post(`/api/accounts/posts/${post.post_id}/covers`, { officer_id: await idOf(desk), valid_from: '2026-11-23', valid_to: '2026-11-25', document_no: '代〔2026〕1号' });
  }

  test('is refused where it would join entry and approval of a service in one hand', async () => {
    const refused = await cover(second, 'station_chief', station);
    expect([refused.status, refused.body['code']]).toEqual([409, 'accounts.duties_clash']);
  });

  test('counts from day to day, is seen in the trace as 代, and ends with its date', async () => {
    const stand = await postAt(world, 'community_officer', station, 1);
    const matter = await accepted();
    const granted = await cover(stand, 'station_chief', station);
    expect(granted.status, JSON.stringify(granted.body)).toBe(200);
    const { rows: [post] } = await world.police.owner.query(`select p.post_id, o.name from accounts.post p join accounts.officer o using (officer_id) where p.role = 'station_chief' and p.org_code = $1 and p.valid_to is null order by p.post_id limit 1`, [station]);
    await world.police.owner.query('update accounts.officer_session set post_id = $2 where officer_id = $1 and ended_at is null', [await idOf(stand), post.post_id]);
    await matter.act(stand, 'review', agree);
    const view = await matter.view(section);
    expect(view['steps'][1]).toMatchObject({ done_by: await nameOf(stand), done_for: post.name });
    const timeline = await section.get<{ events: { act: string; actor_name: string; acting_for: string | null }[] }>(`/api/cases/${matter.id}/timeline`);
    expect(timeline.body.events.at(-1)).toMatchObject({ act: 'review', actor_name: await nameOf(stand), acting_for: post.name });
    // From the day on which it ends the post opens no more; the officer signs in again in the own one.
    const later = await accepted();
    setClock(world, '2026-11-25 09:00');
    expect(await refusal(later.try(await deskOf(world, stand.police_number), 'review', agree))).toBe('403 kernel.not_permitted');
  });

  test('whoever accepted a case does not decide on it in a post covered later', async () => {
    const move = (await offices.accept('0501')).move;
    const hand = await idOf(officer);
    const { rows: [post] } = await world.police.owner.query(`select post_id from accounts.post where role = 'station_chief' and org_code = $1 and valid_to is null order by post_id limit 1`, [station]);
    // Written behind the back of the rules: the cover that they refuse.
    await world.police.owner.query(`insert into accounts.leave_cover (cover_id, post_id, officer_id, valid_from, valid_to, document_no, granted_at) values ($1, $2, $3, '2026-11-23', '2026-11-24', 'x', now())`, [newId(), post.post_id, hand]);
    await world.police.owner.query('update accounts.officer_session set post_id = $2 where officer_id = $1 and ended_at is null', [hand, post.post_id]);
    expect(await refusal(move.try(officer, 'approve', agree))).toBe('403 cases.same_person');
    await world.police.owner.query(`delete from accounts.leave_cover where document_no = 'x'`);
  });
});

test('an overdue task is followed by an order, once, and the clock says so in the chain', async () => {
  const matter = await reviewed();
  await matter.act(section, 'delegate', { units: [station], wanted: '请核实情况', working_days: 1 });
  setClock(world, '2026-11-25 09:00');
  await tick(world, 'urge_tasks');
  await tick(world, 'urge_tasks');
  await matter.row();
  expect((await tasksOf(matter, section)).map((task) => `${task['kind']} ${task['asked_by'] === null}`)).toEqual(['check false', 'supervise true']);
  expect(await matter.lastEvent()).toMatchObject({ act: 'supervise', actor_kind: 'system', detail: { automatic: true } });
});
