/** Asks through the office and in raw SQL, and sets the two side by side. */
import { spreadOf } from './figures.ts';
import { looks, type Seat, type Turn } from './looks.ts';
import { between, type Meter, type ProcessorTimes } from './processors.ts';

export interface Sample extends ProcessorTimes {
  ms: number;
}

export interface Drive {
  /** Samples by look; where several ask at once, nobody's processor time is told apart and it is zero. */
  samples: Map<string, Sample[]>;
  requests: number;
  seconds: number;
  spent: ProcessorTimes;
}

/** Goes round the looks until the time is over; every client begins at another one, so that all are asked at all times. */
export async function drive(seats: readonly Seat[], at_once: number, for_seconds: number, meter: Meter, ask: (turn: Turn) => Promise<unknown>): Promise<Drive> {
  const rounds = seats.map((seat) => looks.map((look) => ({ name: look.name, turns: look.turnsOf(seat) })));
  const samples = new Map(looks.map(({ name }) => [name, [] as Sample[]]));
  const alone = at_once === 1;
  const begun = performance.now();
  const atBegin = meter();
  let requests = 0;
  await Promise.all(Array.from({ length: at_once }, async (_, client) => {
    for (let asked = client * 5; performance.now() < begun + for_seconds * 1000; asked++) {
      const lap = Math.floor(asked / looks.length);
      const { name, turns } = rounds[(alone ? lap : client) % rounds.length]![asked % looks.length]!;
      const turn = turns[lap % turns.length];
      if (turn === undefined) continue;
      const before = alone ? meter() : atBegin;
      const started = performance.now();
      await ask(turn);
      const ms = performance.now() - started;
      samples.get(name)!.push({ ms, ...between(before, alone ? meter() : before) });
      requests++;
    }
  }));
  return { samples, requests, seconds: (performance.now() - begun) / 1000, spent: between(atBegin, meter()) };
}

export interface Finding {
  look: string;
  p95_ms: number;
  /** The same without the time in line for a processor. */
  quiet_p95_ms: number;
  bar_ms: number;
}

/** Both may wait at the same moment, which counts twice; no request takes less than its own work. */
const quiet = ({ ms, waited_ms, office_ms, server_ms }: Sample): number => Math.max(ms - waited_ms, office_ms + server_ms);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One officer at a time: what each look takes, where it goes, and its bar. @returns the looks with their bars */
export function printAlone(title: string, ours: Drive, raw: Drive): Finding[] {
  const heads = ['count', 'p50', 'p95', 'p99', 'quiet p50', 'quiet p95', 'office', 'server', 'raw p50', 'ratio', 'bar p95'];
  console.log(`\n${title} (ms; quiet: without waiting for a processor; office, server: mean processor time; ratio: quiet p50 to that of raw SQL)`);
  console.log(''.padEnd(36) + heads.map((head) => head.padStart(10)).join(''));
  return looks.flatMap(({ name, bar_ms }) => {
    const samples = ours.samples.get(name)!;
    if (samples.length === 0) return [];
    const asked = spreadOf(samples.map(({ ms }) => ms));
    const calm = spreadOf(samples.map(quiet));
    const rawCalm = spreadOf(raw.samples.get(name)!.map(quiet));
    const figures = [asked.p50_ms, asked.p95_ms, asked.p99_ms, calm.p50_ms, calm.p95_ms, mean(samples.map(({ office_ms }) => office_ms)), mean(samples.map(({ server_ms }) => server_ms)), rawCalm.p50_ms, calm.p50_ms / rawCalm.p50_ms];
    const verdict = asked.p95_ms <= bar_ms ? '' : calm.p95_ms <= bar_ms ? '  missed on this busy machine' : '  missed';
    console.log(name.padEnd(36) + String(asked.count).padStart(10) + figures.map((figure) => figure.toFixed(2).padStart(10)).join('') + String(bar_ms).padStart(10) + verdict);
    return [{ look: name, p95_ms: asked.p95_ms, quiet_p95_ms: calm.p95_ms, bar_ms }];
  });
}

/** Several officers at once: what each of them waits, and what the machine gives in all. */
export function printTogether(title: string, ours: Drive, raw: Drive): void {
  console.log(`\n${title}: ${(ours.requests / ours.seconds).toFixed(0)} requests a second, raw SQL ${(raw.requests / raw.seconds).toFixed(0)}; processor time of a request: `
    + `office ${(ours.spent.office_ms / ours.requests).toFixed(2)} ms, server ${(ours.spent.server_ms / ours.requests).toFixed(2)} ms (raw ${(raw.spent.server_ms / raw.requests).toFixed(2)} ms)`);
  console.log(''.padEnd(36) + ['count', 'p50', 'p95', 'p99', 'raw p50', 'raw p95'].map((head) => head.padStart(10)).join(''));
  for (const { name } of looks) {
    const asked = spreadOf(ours.samples.get(name)!.map(({ ms }) => ms));
    if (asked.count === 0) continue;
    const plain = spreadOf(raw.samples.get(name)!.map(({ ms }) => ms));
    console.log(name.padEnd(36) + String(asked.count).padStart(10) + [asked.p50_ms, asked.p95_ms, asked.p99_ms, plain.p50_ms, plain.p95_ms].map((figure) => figure.toFixed(2).padStart(10)).join(''));
  }
}
