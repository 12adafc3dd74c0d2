/** The identity cards that the invented people carry, as the law would have had them issued; some have run out or soon will. */
import { ageOn } from '../../../kernel/clock.ts';
import { newId, sha256 } from '../../../kernel/ids.ts';
import { monthsAfter, validityOf, type LoadedCard } from '../../../modules/cards/index.ts';
import type { PersonRow, Population } from './rows.ts';

/** Longer than ten years, so that among the young some cards have run out. */
const issuedDaysAgoMax = 3720;
/** 居民身份证法第二条: from sixteen everybody applies; younger ones may, and a few have. */
const childrenInHundred = 20;

/** A number between 0 and `below`, the same for the same person. */
const dice = (person: PersonRow, about: string, below: number): number => parseInt(sha256(`${about} ${person.person_id}`).slice(0, 8), 16) % below;

const daysBefore = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

function cardOf(person: PersonRow, today: string): LoadedCard | undefined {
  const isChild = ageOn(person.birth_on, today) < 16;
  if (isChild && dice(person, 'has a card', 100) >= childrenInHundred) return undefined;
  const earliest = isChild ? person.birth_on : monthsAfter(person.birth_on, 16 * 12);
  const drawn = daysBefore(today, dice(person, 'card issued', issuedDaysAgoMax));
  const { valid_from_on, valid_until_on } = validityOf(person.birth_on, drawn < earliest ? earliest : drawn);
  return { card_id: newId(), person_id: person.person_id, id_number: person.id_number, station_code: person.station_code, card_serial: null, valid_from_on, valid_until_on };
}

/** One card for everybody who is alive and old enough, and for some children. */
export function cardsOf(population: Pick<Population, 'persons'>, today: string): LoadedCard[] {
  return population.persons.filter((person) => person.status === '0').flatMap((person) => cardOf(person, today) ?? []);
}
