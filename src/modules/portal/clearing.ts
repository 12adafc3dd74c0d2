/**
 * Bytes of pictures that nothing names any more. Deleting an upload notes its picture; this clears it, unless another
 * upload, a notice or a parcel still names the same content. Bytes go before the note does: after a crash between, the
 * note is there to clear what is cleared already.
 */
import type { Context, Job } from '../../kernel/index.ts';
import { attachmentsInUse } from '../exchange/index.ts';
import { pictureLock } from './uploads.ts';

const batch = 200;

/** @returns pictures cleared */
export async function clearUnwantedPictures(context: Context): Promise<number> {
  const noted = await context.query<{ sha256: string }>(`select sha256 from portal.unwanted_picture order by since_at, sha256 limit ${batch} for update skip locked`);
  // Whoever is taking in the same picture at this moment goes first; the note stays for the next time.
  const free: string[] = [];
  for (const { sha256 } of noted) {
    const [lock] = await context.query<{ held: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as held', [pictureLock(sha256)]);
    if (lock?.held === true) free.push(sha256);
  }
  if (free.length === 0) return 0;
  const travelling = await attachmentsInUse(context, free);
  const named = new Set((await context.query<{ sha256: string }>(
    'select sha256 from portal.upload where sha256 = any($1::text[]) union select sha256 from portal.notice where sha256 = any($1::text[])', [free])).map((row) => row.sha256));
  const cleared = free.filter((sha256) => !named.has(sha256) && !travelling.has(sha256));
  for (const sha256 of cleared) await context.blobs.delete(sha256);
  // Named anew: its next deletion notes it again. Travelling: it is looked at again, after the others.
  await context.query('delete from portal.unwanted_picture where sha256 = any($1::text[])', [[...cleared, ...named]]);
  await context.query('update portal.unwanted_picture set since_at = $2 where sha256 = any($1::text[])', [[...travelling], context.now]);
  return cleared.length;
}

export const clearPictures: Job = { name: 'portal.clear_unwanted_pictures', every_seconds: 3600, run: clearUnwantedPictures };
