/**
 * Takes parcel files out of the directory: verifies, stores attachments, keeps the parcel in the database,
 * and removes the file only after the commit. What may not be taken is set aside, counted and rung.
 */
import { createHash } from 'node:crypto';
import { newId, type Context } from '../../../kernel/index.ts';
import { ring, type AlarmKind } from '../alarms.ts';
import { openAttachment, readEnvelope, RefusedFile, type OpenedParcel, type RefusedReason } from '../envelope.ts';
import { gapSeconds, receiveBatch, secondsBefore, sequenceWindow } from '../rules.ts';
import { attachmentFileName, listSpool, parcelFileName, readAttachmentFile, readParcelFile, removeFromSpool, setAside } from '../spool.ts';
import { sideBySide } from './side-by-side.ts';
import type { Way } from './way.ts';

/** Files read side by side; each may bring large attachments into memory. */
const filesAtOnce = 8;

interface Verified extends OpenedParcel {
  file_name: string;
  /** False while a sealed attachment has not come; the parcel then counts as missing. */
  complete: boolean;
}
interface Refused {
  file_name: string;
  reason: RefusedReason;
  /** Further files to set aside with it. */
  with_files?: string[];
}

export interface Received {
  accepted: number;
  repeated: number;
  refused: number;
}

/**
 * Takes everything that lies in the directory now, as long as the round lasts.
 * @param uncleared files of an earlier round, cut off, have still to go
 */
export async function receiveParcels(way: Way, uncleared: boolean): Promise<Received> {
  if (uncleared) await clearDirectory(way);
  const total: Received = { accepted: 0, repeated: 0, refused: 0 };
  const listing = await listSpool(way.incoming);
  const strangers: Refused[] = listing.strangers.slice(0, receiveBatch).map((file_name) => ({ file_name, reason: 'malformed' }));
  const names = listing.parcels;
  for (let at = 0; at < names.length || (at === 0 && strangers.length > 0); at += receiveBatch) {
    const looked = await sideBySide(filesAtOnce, names.slice(at, at + receiveBatch), (name) => lookInto(way, name));
    const verified = looked.filter((found): found is Verified => found !== undefined && 'envelope' in found);
    const refused = [...(at === 0 ? strangers : []), ...looked.filter((found): found is Refused => found !== undefined && 'reason' in found)];
    if (verified.length === 0 && refused.length === 0) continue;
    const round = await way.act('exchange.receive_parcels', (context) => take(context, verified, refused));
    await clearDirectory(way);
    total.accepted += round.accepted;
    total.repeated += round.repeated;
    total.refused += round.refused;
    if (way.timeIsUp()) break;
  }
  return total;
}

/** Reads and verifies one file and stores its attachments. Undefined when it has just left the directory. */
async function lookInto(way: Way, file_name: string): Promise<Verified | Refused | undefined> {
  const bytes = await readParcelFile(way.incoming, file_name);
  if (bytes === undefined) return undefined;
  if (bytes === 'too_large') return { file_name, reason: 'malformed' };
  let opened: OpenedParcel;
  try {
    opened = readEnvelope(bytes, {
      direction: way.incoming_direction, now: way.clock.now(), public_key: way.peer.public_key, key_id: way.peer.key_id, keys: way.keys,
    });
  } catch (error) {
    if (error instanceof RefusedFile) return { file_name, reason: error.reason };
    throw error;
  }
  const { envelope, content } = opened;
  if (parcelFileName(envelope.sequence) !== file_name) return { file_name, reason: 'malformed' };
  for (const [index, attachment] of content.attachments.entries()) {
    const { sha256, bytes: size } = envelope.files[index]!;
    const sealed = await readAttachmentFile(way.incoming, sha256);
    // Stored when an earlier copy came: its file is gone, its bytes are here.
    if (sealed === undefined && (await way.blobs.has(attachment.sha256))) continue;
    if (sealed === undefined) return { ...opened, file_name, complete: false };
    const swapped: Refused = { file_name, reason: 'swapped_attachment', with_files: [attachmentFileName(sha256)] };
    if (sealed === 'too_large' || sealed.byteLength !== size || createHash('sha256').update(sealed).digest('hex') !== sha256) return swapped;
    try {
      await way.blobs.put(openAttachment(envelope, attachment, sealed, way.keys));
    } catch (error) {
      if (error instanceof RefusedFile) return swapped;
      throw error;
    }
    way.step('attachment stored');
  }
  return { ...opened, file_name, complete: true };
}

interface Known {
  sequence: number;
  parcel_id: string | null;
  content_sha256: string | null;
  copies: number[];
  files_left: string[];
}

/** Decides on a batch of files and writes the decision, all in one transaction. */
async function take(context: Context, verified: readonly Verified[], refused: Refused[]): Promise<Received> {
  const sequences = verified.map(({ envelope }) => envelope.sequence);
  const [lane] = await context.query<{ last_sequence: number }>(`select last_sequence from exchange.lane where lane = 'incoming' for update`);
  const last = lane!.last_sequence;
  // Locked, so that a person skipping a number and the parcel that brings it cannot both win.
  const missing = new Set((await context.query<{ sequence: number }>(
    'select sequence from exchange.gap where sequence = any($1::bigint[]) order by sequence for update', [sequences])).map((gap) => gap.sequence));
  const known = await context.query<Known>(
    `select sequence, parcel_id, content_sha256, copies, files_left from exchange.incoming_parcel
     where sequence = any($1::bigint[]) or parcel_id = any($2::uuid[]) order by sequence limit $3`,
    [sequences, verified.map(({ envelope }) => envelope.parcel_id), 2 * receiveBatch]);
  const bySequence = new Map(known.map((parcel) => [parcel.sequence, parcel]));
  const byId = new Map(known.map((parcel) => [parcel.parcel_id, parcel]));

  const accepted: Verified[] = [];
  const repeated: Verified[] = [];
  let highest = last;
  for (const parcel of verified) {
    const { sequence, copy, parcel_id } = parcel.envelope;
    const before = bySequence.get(sequence);
    if (before === undefined) {
      if (byId.has(parcel_id)) refused.push({ file_name: parcel.file_name, reason: 'altered' });
      // Neither new nor missing and no longer remembered: housekeeping of long ago.
      else if (sequence <= last && !missing.has(sequence)) refused.push({ file_name: parcel.file_name, reason: 'replay' });
      else if (sequence <= last + sequenceWindow) {
        highest = Math.max(highest, sequence);
        if (parcel.complete) accepted.push(parcel);
      }
    } else if (before.files_left.includes(parcel.file_name)) {
      // Taken already, by a courier that has not yet cleared the directory.
    } else if (before.parcel_id === null) refused.push({ file_name: parcel.file_name, reason: 'late' });
    else if (before.content_sha256 !== parcel.content_sha256) refused.push({ file_name: parcel.file_name, reason: 'altered' });
    else if (before.copies.includes(copy)) refused.push({ file_name: parcel.file_name, reason: 'replay' });
    else repeated.push(parcel);
  }

  const acceptedCount = await keep(context, accepted);
  await noteRepeated(context, repeated);
  await noteRefused(context, refused);
  await noteGaps(context, last, highest, new Set(accepted.map(({ envelope }) => envelope.sequence)));
  await context.query(
    `update exchange.lane set
       last_sequence = case lane when 'incoming' then greatest(last_sequence, $1) else last_sequence end,
       repeated_count = case lane when 'incoming' then repeated_count + $2 else repeated_count end,
       confirmed_through = case lane when 'outgoing' then greatest(confirmed_through, $3) else confirmed_through end`,
    [highest, repeated.length, Math.max(0, ...[...accepted, ...repeated].map(({ envelope }) => envelope.received_through))]);
  return { accepted: acceptedCount, repeated: repeated.length, refused: refused.length };
}

const filesOf = ({ file_name, envelope }: Verified): string[] => [file_name, ...envelope.files.map(({ sha256 }) => attachmentFileName(sha256))];

async function keep(context: Context, accepted: readonly Verified[]): Promise<number> {
  if (accepted.length === 0) return 0;
  const rows = accepted.map((parcel) => ({
    sequence: parcel.envelope.sequence, parcel_id: parcel.envelope.parcel_id, kind: parcel.envelope.kind, copies: [parcel.envelope.copy],
    content_sha256: parcel.content_sha256, files_left: filesOf(parcel), ...parcel.content,
  }));
  const kept = await context.query(
    `insert into exchange.incoming_parcel
       (sequence, parcel_id, kind, order_key, body, attachments, needs_receipt, created_at, content_sha256, copies, files_left, received_at, state)
     select sequence, parcel_id, kind, order_key, body, attachments, needs_receipt, created_at, content_sha256, copies, files_left, $2, 'waiting'
     from jsonb_to_recordset($1::jsonb) as p (sequence bigint, parcel_id uuid, kind text, order_key text, body jsonb, attachments jsonb,
       needs_receipt boolean, created_at timestamptz, content_sha256 text, copies integer[], files_left text[])
     on conflict do nothing
     returning sequence`, [JSON.stringify(rows), context.now]);
  return kept.length;
}

/** A further copy of what is here: its sender has no receipt, so one is sent again. */
async function noteRepeated(context: Context, repeated: readonly Verified[]): Promise<void> {
  if (repeated.length === 0) return;
  const rows = repeated.map((parcel) => ({ sequence: parcel.envelope.sequence, copy: parcel.envelope.copy, files_left: filesOf(parcel) }));
  await context.query(
    `update exchange.incoming_parcel as p set copies = p.copies || r.copy, files_left = p.files_left || r.files_left, receipt_at = null
     from jsonb_to_recordset($1::jsonb) as r (sequence bigint, copy integer, files_left text[])
     where p.sequence = r.sequence`, [JSON.stringify(rows)]);
}

async function noteRefused(context: Context, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map(({ file_name, reason, with_files = [] }) => ({ refused_id: newId(), file_name, reason, files_left: [file_name, ...with_files] }));
  await context.query(
    `insert into exchange.refused_file (refused_id, at, file_name, reason, files_left)
     select refused_id, $2, file_name, reason, files_left
     from jsonb_to_recordset($1::jsonb) as r (refused_id uuid, file_name text, reason text, files_left text[])`, [JSON.stringify(rows), context.now]);
  const counts = new Map<RefusedReason, number>();
  for (const { reason } of refused) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const [reason, count] of counts) await ring(context, 'incoming', reason as AlarmKind, { file_name: refused.find((file) => file.reason === reason)!.file_name }, count);
}

/** Numbers between the last known and the highest now are missing unless they came with it. */
async function noteGaps(context: Context, last: number, highest: number, came: ReadonlySet<number>): Promise<void> {
  if (came.size > 0) await context.query('delete from exchange.gap where sequence = any($1::bigint[])', [[...came]]);
  const missing: number[] = [];
  for (let sequence = last + 1; sequence <= highest; sequence++) if (!came.has(sequence)) missing.push(sequence);
  if (missing.length === 0) return;
  await context.query(
    'insert into exchange.gap (sequence, noticed_at, request_at) select sequence, $2, $3 from unnest($1::bigint[]) as sequence on conflict do nothing',
    [missing, context.now, secondsBefore(context.now, -gapSeconds)]);
}

/**
 * Removes the files of taken parcels and sets refused ones aside. What a crash left undone is done by the
 * next round: a file is no replay while the database knows that it still has to go.
 */
async function clearDirectory(way: Way): Promise<void> {
  const { taken, refused } = await way.act('exchange.clear_directory', async (context) => ({
    taken: await context.query<{ sequence: number; files_left: string[] }>(
      `select sequence, files_left from exchange.incoming_parcel where files_left <> '{}' order by sequence limit $1`, [2 * receiveBatch]),
    refused: await context.query<{ refused_id: string; files_left: string[] }>(
      `select refused_id, files_left from exchange.refused_file where files_left <> '{}' order by refused_id limit $1`, [2 * receiveBatch]),
  }));
  if (taken.length === 0 && refused.length === 0) return;
  for (const { files_left } of taken) {
    for (const name of files_left) {
      await removeFromSpool(way.incoming, name);
      way.step('file removed');
    }
  }
  for (const { refused_id, files_left } of refused) {
    for (const name of files_left) {
      await setAside(way.incoming, name, refused_id);
      way.step('file set aside');
    }
  }
  await way.act('exchange.clear_directory', async (context) => {
    await context.query(`update exchange.incoming_parcel set files_left = '{}' where sequence = any($1::bigint[])`, [taken.map((parcel) => parcel.sequence)]);
    await context.query(`update exchange.refused_file set files_left = '{}' where refused_id = any($1::uuid[])`, [refused.map((file) => file.refused_id)]);
  });
}
