/** Seeds, sizes and the figures that the fault tests print. */

/** A number from the environment, so that a run that failed can be run again. */
export function setting(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} takes a number of at least 0, not ${process.env[name]}`);
  return value;
}

export const seed = setting('HUZHENG_FAULT_SEED', 20261122);

/** `p50 1.2 s, max 3.4 s` of milliseconds. */
export function spread(milliseconds: readonly number[]): string {
  if (milliseconds.length === 0) return 'none';
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const seconds = (at: number): string => `${(sorted[at]! / 1000).toFixed(2)} s`;
  return `p50 ${seconds(Math.floor((sorted.length - 1) / 2))}, max ${seconds(sorted.length - 1)}`;
}

/** `this 3 that 4` of a tally. */
export function listed(tally: ReadonlyMap<string, number>): string {
  return [...tally].map(([name, count]) => `${name} ${count}`).join(' ') || 'none';
}
