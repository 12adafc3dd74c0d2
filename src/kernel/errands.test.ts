import { afterAll, beforeAll, expect, test } from 'vitest';
import { diskBlobStore, FrozenClock, runErrand, startWorker, type Errand, type Job, type WorkerOptions } from './index.ts';
import { freshDatabase, type FreshDatabase } from '../../test/harness/databases.ts';

let db: FreshDatabase;
let options: WorkerOptions;

beforeAll(async () => {
  db = await freshDatabase('police');
  options = { database: db.database, blobs: diskBlobStore('/nonexistent'), clock: new FrozenClock('2026-11-23T02:00:00Z'), subscriptions: [], jobs: [] };
});
afterAll(() => db.close());

const runOf = async (job: string) => (await db.owner.query('select runs::int as runs, last_error from kernel.job_run where job = $1', [job])).rows[0];

test('an errand that waits for its answer holds neither jobs nor connections, and the worker waits for it before it stops', async () => {
  let answer = (): void => {};
  let asked = false;
  let jobs = 0;
  const waiting: Errand = {
    name: 'test.wait', every_seconds: 3600,
    async go(open) {
      await open((context) => context.query('select 1'));
      asked = true;
      await new Promise<void>((resolve) => { answer = resolve; });
      await open((context) => context.query('select 1'));
      return 0;
    },
  };
  const job: Job = { name: 'test.job', every_seconds: 0, run: async () => void (jobs += 1) };
  const stop = startWorker({ ...options, jobs: [job], errands: [waiting] });
  await expect.poll(() => asked).toBe(true);
  const before = jobs;
  await expect.poll(() => jobs, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  // The jobs' own transactions come and go; the errand has none while it waits.
  await expect.poll(async () => (await db.owner.query(`select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`)).rows[0].n).toBe(0);
  let stopped = false;
  const ending = stop().then(() => { stopped = true; });
  expect(stopped).toBe(false);
  answer();
  await ending;
});

test('what an errand brought forward is counted, what failed is kept with its reason', async () => {
  expect(await runErrand(options, { name: 'test.count', every_seconds: 1, go: async () => 3 })).toBe(3);
  expect(await runOf('test.count')).toEqual({ runs: 1, last_error: null });
  expect(await runErrand(options, { name: 'test.count', every_seconds: 1, go: async () => { throw new Error('the secret is missing'); } })).toBeUndefined();
  expect(await runOf('test.count')).toEqual({ runs: 1, last_error: 'the secret is missing' });
});
