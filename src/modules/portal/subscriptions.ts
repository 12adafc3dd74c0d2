import type { Context, Subscriptions } from '../../kernel/index.ts';

/** A person on the police side gave a parcel up: its application never became a case, and the applicant is told. */
async function noteDiscarded(context: Context, { kind, order_key }: { kind: string; order_key: string }): Promise<void> {
  if (kind !== 'portal.submit_application') return;
  await context.query('update portal.application set discarded_at = $2, closed_at = $2 where receipt_no = $1 and discarded_at is null', [order_key, context.now]);
}

export const subscriptions: Subscriptions = { 'exchange.parcel_discarded': noteDiscarded };
