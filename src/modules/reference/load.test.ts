import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../test/harness/databases.ts';
import { catalogueDirectory } from './catalogue-files.ts';
import { loadReference } from './load.ts';

let db: FreshDatabase;
let catalogue: string;

/** A catalogue of one county, so that every change of a file can be tried. */
function smallCatalogue(): string {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-catalogue-'));
  for (const folder of ['areas', 'bureaus/small', 'codes']) mkdirSync(join(directory, folder), { recursive: true });
  cpSync(join(catalogueDirectory, 'calendar'), join(directory, 'calendar'), { recursive: true });
  cpSync(join(catalogueDirectory, 'codes/sex.json'), join(directory, 'codes/sex.json'));
  writeFileSync(join(directory, 'areas/divisions.csv'), 'code,name\n530000,云南省\n530100,昆明市\n530114,呈贡区\n530114001,龙城街道\n');
  writeFileSync(join(directory, 'areas/retired.csv'), 'code,name,first_seen,last_seen,successor\n530121,呈贡县,1980-12,2010-12,530114\n532122,鲁甸县,1983-12,2000-12,\n');
  writeFileSync(join(directory, 'bureaus/small/communities.csv'), 'code,name\n530114001001,古城社区\n');
  writeFileSync(join(directory, 'bureaus/small/organisations.json'), JSON.stringify({
    organisations: [
      { org_code: '530114500000', name: '昆明市公安局呈贡分局龙城派出所', level: 'STATION', parent_code: '530114000000', area_codes: ['530114001'] },
      { org_code: '530000000000', name: '云南省公安厅', level: 'PROVINCE', parent_code: null, area_codes: ['530000'] },
      { org_code: '530114000000', name: '昆明市公安局呈贡分局', level: 'COUNTY', parent_code: '530100000000', area_codes: ['530114'] },
      { org_code: '530100000000', name: '昆明市公安局', level: 'PREFECTURE', parent_code: '530000000000', area_codes: ['530100'] },
    ],
  }));
  cpSync(join(catalogueDirectory, 'bureaus/yunnan/bureau.json'), join(directory, 'bureaus/small/bureau.json'));
  return directory;
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(catalogue, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

async function rows<T>(sql: string): Promise<T[]> {
  return (await db.owner.query(sql)).rows as T[];
}

const load = async (): Promise<string[]> => (await loadReference([db.owner], { bureau: 'small', catalogue }))[0]!;

beforeEach(async () => {
  db = await freshDatabase('internet');
  catalogue = smallCatalogue();
});
afterEach(() => db.close());

it('loads everything once and nothing again', async () => {
  expect(await load()).toEqual(['areas', 'organisations', 'codes', 'calendar', 'bureau']);
  expect(await load()).toEqual([]);
  expect(await rows('select code, full_name, level, parent_code, valid_from::text, valid_to::text, successor_code from reference.area order by code')).toEqual([
    { code: '530000', full_name: '云南省', level: 'PROVINCE', parent_code: null, valid_from: null, valid_to: null, successor_code: null },
    { code: '530100', full_name: '云南省昆明市', level: 'PREFECTURE', parent_code: '530000', valid_from: null, valid_to: null, successor_code: null },
    { code: '530114', full_name: '云南省昆明市呈贡区', level: 'COUNTY', parent_code: '530100', valid_from: null, valid_to: null, successor_code: null },
    { code: '530114001', full_name: '云南省昆明市呈贡区龙城街道', level: 'TOWNSHIP', parent_code: '530114', valid_from: null, valid_to: null, successor_code: null },
    { code: '530114001001', full_name: '云南省昆明市呈贡区龙城街道古城社区', level: 'COMMUNITY', parent_code: '530114001', valid_from: null, valid_to: null, successor_code: null },
    { code: '530121', full_name: '云南省昆明市呈贡县', level: 'COUNTY', parent_code: '530100', valid_from: null, valid_to: '2011-01-01', successor_code: '530114' },
    { code: '532122', full_name: '云南省鲁甸县', level: 'COUNTY', parent_code: '530000', valid_from: '1983-12-01', valid_to: '2001-01-01', successor_code: null },
  ]);
});

it('loads only the part whose file has changed', async () => {
  await load();
  edit('bureaus/small/organisations.json', (text) => text.replace('龙城派出所', '龙城中心派出所'));
  expect(await load()).toEqual(['organisations']);
  expect(await rows(`select name from reference.organisation where level = 'STATION'`)).toEqual([{ name: '昆明市公安局呈贡分局龙城中心派出所' }]);
});

it('keeps a code that has gone from its file, but lets nobody choose it', async () => {
  await load();
  edit('codes/sex.json', (text) => text.replace('{ "code": "2", "zh": "女性", "en": "female" },\n', ''));
  expect(await load()).toEqual(['codes']);
  expect(await rows(`select code, is_selectable from reference.code_list_item order by code`)).toEqual([
    { code: '0', is_selectable: false }, { code: '1', is_selectable: true }, { code: '2', is_selectable: false }, { code: '9', is_selectable: false },
  ]);
});

it('takes over a notice that moves a day, and forgets the day it moved from', async () => {
  await load();
  edit('calendar/working-days.json', (text) => text.replace('"on": "2026-10-10"', '"on": "2026-10-11"').replace('{ "year": 2027, "status": "provisional" }', '{ "year": 2027, "status": "announced" }'));
  expect(await load()).toEqual(['calendar']);
  expect(await rows(`select day_on::text, kind from reference.working_day where day_on >= '2026-10-08' and day_on < '2026-11-01'`)).toEqual([{ day_on: '2026-10-11', kind: 'working' }]);
  expect(await rows('select status from reference.calendar_year where year = 2027')).toEqual([{ status: 'announced' }]);
});

it('changes nothing when one part is at fault', async () => {
  await load();
  edit('areas/divisions.csv', (text) => text.replace('龙城街道', '新名街道'));
  edit('bureaus/small/organisations.json', (text) => text.replace('"parent_code":"530114000000"', '"parent_code":"539999000000"'));
  await expect(load()).rejects.toThrow(/organisation_parent_exists/);
  expect(await rows(`select name from reference.area where code = '530114001'`)).toEqual([{ name: '龙城街道' }]);
});

it('refuses to make a database the property of a second bureau', async () => {
  await load();
  edit('bureaus/small/bureau.json', (text) => text.replace('"yunnan"', '"other"'));
  await expect(load()).rejects.toThrow(/bureau_only_one/);
});

it('loads once when two processes start together', async () => {
  const both = await Promise.all([load(), load()]);
  expect(both.map((parts) => parts.length).sort()).toEqual([0, 5]);
});

it('is not open to the application role', async () => {
  await expect(loadReference([db.database.pool], { bureau: 'small', catalogue })).rejects.toThrow(/permission denied/);
});
