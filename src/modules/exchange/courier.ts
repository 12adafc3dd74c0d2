/**
 * The courier of one network: takes in what the ferry brought, hands it to the modules, asks for what is
 * missing, receipts, and writes what is to leave. Any step may be cut off by a crash and is simply done
 * again: every file is written before it is noted, and kept before it is removed.
 */
import { log } from '../../kernel/index.ts';
import { applyParcels } from './courier/apply.ts';
import { requestMissing } from './courier/gaps.ts';
import { receiveParcels } from './courier/receive.ts';
import { sendReceipts } from './courier/receipts.ts';
import { openWay, type CourierOptions, type Way } from './courier/way.ts';
import { writeParcels } from './courier/write.ts';

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

/**
 * One round of a courier. @returns what moved, or undefined when another courier is at work
 * @throws Refusal exchange.key_missing; or a defect, after which the next round goes on where this one stopped
 */
export async function runCourierOnce(options: CourierOptions): Promise<CourierRound | undefined> {
  const client = await options.database.pool.connect();
  let broken = true;
  try {
    const { rows: [lock] } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [courierLock]);
    if (!lock!.locked) {
      broken = false;
      return undefined;
    }
    const round = await goRound(await openWay(options));
    await client.query('select pg_advisory_unlock($1)', [courierLock]);
    broken = false;
    return round;
  } finally {
    // A connection that did not come to its end takes the lock with it.
    client.release(broken);
  }
}

async function goRound(way: Way): Promise<CourierRound> {
  await showPresence(way);
  const { accepted: received, repeated, refused } = await receiveParcels(way);
  const { applied, failed } = await applyParcels(way);
  const asked_for = await requestMissing(way);
  const receipted = await sendReceipts(way);
  const written = await writeParcels(way);
  return { received, repeated, refused, applied, failed, receipted, asked_for, written };
}

/** Notes that the courier lives and which keys it uses; at most every ten seconds. */
async function showPresence(way: Way): Promise<void> {
  await way.act('exchange.show_presence', (context) => context.query(
    `update exchange.lane as l set courier_seen_at = $1, key_id = k.key_id, key_made_at = k.key_made_at
     from (values ('outgoing', $2, $3::timestamptz), ('incoming', $4, $5::timestamptz)) as k (lane, key_id, key_made_at)
     where l.lane = k.lane and (l.courier_seen_at is null or l.courier_seen_at <= $1::timestamptz - interval '10 seconds' or l.key_id is distinct from k.key_id)`,
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
        log('warn', 'courier paused', { network: options.database.network, error: (error as Error).message });
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
