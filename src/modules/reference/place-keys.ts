/** Search keys of places and organisations, as their tables store them. */
import { gramsOf, pinyinKeysOf } from '../../kernel/search-keys.ts';
import { splitPlaceName } from './romanise.ts';

export interface PlaceKeys {
  name_grams: string[];
  /** Whole pinyin and initials in all readings, the likeliest first. */
  pinyin_keys: string[];
}

/** Names come again with every door of a street; so many of them are kept. */
const NAMES_KEPT = 20_000;
const kept = new Map<string, { full: string[]; initials: string[] }>();

function readingsOf(text: string): { full: string[]; initials: string[] } {
  let readings = kept.get(text);
  if (readings === undefined) {
    if (kept.size >= NAMES_KEPT) kept.clear();
    kept.set(text, (readings = pinyinKeysOf(text, { surname: false })));
  }
  return readings;
}

/** The likeliest reading alone: 区 is not looked for as ou, nor 幢 as chuang. Numbers are left out of what is kept. */
function likeliestReading(text: string): { full: string; initials: string } {
  let full = '';
  let initials = '';
  for (const piece of text.match(/[0-9a-z]+|[^0-9a-z]+/giu) ?? []) {
    if (/^[0-9a-z]/i.test(piece)) {
      full += piece.toLowerCase();
      initials += piece.toLowerCase();
    } else {
      const readings = readingsOf(piece);
      full += readings.full[0] ?? '';
      initials += readings.initials[0] ?? '';
    }
  }
  return { full, initials };
}

/** Pinyin keys of a place name, its proper part in all readings, followed by `tail` in one. */
export function pinyinKeysOfPlace(name: string, tail = ''): string[] {
  const { proper, generic } = splitPlaceName(name);
  const keys = readingsOf(proper);
  const ending = likeliestReading(generic);
  const rest = likeliestReading(tail);
  return [...new Set([
    ...keys.full.map((key) => key + ending.full + rest.full),
    ...keys.initials.map((key) => key + ending.initials + rest.initials),
  ])];
}

export function placeKeysOf(name: string): PlaceKeys {
  return { name_grams: gramsOf(name), pinyin_keys: pinyinKeysOfPlace(name) };
}
