import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../test/harness/databases.ts';
import { openDatabase } from './database.ts';
import { bindRoutes, createServer, declareRefusals, defineContract, diskBlobStore, FrozenClock, openKeys, Refusal, runUntilQuiet, transact, type Actor, type Context } from './index.ts';

let db: FreshDatabase;
const clock = new FrozenClock('2026-11-23T02:00:00Z');
const blobs = diskBlobStore(mkdtempSync(join(tmpdir(), 'huzheng-blobs-')));
const keys = openKeys(mkdtempSync(join(tmpdir(), 'huzheng-keys-')), 'police');
const officer: Actor = {
  kind: 'officer', officer_id: '018f0000-0000-7000-8000-000000000001', officer_kind: 'police', name: '赵敏', police_number: '530001', post_id: 'p', role: 'station_officer', acting_for: null,
  org_code: '530102500000', org_level: 'STATION', org_from: '530102500000', org_to: '5301025000000', permissions: new Set(['sample.write', 'sample.read']), services: new Map(), session_id: 's',
};

declareRefusals({ 'sample.taken': { kind: 'conflict', zh: '已存在。', en: 'Taken.', constraints: ['sample_name_once'] } });
const contract = defineContract({
  write: { method: 'POST', path: '/api/sample', permission: 'sample.write', summary: { zh: '写', en: 'write' }, input: Type.Object({ name: Type.String({ minLength: 2 }), count: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }), output: Type.Object({ made: Type.String(), count: Type.Integer() }) },
  read: { method: 'GET', path: '/api/sample/:person_id', permission: 'sample.read', purpose: 'stated', summary: { zh: '读', en: 'read' }, input: Type.Object({ person_id: Type.String({ format: 'uuid' }) }), output: Type.Object({ person_id: Type.String(), name: Type.String() }, { subject: 'person_id', fields: 'identity' }) },
  forbidden: { method: 'POST', path: '/api/forbidden', permission: 'sample.decide', summary: { zh: '否', en: 'no' }, input: Type.Object({}), output: 'nothing' },
});
let runs = 0;
const routes = bindRoutes('sample', contract, {
  async write(context: Context, input) {
    runs++;
    context.emit('sample.written', { name: input.name });
    return { made: input.name, count: input.count };
  },
  async read(_context, input) {
    return { person_id: input.person_id, name: '王某', extra: 'not in the contract' } as { person_id: string; name: string };
  },
  async forbidden() {},
});
let app: Awaited<ReturnType<typeof createServer>>;

beforeAll(async () => {
  db = await freshDatabase('police');
  app = await createServer({
    program: 'test', database: db.database, operations: routes, identify: async () => officer, session_cookie: 'session', clock, blobs, token_key: keys.token_key,
    purposes: new Map([['enquiry', { needs_note: true }]]), rate_factor: 0,
  });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const post = (url: string, payload: object, headers: Record<string, string> = {}) => app.inject({ method: 'POST', url, payload, cookies: { session: 'x' }, headers: { 'content-type': 'application/json', ...headers } });

test('a failed statement inside an act leaves nothing behind and is a defect, not an answer', async () => {
  await expect(transact(db.database, { clock, blobs, operation: 'sample.x', actor: officer, audited: true }, async (context) => {
    await context.query('select 1 / 0');
  })).rejects.toThrow('division by zero');
  expect((await db.owner.query(`select count(*)::int as n from kernel.audit_record where operation = 'sample.x'`)).rows[0].n).toBe(0);
});

test('a connection that cannot take the role of the application serves nobody', async () => {
  const stranger = openDatabase({ network: 'police', url: db.url, connections_max: 1, role: 'nobody_of_this_name' });
  await expect(transact(stranger, { clock, blobs, operation: 'sample.x', actor: officer }, (context) => context.query('select 1'))).rejects.toThrow('nobody_of_this_name');
  await stranger.close();
});

test('a statement that takes too long is given up, nothing of its act is done, and the caller may try again', async () => {
  const hasty = openDatabase({ network: 'police', url: db.url, connections_max: 1, statement_seconds_max: 1 });
  await expect(transact(hasty, { clock, blobs, operation: 'sample.slow', actor: officer, audited: true }, (context) => context.query('select pg_sleep(60)'))).rejects.toThrow('kernel.busy');
  await hasty.close();
  expect((await db.owner.query(`select count(*)::int as n from kernel.audit_record where operation = 'sample.slow'`)).rows[0].n).toBe(0);
});

test('all faults of an input are told at once with how to mend each', async () => {
  const answer = await post('/api/sample', { name: '王', other: 1 });
  expect(answer.statusCode).toBe(422);
  const problem = answer.json();
  expect(problem.violations.map((v: { field: string }) => v.field).sort()).toEqual(['count', 'name', 'other']);
  for (const violation of problem.violations) expect(violation.zh.length * violation.en.length).toBeGreaterThan(0);
});

test('a right that the post does not hold is refused by name', async () => {
  const answer = await post('/api/forbidden', {});
  expect(answer.statusCode).toBe(403);
  expect(answer.json().code).toBe('kernel.not_permitted');
});

test('nobody signed in is told to sign in', async () => {
  expect((await app.inject({ method: 'POST', url: '/api/sample', payload: { name: '王一', count: 1 } })).statusCode).toBe(401);
});

test('a request key acts once and answers twice; another use of it is refused', async () => {
  const before = runs;
  const first = await post('/api/sample', { name: '王一', count: 1 }, { 'idempotency-key': 'key-00000001' });
  const again = await post('/api/sample', { name: '王一', count: 1 }, { 'idempotency-key': 'key-00000001' });
  const other = await post('/api/sample', { name: '王二', count: 1 }, { 'idempotency-key': 'key-00000001' });
  expect(first.statusCode, first.body).toBe(200);
  expect(again.json()).toEqual(first.json());
  expect(other.json().code).toBe('kernel.request_key_reused');
  expect(runs).toBeGreaterThan(before);
  const rows = await db.owner.query(`select operation, actor_id, detail from kernel.audit_record where request_key = 'key-00000001'`);
  expect(rows.rows).toHaveLength(1);
  expect((await db.owner.query(`select count(*)::int as n from kernel.event where name = 'sample.written'`)).rows[0].n).toBe(1);
});

test('a person is read with a purpose and leaves exactly one access record; unlisted fields stay inside', async () => {
  const id = '018f0000-0000-7000-8000-00000000aaaa';
  const without = await app.inject({ url: `/api/sample/${id}`, cookies: { session: 'x' } });
  expect(without.json().code).toBe('kernel.purpose_missing');
  const withPurpose = await app.inject({ url: `/api/sample/${id}`, cookies: { session: 'x' }, headers: { 'huzheng-purpose': `enquiry;;${encodeURIComponent('窗口咨询核对')}` } });
  expect(withPurpose.statusCode, withPurpose.body).toBe(200);
  expect(withPurpose.json()).toEqual({ person_id: id, name: '王某' });
  const rows = (await db.owner.query('select purpose, purpose_note, org_code from kernel.access_record where subject_id = $1', [id])).rows;
  expect(rows).toEqual([{ purpose: 'enquiry', purpose_note: '窗口咨询核对', org_code: '530102500000' }]);
});

test('a foreign site cannot act in an officer’s name', async () => {
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    expect((await post('/api/sample', { name: '王一', count: 1 }, headers as unknown as Record<string, string>)).json().code).toBe('kernel.foreign_origin');
  }
  const form = await app.inject({ method: 'POST', url: '/api/sample', payload: 'name=aa&count=1', headers: { 'content-type': 'application/x-www-form-urlencoded' }, cookies: { session: 'x' } });
  expect(form.json().code).toBe('kernel.foreign_origin');
});

test('news reaches its listeners once, and again only while they fail', async () => {
  const heard: string[] = [];
  let failures = 1;
  const options = { database: db.database, blobs, clock, jobs: [], subscriptions: [{ 'sample.written': async (_c: Context, payload: { name: string }) => {
    if (failures-- > 0) throw new Error('not yet');
    heard.push(payload.name);
  } }] };
  await runUntilQuiet(options);
  expect(heard).toEqual([]);
  clock.advanceMinutes(1);
  await runUntilQuiet(options);
  await runUntilQuiet(options);
  expect(heard).toEqual(['王一']);
});

test('evidence can be added but neither changed nor removed by the application', async () => {
  for (const text of [`update kernel.audit_record set operation = 'x'`, 'delete from kernel.audit_record', 'delete from kernel.access_record', `update kernel.event set payload = '{}'`]) {
    await expect(db.database.pool.query(text)).rejects.toThrow(/permission denied/);
  }
});

test('a refusal that must be remembered keeps what was written and is itself on record', async () => {
  const act = (refusal: Refusal) => transact(db.database, { clock, blobs, operation: 'sample.try', actor: officer, audited: true }, async (context) => {
    context.emit('sample.tried', { code: refusal.code });
    throw refusal;
  });
  const left = async () => [
    (await db.owner.query(`select detail from kernel.audit_record where operation = 'sample.try'`)).rows.map((row) => row.detail),
    (await db.owner.query(`select count(*)::int as n from kernel.event where name = 'sample.tried'`)).rows[0].n,
  ];
  await expect(act(new Refusal('sample.taken'))).rejects.toThrow('sample.taken');
  expect(await left()).toEqual([[], 0]);
  await expect(act(new Refusal('sample.taken').keepingWrites())).rejects.toThrow('sample.taken');
  expect(await left()).toEqual([[{ refused: 'sample.taken' }], 1]);
});

test('a reading operation cannot write, though recognising the caller may', async () => {
  await db.owner.query('create table public.seen (at timestamptz); grant insert, select on public.seen to huzheng_app');
  const read = (work: (context: Context) => Promise<unknown>) => transact(db.database, {
    clock, blobs, operation: 'sample.read', read_only: true,
    actor: async (client, now) => {
      await client.query('insert into public.seen values ($1)', [now]);
      return officer;
    },
  }, work);
  await read(async () => {});
  await expect(read((context) => context.query('insert into public.seen values (now())'))).rejects.toThrow(/read-only transaction/);
  expect((await db.owner.query('select count(*)::int as n from public.seen')).rows[0].n).toBe(1);
});

test('a refusal declared for a constraint is what the caller hears', async () => {
  await db.owner.query('create table public.sample (name text constraint sample_name_once unique); grant insert on public.sample to huzheng_app');
  const put = () => transact(db.database, { clock, blobs, operation: 'sample.put', actor: officer }, (context) => context.query(`insert into public.sample values ('一')`));
  await put();
  await expect(put()).rejects.toSatisfy((error) => error instanceof Refusal && error.code === 'sample.taken' && error.status === 409);
});
