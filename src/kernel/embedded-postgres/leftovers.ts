/** What an earlier run left behind when it was killed: its mark, its server, the server's own processes. */
import { existsSync, linkSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, isAlive, listProcessesIn, readCommand, signalProcess, thisProcess, waitUntilEnded, type LivingProcess } from '../living-process.ts';
import { cannotStart } from '../start-refusals.ts';

/**
 * Marks a directory as used by this process until {@link releaseDirectory}. A mark whose process is dead is replaced.
 * @throws Refusal start.already_running
 */
export function claimDirectory(directory: string): void {
  const mark = join(directory, 'used-by.json');
  const draft = `${mark}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(thisProcess()));
  try {
    for (;;) {
      try {
        linkSync(draft, mark); // Two programs that start at once: exactly one gets the name.
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const user = readMark(mark);
      if (user !== undefined && isAlive(user)) throw cannotStart('already_running', { directory, process_id: user.process_id });
      rmSync(mark, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

export function releaseDirectory(directory: string): void {
  rmSync(join(directory, 'used-by.json'), { force: true });
}

function readMark(file: string): LivingProcess | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LivingProcess;
  } catch {
    return undefined; // Cut short by a full disk or a power cut: nobody's.
  }
}

/**
 * Stops the server an earlier run left on these data: politely if its head is alive, at once if
 * only its hands are. Either way the next start recovers from the write-ahead log.
 * @returns the head that was stopped
 * @throws Refusal start.leftover_will_not_stop
 */
export async function stopLeftoverServer(dataDirectory: string): Promise<LivingProcess | undefined> {
  const mark = join(dataDirectory, 'postmaster.pid');
  const head = findHead(mark, dataDirectory);
  if (head !== undefined) await stop(head, ['SIGINT', 'SIGQUIT', 'SIGKILL'], dataDirectory);
  for (const hand of listProcessesIn(realpathSync(dataDirectory))) await stop(hand, ['SIGQUIT', 'SIGKILL'], dataDirectory);
  // The server would refuse if a stranger carries the number by now; we have looked closer than it does.
  rmSync(mark, { force: true });
  return head;
}

/** The living server of these data; its number alone may be another program's by now, its words are not. */
function findHead(mark: string, dataDirectory: string): LivingProcess | undefined {
  if (!existsSync(mark)) return undefined;
  const processId = Number(readFileSync(mark, 'utf8').split('\n')[0]);
  return readCommand(processId)?.includes(dataDirectory) ? findProcess(processId) : undefined;
}

async function stop(leftover: LivingProcess, signals: readonly NodeJS.Signals[], directory: string): Promise<void> {
  const facts = { directory, process_id: leftover.process_id };
  for (const signal of signals) {
    try {
      signalProcess(leftover.process_id, signal);
    } catch (error) {
      throw cannotStart('leftover_will_not_stop', { ...facts, reason: (error as Error).message });
    }
    if ((await waitUntilEnded([leftover], 20_000)).length === 0) return;
  }
  throw cannotStart('leftover_will_not_stop', { ...facts, reason: 'SIGKILL' });
}
