/** Questions as they stand on a page, with what was typed; one way for drafts and for corrections. */
import type { Context } from '../../kernel/index.ts';
import { optionsOf, type Field, type Typed } from '../catalogue/index.ts';
import { findAddresses, searchAddresses } from '../reference/index.ts';
import type { AddressView, FieldView, HouseholdState } from './contract.ts';
import { listCounties } from './counties.ts';
import { isToldByEntry, personListView, successors } from './movers.ts';
import type { Household } from './record.ts';

export const addressesShown = 10;

export interface FieldSurroundings {
  household: { state: HouseholdState; household: Household | null };
  /** The signed-in citizen, offered as the first person where the entry is not known yet. */
  self: { name: string; id_number: string } | null;
  blank_rows: number;
}

/** Facts about those who stay are asked of the citizen only when the entry does not tell them. */
const toldByEntry = new Set(['whole_household', 'head_leaves']);

export async function fieldViews(context: Context, fields: readonly Field[], typed: Typed, { household, self, blank_rows }: FieldSurroundings): Promise<FieldView[]> {
  const persons = fields.find((field) => field.type === 'person_list');
  const isTold = persons !== undefined && household.household !== null && (Object.keys(typed).length === 0 || isToldByEntry(household.household, typed, persons));
  const views: FieldView[] = [];
  for (const field of fields) {
    if (isTold && toldByEntry.has(field.name)) continue;
    const who = field.name === 'new_head_id_number' && isTold && persons !== undefined ? successors(household.household, typed, persons, context.now) : [];
    if (field.name === 'new_head_id_number' && isTold && typed['head_leaves'] !== 'yes') continue;
    views.push({
      name: field.name, type: field.type, label: field.label, hint: field.hint ?? null, required: field.required || field.when !== undefined,
      when: isTold && field.name === 'new_head_id_number' ? null : (field.when ?? null),
      options: who.length > 0 ? who : optionsOf(field).map(({ value, label }) => ({ value, label })),
      length_max: field.length_max ?? null, typed: typed[field.name] ?? '',
      persons: field.type === 'person_list' ? personListView(field, typed, household.state, household.household, self, blank_rows) : null,
      address: field.type === 'address' ? await addressView(context, field, typed) : null,
    });
  }
  return views;
}

async function addressView(context: Context, field: Field, typed: Typed): Promise<AddressView> {
  const area = typed[`${field.name}.area`] ?? '';
  const query = (typed[`${field.name}.query`] ?? '').trim();
  const areas = await listCounties(context);
  const isKnownArea = areas.some(({ counties }) => counties.some(({ code }) => code === area));
  const chosen_id = typed[field.name] ?? '';
  const found = query !== '' && isKnownArea ? (await searchAddresses(context, { area_code: area, query: query.slice(0, 60) })).addresses.slice(0, addressesShown) : null;
  return {
    areas, area, query,
    found: found?.map(({ address_id, line }) => ({ address_id, line })) ?? null,
    chosen: chosen_id === '' ? null : await addressLine(context, chosen_id),
  };
}

/** The line of an address that was chosen; null for one that is not in force. */
export async function addressLine(context: Context, address_id: string): Promise<{ address_id: string; line: string } | null> {
  if (!/^[0-9a-f-]{36}$/u.test(address_id)) return null;
  const address = (await findAddresses(context, [address_id])).get(address_id);
  return address === undefined || address.valid_to !== null ? null : { address_id, line: address.line };
}

/** What was typed, once it is saved: an address that was chosen needs no search any more. */
export function withoutFinishedSearch(fields: readonly Field[], typed: Typed): Typed {
  const kept = { ...typed };
  for (const field of fields) if (field.type === 'address' && (kept[field.name] ?? '') !== '') delete kept[`${field.name}.query`];
  return kept;
}

