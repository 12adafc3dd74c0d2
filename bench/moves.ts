/**
 * Completed one-stop moves a second through HTTP, beside the yardstick in the same run.
 * `node bench/moves.ts [--people N] [--seed N] [--clients N] [--seconds N]`
 *
 * One move is the whole life of a case of service 0503 at the counter: entered, reviewed on screen, accepted,
 * reviewed by the chief, approved by the county, confirmed by the origin, executed; each a request of a
 * signed-in officer with every check, audit record, access record and row security on.
 */
import { enlist, openBureau, startOffice, type Desk } from './parts/bureau.ts';
import { numberOption, printSpreads, spreadOf } from './parts/figures.ts';
import { declarationOf, listDestinations, listMovers, type Mover } from './parts/movers.ts';
import { printWhere } from './parts/where.ts';
import { prepareYardstick, runYardstick } from './parts/yardstick.ts';

const people = numberOption('people', 20_000);
const seed = numberOption('seed', 20261122);
const clients = numberOption('clients', 16);
const seconds = numberOption('seconds', 20);

/** With --where: where the server's time goes, by statement. */
const where = process.argv.includes('--where');

const bench = await openBureau(people, seed, where);
const office = await startOffice(bench);
try {
  const { target, origin } = bench.bureau.stations;
  const [targetCounty, originCounty] = [target.slice(0, 6), origin.slice(0, 6)];
  // Every station of both counties works, as on any morning: an officer each, and a chief where people arrive.
  const { rows: stations } = await bench.owner.query<{ org_code: string }>(
    `select org_code from reference.organisation where level = 'STATION' and (org_code like $1 || '%' or org_code like $2 || '%') order by org_code`, [targetCounty, originCounty]);
  const staff = stations.flatMap(({ org_code }, at) => (['station_officer', 'station_chief'] as const).map((role, post) => ({
    police_number: `8${String(at).padStart(3, '0')}${post}`, name: '测量员', kind: 'police' as const, org_code, posts: [{ role, org_code, valid_from: '2020-01-01' }],
  })));
  await enlist(bench, staff);
  const desks = new Map<string, Desk>();
  for (const { police_number, posts: [post] } of staff) desks.set(`${post!.role}@${post!.org_code}`, await office.signIn(police_number));
  const { rows: [county] } = await bench.owner.query<{ police_number: string }>(
    `select o.police_number from accounts.officer o join accounts.post p using (officer_id) where p.role = 'county_section_chief' and p.org_code = $1 order by 1 limit 1`, [`${targetCounty}000000`]);
  const countyDesk = await office.signIn(county!.police_number);
  const deskOf = (role: string, org: string): Desk => desks.get(`${role}@${org}`)!;

  const movers = await listMovers(bench.owner, originCounty);
  const addresses = await listDestinations(bench.owner, targetCounty, 5000);

  const times: Record<string, number[]> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const answer = await work();
    (times[step] ??= []).push(performance.now() - started);
    return answer;
  };
  type Acting = { case_id: string; case_version: number };
  const move = async (mover: Mover, at: number): Promise<void> => {
    const address = addresses[at % addresses.length]!;
    const officer = deskOf('station_officer', address.station_code);
    let acting = await timed('enter (POST cases)', () => officer.post<Acting>('/api/cases', declarationOf(mover, address)));
    await timed('review screen (GET case)', () => officer.get(`/api/cases/${acting.case_id}`));
    const act = async (step: string, desk: Desk, verb: string, body: object = {}): Promise<void> => {
      acting = await timed(step, () => desk.post<Acting>(`/api/cases/${acting.case_id}/${verb}`, { case_version: acting.case_version, ...body }));
    };
    await act('accept', officer, 'accept');
    await act('review', deskOf('station_chief', address.station_code), 'review', { agree: true, opinion: '同意' });
    await act('approve', countyDesk, 'approve', { agree: true, opinion: '同意' });
    await act('confirm out', deskOf('station_officer', mover.station_code), 'confirm-out');
    await act('execute', officer, 'execute');
  };

  let next = 0;
  const drive = async (forSeconds: number): Promise<number> => {
    const until = performance.now() + forSeconds * 1000;
    let completed = 0;
    await Promise.all(Array.from({ length: clients }, async () => {
      while (performance.now() < until && next < movers.length) {
        const at = next++;
        await move(movers[at]!, at);
        completed++;
      }
    }));
    return completed / forSeconds;
  };

  await prepareYardstick(bench.owner, people);
  await drive(Math.min(3, seconds / 4));
  if (where) await bench.owner.query('select pg_stat_statements_reset()');
  const warm = next;
  for (const step of Object.keys(times)) delete times[step];
  // The two take turns, so that a machine that changes its speed changes both.
  const rounds = 2;
  const ours: number[] = [];
  const raw: number[] = [];
  let exhausted = false;
  for (let round = 0; round < rounds && !exhausted; round++) {
    const before = next;
    const started = performance.now();
    await drive(seconds / rounds);
    ours.push((next - before) / ((performance.now() - started) / 1000));
    exhausted = next >= movers.length;
    if (where) break;
    raw.push(await runYardstick(bench.police_url, clients, seconds / rounds, people));
  }
  if (where) await printWhere(bench.owner, next - warm, 'move');
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  console.log(`moves: ${people} people, seed ${seed}, ${clients} clients, ${seconds} s in ${ours.length} rounds, PostgreSQL with fsync on, office in one process`);
  console.log(`completed moves a second through HTTP (7 requests each): ${mean(ours).toFixed(1)}`);
  console.log(`yardstick, the same work as minimal SQL in five transactions: ${mean(raw).toFixed(1)}`);
  console.log(`ratio: ${(mean(ours) / mean(raw)).toFixed(3)} (aim 0.35)`);
  if (exhausted) console.log(`note: all ${movers.length} movers of the origin county were used up; give more --people for a longer run`);
  printSpreads(`latency at ${clients} clients`, Object.fromEntries(Object.entries(times).map(([step, values]) => [step, spreadOf(values)])));

  // The bars of single requests are for an officer at a counter, not for a machine at its limit.
  for (const step of Object.keys(times)) delete times[step];
  const calmUntil = performance.now() + Math.min(8, seconds) * 1000;
  while (performance.now() < calmUntil && next < movers.length) await move(movers[next]!, next++);
  printSpreads('latency of one officer at a time', Object.fromEntries(Object.entries(times).map(([step, values]) => [step, spreadOf(values)])));
} finally {
  await office.close();
  await bench.close();
}
