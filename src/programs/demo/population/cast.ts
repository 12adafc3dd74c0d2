/** People of the invented register with a part to play in demonstrations and tests: found by their situation, not by name. */
import type { MembershipRow, PersonRow, Population } from './rows.ts';

export type DemoCast = {
  /** Two parents and two minors who move to the place where the parents of the head's spouse live. */
  moving_family: {
    household_id: string;
    head: PersonRow;
    spouse: PersonRow;
    children: [PersonRow, PersonRow];
    /** The parents of the spouse, who can receive the family in the target county. */
    receiving: { household_id: string; father: PersonRow; mother: PersonRow };
  };
  /** Over 78, lives in the home county. */
  elder: PersonRow;
  /** An adult with · in the name. */
  dotted_name: PersonRow;
  /** An adult with a character beyond the basic plane in the name. */
  rare_character: PersonRow;
  /** The head can move alone: another adult remains and can become head. */
  head_moving_alone: { household_id: string; head: PersonRow; remaining: PersonRow[] };
  /** If the parent moves alone, only the minor remains. */
  minor_left_behind: { household_id: string; parent: PersonRow; minor: PersonRow };
  /** A household of which only a minor is left. */
  minor_alone: { household_id: string; minor: PersonRow };
};

export type CastPlaces = {
  /** County in which the cast lives, and the one the family moves to. */
  home_county: string;
  target_county: string;
  /** The day by which ages are reckoned, `yyyy-mm-dd`. */
  reference_on: string;
};

const DALI_TO_WUHUA: CastPlaces = { home_county: '532901', target_county: '530102', reference_on: '2026-11-01' };

type Home = { household_id: string; head: PersonRow; members: { person: PersonRow; relation: string }[] };

/**
 * Chooses the cast: the same population gives the same people, and nobody plays two parts.
 * @throws Error naming the part for which nobody is found; a few thousand people contain them all
 */
export function pickDemoCast(population: Population, places: CastPlaces = DALI_TO_WUHUA): DemoCast {
  const { home_county, target_county, reference_on } = places;
  const view = viewOf(population);
  const ageOf = (person: PersonRow) => ageOn(person.birth_on, reference_on);
  const adult = (person: PersonRow) => ageOf(person) >= 18;
  const minor = (person: PersonRow) => ageOf(person) < 16;
  const at = (county: string) => (person: PersonRow) => person.station_code.startsWith(county);
  const cast = new Set<PersonRow>();
  const enlist = <Part>(role: string, candidates: Iterable<Part>, people: (part: Part) => PersonRow[], suits: (part: Part) => boolean): Part => {
    for (const candidate of candidates) {
      if (people(candidate).some((person) => cast.has(person)) || !suits(candidate)) continue;
      for (const person of people(candidate)) cast.add(person);
      return candidate;
    }
    throw new Error(`nobody can play ${role}: generate more people, take another seed or other counties`);
  };
  const homes = view.homes.filter(({ head }) => at(home_county)(head));
  const livingHere = population.persons.filter((person) => person.status === '0' && at(home_county)(person));
  /** Plays a citizen who signs in. */
  const citizen = (person: PersonRow) => adult(person) && person.phone !== null;
  const alone = (person: PersonRow) => [person];

  const moving_family = enlist(
    'the moving family',
    homes.flatMap((home) => movingFamilyOf(home, view) ?? []),
    ({ head, spouse, children, receiving }) => [head, spouse, ...children, receiving.father, receiving.mother],
    ({ head, children, receiving }) =>
      citizen(head) && !head.name.includes('·') && children.every(minor) && at(target_county)(receiving.father),
  );
  return {
    moving_family,
    elder: enlist('the elder', livingHere, alone, (person) => ageOf(person) > 78 && citizen(person)),
    dotted_name: enlist('the citizen with a dotted name', population.persons, alone, (person) => person.status === '0' && person.name.includes('·') && citizen(person)),
    rare_character: enlist('the citizen with a rare character', population.persons, alone, (person) => person.status === '0' && hasRareCharacter(person.name) && citizen(person)),
    minor_alone: enlist(
      'the minor alone',
      view.homes.map(({ household_id, head, members }) => ({ household_id, minor: head, size: members.length })),
      (part) => [part.minor],
      (part) => part.size === 1 && !adult(part.minor),
    ),
    minor_left_behind: enlist(
      'the minor left behind',
      homes.flatMap(({ household_id, head, members: [, other, ...more] }) =>
        (other && more.length === 0 ? [{ household_id, parent: head, minor: other.person, relation: other.relation }] : [])),
      (part) => [part.parent, part.minor],
      (part) => citizen(part.parent) && minor(part.minor) && /^[23]/u.test(part.relation),
    ),
    head_moving_alone: enlist(
      'the head who moves alone',
      homes.map(({ household_id, head, members }) => ({ household_id, head, remaining: members.slice(1).map(({ person }) => person) })),
      (part) => [part.head, ...part.remaining],
      (part) => citizen(part.head) && part.remaining.length >= 2 && part.remaining.some(adult),
    ),
  };
}

type View = {
  homes: Home[];
  homeOf(person: PersonRow): Home | undefined;
  parentOf(person: PersonRow, kind: 'father' | 'mother'): PersonRow | undefined;
};

function viewOf({ persons, memberships, kin_links }: Population): View {
  const personById = new Map(persons.map((person) => [person.person_id, person]));
  const open = new Map<string, MembershipRow[]>();
  for (const membership of memberships) {
    if (membership.to_on !== null) continue;
    const list = open.get(membership.household_id);
    if (list === undefined) open.set(membership.household_id, [membership]);
    else list.push(membership);
  }
  const homes = new Map<string, Home>();
  for (const [household_id, list] of open) {
    const members = list.map(({ person_id, relation }) => ({ person: personById.get(person_id)!, relation }));
    // The head first, the others eldest first.
    members.sort((a, b) => Number(b.relation === '02') - Number(a.relation === '02') || (a.person.birth_on < b.person.birth_on ? -1 : 1));
    const [first] = members;
    if (first?.relation === '02') homes.set(household_id, { household_id, head: first.person, members });
  }
  const parents = new Map(kin_links.filter(({ kind }) => kind !== 'spouse').map(({ person_id, kind, relative_id }) => [person_id + kind, relative_id]));
  return {
    homes: [...homes.values()],
    homeOf: (person) => homes.get(person.household_id),
    parentOf: (person, kind) => personById.get(parents.get(person.person_id + kind) ?? ''),
  };
}

function movingFamilyOf({ household_id, head, members }: Home, view: View): DemoCast['moving_family'] | null {
  const spouse = members.find(({ relation }) => relation === '11' || relation === '12')?.person;
  const [first, second, ...more] = members.filter(({ relation }) => /^[23][1-6]$/u.test(relation)).map(({ person }) => person);
  if (spouse === undefined || first === undefined || second === undefined || more.length > 0 || members.length !== 4) return null;
  const father = view.parentOf(spouse, 'father');
  const mother = view.parentOf(spouse, 'mother');
  const receiving = father && view.homeOf(father);
  if (!father || !mother || !receiving || father.status !== '0' || mother.status !== '0' || mother.household_id !== father.household_id) return null;
  return { household_id, head, spouse, children: [first, second], receiving: { household_id: receiving.household_id, father, mother } };
}

/** Beyond the basic plane, where software that counts UTF-16 units goes wrong. */
function hasRareCharacter(name: string): boolean {
  return [...name].some((character) => character.codePointAt(0)! > 0xffff);
}

/** Completed years, as the law counts them: the birthday itself counts. */
function ageOn(birthOn: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthOn.slice(0, 4));
  return on.slice(5) < birthOn.slice(5) ? years - 1 : years;
}
