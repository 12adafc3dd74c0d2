import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { levelOfArea, parentOfArea } from './areas.ts';
import { listBureaus, readReferenceFiles } from './catalogue-files.ts';
import { isInJurisdiction, levelOfOrganisation } from './organisations.ts';
import { workingCalendar } from './working-time.ts';

const files = readReferenceFiles('yunnan');
const current = new Map([...files.divisions, ...files.communities].map(({ code, name }) => [code, name]));

it('has 34 provinces, and for Yunnan 16 prefectures and 129 counties', () => {
  const yunnan = files.divisions.filter(({ code }) => code.startsWith('53'));
  expect(files.divisions.filter(({ code }) => levelOfArea(code) === 'PROVINCE')).toHaveLength(34);
  expect(yunnan.filter(({ code }) => levelOfArea(code) === 'PREFECTURE')).toHaveLength(16);
  expect(yunnan.filter(({ code }) => levelOfArea(code) === 'COUNTY')).toHaveLength(129);
});

it('names every division and community once, each under one that exists', () => {
  expect(current.size).toBe(files.divisions.length + files.communities.length);
  for (const [code, name] of current) {
    const parent = parentOfArea(code);
    expect(name, code).toMatch(/^\S+$/u);
    if (parent !== null) expect(current.has(parent), `${code} ${name}`).toBe(true);
  }
});

it('lists no retired code as current, and only successors that are in force', () => {
  for (const { code, name, first_seen, last_seen, successor } of files.retired) {
    expect(current.has(code), `${code} ${name}`).toBe(false);
    expect(first_seen <= last_seen, code).toBe(true);
    if (successor !== '') expect(current.has(successor), `${code} ${name} → ${successor}`).toBe(true);
  }
});

it.each([
  ['530121', '530114', '呈贡'],
  ['532727', '530826', '江城'],
  ['350402', '350404', '梅列'],
  ['350403', '350404', '三元'],
])('%s was succeeded by %s (%s)', (code, successor) => {
  expect(files.retired.find((division) => division.code === code)?.successor).toBe(successor);
});

it('places every organisation of the bureau under its superior, in one tree', () => {
  const codes = new Set(files.organisations.map(({ org_code }) => org_code));
  expect(codes.size).toBe(files.organisations.length);
  for (const { org_code, name, level, parent_code, area_codes } of files.organisations) {
    expect(levelOfOrganisation(org_code), name).toBe(level);
    if (parent_code === null) expect(level).toBe('PROVINCE');
    else {
      expect(codes.has(parent_code), name).toBe(true);
      expect(isInJurisdiction(org_code, parent_code), name).toBe(true);
    }
    for (const area of area_codes) expect(current.has(area), `${name} serves ${area}`).toBe(true);
  }
});

it.each(listBureaus())('has whole files for %s: organisations in one tree under its province, communities under their townships', (bureau) => {
  const { organisations, communities, bureau: facts } = readReferenceFiles(bureau);
  expect(facts.bureau).toBe(bureau);
  const codes = new Set(organisations.map(({ org_code }) => org_code));
  for (const { org_code, name, parent_code } of organisations) {
    expect(org_code.startsWith(facts.province_code.slice(0, 2)), name).toBe(true);
    expect(parent_code === null || codes.has(parent_code), name).toBe(true);
  }
  for (const { code, name } of communities) expect(current.has(code.slice(0, 9)), `${code} ${name}`).toBe(true);
  expect(organisations.some(({ level }) => level === 'STATION')).toBe(true);
});

it('gives every township of the demonstration counties a station, and no community two', () => {
  const stations = files.organisations.filter(({ level }) => level === 'STATION');
  const served = stations.flatMap(({ area_codes }) => area_codes);
  expect(new Set(served).size).toBe(served.length);
  for (const county of ['530102', '530111', '532901']) {
    for (const { code, name } of files.divisions.filter((division) => division.code.length === 9 && division.code.startsWith(county))) {
      expect(served, name).toContain(code);
    }
  }
});

it('names every code once in its list, in both languages', () => {
  for (const { list, items, zh, en } of files.code_lists) {
    expect([zh, en].every((text) => text.trim() !== ''), list).toBe(true);
    expect(new Set(items.map(({ code }) => code)).size, list).toBe(items.length);
    for (const item of items) expect(item.zh.trim() !== '' && item.en.trim() !== '', `${list} ${item.code}`).toBe(true);
  }
});

it('leads from every own cancel reason to a value of the standard', () => {
  const official = files.code_lists.find(({ list }) => list === 'cancellation_category')!.items.map(({ code }) => code);
  for (const reason of files.code_lists.find(({ list }) => list === 'cancel_reason')!.items) {
    expect(official).toContain(reason['cancellation_category']);
  }
});

it('knows every day of the calendar as a real day in a year it covers', () => {
  const years = new Set(files.calendar.years.map(({ year }) => year));
  expect(() => workingCalendar(files.bureau.office_hours, files.calendar.days)).not.toThrow();
  for (const { on } of files.calendar.days) expect(years.has(Number(on.slice(0, 4))), on).toBe(true);
  expect(new Set(files.calendar.days.map(({ on }) => on)).size).toBe(files.calendar.days.length);
});

it('tells which bureaus there are when another is asked for', () => {
  expect(listBureaus()).toContain('yunnan');
  expect(() => readReferenceFiles('atlantis')).toThrow(/atlantis.*yunnan/);
});

it('tells file and line of a faulty row', () => {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-catalogue-'));
  mkdirSync(join(directory, 'areas'));
  mkdirSync(join(directory, 'bureaus/small'), { recursive: true });
  mkdirSync(join(directory, 'codes'));
  writeFileSync(join(directory, 'areas/divisions.csv'), 'code,name\n530000,云南省\n530100\n');
  expect(() => readReferenceFiles('small', directory)).toThrow(/divisions\.csv, line 3: 2 columns expected/);
});
