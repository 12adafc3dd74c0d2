import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addressRecord, findRelation, givenNameViolations, isDemoNumber, lawfulName, relationViolations, validateIdNumber,
} from '../../../modules/reference/index.ts';
import { dayOf } from './days.ts';
import { catalogue, counties } from './distributions.ts';
import { generatePopulation, generateStations, loadDemoStations, type Population, type PersonRow } from './index.ts';
import { stationsForTests } from './stations-for-tests.ts';

const TODAY = '2026-11-01';
const YEAR = 365.2425;
const PEOPLE = 2500;

const generate = (seed: number, people = PEOPLE) => generatePopulation({ people, seed, reference_on: TODAY, stations: stationsForTests });
const years = (from: string, to: string) => (dayOf(to) - dayOf(from)) / YEAR;
const groupBy = <Row, Key>(rows: readonly Row[], key: (row: Row) => Key): Map<Key, Row[]> => Map.groupBy(rows, key);

describe.each([1, 2, 3, 1999, -5])('a register invented from seed %i', (seed) => {
  const population = generate(seed);
  const { persons, households, memberships, kin_links, movements, addresses } = population;
  const person = new Map(persons.map((row) => [row.person_id, row]));
  const household = new Map(households.map((row) => [row.household_id, row]));
  const address = new Map(addresses.map((row) => [row.address_id, row]));
  const living = persons.filter(({ status }) => status === '0');
  const ofPerson = groupBy(memberships, ({ person_id }) => person_id);
  const ofHousehold = groupBy(memberships, ({ household_id }) => household_id);

  it('has exactly as many living people as asked for, and some dead', () => {
    expect(living).toHaveLength(PEOPLE);
    expect(persons.length - living.length).toBeGreaterThan(PEOPLE * 0.01);
    expect(persons.every(({ synthetic }) => synthetic)).toBe(true);
  });

  it('has each living person in exactly one open membership, that of the household on the record, and no dead in any', () => {
    for (const row of persons) {
      const open = ofPerson.get(row.person_id)!.filter(({ to_on }) => to_on === null);
      expect(open.map(({ household_id }) => household_id)).toEqual(row.status === '0' ? [row.household_id] : []);
    }
  });

  it('has no overlapping, empty or future membership, and none before birth or after death', () => {
    for (const [person_id, list] of ofPerson) {
      const { birth_on, died_on } = person.get(person_id)!;
      const sorted = list.toSorted((a, b) => (a.from_on < b.from_on ? -1 : 1));
      expect(sorted[0]!.from_on >= birth_on).toBe(true);
      sorted.forEach(({ from_on, to_on }, index) => {
        expect(from_on < (to_on ?? TODAY)).toBe(true);
        expect((to_on ?? from_on) <= (sorted[index + 1]?.from_on ?? TODAY)).toBe(true);
      });
      if (died_on !== null) expect(sorted.at(-1)!.to_on).toBe(died_on);
    }
  });

  it('has one head in each family household on every day that somebody lives there, and none in collective ones', () => {
    for (const [household_id, list] of ofHousehold) {
      const days = new Set(list.flatMap(({ from_on, to_on }) => (to_on === null ? [from_on] : [from_on, to_on])));
      for (const day of days) {
        const present = list.filter(({ from_on, to_on }) => from_on <= day && (to_on === null || day < to_on));
        const heads = present.filter(({ relation }) => relation === '02').length;
        expect([household_id, day, heads]).toEqual([household_id, day, present.length > 0 && household.get(household_id)!.household_type === '1' ? 1 : 0]);
      }
    }
  });

  it('has open members in active households only, and a day of closing on the others', () => {
    for (const { household_id, status, closed_on } of households) {
      const list = ofHousehold.get(household_id)!;
      expect(list.some(({ to_on }) => to_on === null)).toBe(status === 'active');
      expect(closed_on).toBe(status === 'active' ? null : list.map(({ to_on }) => to_on!).sort().at(-1));
    }
  });

  it('has relations that agree with sex and generation and contradict one another in no household', () => {
    for (const { household_id, household_type } of households) {
      const members = ofHousehold.get(household_id)!.filter(({ to_on }) => to_on === null)
        .map(({ person_id, relation }) => ({ ...person.get(person_id)!, relation }));
      expect(relationViolations(members, { collective: household_type !== '1' })).toEqual([]);
    }
    for (const { person_id, relation } of memberships) {
      expect([null, person.get(person_id)!.sex]).toContain(findRelation(relation)!.implied_sex);
      expect(findRelation(relation)!.offered).toBe(true);
      expect(relation).not.toBe('97');
    }
  });

  it('has spouses linked both ways, one at a time, of legal age, until one of them dies', () => {
    const spouses = kin_links.filter(({ kind }) => kind === 'spouse');
    const pairs = new Set(spouses.map(({ person_id, relative_id }) => `${person_id} ${relative_id}`));
    expect(new Set(spouses.map(({ person_id }) => person_id)).size).toBe(spouses.length);
    for (const { person_id, relative_id, from_on, until_on } of spouses) {
      const [one, other] = [person.get(person_id)!, person.get(relative_id)!];
      expect(pairs.has(`${relative_id} ${person_id}`)).toBe(true);
      expect(one.sex).not.toBe(other.sex);
      expect(years(one.birth_on, from_on)).toBeGreaterThanOrEqual(from_on < '1981-01-01' ? (one.sex === '1' ? 20 : 18) : one.sex === '1' ? 22 : 20);
      expect(until_on).toBe(one.died_on ?? other.died_on);
      if (until_on === null) expect(one.marital_status).toMatch(/^2[12]$/u);
      else if (one.died_on === null) expect(one.marital_status).toBe('30');
    }
  });

  it('has fathers and mothers older by fourteen years at least, of the right sex, one of each', () => {
    const parents = kin_links.filter(({ kind }) => kind !== 'spouse');
    expect(new Set(parents.map(({ person_id, kind }) => person_id + kind)).size).toBe(parents.length);
    for (const { person_id, relative_id, kind, from_on, until_on } of parents) {
      const [child, parent] = [person.get(person_id)!, person.get(relative_id)!];
      expect(parent.sex).toBe(kind === 'father' ? '1' : '2');
      expect(years(parent.birth_on, child.birth_on)).toBeGreaterThan(14);
      if (kind === 'mother') expect(years(parent.birth_on, child.birth_on)).toBeLessThan(47);
      expect([from_on, until_on]).toEqual([child.birth_on, null]);
    }
  });

  it('has valid numbers of the demonstration range, each once', () => {
    expect(new Set(persons.map(({ id_number }) => id_number)).size).toBe(persons.length);
    const areaKnown = (code: string) => counties.includes(code);
    for (const { id_number, birth_on, sex } of persons) {
      expect(validateIdNumber(id_number, { today: TODAY, birth_on, sex, areaKnown })).toEqual([]);
      expect(isDemoNumber(id_number)).toBe(true);
    }
  });

  it('has lawful names, with characters outside the general table only where registered before 2013', () => {
    const grandfathered = catalogue.rare_characters.registered_before_2013;
    for (const { name, former_name, birth_on } of persons) {
      for (const given of former_name === null ? [name] : [name, former_name]) {
        expect([given, lawfulName(given)]).toEqual([given, []]);
        const surname = /^(?:欧阳|上官|皇甫|令狐|司徒|诸葛|司马)/u.exec(given)?.[0] ?? [...given][0]!;
        expect(givenNameViolations(given, surname, birth_on < '2013' ? { grandfathered } : {})).toEqual([]);
      }
      expect(former_name).not.toBe(name);
    }
  });

  it('gives children the surname of one parent', () => {
    const parents = groupBy(kin_links.filter(({ kind }) => kind !== 'spouse'), ({ person_id }) => person_id);
    for (const [person_id, links] of parents) {
      if (links.length < 2) continue;
      const child = person.get(person_id)!.name;
      const [father, mother] = ['father', 'mother'].map((kind) => person.get(links.find((link) => link.kind === kind)!.relative_id)!.name);
      if (father!.includes('·')) expect(child.split('·')[1]).toBe(father!.split('·')[0]);
      else expect([father![0], mother![0]]).toContain(child[0]);
    }
  });

  it('has movements that end one membership and begin the next on the same day, between the stations of the households', () => {
    for (const { person_id, moved_on, out_household_id, in_household_id, out_station_code, in_station_code, range } of movements) {
      const list = ofPerson.get(person_id)!;
      expect(list.filter(({ household_id, to_on }) => household_id === out_household_id && to_on === moved_on)).toHaveLength(1);
      expect(list.filter(({ household_id, from_on }) => household_id === in_household_id && from_on === moved_on)).toHaveLength(1);
      expect(household.get(out_household_id)!.station_code).toBe(out_station_code);
      expect(household.get(in_household_id)!.station_code).toBe(in_station_code);
      const expected = out_station_code === in_station_code ? ['12', '15']
        : out_station_code.slice(0, 6) === in_station_code.slice(0, 6) ? ['21']
          : out_station_code.slice(0, 4) === in_station_code.slice(0, 4) ? ['30'] : ['40'];
      expect(expected).toContain(range);
    }
    const moves = groupBy(movements, ({ person_id }) => person_id);
    for (const [person_id, list] of ofPerson) {
      expect(moves.get(person_id)?.length ?? 0).toBe(new Set(list.map(({ household_id }) => household_id)).size - 1);
    }
  });

  it('has standard addresses, written out once, shared by the people of a household and of its station', () => {
    expect(new Set(addresses.map(({ text }) => text)).size).toBe(addresses.length);
    for (const row of persons) {
      const home = household.get(row.household_id)!;
      expect([row.station_code, row.address_id]).toEqual([home.station_code, home.address_id]);
      expect(address.get(home.address_id)!.station_code).toBe(home.station_code);
    }
    for (const { address_id, station_code, area_code, community_code, community, street, number, building, unit, room, text } of addresses) {
      const station = stationsForTests.find(({ org_code }) => org_code === station_code)!;
      const record = addressRecord(
        { address_id, station_code, township_code: area_code, community_code, street, street_number: number, building, unit, room },
        { name: station.township_name, full_name: station.address },
        { name: community, full_name: station.address + community },
      );
      expect(text).toBe(record.line);
    }
  });

  it('has household numbers of fifteen digits, each once, led by the county', () => {
    expect(new Set(households.map(({ household_no }) => household_no)).size).toBe(households.length);
    for (const { household_no, station_code } of households) {
      expect(household_no).toMatch(/^\d{15}$/u);
      expect(household_no.slice(0, 6)).toBe(station_code.slice(0, 6));
    }
  });

  it('has particulars that fit the age', () => {
    for (const row of living) {
      const age = years(row.birth_on, TODAY);
      expect(row.birth_on <= TODAY && age < 105).toBe(true);
      if (age < 6) expect(row.education).toBeNull();
      if (age < 17.9) expect([row.marital_status, row.military_service]).toEqual(['10', null]);
      if (age < 15.9) expect([row.occupation, row.phone]).toEqual([null, null]);
      if (row.height_cm !== null) expect(row.height_cm > 60 && row.height_cm < 195).toBe(true);
      if (row.phone !== null) expect(row.phone).toMatch(/^1990000\d{4}$/u);
    }
  });

  it('has identifiers used once', () => {
    const ids = [persons, households, addresses, kin_links, movements, memberships]
      .flatMap((rows) => rows.map((row) => Object.values(row)[0] as string));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the distributions', () => {
  const population = generate(7, 12_000);
  const living = population.persons.filter(({ status }) => status === '0');
  const share = (rows: readonly unknown[], of: readonly unknown[] = living) => (100 * rows.length) / of.length;
  const age = ({ birth_on }: PersonRow) => years(birth_on, TODAY);

  it.each(catalogue.age_groups)('of ages have %i and up to four years more at %d percent', (from, percent) => {
    const group = living.filter((row) => age(row) >= from && (from === 95 || age(row) < from + 5));
    expect(Math.abs(share(group) - percent)).toBeLessThan(0.6);
  });

  it('of household sizes are those of the catalogue', () => {
    const open = groupBy(population.memberships.filter(({ to_on }) => to_on === null), ({ household_id }) => household_id);
    const families = population.households.filter(({ household_type, status }) => household_type === '1' && status === 'active');
    for (const [size, percent] of Object.entries(catalogue.household_sizes)) {
      const found = families.filter(({ household_id }) => open.get(household_id)!.length === Number(size));
      expect(Math.abs(share(found, families) - percent)).toBeLessThan(3);
    }
  });

  it('have 2 to 3 percent in collective households, one of those to each station', () => {
    const collective = population.households.filter(({ household_type }) => household_type !== '1');
    expect(collective.map(({ station_code }) => station_code).sort()).toEqual(stationsForTests.map(({ org_code }) => org_code).sort());
    const ids = new Set(collective.map(({ household_id }) => household_id));
    const inside = living.filter(({ household_id }) => ids.has(household_id));
    expect(share(inside)).toBeGreaterThan(2);
    expect(share(inside)).toBeLessThan(3);
  });

  it('have an earlier, ended membership for about fifteen percent', () => {
    const ended = new Set(population.memberships.filter(({ to_on }) => to_on !== null).map(({ person_id }) => person_id));
    const found = share(living.filter(({ person_id }) => ended.has(person_id)));
    expect(found).toBeGreaterThan(12);
    expect(found).toBeLessThan(19);
  });

  it('have changes of head: an ended headship in a household that goes on', () => {
    const heads = population.memberships.filter(({ relation }) => relation === '02');
    const passed = [...groupBy(heads, ({ household_id }) => household_id).values()].filter((list) => new Set(list.map(({ person_id }) => person_id)).size > 1);
    expect(passed.length).toBeGreaterThan(50);
  });

  it('have rare characters, dotted names, long names and one longer than twenty', () => {
    const rare = catalogue.rare_characters.in_general_table + catalogue.rare_characters.registered_before_2013;
    expect(share(living.filter(({ name }) => [...name].some((character) => rare.includes(character))))).toBeCloseTo(0.3, 0.5);
    expect(share(living.filter(({ name }) => name.includes('·')))).toBeCloseTo(0.5, 0.5);
    expect(living.filter(({ name }) => [...name].length > 8).length).toBeGreaterThan(3);
    expect(living.filter(({ name }) => [...name].length > 20).length).toBeGreaterThan(0);
  });

  it('have children of the ethnicity of a parent', () => {
    const byId = new Map(population.persons.map((row) => [row.person_id, row]));
    const parents = groupBy(population.kin_links.filter(({ kind }) => kind !== 'spouse'), ({ person_id }) => person_id);
    for (const [person_id, links] of parents) {
      if (links.length < 2) continue;
      expect(links.map(({ relative_id }) => byId.get(relative_id)!.ethnicity)).toContain(byId.get(person_id)!.ethnicity);
    }
  });

  it('use only codes that the catalogue offers', () => {
    const offered = (list: string) => {
      const { items } = JSON.parse(readFileSync(new URL(`../../../../catalogue/codes/${list}.json`, import.meta.url), 'utf8')) as
        { items: { code: string; selectable?: boolean }[] };
      return new Set<string | null>(items.filter(({ selectable }) => selectable !== false).map(({ code }) => code));
    };
    const check = <Row>(list: string, rows: readonly Row[], item: (row: Row) => string | null) => {
      const codes = offered(list);
      const strange = new Set(rows.map(item).filter((code) => code !== null && !codes.has(code)));
      expect([list, ...strange]).toEqual([list]);
    };
    const { persons, households, memberships, movements } = population;
    check('sex', persons, ({ sex }) => sex);
    check('ethnicity', persons, ({ ethnicity }) => ethnicity);
    check('person-status', persons, ({ status }) => status);
    check('education', persons, ({ education }) => education);
    check('marital-status', persons, ({ marital_status }) => marital_status);
    check('military-service', persons, ({ military_service }) => military_service);
    check('blood-type', persons, ({ blood_type }) => blood_type);
    check('occupation', persons, ({ occupation }) => occupation);
    check('household-type', households, ({ household_type }) => household_type);
    check('relationship-to-head', memberships, ({ relation }) => relation);
    check('migration-reason', movements, ({ reason }) => reason);
    check('migration-range', movements, ({ range }) => range);
  });
});

describe('generation', () => {
  it('gives the same rows for the same seed, and others for another seed', () => {
    expect(generate(11, 600)).toEqual(generate(11, 600));
    expect(generate(12, 600).persons.map(({ name }) => name)).not.toEqual(generate(11, 600).persons.map(({ name }) => name));
  });

  it('comes station by station, each part referring only to itself and earlier parts, and adds up to the whole', () => {
    const options = { people: 3000, seed: 4, reference_on: TODAY, stations: stationsForTests };
    const known = new Set<string>();
    const parts = [...generateStations(options)];
    expect(parts).toHaveLength(stationsForTests.length);
    for (const part of parts) {
      for (const { address_id } of part.addresses) known.add(address_id);
      for (const { household_id, address_id } of part.households) expect(known.add(household_id).has(address_id)).toBe(true);
      for (const { person_id, household_id, address_id } of part.persons) {
        expect(known.add(person_id).has(household_id) && known.has(address_id)).toBe(true);
      }
      for (const { person_id, household_id } of part.memberships) expect(known.has(person_id) && known.has(household_id)).toBe(true);
      for (const { person_id, relative_id } of part.kin_links) expect(known.has(person_id) && known.has(relative_id)).toBe(true);
      for (const { person_id, out_household_id, in_household_id } of part.movements) {
        expect([person_id, out_household_id, in_household_id].every((id) => known.has(id))).toBe(true);
      }
    }
    const whole = generatePopulation(options);
    for (const table of Object.keys(whole) as (keyof Population)[]) expect(parts.flatMap((part) => part[table] as unknown[])).toEqual(whole[table]);
  });

  it.each([1, 2, 7, 40, 100])('works for %i people', (people) => {
    const { persons } = generate(3, people);
    expect(persons.filter(({ status }) => status === '0')).toHaveLength(people);
  });

  it('works with one station', () => {
    const [only] = stationsForTests;
    const { persons, movements } = generatePopulation({ people: 500, seed: 3, reference_on: TODAY, stations: [only!] });
    expect(persons.filter(({ status }) => status === '0')).toHaveLength(500);
    expect(movements.every(({ out_station_code }) => out_station_code === only!.org_code)).toBe(true);
  });

  it.each([
    [{ people: 0 }, 'people must be a whole number above 0'],
    [{ people: 1.5 }, 'people must be a whole number above 0'],
    [{ seed: Number.NaN }, 'seed must be a whole number'],
    [{ stations: [] }, 'at least one station'],
    [{ reference_on: '1 November' }, 'write yyyy-mm-dd'],
    [{ stations: [{ ...stationsForTests[0]!, communities: [] }] }, 'at least one community'],
  ])('refuses %j and says why', (wrong, message) => {
    expect(() => generatePopulation({ people: 10, seed: 1, reference_on: TODAY, stations: stationsForTests, ...wrong })).toThrow(message);
  });
});

describe('the stations of the demonstration bureau', () => {
  it('have communities, each in one station only, and an address that begins with the province', () => {
    const stations = loadDemoStations();
    expect(new Set(stations.map(({ county_code }) => county_code))).toEqual(new Set(['530102', '530111', '532901']));
    const codes = stations.flatMap(({ communities }) => communities.map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
    for (const { address, township_name, township_code, org_code, communities } of stations) {
      expect(communities.length).toBeGreaterThan(0);
      expect(address.startsWith('云南省') && address.endsWith(township_name)).toBe(true);
      expect(township_code.slice(0, 6)).toBe(org_code.slice(0, 6));
    }
  });
});
