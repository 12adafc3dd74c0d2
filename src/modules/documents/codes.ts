/** Verification codes: what somebody types to prove that a paper in his hands is ours. */
import { createHash, randomBytes } from 'node:crypto';

/** 32 letters and digits of which none is taken for another when read aloud or copied by hand. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;

/** 60 bits that nobody can guess from the number. */
export function newCode(): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte & 31]).join('');
}

/** `7F3K92QX4MTB` → `7F3K-92QX-4MTB` */
export function inGroups(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What leaves this network instead of the code: it confirms a code and gives none away. */
export function codeDigest(number: string, code: string): string {
  return createHash('sha256').update(`${number}:${code}`).digest('hex');
}
