/** Items of the record that change or were wrong. */
import { altered, bornYearsAgo, factsOf, homeOfTwo, link, moverOf, partOf, settled, word } from '../../../../test/harness/case-facts.ts';
import { table } from '../../../../test/harness/rule-table.ts';
import type { PersonFacts } from '../../population/index.ts';
import type { OpinionFacts } from '../facts.ts';

const home = homeOfTwo();
const someone = { name: '李明' };
type Changes = Parameters<typeof factsOf>[0];
const about = (changes: Changes = {}, record: Partial<PersonFacts> = {}, somebody: { name: string; birth_on?: string } = someone) =>
  factsOf({ movers: [moverOf(somebody, home)], parts: { ...partOf('subject', somebody, home, record), ...changes?.parts }, materials: [], ...Object.fromEntries(Object.entries(changes ?? {}).filter(([name]) => name !== 'parts')) });
const aged = (years: number, days: number, changes: Changes = {}, record: Partial<PersonFacts> = {}) => about(changes, record, { name: '李小明', birth_on: bornYearsAgo(years, days) });

table('something_changes', [
  ['another name', about({ answers: { new_name: '李明远' } }), 'met', '0601'],
  ['the name of now', about({ answers: { new_name: '李明' } }), /与户籍登记相同/, '0601'],
  ['the name of now in other spaces', about({ answers: { new_name: ' 李明 ' } }), /与户籍登记相同/, '0601'],
  ['another native place beside the same birthplace', about({ answers: { new_birthplace_area: '530102', new_native_place_area: '530111' } }), 'met', '0607'],
  ['both as they are', about({ answers: { new_birthplace_area: '530102', new_native_place_area: '530102' } }), /与户籍登记相同/, '0607'],
  ['the same marital status, but a spouse nobody has linked', about({ answers: { new_marital_status: '10' }, parts: partOf('spouse', { name: '王芳', sex: '2' }) }), 'met', '0702'],
  ['the same status and the spouse of the register', about({ answers: { new_marital_status: '10' }, parts: partOf('spouse', { name: '王芳', sex: '2' }), kin: [link('李明', 'spouse', '王芳')] }), /与户籍登记相同/, '0702'],
]);

table('name_changes_within_limit', [
  ['never changed', about(), 'met'],
  ['corrected once', about({}, { alterations: [altered('name', { kind: 'correction' })] }), 'met'],
  ['changed once', about({}, { alterations: [altered('name')] }), /已变更姓名 1 次/],
], '0601');

table('minor_has_parents_consent', [
  ['of age today', aged(18, 0), 'met'],
  ['of age tomorrow', aged(18, 1), /须父母双方同意书/],
  ['a minor, both parents agree', aged(10, 0, { materials: [settled('M38')] }), 'met'],
  ['a minor, promised in writing', aged(10, 0, { materials: [settled('M38', 'commitment')] }), 'met'],
  ['a minor, custody by judgment', aged(10, 0, { materials: [settled('M39')] }), 'met'],
], '0601');

table('minor_was_heard', [
  ['eight tomorrow', aged(8, 1), 'met'],
  ['eight today, asked', aged(8, 0, { answers: { child_agrees: true } }), 'met'],
  ['eight today, does not agree', aged(8, 0, { answers: { child_agrees: false } }), /请当面征求本人意见/],
  ['seventeen, not asked', aged(17, 0), /已满八周岁/],
  ['of age', aged(18, 0), 'met'],
], '0601');

table('sex_evidence_is_verified', [
  ['a forensic report', about({ materials: [settled('M40')] }), 'met'],
  ['missing', about({ materials: [settled('M40', 'missing')] }), /没有三级医院的性别鉴定证明/],
], '0603');

const evidence = (evidence_on: string, since: string | null) => about({ answers: { evidence_on }, materials: [settled('M41')], past: { registered_since: since, likely_same: [], document_used: false } });
table('birth_date_evidence_is_older', [
  ['a day before the first registration', evidence('1985-05-31', '1985-06-01'), 'met'],
  ['of the same day', evidence('1985-06-01', '1985-06-01'), /晚于首次登记/],
  ['the register does not tell the first day', evidence('1985-06-01', null), 'met'],
  ['nothing is shown', about({ answers: { evidence_on: '1980-01-01' } }), /没有出生日期的原始凭证/],
], '0604');

table('birth_date_never_corrected', [
  ['never', about(), 'met'],
  ['once', about({}, { alterations: [altered('birth_on', { kind: 'correction' })] }), /已更正过一次/],
], '0604');

table('ethnicity_change_is_lawful', [
  ['nineteen, never changed', aged(20, 1), 'met'],
  ['twenty today', aged(20, 0), /年满 20 周岁/],
  ['changed before', aged(10, 0, {}, { alterations: [altered('ethnicity')] }), /已变更过一次/],
  ['corrected before', aged(10, 0, {}, { alterations: [altered('ethnicity', { kind: 'correction' })] }), 'met'],
  ['a correction knows no age', about({ answers: { alteration_kind: 'correction' } }), 'met'],
], '0605');

const basis = (ethnicity: string | null, answers: Record<string, unknown> = { basis_parent: 'mother', new_ethnicity: '14' }) =>
  about({ answers, parts: ethnicity === null ? partOf('mother', { name: '王芳', sex: '2' }, null) : partOf('mother', { name: '王芳', sex: '2' }, undefined, { ethnicity }) });
table('ethnicity_follows_basis_parent', [
  ['the mother’s', basis('14'), 'met'],
  ['not hers', basis('01'), /与 王芳 的民族不一致/],
  ['she is not in the register', basis(null), /没有找到所依据的父或母/],
], '0605');

const said = (status: OpinionFacts['status'], stage: OpinionFacts['stage'] = 'approval'): OpinionFacts => ({ agency: 'ethnic_affairs', stage, status, document_no: '云民〔2026〕7号' });
table('agency_has_approved', [
  ['approved by the prefecture', about({ opinions: [said('approved', 'preliminary'), said('approved')] }), 'met'],
  ['only the county has spoken', about({ opinions: [said('approved', 'preliminary')] }), /尚无州市民族工作部门的审批意见/],
  ['refused', about({ opinions: [said('refused')] }), /不同意\(云民〔2026〕7号\)/],
  ['its letter was brought', about({ materials: [settled('M45')] }), 'met'],
  ['not answered', about(), /尚无州市民族工作部门/],
], '0605');

table('number_problem_is_confirmed', [
  ['confirmed by the national platform', about({ sources: [word('national_population', 'number_problem', 'match')] }), 'met'],
  ['the check sheet is on file', about({ materials: [settled('M47')] }), 'met'],
  ['not confirmed', about(), /尚未核查属实/],
], '0606');
