/** Pictures of papers: taken in, shown back to their owner, taken away. */
import { newId, type Context, type FileAnswer, type InputOf, type Text, type UploadedFile, type Violation } from '../../kernel/index.ts';
import type { Attachment } from '../catalogue/index.ts';
import type { contract, UploadView } from './contract.ts';
import { citizenOf } from './drafts.ts';
import { checkImage, imageBytesMax, imagesMax, type ImageFault, type ImageHint } from './image-check.ts';
import { Refusal } from '../../kernel/refusal.ts';

/** To what a picture belongs: a draft, or the answer to a correction list. */
export type UploadPlace = { draft_id: string } | { receipt_no: string; correction_number: number };

export interface Upload {
  upload_id: string;
  material_code: string;
  sha256: string;
  media_type: 'image/jpeg' | 'image/png';
  bytes: number;
  file_name: string;
  hint: ImageHint | null;
}

const uploadColumns = 'upload_id, material_code, sha256, media_type, bytes, file_name, hint';

export async function listUploads(context: Context, place: UploadPlace): Promise<Upload[]> {
  return 'draft_id' in place
    ? context.query<Upload>(`select ${uploadColumns} from portal.upload where draft_id = $1 and citizen_id = $2 order by upload_id limit 100`, [place.draft_id, citizenOf(context).citizen_id])
    : context.query<Upload>(
      `select ${uploadColumns} from portal.upload where receipt_no = $1 and correction_number = $2 and citizen_id = $3 order by upload_id limit 100`,
      [place.receipt_no, place.correction_number, citizenOf(context).citizen_id]);
}

const mending: Record<ImageFault, (name: string) => Text> = {
  empty: (name) => ({ zh: `“${name}”是空文件。请重新拍照后再传。`, en: `“${name}” is empty. Take the photograph again and upload it.` }),
  not_image: (name) => ({ zh: `“${name}”不是 JPG 或 PNG 图片。请给纸质材料拍照后上传;电子文件可截图后上传。`, en: `“${name}” is not a JPG or PNG picture. Photograph the paper, or take a screenshot of an electronic file, and upload that.` }),
  too_large: (name) => ({ zh: `“${name}”超过 10 MB。请用手机相册的“压缩”或截图后再传。`, en: `“${name}” is larger than 10 MB. Shrink it, or upload a screenshot of it.` }),
  too_many_pixels: (name) => ({ zh: `“${name}”尺寸过大(超过 4000 万像素)。请降低拍摄分辨率或截图后再传。`, en: `“${name}” has too many pixels (over 40 million). Use a lower resolution or upload a screenshot of it.` }),
  broken: (name) => ({ zh: `“${name}”已损坏,打不开。请重新拍照后再传。`, en: `“${name}” is damaged and cannot be opened. Take the photograph again and upload it.` }),
};

/** The name as given, without what could mislead a reader or a file system. */
function plainFileName(given: string, media_type: string): string {
  const base = given.replace(/^.*[\\/]/u, '').replace(/[\p{Control}\p{Format}\p{Surrogate}\p{Private_Use}<>:"|?*]/gu, '').replace(/\.[^.]*$/u, '').trim();
  return `${[...base].slice(0, 60).join('') || '照片'}.${media_type === 'image/png' ? 'png' : 'jpg'}`;
}

/**
 * Takes in the pictures of a request that came in one field of its form.
 * @param field name of the file input
 * @returns what is wrong with those that were not taken
 */
export async function takeUploads(context: Context, place: UploadPlace, material_code: string, field: string): Promise<Violation[]> {
  const files = context.request.files.filter((file) => file.field === field && (file.file_name !== '' || file.bytes.byteLength > 0));
  if (files.length === 0) return [];
  const violations: Violation[] = [];
  let held = (await listUploads(context, place)).length;
  for (const file of files) {
    if (held >= imagesMax) {
      violations.push({ field, code: 'too_many', zh: `一份申请最多 ${imagesMax} 张图片。请先删去不需要的,再上传。`, en: `At most ${imagesMax} pictures for one application. Remove some before you upload more.` });
      break;
    }
    const fault = await takeOne(context, place, material_code, file);
    if (fault === null) held += 1;
    else violations.push({ field, code: fault, ...mending[fault](shownName(file)) });
  }
  return violations;
}

function shownName(file: UploadedFile): string {
  return [...file.file_name.replace(/[\p{Control}\p{Format}]/gu, '')].slice(0, 40).join('') || '照片';
}

async function takeOne(context: Context, place: UploadPlace, material_code: string, file: UploadedFile): Promise<ImageFault | null> {
  const checked = await checkImage(file.bytes);
  if (!checked.ok) return checked.fault;
  const sha256 = await context.blobs.put(checked.bytes);
  const { draft_id, receipt_no, correction_number } = { draft_id: null, receipt_no: null, correction_number: null, ...place };
  await context.query(
    `insert into portal.upload (upload_id, citizen_id, draft_id, receipt_no, correction_number, material_code, sha256, media_type, bytes, file_name, hint, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [newId(), citizenOf(context).citizen_id, draft_id, receipt_no, correction_number, material_code, sha256, checked.media_type, checked.bytes.byteLength,
      plainFileName(file.file_name, checked.media_type), checked.hint, context.now]);
  return null;
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
