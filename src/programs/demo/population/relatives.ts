/** The people of one family before they have names: who is whose child and spouse, born when, in the household since when. */
import type { ChildOrder, Kin, Sex } from '../../../modules/reference/index.ts';
import { YEAR, dayOf, reaches, yearOf, type Day } from './days.ts';
import { catalogue, youngerThan } from './distributions.ts';
import type { Random } from './random.ts';
import type { HouseholdRow, PersonRow } from './rows.ts';
import type { DemoStation } from './stations.ts';

/** What a person passes on to children. */
export type Lineage = {
  surname: string;
  given: string;
  /** The family's names are transliterated: own given name · father's given name. */
  dotted: boolean;
  ethnicity: string;
  native_place: string;
  /** First character that all children share, or null. */
  childrens_first: string | null;
};

/** The place of a grown child in the parents' household, before it appears in another household. */
export type Origin = {
  sex: Sex;
  birth: Day;
  order: ChildOrder;
  joined: Day;
  father: Relative;
  mother: Relative;
  household: HouseholdRow;
  station: DemoStation;
};

export type Relative = {
  sex: Sex;
  birth: Day;
  father: Relative | null;
  mother: Relative | null;
  spouse: Relative | null;
  /** Eldest first. */
  children: Relative[];
  /** Ghosts hold a family together without being in the register. */
  presence: 'living' | 'dead' | 'ghost';
  died: Day | null;
  marital: string;
  married: Day | null;
  /** In this household since. */
  joined: Day;
  /** May have come from the household of parents elsewhere. */
  newcomer: boolean;
  origin: Origin | null;
  lineage: Lineage | null;
  row: PersonRow | null;
};

export const kinOfRelatives: Kin<Relative> = {
  sex: (person) => person.sex,
  father: (person) => person.father,
  mother: (person) => person.mother,
  spouse: (person) => person.spouse,
  children: (person) => person.children,
};

export type Couple = { husband: Relative; wife: Relative };

/** Decree of the State Council, 9 January 1958: the register begins. */
export const FIRST_REGISTER: Day = dayOf('1958-01-09');
/** The marriage law of 1980, in force from 1981, raised the age from 20 and 18 to 22 and 20. */
const MARRIAGE_LAW_1980: Day = dayOf('1981-01-01');
const MONTHS_14 = 430;
/** A birth is registered within a month, art. 7 of the regulation of 1958. */
export const BIRTH_REGISTRATION = 30;
const PREGNANCY = 270;
const CHILDBEARING_YEARS: readonly [number, number] = [18, 45];

export function relative(sex: Sex, birth: Day): Relative {
  return {
    sex, birth, father: null, mother: null, spouse: null, children: [], presence: 'living', died: null,
    marital: '10', married: null, joined: 0, newcomer: false, origin: null, lineage: null, row: null,
  };
}

/** A birthday in the range; September to November see five percent more births. */
export function birthdayBetween(random: Random, low: Day, high: Day): Day {
  const day = random.between(low, high);
  const dayOfYear = ((day % YEAR) + YEAR) % YEAR;
  const autumn = dayOfYear >= 243 && dayOfYear < 334;
  return autumn || !random.chance(0.05) ? day : random.between(low, high);
}

/** A birthday of somebody aged `youngest` to `oldest` (whole years, both included), by the age pyramid. */
export function birthdayAged(random: Random, today: Day, youngest: number, oldest: number): Day {
  const low = youngerThan[youngest]!;
  const high = youngerThan[Math.min(oldest + 1, youngerThan.length - 1)]!;
  const target = low + random.next() * (high - low);
  let age = youngest;
  while (age < oldest && youngerThan[age + 1]! <= target) age += 1;
  return birthdayBetween(random, Math.ceil(today - (age + 1) * YEAR) + 1, Math.floor(today - age * YEAR));
}

/** A sex for a newborn; a grown child's sex is drawn the same way, the pyramid is kept by choosing among drafts. */
export function sexOfChild(random: Random): Sex {
  return random.chance(0.524) ? '1' : '2';
}

/** First day on which the two may marry. */
export function marriageableFrom(pair: Couple): Day {
  const early = atAges(pair, 20, 18);
  return early < MARRIAGE_LAW_1980 ? early : atAges(pair, 22, 20);
}

/** A couple of age under the old law that let 1980 pass has to wait until it is of age under the new. */
export function mayMarryOn(pair: Couple, day: Day): boolean {
  return day >= marriageableFrom(pair) && (day < MARRIAGE_LAW_1980 || day >= atAges(pair, 22, 20));
}

function atAges({ husband, wife }: Couple, husbands: number, wifes: number): Day {
  return Math.max(reaches(husband.birth, husbands), reaches(wife.birth, wifes));
}

/** A man and a woman of an age for one another, not yet married; null when either would be too old to be alive. */
export function couple(random: Random, today: Day, wifesYoungest: number, wifesOldest: number): Couple | null {
  const wife = relative('2', birthdayAged(random, today, wifesYoungest, wifesOldest));
  const husband = relative('1', husbandsBirth(random, wife.birth));
  const bothMay = today - marriageableFrom({ husband, wife }) > 60;
  return bothMay && today - husband.birth < 102 * YEAR ? { husband, wife } : null;
}

export function husbandsBirth(random: Random, wifesBirth: Day): Day {
  return Math.round(wifesBirth - random.normal(2.5, 3.5, -6, 14) * YEAR);
}

export function marry({ husband, wife }: Couple, on: Day): void {
  husband.spouse = wife;
  wife.spouse = husband;
  husband.married = wife.married = on;
  husband.marital = wife.marital = '21';
}

/** Marries a couple up to two and a half years before the birth of the first child. */
export function marryBefore(random: Random, pair: Couple, firstBirth: Day): void {
  const latest = firstBirth - PREGNANCY - 10;
  marry(pair, weddingDay(pair, latest - random.between(0, 620), latest));
}

/** Marries a couple without children. */
export function marryAlone(random: Random, today: Day, pair: Couple): void {
  const wish = pair.wife.birth + random.normal(yearOf(pair.wife.birth) < 1975 ? 22.5 : 25, 3, 18, 40) * YEAR;
  const latest = today - random.between(31, 300);
  marry(pair, weddingDay(pair, Math.min(Math.round(wish), latest), latest));
}

/** The lawful day nearest to the one wished for, not after `latest` when the couple is of age by then. */
function weddingDay(pair: Couple, wish: Day, latest: Day): Day {
  const day = Math.max(wish, marriageableFrom(pair));
  if (mayMarryOn(pair, day)) return day;
  const underNewLaw = atAges(pair, 22, 20);
  return underNewLaw <= latest ? underNewLaw : MARRIAGE_LAW_1980 - 1;
}

/**
 * Marries a couple and gives it `count` children, who all still live at home unmarried; null when that cannot be.
 * @param oldest age of the eldest child, in years
 */
export function withChildren(random: Random, today: Day, pair: Couple, count: number, oldest = 34): Relative[] | null {
  const births = birthsOf(random, pair, count);
  const first = births[0];
  const last = births.at(-1);
  if (first === undefined || last === undefined || last > today - BIRTH_REGISTRATION - 1 || first < today - oldest * YEAR) return null;
  marryBefore(random, pair, first);
  return births.map((birth) => addChild(pair, sexOfChild(random), birth));
}

export function addChild({ husband, wife }: Couple, sex: Sex, birth: Day): Relative {
  const child = relative(sex, birth);
  child.father = husband;
  child.mother = wife;
  husband.children.push(child);
  wife.children.push(child);
  return child;
}

/** Birthdays of `count` children of a marriage, or none when the mother would be too old for the last. */
export function birthsOf(random: Random, pair: Couple, count: number): Day[] {
  const { wife } = pair;
  const meanAge = yearOf(wife.birth) < 1975 ? 23.5 : 26;
  const wish = wife.birth + random.normal(meanAge, 3.5, CHILDBEARING_YEARS[0], 40) * YEAR;
  const earliest = marriageableFrom(pair) + PREGNANCY + 10;
  const births: Day[] = [];
  let next = Math.round(Math.max(wish, earliest));
  while (births.length < count) {
    const birth = birthdayBetween(random, next, next + 60);
    births.push(birth);
    if (births.length < count && random.chance(0.011)) births.push(birth);
    next = birth + Math.round(Math.max(MONTHS_14, random.normal(4, 1.8, 1, 10) * YEAR));
  }
  return births.at(-1)! <= wife.birth + CHILDBEARING_YEARS[1] * YEAR ? births : [];
}

/** Parents for somebody already drawn, married before the birth; null when they would be older than a hundred. */
export function parentsOf(random: Random, today: Day, child: Relative): Couple | null {
  const wife = relative('2', Math.round(child.birth - random.normal(25, 4, 18, 42) * YEAR));
  const husband = relative('1', husbandsBirth(random, wife.birth));
  const pair = { husband, wife };
  const from = marriageableFrom(pair);
  const until = child.birth - PREGNANCY - 10;
  if (from > until || today - husband.birth > 98 * YEAR || today - wife.birth > 98 * YEAR) return null;
  marry(pair, weddingDay(pair, random.between(Math.max(from, until - 900), until), until));
  child.father = husband;
  child.mother = wife;
  husband.children.push(child);
  wife.children.push(child);
  return pair;
}

/** A brother or sister of `person`, born at a decent distance from all children of the same parents, or null. */
export function addSibling(random: Random, today: Day, parents: Couple, person: Relative, ages: readonly [number, number]): Relative | null {
  const birth = birthdayBetween(random, person.birth - 9 * 365, person.birth + 9 * 365);
  const age = (today - birth) / YEAR;
  const mothersAge = (birth - parents.wife.birth) / YEAR;
  const tooClose = parents.wife.children.some((child) => Math.abs(child.birth - birth) < MONTHS_14);
  const married = parents.wife.married ?? birth;
  if (tooClose || age < ages[0] || age > ages[1] || birth < married + PREGNANCY) return null;
  if (mothersAge < CHILDBEARING_YEARS[0] || mothersAge > CHILDBEARING_YEARS[1]) return null;
  const sibling = addChild(parents, sexOfChild(random), birth);
  for (const parent of [parents.husband, parents.wife]) parent.children.sort((a, b) => a.birth - b.birth);
  return sibling;
}

/** How many children a mother has: one 35 %, two 45 %, three or more 20 %. */
export function birthsPerMother(random: Random): number {
  const draw = random.next();
  return draw < 0.35 ? 1 : draw < 0.8 ? 2 : draw < 0.94 ? 3 : 4;
}

/** Five-year group and sex as an index into `shareOfGroup`. */
export function groupOf(person: Relative, today: Day): number {
  const group = Math.min(catalogue.age_groups.length - 1, Math.floor((today - person.birth) / YEAR / 5));
  return 2 * group + (person.sex === '1' ? 0 : 1);
}
