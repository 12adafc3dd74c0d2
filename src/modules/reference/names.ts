/**
 * What a name in the register may be written with: art. 48–52 of the 2021 Yunnan household rules, Civil Code
 * art. 1012–1016. Characters are counted as code points; names are never passed through Unicode normalisation,
 * because NFC silently replaces compatibility ideographs, and a name is registered exactly as its bearer writes it.
 *
 * Small and without imports at run time, for the forms in the browser. Whether the characters of a new given name
 * stand in 通用规范汉字表 needs that table and is asked on the server: `name-table.ts`.
 */
import type { Text } from '../../kernel/refusal.ts';

/** U+00B7, GB 18030 A1A4: the one separator of transliterated names. */
export const NAME_DOT = '·';
export const NAME_LENGTH_MAX = 50;

export type NameCode =
  | 'NAME_EMPTY'
  | 'NAME_SHORT'
  | 'NAME_LONG'
  | 'NAME_DOT_PLACE'
  | 'NAME_DOT_FORM'
  | 'NAME_SPACE'
  | 'NAME_INVISIBLE'
  | 'NAME_PRIVATE'
  | 'NAME_UNENCODED'
  | 'NAME_COMPATIBILITY'
  | 'NAME_RADICAL'
  | 'NAME_LOST'
  | 'NAME_ZERO'
  | 'NAME_DIGIT'
  | 'NAME_LATIN'
  | 'NAME_FOREIGN'
  | 'NAME_SYMBOL';

export type NameViolation = Text & {
  code: NameCode;
  /** The offending characters, each once, in the order met; empty when the name as a whole is at fault. */
  characters: string[];
};

export type NameAllowance = {
  /** Characters outside the rules that the bearer already had registered and keeps (〇 before 2013, for example). */
  grandfathered?: string;
  /** The custom of the bearer's community knows names of one character. */
  single_character?: boolean;
};

/** Signs used for the middle dot by keyboards and old systems: • ‧ ・ ･ ⋅ ∙ · (Greek). */
const DOT_LOOKALIKES = '\u2022\u2027\u30fb\uff65\u22c5\u2219\u0387';
/** Full stops stand for the dot only between two Han characters. */
const DOT_BETWEEN_HAN = /(?<=\p{Script=Han})[.\uff0e](?=\p{Script=Han})/gu;
const DOT_FORM = new RegExp(`[${DOT_LOOKALIKES}]`, 'gu');

/**
 * The spelling the register keeps of what was typed: no spaces around or doubled inside, the middle dot unified,
 * full-width Latin letters half-width. Nothing else is touched; what is unlawful stays visible to `lawfulName`.
 */
export function normaliseName(raw: string): string {
  return raw
    .replace(/[\s\u3000]+/gu, ' ')
    .replace(/^ | $/gu, '')
    .replace(/[Ａ-Ｚａ-ｚ]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(DOT_FORM, NAME_DOT)
    .replace(DOT_BETWEEN_HAN, NAME_DOT);
}

/**
 * Everything unlawful in a name, one violation per kind; an empty list means the name may be written so.
 * Give it the result of `normaliseName`; look-alike dots in a name taken from elsewhere are reported.
 */
export function lawfulName(name: string, allowance: NameAllowance = {}): NameViolation[] {
  const characters = [...name];
  if (characters.length === 0) return [{ code: 'NAME_EMPTY', characters: [], ...SENTENCES.NAME_EMPTY }];

  const found = new Map<NameCode, Set<string>>();
  const report = (code: NameCode, character?: string) => {
    const offending = found.get(code) ?? new Set();
    if (character !== undefined) offending.add(character);
    found.set(code, offending);
  };

  const kept = new Set(allowance.grandfathered ?? '');
  for (const character of characters) {
    const code = kept.has(character) ? null : faultOf(character);
    if (code !== null) report(code, character);
  }
  if (name.startsWith(NAME_DOT) || name.endsWith(NAME_DOT) || name.includes(NAME_DOT + NAME_DOT)) report('NAME_DOT_PLACE');
  if (characters.length === 1 && !allowance.single_character) report('NAME_SHORT');
  if (characters.length > NAME_LENGTH_MAX) report('NAME_LONG');

  return [...found].map(([code, offending]) => ({ code, characters: [...offending], ...SENTENCES[code] }));
}

/**
 * Kinds of characters that no name may contain, in the order they are recognised: the special before the general.
 * `Unified_Ideograph` holds the Han characters proper, among them exactly the twelve of the compatibility block
 * that are no duplicates (U+FA0E … U+FA29); it leaves out radicals, 〇 and the other compatibility ideographs.
 */
const FAULTS: ReadonlyArray<readonly [RegExp, NameCode]> = [
  [DOT_FORM, 'NAME_DOT_FORM'],
  [/[?？\u25a0\u25a1\ufffd*#＊＃]/u, 'NAME_LOST'],
  [/〇/u, 'NAME_ZERO'],
  [/[\u2e80-\u2fff]/u, 'NAME_RADICAL'],
  [/[\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u, 'NAME_COMPATIBILITY'],
  [/\p{Private_Use}/u, 'NAME_PRIVATE'],
  [/[\p{Control}\p{Format}\p{Surrogate}\p{Default_Ignorable_Code_Point}]/u, 'NAME_INVISIBLE'],
  [/\p{Unassigned}/u, 'NAME_UNENCODED'],
  [/[\p{White_Space}\u3000]/u, 'NAME_SPACE'],
  [/\p{Number}/u, 'NAME_DIGIT'],
  [/\p{Script=Latin}/u, 'NAME_LATIN'],
  [/\p{Letter}/u, 'NAME_FOREIGN'],
];

function faultOf(character: string): NameCode | null {
  if (character === NAME_DOT || /\p{Unified_Ideograph}/u.test(character)) return null;
  for (const [pattern, code] of FAULTS) {
    if (character.search(pattern) === 0) return code;
  }
  return 'NAME_SYMBOL';
}

const SENTENCES: Record<NameCode, Text> = {
  NAME_EMPTY: {
    zh: '请填写姓名。',
    en: 'Enter the name.',
  },
  NAME_SHORT: {
    zh: '姓名应包括姓氏和名字，至少两个字；按本民族习惯只有一个字的，请由民警确认。',
    en: 'A name has a surname and a given name, at least two characters; an officer confirms a one-character name by custom.',
  },
  NAME_LONG: {
    zh: '姓名最多登记50个字，请与登记机关商定缩写形式。',
    en: 'The register holds names of up to 50 characters; agree on a shorter form with the registration authority.',
  },
  NAME_DOT_PLACE: {
    zh: '间隔号“·”只能用在两个部分之间，不能在开头、结尾，也不能连续出现，请删去多余的间隔号。',
    en: 'The middle dot stands between two parts only: remove it from the beginning, the end, or where it is doubled.',
  },
  NAME_DOT_FORM: {
    zh: '姓名中的间隔号应为“·”（U+00B7），请改用这个符号。',
    en: 'The separator in a name is the middle dot “·” (U+00B7); use this sign instead.',
  },
  NAME_SPACE: {
    zh: '姓名中不能有空格，请删去；少数民族姓名各部分之间用间隔号“·”。',
    en: 'A name contains no spaces: remove them, and separate the parts of a transliterated name by “·”.',
  },
  NAME_INVISIBLE: {
    zh: '姓名中含有看不见的字符（控制符、零宽字符或异体选择符），请删去姓名后重新输入，不要粘贴。',
    en: 'The name contains invisible characters (controls, zero width, variation selectors); clear the field and type it anew.',
  },
  NAME_PRIVATE: {
    zh: '姓名中含有旧系统自造的字，其他系统无法显示，请用生僻字输入工具找到标准编码的同一个字。',
    en: 'The name contains a character made up by an old system; find the same character in standard encoding with the rare-character tool.',
  },
  NAME_UNENCODED: {
    zh: '姓名中含有没有编码的字符，请用生僻字输入工具查找；确实没有编码的字由民警按生僻字登记。',
    en: 'The name contains an unassigned code; look the character up with the rare-character tool, or have an officer register it as not encoded.',
  },
  NAME_COMPATIBILITY: {
    zh: '姓名中含有兼容汉字，请改用同形的标准汉字。',
    en: 'The name contains a compatibility ideograph; use the unified character of the same shape.',
  },
  NAME_RADICAL: {
    zh: '姓名中含有部首或字形描述符号，它看起来像汉字但不是汉字，请改用汉字。',
    en: 'The name contains a radical or description sign that only looks like a character; use the Han character itself.',
  },
  NAME_LOST: {
    zh: '姓名中含有代替丢失字的符号（如“?”“□”“*”），请对照原件补上原来的字。',
    en: 'The name contains a sign standing for a lost character (such as “?”, “□”, “*”); restore the character from the original paper.',
  },
  NAME_ZERO: {
    zh: '“〇”只有在2013年以前已登记的姓名中可以保留，新登记请用“零”或其他规范汉字。',
    en: '〇 is kept only in names registered before 2013; a new name uses 零 or another standard character.',
  },
  NAME_DIGIT: {
    zh: '姓名中不能有数字，请用规范汉字填写。',
    en: 'A name contains no digits; write it in standard Han characters.',
  },
  NAME_LATIN: {
    zh: '姓名中不能有拉丁字母，请用规范汉字填写；外文姓名不登记在本栏。',
    en: 'A name contains no Latin letters; write it in Han characters. A name in a foreign script does not belong in this field.',
  },
  NAME_FOREIGN: {
    zh: '本栏用规范汉字填写姓名；本民族文字的姓名请填在民族文字姓名栏。',
    en: 'This field takes Han characters; the name in another script belongs in the field for that script.',
  },
  NAME_SYMBOL: {
    zh: '姓名中不能有标点、图形或表情符号，请删去。',
    en: 'A name contains no punctuation, symbols or emoji; remove them.',
  },
};
