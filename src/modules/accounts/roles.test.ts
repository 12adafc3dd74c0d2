import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../test/harness/databases.ts';
import { loadRoles, readRoles, roleDirectory } from './roles.ts';

let db: FreshDatabase;
const directory = mkdtempSync(join(tmpdir(), 'huzheng-roles-'));
const fileOf = (role: string): string => join(directory, `${role}.json`);
const changeRights = (role: string, change: (rights: Record<string, string[]>) => void): void => {
  const content = JSON.parse(readFileSync(fileOf(role), 'utf8'));
  change(content.rights);
  writeFileSync(fileOf(role), JSON.stringify(content));
};
const load = (day: string) => loadRoles(db.owner, { directory, now: new Date(`${day}T02:00:00Z`) });
const kept = async () => (await db.owner.query(`select role, act, service_pattern, valid_from, valid_to from accounts.role_right order by role, act, service_pattern, valid_from`)).rows;
const versionOf = async (role: string) => (await db.owner.query('select version from accounts.role where role = $1', [role])).rows[0].version;

beforeAll(async () => {
  db = await freshDatabase('police');
  cpSync(roleDirectory, directory, { recursive: true });
  await load('2026-11-01');
});
afterAll(async () => {
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

test('loading again changes nothing, not even a version', async () => {
  const before = [await kept(), await versionOf('station_chief')];
  await load('2026-11-02');
  expect([await kept(), await versionOf('station_chief')]).toEqual(before);
  expect(before[0].length).toBeGreaterThan(150);
});

test('a right that leaves its file ends that day and stays on record; one that returns begins again', async () => {
  const rights = async () => (await kept()).filter(({ role, act, service_pattern }) => role === 'station_chief' && act === 'cases.approve_step' && service_pattern === '0501')
    .map(({ valid_from, valid_to }) => [valid_from, valid_to]);
  const version = await versionOf('station_chief');
  changeRights('station_chief', (file) => (file['cases.approve_step'] = file['cases.approve_step']!.filter((code) => code !== '0501')));
  await load('2026-11-10');
  expect(await rights()).toEqual([['2021-01-01', '2026-11-10']]);
  expect(await versionOf('station_chief')).not.toBe(version);
  changeRights('station_chief', (file) => file['cases.approve_step']!.push('0501'));
  await load('2026-11-12');
  await load('2026-11-13');
  expect(await rights()).toEqual([['2021-01-01', '2026-11-10'], ['2026-11-12', null]]);
});

test('a role that would enter and approve the same service does not load, and the file is named', () => {
  changeRights('station_officer', (file) => (file['cases.approve_step'] = ['0503']));
  expect(() => readRoles(directory)).toThrow('station_officer.json: entry and approval of 0503 lie in one hand');
});

test('programs can read roles and rights but not change them', async () => {
  await db.database.pool.query('select * from accounts.role_right');
  for (const text of [`update accounts.role_right set service_pattern = '*'`, `insert into accounts.role_right values ('station_officer', 'cases.approve_step', '*', 'STATION', '2020-01-01')`, `update accounts.role set kinds = '{auxiliary}'`]) {
    await expect(db.database.pool.query(text)).rejects.toThrow(/permission denied/);
  }
});
