/** The move of a registration: both places change in one act at one instant, or neither. */
import { newId } from '../../kernel/ids.ts';
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';

export interface RelationChange {
  person_id: string;
  /** GB/T 4761, two digits: what the member is to the head. */
  relation: string;
}

/** Who follows as head where one left, and what the others who stay are to the new head. */
export interface OriginChange {
  household_id: string;
  new_head_id: string | null;
  relations: readonly RelationChange[];
}

export interface NewHousehold {
  /** Made when not given. */
  household_id?: string;
  address_id: string;
  station_code: string;
  household_type: string;
}

export interface TransferPlan {
  movers: readonly RelationChange[];
  target: { household_id: string } | { new_household: NewHousehold };
  origin_changes: readonly OriginChange[];
}

export interface TransferOrder extends TransferPlan {
  case_id: string;
  /** The instant at which the old memberships end and the new ones begin. */
  at: Date;
  /** Codes of catalogue/codes: migration-reason, migration-range. */
  reason: string;
  range: string;
}

export interface TransferOutcome {
  target_household_id: string;
  target_household_no: string;
  movements: Array<{ movement_id: string; person_id: string }>;
  closed_household_ids: string[];
}

/**
 * Moves persons into a household or founds one for them; gives those who stay their new head and relations; closes what
 * was left empty. Once more inside the transaction: every mover is active, every lease is this case's, the target lives.
 * One statement. Run it after `context.forCase(case_id)`.
 * @throws Refusal population.lease_missing, mover_not_active, household_not_active, one_head, change_of_stranger, …
 */
export async function transferPersons(context: Context, order: TransferOrder): Promise<TransferOutcome> {
  if (order.movers.length === 0 || new Set(order.movers.map((mover) => mover.person_id)).size < order.movers.length) throw new Refusal('population.movers_repeat');
  const target = 'household_id' in order.target ? order.target : { new_household: { household_id: newId(), ...order.target.new_household } };
  const [row] = await context.query<{ outcome: TransferOutcome }>('select population.transfer_persons($1::jsonb) as outcome', [JSON.stringify({ ...order, target })]);
  return row!.outcome;
}

/**
 * Undoes the transfer of a case as a whole (冲销), as long as nothing was built on it.
 * @throws Refusal population.changed_since when a later act or a lease of another case stands on it
 */
export async function reverseTransfer(context: Context, order: { case_id: string; at: Date }): Promise<{ person_ids: string[]; closed_household_ids: string[] }> {
  const [row] = await context.query<{ outcome: { person_ids: string[]; closed_household_ids: string[] } }>('select population.reverse_transfer($1::jsonb) as outcome', [JSON.stringify(order)]);
  return row!.outcome;
}
