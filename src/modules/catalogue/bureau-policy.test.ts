import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readBureauPolicy, serviceFor, topLevelEntries, withPolicy, type BureauPolicy } from './bureau-policy.ts';
import { guideOf } from './guide.ts';
import { catalogue, catalogueDirectory, loadCatalogue } from './load.ts';
import { routeBpmn } from './route-drawing.ts';
import type { Service } from './service.ts';

const day = '2026-11-22';
const directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const decidedBy = (service: Service | undefined) => service?.route.filter(({ act }) => act === 'review' || act === 'approve').map(({ act, role }) => `${act} ${role}`);

describe('the policy of a bureau', () => {
  test('leaves an item as it is where the bureau decided nothing', () => {
    expect(serviceFor('yunnan', '0404', day)).toBe(catalogue().services.get('0404'));
    expect(serviceFor('a bureau without a policy', '0404', day)).toBe(catalogue().services.get('0404'));
  });
  test('puts station, section and deputy chief in a row in Leishan, in every county matter and nowhere else', () => {
    for (const code of ['0104', '0404', '0602', '1202']) expect(decidedBy(serviceFor('leishan', code, day)), code).toEqual(['review station_chief', 'review county_section_chief', 'approve county_deputy_chief']);
    const changed = serviceFor('leishan', '0404', day)!;
    expect(changed.route.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(changed.route.map(({ at }) => at)).toEqual(['target', 'target', 'target', 'target', 'target']);
    expect(changed.version).toBe('2026-11-01+leishan.2026-11-01');
    expect(serviceFor('leishan', '0501', day)).toBe(catalogue().services.get('0501'));
  });
  test('keeps the promise of each item it changes', () => {
    for (const bureau of ['yunnan', 'leishan', 'sanming']) {
      for (const { code } of catalogue().services.values()) {
        const { route, limits, mode } = serviceFor(bureau, code, day)!;
        const own = route.filter(({ act }) => act !== 'confirm_out' && act !== 'await_certificate').reduce((sum, step) => sum + step.limit_working_minutes, 0);
        if (mode === 'chain') expect(own, `${bureau} ${code}`).toBeLessThanOrEqual(Math.max(limits.promised_working_days * 420, 210));
      }
    }
  });
  test('lets whoever decides accept in Sanming what has a top-level route, and only inside the city', () => {
    const entries = topLevelEntries('sanming', day);
    expect(entries).toContain('3504/0604');
    expect([topLevelEntries('sanming', '2026-10-31'), topLevelEntries('yunnan', day), topLevelEntries('leishan', day)]).toEqual([[], [], []]);
    for (const entry of entries) expect(catalogue().services.get(entry.split('/')[1]!)!.top_level, entry).toBeDefined();
  });
  test('is dated: a change holds from its first day to the day before its last, and a later one comes over an earlier', () => {
    const service = catalogue().services.get('0503')!;
    const change = (valid_from: string, promised_working_days: number, valid_to?: string) => ({ services: ['05*'], valid_from, ...(valid_to === undefined ? {} : { valid_to }), why: { zh: '试行', en: 'Trial' }, limits: { promised_working_days } });
    const policy: BureauPolicy = { bureau: 'x', zh: '', en: '', top_level: [], changes: [change('2027-03-01', 1, '2027-04-01'), change('2027-01-01', 3)] };
    const promised = (on: string) => withPolicy(service, policy, on).limits.promised_working_days;
    expect(['2026-12-31', '2027-01-01', '2027-02-28', '2027-03-01', '2027-03-31', '2027-04-01'].map(promised)).toEqual([2, 3, 3, 1, 1, 3]);
    expect(withPolicy(catalogue().services.get('0601')!, policy, '2027-03-01')).toBe(catalogue().services.get('0601'));
  });
  test.each<[string, object, RegExp]>([
    ['names another bureau', { bureau: 'yunnan', top_level: [], changes: [] }, /the policy is of yunnan/],
    ['ends before it begins', { bureau: 'here', top_level: [{ services: ['0601'], valid_from: '2027-02-01', valid_to: '2027-01-01', why: {} }], changes: [] }, /begins on 2027-02-01 ends on 2027-01-01/],
  ])('that %s is told with its file', (_fault, policy, told) => {
    mkdirSync(join(directory, 'bureaus/here'), { recursive: true });
    writeFileSync(join(directory, 'bureaus/here/policy.json'), JSON.stringify(policy));
    expect(() => readBureauPolicy('here', directory)).toThrow(told);
  });
});

test('adding a service item is adding one file: it has its form, guide, route and drawing at once', () => {
  const own = join(directory, 'one-more');
  mkdirSync(own);
  for (const part of ['services', 'materials.json', 'policy.json']) cpSync(join(catalogueDirectory, part), join(own, part), { recursive: true });
  const service = JSON.parse(readFileSync(join(own, 'services/1104.json'), 'utf8')) as Service;
  writeFileSync(join(own, 'services/1105.json'), JSON.stringify({ ...service, code: '1105', key: 'household.rename', name: { zh: '更改户名', en: 'Rename a household' } }));
  const more = loadCatalogue(own);
  const added = serviceFor('yunnan', '1105', day, more)!;
  expect(guideOf(added, more)).toMatchObject({ service_code: '1105', name: { zh: '更改户名' }, way: 'online' });
  expect(routeBpmn(added)).toContain('更改户名');
  expect(more.services.size).toBe(catalogue().services.size + 1);
});
