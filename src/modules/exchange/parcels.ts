/**
 * How a module receives parcels, and the parcels by which the exchange itself keeps house: receipts,
 * requests to send again, signs of life. Receipts and requests are handled as soon as they come, even
 * behind a gap: waiting in line for each other, two gaps would block both directions for ever.
 */
import Type, { type Static, type TSchema } from 'typebox';
import type { Context } from '../../kernel/index.ts';
import { receiptBatch, requestBatch } from './rules.ts';
import type { Attachment } from './envelope.ts';

export interface ReceivedParcel {
  parcel_id: string;
  order_key: string;
  sequence: number;
  /** Already in the blob store of this network. */
  attachments: readonly Attachment[];
}

/** What a module does with one kind of parcel: in one transaction with the parcel's state, so exactly once. */
export interface ParcelHandler<S extends TSchema = TSchema> {
  schema: S;
  handle(context: Context, body: Static<S>, parcel: ReceivedParcel): Promise<void>;
}
/** kind → handler. */
export type ParcelHandlers = Readonly<Record<string, ParcelHandler>>;

/** Binds a handler to its schema, so that the body has the schema's type. */
export function parcelHandler<S extends TSchema>(schema: S, handle: ParcelHandler<S>['handle']): ParcelHandler {
  return { schema, handle } as ParcelHandler;
}

const SequenceNumber = Type.Integer({ minimum: 1 });
export const Receipts = Type.Object({
  receipts: Type.Array(Type.Object({
    sequence: SequenceNumber, result: Type.Union([Type.Literal('applied'), Type.Literal('quarantined'), Type.Literal('discarded')]),
  }, { additionalProperties: false }), { minItems: 1, maxItems: receiptBatch }),
}, { additionalProperties: false });
export const ResendRequest = Type.Object({ sequences: Type.Array(SequenceNumber, { minItems: 1, maxItems: requestBatch }) }, { additionalProperties: false });
export const Heartbeat = Type.Object({}, { additionalProperties: false });

/** Notes what became of our parcels. An event tells their senders of those that a person over there discarded. */
async function noteReceipts(context: Context, { receipts }: Static<typeof Receipts>): Promise<void> {
  const settled = await context.query<{ parcel_id: string; kind: string; order_key: string; receipt_result: string }>(
    `update exchange.outgoing_parcel as o set receipt_at = $2, receipt_result = r.result, write_at = null, wanted = false
     from jsonb_to_recordset($1::jsonb) as r (sequence bigint, result text)
     where o.sequence = r.sequence and o.needs_receipt
       -- An older receipt may come after a newer one; what is applied or discarded stays so.
       and (o.receipt_result is null or (o.receipt_result = 'quarantined' and r.result <> 'quarantined'))
     returning o.parcel_id, o.kind, o.order_key, o.receipt_result`, [JSON.stringify(receipts), context.now]);
  for (const { receipt_result, ...parcel } of settled) {
    if (receipt_result === 'discarded') context.emit('exchange.parcel_discarded', parcel);
  }
}

/** Puts parcels that the other side misses back in line for writing. Those whose body is forgotten stay a gap over there. */
async function writeAgain(context: Context, { sequences }: Static<typeof ResendRequest>): Promise<void> {
  await context.query(
    `update exchange.outgoing_parcel set write_at = $2, wanted = true where sequence = any($1::bigint[]) and body is not null`, [sequences, context.now]);
}

export const ownParcelHandlers: ParcelHandlers = {
  'exchange.receipt': parcelHandler(Receipts, noteReceipts),
  'exchange.resend_request': parcelHandler(ResendRequest, writeAgain),
  // Its receipt is all that is wanted.
  'exchange.heartbeat': parcelHandler(Heartbeat, async () => {}),
};
