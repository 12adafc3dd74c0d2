/**
 * Pinyin initials of short labels, so that a palette finds 迁入 by `qr`. They come from the browser's own
 * pinyin collation: for each initial the first character in order; no dictionary is loaded. Characters
 * with several readings get their commonest one, which is enough for labels; names are searched by the server.
 */
const firsts = '阿八嚓咑妸发旮哈丌咔垃妈拏噢妑七呥仨他屲夕丫帀';
const letters = 'abcdefghjklmnopqrstwxyz';
const collator = new Intl.Collator('zh-u-co-pinyin');
const known = new Map<string, string>();

function initialOf(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  let initial = known.get(character);
  if (initial === undefined) {
    let index = [...firsts].findIndex((first) => collator.compare(character, first) < 0);
    if (index < 0) index = letters.length;
    initial = letters[Math.max(0, index - 1)]!;
    known.set(character, initial);
  }
  return initial;
}

/** @returns one letter for each Chinese character; letters and digits as they are; the rest is left out */
export function pinyinInitials(text: string): string {
  return [...text].map(initialOf).filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join('');
}
