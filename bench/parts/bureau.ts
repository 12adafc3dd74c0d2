/** A bureau to measure: a durable PostgreSQL of its own, the demo bureau in it, and the office as its own process. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { actAsSystem, diskBlobStore, openDatabase, openKeys, systemClock } from '../../src/kernel/index.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts';
import { migrate } from '../../src/kernel/migrations.ts';
import { demoPassword, seedDemoOfficers, type DemoOfficer } from '../../src/modules/accounts/index.ts';
import { seedDemo, type DemoBureau } from '../../src/programs/demo/seed.ts';

/** A PostgreSQL with the tables of both networks in it, owned by the measurement. */
export interface BenchServer {
  server: EmbeddedPostgres;
  police_url: string;
  owner: pg.Pool;
  directory: string;
  close(): Promise<void>;
}

export interface BenchBureau extends BenchServer {
  bureau: DemoBureau;
}

/** @param statistics counts the server's time by statement, which costs a little itself */
export async function openServer(statistics = false): Promise<BenchServer> {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-bench-'));
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), settings: { shared_buffers: '512MB', max_wal_size: '4GB', ...(statistics ? { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all' } : {}) } });
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  for (const network of ['police', 'internet'] as const) {
    await admin.query(`create database huzheng_${network}`);
    await migrate(server.url(`huzheng_${network}`), network);
  }
  await admin.end();
  mkdirSync(join(directory, 'data'), { recursive: true });
  const police_url = server.url('huzheng_police');
  const owner = new pg.Pool({ connectionString: police_url, max: 8, idleTimeoutMillis: 0, application_name: 'huzheng-bench' });
  // A connection that is still saying goodbye when the server stops is no defect.
  owner.on('error', () => {});
  if (statistics) await owner.query('create extension pg_stat_statements');
  return {
    server, police_url, owner, directory,
    async close() {
      await owner.end();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The demo bureau as its start seeds it. */
export async function openBureau(people: number, seed: number, statistics = false): Promise<BenchBureau> {
  const bench = await openServer(statistics);
  const bureau = await seedDemo({ police_url: bench.police_url, internet_url: bench.server.url('huzheng_internet'), people, seed, data_directory: join(bench.directory, 'data') });
  await bench.owner.query('vacuum analyze');
  return { ...bench, bureau };
}

/** Registers further officers with the demo's password. */
export async function enlist(bench: BenchServer, officers: readonly DemoOfficer[]): Promise<void> {
  const data = join(bench.directory, 'data');
  const keys = openKeys(join(data, 'keys'), 'police');
  const database = openDatabase({ network: 'police', url: bench.police_url, connections_max: 1 });
  await actAsSystem(database, { clock: systemClock, blobs: diskBlobStore(join(data, 'blobs-police')), keys, name: 'bench' }, (context) => seedDemoOfficers(context, keys, officers));
  await database.close();
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

export interface Office {
  port: number;
  child: ChildProcess;
  /** Sessions by police number, signed in once. */
  signIn(police_number: string): Promise<Desk>;
  close(): Promise<void>;
}

export interface Desk {
  get<T>(path: string, purpose?: string): Promise<T>;
  post<T>(path: string, body: object, purpose?: string): Promise<T>;
}

/** Starts the office as operators do, as a process of its own with the limiter off. */
export async function startOffice(bench: BenchServer): Promise<Office> {
  const port = await freePort();
  const child = fork(join(import.meta.dirname, '../../src/programs/office.ts'), {
    env: {
      ...process.env, DATABASE_URL_POLICE: bench.police_url, HUZHENG_OFFICE_PORT: String(port), HUZHENG_DATA: join(bench.directory, 'data'), HUZHENG_KEYS: join(bench.directory, 'data', 'keys'),
      HUZHENG_DEMO: '1', HUZHENG_LOG: 'off', HUZHENG_RATE_FACTOR: '0',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the office ended with ${code}`)));
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const request = (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string): Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }> => new Promise((resolve, reject) => {
    const sent = http.request({ agent, host: '127.0.0.1', port, method, path, headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
  let keys = 0;
  const signIn = async (police_number: string): Promise<Desk> => {
    const first = await request('POST', '/api/accounts/sign-in', {}, JSON.stringify({ police_number, password: demoPassword }));
    const { challenge, demo_code } = JSON.parse(first.text) as { challenge: string; demo_code: string };
    const second = await request('POST', '/api/accounts/sign-in/code', {}, JSON.stringify({ challenge, code: demo_code }));
    if (second.status !== 200) throw new Error(`sign-in of ${police_number}: ${second.text}`);
    const cookie = (second.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const checked = async <T>(answer: { status: number; text: string }, what: string): Promise<T> => {
      if (answer.status !== 200) throw new Error(`${what}: ${answer.status} ${answer.text.slice(0, 500)}`);
      return JSON.parse(answer.text) as T;
    };
    const stated = (purpose: string | undefined): Record<string, string> => (purpose === undefined ? {} : { 'huzheng-purpose': `${purpose};;${encodeURIComponent('测量查询耗时')}` });
    return {
      get: async (path, purpose) => checked(await request('GET', path, { cookie, ...stated(purpose) }), path),
      post: async (path, body, purpose) => checked(await request('POST', path, { cookie, 'idempotency-key': `bench-${process.pid}-${++keys}`, ...stated(purpose) }, JSON.stringify(body)), path),
    };
  };
  return {
    port, child, signIn,
    async close() {
      agent.destroy();
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
