import { describe, expect, it } from 'vitest';
import { clashes, isPlain, keyOf } from '../kit/keyboard.ts';
import { dialogKeys } from '../kit/dialog.tsx';
import { globalKeys, reviewKeys, screens } from './keys.ts';

describe.each(Object.entries(screens))('%s', (_name, { keys }) => {
  it('gives no key two meanings, with the keys that act everywhere', () => {
    expect(clashes(globalKeys, keys)).toEqual([]);
  });
  it('names only keys that a keyboard can say', () => {
    for (const key of Object.values({ ...globalKeys, ...keys }).flatMap((binding) => binding.keys)) {
      const [last, ...modifiers] = (key === '+' ? ['+'] : key.split('+')).reverse() as [string, ...string[]];
      const code = /^[A-Za-z]$/.test(last) ? `Key${last.toUpperCase()}` : /^\d$/.test(last) ? `Digit${last}` : last;
      const browser: Record<string, string> = { Esc: 'Escape', Up: 'ArrowUp', Down: 'ArrowDown', Left: 'ArrowLeft', Right: 'ArrowRight' };
      const press = {
        key: browser[last] ?? last, code, keyCode: 0, isComposing: false, metaKey: false, repeat: false,
        ctrlKey: modifiers.includes('Ctrl'), altKey: modifiers.includes('Alt'), shiftKey: modifiers.includes('Shift'),
      };
      expect(keyOf(press)).toBe(key);
    }
  });
});

it('a dialog gives no key two meanings', () => {
  expect(clashes(dialogKeys)).toEqual([]);
});

it('acts that a slip of the finger must not reach are chords, or open a dialog first', () => {
  const atOnce = ['accept', 'confirm_out', 'execute', 'request_supplement', 'refuse_acceptance', 'object_out', 'answer_supplement', 'withdraw', 'terminate'] as const;
  for (const act of atOnce) for (const key of reviewKeys[act].keys) expect(isPlain(key), act).toBe(false);
});
