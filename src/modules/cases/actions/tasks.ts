/** 加签、委派、督办 and the answers to them. */
import { Refusal, type Context, type InputOf, type OfficerActor } from '../../../kernel/index.ts';
import { findOrganisations, getCalendar, isInJurisdiction } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct, isAddressed, keeperOf, refusalOfRight, tasksFor, type ActName } from '../duty.ts';
import { openFile, type OpenedCase } from '../file.ts';
import { gather } from '../gather.ts';
import { disclosePeople } from '../hold.ts';
import { recordAct } from '../record.ts';
import { workingMinutesPerDay } from '../route.ts';
import { endTask, openTasks, rightToAnswer, taskClock, taskMessage, type Asked, type Task } from '../task.ts';
import { advisers } from './hands.ts';
import { keepEnquiry } from './verify.ts';

/** Working days that a unit has where the asker names none. */
const usualDays = { opinion: 1, check: 3, supervise: 1 } as const;

/** Records the asking act, puts the tasks, and opens the people of the case to units that do not see them yet. */
async function ask(context: Context, opened: OpenedCase, act: string, asked: readonly Asked[], opinion: string, internal = false) {
  context.forCase(opened.file.case_id);
  const facts = await gather(context, opened);
  for (const org_code of new Set(asked.map((one) => one.org_code))) await disclosePeople(context, facts, org_code);
  const answer = await recordAct(context, opened, {
    act, opinion, internal, detail: { asked: asked.map(({ kind, org_code, officer_name }) => ({ kind, org_code, ...(officer_name == null ? {} : { officer_name }) })) },
    messages: asked.map((one) => taskMessage(opened.file.case_no, one)),
  });
  await openTasks(context, opened, asked, await getCalendar(context));
  return answer;
}

async function minutesOf(context: Context, working_days: number): Promise<number> {
  return working_days * workingMinutesPerDay(await getCalendar(context));
}

/** 加签: one more named opinion before the step goes on. @throws Refusal cases.colleague_unfit */
export async function countersignStep(context: Context, input: InputOf<typeof contract.countersignStep>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'countersign', opened, input.case_version);
  const adviser = (await advisers(context, opened, officer)).find((one) => one.officer_id === input.officer_id);
  if (adviser === undefined) throw new Refusal('cases.colleague_unfit');
  return ask(context, opened, 'countersign', [{
    kind: 'opinion', org_code: officer.org_code, officer_id: adviser.officer_id, officer_name: adviser.name, wanted: input.wanted, limit_working_minutes: await minutesOf(context, input.working_days ?? usualDays.opinion),
  }], input.wanted, true);
}

/** 委派: units below check something, each with its own clock; the step waits for all of them. @throws Refusal cases.unit_not_below */
export async function delegateCheck(context: Context, input: InputOf<typeof contract.delegateCheck>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'delegate', opened, input.case_version);
  const units = [...new Set(input.units)];
  const known = await findOrganisations(context, units);
  if (units.some((unit) => !known.has(unit) || !isInJurisdiction(unit, officer.org_code))) throw new Refusal('cases.unit_not_below');
  const limit_working_minutes = await minutesOf(context, input.working_days ?? usualDays.check);
  return ask(context, opened, 'delegate', units.map((org_code): Asked => ({ kind: 'check', org_code, wanted: input.wanted, limit_working_minutes })), input.wanted, true);
}

/** 督办: the level above orders the unit to act and to answer for the delay. The step does not wait for the answer. */
export async function superviseCase(context: Context, input: InputOf<typeof contract.superviseCase>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'supervise', opened, input.case_version);
  const { waiting_org } = keeperOf(opened);
  const order: Asked = { kind: 'supervise', org_code: waiting_org!, wanted: input.reason, limit_working_minutes: await minutesOf(context, input.working_days ?? usualDays.supervise) };
  const answer = await recordAct(context, opened, { act: 'supervise', opinion: input.reason, detail: { org_code: waiting_org }, internal: true, messages: [taskMessage(opened.file.case_no, order)] });
  await openTasks(context, opened, [order], await getCalendar(context));
  return answer;
}

/** The task that the act is about, if the officer may do the act on it. @throws Refusal cases.task_unknown, cases.not_your_turn, kernel.not_permitted */
async function taskOf(context: Context, act: ActName, actor: OfficerActor, opened: OpenedCase, task_id: string): Promise<Task> {
  const task = opened.tasks.find((one) => one.task_id === task_id && (one.state === 'open' || one.state === 'objected'));
  if (task === undefined) throw new Refusal('cases.task_unknown');
  if (tasksFor(act, actor, opened).includes(task)) return task;
  if (act !== 'settle_task' && isAddressed(actor, task)) throw refusalOfRight(rightToAnswer[task.kind], actor, opened.service) ?? new Refusal('cases.task_unknown');
  const office = (await findOrganisations(context, [task.org_code])).get(task.org_code);
  throw new Refusal('cases.not_your_turn', { office: office?.name ?? task.org_code, role: task.officer_name ?? '经办岗位', role_en: task.officer_name ?? 'officer in charge' });
}

/** What each kind of task must say beside its text. @throws Refusal cases.enquiry_needed, cases.review_needed, cases.same_person */
export async function answerTask(context: Context, input: InputOf<typeof contract.answerTask>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'answer_task', opened, input.case_version);
  const task = await taskOf(context, 'answer_task', officer, opened, input.task_id);
  if (task.kind === 'verify' && input.enquiry === undefined) throw new Refusal('cases.enquiry_needed');
  if (task.kind === 'review' && input.agree === undefined) throw new Refusal('cases.review_needed');
  if ((task.kind === 'review' || task.kind === 'opinion') && opened.trail.entered_by.includes(officer.officer_id)) throw new Refusal('cases.same_person');
  const enquiry = input.enquiry === undefined ? null : { ...input.enquiry, scans: input.enquiry.scans ?? [], findings: input.text };
  if (enquiry !== null) await keepEnquiry(context, opened, officer, enquiry, task.task_id);
  const detail = { number: task.number, kind: task.kind, ...(input.agree === undefined ? {} : { agree: input.agree }), ...(enquiry === null ? {} : { result: enquiry.result }) };
  const supervised = task.kind === 'supervise';
  const answer = await recordAct(context, opened, {
    act: supervised ? 'answer_supervision' : task.kind === 'review' ? 'review_below' : 'answer_task', opinion: input.text, detail, internal: true,
    messages: [{ org_code: task.asked_org, kind: 'task_answered', text: answered(opened.file.case_no, input.text) }],
  });
  await endTask(context, task, 'done', { text: input.text, agree: input.agree ?? null, ...(enquiry === null ? {} : { enquiry: { result: enquiry.result, people_met: enquiry.people_met, enquired_on: enquiry.enquired_on, scans: enquiry.scans } }) });
  return answer;
}

const answered = (case_no: string, text: string) => ({ zh: `${case_no} 任务已答复:${text}`, en: `${case_no}: a task was answered: ${text}` });

/** The unit may say that it is not the right one or that it cannot be done; it may not simply refuse. Whoever asked decides. */
export async function objectTask(context: Context, input: InputOf<typeof contract.objectTask>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'object_task', opened, input.case_version);
  const task = await taskOf(context, 'object_task', officer, opened, input.task_id);
  const answer = await recordAct(context, opened, {
    act: 'object_task', opinion: input.reason, detail: { number: task.number, kind: task.kind }, internal: true,
    messages: [{ org_code: task.asked_org, kind: 'task_objected', text: { zh: `${opened.file.case_no} 对任务提出异议:${input.reason}`, en: `${opened.file.case_no}: an objection to a task: ${input.reason}` } }],
  });
  await endTask(context, task, 'objected', { text: input.reason });
  return answer;
}

/** Whoever asked takes the task back, or insists on it: then the unit has its whole time again. */
export async function settleTask(context: Context, input: InputOf<typeof contract.settleTask>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'settle_task', opened, input.case_version);
  const task = await taskOf(context, 'settle_task', officer, opened, input.task_id);
  const answer = await recordAct(context, opened, {
    act: 'settle_task', opinion: input.reason, detail: { number: task.number, kind: task.kind, insist: input.insist }, internal: true,
    messages: [{
      org_code: task.org_code, kind: input.insist ? `task_${task.kind}` : 'task_cancelled',
      text: input.insist ? { zh: `${opened.file.case_no} 异议不成立,请继续办理任务:${input.reason}`, en: `${opened.file.case_no}: the objection is overruled, go on with the task: ${input.reason}` }
        : { zh: `${opened.file.case_no} 任务已撤销:${input.reason}`, en: `${opened.file.case_no}: the task was taken back: ${input.reason}` },
    }],
  });
  if (!input.insist) await endTask(context, task, 'cancelled', task.answer);
  else {
    const { half_at, most_at, due_at } = taskClock(task.limit_working_minutes, context.now, await getCalendar(context));
    await context.query(`update cases.task set state = 'open', answer = null, half_at = $2, most_at = $3, due_at = $4, urged = 0 where task_id = $1`, [task.task_id, half_at, most_at, due_at]);
  }
  return answer;
}
