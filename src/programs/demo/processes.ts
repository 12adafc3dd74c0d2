/**
 * Keeps the programs of the platform running: starts them, restarts the one that dies, stops them
 * all. A program reports `{ ready: true, address }` over its channel and ends when the channel closes,
 * so that none outlives a supervisor that is killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, isAlive, signalProcess, waitUntilEnded, type LivingProcess } from '../../kernel/living-process.ts';
import { openLogFile, readLines } from '../../kernel/log-file.ts';
import { cannotStart } from '../../kernel/start-refusals.ts';
import type { Text } from '../../kernel/refusal.ts';

export interface ProgramPlan {
  /** Names it in messages and names its log file. */
  name: string;
  /** The module to run, with its words. */
  command: readonly [string, ...string[]];
  env: NodeJS.ProcessEnv;
}

export interface Supervisor {
  /** Starts the programs and waits until each is ready. @returns the address each reported, by name @throws Refusal start.program_did_not_start */
  start(plans: readonly ProgramPlan[]): Promise<Map<string, string | undefined>>;
  /** Asks all to end, and after `patience_ms` makes them. */
  stop(patienceMs?: number): Promise<void>;
}

export interface SupervisorOptions {
  /** Remembers what runs, for the run after a killed one. */
  data_directory: string;
  log_directory: string;
  say: (line: Text) => void;
  /** Wait before the first restart; doubles with each further death up to {@link pauseMsMax}. */
  pause_ms?: number;
}

const attemptsMax = 3;
const pauseMsMax = 30_000;
/** A program that ran this long was sound; its next death counts as the first. */
const soundAfterMs = 60_000;

export function makeSupervisor(options: SupervisorOptions): Supervisor {
  const children = new Map<string, ChildProcess>();
  const pauseMs = options.pause_ms ?? 500;
  const stopping = new AbortController();

  function remember(): void {
    const alive = [...children.values()].flatMap((child) => findProcess(child.pid ?? 0) ?? []);
    writeFileSync(rememberedFile(options.data_directory), JSON.stringify(alive));
  }

  /** Runs one program for as long as the supervisor lives. */
  function keepRunning(plan: ProgramPlan): Promise<string | undefined> {
    return new Promise((ready, giveUp) => {
      let wasReady = false;
      let deaths = 0;
      const launch = (): void => {
        if (stopping.signal.aborted) return;
        const logFile = openLogFile(join(options.log_directory, `${plan.name}.log`));
        const born = performance.now();
        const child = spawn(process.execPath, [...plan.command], {
          env: plan.env,
          stdio: ['ignore', logFile.descriptor, logFile.descriptor, 'ipc'],
          // Ctrl-C reaches the whole terminal group; the order of stopping is ours to give.
          detached: true,
        });
        children.set(plan.name, child);
        remember();
        child.on('message', (message: { ready?: boolean; address?: string }) => {
          if (message.ready !== true) return;
          if (wasReady) options.say({ zh: `${plan.name} 已恢复`, en: `${plan.name} is back` });
          wasReady = true;
          ready(message.address);
        });
        child.on('error', (error) => giveUp(error));
        child.on('exit', (code, signal) => {
          children.delete(plan.name);
          const lines = readLines(logFile).slice(-20).join('\n');
          closeSync(logFile.descriptor);
          if (stopping.signal.aborted) return;
          remember();
          deaths = performance.now() - born > soundAfterMs ? 1 : deaths + 1;
          if (!wasReady && deaths >= attemptsMax) {
            giveUp(cannotStart('program_did_not_start', { program: plan.name, attempts: deaths, log_file: logFile.path, log_lines: lines }));
            return;
          }
          const pause = Math.min(pauseMs * 2 ** (deaths - 1), pauseMsMax);
          options.say({ zh: `${plan.name} 意外退出(${signal ?? code}),${pause / 1000} 秒后重启`, en: `${plan.name} ended (${signal ?? code}), restarting in ${pause / 1000} s` });
          const timer = setTimeout(launch, pause);
          stopping.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
        });
      };
      launch();
    });
  }

  return {
    async start(plans) {
      return new Map(await Promise.all(plans.map(async (plan) => [plan.name, await keepRunning(plan)] as const)));
    },
    async stop(patienceMs = 15_000) {
      stopping.abort();
      const ending = [...children.values()].flatMap((child) => findProcess(child.pid ?? 0) ?? []);
      await endProcesses(ending, patienceMs);
      rmSync(rememberedFile(options.data_directory), { force: true });
    },
  };
}

function rememberedFile(dataDirectory: string): string {
  return join(dataDirectory, 'programs.json');
}

/** Ends what a killed run may have left and waits for it, so that ports and data are free. @returns how many there were */
export async function endLeftoverPrograms(dataDirectory: string, patienceMs = 15_000): Promise<number> {
  const left = readRemembered(dataDirectory).filter(isAlive);
  await endProcesses(left, patienceMs);
  rmSync(rememberedFile(dataDirectory), { force: true });
  return left.length;
}

function readRemembered(dataDirectory: string): LivingProcess[] {
  try {
    return JSON.parse(readFileSync(rememberedFile(dataDirectory), 'utf8')) as LivingProcess[];
  } catch {
    return []; // The first run, or one cut short while writing.
  }
}

async function endProcesses(processes: readonly LivingProcess[], patienceMs: number): Promise<void> {
  for (const { process_id } of processes) signalProcess(process_id, 'SIGTERM');
  const stubborn = await waitUntilEnded(processes, patienceMs);
  for (const { process_id } of stubborn) signalProcess(process_id, 'SIGKILL');
  await waitUntilEnded(stubborn, patienceMs);
}
