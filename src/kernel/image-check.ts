/**
 * Pictures from outside: told by their first bytes, opened in a confined process, and made anew. Only the
 * remade picture is kept and sent; the original is never stored and never served.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { log } from './log.ts';
import { Refusal } from './refusal.ts';
import type { ImageHint, ImageJob, ImageResult } from './image-child.ts';

export type { ImageHint } from './image-child.ts';

export const imageBytesMax = 10 * 1_048_576;
const secondsMax = 15;
/** Pictures in hand and waiting; an upload holds a connection of the database, and pages need some too. */
const waitingMax = 6;
/** A process that opened so many pictures makes room for a fresh one. */
const picturesPerProcess = 200;

export type ImageFault = 'empty' | 'not_image' | 'too_large' | 'too_many_pixels' | 'broken';
export type CheckedImage =
  | { ok: true; bytes: Uint8Array; media_type: 'image/jpeg' | 'image/png'; width: number; height: number; hint: ImageHint | null }
  | { ok: false; fault: ImageFault };

/** What the first bytes say, whatever the file is called. */
function kindOf(bytes: Uint8Array): 'image/jpeg' | 'image/png' | undefined {
  const starts = (...head: number[]): boolean => head.every((value, index) => bytes[index] === value);
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return undefined;
}

interface Opener {
  child: ChildProcess;
  opened: number;
}

let opener: Opener | undefined;
let lastId = 0;
let inHand = 0;
let queue: Promise<unknown> = Promise.resolve();

const project = join(import.meta.dirname, '../..');

/** Node's permission model: the program's own files may be read; everything else is refused. */
export const openerArguments = ['--permission', '--allow-addons', `--allow-fs-read=${project}`, '--max-old-space-size=128', '--no-warnings'];

function startOpener(): Opener {
  const child = fork(join(import.meta.dirname, 'image-child.ts'), [], {
    execArgv: openerArguments, env: {}, cwd: project, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // It must not keep the program alive.
  child.unref();
  child.channel?.unref();
  return { child, opened: 0 };
}

/** Hands one picture to the confined process. A process that dies or hangs over it means: broken. */
function open(job: ImageJob): Promise<ImageResult> {
  const current = (opener ??= startOpener());
  current.opened += 1;
  return new Promise<ImageResult>((resolve) => {
    const finish = (result: ImageResult, isSound: boolean): void => {
      clearTimeout(timer);
      current.child.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
      if (!isSound || current.opened >= picturesPerProcess) {
        current.child.kill('SIGKILL');
        if (opener === current) opener = undefined;
      }
      resolve(result);
    };
    const onMessage = (result: ImageResult): void => {
      if (result.id === job.id) finish(result, true);
    };
    const onEnd = (): void => {
      log('warn', 'a picture ended its opener', { bytes: job.bytes.byteLength });
      finish({ id: job.id, ok: false, fault: 'broken' }, false);
    };
    const timer = setTimeout(onEnd, secondsMax * 1000);
    current.child.on('message', onMessage).on('exit', onEnd).on('error', onEnd);
    current.child.send(job, (error) => {
      if (error !== null) onEnd();
    });
  });
}

/**
 * Checks a picture and makes it anew: at most 10 MB and 40 million pixels, JPEG or PNG by its content.
 * @throws Refusal kernel.images_busy when too many wait
 */
export async function checkImage(bytes: Uint8Array): Promise<CheckedImage> {
  if (bytes.byteLength === 0) return { ok: false, fault: 'empty' };
  if (bytes.byteLength > imageBytesMax) return { ok: false, fault: 'too_large' };
  const media_type = kindOf(bytes);
  if (media_type === undefined) return { ok: false, fault: 'not_image' };
  if (inHand >= waitingMax) throw new Refusal('kernel.images_busy');
  inHand += 1;
  try {
    const result = await (queue = queue.then(() => open({ id: ++lastId, bytes, media_type })));
    const checked = result as ImageResult;
    if (!checked.ok) return { ok: false, fault: checked.fault };
    const { bytes: remade, width, height, hint } = checked;
    return remade.byteLength > imageBytesMax ? { ok: false, fault: 'too_large' } : { ok: true, bytes: remade, media_type, width, height, hint };
  } finally {
    inHand -= 1;
  }
}

/** Ends the confined process; the next picture starts a new one. */
export function closeImageCheck(): void {
  opener?.child.kill('SIGKILL');
  opener = undefined;
}
