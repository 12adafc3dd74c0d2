/** The doors of an area in the order in which somebody walks them. */
import type { Context } from '../../kernel/context.ts';
import { localDay } from './working-time.ts';

export interface CommunityOfStation {
  community_code: string;
  name: string;
  township: string;
}

/** A station has a few dozen communities; more are not listed. */
const COMMUNITIES_MAX = 300;
const DOORS_PER_PAGE = 30;

/** Communities and villages in which the station has addresses, in the order of their codes. */
export function communitiesOf(context: Context, station_code: string): Promise<CommunityOfStation[]> {
  return context.query<CommunityOfStation>(
    `select c.code as community_code, c.name, t.name as township
     from (select distinct community_code from reference.standard_address where station_code = $1 and community_code is not null and (valid_to is null or valid_to > $2)) a
     join reference.area c on c.code = a.community_code join reference.area t on t.code = c.parent_code
     order by c.code limit ${COMMUNITIES_MAX}`, [station_code, localDay(context.now)]);
}

/**
 * Standard addresses of one community that are in force, street by street and door by door.
 * @param asked.after `next` of the page before
 */
export async function listDoors(
  context: Context, asked: { station_code: string; community_code: string; after?: string | undefined },
): Promise<{ doors: { address_id: string; line: string }[]; next: string | null }> {
  const rows = await context.query<{ address_id: string; line: string; walk: string }>(
    `select address_id, line, walk from (
       select address_id, line, ${walkOf(['street', 'street_number', 'building', 'unit', 'room'])} || address_id as walk
       from reference.standard_address where station_code = $1 and community_code = $2 and (valid_to is null or valid_to > $4)) d
     where walk > $3 order by walk limit ${DOORS_PER_PAGE + 1}`,
    [asked.station_code, asked.community_code, asked.after ?? '', localDay(context.now)]);
  const doors = rows.slice(0, DOORS_PER_PAGE);
  return { doors: doors.map(({ address_id, line }) => ({ address_id, line })), next: rows.length > DOORS_PER_PAGE ? doors.at(-1)!.walk : null };
}

/** Numbers are walked by their size: No. 9 before No. 10. */
function walkOf(columns: readonly string[]): string {
  const part = (column: string): string => `lpad(coalesce(substring(${column} from '[0-9]+'), ''), 6, '0') || coalesce(${column}, '') || ' '`;
  return `(${columns.map((column) => (column === 'street' ? `coalesce(street, '') || ' '` : part(column))).join(' || ')}) collate "C"`;
}
