import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BridgeState, CardReading, PageReading } from '../reader/contract.ts';
import { startReaderBridge, type ReaderBridgeSimulator } from './reader-bridge.ts';
import type { DemoCard } from './reader-desk.ts';

const origin = 'http://localhost:8081';
const directory = mkdtempSync(join(tmpdir(), 'huzheng-reader-'));
const options = { port: 0, origins: [origin], cards_file: join(directory, 'cards.json'), pairings_file: join(directory, 'pairings.json') };
const person: DemoCard = {
  about: { zh: '', en: '' }, name: '段𬭊', id_number: '532901195801190056', sex: '1', ethnicity: '14', birth_on: '1958-01-19', address: '云南省大理市', household_no: '532901500000001', relation: '户主',
};
let bridge: ReaderBridgeSimulator;

beforeAll(async () => {
  writeFileSync(options.cards_file, JSON.stringify([person]));
  bridge = await startReaderBridge(options);
});
afterAll(async () => {
  await bridge.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer<T> {
  status: number;
  headers: Record<string, unknown>;
  body: T & { fault?: string };
}
/** As a page of this origin asks; `fetch` would not let a test name its origin. */
function ask<T>(path: string, { token, from = origin, host, body, method = body === undefined ? 'GET' : 'POST' }: { token?: string; from?: string; host?: string; body?: object; method?: string } = {}): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const asked = request(bridge.address + path, { method, headers: { origin: from, ...(host === undefined ? {} : { host }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer<T>['body'] }));
    }).on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const paired = async (): Promise<string> => (await ask<{ token: string }>('/v1/pair', { body: { code: bridge.pairing_code() } })).body.token;

it('answers pages of its own office alone, and no name that was pointed at this machine', async () => {
  expect(await ask('/v1/state', { from: 'https://elsewhere.example' })).toMatchObject({ status: 403, body: { fault: 'origin_refused' } });
  expect(await ask('/v1/state', { host: 'elsewhere.example' })).toMatchObject({ status: 403, body: { fault: 'origin_refused' } });
  const preflight = await ask('/v1/card', { method: 'OPTIONS' });
  expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': origin, 'access-control-allow-private-network': 'true' } });
  expect((await ask('/v1/card', { method: 'OPTIONS', from: 'https://elsewhere.example' })).headers['access-control-allow-origin']).toBeUndefined();
});

it('does no work for a page that is not paired, and shows it no devices', async () => {
  const { body } = await ask<BridgeState>('/v1/state');
  expect(body).toMatchObject({ protocol: 1, is_paired: false, devices: [] });
  bridge.lay({ fault: 'no_card' });
  expect(await ask('/v1/card', { body: {} })).toMatchObject({ status: 401, body: { fault: 'not_paired' } });
  expect(await ask('/v1/card', { body: {}, token: 'x'.repeat(43) })).toMatchObject({ status: 401 });
});

it('pairs by a code that is good once, stays paired over a restart, and the token is good for its origin alone', async () => {
  const code = bridge.pairing_code();
  const { body: { token } } = await ask<{ token: string }>('/v1/pair', { body: { code: `${code.slice(0, 3)} ${code.slice(3)}` } });
  expect(await ask('/v1/pair', { body: { code } })).toMatchObject({ status: 403, body: { fault: 'code_wrong' } });
  expect((await ask<BridgeState>('/v1/state', { token })).body.devices.map(({ kind }) => kind)).toEqual(['card_reader', 'page_scanner', 'camera']);
  await bridge.close();
  bridge = await startReaderBridge({ ...options, origins: [origin, 'http://localhost:9999'] });
  expect((await ask<BridgeState>('/v1/state', { token })).body.is_paired).toBe(true);
  expect((await ask<BridgeState>('/v1/state', { token, from: 'http://localhost:9999' })).body.is_paired).toBe(false);
});

it('closes pairing after five wrong codes', async () => {
  const wrong = String((Number(bridge.pairing_code()) + 1) % 1_000_000).padStart(6, '0');
  for (let time = 0; time < 5; time++) expect((await ask('/v1/pair', { body: { code: wrong } })).status).toBe(403);
  expect(await ask('/v1/pair', { body: { code: bridge.pairing_code() } })).toMatchObject({ status: 429, body: { fault: 'pairing_closed' } });
  await bridge.close();
  bridge = await startReaderBridge(options);
});

it('reads the card, the booklet page and the picture of whoever lies on the desk', async () => {
  const token = await paired();
  await ask('/desk', { from: bridge.address, body: { id_number: person.id_number } });
  const { body: { card, device } } = await ask<CardReading>('/v1/card', { body: {}, token });
  expect(card).toMatchObject({ kind: 'resident', name: '段𬭊', id_number: person.id_number, ethnicity: '14', birth_on: '1958-01-19' });
  expect(device).not.toBe('');
  const { body: page } = await ask<PageReading>('/v1/page', { body: {}, token });
  expect(page.booklet).toMatchObject({ household_no: person.household_no, relation: '户主' });
  expect(Buffer.from(page.data, 'base64').subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(await ask('/v1/picture', { body: {}, token })).toMatchObject({ status: 200, body: { media_type: 'image/jpeg' } });
});

it.each([['no_card', 404], ['unreadable', 422], ['not_an_identity_card', 422], ['busy', 409], ['no_device', 503]] as const)('says %s by its own name', async (fault, status) => {
  const token = await paired();
  bridge.lay({ fault });
  expect(await ask('/v1/card', { body: {}, token })).toMatchObject({ status, body: { fault } });
});

it('lays nothing on the desk for a page of elsewhere', async () => {
  expect((await ask('/desk', { from: origin, body: { fault: 'no_card' } })).status).toBe(403);
});
