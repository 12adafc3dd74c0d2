/** The origin's say in a one-stop move: confirm, or object with a reason. Silence confirms when the limit has passed. */
import { legalDay, Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { getCalendar } from '../../reference/index.ts';
import { extendLeases } from '../../population/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase, type Step, type Suspension } from '../file.ts';
import { leaseUntil } from '../hold.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { advance, begun, organisationAt, shifted, waitingFor } from '../route.ts';
import { closeCase } from './end.ts';

export async function confirmOut(context: Context, input: InputOf<typeof contract.confirmOut>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'confirm_out', opened, input.case_version);
  const step: Step = { ...activeStep(opened)!, state: 'done', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: input.opinion ?? null };
  const onward = advance(opened.steps, step, context.now, await getCalendar(context));
  return recordAct(context, opened, { act: 'confirm_out', opinion: input.opinion ?? null, file: waitingFor(onward.next!), steps: onward.steps, recallable: true });
}

/** The limit has passed in silence: confirmed, and the origin's county learns of it (seed 000). */
export async function confirmBySilence(context: Context, opened: OpenedCase): Promise<void> {
  const { file } = opened;
  const step: Step = { ...activeStep(opened)!, state: 'automatic', done_at: context.now };
  const onward = advance(opened.steps, step, context.now, await getCalendar(context));
  await recordAct(context, opened, {
    act: 'confirm_out', detail: { automatic: true }, file: waitingFor(onward.next!), steps: onward.steps,
    messages: [{
      org_code: organisationAt('COUNTY', step.org_code), kind: 'automatic_confirmation',
      text: { zh: `${file.case_no} 迁出地派出所逾期未答复,系统已自动确认。`, en: `${file.case_no}: the old station did not answer in time; the move out was confirmed automatically.` },
    }],
  });
}

/** An objection suspends the case until the county of the destination decides, or a lawful hold ends. */
export async function objectOut(context: Context, input: InputOf<typeof contract.objectOut>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'object_out', opened, input.case_version);
  const { file } = opened;
  const hold = holdOf(context, input);
  const suspension: Suspension = {
    since: context.now.toISOString(), reason_code: input.reason_code, reason: input.reason, document_no: hold?.document_no ?? input.document_no ?? null, until: hold?.until.toISOString() ?? null,
  };
  context.forCase(file.case_id);
  if (hold !== null) {
    await context.query(
      `insert into cases.lawful_hold (person_id, case_id, document_no, until_at, registered_by, registered_at)
       select unnest($6::uuid[]), $1, $2, $3, $4, $5 on conflict do nothing`,
      [file.case_id, hold.document_no, hold.until, officer.officer_id, context.now, file.movers.flatMap((mover) => mover.person_id ?? [])]);
  }
  // Whoever waits for the county or for the end of a hold keeps its place.
  await extendLeases(context, { case_id: file.case_id, expires_at: await leaseUntil(context, hold?.until) });
  const step: Step = { ...activeStep(opened)!, state: 'objected', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: input.reason };
  const county = organisationAt('COUNTY', file.target_org);
  return recordAct(context, opened, {
    act: 'object_out', opinion: input.reason, detail: { reason_code: input.reason_code, document_no: suspension.document_no, until: suspension.until },
    file: { state: 'suspended', suspension, clock_stopped_at: context.now, ...nobodyWaits }, steps: [step],
    messages: [{ org_code: county, kind: 'objection', text: { zh: `${file.case_no} 迁出地提出异议:${input.reason}`, en: `${file.case_no}: the old station objects: ${input.reason}` } }],
  });
}

/**
 * A hold stands on a document and ends with the last day that it names; any other objection has no end of its own.
 * @throws Refusal cases.document_needed
 */
function holdOf(context: Context, input: InputOf<typeof contract.objectOut>): { document_no: string; until: Date } | null {
  if (input.reason_code !== 'lawful_hold') return null;
  const document_no = input.document_no?.trim() ?? '';
  if (document_no === '' || input.hold_until_on === undefined || input.hold_until_on < legalDay(context.now)) throw new Refusal('cases.document_needed');
  return { document_no, until: new Date(Date.parse(`${input.hold_until_on}T00:00:00+08:00`) + 86_400_000) };
}

/** The deciding county upholds the objection (the case ends) or overrules it (the move goes on). */
export async function resolveObjection(context: Context, input: InputOf<typeof contract.resolveObjection>) {
  const opened = await openFile(context, input);
  await admitAct(context, 'resolve_objection', opened, input.case_version);
  if (input.uphold) {
    return closeCase(context, opened, { act: 'resolve_objection', state: 'rejected', opinion: input.reason, detail: { uphold: true }, decision: { outcome: 'rejected', reason_code: 'objection_upheld', reason: input.reason } });
  }
  return goOn(context, opened, 'resolve_objection', input.reason, { uphold: false });
}

/** The document's last day is over: the origin is asked again. */
export async function liftSuspension(context: Context, opened: OpenedCase): Promise<void> {
  const again = begun(opened.steps.find((step) => step.state === 'objected')!, context.now, await getCalendar(context));
  await recordAct(context, opened, { act: 'lift_suspension', detail: { document_no: opened.file.suspension?.document_no ?? null }, file: { ...await resumedCase(context, opened), ...waitingFor(again) }, steps: [again] });
}

async function resumedCase(context: Context, opened: OpenedCase) {
  const { file } = opened;
  return {
    state: 'in_review' as const, suspension: null, clock_stopped_at: null,
    due_at: file.due_at === null ? null : shifted(file.due_at, file.clock_stopped_at ?? context.now, context.now, await getCalendar(context)),
  };
}

async function goOn(context: Context, opened: OpenedCase, act: string, opinion: string, detail: Record<string, unknown>) {
  const objected = opened.steps.find((step) => step.state === 'objected')!;
  const onward = advance(opened.steps, objected, context.now, await getCalendar(context));
  return recordAct(context, opened, { act, opinion, detail, file: { ...await resumedCase(context, opened), ...waitingFor(onward.next!) }, steps: onward.steps });
}
