/** What must be known before a plan of the register is made: persons, their households, kinship and who works on them. */
import { ageOn, legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Lease } from './leases.ts';
import { headRelation, personStatus, type HouseholdFacts, type KinFacts, type MemberFacts, type MoverFacts } from './move-facts.ts';

/** One change or correction of a main item or of the status, oldest first: how often, why and for which case. */
export interface AlterationFacts {
  item: string;
  kind: 'change' | 'correction';
  old_value: string | null;
  new_value: string | null;
  effective_on: string;
  reason_code: string | null;
  case_id: string;
}

/** Somebody of the register with all items; the household is null for who is in none. */
export interface PersonFacts extends MoverFacts {
  former_name: string | null;
  ethnicity: string;
  birthplace: string | null;
  native_place: string | null;
  died_on: string | null;
  education: string | null;
  marital_status: string | null;
  military_service: string | null;
  blood_type: string | null;
  height_cm: number | null;
  occupation: string | null;
  workplace: string | null;
  phone: string | null;
  address_id: string | null;
  /** Where somebody cancelled or in transit was registered last. */
  last_household_id: string | null;
  alterations: AlterationFacts[];
}

/** A household as the gate sees it; of a collective one `members` holds only those asked about, `member_count` all. */
export interface HouseholdRecordFacts extends HouseholdFacts {
  established_on: string;
  closed_on: string | null;
  unit_name: string | null;
  unit_code: string | null;
  manager_id: string | null;
  member_count: number;
}

export interface PeopleFacts {
  /** Legal day of the question. */
  today: string;
  /** In the order asked. */
  persons: PersonFacts[];
  /** Those of the persons and those asked for. */
  households: HouseholdRecordFacts[];
  /** Links in force that begin or end at anybody named above, guardians among them. */
  kin: KinFacts[];
}

interface FoundPeople {
  persons: Array<Omit<PersonFacts, 'is_minor' | 'in_transit' | 'is_head' | 'leases'>> | null;
  households: Array<Omit<HouseholdRecordFacts, 'head_id' | 'leases' | 'members'> & { members: Array<Omit<MemberFacts, 'is_minor'>> | null }> | null;
  kin: KinFacts[] | null;
  leases: Lease[] | null;
}

/**
 * Everything about persons and households that a plan may start from, as the caller may see them: outside of the
 * jurisdiction only what was disclosed for the case.
 * @throws Refusal population.person_not_found, household_not_found
 */
export async function factsForPeople(context: Context, asked: { person_ids: readonly string[]; household_ids: readonly string[] }): Promise<PeopleFacts> {
  const [row] = await context.query<{ found: FoundPeople }>('select population.facts_for_people($1, $2) as found', [asked.person_ids, asked.household_ids]);
  const { persons, households, kin, leases } = row!.found;
  const missingPerson = asked.person_ids.find((id) => persons?.some((person) => person.person_id === id) !== true);
  if (missingPerson !== undefined) throw new Refusal('population.person_not_found', { person_id: missingPerson });
  const missingHousehold = asked.household_ids.find((id) => households?.some((household) => household.household_id === id) !== true);
  if (missingHousehold !== undefined) throw new Refusal('population.household_not_found', { household_id: missingHousehold });

  const today = legalDay(context.now);
  const isMinor = (birth_on: string): boolean => ageOn(birth_on, today) < 18;
  const leasesOn = (subject_id: string): Lease[] => (leases ?? []).filter((lease) => lease.subject_id === subject_id);
  return {
    today,
    persons: (persons ?? []).map((person): PersonFacts => ({
      ...person, is_minor: isMinor(person.birth_on), in_transit: person.status === personStatus.in_transit, is_head: person.relation === headRelation, leases: leasesOn(person.person_id),
    })),
    households: (households ?? []).map((household): HouseholdRecordFacts => {
      const members = (household.members ?? []).map((member) => ({ ...member, is_minor: isMinor(member.birth_on) }));
      return { ...household, members, head_id: members.find((member) => member.relation === headRelation)?.person_id ?? null, leases: leasesOn(household.household_id) };
    }),
    kin: kin ?? [],
  };
}

/** Which papers have served already, and for which case: a birth certificate registers one child, once and for ever. */
export function findUsedDocuments(context: Context, documents: readonly { kind: string; number: string }[]): Promise<Array<{ kind: string; number: string; case_id: string }>> {
  return context.query('select kind, number, case_id from population.find_used_documents($1::jsonb)', [JSON.stringify(documents)]);
}
