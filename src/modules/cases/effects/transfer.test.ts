/** What a move does to the households: who follows as head, and what those who stay are to the new head. */
import { describe, expect, it } from 'vitest';
import type { KinFacts } from '../../population/index.ts';
import { factsOf, householdOf, idOf, link, moverOf, numberOf, stations, type Somebody } from '../../../../test/harness/case-facts.ts';
import { relationsAfter } from './kinship.ts';
import { transferOf } from './transfer.ts';

const father: Somebody = { name: '父', relation: '02', birth_on: '1970-01-01' };
const mother: Somebody = { name: '母', relation: '12', sex: '2', birth_on: '1972-01-01' };
const son: Somebody = { name: '子', relation: '22', birth_on: '1998-01-01' };
const daughter: Somebody = { name: '女', relation: '32', sex: '2', birth_on: '2000-01-01' };
const secondSon: Somebody = { name: '次', relation: '23', birth_on: '2004-01-01' };
const grandmother: Somebody = { name: '祖母', relation: '52', sex: '2', birth_on: '1945-01-01' };
const wifeOfSon: Somebody = { name: '媳', relation: '38', sex: '2', birth_on: '1999-01-01' };
const grandson: Somebody = { name: '孙', relation: '41', birth_on: '2022-01-01' };
const lodger: Somebody = { name: '保姆', relation: '98', sex: '2', birth_on: '1980-01-01' };
const cousin: Somebody = { name: '表亲', relation: '92', birth_on: '1975-01-01' };

const married = link('父', 'spouse', '母');
const bornOf = (child: string): KinFacts[] => [link(child, 'father', '父'), link(child, 'mother', '母')];

/** The head leaves; who stays is what to the one who follows? */
function after(members: readonly Somebody[], successor: string, kin: readonly KinFacts[]): Record<string, string> {
  const household = householdOf('home', members);
  const staying = household.members.filter((member) => member.relation !== '02');
  const head = staying.find((member) => member.name === successor)!;
  return Object.fromEntries(relationsAfter(household, staying, head, kin).map(({ person_id, relation }) => [staying.find((member) => member.person_id === person_id)!.name, relation]));
}

describe('relations of those who stay', () => {
  it.each([
    ['the wife follows: their children keep their rank, his mother becomes her mother-in-law', [father, mother, son, daughter, grandmother], '母', [married, ...bornOf('子'), ...bornOf('女'), link('父', 'mother', '祖母')], { 母: '02', 子: '22', 女: '32', 祖母: '54' }],
    ['the son follows: his mother, his sister, his grandmother', [father, mother, son, daughter, grandmother], '子', [married, ...bornOf('子'), ...bornOf('女'), link('父', 'mother', '祖母')], { 母: '52', 子: '02', 女: '77', 祖母: '62' }],
    ['the daughter follows: the elder brother is an elder brother', [father, son, daughter], '女', [...bornOf('子'), ...bornOf('女')], { 子: '71', 女: '02' }],
    ['the son follows: wife and child of his own', [father, mother, son, wifeOfSon, grandson], '子', [...bornOf('子'), link('子', 'spouse', '媳'), link('孙', 'father', '子')], { 母: '52', 子: '02', 媳: '12', 孙: '21' }],
    ['a brother who is registered elsewhere counts: no rank is made up, the old one stays', [father, mother, secondSon], '母', [married, ...bornOf('次'), ...bornOf('别处的长子')], { 母: '02', 次: '23' }],
    ['a child whose rank nobody can tell is a child all the same', [father, { ...son, relation: '97' }, { ...daughter, relation: '97' }, wifeOfSon], '媳', [link('女', 'mother', '媳'), link('别处', 'mother', '媳')], { 媳: '02', 子: '97', 女: '39' }],
    ['no links at all: the old codes tell what they can with certainty', [father, mother, son, grandmother], '子', [], { 母: '97', 子: '02', 祖母: '62' }],
    ['no links at all, the wife follows: his mother is her mother-in-law', [father, mother, grandmother], '母', [], { 母: '02', 祖母: '54' }],
    ['who belongs to nobody is a relative of some kind, to be corrected by the officer', [father, mother, cousin], '母', [married], { 母: '02', 表亲: '97' }],
  ] as const)('%s', (_situation, members, successor, kin, relations) => {
    expect(after(members, successor, kin)).toEqual(relations);
  });

  it('who is no relative of the old head is none of the new one', () => {
    expect(after([father, mother, lodger], '母', [married])).toEqual({ 母: '02', 保姆: '98' });
  });
});

describe('the plan of a move', () => {
  const home = householdOf('home', [father, mother, son]);
  const kin = [married, ...bornOf('子')];
  const moverAs = (somebody: Somebody, relation: string) => moverOf(somebody, home, relation);

  it('a head who leaves gives way; the new household takes the declared relations', () => {
    const facts = factsOf({ origins: [home], movers: [moverAs(father, '02')], kin, answers: { new_head_id_number: numberOf('母') } });
    expect(transferOf(facts)).toEqual({
      movers: [{ person_id: idOf('父'), relation: '02' }],
      target: { new_household: { address_id: idOf('new flat'), station_code: stations.here, household_type: '1' } },
      origin_changes: [{ household_id: idOf('home'), new_head_id: idOf('母'), relations: [{ person_id: idOf('母'), relation: '02' }, { person_id: idOf('子'), relation: '21' }] }],
    });
  });

  it.each([
    ['members leave and the head stays', [moverAs(son, '02')]],
    ['everybody leaves', [moverAs(father, '02'), moverAs(mother, '12'), moverAs(son, '21')]],
  ])('%s: nothing changes for those who stay', (_situation, movers) => {
    expect(transferOf(factsOf({ origins: [home], movers, kin, answers: { new_head_id_number: numberOf('母') } })).origin_changes).toEqual([]);
  });

  it('whoever settles without naming a head is head, the first of them', () => {
    const facts = factsOf({ origins: [home], movers: [moverAs(mother, '97'), moverAs(son, '21')], kin });
    expect(transferOf(facts).movers).toEqual([{ person_id: idOf('母'), relation: '02' }, { person_id: idOf('子'), relation: '21' }]);
  });

  it('joining takes the declared relations as they are', () => {
    const there = householdOf('there', [{ name: '周老' }], { station_code: stations.here, address_id: idOf('new flat') });
    const facts = factsOf({ origins: [home], movers: [moverAs(son, '28')], kin, target_household: there, answers: { household_choice: 'join' } });
    expect(transferOf(facts)).toMatchObject({ movers: [{ person_id: idOf('子'), relation: '28' }], target: { household_id: idOf('there') } });
  });

  it('a collective household that is left has no head to follow', () => {
    const collective = householdOf('home', [{ ...father, relation: '99' }, { ...mother, relation: '99' }], { household_type: '2' });
    expect(transferOf(factsOf({ origins: [collective], movers: [moverOf({ ...father, relation: '99' }, collective)], kin })).origin_changes).toEqual([]);
  });
});
