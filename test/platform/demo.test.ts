import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProcess, isAlive, waitUntilEnded, type LivingProcess } from '../../src/kernel/living-process.ts';

const project = join(import.meta.dirname, '../..');

let directory: string;
let demo: ChildProcess | undefined;
let options: string[];
let portal: string;
let office: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'huzheng-demo-'));
  chmodSync(directory, 0o755); // The database may have to run as another account.
  const ports = await findFreePorts(8);
  [portal, office] = ports.map((port) => `http://localhost:${port}`) as [string, string];
  const names = ['--portal-port', '--office-port', '--identity-port', '--sms-port', '--agencies-port', '--migration-port', '--cards-port', '--reader-port'];
  options = ['--data', join(directory, 'data'), '--no-build', ...names.flatMap((name, at) => [name, String(ports[at])])];
});

afterAll(async () => {
  if (demo !== undefined && demo.exitCode === null && demo.signalCode === null) {
    demo.kill('SIGTERM');
    await once(demo, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
});

async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Starts the demo as the npm script does. @returns what it said up to the awaited words */
async function startUntil(awaited: string, ...more: string[]): Promise<string> {
  demo = spawn(process.execPath, ['src/programs/demo.ts', ...options, ...more], { cwd: project, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, DATABASE_URL_POLICE: '', DATABASE_URL_INTERNET: '' } });
  let said = '';
  for (const stream of [demo.stdout!, demo.stderr!]) stream.on('data', (piece: Buffer) => { said += piece.toString(); });
  await new Promise<void>((heard, fail) => {
    demo!.stdout!.on('data', () => { if (said.includes(awaited)) heard(); });
    demo!.once('exit', () => fail(new Error(said)));
  });
  return said;
}

const lastWordsOfStart = 'Ctrl-C';

/** Everything the demo runs: its programs and its database. */
function listProcesses(): LivingProcess[] {
  const programs = JSON.parse(readFileSync(join(directory, 'data/programs.json'), 'utf8')) as LivingProcess[];
  const database = Number(readFileSync(join(directory, 'data/postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  return [...programs, findProcess(database)!];
}

const bureauOf = (): string => readFileSync(join(directory, 'data/demo-bureau.json'), 'utf8');

test('one command brings up the platform, a killed one comes back with its data, and Ctrl-C leaves nothing behind', async () => {
  // Called off half-way, it ends as orderly as when it is done, and the next start goes on from there.
  await startUntil('embedded database started', '--people', '2000');
  demo!.kill('SIGINT');
  expect(await once(demo!, 'exit')).toEqual([0, null]);

  const firstWords = await startUntil(lastWordsOfStart);
  expect(firstWords).toContain(`群众门户 · Portal        ${portal}`);
  expect(firstWords).toContain(`民警工作台 · Office      ${office}`);
  const [officer] = (JSON.parse(bureauOf()) as { officers: { police_number: string }[] }).officers;
  expect(firstWords).toContain(officer!.police_number);
  expect(await (await fetch(`${office}/readyz`)).json()).toEqual({ ready: true });
  expect((await fetch(`${portal}/healthz`)).status).toBe(200);
  const bureau = bureauOf();

  const killed = listProcesses();
  expect(killed).toHaveLength(8);
  demo!.kill('SIGKILL');
  expect(await waitUntilEnded(killed, 60_000)).toEqual([]);

  await startUntil(lastWordsOfStart);
  expect(await (await fetch(`${office}/readyz`)).json()).toEqual({ ready: true });
  expect(bureauOf()).toBe(bureau);

  const running = listProcesses();
  demo!.kill('SIGINT');
  demo!.kill('SIGINT'); // From the terminal and from npm: both reach the program.
  expect(await once(demo!, 'exit')).toEqual([0, null]);
  expect(running.filter(isAlive)).toEqual([]);
  expect(existsSync(join(directory, 'data/used-by.json'))).toBe(false);
}, 300_000);
