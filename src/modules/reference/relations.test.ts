import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sex } from './id-number.ts';
import { findRelation, relations } from './relation-codes.ts';
import {
  childRelation, deriveRelation, orderAmongChildren, rederiveRelation, relationViolations,
  type HouseholdMember, type Kin, type RederivationFacts,
} from './relations.ts';

/* A family of four generations; births in the order of the list. */
type Relative = { name: string; sex: Sex; birth_on: string; father?: string; mother?: string; spouse?: string };
const FAMILY: Relative[] = [
  { name: '曾祖父', sex: '1', birth_on: '1920-01-01', spouse: '曾祖母' },
  { name: '曾祖母', sex: '2', birth_on: '1922-01-01', spouse: '曾祖父' },
  { name: '祖父', sex: '1', birth_on: '1945-01-01', father: '曾祖父', mother: '曾祖母', spouse: '祖母' },
  { name: '祖母', sex: '2', birth_on: '1947-01-01', spouse: '祖父' },
  { name: '外祖父', sex: '1', birth_on: '1946-01-01', spouse: '外祖母' },
  { name: '外祖母', sex: '2', birth_on: '1948-01-01', spouse: '外祖父' },
  { name: '伯父', sex: '1', birth_on: '1968-01-01', father: '祖父', mother: '祖母', spouse: '伯母' },
  { name: '伯母', sex: '2', birth_on: '1969-01-01', spouse: '伯父' },
  { name: '父', sex: '1', birth_on: '1970-01-01', father: '祖父', mother: '祖母', spouse: '母' },
  { name: '叔父', sex: '1', birth_on: '1972-01-01', father: '祖父', mother: '祖母', spouse: '婶母' },
  { name: '婶母', sex: '2', birth_on: '1973-01-01', spouse: '叔父' },
  { name: '姑母', sex: '2', birth_on: '1974-01-01', father: '祖父', mother: '祖母', spouse: '姑父' },
  { name: '姑父', sex: '1', birth_on: '1973-06-01', spouse: '姑母' },
  { name: '舅父', sex: '1', birth_on: '1969-01-01', father: '外祖父', mother: '外祖母', spouse: '舅母' },
  { name: '舅母', sex: '2', birth_on: '1970-05-01', spouse: '舅父' },
  { name: '母', sex: '2', birth_on: '1971-01-01', father: '外祖父', mother: '外祖母', spouse: '父' },
  { name: '姨母', sex: '2', birth_on: '1975-01-01', father: '外祖父', mother: '外祖母', spouse: '姨父' },
  { name: '姨父', sex: '1', birth_on: '1974-03-01', spouse: '姨母' },
  { name: '堂兄', sex: '1', birth_on: '1993-01-01', father: '伯父', mother: '伯母' },
  { name: '表妹', sex: '2', birth_on: '1999-01-01', father: '姑父', mother: '姑母' },
  { name: '舅家表弟', sex: '1', birth_on: '1999-02-01', father: '舅父', mother: '舅母' },
  { name: '哥哥', sex: '1', birth_on: '1994-01-01', father: '父', mother: '母', spouse: '嫂' },
  { name: '嫂', sex: '2', birth_on: '1995-01-01', spouse: '哥哥' },
  { name: '姐姐', sex: '2', birth_on: '1995-06-01', father: '父', mother: '母', spouse: '姐夫' },
  { name: '姐夫', sex: '1', birth_on: '1993-06-01', spouse: '姐姐' },
  { name: '我', sex: '1', birth_on: '1997-01-01', father: '父', mother: '母', spouse: '妻' },
  { name: '妻', sex: '2', birth_on: '1998-01-01', father: '岳父', mother: '岳母', spouse: '我' },
  { name: '岳父', sex: '1', birth_on: '1970-02-01', spouse: '岳母' },
  { name: '岳母', sex: '2', birth_on: '1972-02-01', father: '妻的外祖父', spouse: '岳父' },
  { name: '妻的外祖父', sex: '1', birth_on: '1945-02-01' },
  { name: '弟弟', sex: '1', birth_on: '1999-05-01', father: '父', mother: '母', spouse: '弟媳' },
  { name: '弟媳', sex: '2', birth_on: '2000-01-01', spouse: '弟弟' },
  { name: '侄女', sex: '2', birth_on: '2019-01-01', father: '哥哥', mother: '嫂' },
  { name: '外甥', sex: '1', birth_on: '2019-05-01', father: '姐夫', mother: '姐姐' },
  { name: '长女', sex: '2', birth_on: '2020-01-01', father: '我', mother: '妻' },
  { name: '长子', sex: '1', birth_on: '2022-01-01', father: '我', mother: '妻' },
  { name: '次女', sex: '2', birth_on: '2022-01-01', father: '我', mother: '妻' },
];

function kinOf(family: Relative[]): Kin<string> {
  const byName = new Map(family.map((relative) => [relative.name, relative]));
  const of = (name: string) => byName.get(name)!;
  const childrenOf = (name: string) => family
    .filter(({ father, mother }) => father === name || mother === name)
    .sort((a, b) => (a.birth_on < b.birth_on ? -1 : a.birth_on > b.birth_on ? 1 : 0))
    .map((relative) => relative.name);
  const children = new Map(family.map(({ name }) => [name, childrenOf(name)]));
  return {
    sex: (name) => of(name).sex,
    father: (name) => of(name).father ?? null,
    mother: (name) => of(name).mother ?? null,
    spouse: (name) => of(name).spouse ?? null,
    children: (name) => children.get(name)!,
  };
}

const kin = kinOf(FAMILY);

describe('the relation that kin links tell', () => {
  it.each([
    ['我', '我', '02'], ['妻', '我', '12'], ['我', '妻', '11'],
    ['长女', '我', '32'], ['长子', '我', '22'], ['次女', '我', '33'], ['表妹', '姑母', '31'], ['堂兄', '伯父', '21'],
    ['我', '父', '23'], ['弟弟', '母', '24'], ['姐姐', '父', '32'],
    ['妻', '父', '38'], ['姐夫', '母', '28'],
    ['侄女', '父', '42'], ['长子', '祖父', '47'], ['外甥', '母', '43'], ['次女', '岳父', '44'], ['长女', '曾祖父', null],
    ['妻', '祖父', '45'], ['姐夫', '祖母', '46'],
    ['父', '我', '51'], ['母', '我', '52'], ['父', '妻', '53'], ['母', '妻', '54'], ['岳父', '我', '55'], ['岳母', '我', '56'],
    ['祖父', '我', '61'], ['祖母', '我', '62'], ['外祖父', '我', '63'], ['外祖母', '我', '64'], ['妻的外祖父', '我', '65'],
    ['曾祖父', '我', '66'], ['曾祖母', '我', '67'],
    ['哥哥', '我', '71'], ['嫂', '我', '72'], ['弟弟', '我', '73'], ['弟媳', '我', '74'],
    ['姐姐', '我', '75'], ['姐夫', '我', '76'], ['姐姐', '哥哥', '77'], ['姐夫', '哥哥', '78'],
    ['伯父', '我', '81'], ['伯母', '我', '82'], ['叔父', '我', '83'], ['婶母', '我', '84'],
    ['舅父', '我', '85'], ['舅母', '我', '86'], ['姨父', '我', '87'], ['姨母', '我', '88'], ['姑父', '我', '89'], ['姑母', '我', '90'],
    ['堂兄', '我', '91'], ['表妹', '我', '92'], ['舅家表弟', '我', '92'],
    ['侄女', '我', '94'], ['外甥', '我', '95'], ['岳父', '父', null], ['妻的外祖父', '曾祖父', null],
  ])('%s to %s is %s', (member, head, code) => {
    expect(deriveRelation(member, head, kin)).toBe(code);
  });

  it('knows step children, step parents and twins', () => {
    const remarried = kinOf([
      { name: '父', sex: '1', birth_on: '1980-01-01', spouse: '继母' },
      { name: '继母', sex: '2', birth_on: '1985-01-01', spouse: '父' },
      { name: '生母', sex: '2', birth_on: '1981-01-01' },
      { name: '儿', sex: '1', birth_on: '2005-01-01', father: '父', mother: '生母' },
      { name: '孪生弟', sex: '1', birth_on: '2005-01-01', father: '父', mother: '生母' },
      { name: '妹', sex: '2', birth_on: '2012-01-01', father: '父', mother: '继母' },
    ]);
    expect(deriveRelation('儿', '继母', remarried)).toBe('27');
    expect(deriveRelation('继母', '儿', remarried)).toBe('58');
    expect(deriveRelation('儿', '生母', remarried)).toBe('22');
    expect(deriveRelation('孪生弟', '父', remarried)).toBe('23');
    expect(deriveRelation('孪生弟', '儿', remarried)).toBe('73');
    expect(deriveRelation('儿', '孪生弟', remarried)).toBe('71');
    expect(deriveRelation('妹', '儿', remarried)).toBe('77');
    expect(deriveRelation('妹', '继母', remarried)).toBe('31');
  });

  it('always has the sex and generation of its code', () => {
    const generation: Record<string, number> = {};
    for (const { name, birth_on } of FAMILY) generation[name] = birth_on < '1930' ? 3 : birth_on < '1960' ? 2 : birth_on < '1990' ? 1 : birth_on < '2010' ? 0 : -1;
    for (const head of FAMILY) {
      for (const member of FAMILY) {
        const relation = findRelation(deriveRelation(member.name, head.name, kin) ?? '97')!;
        if (relation.implied_sex !== null) expect(relation.implied_sex).toBe(member.sex);
        if (relation.generation !== null) expect(relation.generation).toBe(generation[member.name]! - generation[head.name]!);
      }
    }
  });
});

describe('a child is numbered', () => {
  it.each([
    ['1', { rank: 1, only: true }, '21'], ['2', { rank: 1, only: true }, '31'],
    ['1', { rank: 1, only: false }, '22'], ['1', { rank: 5, only: false }, '26'], ['1', { rank: 6, only: false }, '29'],
    ['2', { rank: 1, only: false }, '32'], ['2', { rank: 5, only: false }, '36'], ['2', { rank: 6, only: false }, '39'],
  ] as const)('sex %s, order %j: %s', (sex, order, code) => {
    expect(childRelation(sex, order)).toBe(code);
  });
});

describe('when another member becomes head', () => {
  const man = { new_head_sex: '1', old_head_sex: '2' } as const;
  const woman = { new_head_sex: '2', old_head_sex: '1' } as const;
  const son = { new_head_sex: '1', old_head_sex: '1' } as const;
  const daughterOfWoman = { new_head_sex: '2', old_head_sex: '2' } as const;

  it.each<[string, string, string, Partial<RederivationFacts> & { member_sex: Sex }, string | null]>([
    // new head is the spouse
    ['old head, a man', '02', '12', { ...woman, member_sex: '1' }, '11'],
    ['old head, a woman', '02', '11', { ...man, member_sex: '2' }, '12'],
    ['son of both', '22', '12', { ...woman, member_sex: '1', link: 'child' }, '22'],
    ['daughter of both', '31', '12', { ...woman, member_sex: '2', link: 'child' }, '31'],
    ['son of the old head alone', '22', '12', { ...woman, member_sex: '1', link: 'none' }, '27'],
    ['daughter of the old head alone', '32', '12', { ...woman, member_sex: '2', link: 'none' }, '37'],
    ['son of whom the links say nothing', '22', '12', { ...woman, member_sex: '1' }, null],
    ['step son who is the new head’s own first', '27', '12', { ...woman, member_sex: '1', link: 'child', child_order: { rank: 1, only: false } }, '22'],
    ['father, new head a wife', '51', '12', { ...woman, member_sex: '1' }, '53'],
    ['mother, new head a wife', '52', '12', { ...woman, member_sex: '2' }, '54'],
    ['father, new head a husband', '51', '11', { ...man, member_sex: '1' }, '55'],
    ['mother, new head a husband', '52', '11', { ...man, member_sex: '2' }, '56'],
    ['father-in-law, the new head’s own father', '53', '11', { ...man, member_sex: '1' }, '51'],
    ['mother-in-law, the new head’s own mother', '56', '12', { ...woman, member_sex: '2' }, '52'],
    ['daughter-in-law of both', '38', '12', { ...woman, member_sex: '2', descends: true }, '38'],
    ['daughter-in-law of whom nothing is known', '38', '12', { ...woman, member_sex: '2' }, null],
    ['grandfather', '61', '12', { ...woman, member_sex: '1' }, '65'],
    // new head is a child
    ['old head, father', '02', '22', { ...son, member_sex: '1' }, '51'],
    ['old head, mother', '02', '22', { ...man, member_sex: '2' }, '52'],
    ['spouse of the old head, mother of the new', '12', '22', { ...son, member_sex: '2', link: 'parent' }, '52'],
    ['spouse of the old head, not the mother', '12', '22', { ...son, member_sex: '2', link: 'none' }, '58'],
    ['spouse of the old head, unknown', '12', '22', { ...son, member_sex: '2' }, null],
    ['elder brother', '22', '23', { ...son, member_sex: '1', member_birth_on: '1990-01-01', new_head_birth_on: '1992-01-01' }, '71'],
    ['younger brother', '23', '22', { ...son, member_sex: '1', member_birth_on: '1992-01-01', new_head_birth_on: '1990-01-01' }, '73'],
    ['elder sister', '32', '22', { ...son, member_sex: '2', member_birth_on: '1989-12-31', new_head_birth_on: '1990-01-01' }, '75'],
    ['younger sister', '32', '22', { ...son, member_sex: '2', member_birth_on: '1990-01-02', new_head_birth_on: '1990-01-01' }, '77'],
    ['twin', '23', '22', { ...son, member_sex: '1', member_birth_on: '1990-01-01', new_head_birth_on: '1990-01-01' }, null],
    ['wife of the new head', '38', '22', { ...son, member_sex: '2', link: 'spouse' }, '12'],
    ['wife of another son', '38', '22', { ...son, member_sex: '2', link: 'none' }, null],
    ['the new head’s first son', '41', '22', { ...son, member_sex: '1', link: 'child', child_order: { rank: 1, only: false } }, '22'],
    ['the new head’s only daughter', '42', '22', { ...son, member_sex: '2', link: 'child', child_order: { rank: 1, only: true } }, '31'],
    ['the new head’s child of unknown order', '41', '22', { ...son, member_sex: '1', link: 'child' }, null],
    ['brother’s son', '41', '22', { ...son, member_sex: '1', link: 'none' }, '93'],
    ['brother’s daughter of a new head who is a woman', '42', '32', { ...woman, member_sex: '2' }, '94'],
    ['sister’s son of a new head who is a man', '43', '22', { ...son, member_sex: '1' }, '95'],
    ['grandchild by a son, unknown whose', '41', '22', { ...son, member_sex: '1' }, null],
    ['father’s father', '51', '22', { ...son, member_sex: '1' }, '61'],
    ['mother’s mother', '52', '22', { ...man, member_sex: '2' }, '64'],
    ['father’s younger brother', '73', '32', { ...woman, member_sex: '1' }, '83'],
    ['mother’s elder sister', '75', '32', { ...daughterOfWoman, member_sex: '2' }, '88'],
    ['new head a step son: the old head', '02', '27', { ...son, member_sex: '1' }, '57'],
    // new head is a parent
    ['old head, first son', '02', '51', { ...son, member_sex: '1', child_order: { rank: 1, only: false } }, '22'],
    ['old head, a son of unknown order', '02', '51', { ...son, member_sex: '1' }, null],
    ['wife of the old head', '12', '51', { ...son, member_sex: '2' }, '38'],
    ['husband of the old head', '11', '51', { ...man, member_sex: '1' }, '28'],
    ['son of the old head, a man', '22', '51', { ...son, member_sex: '1' }, '41'],
    ['daughter of the old head, a woman', '32', '51', { ...man, member_sex: '2' }, '44'],
    ['other parent, married to the new head', '52', '51', { ...son, member_sex: '2', link: 'spouse' }, '12'],
    ['other parent, divorced', '52', '51', { ...son, member_sex: '2', link: 'none' }, null],
    // siblings and others
    ['old head, new head a younger brother', '02', '73', { ...son, member_sex: '1', member_birth_on: '1980-01-01', new_head_birth_on: '1984-01-01' }, '71'],
    ['wife of the elder brother', '12', '73', { ...son, member_sex: '2' }, '72'],
    ['son of the elder brother', '22', '73', { ...son, member_sex: '1' }, '93'],
    ['old head, new head a daughter-in-law', '02', '38', { ...woman, member_sex: '1' }, '53'],
    ['old head, new head a son’s son', '02', '41', { ...son, member_sex: '1' }, '61'],
    ['old head, new head a daughter’s son', '02', '43', { ...man, member_sex: '2' }, '64'],
    // never certain
    ['not a relative', '99', '12', { ...woman, member_sex: '1' }, null],
    ['other relative', '97', '22', { ...son, member_sex: '1' }, null],
    ['class code of an old register', '20', '12', { ...woman, member_sex: '1', link: 'none' }, null],
    ['code that does not exist', 'ZZ', '12', { ...woman, member_sex: '1' }, null],
    ['anybody, new head a lodger', '12', '99', { ...son, member_sex: '2' }, null],
  ])('%s (%s, new head %s) with %j becomes %s', (_who, old, newHead, facts, expected) => {
    expect(rederiveRelation(old, newHead, facts as RederivationFacts)).toBe(expected);
  });

  it('is never told otherwise than the kin links tell, however few facts are given', () => {
    const names = FAMILY.map(({ name }) => name);
    const birth = Object.fromEntries(FAMILY.map(({ name, birth_on }) => [name, birth_on]));
    const descends = (person: string | null, from: string): boolean =>
      person !== null && (kin.father(person) === from || kin.mother(person) === from || descends(kin.father(person), from) || descends(kin.mother(person), from));
    let answered = 0;
    for (const oldHead of names) for (const newHead of names) for (const member of names) {
      if (newHead === oldHead || member === newHead) continue;
      const old = deriveRelation(member, oldHead, kin);
      const newHeadOld = deriveRelation(newHead, oldHead, kin);
      if (old === null || newHeadOld === null) continue;
      const isChild = kin.father(member) === newHead || kin.mother(member) === newHead;
      const isParent = kin.father(newHead) === member || kin.mother(newHead) === member;
      const few: RederivationFacts = { member_sex: kin.sex(member), old_head_sex: kin.sex(oldHead), new_head_sex: kin.sex(newHead) };
      const more: RederivationFacts = {
        ...few,
        member_birth_on: birth[member], new_head_birth_on: birth[newHead],
        link: isChild ? 'child' : isParent ? 'parent' : kin.spouse(member) === newHead ? 'spouse' : 'none',
        descends: descends(member, newHead) || descends(kin.spouse(member), newHead),
        ...(isChild ? { child_order: orderAmongChildren(member, newHead, kin) } : {}),
      };
      for (const facts of [few, more]) {
        const answer = rederiveRelation(old, newHeadOld, facts);
        if (answer === null) continue;
        answered += 1;
        expect([oldHead, newHead, member, answer]).toEqual([oldHead, newHead, member, deriveRelation(member, newHead, kin)]);
      }
    }
    expect(answered).toBeGreaterThan(1000);
  });
});

describe('the members of a household', () => {
  const member = (person_id: string, relation: string | null, sex: string, birth_on: string): HouseholdMember => ({ person_id, relation, sex, birth_on });
  const head = member('head', '02', '1', '1980-06-15');
  const wife = member('wife', '12', '2', '1982-01-01');
  const codes = (...members: HouseholdMember[]) => relationViolations(members).map(({ code, person_id }) => [code, person_id]);

  it('agree in an ordinary family', () => {
    expect(codes(head, wife, member('a', '22', '1', '2008-01-01'), member('b', '32', '2', '2012-01-01'), member('c', '52', '2', '1955-01-01'))).toEqual([]);
  });

  it.each<[string, HouseholdMember[], [string, string | null][]]>([
    ['have a head', [wife], [['HEAD_MISSING', null]]],
    ['have one head only', [head, member('b', '02', '2', '1990-01-01')], [['HEAD_SEVERAL', 'b']]],
    ['have a relation', [head, member('b', null, '2', '1990-01-01')], [['RELATION_UNKNOWN', 'b']]],
    ['have a relation of the standard', [head, member('b', '03', '2', '1990-01-01')], [['RELATION_UNKNOWN', 'b']]],
    ['are not “self”', [head, member('b', '01', '2', '1990-01-01')], [['RELATION_OF_APPLICANT', 'b']]],
    ['have the sex their relation implies', [head, member('b', '22', '2', '2008-01-01')], [['RELATION_SEX', 'b']]],
    ['are younger than the head when children', [head, member('b', '22', '1', '1980-06-15')], [['RELATION_GENERATION', 'b']]],
    ['are older than the head when parents', [head, member('b', '51', '1', '1980-06-15')], [['RELATION_GENERATION', 'b']]],
    ['are one spouse', [head, wife, member('b', '10', '2', '1985-01-01')], [['SPOUSE_SEVERAL', 'b']]],
    ['are one eldest son', [head, member('a', '22', '1', '2008-01-01'), member('b', '22', '1', '2009-01-01')], [['RELATION_REPEATED', 'b']]],
    ['are one mother', [head, member('a', '52', '2', '1955-01-01'), member('b', '52', '2', '1956-01-01')], [['RELATION_REPEATED', 'b']]],
    ['are no only son beside a daughter', [head, member('a', '21', '1', '2008-01-01'), member('b', '32', '2', '2010-01-01')], [['RELATION_ONLY_CHILD', 'a']]],
  ])('%s', (_rule, members, expected) => {
    expect(codes(...members)).toEqual(expected);
  });

  it('may be a day younger than the head as children, and several siblings', () => {
    expect(codes(head, member('a', '29', '1', '1980-06-16'), member('b', '71', '1', '1978-01-01'), member('c', '71', '1', '1979-01-01'))).toEqual([]);
  });

  it('only warn when a relation by marriage inverts the generations', () => {
    const [violation] = relationViolations([head, member('stepmother', '58', '2', '1985-01-01')]);
    expect(violation).toMatchObject({ code: 'RELATION_GENERATION', severity: 'warning' });
    expect(violation?.zh).toContain('继母或养母');
    expect(violation?.en).toContain('step or adoptive mother');
    expect(relationViolations([head, member('father', '51', '1', '1985-01-01')])[0]?.severity).toBe('error');
  });

  it('need no head in a collective household and are no relatives there', () => {
    const collective = { collective: true };
    expect(relationViolations([member('a', '99', '1', '2000-01-01'), member('b', null, '2', '2000-01-01')], collective)).toEqual([]);
    expect(relationViolations([member('a', '02', '1', '2000-01-01')], collective)).toMatchObject([{ code: 'COLLECTIVE_RELATION', person_id: 'a' }]);
  });

  it('of an empty household contradict nothing', () => {
    expect(relationViolations([])).toEqual([]);
  });

  it('derived from kin links never contradict one another, whoever is head', () => {
    const core = ['祖父', '祖母', '父', '母', '我', '妻', '长女', '长子', '次女'];
    fc.assert(
      fc.property(fc.subarray(core, { minLength: 1 }), fc.nat(), (names, pick) => {
        const headName = names[pick % names.length]!;
        const members = names.map((name) => {
          const { sex, birth_on } = FAMILY.find((relative) => relative.name === name)!;
          return member(name, deriveRelation(name, headName, kin), sex, birth_on);
        });
        expect(relationViolations(members)).toEqual([]);
      }),
      { seed: 4761 },
    );
  });
});

describe('the table of GB/T 4761', () => {
  it('has 84 codes, each once, with names in both languages', () => {
    expect(relations).toHaveLength(84);
    expect(new Set(relations.map(({ code }) => code)).size).toBe(84);
    expect(relations.filter(({ zh, en }) => !zh || !en)).toEqual([]);
  });

  it('says the same as the code list that forms and the register choose from', () => {
    const { items } = JSON.parse(readFileSync(new URL('../../../catalogue/codes/relationship-to-head.json', import.meta.url), 'utf8')) as
      { items: { code: string; zh: string; en: string; implied_sex?: string; generation?: number; group: string; selectable?: boolean }[] };
    const listed = items.filter(({ selectable }) => selectable !== false)
      .map(({ code, zh, en, implied_sex = null, generation = null, group }) => ({ code, zh, en, implied_sex, generation, group }));
    const offered = relations.filter((relation) => relation.offered)
      .map(({ code, zh, en, implied_sex, generation, group }) => ({ code, zh, en, implied_sex, generation, group }));
    expect(offered).toEqual(listed);
  });

  it('offers no class codes and no “self” for new entries', () => {
    expect(relations.filter(({ offered }) => !offered).map(({ code }) => code)).toEqual(['01', '10', '20', '30', '40', '50', '60', '70', '80']);
  });
});
