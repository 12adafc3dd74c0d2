import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OfficerActor } from '../../kernel/index.ts';
import { approvalActs, auxiliaryActs, clashingServices, covers, effectiveRights, entryActs, mayHandle, type Level, type RoleRight } from './rights.ts';
import { readRoles, rightsOf, type Role } from './roles.ts';

const roles = readRoles();
const services = readdirSync(join(import.meta.dirname, '../../../catalogue/services')).map((file) => file.slice(0, 4));
const day = '2026-11-23';

const rows = (role: Role): RoleRight[] => rightsOf(role).map((right) => ({ ...right, level: role.level, valid_from: role.valid_from, valid_to: null }));
const levelOf = (role: Role): Level => (role.level === 'SYSTEM' ? 'PROVINCE' : role.level);
const actorIn = (role: Role, officer_kind: OfficerActor['officer_kind'] = 'police', org_level: Level = levelOf(role)): OfficerActor => ({
  kind: 'officer', officer_id: 'o', officer_kind, name: '某', police_number: '1', post_id: 'p', role: role.role, acting_for: null, org_code: '530102500000', org_level, org_from: '', org_to: '~', session_id: 's',
  ...effectiveRights(rows(role), { officer_kind, org_level }, day),
});

describe.each(roles.map((role) => [role.role, role] as const))('%s', (_name, role) => {
  test('no service class is entered and approved in one hand', () => {
    expect(clashingServices(rightsOf(role), rightsOf(role))).toEqual([]);
    // The same once more by counting out every code that can be written.
    const actor = actorIn(role);
    for (let code = 0; code < 10_000; code++) {
      const service_code = String(code).padStart(4, '0');
      const enters = entryActs.some((act) => mayHandle(actor, { act, service_code }).may);
      const approves = approvalActs.some((act) => mayHandle(actor, { act, service_code }).may);
      if (enters && approves) expect.fail(`${role.role} enters and approves ${service_code}`);
    }
  });

  test('auxiliary staff hold nothing in it but filling in, scanning and printing', () => {
    const actor = actorIn(role, 'auxiliary');
    expect([...actor.permissions].filter((act) => !auxiliaryActs.has(act))).toEqual([]);
    for (const { act } of rightsOf(role)) {
      if (!auxiliaryActs.has(act)) expect(mayHandle({ ...actor, permissions: new Set([act]), services: new Map([[act, ['*']]]) }, { act, service_code: '0503' })).toMatchObject({ may: false, reason: 'auxiliary' });
    }
  });

  test('it gives rights only at its level', () => {
    if (role.level === 'SYSTEM') return;
    for (const org_level of ['STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE'] as const) expect(actorIn(role, 'police', org_level).permissions.size > 0).toBe(org_level === role.level);
  });
});

test('administrators hold no business right, and no two of them the same duty', () => {
  const administrators = roles.filter((role) => role.duty !== 'business');
  expect(administrators.map((role) => role.duty).sort()).toEqual(['audit', 'security', 'system']);
  for (const role of administrators) expect(rightsOf(role).filter(({ act }) => /^(cases|population|documents)\./.test(act))).toEqual([]);
  const powers = administrators.map((role) => rightsOf(role).map(({ act }) => act).filter((act) => /manage|release|audit/.test(act)));
  expect(new Set(powers.flat()).size).toBe(powers.flat().length);
});

test('every service of the catalogue can be entered, approved or executed by somebody', () => {
  const somebody = (act: string, service_code: string) => roles.some((role) => mayHandle(actorIn(role), { act, service_code }).may);
  for (const service of services) for (const act of ['cases.open_case', 'cases.accept_case', 'cases.execute_case']) expect(somebody(act, service), `${act} ${service}`).toBe(true);
});

// Processes, section 14: who decides a move.
test.each([
  ['station_chief', '0501', 'cases.approve_step', 'STATION', true], ['station_chief', '0503', 'cases.approve_step', 'STATION', false], ['station_chief', '0503', 'cases.review_step', 'STATION', true],
  ['county_section_chief', '0503', 'cases.approve_step', 'COUNTY', true], ['county_section_chief', '0604', 'cases.approve_step', 'COUNTY', false],
  // What a station decides alone is the section's when a finding raises it.
  ['county_section_chief', '0301', 'cases.approve_step', 'COUNTY', true], ['county_section_chief', '0701', 'cases.approve_step', 'COUNTY', false],
  ['county_deputy_chief', '0604', 'cases.review_step', 'COUNTY', true], ['county_deputy_chief', '0604', 'cases.approve_step', 'COUNTY', false],
  ['prefecture_division_chief', '0604', 'cases.approve_step', 'PREFECTURE', true], ['prefecture_division_chief', '0503', 'cases.approve_step', 'PREFECTURE', false],
  ['station_officer', '0503', 'cases.accept_case', 'STATION', true], ['station_officer', '0503', 'cases.approve_step', 'STATION', false], ['station_officer', '0503', 'cases.confirm_out', 'STATION', true],
  ['station_officer', '0503', 'cases.execute_case', 'STATION', true], ['station_officer', '1402', 'cases.execute_case', 'STATION', false], ['station_archivist', '1402', 'cases.execute_case', 'STATION', true],
  ['community_officer', '0703', 'cases.execute_case', 'STATION', true], ['community_officer', '0503', 'cases.accept_case', 'STATION', false],
  ['county_section_officer', '1302', 'cases.approve_step', 'COUNTY', true], ['counter_assistant', '0503', 'cases.open_case', 'STATION', true], ['counter_assistant', '0503', 'cases.accept_case', 'STATION', false],
] as const)('%s on %s: %s at %s is %s', (role, service_code, act, level, may) => {
  const actor = actorIn(roles.find((found) => found.role === role)!);
  expect(mayHandle(actor, { act, service_code, level }).may).toBe(may);
});

test('a no says why, in both languages', () => {
  const officer = actorIn(roles.find(({ role }) => role === 'station_chief')!);
  expect(mayHandle(officer, { act: 'cases.execute_case', service_code: '0501' })).toMatchObject({ reason: 'no_right' });
  expect(mayHandle(officer, { act: 'cases.approve_step', service_code: '0601' })).toMatchObject({ reason: 'other_service' });
  expect(mayHandle(officer, { act: 'cases.approve_step', service_code: '0501', level: 'COUNTY' })).toMatchObject({ reason: 'other_level', text: { zh: expect.any(String), en: expect.any(String) } });
  expect(mayHandle({ kind: 'system', name: 'job' }, { act: 'cases.approve_step', service_code: '0501' })).toMatchObject({ reason: 'not_an_officer' });
});

test('a right holds from its first day to the day before its last', () => {
  const right: RoleRight = { act: 'cases.open_case', service_pattern: '05*', level: 'STATION', valid_from: '2026-11-23', valid_to: '2026-12-01' };
  for (const [on, held] of [['2026-11-22', 0], ['2026-11-23', 1], ['2026-11-30', 1], ['2026-12-01', 0]] as const) {
    expect(effectiveRights([right], { officer_kind: 'police', org_level: 'STATION' }, on).permissions.size, on).toBe(held);
  }
});

test.each([
  ['*', '05*', true], ['05*', '0503', true], ['05*', '0603', false], ['0503', '0503', true], ['0503', '05*', false], ['*', '*', true],
])('pattern %s covers %s: %s', (pattern, service, covered) => expect(covers(pattern, service)).toBe(covered));

test('entry and approval clash wherever their services meet', () => {
  const entry = (service_pattern: string) => [{ act: 'cases.open_case', service_pattern }];
  const approval = (service_pattern: string) => [{ act: 'cases.approve_step', service_pattern }];
  expect(clashingServices(entry('05*'), approval('0503'))).toEqual(['0503']);
  expect(clashingServices(approval('*'), entry('0503'))).toEqual(['0503']);
  expect(clashingServices(entry('05*'), approval('0603'))).toEqual([]);
  expect(clashingServices(entry('05*'), entry('0503'))).toEqual([]);
});
