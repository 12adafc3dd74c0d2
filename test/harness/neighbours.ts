/** One database of the police network, a frozen clock and a worker, for modules that talk to other systems. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actAsSystem, diskBlobStore, FrozenClock, openKeys, readAgreedSecret, runErrand, signedWire, type Context, type Errand, type NetworkKeys, type WorkerOptions } from '../../src/kernel/index.ts';
import { agenciesGateway, errandsOver as gatewayErrands, gatewaySecret } from '../../src/modules/agencies/index.ts';
import { cardProduction, errandsOver as productionErrands, productionSecret } from '../../src/modules/cards/index.ts';
import { errandsOver as networkErrands, migrationNetwork, networkSecret } from '../../src/modules/permits/index.ts';
import { startAgenciesSimulator, type AgenciesSimulator } from '../../src/programs/simulators/agencies.ts';
import { startCardProductionSimulator, type CardProductionSimulator } from '../../src/programs/simulators/card-production.ts';
import { startMigrationNetworkSimulator, type MigrationNetworkSimulator } from '../../src/programs/simulators/migration-network.ts';
import { freshDatabase, type FreshDatabase } from './databases.ts';
import type { World } from './world.ts';

export interface Neighbourhood {
  db: FreshDatabase;
  clock: FrozenClock;
  keys: NetworkKeys;
  /** Where simulators find and make their secrets. */
  directory: string;
  worker: WorkerOptions;
  act<T>(work: (context: Context) => Promise<T>): Promise<T>;
  /** Errands go until nothing moves; with minutes, the clock goes on so far, a minute at a time. */
  run(errands: readonly Errand[], minutes?: number): Promise<void>;
  /** Names and payloads of the news told so far, the first first. */
  news(): Promise<{ name: string; payload: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

export async function openNeighbourhood(at = '2026-11-23T02:00:00Z'): Promise<Neighbourhood> {
  const db = await freshDatabase('police');
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-neighbours-'));
  const clock = new FrozenClock(at);
  const keys = openKeys(join(directory, 'keys'), 'police');
  const worker: WorkerOptions = { database: db.database, blobs: diskBlobStore(join(directory, 'blobs')), keys, clock, subscriptions: [], jobs: [] };
  await db.owner.query(`insert into reference.area (code, name, name_en, full_name, level, is_statistical, name_grams, pinyin_keys) values ('530000', '云南省', 'Yunnan', '云南省', 'PROVINCE', false, '{}', '{}')`);
  await db.owner.query(
    `insert into reference.bureau (bureau, zh, en, province_code, office_hours, switches, limits) values ('yunnan', '云南', 'Yunnan', '530000', '[]', '{}', '{"move_in_permit_days": 40, "migration_certificate_days": 30, "temporary_card_months": 3}')`);
  return {
    db, clock, keys, directory, worker,
    act: (work) => actAsSystem(db.database, { clock, blobs: worker.blobs, keys, name: 'test' }, work),
    async run(errands, minutes = 0) {
      for (let minute = 0; ; minute++) {
        for (const errand of errands) while (((await runErrand(worker, errand)) ?? 0) > 0);
        if (minute >= minutes) return;
        clock.advanceMinutes(1);
      }
    },
    async news() {
      return (await db.owner.query<{ name: string; payload: Record<string, unknown> }>('select name, payload from kernel.event order by event_id')).rows;
    },
    async close() {
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Neighbours {
  agencies: AgenciesSimulator;
  nation: MigrationNetworkSimulator;
  factory: CardProductionSimulator;
  /** Everything that waits for other systems is brought forward, the clock going on a minute at a time. */
  round(minutes?: number): Promise<void>;
  close(): Promise<void>;
}

/** The other systems of a demo world, played by the simulators over HTTP. */
export async function neighboursOf(world: World): Promise<Neighbours> {
  const data_directory = world.directory;
  const [agencies, nation, factory] = await Promise.all([
    startAgenciesSimulator({ port: 0, data_directory }), startMigrationNetworkSimulator({ port: 0, data_directory, answer_after_ms: 0, own_province: '53' }), startCardProductionSimulator({ port: 0, data_directory, step_after_ms: 0 }),
  ]);
  const wire = (url: string, secret: string) => signedWire({ url, secret: readAgreedSecret(join(data_directory, 'keys'), secret) });
  const errands: Errand[] = [
    ...gatewayErrands(() => agenciesGateway(wire(agencies.address, gatewaySecret))), ...networkErrands(() => migrationNetwork(wire(nation.address, networkSecret))),
    ...productionErrands(() => cardProduction(wire(factory.address, productionSecret))),
  ];
  return {
    agencies, nation, factory,
    async round(minutes = 2) {
      for (let minute = 0; minute <= minutes; minute++) {
        await world.settle();
        for (const errand of errands) while (((await runErrand(world.workers.police, errand)) ?? 0) > 0);
        world.clock.advanceMinutes(1);
      }
      await world.settle();
    },
    close: async () => void (await Promise.all([agencies.close(), nation.close(), factory.close()])),
  };
}
