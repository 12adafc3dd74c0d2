/**
 * Hands received parcels to the modules: in the order of their numbers for each order key, up to the
 * first missing number, each in one transaction with its effect. One that fails three times goes into
 * quarantine and holds those behind it with the same key; all others go on.
 */
import { log, newId, Refusal, violationsOf, type Context } from '../../../kernel/index.ts';
import { ring } from '../alarms.ts';
import type { Attachment } from '../envelope.ts';
import { ownParcelHandlers } from '../parcels.ts';
import { attemptsMax, nextAttemptAt } from '../rules.ts';
import { sideBySide } from './side-by-side.ts';
import type { Way } from './way.ts';

/** Order keys handled side by side. */
const keysAtOnce = 4;
const applyBatch = 200;

interface DueParcel {
  sequence: number;
  parcel_id: string;
  kind: string;
  order_key: string;
  attempts: number;
}

export interface Applied {
  applied: number;
  failed: number;
}

/** Handles everything that is due now, as long as the round lasts. */
export async function applyParcels(way: Way): Promise<Applied> {
  const total: Applied = { applied: 0, failed: 0 };
  do {
    const due = await way.act('exchange.list_due_parcels', listDue);
    if (due.length === 0) return total;
    const before = total.applied + total.failed;
    await sideBySide(keysAtOnce, [...Map.groupBy(due, (parcel) => parcel.order_key).values()], (line) => applyLine(way, line, total));
    // Another courier may have taken them all; then there is nothing more to do here.
    if (total.applied + total.failed === before) return total;
  } while (!way.timeIsUp());
  return total;
}

/** Parcels of one key, in order; the first that fails stops its line. */
async function applyLine(way: Way, line: readonly DueParcel[], total: Applied): Promise<void> {
  for (const parcel of line) {
    const outcome = await applyParcel(way, parcel);
    if (outcome === 'applied') total.applied++;
    else if (outcome === 'failed') total.failed++;
    if (outcome !== 'applied') return;
  }
}

async function listDue(context: Context): Promise<DueParcel[]> {
  await settleHeld(context);
  return context.query<DueParcel>(
    `select p.sequence, p.parcel_id, p.kind, p.order_key, p.attempts
     from exchange.incoming_parcel as p
     where p.state in ('waiting', 'released') and (p.next_attempt_at is null or p.next_attempt_at <= $1)
       and (not p.needs_receipt or (
         p.sequence < coalesce((select min(sequence) from exchange.gap), p.sequence + 1)
         and (p.state = 'released' or not exists (
           select from exchange.incoming_parcel as e
           where e.order_key = p.order_key and e.sequence < p.sequence and e.state in ('waiting', 'released', 'quarantined', 'held')
             and (e.state in ('quarantined', 'held') or e.next_attempt_at > $1)))))
     order by p.sequence limit $2`, [context.now, applyBatch]);
}

/** Holds what stands behind a quarantined parcel of the same key, and lets go what does so no longer. */
async function settleHeld(context: Context): Promise<void> {
  await context.query(
    `update exchange.incoming_parcel as p set state = 'held'
     from (select order_key, min(sequence) as first from exchange.incoming_parcel where state = 'quarantined' group by order_key) as q
     where p.state = 'waiting' and p.order_key = q.order_key and p.sequence > q.first`);
  await context.query(
    `update exchange.incoming_parcel as p set state = 'waiting'
     where p.state = 'held' and not exists (
       select from exchange.incoming_parcel as q where q.state = 'quarantined' and q.order_key = p.order_key and q.sequence < p.sequence)`);
}

/** A parcel that no attempt can help. */
class Poison extends Error {
  readonly reason: 'unknown_kind' | 'schema';
  constructor(reason: 'unknown_kind' | 'schema') {
    super(reason);
    this.reason = reason;
  }
}

async function applyParcel(way: Way, parcel: DueParcel): Promise<'applied' | 'failed' | 'gone'> {
  const { sequence, parcel_id, kind, order_key } = parcel;
  try {
    return await way.act(kind, async (context) => {
      const [claimed] = await context.query<{ body: unknown; attachments: Attachment[] }>(
        `update exchange.incoming_parcel
         set state = 'applied', applied_at = $2, attempts = attempts + 1, reason = null, next_attempt_at = null, receipt_at = null
         where sequence = $1 and state in ('waiting', 'released') returning body, attachments`, [sequence, context.now]);
      if (claimed === undefined) return 'gone' as const;
      const handler = ownParcelHandlers[kind] ?? way.handlers[kind];
      if (handler === undefined) throw new Poison('unknown_kind');
      if (violationsOf(handler.schema, claimed.body).length > 0) throw new Poison('schema');
      context.audit({ detail: { direction: way.incoming_direction, sequence, parcel_id } });
      try {
        await handler.handle(context, claimed.body, { parcel_id, order_key, sequence, attachments: claimed.attachments });
      } catch (error) {
        // A refusal that keeps what it wrote would keep the parcel as applied.
        throw error instanceof Refusal && error.keeps_writes ? new Refusal(error.code, error.facts, error.violations) : error;
      }
      return 'applied' as const;
    }, { audited: ownParcelHandlers[kind] === undefined });
  } catch (error) {
    if (isOfDatabase(error)) throw error;
    await noteFailure(way, parcel, error);
    return 'failed';
  }
}

/** The database is away, restarts or is full: no fault of the parcel. */
function isOfDatabase(error: unknown): boolean {
  const { code, syscall, message } = error as { code?: unknown; syscall?: unknown; message?: unknown };
  return syscall === 'connect' || /^Connection terminated/.test(String(message))
    || (typeof code === 'string' && /^(08|53|57P|ECONNREFUSED$|ECONNRESET$|EPIPE$|ETIMEDOUT$|ENOSPC$)/.test(code));
}

/** What may be kept and shown of a failure: its code, never its message, which may quote the body. */
function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  if (error instanceof Poison) return error.reason;
  const { name = 'Error', code } = error as { name?: string; code?: string };
  return ['defect', name, ...(typeof code === 'string' ? [code] : [])].join(' ');
}

/** Where in the program a defect arose, without its message. */
function framesOf(error: unknown): string[] | undefined {
  if (error instanceof Refusal || error instanceof Poison) return undefined;
  return (error as Error).stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 5);
}

async function noteFailure(way: Way, parcel: DueParcel, error: unknown): Promise<void> {
  const { sequence, kind } = parcel;
  const reason = reasonOf(error);
  // Busy or unreachable is nobody's fault and passes; it is tried again without counting.
  const counts = !(error instanceof Refusal && error.declaration.kind === 'unavailable');
  const attempts = parcel.attempts + (counts ? 1 : 0);
  const quarantined = error instanceof Poison || attempts >= attemptsMax;
  log(quarantined ? 'error' : 'warn', 'parcel failed', { network: way.database.network, sequence, kind, reason, attempts, frames: framesOf(error) });
  await way.act('exchange.note_failure', async (context) => {
    const [noted] = await context.query(
      `update exchange.incoming_parcel
       set state = case when $2 then 'quarantined' else state end, reason = $3, attempts = $4, next_attempt_at = $5, receipt_at = null
       where sequence = $1 and state in ('waiting', 'released') returning sequence`,
      [sequence, quarantined, reason, attempts, quarantined ? null : nextAttemptAt(context.now, Math.max(1, attempts))]);
    if (noted === undefined || !quarantined) return;
    await ring(context, 'incoming', 'quarantine', { sequence, kind, reason });
    if (error instanceof Poison && error.reason === 'schema') {
      await context.query(
        `insert into exchange.refused_file (refused_id, at, file_name, reason) values ($1, $2, $3, 'schema')`, [newId(), context.now, `${sequence}`]);
    }
  });
}
