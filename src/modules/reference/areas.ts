/** Divisions of the catalogue as rows of `reference.area`. */
import type { NamedCode, RetiredDivision } from './catalogue-files.ts';
import { placeKeysOf, type PlaceKeys } from './place-keys.ts';
import { isLevelWithoutName, romanisePlace } from './romanise.ts';

export type AreaLevel = 'PROVINCE' | 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP' | 'COMMUNITY';

export interface AreaRecord extends PlaceKeys {
  code: string;
  name: string;
  name_en: string;
  full_name: string;
  level: AreaLevel;
  parent_code: string | null;
  is_statistical: boolean;
  valid_from: string | null;
  valid_to: string | null;
  successor_code: string | null;
}

/** The first list of codes that has been published; what stands in it may be older. */
const FIRST_LIST = '1980-12';

/** @throws RangeError when the code has not 6, 9 or 12 digits */
export function levelOfArea(code: string): AreaLevel {
  if (!/^\d+$/.test(code)) throw new RangeError(`not a division code: ${code}`);
  switch (code.length) {
    case 6: return code.endsWith('0000') ? 'PROVINCE' : code.endsWith('00') ? 'PREFECTURE' : 'COUNTY';
    case 9: return 'TOWNSHIP';
    case 12: return 'COMMUNITY';
    default: throw new RangeError(`not a division code: ${code}`);
  }
}

/** The code one level up; a province has none. */
export function parentOfArea(code: string): string | null {
  switch (levelOfArea(code)) {
    case 'PROVINCE': return null;
    case 'PREFECTURE': return `${code.slice(0, 2)}0000`;
    case 'COUNTY': return `${code.slice(0, 4)}00`;
    case 'TOWNSHIP': return code.slice(0, 6);
    case 'COMMUNITY': return code.slice(0, 9);
  }
}

/**
 * Codes of a division and of everything below it as a half-open range of text in collation "C".
 * @throws RangeError when it is not a division code
 */
export function jurisdictionOfArea(code: string): { code_from: string; code_to: string } {
  const level = levelOfArea(code);
  const prefix = level === 'PROVINCE' ? code.slice(0, 2) : level === 'PREFECTURE' ? code.slice(0, 4) : code;
  return { code_from: prefix, code_to: `${prefix}~` };
}

/**
 * Third pairs 71 to 80 are zones of the statistics bureau. They are not divisions of GB/T 2260 and never stand in an
 * identity number.
 */
function isStatistical(code: string): boolean {
  const pair = code.slice(4, 6);
  return code.length === 6 && pair >= '71' && pair <= '80';
}

/** The first day of the month after `yyyy-mm`. */
function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/**
 * Rows for current and retired divisions and for communities. A retired division whose superior is in no list stands
 * directly under its province; its dates are as exact as the lists, which is to the month.
 */
export function areaRecords(current: readonly NamedCode[], retired: readonly RetiredDivision[], communities: readonly NamedCode[]): AreaRecord[] {
  const records = new Map<string, AreaRecord>();
  const names = new Map([...retired, ...current, ...communities].map(({ code, name }) => [code, name]));
  const searchKeys = new Map<string, PlaceKeys & { name_en: string }>();

  function keysOf(name: string) {
    let keys = searchKeys.get(name);
    if (keys === undefined) searchKeys.set(name, (keys = { ...placeKeysOf(name), name_en: romanisePlace(name) }));
    return keys;
  }
  function parentOf(code: string): string | null {
    const parent = parentOfArea(code);
    return parent === null || names.has(parent) ? parent : `${code.slice(0, 2)}0000`;
  }
  function fullName(code: string): string {
    const parent = parentOf(code);
    const name = names.get(code)!;
    return (parent === null ? '' : fullName(parent)) + (isLevelWithoutName(name) ? '' : name);
  }
  function add({ code, name }: NamedCode, dates: Pick<AreaRecord, 'valid_from' | 'valid_to' | 'successor_code'>): void {
    if (records.has(code)) throw new Error(`division ${code} ${name} is listed twice`);
    records.set(code, {
      code, name, full_name: fullName(code), level: levelOfArea(code), parent_code: parentOf(code), is_statistical: isStatistical(code),
      ...dates, ...keysOf(name),
    });
  }

  for (const division of [...current, ...communities]) add(division, { valid_from: null, valid_to: null, successor_code: null });
  for (const division of retired) {
    add(division, {
      valid_from: division.first_seen === FIRST_LIST ? null : `${division.first_seen}-01`,
      valid_to: monthAfter(division.last_seen),
      successor_code: division.successor === '' ? null : division.successor,
    });
  }
  return [...records.values()];
}
