/** One directory, one user: two programs on the same data would spoil them. */
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountName } from './embedded-postgres/server-account.ts';
import { isAlive, thisProcess, type LivingProcess } from './living-process.ts';
import { cannotStart } from './start-refusals.ts';

/**
 * Makes a private directory where it is missing and marks it as used by this process until
 * {@link releaseDirectory}. The mark of a dead process is replaced.
 * @throws Refusal start.already_running, start.directory_not_writable, start.disk_full
 */
export function claimDirectory(directory: string): void {
  const mark = join(directory, 'used-by.json');
  const draft = `${mark}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    writeFileSync(draft, JSON.stringify(thisProcess()));
    while (!takeName(draft, mark)) {
      const user = readMark(mark);
      if (user !== undefined && isAlive(user)) throw cannotStart('already_running', { directory, process_id: user.process_id });
      rmSync(mark, { force: true });
    }
  } catch (error) {
    throw refusalOfFileError(error as NodeJS.ErrnoException, directory);
  } finally {
    rmSync(draft, { force: true });
  }
}

export function releaseDirectory(directory: string): void {
  rmSync(join(directory, 'used-by.json'), { force: true });
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

function readMark(file: string): LivingProcess | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LivingProcess;
  } catch {
    return undefined; // Cut short by a full disk or a power cut: nobody's.
  }
}

function refusalOfFileError(error: NodeJS.ErrnoException, directory: string): Error {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return cannotStart('disk_full', { directory, free_mb: 0, needed_mb: 300 });
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(error.code ?? '')) return error;
  const owner = existsSync(directory) ? accountName(statSync(directory).uid) : undefined;
  return cannotStart('directory_not_writable', { directory, reason: error.message, owner });
}
