/** Asks the other side for numbers that have not come. */
import { sendHousekeeping } from '../actions.ts';
import { ring } from '../alarms.ts';
import { requestAgainAt, requestBatch } from '../rules.ts';
import type { Way } from './way.ts';

/** @returns how many numbers were asked for now */
export async function requestMissing(way: Way): Promise<number> {
  return way.act('exchange.request_missing', async (context) => {
    const missing = await context.query<{ sequence: number; request_count: number }>(
      'select sequence, request_count from exchange.gap where request_at <= $1 order by sequence limit $2 for update', [context.now, requestBatch]);
    if (missing.length === 0) return 0;
    const sequences = missing.map((gap) => gap.sequence);
    await sendHousekeeping(context, 'exchange.resend_request', { sequences });
    await context.query(
      `update exchange.gap as g set request_count = request_count + 1, request_at = next.request_at
       from unnest($1::bigint[], $2::timestamptz[]) as next (sequence, request_at) where g.sequence = next.sequence`,
      [sequences, missing.map((gap) => requestAgainAt(context.now, gap.request_count + 1))]);
    await ring(context, 'incoming', 'gap', { first: sequences[0], asked_for: sequences.length });
    return missing.length;
  });
}
