/** The register's non-main items: plausible for the age and cohort, never contradictory. */
import type { Sex } from '../../../modules/reference/index.ts';
import { catalogue, cohortOf, pairs, words } from './distributions.ts';
import { weighted, type Random } from './random.ts';

const education = catalogue.education.map(({ born_until, codes }) => ({ born_until, draw: weighted(pairs(codes)) }));
const bloodType = weighted(pairs(catalogue.blood_types));
const occupation = weighted(pairs(catalogue.occupations));
const employers = words(catalogue.workplaces.employers);
const publicEmployers = words(catalogue.workplaces.public);
const { primary_school, middle_school, university } = catalogue.workplaces;

/** Median height in cm by age, girls and boys; straight lines between. */
const GROWTH: ReadonlyArray<readonly [age: number, boys: number, girls: number]> = [
  [1, 76, 75], [3, 96, 95], [6, 117, 116], [10, 140, 140], [13, 158, 156], [16, 169, 158], [18, 170.5, 158.5],
];

export type Particulars = {
  education: string | null;
  military_service: string | null;
  blood_type: string;
  height_cm: number | null;
  occupation: string | null;
  workplace: string | null;
};

/** @param place begins the name of a school or employer: 官渡街道 */
export function particulars(random: Random, sex: Sex, age: number, birthYear: number, place: string): Particulars {
  const level = educationOf(random, age, birthYear);
  const studies = age >= 6 && (age < 16 || (age < 22 && random.chance(age < 18 ? 0.85 : 0.4)));
  const works = !studies && age >= 16 && random.chance(age < 60 ? 0.82 : 0.35);
  const work = works ? occupation(random) : null;
  return {
    education: level,
    military_service: militaryService(random, sex, age),
    blood_type: bloodType(random),
    height_cm: heightCm(random, sex, age),
    occupation: work,
    workplace: workplace(random, age, studies, work, place),
  };
}

/** The level finished; GB/T 4658. */
function educationOf(random: Random, age: number, birthYear: number): string | null {
  if (age < 6) return null;
  if (age < 12) return '90';
  if (age < 15) return '81';
  if (age < 18) return '71';
  const level = cohortOf(education, birthYear).draw(random);
  // Nobody has finished university at twenty; school-leavers until then.
  return age < 23 && (level === '21' || level === '14' || level === '31') ? '61' : level;
}

function militaryService(random: Random, sex: Sex, age: number): string | null {
  if (age < 18) return null;
  if (sex === '2' || age < 21) return '0';
  return random.chance(0.06) ? '1' : random.chance(0.02) ? '2' : '0';
}

function heightCm(random: Random, sex: Sex, age: number): number | null {
  if (age < 1) return null;
  const column = sex === '1' ? 1 : 2;
  const next = GROWTH.findIndex(([years]) => years > age);
  let median: number;
  if (next === -1) {
    // Earlier generations grew up shorter, and the old shrink a little.
    median = GROWTH.at(-1)![column] - Math.min(8, Math.max(0, age - 30) * 0.12);
  } else {
    const before = GROWTH[next - 1]!;
    const after = GROWTH[next]!;
    median = before[column] + ((age - before[0]) / (after[0] - before[0])) * (after[column] - before[column]);
  }
  const deviation = median * 0.034;
  return Math.round(random.normal(median, deviation, median - 2.5 * deviation, median + 2.5 * deviation));
}

function workplace(random: Random, age: number, studies: boolean, work: string | null, place: string): string | null {
  if (studies) return place + (age < 12 ? primary_school : age < 18 ? middle_school : university);
  if (work === null || work === '50000' || random.chance(0.35)) return null;
  return place + random.pick(work === '20000' ? publicEmployers : employers);
}
