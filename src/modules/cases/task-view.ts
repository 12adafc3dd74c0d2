/** Tasks and enquiries of a case as the officer sees them. */
import type { OfficerActor } from '../../kernel/index.ts';
import type { CaseViewData, TaskViewData } from './contract.ts';
import { refusalOfAct, tasksFor, type ActName } from './duty.ts';
import type { OpenedCase } from './file.ts';
import { lampOf } from './route.ts';
import { taskLabels, tasksWaitedFor, type Task } from './task.ts';
import { roleLabel } from './words.ts';
import type { RecordedEnquiry } from './actions/verify.ts';

type Names = (org_code: string | null) => string;

const taskActs: readonly ActName[] = ['answer_task', 'object_task', 'settle_task', 'decide_extension'];

export function tasksView(opened: OpenedCase, officer: OfficerActor, now: Date, names: Names): TaskViewData[] {
  const waitedFor = new Set(tasksWaitedFor(opened));
  const possible = taskActs.filter((act) => refusalOfAct(act, officer, opened, now, () => ({ zh: '', en: '' })) === null);
  const actsOn = (task: Task): string[] => possible.filter((act) => tasksFor(act, officer, opened).includes(task));
  return opened.tasks.map((task) => ({
    task_id: task.task_id, number: task.number, kind: task.kind, label: taskLabels[task.kind], step: task.step, org_code: task.org_code, org_name: names(task.org_code),
    role_label: task.role === null ? null : roleLabel(task.role), officer_name: task.officer_name, wanted: task.wanted, asked_org_name: names(task.asked_org), asked_by: task.asked_by_name,
    asked_at: task.asked_at.toISOString(), due_at: task.due_at.toISOString(), state: task.state,
    lamp: task.state === 'open' || task.state === 'objected' ? lampOf(task.due_at, task.urged, now) : 'green', urged: task.urged,
    ended_at: task.ended_at?.toISOString() ?? null, ended_by: task.ended_by_name, answer: answerView(task), waited_for: waitedFor.has(task), acts: actsOn(task),
  }));
}

function answerView({ answer }: Task): TaskViewData['answer'] {
  if (answer === null) return null;
  const enquiry = answer['enquiry'] as NonNullable<TaskViewData['answer']>['enquiry'] | undefined;
  return {
    text: String(answer['text'] ?? ''), agree: (answer['agree'] as boolean | null | undefined) ?? null, granted: (answer['granted'] as boolean | null | undefined) ?? null,
    working_days: (answer['working_days'] as number | null | undefined) ?? null, enquiry: enquiry ?? null,
  };
}

export function enquiriesView(enquiries: readonly RecordedEnquiry[], names: Names): CaseViewData['enquiries'] {
  return enquiries.map((one) => ({
    result: one.result, findings: one.findings, people_met: [...one.people_met], enquired_on: one.enquired_on, scans: [...one.scans], org_name: names(one.org_code), recorded_by: one.recorded_by_name, recorded_at: one.recorded_at.toISOString(),
  }));
}

/** More time that was granted; the reason is what the applicant was told. */
export function extensionView({ tasks }: OpenedCase): CaseViewData['extension'] {
  const granted = tasks.find((task) => task.kind === 'extend' && task.answer?.['granted'] === true);
  return granted === undefined ? null : { working_days: Number(granted.answer!['working_days']), reason: granted.wanted, granted_at: granted.ended_at!.toISOString() };
}
