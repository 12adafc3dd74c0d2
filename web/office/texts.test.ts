import { describe, expect, it } from 'vitest';
import { actButtons } from './review/acts.ts';
import { globalKeys, givenKeys, screens } from './keys.ts';
import * as deskTexts from './counter/desk-texts.ts';
import * as texts from './texts.ts';

type Text = { zh: string; en: string };
const all: Array<[string, Text]> = [
  ...Object.entries(texts).flatMap(([group, words]) => Object.entries(words as Record<string, Text>).map(([name, text]): [string, Text] => [`${group}.${name}`, text])),
  ...Object.entries({ ...deskTexts, faults: deskTexts.reader.faults }).flatMap(([group, words]) => Object.entries(words as Record<string, Text>).filter(([name]) => name !== 'faults').map(([name, text]): [string, Text] => [`desk ${group}.${name}`, text])),
  ...Object.entries(globalKeys).map(([act, { label }]): [string, Text] => [`key ${act}`, label]),
  ...Object.entries(screens).flatMap(([screen, { keys, title }]) => [[`screen ${screen}`, title] as [string, Text], ...Object.entries(keys).map(([act, { label }]): [string, Text] => [`key ${screen}.${act}`, label])]),
  ...givenKeys.map((text): [string, Text] => ['note', text]),
  ...actButtons.map(({ name, label }): [string, Text] => [`act ${name}`, label]),
];
const places = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
/** Names that each language keeps as they are, so that a reader of the other finds the switch. */
const crossed = new Set(['shell.other_language']);

/** Places to fill. */
const filled = /\{\w+\}/g;

describe('every text of the workstation', () => {
  it('exists in both languages', () => {
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, { zh, en }]) => zh.trim() === '' || en.trim() === '').map(([name]) => name)).toEqual([]);
  });
  it('has the same places to fill in both', () => {
    expect(all.filter(([, { zh, en }]) => places(zh).join() !== places(en).join()).map(([name]) => name)).toEqual([]);
  });
  it('is Chinese in Chinese and has no Chinese left in English', () => {
    expect(all.filter(([name, { en }]) => !crossed.has(name) && /[\u4e00-\u9fff]/u.test(en.replace(/qr finds 迁入|中文|段𬭊/gu, ''))).map(([name]) => name)).toEqual([]);
    expect(all.filter(([name, { zh }]) => !crossed.has(name) && /[a-z]/i.test(zh.replace(filled, '')) && !/[\u4e00-\u9fff]/u.test(zh)).map(([name]) => name)).toEqual([]);
  });
});
