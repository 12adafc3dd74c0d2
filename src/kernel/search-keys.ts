/**
 * Search keys for Chinese text: grams of one and two characters for infix search by characters, pinyin keys for
 * search by sound. Keys are stored beside the text they come from and are never shown; the text itself is never
 * changed, because a name is registered exactly as its bearer writes it.
 *
 * Everything here counts code points, so characters beyond the basic plane (𬭊, 𠅤) behave like any other.
 */
import { ConverterBuilder } from 'opencc-js/core';
import * as dictionaries from 'opencc-js/preset/t2cn';
import { pinyin } from 'pinyin-pro';

/**
 * Variant → the form it is searched under, for variants that the traditional-to-simplified table leaves alone:
 * popular, old-print and Japanese forms met in old registers. Two characters that are different names (喆 and 哲,
 * 肖 and 萧, 闫 and 阎) are not variants and do not belong here.
 */
const VARIANTS = new Map(
  (
    '珎珍 羣群 甯宁 寕宁 寜宁 衞卫 淸清 靑青 眞真 愼慎 鎭镇 凃涂 邨村 姸妍 鉄铁 銕铁 桒桑 戸户 髙高 濵滨 黒黑 徳德 ' +
    '恵惠 冨富 槑梅 楳梅 囯国 囬回 廻回 甦苏 竒奇 閙闹 鬦斗 澂澄 瑠琉 柟楠 椶棕 逹达 呉吴 兪俞 氷冰 勲勋 聦聪 聡聪 ' +
    '寳宝 敎教 斉齐 暎映 暁晓 楽乐 歩步 歳岁 毎每 渓溪 滙汇 秌秋 穐秋 竜龙 緖绪 舘馆 豊丰 賛赞 郷乡 鄕乡 頴颖 頼赖 ' +
    '顔颜 顕显 栄荣 関关 児儿 緑绿 録录 峩峨 嵗岁 煇辉 燿耀 蘂蕊 荘庄 芲花 嵒岩 巌岩 嫺娴 齢龄 沢泽 広广 辺边 圗图'
  )
    .split(' ')
    .map((pair) => [...pair] as [string, string]),
);

/** Dots that separate the parts of a transliterated name; the register writes U+00B7. */
const NAME_DOTS = /[\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65]/gu;

const toSimplified = ConverterBuilder(dictionaries)({ from: 't', to: 'cn' });
const foldedCharacters = new Map<string, string>();

function foldCharacter(character: string): string {
  let folded = foldedCharacters.get(character);
  if (folded === undefined) {
    // NFKC joins compatibility ideographs, Kangxi radicals and full-width letters to their plain forms.
    const plain = character.normalize('NFKC').toLowerCase();
    folded = /\p{Variation_Selector}|\p{Cf}/u.test(plain) ? '' : (VARIANTS.get(plain) ?? toSimplified(plain));
    foldedCharacters.set(character, folded);
  }
  return folded;
}

/**
 * The text as it is searched: traditional and variant characters under their simplified form, full-width letters
 * narrow and lower case, every name dot as `·`, invisible characters dropped. Folding goes character by character,
 * so a piece of a text folds as the whole does. For search keys only: never write the result back as a name.
 */
export function foldVariants(text: string): string {
  let folded = '';
  for (const character of text.replace(NAME_DOTS, '·')) folded += foldCharacter(character);
  return folded;
}

/** Runs of letters, digits and ideographs. Name dots join what they separate, so 古丽买 is found across the dot. */
function searchableRuns(text: string): string[] {
  return foldVariants(text)
    .replaceAll('·', '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((run) => run !== '');
}

/** What grams are made of: single characters, and whole numbers, so that 12号 is not found in 112号. */
function unitsOf(run: string): string[] {
  return run.match(/[0-9]+|[^]/gu) ?? [];
}

/** A number is found while it is being typed: 1 and 12 lead to 128. */
function beginningsOf(unit: string): string[] {
  return /^[0-9]{2}/.test(unit) ? Array.from(unit, (_, index) => unit.slice(0, index + 1)) : [unit];
}

/**
 * All pieces of one and two characters of a text, folded and without repetition; a number counts as one character.
 * Store them in a `text[]` column under a GIN index: `grams @> gramsForQuery(query)` then finds any infix.
 */
export function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  for (const run of searchableRuns(text)) {
    let before = '';
    for (const unit of unitsOf(run)) {
      for (const beginning of beginningsOf(unit)) {
        grams.add(beginning);
        if (before !== '') grams.add(before + beginning);
      }
      before = unit;
    }
  }
  return [...grams];
}

/**
 * The fewest grams a text must hold to match what somebody typed; words apart may come in any order. An empty array
 * means that nothing searchable was typed: `@> '{}'` is true of every row, so the caller must not run it.
 */
export function gramsForQuery(text: string): string[] {
  const grams = new Set<string>();
  for (const run of searchableRuns(text)) {
    const units = unitsOf(run);
    if (units.length === 1) grams.add(units[0]!);
    for (let index = 1; index < units.length; index++) grams.add(units[index - 1]! + units[index]!);
  }
  return [...grams];
}

/** More readings than this are not multiplied out: a long name full of rare readings would fill the index. */
const READINGS_MAX = 8;

const readingsOfCharacter = new Map<string, readonly string[]>();

/** Every reading of one folded character without tones; a character without a known reading stands for itself. */
function allReadings(character: string): readonly string[] {
  let readings = readingsOfCharacter.get(character);
  if (readings === undefined) {
    const known = pinyin(character, { multiple: true, toneType: 'none', type: 'array', v: true });
    readings = [...new Set(known)].filter((reading) => reading !== '');
    if (readings.length === 0) readings = [character];
    readingsOfCharacter.set(character, readings);
  }
  return readings;
}

/** The likeliest reading of each character of a name or place, in its context (单 as a surname, 重 in 重庆). */
function likelyReadings(characters: string[], surname: boolean): string[] {
  return pinyin(characters.join(''), {
    surname: surname ? 'head' : 'off',
    toneType: 'none',
    type: 'array',
    v: true,
    nonZh: 'spaced',
  });
}

function combinations(likely: readonly string[], possible: readonly (readonly string[])[]): string[][] {
  const others = possible.map((readings, index) => readings.filter((reading) => reading !== likely[index]));
  const total = others.reduce((product, readings) => product * (readings.length + 1), 1);
  if (total <= READINGS_MAX) {
    return others.reduce<string[][]>(
      (sequences, readings, index) =>
        [likely[index]!, ...readings].flatMap((reading) => sequences.map((sequence) => [...sequence, reading])),
      [[]],
    );
  }
  const sequences = [[...likely]];
  others.forEach((readings, index) => {
    for (const reading of readings) sequences.push(likely.with(index, reading));
  });
  return sequences.slice(0, READINGS_MAX);
}

/**
 * The pinyin keys of a personal name (`surname: true`) or of a place or organisation (`surname: false`).
 * `full` holds whole syllables without spaces or tones and with `v` for ü; `initials` the first letter of each. Both
 * begin with the likeliest reading, which is the one to sort by, and go on with the others (覃 qin, tan). Letters
 * and digits stay as they are, marks are dropped. At most eight readings of a text are kept.
 */
export function pinyinKeysOf(name: string, { surname }: { surname: boolean }): { full: string[]; initials: string[] } {
  const characters = [...searchableRuns(name).join('')];
  if (characters.length === 0) return { full: [], initials: [] };
  const likely = likelyReadings(characters, surname);
  const sequences = combinations(likely, characters.map(allReadings));
  return {
    full: [...new Set(sequences.map((syllables) => syllables.join('')))],
    initials: [...new Set(sequences.map((syllables) => syllables.map((syllable) => [...syllable][0]).join('')))],
  }
}

/**
 * What somebody typed, as a pinyin key to look up, or nothing when it is not pinyin. Spaces, apostrophes and tone
 * marks go; ü and the passport spelling LYU become `lv`.
 */
export function findPinyinQuery(text: string): string | undefined {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/u\u0308/gu, 'v')
    .replace(/[\p{M}\s'’·-]/gu, '')
    .replaceAll('lyu', 'lv');
  return /^[a-z][a-z0-9]*$/.test(letters) ? letters : undefined;
}
