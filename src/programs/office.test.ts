import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskBlobStore, FrozenClock, openKeys } from '../kernel/index.ts';
import { contract as accounts } from '../modules/accounts/index.ts';
import { contract as cases } from '../modules/cases/index.ts';
import { loadReference } from '../modules/reference/index.ts';
import { freshDatabase, type FreshDatabase } from '../../test/harness/databases.ts';
import { buildOffice } from './office.ts';

let directory: string;
let police: FreshDatabase;
let office: FastifyInstance;
const html = { accept: 'text/html' };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'huzheng-office-'));
  mkdirSync(join(directory, 'pages/assets'), { recursive: true });
  writeFileSync(join(directory, 'pages/index.html'), '<!doctype html><title>户政</title>');
  writeFileSync(join(directory, 'pages/assets/index-abc.js'), `/* ${'户政'.repeat(500)} */`);
  mkdirSync(join(directory, 'field/assets'), { recursive: true });
  writeFileSync(join(directory, 'field/index.html'), '<!doctype html><title>走访</title>');
  writeFileSync(join(directory, 'field/worker.js'), '/* worker */');
  police = await freshDatabase('police');
  await loadReference([police.owner], { bureau: 'yunnan' });
  office = await buildOffice({
    database: police.database, clock: new FrozenClock('2026-11-23T01:00:00Z'), blobs: diskBlobStore(join(directory, 'blobs')), keys: openKeys(join(directory, 'keys'), 'police'),
    office_origin: 'http://localhost', demo: true, rate_factor: 0, pages_directory: join(directory, 'pages'),
  });
});
afterAll(async () => {
  await office.close();
  await police.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the pages of the workstation', () => {
  it('answer every address of a screen with the page itself, which is never kept', async () => {
    for (const url of ['/', '/queue/accept', '/case/0193c0de-0001-7000-8000-000000000001']) {
      const answer = await office.inject({ url, headers: html });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('<title>户政</title>');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
    }
  });
  it('are others under /field, the phone of a round, with a service worker that is never kept', async () => {
    for (const url of ['/field', '/field/', '/field/person/0193c0de-0001-7000-8000-000000000001']) expect((await office.inject({ url, headers: html })).body, url).toContain('<title>走访</title>');
    const worker = await office.inject('/field/worker.js');
    expect([worker.statusCode, worker.headers['cache-control'], worker.headers['content-type']]).toEqual([200, 'no-store', 'text/javascript; charset=utf-8']);
    expect((await office.inject({ url: '/field/assets/gone.js', headers: html })).statusCode).toBe(404);
  });
  it('speak to no one but their own server, unless a reader bridge is named', async () => {
    const connect = (answer: { headers: Record<string, unknown> }): string | undefined => String(answer.headers['content-security-policy']).split('; ').find((one) => one.startsWith('connect-src'));
    expect(connect(await office.inject({ url: '/', headers: html }))).toBe("connect-src 'self'");
    expect((await office.inject('/api/office/setup')).json().reader_bridge).toBeNull();
    const withReaders = await buildOffice({
      database: police.database, clock: new FrozenClock('2026-11-23T01:00:00Z'), blobs: diskBlobStore(join(directory, 'blobs')), keys: openKeys(join(directory, 'keys'), 'police'),
      office_origin: 'http://localhost', demo: true, rate_factor: 0, pages_directory: join(directory, 'pages'), reader_bridge: 'http://127.0.0.1:18300',
    });
    expect(connect(await withReaders.inject({ url: '/', headers: html }))).toBe("connect-src 'self' http://127.0.0.1:18300");
    expect((await withReaders.inject('/api/office/setup')).json().reader_bridge).toBe('http://127.0.0.1:18300');
    await withReaders.close();
  });
  it('come compressed, and files named by their content are kept for ever', async () => {
    const answer = await office.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers['cache-control']).toContain('immutable');
    expect(gunzipSync(answer.rawPayload).toString()).toContain('户政');
    expect((await office.inject('/assets/index-abc.js')).headers['content-encoding']).toBeUndefined();
  });
  it('never stand in for a file or an operation that is not there', async () => {
    for (const url of ['/assets/gone.js', '/api/nothing', '/assets/..%2f..%2fpackage.json', '/assets/%c0%ae']) {
      const answer = await office.inject({ url, headers: html });
      expect([404, 400], url).toContain(answer.statusCode);
      expect(answer.body, url).not.toContain('<title>');
    }
  });
  it('never give out a file from outside', async () => {
    for (const url of ['/%2e%2e/%2e%2e/package.json', '/..%2fkeys/police.secret', '/../keys/police.public.pem']) {
      const answer = await office.inject({ url, headers: html });
      expect(answer.body, url).not.toMatch(/"dependencies"|KEY/);
    }
  });
});

describe('the workstation', () => {
  it('tells a browser that is not signed in whose it is, and nothing else', async () => {
    const answer = await office.inject('/api/office/setup');
    expect(answer.json()).toMatchObject({ demo: true, languages: ['zh', 'en'], bureau: { zh: expect.stringContaining('云南') } });
    expect(answer.json<{ purposes: { code: string }[] }>().purposes.map(({ code }) => code)).not.toContain('system');
    for (const operation of [accounts.me, cases.countQueues, cases.listQueue, cases.listMessages]) expect((await office.inject(operation.path)).statusCode, operation.path).toBe(401);
  });
  it('says whether it lives and whether its database answers', async () => {
    expect((await office.inject('/healthz')).statusCode).toBe(200);
    expect((await office.inject('/readyz')).json()).toEqual({ ready: true });
  });
});
