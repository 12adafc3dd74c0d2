/** What the operator sees: one plain line per step, Chinese first, with the time it took. */
import type { Text } from '../../kernel/refusal.ts';

export function say(line: Text): void {
  console.log(`  ${line.zh} · ${line.en}`);
}

/** Does a step and says when it is done, if there is something to say. */
export async function step<T>(act: () => Promise<T>, sentence: (result: T) => Text | undefined): Promise<T> {
  const begun = performance.now();
  const result = await act();
  const line = sentence(result);
  if (line !== undefined) {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`✓ ${line.zh} · ${line.en} (${seconds} s)`);
  }
  return result;
}
