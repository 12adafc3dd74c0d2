/**
 * The demo bureau on both networks, as the programs run it: an office with officers who sign in, couriers
 * that carry real parcels, workers that hand on the news. Nothing sleeps: `settle` runs everything that is due.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { FastifyInstance } from 'fastify';
import {
  actAsSystem, diskBlobStore, FrozenClock, newId, openKeys, runUntilQuiet, type BlobStore, type Context, type Network, type NetworkKeys, type WorkerOptions,
} from '../../src/kernel/index.ts';
import * as accounts from '../../src/modules/accounts/index.ts';
import * as cases from '../../src/modules/cases/index.ts';
import * as documents from '../../src/modules/documents/index.ts';
import { ferryUntilQuiet, type CourierOptions, type ParcelHandlers } from '../../src/modules/exchange/index.ts';
import { forgetRemembered } from '../../src/modules/reference/index.ts';
import { buildOffice } from '../../src/programs/office.ts';
import { seedDemo, type DemoBureau } from '../../src/programs/demo/seed.ts';
import { freshDatabase, onDatabase, type FreshDatabase } from './databases.ts';

/** Enough people for every part of the cast, few enough to seed in seconds. */
export const worldPeople = 4000;
export const worldSeed = 20261122;

const templateDirectory = (clusterUrl: string): string => join(tmpdir(), `huzheng-world-${Buffer.from(clusterUrl).toString('base64url').slice(-40)}`);

/** Seeds the template once for the whole run; files that start together wait for the first. */
async function seedTemplate(): Promise<{ bureau: DemoBureau; directory: string }> {
  const clusterUrl = inject('cluster_url');
  const directory = templateDirectory(clusterUrl);
  const admin = new pg.Client({ connectionString: clusterUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(7104311)');
    const { rowCount } = await admin.query(`select 1 from pg_database where datname = 'template_demo_internet' and datistemplate`);
    if (rowCount === 0) {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true });
      for (const network of ['police', 'internet'] as const) {
        await admin.query(`drop database if exists template_demo_${network}`);
        await admin.query(`create database template_demo_${network} template template_${network}`);
      }
      await seedDemo({
        police_url: onDatabase(clusterUrl, 'template_demo_police'), internet_url: onDatabase(clusterUrl, 'template_demo_internet'),
        people: worldPeople, seed: worldSeed, data_directory: directory,
      });
      for (const network of ['police', 'internet'] as const) await admin.query(`alter database template_demo_${network} with is_template true`);
    }
    return { bureau: JSON.parse(readFileSync(join(directory, 'demo-bureau.json'), 'utf8')) as DemoBureau, directory };
  } finally {
    await admin.query('select pg_advisory_unlock(7104311)').catch(() => {});
    await admin.end();
  }
}

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T & { code?: string; facts?: Record<string, unknown>; violations?: { field: string; code: string; zh: string; en: string }[]; title?: string };
}

/** An officer at the workstation. */
export interface Desk {
  police_number: string;
  /** Of the session, for a browser that goes on as this officer. */
  cookies: Record<string, string>;
  get<T = Record<string, unknown>>(path: string, purpose?: string): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(path: string, body?: object, headers?: Record<string, string>): Promise<Answer<T>>;
  /** As the workstation sends files: the input as JSON in a form, the files beside it, under a request key. */
  upload<T = Record<string, unknown>>(path: string, body: object, files: readonly FileSent[], headers?: Record<string, string>): Promise<Answer<T>>;
}

export interface FileSent {
  field: string;
  name: string;
  bytes: Uint8Array;
}

async function formOf(body: object, files: readonly FileSent[]): Promise<{ payload: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  form.append('_input', JSON.stringify(body));
  for (const { field, name, bytes } of files) form.append(field, new File([bytes as Uint8Array<ArrayBuffer>], name, { type: 'image/jpeg' }));
  const sent = new Request('http://x', { method: 'POST', body: form });
  return { payload: Buffer.from(await sent.arrayBuffer()), headers: { 'content-type': sent.headers.get('content-type')! } };
}

export interface World {
  police: FreshDatabase;
  internet: FreshDatabase;
  bureau: DemoBureau;
  clock: FrozenClock;
  office: FastifyInstance;
  keys: Record<Network, NetworkKeys>;
  blobs: Record<Network, BlobStore>;
  directory: string;
  workers: { police: WorkerOptions; internet: WorkerOptions | undefined };
  couriers: readonly CourierOptions[];
  /** Signs an officer in by post at the destination, the origin, or above. */
  desk(role: string, where?: 'target' | 'origin'): Promise<Desk>;
  /** The first officer of the post, or the second where a unit has two. */
  deskOf(police_number: string): Promise<Desk>;
  /** One committed act of the system on a network. */
  act<T>(network: Network, work: (context: Context) => Promise<T>): Promise<T>;
  /** Parcels carried, news handed on, clocks run, until nothing moves. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  at?: string;
  /** The portal's parts, where a test needs the internet side to answer. */
  internet?: { subscriptions?: WorkerOptions['subscriptions']; jobs?: WorkerOptions['jobs']; handlers: ParcelHandlers };
  connections_max?: number;
}

/** A Monday morning in office hours. */
export const mondayMorning = '2026-11-23T01:00:00Z';

export async function demoWorld(options: WorldOptions = {}): Promise<World> {
  const { bureau, directory: seeded } = await seedTemplate();
  forgetRemembered();
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-world-'));
  const police = await freshDatabase('police', options.connections_max ?? 12, 'template_demo_police');
  const internet = await freshDatabase('internet', 8, 'template_demo_internet');
  const clock = new FrozenClock(options.at ?? mondayMorning);
  const keyDirectory = join(seeded, 'keys');
  const keys = { police: openKeys(keyDirectory, 'police'), internet: openKeys(keyDirectory, 'internet') };
  const blobs = { police: diskBlobStore(join(directory, 'blobs-police')), internet: diskBlobStore(join(directory, 'blobs-internet')) };
  const office = await buildOffice({ database: police.database, clock, blobs: blobs.police, keys: keys.police, office_origin: 'http://localhost', demo: true, rate_factor: 0 });

  const policeWorker: WorkerOptions = { database: police.database, blobs: blobs.police, keys: keys.police, clock, subscriptions: [cases.subscriptions], jobs: [...cases.jobs, ...documents.jobs, ...accounts.officerJobs] };
  const internetWorker: WorkerOptions | undefined = options.internet === undefined ? undefined
    : { database: internet.database, blobs: blobs.internet, keys: keys.internet, clock, subscriptions: options.internet.subscriptions ?? [], jobs: options.internet.jobs ?? [] };
  const courier = (network: Network, handlers: ParcelHandlers): CourierOptions => ({
    database: network === 'police' ? police.database : internet.database, blobs: blobs[network], keys: keys[network], key_directory: keyDirectory, clock, spool_directory: join(directory, 'spool'), handlers,
  });
  const couriers = [courier('police', cases.parcelHandlers), courier('internet', options.internet?.handlers ?? {})];

  const deskOf = async (police_number: string): Promise<Desk> => {
    const first = await office.inject({ method: 'POST', url: '/api/accounts/sign-in', payload: { police_number, password: accounts.demoPassword } });
    const { challenge, demo_code } = first.json<{ challenge: string; demo_code: string }>();
    if (challenge === undefined) throw new Error(`sign-in of ${police_number}: ${first.body}`);
    const second = await office.inject({ method: 'POST', url: '/api/accounts/sign-in/code', payload: { challenge, code: demo_code } });
    if (second.statusCode !== 200) throw new Error(`sign-in of ${police_number}: ${second.body}`);
    const cookies = Object.fromEntries(second.cookies.map((cookie) => [cookie.name, cookie.value]));
    const answer = async <T>(response: { statusCode: number; body: string; headers: Record<string, unknown> }): Promise<Answer<T>> => ({
      status: response.statusCode, body: (/json/.test(String(response.headers['content-type'])) && response.body !== '' ? JSON.parse(response.body) : { raw: response.body }) as Answer<T>['body'],
    });
    return {
      police_number, cookies,
      get: async (path, purpose) => answer(await office.inject({ url: path, cookies, headers: purpose === undefined ? {} : { 'huzheng-purpose': `${purpose};;${encodeURIComponent('测试查询事由')}` } })),
      post: async (path, body = {}, headers = {}) => answer(await office.inject({ method: 'POST', url: path, payload: body, cookies, headers: { 'content-type': 'application/json', ...headers } })),
      upload: async (path, body, files, headers = { 'idempotency-key': newId() }) => {
        const form = await formOf(body, files);
        return answer(await office.inject({ method: 'POST', url: path, payload: form.payload, cookies, headers: { ...form.headers, ...headers } }));
      },
    };
  };
  const desk = async (role: string, where: 'target' | 'origin' = 'target'): Promise<Desk> => {
    const station = bureau.stations[where];
    const { rows: [row] } = await police.owner.query<{ police_number: string }>(
      `select o.police_number from accounts.officer o join accounts.post p on p.officer_id = o.officer_id
       where p.role = $1 and p.org_code in ($2, $3, $4, $5) order by o.police_number limit 1`,
      [role, station, `${station.slice(0, 6)}000000`, `${station.slice(0, 4)}00000000`, `${station.slice(0, 2)}0000000000`]);
    if (row === undefined) throw new Error(`no officer holds ${role} at ${station}`);
    return deskOf(row.police_number);
  };
  return {
    police, internet, bureau, clock, office, keys, blobs, directory, couriers, workers: { police: policeWorker, internet: internetWorker }, desk, deskOf,
    act: (network, work) => actAsSystem(network === 'police' ? police.database : internet.database, { clock, blobs: blobs[network], keys: keys[network], name: 'test' }, work),
    async settle() {
      for (let round = 0; round < 4; round++) {
        await ferryUntilQuiet(couriers);
        await runUntilQuiet(policeWorker);
        if (internetWorker !== undefined) await runUntilQuiet(internetWorker);
      }
      await ferryUntilQuiet(couriers);
    },
    async close() {
      await office.close();
      await police.close();
      await internet.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

