/** What the reference operations answer; every list has a bound, an order and a limit. */
import type { Context } from '../../kernel/context.ts';
import type { InputOf } from '../../kernel/operation.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { findPinyinQuery, foldVariants, gramsForQuery } from '../../kernel/search-keys.ts';
import { jurisdictionOfArea } from './areas.ts';
import type { Area, CodeList, contract, FoundAddress, Organisation } from './contract.ts';
import { remembered } from './remembered.ts';
import { localDay } from './working-time.ts';

const ROWS_MAX = 20;
const CHILDREN_PER_PAGE = 100;
/** Candidates of a station that are ranked; a search that matches more is too vague to rank and shows any of them. */
const CANDIDATES_MAX = 200;
const PREFIX_LETTERS_MAX = 6;

/**
 * What was typed, as conditions: grams for characters, a pinyin key for letters, or nothing that can be looked for.
 * `prefix` is the part of the key that is in the index.
 */
type Search = { grams: string[]; text: string } | { key: string; prefix: string } | undefined;

function searchOf(query: string): Search {
  const key = findPinyinQuery(query);
  if (key !== undefined) return key.length < 2 ? undefined : { key, prefix: key.slice(0, PREFIX_LETTERS_MAX) };
  const grams = gramsForQuery(query);
  return grams.length === 0 ? undefined : { grams, text: foldVariants(query).replace(/\s+/gu, '') };
}

/** Values of a statement in the order in which its text names them. */
class Values {
  readonly list: unknown[] = [];
  /** Keeps a value and returns the place that stands for it. */
  put(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}

/** The condition that a row's search keys hold what was typed. */
function matches(search: NonNullable<Search>, gramsColumn: string, values: Values): string {
  if ('grams' in search) return `${gramsColumn} @> ${values.put(search.grams)}::text[]`;
  return `reference.key_prefixes(pinyin_keys) @> array[${values.put(search.prefix)}::text]
    and exists (select from unnest(pinyin_keys) as key where starts_with(key, ${values.put(search.key)}))`;
}

/** Orders rows that hold the text as typed before those that hold its pieces. */
function asTyped(search: NonNullable<Search>, column: string, values: Values): string {
  return 'grams' in search ? `strpos(${column}, ${values.put(search.text)}) <> 1, ` : '';
}

function inForce(values: Values, on: string): string {
  return `(valid_to is null or valid_to > ${values.put(on)}::date)`;
}

function areaColumns(values: Values, on: string): string {
  const day = `${values.put(on)}::date`;
  return `code, name, name_en, full_name, level, successor_code, coalesce(valid_to <= ${day}, false) as is_retired,
    exists (select from reference.area as child where child.parent_code = area.code and (child.valid_to is null or child.valid_to > ${day})) as has_children`;
}

/** Divisions whose name matches, higher levels and names that begin with the query first. */
export async function searchAreas(context: Context, input: InputOf<typeof contract.searchAreas>): Promise<{ areas: Area[] }> {
  const search = searchOf(input.query);
  if (search === undefined) return { areas: [] };
  const today = localDay(context.now);

  function select(condition: (values: Values) => string, order: (values: Values) => string): Promise<Area[]> {
    const values = new Values();
    const conditions = [condition(values)];
    if (input.within !== undefined) {
      const { code_from, code_to } = jurisdictionOfArea(input.within);
      conditions.push(`code >= ${values.put(code_from)} and code < ${values.put(code_to)}`);
    }
    if (input.level !== undefined) conditions.push(`level = ${values.put(input.level)}`);
    if (input.include_retired !== true) conditions.push(inForce(values, today));
    return context.query<Area>(
      `select ${areaColumns(values, today)} from reference.area where ${conditions.join(' and ')} order by ${order(values)} limit ${ROWS_MAX}`,
      values.list,
    );
  }

  const areas = await select(
    (values) => matches(search, 'name_grams', values),
    (values) => `char_length(code), right(code, 4) <> '0000', ${asTyped(search, 'name', values)}right(code, 2) <> '00', code`,
  );
  if (areas.length > 0 || !('grams' in search)) return { areas };
  // Several levels typed as one (昆明市五华区): the shortest full name that holds them is the one meant.
  return { areas: await select((values) => `strpos(full_name, ${values.put(search.text)}) > 0`, () => 'char_length(full_name), code') };
}

/** Current divisions one level below, in the order of their codes; without a parent, the provinces. */
export async function listAreaChildren(
  context: Context, input: InputOf<typeof contract.listAreaChildren>,
): Promise<{ areas: Area[]; next_after: string | null }> {
  const values = new Values();
  const today = localDay(context.now);
  const parent = input.parent_code === undefined ? 'parent_code is null' : `parent_code = ${values.put(input.parent_code)}`;
  const areas = await context.query<Area>(
    `select ${areaColumns(values, today)} from reference.area
     where ${parent} and code > ${values.put(input.after ?? '')} and ${inForce(values, today)}
     order by code limit ${CHILDREN_PER_PAGE + 1}`,
    values.list,
  );
  const page = areas.slice(0, CHILDREN_PER_PAGE);
  return { areas: page, next_after: areas.length > CHILDREN_PER_PAGE ? page.at(-1)!.code : null };
}

/** Divisions by code, current or retired, for display beside codes kept elsewhere. */
export async function findAreas(context: Context, codes: readonly string[]): Promise<Map<string, Area>> {
  const values = new Values();
  const areas = await context.query<Area>(
    `select ${areaColumns(values, localDay(context.now))} from reference.area where code = any(${values.put([...new Set(codes)])})
     order by code limit ${values.put(codes.length)}`,
    values.list,
  );
  return new Map(areas.map((area) => [area.code, area]));
}

/** What is typed before the street repeats the bound (五华区大观路 inside 五华区) and stands in no gram. */
function withoutBound(query: string, bound: string): string {
  for (let start = 0; start < bound.length - 1; start++) {
    const repeated = bound.slice(start);
    if (query.startsWith(repeated)) return query.slice(repeated.length);
  }
  return query;
}

/**
 * Standard addresses in force inside one station, county or township, nearest match and lowest number first. The
 * index is asked station by station, so that the cost does not grow with the size of the province.
 * @throws Refusal reference.address_search_unbounded unless exactly one bound is given, county level or below
 */
export async function searchAddresses(context: Context, input: InputOf<typeof contract.searchAddresses>): Promise<{ addresses: FoundAddress[] }> {
  const { station_code, area_code } = input;
  const county_code = (station_code ?? area_code ?? '').slice(0, 6);
  if ((station_code === undefined) === (area_code === undefined) || (area_code !== undefined && county_code.endsWith('00'))) {
    throw new Refusal('reference.address_search_unbounded');
  }
  const [county] = await context.query<{ full_name: string }>('select full_name from reference.area where code = $1', [county_code]);
  const search = searchOf(withoutBound(foldVariants(input.query.trim()), county?.full_name ?? ''));
  if (search === undefined) return { addresses: [] };

  const values = new Values();
  const stations = station_code !== undefined
    ? `(values (${values.put(station_code)}::text)) as station (org_code)`
    : `reference.organisation as station`;
  const area = area_code === undefined ? undefined : values.put(area_code);
  const found = 'grams' in search
    ? `reference.bounded_keys(station_code, line_grams) @> reference.bounded_keys(station.org_code, ${values.put(search.grams)}::text[])`
    : `reference.bounded_keys(station_code, reference.key_prefixes(pinyin_keys)) @> array[station.org_code || ${values.put(search.prefix)}::text]
       and exists (select from unnest(pinyin_keys) as key where starts_with(key, ${values.put(search.key)}))`;
  const addresses = await context.query<FoundAddress>(
    `select address_id, line, station_code from ${stations} cross join lateral (
       select address_id, line, station_code from reference.standard_address
       where ${found} and ${inForce(values, localDay(context.now))} ${area === undefined ? '' : `and starts_with(coalesce(community_code, township_code), ${area})`}
       limit ${CANDIDATES_MAX}
     ) as candidate
     ${area === undefined ? '' : `where station.level = 'STATION' and exists (select from unnest(station.area_codes) as served where starts_with(served, ${area}) or starts_with(${area}, served))`}
     order by ${'grams' in search ? `strpos(line, ${values.put(search.text)}) = 0, ` : ''}char_length(line), line limit ${ROWS_MAX}`,
    values.list,
  );
  return { addresses };
}

export interface StandardAddress {
  address_id: string;
  township_code: string;
  community_code: string | null;
  street: string | null;
  street_number: string | null;
  building: string | null;
  unit: string | null;
  room: string | null;
  line: string;
  station_code: string;
  valid_from: string | null;
  valid_to: string | null;
}

/** Standard addresses by id, in force or not. */
export async function findAddresses(context: Context, address_ids: readonly string[]): Promise<Map<string, StandardAddress>> {
  const addresses = await context.query<StandardAddress>(
    `select address_id, township_code, community_code, street, street_number, building, unit, room, line, station_code,
            valid_from, valid_to
     from reference.standard_address where address_id = any($1) order by address_id limit cardinality($1)`,
    [[...new Set(address_ids)]],
  );
  return new Map(addresses.map((address) => [address.address_id, address]));
}

/** The station in charge of a place: the one that names the community, else the one that has the township. */
export async function stationForAddress(
  context: Context, place: { township_code: string; community_code?: string | null },
): Promise<string | undefined> {
  const [station] = await context.query<{ org_code: string }>(
    `select org_code from reference.organisation
     where (area_codes @> array[$1::text] or area_codes @> array[$2::text]) and level = 'STATION' and (valid_to is null or valid_to > $3)
     order by area_codes @> array[$1::text] desc, org_code limit 1`,
    [place.community_code ?? '', place.township_code, localDay(context.now)],
  );
  return station?.org_code;
}

function organisationColumns(values: Values, on: string): string {
  return `org_code, name, name_en, level, parent_code, phone, address, successor_code,
    coalesce(valid_to <= ${values.put(on)}::date, false) as is_retired`;
}

/** Organisations in force, by name, level, superior or the division they serve; higher levels first. */
export async function searchOrganisations(
  context: Context, input: InputOf<typeof contract.searchOrganisations>,
): Promise<{ organisations: Organisation[] }> {
  const values = new Values();
  const today = localDay(context.now);
  const conditions = [inForce(values, today)];
  if (input.query !== undefined) {
    const search = searchOf(input.query);
    if (search === undefined) return { organisations: [] };
    conditions.push(matches(search, 'name_grams', values));
  }
  if (input.level !== undefined) conditions.push(`level = ${values.put(input.level)}`);
  if (input.parent_code !== undefined) conditions.push(`parent_code = ${values.put(input.parent_code)}`);
  if (input.area_code !== undefined) conditions.push(`area_codes @> array[${values.put(input.area_code)}::text]`);
  const organisations = await context.query<Organisation>(
    `select ${organisationColumns(values, today)} from reference.organisation where ${conditions.join(' and ')}
     order by array_position(array['PROVINCE', 'PREFECTURE', 'COUNTY', 'STATION'], level), org_code limit ${ROWS_MAX}`,
    values.list,
  );
  return { organisations };
}

/** Organisations by code, in force or not. */
export async function findOrganisations(context: Context, org_codes: readonly string[]): Promise<Map<string, Organisation>> {
  const values = new Values();
  const organisations = await context.query<Organisation>(
    `select ${organisationColumns(values, localDay(context.now))} from reference.organisation
     where org_code = any(${values.put([...new Set(org_codes)])}) order by org_code limit ${values.put(org_codes.length)}`,
    values.list,
  );
  return new Map(organisations.map((organisation) => [organisation.org_code, organisation]));
}

/** For every organisation that was dissolved, the one in force that succeeds it, through any number of reorganisations. */
export async function listSuccessors(context: Context): Promise<ReadonlyMap<string, string>> {
  return remembered(context, 'successors', async () => {
    const dissolved = await context.query<{ org_code: string; successor_code: string }>(
      'select org_code, successor_code from reference.organisation where valid_to <= $1::date and successor_code is not null order by org_code limit 10000', [localDay(context.now)]);
    const next = new Map(dissolved.map(({ org_code, successor_code }) => [org_code, successor_code]));
    const last = (org_code: string, steps = 0): string => (next.has(org_code) && steps < next.size ? last(next.get(org_code)!, steps + 1) : org_code);
    return new Map(dissolved.map(({ org_code }) => [org_code, last(org_code)]));
  });
}

/**
 * One organisation, in force or not, with its superiors from the nearest up.
 * @throws Refusal reference.unknown_organisation
 */
export async function getOrganisation(
  context: Context, input: InputOf<typeof contract.getOrganisation>,
): Promise<{ organisation: Organisation; superiors: Array<{ org_code: string; name: string; name_en: string }> }> {
  const organisation = (await findOrganisations(context, [input.org_code])).get(input.org_code);
  if (organisation === undefined) throw new Refusal('reference.unknown_organisation', { org_code: input.org_code });
  const superiors = await context.query<{ org_code: string; name: string; name_en: string }>(
    `with recursive superior as (
       select org_code, name, name_en, parent_code, 1 as distance from reference.organisation where org_code = $1
       union all
       select o.org_code, o.name, o.name_en, o.parent_code, distance + 1
       from superior join reference.organisation as o on o.org_code = superior.parent_code where distance < 10
     )
     select org_code, name, name_en from superior order by distance limit 10`,
    [organisation.parent_code],
  );
  return { organisation, superiors };
}

/**
 * One code list with all its items, those that can no longer be chosen included, so that old records can be shown.
 * @throws Refusal reference.unknown_code_list
 */
export async function listCodes(context: Context, input: InputOf<typeof contract.listCodes>): Promise<CodeList> {
  return remembered(context, `codes:${input.list}`, async () => {
    const [list] = await context.query<Omit<CodeList, 'items'>>('select list, zh, en, standard from reference.code_list where list = $1', [input.list]);
    if (list === undefined) throw new Refusal('reference.unknown_code_list', { list: input.list });
    const items = await context.query<CodeList['items'][number]>(
      `select code, zh, en, is_selectable and (valid_from is null or valid_from <= $2) and (valid_to is null or valid_to > $2) as is_selectable, attributes
       from reference.code_list_item where list = $1 order by position limit 500`,
      [input.list, localDay(context.now)],
    );
    return { ...list, items };
  });
}
