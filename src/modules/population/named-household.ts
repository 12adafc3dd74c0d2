/** The household of somebody who stands at a counter with card and name, wherever in the province they are registered. */
import type { Context } from '../../kernel/context.ts';
import type { KinFacts } from './move-facts.ts';
import { foldedName } from './search-keys-of.ts';
import { wholeNumber } from './search.ts';

export interface NamedPerson {
  person_id: string;
  name: string;
  former_name: string | null;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
  native_place: string | null;
  marital_status: string | null;
  status: string;
  station_code: string;
  phone: string | null;
}

export interface NamedHousehold {
  person: NamedPerson;
  household: {
    household_id: string;
    household_no: string;
    household_type: string;
    station_code: string;
    address_id: string;
    /** Head first; of a collective household only the person asked about. */
    members: Array<{ person_id: string; name: string; id_number: string; sex: '1' | '2'; birth_on: string; relation: string }>;
  } | null;
  /** Links in force that begin or end at the person. */
  kin: KinFacts[];
}

/** A number alone, a wrong name and nobody give the same answer: nothing. */
export async function householdOfNamed(context: Context, { id_number, name }: { id_number: string; name: string }): Promise<NamedHousehold | undefined> {
  const [row] = await context.query<{ found: NamedHousehold | null }>('select population.household_of_named($1, $2) as found', [wholeNumber(id_number), foldedName(name)]);
  return row?.found ?? undefined;
}
