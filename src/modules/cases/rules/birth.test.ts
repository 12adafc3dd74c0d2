/** Newcomers: births, adoptions, people who were never entered. */
import { bornYearsAgo, factsOf, householdOf, newborn, partOf, settled, stations, today, word } from '../../../../test/harness/case-facts.ts';
import { table } from '../../../../test/harness/rule-table.ts';

const mother = { name: '王芳', sex: '2', birth_on: bornYearsAgo(28), relation: '12' } as const;
const father = { name: '李明', birth_on: bornYearsAgo(30) } as const;
const past = { registered_since: null, likely_same: [], document_used: false };
type Changes = Parameters<typeof factsOf>[0];

/** A child of both follows its mother, who is registered here. */
const born = (changes: Changes = {}) => {
  const family = householdOf('home', [father, mother], { station_code: stations.here });
  return factsOf({ movers: [], origins: [], households: [family], new_person: newborn(), parts: { ...partOf('mother', mother, family), ...partOf('father', father, family) }, ...changes, answers: { follow_parent: 'mother', ...changes?.answers } });
};
const dayBefore = (days: number): string => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

table('birth_certificate_is_unused', [
  ['a new certificate', born(), 'met'],
  ['it has registered somebody', born({ past: { ...past, document_used: true } }), /已为一人登记过户口/],
], '0101');

table('born_not_in_future', [
  ['born today', born({ new_person: newborn({ birth_on: today }) }), 'met'],
  ['born tomorrow', born({ new_person: newborn({ birth_on: dayBefore(-1) }) }), /晚于今日/],
], '0101');

table('born_recently', [
  ['on the first day of this year', born({ new_person: newborn({ birth_on: '2026-01-01' }) }), 'met'],
  ['last year, 365 days ago', born({ new_person: newborn({ birth_on: dayBefore(365) }) }), 'met'],
  ['last year, 366 days ago', born({ new_person: newborn({ birth_on: dayBefore(366) }) }), /事项 0102/],
], '0101');

const motherBorn = (birth_on: string) => born({ parts: partOf('mother', { ...mother, birth_on }), new_person: newborn({ birth_on: today }) });
table('mother_age_is_plausible', [
  ['12 on the day', motherBorn(bornYearsAgo(12)), 'met'],
  ['a day younger', motherBorn(bornYearsAgo(12, 1)), /生育时 11 岁/],
  ['60, the last day before 61', motherBorn(bornYearsAgo(61, 1)), 'met'],
  ['61', motherBorn(bornYearsAgo(61)), /生育时 61 岁/],
  ['a mother of another province: the number tells her age', born({ parts: { mother: { part: 'mother', name: '远方', id_number: '510107201601012240', person_id: null, person: null } }, new_person: newborn({ birth_on: today }) }), /生育时 10 岁/],
  ['no mother is named', born({ parts: partOf('father', father) }), 'met'],
], '0101');

table('no_likely_duplicate', [
  ['nobody alike', born(), 'met'],
  ['somebody of the same name and day elsewhere: name, day and station are told', born({ past: { ...past, likely_same: [{ name: '李安乐', birth_on: '2026-11-01', station_code: stations.samePrefecture }] } }), /李安乐\(2026-11-01,关上派出所\)/],
], '0101');

const motherHere = householdOf('hers', [mother], { station_code: stations.here });
table('followed_parent_is_registered_here', [
  ['the mother followed is registered here', born(), 'met'],
  ['registered with another station', born({ parts: partOf('mother', mother, householdOf('elsewhere', [mother], { station_code: stations.samePrefecture })) }), /户口不在本所/],
  ['not in the register', born({ parts: partOf('mother', mother, null) }), /没有找到被随落户一方/],
  ['moved out and on the way', born({ parts: partOf('mother', { ...mother, status: '5' }, motherHere) }), /不在正常状态/],
  ['follows a grandparent', born({ answers: { follow_parent: 'grandparent' }, parts: partOf('target_head', { name: '李祖' }) }), 'met'],
], '0101');

const collective = householdOf('dormitory', [mother], { station_code: stations.here, household_type: '3' });
const withFather = (station_code: string, household_type = '1') => {
  const his = householdOf('his', [father], { station_code, household_type });
  return born({ households: [collective, his], parts: { ...partOf('mother', mother, collective), ...partOf('father', father, his) } });
};
table('family_household_goes_first', [
  ['she in a dormitory, he in a family household of the prefecture', withFather(stations.samePrefecture), /应随家庭户一方落户/],
  ['he in another prefecture', withFather(stations.sameProvince), 'met'],
  ['both in dormitories', withFather(stations.samePrefecture, '2'), 'met'],
  ['one family', born(), 'met'],
], '0101');

const ofEthnicity = (hers: string, his: string | null, own: string) => born({
  parts: { ...partOf('mother', mother, motherHere, { ethnicity: hers }), ...(his === null ? partOf('father', father, null) : partOf('father', father, undefined, { ethnicity: his })) }, new_person: newborn({ ethnicity: own }),
});
table('ethnicity_follows_a_parent', [
  ['the mother’s', ofEthnicity('14', '01', '14'), 'met'],
  ['the father’s', ofEthnicity('14', '01', '01'), 'met'],
  ['neither’s', ofEthnicity('14', '01', '05'), /与父母\(李明、王芳\)的均不相同/],
  ['the father is not in this register: the papers tell', ofEthnicity('14', null, '05'), 'met'],
], '0101');

const called = (name: string, answers: Record<string, unknown> = {}) => born({ new_person: newborn({ name }), answers });
table('surname_is_lawful', [
  ['the father’s', called('李安乐'), 'met'],
  ['the mother’s', called('王安乐'), 'met'],
  ['another', called('赵安乐'), /姓氏与父母均不相同/],
  ['another, with a stated reason', called('赵安乐', { surname_reason: '随外祖父姓' }), 'met'],
  ['a transliterated name has no Han surname', called('买买提·艾力'), 'met'],
  ['a surname of two characters is taken whole', born({ new_person: newborn({ name: '欧安乐' }), parts: partOf('father', { ...father, name: '欧阳修文' }) }), /姓氏与父母均不相同/],
], '0101');

table('name_is_lawful', [
  ['characters of the general table', called('李安乐'), 'met'],
  ['one character', called('李'), /。$/],
  ['a Latin letter', called('李A乐'), /。$/],
  ['a given name beyond the table', called('李龘靐'), /通用规范汉字表/],
  ['a new name of somebody registered', factsOf({ answers: { new_name: '李·' } }), /。$/],
], '0101');

table('foreign_document_is_authenticated', [
  ['authenticated and translated', born({ materials: [settled('M16')] }), 'met'],
  ['missing', born({ materials: [settled('M16', 'missing')] }), /须经认证并附中文译件/],
], '0103');

table('nationality_is_clear', [
  ['a Chinese passport and a declaration', born({ materials: [settled('M17'), settled('M19', 'commitment')] }), 'met'],
  ['no Chinese paper', born({ materials: [settled('M17', 'missing'), settled('M19')] }), /没有中国护照或旅行证/],
  ['no declaration', born({ materials: [settled('M17'), settled('M19', 'missing')] }), /没有未取得外国国籍的声明/],
], '0103');

const adopts = (changes: Changes = {}) => born({ parts: partOf('adopter', father), materials: [settled('M12')], ...changes });
table('adoption_is_verified', [
  ['registered', adopts(), 'met'],
  ['by a notary’s deed', adopts({ materials: [settled('M13')] }), 'met'],
  ['nothing shows it', adopts({ materials: [] }), /须有收养登记证或事实收养公证书/],
  ['the register of adoptions says otherwise', adopts({ sources: [word('adoption', 'adoption', 'mismatch', 'M12')] }), /核验的结果与申报不一致/],
  ['a promise is no adoption', adopts({ materials: [settled('M12', 'commitment')] }), /须有收养登记证/],
  ['the adopter is unknown', adopts({ parts: partOf('adopter', father, null) }), /没有找到收养人/],
  ['the adopter’s registration has ended', adopts({ parts: partOf('adopter', { ...father, status: '4' }) }), /没有找到收养人,或其户口不在正常状态/],
], '0104');

table('rescue_search_is_clear', [
  ['compared, nobody is missing', born({ sources: [word('national_population', 'not_missing', 'match')] }), 'met'],
  ['compared by hand', born({ materials: [settled('M44')] }), 'met'],
  ['a likeness', born({ sources: [word('national_population', 'not_missing', 'mismatch')] }), /疑似结果/],
  ['not answered yet', born({ sources: [word('national_population', 'not_missing', null)] }), /尚未完成/],
  ['unavailable is no match', born({ sources: [word('national_population', 'not_missing', 'unavailable')] }), /尚未完成/],
], '0104');

