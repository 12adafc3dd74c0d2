import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openKeys, publicKeyOf, sealingKeyOf, sealTo, verifySignature } from './keys.ts';

const directory = mkdtempSync(join(tmpdir(), 'huzheng-keys-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const police = openKeys(directory, 'police');
const internet = openKeys(directory, 'internet');

test('keys are made once, and every file is private to its user', () => {
  const again = openKeys(directory, 'police');
  expect(again.digest('x')).toBe(police.digest('x'));
  expect(again.sign(Buffer.from('x'))).toBe(police.sign(Buffer.from('x')));
  for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o077, file).toBe(0);
});

test('a signature holds for its bytes, its key and its one spelling', () => {
  const bytes = Buffer.from('numbered');
  const signature = police.sign(bytes);
  const key = publicKeyOf(directory, 'police');
  expect(verifySignature(bytes, signature, key)).toBe(true);
  expect(verifySignature(Buffer.from('numbered?'), signature, key)).toBe(false);
  expect(verifySignature(bytes, signature, publicKeyOf(directory, 'internet'))).toBe(false);
  // The last letter before the padding has four bits that Base64 does not read.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const twin = signature.slice(0, 85) + letters[letters.indexOf(signature[85]!) ^ 1] + signature.slice(86);
  expect(Buffer.from(twin, 'base64')).toEqual(Buffer.from(signature, 'base64'));
  expect(verifySignature(bytes, twin, key)).toBe(false);
});

test('what is sealed to a network is opened by it alone and in its place only', () => {
  const sealed = sealTo(sealingKeyOf(directory, 'police'), '王小明', 'parcel 7');
  expect(police.open(sealed, 'parcel 7').toString()).toBe('王小明');
  expect(() => internet.open(sealed, 'parcel 7')).toThrow();
  expect(() => police.open(sealed, 'parcel 8')).toThrow();
  expect(() => police.open(sealed.subarray(0, 40), 'parcel 7')).toThrow();
  for (const at of [0, 33, 50, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => police.open(changed, 'parcel 7'), `byte ${at}`).toThrow();
  }
  expect(sealTo(sealingKeyOf(directory, 'police'), '王小明', 'parcel 7')).not.toEqual(sealed);
});

test('what a network seals for itself is bound to its place', () => {
  const sealed = police.seal('13800000000', 'phone of a');
  expect(police.unseal(sealed, 'phone of a').toString()).toBe('13800000000');
  expect(() => police.unseal(sealed, 'phone of b')).toThrow();
  expect(() => internet.unseal(sealed, 'phone of a')).toThrow();
});
