/** What must be known before persons move, gathered in one question; the rules over it are the cases' own. */
import { ageOn, legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Lease } from './leases.ts';
import type { TransferPlan } from './transfer.ts';

/** GB/T 4761: the head of the household. */
export const headRelation = '02';
export const personStatus = { active: '0', dead: '1', in_transit: '5' } as const;
export const familyHousehold = '1';

export interface MemberFacts {
  person_id: string;
  name: string;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  relation: string;
  is_minor: boolean;
}

export interface HouseholdFacts {
  household_id: string;
  household_no: string;
  household_type: string;
  status: 'active' | 'closed';
  station_code: string;
  address_id: string;
  /** Null where there is none, as in collective households. */
  head_id: string | null;
  /** Head first. Of a collective household only those asked about. */
  members: MemberFacts[];
  leases: Lease[];
}

export interface MoverFacts {
  person_id: string;
  name: string;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  is_minor: boolean;
  status: string;
  in_transit: boolean;
  station_code: string;
  household_id: string | null;
  household_no: string | null;
  household_type: string | null;
  relation: string | null;
  is_head: boolean;
  leases: Lease[];
}

export interface KinFacts {
  person_id: string;
  relative_id: string;
  kind: 'father' | 'mother' | 'spouse' | 'guardian';
}

export interface MoveFacts {
  persons: MoverFacts[];
  /** Households that the persons are in. */
  origins: HouseholdFacts[];
  target: HouseholdFacts | null;
  /** Links in force that begin or end at any person or member named above: who is whose parent, and so guardian. */
  kin: KinFacts[];
}

interface FoundFacts {
  persons: Array<Omit<MoverFacts, 'is_minor' | 'in_transit' | 'is_head' | 'leases'>> | null;
  households: Array<Omit<HouseholdFacts, 'head_id' | 'leases' | 'members'> & { members: Array<Omit<MemberFacts, 'is_minor'>> | null }> | null;
  kin: KinFacts[] | null;
  leases: Lease[] | null;
}

/**
 * Facts about persons who may move and the household they may join, as the caller may see them: outside of the
 * jurisdiction only what was disclosed for the case.
 * @throws Refusal population.person_not_found, household_not_found
 */
export async function factsForMove(context: Context, asked: { person_ids: readonly string[]; target_household_id?: string | null }): Promise<MoveFacts> {
  const target_id = asked.target_household_id ?? null;
  const [row] = await context.query<{ found: FoundFacts }>('select population.facts_for_move($1, $2) as found', [asked.person_ids, target_id]);
  const { persons, households, kin, leases } = row!.found;
  const missing = asked.person_ids.filter((id) => persons?.some((person) => person.person_id === id) !== true);
  if (missing.length > 0) throw new Refusal('population.person_not_found', { person_id: missing[0] });

  const today = legalDay(context.now);
  const isMinor = (birth_on: string): boolean => ageOn(birth_on, today) < 18;
  const leasesOn = (subject_id: string): Lease[] => (leases ?? []).filter((lease) => lease.subject_id === subject_id);
  const all = (households ?? []).map((household): HouseholdFacts => {
    const members = (household.members ?? []).map((member) => ({ ...member, is_minor: isMinor(member.birth_on) }));
    return { ...household, members, head_id: members.find((member) => member.relation === headRelation)?.person_id ?? null, leases: leasesOn(household.household_id) };
  });
  const target = all.find((household) => household.household_id === target_id) ?? null;
  if (target_id !== null && target === null) throw new Refusal('population.household_not_found', { household_id: target_id });
  return {
    persons: (persons ?? []).map((person) => ({
      ...person, is_minor: isMinor(person.birth_on), in_transit: person.status === personStatus.in_transit, is_head: person.relation === headRelation, leases: leasesOn(person.person_id),
    })),
    origins: all.filter((household) => persons?.some((person) => person.household_id === household.household_id)),
    // Who follows whom on a move is asked of parents and spouses.
    target, kin: (kin ?? []).filter((link) => link.kind !== 'guardian'),
  };
}

export interface MemberPreview extends MemberFacts {
  change: 'none' | 'added' | 'removed' | 'changed';
}

export interface HouseholdPreview {
  /** Null for the household still to be founded. */
  household_id: string | null;
  household_no: string | null;
  station_code: string;
  address_id: string;
  opens: boolean;
  closes: boolean;
  before: MemberPreview[];
  /** The removed are left out. */
  after: MemberPreview[];
}

/**
 * Every household a transfer would touch, before and after, without writing anything.
 * @throws Refusal as `factsForMove`
 */
export async function previewTransfer(context: Context, plan: TransferPlan): Promise<HouseholdPreview[]> {
  const target_household_id = 'household_id' in plan.target ? plan.target.household_id : null;
  return previewOf(await factsForMove(context, { person_ids: plan.movers.map((mover) => mover.person_id), target_household_id }), plan);
}

/** The same from facts already gathered; pure. */
export function previewOf(facts: MoveFacts, plan: TransferPlan): HouseholdPreview[] {
  const relationOfMover = new Map(plan.movers.map((mover) => [mover.person_id, mover.relation]));
  const headFirst = (members: MemberPreview[]): MemberPreview[] => members.sort((a, b) => Number(b.relation === headRelation) - Number(a.relation === headRelation));

  const origins = facts.origins.map((household): HouseholdPreview => {
    const change = plan.origin_changes.find((one) => one.household_id === household.household_id);
    const relationAfter = new Map(change?.relations.map((one) => [one.person_id, one.relation]));
    if (change?.new_head_id != null) relationAfter.set(change.new_head_id, headRelation);
    const before = household.members.map((member): MemberPreview => {
      if (relationOfMover.has(member.person_id)) return { ...member, change: 'removed' };
      return { ...member, change: (relationAfter.get(member.person_id) ?? member.relation) === member.relation ? 'none' : 'changed' };
    });
    const after = before.filter((member) => member.change !== 'removed').map((member) => ({ ...member, relation: relationAfter.get(member.person_id) ?? member.relation }));
    return { ...placeOf(household), opens: false, closes: after.length === 0 && household.household_type === familyHousehold, before, after: headFirst(after) };
  });

  const arriving = facts.persons.map(({ person_id, name, id_number, sex, birth_on, is_minor }): MemberPreview => (
    { person_id, name, id_number, sex, birth_on, is_minor, relation: relationOfMover.get(person_id)!, change: 'added' }));
  const before = facts.target === null ? [] : facts.target.members.map((member): MemberPreview => ({ ...member, change: 'none' }));
  const place = facts.target === null && 'new_household' in plan.target
    ? { household_id: null, household_no: null, station_code: plan.target.new_household.station_code, address_id: plan.target.new_household.address_id }
    : placeOf(facts.target!);
  return [...origins, { ...place, opens: facts.target === null, closes: false, before, after: headFirst([...before, ...arriving]) }];
}

function placeOf({ household_id, household_no, station_code, address_id }: HouseholdFacts): Pick<HouseholdPreview, 'household_id' | 'household_no' | 'station_code' | 'address_id'> {
  return { household_id, household_no, station_code, address_id };
}
