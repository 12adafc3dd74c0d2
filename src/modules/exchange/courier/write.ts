/**
 * Writes what waits to leave: numbers committed parcels without a hole, seals, signs, writes files.
 * A copy is counted before it is written, so that no copy number ever names two files: the
 * receiving side takes the same copy twice for a replay.
 */
import { canonicalJson, log, type Context } from '../../../kernel/index.ts';
import { ring } from '../alarms.ts';
import { sealAttachment, writeEnvelope, type Content } from '../envelope.ts';
import { rewriteAt, writeBatch } from '../rules.ts';
import { attachmentFileName, isInSpool, parcelFileName, writeSpoolFile } from '../spool.ts';
import { sideBySide } from './side-by-side.ts';
import type { Way } from './way.ts';

/** Files flushed to disk side by side. */
const filesAtOnce = 8;

interface ParcelToWrite {
  parcel_id: string;
  kind: string;
  order_key: string;
  body: Content['body'];
  attachments: Array<{ sha256: string; media_type: string }>;
  needs_receipt: boolean;
  created_at: Date;
  sequence: number;
  copy: number;
  wanted: boolean;
}

type Outcome = 'written' | 'still_there' | 'unwritable';

/** @returns how many parcels were written */
export async function writeParcels(way: Way): Promise<number> {
  const { parcels, received_through } = await way.act('exchange.number_parcels', number);
  if (parcels.length === 0) return 0;
  const outcomes = new Map<ParcelToWrite, Outcome>();
  await sideBySide(filesAtOnce, parcels, async (parcel) => outcomes.set(parcel, await tryToWrite(way, parcel, received_through)));
  await way.act('exchange.note_written', (context) => noteWritten(context, outcomes));
  return [...outcomes.values()].filter((outcome) => outcome === 'written').length;
}

/** One that cannot be written (its attachment is damaged, the disk is full) stops no other. */
async function tryToWrite(way: Way, parcel: ParcelToWrite, received_through: number): Promise<Outcome> {
  try {
    return await write(way, parcel, received_through);
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    log('error', 'parcel cannot be written', { network: way.database.network, sequence: parcel.sequence, kind: parcel.kind, reason: code ?? name });
    return 'unwritable';
  }
}

/** Gives numbers to new parcels in the order of their acts, and counts a copy for each that is due. */
async function number(context: Context): Promise<{ parcels: ParcelToWrite[]; received_through: number }> {
  await context.query(
    `with lane as (select last_sequence from exchange.lane where lane = 'outgoing' for update),
       fresh as (select parcel_id, row_number() over (order by position) as nth
                 from (select parcel_id, position from exchange.outgoing_parcel where sequence is null order by position limit $2) as new),
       numbered as (update exchange.outgoing_parcel as o set sequence = lane.last_sequence + fresh.nth, write_at = $1
                    from fresh, lane where o.parcel_id = fresh.parcel_id returning o.sequence)
     update exchange.lane set last_sequence = greatest(last_sequence, (select max(sequence) from numbered)) where lane = 'outgoing' and exists (select from numbered)`,
    [context.now, writeBatch]);
  const parcels = await context.query<ParcelToWrite>(
    `update exchange.outgoing_parcel set copy = copy + 1
     where parcel_id in (select parcel_id from exchange.outgoing_parcel where write_at <= $1 order by write_at, sequence limit $2 for update)
     returning parcel_id, kind, order_key, body, attachments, needs_receipt, created_at, sequence, copy, wanted`, [context.now, writeBatch]);
  const [lane] = await context.query<{ received_through: number }>(
    `select coalesce((select min(sequence) - 1 from exchange.gap), last_sequence) as received_through from exchange.lane where lane = 'incoming'`);
  return { parcels: parcels.sort((a, b) => a.sequence - b.sequence), received_through: lane!.received_through };
}

/** Writes one parcel, its attachments first, unless its last copy still waits for the ferry and nobody asked for another. */
async function write(way: Way, parcel: ParcelToWrite, received_through: number): Promise<Outcome> {
  const file_name = parcelFileName(parcel.sequence);
  if (parcel.copy > 1 && !parcel.wanted && (await isInSpool(way.outgoing, file_name))) return 'still_there';
  const head = { direction: way.outgoing_direction, sequence: parcel.sequence, copy: parcel.copy, parcel_id: parcel.parcel_id, kind: parcel.kind };
  const files: Array<{ sha256: string; bytes: number }> = [];
  const attachments: Content['attachments'] = [];
  for (const { sha256, media_type } of parcel.attachments) {
    const plain = await way.blobs.get(sha256);
    const file = sealAttachment(head, plain, way.peer.sealing_key);
    await writeSpoolFile(way.outgoing, attachmentFileName(file.sha256), file.sealed);
    way.step('attachment written');
    files.push({ sha256: file.sha256, bytes: file.sealed.byteLength });
    attachments.push({ sha256, bytes: plain.byteLength, media_type });
  }
  const content: Content = {
    order_key: parcel.order_key, created_at: parcel.created_at.toISOString(), needs_receipt: parcel.needs_receipt, body: parcel.body, attachments,
  };
  const bytes = writeEnvelope({ ...head, written_at: way.clock.now().toISOString(), received_through, files }, content, way.keys, way.key_id, way.peer.sealing_key);
  await writeSpoolFile(way.outgoing, file_name, bytes);
  way.step('parcel written');
  return 'written';
}

/** From now on only a missing receipt or a request of the other side makes a parcel due again. */
async function noteWritten(context: Context, outcomes: ReadonlyMap<ParcelToWrite, Outcome>): Promise<void> {
  const rows = [...outcomes].map(([{ parcel_id, needs_receipt, copy }, outcome]) => ({
    parcel_id, copy, written: outcome === 'written', unwritable: outcome === 'unwritable', write_at: outcome === 'unwritable' || needs_receipt ? rewriteAt(context.now, copy) : null,
  }));
  await context.query(
    `update exchange.outgoing_parcel as o set
       written_at = case when w.written then $2 else o.written_at end,
       wanted = o.wanted and w.unwritable,
       write_at = case when o.receipt_at is null then w.write_at end
     from jsonb_to_recordset($1::jsonb) as w (parcel_id uuid, copy integer, written boolean, unwritable boolean, write_at timestamptz)
     where o.parcel_id = w.parcel_id and o.copy = w.copy`, [canonicalJson(rows), context.now]);
  const unwritable = [...outcomes].filter(([, outcome]) => outcome === 'unwritable').map(([{ sequence }]) => sequence);
  if (unwritable.length > 0) await ring(context, 'outgoing', 'unwritable', { first: unwritable[0] }, unwritable.length);
}
