import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../test/harness/databases.ts';
import { bindRoutes, createServer, defineContract, diskBlobStore, FrozenClock, openKeys, type Actor } from './index.ts';

const officer: Actor = {
  kind: 'officer', officer_id: '018f0000-0000-7000-8000-000000000001', officer_kind: 'police', name: '赵敏', police_number: '530001', post_id: 'p', role: 'station_officer', acting_for: null,
  org_code: '530102500000', org_level: 'STATION', org_from: '530102500000', org_to: '5301025000000', permissions: new Set(['sample.find']), services: new Map(), session_id: 's',
};
const found = { person_id: '018f0000-0000-7000-8000-00000000bbbb', name: '王某' };
const contract = defineContract({
  find: {
    method: 'POST', path: '/api/find', permission: 'sample.find', purpose: 'stated', looks_up: true, summary: { zh: '查', en: 'find' }, input: Type.Object({ name: Type.String() }),
    output: Type.Object({ person_id: Type.String(), name: Type.String() }, { subject: 'person_id', fields: 'search_hit' }),
  },
});
let asked = 0;
let db: FreshDatabase;
let app: Awaited<ReturnType<typeof createServer>>;

beforeAll(async () => {
  db = await freshDatabase('police');
  const keys = openKeys(mkdtempSync(join(tmpdir(), 'huzheng-keys-')), 'police');
  app = await createServer({
    program: 'test', database: db.database, operations: bindRoutes('sample', contract, { find: async () => ({ ...found, name: `${found.name}${++asked}` }) }), identify: async () => officer,
    session_cookie: 'session', clock: new FrozenClock('2026-11-23T02:00:00Z'), blobs: diskBlobStore(mkdtempSync(join(tmpdir(), 'huzheng-blobs-'))), token_key: keys.token_key,
    purposes: new Map([['enquiry', { needs_note: false }]]), rate_factor: 0,
  });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const find = () => app.inject({
  method: 'POST', url: '/api/find', payload: { name: '王某' }, cookies: { session: 'x' }, headers: { 'content-type': 'application/json', 'idempotency-key': 'look-00000001', 'huzheng-purpose': 'enquiry' },
});

test('who looks up again with the same key is answered anew', async () => {
  const answers = [(await find()).json(), (await find()).json()];
  expect(answers.map(({ name }) => name)).toEqual(['王某1', '王某2']);
});

test('each look-up is audited and leaves its access record, and the audit keeps nothing of the persons found', async () => {
  const { rows } = await db.owner.query(`select answer, input_digest is not null as digested from kernel.audit_record where operation = 'sample.find'`);
  expect(rows).toEqual([{ answer: null, digested: true }, { answer: null, digested: true }]);
  expect((await db.owner.query('select operation from kernel.access_record where subject_id = $1', [found.person_id])).rows).toHaveLength(2);
});
