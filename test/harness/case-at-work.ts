/** A case in the hands of officers: desks that stay signed in while the clock moves, families nobody else uses, acts and the rows behind them. */
import { newId, runJob, violationsOf } from '../../src/kernel/index.ts';
import { seedDemoOfficers } from '../../src/modules/accounts/index.ts';
import { jobs, parcelHandlers } from '../../src/modules/cases/index.ts';
import { addAddresses } from '../../src/modules/reference/index.ts';
import { declareMove, type CastHousehold, type CastMember } from './moves.ts';
import type { Answer, Desk, World } from './world.ts';

export interface Acting {
  case_id: string;
  case_version: number;
  state: string;
}

export interface Family extends CastHousehold {
  household_no: string;
  /** Links among the members and to others: who is whose father, mother, spouse. */
  kin: { person_id: string; relative_id: string; kind: string }[];
}

export const adults = (family: Family, on = '2026-11-23'): CastMember[] => family.members.filter((member) => isAdult(member, on));
export const minors = (family: Family, on = '2026-11-23'): CastMember[] => family.members.filter((member) => !isAdult(member, on));
const isAdult = (member: CastMember, on: string): boolean => `${Number(member.birth_on.slice(0, 4)) + 18}${member.birth_on.slice(4)}` <= on;

/** Somebody of age who lives alone: moves without a question about heads or children. */
export const single = (family: Family): boolean => family.members.length === 1 && adults(family).length === 1;

/** The whole household may move without a question: some adult, and every child with a parent who moves along. */
export const mayMoveWhole = (family: Family): boolean => family.members.length <= 5 && adults(family).length > 0
  && minors(family).every((child) => family.kin.some((link) => link.person_id === child.person_id && link.kind !== 'spouse' && adults(family).some((one) => one.person_id === link.relative_id)));

interface Stage {
  desks: Map<string, Promise<Desk>>;
  families: Map<string, Family[]>;
  taken: Set<string>;
  addresses: Map<string, string[]>;
  enlisted: number;
  buildings: number;
}
const stages = new WeakMap<World, Stage>();
function stageOf(world: World): Stage {
  const stage = stages.get(world) ?? { desks: new Map(), families: new Map(), taken: new Set(), addresses: new Map(), enlisted: 0, buildings: 0 };
  stages.set(world, stage);
  return stage;
}

/** Who works here: one desk per officer, signed in again when the session has run out. */
export function deskOf(world: World, police_number: string): Promise<Desk> {
  const { desks } = stageOf(world);
  let desk = desks.get(police_number);
  if (desk === undefined) {
    desk = openDesk(world, police_number);
    desks.set(police_number, desk);
  }
  return desk;
}

async function openDesk(world: World, police_number: string): Promise<Desk> {
  let signedIn = await world.deskOf(police_number);
  const again = async <T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await ask();
    if (answer.status !== 401) return answer;
    signedIn = await world.deskOf(police_number);
    return ask();
  };
  return {
    police_number,
    get cookies() {
      return signedIn.cookies;
    },
    get: (path, purpose) => again(() => signedIn.get(path, purpose)),
    post: (path, body, headers) => again(() => signedIn.post(path, body, headers)),
    upload: (path, body, files, headers) => again(() => signedIn.upload(path, body, files, headers)),
  };
}

/** The desk of a post at a unit; somebody is enlisted where the demo bureau has nobody. */
export async function postAt(world: World, role: string, org_code: string, nth = 0): Promise<Desk> {
  const { rows } = await world.police.owner.query<{ police_number: string }>(
    `select o.police_number from accounts.officer o join accounts.post p on p.officer_id = o.officer_id where p.role = $1 and p.org_code = $2 order by o.police_number limit 1 offset $3`, [role, org_code, nth]);
  return deskOf(world, rows[0]?.police_number ?? await enlist(world, role, org_code));
}

async function enlist(world: World, role: string, org_code: string): Promise<string> {
  const police_number = `98${String(++stageOf(world).enlisted).padStart(4, '0')}`;
  await world.act('police', (context) => seedDemoOfficers(context, world.keys.police, [
    { police_number, name: '新警', kind: role === 'counter_assistant' ? 'auxiliary' : 'police', org_code, posts: [{ role, org_code, valid_from: '2020-01-01' }] }]));
  return police_number;
}

export const countyOf = (station: string): string => `${station.slice(0, 6)}000000`;

/** Families of one station, or of all whose number begins so, that no test has taken. The shape decides; each is given once. */
export async function takeFamily(world: World, stations: string, shape: (family: Family) => boolean = () => true): Promise<Family> {
  const { families, taken } = stageOf(world);
  if (!families.has(stations)) families.set(stations, await listFamilies(world, stations));
  const family = families.get(stations)!.find((one) => !taken.has(one.household_id) && one.station_code !== world.bureau.stations.target && shape(one));
  if (family === undefined) throw new Error(`no family of this shape is left at ${stations}`);
  taken.add(family.household_id);
  return family;
}

async function listFamilies(world: World, stations: string): Promise<Family[]> {
  const { rows } = await world.police.owner.query<Family>(
    `select h.household_id, h.household_no, h.station_code, h.address_id, (
       select json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'relation', m.relation, 'sex', p.sex, 'birth_on', p.birth_on) order by m.relation <> '02', p.birth_on)
       from population.membership m join population.person p using (person_id) where m.household_id = h.household_id and upper_inf(m.period)) as members,
       coalesce((select json_agg(json_build_object('person_id', k.person_id, 'relative_id', k.relative_id, 'kind', k.kind))
         from population.kin_link k join population.membership m on m.person_id = k.person_id and upper_inf(m.period) where m.household_id = h.household_id and k.until_on is null), '[]') as kin
     from population.household h where h.household_type = '1' and h.status = 'active' and h.station_code like $1 || '%' order by h.household_no`, [stations]);
  return rows;
}

/** Somewhere to move to at which nobody lives: a new flat of the station, given once. */
export async function takeAddress(world: World, station_code: string): Promise<string> {
  const { addresses } = stageOf(world);
  if (!addresses.get(station_code)?.length) addresses.set(station_code, await buildFlats(world, station_code));
  return addresses.get(station_code)!.shift()!;
}

async function buildFlats(world: World, station_code: string): Promise<string[]> {
  const { rows: [sample] } = await world.police.owner.query<{ township_code: string; community_code: string | null }>('select township_code, community_code from reference.standard_address where station_code = $1 limit 1', [station_code]);
  const building = String(++stageOf(world).buildings);
  const flats = Array.from({ length: 40 }, (_, index) => ({
    ...sample!, address_id: newId(), station_code, street: '新居路', street_number: station_code.slice(6, 8), building, unit: '1', room: `${Math.floor(index / 4) + 1}0${(index % 4) + 1}`,
  }));
  await world.act('police', (context) => addAddresses(context, flats));
  return flats.map((flat) => flat.address_id);
}

/** One case with its present version; acts say what they expect. */
export class CaseAtWork {
  readonly world: World;
  now: Acting;
  constructor(world: World, opened: Acting) {
    this.world = world;
    this.now = opened;
  }
  get id(): string {
    return this.now.case_id;
  }
  /** Acts, and must succeed. Whoever agrees has looked at every scan. */
  async act(desk: Desk, verb: string, body: object = {}): Promise<Acting> {
    if (['review', 'approve'].includes(verb) && 'agree' in body && body.agree === true) await this.openScans(desk);
    const answer = await this.try(desk, verb, body);
    if (answer.status !== 200) throw new Error(`${verb}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (this.now = answer.body as unknown as Acting);
  }
  /** Opens every scan of the case; the screen showed what it had fetched ahead. */
  async openScans(desk: Desk): Promise<void> {
    const { rows } = await this.world.police.owner.query<{ sha256: string }>(`select distinct a ->> 'sha256' as sha256 from cases.material m, jsonb_array_elements(m.attachments) as a where m.case_id = $1`, [this.id]);
    for (const { sha256 } of rows) await desk.post(`/api/cases/${this.id}/attachments/${sha256}/open`);
  }
  /** Asks for an act; the answer may be a refusal. */
  try(desk: Desk, verb: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer<Acting>> {
    return desk.post<Acting>(`/api/cases/${this.id}/${verb}`, { case_version: this.now.case_version, ...body }, headers);
  }
  async view<T = Record<string, any>>(desk: Desk): Promise<T> {
    const answer = await desk.get<T>(`/api/cases/${this.id}`);
    if (answer.status !== 200) throw new Error(`view: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
  /** The row as it lies in the database; brings the version up to date after a clock or a parcel acted. */
  async row(): Promise<Record<string, any>> {
    const { rows: [row] } = await this.world.police.owner.query('select * from cases.case_file where case_id = $1', [this.id]);
    this.now = { case_id: row.case_id, case_version: row.version, state: row.state };
    return row;
  }
  async steps(): Promise<Record<string, any>[]> {
    return (await this.world.police.owner.query('select * from cases.step where case_id = $1 order by step', [this.id])).rows;
  }
  async acts(): Promise<string[]> {
    return (await this.world.police.owner.query('select act from cases.case_event where case_id = $1 order by sequence', [this.id])).rows.map((row) => row.act as string);
  }
  async lastEvent(): Promise<Record<string, any>> {
    return (await this.world.police.owner.query('select * from cases.case_event where case_id = $1 order by sequence desc limit 1', [this.id])).rows[0]!;
  }
  async leases(): Promise<number> {
    return (await this.world.police.owner.query('select count(*)::int as n from population.lease where case_id = $1 and released_at is null', [this.id])).rows[0]!.n as number;
  }
  async messages(): Promise<{ org_code: string; kind: string; text: { zh: string; en: string } }[]> {
    return (await this.world.police.owner.query('select org_code, kind, text from cases.message where case_id = $1 order by at, kind, org_code', [this.id])).rows;
  }
}

/** Enters a declared move at the counter. */
export async function openMove(world: World, desk: Desk, family: CastHousehold, movers: readonly CastMember[], service_code: string, changes: Record<string, unknown> = {}, more: Partial<Awaited<ReturnType<typeof declareMove>>> = {}): Promise<CaseAtWork> {
  const station = more.answers === undefined && changes['address_id'] === undefined ? { address_id: await takeAddress(world, world.bureau.stations.target) } : {};
  const declaration = { ...await declareMove(world, family, movers, world.bureau.stations.target, service_code, { ...station, ...changes }), ...more };
  const answer = await desk.post<Acting>('/api/cases', declaration);
  if (answer.status !== 200) throw new Error(`open: ${answer.status} ${JSON.stringify(answer.body)}`);
  return new CaseAtWork(world, answer.body);
}

/** An application as the portal sends it. */
export async function submitOnline(world: World, receipt_no: string, family: CastHousehold, movers: readonly CastMember[], changes: Record<string, unknown> = {}): Promise<void> {
  const { applicant_name, applicant_id_number, applicant_phone, answers } = await declareMove(world, family, movers, world.bureau.stations.target, '0503', { address_id: await takeAddress(world, world.bureau.stations.target), ...changes });
  await receive(world, 'portal.submit_application', {
    receipt_no, service_code: '0503', catalogue_version: '2026-11-01', submitted_at: world.clock.now().toISOString(),
    citizen: { name: applicant_name, id_number: applicant_id_number, phone: applicant_phone, identity_level: 3 }, answers,
    materials: [{ code: 'M24', by: 'provided', attachments: [{ sha256: 'a'.repeat(64), media_type: 'image/png', file_name: '产权证.png', bytes: 1000 }] }],
  });
}

export async function caseOfReceipt(world: World, receipt_no: string): Promise<CaseAtWork> {
  const { rows: [row] } = await world.police.owner.query('select case_id, version, state from cases.case_file where receipt_no = $1', [receipt_no]);
  if (row === undefined) throw new Error(`no case of receipt ${receipt_no}`);
  return new CaseAtWork(world, { case_id: row.case_id, case_version: row.version, state: row.state });
}

/** The offices of a move between prefectures, and moves taken so far by them. */
export interface Offices {
  target: string;
  origin: string;
  officer: Desk;
  chief: Desk;
  county: Desk;
  /** The officer of the station that is left. */
  old: Desk;
  /** A family far away (0503) or of the same county (0501), and its move entered at the counter. */
  open(service?: '0501' | '0503', changes?: Record<string, unknown>, more?: object): Promise<{ family: Family; move: CaseAtWork }>;
  accept(service?: '0501' | '0503'): Promise<{ family: Family; move: CaseAtWork }>;
  approve(service?: '0501' | '0503'): Promise<{ family: Family; move: CaseAtWork }>;
}

export const agree = { agree: true, opinion: '情况属实,同意。' };

export async function officesOf(world: World): Promise<Offices> {
  const { target, origin } = world.bureau.stations;
  const [officer, chief, county, old] = await Promise.all([
    postAt(world, 'station_officer', target), postAt(world, 'station_chief', target), postAt(world, 'county_section_chief', countyOf(target)), postAt(world, 'station_officer', origin),
  ]);
  const open: Offices['open'] = async (service = '0503', changes = {}, more = {}) => {
    const family = await takeFamily(world, service === '0503' ? origin : target.slice(0, 6), mayMoveWhole);
    return { family, move: await openMove(world, officer, family, family.members, service, changes, more) };
  };
  const accept: Offices['accept'] = async (service = '0503') => {
    const opened = await open(service);
    await opened.move.act(officer, 'accept');
    return opened;
  };
  const approve: Offices['approve'] = async (service = '0503') => {
    const accepted = await accept(service);
    if (service === '0503') await accepted.move.act(chief, 'review', agree);
    await accepted.move.act(service === '0503' ? county : chief, 'approve', agree);
    return accepted;
  };
  return { target, origin, officer, chief, county, old, open, accept, approve };
}

export const headOf = (family: CastHousehold): CastMember => family.members[0]!;

/** Sets the clock by the wall of the office. */
export const setClock = (world: World, local: string): void => world.clock.set(`${local.replace(' ', 'T')}:00+08:00`);
export const wallClock = (instant: Date): string => new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

/** Everything the register says about people and households, to be compared before and after a refusal. */
export async function registerOf(world: World, person_ids: readonly string[], household_ids: readonly string[]): Promise<unknown> {
  const { rows: [row] } = await world.police.owner.query(
    `select
       (select json_agg(p order by p.person_id) from population.person p where p.person_id = any($1)) as persons,
       (select json_agg(m order by m.membership_id) from population.membership m where m.person_id = any($1) or m.household_id = any($2)) as memberships,
       (select json_agg(h order by h.household_id) from population.household h where h.household_id = any($2)) as households,
       (select json_agg(v order by v.movement_id) from population.movement v where v.person_id = any($1)) as movements`, [person_ids, household_ids]);
  return row;
}

/** Where somebody is registered now. */
export async function placeOf(world: World, person_id: string): Promise<{ household_id: string; household_no: string; station_code: string; relation: string; status: string } | undefined> {
  const { rows } = await world.police.owner.query(
    `select h.household_id, h.household_no, h.station_code, m.relation, h.status from population.membership m join population.household h using (household_id) where m.person_id = $1 and upper_inf(m.period)`, [person_id]);
  return rows[0];
}

/** Runs one clock of the cases until nothing is due. */
export async function tick(world: World, job: string): Promise<void> {
  const found = jobs.find((one) => one.name === `cases.${job}`);
  if (found === undefined) throw new Error(`no job cases.${job}`);
  while (((await runJob(world.workers.police, found, true)) ?? 0) > 0);
}

/** A parcel from the portal, checked against its schema as the courier does. */
export async function receive(world: World, kind: keyof typeof parcelHandlers, body: Record<string, unknown>): Promise<void> {
  const handler = parcelHandlers[kind];
  const violations = violationsOf(handler.schema, body);
  if (violations.length > 0) throw new Error(`${kind}: ${JSON.stringify(violations)}`);
  await world.act('police', (context) => handler.handle(context, body as never, { parcel_id: newId(), order_key: 'test', sequence: 1, attachments: [] }));
}

/** Bodies that wait for the other network, in the order of sending. */
export async function sentTo(world: World, order_key: string, kind?: string): Promise<Record<string, any>[]> {
  return (await world.police.owner.query('select body from exchange.outgoing_parcel where order_key = $1 and ($2::text is null or kind = $2) order by position', [order_key, kind ?? null])).rows.map((row) => row.body);
}
