/** Files that take what a process prints, written by the process itself so that no line is lost with its parent. */
import { existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogFile {
  path: string;
  descriptor: number;
  /** Where the lines of this run begin. */
  start: number;
}

const bytesMax = 16 * 1024 * 1024;

/** Opens for appending; a file that has grown large is put aside first, and one such is kept. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > bytesMax) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a+', 0o600);
  return { path, descriptor, start: fstatSync(descriptor).size };
}

/** The lines of this run, the newest 64 KiB of them. */
export function readLines(log: LogFile): string[] {
  const size = fstatSync(log.descriptor).size - log.start;
  const bytes = Buffer.alloc(Math.min(size, 64 * 1024));
  readSync(log.descriptor, bytes, 0, bytes.length, log.start + size - bytes.length);
  return bytes.toString('utf8').trim().split('\n');
}
