import { expect, it } from 'vitest';
import { fieldItems } from '../../src/modules/field/items.ts';
import * as texts from './texts.ts';

type Text = { zh: string; en: string };
const all: Array<[string, Text]> = [
  ...Object.entries(texts).flatMap(([group, words]) => Object.entries(words as Record<string, Text>).map(([name, text]): [string, Text] => [`${group}.${name}`, text])),
  ...fieldItems.map(({ item, label }): [string, Text] => [`item ${item}`, label]),
];
const places = (sentence: string): string => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort().join();

it('every text of the phone exists in both languages with the same places to fill', () => {
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([, { zh, en }]) => zh.trim() === '' || en.trim() === '' || places(zh) !== places(en)).map(([name]) => name)).toEqual([]);
  expect(all.filter(([name, { en }]) => name !== 'shell.other_language' && /[\u4e00-\u9fff]/u.test(en)).map(([name]) => name)).toEqual([]);
});
