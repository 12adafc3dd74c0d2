/**
 * The courier of one network: takes in what the ferry brought, hands it to the modules, asks for what is
 * missing, receipts, and writes what is to leave. Any step may be cut off by a crash and is simply done
 * again: every file is written before it is noted, and kept before it is removed.
 */
import { log, Refusal, rowsOf } from '../../kernel/index.ts';
import { applyParcels } from './courier/apply.ts';
import { requestMissing } from './courier/gaps.ts';
import { receiveParcels } from './courier/receive.ts';
import { sendReceipts } from './courier/receipts.ts';
import { openWay, type CourierOptions, type Way } from './courier/way.ts';
import { writeParcels } from './courier/write.ts';
import { sweepOrphans } from './spool.ts';

export type { CourierOptions } from './courier/way.ts';

/** What one round moved. */
export interface CourierRound {
  received: number;
  repeated: number;
  refused: number;
  applied: number;
  failed: number;
  receipted: number;
  asked_for: number;
  written: number;
}

export const movedNothing = (round: CourierRound): boolean => Object.values(round).every((count) => count === 0);

/** One courier at a time works for a network; a second one, should it run, would only be slower. */
const courierLock = 7104311;

interface Work {
  locked: boolean;
  /** Every ten seconds. */
  unseen: boolean;
  uncleared: boolean;
  to_apply: boolean;
  to_ask: boolean;
  to_receipt: boolean;
  to_write: boolean;
}

/** Takes the lock and finds what there is to do, in one look: most rounds of a day find nothing. */
const lookForWork = `select pg_try_advisory_lock($1) as locked,
  exists (select from exchange.lane where courier_seen_at is null or courier_seen_at <= $2::timestamptz - interval '10 seconds') as unseen,
  exists (select from exchange.incoming_parcel where files_left <> '{}') or exists (select from exchange.refused_file where files_left <> '{}') as uncleared,
  exists (select from exchange.incoming_parcel where state in ('waiting', 'released')) or exists (select from exchange.incoming_parcel where state = 'held') as to_apply,
  exists (select from exchange.gap where request_at <= $2) as to_ask,
  exists (select from exchange.incoming_parcel where receipt_at is null and needs_receipt and state in ('applied', 'quarantined', 'discarded')) as to_receipt,
  exists (select from exchange.outgoing_parcel where sequence is null) or exists (select from exchange.outgoing_parcel where write_at <= $2) as to_write`;

/**
 * One round of a courier. @returns what moved, or undefined when another courier is at work
 * @throws Refusal exchange.key_missing; or a defect, after which the next round goes on where this one stopped
 */
export async function runCourierOnce(options: CourierOptions): Promise<CourierRound | undefined> {
  const client = await options.database.pool.connect();
  let broken = true;
  try {
    const [work] = await rowsOf<Work>(client, lookForWork, [courierLock, options.clock.now()]);
    const round = work!.locked ? await goRound(await openWay(options), work!) : undefined;
    if (work!.locked) await rowsOf(client, 'select pg_advisory_unlock($1)', [courierLock]);
    broken = false;
    return round;
  } finally {
    // A connection that did not come to its end takes the lock with it.
    client.release(broken);
  }
}

async function goRound(way: Way, work: Work): Promise<CourierRound> {
  if (work.unseen) await showPresence(way);
  const { accepted: received, repeated, refused } = await receiveParcels(way, work.uncleared);
  if (work.unseen) await sweepOrphans(way.incoming, way.clock.now());
  const { applied, failed } = work.to_apply || received > 0 ? await applyParcels(way) : { applied: 0, failed: 0 };
  const asked_for = work.to_ask ? await requestMissing(way) : 0;
  const receipted = work.to_receipt || repeated + applied + failed > 0 ? await sendReceipts(way) : 0;
  const written = work.to_write || asked_for + receipted + applied > 0 ? await writeParcels(way) : 0;
  return { received, repeated, refused, applied, failed, receipted, asked_for, written };
}

/** Notes that the courier lives and which keys it uses. */
async function showPresence(way: Way): Promise<void> {
  await way.act('exchange.show_presence', (context) => context.query(
    `update exchange.lane as l set courier_seen_at = $1, key_id = k.key_id, key_made_at = k.key_made_at
     from (values ('outgoing', $2, $3::timestamptz), ('incoming', $4, $5::timestamptz)) as k (lane, key_id, key_made_at) where l.lane = k.lane`,
    [context.now, way.key_id, way.key_made_at, way.peer.key_id, way.peer.key_made_at]));
}

/** Couriers of both networks in turn until nothing moves: how tests let parcels travel without waiting. */
export async function ferryUntilQuiet(couriers: readonly CourierOptions[], rounds_max = 200): Promise<void> {
  for (let round = 0; round < rounds_max; round++) {
    let quiet = true;
    for (const courier of couriers) {
      const moved = await runCourierOnce(courier);
      quiet &&= moved !== undefined && movedNothing(moved);
    }
    if (quiet) return;
  }
  throw new Error(`parcels still travel after ${rounds_max} rounds`);
}

/** Pause between two rounds when nothing moved. */
const pauseMilliseconds = 200;

/** Runs a courier until the returned function is called, which waits for the round under way. */
export function startCourier(options: CourierOptions): () => Promise<void> {
  let stopping = false;
  let wake = (): void => {};
  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  const loop = (async () => {
    let trouble = 0;
    while (!stopping) {
      let quiet = true;
      try {
        const round = await runCourierOnce(options);
        quiet = round === undefined || movedNothing(round);
        trouble = 0;
      } catch (error) {
        trouble = Math.min(trouble + 1, 6);
        log('warn', 'courier paused', { network: options.database.network, error: error instanceof Refusal ? `${error.text.zh} · ${error.text.en}` : (error as Error).message });
      }
      if (quiet && !stopping) await pause(pauseMilliseconds * 2 ** trouble);
    }
  })();
  return async () => {
    stopping = true;
    wake();
    await loop;
  };
}
