/**
 * How long officers wait for what they look up, through HTTP with session, purpose, access record and row security.
 * `node bench/reads.ts [--people N] [--seed N] [--seconds N] [--where]`
 *
 * Without --people it runs at 20 thousand and at 1 million. Officers of a station, a county, a prefecture and the
 * province ask everything of parts/looks.ts in turn, one at a time and eight at once, for --seconds each time.
 */
import { openServer, startOffice, type BenchServer } from './parts/bureau.ts';
import { drive, printAlone, printTogether, type Finding } from './parts/comparison.ts';
import { numberOption } from './parts/figures.ts';
import { rawStatements, type Turn } from './parts/looks.ts';
import { meterOf } from './parts/processors.ts';
import { loadRegister } from './parts/register.ts';
import { seatOfficers } from './parts/seats.ts';
import { printWhere } from './parts/where.ts';

const people = numberOption('people', 0);
const seed = numberOption('seed', 20261122);
const seconds = numberOption('seconds', 10);
/** With --where: where the server's time goes, by statement. */
const where = process.argv.includes('--where');

const clients = 8;

for (const size of people > 0 ? [people] : [20_000, 1_000_000]) await measure(size);

function throughOffice(turn: Turn): Promise<unknown> {
  return turn.ask();
}

function inRawSql({ owner }: BenchServer): (turn: Turn) => Promise<unknown> {
  return ({ raw: name, values }) => owner.query({ name, text: rawStatements[name], values });
}

async function measure(size: number): Promise<void> {
  const bench = await openServer(where);
  try {
    const { rows, seconds: spent } = await loadRegister(bench, size, seed);
    const loaded = Object.values(rows).reduce((sum, count) => sum + count, 0);
    console.log(`\nreads: ${size} people, seed ${seed}, ${seconds} s a round, PostgreSQL with fsync on, office in one process`);
    console.log(`load with all checks: ${loaded} rows (${rows.persons} persons with ${rows.addresses} addresses) in ${(spent.loaded + spent.indexed).toFixed(0)} s, of which search indexes ${spent.indexed.toFixed(0)} s: `
      + `${Math.round(loaded / (spent.loaded + spent.indexed))} rows/s; inventing them took ${spent.invented.toFixed(0)} s`);
    const office = await startOffice(bench);
    try {
      const findings: (Finding & { level: string })[] = [];
      for (const { level, seats } of await seatOfficers(bench, office, clients, seed)) {
        // Every connection is open and knows its statements before anything counts.
        for (const ask of [throughOffice, inRawSql(bench)]) await drive(seats, clients, seconds / 5, meterOf(0, []), ask);
        const { rows: servers } = await bench.owner.query<{ pid: number }>(`select pid from pg_stat_activity where application_name in ('huzheng-office', 'huzheng-bench')`);
        const meter = meterOf(office.child.pid!, servers.map(({ pid }) => pid));
        for (const at_once of [1, clients]) {
          if (where) await bench.owner.query('select pg_stat_statements_reset()');
          const ours = await drive(seats, at_once, seconds, meter, throughOffice);
          if (where) await printWhere(bench.owner, ours.requests, 'request');
          const raw = await drive(seats, at_once, seconds / 5, meter, inRawSql(bench));
          if (at_once === 1) findings.push(...printAlone(`${level} officers, one at a time, ${size} people`, ours, raw).map((finding) => ({ ...finding, level })));
          else printTogether(`${level} officers, ${at_once} at once, ${size} people`, ours, raw);
        }
      }
      printVerdict(size, findings);
    } finally {
      await office.close();
    }
  } finally {
    await bench.close();
  }
}

/** Which bars were missed by one officer at a time, if any. */
function printVerdict(size: number, findings: readonly (Finding & { level: string })[]): void {
  const missed = findings.filter(({ p95_ms, bar_ms }) => p95_ms > bar_ms);
  console.log(`\n${size} people: ${findings.length - missed.length} of ${findings.length} looks within their bars at the 95th percentile${missed.length === 0 ? '' : '; missed:'}`);
  for (const { level, look, p95_ms, quiet_p95_ms, bar_ms } of missed) console.log(`  ${level}: ${look}, ${p95_ms} ms (${quiet_p95_ms} ms without waiting for a processor), bar ${bar_ms} ms`);
}
