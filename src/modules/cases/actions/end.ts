/** The ends of a case other than execution: whatever happens, leases are freed and the reason is on record. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { endDisclosure, releaseLeases } from '../../population/index.ts';
import type { contract, CaseState } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, openStates, type Decision, type OpenedCase, type Step } from '../file.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { reasonCodes } from '../words.ts';

export interface End {
  act: string;
  state: CaseState;
  decision: Decision;
  opinion?: string | null;
  detail?: Record<string, unknown>;
  steps?: readonly Step[];
}

/** Ends a case without effect on the register. */
export async function closeCase(context: Context, opened: OpenedCase, end: End) {
  const { file } = opened;
  context.forCase(file.case_id);
  await releaseLeases(context, { case_id: file.case_id });
  await endDisclosure(context, { case_id: file.case_id });
  const active = activeStep(opened);
  const steps = end.steps ?? (active === undefined ? [] : [{ ...active, state: 'skipped' as const, done_at: context.now }]);
  return recordAct(context, opened, {
    act: end.act, opinion: end.opinion ?? null, detail: { ...end.detail, reason_code: end.decision.reason_code },
    file: { state: end.state, decision: end.decision, closed_at: context.now, suspension: null, ...nobodyWaits }, steps,
  });
}

export async function refuseAcceptance(context: Context, input: InputOf<typeof contract.refuseAcceptance>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'refuse_acceptance', opened, input.case_version);
  if (!reasonCodes.some((reason) => reason.code === input.reason_code && reason.use === 'refuse_acceptance')) throw new Refusal('cases.reason_unknown');
  return closeCase(context, opened, { act: 'refuse_acceptance', state: 'not_accepted', opinion: input.reason, decision: { outcome: 'not_accepted', reason_code: input.reason_code, reason: input.reason } });
}

export async function withdrawCase(context: Context, input: InputOf<typeof contract.withdrawCase>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'withdraw', opened, input.case_version);
  return closeCase(context, opened, { act: 'withdraw', state: 'withdrawn', opinion: input.reason, decision: { outcome: 'withdrawn', reason_code: null, reason: input.reason } });
}

/** The applicant's own word from the portal. After the approval it comes too late, and the applicant is told so. */
export async function withdrawByApplicant(context: Context, opened: OpenedCase, reason: string): Promise<void> {
  const { file } = opened;
  if (!openStates.includes(file.state)) return;
  if (file.approved_at !== null) await recordAct(context, opened, { act: 'withdraw_late', opinion: reason });
  else await closeCase(context, opened, { act: 'withdraw', state: 'withdrawn', opinion: reason, decision: { outcome: 'withdrawn', reason_code: null, reason } });
}

/** The head of the receiving household takes the consent back: possible until the approval, not later (art. 41). */
export async function withdrawConsent(context: Context, input: InputOf<typeof contract.withdrawConsent>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'withdraw_consent', opened, input.case_version);
  return closeCase(context, opened, { act: 'withdraw_consent', state: 'rejected', opinion: input.reason, decision: { outcome: 'rejected', reason_code: 'consent_missing', reason: input.reason } });
}

export async function terminateCase(context: Context, input: InputOf<typeof contract.terminateCase>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'terminate', opened, input.case_version);
  return closeCase(context, opened, { act: 'terminate', state: 'terminated', opinion: input.reason, decision: { outcome: 'terminated', reason_code: input.reason_code, reason: input.reason } });
}
