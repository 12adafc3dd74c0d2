/** Officers of all four levels around the county with the most people, each at a desk with full queues and people to ask about. */
import { enlist, type BenchServer, type Desk, type Office } from './bureau.ts';
import type { Seat } from './looks.ts';
import { drawProbes } from './probes.ts';
import { fillQueues } from './queues.ts';

const levels = [
  { level: 'station', role: 'station_officer', digits: 12 }, { level: 'county', role: 'county_section_chief', digits: 6 },
  { level: 'prefecture', role: 'prefecture_division_chief', digits: 4 }, { level: 'province', role: 'province_bureau_chief', digits: 2 },
] as const;

const probesEach = 200;
const longNamedEach = 50;
const casesEach = 12;
const copiesOfEachCase = { open: 50, closed: 200 };

/** @param each officers of each level; at the station level each works at a station of their own */
export async function seatOfficers(bench: BenchServer, office: Office, each: number, seed: number): Promise<{ level: string; seats: Seat[] }[]> {
  const { rows: stations } = await bench.owner.query<{ station_code: string; county: string }>(
    `select station_code, left(station_code, 6) as county from population.person group by station_code order by sum(count(*)) over (partition by left(station_code, 6)) desc, count(*) desc, station_code`);
  const county = stations[0]!.county;
  const elsewhere = stations.find((station) => station.county !== county)!.county;
  const counties = [...new Set(stations.map((station) => station.county))];
  const ownStations = stations.filter((station) => station.county === county).slice(0, each).map(({ station_code }) => station_code);

  const posts = [
    ...levels.flatMap(({ level, role, digits }, at) => Array.from({ length: each }, (_, seat) => ({
      level: level as string, role: role as string, police_number: `7${at}0${seat}`, org_code: digits === 12 ? ownStations[seat % ownStations.length]! : county.slice(0, digits).padEnd(12, '0'),
    }))),
    ...ownStations.map((org_code, seat) => ({ level: 'chief', role: 'station_chief', police_number: `790${seat}`, org_code })),
  ];
  await enlist(bench, posts.map(({ police_number, role, org_code }) => ({ police_number, name: '测量员', kind: 'police' as const, org_code, posts: [{ role, org_code, valid_from: '2020-01-01' }] })));
  const seated = await Promise.all(posts.map(async (post) => ({ ...post, desk: await office.signIn(post.police_number) })));
  const deskOf = (role: string, org_code: string): Desk => seated.find((seat) => seat.role === role && seat.org_code === org_code)!.desk;
  const { by_station, open, closed } = await fillQueues(
    bench, ownStations.map((station) => ({ station, officer: deskOf('station_officer', station), chief: deskOf('station_chief', station) })), elsewhere, casesEach, copiesOfEachCase);
  console.log(`queues: ${open} open and ${closed} closed cases at ${ownStations.length} stations of ${county}`);

  const probes = new Map<string, Pick<Seat, 'probes' | 'long_named'>>();
  const probesOf = async (prefix: string): Promise<Pick<Seat, 'probes' | 'long_named'>> => {
    const known = probes.get(prefix) ?? { probes: await drawProbes(bench.owner, prefix, seed, probesEach), long_named: await drawProbes(bench.owner, prefix, seed, longNamedEach, 4) };
    probes.set(prefix, known);
    return known;
  };
  const desks: { level: string; seats: Seat[] }[] = [];
  for (const { level, digits } of levels) {
    const seats: Seat[] = [];
    for (const { desk, role, org_code } of seated.filter((seat) => seat.level === level)) {
      const prefix = org_code.slice(0, digits);
      const { probes, long_named } = await probesOf(prefix);
      const share = seats.length / each;
      seats.push({
        desk, org_code, role, probes: turned(probes, share), long_named: turned(long_named, share), counties: counties.filter((code) => code.startsWith(prefix.slice(0, 6))),
        cases: [...by_station].filter(([station]) => station.startsWith(prefix)).flatMap(([, cases]) => cases),
      });
    }
    desks.push({ level, seats });
  }
  return desks;
}

/** The same list begun elsewhere, so that no two officers of one office ask the same at the same time. */
function turned<T>(list: readonly T[], share: number): T[] {
  const from = Math.floor(list.length * share);
  return [...list.slice(from), ...list.slice(0, from)];
}
