/** What a move does to the households it touches, from the facts of its case: who goes where, who follows as head. */
import type { Context, OfficerActor } from '../../../kernel/index.ts';
import { migrationRangeCode, scopeBetween } from '../../reference/index.ts';
import { headRelation, previewOf, transferPersons, type OriginChange, type TransferPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { remainingMembers, successorOf } from '../rules/rule.ts';
import type { Effect } from './effect.ts';
import { relationsAfter } from './kinship.ts';

/** The plan of a move; the register's gate checks every part of it again. */
export function transferOf(facts: CaseFacts): TransferPlan {
  const { file } = facts;
  const origin_changes = facts.origins.flatMap((household): OriginChange[] => {
    const remaining = remainingMembers(household, facts);
    if (household.household_type !== '1' || remaining.length === 0 || remaining.some((member) => member.relation === headRelation)) return [];
    const head = successorOf(household, facts);
    return head === undefined ? [] : [{ household_id: household.household_id, new_head_id: head.person_id, relations: relationsAfter(household, remaining, head, facts.kin) }];
  });
  const joins = file.answers['household_choice'] === 'join' && facts.target_household !== null;
  // Who settles alone or first is the head of the new household; a declared head stands.
  const declared = facts.movers.map((mover) => ({ person_id: mover.person_id!, relation: mover.relation }));
  const movers = joins || declared.some((mover) => mover.relation === headRelation) ? declared : declared.map((mover, at) => (at === 0 ? { ...mover, relation: headRelation } : mover));
  return {
    movers,
    target: joins
      ? { household_id: facts.target_household!.household_id }
      : { new_household: { address_id: file.target_address_id!, station_code: file.target_org, household_type: '1' } },
    origin_changes,
  };
}

/** The register's own gate for moves inside the province: one statement for both places. */
async function carryOut(context: Context, facts: CaseFacts, _officer: OfficerActor): Promise<Record<string, unknown>> {
  const { file } = facts;
  const origin = facts.origins[0]!.station_code;
  const outcome = await transferPersons(context, {
    case_id: file.case_id, at: context.now, reason: String(file.answers['reason']),
    range: migrationRangeCode(scopeBetween(origin, file.target_org), { same_community: false }), ...transferOf(facts),
  });
  return { kind: 'transfer', ...outcome };
}

export const transferEffects = {
  transfer_persons: {
    lease: 'move', plan: () => null, carryOut,
    subjects: ({ movers, origins, target_household }) => ({
      person_ids: movers.map((mover) => mover.person_id!),
      household_ids: [...origins, ...(target_household === null ? [] : [target_household])].map((household) => household.household_id),
    }),
    // Before only, while somebody declared is not in the register.
    preview: (facts) => (facts.file.target_address_id === null || facts.movers.some((mover) => mover.person === null) ? [] : previewOf(facts.move, transferOf(facts))),
  },
} satisfies Record<string, Effect>;
