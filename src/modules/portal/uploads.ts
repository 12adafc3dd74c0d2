/** Pictures of papers: taken in, shown back to their owner, taken away. */
import { filesOf, newId, picturesMax, Refusal, sha256, takePicture, type BlobStore, type Context, type FileAnswer, type InputOf, type TakenPicture, type Violation } from '../../kernel/index.ts';
import type { Attachment } from '../catalogue/index.ts';
import type { contract, UploadView } from './contract.ts';
import { citizenOf } from './drafts.ts';

/** To what a picture belongs: a draft, or the answer to a correction list. */
export type UploadPlace = { draft_id: string } | { receipt_no: string; correction_number: number };

export interface Upload extends TakenPicture {
  upload_id: string;
  material_code: string;
}

const uploadColumns = 'upload_id, material_code, sha256, media_type, bytes, file_name, hint';

export async function listUploads(context: Context, place: UploadPlace): Promise<Upload[]> {
  return 'draft_id' in place
    ? context.query<Upload>(`select ${uploadColumns} from portal.upload where draft_id = $1 and citizen_id = $2 order by upload_id limit 100`, [place.draft_id, citizenOf(context).citizen_id])
    : context.query<Upload>(
      `select ${uploadColumns} from portal.upload where receipt_no = $1 and correction_number = $2 and citizen_id = $3 order by upload_id limit 100`,
      [place.receipt_no, place.correction_number, citizenOf(context).citizen_id]);
}

/**
 * Takes in the pictures of a request that came in one field of its form.
 * @param field name of the file input
 * @returns what is wrong with those that were not taken
 */
export async function takeUploads(context: Context, place: UploadPlace, material_code: string, field: string): Promise<Violation[]> {
  const files = filesOf(context.request.files, field);
  if (files.length === 0) return [];
  const violations: Violation[] = [];
  let held = (await listUploads(context, place)).length;
  for (const file of files) {
    if (held >= picturesMax) {
      violations.push({ field, code: 'too_many', zh: `一份申请最多 ${picturesMax} 张图片。请先删去不需要的,再上传。`, en: `At most ${picturesMax} pictures for one application. Remove some before you upload more.` });
      break;
    }
    const taken = await takePicture(keptUntilNamed(context), file);
    if (!taken.ok) {
      violations.push({ field, ...taken.fault });
      continue;
    }
    await keepUpload(context, place, material_code, taken.picture);
    held += 1;
  }
  return violations;
}

/** From here to the commit the clearing of unwanted pictures leaves these bytes alone: it may have begun with the same ones. */
function keptUntilNamed(context: Context): BlobStore {
  return {
    ...context.blobs,
    async put(bytes) {
      await context.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [pictureLock(sha256(bytes))]);
      return context.blobs.put(bytes);
    },
  };
}

/** The name of the lock between whoever names a picture and whoever clears it. */
export const pictureLock = (content: string): string => `portal.picture:${content}`;

async function keepUpload(context: Context, place: UploadPlace, material_code: string, picture: TakenPicture): Promise<void> {
  const { draft_id, receipt_no, correction_number } = { draft_id: null, receipt_no: null, correction_number: null, ...place };
  await context.query(
    `insert into portal.upload (upload_id, citizen_id, draft_id, receipt_no, correction_number, material_code, sha256, media_type, bytes, file_name, hint, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [newId(), citizenOf(context).citizen_id, draft_id, receipt_no, correction_number, material_code, picture.sha256, picture.media_type, picture.bytes, picture.file_name, picture.hint, context.now]);
}

/** Takes a picture out of a draft or an unsent correction; one that is gone already is no fault. */
export async function removeUpload(context: Context, place: UploadPlace, upload_id: string): Promise<void> {
  const held = await listUploads(context, place);
  if (held.some((upload) => upload.upload_id === upload_id)) await context.query('delete from portal.upload where upload_id = $1', [upload_id]);
}

/** The remade picture, to its owner alone. @throws Refusal portal.not_found */
export async function getUpload(context: Context, input: InputOf<typeof contract.getUpload>): Promise<FileAnswer> {
  const [upload] = await context.query<Upload>(`select ${uploadColumns} from portal.upload where upload_id = $1 and citizen_id = $2`, [input.upload_id, citizenOf(context).citizen_id]);
  if (upload === undefined) throw new Refusal('portal.not_found');
  return { bytes: await context.blobs.get(upload.sha256), media_type: upload.media_type, file_name: upload.file_name, inline: true };
}

export function uploadView({ upload_id, file_name, bytes, hint }: Upload): UploadView {
  return { upload_id, href: `/uploads/${upload_id}`, file_name, kilobytes: Math.max(1, Math.round(bytes / 1024)), hint };
}

export function attachmentOf({ sha256, media_type, file_name, bytes }: Upload): Attachment {
  return { sha256, media_type, file_name, bytes };
}
