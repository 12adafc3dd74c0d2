/** Households: heads, relations, splits, mergers, collective households. */
import { bornYearsAgo, factsOf, householdOf, idOf, link, moverOf, partOf, settled, type Somebody } from '../../../../test/harness/case-facts.ts';
import { table } from '../../../../test/harness/rule-table.ts';

const father: Somebody = { name: '李明' };
const mother: Somebody = { name: '王芳', relation: '12', sex: '2' };
const son: Somebody = { name: '李子', relation: '22', birth_on: bornYearsAgo(25) };
const child: Somebody = { name: '李小明', relation: '23', birth_on: bornYearsAgo(8) };
type Changes = Parameters<typeof factsOf>[0];

/** Members of one household are declared under the relations of the household to be. */
function declared(members: readonly Somebody[], relations: Record<string, string>, changes: Changes = {}) {
  const home = householdOf('home', members);
  return factsOf({ movers: members.filter((member) => relations[member.name] !== undefined).map((member) => moverOf(member, home, relations[member.name])), origins: [home], households: [home], ...changes });
}

table('household_has_one_head', [
  ['one head', declared([father, mother], { 王芳: '02' }), 'met'],
  ['two heads', declared([father, { ...mother, relation: '02' }], { 王芳: '02' }), /户主登记有误/],
  ['no head', declared([{ ...father, relation: '97' }, mother], { 王芳: '02' }), /户主登记有误/],
  ['a collective household has none', (() => { const home = householdOf('home', [{ ...father, relation: '99' }], { household_type: '2' }); return factsOf({ movers: [moverOf(father, home)], origins: [home] }); })(), 'met'],
], '1104');

table('new_head_is_adult_member', [
  ['an adult among them', declared([father, son], { 李子: '02' }), 'met'],
  ['nobody is named', declared([father, son], { 李子: '22' }), /没有写明户主/],
  ['of age tomorrow', declared([father, { ...son, birth_on: bornYearsAgo(18, 1) }], { 李子: '02' }), /未成年,请指定成年人/],
  ['of age today', declared([father, { ...son, birth_on: bornYearsAgo(18) }], { 李子: '02' }), 'met'],
  ['a minor where only minors live', declared([child], { 李小明: '02' }), 'met'],
  ['unknown to the register', factsOf({ movers: [{ name: '没有', id_number: '1', relation: '02', person_id: null, person: null }] }), /没有姓名与号码相符的新户主:没有/],
  ['named by a part, a member', declared([father, mother], { 李明: '11' }, { parts: partOf('new_head', mother) }), 'met'],
  ['named by a part, a stranger', declared([father, mother], { 李明: '11' }, { parts: partOf('new_head', { name: '路人' }) }), /不是本户成员/],
], '1104');

const splits = (changes: Changes = {}) => declared([father, mother, son], { 李子: '02' }, { materials: [settled('M24')], ...changes });
table('split_is_grounded', [
  ['one of three, with a title', splits(), 'met'],
  ['by marriage', splits({ materials: [settled('M21')] }), 'met'],
  ['nothing shows the ground', splits({ materials: [] }), /没有分户依据/],
  ['everybody leaves', declared([father, mother], { 李明: '02', 王芳: '12' }, { materials: [settled('M24')] }), /不构成分户/],
  ['of two households', (() => { const other = householdOf('other', [mother]); return { ...splits(), movers: [moverOf(son, householdOf('home', [father, son])), moverOf(mother, other)] }; })(), /不在同一户/],
], '1102');

const at = (address: string) => householdOf('there', [{ name: '周老' }], { address_id: idOf(address) });
const merges = (changes: Changes = {}) => declared([father, mother], { 李明: '97', 王芳: '97' }, { target_household: at('address of home'), ...changes });
table('merge_is_grounded', [
  ['at one address', merges(), 'met'],
  ['elsewhere, related', merges({ target_household: at('far away'), kin: [link('李明', 'father', '周老')] }), 'met'],
  ['elsewhere, not related', merges({ target_household: at('far away') }), /不能并户/],
  ['the household that stays was not found', merges({ target_household: null }), /没有找到要合并的户/],
  ['one and the same household', (() => { const home = householdOf('home', [father, mother]); return declared([father, mother], { 王芳: '97' }, { target_household: home }); })(), /在同一户,不需并户/],
], '1103');

table('relations_are_complete', [
  ['head and husband', declared([father, mother], { 王芳: '02', 李明: '11' }), 'met'],
  ['two heads', declared([father, mother], { 王芳: '02', 李明: '02' }), /户内关系有矛盾/],
  ['no head', declared([father, mother], { 王芳: '12', 李明: '11' }), /户内关系有矛盾/],
  ['a wife who is a man', declared([father, mother], { 王芳: '02', 李明: '12' }), /户内关系有矛盾/],
  ['those who join a household have its head', declared([father], { 李明: '97' }, { target_household: at('x') }), 'met'],
  ['a second head beside the one who is there', declared([father], { 李明: '02' }, { target_household: at('x') }), /户内关系有矛盾/],
], '1104');

const unit = (action: string, member_count: number, changes: Changes = {}) => {
  const dormitory = householdOf('dormitory', [], { household_type: '2' });
  return factsOf({ movers: [], answers: { collective_action: action }, target_household: dormitory, records: [{ ...dormitory, established_on: '2020-01-01', closed_on: null, unit_name: null, unit_code: null, manager_id: null, member_count }], materials: [settled('M62')], ...changes, ...(changes?.answers === undefined ? {} : { answers: { collective_action: action, ...changes.answers } }) });
};
table('collective_is_empty', [
  ['dissolved empty', unit('dissolve', 0), 'met'],
  ['one is left', unit('dissolve', 1), /尚有 1 人/],
  ['a change touches nobody', unit('change', 7), 'met'],
], '1201');

table('unit_is_registered', [
  ['its licence is there', unit('create', 0), 'met'],
  ['nothing shows it', unit('create', 0, { materials: [] }), /没有单位证照/],
  ['the manager is unknown', unit('create', 0, { parts: partOf('manager', { name: '没有' }, null) }), /协管员:没有/],
  ['dissolving asks for neither', unit('dissolve', 0, { materials: [] }), 'met'],
], '1201');

const sold = (materials: NonNullable<Changes>['materials'], settle_reason = 'dwelling_sold') => factsOf({ answers: { settle_reason }, materials: materials ?? [] });
table('dwelling_was_transferred', [
  ['sold, told', sold([settled('M24'), settled('M59')]), 'met'],
  ['the new title is missing', sold([settled('M59')]), /没有房屋转让后的不动产权证/],
  ['nobody was told', sold([settled('M24')]), /尚未书面告知原登记人员\(李明\)/],
  ['demolished', sold([], 'demolished'), 'met'],
], '1202');

