/** What the answers of a case become in the register, where the walk of test/services does not come: rare families, divorces, duplicates. */
import { describe, expect, it } from 'vitest';
import { factsOf, fileOf, householdOf, idOf, link, moverOf, newborn, numberOf, partOf, personOf, stations, today, type Somebody } from '../../../../test/harness/case-facts.ts';
import type { CaseFacts } from '../facts.ts';
import { effects } from './index.ts';

type Changes = Parameters<typeof factsOf>[0];

const actsOf = (effect: keyof typeof effects, changes: Changes): any[] => effects[effect].plan(factsOf({ movers: [], origins: [], ...changes }))?.acts ?? [];
const relationEntered = (acts: any[]): string => acts.find((act) => act.op === 'enter').relation;

const father: Somebody = { name: '父', relation: '02', birth_on: '1990-01-01' };
const mother: Somebody = { name: '母', relation: '12', sex: '2', birth_on: '1992-01-01' };
const onlyDaughter: Somebody = { name: '女', relation: '31', sex: '2', birth_on: '2020-01-01' };
const family = householdOf('family', [father, mother, onlyDaughter], { station_code: stations.here });
const kin = [link('父', 'spouse', '母'), link('母', 'spouse', '父'), link('女', 'father', '父'), link('女', 'mother', '母')];
const parents = { ...partOf('father', father, family), ...partOf('mother', mother, family) };
const bornTo = (changes: Changes): any[] => actsOf('register_birth', { new_person: newborn(), target_household: family, kin, parts: parents, ...changes });

describe('a newborn', () => {
  it('is the second daughter; her sister is an only child no longer', () => {
    const acts = bornTo({});
    expect(relationEntered(acts)).toBe('33');
    expect(acts).toContainEqual({ op: 'relate', person_id: idOf('女'), relation: '32' });
    expect(acts.filter((act) => act.op === 'link').map((act) => [act.kind, act.relative_id])).toEqual([['father', idOf('父')], ['mother', idOf('母')]]);
    expect(acts).toContainEqual({ op: 'use_document', kind: 'birth_certificate', number: 'X530000001' });
  });

  it('is a grandchild where the head is the mother’s father', () => {
    const home = householdOf('grandfather’s', [{ name: '外公', relation: '02', birth_on: '1960-01-01' }, { ...mother, relation: '31' }], { station_code: stations.here });
    expect(relationEntered(bornTo({ target_household: home, kin: [link('母', 'father', '外公')], parts: partOf('mother', mother, home) }))).toBe('44');
  });

  it('is an only child of a father who is alone', () => {
    const home = householdOf('alone', [father], { station_code: stations.here });
    expect(relationEntered(bornTo({ target_household: home, kin: [], parts: partOf('father', father, home), new_person: newborn({ sex: '1' }) }))).toBe('21');
  });

  it('has no rank while a brother is registered elsewhere', () => {
    const home = householdOf('alone', [father], { station_code: stations.here });
    expect(relationEntered(bornTo({ target_household: home, kin: [link('别处', 'father', '父')], parts: partOf('father', father, home) }))).toBe('39');
  });

  it('is no relative in a collective household', () => {
    const dormitory = householdOf('dormitory', [], { household_type: '2', station_code: stations.here });
    expect(relationEntered(bornTo({ target_household: dormitory, parts: parents }))).toBe('99');
  });
});

describe('an adopted child', () => {
  const orphan: Somebody = { name: '孤', relation: '21', birth_on: '2019-01-01' };
  const old = householdOf('old home', [{ name: '祖', relation: '02', birth_on: '1950-01-01' }, orphan], { station_code: stations.samePrefecture });
  const adoption = (changes: Changes = {}): any[] => actsOf('register_person', {
    new_person: newborn({ name: '孤', sex: '1', birth_on: '2019-01-01', birth_certificate_no: null }), target_household: family, origins: [old], answers: { adoption_certificate_no: 'SY-1' },
    kin: [...kin, link('孤', 'father', '生父')], parts: { ...partOf('adopter', mother, family), ...partOf('spouse', father, family), ...partOf('person', orphan, old) }, ...changes,
  });

  it('who is registered in the province moves, under the number that it has', () => {
    const acts = adoption();
    expect(acts.map((act) => act.op)).not.toContain('register_person');
    expect(acts).toContainEqual({ op: 'leave', person_id: idOf('孤') });
    expect(acts).toContainEqual(expect.objectContaining({ op: 'use_document', kind: 'adoption_certificate', number: 'SY-1' }));
  });

  it('belongs to the adopters; the link to the father of before ends', () => {
    const acts = adoption();
    expect(acts).toContainEqual(expect.objectContaining({ op: 'unlink', person_id: idOf('孤'), relative_id: idOf('生父'), kind: 'father' }));
    expect(acts.filter((act) => act.op === 'link').map((act) => [act.kind, act.relative_id]).sort()).toEqual([['father', idOf('父')], ['mother', idOf('母')]]);
  });
});

describe('marital status', () => {
  const marriage = (status: string, changes: Changes = {}): any[] => actsOf('change_non_main_items', { kin, answers: { new_marital_status: status }, ...changes });
  const subject = personOf(father, family, { marital_status: '20' });
  const spouse = personOf(mother, family, { marital_status: '20' });
  const both = { parts: partOf('subject', father, family, { marital_status: '20' }), persons: [subject, spouse] };

  it('a divorce is entered on both records, and the link ends for both', () => {
    const acts = marriage('40', both);
    expect(acts.filter((act) => act.op === 'alter').map((act) => [act.person_id, act.items.marital_status])).toEqual([[idOf('父'), '40'], [idOf('母'), '40']]);
    expect(acts.filter((act) => act.op === 'unlink')).toHaveLength(1);
  });

  it('a widower’s link ends; what the dead wife’s record says stays', () => {
    const acts = marriage('30', { ...both, persons: [subject, { ...spouse, status: '1' }] });
    expect(acts.map((act) => act.op)).toEqual(['alter', 'unlink']);
  });

  it('a second marriage ends the link of the first', () => {
    const acts = marriage('22', { ...both, parts: { ...both.parts, ...partOf('spouse', { name: '新娘', sex: '2' }) } });
    expect(acts.filter((act) => act.op === 'unlink').map((act) => act.relative_id)).toEqual([idOf('母')]);
    expect(acts.filter((act) => act.op === 'link').map((act) => act.relative_id)).toEqual([idOf('新娘')]);
  });
});

describe('main items', () => {
  const alter = (answers: Record<string, unknown>, subject: Somebody = onlyDaughter, service_code = '0601'): any[] => actsOf('alter_main_items', { file: { service_code }, answers, parts: partOf('subject', subject, family) });

  it('another sex takes another number and another word for the relation', () => {
    const acts = alter({ new_sex: '1' }, onlyDaughter, '0603');
    expect(acts.map((act) => act.op)).toEqual(['alter', 'renumber', 'relate']);
    expect(acts[1].number_area).toBe('530102');
    expect(acts[2].relation).toBe('21');
  });
  it('a birth date is corrected, never changed, and takes another number', () => {
    expect(alter({ new_birth_on: '2020-02-02' }, onlyDaughter, '0604')).toMatchObject([{ op: 'alter', kind: 'correction', items: { birth_on: '2020-02-02' } }, { op: 'renumber' }]);
  });
  it('a name changes alone; the old one is kept where that is asked for', () => {
    expect(alter({ new_name: '李新' })).toMatchObject([{ op: 'alter', kind: 'change', items: { name: '李新' } }]);
    expect(alter({ new_name: '李新', former_name_is_kept: true })[0].items).toEqual({ name: '李新', former_name: '女' });
  });
  it('a number of another province is replaced from the pool of the county', () => {
    const stranger = { ...partOf('subject', father, family, { id_number: '510107199001010011' }) };
    expect(actsOf('alter_main_items', { answers: { number_problem: 'duplicate' }, parts: stranger })).toMatchObject([{ op: 'renumber', number_area: stations.here.slice(0, 6) }]);
  });
});

describe('an end', () => {
  const leaving = (who: Somebody, home = family): Partial<CaseFacts> => ({ movers: [moverOf(who, home, who.relation)], origins: [home], kin });

  it('the head dies: his wife follows, the daughter is hers', () => {
    const acts = actsOf('register_death', {
      ...leaving(father), parts: { ...partOf('subject', father, family), ...partOf('new_head', mother, family) },
      answers: { died_on: '2026-11-20', death_certificate_kind: 'medical', death_certificate_no: 'D1', new_head_id_number: numberOf('母') },
    });
    expect(acts).toContainEqual({ op: 'relate', person_id: idOf('母'), relation: '02' });
    expect(acts.find((act) => act.op === 'set_status')).toMatchObject({ person_id: idOf('父'), died_on: '2026-11-20', reason_code: 'D1', on: today });
  });

  it('a court’s judgment says the day', () => {
    const acts = actsOf('register_death', { ...leaving(mother), parts: partOf('subject', mother, family), answers: { court_document_no: '(2026)云01民特1号', court_document_on: '2026-10-01' } });
    expect(acts.find((act) => act.op === 'set_status')).toMatchObject({ died_on: '2026-10-01', reason_code: 'D4' });
  });

  it('a duplicate is deleted; what it was to others, the record that is kept is', () => {
    const duplicate: Somebody = { name: '重', relation: '02', birth_on: '1990-01-01' };
    const home = householdOf('second home', [duplicate]);
    const acts = actsOf('cancel_duplicate', {
      movers: [moverOf(duplicate, home)], origins: [home], answers: { cancel_kind: 'duplicate' }, parts: { ...partOf('subject', duplicate, home), ...partOf('kept', father, family) },
      kin: [...kin, link('重', 'mother', '奶奶'), link('重', 'spouse', '前妻'), link('小', 'father', '重')],
    });
    expect(acts.find((act) => act.op === 'set_status')).toMatchObject({ person_id: idOf('重'), status: '7', reason_code: 'R1' });
    expect(acts.filter((act) => act.op === 'unlink')).toHaveLength(3);
    // The one kept has a wife of his own.
    expect(acts.filter((act) => act.op === 'link').map((act) => [act.person_id, act.kind, act.relative_id])).toEqual([[idOf('父'), 'mother', idOf('奶奶')], [idOf('小'), 'father', idOf('父')]]);
  });

  it('a false record is deleted, and nothing goes over to anybody', () => {
    const acts = actsOf('cancel_duplicate', { ...leaving(mother), parts: partOf('subject', mother, family), answers: { cancel_kind: 'false' } });
    expect(acts.filter((act) => ['link', 'unlink'].includes(act.op))).toEqual([]);
    expect(acts.find((act) => act.op === 'set_status')).toMatchObject({ reason_code: 'R2' });
  });
});

describe('a return', () => {
  const back = (status: string): any[] => actsOf('restore_registration', { target_household: family, kin, parts: partOf('subject', { name: '归', birth_on: '1991-01-01' }, family, { status, household_id: null, relation: null }) });

  it('of somebody entered as dead is a correction', () => {
    expect(back('1').find((act) => act.op === 'set_status')).toMatchObject({ status: '0', kind: 'correction' });
  });
  it('of somebody who served is none', () => {
    expect(back('3').find((act) => act.op === 'set_status')).not.toHaveProperty('kind');
  });
});

describe('households', () => {
  it('the wife becomes head: everybody else is to her what the links say', () => {
    const acts = actsOf('change_head', { origins: [family], kin, parts: partOf('new_head', mother, family) });
    expect(Object.fromEntries(acts.map((act) => [act.person_id, act.relation]))).toEqual({ [idOf('母')]: '02', [idOf('父')]: '11' });
  });

  it('a part of the family founds its own: the first is head where none was declared', () => {
    const acts = actsOf('split_household', { movers: [moverOf(mother, family, ''), moverOf(onlyDaughter, family, '31')], origins: [family], kin });
    expect(acts.filter((act) => act.op === 'enter').map((act) => act.relation)).toEqual(['02', '31']);
    expect(acts.filter((act) => act.op === 'relate')).toEqual([]);
  });

  const unit = householdOf('works', [], { household_type: '2', address_id: fileOf().target_address_id!, station_code: stations.here });
  const manage = (collective_action: string, changes: Changes = {}): any[] => actsOf('manage_collective', { target_household: unit, answers: { collective_action, unit_name: '云岭厂', household_type: '2' }, ...changes });

  it('a collective household is opened, changed and closed', () => {
    expect(manage('create', { target_household: null })).toMatchObject([{ op: 'found_household', household_type: '2', unit_name: '云岭厂' }]);
    expect(manage('change')).toEqual([{ op: 'change_household', household_id: unit.household_id, unit_name: '云岭厂', unit_code: null, manager_id: null }]);
    expect(manage('dissolve')).toEqual([{ op: 'close_household', household_id: unit.household_id }]);
  });
  it('one that moves house takes the station of the new address', () => {
    expect(manage('change', { file: { target_address_id: idOf('another house') } })[0]).toMatchObject({ address_id: idOf('another house'), station_code: stations.here });
  });
});
