import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/modules/catalogue/service.ts';
import type { CounterMember, FoundAtCounter } from '../../../src/modules/counter/contract.ts';
import { digitOf } from './form-keys.ts';
import { chooseFor, chooseListed, choosingIn, fillApplicant, fillFromRegister, fillNewborn, relationOfNewborn } from './prefill.ts';
import { emptyTyped, type Typed } from './typed.ts';

const service = (code: string): Service => JSON.parse(readFileSync(join(import.meta.dirname, `../../../catalogue/services/${code}.json`), 'utf8')) as Service;
const birth = service('0101');
const move = service('0501');
const card = service('1303');

const member = (id: string, name: string, sex: '1' | '2', birth_on: string, relation: string): CounterMember => ({ person_id: id, name, id_number: `53010219${birth_on.slice(2, 4)}0101000${id}`, sex, birth_on, relation });
const father = member('1', '杨海', '1', '1990-01-01', '02');
const mother = member('2', '林晓', '2', '1992-01-01', '12');
const son = member('3', '杨晨', '1', '2018-01-01', '22');
const grandmother = member('4', '和秀', '2', '1960-01-01', '52');
const household = { household_id: 'h', household_no: '530102510000001', household_type: '1', station_code: '530102510000', station_name: { zh: '华山派出所', en: 'Huashan' }, address_id: 'a', address: '华山路 1 号', members: [father, mother, son] };
const found = (of: CounterMember, more: Partial<FoundAtCounter['person']> = {}): FoundAtCounter => ({
  person: { ...of, status: '0', ethnicity: '01', native_place: '530102', native_place_name: '云南省昆明市五华区', marital_status: '20', phone: '13800000001', station_code: household.station_code, station_name: household.station_name, ...more },
  household,
  kin: [{ person_id: '1', relative_id: '2', kind: 'spouse' }, { person_id: '2', relative_id: '1', kind: 'spouse' }, ...(of.person_id === '1' ? [{ person_id: '3', relative_id: '1', kind: 'father' }] : [{ person_id: '3', relative_id: '2', kind: 'mother' }])],
});
const known = (of: CounterMember) => ({ name: of.name, id_number: of.id_number, sex: of.sex });

describe('whoever stands at the counter', () => {
  it('is the first mover of a move, the person of a card and a parent of a newborn, while those places are empty', () => {
    expect(fillApplicant(move, emptyTyped, known(father)).typed.persons).toMatchObject([{ name: '杨海', id_number: father.id_number }]);
    expect(fillApplicant(card, emptyTyped, known(father)).typed.fields).toMatchObject({ subject_name: '杨海', subject_id_number: father.id_number });
    expect(fillApplicant(birth, emptyTyped, known(mother)).typed.fields).toEqual({ mother_name: '林晓', mother_id_number: mother.id_number });
    const typed: Typed = { ...emptyTyped, fields: { mother_name: '和秀' } };
    expect(fillApplicant(birth, typed, known(mother)).typed.fields).toEqual({ mother_name: '和秀' });
  });
  it('is answered for by the register: telephone, and papers handed over the counter', () => {
    const { typed, filled } = fillFromRegister(move, emptyTyped, { kind: 'applicant' }, found(father));
    expect([typed.applicant.phone, typed.fields['delivery_mode']]).toEqual(['13800000001', 'pickup']);
    expect(filled).toEqual(['applicant_name', 'applicant_id_number', 'applicant_phone', 'delivery_mode']);
  });
});

describe('members ticked on the list of movers', () => {
  it('whole household: relations stay as they are', () => {
    const typed = chooseListed(move, emptyTyped, household.members, household);
    expect(typed.persons.map(({ name, relation }) => [name, relation])).toEqual([['杨海', '02'], ['林晓', '12'], ['杨晨', '22']]);
    expect(typed.fields).toMatchObject({ whole_household: 'yes', head_leaves: 'yes', new_head_id_number: '' });
  });
  it('the head leaves one adult behind: that one follows as head', () => {
    expect(chooseListed(move, emptyTyped, [father], household).fields).toMatchObject({ whole_household: 'no', head_leaves: 'yes', new_head_id_number: mother.id_number });
  });
  it('of two adults who stay the officer names the head', () => {
    const larger = { ...household, members: [...household.members, grandmother] };
    expect(chooseListed(move, emptyTyped, [father], larger).fields['new_head_id_number']).toBe('');
  });
  it('one who is not the head founds a household alone; who joins another says the relation', () => {
    expect(chooseListed(move, emptyTyped, [mother], household)).toMatchObject({ persons: [{ name: '林晓', relation: '02' }], fields: { head_leaves: 'no' } });
    expect(chooseListed(move, { ...emptyTyped, fields: { household_choice: 'join' } }, [mother], household).persons[0]!.relation).toBe('');
  });
  it('ticked off again, nobody is left on the list; others typed by hand stay', () => {
    const other = { name: '段一', id_number: '532901195801190056', relation: '97' };
    expect(chooseListed(move, emptyTyped, [], household).persons).toEqual([{ name: '', id_number: '', relation: '' }]);
    expect(chooseListed(move, { ...emptyTyped, persons: [other] }, [father], household).persons).toEqual([{ name: '杨海', id_number: father.id_number, relation: '02' }, other]);
  });
});

describe('a member chosen for a part', () => {
  it('is whom the officer is in, else the list, else the first part of the form', () => {
    expect(choosingIn(move, { kind: 'part', prefix: 'target_head' })).toEqual({ kind: 'part', prefix: 'target_head' });
    expect(choosingIn(move, undefined)).toEqual({ kind: 'list', list: 'movers' });
    expect(choosingIn(card, undefined)).toEqual({ kind: 'part', prefix: 'subject' });
  });
  it('takes the place of whoever was named there', () => {
    const typed = chooseFor(birth, { ...emptyTyped, fields: { father_name: '某某', father_id_number: '1' } }, 'father', father);
    expect(typed.fields).toMatchObject({ father_name: '杨海', father_id_number: father.id_number });
  });
});

describe('two known parents', () => {
  const register = (part: { prefix?: string }) => (part.prefix === 'mother' ? found(mother) : part.prefix === 'father' ? found(father) : undefined);
  it('answer whether they are married, of which ethnicity the child is and where it comes from', () => {
    const { typed } = fillNewborn(birth, emptyTyped, register as never);
    expect(typed.fields).toMatchObject({ parents_marriage: 'married', parents_share_ethnicity: 'yes', child_ethnicity: '01' });
    expect(typed.addresses['child_native_place_area']).toEqual({ address_id: '530102', line: '云南省昆明市五华区' });
  });
  it('of two ethnicities leave the choice to the parents', () => {
    const mixed = (part: { prefix?: string }) => (part.prefix === 'mother' ? found(mother, { ethnicity: '14' }) : part.prefix === 'father' ? found(father) : undefined);
    const { typed } = fillNewborn(birth, emptyTyped, mixed as never);
    expect(typed.fields['parents_share_ethnicity']).toBe('no');
    expect(typed.fields['child_ethnicity']).toBeUndefined();
  });
  it('give the newborn its place among the children of the parent it follows', () => {
    expect(relationOfNewborn(found(mother), '1')).toBe('23');
    expect(relationOfNewborn(found(mother), '2')).toBe('32');
    expect(relationOfNewborn({ ...found(mother), kin: [] }, '2')).toBe('31');
  });
  it('say nothing of the relation where a child lives elsewhere or the parent is not the head’s', () => {
    expect(relationOfNewborn({ ...found(mother), kin: [{ person_id: '9', relative_id: '2', kind: 'mother' }] }, '1')).toBeUndefined();
    expect(relationOfNewborn(found({ ...mother, person_id: '9' }), '1')).toBeUndefined();
  });
});

it('a digit that belongs to an input method or to a chord chooses nothing', () => {
  const press = { key: '1', code: 'Digit1', keyCode: 49, isComposing: false, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, defaultPrevented: false };
  expect(digitOf(press)).toBe(1);
  for (const other of [{ isComposing: true }, { keyCode: 229 }, { altKey: true }, { ctrlKey: true }, { code: 'KeyA' }, { code: 'Digit0' }]) expect(digitOf({ ...press, ...other })).toBeNull();
});
