import { describe, expect, it } from 'vitest';
import { isInJurisdiction, jurisdictionRange, levelOfOrganisation, migrationRangeCode, scopeBetween } from './organisations.ts';

const PROVINCE = '530000000000';
const KUNMING = '530100000000';
const WUHUA = '530102000000';
const DAGUAN = '530102520000';
const HUASHAN = '530102500000';
const GUANSHANG = '530111500000';
const XIAGUAN = '532901500000';
const YANDONG = '350481500000';

describe('levels', () => {
  it.each([
    [PROVINCE, 'PROVINCE'],
    [KUNMING, 'PREFECTURE'],
    [WUHUA, 'COUNTY'],
    ['530102000700', 'COUNTY'],
    [DAGUAN, 'STATION'],
    ['5301029A0000', 'STATION'],
  ])('%s is a %s', (code, level) => {
    expect(levelOfOrganisation(code)).toBe(level);
  });

  it.each(['', '5301', '53010252000', '53010252000x', "530102'; --"])('"%s" is no organisation', (code) => {
    expect(() => levelOfOrganisation(code)).toThrow(RangeError);
  });
});

describe('jurisdiction', () => {
  it.each([
    [DAGUAN, DAGUAN, true, 'a station holds itself'],
    ['530102520001', DAGUAN, true, 'a station holds its sub-units'],
    [HUASHAN, DAGUAN, false, 'not its neighbour'],
    [WUHUA, DAGUAN, false, 'not its superior'],
    [DAGUAN, WUHUA, true, 'a county holds its stations'],
    ['5301029Z0000', WUHUA, true, 'also those with letters in the code'],
    ['530102000700', WUHUA, true, 'and its sections'],
    [GUANSHANG, WUHUA, false, 'not another county'],
    [GUANSHANG, KUNMING, true, 'a prefecture holds its counties'],
    [XIAGUAN, KUNMING, false, 'not another prefecture'],
    [XIAGUAN, PROVINCE, true, 'a province holds its prefectures'],
    [PROVINCE, PROVINCE, true, 'a province holds itself'],
    [YANDONG, PROVINCE, false, 'not another province'],
  ])('%s in %s: %s (%s)', (code, of, inside) => {
    expect(isInJurisdiction(code, of)).toBe(inside);
  });

  it('is a half-open range of text', () => {
    expect(jurisdictionRange(WUHUA)).toEqual({ org_from: '530102', org_to: '530102~' });
    expect(jurisdictionRange(DAGUAN)).toEqual({ org_from: '53010252', org_to: '53010252~' });
  });
});

describe('scope of a move', () => {
  it.each([
    [DAGUAN, DAGUAN, 'in_station'],
    [DAGUAN, HUASHAN, 'in_county'],
    [DAGUAN, GUANSHANG, 'in_prefecture'],
    [DAGUAN, XIAGUAN, 'in_province'],
    [DAGUAN, YANDONG, 'out_of_province'],
  ])('from %s to %s is %s, and so is the way back', (origin, target, scope) => {
    expect(scopeBetween(origin, target)).toBe(scope);
    expect(scopeBetween(target, origin)).toBe(scope);
  });

  it.each([
    ['in_station', true, '14'],
    ['in_station', false, '15'],
    ['in_county', false, '21'],
    ['in_prefecture', false, '30'],
    ['in_province', false, '40'],
    ['out_of_province', false, '50'],
  ] as const)('%s (same community: %s) is range %s', (scope, same_community, code) => {
    expect(migrationRangeCode(scope, { same_community })).toBe(code);
  });
});
