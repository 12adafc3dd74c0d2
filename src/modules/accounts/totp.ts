/** One-time codes by time: RFC 6238 over RFC 4226, SHA-1, six digits, thirty seconds, as authenticator apps expect. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;

/** The code of a counter. @param digits 6 in use, 8 in the RFC's test vectors */
export function codeOfStep(secret: Uint8Array, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export function stepAt(at: Date): number {
  return Math.floor(at.getTime() / 1000 / stepSeconds);
}

/** How long until the code of a step is accepted; it may come one step early. */
export function secondsUntilGood(step: number, at: Date): number {
  return Math.max(0, Math.ceil((step - 1) * stepSeconds - at.getTime() / 1000));
}

/**
 * The step whose code was given, one step early or late allowed for clocks that differ.
 * @param last_step the newest step used before; it and older ones are spent
 */
export function acceptedStep(secret: Uint8Array, code: string, at: Date, last_step: number): number | undefined {
  const given = Buffer.from(code);
  const now = stepAt(at);
  return [now, now - 1, now + 1].find((step) => {
    const expected = Buffer.from(codeOfStep(secret, step));
    return step > last_step && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base32 without padding. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The address that an authenticator app reads from a QR code. */
export function otpauthUri(police_number: string, secret: Uint8Array): string {
  return `otpauth://totp/${encodeURIComponent(`户政:${police_number}`)}?secret=${base32(secret)}&issuer=${encodeURIComponent('户政')}`;
}
