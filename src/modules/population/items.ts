/** Changes of single items of a person, and death. Each leaves old and new value behind. */
import { legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { nameKeysOf } from './search-keys-of.ts';
import type { OriginChange } from './transfer.ts';

/** 非主项: what grass-roots officers maintain; codes of catalogue/codes where there are some. */
export interface NonMainItems {
  workplace?: string | null;
  occupation?: string | null;
  military_service?: string | null;
  height_cm?: number | null;
  blood_type?: string | null;
  phone?: string | null;
  education?: string | null;
  marital_status?: string | null;
}

/** 主项: what changes only after approval. */
export interface MainItems {
  name?: string;
  former_name?: string | null;
  sex?: '1' | '2';
  birth_on?: string;
  ethnicity?: string;
  id_number?: string;
  birthplace?: string | null;
  native_place?: string | null;
}

const nonMainItems = ['workplace', 'occupation', 'military_service', 'height_cm', 'blood_type', 'phone', 'education', 'marital_status'] as const satisfies ReadonlyArray<keyof NonMainItems>;
const mainItems = ['name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'id_number', 'birthplace', 'native_place'] as const satisfies ReadonlyArray<keyof MainItems>;

function only<Item extends string>(given: Partial<Record<Item, unknown>>, allowed: readonly Item[]): Record<string, unknown> {
  return Object.fromEntries(allowed.filter((item) => given[item] !== undefined).map((item) => [item, given[item]]));
}

async function changeItems(context: Context, act: Record<string, unknown>): Promise<{ altered: number }> {
  const [row] = await context.query<{ altered: number }>('select population.change_items($1::jsonb) as altered', [JSON.stringify(act)]);
  return row!;
}

/**
 * Changes non-main items for a case, of a person in the jurisdiction or under the case's lease.
 * @param change.effective_on legal day from which the new values hold
 * @returns how many items really changed
 * @throws Refusal population.person_not_found, person_dead, value_not_accepted
 */
export function changeNonMainItems(
  context: Context, change: { case_id: string; person_id: string; items: NonMainItems; effective_on: string },
): Promise<{ altered: number }> {
  const { case_id, person_id, effective_on } = change;
  return changeItems(context, { case_id, person_id, kind: 'change', effective_on, items: only(change.items, nonMainItems) });
}

/**
 * Changes main items for a case that was decided and holds a lease of kind `identity`: `change` when the fact changed
 * from a day on, `correction` when the record was wrong all along. A given-up number is retired for ever; the name's
 * search keys follow.
 * @throws Refusal population.person_not_found, lease_missing, id_number_taken, id_number_wrong, person_dead
 */
export async function changeMainItems(
  context: Context, change: { case_id: string; person_id: string; kind: 'change' | 'correction'; items: MainItems; effective_on: string },
): Promise<{ altered: number }> {
  const { case_id, person_id, kind, effective_on } = change;
  const items = only(change.items, mainItems);
  const [now] = await context.query<{ name: string; former_name: string | null }>('select name, former_name from population.person where person_id = $1', [person_id]);
  if (now === undefined) throw new Refusal('population.person_not_found');
  const after = { ...now, ...(items as Partial<typeof now>) };
  await context.query('select population.allow_main_items($1), case when $2 then population.allow_correction($1) end', [case_id, kind === 'correction']);
  return changeItems(context, { case_id, person_id, kind, effective_on, items, keys: nameKeysOf(after.name, after.former_name) });
}

/**
 * Registers a death: the membership ends, the marriage ends with it, the household closes when nobody remains. The case
 * holds leases of kind `death` on person and household, which override any other. Others hear of it by the event
 * `population.person_died`.
 * @param death.origin_change who follows as head; needed when the head dies and members remain
 * @throws Refusal population.died_on_wrong, mover_not_active, lease_missing, one_head
 */
export async function recordDeath(
  context: Context, death: { case_id: string; person_id: string; died_on: string; origin_change?: OriginChange },
): Promise<{ closed_household_ids: string[] }> {
  if (death.died_on > legalDay(context.now)) throw new Refusal('population.died_on_wrong');
  const { origin_change, ...act } = death;
  const [row] = await context.query<{ outcome: { closed_household_ids: string[] } }>(
    'select population.record_death($1::jsonb) as outcome', [JSON.stringify({ ...act, at: context.now, origin_changes: origin_change === undefined ? [] : [origin_change] })]);
  context.emit('population.person_died', { person_id: death.person_id, case_id: death.case_id });
  return row!.outcome;
}
