/** Small questions other modules ask. */
import type { Context } from '../../kernel/context.ts';
import { findAddresses } from '../reference/index.ts';

export interface FoundPerson {
  person_id: string;
  id_number: string;
  name: string;
  sex: '1' | '2';
  birth_on: string;
  status: string;
  station_code: string;
  household_id: string | null;
  address_id: string | null;
}

/**
 * A person by exact number, anywhere in the province, also by a number given up long ago: for naming the parties of a
 * case. Whoever shows the answer to somebody must first compare the name.
 */
export async function personByNumber(context: Context, id_number: string): Promise<FoundPerson | undefined> {
  const [person] = await context.query<FoundPerson>(
    'select person_id, id_number, name, sex, birth_on, status, station_code, household_id, address_id from population.find_person_by_number($1)', [id_number]);
  return person;
}

export interface HouseholdOfPerson {
  household_id: string;
  household_no: string;
  household_type: string;
  station_code: string;
  address_id: string;
  address_text: string;
  members: Array<{ person_id: string; name: string; id_number: string; sex: '1' | '2'; birth_on: string; relation: string }>;
}

/** The household somebody belongs to now, head first; of a collective household only the person. Nothing for who has none. */
export async function householdOf(context: Context, person_id: string): Promise<HouseholdOfPerson | undefined> {
  const [household] = await context.query<Omit<HouseholdOfPerson, 'address_text'>>(
    `select h.household_id, h.household_no, h.household_type, h.station_code, h.address_id,
       (select json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'sex', p.sex, 'birth_on', p.birth_on, 'relation', m.relation)
          order by m.relation <> '02', p.birth_on, p.person_id)
        from population.membership m join population.person p on p.person_id = m.person_id
        where m.household_id = h.household_id and upper_inf(m.period) and (h.household_type = '1' or m.person_id = $1)) as members
     from population.membership own join population.household h on h.household_id = own.household_id
     where own.person_id = $1 and upper_inf(own.period)`, [person_id]);
  if (household === undefined) return undefined;
  const address = (await findAddresses(context, [household.address_id])).get(household.address_id);
  return { ...household, address_text: address?.line ?? '' };
}

export interface HouseholdAtAddress {
  household_id: string;
  household_no: string;
  member_count: number;
}

/** More households than these at one address are not told apart by a case. */
const HOUSEHOLDS_AT_ADDRESS_MAX = 20;

/** The family households registered at an address now, as far as the caller may see them, oldest number first. */
export async function householdsAt(context: Context, address_id: string): Promise<HouseholdAtAddress[]> {
  return context.query<HouseholdAtAddress>(
    `select h.household_id, h.household_no, (select count(*)::int from population.membership m where m.household_id = h.household_id and upper_inf(m.period)) as member_count
     from population.household h where h.address_id = $1 and h.status = 'active' and h.household_type = '1' order by h.household_no limit ${HOUSEHOLDS_AT_ADDRESS_MAX}`, [address_id]);
}

export interface AccessEntry {
  at: Date;
  org_code: string | null;
  post: string | null;
  purpose: string;
  case_id: string | null;
  field_group: string;
  operation: string;
}

/** More than this many entries are not shown at once. */
export const ACCESS_ENTRIES_MAX = 500;

/** Who looked at a person's record since an instant, newest first: offices and posts, never names. */
export async function accessLogOf(context: Context, person_id: string, since: Date): Promise<AccessEntry[]> {
  return context.query<AccessEntry>(
    `select at, org_code, post, purpose, case_id, field_group, operation from kernel.access_record
     where subject_id = $1 and at >= $2 order by at desc, access_id limit ${ACCESS_ENTRIES_MAX}`, [person_id, since]);
}
