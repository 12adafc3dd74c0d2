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
/** Candidates that are ranked; a search that matches more is too vague to rank and shows any of them. */
const CANDIDATES_MAX = 400;
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

/** SQL for a search over the two key columns; takes its values as the first two parameters. */
function matchOf(search: NonNullable<Search>, gramsColumn: string): { sql: string; values: [unknown, string] } {
  return 'grams' in search
    ? { sql: `${gramsColumn} @> $1::text[]`, values: [search.grams, search.text] }
    : {
        sql: `reference.key_prefixes(pinyin_keys) @> $1::text[] and exists (select from unnest(pinyin_keys) as key where starts_with(key, $2))`,
        values: [[search.prefix], search.key],
      };
}

const areaColumns = `code, name, name_en, full_name, level, successor_code, coalesce(valid_to <= $3, false) as is_retired,
  exists (select from reference.area as child where child.parent_code = area.code and (child.valid_to is null or child.valid_to > $3)) as has_children`;

/** Divisions whose name matches, higher levels and names that begin with the query first. */
export async function searchAreas(context: Context, input: InputOf<typeof contract.searchAreas>): Promise<{ areas: Area[] }> {
  const search = searchOf(input.query);
  if (search === undefined) return { areas: [] };
  const { code_from, code_to } = input.within === undefined ? { code_from: '', code_to: '~' } : jurisdictionOfArea(input.within);
  const bounds = [localDay(context.now), code_from, code_to, input.level ?? null, input.include_retired ?? false];
  const bounded = `code >= $4 and code < $5 and ($6::text is null or level = $6) and ($7 or valid_to is null or valid_to > $3)`;
  const match = matchOf(search, 'name_grams');
  const areas = await context.query<Area>(
    `select ${areaColumns} from reference.area where ${match.sql} and ${bounded}
     order by char_length(code), starts_with(name, $2) desc, code limit ${ROWS_MAX}`,
    [...match.values, ...bounds],
  );
  if (areas.length > 0 || !('grams' in search)) return { areas };
  // Several levels typed as one (昆明市五华区): the shortest full name that holds them is the one meant.
  return {
    areas: await context.query<Area>(
      `select ${areaColumns} from reference.area where $1::text[] is not null and strpos(full_name, $2) > 0 and ${bounded}
       order by char_length(full_name), code limit ${ROWS_MAX}`,
      [...match.values, ...bounds],
    ),
  };
}

/** Current divisions one level below, in the order of their codes; without a parent, the provinces. */
export async function listAreaChildren(
  context: Context, input: InputOf<typeof contract.listAreaChildren>,
): Promise<{ areas: Area[]; next_after: string | null }> {
  const areas = await context.query<Area>(
    `select ${areaColumns} from reference.area
     where parent_code is not distinct from $1 and code > $2 and (valid_to is null or valid_to > $3)
     order by code limit ${CHILDREN_PER_PAGE + 1}`,
    [input.parent_code ?? null, input.after ?? '', localDay(context.now)],
  );
  const page = areas.slice(0, CHILDREN_PER_PAGE);
  return { areas: page, next_after: areas.length > CHILDREN_PER_PAGE ? page.at(-1)!.code : null };
}

/** Divisions by code, current or retired, for display beside codes kept elsewhere. */
export async function findAreas(context: Context, codes: readonly string[]): Promise<Map<string, Area>> {
  const areas = await context.query<Area>(
    `select ${areaColumns} from reference.area where code = any($1) and $2::text is not null order by code limit cardinality($1)`,
    [[...new Set(codes)], '', localDay(context.now)],
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

/** Which indexed column bounds a search, and by which value. */
function boundOf(input: InputOf<typeof contract.searchAddresses>): { column: string; value: string; county_code: string } {
  const { station_code, area_code } = input;
  if ((station_code === undefined) === (area_code === undefined)) throw new Refusal('reference.address_search_unbounded');
  if (station_code !== undefined) return { column: 'station_code', value: station_code, county_code: station_code.slice(0, 6) };
  const county_code = area_code!.slice(0, 6);
  if (county_code.endsWith('00')) throw new Refusal('reference.address_search_unbounded');
  if (area_code!.length === 6) return { column: 'county_code', value: county_code, county_code };
  return { column: 'township_code', value: area_code!.slice(0, 9), county_code };
}

/**
 * Standard addresses in force inside one station, county or township, nearest match and lowest number first.
 * @throws Refusal reference.address_search_unbounded unless exactly one bound is given, county level or below
 */
export async function searchAddresses(context: Context, input: InputOf<typeof contract.searchAddresses>): Promise<{ addresses: FoundAddress[] }> {
  const { column, value, county_code } = boundOf(input);
  const [county] = await context.query<{ full_name: string }>('select full_name from reference.area where code = $1', [county_code]);
  const search = searchOf(withoutBound(foldVariants(input.query.trim()), county?.full_name ?? ''));
  if (search === undefined) return { addresses: [] };
  const match = matchOf(search, 'line_grams');
  const addresses = await context.query<FoundAddress>(
    `select address_id, line, station_code from (
       select address_id, line, station_code from reference.standard_address
       where ${column} = $3 and ${match.sql} and (valid_to is null or valid_to > $4)
       limit ${CANDIDATES_MAX}
     ) as candidate
     order by strpos(line, $2) = 0, char_length(line), line limit ${ROWS_MAX}`,
    [...match.values, value, localDay(context.now)],
  );
  return { addresses };
}

export interface StandardAddress {
  address_id: string;
  county_code: string;
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
    `select address_id, county_code, township_code, community_code, street, street_number, building, unit, room, line, station_code,
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

const organisationColumns = `org_code, name, name_en, level, parent_code, phone, address, successor_code,
  coalesce(valid_to <= $3, false) as is_retired`;

/** Organisations in force, by name, level, superior or the division they serve; higher levels first. */
export async function searchOrganisations(
  context: Context, input: InputOf<typeof contract.searchOrganisations>,
): Promise<{ organisations: Organisation[] }> {
  const search = input.query === undefined ? undefined : searchOf(input.query);
  if (input.query !== undefined && search === undefined) return { organisations: [] };
  const match = search === undefined ? { sql: '$1::text is null and $2::text is null', values: [null, null] } : matchOf(search, 'name_grams');
  const organisations = await context.query<Organisation>(
    `select ${organisationColumns} from reference.organisation
     where ${match.sql} and (valid_to is null or valid_to > $3) and ($4::text is null or level = $4)
       and ($5::text is null or parent_code = $5) and ($6::text is null or area_codes @> array[$6::text])
     order by array_position(array['PROVINCE', 'PREFECTURE', 'COUNTY', 'STATION'], level), org_code limit ${ROWS_MAX}`,
    [...match.values, localDay(context.now), input.level ?? null, input.parent_code ?? null, input.area_code ?? null],
  );
  return { organisations };
}

/** Organisations by code, in force or not. */
export async function findOrganisations(context: Context, org_codes: readonly string[]): Promise<Map<string, Organisation>> {
  const organisations = await context.query<Organisation>(
    `select ${organisationColumns} from reference.organisation
     where org_code = any($1) and $2::text is not null order by org_code limit cardinality($1)`,
    [[...new Set(org_codes)], '', localDay(context.now)],
  );
  return new Map(organisations.map((organisation) => [organisation.org_code, organisation]));
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
