/** Looks behind the second wall: what the register says of people and households. */
import type { World } from '../harness/world.ts';

export interface Registered {
  person_id: string;
  name: string;
  former_name: string | null;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
  birthplace: string | null;
  native_place: string | null;
  marital_status: string | null;
  education: string | null;
  military_service: string | null;
  status: string;
  died_on: string | null;
  household_id: string | null;
  relation: string | null;
  station_code: string;
  address_id: string | null;
}

const columns = `p.person_id, p.name, p.former_name, p.id_number, p.sex, p.birth_on::text as birth_on, p.ethnicity, p.birthplace, p.native_place, p.marital_status, p.education, p.military_service, p.status,
  p.died_on::text as died_on, m.household_id, m.relation, p.station_code, p.address_id`;

export async function personOf(world: World, person_id: string): Promise<Registered> {
  const { rows: [row] } = await world.police.owner.query<Registered>(
    `select ${columns} from population.person p left join population.membership m on m.person_id = p.person_id and upper_inf(m.period) where p.person_id = $1`, [person_id]);
  if (row === undefined) throw new Error(`nobody ${person_id}`);
  return row;
}

/** Whom a case has entered. */
export async function enteredBy(world: World, case_id: string): Promise<Registered[]> {
  const { rows } = await world.police.owner.query<Registered>(
    `select ${columns} from population.person p left join population.membership m on m.person_id = p.person_id and upper_inf(m.period) where p.case_id = $1 and p.version = 1 order by p.name`, [case_id]);
  return rows;
}

export async function membersOf(world: World, household_id: string): Promise<Record<string, string>> {
  const { rows } = await world.police.owner.query<{ name: string; relation: string }>(
    `select p.name, m.relation from population.membership m join population.person p using (person_id) where m.household_id = $1 and upper_inf(m.period) order by m.relation <> '02', p.birth_on`, [household_id]);
  return Object.fromEntries(rows.map((row) => [row.name, row.relation]));
}

export async function householdOf(world: World, household_id: string): Promise<{ status: string; household_type: string; address_id: string; unit_code: string | null; manager_id: string | null }> {
  return (await world.police.owner.query('select status, household_type, address_id, unit_code, manager_id from population.household where household_id = $1', [household_id])).rows[0];
}

export async function linksOf(world: World, person_id: string): Promise<Record<string, string>> {
  const { rows } = await world.police.owner.query<{ kind: string; relative_id: string }>('select kind, relative_id from population.kin_link where person_id = $1 and until_on is null', [person_id]);
  return Object.fromEntries(rows.map((row) => [row.kind, row.relative_id]));
}

export async function alterationsBy(world: World, case_id: string): Promise<string[]> {
  return (await world.police.owner.query<{ item: string }>('select item from population.alteration where case_id = $1 order by item', [case_id])).rows.map((row) => row.item);
}
