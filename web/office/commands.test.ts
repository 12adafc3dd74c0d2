import { expect, it } from 'vitest';
import { findCommands, type Command } from './commands.ts';

const commands: Command[] = ([
  ['待办', 'Work'], ['队列:待确认迁出', 'Queue: To confirm'], ['窗口录入 · 迁入:县内移居', 'Counter · move in: Move inside the county', '0501'], ['窗口录入:非主项信息变更', 'Counter: Change of other items'], ['人员查询', 'Persons'], ['锁屏', 'Lock'],
] as const).map(([zh, en, hint]) => ({ name: { zh, en }, ...(hint === undefined ? {} : { hint }), run: () => {} }));
const found = (text: string): string[] => findCommands(commands, text).map((command) => command.name.zh);

it('finds 迁入 by its initials', () => {
  // 确认 has the same initials, but in the middle of a word.
  expect(found('qr')).toEqual(['窗口录入 · 迁入:县内移居', '队列:待确认迁出']);
});
it('finds by characters, English words, service code and in any case', () => {
  expect(found('查询')).toEqual(['人员查询']);
  expect(found('LOCK')[0]).toBe('锁屏');
  expect(found('0501')).toEqual(['窗口录入 · 迁入:县内移居']);
});
it('puts first what begins with the text', () => {
  expect(found('ry')[0]).toBe('人员查询');
});
it('shows everything while nothing is typed, and nothing when nothing fits', () => {
  expect(found(' ')).toHaveLength(6);
  expect(found('zzz')).toEqual([]);
});
