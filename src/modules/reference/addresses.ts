/** How a standard address is written out and made searchable. Pure functions. */
import { gramsOf } from '../../kernel/search-keys.ts';
import { pinyinKeysOfPlace } from './place-keys.ts';

export interface AddressParts {
  address_id?: string;
  township_code: string;
  community_code?: string | null;
  /** Street, road or lane; in the country the group or hamlet of the village. */
  street?: string | null;
  /** `12`, `12号` and `12-3` are all understood; so with building, unit and room. */
  street_number?: string | null;
  building?: string | null;
  unit?: string | null;
  room?: string | null;
  /** Only to depart from the station that has the place. */
  station_code?: string;
  valid_from?: string | null;
}

export interface AddressRecord {
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
  line_grams: string[];
  pinyin_keys: string[];
}

interface NamedArea {
  name: string;
  full_name: string;
}

/** A bare number takes the counter that belongs to its place; words stay as they are. */
function counted(text: string | null | undefined, counter: string): string | null {
  const given = text?.trim() ?? '';
  if (given === '') return null;
  return /^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$/.test(given) ? given + counter : given;
}

/** A numbered road names its place by itself; a hamlet needs its village. */
function needsCommunity(street: string | null): boolean {
  return street === null || !/[路街巷道弄]$/u.test(street);
}

/**
 * Fills in an address: parts with their counters, the whole line from the province down, and its search keys. The
 * community is always searchable, also where the line leaves it out.
 */
export function addressRecord(
  parts: AddressParts & { address_id: string; station_code: string }, township: NamedArea, community: NamedArea | undefined,
): AddressRecord {
  const street = parts.street?.trim() || null;
  const street_number = counted(parts.street_number, '号');
  const building = counted(parts.building, '幢');
  const unit = counted(parts.unit, '单元');
  const room = counted(parts.room, '室');
  const tail = [street_number, building, unit, room].join('');
  const door = (street ?? '') + tail;
  const villagePart = needsCommunity(street) ? (community?.name ?? '') : '';
  return {
    address_id: parts.address_id, township_code: parts.township_code, community_code: parts.community_code ?? null,
    street, street_number, building, unit, room,
    line: township.full_name + villagePart + door,
    station_code: parts.station_code,
    valid_from: parts.valid_from ?? null,
    line_grams: gramsOf(`${township.name}${villagePart}${door} ${community === undefined ? '' : community.name + door}`),
    pinyin_keys: pinyinKeysOfAddress(street, tail, community?.name),
  };
}

/** Pinyin is typed from the street on or from the community on, whole or by initials. */
function pinyinKeysOfAddress(street: string | null, tail: string, community: string | undefined): string[] {
  return [
    ...(street === null ? [] : pinyinKeysOfPlace(street, tail)),
    ...(community === undefined ? [] : pinyinKeysOfPlace(community, (street ?? '') + tail)),
  ];
}
