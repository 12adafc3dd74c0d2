import { Refusal, actorId, newId, type Context, type InputOf } from '../../kernel/index.ts';
import { passingKinds } from './alarms.ts';
import type { contract } from './contract.ts';
import './errors.ts';
import { attachmentsMax, bodyBytesMax, secondsBefore, skipSecondsMin } from './rules.ts';

export interface ParcelToSend {
  /** `module.what_it_says`; the other network's handler of this kind takes it. */
  kind: string;
  /** Parcels with the same key are handled in the order in which they were sent. */
  order_key: string;
  body: Record<string, unknown>;
  /** Files in this network's blob store. */
  attachments?: ReadonlyArray<{ sha256: string; media_type: string }>;
}

/**
 * Hands a parcel over to the exchange in the caller's transaction: one insert, and it leaves if and only if the act commits.
 * @returns parcel_id
 * @throws Error (a defect of the caller) when an attachment is not in the blob store or a limit is passed
 */
export const sendParcel = (context: Context, parcel: ParcelToSend): Promise<string> => insertParcel(context, parcel, true);

/** What the exchange says about itself: has no order and wants no receipt, for receipts of receipts would never end. */
export const sendHousekeeping = (context: Context, kind: string, body: Record<string, unknown>): Promise<string> =>
  insertParcel(context, { kind, order_key: newId(), body }, false);

async function insertParcel(context: Context, parcel: ParcelToSend, needs_receipt: boolean): Promise<string> {
  const { kind, order_key, attachments = [] } = parcel;
  const body = JSON.stringify(parcel.body);
  if (Buffer.byteLength(body) > bodyBytesMax) throw new Error(`the body of a ${kind} parcel exceeds ${bodyBytesMax} bytes`);
  if (attachments.length > attachmentsMax) throw new Error(`a ${kind} parcel carries more than ${attachmentsMax} attachments`);
  for (const { sha256 } of attachments) {
    if (!(await context.blobs.has(sha256))) throw new Error(`attachment ${sha256} of a ${kind} parcel is not in the blob store`);
  }
  const parcel_id = newId();
  await context.query(
    `insert into exchange.outgoing_parcel (parcel_id, kind, order_key, body, attachments, needs_receipt, created_at)
     values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7)`,
    [parcel_id, kind, order_key, body, JSON.stringify(attachments.map(({ sha256, media_type }) => ({ sha256, media_type }))), needs_receipt, context.now]);
  return parcel_id;
}

/** Locks a received parcel and checks that its state allows the act. */
async function lockParcel(context: Context, sequence: number, states: readonly string[], otherwise: string): Promise<void> {
  const [parcel] = await context.query<{ state: string }>('select state from exchange.incoming_parcel where sequence = $1 for update', [sequence]);
  if (parcel === undefined) throw new Refusal('exchange.parcel_not_found', { sequence });
  if (!states.includes(parcel.state)) throw new Refusal(otherwise, { sequence });
}

/** Lets the courier try a quarantined parcel again, from the first attempt; those held behind it follow when it succeeds. */
export async function retryParcel(context: Context, input: InputOf<typeof contract.retryParcel>): Promise<{ sequence: number }> {
  await lockParcel(context, input.sequence, ['quarantined'], 'exchange.parcel_not_quarantined');
  await context.query(`update exchange.incoming_parcel set state = 'waiting', attempts = 0, next_attempt_at = null where sequence = $1`, [input.sequence]);
  context.audit({ detail: { sequence: input.sequence } });
  return { sequence: input.sequence };
}

/** Lets a held parcel go ahead of the quarantined one before it: a person answers for the changed order. */
export async function releaseParcel(context: Context, input: InputOf<typeof contract.releaseParcel>): Promise<{ sequence: number }> {
  await lockParcel(context, input.sequence, ['held'], 'exchange.parcel_not_held');
  await context.query(`update exchange.incoming_parcel set state = 'released', reason = $2 where sequence = $1`, [input.sequence, input.reason]);
  context.audit({ detail: { sequence: input.sequence, reason: input.reason } });
  return { sequence: input.sequence };
}

/** Gives a stuck parcel up for good; its sender is told by the receipt, and those held behind it follow. */
export async function discardParcel(context: Context, input: InputOf<typeof contract.discardParcel>): Promise<{ sequence: number }> {
  await lockParcel(context, input.sequence, ['quarantined', 'held'], 'exchange.parcel_not_stuck');
  await context.query(
    `update exchange.incoming_parcel set state = 'discarded', reason = $2, receipt_at = null where sequence = $1`, [input.sequence, input.reason]);
  context.audit({ detail: { sequence: input.sequence, reason: input.reason } });
  return { sequence: input.sequence };
}

/** Gives up a number that never came, so that those behind it may be handled; its sender is told by the receipt. */
export async function skipGap(context: Context, input: InputOf<typeof contract.skipGap>): Promise<{ sequence: number }> {
  const [gap] = await context.query<{ noticed_at: Date }>('delete from exchange.gap where sequence = $1 returning noticed_at', [input.sequence]);
  if (gap === undefined) throw new Refusal('exchange.gap_not_found', { sequence: input.sequence });
  if (gap.noticed_at > secondsBefore(context.now, skipSecondsMin)) throw new Refusal('exchange.gap_too_young', { sequence: input.sequence, minutes: skipSecondsMin / 60 });
  await context.query(
    `insert into exchange.incoming_parcel (sequence, state, reason, received_at) values ($1, 'discarded', $2, $3)`, [input.sequence, input.reason, context.now]);
  context.audit({ detail: { sequence: input.sequence, reason: input.reason } });
  return { sequence: input.sequence };
}

/** Closes an alarm that a person has looked into. */
export async function closeAlarm(context: Context, input: InputOf<typeof contract.closeAlarm>): Promise<{ alarm_id: string }> {
  const [alarm] = await context.query<{ kind: string }>(
    `update exchange.alarm set closed_at = $2, closed_by = $3 where alarm_id = $1 and closed_at is null returning kind`,
    [input.alarm_id, context.now, actorId(context.actor)]);
  if (alarm === undefined) throw new Refusal('exchange.alarm_not_open');
  if (passingKinds.has(alarm.kind)) throw new Refusal('exchange.alarm_closes_itself');
  context.audit({ detail: { alarm_id: input.alarm_id, kind: alarm.kind, note: input.note } });
  return { alarm_id: input.alarm_id };
}
