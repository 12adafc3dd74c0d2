/**
 * A slow, independent check of whole households: what GB/T 4761-2008 says of every member against what the kin links
 * say, by walking all of them, and the rules over heads, places, spouses, parents and guardians. It shares nothing with
 * `relations.ts` but the standard.
 */
export interface Kinsman {
  person_id: string;
  sex: '1' | '2';
  /** `yyyy-mm-dd` */
  birth_on: string;
  father?: string | null;
  mother?: string | null;
  spouse?: string | null;
  guardians?: readonly string[];
}
export interface CheckedHousehold {
  household_id: string;
  is_family: boolean;
  is_open: boolean;
  members: readonly { person_id: string; relation: string | null }[];
}
export type People = ReadonlyMap<string, Kinsman>;

/** Code: sex the word implies (. none) and generations above the head (. none said). */
export const standard = new Map((`02.0 10.0 1110 1220 201- 211- 221- 231- 241- 251- 261- 271- 281- 291- 302- 312- 322- 332- 342- 352- 362- 372- 382- 392- 40.= 411= 422= 431= 442= 452= 461= 47` +
  `1≡ 482≡ 49.= 50.+ 511+ 522+ 531+ 542+ 551+ 562+ 571+ 582+ 59.+ 60.# 611# 622# 631# 642# 65.# 661* 672* 68.* 69.# 70.0 7110 7220 7310 7420 7520 7610 7720 7810 79.0 80.. 811+ 822+ 831+ 842+ 851+ 862+ ` +
  `871+ 882+ 891+ 902+ 91.0 92.0 931- 942- 951- 962- 97.. 99..`).split(' ').map((word) => [word.slice(0, 2), { sex: word[2]!, generation: { '0': 0, '-': -1, '=': -2, '≡': -3, '+': 1, '#': 2, '*': 3, '.': null }[word[3]!]! }] as const));

export const generationOf = (code: string): number | null => standard.get(code)?.generation ?? null;

const parentsOf = (people: People, id: string): string[] => [people.get(id)?.father, people.get(id)?.mother].filter((one): one is string => one != null);
const childrenOf = (people: People, id: string): string[] => [...people.values()].filter((one) => one.father === id || one.mother === id).map((one) => one.person_id);
const spouseOf = (people: People, id: string): string[] => [people.get(id)?.spouse ?? null].filter((one) => one !== null);
/** The standard has words for a step parent of the head and for a step child; further up and down, step kin may be called like own kin. */
const eldersOf = (isStrict: boolean) => (people: People, id: string): string[] => parentsOf(people, id).flatMap((parent) => [parent, ...(isStrict ? [] : spouseOf(people, parent))]);
const issueOf = (isStrict: boolean) => (people: People, id: string): string[] => [...childrenOf(people, id), ...(isStrict ? [] : spouseOf(people, id).flatMap((spouse) => childrenOf(people, spouse)))];
const siblingsOf = (people: People, id: string): string[] => [...new Set(parentsOf(people, id).flatMap((parent) => childrenOf(people, parent)))].filter((one) => one !== id);

/**
 * Every code of the standard that the kin links justify for a member towards a head; empty when they join the two by no
 * word. Strictly: only those that cannot be left out.
 */
export function codesFor(people: People, member: string, head: string, isStrict = false): Set<string> {
  if (member === head) return new Set(['02']);
  const codes = new Set<string>();
  const elders = eldersOf(isStrict);
  const issue = issueOf(isStrict);
  const is = (set: readonly string[]): boolean => set.includes(member);
  const sexOf = (id: string): string => people.get(id)!.sex;
  const bornOf = (id: string): string => people.get(id)!.birth_on;
  const isMan = sexOf(member) === '1';
  const add = (man: string, woman: string): void => void codes.add(isMan ? man : woman);
  const all = (set: readonly string[], next: (people: People, id: string) => string[]): string[] => [...new Set(set.flatMap((id) => next(people, id)))];
  const spouses = spouseOf(people, head);
  const own = childrenOf(people, head);
  const ofSpouse = all(spouses, childrenOf).filter((child) => !own.includes(child));
  const offspring = [...own, ...ofSpouse];
  const elder = (one: string, other: string): boolean[] => (bornOf(one) === bornOf(other) ? [true, false] : [bornOf(one) < bornOf(other)]);

  if (is(spouses)) {
    codes.add('10');
    add('11', '12');
  }
  if (is(own)) {
    const same = own.filter((child) => sexOf(child) === sexOf(member));
    const before = same.filter((child) => bornOf(child) < bornOf(member)).length;
    const upTo = same.filter((child) => bornOf(child) <= bornOf(member)).length;
    // Twins: either may be the elder.
    for (let rank = before + 1; rank <= upTo; rank++) if (rank <= 5) add(`2${rank + 1}`, `3${rank + 1}`);
    if (own.length === 1) add('21', '31');
    add('20', '30');
    // 其他儿子, and an adopted child whose link does not say so.
    add('29', '39');
    add('27', '37');
  }
  if (is(ofSpouse)) {
    add('27', '37');
    add('20', '30');
  }
  if (is(all(offspring, spouseOf))) add('28', '38');
  for (const child of offspring) {
    if (issue(people, child).includes(member)) {
      if (sexOf(child) === '1') add('41', '42');
      else add('43', '44');
      codes.add('40').add('49');
    }
  }
  const grandchildren = all(offspring, issue);
  if (is(all(grandchildren, spouseOf))) add('46', '45');
  if (is(all(grandchildren, issue))) add('47', '48');

  const parents = parentsOf(people, head);
  if (is(parents)) {
    add('51', '52');
    codes.add('50').add('59');
  }
  if (is(all(spouses, elders))) {
    if (sexOf(head) === '2') add('53', '54');
    else add('55', '56');
  }
  if (is(all(parents, spouseOf)) && !is(parents)) {
    add('57', '58');
    codes.add('59');
  }
  for (const parent of parents) {
    if (elders(people, parent).includes(member)) {
      if (sexOf(parent) === '1') add('61', '62');
      else add('63', '64');
      codes.add('60').add('69');
    }
    if (sexOf(parent) === '1') for (const grandparent of elders(people, parent)) if (sexOf(grandparent) === '1' && elders(people, grandparent).includes(member)) add('66', '67');
  }
  if (is(all(all(spouses, elders), elders))) codes.add('65');
  if (is(all(all(all(spouses, elders), elders), elders))) codes.add('68');

  for (const sibling of siblingsOf(people, head)) {
    for (const isElder of elder(sibling, head)) {
      if (sibling === member) {
        if (isElder) add('71', '75');
        else add('73', '77');
        codes.add('70').add('79');
      }
      if (spouseOf(people, sibling).includes(member)) {
        if (sexOf(sibling) === '1' && !isMan) codes.add(isElder ? '72' : '74');
        if (sexOf(sibling) === '2' && isMan) codes.add(isElder ? '76' : '78');
      }
    }
    if (issue(people, sibling).includes(member)) {
      if (sexOf(sibling) === '1') add('93', '94');
      else add('95', '96');
    }
  }
  for (const parent of parents) {
    const isFathersSide = sexOf(parent) === '1';
    const uncles = isStrict ? siblingsOf(people, parent) : [...new Set(elders(people, parent).flatMap((elder) => childrenOf(people, elder)))].filter((one) => one !== parent);
    for (const uncle of uncles) {
      for (const isElder of elder(uncle, parent)) {
        const byUncle = isFathersSide ? (isElder ? ['81', '82'] : ['83', '84']) : ['85', '86'];
        const byAunt = isFathersSide ? ['90', '89'] : ['88', '87'];
        const [self, partner] = sexOf(uncle) === '1' ? byUncle : byAunt;
        if (uncle === member) codes.add(self!);
        if (spouseOf(people, uncle).includes(member) && sexOf(uncle) !== sexOf(member)) codes.add(partner!);
      }
      if (issue(people, uncle).includes(member)) codes.add(isFathersSide && sexOf(uncle) === '1' ? '91' : '92');
    }
  }
  return codes;
}

export interface Fault {
  rule: 'ONE_HEAD' | 'EMPTY_OPEN' | 'CLOSED_WITH_MEMBERS' | 'TWO_PLACES' | 'CODE_UNKNOWN' | 'CODE_SEX' | 'CODE_AGE' | 'CODE_AGAINST_KIN'
    | 'SPOUSE_NOT_MUTUAL' | 'PARENT_NOT_OLDER' | 'PARENT_SEX' | 'KIN_CIRCLE' | 'MINOR_WITHOUT_GUARDIAN';
  subject_id: string;
}

/** Codes of blood in the direct line: there, and only there, nobody of an elder generation is younger. */
const directLine = /^(2[0-69]|3[0-69]|4[0-4789]|5[012]|6[0-4679])$/;

/** Everything wrong in a state of the register on a day; an empty list means lawful. */
export function faultsOf(people: People, households: readonly CheckedHousehold[], today: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (rule: Fault['rule'], subject_id: string): void => void faults.push({ rule, subject_id });
  const placed = new Set<string>();
  for (const home of households) {
    for (const { person_id } of home.members) {
      if (placed.has(person_id)) fault('TWO_PLACES', person_id);
      placed.add(person_id);
    }
    if (!home.is_open && home.members.length > 0) fault('CLOSED_WITH_MEMBERS', home.household_id);
    if (!home.is_family || !home.is_open) continue;
    if (home.members.length === 0) fault('EMPTY_OPEN', home.household_id);
    const heads = home.members.filter((member) => member.relation === '02');
    if (home.members.length > 0 && heads.length !== 1) fault('ONE_HEAD', home.household_id);
    const head = heads.length === 1 ? people.get(heads[0]!.person_id) : undefined;
    for (const { person_id, relation } of home.members) {
      const said = standard.get(relation ?? '');
      const person = people.get(person_id)!;
      if (said === undefined) {
        fault('CODE_UNKNOWN', person_id);
        continue;
      }
      if (said.sex !== '.' && said.sex !== person.sex) fault('CODE_SEX', person_id);
      if (head === undefined || relation === '02') continue;
      if (directLine.test(relation!) && (said.generation! > 0 ? person.birth_on >= head.birth_on : person.birth_on <= head.birth_on)) fault('CODE_AGE', person_id);
      const known = codesFor(people, person_id, head.person_id);
      if (known.size > 0 && !known.has(relation!) && relation !== '97') fault('CODE_AGAINST_KIN', person_id);
    }
  }

  const adult = (id: string): boolean => `${Number(people.get(id)!.birth_on.slice(0, 4)) + 18}${people.get(id)!.birth_on.slice(4)}` <= today;
  for (const person of people.values()) {
    if (person.spouse != null && people.get(person.spouse)?.spouse !== person.person_id) fault('SPOUSE_NOT_MUTUAL', person.person_id);
    for (const parent of parentsOf(people, person.person_id)) if (people.get(parent)!.birth_on >= person.birth_on) fault('PARENT_NOT_OLDER', person.person_id);
    if ((person.father != null && people.get(person.father)!.sex !== '1') || (person.mother != null && people.get(person.mother)!.sex !== '2')) fault('PARENT_SEX', person.person_id);
    let above = parentsOf(people, person.person_id);
    for (let step = 0; above.length > 0 && step <= people.size; step++) {
      if (above.includes(person.person_id)) {
        fault('KIN_CIRCLE', person.person_id);
        break;
      }
      above = [...new Set(above.flatMap((id) => parentsOf(people, id)))];
    }
    const isHere = placed.has(person.person_id);
    if (isHere && !adult(person.person_id) && ![...parentsOf(people, person.person_id), ...(person.guardians ?? [])].some((id) => placed.has(id))) fault('MINOR_WITHOUT_GUARDIAN', person.person_id);
  }
  return faults;
}
