/** Opinions and decisions on the way up, and the way back down. */
import { Refusal, type Context, type InputOf, type OfficerActor } from '../../../kernel/index.ts';
import { findOrganisations, getCalendar } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase, type Step } from '../file.ts';
import { gather } from '../gather.ts';
import { keepLeases } from '../hold.ts';
import { recordAct } from '../record.ts';
import { advance, begun, decidedAbove, merged, outsideActs, untouched, waitingFor } from '../route.ts';
import { refuseUnopened } from '../scans.ts';
import { cancelTasks, tasksWaitedFor } from '../task.ts';
import { reasonCodes } from '../words.ts';
import { judge } from './accept.ts';
import { closeCase } from './end.ts';

/** A step as the officer leaves it. */
export function finished(step: Step, officer: OfficerActor, now: Date, state: Step['state'], opinion: string | null): Step {
  return { ...step, state, done_at: now, done_by: officer.officer_id, done_by_name: officer.name, opinion };
}

function refuseWithoutReason(input: { agree: boolean; opinion: string; reason_code?: string | undefined }): void {
  if (input.agree) return;
  if ([...input.opinion.trim()].length < 4 || input.reason_code === undefined) throw new Refusal('cases.opinion_needed');
  if (!reasonCodes.some((reason) => reason.code === input.reason_code && reason.use === 'reject')) throw new Refusal('cases.reason_unknown');
}

/** 审核: agree and it goes up; disagree and the deciding level receives a refusal to confirm. */
export async function reviewStep(context: Context, input: InputOf<typeof contract.reviewStep>) {
  refuseWithoutReason(input);
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'review', opened, input.case_version);
  if (input.agree) await refuseUnopened(context, opened.file.case_id, (await gather(context, opened)).materials, officer);
  const calendar = await getCalendar(context);
  const step = finished(activeStep(opened)!, officer, context.now, input.agree ? 'done' : 'refused', input.opinion);
  if (input.agree) {
    const onward = advance(opened.steps, step, context.now, calendar);
    return recordAct(context, opened, { act: 'review', opinion: input.opinion, detail: { agree: true }, file: waitingFor(onward.next!), steps: onward.steps, recallable: true });
  }
  const deciding = begun(opened.steps.find((later) => later.step > step.step && later.act === 'approve')!, context.now, calendar);
  const skipped = opened.steps.filter((later) => later.step > step.step && later.step < deciding.step).map((later): Step => ({ ...later, state: 'skipped' }));
  return recordAct(context, opened, {
    act: 'review', opinion: input.opinion, detail: { agree: false, reason_code: input.reason_code, refusal_draft: true },
    file: waitingFor(deciding), steps: [step, ...skipped, deciding], recallable: true,
  });
}

/**
 * 审批: the deciding step. Preconditions that may have changed since acceptance are checked again; what only
 * now turns out to be beyond the station's power goes up to the county with the station's agreement.
 */
export async function approveStep(context: Context, input: InputOf<typeof contract.approveStep>) {
  refuseWithoutReason(input);
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'approve', opened, input.case_version);
  const { file } = opened;
  const current = activeStep(opened)!;
  if (!input.agree) {
    const refused = finished(current, officer, context.now, 'refused', input.opinion);
    return closeCase(context, opened, { act: 'reject', state: 'rejected', opinion: input.opinion, decision: { outcome: 'rejected', reason_code: input.reason_code!, reason: input.opinion }, steps: [refused] });
  }
  const facts = await gather(context, opened);
  await refuseUnopened(context, file.case_id, facts.materials, officer);
  const { checks, escalated } = judge(facts, opened, 'approve');
  const calendar = await getCalendar(context);
  context.forCase(file.case_id);
  await keepLeases(context, facts, officer);
  const detail = { agree: true, checks: checks.map(({ rule, passed }) => ({ rule, passed })), above: escalated.map((one) => one.rule) };

  if (escalated.length > 0 && current.level === 'STATION') {
    const route = decidedAbove(opened.steps, file.target_org);
    const onward = advance(route, finished(route[current.step - 1]!, officer, context.now, 'done', input.opinion), context.now, calendar);
    return recordAct(context, opened, { act: 'review', opinion: input.opinion, detail, file: waitingFor(onward.next!), steps: merged(route, onward.steps), recallable: true });
  }
  const onward = advance(opened.steps, finished(current, officer, context.now, 'done', input.opinion), context.now, calendar);
  return recordAct(context, opened, {
    act: 'approve', opinion: input.opinion, detail: { ...detail, automatic: onward.automatic.map((passed) => passed.act) },
    file: { approved_at: context.now, decision: { outcome: 'approved', reason_code: null, reason: input.opinion }, ...waitingFor(onward.next!) },
    steps: onward.steps, messages: notesOnApproval(opened, onward.next!), recallable: onward.next?.act !== undefined && !outsideActs.has(onward.next.act),
  });
}

/** Seed 002: the approval itself tells the stations. */
function notesOnApproval(opened: OpenedCase, next: Step) {
  const { file, service } = opened;
  const text = { zh: `${file.case_no} ${service.name.zh}已审批同意,请及时办理。`, en: `${file.case_no} ${service.name.en} was approved; please proceed.` };
  const units = new Set([file.target_org, next.org_code, ...(file.origin_org === null ? [] : [file.origin_org])]);
  return [...units].map((org_code) => ({ org_code, kind: 'approved', text }));
}

/** 退回 to any earlier step; the steps between are to be done again. */
export async function returnStep(context: Context, input: InputOf<typeof contract.returnStep>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'return', opened, input.case_version);
  const current = activeStep(opened)!;
  if (input.to_step >= current.step) throw new Refusal('cases.step_not_earlier', { last: current.step - 1 });
  const target = begun(opened.steps.find((step) => step.step === input.to_step)!, context.now, await getCalendar(context));
  const between = opened.steps.filter((step) => step.step > target.step && step.step < current.step).map(untouched);
  // What this step asked of others is asked anew when the case is here again.
  const asked = tasksWaitedFor(opened);
  await cancelTasks(context, asked);
  return recordAct(context, opened, {
    act: 'return', opinion: input.reason, detail: { to_step: target.step, from_step: current.step },
    file: waitingFor(target), steps: [finished(current, officer, context.now, 'returned', input.reason), ...between, target],
    messages: [{ org_code: target.org_code, kind: 'returned', text: { zh: `${opened.file.case_no} 被退回:${input.reason}`, en: `${opened.file.case_no} was returned: ${input.reason}` } }],
    // What it had asked of others is gone, so the return stands.
    recallable: asked.length === 0,
  });
}

export async function claimCase(context: Context, input: InputOf<typeof contract.claimCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'claim', opened, input.case_version);
  const office = (await findOrganisations(context, [officer.org_code])).get(officer.org_code);
  return recordAct(context, opened, {
    act: 'claim', internal: true,
    file: { claimed_by: officer.officer_id, claimed_name: officer.name, claimed_org: officer.org_code, claimed_phone: office?.phone ?? null, claimed_until: new Date(context.now.getTime() + claimMinutes * 60_000) },
  });
}

/** Long enough for one case at the counter; a forgotten claim frees itself. */
export const claimMinutes = 30;

export async function releaseCase(context: Context, input: InputOf<typeof contract.releaseCase>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'release', opened, input.case_version);
  return recordAct(context, opened, { act: 'release', internal: true, file: { claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null } });
}

