import { describe, expect, it } from 'vitest';
import { generatePopulation, loadDemoStations, pickDemoCast, type DemoCast, type PersonRow } from './index.ts';
import { stationsForTests } from './stations-for-tests.ts';

const TODAY = '2026-11-01';
const population = generatePopulation({ people: 4000, seed: 1, reference_on: TODAY, stations: stationsForTests });
const cast = pickDemoCast(population);
const bornAfter = (years: number) => `${2026 - years}-11-01`;
const openMembers = (household_id: string) => population.memberships
  .filter((membership) => membership.household_id === household_id && membership.to_on === null)
  .map(({ person_id }) => person_id)
  .sort();
const ids = (...people: PersonRow[]) => people.map(({ person_id }) => person_id).sort();

function everybody({ moving_family, elder, dotted_name, rare_character, head_moving_alone, minor_left_behind, minor_alone }: DemoCast): PersonRow[] {
  return [
    moving_family.head, moving_family.spouse, ...moving_family.children, moving_family.receiving.father, moving_family.receiving.mother,
    elder, dotted_name, rare_character, head_moving_alone.head, ...head_moving_alone.remaining,
    minor_left_behind.parent, minor_left_behind.minor, minor_alone.minor,
  ];
}

describe('the cast of the demonstration', () => {
  it('plays one part each, and is alive', () => {
    const people = everybody(cast);
    expect(new Set(people).size).toBe(people.length);
    expect(people.every(({ status }) => status === '0')).toBe(true);
  });

  it('has a family of four in 大理市 with two minors, whose grandparents in 五华区 can receive them', () => {
    const { household_id, head, spouse, children, receiving } = cast.moving_family;
    expect(openMembers(household_id)).toEqual(ids(head, spouse, ...children));
    expect(head.station_code).toMatch(/^532901/u);
    for (const child of children) expect(child.birth_on > bornAfter(16)).toBe(true);
    const parents = population.kin_links.filter(({ person_id, kind }) => person_id === spouse.person_id && kind !== 'spouse').map(({ relative_id }) => relative_id);
    expect(parents.sort()).toEqual(ids(receiving.father, receiving.mother));
    expect(receiving.father.station_code).toMatch(/^530102/u);
    expect(openMembers(receiving.household_id)).toEqual(expect.arrayContaining(parents));
  });

  it('has an elder, a dotted name and a rare character, all able to sign in', () => {
    expect(cast.elder.birth_on < bornAfter(78)).toBe(true);
    expect(cast.dotted_name.name).toContain('·');
    expect([...cast.rare_character.name].length).toBeLessThan(cast.rare_character.name.length);
    for (const citizen of [cast.elder, cast.dotted_name, cast.rare_character, cast.moving_family.head]) expect(citizen.phone).not.toBeNull();
  });

  it('has a head who leaves another adult behind, a parent who leaves only a minor, and a minor who is alone', () => {
    const { head_moving_alone, minor_left_behind, minor_alone } = cast;
    expect(openMembers(head_moving_alone.household_id)).toEqual(ids(head_moving_alone.head, ...head_moving_alone.remaining));
    expect(head_moving_alone.remaining.some(({ birth_on }) => birth_on <= bornAfter(18))).toBe(true);
    expect(openMembers(minor_left_behind.household_id)).toEqual(ids(minor_left_behind.parent, minor_left_behind.minor));
    expect(minor_left_behind.minor.birth_on > bornAfter(16)).toBe(true);
    expect(openMembers(minor_alone.household_id)).toEqual(ids(minor_alone.minor));
    expect(minor_alone.minor.birth_on > bornAfter(18)).toBe(true);
  });

  it('is the same for the same population', () => {
    expect(pickDemoCast(population)).toEqual(cast);
  });

  it.each([1, 2, 3, 4])('is found among three thousand people at the stations of the bureau, seed %i', (seed) => {
    const people = generatePopulation({ people: 3000, seed, reference_on: TODAY, stations: loadDemoStations() });
    expect(everybody(pickDemoCast(people)).every(Boolean)).toBe(true);
  });

  it('is refused with the missing part when there are too few people', () => {
    const few = generatePopulation({ people: 20, seed: 1, reference_on: TODAY, stations: stationsForTests });
    expect(() => pickDemoCast(few)).toThrow(/nobody can play the moving family: generate more people/u);
  });
});
