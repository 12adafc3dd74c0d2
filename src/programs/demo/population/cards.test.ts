import { expect, test } from 'vitest';
import { validityYears } from '../../../modules/cards/index.ts';
import { cardsOf } from './cards.ts';
import { generatePopulation, loadDemoStations } from './index.ts';
import { knownPeople } from './known.ts';

const today = '2026-11-01';
const population = generatePopulation({ people: 2000, seed: 20261122, reference_on: today, stations: loadDemoStations() });
const persons = new Map(population.persons.map((person) => [person.person_id, person]));

test('everybody from sixteen has one card, issued at a lawful age and valid as long as the law says', () => {
  const cards = cardsOf(population, today);
  const adults = population.persons.filter((person) => person.status === '0' && person.birth_on <= '2010-11-01');
  expect(new Set(cards.map((card) => card.person_id)).size).toBe(cards.length);
  expect(adults.filter((person) => !cards.some((card) => card.person_id === person.person_id))).toEqual([]);
  for (const card of cards) {
    const { birth_on } = persons.get(card.person_id)!;
    const years = validityYears(birth_on, card.valid_from_on);
    expect(card.valid_until_on === null ? null : Number(card.valid_until_on.slice(0, 4)) - Number(card.valid_from_on.slice(0, 4))).toBe(years);
    expect(card.valid_from_on >= birth_on && card.valid_from_on <= today).toBe(true);
  }
  expect(cards.some((card) => card.valid_until_on !== null && card.valid_until_on < today)).toBe(true);
});

test('husband and wife are known as each other’s, and no dead person is known', () => {
  const known = new Map(knownPeople(population).map((person) => [person.id_number, person]));
  const married = [...known.values()].filter((person) => person.spouse_id_number !== null);
  expect(married.length).toBeGreaterThan(100);
  expect(married.filter((person) => known.get(person.spouse_id_number!)?.spouse_id_number !== person.id_number)).toEqual([]);
  expect(population.persons.filter((person) => person.status !== '0' && known.has(person.id_number))).toEqual([]);
});
