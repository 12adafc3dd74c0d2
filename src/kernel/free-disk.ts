/** A database on a full disk stops in the middle of its work; better it does not begin. */
import { statfsSync } from 'node:fs';
import { cannotStart } from './start-refusals.ts';

/** Room for the write-ahead log between two checkpoints, and some. */
export const freeBytesMin = 300 * 1024 * 1024;

/** @throws Refusal start.disk_full */
export function refuseFullDisk(directory: string, bytesMin: number = freeBytesMin): void {
  const disk = statfsSync(directory);
  const free = disk.bavail * disk.bsize;
  if (free < bytesMin) throw diskFull(directory, free, bytesMin);
}

export function diskFull(directory: string, freeBytes: number, bytesMin: number = freeBytesMin): Error {
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  return cannotStart('disk_full', { directory, free_mb: megabytes(freeBytes), needed_mb: megabytes(bytesMin) });
}
