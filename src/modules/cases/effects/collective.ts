/** Collective households of units and communities, and those who settle in them. */
import { newId } from '../../../kernel/ids.ts';
import { NON_RELATIVE } from '../../reference/index.ts';
import type { PlanAct, RegisterPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf } from '../rules/rule.ts';
import { departures, planOf, rangeTo, reasonOf, type Effect } from './effect.ts';

function managePlan(facts: CaseFacts): RegisterPlan | null {
  const { file, target_household: household } = facts;
  const unit = { unit_name: answerOf(facts, 'unit_name') || null, unit_code: answerOf(facts, 'unit_code') || null, manager_id: facts.parts.manager?.person_id ?? null };
  switch (answerOf(facts, 'collective_action')) {
    case 'create':
      return file.target_address_id === null ? null
        : planOf([{ op: 'found_household', household_id: newId(), address_id: file.target_address_id, station_code: file.target_org, household_type: answerOf(facts, 'household_type'), ...unit }]);
    case 'change':
      return household === null ? null : planOf([{
        op: 'change_household', household_id: household.household_id, ...unit,
        ...(file.target_address_id === null || file.target_address_id === household.address_id ? {} : { address_id: file.target_address_id, station_code: file.target_org }),
      }]);
    case 'dissolve':
      return household === null ? null : planOf([{ op: 'close_household', household_id: household.household_id }]);
    default:
      return null;
  }
}

/** Whose dwelling was sold, or who has none, is registered with the community. */
function communityPlan(facts: CaseFacts): RegisterPlan | null {
  const { target_household: household, movers } = facts;
  if (household === null || movers.length === 0 || movers.some((mover) => mover.person === null)) return null;
  return {
    reason: reasonOf.other, range: rangeTo(facts, movers[0]!.person!.station_code),
    acts: [...departures(facts), ...movers.map((mover): PlanAct => ({ op: 'enter', person_id: mover.person_id!, household_id: household.household_id, relation: NON_RELATIVE }))],
  };
}

export const collectiveEffects = {
  manage_collective: { lease: 'household', plan: managePlan },
  settle_in_community: { lease: 'move', plan: communityPlan },
} satisfies Record<string, Effect>;
