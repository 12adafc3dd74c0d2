/** What an operator sees and may do, through HTTP on the police network. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { twoNetworks, type Side, type TwoNetworks } from '../../../test/harness/two-networks.ts';
import { createServer, runUntilQuiet, type Actor } from '../../kernel/index.ts';
import { ferryUntilQuiet, runCourierOnce } from './courier.ts';
import { forgetSettled, sendHeartbeat, watchExchange } from './jobs.ts';
import { routes } from './routes.ts';

let world: TwoNetworks;
let police: Side;
let internet: Side;
let app: Awaited<ReturnType<typeof createServer>>;
const permissions = new Set<string>();
const operator: Actor = {
  kind: 'officer', officer_id: '018f0000-0000-7000-8000-000000000001', officer_kind: 'police', name: '赵敏', police_number: '530001', post_id: 'p', role: 'operator', acting_for: null,
  org_code: '530000000000', org_level: 'PROVINCE', org_from: '530000000000', org_to: '540000000000', permissions, services: new Map(), session_id: 's',
};

beforeAll(async () => {
  world = await twoNetworks();
  ({ police, internet } = world);
  app = await createServer({
    program: 'test', database: police.db.database, operations: routes, identify: async () => operator, session_cookie: 'session',
    clock: world.clock, blobs: police.courier.blobs, token_key: police.courier.keys.token_key, rate_factor: 0,
  });
});
beforeEach(async () => {
  await world.clear();
  permissions.clear();
  for (const permission of ['exchange.read_counters', 'exchange.release_parcel']) permissions.add(permission);
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const get = async (url: string) => (await app.inject({ method: 'GET', url, cookies: { session: 'x' } })).json();
const post = (url: string, payload: object = {}) => app.inject({ method: 'POST', url, payload, cookies: { session: 'x' }, headers: { 'content-type': 'application/json' } });
const ferry = () => ferryUntilQuiet(world.couriers);
const texts = async () => (await police.notes()).map((note) => note.text);
const states = () => police.look('select sequence, state from exchange.incoming_parcel where needs_receipt order by sequence');

/** The first failure and the two attempts after it. */
async function ferryThroughAttempts(): Promise<void> {
  for (const seconds of [0, 1, 4]) {
    world.later(seconds);
    await ferry();
  }
}

/** One poisoned parcel of key A and one behind it, quarantined and held. */
async function getStuck(): Promise<void> {
  await internet.send('A', 'poison');
  await internet.send('A', 'behind');
  await ferryThroughAttempts();
  expect(await states()).toEqual([{ sequence: 1, state: 'quarantined' }, { sequence: 2, state: 'held' }]);
}

test('the counters name every parcel that waits for a person, and no operation shows a body', async () => {
  await getStuck();
  const counters = await get('/api/exchange/counters');
  expect(counters.lanes[1]).toMatchObject({ lane: 'incoming', written: 2, received: 2, receipted: 1, quarantined: 1, held: 1 });
  expect(counters.alarms).toMatchObject([{ kind: 'quarantine', lane: 'incoming', count: 1, closes_itself: true }]);
  const { parcels } = await get('/api/exchange/quarantine');
  expect(parcels).toMatchObject([
    { sequence: 1, kind: 'sample.note', order_key: 'A', state: 'quarantined', reason: 'defect Error', attempts: 3 }, { sequence: 2, state: 'held', reason: null, attempts: 0 },
  ]);
  expect(JSON.stringify([counters, parcels])).not.toContain('poison');
});

test('reading needs its right and acting another, and a refused act changes nothing', async () => {
  await getStuck();
  permissions.delete('exchange.release_parcel');
  expect((await post('/api/exchange/parcels/1/discard', { reason: '发送方确认重复' })).statusCode).toBe(403);
  expect((await post('/api/exchange/parcels/2/release', { reason: '与前件无关' })).statusCode).toBe(403);
  expect((await states()).map((row) => row['state'])).toEqual(['quarantined', 'held']);
  permissions.clear();
  expect((await app.inject({ method: 'GET', url: '/api/exchange/counters', cookies: { session: 'x' } })).statusCode).toBe(403);
});

test('a retried parcel that succeeds lets those behind it follow, and its receipt is corrected', async () => {
  await getStuck();
  // The fault in the handler is mended.
  await police.db.owner.query(`update exchange.incoming_parcel set body = '{"text":"mended"}' where sequence = 1`);
  expect((await post('/api/exchange/parcels/1/retry')).statusCode).toBe(200);
  await ferry();
  expect(await texts()).toEqual(['mended', 'behind']);
  expect(await internet.look('select distinct receipt_result from exchange.outgoing_parcel where needs_receipt')).toEqual([{ receipt_result: 'applied' }]);
  await police.act(watchExchange);
  expect((await get('/api/exchange/counters')).alarms).toEqual([]);
});

test('a retried parcel that fails again goes back into quarantine', async () => {
  await getStuck();
  await post('/api/exchange/parcels/1/retry');
  await ferryThroughAttempts();
  expect((await states()).map((row) => row['state'])).toEqual(['quarantined', 'held']);
  expect(await texts()).toEqual([]);
});

test('a released parcel goes ahead of the quarantined one before it; the act and its reason are recorded', async () => {
  await getStuck();
  expect((await post('/api/exchange/parcels/2/release', { reason: '与前件无关' })).statusCode).toBe(200);
  await ferry();
  expect(await texts()).toEqual(['behind']);
  expect((await states()).map((row) => row['state'])).toEqual(['quarantined', 'applied']);
  expect(await police.look(`select actor_id, detail from kernel.audit_record where operation = 'exchange.releaseParcel'`)).toEqual([
    { actor_id: (operator as { officer_id: string }).officer_id, detail: { sequence: 2, reason: '与前件无关' } },
  ]);
});

test('a discarded parcel lets those behind it follow, and its sender hears of it', async () => {
  await getStuck();
  expect((await post('/api/exchange/parcels/1/discard', { reason: '发送方确认重复' })).statusCode).toBe(200);
  await ferry();
  expect(await texts()).toEqual(['behind']);
  expect(await internet.look('select receipt_result from exchange.outgoing_parcel where sequence = 1')).toEqual([{ receipt_result: 'discarded' }]);
  const heard: unknown[] = [];
  await runUntilQuiet({
    database: internet.db.database, blobs: internet.courier.blobs, clock: world.clock, jobs: [],
    subscriptions: [{ 'exchange.parcel_discarded': async (_context, payload) => void heard.push(payload) }],
  });
  expect(heard).toMatchObject([{ kind: 'sample.note', order_key: 'A' }]);
});

test('an act that does not fit the state of the parcel is refused and says what to do', async () => {
  await getStuck();
  for (const [url, payload, status, code] of [
    ['/api/exchange/parcels/2/retry', {}, 409, 'exchange.parcel_not_quarantined'],
    ['/api/exchange/parcels/1/release', { reason: '先行办理' }, 409, 'exchange.parcel_not_held'],
    ['/api/exchange/parcels/99/discard', { reason: '先行办理' }, 404, 'exchange.parcel_not_found'],
    ['/api/exchange/parcels/1/discard', { reason: '无' }, 422, 'kernel.invalid_input'],
    ['/api/exchange/gaps/7/skip', { reason: '先行办理' }, 404, 'exchange.gap_not_found'],
  ] as const) {
    const answer = await post(url, payload);
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, status, code]);
  }
  expect((await states()).map((row) => row['state'])).toEqual(['quarantined', 'held']);
});

test('a missing number may be skipped only after ten minutes, and then those behind it follow', async () => {
  await internet.send('A', 'lost');
  await internet.send('A', 'behind');
  await runCourierOnce(internet.courier);
  await rm(join(world.outbox('internet'), '000000000001.parcel'));
  await runCourierOnce(police.courier);
  expect((await post('/api/exchange/gaps/1/skip', { reason: '对方无法补发' })).json().code).toBe('exchange.gap_too_young');
  expect(await police.look('select sequence from exchange.gap')).toEqual([{ sequence: 1 }]);
  world.clock.advanceMinutes(10);
  expect((await post('/api/exchange/gaps/1/skip', { reason: '对方无法补发' })).statusCode).toBe(200);
  await runCourierOnce(police.courier);
  expect(await texts()).toEqual(['behind']);
  await runCourierOnce(internet.courier);
  expect(await internet.look('select receipt_result from exchange.outgoing_parcel where needs_receipt order by sequence')).toEqual([{ receipt_result: 'discarded' }, { receipt_result: 'applied' }]);
});

test('an alarm about hostile files stays until a person has looked; one with a cause ends with its cause', async () => {
  await internet.send('A', 'one');
  await runCourierOnce(internet.courier);
  await writeFile(join(world.outbox('internet'), 'letter.txt'), 'x');
  await ferry();
  await police.act(watchExchange);
  const [alarm] = (await get('/api/exchange/counters')).alarms;
  expect(alarm).toMatchObject({ kind: 'malformed', closes_itself: false });
  expect((await post(`/api/exchange/alarms/${alarm.alarm_id}/close`, { note: '误放文件,已移除' })).statusCode).toBe(200);
  expect((await get('/api/exchange/counters')).alarms).toEqual([]);
  expect((await post(`/api/exchange/alarms/${alarm.alarm_id}/close`, { note: '误放文件,已移除' })).json().code).toBe('exchange.alarm_not_open');

  await internet.send('B', 'poison');
  await ferryThroughAttempts();
  const [passing] = (await get('/api/exchange/counters')).alarms;
  expect((await post(`/api/exchange/alarms/${passing.alarm_id}/close`, { note: '先关了再说' })).json().code).toBe('exchange.alarm_closes_itself');
  expect((await get('/api/exchange/counters')).alarms).toHaveLength(1);
});

test('a line that brings no receipts rings within a minute and falls silent when they come', async () => {
  await internet.send('A', 'one');
  const runWatch = () => internet.act(watchExchange);
  const open = () => internet.look('select kind from exchange.alarm where closed_at is null order by kind');
  await runWatch();
  expect(await open()).toEqual([]);
  world.later(60);
  await runWatch();
  expect(await open()).toEqual([{ kind: 'stall' }]);
  await ferry();
  await runWatch();
  expect(await open()).toEqual([]);
});

test('a courier that has fallen silent rings although nothing waits', async () => {
  await ferry();
  world.later(45);
  await police.act(watchExchange);
  expect((await get('/api/exchange/counters')).alarms).toMatchObject([{ kind: 'courier_silent' }]);
  await ferry();
  await police.act(watchExchange);
  expect((await get('/api/exchange/counters')).alarms).toEqual([]);
});

test('a key near the end of its year rings', async () => {
  await ferry();
  await police.db.owner.query(`update exchange.lane set key_made_at = $1::timestamptz - interval '340 days' where lane = 'incoming'`, [world.clock.now()]);
  await police.act(watchExchange);
  const counters = await get('/api/exchange/counters');
  expect(counters.alarms).toMatchObject([{ lane: 'incoming', kind: 'key_age' }]);
  expect(counters.lanes[1]).toMatchObject({ key_age_days: 340, key_days_left: 25 });
});

test('a sign of life travels and is receipted when nothing else does', async () => {
  await internet.act(sendHeartbeat);
  await ferry();
  expect(await internet.look(`select receipt_result from exchange.outgoing_parcel where kind = 'exchange.heartbeat'`)).toEqual([{ receipt_result: 'applied' }]);
});

test('bodies are forgotten a week after their receipt, on both sides; rows stay', async () => {
  await internet.send('A', '王小明');
  await ferry();
  await internet.send('A', 'not yet received');
  world.clock.advanceMinutes(8 * 24 * 60);
  await internet.act(forgetSettled);
  await police.act(forgetSettled);
  expect(await internet.look('select sequence, body from exchange.outgoing_parcel where needs_receipt order by position')).toEqual([{ sequence: 1, body: null }, { sequence: null, body: { text: 'not yet received' } }]);
  expect(await police.look('select sequence, body, state from exchange.incoming_parcel where needs_receipt')).toEqual([{ sequence: 1, body: null, state: 'applied' }]);
});

test('the application cannot delete a parcel of the business', async () => {
  await internet.send('A', 'one');
  await expect(internet.act((context) => context.query('delete from exchange.outgoing_parcel'))).rejects.toThrow('a parcel of the business is kept');
  await expect(internet.act((context) => context.query(`update exchange.outgoing_parcel set kind = 'sample.other'`))).rejects.toThrow('permission denied');
});
