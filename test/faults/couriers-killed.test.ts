/** Both couriers are killed outright, again and again, while parcels are sent from both sides. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts';
import { actAsSystem, diskBlobStore, openDatabase, systemClock, type BlobStore, type Database, type Network } from '../../src/kernel/index.ts';
import { migrate } from '../../src/kernel/migrations.ts';
import { sendParcel } from '../../src/modules/exchange/index.ts';
import { passingKinds } from '../../src/modules/exchange/alarms.ts';
import { Random } from '../../src/programs/demo/population/random.ts';
import { notebookTable } from '../harness/notebook.ts';
import { seed } from './parts/figures.ts';

const kills = Number(process.env['HUZHENG_KILLS'] ?? 40);
const networks = ['police', 'internet'] as const;
const directory = mkdtempSync(join(tmpdir(), 'huzheng-killed-'));
let server: EmbeddedPostgres;
const owners = {} as Record<Network, pg.Pool>;
const databases = {} as Record<Network, Database>;
const blobs = {} as Record<Network, BlobStore>;
const couriers = {} as Record<Network, ChildProcess>;

async function startCourier(network: Network): Promise<void> {
  const courier = fork(join(import.meta.dirname, 'notebook-courier.ts'), ['--network', network], {
    env: { ...process.env, HUZHENG_DATA: directory, HUZHENG_LOG: 'off', [`DATABASE_URL_${network.toUpperCase()}`]: server.url(network) }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  couriers[network] = courier;
  await once(courier, 'message');
}

beforeAll(async () => {
  server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  for (const network of networks) {
    await admin.query(`create database ${network}`);
    await migrate(server.url(network), network);
    owners[network] = new pg.Pool({ connectionString: server.url(network), max: 2 });
    // The server may end before the last idle connection does.
    owners[network].on('error', () => {});
    await owners[network].query(notebookTable);
    databases[network] = openDatabase({ network, url: server.url(network), connections_max: 4 });
    blobs[network] = diskBlobStore(join(directory, `blobs-${network}`));
  }
  await admin.end();
  await Promise.all(networks.map(startCourier));
});
afterAll(async () => {
  for (const network of networks) {
    couriers[network].kill('SIGKILL');
    await databases[network].close();
    await owners[network].end();
  }
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const one = async (network: Network, text: string): Promise<number> => Number((await owners[network].query(`select (${text}) as value`)).rows[0].value);

test(`after ${kills} kills every parcel has taken effect once and in order, and no alarm is left for a person`, async () => {
  const sent: Record<Network, Array<{ order_key: string; text: string }>> = { police: [], internet: [] };
  let sending = true;
  const senders = networks.map(async (network) => {
    for (; sending; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const note = { order_key: `case ${sent[network].length % 17}`, text: `${network} ${sent[network].length}` };
      const attachments = sent[network].length % 5 === 0 ? [{ sha256: await blobs[network].put(Buffer.from(`page of ${note.text}`)), media_type: 'image/png' }] : [];
      await actAsSystem(databases[network], { clock: systemClock, blobs: blobs[network], name: 'test' }, (context) =>
        sendParcel(context, { kind: 'sample.note', order_key: note.order_key, body: { text: note.text }, attachments }));
      sent[network].push(note);
    }
  });
  const random = new Random(seed, 'kills');
  for (let kill = 0; kill < kills; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 50 + random.next() * 600));
    const network = networks[kill % 2]!;
    const ended = once(couriers[network], 'exit');
    couriers[network].kill('SIGKILL');
    await ended;
    await startCourier(network);
  }
  sending = false;
  await Promise.all(senders);

  const open = 'select count(*) from exchange.outgoing_parcel where needs_receipt and receipt_at is null';
  await expect.poll(async () => (await one('police', open)) + (await one('internet', open)), { timeout: 180_000, interval: 200 }).toBe(0);
  for (const network of networks) {
    const other = network === 'police' ? 'internet' : 'police';
    const handled = (await owners[network].query('select order_key, text from notebook.note order by position')).rows as typeof sent.police;
    expect(handled.length).toBe(sent[other].length);
    expect(Object.groupBy(handled, (note) => note.order_key)).toEqual(Object.groupBy(sent[other], (note) => note.order_key));
    // A courier that comes back late on a busy machine may ring for a moment; that alarm ends by itself.
    expect((await owners[network].query('select kind, detail from exchange.alarm where kind <> all ($1)', [[...passingKinds]])).rows).toEqual([]);
    expect((await owners[network].query('select reason from exchange.refused_file')).rows).toEqual([]);
  }
  console.log(`${kills} kills, ${sent.police.length + sent.internet.length} parcels; written more than once: ${await one('police', 'select count(*) from exchange.outgoing_parcel where copy > 1') + await one('internet', 'select count(*) from exchange.outgoing_parcel where copy > 1')}`);
});
