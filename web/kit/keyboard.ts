/**
 * Keys of a screen. Chinese input methods come first: while one is composing, nothing here fires.
 * Keys without Ctrl or Alt act only where a list or page region has the focus, never while typing
 * (WCAG 2.2, 2.1.4), and can be switched off.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { Text } from './language.ts';

/** One act of a screen: its keys (the first is shown on the button) and what it is called in the help. */
export interface Binding {
  keys: readonly string[];
  label: Text;
  /** Goes on while the key is held (moving in a list); every other act happens once for one press. */
  repeats?: boolean;
  /** How a row of like keys is written, such as `Alt+1…9`. */
  shown?: string;
}
export type Keymap = Readonly<Record<string, Binding>>;

/** What the rules need of a keyboard event. */
export interface Press {
  key: string;
  code: string;
  keyCode: number;
  isComposing: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  getModifierState?: (modifier: string) => boolean;
}

const named: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right', ' ': 'Space' };
/** Full-width punctuation that an input method leaves behind when it is on but not composing. */
const narrow: Readonly<Record<string, string>> = { '？': '?', '、': '/', '／': '/', '【': '[', '】': ']', '［': '[', '］': ']', '＋': '+', '－': '-', '＝': '=' };

/**
 * The name of a key press such as `Ctrl+Enter`, `Alt+S`, `j`, `?`; null when it belongs to an input
 * method (composing, or keyCode 229 as browsers mark keys that one has taken) or to the system.
 */
export function keyOf(press: Press): string | null {
  if (press.isComposing || press.keyCode === 229) return null;
  if (press.metaKey || press.getModifierState?.('AltGraph') === true) return null;
  if (['Process', 'Dead', 'Unidentified', 'Control', 'Alt', 'Shift', 'Meta', 'CapsLock'].includes(press.key)) return null;
  const chord = (press.ctrlKey ? 'Ctrl+' : '') + (press.altKey ? 'Alt+' : '');
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1];
  if (chord !== '') {
    // By place on the keyboard, as Alt changes the character on some systems.
    const plain = letter ?? digit ?? named[press.key] ?? (press.key.length === 1 ? narrow[press.key] ?? press.key : press.key);
    return chord + (press.shiftKey ? 'Shift+' : '') + plain;
  }
  if (press.key.length > 1) return (press.shiftKey ? 'Shift+' : '') + (named[press.key] ?? press.key);
  if (/^[a-z]$/i.test(press.key)) return (press.shiftKey ? 'Shift+' : '') + press.key.toLowerCase();
  return named[press.key] ?? narrow[press.key] ?? press.key;
}

/** Whether a key is a plain one, which needs a region with the focus. */
export function isPlain(key: string): boolean {
  return !/^(Ctrl\+|Alt\+|F\d+$|Esc$)/.test(key);
}

/** Where the focus is when a key is pressed. */
export interface Place {
  /** In a text field, a list box or anything editable. */
  typing: boolean;
  /** On a button, link or check box, which takes Enter and Space for itself. */
  control: boolean;
  /** Inside an element that takes plain keys (`data-keys`). */
  region: boolean;
  /** Plain keys are switched on. */
  plain_keys: boolean;
}

/** The act that a press means on a screen, or null. */
export function actFor(press: Press, keymap: Keymap, place: Place): string | null {
  const key = keyOf(press);
  if (key === null) return null;
  if (isPlain(key)) {
    if (place.typing || !place.region || !place.plain_keys) return null;
    if (place.control && (key === 'Enter' || key === 'Space')) return null;
  }
  return Object.keys(keymap).find((act) => keymap[act]!.keys.includes(key)) ?? null;
}

/** Keys that mean two things on one screen: none is allowed. */
export function clashes(...keymaps: readonly Keymap[]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const keymap of keymaps) {
    for (const [act, binding] of Object.entries(keymap)) {
      for (const key of binding.keys) {
        if (seen.has(key)) found.push(`${key}: ${seen.get(key)}, ${act}`);
        seen.set(key, act);
      }
    }
  }
  return found;
}

const plainKeysSetting = 'huzheng.plain_keys';

export function plainKeysOn(): boolean {
  return localStorage.getItem(plainKeysSetting) !== 'off';
}
export function setPlainKeys(on: boolean): void {
  localStorage.setItem(plainKeysSetting, on ? 'on' : 'off');
}

function placeOf(target: EventTarget | null): Place {
  const element = target instanceof Element ? target : null;
  const field = element?.closest('input, textarea, select, [contenteditable="true"]') as HTMLInputElement | null | undefined;
  const tick = field?.tagName === 'INPUT' && (field.type === 'checkbox' || field.type === 'button');
  return {
    typing: field != null && !tick,
    control: element?.closest('button, a[href], summary') != null || tick === true,
    region: element?.closest('[data-keys]') != null,
    plain_keys: plainKeysOn(),
  };
}

interface Scope {
  keymap: Keymap;
  handlers: () => Readonly<Record<string, ((key: string) => void) | undefined>>;
  modal: boolean;
}
const scopes: Scope[] = [];

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  let top = scopes.length;
  while (top > 0 && !scopes[top - 1]!.modal) top -= 1;
  // Under an open dialog the screen is asleep: the dialog's keys alone are awake.
  const awake = top > 0 ? [scopes[top - 1]!] : scopes;
  for (const scope of awake) {
    const act = actFor(event, scope.keymap, placeOf(event.target));
    const handler = act === null ? undefined : scope.handlers()[act];
    if (act === null || handler === undefined) continue;
    event.preventDefault();
    if (!event.repeat || scope.keymap[act]!.repeats === true) handler(keyOf(event)!);
    return;
  }
}

/**
 * Binds the keys of a screen or a dialog while it is shown.
 * @param options.modal keys of a dialog, which silence those of the screen below
 */
export function useKeys<K extends Keymap>(keymap: K, handlers: { [A in keyof K]?: ((key: string) => void) | undefined }, options: { modal?: boolean; off?: boolean } = {}): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  const { modal = false, off = false } = options;
  useEffect(() => {
    if (off) return undefined;
    const scope: Scope = { keymap, handlers: () => latest.current as Record<string, ((key: string) => void) | undefined>, modal };
    if (scopes.length === 0) window.addEventListener('keydown', onKeyDown);
    scopes.push(scope);
    return () => {
      scopes.splice(scopes.indexOf(scope), 1);
      if (scopes.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [keymap, modal, off]);
}
