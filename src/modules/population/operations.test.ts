/** Over HTTP: right, purpose, one access record for each person shown. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { officerOf, openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { createServer, diskBlobStore, newId, type OfficerActor } from '../../kernel/index.ts';
import { accessLogOf, routes } from './index.ts';

let register: Register;
let app: Awaited<ReturnType<typeof createServer>>;
let home: MadeHousehold;
const rights = ['population.search_persons', 'population.find_person_by_number', 'population.get_person', 'population.get_household'];
const officer = { ...(officerOf(stations.daguan) as OfficerActor), permissions: new Set(rights) };
let actor: OfficerActor = officer;

beforeAll(async () => {
  register = await openRegister();
  home = await register.household(stations.daguan, [{ name: '李建国' }, { name: '王芳', relation: '12' }]);
  await register.link(home.members[0]!.person_id, 'spouse', home.members[1]!.person_id);
  app = await createServer({
    program: 'test', database: register.db.database, operations: routes, identify: async () => actor, session_cookie: 'session', clock: register.clock,
    blobs: diskBlobStore(mkdtempSync(join(tmpdir(), 'huzheng-blobs-'))), token_key: Buffer.alloc(32), rate_factor: 0,
    purposes: new Map([['counter', { needs_note: true }], ['case', { needs_note: false }]]),
  });
});
afterAll(async () => {
  await app.close();
  await register.close();
});
beforeEach(() => {
  actor = officer;
  register.clock.advanceMinutes(1);
});

const stated = `counter;;${encodeURIComponent('群众来所咨询')}`;
async function call(method: 'GET' | 'POST', url: string, body?: object, purpose: string | null = stated): Promise<{ status: number; body: Record<string, unknown> & { code?: string } }> {
  const answer = await app.inject({ method, url, cookies: { session: 'x' }, headers: { ...(purpose === null ? {} : { 'huzheng-purpose': purpose }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, body: answer.json() };
}
const records = async () => (await register.db.owner.query(
  `select subject_id, field_group, purpose, org_code, case_id, operation from kernel.access_record where at = $1 order by subject_id`, [register.clock.now()])).rows as Array<Record<string, unknown>>;
const [search, byNumber] = ['/api/population/persons/search', '/api/population/persons/by-number'];

describe('every person shown leaves one record', () => {
  it('of a search', async () => {
    const { status, body } = await call('POST', search, { address_id: home.address_id });
    expect(status).toBe(200);
    expect((body['persons'] as unknown[]).length).toBe(2);
    expect(await records()).toEqual(home.members.map(({ person_id }) => ({ subject_id: person_id, field_group: 'search_hit', purpose: 'counter', org_code: stations.daguan, case_id: null, operation: 'population.searchPersons' })).sort((a, b) => (a.subject_id < b.subject_id ? -1 : 1)));
  });

  it('of a household', async () => {
    expect((await call('GET', `/api/population/households/${home.household_id}`)).status).toBe(200);
    expect((await records()).map((record) => record['field_group'])).toEqual(['household', 'household']);
  });

  it('of a person, and of the relatives named there', async () => {
    const { body } = await call('GET', `/api/population/persons/${home.members[0]!.person_id}`);
    expect(body).toMatchObject({ name: '李建国', whole_number: null, relatives: [{ kind: 'spouse', name: '王芳' }] });
    expect(new Set((await records()).map((record) => `${record['subject_id']} ${record['field_group']}`))).toEqual(new Set([`${home.members[0]!.person_id} record`, `${home.members[1]!.person_id} relative`]));
  });

  it('and none when nobody was shown', async () => {
    expect((await call('POST', search, { name: '无此人' })).body).toEqual({ persons: [], next_cursor: null });
    expect((await call('POST', byNumber, { id_number: home.members[0]!.id_number, name: '不是我' })).body).toEqual({ person: null });
    expect(await records()).toEqual([]);
  });
});

describe('the whole number', () => {
  const url = () => `/api/population/persons/${home.members[0]!.person_id}?unmask=true`;

  it('is shown in a case only, and the record says so', async () => {
    const case_id = newId();
    const { body } = await call('GET', url(), undefined, `case;${case_id};`);
    expect(body['whole_number']).toEqual({ person_id: home.members[0]!.person_id, id_number: home.members[0]!.id_number });
    expect((await records()).find((record) => record['subject_id'] === home.members[0]!.person_id)).toMatchObject({ field_group: 'record+number', case_id });
  });

  it('is not shown for a stated reason', async () => {
    expect(await call('GET', url())).toMatchObject({ status: 403, body: { code: 'population.unmask_needs_case' } });
    expect(await records()).toEqual([]);
  });

  it('is in no other answer', async () => {
    const answers = await Promise.all([call('GET', `/api/population/persons/${home.members[0]!.person_id}`), call('GET', `/api/population/households/${home.household_id}`), call('POST', search, { name: '李建国' })]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(home.members[0]!.id_number);
    }
  });
});

describe('without', () => {
  it.each([['a purpose', null], ['a reason of four characters', `counter;;${encodeURIComponent('咨询')}`], ['a purpose that exists', 'curiosity;;abcdef']])('%s nobody is shown', async (_what, purpose) => {
    for (const [method, url, body] of [['POST', search, { name: '李建国' }], ['GET', `/api/population/persons/${home.members[0]!.person_id}`, undefined], ['GET', `/api/population/households/${home.household_id}`, undefined]] as const) {
      expect((await call(method, url, body, purpose)).body.code).toBe('kernel.purpose_missing');
    }
    expect(await records()).toEqual([]);
  });

  it.each(rights)('the right %s its operation is refused, whatever else is held', async (missing) => {
    actor = { ...officer, permissions: new Set(rights.filter((right) => right !== missing)) };
    const calls = { 'population.search_persons': () => call('POST', search, { name: '李建国' }), 'population.find_person_by_number': () => call('POST', byNumber, { id_number: home.members[0]!.id_number, name: '李建国' }),
      'population.get_person': () => call('GET', `/api/population/persons/${home.members[0]!.person_id}`), 'population.get_household': () => call('GET', `/api/population/households/${home.household_id}`) } as Record<string, () => Promise<{ status: number }>>;
    expect((await calls[missing]!()).status).toBe(403);
    expect(await records()).toEqual([]);
  });
});

describe('input', () => {
  it.each([
    [{ name: '李' }, 'name'], [{ birth_on: '2026-02-30' }, 'birth_on'], [{ rows_max: 21, name: '李建国' }, 'rows_max'], [{ ethnicity: '01', name: '李建国' }, 'ethnicity'], [{ station_code: 'x', name: '李建国' }, 'station_code'], [{ id_number: '5301' }, 'id_number'],
  ])('%j is refused at its field', async (input, field) => {
    const { status, body } = await call('POST', search, input);
    expect(status).toBe(422);
    expect((body['violations'] as Array<{ field: string }>).map((violation) => violation.field)).toEqual([field]);
  });

  it('is taken as words, never as commands', async () => {
    for (const name of [`' or 1=1 --`, '%', '__', `张'); drop table population.person; --`]) expect([200, 422]).toContain((await call('POST', search, { name })).status);
    expect((await call('POST', search, { name: '李建国' })).body['persons']).toHaveLength(1);
  });
});

it('who looked is told by office and post, newest first, without a name', async () => {
  const since = register.clock.now();
  await call('GET', `/api/population/persons/${home.members[1]!.person_id}`);
  register.clock.advanceMinutes(1);
  const case_id = newId();
  await call('GET', `/api/population/persons/${home.members[1]!.person_id}`, undefined, `case;${case_id};`);
  const log = await register.asSystem((context) => accessLogOf(context, home.members[1]!.person_id, since));
  expect(log.map(({ org_code, post, purpose, case_id, field_group }) => ({ org_code, post, purpose, case_id, field_group }))).toEqual([
    { org_code: stations.daguan, post: 'station_officer', purpose: 'case', case_id, field_group: 'record' }, { org_code: stations.daguan, post: 'station_officer', purpose: 'counter', case_id: null, field_group: 'record' }]);
  expect(JSON.stringify(log)).not.toContain(officer.name);
});
