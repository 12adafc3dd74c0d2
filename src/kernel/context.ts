/**
 * What every action and query is given, and the one transaction they all run in. Permission,
 * jurisdiction, audit, access log and transaction happen here, so that nobody can forget them.
 */
import type pg from 'pg';
import { actorId, type Actor } from './actor.ts';
import type { BlobStore } from './blobs.ts';
import type { Clock } from './clock.ts';
import type { Network } from './config.ts';
import { rowsOf, type Database } from './database.ts';
import { newId } from './ids.ts';
import type { NetworkKeys } from './keys.ts';
import type { UploadedFile } from './operation.ts';
import { Refusal, refusalOfDatabaseError } from './refusal.ts';

/** Why a person is read. `code` is from the purposes list; a case purpose carries the case. */
export interface Purpose {
  code: string;
  case_id: string | null;
  note: string | null;
}

export interface RequestFacts {
  request_id: string;
  /** The client's own number for a write; a repeated number acts once. */
  request_key: string | null;
  ip: string;
  user_agent: string;
  language: 'zh' | 'en';
  origin: string;
  /** SHA-256 fingerprint of the verified client certificate, lower-case hex; null without one. */
  certificate: string | null;
  cookies: Readonly<Record<string, string | undefined>>;
  files: readonly UploadedFile[];
  /** Token that forms carry against forged submissions. */
  form_token: string;
}

export interface CookieToSet {
  name: string;
  value: string | null;
  max_age_seconds?: number;
}

export interface AccessedSubject {
  subject_id: string;
  field_group: string;
}

export interface Context {
  readonly network: Network;
  readonly actor: Actor;
  readonly now: Date;
  readonly purpose: Purpose | null;
  readonly request: RequestFacts;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  /** Keys of this network: personal data outside the register is kept sealed. */
  readonly keys: NetworkKeys;
  /** One prepared statement on this transaction. */
  query<T = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** News for other modules, delivered by the worker after commit, exactly once in effect. */
  emit(name: string, payload: Record<string, unknown>): void;
  /** Adds to the audit record of this act. */
  audit(entry: { case_id?: string; detail?: Record<string, unknown> }): void;
  /** From here on changes of the register are made for this case; the database refuses them without one. */
  forCase(case_id: string): void;
  /** Runs in the same transaction with other rights: parcels and clocks act as the system. */
  setCookie(cookie: CookieToSet): void;
}

export interface TransactionOptions {
  clock: Clock;
  blobs: BlobStore;
  /** Left out by work that neither seals nor signs. */
  keys?: NetworkKeys | undefined;
  operation: string;
  actor: Actor | ((client: pg.PoolClient, now: Date) => Promise<Actor>);
  /** Called as soon as the actor is known: refuse here what the actor may not do. */
  admit?: (actor: Actor) => Purpose | null | void;
  request?: Partial<RequestFacts>;
  purpose?: Purpose | null;
  read_only?: boolean;
  /** Write an audit record even when nothing else was recorded. */
  audited?: boolean;
  input_digest?: string | null;
  /** Subjects (data subjects) in an answer, counted for the access log. */
  subjectsOf?: (answer: unknown) => readonly AccessedSubject[];
  /** Keeps the answer of a keyed write for repetition. */
  keep_answer?: boolean;
}

export const noRequest: RequestFacts = {
  request_id: '', request_key: null, ip: '', user_agent: '', language: 'zh', origin: '', certificate: null, cookies: {}, files: [], form_token: '',
};

const settingsStatement = `select set_config('huzheng.actor', $1, true), set_config('huzheng.org_from', $2, true),
  set_config('huzheng.org_to', $3, true), set_config('huzheng.now', $4, true), set_config('huzheng.purpose', $5, true), set_config('huzheng.citizen', $6, true),
  case when $7::boolean then set_config('transaction_read_only', 'on', true) end`;

/** The lowest and the highest organisation code there may be: jurisdiction over everything. */
export const wholeRange = { org_from: '', org_to: '~' } as const;

export interface Outcome<T> {
  answer: T;
  cookies: CookieToSet[];
}

/** An answer kept from an earlier request with the same key. */
export class RepeatedRequest extends Error {
  readonly answer: unknown;
  constructor(answer: unknown) {
    super('repeated request');
    this.answer = answer;
  }
}

const retryable = new Set(['40001', '40P01']);
/** The server gave a statement up; nothing of the transaction was done. */
const tookTooLong = '57014';

/**
 * Runs one piece of work in one transaction and records what it did in the same transaction.
 * Deadlocks and serialisation failures are run again, at most three times.
 * @throws Refusal, RepeatedRequest, or a defect
 */
export async function transact<T>(database: Database, options: TransactionOptions, work: (context: Context) => Promise<T>): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { refusal, ...outcome } = await transactOnce(database, options, work);
      if (refusal !== undefined) throw refusal;
      return outcome;
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code !== undefined && retryable.has(code)) {
        if (attempt < 4) continue;
        throw new Refusal('kernel.busy');
      }
      if (code === tookTooLong) throw new Refusal('kernel.busy');
      throw refusalOfDatabaseError(error) ?? error;
    }
  }
}

async function transactOnce<T>(
  database: Database, options: TransactionOptions, work: (context: Context) => Promise<T>,
): Promise<Outcome<T> & { refusal?: Refusal | undefined }> {
  const client = await database.pool.connect();
  const now = options.clock.now();
  let broken: Error | undefined;
  // Statements sent ahead without waiting; their failure surfaces at the next wait.
  const ahead: Promise<unknown>[] = [];
  const send = (promise: Promise<unknown>): void => {
    promise.catch(() => {});
    ahead.push(promise);
  };
  try {
    send(client.query('begin'));
    const actor = typeof options.actor === 'function' ? await options.actor(client, now) : options.actor;
    const admitted = options.admit?.(actor);
    const purpose = admitted ?? options.purpose ?? null;
    const range = actor.kind === 'officer' ? actor : actor.kind === 'system' ? wholeRange : { org_from: '~', org_to: '' };
    send(rowsOf(client, settingsStatement, [
      actorId(actor) ?? '', range.org_from, range.org_to, now.toISOString(), purpose?.code ?? '', actor.kind === 'citizen' ? actor.citizen_id : '',
      // Only now: recognising the caller notes that the session is alive.
      options.read_only === true,
    ]));

    const events: Array<{ event_id: string; name: string; payload: unknown }> = [];
    const cookies: CookieToSet[] = [];
    let auditCase: string | null = purpose?.case_id ?? null;
    let auditDetail: Record<string, unknown> = {};
    const request: RequestFacts = { ...noRequest, ...options.request };
    const context: Context = {
      network: database.network, actor, now, purpose, request, blobs: options.blobs, clock: options.clock,
      get keys() {
        if (options.keys === undefined) throw new Error(`${options.operation} was given no keys`);
        return options.keys;
      },
      query: (text, values) => rowsOf(client, text, values),
      emit: (name, payload) => void events.push({ event_id: newId(), name, payload }),
      audit: (entry) => {
        if (entry.case_id !== undefined) auditCase = entry.case_id;
        if (entry.detail !== undefined) auditDetail = { ...auditDetail, ...entry.detail };
      },
      forCase: (case_id) => {
        auditCase = case_id;
        send(rowsOf(client, `select set_config('huzheng.case_id', $1, true)`, [case_id]));
      },
      setCookie: (cookie) => void cookies.push(cookie),
    };

    let refusal: Refusal | undefined;
    const answer = await work(context).catch((error: unknown) => {
      if (!(error instanceof Refusal && error.keeps_writes)) throw error;
      refusal = error;
      auditDetail = { ...auditDetail, refused: error.code };
      return undefined as T;
    });
    await Promise.all(ahead);

    const subjects = (refusal === undefined ? options.subjectsOf?.(answer) : undefined) ?? [];
    if (options.audited === true || events.length > 0 || subjects.length > 0) {
      const record = {
        audit: options.audited === true ? {
          audit_id: newId(), operation: options.operation, case_id: auditCase, detail: auditDetail,
          request_id: request.request_id || null,
          // A refused act may be tried again under the same key.
          request_key: refusal === undefined ? request.request_key : null,
          input_digest: options.input_digest ?? null,
          answer: request.request_key !== null && options.keep_answer ? (answer ?? null) : null,
        } : null,
        actor: {
          kind: actor.kind, id: actorId(actor), org_code: actor.kind === 'officer' ? actor.org_code : null,
          post: actor.kind === 'officer' ? actor.role : null,
        },
        purpose: purpose === null ? null : { ...purpose, case_id: purpose.case_id ?? auditCase },
        operation: options.operation,
        events, subjects,
      };
      send(rowsOf(client, 'select kernel.record($1::jsonb, $2::timestamptz)', [JSON.stringify(record), now]));
    }
    const committed = client.query('commit');
    committed.catch(() => {});
    await Promise.all(ahead);
    // A failed statement turns commit into rollback without an error of its own.
    if ((await committed).command !== 'COMMIT') throw new Error('the transaction was rolled back');
    return { answer, cookies, refusal };
  } catch (error) {
    try {
      await client.query('rollback');
    } catch (rollbackError) {
      broken = rollbackError as Error;
    }
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Work of a job, a parcel or a command: the system acts, by name. */
export async function actAsSystem<T>(
  database: Database,
  options: { clock: Clock; blobs: BlobStore; keys?: NetworkKeys | undefined; name: string; operation?: string; audited?: boolean },
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { answer } = await transact(database, {
    clock: options.clock, blobs: options.blobs, keys: options.keys, operation: options.operation ?? options.name,
    actor: { kind: 'system', name: options.name }, audited: options.audited ?? false,
    purpose: { code: 'system', case_id: null, note: null },
  }, work);
  return answer;
}
