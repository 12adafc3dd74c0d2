/** Tells the other side what became of its parcels, many in one parcel. */
import { sendHousekeeping } from '../actions.ts';
import { receiptBatch } from '../rules.ts';
import type { Way } from './way.ts';

/** @returns how many parcels were receipted now */
export async function sendReceipts(way: Way): Promise<number> {
  return way.act('exchange.send_receipts', async (context) => {
    const receipts = await context.query<{ sequence: number; result: string }>(
      `update exchange.incoming_parcel set receipt_at = $1
       where sequence in (
         select sequence from exchange.incoming_parcel
         where receipt_at is null and needs_receipt and state in ('applied', 'quarantined', 'discarded') order by sequence limit $2 for update)
       returning sequence, state as result`, [context.now, receiptBatch]);
    if (receipts.length > 0) await sendHousekeeping(context, 'exchange.receipt', { receipts: receipts.sort((a, b) => a.sequence - b.sequence) });
    return receipts.length;
  });
}
