import { describe, expect, it } from 'vitest';
import { isDemoNumber, parseIdNumber, validateIdNumber } from '../../../modules/reference/index.ts';
import { dayOf } from './days.ts';
import { createIds, createNumbers } from './identifiers.ts';

describe('identifiers of rows', () => {
  it('have the form of UUID version 8, ascend within a kind and never meet those of another kind', () => {
    const newId = createIds(42);
    const persons = Array.from({ length: 5000 }, () => newId('person'));
    const addresses = Array.from({ length: 5000 }, () => newId('address'));
    for (const id of [...persons, ...addresses]) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(new Set([...persons, ...addresses]).size).toBe(10_000);
    expect([...persons].sort()).toEqual(persons);
  });

  it('are the same for the same seed', () => {
    expect(createIds(1)('person')).toBe(createIds(1)('person'));
    expect(createIds(1)('person')).not.toBe(createIds(2)('person'));
  });
});

describe('invented identity numbers', () => {
  const day = dayOf('1990-02-28');

  it('are valid, of the sex and birthday asked for, and in the demonstration range', () => {
    const newNumber = createNumbers(['530102']);
    for (const sex of ['1', '2'] as const) {
      const number = newNumber('530102', day, sex);
      expect(validateIdNumber(number, { today: '2026-11-01', birth_on: '1990-02-28', sex })).toEqual([]);
      expect(isDemoNumber(number)).toBe(true);
    }
  });

  it('go over to the next county when fifty men or women share a county and day, and end with a clear error', () => {
    const newNumber = createNumbers(['530102', '530103', '530111']);
    const numbers = Array.from({ length: 150 }, () => newNumber('530103', day, '1'));
    expect(new Set(numbers).size).toBe(150);
    const areas = numbers.map((number) => parseIdNumber(number)?.area_code);
    expect(areas.slice(0, 50).every((area) => area === '530103')).toBe(true);
    expect(areas.slice(50, 100).every((area) => area === '530111')).toBe(true);
    expect(areas.slice(100).every((area) => area === '530102')).toBe(true);
    expect(() => newNumber('530103', day, '1')).toThrow('1990-02-28 are used up');
    expect(newNumber('530103', day, '2')).toMatch(/^530103/u);
    expect(newNumber('530103', day + 1, '1')).toMatch(/^530103/u);
  });

  it('refuse a birth before 1890', () => {
    expect(() => createNumbers(['530102'])('530102', dayOf('1889-12-31'), '1')).toThrow('1889-12-31');
  });
});
