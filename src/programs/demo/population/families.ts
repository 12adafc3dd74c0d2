/** The shapes of family households: couples, nuclear families, lone parents, three generations and the rest. */
import type { Sex } from '../../../modules/reference/index.ts';
import { YEAR, reaches, type Day } from './days.ts';
import type { Random } from './random.ts';
import {
  BIRTH_REGISTRATION, FIRST_REGISTER, addSibling, birthdayAged, birthsOf, birthsPerMother, couple, husbandsBirth, marriageableFrom, marryAlone,
  marryBefore, parentsOf, relative, sexOfChild, withChildren, type Couple, type Origin, type Relative,
} from './relatives.ts';

export type Family = {
  /** Those in the register, the dead included, eldest first. */
  members: Relative[];
  established: Day;
  head: Relative;
  /** The head before, and the day the headship passed. */
  former: { head: Relative; until: Day } | null;
  /** The grown children of a couple who have left the household, eldest first. */
  left_home: LeftHome[];
};

export type LeftHome = { sex: Sex; birth: Day; marries_far: boolean };

/** Draws one family with the given number of living members, or null when the draw does not work out. */
type Shape = (random: Random, today: Day, size: number) => Family | null;

/** Registers before that are on paper; the dead of earlier years are not in it. */
const OLDEST_DEATH_YEARS = 25;
const GROWN_UP: Day = 19 * 366;

/** A family of `size` living members; null now and then, the caller draws again. */
export function draftFamily(random: Random, today: Day, size: number): Family | null {
  return shapeFor(random, size)(random, today, size);
}

/** A minor left alone in the register after the death of the only parent in it. */
export const minorAlone: Shape = (random, today) => {
  const pair = couple(random, today, 30, 52);
  const children = pair && withChildren(random, today, pair, 1, 17);
  const child = children?.[0];
  if (!pair || !child || child.birth > today - 8 * YEAR) return null;
  part(pair.husband, pair.wife);
  const established = establishedAfter(random, pair.wife.married!, child.birth);
  settle(random, [pair.wife], [child], established);
  const died = random.between(Math.max(child.birth + 5 * 365, established + 365), today - 60);
  pair.wife.presence = 'dead';
  pair.wife.died = died;
  return family([pair.wife, child], established, child, { head: pair.wife, until: died });
};

function shapeFor(random: Random, size: number): Shape {
  const draw = random.next();
  switch (size) {
    case 1: return draw < 0.18 ? widowed : single;
    case 2: return draw < 0.55 ? pairAlone : draw < 0.85 ? loneParent : draw < 0.92 ? twoSiblings : grandparents;
    case 3: return draw < 0.75 ? nuclear : draw < 0.84 ? loneParent : draw < 0.95 ? threeGenerations : grandparents;
    case 4: return draw < 0.6 ? nuclear : draw < 0.97 ? threeGenerations : loneParent;
    case 5: return draw < 0.7 ? threeGenerations : nuclear;
    case 6: return draw < 0.92 ? threeGenerations : nuclear;
    default: return threeGenerations;
  }
}

const single: Shape = (random, today) => {
  const person = relative(random.chance(0.56) ? '1' : '2', birthdayAged(random, today, 22, random.chance(0.35) ? 99 : 59));
  const age = (today - person.birth) / YEAR;
  const draw = random.next();
  if (age < 30) person.marital = draw < 0.85 ? '10' : '21';
  else if (age < 55) person.marital = draw < 0.3 ? '10' : draw < 0.65 ? '40' : '21';
  else person.marital = draw < 0.12 ? '10' : draw < 0.25 ? '40' : draw < 0.7 ? '30' : '21';
  const settled = Math.round(person.birth + random.normal(28, 6, 19, 45) * YEAR);
  const established = Math.max(FIRST_REGISTER, Math.min(settled, today - random.between(31, 700)));
  settle(random, [person], [], established);
  person.newcomer = true;
  return family([person], established, person);
};

/** Somebody whose spouse died, the dead one kept in the register as the head before. */
const widowed: Shape = (random, today) => {
  const pair = couple(random, today, 52, 99);
  if (!pair) return null;
  marryAlone(random, today, pair);
  const established = establishedAfter(random, pair.wife.married!, today - 1);
  settle(random, [pair.husband, pair.wife], [], established);
  const [lost, left] = random.chance(0.72) ? [pair.husband, pair.wife] : [pair.wife, pair.husband];
  if (!passAway(random, today, lost, established)) return null;
  return family([pair.husband, pair.wife], established, left, formerHeadship(random, lost, left));
};

const pairAlone: Shape = (random, today) => {
  const pair = couple(random, today, 21, 88);
  if (!pair) return null;
  const wifesAge = (today - pair.wife.birth) / YEAR;
  // In between most couples have a child at home.
  if (wifesAge > 30 && wifesAge < 47 && random.chance(0.7)) return null;
  const births = wifesAge < 42 ? [] : birthsOf(random, pair, birthsPerMother(random)).filter((birth) => birth < today - GROWN_UP);
  if (births.length > 0) return emptyNest(random, pair, births.map((birth) => ({ sex: sexOfChild(random), birth, marries_far: false })));
  marryAlone(random, today, pair);
  const established = establishedAfter(random, pair.wife.married!, today - 1);
  settle(random, [pair.husband, pair.wife], [], established);
  pair.husband.newcomer = pair.wife.newcomer = wifesAge < 55;
  return family([pair.husband, pair.wife], established, headOf(random, pair));
};

/** Parents whose daughter marries into another county. */
export const parentsOfBride: Shape = (random, today) => {
  const pair = couple(random, today, 49, 66);
  const births = pair ? birthsOf(random, pair, birthsPerMother(random)) : [];
  const bride = births.findIndex((birth) => birth > today - 39 * YEAR && birth < today - 27 * YEAR);
  if (!pair || bride < 0 || births.at(-1)! > today - GROWN_UP) return null;
  const children = births.map((birth, index): LeftHome =>
    (index === bride ? { sex: '2', birth, marries_far: true } : { sex: sexOfChild(random), birth, marries_far: false }));
  return emptyNest(random, pair, children);
};

/** The family such a bride has: a husband who is its head and two children at school or younger. */
export function familyOfBride(random: Random, today: Day, origin: Origin): Family | null {
  const wife = relative('2', origin.birth);
  const pair = { husband: relative('1', husbandsBirth(random, wife.birth)), wife };
  if (marriageableFrom(pair) > today - 5 * 365) return null;
  const children = withChildren(random, today, pair, 2, 15);
  if (children?.length !== 2) return null;
  wife.origin = origin;
  const established = establishedAfter(random, wife.married!, children[0]!.birth);
  settle(random, [pair.husband, wife], children, established);
  return family([pair.husband, wife, ...children], established, pair.husband);
}

function emptyNest(random: Random, pair: Couple, left_home: LeftHome[]): Family {
  const first = left_home[0]!.birth;
  marryBefore(random, pair, first);
  const established = establishedAfter(random, pair.wife.married!, first);
  settle(random, [pair.husband, pair.wife], [], established);
  return { ...family([pair.husband, pair.wife], established, headOf(random, pair)), left_home };
}

const nuclear: Shape = (random, today, size) => {
  const pair = couple(random, today, 21, 66);
  const children = pair && withChildren(random, today, pair, size - 2);
  if (!pair || children?.length !== size - 2) return null;
  const established = establishedAfter(random, pair.wife.married!, children[0]!.birth);
  settle(random, [pair.husband, pair.wife], children, established);
  pair.husband.newcomer = pair.wife.newcomer = true;
  return family([pair.husband, pair.wife, ...children], established, headOf(random, pair));
};

const loneParent: Shape = (random, today, size) => {
  const pair = couple(random, today, 22, 70);
  const children = pair && withChildren(random, today, pair, size - 1);
  if (!pair || children?.length !== size - 1) return null;
  const [parent, other] = random.chance(0.62) ? [pair.wife, pair.husband] : [pair.husband, pair.wife];
  const established = establishedAfter(random, parent.married!, children[0]!.birth);
  settle(random, [pair.husband, pair.wife], children, established);
  const fate = random.next();
  if (fate < 0.2) {
    if (!passAway(random, today, other, established)) return null;
    return family([pair.husband, pair.wife, ...children], established, parent, formerHeadship(random, other, parent));
  }
  other.presence = 'ghost';
  if (fate < 0.6) part(other, parent);
  parent.newcomer = true;
  return family([parent, ...children], established, parent);
};

const twoSiblings: Shape = (random, today) => {
  const person = relative(random.chance(0.5) ? '1' : '2', birthdayAged(random, today, 19, 40));
  const parents = parentsOf(random, today, person);
  const sibling = parents && addSibling(random, today, parents, person, [19, 42]);
  if (!parents || !sibling) return null;
  parents.husband.presence = parents.wife.presence = 'ghost';
  const [elder, younger] = person.birth < sibling.birth ? [person, sibling] : [sibling, person];
  const established = random.between(reaches(elder.birth, 18), today - 31);
  settle(random, [elder, younger], [], established);
  return family([elder, younger], established, elder);
};

/** One or two grandparents with a grandchild whose parents are registered elsewhere. */
const grandparents: Shape = (random, today, size) => {
  const parents = couple(random, today, 21, 45);
  const grandchild = parents && withChildren(random, today, parents, 1, 18)?.[0];
  if (!parents || !grandchild) return null;
  const between = random.chance(0.8) ? parents.husband : parents.wife;
  const elders = parentsOf(random, today, between);
  if (!elders) return null;
  parents.husband.presence = parents.wife.presence = 'ghost';
  const established = establishedAfter(random, elders.wife.married!, between.birth);
  settle(random, [elders.husband, elders.wife], [grandchild], established);
  const members = [elders.husband, elders.wife, grandchild];
  if (size > 2) return family(members, established, headOf(random, elders));
  const [lost, left] = random.chance(0.7) ? [elders.husband, elders.wife] : [elders.wife, elders.husband];
  if (!passAway(random, today, lost, established)) return null;
  return family(members, established, left, formerHeadship(random, lost, left));
};

/** Grandparents, a couple, its children; in large households brothers and sisters, one of them married, as well. */
const threeGenerations: Shape = (random, today, size) => {
  const pair = couple(random, today, 21, 62);
  if (!pair) return null;
  const elderCount = size === 3 || (size > 3 && random.chance(0.45)) ? 1 : 2;
  const rest = size - 2 - elderCount;
  const childCount = size <= 4 ? rest : Math.min(rest, birthsPerMother(random));
  const children = childCount > 0 ? withChildren(random, today, pair, childCount) : [];
  if (children?.length !== childCount) return null;
  if (childCount === 0) marryAlone(random, today, pair);

  const core = random.chance(0.92) ? pair.husband : pair.wife;
  const elders = parentsOf(random, today, core);
  const besides = elders && siblingsWithFamilies(random, today, elders, core, rest - childCount);
  if (!elders || !besides) return null;
  const established = establishedAfter(random, elders.wife.married!, elders.wife.children[0]!.birth);
  settle(random, [elders.husband, elders.wife], [core, ...children, ...besides.born], established);
  const partner = core.spouse!;
  for (const incoming of [partner, ...besides.married]) {
    incoming.joined = Math.max(established, incoming.married! + random.between(0, 30));
    incoming.newcomer = true;
  }
  const members = [elders.husband, elders.wife, pair.husband, pair.wife, ...children, ...besides.born, ...besides.married];

  if (elderCount === 2) {
    const elder = headOf(random, elders);
    if (random.chance(0.6)) return family(members, established, elder);
    return passedOn(random, today, members, established, elder, core);
  }
  const [lost, left] = random.chance(0.7) ? [elders.husband, elders.wife] : [elders.wife, elders.husband];
  if (random.chance(0.75)) {
    lost.presence = 'ghost';
    left.marital = '30';
    if (random.chance(0.6)) return family(members, established, left);
    return passedOn(random, today, members, established, left, core);
  }
  if (!passAway(random, today, lost, established)) return null;
  const former = formerHeadship(random, lost, left);
  const coreFollows = former !== null && former.until > Math.max(reaches(core.birth, 22), core.joined) && random.chance(0.5);
  return family(members, established, coreFollows ? core : left, former);
};

/** `count` more people under the same roof: unmarried siblings of `core`, beyond two a married brother with children. */
function siblingsWithFamilies(random: Random, today: Day, elders: Couple, core: Relative, count: number): { born: Relative[]; married: Relative[] } | null {
  const born: Relative[] = [];
  const married: Relative[] = [];
  const withBrother = count > 2;
  const unmarried = withBrother ? random.between(0, Math.min(1, count - 2)) : count;
  for (let index = 0; index < unmarried; index += 1) {
    const sibling = addSibling(random, today, elders, core, [15, 38]);
    if (sibling === null) return null;
    born.push(sibling);
  }
  if (withBrother) {
    const brother = addSibling(random, today, elders, core, [23, 50]);
    if (brother === null) return null;
    brother.sex = '1';
    const wife = relative('2', Math.round(brother.birth + random.normal(2.5, 3.5, -6, 12) * YEAR));
    const pair = { husband: brother, wife };
    if (marriageableFrom(pair) > today - 60) return null;
    const childCount = count - unmarried - 2;
    const children = childCount > 0 ? withChildren(random, today, pair, childCount) : [];
    if (children?.length !== childCount) return null;
    if (childCount === 0) marryAlone(random, today, pair);
    born.push(brother, ...children);
    married.push(wife);
  }
  return { born, married };
}

function family(people: Relative[], established: Day, head: Relative, former: Family['former'] = null): Family {
  const members = people.filter(({ presence }) => presence !== 'ghost').sort((a, b) => a.birth - b.birth);
  return { members, established, head, former, left_home: [] };
}

/** Three of four couples are headed by the man. */
function headOf(random: Random, { husband, wife }: Couple): Relative {
  return random.chance(0.75) ? husband : wife;
}

/** Some time between the marriage and the first child, or soon after the marriage. */
function establishedAfter(random: Random, married: Day, before: Day): Day {
  return Math.max(FIRST_REGISTER, random.between(married, Math.max(married, Math.min(before, married + 700))));
}

/** Founders are there from the beginning, those born into the household from the registration of their birth. */
function settle(random: Random, founders: Relative[], born: Relative[], established: Day): void {
  for (const founder of founders) founder.joined = established;
  for (const child of born) child.joined = Math.max(established, child.birth + random.between(0, BIRTH_REGISTRATION));
}

function part(one: Relative, other: Relative): void {
  one.spouse = other.spouse = null;
  one.marital = other.marital = '40';
}

/** Lets somebody die while in the household; false when there is no suitable day. The spouse is widowed. */
function passAway(random: Random, today: Day, person: Relative, established: Day): boolean {
  const lastBirth = person.children.at(-1)?.birth ?? established;
  const from = Math.max(established + 365, lastBirth + 30, Math.round(today - OLDEST_DEATH_YEARS * YEAR), person.birth + 30 * 365);
  const until = Math.min(today - 31, Math.floor(person.birth + 97 * YEAR));
  if (from > until) return false;
  person.presence = 'dead';
  // The old die more often than the young: the later of two draws.
  person.died = Math.max(random.between(from, until), random.between(from, until));
  if (person.spouse) person.spouse.marital = '30';
  return true;
}

/** Of four who died, three were head of the household until then. */
function formerHeadship(random: Random, lost: Relative, next: Relative): Family['former'] {
  return lost.died !== null && next.joined < lost.died && random.chance(0.75) ? { head: lost, until: lost.died } : null;
}

/**
 * A household whose headship has passed from an elder to the next generation: recorded as a change of head, or, more
 * often, the register of this household begins only with the present head.
 */
function passedOn(random: Random, today: Day, members: Relative[], established: Day, elder: Relative, next: Relative): Family | null {
  const from = Math.max(established + 30, next.joined + 30, reaches(next.birth, 23));
  if (from > today - 31) return null;
  const until = random.between(from, today - 31);
  if (random.chance(0.2)) return family(members, established, next, { head: elder, until });
  for (const member of members) member.joined = Math.max(member.joined, until);
  return family(members, until, next);
}
