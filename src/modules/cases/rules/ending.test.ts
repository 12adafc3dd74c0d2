/** Registrations that end and those that come back; what must be proved for both. */
import { factsOf, homeOfTwo, moverOf, partOf, settled, today, word } from '../../../../test/harness/case-facts.ts';
import { table, type Row } from '../../../../test/harness/rule-table.ts';
import type { EnquiryFacts } from '../facts.ts';

const home = homeOfTwo();
const someone = { name: '王芳', relation: '12', sex: '2', birth_on: '1950-03-01' } as const;
type Changes = Parameters<typeof factsOf>[0];
const about = (changes: Changes = {}, somebody: { name: string; status?: string } = someone) => factsOf({ movers: [moverOf(somebody, home)], parts: partOf('subject', somebody, home), materials: [], ...changes });
const found = (result: EnquiryFacts['result']): EnquiryFacts[] => [{ result, enquired_on: today }];
const before = (days: number): string => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

table('is_not_deceased', [
  ['alive', about(), 'met'],
  ['on the way to another province', about({}, { ...someone, status: '5' }), 'met'],
  ['registered as dead', about({}, { ...someone, status: '1' }), /已登记死亡:王芳/],
  ['nobody of that number: another rule says so', factsOf({ movers: [{ name: '没有', id_number: '1', relation: '', person_id: null, person: null }] }), 'met'],
], '0403');

table('death_date_is_plausible', [
  ['today', about({ answers: { died_on: today } }), 'met'],
  ['tomorrow', about({ answers: { died_on: before(-1) } }), /晚于今日/],
  ['on the day of the birth', about({ answers: { died_on: '1950-03-01' } }), 'met'],
  ['a day before the birth', about({ answers: { died_on: '1950-02-28' } }), /早于出生日期/],
], '0201');

table('death_is_proved', [
  ['a medical certificate', about({ materials: [settled('M07')] }), 'met'],
  ['verified with the health department', about({ materials: [settled('M07', 'verified_online')] }), 'met'],
  ['a judgment', about({ materials: [settled('M10')] }), 'met'],
  ['an enquiry confirms it', about({ enquiries: found('confirmed') }), 'met'],
  ['an enquiry confirms a part', about({ enquiries: found('partly') }), /没有死亡证明/],
  ['nothing', about(), /没有死亡证明/],
  ['a promise', about({ materials: [settled('M11', 'commitment')] }), /没有死亡证明/],
  ['the health department knows another death', about({ materials: [settled('M07')], sources: [word('health_death', 'death_certificate', 'mismatch', 'M07')] }), /核验的结果与申报不一致/],
], '0201');

const notified = (supplied_on: string) => about({ materials: [{ ...settled('M59'), supplied_on }] });
table('notice_period_is_over', [
  ['given thirty days ago', notified(before(30)), 'met'],
  ['given twenty-nine days ago: the first day is told', notified(before(29)), /最早 2026-11-24/],
  ['not given', about(), /尚未书面告知亲属或公示/],
], '0203');

table('enlistment_is_verified', [
  ['the notice is there', about({ materials: [settled('M49')] }), 'met'], ['verified with the recruitment office', about({ materials: [settled('M49', 'verified_online')] }), 'met'],
  ['missing', about({ materials: [settled('M49', 'missing')] }), /没有入伍通知书/],
], '0801');

table('settlement_is_verified', [
  ...(['M50', 'M51', 'M52', 'M53', 'M55'] as const).map((code): Row => [`by ${code}`, about({ materials: [settled(code)] }), 'met']),
  ['missing', about(), /没有定居或国籍证明/],
], '0802');

const twice = (changes: Changes = {}, kept: { name: string } = { name: '王芳二' }) => about({ parts: { ...partOf('subject', someone, home), ...partOf('kept', kept) }, materials: [settled('M73')], ...changes });
table('duplicate_is_confirmed', [
  ['two records, reported', twice(), 'met'],
  ['the report is missing', twice({ materials: [] }), /没有重复\(虚假\)户口核查报告/],
  ['one and the same record', twice({}, someone), /是同一条/],
  ['the record to keep is unknown', twice({ parts: { ...partOf('subject', someone, home), ...partOf('kept', { name: '王芳二' }, null) } }), /没有找到保留的户口/],
  ['a false record keeps none', about({ materials: [settled('M73')] }), 'met'],
], '0804');

table('discharge_is_verified', [
  ['the papers are there', about({ materials: [settled('M54')] }), 'met'],
  ['missing', about(), /没有退役证件/],
], '0901');

table('cancellation_is_restorable', [
  ['in service', about({}, { ...someone, status: '3' }), 'met'],
  ['deleted', about({}, { ...someone, status: '7' }), 'met'],
  ['dead, and the judgment is revoked', about({ materials: [settled('M56')] }, { ...someone, status: '1' }), 'met'],
  ['dead, and an enquiry found the error', about({ enquiries: found('confirmed') }, { ...someone, status: '1' }), 'met'],
  ['dead', about({}, { ...someone, status: '1' }), /须有撤销宣告死亡的判决书/],
  ['registered', about(), /不需恢复/],
  ['on the way', about({}, { ...someone, status: '5' }), /迁移在途/],
  ['never registered', factsOf({ parts: partOf('subject', someone, null) }), /按补录办理/],
], '0903');

table('national_search_is_clear', [
  ['nobody', about({ sources: [word('national_population', 'no_other_registration', 'match')] }), 'met'],
  ['searched by hand', about({ materials: [settled('M44')] }), 'met'],
  ['somebody: paper does not help', about({ materials: [settled('M44')], sources: [word('national_population', 'no_other_registration', 'mismatch')] }), /疑似已有户口/],
  ['not searched', about(), /尚未完成全国人口信息比对/],
], '1001');

table('biometric_comparison_is_recorded', [
  ['the portrait is the same person’s', about({ sources: [word('face', 'same_person', 'match')] }), 'met'],
  ['the fingerprint is', about({ sources: [word('fingerprint', 'same_person', 'match')] }), 'met'],
  ['recorded by the officer', about({ materials: [settled('M44')] }), 'met'],
  ['one says no', about({ sources: [word('face', 'same_person', 'match'), word('fingerprint', 'same_person', 'mismatch')] }), /比对不一致/],
  ['not compared', about(), /尚未完成人像或指纹比对/],
], '0601');

table('enquiry_is_recorded', [
  ['confirmed', about({ enquiries: found('confirmed') }), 'met'],
  ['confirmed in part: those who decide weigh it', about({ enquiries: found('partly') }), 'met'],
  ['on paper', about({ materials: [settled('M43')] }), 'met'],
  ['the last one did not confirm', about({ enquiries: [...found('confirmed'), ...found('not_confirmed')] }), /调查结果为不属实/],
  ['none', about(), /没有调查走访记录/],
], '1001');

table('original_record_is_on_file', [
  ['the original', about({ materials: [settled('M41')] }), 'met'],
  ['a certified copy', about({ materials: [settled('M42')] }), 'met'],
  ['missing', about({ materials: [settled('M41', 'missing')] }), /更正须有原始底册/],
], '0602');
