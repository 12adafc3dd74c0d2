import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimDirectory } from '../../src/kernel/directory-claim.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/kernel/embedded-postgres.ts';
import { findProcess, isAlive, waitUntilEnded } from '../../src/kernel/living-process.ts';
import type { Refusal, Text } from '../../src/kernel/refusal.ts';

const launcher = join(import.meta.dirname, '../../src/kernel/embedded-postgres.ts');
const root = process.getuid!() === 0;

let madeOnce: string;
let directory: string;
let running: EmbeddedPostgres[];

beforeAll(async () => {
  madeOnce = mkdtempSync(join(tmpdir(), 'huzheng-made-'));
  await (await startEmbeddedPostgres({ directory: madeOnce, settings: { fsync: 'off' } })).stop();
});

afterAll(() => rmSync(madeOnce, { recursive: true, force: true }));

/** Spares most tests the making of the cluster. */
function putMadeCluster(): void {
  cpSync(join(madeOnce, 'data'), join(directory, 'data'), { recursive: true });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'huzheng-launcher-'));
  chmodSync(directory, 0o755); // The server may have to run as another account.
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, settings: { fsync: 'off', shared_buffers: '16MB' }, ...options });
  running.push(server);
  return server;
}

async function ask<T>(server: EmbeddedPostgres, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

async function refusalOf(attempt: Promise<unknown>): Promise<Refusal> {
  return attempt.then(() => expect.unreachable('it started'), (error: Refusal) => error);
}

/** Another program that starts the server on `directory` and says the server's number. */
async function startInAnotherProgram(): Promise<{ program: ReturnType<typeof spawn>; server_process_id: number }> {
  const program = spawn(process.execPath, ['--input-type=module', '-e', `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(launcher)});
    const server = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, settings: { fsync: 'off', shared_buffers: '16MB' } });
    process.stdout.write(String(server.process_id) + '\\n');
    setInterval(() => {}, 60_000);
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(program.stdout!, 'data')) as [Buffer];
  return { program, server_process_id: Number(line) };
}

describe('the embedded database', () => {
  test('speaks UTF-8, finds Chinese by trigram, keeps Beijing time and listens on no network', async () => {
    const server = await start();
    await ask(server, 'create extension pg_trgm');
    const [row] = await ask<Record<string, unknown>>(server, `
      select current_setting('server_encoding') as encoding, cardinality(show_trgm('张三')) > 0 as trigrams,
        current_setting('timezone') as timezone, current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums`);
    expect(row).toEqual({ encoding: 'UTF8', trigrams: true, timezone: 'Asia/Shanghai', addresses: '', checksums: 'on' });
  });

  test('is durable unless the caller says otherwise', async () => {
    putMadeCluster();
    const server = await start({ settings: {} });
    expect(await ask(server, `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit') order by name`))
      .toEqual([{ name: 'fsync', setting: 'on' }, { name: 'synchronous_commit', setting: 'on' }]);
  });

  test('lets in only who may enter its socket directory', async () => {
    const server = await start();
    expect(statSync(server.socket_directory).mode & 0o777).toBe(0o700);
  });

  test('keeps its socket path short however long the data path is', async () => {
    const deep = join(directory, '户'.repeat(40), 'a'.repeat(80));
    const server = await start({ directory: deep });
    expect(Buffer.byteLength(join(server.socket_directory, `.s.PGSQL.${server.port}`))).toBeLessThanOrEqual(103);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    rmSync(server.socket_directory, { recursive: true, force: true });
  });

  test('keeps its data over a stop and a second start', async () => {
    putMadeCluster();
    const first = await start();
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(findProcess(first.process_id)).toBeUndefined();

    const said: Text[] = [];
    const second = await start({ log: (line) => said.push(line) });
    expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(said).toEqual([]);
  });

  test('recovers what was committed when the server is killed', async () => {
    putMadeCluster();
    const first = await start();
    await ask(first, 'create table kept as select 42 as answer');
    process.kill(first.process_id, 'SIGKILL');
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await start();
    expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('ends by itself when the program that started it is killed', async () => {
    putMadeCluster();
    const { program, server_process_id } = await startInAnotherProgram();
    const server = findProcess(server_process_id)!;
    program.kill('SIGKILL');
    expect(await waitUntilEnded([server], 30_000)).toEqual([]);
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('is stopped and started anew when an earlier run left it behind without its watcher', async () => {
    putMadeCluster();
    const { program, server_process_id } = await startInAnotherProgram();
    const left = findProcess(server_process_id)!;
    // A frozen server cannot obey its watcher, as on a machine that hung.
    process.kill(left.process_id, 'SIGSTOP');
    program.kill('SIGKILL');
    await once(program, 'exit');
    expect(isAlive(left)).toBe(true);

    const said: Text[] = [];
    const next = start({ log: (line) => said.push(line) });
    process.kill(left.process_id, 'SIGCONT');
    expect(await ask(await next, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(left)).toBe(false);
  });

  test('ignores marks whose number now belongs to a stranger', async () => {
    putMadeCluster();
    const earlier = await start();
    await earlier.stop();
    writeFileSync(join(earlier.socket_directory, `.s.PGSQL.${earlier.port}.lock`), `${process.ppid}\n${directory}/data\n`);
    writeFileSync(join(directory, 'used-by.json'), JSON.stringify({ process_id: process.pid, started: 'long ago' }));
    writeFileSync(join(directory, 'data/postmaster.pid'), `${process.ppid}\n${directory}/data\n`);
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(findProcess(process.ppid)).toBeDefined();
  });

  test('takes no half-made cluster for data', async () => {
    mkdirSync(join(directory, 'data.new/base'), { recursive: true });
    writeFileSync(join(directory, 'data.new/PG_VERSION'), '18\n');
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('the embedded database refuses, in both languages and with a way out,', () => {
  test('data that another program uses at this moment, and leaves that program alone', async () => {
    putMadeCluster();
    const { program, server_process_id } = await startInAnotherProgram();
    const refusal = await refusalOf(start());
    expect(refusal.code).toBe('start.already_running');
    expect(refusal.text.zh).toContain(`kill ${program.pid}`);
    expect(refusal.text.en).toContain('--data DIR');
    const server = findProcess(server_process_id)!;
    expect(server).toBeDefined();
    program.kill('SIGTERM');
    await waitUntilEnded([server], 30_000);
  });

  test('data of another major version, untouched', async () => {
    putMadeCluster();
    await (await start()).stop();
    writeFileSync(join(directory, 'data/PG_VERSION'), '15\n');
    const refusal = await refusalOf(start());
    expect(refusal.code).toBe('start.wrong_data_version');
    expect(refusal.text.zh).toContain('PostgreSQL 15');
    expect(refusal.text.en).toContain('DATABASE_URL_POLICE');
    expect(readFileSync(join(directory, 'data/PG_VERSION'), 'utf8')).toBe('15\n');
    expect(existsSync(join(directory, 'used-by.json'))).toBe(false);
  });

  test('a disk with too little room, before anything is written', async () => {
    const refusal = await refusalOf(start({ free_bytes_min: Number.MAX_SAFE_INTEGER }));
    expect(refusal.code).toBe('start.disk_full');
    expect(refusal.text.en).toContain(directory);
    expect(existsSync(join(directory, 'data'))).toBe(false);
  });

  test('a setting the server does not know, showing its log', async () => {
    putMadeCluster();
    const refusal = await refusalOf(start({ settings: { no_such_setting: '1' } }));
    expect(refusal.code).toBe('start.database_did_not_start');
    expect(refusal.text.zh).toContain('no_such_setting');
    await start(); // and nothing is left in the way
  });

  test.runIf(!root)('a directory that cannot be written', async () => {
    chmodSync(directory, 0o500);
    const refusal = await refusalOf(start({ directory: join(directory, 'below') }));
    expect(refusal.code).toBe('start.directory_not_writable');
    chmodSync(directory, 0o700);
  });
});

/** Whether an account that owns nothing here may run programs of this checkout. */
function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || isOpenToOthers(dirname(path)));
}

describe.runIf(root)('root, where user namespaces are refused,', () => {
  let path: string | undefined;
  beforeEach(() => {
    path = process.env['PATH'];
    mkdirSync(join(directory, 'bin'));
    writeFileSync(join(directory, 'bin/unshare'), '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${directory}/bin:${path}`;
  });
  afterEach(() => { process.env['PATH'] = path; });

  test.runIf(isOpenToOthers(import.meta.dirname))('lends the data to an account that owns nothing else, and again at the next start', async () => {
    const home = join(directory, 'lent');
    const first = await start({ directory: home });
    await ask(first, 'create table kept as select 42 as answer');
    expect(statSync(join(home, 'data')).uid).not.toBe(0);
    await first.stop();
    process.env['PATH'] = path;
    expect(await ask(await start({ directory: home }), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test.runIf(isOpenToOthers(import.meta.dirname))('opens the way to the data for that account alone', async () => {
    const own = join(directory, 'own');
    await claimDirectory(own);
    const server = await start({ directory: join(own, 'postgres') });
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(statSync(own).mode & 0o777).toBe(0o710);
    expect(statSync(own).uid).toBe(0);
  });

  test('is told so when that account cannot reach the data, and owns them still', async () => {
    chmodSync(directory, 0o700);
    const home = join(directory, 'hidden');
    const refusal = await refusalOf(start({ directory: home }));
    expect(refusal.code).toBe('start.root_cannot_run_database');
    expect(refusal.text.zh).toContain('Operation not permitted');
    expect(refusal.text.en).toContain('max_user_namespaces');
    expect(statSync(home).uid).toBe(0);
  });
});
