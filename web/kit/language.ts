/** The two languages of a screen. Chinese comes first, English is complete; no sentence is put together from pieces. */
import type { Text } from '../../src/kernel/operation.ts';

export type { Text } from '../../src/kernel/operation.ts';
export type Language = keyof Text;

const listeners = new Set<() => void>();
let current: Language = 'zh';

export function language(): Language {
  return current;
}

/** Switches every text at once; what somebody has typed stays. */
export function setLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * A text in the language of the screen.
 * @param facts values for the `{name}` places of the sentence
 */
export function say(text: Text, facts?: Readonly<Record<string, string | number>>): string {
  const sentence = text[current];
  return facts === undefined ? sentence : sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole));
}
