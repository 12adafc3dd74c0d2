/** Keeps what changes once a year in the process, so that acts do not pay a round trip for it each time. */
import type { Context } from '../../kernel/context.ts';

/** After a load, every process shows the new data within a minute. */
const KEPT_FOR_MILLISECONDS = 60_000;

const kept = new Map<string, { value: unknown; until: number }>();

/** The value under a key of the context's network, read again when it is older than a minute. Failures are not kept. */
export async function remembered<T>(context: Context, key: string, read: () => Promise<T>): Promise<T> {
  const name = `${context.network}:${key}`;
  const found = kept.get(name);
  if (found !== undefined && performance.now() < found.until) return found.value as T;
  const value = await read();
  kept.set(name, { value, until: performance.now() + KEPT_FOR_MILLISECONDS });
  return value;
}

/** Forgets everything, for whoever has just loaded new data in this process. */
export function forgetRemembered(): void {
  kept.clear();
}
