/** Turns a drafted family into rows of the register: household, people, memberships, kin links and movements. */
import { NON_RELATIVE, childRelation, type Sex } from '../../../modules/reference/index.ts';
import { AddressBook } from './addresses.ts';
import { YEAR, ageAt, isoOf, yearOf, type Day } from './days.ts';
import { counties } from './distributions.ts';
import type { Family } from './families.ts';
import { periodsOf, rangeOfMove, type Stay } from './history.ts';
import { createIds, createNumbers, type IdKind } from './identifiers.ts';
import { fullName, lineageOf } from './lineages.ts';
import { givenName, longName, rareGivenName } from './naming.ts';
import { ParentsElsewhere } from './parents-elsewhere.ts';
import { particulars } from './particulars.ts';
import { Random } from './random.ts';
import { BIRTH_REGISTRATION, relative, type Origin, type Relative } from './relatives.ts';
import { emptyPopulation, type HouseholdRow, type Population } from './rows.ts';
import type { DemoStation } from './stations.ts';

const FAMILY = '1';
/** Every so many people one with a rare character, every so many families one with dotted names. */
const RARE_CHARACTER_EVERY = 333;
const DOTTED_FAMILY_EVERY = 200;
const LONG_NAME_EVERY = 40;

type Desk = { addresses: AddressBook; sequence: number };

/** Reasons of moving, GA/T 2000.22. */
const REASON = { marriage: '94', housing: '62', nearby: '95', split: '96', study: '24', work: '04' };

/**
 * Writes people into the registers of the stations. Rows are collected until `release` hands them over; they refer
 * only to rows of the same or an earlier hand-over.
 */
export class Registrar {
  #rows: Population = emptyPopulation();
  readonly #today: Day;
  readonly #seed: number;
  readonly #desks = new Map<string, Desk>();
  readonly #stations: readonly DemoStation[];
  readonly #newId: (kind: IdKind) => string;
  readonly #newNumber: (areaCode: string, birth: Day, sex: Sex) => string;
  readonly #parentsElsewhere = new ParentsElsewhere();
  #families = 0;
  #dottedFamilies = 0;
  #people = 0;
  #phones = 0;
  #brides = 0;

  constructor(seed: number, today: Day, stations: readonly DemoStation[]) {
    this.#seed = seed;
    this.#today = today;
    this.#stations = stations;
    this.#newId = createIds(seed);
    this.#newNumber = createNumbers(counties);
  }

  /** The rows written since the last call. */
  release(): Population {
    const rows = this.#rows;
    this.#rows = emptyPopulation();
    return rows;
  }

  registerFamily(random: Random, station: DemoStation, family: Family): void {
    const dotted = this.#families++ % DOTTED_FAMILY_EVERY === 20;
    const { members } = family;
    const stays = this.#staysOf(random, station, family);
    for (const member of members) this.#findOrigin(random, member, stays[0]!);
    for (const member of members) lineageOf(random, member, { county_code: stays[0]!.station.county_code, dotted });
    const longNamed = dotted && this.#dottedFamilies++ % LONG_NAME_EVERY === 0
      ? members.find(({ father, origin }) => father === null && origin === null)
      : undefined;
    for (const member of members) this.#writePerson(random, member, stays, member === longNamed);
    for (const member of members) this.#writeHistory(member, family, stays);
    for (const member of members) this.#writeKin(member);
    if (stays.length === 1) this.#awaitChildren(random, stays[0]!, family);
  }

  /** A collective household of `size` people who are not related; returns them. */
  registerCollective(random: Random, station: DemoStation, kind: '2' | '3' | '4', size: number): Relative[] {
    const established = this.#today - random.between(10 * 365, 25 * 365);
    const stay = { station, from: established, household: this.#openHousehold(station, kind, established) };
    const members = Array.from({ length: size }, () => collectiveMember(random, this.#today, kind, established));
    for (const person of members) {
      this.#findOrigin(random, person, stay);
      lineageOf(random, person, { county_code: station.county_code, dotted: false });
      this.#writePerson(random, person, [stay], false);
      this.#writeArrival(person, stay, kind === '3' ? REASON.study : REASON.work);
      this.#writeMembership(person, stay.household, NON_RELATIVE, person.joined, null);
      this.#writeKin(person);
    }
    return members;
  }

  /** Where the family lived: here, or elsewhere in the registers first. */
  #staysOf(random: Random, station: DemoStation, family: Family): Stay[] {
    const { established } = family;
    const movedBetween = [Math.max(established + 365, this.#today - 20 * 365), this.#today - 31] as const;
    const unbroken = family.former === null && family.members.every(({ died }) => died === null);
    const moves = unbroken && movedBetween[0] < movedBetween[1] && this.#stations.length > 1 && random.chance(0.07);
    if (!moves) return [{ station, from: established, household: this.#openHousehold(station, FAMILY, established) }];

    const moved = random.between(...movedBetween);
    const before = this.#stationToLeave(random, station);
    const left = this.#openHousehold(before, FAMILY, established);
    left.status = 'closed';
    left.closed_on = isoOf(moved);
    return [
      { station: before, from: established, household: left },
      { station, from: moved, household: this.#openHousehold(station, FAMILY, moved) },
    ];
  }

  /** Most moves stay in the county. */
  #stationToLeave(random: Random, into: DemoStation): DemoStation {
    const others = this.#stations.filter((other) => other !== into);
    const near = others.filter((other) => other.county_code === into.county_code);
    return random.pick(near.length > 0 && random.chance(0.6) ? near : others);
  }

  #openHousehold(station: DemoStation, household_type: string, established: Day): HouseholdRow {
    const desk = this.#deskOf(station);
    const address = desk.addresses.next();
    this.#rows.addresses.push(address);
    desk.sequence += 1;
    const household: HouseholdRow = {
      household_id: this.#newId('household'),
      household_no: station.county_code + station.org_code.slice(6, 9) + String(desk.sequence).padStart(6, '0'),
      household_type,
      station_code: station.org_code,
      address_id: address.address_id,
      established_on: isoOf(established),
      status: 'active',
      closed_on: null,
    };
    this.#rows.households.push(household);
    return household;
  }

  #deskOf(station: DemoStation): Desk {
    let desk = this.#desks.get(station.org_code);
    if (desk === undefined) {
      const random = new Random(this.#seed, `addresses ${station.org_code}`);
      const addresses = new AddressBook(station, random, () => this.#newId('address'));
      this.#desks.set(station.org_code, (desk = { addresses, sequence: 0 }));
    }
    return desk;
  }

  /** Somebody who comes from elsewhere may turn out to be the grown child of parents already in the register. */
  #findOrigin(random: Random, person: Relative, stay: Stay): void {
    if (!person.newcomer || person.presence !== 'living' || !random.chance(0.4)) return;
    const origin = this.#parentsElsewhere.take(random, person, stay.station.county_code);
    if (origin === null) return;
    person.origin = origin;
    person.birth = origin.birth;
  }

  /** A couple's grown children are kept waiting, each with a place in the parents' household until they leave it. */
  #awaitChildren(random: Random, { station, household }: Stay, { members, left_home }: Family): void {
    const [father, mother] = members[0]?.sex === '1' ? members : members.toReversed();
    if (left_home.length === 0 || father === undefined || mother === undefined) return;
    left_home.forEach(({ sex, birth, marries_far }, index) => {
      const origin: Origin = {
        sex, birth, father, mother,
        order: { rank: left_home.slice(0, index + 1).filter((other) => other.sex === sex).length, only: left_home.length === 1 },
        joined: Math.max(father.joined, birth + random.between(0, BIRTH_REGISTRATION)),
        household, station,
      };
      if (marries_far) this.#parentsElsewhere.addBride(origin, this.#otherCounty(station.county_code));
      else this.#parentsElsewhere.add(origin, random.chance(0.7) ? station.county_code : random.pick(this.#stations).county_code);
    });
  }

  /** The other counties in turn. */
  #otherCounty(countyCode: string): string {
    const others = [...new Set(this.#stations.map(({ county_code }) => county_code))].filter((code) => code !== countyCode);
    return others[this.#brides++ % Math.max(1, others.length)] ?? countyCode;
  }

  /** A bride from another county whom a family here is still missing. */
  brideFor(countyCode: string): Origin | null {
    return this.#parentsElsewhere.takeBride(countyCode);
  }

  #writePerson(random: Random, person: Relative, stays: readonly Stay[], longNamed: boolean): void {
    const { sex, birth } = person;
    const lineage = person.lineage!;
    const stay = stays.at(-1)!;
    const { station } = stay;
    const birthplace = person.origin?.station.county_code ?? birthplaceOf(random, person, stays);
    const born = yearOf(birth);
    const age = ageAt(birth, person.died ?? this.#today);
    const living = person.died === null;
    this.#people += 1;
    if (longNamed) lineage.given = longName(sex).split('·')[0]!;
    else if (!lineage.dotted && this.#people % RARE_CHARACTER_EVERY === 100) lineage.given = rareGivenName(random, sex, born);
    const name = longNamed ? longName(sex) : fullName(random, person);
    const former = age >= 18 && !lineage.dotted && random.chance(0.008) ? lineage.surname + givenName(random, sex, born) : null;
    person.row = {
      person_id: this.#newId('person'),
      id_number: this.#newNumber(birthplace, birth, sex),
      name,
      former_name: former === name ? null : former,
      sex,
      ethnicity: lineage.ethnicity,
      birth_on: isoOf(birth),
      birthplace,
      native_place: lineage.native_place,
      status: living ? '0' : '1',
      died_on: person.died === null ? null : isoOf(person.died),
      ...particulars(random, sex, age, born, station.township_name),
      marital_status: maritalStatus(random, person, age),
      phone: living && age >= 16 && random.chance(age < 75 ? 0.85 : 0.5) ? this.#newPhone() : null,
      household_id: stay.household.household_id,
      station_code: station.org_code,
      address_id: stay.household.address_id,
      synthetic: true,
    };
    this.#rows.persons.push(person.row);
  }

  /** 1990000 is no range of any operator; ten thousand numbers go round. */
  #newPhone(): string {
    return `1990000${String(this.#phones++ % 10_000).padStart(4, '0')}`;
  }

  #writeHistory(member: Relative, family: Family, stays: readonly Stay[]): void {
    const periods = periodsOf(member, family, stays);
    this.#writeArrival(member, periods[0]!.stay, member.spouse === null ? REASON.work : REASON.marriage);
    periods.forEach(({ stay, relation, from, to }, index) => {
      this.#writeMembership(member, stay.household, relation, from, to);
      const before = periods[index - 1]?.stay;
      if (before === undefined || before === stay) return;
      const sameCity = before.station.county_code === stay.station.county_code;
      this.#writeMovement(member, before, stay, from, sameCity ? REASON.nearby : REASON.housing, false);
    });
  }

  /** The time in the parents' household, and the move out of it. */
  #writeArrival(person: Relative, stay: Stay, reason: string): void {
    const { origin, joined } = person;
    if (origin === null) return;
    this.#writeMembership(person, origin.household, childRelation(origin.sex, origin.order), origin.joined, joined);
    this.#writeMovement(person, origin, stay, joined, origin.station === stay.station ? REASON.split : reason, true);
  }

  #writeMembership(person: Relative, household: HouseholdRow, relation: string, from: Day, to: Day | null): void {
    this.#rows.memberships.push({
      membership_id: this.#newId('membership'),
      person_id: person.row!.person_id,
      household_id: household.household_id,
      relation,
      from_on: isoOf(from),
      to_on: to === null ? null : isoOf(to),
    });
  }

  #writeMovement(
    person: Relative, out: Pick<Stay, 'household' | 'station'>, into: Stay, moved: Day, reason: string, alone: boolean,
  ): void {
    this.#rows.movements.push({
      movement_id: this.#newId('movement'),
      person_id: person.row!.person_id,
      moved_on: isoOf(moved),
      out_household_id: out.household.household_id,
      out_station_code: out.station.org_code,
      in_household_id: into.household.household_id,
      in_station_code: into.station.org_code,
      reason,
      range: rangeOfMove(out.station, into.station, alone),
    });
  }

  /** Parents and the spouse, as far as they are in the register themselves. */
  #writeKin(person: Relative): void {
    const link = (relative: Relative | null | undefined, kind: 'father' | 'mother' | 'spouse', from: Day, until: Day | null) => {
      if (!relative?.row) return;
      this.#rows.kin_links.push({
        kin_link_id: this.#newId('kin_link'),
        person_id: person.row!.person_id,
        relative_id: relative.row.person_id,
        kind,
        from_on: isoOf(from),
        until_on: until === null ? null : isoOf(until),
      });
    };
    link(person.father ?? person.origin?.father, 'father', person.birth, null);
    link(person.mother ?? person.origin?.mother, 'mother', person.birth, null);
    if (person.spouse !== null) link(person.spouse, 'spouse', person.married!, person.died ?? person.spouse.died);
  }
}

function collectiveMember(random: Random, today: Day, kind: '2' | '3' | '4', established: Day): Relative {
  const youngest = kind === '3' ? 18 : 20;
  const age = kind === '3' ? random.between(18, 22) : Math.floor(random.normal(28, 7, youngest, 50));
  const person = relative(random.chance(0.53) ? '1' : '2', today - Math.round((age + random.next()) * YEAR));
  const adult = Math.ceil(person.birth + (youngest - 0.5) * YEAR);
  person.joined = random.between(Math.max(established, adult, today - 6 * 365), today - 31);
  person.newcomer = true;
  person.marital = age >= 25 && random.chance(0.25) ? '21' : '10';
  return person;
}

function maritalStatus(random: Random, person: Relative, age: number): string {
  if (person.marital === '21' && age > 30 && random.chance(0.04)) return '22';
  if (person.marital === '10' && age > 31 && random.chance(0.1)) return '40';
  return person.marital;
}

/** The county of the first registration: that of the household for those born into it, often another for founders. */
function birthplaceOf(random: Random, person: Relative, stays: readonly Stay[]): string {
  const bornHere = person.joined - person.birth <= BIRTH_REGISTRATION;
  const stay = bornHere ? stays.findLast(({ from }) => from <= person.joined) ?? stays[0]! : stays[0]!;
  const county = stay.station.county_code;
  const draw = random.next();
  if (bornHere || draw < 0.72) return county;
  const inPrefecture = counties.filter((code) => code.startsWith(county.slice(0, 4)));
  return random.pick(draw < 0.9 && inPrefecture.length > 0 ? inPrefecture : counties);
}
