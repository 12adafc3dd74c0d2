/**
 * A parcel as bytes: an envelope that the ferry may read (numbers, kind, signature) around a body
 * that only the receiving network can open. The bytes are canonical JSON, so they have one spelling.
 */
import type { KeyObject } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { canonicalJson, sealTo, sha256, verifySignature, violationsOf, type NetworkKeys } from '../../kernel/index.ts';
import { attachmentsMax, futureSecondsMax, type Direction } from './rules.ts';

const Strict = { additionalProperties: false };
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const SequenceNumber = Type.Integer({ minimum: 1, maximum: 999_999_999_999 });

/** A file beside the parcel: named by the digest of its sealed bytes, so that its name says nothing of its content. */
const SealedFile = Type.Object({ sha256: Sha256, bytes: Type.Integer({ minimum: 0 }) }, Strict);

export const Envelope = Type.Object({
  version: Type.Literal(1),
  direction: Type.Union([Type.Literal('internet-to-police'), Type.Literal('police-to-internet')]),
  sequence: SequenceNumber,
  /** Every time the parcel is written it is a further copy; one copy is seen once. */
  copy: Type.Integer({ minimum: 1 }),
  parcel_id: Type.String({ format: 'uuid' }),
  kind: Type.String({ pattern: '^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$', maxLength: 100 }),
  written_at: Type.String({ format: 'date-time' }),
  /** Everything of the opposite direction up to this number has come. */
  received_through: Type.Integer({ minimum: 0 }),
  files: Type.Array(SealedFile, { maxItems: attachmentsMax }),
  sealed: Type.String({ description: 'base64' }),
  key_id: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  signature: Type.String({ maxLength: 100 }),
}, Strict);
export type Envelope = Static<typeof Envelope>;

const Attachment = Type.Object({ sha256: Sha256, bytes: Type.Integer({ minimum: 0 }), media_type: Type.String({ maxLength: 100 }) }, Strict);
export type Attachment = Static<typeof Attachment>;

const Content = Type.Object({
  order_key: Type.String({ minLength: 1, maxLength: 200 }),
  created_at: Type.String({ format: 'date-time' }),
  needs_receipt: Type.Boolean(),
  body: Type.Object({}),
  attachments: Type.Array(Attachment, { maxItems: attachmentsMax }),
}, Strict);
/** What only the receiving network sees. */
export type Content = Static<typeof Content>;

export const refusedReasons = [
  'malformed', 'wrong_direction', 'unknown_key', 'bad_signature', 'future_dated', 'cannot_open', 'swapped_attachment', 'replay', 'altered', 'late', 'schema',
] as const;
export type RefusedReason = (typeof refusedReasons)[number];

/** A file that is not taken, and why. */
export class RefusedFile extends Error {
  readonly reason: RefusedReason;
  constructor(reason: RefusedReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Names a signing key: the beginning of the digest of its public part. */
export function keyIdOf(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' }) as Buffer).slice(0, 16);
}

type Head = Pick<Envelope, 'direction' | 'sequence' | 'copy' | 'parcel_id' | 'kind'>;
const placeOf = ({ direction, sequence, copy, parcel_id, kind }: Head): string => canonicalJson({ direction, sequence, copy, parcel_id, kind });
const placeOfAttachment = (head: Head, plainSha256: string): string => canonicalJson({ parcel: placeOf(head), attachment: plainSha256 });

/** Seals one attachment of a parcel to the receiving network. */
export function sealAttachment(head: Head, plain: Uint8Array, receiver: KeyObject): { sha256: string; sealed: Buffer } {
  const sealed = sealTo(receiver, plain, placeOfAttachment(head, sha256(plain)));
  return { sha256: sha256(sealed), sealed };
}

/** @throws RefusedFile swapped_attachment when these bytes are not the attachment that was sealed */
export function openAttachment(head: Head, attachment: Attachment, sealed: Uint8Array, keys: NetworkKeys): Buffer {
  try {
    const plain = keys.open(sealed, placeOfAttachment(head, attachment.sha256));
    if (plain.byteLength === attachment.bytes && sha256(plain) === attachment.sha256) return plain;
  } catch {
    // Falls through: whatever cannot be opened here was not sealed for this place.
  }
  throw new RefusedFile('swapped_attachment');
}

/** The bytes of a parcel file. `files` are the sealed attachments in the order of the content's attachments. */
export function writeEnvelope(
  head: Head & Pick<Envelope, 'written_at' | 'received_through' | 'files'>, content: Content, keys: NetworkKeys, key_id: string, receiver: KeyObject,
): Buffer {
  const unsigned = { version: 1, ...head, sealed: sealTo(receiver, canonicalJson(content), placeOf(head)).toString('base64'), key_id };
  return Buffer.from(canonicalJson({ ...unsigned, signature: keys.sign(Buffer.from(canonicalJson(unsigned))) }));
}

export interface Expected {
  direction: Direction;
  now: Date;
  /** Of the other network. */
  public_key: KeyObject;
  key_id: string;
  /** Of this network. */
  keys: NetworkKeys;
}

export interface OpenedParcel {
  envelope: Envelope;
  content: Content;
  /** Of all that must stay the same from copy to copy. */
  content_sha256: string;
}

/**
 * Reads a parcel file: form, direction, key, signature, date, and only then the sealed body.
 * @throws RefusedFile with the first thing wrong
 */
export function readEnvelope(bytes: Uint8Array, expected: Expected): OpenedParcel {
  const envelope = parseCanonical(Buffer.from(bytes).toString('utf8')) as Envelope;
  if (violationsOf(Envelope, envelope).length > 0) throw new RefusedFile('malformed');
  if (envelope.direction !== expected.direction) throw new RefusedFile('wrong_direction');
  if (envelope.key_id !== expected.key_id) throw new RefusedFile('unknown_key');
  const { signature, ...unsigned } = envelope;
  if (!verifySignature(Buffer.from(canonicalJson(unsigned)), signature, expected.public_key)) throw new RefusedFile('bad_signature');
  if (Date.parse(envelope.written_at) > expected.now.getTime() + futureSecondsMax * 1000) throw new RefusedFile('future_dated');
  const content = openContent(envelope, expected.keys);
  return { envelope, content, content_sha256: sha256(canonicalJson({ parcel_id: envelope.parcel_id, kind: envelope.kind, content })) };
}

function parseCanonical(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedFile('malformed');
  }
  // One spelling only: doubled keys, spaces and bytes that are not UTF-8 do not survive the comparison.
  if (canonicalJson(value) !== text) throw new RefusedFile('malformed');
  return value;
}

/** NUL and half characters, which PostgreSQL cannot keep: one such body would stop its whole batch. */
const unkeepable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function openContent(envelope: Envelope, keys: NetworkKeys): Content {
  let text: string;
  try {
    text = keys.open(Buffer.from(envelope.sealed, 'base64'), placeOf(envelope)).toString('utf8');
  } catch {
    throw new RefusedFile('cannot_open');
  }
  const content = parseCanonical(text);
  if (unkeepable.test(text)) throw new RefusedFile('malformed');
  if (violationsOf(Content, content).length > 0 || (content as Content).attachments.length !== envelope.files.length) throw new RefusedFile('malformed');
  return content as Content;
}
