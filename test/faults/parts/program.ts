/** One program of the platform as a process of its own, to be killed and started again. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../../..');
/** Programs speak only when asked to (HUZHENG_FAULT_LOG=warn): their complaints are expected. */
const spoken = process.env['HUZHENG_FAULT_LOG'];

export class Program {
  readonly #command: readonly [string, ...string[]];
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  /** Times it ended without having been killed: a program must outlive what it stands on. */
  deaths = 0;

  /** @param command the module, relative to the project, with its words */
  constructor(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv) {
    this.#command = command;
    this.#env = { ...env, HUZHENG_LOG: spoken ?? 'off' };
  }

  /** @returns milliseconds until it said that it was ready */
  async start(): Promise<number> {
    const begun = performance.now();
    const [file, ...words] = this.#command;
    const child = fork(join(project, file), words, { env: this.#env, execArgv: [], stdio: ['ignore', spoken === undefined ? 'ignore' : 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.deaths++;
        reject(new Error(`${file} ended with ${signal ?? code}`));
      });
    });
    return performance.now() - begun;
  }

  /** Ends it between two instructions, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
