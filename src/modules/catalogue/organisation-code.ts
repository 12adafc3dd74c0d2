/** Unified social credit codes 统一社会信用代码 of units, by GB 32100-2015: seventeen characters and a check character. */

/** Digits and capitals without I, O, S, V, Z; the place of a character is its value. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const base = alphabet.length;

/** The character that completes the first seventeen; undefined when one of them is not of the alphabet. */
export function organisationCheckCharacter(body: string): string | undefined {
  let sum = 0;
  let weight = 1;
  for (const character of body.slice(0, 17)) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    sum += value * weight;
    weight = (weight * 3) % base;
  }
  return alphabet[(base - (sum % base)) % base];
}

/** Capitals, half width, without spaces and hyphens: as printed on a licence. */
export function normaliseOrganisationCode(text: string): string {
  return text.normalize('NFKC').replace(/[\s-]/gu, '').toUpperCase();
}

/** Whether a normalised code has the form of the standard: category and kind, six digits of a division, and the check character. */
export function isUnifiedCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/u.test(code) && organisationCheckCharacter(code) === code[17];
}
