/** The slow checker finds what is planted, and nothing in a lawful family. */
import { describe, expect, it } from 'vitest';
import { relations } from '../../src/modules/reference/index.ts';
import { codesFor, faultsOf, generationOf, standard, type CheckedHousehold, type Kinsman } from './household-checker.ts';

const today = '2026-11-23';
const lawful = (): { people: Map<string, Kinsman>; homes: CheckedHousehold[] } => ({
  people: new Map(([
    { person_id: '父', sex: '1', birth_on: '1980-01-01', spouse: '母' }, { person_id: '母', sex: '2', birth_on: '1982-01-01', spouse: '父' },
    { person_id: '子', sex: '1', birth_on: '2015-01-01', father: '父', mother: '母' }, { person_id: '祖母', sex: '2', birth_on: '1950-01-01' },
  ] satisfies Kinsman[]).map((person) => [person.person_id, person])),
  homes: [{ household_id: '户', is_family: true, is_open: true, members: [['父', '02'], ['母', '12'], ['子', '21'], ['祖母', '52']].map(([person_id, relation]) => ({ person_id: person_id!, relation: relation! })) }],
});
type World = ReturnType<typeof lawful>;
const relate = (world: World, person_id: string, relation: string | null): World => ({ ...world, homes: world.homes.map((home) => ({ ...home, members: home.members.map((member) => (member.person_id === person_id ? { person_id, relation } : member)) })) });
const person = (world: World, person_id: string, part: Partial<Kinsman>): World => {
  world.people.set(person_id, { ...world.people.get(person_id)!, ...part });
  return world;
};

describe('a lawful family', () => {
  it('has no faults', () => {
    const world = lawful();
    expect(faultsOf(world.people, world.homes, today)).toEqual([]);
  });

  it.each([
    ['ONE_HEAD', '户', (world: World) => relate(world, '母', '02')],
    ['ONE_HEAD', '户', (world: World) => relate(world, '父', '11')],
    ['CODE_UNKNOWN', '子', (world: World) => relate(world, '子', '98')],
    ['CODE_UNKNOWN', '子', (world: World) => relate(world, '子', null)],
    ['CODE_SEX', '子', (world: World) => relate(world, '子', '31')],
    ['CODE_AGE', '祖母', (world: World) => person(world, '祖母', { birth_on: '1990-01-01' })],
    ['CODE_AGAINST_KIN', '子', (world: World) => relate(world, '子', '41')],
    ['CODE_AGAINST_KIN', '子', (world: World) => relate(world, '子', '99')],
    ['SPOUSE_NOT_MUTUAL', '父', (world: World) => person(world, '母', { spouse: null })],
    ['PARENT_NOT_OLDER', '子', (world: World) => person(world, '父', { birth_on: '2016-01-01' })],
    ['PARENT_SEX', '子', (world: World) => person(world, '父', { sex: '2' })],
    ['KIN_CIRCLE', '父', (world: World) => person(world, '父', { father: '子' })],
    ['MINOR_WITHOUT_GUARDIAN', '子', (world: World) => person(world, '子', { father: null, mother: null })],
    ['TWO_PLACES', '子', (world: World) => ({ ...world, homes: [...world.homes, { household_id: '另户', is_family: false, is_open: true, members: [{ person_id: '子', relation: '99' }] }] })],
    ['EMPTY_OPEN', '空户', (world: World) => ({ ...world, homes: [...world.homes, { household_id: '空户', is_family: true, is_open: true, members: [] }] })],
    ['CLOSED_WITH_MEMBERS', '户', (world: World) => ({ ...world, homes: [{ ...world.homes[0]!, is_open: false }] })],
  ] as const)('shows %s at %s when it is planted', (rule, subject_id, plant) => {
    const world = plant(lawful());
    expect(faultsOf(world.people, world.homes, today)).toContainEqual({ rule, subject_id });
  });

  it('leaves a minor to a guardian who is no parent', () => {
    const world = person(lawful(), '子', { father: null, mother: null, guardians: ['祖母'] });
    expect(faultsOf(world.people, relate(world, '子', '97').homes, today)).toEqual([]);
  });
});

it('the table of the checker and the table of the rules, written apart, say the same of every code', () => {
  for (const { code, implied_sex, generation } of relations) {
    if (code === '01') continue;
    expect(standard.get(code)?.sex, code).toBe(implied_sex ?? '.');
    expect(generationOf(code), code).toBe(generation);
  }
  expect(standard.size).toBe(relations.length - 1);
});

it('the kin links justify the words for near kin, and none where no link is known', () => {
  const { people } = lawful();
  expect([...codesFor(people, '子', '父')]).toContain('21');
  expect([...codesFor(people, '母', '子')]).toEqual(expect.arrayContaining(['52', '50']));
  expect([...codesFor(people, '祖母', '父')]).toEqual([]);
});
