import { expect, test } from 'vitest';
import { acceptedStep, base32, codeOfStep, otpauthUri, secondsUntilGood, stepAt } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

test.each([
  // RFC 6238, appendix B, SHA-1
  [59, '94287082'], [1111111109, '07081804'], [1111111111, '14050471'], [1234567890, '89005924'], [2000000000, '69279037'], [20000000000, '65353130'],
])('the code at second %i is %s (RFC 6238)', (seconds, code) => {
  expect(codeOfStep(secret, stepAt(new Date(seconds * 1000)), 8)).toBe(code);
});

test('a code counts one step early and one late, not two', () => {
  const at = new Date('2026-11-23T02:00:00Z');
  const now = stepAt(at);
  for (const [distance, accepted] of [[-2, false], [-1, true], [0, true], [1, true], [2, false]] as const) {
    expect(acceptedStep(secret, codeOfStep(secret, now + distance), at, 0), String(distance)).toBe(accepted ? now + distance : undefined);
  }
});

test('a code is spent with its step, and so are older ones', () => {
  const at = new Date('2026-11-23T02:00:00Z');
  const now = stepAt(at);
  expect(acceptedStep(secret, codeOfStep(secret, now), at, now)).toBeUndefined();
  expect(acceptedStep(secret, codeOfStep(secret, now - 1), at, now)).toBeUndefined();
  expect(acceptedStep(secret, codeOfStep(secret, now + 1), at, now)).toBe(now + 1);
});

test('a code of the future is accepted exactly after the wait that is told', () => {
  const at = new Date('2026-11-23T02:00:10Z');
  for (const ahead of [0, 1, 2, 5]) {
    const step = stepAt(at) + ahead;
    const wait = secondsUntilGood(step, at);
    expect(acceptedStep(secret, codeOfStep(secret, step), new Date(at.getTime() + wait * 1000), 0)).toBe(step);
    if (wait > 0) expect(acceptedStep(secret, codeOfStep(secret, step), new Date(at.getTime() + wait * 1000 - 1000), 0)).toBeUndefined();
  }
});

test.each([['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foob', 'MZXW6YQ'], ['fooba', 'MZXW6YTB'], ['foobar', 'MZXW6YTBOI']])('%j is %j in base32 (RFC 4648)', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});

test('an authenticator app is told issuer, account and secret', () => {
  const uri = new URL(otpauthUri('530001', secret));
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname), uri.searchParams.get('issuer'), uri.searchParams.get('secret')])
    .toEqual(['otpauth:', 'totp', '/户政:530001', '户政', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ']);
});
