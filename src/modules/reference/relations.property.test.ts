/**
 * Random families of four generations, with second marriages, step children and twins, before and after a change of the
 * head: whatever the rules say of a member must be what the kin links say when all of them are walked.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codesFor, faultsOf, type Kinsman } from '../../../test/harness/household-checker.ts';
import { deriveRelation, orderAmongChildren, rederiveRelation, relationViolations, type Kin, type RederivationFacts } from './relations.ts';

const seed = Number(process.env['HUZHENG_SEED'] ?? 20261121);
const families = Number(process.env['HUZHENG_FAMILIES'] ?? 1500);

/** Random numbers of a run, from one seed. */
function dice(from: number): (below: number) => number {
  let state = from >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Four generations around a first couple; people who marry in bring parents and siblings, some marry twice. */
function familyOf(roll: (below: number) => number): Map<string, Kinsman> {
  const people = new Map<string, Kinsman>();
  const add = (sex: '1' | '2', year: number, part: Partial<Kinsman> = {}): Kinsman => {
    const person = { person_id: `p${people.size}`, sex, birth_on: `${year}-0${1 + roll(9)}-${11 + roll(17)}`, father: null, mother: null, spouse: null, ...part };
    people.set(person.person_id, person);
    return person;
  };
  const marry = (one: Kinsman, other: Kinsman): void => {
    one.spouse = other.person_id;
    other.spouse = one.person_id;
  };
  const sex = (): '1' | '2' => (roll(2) === 0 ? '1' : '2');
  let couples: Array<[Kinsman, Kinsman]> = [0, 1].slice(0, 1 + roll(2)).map(() => {
    const couple: [Kinsman, Kinsman] = [add('1', 1920 + roll(4)), add('2', 1922 + roll(4))];
    marry(...couple);
    return couple;
  });
  for (let generation = 1; generation <= 3; generation++) {
    const next: Array<[Kinsman, Kinsman]> = [];
    const children: Kinsman[] = [];
    for (const [father, mother] of couples) {
      const many = roll(4);
      for (let n = 0; n < many; n++) {
        const twin = n > 0 && roll(5) === 0 ? children.at(-1) : undefined;
        children.push(add(sex(), 1920 + generation * 24 + roll(8), { father: roll(12) === 0 ? null : father.person_id, mother: roll(12) === 0 ? null : mother.person_id, ...(twin === undefined ? {} : { birth_on: twin.birth_on }) }));
      }
    }
    for (const child of children) {
      if (child.spouse !== null || roll(4) === 0) continue;
      const year = Number(child.birth_on.slice(0, 4)) + roll(3);
      const known = children.find((other) => other.spouse === null && other.sex !== child.sex && other.father !== child.father && other.mother !== child.mother && roll(3) === 0);
      let partner = known ?? add(child.sex === '1' ? '2' : '1', year);
      if (known === undefined && roll(2) === 0) {
        const [father, mother] = [add('1', year - 26), add('2', year - 25)];
        marry(father, mother);
        Object.assign(partner, { father: father.person_id, mother: mother.person_id });
        if (roll(2) === 0) add(sex(), year + 2 + roll(3), { father: father.person_id, mother: mother.person_id });
      }
      const pair = (one: Kinsman, other: Kinsman): [Kinsman, Kinsman] => (one.sex === '1' ? [one, other] : [other, one]);
      marry(child, partner);
      next.push(pair(child, partner));
      if (roll(6) === 0 && known === undefined) {
        // Divorced after a child, married again: step parents, half siblings.
        const [father, mother] = pair(child, partner);
        add(sex(), 1920 + (generation + 1) * 24 - 2, { father: father.person_id, mother: mother.person_id });
        partner.spouse = null;
        partner = add(child.sex === '1' ? '2' : '1', year + 1);
        marry(child, partner);
        next.push(pair(child, partner));
        if (roll(2) === 0) add(sex(), 1920 + (generation + 1) * 24, { [partner.sex === '1' ? 'father' : 'mother']: partner.person_id });
      }
    }
    couples = next;
  }
  return people;
}

function kinOf(people: ReadonlyMap<string, Kinsman>): Kin<string> {
  return {
    sex: (id) => people.get(id)!.sex, father: (id) => people.get(id)!.father ?? null, mother: (id) => people.get(id)!.mother ?? null, spouse: (id) => people.get(id)!.spouse ?? null,
    children: (id) => [...people.values()].filter((one) => one.father === id || one.mother === id).sort((a, b) => (a.birth_on < b.birth_on ? -1 : a.birth_on > b.birth_on ? 1 : 0)).map((one) => one.person_id),
  };
}

/** Codes that only old registers use, or that say less than could be said. */
const vague = new Set('01 10 20 29 30 39 27 37 40 49 50 59 60 69 70 79 80 97 99'.split(' '));
const exact = (codes: ReadonlySet<string>): string[] => [...codes].filter((code) => !vague.has(code));

it(`${families} families: the links tell every relation that the standard has a word for, and none that it has not`, () => {
  fc.assert(fc.property(fc.nat(2 ** 31), (from) => {
    const people = familyOf(dice(from));
    const kin = kinOf(people);
    for (const head of people.keys()) {
      for (const member of people.keys()) {
        const said = deriveRelation(member, head, kin);
        const known = codesFor(people, member, head);
        const told = `${member} to ${head}: said ${said}, known ${[...known]} in ${JSON.stringify([...people.values()])}`;
        if (said !== null) expect(known.has(said), told).toBe(true);
        // 68 配偶的曾祖父母 is never offered by the rules.
        else expect(exact(codesFor(people, member, head, true)).filter((code) => code !== '68'), told).toEqual([]);
      }
    }
  }), { seed, numRuns: Math.ceil(families / 20) });
});

it(`${families} families: what follows from the old codes alone is what the links say, and a household so rewritten has no fault`, () => {
  const answered = { certain: 0, asked: 0 };
  fc.assert(fc.property(fc.nat(2 ** 31), fc.nat(), fc.nat(), fc.boolean(), (from, a, b, knows) => {
    const people = familyOf(dice(from));
    const kin = kinOf(people);
    const all = [...people.keys()];
    const oldHead = all[a % all.length]!;
    // Those who live together have a relation to the head that has a name.
    const members = all.filter((id) => id === oldHead || deriveRelation(id, oldHead, kin) !== null).slice(0, 12);
    const newHead = members[b % members.length]!;
    const oldCode = (id: string): string => deriveRelation(id, oldHead, kin)!;
    const rewritten = members.map((member) => {
      if (member === newHead) return { person_id: member, relation: '02' };
      const [m, o, n] = [people.get(member)!, people.get(oldHead)!, people.get(newHead)!];
      const isChild = m.father === newHead || m.mother === newHead;
      const link = isChild ? 'child' as const : n.father === member || n.mother === member ? 'parent' as const : n.spouse === member ? 'spouse' as const : 'none' as const;
      const through = [member, m.spouse ?? ''].flatMap((id) => [people.get(id)?.father, people.get(id)?.mother]);
      const facts: RederivationFacts = {
        member_sex: m.sex, old_head_sex: o.sex, new_head_sex: n.sex, member_birth_on: m.birth_on, new_head_birth_on: n.birth_on,
        ...(knows ? { link, descends: [...through, ...through.flatMap((id) => [people.get(id ?? '')?.father, people.get(id ?? '')?.mother])].includes(newHead) } : isChild ? { link } : {}),
        ...(isChild ? { same_children: kin.children(oldHead).join() === kin.children(newHead).join() } : {}),
        ...(isChild && knows ? { child_order: orderAmongChildren(member, newHead, kin) } : {}),
      };
      const said = rederiveRelation(oldCode(member), oldCode(newHead), facts);
      const known = codesFor(people, member, newHead);
      if (said === null) answered.asked++;
      else {
        answered.certain++;
        const told = `${member}, ${oldCode(member)} of ${oldHead}, is said to be ${said} of ${newHead}, ${oldCode(newHead)} of ${oldHead}; known ${[...known]}; ${JSON.stringify(facts)} in ${JSON.stringify([...people.values()])}`;
        expect(known.has(said), told).toBe(true);
      }
      return { person_id: member, relation: said ?? deriveRelation(member, newHead, kin) ?? '97' };
    });
    const faults = faultsOf(people, [{ household_id: 'h', is_family: true, is_open: true, members: rewritten }], '2026-11-23').filter((fault) => fault.rule !== 'MINOR_WITHOUT_GUARDIAN');
    expect(faults, JSON.stringify({ rewritten, people: [...people.values()] })).toEqual([]);
    const errors = relationViolations(rewritten.map((one) => ({ ...one, sex: people.get(one.person_id)!.sex, birth_on: people.get(one.person_id)!.birth_on }))).filter((violation) => violation.severity === 'error');
    expect(errors, JSON.stringify({ rewritten, people: [...people.values()] })).toEqual([]);
  }), { seed, numRuns: families });
  expect(answered.certain).toBeGreaterThan(families);
});
