/** Finding a command by what somebody types. */
import type { Text } from '../kit/language.ts';
import { pinyinInitials } from '../kit/pinyin-initials.ts';

export interface Command {
  name: Text;
  /** A code by which people know it. */
  hint?: string;
  key?: string | undefined;
  run: () => void;
}

/** Words by which a command is known: the parts of its name, their initials, English words, its code. */
function wordsOf({ name, hint }: Command): string[] {
  const parts = name.zh.toLowerCase().split(/[\s:·:]+/);
  return [...parts, ...parts.map(pinyinInitials), ...name.en.toLowerCase().split(/[\s:·]+/), ...(hint === undefined ? [] : [hint])];
}

/** 0: a word begins with the text; 1: it lies inside a word; 2: across words; null when it is not found. */
function rankOf(command: Command, wanted: string): number | null {
  const words = wordsOf(command);
  if (words.some((word) => word.startsWith(wanted))) return 0;
  if (words.some((word) => word.includes(wanted))) return 1;
  return command.name.en.toLowerCase().includes(wanted) || pinyinInitials(command.name.zh).includes(wanted) ? 2 : null;
}

/** Commands that match, best first; all of them while nothing is typed. */
export function findCommands(commands: readonly Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [...commands];
  return commands.map((command, order) => ({ command, order, rank: rankOf(command, wanted) }))
    .filter((found) => found.rank !== null)
    .sort((a, b) => a.rank! - b.rank! || a.order - b.order)
    .map(({ command }) => command);
}
