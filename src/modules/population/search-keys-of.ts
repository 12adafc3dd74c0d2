/** The keys under which a person is found; stored beside the register, never shown. */
import { foldVariants, gramsOf, pinyinKeysOf } from '../../kernel/search-keys.ts';

export interface NameKeys {
  name_folded: string;
  name_grams: string[];
  /** Whole pinyin of the name and the former name in all readings. */
  name_pinyin: string[];
  name_initials: string[];
}

/** A name as it is compared: variants folded, dots and spaces gone. */
export function foldedName(name: string): string {
  return foldVariants(name).replace(/[·\s]/gu, '');
}

/** Keys of a name; people are also asked for by the name they had before. */
export function nameKeysOf(name: string, former_name: string | null): NameKeys {
  const now = pinyinKeysOf(name, { surname: true });
  const grams = gramsOf(name);
  if (former_name === null) return { name_folded: foldedName(name), name_grams: grams, name_pinyin: now.full, name_initials: now.initials };
  const before = pinyinKeysOf(former_name, { surname: true });
  return {
    name_folded: foldedName(name),
    name_grams: [...new Set([...grams, ...gramsOf(former_name)])],
    name_pinyin: [...new Set([...now.full, ...before.full])],
    name_initials: [...new Set([...now.initials, ...before.initials])],
  };
}
