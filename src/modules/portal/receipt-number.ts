/** Receipt numbers: eight characters of Crockford's base 32, without I, L, O and U, read aloud as 4 + 4. A name, never a key. */
import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Forty random bits: the next number cannot be guessed from the last. */
export function newReceiptNumber(): string {
  return Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join('');
}

/** As written in a case: spaces and hyphens dropped, look-alikes read as what they were meant to be. */
export function readReceiptNumber(text: string): string {
  return text.toUpperCase().replace(/[\s-]/gu, '').replace(/[IL]/gu, '1').replace(/O/gu, '0');
}
