import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { twoNetworks, type Side, type TwoNetworks } from '../../../test/harness/two-networks.ts';
import { Refusal } from '../../kernel/index.ts';
import { sendParcel } from './actions.ts';
import { ferryUntilQuiet, runCourierOnce, type CourierOptions } from './courier.ts';
import { parcelHandler } from './parcels.ts';
import { exchangeTrouble, getCounters } from './queries.ts';

let world: TwoNetworks;
let police: Side;
let internet: Side;
beforeAll(async () => {
  world = await twoNetworks();
  ({ police, internet } = world);
});
beforeEach(() => world.clear());
afterAll(() => world.close());

const ferry = () => ferryUntilQuiet(world.couriers);
const inbox = () => world.outbox('internet');
const texts = async (side: Side) => (await side.notes()).map((note) => note.text);

test('a parcel leaves when its act commits, is handled once, and its receipt comes back', async () => {
  await internet.send('A', 'first');
  await internet.send('A', 'second');
  await police.send('A', 'answer');
  await ferry();
  expect(await texts(police)).toEqual(['first', 'second']);
  expect(await texts(internet)).toEqual(['answer']);
  expect(await internet.look(`select sequence, receipt_result from exchange.outgoing_parcel where needs_receipt order by sequence`)).toEqual([
    { sequence: 1, receipt_result: 'applied' }, { sequence: 2, receipt_result: 'applied' },
  ]);
  expect(await readdir(inbox())).toEqual(['refused']);
  expect(await police.look('select * from exchange.alarm')).toEqual([]);
});

test('an act that is rolled back sends nothing and leaves no hole in the numbers', async () => {
  await internet.send('A', 'kept');
  await expect(internet.act(async (context) => {
    await sendParcel(context, { kind: 'sample.note', order_key: 'A', body: { text: 'lost' } });
    throw new Error('the act fails');
  })).rejects.toThrow('the act fails');
  await internet.send('A', 'kept too');
  await ferry();
  expect((await police.notes()).map(({ text, sequence }) => [text, sequence])).toEqual([['kept', 1], ['kept too', 2]]);
});

test('attachments arrive in the other blob store before the parcel that names them is handled', async () => {
  const bytes = Buffer.from('a scanned page');
  const sha256 = await internet.courier.blobs.put(bytes);
  await internet.send('A', 'with page', [{ sha256, media_type: 'image/png' }]);
  await ferry();
  expect((await police.notes())[0]?.attachments).toEqual([sha256]);
  expect(Buffer.from(await police.courier.blobs.get(sha256))).toEqual(bytes);
});

test('an attachment that is not in the blob store refuses the act, not the exchange', async () => {
  await expect(internet.send('A', 'with page', [{ sha256: 'ab'.repeat(32), media_type: 'image/png' }])).rejects.toThrow('not in the blob store');
  expect(await internet.look('select * from exchange.outgoing_parcel')).toEqual([]);
});

test('nothing of a person can be read from the files on the ferry', async () => {
  const page = Buffer.from('王小明 530102199001011234');
  const sha256 = await internet.courier.blobs.put(page);
  await internet.send('K7M2P9QX', '王小明 530102199001011234', [{ sha256, media_type: 'image/png' }]);
  await runCourierOnce(internet.courier);
  const names = (await readdir(inbox())).filter((name) => name !== 'refused');
  expect(names).toHaveLength(2);
  const everything = names.join('\n') + (await Promise.all(names.map((name) => readFile(join(inbox(), name), 'latin1')))).join('\n');
  for (const secret of [Buffer.from('王小明').toString('latin1'), '530102199001011234', '\\u738b', 'K7M2P9QX', sha256, Buffer.from('王小明').toString('base64')]) expect(everything).not.toContain(secret);
});

test('a parcel that fails three times is put into quarantine, those behind it with the same key are held, others go on', async () => {
  await internet.send('A', 'poison');
  await internet.send('A', 'behind');
  await internet.send('B', 'other');
  await ferry();
  expect(await texts(police)).toEqual(['other']);
  for (const seconds of [1, 4]) {
    world.later(seconds);
    await ferry();
  }
  expect(await police.look('select sequence, state, reason, attempts from exchange.incoming_parcel where needs_receipt order by sequence')).toEqual([
    { sequence: 1, state: 'quarantined', reason: 'defect Error', attempts: 3 },
    { sequence: 2, state: 'held', reason: null, attempts: 0 },
    { sequence: 3, state: 'applied', reason: null, attempts: 1 },
  ]);
  expect(await texts(police)).toEqual(['other']);
  expect(await internet.look('select receipt_result from exchange.outgoing_parcel where sequence = 1')).toEqual([{ receipt_result: 'quarantined' }]);
  expect(await police.look('select kind from exchange.alarm')).toEqual([{ kind: 'quarantine' }]);
});

test('a kind that nobody handles and a body that does not fit its schema go into quarantine at once', async () => {
  await internet.act((context) => sendParcel(context, { kind: 'sample.unheard_of', order_key: 'A', body: {} }));
  await internet.act((context) => sendParcel(context, { kind: 'sample.note', order_key: 'B', body: { text: 7 } }));
  await ferry();
  expect(await police.look('select reason, state, attempts from exchange.incoming_parcel where needs_receipt order by sequence')).toEqual([
    { reason: 'unknown_kind', state: 'quarantined', attempts: 1 }, { reason: 'schema', state: 'quarantined', attempts: 1 },
  ]);
  expect(await police.look('select reason from exchange.refused_file')).toEqual([{ reason: 'schema' }]);
});

/** The police courier with a handler that writes its note and then fails in the given way. */
const failingWith = (failure: () => Error): CourierOptions => ({
  ...police.courier,
  handlers: {
    'sample.note': parcelHandler(Type.Object({ text: Type.String() }), async (context, { text }) => {
      await context.query('insert into notebook.note (text) values ($1)', [text]);
      throw failure();
    }),
  },
});

test('a handler that says no leaves nothing behind, even by a refusal that keeps its writes elsewhere', async () => {
  await internet.send('A', 'refused');
  await runCourierOnce(internet.courier);
  await runCourierOnce(failingWith(() => new Refusal('kernel.stale').keepingWrites()));
  expect(await texts(police)).toEqual([]);
  expect(await police.look('select state, reason, attempts from exchange.incoming_parcel')).toEqual([{ state: 'waiting', reason: 'kernel.stale', attempts: 1 }]);
});

test('a handler that is only busy is tried again for as long as it takes', async () => {
  await internet.send('A', 'patient');
  await runCourierOnce(internet.courier);
  for (let attempt = 0; attempt < 5; attempt++) {
    await runCourierOnce(failingWith(() => new Refusal('kernel.busy')));
    world.later(2);
  }
  expect(await police.look('select state, attempts from exchange.incoming_parcel')).toEqual([{ state: 'waiting', attempts: 0 }]);
  await ferry();
  expect(await texts(police)).toEqual(['patient']);
});

test('what goes wrong with a parcel is logged without a word of its body', async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    await internet.send('A', '王小明');
    await runCourierOnce(internet.courier);
    await runCourierOnce(failingWith(() => new Error('王小明 cannot be filed')));
  } finally {
    spy.mockRestore();
  }
  expect(lines.filter((line) => line.includes('parcel failed'))).toHaveLength(1);
  expect(lines.join('')).not.toContain('王小明');
  expect(JSON.stringify(await police.look('select reason from exchange.incoming_parcel'))).not.toContain('王小明');
});

test('a lost file is asked for and handled in its place; what came after it waits', async () => {
  for (const text of ['one', 'two', 'three']) await internet.send('A', text);
  await runCourierOnce(internet.courier);
  await rm(join(inbox(), '000000000002.parcel'));
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await police.look('select sequence from exchange.gap')).toEqual([{ sequence: 2 }]);
  world.later(6);
  await ferry();
  expect(await texts(police)).toEqual(['one', 'two', 'three']);
  expect(await police.look('select sequence from exchange.gap')).toEqual([]);
  expect(await police.look('select kind, count from exchange.alarm')).toEqual([{ kind: 'gap', count: 1 }]);
});

test('the last file, lost, is written again when its receipt does not come', async () => {
  await internet.send('A', 'only');
  await runCourierOnce(internet.courier);
  await rm(join(inbox(), '000000000001.parcel'));
  await ferry();
  expect(await texts(police)).toEqual([]);
  world.clock.advanceMinutes(1);
  await ferry();
  expect(await texts(police)).toEqual(['only']);
});

test('gaps in both directions at once do not wait for each other', async () => {
  for (const text of ['one', 'two', 'three']) {
    await internet.send('A', text);
    await police.send('A', text);
  }
  await runCourierOnce(internet.courier);
  await rm(join(inbox(), '000000000001.parcel'));
  await runCourierOnce(police.courier);
  await rm(join(world.outbox('police'), '000000000001.parcel'));
  await ferry();
  world.later(6);
  await ferry();
  expect(await texts(police)).toEqual(['one', 'two', 'three']);
  expect(await texts(internet)).toEqual(['one', 'two', 'three']);
});

test('a file that stays in the directory is not written again however long the other side sleeps', async () => {
  await internet.send('A', 'only');
  await runCourierOnce(internet.courier);
  const before = await readFile(join(inbox(), '000000000001.parcel'));
  world.clock.advanceMinutes(600);
  await runCourierOnce(internet.courier);
  expect(await readFile(join(inbox(), '000000000001.parcel'))).toEqual(before);
  expect(await internet.act(exchangeTrouble)).toBe(36_000);
});

test('an attachment that does not come makes its parcel a missing one, and a further copy brings it', async () => {
  const sha256 = await internet.courier.blobs.put(Buffer.from('page'));
  await internet.send('A', 'with page', [{ sha256, media_type: 'image/png' }]);
  await runCourierOnce(internet.courier);
  const blob = (await readdir(inbox())).find((name) => name.endsWith('.blob'))!;
  await rm(join(inbox(), blob));
  await ferry();
  expect(await texts(police)).toEqual([]);
  world.later(6);
  await ferry();
  expect(await texts(police)).toEqual(['with page']);
});

test('a parcel that cannot be written stops no other and rings', async () => {
  const sha256 = await internet.courier.blobs.put(Buffer.from('page'));
  await internet.send('A', 'damaged', [{ sha256, media_type: 'image/png' }]);
  await internet.send('B', 'sound');
  await writeFile(join(world.directory, 'blobs-internet', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 'other bytes');
  await runCourierOnce(internet.courier);
  expect((await readdir(inbox())).sort()).toEqual(['000000000002.parcel', 'refused']);
  expect(await internet.look('select lane, kind from exchange.alarm')).toEqual([{ lane: 'outgoing', kind: 'unwritable' }]);
});

test('the counters of both sides agree and show no person', async () => {
  await internet.send('A', '王小明');
  await internet.send('A', 'second');
  await ferry();
  const here = await internet.act(getCounters);
  const there = await police.act(getCounters);
  expect(here.lanes[0]).toMatchObject({ lane: 'outgoing', direction: 'internet-to-police', written: 2, received: 2, receipted: 2, lag_seconds: 0, waiting: 0 });
  expect(there.lanes[1]).toMatchObject({ lane: 'incoming', direction: 'internet-to-police', written: 2, received: 2, receipted: 2, lag_seconds: 0, waiting: 0, gaps: 0 });
  expect(there.lanes[0]?.key_id).toBe(here.lanes[1]?.key_id);
  expect(JSON.stringify([here, there])).not.toContain('王小明');
});

test('an attachment without its parcel is swept after a day, and never while a parcel waits', async () => {
  const names = async () => (await readdir(inbox())).filter((name) => name !== 'refused').sort();
  const age = async (name: string, hours: number) => {
    const at = new Date(world.clock.now().getTime() - hours * 3_600_000);
    await utimes(join(inbox(), name), at, at);
  };
  const [old, young] = [`${'aa'.repeat(32)}.blob`, `${'bb'.repeat(32)}.blob`];
  const sha256 = await internet.courier.blobs.put(Buffer.from('page'));
  await internet.send('A', 'with page', [{ sha256, media_type: 'image/png' }]);
  await runCourierOnce(internet.courier);
  const page = (await names()).find((name) => name.endsWith('.blob'))!;
  const bytes = await readFile(join(inbox(), page));
  await rm(join(inbox(), page));
  for (const name of [old, young]) await writeFile(join(inbox(), name), 'x');
  await age(old, 25);
  await age(young, 23);
  await runCourierOnce(police.courier);
  expect(await names()).toEqual(['000000000001.parcel', old, young]);
  await writeFile(join(inbox(), page), bytes);
  world.later(11);
  await runCourierOnce(police.courier);
  expect(await texts(police)).toEqual(['with page']);
  expect(await names()).toEqual([young]);
});

test('a second courier of the same network leaves the work to the first', async () => {
  await internet.send('A', 'only');
  const holder = await internet.db.owner.connect();
  await holder.query('select pg_advisory_lock(7104311)');
  expect(await runCourierOnce(internet.courier)).toBeUndefined();
  await holder.query('select pg_advisory_unlock(7104311)');
  holder.release();
  expect((await runCourierOnce(internet.courier))?.written).toBe(1);
});

test('a receiver set back to an earlier backup is given again what it lost', async () => {
  for (const text of ['one', 'two', 'three']) await internet.send('A', text);
  await ferry();
  await police.db.owner.query(`truncate exchange.incoming_parcel, notebook.note; update exchange.lane set last_sequence = 1 where lane = 'incoming'`);
  await internet.send('A', 'four');
  await ferry();
  world.later(6);
  await ferry();
  expect(await texts(police)).toEqual(['two', 'three', 'four']);
});

test('a backlog larger than any batch is taken in whole and receipted', async () => {
  for (let number = 0; number < 450; number++) await internet.send(`case ${number % 9}`, `note ${number}`);
  while ((await runCourierOnce(internet.courier))!.written > 0);
  await ferry();
  expect(await texts(police)).toHaveLength(450);
  expect(await internet.act(exchangeTrouble)).toBe(0);
});
