import { describe, expect, it } from 'vitest';
import type { Sheet } from '../../src/modules/field/contract.ts';
import { Outbox, pauseAfter, type Entry, type OutboxParts } from './outbox.ts';
import type { Kept, Store, StoreName } from './store.ts';

function memory(): Store & { tables: Record<StoreName, Map<string, unknown>> } {
  const keys: Record<StoreName, string> = { outbox: 'id', sheets: 'person_id', codes: 'list', holder: 'id' };
  const tables = { outbox: new Map(), sheets: new Map(), codes: new Map(), holder: new Map() };
  return {
    tables,
    all: async (name) => [...tables[name].values()].map((value) => structuredClone(value) as Kept[typeof name]),
    put: async (name, value) => void tables[name].set((value as unknown as Record<string, string>)[keys[name]]!, structuredClone(value)),
    remove: async (name, key) => void tables[name].delete(key),
    clear: async (name) => tables[name].clear(),
  };
}

interface Sent {
  path: string;
  body: { changes: { item: string; seen: string | null; value: string }[] };
  key: string;
}
type Answer = Response | 'cut' | ((sent: Sent) => Response | 'cut');

async function phone(store: Store, answers: Answer[]) {
  const sent: Sent[] = [];
  const clock = { now: new Date('2026-11-23T01:00:00Z') };
  let keys = 0;
  const signedOut = { times: 0 };
  const parts: OutboxParts = {
    store, now: () => clock.now, newKey: () => `key-${++keys}-${Math.trunc(clock.now.getTime())}`, alone: (work) => work(), onSignedOut: () => void signedOut.times++,
    post: async (path, body, key) => {
      const request = { path, body: body as Sent['body'], key };
      sent.push(request);
      const next = answers.shift() ?? 'cut';
      const answer = typeof next === 'function' ? next(request) : next;
      if (answer === 'cut') throw new TypeError('failed to fetch');
      return answer;
    },
  };
  return { outbox: await Outbox.open(parts), sent, clock, signedOut };
}
const saved = (more: object = {}): Response => Response.json({ registered: ['workplace'], unchanged: [], case_nos: ['530102202611230001'], at: '2026-11-23T01:00:01Z', ...more });
const refusal = (status: number, code: string, facts: object = {}): Response => Response.json({ code, title: '理由', title_en: 'the reason', facts }, { status });
const entry = (person_id = 'p1', value = '新单位'): Entry => ({
  officer_id: 'o1', person_id, name: '段一', id_number_masked: '5301**********1234', told_by: 'self', evidence_seen: false,
  changes: [{ item: 'workplace', label: { zh: '服务处所', en: 'Workplace' }, kind: 'text', list: null, seen: '旧单位', value }],
});

it('is registered only when the server has said so, and then nothing of it is left on the phone', async () => {
  const store = memory();
  const { outbox, sent } = await phone(store, [saved()]);
  await store.put('sheets', { person_id: 'p1', officer_id: 'o1', taken_at: 0, sheet: {} as Sheet });
  await outbox.keep(entry());
  expect([outbox.items[0]!.state, outbox.done.length, store.tables.outbox.size]).toEqual(['kept', 0, 1]);
  await outbox.send('o1');
  expect([outbox.items.length, outbox.done[0]!.case_nos]).toEqual([0, ['530102202611230001']]);
  expect([store.tables.outbox.size, store.tables.sheets.size]).toEqual([0, 0]);
  expect(sent[0]!.body).toMatchObject({ changes: [{ item: 'workplace', seen: '旧单位', value: '新单位' }], identity_checked: true });
});

it('asks again under the same key after a lost answer, and not before its time', async () => {
  const { outbox, sent, clock } = await phone(memory(), ['cut', saved()]);
  await outbox.keep(entry());
  await outbox.send('o1');
  expect(outbox.items[0]).toMatchObject({ state: 'kept', tries: 1 });
  await outbox.send('o1');
  expect(sent).toHaveLength(1);
  clock.now = new Date(clock.now.getTime() + pauseAfter(1));
  await outbox.send('o1');
  expect(outbox.items).toEqual([]);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
});

it('goes on under the same key after the page was killed while it sent', async () => {
  const store = memory();
  const first = await phone(store, [() => 'cut']);
  const item = await first.outbox.keep(entry());
  await store.put('outbox', { ...item, state: 'sending' });
  const second = await phone(store, [saved()]);
  expect(second.outbox.items[0]!.state).toBe('kept');
  await second.outbox.send('o1');
  expect([second.sent[0]!.key, second.outbox.items.length]).toEqual([item.request_key, 0]);
});

it('an answer that broke off is no answer', async () => {
  const { outbox } = await phone(memory(), [new Response('{"regis', { status: 200 })]);
  await outbox.keep(entry());
  await outbox.send('o1');
  expect([outbox.items[0]!.state, outbox.done]).toEqual(['kept', []]);
});

it('one that is refused keeps no other from being sent, says why, and can be asked about again', async () => {
  const { outbox, sent } = await phone(memory(), [refusal(422, 'kernel.invalid_input'), saved(), saved()]);
  await outbox.keep(entry('p1'));
  await outbox.keep(entry('p2'));
  await outbox.send('o1');
  expect(outbox.items.map(({ person_id, state, reason }) => [person_id, state, reason?.zh])).toEqual([['p1', 'refused', '理由']]);
  await outbox.retry(outbox.items[0]!.id, 'o1');
  expect(outbox.items).toEqual([]);
  expect(sent[2]!.key).toBe(sent[0]!.key);
});

it('a busy system is asked later; one that fails again and again is for people to look at', async () => {
  const { outbox, clock } = await phone(memory(), [refusal(503, 'kernel.busy'), refusal(500, 'kernel.defect'), refusal(500, 'kernel.defect')]);
  await outbox.keep(entry());
  const states: string[] = [];
  for (let time = 0; time < 3; time++) {
    await outbox.send('o1');
    states.push(outbox.items[0]!.state);
    clock.now = new Date(clock.now.getTime() + 600_000);
  }
  expect(states).toEqual(['kept', 'kept', 'refused']);
});

it('without a session nothing more is tried and everything is kept', async () => {
  const { outbox, sent, signedOut } = await phone(memory(), [refusal(401, 'kernel.signed_out')]);
  await outbox.keep(entry('p1'));
  await outbox.keep(entry('p2'));
  await outbox.send('o1');
  expect([sent.length, signedOut.times, outbox.items.map(({ state }) => state)]).toEqual([1, 1, ['kept', 'kept']]);
});

it('another officer on the same phone sends nothing of the first', async () => {
  const { outbox, sent } = await phone(memory(), [saved()]);
  await outbox.keep(entry());
  await outbox.send('o2');
  expect([sent.length, outbox.items.length]).toEqual([0, 1]);
});

describe('a conflict', () => {
  const sheet = { items: [{ item: 'workplace', value: '别人写的' }, { item: 'phone', value: '13800000000' }] } as unknown as Sheet;
  const changes = [...entry().changes, { ...entry().changes[0]!, item: 'phone' as const, seen: '13800000000', value: '13900000000' }];

  it('waits for the officer and is not tried by itself', async () => {
    const { outbox, sent, clock } = await phone(memory(), [refusal(409, 'field.items_changed', { items: ['workplace'] })]);
    await outbox.keep({ ...entry(), changes });
    await outbox.send('o1');
    clock.now = new Date(clock.now.getTime() + 600_000);
    await outbox.send('o1');
    expect([outbox.items[0]!.state, outbox.items[0]!.changed_items, sent.length]).toEqual(['conflict', ['workplace'], 1]);
  });
  it('the own value is a new intention, seen against what the register says now', async () => {
    const { outbox, sent } = await phone(memory(), [refusal(409, 'field.items_changed', { items: ['workplace'] }), saved()]);
    await outbox.keep({ ...entry(), changes });
    await outbox.send('o1');
    await outbox.settle(outbox.items[0]!.id, sheet, new Set(['workplace'] as const));
    await outbox.send('o1');
    expect(sent[1]!.body.changes).toEqual([{ item: 'workplace', seen: '别人写的', value: '新单位' }, { item: 'phone', seen: '13800000000', value: '13900000000' }]);
    expect(sent[1]!.key).not.toBe(sent[0]!.key);
  });
  it('the register’s value drops that item alone; where nothing is left the entry is gone', async () => {
    const { outbox, sent } = await phone(memory(), [refusal(409, 'field.items_changed', { items: ['workplace'] }), saved(), refusal(409, 'field.items_changed', { items: ['workplace'] })]);
    await outbox.keep({ ...entry(), changes });
    await outbox.send('o1');
    await outbox.settle(outbox.items[0]!.id, sheet, new Set());
    await outbox.send('o1');
    expect(sent[1]!.body.changes.map(({ item }) => item)).toEqual(['phone']);
    await outbox.keep(entry('p2'));
    await outbox.send('o1');
    await outbox.settle(outbox.items[0]!.id, sheet, new Set());
    expect(outbox.items).toEqual([]);
  });
});

it('a second entry for the same person joins the one that still waits: the newer value counts', async () => {
  const { outbox } = await phone(memory(), []);
  await outbox.keep(entry('p1', '甲'));
  await outbox.keep({ ...entry('p1', '乙'), changes: [{ ...entry().changes[0]!, value: '乙' }, { ...entry().changes[0]!, item: 'phone', seen: null, value: '13900000000' }] });
  expect(outbox.items.map(({ changes }) => changes.map(({ item, value }) => [item, value]))).toEqual([[['workplace', '乙'], ['phone', '13900000000']]]);
});
