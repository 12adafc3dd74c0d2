/** What the worker of each network does for the exchange, apart from the courier: it watches even when the courier is dead. */
import type { Context, Job } from '../../kernel/index.ts';
import { sendParcel } from './actions.ts';
import { ring, silence, type AlarmKind } from './alarms.ts';
import { exchangeTrouble } from './queries.ts';
import { bodyDays, courierSilentSeconds, heartbeatSeconds, housekeepingDays, keyDaysMax, keyWarningDays, secondsBefore, secondsBetween, stallSeconds, type Lane } from './rules.ts';

const day = 86_400;

/** Rings what lasts too long and silences what is over. */
export async function watchExchange(context: Context): Promise<void> {
  const mark = async (lane: Lane, kind: AlarmKind, wrong: boolean, detail: Record<string, unknown> = {}): Promise<void> =>
    wrong ? ring(context, lane, kind, detail) : silence(context, lane, kind);

  const unreceipted = await exchangeTrouble(context);
  await mark('outgoing', 'stall', unreceipted > stallSeconds, { seconds: unreceipted });
  const [open] = await context.query<{ gaps: boolean; quarantined: boolean }>(
    `select exists (select from exchange.gap) as gaps, exists (select from exchange.incoming_parcel where state = 'quarantined') as quarantined`);
  if (open?.gaps === false) await silence(context, 'incoming', 'gap');
  if (open?.quarantined === false) await silence(context, 'incoming', 'quarantine');
  for (const { lane, courier_seen_at, key_made_at } of await context.query<{ lane: Lane; courier_seen_at: Date | null; key_made_at: Date | null }>(
    'select lane, courier_seen_at, key_made_at from exchange.lane order by lane limit 2')) {
    const keyDays = Math.floor(secondsBetween(key_made_at, context.now) / day);
    await mark(lane, 'key_age', keyDays > keyDaysMax - keyWarningDays, { days: keyDays });
    // Both lanes have the same courier.
    if (lane === 'outgoing') await mark(lane, 'courier_silent', courier_seen_at !== null && secondsBetween(courier_seen_at, context.now) > courierSilentSeconds);
  }
}

/** A sign of life that wants a receipt: a dead line shows at night too, and before the first citizen meets it. */
export async function sendHeartbeat(context: Context): Promise<void> {
  await sendParcel(context, { kind: 'exchange.heartbeat', order_key: 'exchange.heartbeat', body: {} });
}

const forgetBatch = 1000;

/** Forgets bodies a week after they were settled, and the exchange's own parcels after a month. @returns rows touched */
export async function forgetSettled(context: Context): Promise<number> {
  const [bodies, rows] = [secondsBefore(context.now, bodyDays * day), secondsBefore(context.now, housekeepingDays * day)];
  const touched = await Promise.all([
    context.query(
      `update exchange.outgoing_parcel set body = null where parcel_id in (
         select parcel_id from exchange.outgoing_parcel
         where body is not null and receipt_at < $1 and receipt_result in ('applied', 'discarded') order by receipt_at limit $2) returning parcel_id`, [bodies, forgetBatch]),
    context.query(
      `update exchange.incoming_parcel set body = null where sequence in (
         select sequence from exchange.incoming_parcel
         where body is not null and state in ('applied', 'discarded') and received_at < $1 order by received_at limit $2) returning sequence`, [bodies, forgetBatch]),
    context.query(
      `delete from exchange.outgoing_parcel where parcel_id in (
         select parcel_id from exchange.outgoing_parcel where not needs_receipt and created_at < $1 and written_at is not null order by created_at limit $2) returning parcel_id`, [rows, forgetBatch]),
    context.query(
      `delete from exchange.incoming_parcel where sequence in (
         select sequence from exchange.incoming_parcel where not needs_receipt and state = 'applied' and received_at < $1 order by received_at limit $2) returning sequence`, [rows, forgetBatch]),
  ]);
  return touched.reduce((sum, part) => sum + part.length, 0);
}

export const jobs: readonly Job[] = [
  { name: 'exchange.watch', every_seconds: 15, run: watchExchange },
  { name: 'exchange.send_heartbeat', every_seconds: heartbeatSeconds, run: sendHeartbeat },
  { name: 'exchange.forget_settled', every_seconds: 3600, run: forgetSettled },
];
