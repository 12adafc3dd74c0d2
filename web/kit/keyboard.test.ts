import { describe, expect, it } from 'vitest';
import { actFor, clashes, keyOf, type Keymap, type Place, type Press } from './keyboard.ts';

function press(key: string, more: Partial<Press> = {}): Press {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key;
  return { key, code, keyCode: 0, isComposing: false, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, repeat: false, ...more };
}
const screen: Keymap = {
  next: { keys: ['j', 'Down'], label: { zh: '下一件', en: 'Next' }, repeats: true },
  open: { keys: ['Enter'], label: { zh: '打开', en: 'Open' } },
  accept: { keys: ['Ctrl+Enter'], label: { zh: '受理', en: 'Accept' } },
  help: { keys: ['?', 'F1'], label: { zh: '帮助', en: 'Help' } },
  filter: { keys: ['/'], label: { zh: '筛选', en: 'Filter' } },
  back: { keys: ['Esc'], label: { zh: '返回', en: 'Back' } },
};
const list: Place = { typing: false, control: false, region: true, plain_keys: true };
const textField: Place = { ...list, typing: true };

describe('names of keys', () => {
  it.each<[string, Press, string | null]>([
    ['a letter', press('j'), 'j'],
    ['a letter under caps lock', press('J'), 'j'],
    ['a letter with shift', press('J', { shiftKey: true }), 'Shift+j'],
    ['a chord', press('Enter', { ctrlKey: true }), 'Ctrl+Enter'],
    ['a chord whose character the system changed', press('ß', { altKey: true, code: 'KeyS' }), 'Alt+S'],
    ['a chord with shift', press('S', { altKey: true, shiftKey: true }), 'Alt+Shift+S'],
    ['a digit on the number pad', press('1', { altKey: true, code: 'Numpad1' }), 'Alt+1'],
    ['a question mark', press('?', { shiftKey: true, code: 'Slash' }), '?'],
    ['a full-width question mark', press('\uff1f', { shiftKey: true, code: 'Slash' }), '?'],
    ['the enumeration comma on the slash key', press('\u3001', { code: 'Slash' }), '/'],
    ['an arrow', press('ArrowDown'), 'Down'],
    ['escape', press('Escape'), 'Esc'],
    ['a modifier alone', press('Control', { ctrlKey: true }), null],
    ['AltGr typing a character', press('@', { ctrlKey: true, altKey: true, getModifierState: (modifier) => modifier === 'AltGraph' }), null],
    ['the key of the system', press('k', { metaKey: true }), null],
  ])('%s', (_what, event, name) => {
    expect(keyOf(event)).toBe(name);
  });
});

describe('an input method', () => {
  const marks: Array<[string, Partial<Press>]> = [
    ['composing', { isComposing: true }],
    ['having taken the key, marked 229', { keyCode: 229 }],
    ['having taken the key, named Process', { key: 'Process' }],
  ];
  it.each(marks)('%s: no act of any screen fires, chords included', (_how, mark) => {
    const presses = [press('j'), press('Enter'), press('Enter', { ctrlKey: true }), press('Escape'), press('?'), press('/'), press('F1')];
    for (const event of presses) {
      for (const place of [list, textField]) expect(actFor({ ...event, ...mark }, screen, place)).toBeNull();
    }
  });
});

describe('a plain key', () => {
  it('acts in a list', () => {
    expect(actFor(press('j'), screen, list)).toBe('next');
  });
  it('types in a text field, even inside a list', () => {
    expect(actFor(press('j'), screen, textField)).toBeNull();
    expect(actFor(press('?'), screen, textField)).toBeNull();
  });
  it('does nothing where no region has the focus', () => {
    expect(actFor(press('j'), screen, { ...list, region: false })).toBeNull();
  });
  it('does nothing when plain keys are switched off', () => {
    expect(actFor(press('j'), screen, { ...list, plain_keys: false })).toBeNull();
    expect(actFor(press('F1'), screen, { ...list, plain_keys: false })).toBe('help');
  });
  it('leaves Enter to the button that has the focus', () => {
    expect(actFor(press('Enter'), screen, { ...list, control: true })).toBeNull();
    expect(actFor(press('Enter'), screen, list)).toBe('open');
  });
});

it('acts by chord and by escape while somebody types', () => {
  expect(actFor(press('Enter', { ctrlKey: true }), screen, textField)).toBe('accept');
  expect(actFor(press('Escape'), screen, textField)).toBe('back');
});

it('names every key that would mean two things', () => {
  expect(clashes(screen)).toEqual([]);
  expect(clashes(screen, { other: { keys: ['j'], label: { zh: '别的', en: 'Other' } } })).toEqual(['j: next, other']);
});
