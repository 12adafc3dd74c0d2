/**
 * What runs without a request: news handed on to the modules that listen, and periodic jobs.
 * Both are rows in the database claimed with `skip locked`, so any number of workers may run and a
 * killed one loses nothing: what it had not committed is simply claimed again.
 */
import type { BlobStore } from './blobs.ts';
import type { Clock } from './clock.ts';
import { actAsSystem, type Context } from './context.ts';
import type { Database } from './database.ts';
import type { NetworkKeys } from './keys.ts';
import { log } from './log.ts';

export type EventHandler = (context: Context, payload: never) => Promise<void>;

/** event name → listeners. One event and all its listeners are one transaction. */
export type Subscriptions = Readonly<Record<string, EventHandler>>;

export interface Job {
  name: string;
  every_seconds: number;
  /** Runs in a transaction of its own; may return how many things it did (more than 0: run again at once). */
  run: (context: Context) => Promise<number | void>;
}

/** What an errand takes in hand is its own for so long; a worker that died in between is followed by another. */
export const errandClaimSeconds = 60;

/** Seconds until another system is asked again: doubles from five to a quarter of an hour. @param attempts made so far, from 1 */
export const retrySeconds = (attempts: number): number => Math.min(900, 5 * 2 ** Math.min(attempts - 1, 20));

/** One short transaction of an errand. */
export type OpenTransaction = <T>(work: (context: Context) => Promise<T>) => Promise<T>;

/**
 * Work that waits for another system. It opens its own short transactions and asks outside of them, so that nobody's
 * slowness holds a connection or a lock; each errand goes on beside the others, so that it holds no clock either.
 * What it takes in hand it claims for a time in rows of its own: a killed one is taken up again.
 */
export interface Errand {
  name: string;
  every_seconds: number;
  /** @returns how many things it brought forward (more than 0: goes again at once) */
  go: (open: OpenTransaction) => Promise<number>;
}

export interface WorkerOptions {
  database: Database;
  blobs: BlobStore;
  keys?: NetworkKeys;
  clock: Clock;
  subscriptions: readonly Subscriptions[];
  jobs: readonly Job[];
  errands?: readonly Errand[];
}

/** Attempts before an event is left for a person to look at; the waits double from one second. */
export const eventAttemptsMax = 12;

/**
 * Hands on up to `limit` waiting events. @returns how many were handled
 * An event that fails is tried again later; the others go on.
 */
export async function dispatchEvents(options: WorkerOptions, limit = 50): Promise<number> {
  const listeners = new Map<string, EventHandler[]>();
  for (const subscriptions of options.subscriptions) {
    for (const [name, handler] of Object.entries(subscriptions)) listeners.set(name, [...(listeners.get(name) ?? []), handler]);
  }
  let handled = 0;
  for (; handled < limit; handled++) {
    let claimed: { event_id: string; name: string; payload: unknown; attempts: number } | undefined;
    try {
      const found = await actAsSystem(options.database, { clock: options.clock, blobs: options.blobs, keys: options.keys, name: 'worker', operation: 'kernel.dispatch_event' }, async (context) => {
        [claimed] = await context.query<{ event_id: string; name: string; payload: unknown; attempts: number }>(
          `select event_id, name, payload, attempts from kernel.event
           where handled_at is null and next_attempt_at <= $1 and attempts < $2
           order by next_attempt_at, event_id limit 1 for update skip locked`, [context.now, eventAttemptsMax]);
        if (claimed === undefined) return false;
        for (const handler of listeners.get(claimed.name) ?? []) await handler(context, claimed.payload as never);
        await context.query('update kernel.event set handled_at = $2, attempts = attempts + 1, last_error = null where event_id = $1', [claimed.event_id, context.now]);
        return true;
      });
      if (!found) break;
    } catch (error) {
      if (claimed === undefined) throw error;
      const { event_id, attempts, name } = claimed;
      log(attempts + 1 >= eventAttemptsMax ? 'error' : 'warn', 'event failed', { event: name, event_id, attempts: attempts + 1, error: (error as Error).stack });
      await actAsSystem(options.database, { clock: options.clock, blobs: options.blobs, keys: options.keys, name: 'worker', operation: 'kernel.dispatch_event' }, (context) =>
        context.query(
          `update kernel.event set attempts = attempts + 1, last_error = $2, next_attempt_at = $3::timestamptz + make_interval(secs => power(2, attempts))
           where event_id = $1`, [event_id, String((error as Error).message).slice(0, 500), context.now]));
    }
  }
  return handled;
}

/** Runs one job if it is due and no other worker holds it. @returns things done, or undefined when not due */
export async function runJob(options: WorkerOptions, job: Job, force = false): Promise<number | undefined> {
  try {
    return await actAsSystem(options.database, { clock: options.clock, blobs: options.blobs, keys: options.keys, name: `job:${job.name}`, operation: job.name }, async (context) => {
      await context.query('insert into kernel.job_run (job) values ($1) on conflict do nothing', [job.name]);
      const [due] = await context.query(
        `select job from kernel.job_run where job = $1 and ($3 or last_started_at is null or last_started_at <= $2::timestamptz - make_interval(secs => $4))
         for update skip locked`, [job.name, context.now, force, job.every_seconds]);
      if (due === undefined) return undefined;
      const done = (await job.run(context)) ?? 0;
      await context.query(
        `update kernel.job_run set last_started_at = $2, last_finished_at = clock_timestamp(), last_error = null, runs = runs + 1 where job = $1`,
        [job.name, context.now]);
      return done;
    });
  } catch (error) {
    log('error', 'job failed', { job: job.name, error: (error as Error).stack });
    await actAsSystem(options.database, { clock: options.clock, blobs: options.blobs, keys: options.keys, name: `job:${job.name}` }, (context) =>
      context.query('update kernel.job_run set last_started_at = $2, last_error = $3 where job = $1', [job.name, context.now, String((error as Error).message).slice(0, 500)]),
    ).catch(() => {});
    return undefined;
  }
}

/** Goes on one errand; what fails is told. @returns things brought forward, or undefined when it failed */
export async function runErrand(options: WorkerOptions, errand: Errand): Promise<number | undefined> {
  const open: OpenTransaction = (work) => actAsSystem(options.database, { clock: options.clock, blobs: options.blobs, keys: options.keys, name: `errand:${errand.name}`, operation: errand.name }, work);
  const note = (columns: string, ...values: unknown[]): Promise<unknown> => open(async (context) => {
    await context.query('insert into kernel.job_run (job) values ($1) on conflict do nothing', [errand.name]);
    await context.query(`update kernel.job_run set ${columns} where job = $1`, [errand.name, ...values]);
  });
  try {
    const done = await errand.go(open);
    if (done > 0) await note('last_started_at = $2, last_finished_at = clock_timestamp(), last_error = null, runs = runs + 1', options.clock.now());
    return done;
  } catch (error) {
    log('error', 'errand failed', { errand: errand.name, error: (error as Error).stack });
    await note('last_started_at = $2, last_error = $3', options.clock.now(), String((error as Error).message).slice(0, 500)).catch(() => {});
    return undefined;
  }
}

/** What failed as a whole, such as for a secret that is not there yet, is tried once a minute and not told every second. */
const failedErrandSeconds = 60;

/** Everything that is due now, until nothing is left: what tests use instead of waiting. */
export async function runUntilQuiet(options: WorkerOptions): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const handled = await dispatchEvents(options, 1000);
    let done = 0;
    for (const job of options.jobs) done += (await runJob(options, job, true)) ?? 0;
    for (const errand of options.errands ?? []) done += (await runErrand(options, errand)) ?? 0;
    if (handled === 0 && done === 0) return;
  }
}

/** Runs a worker until the returned function is called, which waits for work under way. */
export function startWorker(options: WorkerOptions): () => Promise<void> {
  let stopping = false;
  const sleepers = new Set<() => void>();
  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => {
    if (stopping) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    sleepers.add(wake);
  });
  const errands = (options.errands ?? []).map(async (errand) => {
    while (!stopping) {
      const done = await runErrand(options, errand);
      if (done === undefined) await pause(failedErrandSeconds * 1000);
      else if (done === 0) await pause(errand.every_seconds * 1000);
    }
  });
  const loop = (async () => {
    const nextRun = new Map<string, number>();
    let trouble = 0;
    while (!stopping) {
      let busy = false;
      try {
        busy = (await dispatchEvents(options)) > 0;
        for (const job of options.jobs) {
          if (stopping || Date.now() < (nextRun.get(job.name) ?? 0)) continue;
          const done = await runJob(options, job);
          nextRun.set(job.name, done !== undefined && done > 0 ? 0 : Date.now() + job.every_seconds * 1000);
          busy ||= (done ?? 0) > 0;
        }
        trouble = 0;
      } catch (error) {
        trouble = Math.min(trouble + 1, 6);
        log('warn', 'worker paused', { error: (error as Error).message });
      }
      if (!busy) await pause(trouble > 0 ? 250 * 2 ** trouble : 200);
    }
  })();
  return async () => {
    stopping = true;
    for (const wake of sleepers) wake();
    await Promise.all([loop, ...errands]);
  };
}
