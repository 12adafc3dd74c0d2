import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/modules/catalogue/service.ts';
import { applicantPart, fillPart, firstEmptyPart, namedParts, partOf, writeEntry } from './parts.ts';
import { emptyTyped, type Typed } from './typed.ts';

const service = (code: string): Service => JSON.parse(readFileSync(join(import.meta.dirname, `../../../catalogue/services/${code}.json`), 'utf8')) as Service;
const birth = service('0101');
const move = service('0501');
const lin = { name: '林晓', id_number: '530102199002010025', sex: '2', birth_on: '1990-02-01', ethnicity: '01' };

describe('the part somebody is in', () => {
  it.each([
    [move, 'applicant_phone', { kind: 'applicant' }], [move, 'movers.2.relation', { kind: 'row', list: 'movers', index: 2 }], [move, 'target_head_id_number', { kind: 'part', prefix: 'target_head' }],
    [birth, 'child_birthplace_area', { kind: 'part', prefix: 'child' }], [birth, 'mother_name', { kind: 'part', prefix: 'mother' }],
    [birth, 'delivery_mode', undefined], [birth, undefined, undefined],
  ] as const)('is known from the field with the focus', (form, entry, part) => {
    expect(partOf(form, entry)).toEqual(part);
  });
});

it('fills what is empty and asks for no field that the form has not', () => {
  const { typed, filled, kept } = fillPart(birth, emptyTyped, { kind: 'part', prefix: 'child' }, lin);
  expect(typed.fields).toEqual({ child_name: '林晓', child_sex: '2', child_birth_on: '1990-02-01', child_ethnicity: '01' });
  expect([filled, kept]).toEqual([['child_name', 'child_sex', 'child_birth_on', 'child_ethnicity'], []]);
});

it('never overwrites what was typed: the difference is told', () => {
  const before: Typed = { ...emptyTyped, applicant: { name: '林小', id_number: '', phone: '' } };
  const { typed, filled, kept } = fillPart(move, before, applicantPart, lin);
  expect(typed.applicant).toEqual({ name: '林小', id_number: lin.id_number, phone: '' });
  expect(filled).toEqual(['applicant_id_number']);
  expect(kept).toMatchObject([{ entry: 'applicant_name', typed: '林小', offered: '林晓' }]);
});

it('takes names and numbers that are written differently for the same', () => {
  const before: Typed = { ...emptyTyped, applicant: { name: ' 林晓', id_number: '5301 0219 9002 0100 25', phone: '' } };
  expect(fillPart(move, before, applicantPart, lin)).toMatchObject({ filled: [], kept: [] });
});

it('reads a card into the first person of whom nothing is typed', () => {
  expect(firstEmptyPart(move, emptyTyped)).toEqual({ kind: 'applicant' });
  const one = fillPart(move, emptyTyped, applicantPart, lin).typed;
  expect(firstEmptyPart(move, one)).toEqual({ kind: 'row', list: 'movers', index: 0 });
  const two = writeEntry(one, { kind: 'row', list: 'movers', index: 0 }, 'name', '林晓');
  expect(firstEmptyPart(move, two)).toEqual({ kind: 'part', prefix: 'target_head' });
});

it('looks up only who is named by a name and a number that can be one', () => {
  const typed = fillPart(move, emptyTyped, applicantPart, lin).typed;
  expect(namedParts(move, typed, '2026-11-23')).toEqual([]);
  const right = { ...lin, id_number: '532901195801190056' };
  expect(namedParts(move, fillPart(move, emptyTyped, applicantPart, right).typed, '2026-11-23')).toEqual([{ part: applicantPart, name: '林晓', id_number: right.id_number }]);
});
