/** Plain statistics of measured milliseconds, and how they are printed. */
export interface Spread {
  count: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export function spreadOf(milliseconds: readonly number[]): Spread {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2));
  return { count: sorted.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}

export function printSpreads(title: string, spreads: Readonly<Record<string, Spread>>): void {
  console.log(`\n${title}`);
  console.log(`${'step'.padEnd(34)}${'count'.padStart(8)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}${'p99 ms'.padStart(10)}`);
  for (const [name, spread] of Object.entries(spreads)) {
    console.log(`${name.padEnd(34)}${String(spread.count).padStart(8)}${spread.p50_ms.toFixed(2).padStart(10)}${spread.p95_ms.toFixed(2).padStart(10)}${spread.p99_ms.toFixed(2).padStart(10)}`);
  }
}

/** `--name value` or `--name=value` as a number. */
export function numberOption(name: string, fallback: number): number {
  const words = process.argv.slice(2);
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return fallback;
  const raw = words[at]!.includes('=') ? words[at]!.split('=')[1] : words[at + 1];
  const value = Number(raw);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} takes a number above 0, not ${raw}`);
  return value;
}
