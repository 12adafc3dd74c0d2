/**
 * The contract of an operation: what a client may call, with which right, what goes in and what
 * comes out. Contracts run in browsers too, so this file imports nothing of the server.
 */
import type { Static, TSchema } from 'typebox';
import type { Actor } from './actor.ts';
import type { Text, Violation } from './refusal.ts';

export type { Text } from './refusal.ts';

/**
 * `public` needs a reason in `why_public`; `citizen` and `officer` ask for a signed-in person of that
 * kind and nothing more; everything else is a right by name, `module.verb_noun`.
 */
export type Permission = 'public' | 'citizen' | 'officer' | `${string}.${string}`;

/** What the operation answers with when it is not JSON of a schema. */
export type OtherOutput = 'page' | 'file' | 'nothing';

/**
 * Why persons are read: `case` (the case in the input or on the path), `stated` (the caller says it
 * in the header Huzheng-Purpose), `self` (one's own record), `none` (the answer holds no person).
 */
export type PurposeRule = 'case' | 'stated' | 'self' | 'none';

export interface Operation<I extends TSchema = TSchema, O extends TSchema | OtherOutput = TSchema | OtherOutput> {
  method: 'GET' | 'POST';
  /** Path with `:name` for fields of the input. */
  path: string;
  permission: Permission;
  why_public?: string;
  input: I;
  output: O;
  summary: Text;
  purpose?: PurposeRule;
  /** Requests a minute for one address while nobody is signed in; default 60. */
  rate_per_minute?: number;
  /** Input or answer holds a secret (password, code): neither a digest of the one nor the other is kept. */
  secret?: boolean;
  /** Acts on nothing and is a POST only because what is typed has no place in an address: its answer is never kept, and who asks again is answered anew. */
  looks_up?: boolean;
  /** Accepts files (multipart) up to so many bytes in all; a script sends the rest of the input as JSON in the field `_input`. */
  upload_bytes_max?: number;
  /** Reads, and leaves a row behind that says so (which scan was opened, by whom): its transaction may write. */
  leaves_record?: boolean;
}

export type Contract = Record<string, Operation<TSchema, TSchema | OtherOutput>>;

/** Keeps the precise types of a contract while checking its shape. */
export function defineContract<const C extends Record<string, Operation<TSchema, TSchema | OtherOutput>>>(contract: C): C {
  return contract;
}

export type InputOf<O> = O extends { input: infer I extends TSchema } ? Static<I> : never;

/** A page: the name of a view and what it shows. */
export interface Page {
  view: string;
  data: unknown;
  status?: number;
}
export interface Redirect {
  location: string;
}
export interface FileAnswer {
  bytes: Uint8Array;
  media_type: string;
  file_name: string;
  /** Shown in the browser; otherwise downloaded. */
  inline?: boolean;
}

export type OutputOf<O> = O extends { output: infer T }
  ? T extends TSchema ? Static<T>
  : T extends 'page' ? Page | Redirect | FileAnswer
  : T extends 'file' ? FileAnswer
  : void
  : never;

export interface UploadedFile {
  field: string;
  file_name: string;
  media_type: string;
  bytes: Uint8Array;
}

/** What a view knows of the request it answers. */
export interface PageRequest {
  language: 'zh' | 'en';
  actor: Actor;
  path: string;
  query: Record<string, string>;
  form_token: string;
  cookies: Readonly<Record<string, string | undefined>>;
  request_id: string;
  now: Date;
}

/** What a page of a refusal or a defect may say. */
export interface ErrorFacts {
  status: number;
  code: string;
  text: Text;
  violations: readonly Violation[];
  request_id: string;
  /** What a form carried whose sender must sign in first: the page hands it back, so that nothing typed is lost. */
  fields?: Readonly<Record<string, unknown>>;
}
