/** Questions as they stand on a page, with what was typed; one way for drafts and for corrections. */
import type { Context } from '../../kernel/index.ts';
import { isAsked, optionsOf, readsOf, type Answers, type Field, type Typed } from '../catalogue/index.ts';
import { findAddresses, findAreas, searchAddresses, searchAreas } from '../reference/index.ts';
import type { AddressView, AreaView, FieldView, HouseholdState } from './contract.ts';
import { listCounties } from './counties.ts';
import { isToldByEntry, personListView, successors } from './movers.ts';
import type { Household } from './record.ts';

export const addressesShown = 10;
export const areasShown = 10;

export interface FieldSurroundings {
  /** Answers of the whole form so far, on which conditions of these questions may depend. */
  answers: Answers;
  household: { state: HouseholdState; household: Household | null };
  /** The signed-in citizen, offered as the first person where the entry is not known yet. */
  self: { name: string; id_number: string } | null;
  blank_rows: number;
}

/** Facts about those who stay are asked of the citizen only when the entry does not tell them. */
const toldByEntry = new Set(['whole_household', 'head_leaves']);

/**
 * The questions of a page. What depends on an answer of the same page is there and comes into sight with it; what
 * depends on another page is there only when it is asked.
 */
export async function fieldViews(context: Context, fields: readonly Field[], typed: Typed, { answers, household, self, blank_rows }: FieldSurroundings): Promise<FieldView[]> {
  const persons = fields.find((field) => field.type === 'person_list');
  const isTold = persons !== undefined && household.household !== null && (Object.keys(typed).length === 0 || isToldByEntry(household.household, typed, persons));
  const here = new Set(fields.map(({ name }) => name));
  const views: FieldView[] = [];
  for (const field of fields) {
    if (isTold && toldByEntry.has(field.name)) continue;
    const dependsOnPage = field.when !== undefined && readsOf(field.when).some((name) => here.has(name));
    if (!dependsOnPage && !isAsked(field, answers)) continue;
    const who = field.name === 'new_head_id_number' && isTold && persons !== undefined ? successors(household.household, typed, persons, context.now) : [];
    if (field.name === 'new_head_id_number' && isTold && typed['head_leaves'] !== 'yes') continue;
    views.push({
      name: field.name, type: field.type, label: field.label, hint: field.hint ?? null, required: field.required || field.when !== undefined,
      when: !dependsOnPage || (isTold && field.name === 'new_head_id_number') ? null : (field.when ?? null),
      options: who.length > 0 ? who : optionsOf(field).map(({ value, label }) => ({ value, label })),
      length_max: field.length_max ?? null, typed: typed[field.name] ?? '',
      persons: field.type === 'person_list' ? personListView(field, typed, household.state, household.household, self, blank_rows) : null,
      address: field.type === 'address' ? await addressView(context, field, typed) : null,
      area: field.type === 'area' ? await areaView(context, field, typed) : null,
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

async function areaView(context: Context, field: Field, typed: Typed): Promise<AreaView> {
  const query = (typed[`${field.name}.query`] ?? '').trim();
  const chosen = typed[field.name] ?? '';
  return { query, found: query === '' ? null : await findCounties(context, query), chosen: chosen === '' ? null : await areaNamed(context, chosen) };
}

/** Counties in force whose name fits, retired ones left out. */
export async function findCounties(context: Context, query: string): Promise<{ code: string; full_name: string }[]> {
  const { areas } = await searchAreas(context, { query: query.slice(0, 60), level: 'COUNTY' });
  return areas.slice(0, areasShown).map(({ code, full_name }) => ({ code, full_name }));
}

/** A county that was chosen; null for a code that there is not. */
export async function areaNamed(context: Context, code: string): Promise<{ code: string; full_name: string } | null> {
  if (!/^\d{6}$/u.test(code)) return null;
  const area = (await findAreas(context, [code])).get(code);
  return area === undefined || area.level !== 'COUNTY' || area.is_retired ? null : { code, full_name: area.full_name };
}

/** The line of an address that was chosen; null for one that is not in force. */
export async function addressLine(context: Context, address_id: string): Promise<{ address_id: string; line: string } | null> {
  if (!/^[0-9a-f-]{36}$/u.test(address_id)) return null;
  const address = (await findAddresses(context, [address_id])).get(address_id);
  return address === undefined || address.valid_to !== null ? null : { address_id, line: address.line };
}

/** What was typed, once it is saved: a place that was chosen needs no search any more. */
export function withoutFinishedSearch(fields: readonly Field[], typed: Typed): Typed {
  const kept = { ...typed };
  for (const field of fields) if ((field.type === 'address' || field.type === 'area') && (kept[field.name] ?? '') !== '') delete kept[`${field.name}.query`];
  return kept;
}

