import { catalogue, words } from './distributions.ts';
import type { Random } from './random.ts';
import type { AddressRow } from './rows.ts';
import type { Community, DemoStation } from './stations.ts';

const ROADS = words(catalogue.streets);
/** 人民路, 人民东路, 人民西路 …: enough for every community of a township to have roads of its own. */
const STREETS = ['', '东', '西', '南', '北', '中'].flatMap((side) => ROADS.map((road) => road.slice(0, -1) + side + road.slice(-1)));
const STREETS_PER_COMMUNITY = 3;

type Place = Pick<AddressRow, 'street' | 'number' | 'building' | 'unit' | 'room'>;

/** Endless unoccupied addresses of one community. */
type Quarter = { community: Community; places: Iterator<Place, never>; inText: string };

/**
 * The addresses of one station, each given once: blocks of flats along the streets of communities, houses by group
 * in villages. A tenth of the flats stays empty.
 */
export class AddressBook {
  readonly #station: DemoStation;
  readonly #random: Random;
  readonly #newId: () => string;
  readonly #quarters: Quarter[];

  /** @throws Error when the station has no communities */
  constructor(station: DemoStation, random: Random, newId: () => string) {
    if (station.communities.length === 0) throw new Error(`station ${station.org_code} needs at least one community for its addresses`);
    this.#station = station;
    this.#random = random;
    this.#newId = newId;
    this.#quarters = station.communities.map((community) => {
      const village = community.name.endsWith('村');
      return { community, places: village ? houses(random) : flats(random, streetsOf(community)), inText: village ? community.name : '' };
    });
  }

  next(): AddressRow {
    const { community, places, inText } = this.#random.pick(this.#quarters);
    const place = places.next().value;
    return {
      address_id: this.#newId(),
      station_code: this.#station.org_code,
      area_code: this.#station.township_code,
      community_code: community.code,
      community: community.name,
      ...place,
      text: this.#station.address + inText + placeText(place),
    };
  }
}

/** The last three digits number the communities of a township, so no two of them share a street. */
function streetsOf({ code }: Community): string[] {
  const first = Number(code.slice(9)) * STREETS_PER_COMMUNITY;
  return Array.from({ length: STREETS_PER_COMMUNITY }, (_, offset) => STREETS[(first + offset) % STREETS.length]!);
}

function placeText({ street, number, building, unit, room }: Place): string {
  return `${street}${number}号${building ? `${building}幢` : ''}${unit ? `${unit}单元` : ''}${room ? `${room}室` : ''}`;
}

function* houses(random: Random): Generator<Place, never> {
  const groups = random.between(3, 9);
  for (let number = 1; ; number += random.between(1, 2)) {
    for (let group = 1; group <= groups; group += 1) {
      yield { street: `${group}组`, number: String(number), building: null, unit: null, room: null };
    }
  }
}

function* flats(random: Random, streets: readonly string[]): Generator<Place, never> {
  for (let number = random.between(1, 30); ; number += random.between(1, 4)) {
    const street = random.pick(streets);
    if (random.chance(0.15)) yield { street, number: String(number), building: null, unit: null, room: null };
    else yield* rooms(random, street, String(number));
  }
}

function* rooms(random: Random, street: string, number: string): Generator<Place, void> {
  const buildings = random.between(1, 6);
  const units = random.between(1, 4);
  const floors = random.chance(0.3) ? random.between(11, 18) : random.between(5, 7);
  for (let building = 1; building <= buildings; building += 1) {
    for (let unit = 1; unit <= units; unit += 1) {
      for (let floor = 1; floor <= floors; floor += 1) {
        for (let door = 1; door <= 2; door += 1) {
          if (random.chance(0.1)) continue;
          yield { street, number, building: String(building), unit: String(unit), room: `${floor}0${door}` };
        }
      }
    }
  }
}
