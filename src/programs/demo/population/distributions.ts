import { readFileSync } from 'node:fs';
import { weighted, type Random, type Sampler } from './random.ts';

type NameCohort = { born_until: number; two_characters: number; male: string; female: string };

type Catalogue = {
  /** [from age, share in %, men per 100 women], five years each, the last without end. */
  age_groups: ReadonlyArray<readonly [number, number, number]>;
  household_sizes: Record<string, number>;
  collective_percent: number;
  station_size_spread: number;
  surnames: string;
  other_surnames: { percent: number; characters: string };
  given_names: { cohorts: readonly NameCohort[]; other_male: string; other_female: string };
  rare_characters: { in_general_table: string; registered_before_2013: string };
  dotted_names: { ethnicities: readonly string[]; male: string; female: string; long: readonly string[] };
  ethnicity: Record<string, string>;
  education: ReadonlyArray<{ born_until: number; codes: string }>;
  blood_types: string;
  occupations: string;
  workplaces: { employers: string; public: string; primary_school: string; middle_school: string; university: string };
  streets: string;
  counties_numbered_since_1984: string;
};

/** The distributions of `catalogue/bureaus/demo-population.json`, ready to draw from. */
export const catalogue = JSON.parse(
  readFileSync(new URL('../../../../catalogue/bureaus/demo-population.json', import.meta.url), 'utf8'),
) as Catalogue;

/** Reads `"李 9.99 张 8.05"`: values and weights in turn. */
export function pairs(text: string): [string, number][] {
  const words = text.split(' ');
  return words.flatMap((word, index) => (index % 2 === 0 ? [[word, Number(words[index + 1])] as [string, number]] : []));
}

export const words = (text: string): string[] => text.split(' ');
export const characters = (text: string): string[] => [...text];

export const householdSize: Sampler<number> = weighted(
  Object.entries(catalogue.household_sizes).map(([size, percent]) => [Number(size), percent]),
);

const otherSurnames = characters(catalogue.other_surnames.characters);
export const surname: Sampler<string> = weighted([
  ...pairs(catalogue.surnames),
  ...otherSurnames.map((character): [string, number] => [character, catalogue.other_surnames.percent / otherSurnames.length]),
]);

const ethnicityByPrefecture = new Map(
  Object.entries(catalogue.ethnicity).map(([prefecture, text]) => [prefecture, weighted(pairs(text))]),
);

/** A plausible value for the mandatory item, by the first four digits of the division. */
export function ethnicity(random: Random, areaCode: string): string {
  const sampler = ethnicityByPrefecture.get(areaCode.slice(0, 4)) ?? ethnicityByPrefecture.get('default');
  if (sampler === undefined) throw new Error('demo-population.json lacks ethnicity.default');
  return sampler(random);
}

/** The first cohort that reaches the year. */
export function cohortOf<T extends { born_until: number }>(cohorts: readonly T[], year: number): T {
  const cohort = cohorts.find(({ born_until }) => year <= born_until);
  if (cohort === undefined) throw new Error(`demo-population.json has no cohort for ${year}`);
  return cohort;
}

/** Cumulated share of people by single year of age, 0 to 99; index n holds those younger than n. */
export const youngerThan: readonly number[] = (() => {
  const cumulated = [0];
  for (const [, share] of catalogue.age_groups) {
    for (let year = 0; year < 5; year += 1) cumulated.push(cumulated.at(-1)! + share / 5);
  }
  return cumulated;
})();

/** Expected share of each five-year group and sex, summing up to 1: index 2 × group, plus 1 for women. */
export const shareOfGroup: readonly number[] = (() => {
  const total = catalogue.age_groups.reduce((sum, [, share]) => sum + share, 0);
  return catalogue.age_groups.flatMap(([, share, menPer100Women]) => {
    const men = menPer100Women / (100 + menPer100Women);
    return [(share / total) * men, (share / total) * (1 - men)];
  });
})();

export const counties = words(catalogue.counties_numbered_since_1984);
