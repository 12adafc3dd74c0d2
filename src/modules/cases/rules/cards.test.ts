/** Cards, certificates and the archive. */
import { altered, bornYearsAgo, factsOf, homeOfTwo, householdOf, link, moverOf, partOf, settled, today, word, type Somebody } from '../../../../test/harness/case-facts.ts';
import { table } from '../../../../test/harness/rule-table.ts';
import type { PersonFacts } from '../../population/index.ts';
import type { CardFacts } from '../facts.ts';

const home = homeOfTwo();
type Changes = Parameters<typeof factsOf>[0];
const about = (changes: Changes = {}, somebody: Somebody = { name: '李明' }, record: Partial<PersonFacts> = {}) =>
  factsOf({ movers: [moverOf(somebody, home)], parts: partOf('subject', somebody, home, record), applicant: moverOf(somebody, home).person, materials: [], ...changes });
const card = (changes: Partial<CardFacts> = {}): CardFacts => ({ in_production: false, applied_for: false, in_force: true, valid_until_on: today, ...changes });
const inDays = (days: number): string => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);

table('no_card_in_production', [
  ['none', about({ card: card() }), 'met'],
  ['one is being made', about({ card: card({ in_production: true }) }), /正在制作/],
  ['nobody knows of a card', about(), 'met'],
], '1302');

const expires = (valid_until_on: string | null, card_reason = '21') => about({ card: card({ valid_until_on }), answers: { card_reason } });
table('renewal_is_due', [
  ['ninety days before the end', expires(inDays(90)), 'met'],
  ['ninety-one days before', expires(inDays(91)), /届满前 90 天起/],
  ['run out', expires(inDays(-400)), 'met'],
  ['valid for life', expires(null), /长期有效/],
  ['damaged: at any time', expires(inDays(2000), '23'), 'met'],
  ['no card in force', about({ card: card({ in_force: false, valid_until_on: null }), answers: { card_reason: '21' } }), 'met'],
], '1302');

table('fingerprint_matches', [
  ['the same', about({ sources: [word('fingerprint', 'same_person', 'match')] }), 'met'],
  ['another’s', about({ sources: [word('fingerprint', 'same_person', 'mismatch')], materials: [settled('M65')] }), /指纹比对不一致/],
  ['taken anew', about({ materials: [settled('M65')] }), 'met'],
  ['none', about(), /没有指纹比对结果/],
], '1302');

table('card_is_applied_for', [
  ['a card is on order', about({ card: card({ applied_for: true }) }), 'met'],
  ['none', about({ card: card() }), /请先申领/],
], '1304');

const minor = (birth_on: string, changes: Changes = {}) => about({ applicant: null, ...changes }, { name: '李小明', birth_on });
const father = moverOf({ name: '李明' }, home).person;
table('minor_card_by_guardian', [
  ['sixteen today', minor(bornYearsAgo(16)), 'met'],
  ['sixteen tomorrow', minor(bornYearsAgo(16, 1)), /须由监护人代为申领/],
  ['the father applies', minor(bornYearsAgo(8), { applicant: father, kin: [link('李小明', 'father', '李明')] }), 'met'],
  ['an appointed guardian applies', minor(bornYearsAgo(8), { applicant: father, kin: [link('李小明', 'guardian', '李明')] }), 'met'],
  ['a neighbour applies', minor(bornYearsAgo(8), { applicant: father }), /请提交监护关系证明/],
  ['the guardianship is promised', minor(bornYearsAgo(8), { applicant: father, materials: [settled('M68', 'commitment')] }), 'met'],
], '1301');

table('remote_conditions_met', [
  ['works here', about({ answers: { remote_basis: 'work' } }), 'met'],
  ['no ground', about(), /请选择异地受理的依据/],
  ['not in this province’s register', factsOf({ parts: partOf('subject', { name: '川来' }, null) }), /没有找到当事人/],
  ['the registration has ended', about({ answers: { remote_basis: 'work' } }, { name: '李明', status: '4' }), /不在正常状态/],
], '1305');

table('matches_national_platform', [
  ['agrees', about({ sources: [word('national_population', 'identity', 'match')] }), 'met'],
  ['differs', about({ sources: [word('national_population', 'identity', 'mismatch')], materials: [settled('M47')] }), /不一致/],
  ['not asked', about(), /尚未与国家人口平台核对/],
  ['checked by hand', about({ materials: [settled('M47')] }), 'met'],
], '1301');

const asks = (who: Somebody, changes: Changes = {}) => about({ applicant: moverOf(who, householdOf(`home of ${who.name}`, [who])).person, ...changes });
table('requester_is_entitled', [
  ['oneself', about(), 'met'],
  ['of the same household', about({ applicant: moverOf({ name: '王芳', sex: '2', relation: '12' }, home).person }), 'met'],
  ['a father who lives elsewhere', asks({ name: '李父' }, { kin: [link('李明', 'father', '李父')] }), 'met'],
  ['a stranger', asks({ name: '路人' }), /近亲属/],
  ['a stranger with a mandate', asks({ name: '路人' }, { materials: [settled('M69')] }), 'met'],
  ['a lawyer without papers asks for the archive', asks({ name: '路人' }), /律师、公证和其他单位请提交/, '1402'],
  ['of the police', about({ applicant: null, file: { channel: 'ex_officio' } }), 'met'],
], '1401');

table('purpose_is_lawful', [
  ['one’s own archive', about(), 'met'],
  ['another’s, without a purpose', asks({ name: '路人' }), /用途证明/],
  ['another’s, for a lawsuit', asks({ name: '路人' }, { materials: [settled('M71')] }), 'met'],
], '1402');

const certifies = (certificate_kind: string, record: Partial<PersonFacts> = {}, status = '0', changes: Changes = {}) => about({ answers: { certificate_kind }, ...changes }, { name: '李明', status }, record);
table('fact_is_registered', [
  ['a booklet of somebody registered', certifies('booklet_replaced'), 'met'],
  ['a booklet of somebody who left', certifies('booklet_lost', {}, '5'), /不能补换发户口簿/],
  ['an alteration that was made', certifies('alteration', { alterations: [altered('name')] }), 'met'],
  ['only the status ever changed', certifies('alteration', { alterations: [altered('status')] }), /没有变更更正的记录/],
  ['a cancellation', certifies('cancellation', {}, '3'), 'met'],
  ['no cancellation', certifies('cancellation'), /户口未注销/],
  ['kinship', certifies('kinship', {}, '0', { kin: [link('李明', 'mother', '李母')] }), 'met'],
  ['no kinship is registered', certifies('kinship'), /没有登记亲属关系/],
  ['the history of moves', certifies('migration_history'), 'met'],
  ['nobody of that name', factsOf({ parts: partOf('subject', { name: '没有' }, null) }), /没有姓名与号码相符/],
], '1401');
