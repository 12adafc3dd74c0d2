/**
 * The citizen identity number, GB 11643: address code (6), date of birth (8), sequence code (3, odd = male,
 * even = female) and a check character by ISO 7064 MOD 11-2.
 *
 * Pure rules without imports at run time: the register, the importer and the forms in the browser use this one file.
 */
import type { Text } from '../../kernel/refusal.ts';

/** GB/T 2261.1: '1' male, '2' female. */
export type Sex = '1' | '2';

export type ParsedIdNumber = {
  id_number: string;
  /** County-level division of the first registration, as it was at that time. */
  area_code: string;
  /** The date in the number as `yyyy-mm-dd`; whether such a day exists is for `validateIdNumber` to say. */
  birth_on: string;
  sequence: string;
  sex: Sex;
  check: string;
};

export type IdNumberCode =
  | 'ID_LENGTH'
  | 'ID_PATTERN'
  | 'ID_DATE'
  | 'ID_CHECK'
  | 'ID_DIVISION'
  | 'ID_BIRTH_MISMATCH'
  | 'ID_SEX_MISMATCH';

/** A warning is shown and does not stop the form: the history of foreign divisions is never complete. */
export type IdNumberViolation = Text & { code: IdNumberCode; severity: 'error' | 'warning' };

export type IdNumberFacts = {
  /** The day of the check, `yyyy-mm-dd`. */
  today: string;
  /** Whether a division code is or ever was in force; left out where the list of divisions is not at hand. */
  areaKnown?: (areaCode: string) => boolean;
  /** What the record says; the number must agree. */
  birth_on?: string;
  sex?: string;
};

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const EARLIEST_BIRTH_ON = '1890-01-01';

const DIGIT_ZERO = 48;

/**
 * The check character that belongs to the first 17 digits.
 * @throws Error when `digits` does not start with 17 digits, which is a defect of the caller
 */
export function checkCharacter(digits: string): string {
  let sum = 0;
  for (let position = 0; position < WEIGHTS.length; position += 1) {
    const digit = digits.charCodeAt(position) - DIGIT_ZERO;
    if (!(digit >= 0 && digit <= 9)) throw new Error('checkCharacter needs 17 digits');
    sum += digit * WEIGHTS[position]!;
  }
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/** Half-width digits, capital X, neither spaces nor the invisible marks that copying from a screen brings along. */
export function normaliseIdNumber(text: string): string {
  return text
    .replace(/[\s\p{Format}]+/gu, '')
    .replace(/[０-９]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[xｘＸ]/gu, 'X');
}

/** The parts of an 18-character number, or null when the text does not have its shape. Says nothing on validity. */
export function parseIdNumber(text: string): ParsedIdNumber | null {
  const id_number = normaliseIdNumber(text);
  if (!/^[1-9]\d{16}[\dX]$/u.test(id_number)) return null;
  const sequence = id_number.slice(14, 17);
  return {
    id_number,
    area_code: id_number.slice(0, 6),
    birth_on: `${id_number.slice(6, 10)}-${id_number.slice(10, 12)}-${id_number.slice(12, 14)}`,
    sequence,
    sex: Number(sequence) % 2 === 1 ? '1' : '2',
    check: id_number.charAt(17),
  };
}

/**
 * Everything wrong with a number, in the order a registrar would look; an empty list means lawful.
 * Whether another person holds the number, or it was retired, only the register can tell.
 */
export function validateIdNumber(text: string, facts: IdNumberFacts): IdNumberViolation[] {
  const normalised = normaliseIdNumber(text);
  if (normalised.length === 15 && upgradeOldNumber(normalised) !== null) return [violation('ID_LENGTH', OLD_NUMBER)];
  if (normalised.length !== 18) return [violation('ID_LENGTH', WRONG_LENGTH)];
  const number = parseIdNumber(normalised);
  if (number === null) return [violation('ID_PATTERN', WRONG_PATTERN)];

  const violations: IdNumberViolation[] = [];
  const dateStands = isRealDay(number.birth_on) && number.birth_on >= EARLIEST_BIRTH_ON && number.birth_on <= facts.today;
  if (!dateStands) violations.push(violation('ID_DATE', WRONG_DATE));
  if (checkCharacter(number.id_number) !== number.check) violations.push(violation('ID_CHECK', WRONG_CHECK));
  if (facts.areaKnown && isDivisionCode(number.area_code) && !facts.areaKnown(number.area_code)) {
    violations.push(violation('ID_DIVISION', UNKNOWN_DIVISION, 'warning'));
  }
  if (dateStands && facts.birth_on !== undefined && facts.birth_on !== number.birth_on) {
    violations.push(violation('ID_BIRTH_MISMATCH', WRONG_BIRTH));
  }
  // Sex 0 and 9 (unknown, not stated) cannot contradict the number.
  if ((facts.sex === '1' || facts.sex === '2') && facts.sex !== number.sex) {
    violations.push(violation('ID_SEX_MISMATCH', WRONG_SEX));
  }
  return violations;
}

/**
 * The 18-character form of a first-generation number (6 address + yymmdd + 3 sequence), or null when the text is
 * none. Sequence codes 996–999 were kept for people of a hundred years and more, hence the century 18.
 */
export function upgradeOldNumber(text: string): string | null {
  const old = normaliseIdNumber(text);
  if (!/^[1-9]\d{14}$/u.test(old)) return null;
  const century = Number(old.slice(12)) >= 996 ? '18' : '19';
  const digits = `${old.slice(0, 6)}${century}${old.slice(6)}`;
  if (!isRealDay(`${digits.slice(6, 10)}-${digits.slice(10, 12)}-${digits.slice(12, 14)}`)) return null;
  return digits + checkCharacter(digits);
}

/** The first six and the last four stay: `530102********1234`. Text too short for that is hidden whole. */
export function maskIdNumber(text: string): string {
  const hidden = text.length - 10;
  return hidden > 0 ? text.slice(0, 6) + '*'.repeat(hidden) + text.slice(-4) : '*'.repeat(text.length);
}

/** Sequence codes 900–999 are the range this project gives to invented people. */
export function isDemoNumber(text: string): boolean {
  const number = parseIdNumber(text);
  return number !== null && number.sequence >= '900' && number.check === checkCharacter(number.id_number);
}

/** 81, 82, 83 (permits of Hong Kong, Macao, Taiwan residents) and 9 (foreigners) stand for no county of GB/T 2260. */
function isDivisionCode(areaCode: string): boolean {
  return !/^(?:8[123]|9)/u.test(areaCode);
}

function isRealDay(day: string): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (month < 1 || month > 12 || date < 1) return false;
  return date <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function violation(code: IdNumberCode, text: Text, severity: 'error' | 'warning' = 'error'): IdNumberViolation {
  return { code, severity, ...text };
}

const WRONG_LENGTH: Text = {
  zh: '公民身份号码应为18位，请对照居民身份证或户口簿核对位数后重新填写。',
  en: 'An identity number has 18 characters; compare it with the identity card or booklet and enter it again.',
};
const OLD_NUMBER: Text = {
  zh: '这是15位的旧号码，自2013年1月1日起不再用于办理业务，请填写户口簿上的18位公民身份号码。',
  en: 'This is an old number of 15 digits, out of use since 1 January 2013; enter the 18 characters printed in the booklet.',
};
const WRONG_PATTERN: Text = {
  zh: '公民身份号码的前17位应为数字，最后一位应为数字或字母X，请改正其中的其他字符。',
  en: 'The first 17 characters must be digits and the last a digit or X; correct the other characters.',
};
const WRONG_DATE: Text = {
  zh: '公民身份号码第7至14位不是有效的出生日期（不得早于1890年1月1日，不得晚于今天），请核对。',
  en: 'Characters 7 to 14 are not a possible birth date (none before 1 January 1890, none after today); check them.',
};
const WRONG_CHECK: Text = {
  zh: '公民身份号码的校验码不符，可能有一位写错或两位写反，请逐位核对。',
  en: 'The check character does not fit: a digit may be wrong or two exchanged; compare digit by digit.',
};
const UNKNOWN_DIVISION: Text = {
  zh: '公民身份号码前6位不在现行或历史行政区划代码中，请核对；确认无误的可以继续办理。',
  en: 'The first six digits are no present or former division code; check them, and continue if they are right.',
};
const WRONG_BIRTH: Text = {
  zh: '公民身份号码中的出生日期与登记的出生日期不一致，请核对两项并改正写错的一项。',
  en: 'The birth date in the number differs from the birth date entered; check both and correct the wrong one.',
};
const WRONG_SEX: Text = {
  zh: '公民身份号码的第17位与登记的性别不一致（单数为男，双数为女），请核对两项并改正写错的一项。',
  en: 'Digit 17 does not fit the sex entered (odd is male, even is female); check both and correct the wrong one.',
};
