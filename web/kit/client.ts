/**
 * Calls operations by their contract. A write carries one request key for each intention of the
 * person and keeps it until somebody has answered, so that a lost answer never makes a second act.
 */
import type { InputOf, Operation, OutputOf, Text } from '../../src/kernel/operation.ts';
import type { Violation } from '../../src/kernel/refusal.ts';

/** The server said no, with the reason and how to mend it. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: Text;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly violations: readonly Violation[];
  readonly request_id: string;

  constructor(status: number, problem: { code?: string; title?: string; title_en?: string; facts?: Record<string, unknown>; violations?: Violation[]; request_id?: string }) {
    super(problem.code ?? `http.${status}`);
    this.status = status;
    this.code = problem.code ?? `http.${status}`;
    const plain = { zh: `系统没有给出说明(${status})。请稍后重试。`, en: `The system gave no explanation (${status}). Try again later.` };
    this.text = problem.title === undefined ? plain : { zh: problem.title, en: problem.title_en ?? problem.title };
    this.facts = problem.facts ?? {};
    this.violations = problem.violations ?? [];
    this.request_id = problem.request_id ?? '';
  }
}

/** Nobody answered. A write may have been done or not; calling again with the same input asks for the same act. */
export class Unanswered extends Error {
  readonly write: boolean;

  constructor(write: boolean) {
    super('unanswered');
    this.write = write;
  }
}

/** Why persons are looked at, for operations that ask the caller to say so. */
export interface StatedPurpose {
  code: string;
  case_id?: string | null;
  note?: string | null;
}

/** A file that travels beside the input, in a field of its own. */
export interface FileToSend {
  field: string;
  file: File;
}

export interface CallOptions {
  purpose?: StatedPurpose;
  /** Sent with a write, beside its input. */
  files?: readonly FileToSend[];
  /** How much of the files has left, from 0 to 1. */
  onProgress?: (share: number) => void;
  /** Told before the second and every further attempt. */
  onRetry?: (attempt: number) => void;
  signal?: AbortSignal;
}

export interface ClientParts {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Sends a form with files and tells how much has left; without it `fetch` does, silently. */
  upload?: (path: string, init: RequestInit, onProgress: (share: number) => void) => Promise<Response>;
  /** Waits so many milliseconds. */
  wait: (milliseconds: number) => Promise<void>;
  newKey: () => string;
  /** The session has ended while somebody was at work. */
  onSignedOut?: (refused: Refused) => void;
}

export interface Client {
  call: <O extends Operation>(operation: O, input: InputOf<O>, options?: CallOptions) => Promise<OutputOf<O>>;
}

/** Pauses before the second, third … attempt. Reads give up sooner: the person can simply look again. */
const pauses = { read: [400, 1200], write: [1000, 2000, 4000, 8000] } as const;
/** Answers of something in between that says nothing about the act. */
const noAnswer = new Set([502, 503, 504]);

function place(operation: Operation, input: Record<string, unknown>): { path: string; rest: Record<string, unknown> } {
  const rest = { ...input };
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { path, rest };
}

function queryOf(fields: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null && value !== '') query.append(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address of a file that an operation answers with, for a link or an image. */
export function addressOf<O extends Operation>(operation: O, input: InputOf<O>): string {
  const { path, rest } = place(operation, input as Record<string, unknown>);
  return path + queryOf(rest);
}

export function purposeHeader(purpose: StatedPurpose): string {
  return [purpose.code, purpose.case_id ?? '', purpose.note ?? ''].map(encodeURIComponent).join(';');
}

export function createClient(parts: ClientParts): Client {
  /** Intentions without an answer: what was asked for → its key. */
  const unanswered = new Map<string, string>();

  async function send(operation: Operation, input: Record<string, unknown>, options: CallOptions, key: string | null): Promise<Response> {
    const { path, rest } = place(operation, input);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (options.purpose !== undefined) headers['huzheng-purpose'] = purposeHeader(options.purpose);
    const init: RequestInit = { method: operation.method, headers, credentials: 'same-origin', ...(options.signal === undefined ? {} : { signal: options.signal }) };
    if (key === null) return parts.fetch(path + queryOf(rest), init);
    headers['idempotency-key'] = key;
    if (options.files !== undefined && options.files.length > 0) {
      const form = new FormData();
      // JSON alone can say lists and yes or no; the files lie beside it.
      form.append('_input', JSON.stringify(rest));
      for (const { field, file } of options.files) form.append(field, file, file.name);
      return parts.upload === undefined ? parts.fetch(path, { ...init, body: form }) : parts.upload(path, { ...init, body: form }, options.onProgress ?? (() => {}));
    }
    headers['content-type'] = 'application/json';
    return parts.fetch(path, { ...init, body: JSON.stringify(rest) });
  }

  async function call<O extends Operation>(operation: O, input: InputOf<O>, options: CallOptions = {}): Promise<OutputOf<O>> {
    const write = operation.method === 'POST';
    const fields = (input ?? {}) as Record<string, unknown>;
    const files = options.files?.map(({ field, file }) => [field, file.name, file.size, file.lastModified]) ?? [];
    const intention = write ? JSON.stringify([operation.path, fields, files]) : '';
    let key: string | null = null;
    if (write) {
      key = unanswered.get(intention) ?? parts.newKey();
      unanswered.set(intention, key);
    }
    const waits = pauses[write ? 'write' : 'read'];
    for (let attempt = 1; ; attempt += 1) {
      let response: Response | undefined;
      try {
        response = await send(operation, fields, options, key);
      } catch (error) {
        if (options.signal?.aborted === true) throw error;
      }
      if (response === undefined || noAnswer.has(response.status)) {
        const pause = waits[attempt - 1];
        if (pause === undefined) throw new Unanswered(write);
        await parts.wait(pause);
        options.onRetry?.(attempt + 1);
        continue;
      }
      unanswered.delete(intention);
      if (response.ok) {
        const isJson = (response.headers.get('content-type') ?? '').includes('json');
        return (isJson ? await response.json() : undefined) as OutputOf<O>;
      }
      const problem = await response.json().catch(() => ({})) as ConstructorParameters<typeof Refused>[1];
      const refused = new Refused(response.status, problem);
      if (refused.code === 'kernel.signed_out') parts.onSignedOut?.(refused);
      throw refused;
    }
  }

  return { call };
}

/** A key of 128 random bits. `crypto.randomUUID` is missing on plain-http intranet addresses, this is not. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
