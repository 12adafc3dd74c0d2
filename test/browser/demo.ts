/** The whole demo as real processes in a directory of its own: what `npm start` runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Network } from '../../src/kernel/config.ts';
import { readCommand, signalProcess, type LivingProcess } from '../../src/kernel/living-process.ts';
import type { DemoBureau } from '../../src/programs/demo/seed.ts';

const project = join(import.meta.dirname, '../..');

/** A program by the words of its command. */
export type ProgramName = 'office.ts' | 'portal.ts' | 'worker.ts --network police' | 'courier.ts --network police';

export interface RunningDemo {
  portal: string;
  office: string;
  sms: string;
  /** The simulated reader bridge of the desk. */
  reader: string;
  bureau: DemoBureau;
  /** Behind every wall: the database of a network as its owner sees it. */
  look<T = Record<string, unknown>>(network: Network, text: string, values?: readonly unknown[]): Promise<T[]>;
  /** Stops programs in the middle of whatever they do, as a machine that hangs would. */
  freeze(...programs: ProgramName[]): void;
  thaw(...programs: ProgramName[]): void;
  /** Ends everything and leaves nothing behind. */
  stop(): Promise<void>;
}

export interface DemoWishes {
  people: number;
  seed: number;
}

/** Starts the demo on free ports; pages that are built are taken as they are. @throws Error with everything the demo said when it does not come up */
export async function startDemo({ people, seed }: DemoWishes): Promise<RunningDemo> {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-browser-'));
  chmodSync(directory, 0o755); // The database may have to run as another account.
  const data = join(directory, 'data');
  const ports = await findFreePorts(8);
  const isBuilt = ['portal/server.js', 'office/index.html'].every((file) => existsSync(join(project, 'build', file)));
  const options = ['portal', 'office', 'identity', 'sms', 'reader', 'agencies', 'migration', 'cards'].flatMap((name, at) => [`--${name}-port`, String(ports[at])]);
  const demo = spawn(process.execPath, ['src/programs/demo.ts', '--data', data, '--people', String(people), '--seed', String(seed), ...(isBuilt ? ['--no-build'] : []), ...options], {
    cwd: project, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, DATABASE_URL_POLICE: '', DATABASE_URL_INTERNET: '' },
  });
  const ended = once(demo, 'exit');
  let said = '';
  for (const stream of [demo.stdout!, demo.stderr!]) stream.on('data', (piece: Buffer) => (said += piece.toString()));

  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    demo.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const pools: Partial<Record<Network, pg.Pool>> = {};
  try {
    await Promise.race([
      new Promise<void>((ready) => demo.stdout!.on('data', () => {
        if (said.includes('Ctrl-C')) ready();
      })),
      ended.then(() => Promise.reject(new Error(`the demo did not start:\n${said}`))),
    ]);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const socket = socketOf(join(data, 'postgres/data'));
  for (const network of ['police', 'internet'] as const) {
    pools[network] = new pg.Pool({ ...socket, user: 'postgres', database: `huzheng_${network}`, max: 2 });
    pools[network].on('error', () => {});
  }
  const signal = (programs: readonly ProgramName[], name: NodeJS.Signals): void => {
    const running = JSON.parse(readFileSync(join(data, 'programs.json'), 'utf8')) as LivingProcess[];
    for (const program of programs) {
      const found = running.find(({ process_id }) => readCommand(process_id)?.includes(`/${program}`));
      if (found === undefined) throw new Error(`${program} does not run`);
      signalProcess(found.process_id, name);
    }
  };
  return {
    portal: `http://localhost:${ports[0]}`, office: `http://localhost:${ports[1]}`, sms: `http://localhost:${ports[3]}`, reader: `http://127.0.0.1:${ports[4]}`,
    bureau: JSON.parse(readFileSync(join(data, 'demo-bureau.json'), 'utf8')) as DemoBureau,
    look: async <T>(network: Network, text: string, values: readonly unknown[] = []) => (await pools[network]!.query(text, [...values])).rows as T[],
    freeze: (...programs) => signal(programs, 'SIGSTOP'),
    thaw: (...programs) => signal(programs, 'SIGCONT'),
    stop,
  };
}

async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** The socket that the server wrote down itself: where its path would be too long, it lies elsewhere. */
function socketOf(dataDirectory: string): { host: string; port: number } {
  const [, , , port, host] = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  return { host: host!, port: Number(port) };
}
