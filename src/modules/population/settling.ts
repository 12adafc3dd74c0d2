/** What a case asks of the whole province: who may be the same as a newcomer, who is whose spouse, since when somebody is registered, where units keep their households. */
import { legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import type { FoundPerson } from './lookups.ts';

export interface LikelySame {
  name: string;
  birth_on: string;
  station_code: string;
}

/** Registered people of the same name, birth date and sex, anywhere in the province; at most five. */
export function findLikelySame(context: Context, newcomer: { name: string; birth_on: string; sex: string }): Promise<LikelySame[]> {
  return context.query<LikelySame>('select name, birth_on, station_code from population.find_likely_same($1, $2, $3)', [newcomer.name, newcomer.birth_on, newcomer.sex]);
}

/** The first day on which somebody stood in the register, as far as the caller may see it. */
export async function registeredSince(context: Context, person_id: string): Promise<string | null> {
  const [row] = await context.query<{ since: Date | null }>('select min(lower(period)) as since from population.membership where person_id = $1', [person_id]);
  return row?.since == null ? null : legalDay(row.since);
}

/** Whom the register knows as somebody's spouse, wherever in the province; for somebody whom name and number have named. */
export async function registeredSpouse(context: Context, person_id: string): Promise<FoundPerson | undefined> {
  const [spouse] = await context.query<FoundPerson>('select person_id, id_number, name, sex, birth_on::text as birth_on, status, station_code, household_id, address_id from population.find_spouse($1)', [person_id]);
  return spouse;
}

export interface CollectiveHousehold {
  household_id: string;
  /** catalogue/codes: household-type, never a family. */
  household_type: string;
  station_code: string;
  address_id: string;
  unit_code: string | null;
}

/** Collective households of a station in force: at an address, of a unit, or all; oldest number first, at most fifty. */
export function findCollectiveHouseholds(context: Context, asked: { station_code: string; address_id?: string; unit_code?: string }): Promise<CollectiveHousehold[]> {
  return context.query<CollectiveHousehold>(
    'select household_id, household_type, station_code, address_id, unit_code from population.find_collective_households($1, $2, $3)', [asked.station_code, asked.address_id ?? null, asked.unit_code ?? null]);
}
