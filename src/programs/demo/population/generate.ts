import { dayOf, type Day } from './days.ts';
import { catalogue, householdSize, shareOfGroup } from './distributions.ts';
import { draftFamily, familyOfBride, minorAlone, parentsOfBride, type Family } from './families.ts';
import { Registrar } from './households.ts';
import { Random } from './random.ts';
import { groupOf, type Origin, type Relative } from './relatives.ts';
import { emptyPopulation, type Population } from './rows.ts';
import type { DemoStation } from './stations.ts';

export type PopulationOptions = {
  /** Living people to register, exactly; the dead of the last decades come on top, about four in a hundred. */
  people: number;
  /** The same seed, number, day and stations give the same rows. */
  seed: number;
  /** The day as of which the register is drawn, `yyyy-mm-dd`. */
  reference_on: string;
  stations: readonly DemoStation[];
};

/** Each family is the best of so many drafts, the one that brings the ages closest to the pyramid. */
const DRAFTS = 4;
const DRAFT_ATTEMPTS = 500;
const MINOR_ALONE_EVERY = 400;
const BRIDE_EVERY = 30;
const COLLECTIVE_KINDS = ['4', '3', '2'] as const;

/**
 * An invented register in one piece: for up to some hundred thousand people; beyond that take `generateStations`.
 * @throws Error when the options make no sense
 */
export function generatePopulation(options: PopulationOptions): Population {
  const whole = emptyPopulation();
  for (const part of generateStations(options)) {
    for (const table of Object.keys(whole) as (keyof Population)[]) {
      const rows = whole[table] as unknown[];
      for (const row of part[table]) rows.push(row);
    }
  }
  return whole;
}

/**
 * The same register station by station. Each part refers only to rows of itself and of earlier parts, so that it can
 * be loaded and forgotten; it holds rows of other stations where people have come from there.
 */
export function* generateStations(options: PopulationOptions): Generator<Population, void> {
  const { people, seed, reference_on, stations } = options;
  if (!Number.isSafeInteger(people) || people < 1) throw new Error(`people must be a whole number above 0, not ${people}`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed must be a whole number, not ${seed}`);
  if (stations.length === 0) throw new Error('at least one station is needed');
  const today = dayOf(reference_on);
  const registrar = new Registrar(seed, today, stations);
  const pyramid = new Pyramid(today);
  const quotas = quotasOf(new Random(seed, 'station sizes'), people, stations.length);

  let families = 0;
  for (const [index, station] of stations.entries()) {
    const quota = quotas[index]!;
    const random = new Random(seed, `station ${station.org_code}`);
    const inCollective = quota < 40 ? 0 : Math.round((quota * catalogue.collective_percent) / 100);
    let missing = quota - inCollective;
    while (missing > 0) {
      const plan = planOf(families, missing, random, today, () => registrar.brideFor(station.county_code));
      registrar.registerFamily(random, station, pyramid.choose(plan.draft));
      families += 1;
      missing -= plan.size;
    }
    if (inCollective > 0) {
      const kind = COLLECTIVE_KINDS[index % COLLECTIVE_KINDS.length]!;
      pyramid.count(registrar.registerCollective(random, station, kind, inCollective));
    }
    yield registrar.release();
  }
}

type Plan = { size: number; draft: () => Family | null };

/**
 * What the next household is. Rare situations that demonstrations need come at regular intervals and not by chance,
 * so that a small population has them too.
 */
function planOf(families: number, missing: number, random: Random, today: Day, findBride: () => Origin | null): Plan {
  if (families % MINOR_ALONE_EVERY === 50) return { size: 1, draft: () => minorAlone(random, today, 1) };
  const turn = families % BRIDE_EVERY;
  if (turn === 10 && missing >= 2) return { size: 2, draft: () => parentsOfBride(random, today, 2) };
  const bride = turn === 25 && missing >= 4 ? findBride() : null;
  if (bride !== null) return { size: 4, draft: () => familyOfBride(random, today, bride) };
  const size = Math.min(missing, householdSize(random));
  return { size, draft: () => draftFamily(random, today, size) };
}

/** Splits the people over the stations, log-normal around the mean. */
function quotasOf(random: Random, people: number, stations: number): number[] {
  const weights = Array.from({ length: stations }, () => Math.exp(random.normal(0, catalogue.station_size_spread, -1, 1)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let given = 0;
  let due = 0;
  return weights.map((weight) => {
    due += (people * weight) / sum;
    const quota = Math.round(due) - given;
    given += quota;
    return quota;
  });
}

/** Keeps the ages of the whole population close to the age groups of the catalogue. */
class Pyramid {
  readonly #today: Day;
  readonly #counts = new Array<number>(shareOfGroup.length).fill(0);
  #total = 0;

  constructor(today: Day) {
    this.#today = today;
  }

  /** Of several drafts the one whose living members are most wanted; they are counted. */
  choose(draft: () => Family | null): Family {
    let best: Family | null = null;
    let bestScore = -Infinity;
    let drafts = 0;
    for (let attempt = 0; drafts < DRAFTS && attempt < DRAFT_ATTEMPTS; attempt += 1) {
      const family = draft();
      if (family === null) continue;
      drafts += 1;
      const score = this.#score(family);
      if (score > bestScore) [best, bestScore] = [family, score];
    }
    if (best === null) throw new Error(`no family could be drawn in ${DRAFT_ATTEMPTS} attempts`);
    this.count(best.members);
    return best;
  }

  #score({ members }: Family): number {
    let score = 0;
    for (const member of members) {
      if (member.presence !== 'living') continue;
      const group = groupOf(member, this.#today);
      const expected = shareOfGroup[group]! * (this.#total + 50);
      score += 1 - this.#counts[group]! / expected;
    }
    return score;
  }

  count(members: readonly Relative[]): void {
    for (const member of members) {
      if (member.presence !== 'living') continue;
      const group = groupOf(member, this.#today);
      this.#counts[group] = this.#counts[group]! + 1;
      this.#total += 1;
    }
  }
}
