import { checkCharacter, type Sex } from '../../../modules/reference/index.ts';
import { dayOf, isoOf, type Day } from './days.ts';
import { hash, mix } from './random.ts';

export type IdKind = 'person' | 'household' | 'membership' | 'kin_link' | 'movement' | 'address';

const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));
const high = (value: number) => HEX[value >>> 16]!;
const low = (value: number) => HEX[value & 0xffff]!;

/**
 * Identifiers in the form of UUID version 8 (RFC 9562): seed and kind, then a counter, then their hash. Rows of one
 * kind come in ascending order, which keeps the indexes of a mass load compact.
 * @throws Error beyond 2^28 rows of one kind
 */
export function createIds(seed: number): (kind: IdKind) => string {
  const counters = new Map<IdKind, { prefix: number; next: number }>();
  return (kind) => {
    let counter = counters.get(kind);
    if (counter === undefined) counters.set(kind, (counter = { prefix: mix(seed ^ hash(kind)), next: 0 }));
    const number = counter.next++;
    if (number >= 2 ** 28) throw new Error(`more than 2^28 rows of kind ${kind}`);
    const tail = mix(counter.prefix ^ number);
    const end = mix(tail + counter.prefix);
    const version = HEX[0x8000 | (number & 0xfff)]!;
    const variant = HEX[0x8000 | (tail & 0x3fff)]!;
    return `${high(counter.prefix)}${low(counter.prefix)}-${HEX[number >>> 12]!}-${version}-${variant}-${high(tail)}${high(end)}${low(end)}`;
  };
}

const FIRST_BIRTH: Day = dayOf('1890-01-01');
/** Sequence codes 900–999 mark invented people; fifty of them are odd (men) and fifty even (women). */
const PER_DAY_AND_SEX = 50;

/**
 * Gives out identity numbers, each once. When the fifty codes of a county, day and sex are used up, the number is
 * taken from the next county of `reserve`, as if the person had been registered there first.
 */
export function createNumbers(reserve: readonly string[]): (areaCode: string, birth: Day, sex: Sex) => string {
  const used = new Map<string, Uint8Array>();
  const take = (areaCode: string, birth: Day, sex: Sex): number | null => {
    let days = used.get(areaCode);
    if (days === undefined) used.set(areaCode, (days = new Uint8Array(2 * 60_000)));
    const index = 2 * (birth - FIRST_BIRTH) + (sex === '1' ? 0 : 1);
    const serial = days[index];
    if (serial === undefined) throw new Error(`no number for a birth on ${isoOf(birth)}`);
    if (serial === PER_DAY_AND_SEX) return null;
    days[index] = serial + 1;
    return 900 + 2 * serial + (sex === '1' ? 1 : 0);
  };
  return (areaCode, birth, sex) => {
    const start = reserve.indexOf(areaCode) + 1;
    for (let step = 0; step <= reserve.length; step += 1) {
      const area = step === 0 ? areaCode : reserve[(start + step - 1) % reserve.length]!;
      const sequence = take(area, birth, sex);
      if (sequence === null) continue;
      const iso = isoOf(birth);
      const digits = area + iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8) + sequence;
      return digits + checkCharacter(digits);
    }
    throw new Error(`the demonstration numbers of all counties for births on ${isoOf(birth)} are used up; generate fewer people`);
  };
}
