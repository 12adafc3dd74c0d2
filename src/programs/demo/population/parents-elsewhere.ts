import type { Sex } from '../../../modules/reference/index.ts';
import { YEAR, yearOf, type Day } from './days.ts';
import type { Random } from './random.ts';
import { mayMarryOn, type Origin, type Relative } from './relatives.ts';

const ATTEMPTS = 6;
/** A mother or father whose birthday shifts within the year stays at least this much older than the first child. */
const YOUNGEST_PARENT_YEARS = 17.5;

/** Grown children that parents' households wait for: whoever founds a household may turn out to be one of them. */
export class ParentsElsewhere {
  readonly #waiting = new Map<string, Origin[]>();

  /** @param countyCode where the child settles */
  add(origin: Origin, countyCode: string): void {
    this.#append(keyOf(countyCode, origin.sex, origin.birth), origin);
  }

  /** A daughter who marries into another county and waits for a family of her own there. */
  addBride(origin: Origin, countyCode: string): void {
    this.#append(countyCode, origin);
  }

  /** The bride who has waited longest for this county. */
  takeBride(countyCode: string): Origin | null {
    return this.#waiting.get(countyCode)?.shift() ?? null;
  }

  #append(key: string, origin: Origin): void {
    const list = this.#waiting.get(key);
    if (list === undefined) this.#waiting.set(key, [origin]);
    else list.push(origin);
  }

  /** An origin that fits somebody who founds or joins a household in the county, removed from those waiting. */
  take(random: Random, person: Relative, countyCode: string): Origin | null {
    const list = this.#waiting.get(keyOf(countyCode, person.sex, person.birth));
    for (let attempt = 0; list !== undefined && list.length > 0 && attempt < ATTEMPTS; attempt += 1) {
      const index = random.between(0, list.length - 1);
      const origin = list[index]!;
      if (!fits(person, origin)) continue;
      list[index] = list.at(-1)!;
      list.pop();
      return origin;
    }
    return null;
  }
}

function keyOf(countyCode: string, sex: Sex, birth: Day): string {
  return `${countyCode} ${sex} ${yearOf(birth)}`;
}

/** The person takes over the birthday of the child waited for; marriage and children must allow it. */
function fits(person: Relative, origin: Origin): boolean {
  if (origin.joined + 365 > person.joined) return false;
  const { spouse, married } = person;
  const firstChild = person.children[0];
  if (firstChild !== undefined && firstChild.birth - origin.birth < YOUNGEST_PARENT_YEARS * YEAR) return false;
  if (spouse === null || married === null) return true;
  if (spouse.origin !== null && spouse.origin.father === origin.father) return false;
  const shifted = { ...person, birth: origin.birth };
  const pair = person.sex === '1' ? { husband: shifted, wife: spouse } : { husband: spouse, wife: shifted };
  return mayMarryOn(pair, married);
}
