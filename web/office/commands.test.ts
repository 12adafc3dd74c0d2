import { expect, it } from 'vitest';
import { findCommands, type Command } from './commands.ts';

const commands: Command[] = ['待办', '窗口录入 · 迁入:县内移居', '窗口录入:非主项信息变更', '人员查询', '锁屏'].map((zh, index) => ({
  name: { zh, en: ['Work', 'Counter · move in: Move inside the county', 'Counter: Change of other items', 'Persons', 'Lock'][index]! }, ...(index === 1 ? { hint: '0501' } : {}), run: () => {},
}));
const found = (text: string): string[] => findCommands(commands, text).map((command) => command.name.zh);

it('finds 迁入 by its initials', () => {
  expect(found('qr')).toEqual(['窗口录入 · 迁入:县内移居']);
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
  expect(found(' ')).toHaveLength(5);
  expect(found('zzz')).toEqual([]);
});
