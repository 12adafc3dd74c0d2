import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../test/harness/databases.ts';
import { actAsSystem, anonymous, createServer, diskBlobStore, FrozenClock, type Context } from '../../kernel/index.ts';
import {
  addAddresses, addWorkingDays, findAddresses, findAreas, findOrganisations, forgetRemembered, getBureau, getCalendar, loadReference, routes,
  stationForAddress, type AddressParts, type Area, type CodeList, type FoundAddress, type Organisation,
} from './index.ts';

const clock = new FrozenClock('2026-11-23T02:00:00Z');
const blobs = diskBlobStore(mkdtempSync(join(tmpdir(), 'huzheng-blobs-')));
let db: FreshDatabase;
let app: Awaited<ReturnType<typeof createServer>>;

const DAGUAN = '530102003';
const DAGUAN_STATION = '530102520000';

beforeAll(async () => {
  db = await freshDatabase('internet');
  await loadReference([db.owner], { bureau: 'yunnan' });
  app = await createServer({
    program: 'test', database: db.database, operations: routes, identify: async () => anonymous, session_cookie: 'session', clock, blobs,
    token_key: Buffer.alloc(32), rate_factor: 0,
  });
});
afterAll(async () => {
  await app.close();
  await db.close();
});
beforeEach(() => forgetRemembered());

function act<T>(work: (context: Context) => Promise<T>): Promise<T> {
  return actAsSystem(db.database, { clock, blobs, name: 'test' }, work);
}

async function get<T>(path: string, query: Record<string, string> = {}): Promise<{ status: number; bytes: number; body: T }> {
  const answer = await app.inject({ method: 'GET', url: path, query });
  return { status: answer.statusCode, bytes: answer.rawPayload.byteLength, body: answer.json<T>() };
}

async function areas(query: Record<string, string>): Promise<Area[]> {
  return (await get<{ areas: Area[] }>('/api/reference/areas/search', query)).body.areas;
}

describe('divisions are found', () => {
  it.each([
    ['五华', '530102', 'by two characters'],
    ['华区', '530102', 'by two characters inside the name'],
    ['wuhua', '530102', 'by the beginning of their pinyin'],
    ['wuhuaqu', '530102', 'by more letters than the index holds'],
    ["Wu hua", '530102', 'by pinyin in capitals and syllables'],
    ['whq', '530102', 'by initials'],
    ['大理白族', '532900', 'by a part of a long name'],
    ['lvchun', '532531', 'by ü typed as v'],
    ['lüchun', '532531', 'by ü'],
    ['綠春', '532531', 'by traditional characters'],
    ['昆明市五华区', '530102', 'by several levels typed as one'],
    ['daguanjiedao', DAGUAN, 'down to the township'],
    ['六安', '341500', 'with a local reading, by characters'],
    ['luan', '341500', 'with a local reading, by its sound'],
    ['liuan', '341500', 'with a local reading, by the common sound'],
  ])('"%s" finds %s (%s)', async (query, code) => {
    expect((await areas({ query })).map((area) => area.code)).toContain(code);
  });

  it('higher levels first, and never more than twenty', async () => {
    const found = await areas({ query: '云' });
    expect(found[0]!.code).toBe('530000');
    expect(found).toHaveLength(20);
  });

  it('inside a division only, when one is given', async () => {
    const found = await areas({ query: '太和', within: '530100' });
    expect(found.map(({ full_name }) => full_name)).toContain('云南省昆明市官渡区太和街道');
    expect(found.every(({ code }) => code.startsWith('5301'))).toBe(true);
    expect((await areas({ query: '太和', within: '530102' })).length).toBe(0);
  });

  it('on one level only, when it is given', async () => {
    const found = await areas({ query: '大理', level: 'COUNTY' });
    expect(found.map(({ code }) => code)).toEqual(['532901']);
  });

  it('retired ones only on request, with their successor', async () => {
    expect(await areas({ query: '呈贡县' })).toEqual([]);
    expect(await areas({ query: '呈贡县', include_retired: 'true' })).toEqual([
      expect.objectContaining({ code: '530121', is_retired: true, successor_code: '530114', full_name: '云南省昆明市呈贡县' }),
    ]);
  });

  it.each(['·', '%', "'; drop table reference.area; --", 'k', '_'])('"%s" finds nothing and breaks nothing', async (query) => {
    const answer = await get<{ areas: Area[] }>('/api/reference/areas/search', { query });
    expect([200, 422]).toContain(answer.status);
    if (answer.status === 200) expect(answer.body.areas).toEqual([]);
  });

  it('by code, current or retired', async () => {
    const found = await act((context) => findAreas(context, ['530121', '530102', '999999', '530102']));
    expect([...found.keys()].sort()).toEqual(['530102', '530121']);
  });
});

describe('the tree of divisions is walked level by level', () => {
  const children = (query: Record<string, string>) => get<{ areas: Area[]; next_after: string | null }>('/api/reference/areas/children', query);

  it('from the provinces', async () => {
    const { body } = await children({});
    expect(body.areas).toHaveLength(34);
    expect(body.areas.every(({ level }) => level === 'PROVINCE')).toBe(true);
    expect(body.areas.find(({ code }) => code === '530000')).toMatchObject({ name: '云南省', name_en: 'Yunnan Province', has_children: true });
  });

  it('to the sixteen prefectures of Yunnan, without the retired ones', async () => {
    expect((await children({ parent_code: '530000' })).body.areas).toHaveLength(16);
  });

  it('to communities, which have nothing below', async () => {
    const { body } = await children({ parent_code: DAGUAN });
    expect(body.areas.length).toBeGreaterThan(3);
    expect(body.areas.every(({ level, has_children }) => level === 'COMMUNITY' && !has_children)).toBe(true);
  });

  it('never by more than a page, which goes on where the last one ended', async () => {
    const { rows } = await db.owner.query<{ parent_code: string }>(
      'select parent_code from reference.area where valid_to is null group by parent_code order by count(*) desc limit 1');
    const seen: string[] = [];
    let after: string | null = '';
    for (let pages = 0; after !== null && pages < 10; pages++) {
      const { body } = await children({ parent_code: rows[0]!.parent_code, ...(after === '' ? {} : { after }) });
      expect(body.areas.length).toBeLessThanOrEqual(100);
      seen.push(...body.areas.map(({ code }) => code));
      after = body.next_after;
    }
    const all = await db.owner.query<{ code: string }>('select code from reference.area where parent_code = $1 and valid_to is null order by code', [rows[0]!.parent_code]);
    expect(seen).toEqual(all.rows.map(({ code }) => code));
  });
});

describe('organisations', () => {
  const search = async (query: Record<string, string>): Promise<Organisation[]> =>
    (await get<{ organisations: Organisation[] }>('/api/reference/organisations/search', query)).body.organisations;

  it.each([
    [{ query: '大观派出所' }, DAGUAN_STATION],
    [{ query: '大观' }, DAGUAN_STATION],
    [{ query: 'daguan', level: 'STATION' }, DAGUAN_STATION],
    [{ query: 'daguan' }, '530624000000'],
    [{ query: 'dgpcs' }, DAGUAN_STATION],
    [{ query: '五华分局' }, '530102000000'],
    [{ query: 'wuhua' }, '530102000000'],
    [{ query: '昆明市公安局', level: 'PREFECTURE' }, '530100000000'],
    [{ area_code: '532901' }, '532901000000'],
  ])('%j finds %s first', async (query, org_code) => {
    expect((await search(query))[0]?.org_code).toBe(org_code);
  });

  it('below one superior', async () => {
    const found = await search({ parent_code: '530102000000' });
    expect(found.length).toBeGreaterThan(9);
    expect(found.every(({ parent_code, level }) => parent_code === '530102000000' && level === 'STATION')).toBe(true);
  });

  it('one with its superiors from the nearest up', async () => {
    const { body } = await get<{ organisation: Organisation; superiors: Array<{ org_code: string }> }>(`/api/reference/organisations/${DAGUAN_STATION}`);
    expect(body.organisation).toMatchObject({
      name: '昆明市公安局五华分局大观派出所',
      name_en: 'Daguan Police Station, Wuhua Branch, Kunming Public Security Bureau',
      is_retired: false,
    });
    expect(body.superiors.map(({ org_code }) => org_code)).toEqual(['530102000000', '530100000000', '530000000000']);
  });

  it('one that does not exist is refused', async () => {
    const { status, body } = await get<{ code: string; title: string }>('/api/reference/organisations/539999990000');
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'reference.unknown_organisation', title: '没有机构代码 539999990000。请从列表中选择。' });
  });

  it('a closed one is still known, but no longer found', async () => {
    await db.owner.query(
      `insert into reference.organisation (org_code, name, name_en, level, parent_code, area_codes, valid_to, successor_code, name_grams, pinyin_keys)
       values ('530102990000', '昆明市公安局五华分局旧所派出所', 'Old', 'STATION', '530102000000', '{530102003}', '2020-01-01', $1, '{旧,旧所}', '{jiusuo}')`,
      [DAGUAN_STATION],
    );
    expect(await search({ query: '旧所' })).toEqual([]);
    expect((await act((context) => findOrganisations(context, ['530102990000']))).get('530102990000')).toMatchObject({
      is_retired: true, successor_code: DAGUAN_STATION,
    });
    expect(await act((context) => stationForAddress(context, { township_code: DAGUAN }))).toBe(DAGUAN_STATION);
  });
});

describe('the station in charge', () => {
  it.each([
    [{ township_code: DAGUAN }, DAGUAN_STATION],
    [{ township_code: '530102006' }, '530102550000'],
    [{ township_code: '530102006', community_code: '530102006008' }, '530102610000'],
    [{ township_code: '530102006', community_code: '530102006001' }, '530102550000'],
  ])('of %j is %s: a community before its township', async (place, station) => {
    expect(await act((context) => stationForAddress(context, place))).toBe(station);
  });

  it('is unknown where none is registered', async () => {
    expect(await act((context) => stationForAddress(context, { township_code: '110101001' }))).toBeUndefined();
  });
});

describe('code lists', () => {
  it('are given whole and in their own order', async () => {
    const { status, body } = await get<CodeList>('/api/reference/codes/relationship_to_head');
    expect(status).toBe(200);
    expect(body).toMatchObject({ zh: '与户主关系', standard: 'GB/T 4761-2008' });
    expect(body.items.find(({ code }) => code === '12')).toEqual({
      code: '12', zh: '妻', en: 'wife', is_selectable: true, attributes: { implied_sex: '2', generation: 0, group: 'spouse' },
    });
    expect(body.items.find(({ code }) => code === '10')!.is_selectable).toBe(false);
  });

  it('that do not exist are refused', async () => {
    expect(await get('/api/reference/codes/religion')).toMatchObject({ status: 404, body: { code: 'reference.unknown_code_list' } });
  });
});

describe('the calendar of the bureau', () => {
  it('knows office hours and swapped days', async () => {
    const calendar = await act(getCalendar);
    expect(addWorkingDays(new Date('2026-09-30T02:00:00Z'), 3, calendar)).toEqual(new Date('2026-10-10T09:30:00Z'));
    expect((await act(getBureau)).limits['supplement_working_days']).toBe(15);
  });

  it('is refused where nothing has been loaded', async () => {
    const empty = await freshDatabase('internet');
    try {
      await expect(actAsSystem(empty.database, { clock, blobs, name: 'test' }, getCalendar)).rejects.toMatchObject({ code: 'reference.not_loaded' });
    } finally {
      await empty.close();
    }
  });
});

describe('addresses', () => {
  const here = { township_code: DAGUAN, community_code: '530102003001' };
  const search = (query: Record<string, string>) => get<{ addresses: FoundAddress[] }>('/api/reference/addresses/search', query);
  const lines = async (query: Record<string, string>): Promise<string[]> => (await search(query)).body.addresses.map(({ line }) => line);
  const COUNTY = '云南省昆明市五华区';

  beforeAll(async () => {
    const rooms: AddressParts[] = Array.from({ length: 60 }, (_, index) => ({
      ...here, street: '大观路', street_number: '12', building: String(1 + (index % 3)), unit: '1', room: String(101 + index),
    }));
    await act((context) =>
      addAddresses(context, [
        ...rooms,
        { ...here, street: '大观路', street_number: '2' },
        { ...here, street: '大观路', street_number: '112' },
        { ...here, street: '吕家巷', street_number: '7-1' },
        { township_code: '530102006', community_code: '530102006008', street: '大观路', street_number: '300' },
        { township_code: '532901104', community_code: '532901104201', street: '北登小组', street_number: '12' },
      ]),
    );
  });

  it.each([
    ['大观', 20, 'two characters'],
    ['吕家', 1, 'two characters, exactly'],
    ['lvjia', 1, 'pinyin'],
    ['lvjiaxiang7-1', 1, 'pinyin and number'],
    ['ljx', 1, 'initials'],
    ['ljx7', 1, 'initials and number'],
    ['呂家巷', 1, 'traditional characters'],
    ['112号', 1, 'number alone'],
    ['12号 大观', 20, 'words in any order'],
    ['五华区吕家巷', 1, 'the division typed before the street'],
    ['云南省昆明市五华区大观街道吕家巷7-1号', 1, 'the whole line'],
    ['巷路', 0, 'nothing that is there'],
  ])('in the station, "%s" finds %d (%s)', async (query, count) => {
    expect(await lines({ query, station_code: DAGUAN_STATION })).toHaveLength(count);
  });

  it('never show what lies outside the bound', async () => {
    expect(await lines({ query: '300号', station_code: DAGUAN_STATION })).toEqual([]);
    expect(await lines({ query: '300号', area_code: '530102006' })).toEqual([`${COUNTY}莲华街道大观路300号`]);
    expect(await lines({ query: '300号', area_code: '530102' })).toHaveLength(1);
    expect(await lines({ query: '300号', area_code: '530111' })).toEqual([]);
  });

  it('come with the lowest number first', async () => {
    expect((await lines({ query: '大观路', station_code: DAGUAN_STATION })).slice(0, 3)).toEqual([
      `${COUNTY}大观街道大观路2号`, `${COUNTY}大观街道大观路112号`, `${COUNTY}大观街道大观路12号1幢1单元101室`,
    ]);
  });

  it('of a hamlet name their village', async () => {
    expect((await lines({ query: 'bdxz', area_code: '532901' }))[0]).toMatch(/^云南省大理白族自治州大理市喜洲镇.+村北登小组12号$/u);
  });

  it('answer in twenty rows and five kilobytes at most', async () => {
    const { body, bytes } = await search({ query: '单元', station_code: DAGUAN_STATION });
    expect(body.addresses).toHaveLength(20);
    expect(bytes).toBeLessThanOrEqual(5_000);
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'neither bound'],
    [{ station_code: DAGUAN_STATION, area_code: DAGUAN }, 'both bounds'],
    [{ area_code: '530000' }, 'a province'],
    [{ area_code: '530100' }, 'a prefecture'],
  ])('are not searched with %j (%s)', async (bound) => {
    expect(await search({ query: '大观路', ...bound })).toMatchObject({ status: 422, body: { code: 'reference.address_search_unbounded' } });
  });

  it('that have ended are no longer found, but still known by id', async () => {
    const [address] = await act((context) => addAddresses(context, [{ ...here, street: '旧街', street_number: '1' }]));
    await db.owner.query(`update reference.standard_address set valid_to = '2026-11-23' where address_id = $1`, [address!.address_id]);
    expect(await lines({ query: '旧街', station_code: DAGUAN_STATION })).toEqual([]);
    expect((await act((context) => findAddresses(context, [address!.address_id]))).get(address!.address_id)).toMatchObject({
      line: `${COUNTY}大观街道旧街1号`, township_code: DAGUAN, station_code: DAGUAN_STATION, valid_to: '2026-11-23',
    });
  });

  it.each([
    [{ ...here, street: '大观路', street_number: '2' }, 'reference.address_exists'],
    [{ township_code: '530102', street: '大观路' }, 'reference.unknown_area'],
    [{ township_code: '530102999', street: '大观路' }, 'reference.unknown_area'],
    [{ township_code: DAGUAN, community_code: '530102006008', street: '大观路', street_number: '9' }, 'reference.unknown_area'],
    [{ township_code: '110101001', street: '长安街', street_number: '1' }, 'reference.unknown_station'],
    [{ ...here, street: '长'.repeat(100), street_number: '1' }, 'reference.address_too_long'],
  ])('%j is refused as %s, and nothing is stored', async (parts, code) => {
    const count = async (): Promise<number> => (await db.owner.query<{ n: number }>('select count(*) as n from reference.standard_address')).rows[0]!.n;
    const before = await count();
    await expect(act((context) => addAddresses(context, [{ ...here, street: '新街', street_number: '1' }, parts]))).rejects.toMatchObject({ code });
    expect(await count()).toBe(before);
  });

  it('are searched in an index that knows the station', async () => {
    await db.owner.query('analyze reference.standard_address');
    const client = await db.owner.connect();
    try {
      await client.query('begin');
      await client.query('set local enable_seqscan = off');
      for (const keys of ['line_grams', 'reference.key_prefixes(pinyin_keys)']) {
        const { rows } = await client.query(
          `explain (format json) select address_id from reference.standard_address
           where reference.bounded_keys(station_code, ${keys}) @> reference.bounded_keys('${DAGUAN_STATION}', '{大观}')`);
        const scan = rows[0]['QUERY PLAN'][0].Plan.Plans[0];
        expect(scan['Index Name']).toBe('standard_address_search');
        expect(scan['Index Cond']).toContain(`${DAGUAN_STATION}大观`);
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
