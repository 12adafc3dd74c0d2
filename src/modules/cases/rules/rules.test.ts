/** Is it lawful? One row for each side of each boundary: what is the case, and what the rule finds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, conditions } from '../../catalogue/index.ts';
import type { CaseFacts } from '../facts.ts';
import { bornYearsAgo, factsOf, homeOfTwo, householdOf, idOf, leaseOf, link, moverOf, numberOf, serviceNamed, settled, stations, type Somebody } from '../../../../test/harness/case-facts.ts';
import { table, type Row } from '../../../../test/harness/rule-table.ts';
import { check, rules } from './index.ts';
import { successorOf } from './rule.ts';

const nobody = { name: '没有', id_number: '530102190001010000', relation: '02', person_id: null, person: null };
const child: Somebody = { name: '李小明', relation: '21', birth_on: bornYearsAgo(8) };
const family = (...members: Somebody[]) => householdOf('home', [{ name: '李明', relation: '02' }, { name: '王芳', relation: '12', sex: '2' }, ...members]);

/** Some of a household move; the others stay. */
function moving(members: readonly Somebody[], names: readonly string[], changes: Parameters<typeof factsOf>[0] = {}): CaseFacts {
  const home = householdOf('home', members);
  const movers = members.filter((member) => names.includes(member.name)).map((member, at) => moverOf(member, home, at === 0 ? '02' : member.relation));
  return factsOf({ movers, origins: [home], applicant: movers[0]?.person ?? null, answers: { new_head_id_number: undefined }, ...changes });
}

/** Joins the household of 周老 at the declared address. */
function joining(changes: { household?: Partial<CaseFacts['target_household']>; answers?: Record<string, unknown>; relation?: string; materials?: CaseFacts['materials']; applicant?: CaseFacts['applicant']; members?: readonly Somebody[] } = {}): CaseFacts {
  const members = changes.members ?? [{ name: '周老' }];
  const there = householdOf('there', members, { address_id: idOf('new flat'), station_code: stations.here, ...changes.household });
  const home = homeOfTwo();
  const mover = moverOf({ name: '李明' }, home, changes.relation ?? '28');
  return factsOf({
    movers: [mover], target_household: there, materials: changes.materials ?? [settled('M01'), settled('M27')],
    answers: { household_choice: 'join', housing_basis: 'relative', target_head_name: '周老', target_head_id_number: numberOf('周老'), ...changes.answers },
    ...(changes.applicant === undefined ? {} : { applicant: changes.applicant }),
  });
}

table('identity_is_proved', [
  ['at the counter the officer compares person and card', factsOf({ file: { applicant_identity_level: 1 } }), 'met'],
  ['online with real name and live portrait (3)', factsOf({ file: { channel: 'online', applicant_identity_level: 3 } }), 'met'],
  ['online with real name only (2)', factsOf({ file: { channel: 'online', applicant_identity_level: 2 } }), /实名等级为 2/],
  ['nobody of that number', factsOf({ applicant: null }), /不相符/],
  ['the number is another person’s', factsOf({ file: { applicant_name: '李鸣' } }), /不相符/],
]);

const stranger = moverOf({ name: '路人' }, householdOf('elsewhere', [{ name: '路人' }])).person;
const parentElsewhere = moverOf({ name: '李父' }, householdOf('elsewhere', [{ name: '李父' }])).person;
const childAlone = (changes: Parameters<typeof factsOf>[0] = {}) => moving([{ name: '李明' }, { name: '王芳', relation: '12', sex: '2' }, child], ['李小明'], changes);
table('applicant_is_entitled', [
  ['one who moves applies', factsOf(), 'met'],
  ['the head applies for members and stays', moving([{ name: '李明' }, { name: '王芳', relation: '12' }], ['王芳'], { applicant: moverOf({ name: '李明' }, homeOfTwo()).person }), 'met'],
  ['a member who neither moves nor is head applies', moving([{ name: '李明' }, { name: '王芳', relation: '12' }, child], ['李小明'], { applicant: moverOf({ name: '王芳', relation: '12' }, homeOfTwo()).person }), /须为本人、户主或监护人/],
  ['the mother by the register applies for the child', moving([{ name: '李明' }, { name: '王芳', relation: '12' }, child], ['李小明'], { applicant: moverOf({ name: '王芳', relation: '12' }, homeOfTwo()).person, kin: [link('李小明', 'mother', '王芳')] }), 'met'],
  ['the head of the receiving household applies', joining({ applicant: moverOf({ name: '周老' }, householdOf('there', [{ name: '周老' }])).person }), 'met'],
  ['a parent who lives elsewhere applies for one child of two who move', moving([{ name: '李明' }, child, { ...child, name: '别人的孩子' }], ['李小明', '别人的孩子'], { applicant: parentElsewhere, kin: [link('李小明', 'father', '李父')] }), /须为本人、户主或监护人/],
  ['a stranger applies', factsOf({ applicant: stranger }), /须为本人、户主或监护人/],
  ['nobody of that number applies', factsOf({ applicant: null }), /没有找到申请人/],
  ['the police act of their own duty', factsOf({ applicant: null, file: { channel: 'ex_officio' } }), 'met'],
]);

table('registration_is_active', [
  ['active', factsOf(), 'met'],
  ['nobody of that name and number', factsOf({ movers: [nobody] }), /没有姓名与号码相符的:没有/],
  ['the name changed since it was declared', factsOf({ movers: [{ ...moverOf({ name: '李明' }, homeOfTwo()), name: '李名' }] }), /不相符:李名/],
  ['dead', factsOf({ movers: [moverOf({ name: '李明', status: '1' }, homeOfTwo())] }), /已登记死亡:李明/],
  ['cancelled abroad', factsOf({ movers: [moverOf({ name: '李明', status: '3' }, homeOfTwo())] }), /不在正常状态:李明/],
  ['in transit is the matter of another rule', factsOf({ movers: [moverOf({ name: '李明', status: '5' }, homeOfTwo())] }), 'met'],
  ['one of three is dead: only that one is named', moving([{ name: '李明' }, { name: '王芳', status: '1' }, child], ['李明', '王芳', '李小明']), /^已登记死亡:王芳。$/],
]);

const leased = (changes: Parameters<typeof leaseOf>[0]) => factsOf({ movers: [moverOf({ name: '李明', leases: [leaseOf(changes)] }, homeOfTwo())] });
table('no_conflicting_case', [
  ['no lease', factsOf(), 'met'],
  ['the lease of this very case', leased({ case_id: idOf('this case') }), 'met'],
  ['another move: case, holder, office, phone and end are told', leased({}), /^李明 正在办理另一业务\(5301025000002026112300007\),由关上派出所 王磊经办,电话 0871-1234567,占用至 2026-12-31。/],
  ['an office unknown here is told by its code, a missing phone by a dash', leased({ org_code: stations.sameProvince, holder_phone: null }), /由532901500000 王磊经办,电话 —/],
  ...(['cancel', 'death', 'restore', 'household'] as const).map((kind): Row => [`another case of kind ${kind}`, leased({ kind }), /正在办理另一业务/]),
  ...(['card', 'non_main_items', 'identity'] as const).map((kind): Row => [`a case of kind ${kind} does not conflict here`, leased({ kind }), 'met']),
]);

table('no_open_alteration', [
  ['no lease', factsOf(), 'met'],
  ['name, birth date or number is being altered', leased({ kind: 'identity' }), /正在变更更正姓名、出生日期或号码:李明/],
  ['a card in production does not block', leased({ kind: 'card' }), 'met'],
]);

table('no_move_in_transit', [
  ['registered', factsOf(), 'met'],
  ['moved out and not yet settled', factsOf({ movers: [moverOf({ name: '李明', status: '5' }, homeOfTwo())] }), /已迁出尚未落户:李明/],
]);

table('no_lawful_hold', [
  ['no hold', factsOf(), 'met'],
  ['a hold with document and end: the last day is named', factsOf({ holds: [{ person_id: idOf('李明'), document_no: '(2026)云01执5号', until_at: new Date('2026-12-31T16:00:00Z') }] }), /李明 有依法冻结,文书 \(2026\)云01执5号,至 2026-12-31。/],
  ['a hold on the applicant, who does not move', factsOf({ holds: [{ person_id: idOf('路人'), document_no: 'X', until_at: new Date('2027-01-01T00:00:00Z') }] }), 'met'],
  ['a hold on the applicant that ends first does not hide the one on a mover', factsOf({ holds: [
    { person_id: idOf('路人'), document_no: 'X', until_at: new Date('2026-12-01T00:00:00Z') }, { person_id: idOf('李明'), document_no: 'Y', until_at: new Date('2026-12-31T16:00:00Z') }] }), /李明 有依法冻结,文书 Y/],
]);

const at = (changes: Partial<NonNullable<CaseFacts['address']>>) => factsOf({ address: { ...factsOf().address!, ...changes } });
table('address_is_standard_and_ours', [
  ['a standard address of this station', factsOf(), 'met'],
  ['not a standard address', factsOf({ address: null }), /不在标准地址库/],
  ['another station’s: the office is named', at({ station_code: stations.samePrefecture }), /关上派出所/],
  ['given up today', at({ valid_to: '2026-11-23' }), /不在标准地址库/],
  ['given up tomorrow', at({ valid_to: '2026-11-24' }), 'met'],
]);

const housed = (housing_basis: string, code: string, state: Parameters<typeof settled>[1]) => factsOf({ answers: { housing_basis }, materials: [settled('M01'), settled(code, state)] });
table('dwelling_is_lawful', [
  ['an owned flat with its title', housed('owned', 'M24', 'provided'), 'met'],
  ['an owned flat, title found over the network', housed('owned', 'M24', 'verified_online'), 'met'],
  ['an owned flat, title missing', housed('owned', 'M24', 'missing'), /没有能证明合法稳定住所的材料/],
  ['an owned flat with a lease contract', housed('owned', 'M26', 'provided'), /没有能证明/],
  ['public housing with its contract', housed('public_rent', 'M26', 'provided'), 'met'],
  ['a filed private lease with its contract', housed('private_rent_filed', 'M26', 'provided'), 'met'],
  ['a filed private lease with a title of somebody', housed('private_rent_filed', 'M24', 'provided'), /没有能证明/],
  ['a relative’s flat with the owner’s consent', housed('relative', 'M27', 'commitment'), 'met'],
  ['a relative’s flat, consent optional and not given', housed('relative', 'M27', 'optional'), /没有能证明/],
]);

table('target_household_is_active_and_consents', [
  ['a new household joins nobody', factsOf(), 'met'],
  ['the head consents in writing', joining(), 'met'],
  ['the head consents by commitment', joining({ materials: [settled('M27', 'commitment')] }), 'met'],
  ['the head applies and needs no paper', joining({ materials: [settled('M01')], applicant: moverOf({ name: '周老' }, householdOf('there', [{ name: '周老' }])).person }), 'met'],
  ['no consent', joining({ materials: [settled('M01'), settled('M27', 'missing')] }), /缺少迁入户户主/],
  ['a certificate of something else is no consent', joining({ materials: [settled('M27', 'certificate')] }), /缺少迁入户户主/],
  ['no such household', { ...joining(), target_household: null }, /没有该户主的户/],
  ['closed', joining({ household: { status: 'closed' } }), /迁入户已注销/],
  ['at another address', joining({ household: { address_id: idOf('another flat') } }), /地址不一致|不一致/],
  ['the person named lives there and is not the head', joining({ members: [{ name: '周妻', sex: '2' }, { name: '周老', relation: '11' }] }), /不是迁入户的户主/],
  ['a collective household has no head to ask here', joining({ household: { household_type: '2' }, relation: '99', materials: [settled('M01')] }), 'met'],
]);

table('dwelling_is_free', [
  ['nobody is registered there', factsOf(), 'met'],
  ['the former owner’s household is registered there', factsOf({ dwelling: [{ household_id: idOf('former'), household_no: '530102500000009', member_count: 3 }] }), /530102500000009\(共 3 人\)/],
]);

table('collective_target_is_in_order', [
  ['a family household', joining(), 'met'],
  ['collective with the unit’s consent and relation 99', joining({ household: { household_type: '2' }, relation: '99' }), 'met'],
  ['collective, relation of a family', joining({ household: { household_type: '2' }, relation: '21' }), /关系应为“非亲属”\(99\):李明/],
  ['collective, the unit has not consented', joining({ household: { household_type: '3' }, relation: '99', materials: [settled('M01'), settled('M27', 'missing')] }), /缺少集体户单位或社区同意/],
  ['declared collective, the household is a family', joining({ answers: { housing_basis: 'collective' } }), /不是集体户/],
  ['declared collective, a new household', factsOf({ answers: { housing_basis: 'collective' } }), /不是集体户/],
]);

const minorAlone = (birth_on: string, changes: Parameters<typeof factsOf>[0] = {}) => moving([{ name: '李明' }, { ...child, birth_on }], ['李小明'], changes);
table('minor_does_not_move_alone', [
  ['an adult moves alone', factsOf(), 'met'],
  ['on the 18th birthday', minorAlone(bornYearsAgo(18)), 'met'],
  ['on the day before the 18th birthday', minorAlone(bornYearsAgo(18, 1)), /未成年人须由父母或监护人申请,或随其迁移:李小明/],
  ['born on 29 February: of age on 1 March, not before', { ...minorAlone('2008-02-29'), today: '2026-02-28' }, /李小明/],
  ['born on 29 February, on 1 March', { ...minorAlone('2008-02-29'), today: '2026-03-01' }, 'met'],
  ['a father by the register moves along', moving([{ name: '李明' }, child], ['李明', '李小明'], { kin: [link('李小明', 'father', '李明')] }), 'met'],
  ['a mother who stays applies', childAlone({ applicant: moverOf({ name: '王芳', relation: '12' }, homeOfTwo()).person, kin: [link('李小明', 'mother', '王芳')] }), 'met'],
  ['joins the household where the mother is', { ...childAlone({ kin: [link('李小明', 'mother', '王芳')] }), target_household: householdOf('there', [{ name: '周老' }, { name: '王芳', relation: '31' }]) }, 'met'],
  ['moves with a grown sister though a father is registered', moving([{ name: '李姐' }, child], ['李姐', '李小明'], { kin: [link('李小明', 'father', '李父')] }), /李小明/],
  ['no parent in the register, an adult moves along', moving([{ name: '李姐' }, child], ['李姐', '李小明']), 'met'],
  ['no parent in the register, alone', minorAlone(bornYearsAgo(8)), /李小明/],
  ['a parent moves along who is a minor too', moving([{ name: '小母', birth_on: bornYearsAgo(17) }, { ...child, birth_on: bornYearsAgo(0) }], ['小母', '李小明'], { kin: [link('李小明', 'mother', '小母')] }), /小母、李小明/],
]);

table('no_minor_left_alone', [
  ['an adult stays', factsOf(), 'met'],
  ['nobody stays', moving([{ name: '李明' }, child], ['李明', '李小明']), 'met'],
  ['only a child stays', moving([{ name: '李明' }, child], ['李明']), /只剩未成年人\(李小明\)/],
  ['who stays is 18 today', moving([{ name: '李明' }, { ...child, birth_on: bornYearsAgo(18) }], ['李明']), 'met'],
  ['who stays is 18 tomorrow', moving([{ name: '李明' }, { ...child, birth_on: bornYearsAgo(18, 1) }], ['李明']), /只剩未成年人/],
  ['a collective household is not left alone', factsOf({ origins: [householdOf('home', [{ name: '李明', relation: '99' }, { ...child, relation: '99' }], { household_type: '2' })] }), 'met'],
  ['two households are left, one of them to a child', (() => {
    const one = householdOf('one', [{ name: '李明' }]);
    const two = householdOf('two', [{ name: '王芳', sex: '2' }, child]);
    return factsOf({ movers: [moverOf({ name: '李明' }, one), moverOf({ name: '王芳', sex: '2' }, two, '12')], origins: [one, two] });
  })(), /李小明/],
]);

const headLeaves = (successor?: string, staying: readonly Somebody[] = [{ name: '王芳', relation: '12', sex: '2' }, child]) =>
  moving([{ name: '李明' }, ...staying], ['李明'], { answers: { new_head_id_number: successor === undefined ? undefined : numberOf(successor) } });
table('leaving_head_has_successor', [
  ['the head stays', moving([{ name: '李明' }, { name: '王芳', relation: '12' }], ['王芳']), 'met'],
  ['the whole household moves', moving([{ name: '李明' }, child], ['李明', '李小明']), 'met'],
  ['the head leaves, an adult follows', headLeaves('王芳'), 'met'],
  ['the head leaves, nobody is named: all who stay are told', headLeaves(), /户主迁出后尚有 王芳、李小明,请指定/],
  ['the one named does not stay', headLeaves('李明'), /请指定其中一名成年人/],
  ['the one named is a stranger', headLeaves('路人'), /请指定其中一名成年人/],
  ['a minor is named though an adult stays', headLeaves('李小明'), /新户主 李小明 未成年/],
  ['only minors stay: one may be head on record, the level above decides', headLeaves('李小明', [child]), 'met'],
  ['the head of a collective household', factsOf({ origins: [householdOf('home', [{ name: '李明', relation: '99' }, { name: '王芳', relation: '99' }], { household_type: '4' })], answers: { new_head_id_number: undefined } }), 'met'],
]);

const from = (station_code: string) => {
  const home = householdOf('home', [{ name: '李明' }, { name: '王芳', relation: '12', sex: '2' }], { station_code });
  return factsOf({ movers: [moverOf({ name: '李明' }, home)], origins: [home] });
};
table('scope_fits_service', [
  ['0501 inside the county', from(stations.sameCounty), 'met', '0501'],
  ['0502 inside the prefecture', from(stations.samePrefecture), 'met', '0502'],
  ['0503 inside the province', from(stations.sameProvince), 'met', '0503'],
  ['0503 inside the county: the right service is named', from(stations.sameCounty), /应按事项 0501/, '0503'],
  ['0501 between prefectures', from(stations.sameProvince), /应按事项 0503/, '0501'],
  ['0501 inside the prefecture', from(stations.samePrefecture), /应按事项 0502/, '0501'],
  ['inside one station', from(stations.sameStation), /应按事项 1102/, '0501'],
  ['from another province', from(stations.otherProvince), /应按事项 0304/, '0503'],
  ['people of two stations', factsOf({ movers: [moverOf({ name: '李明' }, householdOf('home', [])), moverOf({ name: '王芳' }, householdOf('b', [], { station_code: stations.sameCounty }))] }), /不在同一派出所辖区/],
  ['nobody found: another rule says so', factsOf({ movers: [nobody] }), 'met'],
]);

table('something_changes', [
  ['a new workplace', factsOf({ answers: { workplace: '昆明市第一中学' } }), 'met', '0703'],
  ['a height', factsOf({ answers: { height_cm: 172 } }), 'met', '0703'],
  ['nothing', factsOf(), /至少填写一项/, '0703'],
  ['empty texts are nothing', factsOf({ answers: { workplace: '', phone: null } }), /至少填写一项/, '0703'],
]);

describe('the preconditions of a service', () => {
  it('are looked at in the moments that the catalogue names, and say what failing means', () => {
    const facts = factsOf({ answers: { new_head_id_number: undefined }, movers: [moverOf({ name: '李明', status: '1' }, family(child))], origins: [family(child)] });
    const failed = (moment: 'accept' | 'approve' | 'execute') => check(facts, serviceNamed('0503'), moment).filter((one) => !one.passed).map(({ rule, on_fail }) => `${rule} ${on_fail}`);
    expect(failed('accept')).toEqual(['registration_is_active refuse', 'leaving_head_has_successor return']);
    expect(failed('approve')).toEqual([]);
    expect(failed('execute')).toEqual(['registration_is_active refuse', 'leaving_head_has_successor return']);
  });

  it.each(['0501', '0502', '0503', '0703'])('%s names rules that exist and are met when everything is in order', (code) => {
    const facts = factsOf({ ...from({ '0501': stations.sameCounty, '0502': stations.samePrefecture }[code] ?? stations.sameProvince), answers: { workplace: '学校', new_head_id_number: numberOf('王芳') } });
    for (const moment of ['accept', 'approve', 'execute'] as const) expect(check(facts, serviceNamed(code), moment).filter((one) => !one.passed)).toEqual([]);
  });

  it('every rule is tried by a table', () => {
    const tables = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts')).map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('');
    expect(Object.keys(rules).filter((rule) => !tables.includes(`table('${rule}'`))).toEqual([]);
  });

  it('every rule is asked for by some service', () => {
    const asked = new Set([...catalogue().services.keys()].flatMap((code) => serviceNamed(code).preconditions.map((one) => one.rule)));
    expect([...asked].sort()).toEqual(Object.keys(rules).sort());
  });
});

describe('the successor of a head', () => {
  it('is the member who stays and bears the number declared', () => {
    const home = family(child);
    const facts = factsOf({ movers: [moverOf({ name: '李明' }, home)], origins: [home], answers: { new_head_id_number: numberOf('王芳') } });
    expect(successorOf(home, facts)?.name).toBe('王芳');
  });
});

describe('consent', () => {
  it.each([
    ['an own flat, an own household', { housing_basis: 'owned', household_choice: 'new' }, false],
    ['a relative’s flat', { housing_basis: 'relative', household_choice: 'new' }, true],
    ['a collective household', { housing_basis: 'collective', household_choice: 'join' }, true],
    ['an own flat, but a household that is there', { housing_basis: 'owned', household_choice: 'join' }, true],
  ])('%s', (_situation, answers, needed) => {
    expect(conditions.housing_of_another(answers)).toBe(needed);
  });
});
