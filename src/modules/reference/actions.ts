/** Adding to the address base. */
import type { Context } from '../../kernel/context.ts';
import { newId } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { addressRecord, type AddressParts, type AddressRecord } from './addresses.ts';
import { findAreas, stationForAddress } from './queries.ts';

/**
 * Registers standard addresses in one statement. The station is the one in charge of the place unless it is given.
 * @returns the rows as stored, in the order given
 * @throws Refusal reference.unknown_area, reference.unknown_station, reference.address_exists, reference.address_too_long
 */
export async function addAddresses(context: Context, addresses: readonly AddressParts[]): Promise<AddressRecord[]> {
  const areas = await findAreas(context, addresses.flatMap(({ township_code, community_code }) => (community_code ? [township_code, community_code] : [township_code])));
  const stations = new Map<string, string>();
  const records: AddressRecord[] = [];
  for (const parts of addresses) {
    const township = areas.get(parts.township_code);
    const community = parts.community_code ? areas.get(parts.community_code) : undefined;
    if (township?.level !== 'TOWNSHIP' || (parts.community_code && community?.level !== 'COMMUNITY')) throw new Refusal('reference.unknown_area');
    const place = parts.community_code ?? parts.township_code;
    const station_code = parts.station_code ?? stations.get(place) ?? (await stationForAddress(context, parts));
    if (station_code === undefined) throw new Refusal('reference.unknown_station');
    if (parts.station_code === undefined) stations.set(place, station_code);
    records.push(addressRecord({ address_id: newId(), ...parts, station_code }, township, community));
  }
  await context.query(
    `insert into reference.standard_address (address_id, township_code, community_code, street, street_number, building, unit, room, line,
                                             station_code, valid_from, line_grams, pinyin_keys)
     select address_id, township_code, community_code, street, street_number, building, unit, room, line, station_code, valid_from, line_grams, pinyin_keys
     from json_to_recordset($1::json) as r (address_id uuid, township_code text, community_code text, street text, street_number text,
       building text, unit text, room text, line text, station_code text, valid_from date, line_grams text[], pinyin_keys text[])`,
    [JSON.stringify(records)],
  );
  return records;
}
