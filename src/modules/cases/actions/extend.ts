/** 延期: more time, asked for before it is over, granted once by the level above, and the applicant told why (行政许可法第四十二条). */
import type { Context, InputOf } from '../../../kernel/index.ts';
import { addWorkingDays, addWorkingMinutes, getCalendar, type WorkingCalendar } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct, keeperOf, tasksFor, unitAbove } from '../duty.ts';
import { activeStep, openFile, type Step } from '../file.ts';
import { recordAct } from '../record.ts';
import { workingMinutesPerDay } from '../route.ts';
import { endTask, openTasks, taskMessage, type Asked } from '../task.ts';

/** The level above answers within a working day; nobody waits for it. */
const answerDays = 1;

export async function askExtension(context: Context, input: InputOf<typeof contract.askExtension>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'ask_extension', opened, input.case_version);
  const calendar = await getCalendar(context);
  const wish: Asked = { kind: 'extend', org_code: unitAbove(keeperOf(opened).waiting_org!), wanted: input.reason, limit_working_minutes: answerDays * workingMinutesPerDay(calendar) };
  const answer = await recordAct(context, opened, {
    act: 'ask_extension', opinion: input.reason, detail: { org_code: wish.org_code, working_days: opened.service.limits.extension_working_days }, internal: true, messages: [taskMessage(opened.file.case_no, wish)],
  });
  await openTasks(context, opened, [wish], calendar);
  return answer;
}

/** Everything still running has so many working days more; what was urged already is urged again when its new marks come. */
function lengthened(step: Step, working_days: number, calendar: WorkingCalendar): Step {
  const minutes = working_days * workingMinutesPerDay(calendar);
  const later = (instant: Date | null): Date | null => (instant === null ? null : addWorkingMinutes(instant, minutes, calendar));
  return { ...step, limit_working_minutes: step.limit_working_minutes + minutes, half_at: later(step.half_at), most_at: later(step.most_at), due_at: later(step.due_at), urged: 0 };
}

export async function decideExtension(context: Context, input: InputOf<typeof contract.decideExtension>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'decide_extension', opened, input.case_version);
  const { file, service } = opened;
  const task = tasksFor('decide_extension', officer, opened)[0]!;
  const calendar = await getCalendar(context);
  const working_days = service.limits.extension_working_days;
  const step = input.grant ? lengthened(activeStep(opened)!, working_days, calendar) : null;
  const answer = await recordAct(context, opened, {
    act: input.grant ? 'extend' : 'refuse_extension', opinion: input.reason, detail: { number: task.number, asked_because: task.wanted, ...(input.grant ? { working_days } : {}) }, internal: !input.grant,
    ...(step === null ? {} : { file: { due_at: addWorkingDays(file.due_at!, working_days, calendar), step_due_at: step.due_at, urged: 0 }, steps: [step] }),
    messages: [{
      org_code: task.asked_org, kind: input.grant ? 'extended' : 'extension_refused',
      text: input.grant ? { zh: `${file.case_no} 已批准延长 ${working_days} 个工作日,理由已告知申请人。`, en: `${file.case_no}: ${working_days} more working days were granted; the applicant has been told why.` }
        : { zh: `${file.case_no} 不同意延期:${input.reason}`, en: `${file.case_no}: more time was refused: ${input.reason}` },
    }],
  });
  await endTask(context, task, 'done', { text: input.reason, granted: input.grant, ...(input.grant ? { working_days } : {}) });
  return answer;
}
