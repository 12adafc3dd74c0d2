/** A police network's register of any size, loaded station by station so that memory holds one of them at a time. */
import { actAsSystem, diskBlobStore, newId, openDatabase, systemClock, type Database } from '../../src/kernel/index.ts';
import { loadRoles } from '../../src/modules/accounts/index.ts';
import { addAddresses, loadReference } from '../../src/modules/reference/index.ts';
import { loadPopulation, type LoadReport } from '../../src/modules/population/index.ts';
import { generateStations, loadDemoStations, type AddressRow } from '../../src/programs/demo/population/index.ts';
import type { BenchServer } from './bureau.ts';

export interface LoadFigures {
  /** Rows of the register by kind, addresses among them. */
  rows: LoadReport & { addresses: number };
  /** Seconds spent on inventing people, on loading them with all checks and their addresses, and on search indexes. */
  seconds: { invented: number; loaded: number; indexed: number };
}

const addressesAtOnce = 5000;

/** Search indexes are as quickly built at the end as they are slow to grow; no check of the load asks them. */
const searchIndexes = ['population.search_key_grams', 'population.search_key_birth', 'population.name_sound_search', 'reference.standard_address_search'];

/** Reference data, roles and an invented population, with every check that a real load passes. */
export async function loadRegister({ owner, police_url }: BenchServer, people: number, seed: number): Promise<LoadFigures> {
  await loadReference([owner], { bureau: 'yunnan' });
  await loadRoles(owner);
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    'select i::text as name, pg_get_indexdef(i::oid) as definition from unnest($1::regclass[]) as i', [searchIndexes]);
  for (const { name } of indexes) await owner.query(`drop index ${name}`);

  const database = openDatabase({ network: 'police', url: police_url, connections_max: 1 });
  const client = await owner.connect();
  const figures: LoadFigures = {
    rows: { households: 0, persons: 0, memberships: 0, kin_links: 0, movements: 0, addresses: 0 }, seconds: { invented: 0, loaded: 0, indexed: 0 },
  };
  let since = performance.now();
  const spent = (on: keyof LoadFigures['seconds']): void => {
    figures.seconds[on] += (performance.now() - since) / 1000;
    since = performance.now();
  };
  try {
    const case_id = newId();
    for (const station of generateStations({ people, seed, reference_on: '2026-11-01', stations: loadDemoStations() })) {
      spent('invented');
      const [loaded] = await Promise.all([loadPopulation(client, station, { case_id }), addToBase(database, station.addresses)]);
      figures.rows.addresses += station.addresses.length;
      for (const kind of Object.keys(loaded) as (keyof LoadReport)[]) figures.rows[kind] += loaded[kind];
      spent('loaded');
    }
  } finally {
    client.release();
    await database.close();
  }
  for (const { definition } of indexes) await owner.query(definition);
  await owner.query('vacuum analyze');
  spent('indexed');
  return figures;
}

async function addToBase(database: Database, addresses: readonly AddressRow[]): Promise<void> {
  for (let from = 0; from < addresses.length; from += addressesAtOnce) {
    await actAsSystem(database, { clock: systemClock, blobs: diskBlobStore('/nonexistent'), name: 'bench' }, (context) =>
      addAddresses(context, addresses.slice(from, from + addressesAtOnce).map(({ address_id, area_code, community_code, street, number, building, unit, room, station_code }) => ({
        address_id, township_code: area_code, community_code, street, street_number: number, building, unit, room, station_code,
      }))));
  }
}
