/** One directory, one user: two programs on the same data would spoil them. */
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountName } from './accounts-of-system.ts';
import { diskFull } from './free-disk.ts';
import { isAlive, thisProcess, waitUntilEnded, type LivingProcess } from './living-process.ts';
import { cannotStart } from './start-refusals.ts';

/** The name under which a directory tells who uses it; a directory that has one is the platform's own. */
const markName = 'used-by.json';

interface DirectoryUser extends LivingProcess {
  /** About to release the directory; worth waiting for. */
  leaving: boolean;
}

/** A program that was told to stop may take as long as its slowest part. */
const patienceMs = 60_000;

/**
 * Makes a private directory where it is missing and marks it as used by this process until
 * {@link releaseDirectory}. The mark of a dead process is replaced, a leaving one is waited for.
 * @throws Refusal start.already_running, start.directory_not_writable, start.disk_full
 */
export async function claimDirectory(directory: string): Promise<void> {
  try {
    // Only the directory itself is private; what has to be made on the way to it is like any other.
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o700);
    await takeMark(directory);
  } catch (error) {
    throw refusalOfFileError(error as NodeJS.ErrnoException, directory);
  }
}

async function takeMark(directory: string): Promise<void> {
  const mark = join(directory, markName);
  const draft = `${mark}.${process.pid}.${randomUUID()}`;
  try {
    writeFileSync(draft, wordsOf({ ...thisProcess(), leaving: false }));
    while (!takeName(draft, mark)) {
      const user = readMark(mark);
      if (user?.leaving) await waitUntilEnded([user], patienceMs);
      if (user !== undefined && isAlive(user)) throw cannotStart('already_running', { directory, process_id: user.process_id });
      rmSync(mark, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

export function isClaimed(directory: string): boolean {
  return existsSync(join(directory, markName));
}

/** Tells the next program that this one is stopping. */
export function announceLeaving(directory: string): void {
  writeFileSync(join(directory, markName), wordsOf({ ...thisProcess(), leaving: true }));
}

export function releaseDirectory(directory: string): void {
  rmSync(join(directory, markName), { force: true });
}

function wordsOf(user: DirectoryUser): string {
  return JSON.stringify(user);
}

/** Two programs that start at once: exactly one gets the name, and with its contents whole. */
function takeName(draft: string, mark: string): boolean {
  try {
    linkSync(draft, mark);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function readMark(file: string): DirectoryUser | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DirectoryUser;
  } catch {
    return undefined; // Cut short by a full disk or a power cut: nobody's.
  }
}

function refusalOfFileError(error: NodeJS.ErrnoException, directory: string): Error {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return diskFull(directory, 0);
  // A read-only disk says ENOENT of directories that would have to be made on the way.
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(error.code ?? '')) return error;
  const owner = existsSync(directory) ? accountName(statSync(directory).uid) : undefined;
  return cannotStart('directory_not_writable', { directory, reason: error.message, owner });
}
