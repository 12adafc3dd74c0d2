/** Steps that end a case without touching the register again: a card or paper is handed over, a copy is delivered. */
import { Refusal, type Context, type InputOf, type OfficerActor } from '../../../kernel/index.ts';
import { endDisclosure, releaseLeases } from '../../population/index.ts';
import { normaliseName } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase } from '../file.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { finished } from './decide.ts';

/** What the case held of the register is free again, and its people are no longer shown for it. */
export async function freeEverything(context: Context, { file }: OpenedCase): Promise<void> {
  context.forCase(file.case_id);
  await releaseLeases(context, { case_id: file.case_id });
  await endDisclosure(context, { case_id: file.case_id });
}

async function finish(context: Context, opened: OpenedCase, officer: OfficerActor, act: string, opinion: string | null, detail: Record<string, unknown>) {
  await freeEverything(context, opened);
  return recordAct(context, opened, {
    act, opinion, detail, steps: [finished(activeStep(opened)!, officer, context.now, 'done', opinion)],
    file: { state: 'executed', closed_at: context.now, decision: { outcome: 'executed', reason_code: null, reason: null }, ...nobodyWaits },
  });
}

/**
 * 发证: against name and the last four characters of the number of somebody the case knows; whoever comes by mandate is
 * noted as such. A courier hands over in the same way and leaves the number of the delivery.
 * @throws Refusal cases.digits_do_not_match, cases.handed_over_as_card: identity cards are handed over with a check of the bearer
 */
export async function handOverCase(context: Context, input: InputOf<typeof contract.handOverCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'hand_over', opened, input.case_version);
  const { file, service } = opened;
  if (service.effect === 'order_card') throw new Refusal('cases.handed_over_as_card');
  const known = [{ name: file.applicant_name, id_number: file.applicant_id_number }, ...file.movers, ...file.parts];
  const matches = known.some((one) => normaliseName(one.name) === normaliseName(input.received_by) && one.id_number.endsWith(input.id_number_last4));
  if (!matches && input.by_mandate !== true) throw new Refusal('cases.digits_do_not_match');
  return finish(context, opened, officer, 'hand_over', null, {
    received_by: input.received_by, id_number_last4: input.id_number_last4, by_mandate: input.by_mandate === true, courier_no: input.courier_no ?? null,
  });
}

export async function deliverCopy(context: Context, input: InputOf<typeof contract.deliverCopy>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'deliver_copy', opened, input.case_version);
  return finish(context, opened, officer, 'deliver_copy', input.opinion ?? null, {});
}
