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

/** 0 is the best place a text can be found at; null when it is not found. */
function rankOf(command: Command, wanted: string): number | null {
  const zh = command.name.zh.toLowerCase();
  const en = command.name.en.toLowerCase();
  const initials = pinyinInitials(command.name.zh);
  const places = [zh.indexOf(wanted), initials.indexOf(wanted), ` ${en}`.indexOf(` ${wanted}`), (command.hint ?? '').indexOf(wanted)].filter((place) => place >= 0);
  if (places.length > 0) return Math.min(...places);
  return en.includes(wanted) ? 100 : null;
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
