/**
 * How long officers wait for what they look up, through HTTP with session, purpose, access record and row security.
 * `node bench/reads.ts [--people N] [--seed N] [--seconds N] [--where]`
 *
 * Without --people it runs at 20 thousand and at 1 million. Officers of a station, a county, a prefecture and the
 * province ask everything of parts/looks.ts in turn, one at a time and eight at once, for --seconds each time.
 */
import { enlist, openServer, startOffice, type BenchServer, type Office } from './parts/bureau.ts';
import { drive, printAlone, printTogether, type Finding } from './parts/comparison.ts';
import { numberOption } from './parts/figures.ts';
import { rawStatements, type Seat, type Turn } from './parts/looks.ts';
import { drawProbes } from './parts/probes.ts';
import { meterOf } from './parts/processors.ts';
import { fillQueues, type Staff } from './parts/queues.ts';
import { loadRegister } from './parts/register.ts';
import { printWhere } from './parts/where.ts';

const people = numberOption('people', 0);
const seed = numberOption('seed', 20261122);
const seconds = numberOption('seconds', 10);
/** With --where: where the server's time goes, by statement. */
const where = process.argv.includes('--where');

const clients = 8;
const probesEach = 200;
const casesEach = 12;
const copies = 50;

const levels = [
  { level: 'station', role: 'station_officer', digits: 12 }, { level: 'county', role: 'county_section_chief', digits: 6 },
  { level: 'prefecture', role: 'prefecture_division_chief', digits: 4 }, { level: 'province', role: 'province_bureau_chief', digits: 2 },
] as const;

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
      for (const { level, seats } of await seatOfficers(bench, office)) {
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

/** Eight officers of each level around the county with the most people, at work on full queues. */
async function seatOfficers(bench: BenchServer, office: Office): Promise<{ level: string; seats: Seat[] }[]> {
  const { rows: stations } = await bench.owner.query<{ station_code: string; county: string }>(
    `select station_code, left(station_code, 6) as county from population.person group by station_code order by sum(count(*)) over (partition by left(station_code, 6)) desc, count(*) desc, station_code`);
  const county = stations[0]!.county;
  const elsewhere = stations.find((station) => station.county !== county)!.county;
  const ownStations = stations.filter((station) => station.county === county).slice(0, clients).map(({ station_code }) => station_code);
  const orgOf = (digits: number, at: number): string => (digits === 12 ? ownStations[at % ownStations.length]! : county.slice(0, digits).padEnd(12, '0'));
  const posts = [
    ...levels.flatMap(({ role, digits }, level) => Array.from({ length: clients }, (_, at) => ({ police_number: `7${level}0${at}`, role: role as string, org_code: orgOf(digits, at) }))),
    ...ownStations.map((org_code, at) => ({ police_number: `790${at}`, role: 'station_chief', org_code })),
  ];
  await enlist(bench, posts.map(({ police_number, role, org_code }) => ({ police_number, name: '测量员', kind: 'police' as const, org_code, posts: [{ role, org_code, valid_from: '2020-01-01' }] })));
  const desks = await Promise.all(posts.map(({ police_number }) => office.signIn(police_number)));
  const deskOf = (role: string, org_code: string) => desks[posts.findIndex((post) => post.role === role && post.org_code === org_code)]!;
  const staff = ownStations.map((station): Staff => ({ station, officer: deskOf('station_officer', station), chief: deskOf('station_chief', station) }));
  const { by_station, open } = await fillQueues(bench, staff, elsewhere, casesEach, copies);
  console.log(`queues: ${open} open cases at ${ownStations.length} stations of ${county}`);

  const counties = [...new Set(stations.map((station) => station.county))];
  return Promise.all(levels.map(async ({ level, role, digits }, at) => ({
    level,
    seats: await Promise.all(posts.map((post, seat) => ({ ...post, seat })).filter((post) => post.role === role && post.police_number.startsWith(`7${at}`)).map(async ({ org_code, seat }): Promise<Seat> => ({
      desk: desks[seat]!, org_code, role, counties: counties.filter((code) => code.startsWith(org_code.slice(0, Math.min(digits, 6)))),
      probes: await drawProbes(bench.owner, org_code.slice(0, digits), seed + seat, probesEach),
      cases: [...by_station].filter(([station]) => station.startsWith(org_code.slice(0, digits))).flatMap(([, cases]) => cases),
    }))),
  })));
}
