/** Moves between provinces and the grounds on which somebody settles. */
import { factsOf, homeOfTwo, householdOf, idOf, link, moverOf, settled, stations, today, word } from '../../../../test/harness/case-facts.ts';
import { table, type Row } from '../../../../test/harness/rule-table.ts';
import type { PaperFacts } from '../facts.ts';

type Changes = Parameters<typeof factsOf>[0];
const stranger = { name: '川来', id_number: '510107199205060019', relation: '02', person_id: null, person: null };
const arriving = (changes: Changes = {}) => factsOf({ movers: [stranger], origins: [], applicant: null, materials: [], ...changes });
const known = (status: string, station_code: string = stations.sameCounty) => moverOf({ name: '李明', status }, householdOf('home', [{ name: '李明' }], { station_code }));
const before = (days: number): string => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

table('comes_from_another_province', [
  ['unknown here', arriving(), 'met'],
  ['went to another province long ago', arriving({ movers: [known('2')] }), 'met'],
  ['registered in this county: the right service is named', arriving({ movers: [known('0')] }), /应按事项 0501/],
  ['registered in another prefecture', arriving({ movers: [known('0', stations.sameProvince)] }), /应按事项 0503/],
], '0301');

const there = householdOf('there', [{ name: '王芳', sex: '2' }], { station_code: stations.here });
const joins = (changes: Changes = {}) => factsOf({ movers: [moverOf({ name: '李明' }, homeOfTwo())], target_household: there, materials: [], ...changes });
table('marriage_is_valid', [
  ['spouses by the register', joins({ kin: [link('李明', 'spouse', '王芳')] }), 'met'],
  ['by certificate', joins({ materials: [settled('M21')] }), 'met'],
  ['nothing shows it', joins(), /都没有证明夫妻关系/],
  ['a promise is no marriage', joins({ materials: [settled('M21', 'commitment')] }), /提交结婚证/],
  ['divorced, says the register of marriages', joins({ materials: [settled('M21')], sources: [word('marriage', 'marriage', 'mismatch', 'M21')] }), /核验的结果与申报不一致/],
], '0301');

table('is_parent_or_child', [
  ['a mother among those who are there', joins({ kin: [link('李明', 'mother', '王芳')] }), 'met'],
  ['a child among them', joins({ kin: [link('王芳', 'father', '李明')] }), 'met'],
  ['a spouse is none', joins({ kin: [link('李明', 'spouse', '王芳')] }), /没有证明父母子女关系/],
  ['promised in writing', joins({ materials: [settled('M23', 'commitment')] }), 'met'],
], '0302');

table('meets_local_policy', [
  ...(['M28', 'M30', 'M31'] as const).map((code): Row => [`by ${code}`, arriving({ materials: [settled(code)] }), 'met']),
  ['nothing', arriving(), /没有劳动合同/],
], '0305');

const school = (household_type: string) => householdOf('school', [], { household_type });
table('enrolment_is_verified', [
  ['into the school’s household', arriving({ target_household: school('3'), materials: [settled('M32')] }), 'met'],
  ['into that of an employer', arriving({ target_household: school('2'), materials: [settled('M32')] }), /须落学校集体户/],
  ['no letter', arriving({ target_household: school('3') }), /没有录取通知书/],
], '0307');

const graduated = (degree_certificate_no: string, materials = [settled('M33')]) => arriving({ answers: { degree_certificate_no }, materials });
table('graduation_is_verified', [
  ['five years ago by the number', graduated('106731202105001234'), 'met'],
  ['six years ago', graduated('106731202005001234'), /毕业已超过 5 年/],
  ['a number that tells no year', graduated('X-77'), 'met'],
  ['no certificate', graduated('106731202505001234', []), /没有毕业证书/],
], '0308');

const permit = (changes: Partial<PaperFacts> = {}): PaperFacts => ({ kind: 'move_in_permit', number: '51Z202600000001', is_ours: false, state: 'issued', state_case_id: null, valid_until_on: today, id_numbers: [moverOf({ name: '李明' }, homeOfTwo()).id_number], ...changes });
const leaving = (papers: readonly PaperFacts[]) => factsOf({ movers: [moverOf({ name: '李明' }, homeOfTwo())], papers, answers: { permit_no: '51Z202600000001' } });
table('permit_is_valid', [
  ['on its last day', leaving([permit()]), 'met'],
  ['a day later', leaving([permit({ valid_until_on: before(1) })]), /有效期至 2026-11-22,已过期/],
  ['used', leaving([permit({ state: 'consumed' })]), /已使用或已作废/],
  ['void', leaving([permit({ state: 'void' })]), /已使用或已作废/],
  ['known to nobody', leaving([]), /没有此准迁证/],
  ['our own permit is for others', leaving([permit({ is_ours: true })]), /没有此准迁证/],
  ['somebody who is not on it', leaving([permit({ id_numbers: ['510107199205060019'] })]), /准迁证上没有:李明/],
], '0401');

const certificate = (changes: Partial<PaperFacts> = {}) => permit({ kind: 'migration_certificate', number: '51Q202600000001', ...changes });
const shows = (papers: readonly PaperFacts[]) => arriving({ papers, answers: { migration_certificate_no: '51Q202600000001' } });
table('certificate_is_unused', [
  ['issued', shows([certificate()]), 'met'],
  ['run out: it may be renewed', shows([certificate({ state: 'expired' })]), 'met'],
  ['used by another case', shows([certificate({ state: 'consumed', state_case_id: idOf('another case') })]), /已使用或已作废/],
  ['used by this very case', shows([certificate({ state: 'consumed', state_case_id: idOf('this case') })]), 'met'],
  ['void', shows([certificate({ state: 'void' })]), /已使用或已作废/],
  ['unknown', shows([]), /没有此迁移证件/],
], '0307');

table('not_settled_elsewhere', [
  ['on the way', factsOf({ movers: [known('5')] }), 'met'],
  ['home again already', factsOf({ movers: [known('0')] }), /已有正常户口/],
  ['a student who leaves is registered still', factsOf({ movers: [known('0')], file: { service_code: '0402' } }), 'met'],
  ['registered at the destination, says the national platform', factsOf({ movers: [known('5')], sources: [word('national_population', 'no_other_registration', 'mismatch')] }), /已在迁入地落户/],
], '0403');
