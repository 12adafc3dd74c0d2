/** What an earlier run left behind when it was killed: its server, or processes of that server. */
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, listProcessesIn, readCommand, signalProcess, waitUntilEnded, type LivingProcess } from '../living-process.ts';
import { cannotStart } from '../start-refusals.ts';

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
