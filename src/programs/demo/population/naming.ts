import type { Sex } from '../../../modules/reference/index.ts';
import { NAME_DOT } from '../../../modules/reference/index.ts';
import { catalogue, characters, cohortOf, words } from './distributions.ts';
import { weighted, type Random } from './random.ts';

/** Leading characters fall off geometrically from the first to the last. */
const RANK_WEIGHT = 0.9;
const LEADING_SHARE = 0.6;

const cohorts = catalogue.given_names.cohorts.map(({ born_until, two_characters, male, female }) => ({
  born_until,
  two_characters,
  leading: { 1: byRank(male), 2: byRank(female) },
}));
const others = { 1: characters(catalogue.given_names.other_male), 2: characters(catalogue.given_names.other_female) };
const dotted = { 1: words(catalogue.dotted_names.male), 2: words(catalogue.dotted_names.female) };
const rare = characters(catalogue.rare_characters.in_general_table);
const rareBefore2013 = characters(catalogue.rare_characters.registered_before_2013);

function byRank(text: string) {
  return weighted(characters(text).map((character, rank): [string, number] => [character, RANK_WEIGHT ** rank]));
}

/** @param first a character shared with brothers and sisters, if the family has that custom */
export function givenName(random: Random, sex: Sex, birthYear: number, first: string | null = null): string {
  const cohort = cohortOf(cohorts, birthYear);
  const draw = () => (random.chance(LEADING_SHARE) ? cohort.leading[sex](random) : random.pick(others[sex]));
  const start = first ?? draw();
  if (first === null && !random.chance(cohort.two_characters)) return start;
  for (;;) {
    const end = draw();
    if (end !== start) return start + end;
  }
}

/** The given name with a rare character at its end; outside the general table only where it dates from before 2013. */
export function rareGivenName(random: Random, sex: Sex, birthYear: number): string {
  const character = birthYear < 2013 && random.chance(0.1) ? random.pick(rareBefore2013) : random.pick(rare);
  const name = characters(givenName(random, sex, birthYear));
  return (name.length > 1 ? name[0] : '') + character;
}

/** A transliterated given name; the bearer's father's follows it behind the dot. */
export function dottedGivenName(random: Random, sex: Sex): string {
  return random.pick(dotted[sex]);
}

export function dottedName(given: string, fathersGiven: string): string {
  return given + NAME_DOT + fathersGiven;
}

/** Whole names of more than twenty characters, for the longest field on every form. */
export function longName(sex: Sex): string {
  return catalogue.dotted_names.long[sex === '1' ? 0 : 1]!;
}
