import { pinyin } from 'pinyin-pro';
import { expect, it } from 'vitest';
import { pinyinInitials } from './pinyin-initials.ts';

it.each([
  ['迁入', 'qr'], ['县内移居', 'xnyj'], ['州市内跨县移居', 'zsnkxyj'], ['省内跨州市移居', 'snkzsyj'], ['待受理', 'dsl'], ['一次性告知', 'ycxgz'],
  ['人员查询', 'rycx'], ['窗口录入', 'cklr'], ['内外网交换', 'nwwjh'], ['审批', 'sp'], ['办结', 'bj'], ['阿昌族', 'acz'], ['Case 0502', 'case0502'],
])('%s is found by %s', (text, initials) => {
  expect(pinyinInitials(text)).toBe(initials);
});

it('agrees with the dictionary for every common character that has one reading', () => {
  const bytes = new TextDecoder('gb2312');
  const wrong: string[] = [];
  // The first level of GB 2312: 3,755 characters from 0xB0A1 to 0xD7F9.
  for (let row = 0xb0; row <= 0xd7; row += 1) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell += 1) {
      const character = bytes.decode(new Uint8Array([row, cell]));
      const readings = new Set(pinyin(character, { multiple: true, type: 'array', toneType: 'none' }).map((reading) => reading[0]));
      if (readings.size === 1 && !readings.has(pinyinInitials(character))) wrong.push(character);
    }
  }
  expect(wrong).toEqual([]);
});
