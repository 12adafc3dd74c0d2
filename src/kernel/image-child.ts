/**
 * The confined process that opens pictures from strangers. It may read the program's own files and nothing
 * else: no writing, no network, no further processes (Node's permission model), no environment, and it ends
 * itself when it grows too large. What it hands back is made anew from the pixels.
 */
import sharp from 'sharp';

/** What the parent sends and gets; bytes travel as they are. */
export interface ImageJob {
  id: number;
  bytes: Uint8Array;
  media_type: 'image/jpeg' | 'image/png';
}
export type ImageResult =
  | { id: number; ok: true; bytes: Uint8Array; width: number; height: number; hint: ImageHint | null }
  | { id: number; ok: false; fault: 'too_many_pixels' | 'broken' };
export type ImageHint = 'dark' | 'blurred' | 'small';

export const pixelsMax = 40_000_000;
/** Longer sides are scaled down: papers stay legible and files small. */
const sideMax = 3200;
const sideMin = 500;
const residentBytesMax = 700 * 1_048_576;
/** Greyscale values below and above which most of a picture is night, and the spread of its edges below which it is a blur. */
const darkMean = 45;
const sharpnessMin = 0.6;

sharp.cache(false);
sharp.concurrency(1);
setInterval(() => {
  if (process.memoryUsage.rss() > residentBytesMax) process.exit(9);
}, 50).unref();

const input = { limitInputPixels: pixelsMax, failOn: 'error', sequentialRead: true, pages: 1 } as const;

async function hintOf(bytes: Uint8Array, width: number, height: number): Promise<ImageHint | null> {
  if (Math.max(width, height) < sideMin) return 'small';
  const { channels, sharpness } = await sharp(bytes, input).resize(800, 800, { fit: 'inside', withoutEnlargement: true }).greyscale().stats();
  if ((channels[0]?.mean ?? 255) < darkMean) return 'dark';
  return sharpness < sharpnessMin ? 'blurred' : null;
}

async function remake({ id, bytes, media_type }: ImageJob): Promise<ImageResult> {
  try {
    const { width, height, format } = await sharp(bytes, input).metadata();
    if (width * height > pixelsMax) return { id, ok: false, fault: 'too_many_pixels' };
    if (format !== media_type.slice('image/'.length)) return { id, ok: false, fault: 'broken' };
    // Turned as the camera said, in plain colours, without place, time, thumbnail or any other tag.
    const plain = sharp(bytes, input).autoOrient().resize(sideMax, sideMax, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#ffffff' }).toColourspace('srgb');
    const { data, info } = await (media_type === 'image/png' ? plain.png({ compressionLevel: 9 }) : plain.jpeg({ quality: 85, chromaSubsampling: '4:4:4' })).toBuffer({ resolveWithObject: true });
    return { id, ok: true, bytes: data, width: info.width, height: info.height, hint: await hintOf(data, info.width, info.height) };
  } catch (error) {
    return { id, ok: false, fault: /pixel limit/i.test((error as Error).message) ? 'too_many_pixels' : 'broken' };
  }
}

process.on('message', (job: ImageJob) => {
  void remake(job).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
