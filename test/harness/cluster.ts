/** One PostgreSQL for the whole test run, on a private socket, with a migrated template per network. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts';
import { migrate } from '../../src/kernel/migrations.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster_url: string;
  }
}

/** Programs serve built pages; an unchanged build is recognised in a blink. */
function buildWeb(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build-web.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildWeb();
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-test-'));
  // Tests ask for truth, not for durability: the crash tests start servers of their own with fsync on.
  const server = await startEmbeddedPostgres({ directory, settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' } });
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  for (const network of ['police', 'internet'] as const) {
    await admin.query(`create database template_${network}`);
    await migrate(server.url(`template_${network}`), network);
  }
  await admin.end();
  project.provide('cluster_url', server.url('postgres'));
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
