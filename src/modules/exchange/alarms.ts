/** Alarms: at most one open for each lane and kind, however often it rings. */
import { log, newId, type Context } from '../../kernel/index.ts';
import type { RefusedReason } from './envelope.ts';
import type { Lane } from './rules.ts';

/** `schema` rings as `quarantine`: such a parcel is kept, not refused. */
export type AlarmKind = Exclude<RefusedReason, 'schema'> | 'unwritable' | 'gap' | 'quarantine' | 'stall' | 'courier_silent' | 'key_age';

/** Kinds that end by themselves when their cause is gone; the others end when a person has looked. */
export const passingKinds: ReadonlySet<string> = new Set<AlarmKind>(['gap', 'quarantine', 'stall', 'courier_silent', 'key_age']);

/**
 * Rings an alarm: opens it, or counts it on the one that is open.
 * @param detail numbers and codes only; never personal data
 */
export async function ring(context: Context, lane: Lane, kind: AlarmKind, detail: Record<string, unknown>, count = 1): Promise<void> {
  const [alarm] = await context.query<{ count: number }>(
    `insert into exchange.alarm as open (alarm_id, lane, kind, opened_at, last_at, count, detail) values ($1, $2, $3, $4, $4, $5, $6::jsonb)
     on conflict (lane, kind) where closed_at is null do update set count = open.count + excluded.count, last_at = excluded.last_at, detail = excluded.detail
     returning count`, [newId(), lane, kind, context.now, count, JSON.stringify(detail)]);
  if (alarm?.count === count) log('error', 'exchange alarm', { network: context.network, lane, alarm: kind, ...detail });
}

/** Ends an alarm whose cause is gone. */
export async function silence(context: Context, lane: Lane, kind: AlarmKind): Promise<void> {
  await context.query(
    `update exchange.alarm set closed_at = $3, closed_by = 'system' where lane = $1 and kind = $2 and closed_at is null`, [lane, kind, context.now]);
}
