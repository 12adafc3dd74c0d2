/** Both networks with a database, keys, blobs and a courier each, and a notebook in which handlers write what they did. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actAsSystem, diskBlobStore, FrozenClock, openKeys, type Context, type Network } from '../../src/kernel/index.ts';
import { directionFrom, sendParcel, type CourierOptions, type ParcelHandlers } from '../../src/modules/exchange/index.ts';
import { freshDatabase, type FreshDatabase } from './databases.ts';
import { notebookHandlers, notebookTable } from './notebook.ts';

export interface Note {
  order_key: string;
  text: string;
  sequence: number;
  attachments: string[];
}

export interface Side {
  network: Network;
  db: FreshDatabase;
  courier: CourierOptions;
  /** One committed act of this network. */
  act<T>(work: (context: Context) => Promise<T>): Promise<T>;
  /** Sends one note to the other network. */
  send(order_key: string, text: string, attachments?: ReadonlyArray<{ sha256: string; media_type: string }>): Promise<string>;
  /** What this network's handlers wrote, in the order in which they wrote. */
  notes(): Promise<Note[]>;
  /** One value or row from behind the second wall. */
  look<T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>;
}

export interface TwoNetworks {
  police: Side;
  internet: Side;
  clock: FrozenClock;
  directory: string;
  /** Lets the clock of both networks go on. */
  later(seconds: number): void;
  /** Where parcels of a network lie before the ferry takes them. */
  outbox(network: Network): string;
  couriers: readonly [CourierOptions, CourierOptions];
  /** As on the first day: no parcels, no files, no attachments, no notes. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const blobDirectory = (directory: string, network: Network): string => join(directory, `blobs-${network}`);

async function openSide(network: Network, directory: string, spool: string, clock: FrozenClock, handlers: ParcelHandlers): Promise<Side> {
  const db = await freshDatabase(network, 8);
  await db.owner.query(notebookTable);
  const key_directory = join(directory, 'keys');
  const courier: CourierOptions = {
    database: db.database, blobs: diskBlobStore(blobDirectory(directory, network)), clock, keys: openKeys(key_directory, network), key_directory, spool_directory: spool, handlers,
  };
  const act: Side['act'] = (work) => actAsSystem(db.database, { clock, blobs: courier.blobs, name: 'test' }, work);
  return {
    network, db, courier, act,
    send: (order_key, text, attachments = []) => act((context) => sendParcel(context, { kind: 'sample.note', order_key, body: { text }, attachments })),
    notes: async () => (await db.owner.query('select order_key, text, sequence, attachments from notebook.note order by position')).rows as Note[],
    look: async <T>(text: string, values: unknown[] = []) => (await db.owner.query(text, values)).rows as T[],
  };
}

/** @param separate_spools each network has a directory of its own, and the test is the ferry */
export async function twoNetworks({ handlers = notebookHandlers, separate_spools = false } = {}): Promise<TwoNetworks> {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-exchange-'));
  const clock = new FrozenClock('2026-11-23T02:00:00Z');
  const spoolOf = (network: Network): string => join(directory, separate_spools ? `spool-${network}` : 'spool');
  const police = await openSide('police', directory, spoolOf('police'), clock, handlers);
  const internet = await openSide('internet', directory, spoolOf('internet'), clock, handlers);
  return {
    police, internet, clock, directory,
    later: (seconds) => clock.advanceMinutes(seconds / 60),
    outbox: (network) => join(spoolOf(network), directionFrom(network)),
    couriers: [internet.courier, police.courier],
    async clear() {
      for (const side of [police, internet]) {
        await side.db.owner.query(`truncate exchange.outgoing_parcel, exchange.incoming_parcel, exchange.gap, exchange.refused_file, exchange.alarm, notebook.note restart identity;
          update exchange.lane set last_sequence = 0, confirmed_through = 0, repeated_count = 0, key_id = null, key_made_at = null, courier_seen_at = null;`);
        for (const files of [side.courier.spool_directory, blobDirectory(directory, side.network)]) rmSync(files, { recursive: true, force: true });
      }
    },
    async close() {
      await police.db.close();
      await internet.db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
