/** Which process is meant: a number alone may have been given to another process since. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface LivingProcess {
  process_id: number;
  /** When it started, in whatever form the system counts it; compared, never read. */
  started: string;
}

/** The living process of this number; a zombie counts as dead. */
export function findProcess(processId: number): LivingProcess | undefined {
  if (!Number.isInteger(processId) || processId <= 0) return undefined;
  const started = process.platform === 'linux' ? startedByProc(processId) : startedByPs(processId);
  return started === undefined ? undefined : { process_id: processId, started };
}

/** Whether the process remembered earlier (perhaps by another run) is alive still. */
export function isAlive(remembered: LivingProcess): boolean {
  return findProcess(remembered.process_id)?.started === remembered.started;
}

export function thisProcess(): LivingProcess {
  return findProcess(process.pid) ?? { process_id: process.pid, started: '' };
}

/** Sends a signal; a process that has ended meanwhile is no error. @throws EPERM when it belongs to another account */
export function signalProcess(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until all have ended. @returns those that are alive after `patience_ms` */
export async function waitUntilEnded(processes: readonly LivingProcess[], patienceMs: number): Promise<LivingProcess[]> {
  const deadline = Date.now() + patienceMs;
  let alive = processes.filter(isAlive);
  while (alive.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    alive = alive.filter(isAlive);
  }
  return alive;
}

/** Processes that run in a directory; empty where the system does not tell (outside Linux). */
export function listProcessesIn(directory: string): LivingProcess[] {
  if (process.platform !== 'linux') return [];
  const found: LivingProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const processId = Number(entry);
    if (!Number.isInteger(processId)) continue;
    try {
      if (readlinkSync(`/proc/${entry}/cwd`) !== directory) continue;
    } catch {
      continue; // Ended meanwhile, or of another account: not ours to judge.
    }
    const living = findProcess(processId);
    if (living !== undefined) found.push(living);
  }
  return found;
}

/** The words a process was started with, for telling whose it is. */
export function readCommand(processId: number): string | undefined {
  if (findProcess(processId) === undefined) return undefined;
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${processId}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'args=', '-p', String(processId)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function startedByProc(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name stands in parentheses and may hold anything; fields are counted behind it.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

function startedByPs(processId: number): string | undefined {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(processId)], { encoding: 'utf8' }).trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
