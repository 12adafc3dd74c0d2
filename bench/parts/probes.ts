/** What officers look for, drawn from the register itself: the same register and seed give the same probes. */
import { ConverterBuilder } from 'opencc-js/core';
import * as dictionaries from 'opencc-js/preset/cn2t';
import type pg from 'pg';
import { pinyinKeysOf } from '../../src/kernel/search-keys.ts';

export interface Probe {
  person_id: string;
  household_id: string;
  id_number: string;
  name: string;
  birth_on: string;
  station_code: string;
  /** Street and number, or village, group and number, as somebody at the counter says it. */
  place: string;
  /** A day on which this person already belonged to the household. */
  past_day: string;
}

/** Registered persons of the stations whose code begins so, with at least so many characters in the name. */
export async function drawProbes(owner: pg.Pool, prefix: string, seed: number, count: number, characters_min = 2): Promise<Probe[]> {
  const { rows } = await owner.query<Probe>(
    `with drawn as materialized (
       select person_id, household_id, id_number, name, birth_on, station_code, address_id from population.person
       where station_code >= $1 and station_code < $1 || '~' and status = '0' and char_length(replace(name, '·', '')) >= $4 order by md5(person_id::text || $2) limit $3)
     select d.person_id, d.household_id, d.id_number, d.name, d.birth_on::text as birth_on, d.station_code,
       split_part(substr(a.line, char_length(t.full_name) + 1), a.street_number, 1) || a.street_number as place,
       (lower(m.period) + (date '2026-11-01' - lower(m.period)) / 2)::date::text as past_day
     from drawn d
     join population.membership m on m.person_id = d.person_id and upper_inf(m.period)
     join reference.standard_address a on a.address_id = d.address_id
     join reference.area t on t.code = a.township_code
     order by md5(d.person_id::text || $2)`, [prefix, String(seed), count, characters_min]);
  return rows;
}

const toTraditional = ConverterBuilder(dictionaries)({ from: 'cn', to: 't' });

/** The ways to type a name; nothing where this name has no such part. */
export const typed = {
  whole: (name: string): string => name,
  start: (name: string): string | undefined => part(name, 3, (characters) => characters.slice(0, 2)),
  middle: (name: string): string | undefined => part(name, 4, (characters) => characters.slice(1, 3)),
  end: (name: string): string | undefined => part(name, 3, (characters) => characters.slice(-2)),
  pinyin: (name: string): string | undefined => pinyinKeysOf(name, { surname: true }).full[0],
  pinyinBeginning: (name: string): string | undefined => {
    const whole = typed.pinyin(name) ?? '';
    return whole.slice(0, Math.max(3, Math.ceil(whole.length * 0.6)));
  },
  initials: (name: string): string | undefined => pinyinKeysOf(name, { surname: true }).initials[0],
  variants: (name: string): string | undefined => {
    const traditional = toTraditional(name);
    return traditional === name ? undefined : traditional;
  },
};

function part(name: string, characters_min: number, cut: (characters: string[]) => string[]): string | undefined {
  const characters = [...name.replaceAll('·', '')];
  return characters.length < characters_min ? undefined : cut(characters).join('');
}
