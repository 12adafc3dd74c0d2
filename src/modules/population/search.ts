/** Finding people. Every search is bounded by the jurisdiction, shows at most twenty, and never counts. */
import type { Context } from '../../kernel/context.ts';
import { isId } from '../../kernel/ids.ts';
import type { InputOf } from '../../kernel/operation.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { findPinyinQuery, gramsForQuery } from '../../kernel/search-keys.ts';
import { levelOfOrganisation, maskIdNumber, normaliseIdNumber, searchAddresses, upgradeOldNumber } from '../reference/index.ts';
import type { contract, PersonRow } from './contract.ts';
import { placesOf } from './places.ts';
import { foldedName } from './search-keys-of.ts';

const ROWS_MAX = 20;

interface FoundRow {
  person_id: string;
  name: string;
  former_name: string | null;
  sex: string;
  birth_on: string;
  id_number: string;
  status: string;
  station_code: string;
  address_id: string | null;
  household_id: string | null;
  household_no: string | null;
  relation: string | null;
}

const shownColumns = `p.person_id, p.name, p.former_name, p.sex, p.birth_on, p.id_number, p.status, p.station_code, p.address_id, p.household_id, h.household_no, m.relation`;
const shownJoins = `left join population.household h on h.household_id = p.household_id
  left join population.membership m on m.person_id = p.person_id and upper_inf(m.period)`;

/** A number as typed: full width, spaces and small x mended, numbers of the first generation lengthened. */
export function wholeNumber(typed: string): string {
  const number = normaliseIdNumber(typed);
  return number.length === 15 ? (upgradeOldNumber(number) ?? number) : number;
}

/**
 * Persons of the caller's jurisdiction by number, name (characters anywhere in it, pinyin, initials), birth date or
 * address, narrowed by station; at most twenty and a cursor to the next. Ethnicity is never a condition.
 * @throws Refusal population.search_too_broad, cursor_unknown
 */
export async function searchPersons(context: Context, input: InputOf<typeof contract.searchPersons>): Promise<{ persons: PersonRow[]; next_cursor: string | null }> {
  const limit = input.rows_max ?? ROWS_MAX;
  if (input.id_number !== undefined) return { persons: await shown(context, await byNumber(context, wholeNumber(input.id_number))), next_cursor: null };

  const beginning = input.name === undefined ? undefined : findPinyinQuery(input.name);
  const grams = input.name === undefined || beginning !== undefined ? undefined : gramsForQuery(input.name);
  if (grams?.length === 0 || (beginning !== undefined && beginning.length < 2)) throw new Refusal('population.search_too_broad');
  const addresses = await addressesOf(context, input);
  if (input.name === undefined && input.birth_on === undefined && addresses === undefined) throw new Refusal('population.search_too_broad');
  if (addresses?.length === 0) return { persons: [], next_cursor: null };

  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const rows = await context.query<FoundRow & { county_code: string; sort_key: string }>(
    `select s.county_code, s.sort_key, ${shownColumns}
     from population.search_persons($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality as s (person_id, county_code, sort_key, position)
     join population.person p on p.person_id = s.person_id ${shownJoins}
     order by s.position`,
    [grams ?? null, beginning ?? null, input.birth_on ?? null, addresses ?? null, input.station_code ?? null,
      after?.county_code ?? null, after?.sort_key ?? null, after?.person_id ?? null, limit + 1]);
  const page = rows.slice(0, limit);
  return { persons: await shown(context, page), next_cursor: rows.length > limit ? writeCursor(page.at(-1)!) : null };
}

/** Also finds the bearer of a number that was given up. */
function byNumber(context: Context, id_number: string): Promise<FoundRow[]> {
  return context.query<FoundRow>(
    `select ${shownColumns} from population.person p ${shownJoins} where p.id_number = $1
     union all
     select ${shownColumns} from population.retired_number r join population.person p on p.person_id = r.person_id ${shownJoins} where r.id_number = $1
     limit 2`, [id_number]);
}

/** The standard addresses meant: given, or found by text in the station or county of the search. */
async function addressesOf(context: Context, input: InputOf<typeof contract.searchPersons>): Promise<string[] | undefined> {
  if (input.address_id !== undefined) return [input.address_id];
  if (input.address === undefined) return undefined;
  const bound = input.station_code ?? (context.actor.kind === 'officer' ? context.actor.org_code : '');
  const where = bound !== '' && levelOfOrganisation(bound) === 'STATION' ? { station_code: bound } : { area_code: bound.slice(0, 6) };
  const { addresses } = await searchAddresses(context, { query: input.address, ...where });
  return addresses.map((address) => address.address_id);
}

async function shown(context: Context, rows: readonly FoundRow[]): Promise<PersonRow[]> {
  const places = await placesOf(context, rows.map((row) => row.station_code), rows.map((row) => row.address_id));
  return rows.map(({ id_number, address_id, ...row }) => ({
    ...row, id_number_masked: maskIdNumber(id_number), station_name: places.station(row.station_code), address: places.address(address_id),
  }));
}

interface Cursor {
  county_code: string;
  sort_key: string;
  person_id: string;
}

function writeCursor({ county_code, sort_key, person_id }: Cursor): string {
  return Buffer.from(JSON.stringify([county_code, sort_key, person_id])).toString('base64url');
}

function readCursor(text: string): Cursor {
  try {
    const [county_code, sort_key, person_id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof county_code === 'string' && /^\d{6}$/.test(county_code) && typeof sort_key === 'string' && /^[\p{L}\p{N}]*$/u.test(sort_key) && isId(person_id)) return { county_code, sort_key, person_id };
  } catch {
    // Fall through: a cursor that cannot be read is as good as one that makes no sense.
  }
  throw new Refusal('population.cursor_unknown');
}

/**
 * One person anywhere in the province, for the counter nearest to the citizen: only who brings number and name learns
 * where the person is registered. A number alone, a wrong name and nobody give the same answer.
 */
export async function findPersonByNumber(context: Context, input: InputOf<typeof contract.findPersonByNumber>) {
  const number = wholeNumber(input.id_number);
  const [found] = await context.query<{ person_id: string; name: string; id_number: string; status: string; station_code: string }>(
    'select person_id, name, id_number, status, station_code from population.find_person_by_number($1, $2)', [number, foldedName(input.name)]);
  if (found === undefined) return { person: null };
  const places = await placesOf(context, [found.station_code], []);
  const { id_number, ...person } = found;
  return { person: { ...person, id_number_masked: maskIdNumber(id_number), station_name: places.station(found.station_code), number_was_retired: id_number !== number } };
}
