/** 撤回 and 作废: an officer's last act taken back before anybody built on it, and a case that should never have been. */
import { type Context, type InputOf } from '../../../kernel/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { openFile, withInstants, type Step } from '../file.ts';
import { recordAct, type Before } from '../record.ts';
import { untouched } from '../route.ts';
import { cancelTasks } from '../task.ts';
import { closeCase } from './end.ts';

/**
 * Everything the act changed is as it was, clocks included: time that has passed has passed. Possible while nobody has
 * acted on it or taken it in hand; of two who come at once the lock on the case lets one through.
 */
export async function recallAct(context: Context, input: InputOf<typeof contract.recallAct>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'recall', opened, input.case_version);
  const { sequence, act } = opened.trail.last!;
  const [event] = await context.query<{ before: Before }>(`select detail -> 'before' as before from cases.case_event where case_id = $1 and sequence = $2`, [input.case_id, sequence]);
  const { file, added } = event!.before;
  const steps = event!.before.steps.map((step) => withInstants<Step>({ ...step }));
  // A step that the act had added to the route is not needed again; its row stays as what it was.
  const surplus = opened.steps.filter((step) => added.includes(step.step)).map((step): Step => ({ ...untouched(step), state: 'skipped' }));
  await cancelTasks(context, opened.tasks.filter((task) => task.step === opened.file.step && task.state === 'open' && task.kind === 'supervise'));
  return recordAct(context, opened, {
    act: 'recall', opinion: input.reason, detail: { recalled: act, sequence }, file: { ...file, ...unclaimed }, steps: [...steps, ...surplus],
    messages: opened.file.waiting_org === null ? [] : [{
      org_code: opened.file.waiting_org, kind: 'recalled', text: { zh: `${opened.file.case_no} 已被上一环节撤回:${input.reason}`, en: `${opened.file.case_no} was taken back by the step before: ${input.reason}` },
    }],
  });
}

const unclaimed = { claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null };

/** Entered by mistake: nothing was asked for, so nothing is decided. */
export async function voidCase(context: Context, input: InputOf<typeof contract.voidCase>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'void', opened, input.case_version);
  return closeCase(context, opened, { act: 'void', state: 'terminated', opinion: input.reason, decision: { outcome: 'terminated', reason_code: 'entered_by_mistake', reason: input.reason } });
}
