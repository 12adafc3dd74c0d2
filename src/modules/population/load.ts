/**
 * Brings whole registers in: the demonstration, benches, and later legacy data. Rows go in by thousands in one
 * transaction under an import case, and are checked as a whole before it commits.
 */
import type pg from 'pg';
import { nameKeysOf } from './search-keys-of.ts';

export interface LoadedPerson {
  person_id: string;
  id_number: string;
  name: string;
  former_name: string | null;
  sex: string;
  ethnicity: string;
  birth_on: string;
  birthplace: string | null;
  native_place: string | null;
  status: string;
  died_on?: string | null;
  education: string | null;
  marital_status: string | null;
  military_service: string | null;
  blood_type: string | null;
  height_cm: number | null;
  occupation: string | null;
  workplace: string | null;
  phone: string | null;
  household_id: string | null;
  station_code: string;
  address_id: string | null;
  synthetic: boolean;
}

export interface LoadedHousehold {
  household_id: string;
  household_no: string;
  household_type: string;
  station_code: string;
  address_id: string;
  established_on: string;
  status: 'active' | 'closed';
  closed_on?: string | null;
}

/** Days are those on which the membership begins and on which it no longer holds. */
export interface LoadedMembership {
  membership_id: string;
  person_id: string;
  household_id: string;
  relation: string;
  from_on: string;
  to_on: string | null;
}

export interface LoadedKinLink {
  kin_link_id: string;
  person_id: string;
  relative_id: string;
  kind: 'father' | 'mother' | 'spouse' | 'guardian';
  from_on: string;
  until_on?: string | null;
}

export interface LoadedMovement {
  movement_id: string;
  person_id: string;
  moved_on: string;
  out_household_id: string | null;
  out_station_code: string | null;
  in_household_id: string | null;
  in_station_code: string | null;
  reason: string;
  range: string;
}

/** A part of a register; it refers to rows of itself and of parts loaded before. */
export interface PopulationBatch {
  households: readonly LoadedHousehold[];
  persons: readonly LoadedPerson[];
  memberships: readonly LoadedMembership[];
  kin_links: readonly LoadedKinLink[];
  movements: readonly LoadedMovement[];
}

const CHUNK_ROWS = 5000;

const statements = {
  households: `insert into population.household
      (household_id, household_no, household_type, station_code, address_id, established_on, status, closed_on, version, case_id, recorded_from)
    select household_id, household_no, household_type, station_code, address_id, established_on, status, closed_on, 1, $2, $3
    from json_to_recordset($1) as r (household_id uuid, household_no text, household_type text, station_code text, address_id uuid,
      established_on date, status text, closed_on date)`,
  persons: `insert into population.person
      (person_id, id_number, name, former_name, sex, ethnicity, birth_on, birthplace, native_place, status, died_on, education, marital_status,
       military_service, blood_type, height_cm, occupation, workplace, phone, household_id, station_code, address_id, synthetic, version, case_id, recorded_from)
    select person_id, id_number, name, former_name, sex, ethnicity, birth_on, birthplace, native_place, status, died_on, education, marital_status,
       military_service, blood_type, height_cm, occupation, workplace, phone, household_id, station_code, address_id, synthetic, 1, $2, $3
    from json_to_recordset($1) as r (person_id uuid, id_number text, name text, former_name text, sex text, ethnicity text, birth_on date,
      birthplace text, native_place text, status text, died_on date, education text, marital_status text, military_service text, blood_type text,
      height_cm smallint, occupation text, workplace text, phone text, household_id uuid, station_code text, address_id uuid, synthetic boolean)`,
  keys: `with keyed as (
      insert into population.search_key (person_id, county_code, birth_on, name_folded, name_grams, name_pinyin, name_initials)
      select person_id, county_code, birth_on, name_folded, name_grams, name_pinyin, name_initials
      from json_to_recordset($1) as r (person_id uuid, county_code text, birth_on date, name_folded text, name_grams text[], name_pinyin text[], name_initials text[])
      where $2::uuid is not null and $3::timestamptz is not null
      returning person_id, county_code, name_pinyin || name_initials as sounds)
    insert into population.name_sound (county_code, sound, person_id)
    select distinct county_code, sound, person_id from keyed, unnest(sounds) as sound`,
  memberships: `insert into population.membership (membership_id, person_id, household_id, relation, station_code, period, version, case_id, recorded_from)
    select r.membership_id, r.person_id, r.household_id, r.relation, h.station_code,
      tstzrange(r.from_on::timestamp at time zone 'Asia/Shanghai', r.to_on::timestamp at time zone 'Asia/Shanghai'), 1, $2, $3
    from json_to_recordset($1) as r (membership_id uuid, person_id uuid, household_id uuid, relation text, from_on date, to_on date)
    join population.household h on h.household_id = r.household_id`,
  kin_links: `insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on, until_on, version, case_id, recorded_from)
    select kin_link_id, person_id, relative_id, kind, from_on, until_on, 1, $2, $3
    from json_to_recordset($1) as r (kin_link_id uuid, person_id uuid, relative_id uuid, kind text, from_on date, until_on date)`,
  movements: `insert into population.movement
      (movement_id, person_id, moved_on, moved_at, out_household_id, out_station_code, in_household_id, in_station_code, reason, range, case_id, recorded_from)
    select movement_id, person_id, moved_on, moved_on::timestamp at time zone 'Asia/Shanghai',
      out_household_id, out_station_code, in_household_id, in_station_code, reason, range, $2, $3
    from json_to_recordset($1) as r (movement_id uuid, person_id uuid, moved_on date, out_household_id uuid, out_station_code text,
      in_household_id uuid, in_station_code text, reason text, range text)`,
};

/** Numbers already given are never given again by the counters. */
const advanceCounters = `insert into population.household_counter as c (prefix, last_sequence)
  select left(household_no, 9), max(right(household_no, 6)::integer) from json_to_recordset($1) as r (household_no text)
  group by 1 order by 1
  on conflict on constraint household_counter_pkey do update set last_sequence = greatest(c.last_sequence, excluded.last_sequence)`;

/** The first batch says whether the register is of real or of invented people. */
const settleKind = `insert into population.register_kind (synthetic) select synthetic from json_to_recordset($1) as r (synthetic boolean) limit 1 on conflict do nothing`;

/** What the skipped triggers would have checked: references in whole, then the walls. */
const faultsOfLoad = `select * from (
    select 'reference of a membership' as wall, loaded.membership_id as subject_id from unnest($5::uuid[]) as loaded (membership_id)
    left join population.membership m on m.membership_id = loaded.membership_id
    left join population.person p on p.person_id = m.person_id where p.person_id is null
    union all
    select 'reference of a household', p.person_id from population.person p
    left join population.household h on h.household_id = p.household_id where p.person_id = any ($2) and p.household_id is not null and h.household_id is null
    union all
    select 'reference of a kin link', k.kin_link_id from population.kin_link k
    where k.kin_link_id = any ($3) and (select count(*) from population.person p where p.person_id in (k.person_id, k.relative_id)) <> 2
    union all
    select 'reference of a movement', m.movement_id from population.movement m
    left join population.person p on p.person_id = m.person_id
    left join population.household o on o.household_id = m.out_household_id
    left join population.household i on i.household_id = m.in_household_id
    where m.movement_id = any ($4) and (p.person_id is null or num_nulls(o.household_id, i.household_id) <> num_nulls(m.out_household_id, m.in_household_id))
    union all
    select 'real and invented people in one register', p.person_id from population.person p
    where p.person_id = any ($2) and p.synthetic is distinct from (select k.synthetic from population.register_kind k)
    union all
    select wall, subject_id from population.broken_invariants($1, $2)
  ) as fault order by wall, subject_id limit 20`;

export interface LoadOptions {
  /** The import case that stands behind every row. */
  case_id: string;
  /** Record time of the rows; now when not said. */
  recorded_at?: Date;
}

export interface LoadReport {
  households: number;
  persons: number;
  memberships: number;
  kin_links: number;
  movements: number;
}

/**
 * Loads one part of a register in one transaction. The connection must act as the owner of the schema.
 * @throws Error that names up to twenty broken rules and the rows that break them; then nothing was loaded
 */
export async function loadPopulation(client: pg.ClientBase, batch: PopulationBatch, options: LoadOptions): Promise<LoadReport> {
  const recordedAt = options.recorded_at ?? new Date();
  await client.query('begin');
  try {
    await client.query(`select set_config('huzheng.case_id', $1, true), set_config('huzheng.now', $2, true)`, [options.case_id, recordedAt.toISOString()]);
    // A million triggers check in minutes what five joins check in seconds; who may not switch them off loads slowly.
    const [allowed] = (await client.query(`select has_parameter_privilege('session_replication_role', 'set') as yes`)).rows as Array<{ yes: boolean }>;
    if (allowed!.yes) await client.query('set local session_replication_role = replica');

    // The next thousands are prepared while the server works on the last.
    let underWay: Promise<unknown> = Promise.resolve();
    const put = async (statement: string, rows: readonly unknown[], shown: (row: never) => unknown = (row) => row): Promise<void> => {
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const chunk = JSON.stringify(rows.slice(start, start + CHUNK_ROWS).map((row) => shown(row as never)));
        await underWay;
        underWay = client.query(statement, [chunk, options.case_id, recordedAt]);
        underWay.catch(() => {});
      }
    };
    await client.query(settleKind, [JSON.stringify(batch.persons.slice(0, 1))]);
    await put(statements.households, batch.households);
    await put(statements.persons, batch.persons);
    await put(statements.keys, batch.persons, ({ person_id, station_code, birth_on, name, former_name }: LoadedPerson) => {
      const county_code = station_code.slice(0, 6);
      const keys = nameKeysOf(name, former_name);
      return { person_id, county_code, birth_on, ...keys, name_grams: keys.name_grams.map((gram) => county_code + gram) };
    });
    await put(statements.memberships, batch.memberships);
    await put(statements.kin_links, batch.kin_links);
    await put(statements.movements, batch.movements);
    await underWay;
    await client.query(advanceCounters, [JSON.stringify(batch.households.map(({ household_no }) => ({ household_no })))]);

    const faults = (await client.query(faultsOfLoad, [
      batch.households.map((household) => household.household_id), batch.persons.map((person) => person.person_id),
      batch.kin_links.map((link) => link.kin_link_id), batch.movements.map((movement) => movement.movement_id), batch.memberships.map((membership) => membership.membership_id),
    ])).rows as Array<{ wall: string; subject_id: string }>;
    if (faults.length > 0) {
      throw new Error(`the register would break its rules; mend these rows first: ${faults.map((fault) => `${fault.wall} ${fault.subject_id}`).join(', ')}`);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  return {
    households: batch.households.length, persons: batch.persons.length, memberships: batch.memberships.length,
    kin_links: batch.kin_links.length, movements: batch.movements.length,
  };
}
