/** A bureau to break: the demo bureau on a durable PostgreSQL for each network, which may be killed outright. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../src/kernel/embedded-postgres.ts';
import { migrate } from '../../../src/kernel/migrations.ts';
import type { Network } from '../../../src/kernel/index.ts';
import { seedDemo, type DemoBureau } from '../../../src/programs/demo/seed.ts';
import { seed } from './figures.ts';
import { addLodgers, type Lodger } from './lodgers.ts';

/** Enough for every part of the demo cast; whoever is to move is added beside them. */
export const people = 4000;
const lodgersMade = 1800;

export interface FaultyBureau {
  directory: string;
  /** What programs are told as HUZHENG_DATA. */
  data: string;
  bureau: DemoBureau;
  /** People who may move, to be taken from the end. */
  lodgers: Lodger[];
  /** The running server of a network; another object after each kill. */
  server(network: Network): EmbeddedPostgres;
  /** Address of a network's database over its server's own socket. */
  url(network: Network): string;
  /** Kills a server's head outright and starts it again on the same data. @returns milliseconds until it was ready */
  killDatabase(network: Network): Promise<number>;
  /** Looks behind the second wall, as the owner. */
  look<T>(text: string, values?: readonly unknown[], network?: Network): Promise<T[]>;
  /** Environment for a program; the database addresses are the caller's to give. */
  environment(more: Record<string, string>): NodeJS.ProcessEnv;
  close(): Promise<void>;
}

export interface FaultyBureauOptions {
  /** Only the police network, if not said. */
  networks?: readonly Network[];
  /** Of the servers, beside the durable ones of the platform. */
  settings?: Record<string, string>;
}

const databaseOf = (network: Network): string => `huzheng_${network}`;
const bureauFile = 'bureau.json';

/** Databases and keys of the demo bureau, made once for all tests of a run. */
async function fillTemplate(directory: string): Promise<void> {
  const data = join(directory, 'data');
  mkdirSync(data);
  // What is made here is lost with the run; the servers of the tests themselves are durable.
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } });
  try {
    const urls = { police: server.url(databaseOf('police')), internet: server.url(databaseOf('internet')) };
    const admin = new pg.Client({ connectionString: server.url('postgres') });
    await admin.connect();
    for (const network of ['police', 'internet'] as const) {
      await admin.query(`create database ${databaseOf(network)}`);
      await migrate(urls[network], network);
    }
    await admin.end();
    const bureau = await seedDemo({ police_url: urls.police, internet_url: urls.internet, people, seed, data_directory: data });
    const lodgers = await addLodgers(urls.police, bureau.stations.origin, lodgersMade);
    writeFileSync(join(directory, bureauFile), JSON.stringify({ bureau, lodgers }));
  } finally {
    await server.stop();
  }
}

export async function openFaultyBureau({ networks = ['police'], settings = {} }: FaultyBureauOptions = {}): Promise<FaultyBureau> {
  const template = inject('fault_template');
  if (!existsSync(join(template, bureauFile))) await fillTemplate(template);
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-faults-'));
  const { bureau, lodgers } = JSON.parse(readFileSync(join(template, bureauFile), 'utf8')) as Pick<FaultyBureau, 'bureau' | 'lodgers'>;
  const data = join(directory, 'data');
  // With owners and rights: the server insists on them.
  const copy = (from: string, to: string): unknown => execFileSync('cp', ['-a', from, to]);
  copy(join(template, 'data'), data);

  const servers = new Map<Network, EmbeddedPostgres>();
  const start = async (network: Network): Promise<void> => void servers.set(network, await startEmbeddedPostgres({ directory: join(directory, network), settings }));
  for (const network of networks) {
    copy(join(template, 'postgres'), join(directory, network));
    await start(network);
  }
  const server = (network: Network): EmbeddedPostgres => servers.get(network)!;
  const url = (network: Network): string => server(network).url(databaseOf(network));
  return {
    directory, data, bureau, lodgers, server, url,
    async killDatabase(network) {
      const killed = performance.now();
      process.kill(server(network).process_id, 'SIGKILL');
      await server(network).ended;
      await start(network);
      return performance.now() - killed;
    },
    async look<T>(text: string, values: readonly unknown[] = [], network: Network = 'police') {
      const client = new pg.Client({ connectionString: url(network) });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(text, [...values])).rows as T[];
      } finally {
        await client.end();
      }
    },
    environment: (more) => ({
      ...process.env, HUZHENG_DATA: data, HUZHENG_DEMO: '1', HUZHENG_RATE_FACTOR: '0', NODE_COMPILE_CACHE: join(template, 'compiled'), ...more,
    }),
    async close() {
      for (const one of servers.values()) await one.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
