/** The portal on a database of the internet side, with a few addresses, citizens who are signed in, and what the police side would send. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { actAsSystem, diskBlobStore, FrozenClock, newId, openKeys, sha256, violationsOf, type BlobStore, type Context, type NetworkKeys, type WorkerOptions } from '../../src/kernel/index.ts';
import { citizenCookie } from '../../src/modules/accounts/index.ts';
import { jobs, parcelHandlers, subscriptions } from '../../src/modules/portal/index.ts';
import { addAddresses, checkCharacter, loadReference } from '../../src/modules/reference/index.ts';
import { buildPortal } from '../../src/programs/portal.ts';
import { makeRenderer } from '../../web/portal/server.tsx';
import { freshDatabase, type FreshDatabase } from './databases.ts';
import { Visitor } from './visitor.ts';

export const number = (digits: string): string => digits + checkCharacter(digits);
export const liMing = { name: '李明', id_number: number('53010219900307901'), phone: '19900000001' };
export const wangLi = { name: '王丽', id_number: number('53010219920514902'), phone: '19900000002' };
export const liXiao = { name: '李小明', id_number: number('53010220180601903') };
export const liDaYe = { name: '李大业', id_number: number('53010219600101905') };
let made = 0;
/** Somebody new, whose record was never asked for. */
export function somebody(): { name: string; id_number: string; phone: string } {
  made += 1;
  return { name: '段文静', id_number: number(`5301021985${String(101 + Math.floor(made / 90)).padStart(4, '0')}${String(901 + (made % 90))}`), phone: '19900000009' };
}
/** The entry of the household in which 李明 lives with wife, son and father, who is its head. */
export const household = {
  household_no: '5301020001', address_text: '云南省昆明市五华区护国街道护国路 8 号', station_name: '昆明市公安局五华分局护国派出所', is_head: false,
  members: [
    { name: liDaYe.name, id_number: liDaYe.id_number, relation: '02', relation_text: { zh: '户主', en: 'head of household' }, birth_on: '1960-01-01', is_self: false },
    { name: liMing.name, id_number: liMing.id_number, relation: '22', relation_text: { zh: '长子', en: 'eldest son' }, birth_on: '1990-03-07', is_self: true },
    { name: wangLi.name, id_number: wangLi.id_number, relation: '38', relation_text: { zh: '儿媳', en: 'daughter-in-law' }, birth_on: '1992-05-14', is_self: false },
    { name: liXiao.name, id_number: liXiao.id_number, relation: '41', relation_text: { zh: '孙子', en: 'son\'s son' }, birth_on: '2018-06-01', is_self: false },
  ],
};

export interface Portal {
  db: FreshDatabase;
  app: FastifyInstance;
  clock: FrozenClock;
  keys: NetworkKeys;
  blobs: BlobStore;
  worker: WorkerOptions;
  /** The addresses in 五华区. */
  addresses: { address_id: string; line: string }[];
  directory: string;
  asSystem<T>(work: (context: Context) => Promise<T>): Promise<T>;
  /** Somebody who has signed in; `null` for nobody. */
  visitor(citizen: { name: string; id_number: string; phone?: string; identity_level?: number } | null, headers?: Record<string, string>): Promise<Visitor>;
  /** Parcels that wait for the police side, in the order of sending. */
  outbox(kind?: string): Promise<{ kind: string; order_key: string; body: any; attachments: { sha256: string }[] }[]>;
  /** The police side has receipted everything sent so far. */
  acknowledge(): Promise<void>;
  /** A parcel from the police side, checked against its schema as the courier does. */
  receive(kind: keyof typeof parcelHandlers, body: Record<string, unknown>, attachments?: { sha256: string; media_type: string }[]): Promise<void>;
  close(): Promise<void>;
}

export async function openPortal(): Promise<Portal> {
  const db = await freshDatabase('internet');
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-portal-'));
  const clock = new FrozenClock('2026-11-23T02:00:00Z');
  const keys = openKeys(join(directory, 'keys'), 'internet');
  const blobs = diskBlobStore(join(directory, 'blobs'));
  await loadReference([db.owner], { bureau: 'yunnan' });
  const asSystem: Portal['asSystem'] = (work) => actAsSystem(db.database, { clock, blobs, keys, name: 'test' }, work);
  const { rows: [township] } = await db.owner.query(`select code from reference.area where parent_code = '530102' and level = 'TOWNSHIP' and name like '护国%' limit 1`);
  const addresses = await asSystem((context) => addAddresses(context, Array.from({ length: 14 }, (_, index) => ({ township_code: township.code, street: '护国路', street_number: String(index + 1) }))));
  const app = await buildPortal({
    database: db.database, clock, blobs, keys, portal_origin: 'http://localhost', identity_issuer: 'http://localhost:1', identity_client_id: 'x', identity_client_secret: 'x', demo: false, rate_factor: 0,
    pages: { makeRenderer },
  });
  return {
    db, app, clock, keys, blobs, addresses, directory, asSystem,
    worker: { database: db.database, blobs, keys, clock, subscriptions: [subscriptions], jobs: jobs.filter(({ name }) => name !== 'portal.send_messages') },
    async visitor(citizen, headers) {
      const visitor = new Visitor(app, headers);
      if (citizen === null) return visitor;
      const place = (field: string): string => `accounts.citizen.${field}:test:${citizen.id_number}`;
      const level = citizen.identity_level ?? 3;
      const { rows: [row] } = await db.owner.query(
        `insert into accounts.citizen (citizen_id, issuer, subject, name_sealed, id_number_sealed, id_number_digest, phone_sealed, identity_level, first_seen_at, last_signed_in_at)
         values ($1, 'test', $2, $3, $4, $5, $6, $7, $8, $8) on conflict (issuer, subject) do update set last_signed_in_at = excluded.last_signed_in_at returning citizen_id`,
        [newId(), citizen.id_number, keys.seal(citizen.name, place('name')), keys.seal(citizen.id_number, place('id_number')), keys.digest(citizen.id_number), keys.seal(citizen.phone ?? '19900000000', place('phone')), level, clock.now()]);
      const token = newId();
      await db.owner.query(
        `insert into accounts.citizen_session (session_id, token_digest, citizen_id, identity_level, created_at, last_seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)`,
        [newId(), sha256(token), row.citizen_id, level, clock.now(), new Date(clock.now().getTime() + 4 * 3_600_000)]);
      visitor.cookies.set(citizenCookie, token);
      return visitor;
    },
    async outbox(kind) {
      const { rows } = await db.owner.query(`select kind, order_key, body, attachments from exchange.outgoing_parcel where $1::text is null or kind = $1 order by position`, [kind ?? null]);
      return rows;
    },
    async acknowledge() {
      await db.owner.query(`update exchange.outgoing_parcel set receipt_at = created_at, receipt_result = 'applied' where receipt_at is null`);
    },
    async receive(kind, body, attachments = []) {
      const handler = parcelHandlers[kind];
      const faults = violationsOf(handler.schema, body);
      if (faults.length > 0) throw new Error(`the ${kind} parcel does not fit: ${JSON.stringify(faults)}`);
      await asSystem((context) => handler.handle(context, body as never, { parcel_id: newId(), order_key: 'x', sequence: 1, attachments: attachments as never }));
    },
    async close() {
      await app.close();
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
