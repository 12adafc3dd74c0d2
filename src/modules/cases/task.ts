/**
 * 任务: what a case asks of a unit or an officer beside its route, with a clock of its own. Checks, the county's review
 * in the top-level route and further opinions are waited for; an order of supervision and the wish for more time are not.
 */
import { actorId, type Context } from '../../kernel/index.ts';
import { newId } from '../../kernel/ids.ts';
import type { Text } from '../../kernel/operation.ts';
import { addWorkingMinutes, type WorkingCalendar } from '../reference/index.ts';
import type { OpenedCase } from './file.ts';

export const taskKinds = ['verify', 'review', 'check', 'opinion', 'supervise', 'extend'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** The step goes on only when none of these is open. */
const waitedFor: ReadonlySet<TaskKind> = new Set(['verify', 'review', 'check', 'opinion']);

export interface Task {
  task_id: string;
  case_id: string;
  number: number;
  kind: TaskKind;
  /** The step that asked. */
  step: number;
  case_org: string;
  org_code: string;
  /** The post asked; null: whoever holds the right in the unit. */
  role: string | null;
  officer_id: string | null;
  officer_name: string | null;
  wanted: string;
  /** Null where the clock asked. */
  asked_by: string | null;
  asked_by_name: string | null;
  asked_org: string;
  asked_at: Date;
  limit_working_minutes: number;
  half_at: Date;
  most_at: Date;
  due_at: Date;
  urged: number;
  state: 'open' | 'objected' | 'done' | 'cancelled';
  ended_at: Date | null;
  ended_by: string | null;
  ended_by_name: string | null;
  answer: Record<string, unknown> | null;
}

/** The right that answers a task of a kind. */
export const rightToAnswer: Record<TaskKind, string> = {
  verify: 'cases.verify_step', review: 'cases.review_step', check: 'cases.answer_task', opinion: 'cases.answer_task', supervise: 'cases.answer_task', extend: 'cases.grant_extension',
};

/** Tasks that keep the step from going on: unanswered, or objected to and not settled. */
export function tasksWaitedFor({ tasks }: Pick<OpenedCase, 'tasks'>): Task[] {
  return tasks.filter((task) => waitedFor.has(task.kind) && (task.state === 'open' || task.state === 'objected'));
}

/** The clock of a task with its marks, in working time. */
export function taskClock(limit_working_minutes: number, now: Date, calendar: WorkingCalendar): Pick<Task, 'limit_working_minutes' | 'half_at' | 'most_at' | 'due_at' | 'urged'> {
  const at = (share: number): Date => addWorkingMinutes(now, Math.round(limit_working_minutes * share), calendar);
  return { limit_working_minutes, half_at: at(0.5), most_at: at(0.8), due_at: at(1), urged: 0 };
}

export type Asked = Pick<Task, 'kind' | 'org_code' | 'wanted' | 'limit_working_minutes'> & Partial<Pick<Task, 'role' | 'officer_id' | 'officer_name' | 'step' | 'asked_org'>>;

/** Puts tasks to units. The act that asks is recorded by the caller. @returns the tasks as they stand */
export async function openTasks(context: Context, { file, tasks }: Pick<OpenedCase, 'file' | 'tasks'>, asked: readonly Asked[], calendar: WorkingCalendar): Promise<Task[]> {
  const { actor } = context;
  const before = Math.max(0, ...tasks.map((task) => task.number));
  const opened = asked.map((one, index): Task => ({
    task_id: newId(), case_id: file.case_id, number: before + index + 1, step: file.step, case_org: file.target_org, role: null, officer_id: null, officer_name: null,
    asked_by: actor.kind === 'officer' ? actorId(actor) : null, asked_by_name: actor.kind === 'officer' ? actor.name : null,
    asked_org: actor.kind === 'officer' ? actor.org_code : (file.waiting_org ?? file.target_org), asked_at: context.now,
    ...one, ...taskClock(one.limit_working_minutes, context.now, calendar), state: 'open', ended_at: null, ended_by: null, ended_by_name: null, answer: null,
  }));
  if (opened.length > 0) await context.query('insert into cases.task select t.* from jsonb_populate_recordset(null::cases.task, $1::jsonb) as t', [JSON.stringify(opened)]);
  return opened;
}

/** Ends a task, or notes the objection to it. */
export async function endTask(context: Context, task: Task, state: 'done' | 'objected' | 'cancelled', answer: Record<string, unknown> | null): Promise<void> {
  const { actor } = context;
  const ended = state !== 'objected';
  await context.query(
    'update cases.task set state = $2, answer = $3::jsonb, ended_at = $4, ended_by = $5, ended_by_name = $6 where task_id = $1',
    [task.task_id, state, answer === null ? null : JSON.stringify(answer), ended ? context.now : null,
      ended && actor.kind === 'officer' ? actor.officer_id : null, ended && actor.kind === 'officer' ? actor.name : null]);
}

/** The step has been left or the case has ended: nobody owes an answer to it any more. */
export async function cancelTasks(context: Context, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  await context.query(`update cases.task set state = 'cancelled', ended_at = $2 where task_id = any($1::uuid[]) and state in ('open', 'objected')`, [tasks.map((task) => task.task_id), context.now]);
}

const askedOf: Record<TaskKind, (case_no: string, wanted: string) => Text> = {
  verify: (no, wanted) => ({ zh: `${no} 交办核查任务,请按时答复:${wanted}`, en: `${no}: an enquiry is asked of you: ${wanted}` }),
  review: (no, wanted) => ({ zh: `${no} 交办审核任务,请按时答复:${wanted}`, en: `${no}: a review is asked of you: ${wanted}` }),
  check: (no, wanted) => ({ zh: `${no} 委派核查,请按时答复:${wanted}`, en: `${no}: a check is delegated to you: ${wanted}` }),
  opinion: (no, wanted) => ({ zh: `${no} 请加签意见:${wanted}`, en: `${no}: a further opinion is wanted: ${wanted}` }),
  supervise: (no, wanted) => ({ zh: `${no} 督办:请立即办理,并答复原因和处理情况。${wanted}`, en: `${no} is supervised: act now and answer with the reason. ${wanted}` }),
  extend: (no, wanted) => ({ zh: `${no} 申请延长办理时限:${wanted}`, en: `${no}: more time is asked for: ${wanted}` }),
};

/** What the unit reads that is asked. */
export function taskMessage(case_no: string, { kind, org_code, wanted }: Pick<Task, 'kind' | 'org_code' | 'wanted'>): { org_code: string; kind: string; text: Text } {
  return { org_code, kind: `task_${kind}`, text: askedOf[kind](case_no, wanted) };
}

export const taskLabels: Record<TaskKind, Text> = {
  verify: { zh: '核查任务', en: 'enquiry' },
  review: { zh: '下行审核', en: 'review by the unit below' },
  check: { zh: '委派核查', en: 'delegated check' },
  opinion: { zh: '加签', en: 'further opinion' },
  supervise: { zh: '督办', en: 'supervision order' },
  extend: { zh: '延期申请', en: 'request for more time' },
};
