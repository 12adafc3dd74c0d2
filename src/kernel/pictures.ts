/** Pictures of papers as they come in with a form, from citizens and at the counter: remade, kept by content, told plainly when they cannot be. */
import type { BlobStore } from './blobs.ts';
import { checkImage, type ImageFault, type ImageHint } from './image-check.ts';
import type { UploadedFile } from './operation.ts';
import type { Text } from './refusal.ts';

/** Pictures that one application may hold. */
export const picturesMax = 20;

/** A picture as it was remade; its bytes lie in the blob store. */
export interface TakenPicture {
  sha256: string;
  media_type: 'image/jpeg' | 'image/png';
  file_name: string;
  bytes: number;
  hint: ImageHint | null;
}

export type TakingOfPicture = { ok: true; picture: TakenPicture } | { ok: false; fault: Text & { code: ImageFault } };

const mending: Record<ImageFault, (name: string) => Text> = {
  empty: (name) => ({ zh: `“${name}”是空文件。请重新拍照后再传。`, en: `“${name}” is empty. Take the photograph again and upload it.` }),
  not_image: (name) => ({ zh: `“${name}”不是 JPG 或 PNG 图片。请给纸质材料拍照后上传;电子文件可截图后上传。`, en: `“${name}” is not a JPG or PNG picture. Photograph the paper, or take a screenshot of an electronic file, and upload that.` }),
  too_large: (name) => ({ zh: `“${name}”超过 10 MB。请用手机相册的“压缩”或截图后再传。`, en: `“${name}” is larger than 10 MB. Shrink it, or upload a screenshot of it.` }),
  too_many_pixels: (name) => ({ zh: `“${name}”尺寸过大(超过 4000 万像素)。请降低拍摄分辨率或截图后再传。`, en: `“${name}” has too many pixels (over 40 million). Use a lower resolution or upload a screenshot of it.` }),
  broken: (name) => ({ zh: `“${name}”已损坏,打不开。请重新拍照后再传。`, en: `“${name}” is damaged and cannot be opened. Take the photograph again and upload it.` }),
};

const unnamed = '照片';

/** The name as given, without what could mislead a reader or a file system. */
function plainFileName(given: string, media_type: string): string {
  const base = given.replace(/^.*[\\/]/u, '').replace(/[\p{Control}\p{Format}\p{Surrogate}\p{Private_Use}<>:"|?*]/gu, '').replace(/\.[^.]*$/u, '').trim();
  return `${[...base].slice(0, 60).join('') || unnamed}.${media_type === 'image/png' ? 'png' : 'jpg'}`;
}

function shownName(given: string): string {
  return [...given.replace(/[\p{Control}\p{Format}]/gu, '')].slice(0, 40).join('') || unnamed;
}

/** The files of one field of a form; a field left empty sends one without name and bytes. */
export function filesOf(files: readonly UploadedFile[], field: string): UploadedFile[] {
  return files.filter((file) => file.field === field && (file.file_name !== '' || file.bytes.byteLength > 0));
}

/**
 * Remakes one picture and keeps it.
 * @returns the picture, or what is wrong with the file and how to mend it
 * @throws Refusal kernel.images_busy when too many wait
 */
export async function takePicture(blobs: BlobStore, file: UploadedFile): Promise<TakingOfPicture> {
  const checked = await checkImage(file.bytes);
  if (!checked.ok) return { ok: false, fault: { code: checked.fault, ...mending[checked.fault](shownName(file.file_name)) } };
  const { bytes, media_type, hint } = checked;
  return { ok: true, picture: { sha256: await blobs.put(bytes), media_type, file_name: plainFileName(file.file_name, media_type), bytes: bytes.byteLength, hint } };
}
