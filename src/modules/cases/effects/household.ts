/** Households are founded, divided, merged, and get another head. */
import { newId } from '../../../kernel/ids.ts';
import { familyHousehold, headRelation, type PlanAct, type RegisterPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf } from '../rules/rule.ts';
import { departures, planOf, rangeOf, rangeTo, reasonOf, type Effect } from './effect.ts';
import { relationsAfter } from './kinship.ts';

/** Everybody concerned is known. */
const allKnown = ({ movers }: CaseFacts): boolean => movers.length > 0 && movers.every((mover) => mover.person !== null);

/** Members leave where they are and form a household of their own; the first is its head where none was declared. */
function foundingActs(facts: CaseFacts, household_type: string): PlanAct[] | null {
  const { file, movers } = facts;
  if (!allKnown(facts) || file.target_address_id === null) return null;
  const household_id = newId();
  const headDeclared = movers.some((mover) => mover.relation === headRelation);
  return [
    { op: 'found_household', household_id, address_id: file.target_address_id, station_code: file.target_org, household_type },
    ...departures(facts),
    ...movers.map((mover, at): PlanAct => ({ op: 'enter', person_id: mover.person_id!, household_id, relation: !headDeclared && at === 0 ? headRelation : mover.relation })),
  ];
}

function establishPlan(facts: CaseFacts): RegisterPlan | null {
  const acts = foundingActs(facts, answerOf(facts, 'household_type') || familyHousehold);
  return acts === null ? null : { reason: reasonOf.found, range: rangeTo(facts, facts.origins[0]?.station_code ?? facts.file.target_org), acts };
}

function splitPlan(facts: CaseFacts): RegisterPlan | null {
  const acts = foundingActs(facts, familyHousehold);
  return acts === null ? null : { reason: reasonOf.split, range: rangeOf.split, acts };
}

/** All of one household enter the other; theirs closes by itself, its number is never used again. */
function mergePlan(facts: CaseFacts): RegisterPlan | null {
  const into = facts.target_household;
  if (!allKnown(facts) || into === null) return null;
  return {
    reason: reasonOf.merge, range: rangeOf.merge,
    acts: [...departures(facts), ...facts.movers.map((mover): PlanAct => ({ op: 'enter', person_id: mover.person_id!, household_id: into.household_id, relation: mover.relation }))],
  };
}

/** Everybody's relation to the new head: as declared and confirmed, else as the links tell. */
function headPlan(facts: CaseFacts): RegisterPlan | null {
  const [household] = facts.origins;
  const declared = new Map(facts.movers.map((mover) => [mover.person_id, mover.relation]));
  const head_id = facts.movers.find((mover) => mover.relation === headRelation)?.person_id ?? facts.parts.new_head?.person_id;
  const head = household?.members.find((member) => member.person_id === head_id);
  if (household === undefined || head === undefined) return null;
  const derived = new Map(relationsAfter(household, household.members, head, facts.kin).map((change) => [change.person_id, change.relation]));
  return planOf(household.members.flatMap((member): PlanAct[] => {
    const relation = member.person_id === head.person_id ? headRelation : (declared.get(member.person_id) || derived.get(member.person_id)!);
    return relation === member.relation ? [] : [{ op: 'relate', person_id: member.person_id, relation }];
  }));
}

export const householdEffects = {
  establish_household: { lease: 'household', plan: establishPlan },
  split_household: { lease: 'household', plan: splitPlan },
  merge_households: { lease: 'household', plan: mergePlan },
  change_head: { lease: 'household', plan: headPlan },
} satisfies Record<string, Effect>;
