/** Fills two empty databases with the demo bureau: reference data, an invented population, officers, citizens who can sign in. */
import { existsSync, writeFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { actAsSystem, diskBlobStore, newId, openDatabase, openKeys, sha256, systemClock, type Database, type NetworkKeys } from '../../kernel/index.ts';
import { loadRoles, seedDemoOfficers, type DemoOfficer } from '../../modules/accounts/index.ts';
import { addAddresses, findOrganisations, findRelation, loadReference } from '../../modules/reference/index.ts';
import { loadCards } from '../../modules/cards/index.ts';
import { loadPopulation } from '../../modules/population/index.ts';
import { peopleFile } from '../simulators/agencies.ts';
import type { DemoCard } from '../simulators/reader-desk.ts';
import { generatePopulation, loadDemoStations, pickDemoCast, type AddressRow, type DemoCast, type PersonRow, type Population } from './population/index.ts';
import { cardsOf } from './population/cards.ts';
import { knownPeople } from './population/known.ts';

export interface SeedOptions {
  police_url: string;
  internet_url: string;
  people: number;
  seed: number;
  data_directory: string;
  key_directory?: string;
  log?: (line: { zh: string; en: string }) => void;
}

/** The day as of which the invented register is drawn. */
const referenceOn = '2026-11-01';
const chunk = 2000;

export interface DemoCitizen {
  subject: string;
  name: string;
  id_number: string;
  phone: string;
  identity_level: number;
  about: { zh: string; en: string };
}

export interface DemoSignIn {
  police_number: string;
  name: string;
  office: string;
  post: { zh: string; en: string };
}

/** What the start prints and the tests use. */
export interface DemoBureau {
  people: number;
  seed: number;
  officers: DemoSignIn[];
  citizens: DemoCitizen[];
  stations: { target: string; origin: string };
}

const bureauFile = 'demo-bureau.json';

/** @returns the bureau as seeded; seeding again changes nothing */
export async function seedDemo(options: SeedOptions): Promise<DemoBureau> {
  const path = join(options.data_directory, bureauFile);
  const say = options.log ?? (() => {});
  const police = openDatabase({ network: 'police', url: options.police_url, connections_max: 2, application: 'huzheng-seed' });
  const owners = { police: new pg.Pool({ connectionString: options.police_url, max: 2 }), internet: new pg.Pool({ connectionString: options.internet_url, max: 2 }) };
  const internet = openDatabase({ network: 'internet', url: options.internet_url, connections_max: 2, application: 'huzheng-seed', role: null });
  // A connection may break while it closes, when the start is called off; the queries under way tell of it.
  for (const owner of Object.values(owners)) owner.on('error', () => {});
  try {
    await loadReference(Object.values(owners), { bureau: 'yunnan' });
    await loadRoles(owners.police);
    const [{ count }] = (await owners.police.query<{ count: number }>('select count(*)::int as count from population.person')).rows as [{ count: number }];
    if (count > 0 && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoBureau;

    const population = generatePopulation({ people: options.people, seed: options.seed, reference_on: referenceOn, stations: loadDemoStations() });
    if (count === 0) {
      const addresses = [...population.addresses, ...vacantDwellings()];
      await Promise.all([police, internet].map((database) => addToBase(database, addresses)));
      const client = await owners.police.connect();
      try {
        await loadPopulation(client, population, { case_id: newId() });
        await loadCards(client, cardsOf(population, referenceOn), new Date(`${referenceOn}T00:00:00+08:00`));
      } finally {
        client.release();
      }
      say({ zh: `已登记 ${population.persons.length} 名虚构人员`, en: `${population.persons.length} invented people registered` });
    }
    const cast = pickDemoCast(population);
    const officers = demoOfficers(cast);
    const keys = openKeys(options.key_directory ?? join(options.data_directory, 'keys'), 'police');
    const names = await enlist(police, keys, options, officers);
    for (const owner of Object.values(owners)) await owner.query('analyze');
    const bureau: DemoBureau = {
      people: options.people, seed: options.seed, citizens: demoCitizens(cast),
      officers: officers.map((officer) => ({ police_number: officer.police_number, name: officer.name, office: names.get(officer.posts[0]!.org_code) ?? officer.org_code, post: postWords[officer.posts[0]!.role]! })),
      stations: { origin: cast.moving_family.head.station_code, target: cast.moving_family.receiving.father.station_code },
    };
    mkdirSync(options.data_directory, { recursive: true });
    writeFileSync(join(options.data_directory, 'demo-cards.json'), `${JSON.stringify(demoCards(population, cast), null, 2)}\n`);
    writeFileSync(join(options.data_directory, peopleFile), JSON.stringify(knownPeople(population)));
    writeFileSync(join(options.data_directory, 'demo-citizens.json'), `${JSON.stringify(bureau.citizens, null, 2)}\n`);
    writeFileSync(path, `${JSON.stringify(bureau, null, 2)}\n`);
    return bureau;
  } finally {
    await Promise.all([police.close(), internet.close(), owners.police.end(), owners.internet.end()]);
  }
}

/** New flats in which nobody is registered yet: somewhere to move to, in every demo station. */
function vacantDwellings(): AddressRow[] {
  return loadDemoStations().flatMap((station) => {
    const community = station.communities[0];
    if (community === undefined) return [];
    return [1, 2].flatMap((building) => [1, 2, 3, 4, 5, 6].flatMap((floor) => [1, 2].map((door): AddressRow => ({
      address_id: idOf(`${station.org_code}/${building}/${floor}/${door}`), station_code: station.org_code, area_code: station.township_code, community_code: community.code, community: community.name,
      street: '安居路', number: station.org_code.slice(6, 8), building: String(building), unit: '1', room: `${floor}0${door}`, text: '',
    }))));
  });
}

/** The same name always gives the same identifier (UUID version 8). */
function idOf(name: string): string {
  const hex = sha256(`huzheng demo ${name}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Standard addresses belong to both networks: the portal offers them, the register lives at them. */
async function addToBase(database: Database, addresses: readonly AddressRow[]): Promise<void> {
  const blobs = diskBlobStore('/nonexistent');
  for (let from = 0; from < addresses.length; from += chunk) {
    await actAsSystem(database, { clock: systemClock, blobs, name: 'demo seed' }, (context) => addAddresses(context, addresses.slice(from, from + chunk).map((address) => ({
      address_id: address.address_id, township_code: address.area_code, community_code: address.community_code, street: address.street, street_number: address.number, building: address.building, unit: address.unit, room: address.room, station_code: address.station_code,
    }))));
  }
}

/** Cards and booklet pages of the cast, for the simulated reader; and of one family registered where officers of the demonstration work. */
function demoCards(population: Population, cast: DemoCast): DemoCard[] {
  const { head, spouse, children, receiving } = cast.moving_family;
  const addresses = new Map(population.addresses.map((address) => [address.address_id, address]));
  const households = new Map(population.households.map((household) => [household.household_id, household]));
  const relations = new Map(population.memberships.filter((membership) => membership.to_on === null).map((membership) => [membership.person_id, membership.relation]));
  const parents = youngParents(population, receiving.father.station_code);
  const card = (person: PersonRow, zh: string, en: string): DemoCard => ({
    about: { zh, en }, name: person.name, id_number: person.id_number, sex: person.sex, ethnicity: person.ethnicity, birth_on: person.birth_on,
    address: addresses.get(person.address_id)?.text ?? '', household_no: households.get(person.household_id)?.household_no ?? '', relation: findRelation(relations.get(person.person_id) ?? '')?.zh ?? '',
  });
  return [
    card(head, '从大理迁往昆明的户主', 'head of the family that moves from Dali to Kunming'), card(spouse, '配偶', 'the spouse'), ...children.map((child) => card(child, '子女', 'a child')),
    card(receiving.father, '迁入地的户主', 'head of the receiving household'), card(receiving.mother, '迁入地户主的配偶', 'spouse of the receiving head'),
    ...(parents === undefined ? [] : [
      { ...card(parents.mother, '刚生了孩子的母亲', 'a mother who has just borne a child'), father_of_newborn: { name: parents.father.name, id_number: parents.father.id_number } },
      card(parents.father, '孩子的父亲', 'the father'),
    ]),
    card(cast.head_moving_alone.head, '独自迁出的户主', 'a head who moves alone'), card(cast.elder, '高龄老人', 'an elderly citizen'), card(cast.rare_character, '姓名含生僻字', 'a name with a rare character'),
  ];
}

/** A couple of one household at a station, of an age to have a child. */
function youngParents(population: Population, station_code: string): { mother: PersonRow; father: PersonRow } | undefined {
  const persons = new Map(population.persons.map((person) => [person.person_id, person]));
  const fits = (person: PersonRow | undefined, sex: PersonRow['sex']): person is PersonRow =>
    person !== undefined && person.status === '0' && person.sex === sex && person.station_code === station_code && person.birth_on > '1988' && person.birth_on < '2001' && person.phone !== null;
  for (const { person_id, relative_id, kind, until_on } of population.kin_links) {
    const [mother, father] = [persons.get(person_id), persons.get(relative_id)];
    if (kind === 'spouse' && until_on === null && fits(mother, '2') && fits(father, '1') && mother.household_id === father.household_id) return { mother, father };
  }
  return undefined;
}

const surnames = ['李', '杨', '张', '王', '赵', '段', '和', '马', '罗', '普', '尹', '刀', '周', '陈', '董'];
const givenNames = ['敏', '建华', '晓燕', '志强', '云芳', '海涛', '丽娟', '国栋', '春梅', '永康', '文静', '立新'];

const postWords: Record<string, { zh: string; en: string }> = {
  station_officer: { zh: '户籍民警', en: 'registration officer' }, station_chief: { zh: '所长', en: 'station chief' }, community_officer: { zh: '社区民警', en: 'community officer' },
  counter_assistant: { zh: '窗口辅警', en: 'counter assistant (auxiliary)' }, station_archivist: { zh: '档案管理员', en: 'archivist' },
  county_section_officer: { zh: '户政科民警', en: 'county section officer' }, county_section_chief: { zh: '户政科科长', en: 'county section chief' }, county_deputy_chief: { zh: '分管副局长', en: 'deputy chief' }, county_supervisor: { zh: '督察', en: 'supervisor' },
  prefecture_division_officer: { zh: '治安支队民警', en: 'division officer' }, prefecture_division_chief: { zh: '治安支队支队长', en: 'division chief' }, prefecture_supervisor: { zh: '州市督察', en: 'prefecture supervisor' },
  province_bureau_officer: { zh: '省厅民警', en: 'provincial officer' }, province_bureau_chief: { zh: '省厅户政处处长', en: 'provincial chief' }, province_supervisor: { zh: '省厅督察', en: 'provincial supervisor' },
  system_admin: { zh: '系统管理员', en: 'system administrator' }, security_admin: { zh: '安全管理员', en: 'security administrator' }, audit_admin: { zh: '审计管理员', en: 'audit administrator' },
};

/** Officers of every role, at the stations and counties of the cast. Numbers are 6 digits: demo prefix, unit, post. */
function demoOfficers(cast: DemoCast): DemoOfficer[] {
  const target = cast.moving_family.receiving.father.station_code;
  const origin = cast.moving_family.head.station_code;
  const county = (station: string): string => `${station.slice(0, 6)}000000`;
  const prefecture = (station: string): string => `${station.slice(0, 4)}00000000`;
  const stationPosts = ['station_officer', 'station_chief', 'community_officer', 'counter_assistant', 'station_archivist'];
  const countyPosts = ['county_section_officer', 'county_section_chief', 'county_deputy_chief', 'county_supervisor'];
  const units: [string, readonly string[]][] = [
    // Two community officers at the destination: two phones may be about the same person.
    [target, [...stationPosts, 'station_officer', 'community_officer']], [origin, [...stationPosts, 'station_officer']],
    [county(target), countyPosts], [county(origin), countyPosts],
    [prefecture(target), ['prefecture_division_officer', 'prefecture_division_chief', 'prefecture_supervisor']],
    ['530000000000', ['province_bureau_officer', 'province_bureau_chief', 'province_supervisor', 'system_admin', 'security_admin', 'audit_admin']],
  ];
  return units.flatMap(([org_code, posts], unit) => posts.map((role, post): DemoOfficer => ({
    police_number: `9${unit + 1}0${String(post + 1).padStart(3, '0')}`,
    name: `${surnames[(unit * 5 + post * 3) % surnames.length]}${givenNames[(unit * 7 + post * 5) % givenNames.length]}`,
    kind: role === 'counter_assistant' ? 'auxiliary' : 'police', org_code,
    posts: [{ role, org_code, valid_from: '2020-01-01' }],
  })));
}

async function enlist(police: Database, keys: NetworkKeys, options: SeedOptions, officers: readonly DemoOfficer[]): Promise<Map<string, string>> {
  return actAsSystem(police, { clock: systemClock, blobs: diskBlobStore(join(options.data_directory, 'blobs-police')), keys, name: 'demo seed' }, async (context) => {
    await seedDemoOfficers(context, keys, officers);
    const found = await findOrganisations(context, [...new Set(officers.map((officer) => officer.org_code))]);
    return new Map([...found].map(([code, organisation]) => [code, organisation.name]));
  });
}

function demoCitizens(cast: DemoCast): DemoCitizen[] {
  const citizen = (person: PersonRow, zh: string, en: string, identity_level = 3): DemoCitizen => ({
    subject: person.person_id, name: person.name, id_number: person.id_number, phone: person.phone ?? '19900000000', identity_level, about: { zh, en },
  });
  const family = cast.moving_family;
  return [
    citizen(family.head, `户主,一家四口从大理迁往昆明,投靠岳父母${family.receiving.father.name}`, `Head of a family of four moving from Dali to Kunming, to the parents-in-law (${family.receiving.father.name})`),
    citizen(family.receiving.father, '迁入地的户主', 'Head of the receiving household'),
    citizen(cast.head_moving_alone.head, '户主,独自迁出,家人留下', 'A head who moves alone while the family stays'),
    citizen(cast.minor_left_behind.parent, '迁出后只剩未成年子女', 'A parent whose move would leave only a minor'),
    citizen(cast.elder, '高龄老人', 'An elderly citizen'),
    citizen(cast.dotted_name, '姓名带间隔号', 'A name with the middle dot'),
    citizen(cast.rare_character, '姓名含生僻字', 'A name with a rare character'),
    citizen(cast.head_moving_alone.remaining[0]!, '仅完成实名(2 级),不能网上申请', 'Real name only (level 2), cannot apply online', 2),
  ];
}
