/** Passwords as argon2id (RFC 9106), written in the PHC string form so that the cost can be raised later. */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/** 19 MiB and two passes: about 20 ms on one core, the floor that OWASP gives for argon2id. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

const phcForm = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

function phcOf(salt: Uint8Array, hash: Uint8Array): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return phcOf(salt, await derive('argon2id', { message: password, nonce: salt, ...cost }));
}

/** A hash of nothing that anybody could enter, at today's cost. */
const hashOfNobody = phcOf(randomBytes(16), randomBytes(32));

/**
 * Compares a password with a kept hash. Without a hash the same work is done, so that an unknown
 * account takes as long as a wrong password.
 */
export async function passwordMatches(password: string, kept: string | null): Promise<boolean> {
  const parts = phcForm.exec(kept ?? hashOfNobody);
  if (parts === null) throw new Error('a kept password hash is not argon2id in PHC form');
  const expected = Buffer.from(parts[5]!, 'base64');
  const given = await derive('argon2id', {
    message: password, nonce: Buffer.from(parts[4]!, 'base64'), memory: Number(parts[1]), passes: Number(parts[2]), parallelism: Number(parts[3]), tagLength: expected.length,
  });
  return timingSafeEqual(given, expected) && kept !== null;
}

/** Whether a password may be chosen: long enough, letters and digits, not built from the police number (GB/T 22239 8.1.4.1). */
export function isStrongPassword(password: string, police_number: string): boolean {
  return [...password].length >= 10 && /\p{L}/u.test(password) && /\d/.test(password)
    && !password.toUpperCase().includes(police_number.toUpperCase()) && new Set(password).size >= 5;
}
