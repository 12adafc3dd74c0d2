/** Brings in cards that were issued before this system: a legacy register, or the demonstration. */
import type pg from 'pg';

export interface LoadedCard {
  card_id: string;
  person_id: string;
  id_number: string;
  station_code: string;
  card_serial: string | null;
  valid_from_on: string;
  valid_until_on: string | null;
}

const chunkRows = 5000;

/** Cards in force, as the owner of the schema; one that is there already stays as it is. @returns how many were new */
export async function loadCards(owner: pg.ClientBase | pg.Pool, cards: readonly LoadedCard[], recorded_at: Date): Promise<number> {
  let added = 0;
  for (let from = 0; from < cards.length; from += chunkRows) {
    const { rowCount } = await owner.query(
      `insert into cards.card (card_id, person_id, id_number, station_code, card_serial, valid_from_on, valid_until_on, state, state_at, recorded_at)
       select r.card_id, r.person_id, r.id_number, r.station_code, r.card_serial, r.valid_from_on, r.valid_until_on, 'in_force', $2, $2
       from json_to_recordset($1::json) as r (card_id uuid, person_id uuid, id_number text, station_code text, card_serial text, valid_from_on date, valid_until_on date)
       on conflict do nothing`, [JSON.stringify(cards.slice(from, from + chunkRows)), recorded_at]);
    added += rowCount ?? 0;
  }
  return added;
}
