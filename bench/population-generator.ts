/**
 * How fast the invented population is made: `node bench/population-generator.ts [people] [seed]`.
 * Prints rows, seconds and the largest memory of the process; parts are dropped as a loader would.
 */
import { generateStations, loadDemoStations, type Population } from '../src/programs/demo/population/index.ts';

const people = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const started = performance.now();
const rows: Record<string, number> = {};
for (const part of generateStations({ people, seed, reference_on: '2026-11-01', stations: loadDemoStations() })) {
  for (const table of Object.keys(part) as (keyof Population)[]) rows[table] = (rows[table] ?? 0) + part[table].length;
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({
  people,
  seconds: Number(seconds.toFixed(2)),
  people_per_second: Math.round(people / seconds),
  peak_megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  rows,
}, null, 2));
