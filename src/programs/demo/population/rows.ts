/**
 * The rows of the invented register. Field names are those of the register's columns; dates are `yyyy-mm-dd`,
 * periods half-open, codes those of `catalogue/codes`.
 */
import type { Sex } from '../../../modules/reference/index.ts';

export type PersonRow = {
  person_id: string;
  id_number: string;
  name: string;
  former_name: string | null;
  sex: Sex;
  ethnicity: string;
  birth_on: string;
  /** Division codes, 6 digits. */
  birthplace: string;
  native_place: string;
  /** '0' registered, '1' dead; the dead keep their last household and address and have no open membership. */
  status: '0' | '1';
  died_on: string | null;
  education: string | null;
  marital_status: string;
  military_service: string | null;
  blood_type: string;
  height_cm: number | null;
  occupation: string | null;
  workplace: string | null;
  phone: string | null;
  household_id: string;
  station_code: string;
  address_id: string;
  synthetic: true;
};

export type HouseholdRow = {
  household_id: string;
  /** County 6 + station 3 + sequence 6. */
  household_no: string;
  household_type: string;
  station_code: string;
  address_id: string;
  established_on: string;
  status: 'active' | 'closed';
  closed_on: string | null;
};

export type MembershipRow = {
  membership_id: string;
  person_id: string;
  household_id: string;
  relation: string;
  from_on: string;
  to_on: string | null;
};

/** `relative_id` is the father, mother or spouse of `person_id`; spouses are linked both ways until one of them dies. */
export type KinLinkRow = {
  kin_link_id: string;
  person_id: string;
  relative_id: string;
  kind: 'father' | 'mother' | 'spouse';
  from_on: string;
  until_on: string | null;
};

export type MovementRow = {
  movement_id: string;
  person_id: string;
  moved_on: string;
  out_household_id: string;
  out_station_code: string;
  in_household_id: string;
  in_station_code: string;
  reason: string;
  range: string;
};

export type AddressRow = {
  address_id: string;
  station_code: string;
  /** Township, 9 digits. */
  area_code: string;
  /** Community or village, 12 digits. */
  community_code: string;
  community: string;
  street: string;
  number: string;
  building: string | null;
  unit: string | null;
  room: string | null;
  /** From the province down; a numbered road names its place without the community. */
  text: string;
};

export type Population = {
  households: HouseholdRow[];
  persons: PersonRow[];
  memberships: MembershipRow[];
  kin_links: KinLinkRow[];
  movements: MovementRow[];
  addresses: AddressRow[];
};

export function emptyPopulation(): Population {
  return { households: [], persons: [], memberships: [], kin_links: [], movements: [], addresses: [] };
}
