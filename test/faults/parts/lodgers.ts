/** People who may move: the demo bureau has too few at one station for a long run. */
import pg from 'pg';
import { newId } from '../../../src/kernel/index.ts';
import { loadPopulation } from '../../../src/modules/population/index.ts';
import { checkCharacter } from '../../../src/modules/reference/index.ts';

export interface Lodger {
  person_id: string;
  name: string;
  id_number: string;
}

const birth_on = '1985-06-15';
const since_on = '2020-01-01';

/** Registers `count` adults at a station, each in a household beside its head and free to move alone. */
export async function addLodgers(policeUrl: string, station_code: string, count: number): Promise<Lodger[]> {
  const pool = new pg.Pool({ connectionString: policeUrl, max: 1 });
  // The server may end before the last idle connection does.
  pool.on('error', () => {});
  const client = await pool.connect();
  try {
    const { rows: [address] } = await client.query<{ address_id: string }>('select address_id from reference.standard_address where station_code = $1 order by line limit 1', [station_code]);
    const { rows: [counter] } = await client.query<{ last_sequence: number }>(
      `insert into population.household_counter as c values ($1, $2) on conflict (prefix) do update set last_sequence = c.last_sequence + $2 returning last_sequence`, [station_code.slice(0, 9), count]);
    const { rows: taken } = await client.query<{ id_number: string }>('select id_number from population.person where birth_on = $1', [birth_on]);
    const numbers = idNumbers(station_code.slice(0, 6), new Set(taken.map((row) => row.id_number)));
    const person = (name: string, relation: string) => ({ person_id: newId(), name, id_number: numbers.next().value, relation });
    const households = Array.from({ length: count }, (_, at) => {
      const sign = String.fromCodePoint(0x4e00 + at);
      const lodger = person(`寄居${sign}`, '97');
      return { household_id: newId(), household_no: station_code.slice(0, 9) + String(counter!.last_sequence - at).padStart(6, '0'), members: [person(`房东${sign}`, '02'), lodger], lodger };
    });
    const place = { station_code, address_id: address!.address_id };
    await loadPopulation(client, {
      households: households.map(({ household_id, household_no }) => ({ household_id, household_no, ...place, household_type: '1', established_on: since_on, status: 'active' })),
      persons: households.flatMap(({ household_id, members }) => members.map(({ relation: _, ...member }) => ({
        ...member, ...place, household_id, former_name: null, sex: '1', ethnicity: '01', birth_on, birthplace: null, native_place: null, status: '0', education: null, marital_status: '10',
        military_service: null, blood_type: null, height_cm: null, occupation: null, workplace: null, phone: null, synthetic: true,
      }))),
      memberships: households.flatMap(({ household_id, members }) => members.map(({ person_id, relation }) => ({ membership_id: newId(), person_id, household_id, relation, from_on: since_on, to_on: null }))),
      kin_links: [], movements: [],
    }, { case_id: newId(), recorded_at: new Date('2026-01-01T00:00:00+08:00') });
    return households.map(({ lodger: { person_id, name, id_number } }) => ({ person_id, name, id_number }));
  } finally {
    client.release();
    await pool.end();
  }
}

/** Valid numbers of men born on one day, from area codes that follow one another. */
function* idNumbers(area: string, taken: ReadonlySet<string>): Generator<string, never> {
  for (let order = 1; ; order += 2) {
    const digits = `${String(Number(area) + Math.floor(order / 1000)).padStart(6, '0')}${birth_on.replaceAll('-', '')}${String(order % 1000).padStart(3, '0')}`;
    const number = digits + checkCharacter(digits);
    if (!taken.has(number)) yield number;
  }
}
