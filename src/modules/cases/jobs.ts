/** The clocks of cases: reminders at 50, 80 and 100 per cent, silence that confirms, deadlines that end. */
import type { Context, Job } from '../../kernel/index.ts';
import { newId } from '../../kernel/ids.ts';
import type { Text } from '../../kernel/operation.ts';
import { legalDay } from '../../kernel/clock.ts';
import type { Act } from '../catalogue/index.ts';
import { getCalendar, listSuccessors } from '../reference/index.ts';
import { openFile, openStates } from './file.ts';
import { confirmBySilence, liftSuspension } from './actions/confirm.ts';
import { closeCase } from './actions/end.ts';
import { handOver, stillToCome } from './actions/hand-over.ts';
import { recordAct } from './record.ts';
import { unitAbove } from './duty.ts';
import { organisationAt, outsideActs, workingMinutesPerDay } from './route.ts';
import { openTasks, taskMessage, type Asked, type TaskKind } from './task.ts';

/** Cases handled in one run; more are taken up at once by the next. */
const batch = 200;

const rungs: { mark: 50 | 80 | 100; column: 'half_at' | 'most_at' | 'due_at'; kind: string; text: (case_no: string) => Text }[] = [
  { mark: 100, column: 'due_at', kind: 'overdue', text: (no) => ({ zh: `${no} 本环节已超期,请立即办理并说明原因(督办)。`, en: `${no} is overdue at this step: act now and give the reason (supervision).` }) },
  { mark: 80, column: 'most_at', kind: 'urge', text: (no) => ({ zh: `${no} 本环节时限已用 80 %,请抓紧办理(催办)。`, en: `${no} has used 80 % of the step’s time; please act (urged).` }) },
  { mark: 50, column: 'half_at', kind: 'reminder', text: (no) => ({ zh: `${no} 本环节时限已过半。`, en: `${no} has used half of the step’s time.` }) },
];

const taskRungs: typeof rungs = [
  { mark: 100, column: 'due_at', kind: 'overdue', text: (no) => ({ zh: `${no} 任务已超期(督办)。`, en: `${no}: a task is overdue (supervision).` }) },
  { mark: 80, column: 'most_at', kind: 'urge', text: (no) => ({ zh: `${no} 任务时限已用 80 %,请抓紧办理(催办)。`, en: `${no}: 80 % of a task’s time is used; please act (urged).` }) },
  { mark: 50, column: 'half_at', kind: 'reminder', text: (no) => ({ zh: `${no} 任务时限已过半。`, en: `${no}: half of a task’s time is used.` }) },
];

interface Urged {
  case_id: string;
  case_no: string;
  org_code: string;
  level: string;
  act: Act;
}

/** 催办 and 督办: the holder is told at half; from 80 % the level above too. */
async function urge(context: Context): Promise<number> {
  let told = 0;
  for (const { mark, column, kind, text } of rungs) {
    const rows = await context.query<Urged>(
      `with due as (
         select s.case_id, s.step from cases.step s join cases.case_file c on c.case_id = s.case_id
         where s.state = 'active' and s.urged < ${mark} and s.${column} <= $1
           -- While the applicant corrects, the clock stands still.
           and c.state in ('submitted', 'in_review')
         order by s.${column} limit ${batch} for update of s skip locked),
       marked as (
         update cases.step s set urged = ${mark} from due where s.case_id = due.case_id and s.step = due.step returning s.case_id, s.org_code, s.level, s.act)
       update cases.case_file c set urged = ${mark} from marked where c.case_id = marked.case_id
       returning c.case_id, c.case_no, marked.org_code, marked.level, marked.act`, [context.now]);
    const messages = rows.flatMap((row) => {
      const above = row.level === 'STATION' ? organisationAt('COUNTY', row.org_code) : row.level === 'COUNTY' ? organisationAt('PREFECTURE', row.org_code) : organisationAt('PROVINCE', row.org_code);
      return [row.org_code, ...(mark >= 80 ? [above] : [])].map((org_code) => ({ message_id: newId(), org_code, kind, text: text(row.case_no), case_id: row.case_id, case_no: row.case_no }));
    });
    if (messages.length > 0) {
      await context.query(
        `insert into cases.message (message_id, org_code, at, kind, text, case_id, case_no)
         select m.message_id, m.org_code, $1, m.kind, m.text, m.case_id, m.case_no from jsonb_populate_recordset(null::cases.message, $2::jsonb) as m`, [context.now, JSON.stringify(messages)]);
    }
    if (mark === 100) for (const row of rows) await superviseStep(context, row);
    told += rows.length;
  }
  return told;
}

const overdueStep = '本环节已超期,请立即办理并答复原因。';

/** The level above orders by the clock what it would order anyway; the message of the clock has told of it. What others owe is not ordered of us. */
async function superviseStep(context: Context, { case_id, org_code, act }: Urged): Promise<void> {
  if (outsideActs.has(act)) return;
  const opened = await openFile(context, { case_id });
  if (opened.tasks.some((task) => task.kind === 'supervise' && task.state === 'open' && task.org_code === org_code)) return;
  const calendar = await getCalendar(context);
  const order: Asked = { kind: 'supervise', org_code, asked_org: unitAbove(org_code), wanted: overdueStep, limit_working_minutes: workingMinutesPerDay(calendar) };
  await recordAct(context, opened, { act: 'supervise', opinion: overdueStep, detail: { automatic: true, org_code }, internal: true });
  await openTasks(context, opened, [order], calendar);
}

interface UrgedTask {
  case_id: string;
  case_no: string;
  task_id: string;
  kind: TaskKind;
  org_code: string;
  asked_org: string;
  limit_working_minutes: number;
}

/** Tasks have the ladder of steps: the unit at half, whoever asked too from 80 %; an overdue one is followed by an order of supervision. */
async function urgeTasks(context: Context): Promise<number> {
  let told = 0;
  for (const { mark, column, kind, text } of taskRungs) {
    const rows = await context.query<UrgedTask>(
      `with due as (
         select t.task_id from cases.task t join cases.case_file c on c.case_id = t.case_id
         where t.state = 'open' and t.urged < ${mark} and t.${column} <= $1 and c.state in ('submitted', 'in_review')
         order by t.${column} limit ${batch} for update of t skip locked)
       update cases.task t set urged = ${mark} from due, cases.case_file c where t.task_id = due.task_id and c.case_id = t.case_id
       returning t.case_id, c.case_no, t.task_id, t.kind, t.org_code, t.asked_org, t.limit_working_minutes`, [context.now]);
    const messages = rows.flatMap((row) => [row.org_code, ...(mark >= 80 && row.asked_org !== row.org_code ? [row.asked_org] : [])]
      .map((org_code) => ({ message_id: newId(), org_code, kind, text: text(row.case_no), case_id: row.case_id, case_no: row.case_no })));
    if (messages.length > 0) {
      await context.query(
        `insert into cases.message (message_id, org_code, at, kind, text, case_id, case_no)
         select m.message_id, m.org_code, $1, m.kind, m.text, m.case_id, m.case_no from jsonb_populate_recordset(null::cases.message, $2::jsonb) as m`, [context.now, JSON.stringify(messages)]);
    }
    if (mark === 100) for (const row of rows) if (row.kind !== 'supervise' && row.kind !== 'extend') await superviseTask(context, row);
    told += rows.length;
  }
  return told;
}

const overdueAnswer = '任务逾期未答复,请立即办理并答复原因。';

/** The clock orders what nobody needs to order any more; the unit owes an answer why. */
async function superviseTask(context: Context, row: UrgedTask): Promise<void> {
  const opened = await openFile(context, { case_id: row.case_id });
  if (opened.tasks.some((task) => task.kind === 'supervise' && task.state === 'open' && task.org_code === row.org_code)) return;
  const calendar = await getCalendar(context);
  const order: Asked = { kind: 'supervise', org_code: row.org_code, asked_org: row.asked_org, wanted: overdueAnswer, limit_working_minutes: workingMinutesPerDay(calendar) };
  await recordAct(context, opened, { act: 'supervise', opinion: overdueAnswer, detail: { automatic: true, org_code: row.org_code, task_id: row.task_id }, internal: true, messages: [taskMessage(opened.file.case_no, order)] });
  await openTasks(context, opened, [order], calendar);
}

async function eachCase(context: Context, condition: string, values: readonly unknown[], act: (case_id: string) => Promise<void>): Promise<number> {
  const rows = await context.query<{ case_id: string }>(`select c.case_id from cases.case_file c where ${condition} order by c.case_id limit ${batch} for update skip locked`, values);
  for (const { case_id } of rows) await act(case_id);
  return rows.length;
}

/** Silence of the origin confirms when its limit has passed. */
async function confirmSilent(context: Context): Promise<number> {
  return eachCase(context, `c.state = 'in_review' and c.waiting_act = 'confirm_out' and exists (
    select 1 from cases.step s where s.case_id = c.case_id and s.state = 'active' and s.on_timeout = 'confirm' and s.due_at <= $1)`, [context.now],
    async (case_id) => confirmBySilence(context, await openFile(context, { case_id })));
}

/** A lawful hold ends with its document. */
async function liftExpired(context: Context): Promise<number> {
  return eachCase(context, `c.state = 'suspended' and (c.suspension ->> 'until')::timestamptz <= $1`, [context.now],
    async (case_id) => liftSuspension(context, await openFile(context, { case_id })));
}

/** Corrections that did not come in time end the case without prejudice: the applicant may begin again. */
async function expireUnanswered(context: Context): Promise<number> {
  return eachCase(context, `c.state = 'supplement' and exists (
    select 1 from cases.correction k where k.case_id = c.case_id and k.answered_at is null and k.due_on < $1::date)`, [legalDay(context.now)],
    async (case_id) => {
      await closeCase(context, await openFile(context, { case_id }), { act: 'expire', state: 'expired', decision: { outcome: 'expired', reason_code: 'not_corrected', reason: null } });
    });
}

/** Open cases of an office that was dissolved go on at its successor; closed ones stay with the office that decided them. */
async function followSuccessors(context: Context): Promise<number> {
  const successors = await listSuccessors(context);
  if (successors.size === 0) return 0;
  return eachCase(context, `c.state = any($1) and (c.target_org = any($2) or c.origin_org = any($2)
      or exists (select 1 from cases.step s where s.case_id = c.case_id and s.state = any($3) and s.org_code = any($2))
      or exists (select 1 from cases.task t where t.case_id = c.case_id and t.state in ('open', 'objected') and (t.org_code = any($2) or t.asked_org = any($2))))`, [openStates, [...successors.keys()], stillToCome],
    async (case_id) => handOver(context, await openFile(context, { case_id }), successors));
}

/** Written commitments fall due for checking. What a dissolved office carried out stays its own; the county above checks it. */
async function callRechecks(context: Context): Promise<number> {
  const successors = await listSuccessors(context);
  const rows = await context.query<{ case_id: string; case_no: string; target_org: string; code: string }>(
    `update cases.recheck r set called_at = $1 from cases.case_file c
     where c.case_id = r.case_id and c.state = 'executed' and r.called_at is null and r.due_on <= $2::date returning r.case_id, c.case_no, c.target_org, r.code`, [context.now, legalDay(context.now)]);
  for (const row of rows) {
    const text: Text = { zh: `${row.case_no} 以承诺代替的材料 ${row.code} 到期,请核查。`, en: `${row.case_no}: the commitment for ${row.code} is due for checking.` };
    await context.query('insert into cases.message (message_id, org_code, at, kind, text, case_id, case_no) values ($1, $2, $3, $4, $5::jsonb, $6, $7)',
      [newId(), successors.has(row.target_org) ? organisationAt('COUNTY', row.target_org) : row.target_org, context.now, 'recheck', JSON.stringify(text), row.case_id, row.case_no]);
  }
  return rows.length;
}

export const jobs: readonly Job[] = [
  { name: 'cases.confirm_silent', every_seconds: 30, run: confirmSilent },
  { name: 'cases.urge', every_seconds: 30, run: urge },
  { name: 'cases.urge_tasks', every_seconds: 30, run: urgeTasks },
  { name: 'cases.lift_expired', every_seconds: 300, run: liftExpired },
  { name: 'cases.expire_unanswered', every_seconds: 300, run: expireUnanswered },
  { name: 'cases.follow_successors', every_seconds: 300, run: followSuccessors },
  { name: 'cases.call_rechecks', every_seconds: 3600, run: callRechecks },
];
