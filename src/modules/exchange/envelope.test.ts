import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalJson, openKeys, publicKeyOf, sealingKeyOf, sha256 } from '../../kernel/index.ts';
import { keyIdOf, openAttachment, readEnvelope, RefusedFile, sealAttachment, writeEnvelope, type Content, type Envelope, type Expected } from './envelope.ts';

const directory = mkdtempSync(join(tmpdir(), 'huzheng-envelope-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const internet = openKeys(directory, 'internet');
const police = openKeys(directory, 'police');
const stranger = openKeys(join(directory, 'stranger'), 'internet');
const keyOf = (network: 'police' | 'internet') => publicKeyOf(directory, network);

const head = {
  direction: 'internet-to-police' as const, sequence: 7, copy: 1, parcel_id: '018f0000-0000-7000-8000-000000000007', kind: 'sample.note',
  written_at: '2026-11-23T02:00:00.000Z', received_through: 3, files: [],
};
const content: Content = { order_key: 'A', created_at: '2026-11-23T01:59:59.000Z', needs_receipt: true, body: { text: '王小明' }, attachments: [] };
const expected: Expected = {
  direction: 'internet-to-police', now: new Date('2026-11-23T02:00:05Z'), public_key: keyOf('internet'), key_id: keyIdOf(keyOf('internet')), keys: police,
};
const write = (changes: Partial<typeof head> = {}, inside: Partial<Content> = {}, keys = internet, key_id = expected.key_id) =>
  writeEnvelope({ ...head, ...changes }, { ...content, ...inside }, keys, key_id, sealingKeyOf(directory, 'police'));
const reasonFor = (bytes: Uint8Array, against: Expected = expected): string => {
  try {
    readEnvelope(bytes, against);
    return 'taken';
  } catch (error) {
    if (error instanceof RefusedFile) return error.reason;
    throw error;
  }
};
/** The same envelope with fields changed and signed again by whoever holds `keys`. */
function resigned(bytes: Uint8Array, changes: Partial<Envelope>, keys = internet): Buffer {
  const { signature: _, ...unsigned } = { ...(JSON.parse(Buffer.from(bytes).toString()) as Envelope), ...changes };
  return Buffer.from(canonicalJson({ ...unsigned, signature: keys.sign(Buffer.from(canonicalJson(unsigned))) }));
}

test('the receiving network reads what was written, and a further copy has the same content', () => {
  const first = readEnvelope(write(), expected);
  expect(first.content).toEqual(content);
  expect(readEnvelope(write({ copy: 2, written_at: '2026-11-23T02:00:04.000Z' }), expected).content_sha256).toBe(first.content_sha256);
  expect(readEnvelope(write({}, { body: { text: '李小明' } }), expected).content_sha256).not.toBe(first.content_sha256);
});

describe('a file that is not what it should be is refused for its reason', () => {
  const sound = write();
  test.each<[string, string, () => Uint8Array]>([
    ['a body of the other direction', 'wrong_direction', () => write({ direction: 'police-to-internet' as never })],
    ['a signature by a key that is not the other network’s, under its name', 'bad_signature', () => write({}, {}, stranger)],
    ['a signature by another key', 'unknown_key', () => write({}, {}, stranger, '0123456789abcdef')],
    ['an envelope changed after it was signed', 'bad_signature', () => Buffer.from(sound.toString().replace('"sequence":7', '"sequence":8'))],
    ['a date sixteen minutes ahead', 'future_dated', () => write({ written_at: '2026-11-23T02:16:06.000Z' })],
    ['a body sealed for another number', 'cannot_open', () => resigned(sound, { sequence: 8 })],
    ['a body sealed to somebody else', 'cannot_open', () => writeEnvelope(head, content, internet, expected.key_id, sealingKeyOf(directory, 'internet'))],
    ['half a file', 'malformed', () => sound.subarray(0, 200)],
    ['an empty file', 'malformed', () => Buffer.alloc(0)],
    ['a space too many', 'malformed', () => Buffer.from(`${sound} `)],
    ['a key given twice', 'malformed', () => Buffer.from(sound.toString().replace('{', '{"version":1,'))],
    ['a field nobody knows', 'malformed', () => resigned(sound, { extra: 1 } as never)],
    ['a number below one', 'malformed', () => write({ sequence: 0 })],
    ['NUL in the body, which no database keeps', 'malformed', () => write({}, { body: { text: 'a\u0000b' } })],
    ['half a character in the body', 'malformed', () => write({}, { body: { text: 'a\ud83d' } })],
    ['fewer files than attachments', 'malformed', () => write({}, { attachments: [{ sha256: 'ab'.repeat(32), bytes: 3, media_type: 'image/png' }] })],
  ])('%s: %s', (_, reason, make) => {
    expect(reasonFor(make())).toBe(reason);
  });

  test('a clock ten minutes ahead is tolerated', () => {
    expect(reasonFor(write({ written_at: '2026-11-23T02:10:00.000Z' }))).toBe('taken');
  });

  test('a body that only looks like NUL is taken', () => {
    expect(readEnvelope(write({}, { body: { text: 'a\\u0000b' } }), expected).content.body).toEqual({ text: 'a\\u0000b' });
  });
});

test('none of two thousand changed bytes is taken', () => {
  const sound = write();
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let mutant = 0; mutant < 2000; mutant++) {
    const bytes = Buffer.from(sound);
    bytes[random(bytes.length)]! ^= 1 << random(8);
    if (mutant % 5 === 0) bytes[random(bytes.length)] = random(256);
    if (!bytes.equals(sound)) expect(reasonFor(bytes), `mutant ${mutant}`).not.toBe('taken');
  }
});

test('an attachment is opened in its own parcel and copy only', () => {
  const plain = Buffer.from('a scanned page');
  const { sealed, sha256: name } = sealAttachment(head, plain, sealingKeyOf(directory, 'police'));
  const right = { sha256: sha256(plain), bytes: plain.byteLength, media_type: 'image/png' };
  expect(openAttachment(head, right, sealed, police)).toEqual(plain);
  expect(() => openAttachment({ ...head, copy: 2 }, right, sealed, police)).toThrow(RefusedFile);
  expect(() => openAttachment(head, { ...right, sha256: 'ab'.repeat(32) }, sealed, police)).toThrow(RefusedFile);
  expect(name).not.toBe(right.sha256);
});
