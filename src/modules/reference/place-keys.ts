/** Search keys of places and organisations, as their tables store them. */
import { gramsOf, pinyinKeysOf } from '../../kernel/search-keys.ts';
import { splitPlaceName } from './romanise.ts';

export interface PlaceKeys {
  name_grams: string[];
  /** Whole pinyin and initials in all readings, the likeliest first. */
  pinyin_keys: string[];
}

interface OneReading {
  full: string;
  initials: string;
}

const readings = new Map<string, OneReading>();

/** The likeliest reading alone, for what comes in a few forms only: 区 is not looked for as ou, nor 幢 as chuang. */
export function likeliestPinyin(text: string): OneReading {
  let reading = readings.get(text);
  if (reading === undefined) {
    const { full, initials } = pinyinKeysOf(text, { surname: false });
    reading = { full: full[0] ?? '', initials: initials[0] ?? '' };
    // Generic endings come again and again; proper names and house numbers would only fill the memory.
    if (text.length <= 2) readings.set(text, reading);
  }
  return reading;
}

/** Pinyin keys of a place name, its proper part in all readings, followed by `tail` in one. */
export function pinyinKeysOfPlace(name: string, tail = ''): string[] {
  const { proper, generic } = splitPlaceName(name);
  const keys = pinyinKeysOf(proper, { surname: false });
  const ending = likeliestPinyin(generic);
  const rest = likeliestPinyin(tail);
  return [...new Set([
    ...keys.full.map((key) => key + ending.full + rest.full),
    ...keys.initials.map((key) => key + ending.initials + rest.initials),
  ])];
}

export function placeKeysOf(name: string): PlaceKeys {
  return { name_grams: gramsOf(name), pinyin_keys: pinyinKeysOfPlace(name) };
}
