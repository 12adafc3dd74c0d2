/**
 * Applies migrations/NNNN_name.sql in order. A file's first line says on which network it belongs
 * (`-- network: police | internet | both`); the other network never sees its tables.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sha256 } from './ids.ts';
import type { Network } from './config.ts';
import { cannotStart } from './start-refusals.ts';

export const migrationDirectory = join(import.meta.dirname, '../../migrations');

export interface Migration {
  name: string;
  network: Network | 'both';
  text: string;
  checksum: string;
}

/** @throws Error when a file has no network line or numbers repeat */
export function readMigrations(directory: string = migrationDirectory): Migration[] {
  const files = readdirSync(directory).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file)).sort();
  const seen = new Set<string>();
  return files.map((file) => {
    const text = readFileSync(join(directory, file), 'utf8');
    const network = /^-- network: (police|internet|both)\s*$/m.exec(text.slice(0, 200))?.[1] as Migration['network'] | undefined;
    if (network === undefined) throw new Error(`${file}: the first line must say "-- network: police | internet | both"`);
    const number = file.slice(0, 4);
    if (seen.has(number)) throw new Error(`two migrations carry the number ${number}`);
    seen.add(number);
    return { name: file.slice(0, -4), network, text, checksum: sha256(text) };
  });
}

const networkNames: Record<Network, { network_zh: string; network_en: string }> = {
  police: { network_zh: '公安网', network_en: 'police network' },
  internet: { network_zh: '互联网', network_en: 'internet' },
};

/**
 * Brings a database up to the newest migration; safe to run by several processes at once.
 * @returns the names applied now
 * @throws Refusal start.migration_edited when an applied file was edited afterwards; Error when the server is older than PostgreSQL 15
 */
export async function migrate(url: string, network: Network, directory: string = migrationDirectory): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const version = Number((await client.query('show server_version_num')).rows[0].server_version_num);
    if (version < 150000) {
      throw new Error(`需要 PostgreSQL 15 或更高版本,服务器为 ${version}。请升级服务器,或改用内置数据库 · PostgreSQL 15 or newer is needed, the server is ${version}. Upgrade it or use the embedded database`);
    }
    await client.query('select pg_advisory_lock(7104310)');
    await client.query(`create table if not exists public.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    const applied = new Map<string, string>(
      (await client.query('select name, checksum from public.migration')).rows.map((row: { name: string; checksum: string }) => [row.name, row.checksum]),
    );
    const done: string[] = [];
    for (const migration of readMigrations(directory)) {
      if (migration.network !== 'both' && migration.network !== network) continue;
      const before = applied.get(migration.name);
      if (before !== undefined) {
        if (before !== migration.checksum) throw cannotStart('migration_edited', { migration: migration.name, ...networkNames[network] });
        continue;
      }
      await client.query('begin');
      try {
        await client.query(migration.text);
        await client.query('insert into public.migration (name, checksum) values ($1, $2)', [migration.name, migration.checksum]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`migration ${migration.name}: ${(error as Error).message}`, { cause: error });
      }
      done.push(migration.name);
    }
    return done;
  } finally {
    await client.end();
  }
}
