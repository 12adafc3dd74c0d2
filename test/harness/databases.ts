/** A fresh database per test file, cloned from the migrated template. */
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../src/kernel/database.ts';
import type { Network } from '../../src/kernel/config.ts';

let made = 0;

export interface FreshDatabase {
  /** Address for the owner of the schema. */
  url: string;
  /** As programs see it: acting as huzheng_app. */
  database: Database;
  /** As the owner: for seeding and for looking behind the second wall. */
  owner: pg.Pool;
  close(): Promise<void>;
}

/** The same cluster, another database. */
export function onDatabase(url: string, name: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return path.slice(0, path.lastIndexOf('/') + 1) + name + (query < 0 ? '' : url.slice(query));
}

/** Clones the template of a network; drop it with `close`. */
export async function freshDatabase(network: Network, connections_max = 12, template = `template_${network}`): Promise<FreshDatabase> {
  const clusterUrl = inject('cluster_url');
  const name = `test_${process.pid}_${++made}_${Math.floor(performance.now())}`;
  const admin = new pg.Client({ connectionString: clusterUrl });
  await admin.connect();
  // Cloning locks the template for an instant; files start at the same time.
  for (let attempt = 0; ; attempt++) {
    try {
      await admin.query(`create database ${name} template ${template}`);
      break;
    } catch (error) {
      if (attempt > 100 || (error as { code?: string }).code !== '55006') throw error;
    }
  }
  await admin.end();
  const url = onDatabase(clusterUrl, name);
  const database = openDatabase({ network, url, connections_max });
  const owner = new pg.Pool({ connectionString: url, max: 4 });
  owner.on('error', () => {});
  return {
    url, database, owner,
    async close() {
      await database.close();
      await owner.end();
      const client = new pg.Client({ connectionString: clusterUrl });
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}
