/** Newcomers to the register: births, adoptions, children found, people who were never entered. */
import { ageOn } from '../../../kernel/clock.ts';
import { givenNameViolations, lawfulName, NAME_DOT } from '../../reference/index.ts';
import { familyHousehold, personStatus, type PersonFacts } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, birthOf, civilCode, isProved, namesOf, personAs, proofOf, regulations, wordOf, workRules, type Rules } from './rule.ts';
import { surnameOf } from './surnames.ts';

const dayMs = 86_400_000;

export function followedParent(facts: CaseFacts): PersonFacts | null {
  const followed = answerOf(facts, 'follow_parent');
  return followed === 'father' || followed === 'mother' ? personAs(facts, followed) : personAs(facts, 'target_head');
}

const householdOf = (facts: CaseFacts, person: PersonFacts | null) => facts.households.find((household) => household.household_id === person?.household_id);

/** The name that the case gives: of the newcomer, or the new one. */
export const nameGiven = (facts: CaseFacts): string => facts.new_person?.name ?? answerOf(facts, 'new_name');

export const birthRules = {
  birth_certificate_is_unused: {
    label: { zh: '出生医学证明未被使用', en: 'The birth certificate was never used' }, law: workRules('第二十条', 'art. 20'),
    check: ({ past }) => (past.document_used
      ? { zh: '此出生医学证明已为一人登记过户口,请核对编号;编号无误的,先核查是否重复登记。', en: 'This birth certificate has registered somebody already; check its number, and if it is right look for a double registration.' } : null),
  },
  born_not_in_future: {
    label: { zh: '出生日期不晚于今日', en: 'The birth is not in the future' }, law: regulations('第七条', 'art. 7'),
    check: ({ new_person, today }) => (new_person !== null && new_person.birth_on > today
      ? { zh: `出生日期 ${new_person.birth_on} 晚于今日,请对照出生医学证明改正。`, en: `The birth date ${new_person.birth_on} lies after today; correct it by the birth certificate.` } : null),
  },
  born_recently: {
    label: { zh: '属当年出生', en: 'Born this year' }, law: regulations('第七条', 'art. 7'),
    check: ({ new_person, today, policy }) => {
      if (new_person === null || new_person.birth_on.slice(0, 4) === today.slice(0, 4)) return null;
      const days = (Date.parse(today) - Date.parse(new_person.birth_on)) / dayMs;
      return days <= policy.recent_birth_days ? null : { zh: `出生已超过 ${policy.recent_birth_days} 天,应按事项 0102 往年出生补报办理。`, en: `The birth lies more than ${policy.recent_birth_days} days back; it is registered by service 0102.` };
    },
  },
  mother_age_is_plausible: {
    label: { zh: '母亲生育年龄合理', en: 'The mother’s age is plausible' }, law: workRules('第二十条', 'art. 20'),
    check: (facts) => {
      const born = birthOf(facts, 'mother');
      if (born === null || facts.new_person === null) return null;
      const age = ageOn(born, facts.new_person.birth_on);
      const { mother_age_min, mother_age_max } = facts.policy;
      return age >= mother_age_min && age <= mother_age_max ? null : { zh: `母亲生育时 ${age} 岁,请核对母亲的身份;属实的由上级决定。`, en: `The mother was ${age} years old at the birth; check who she is, and if it is true the level above decides.` };
    },
  },
  no_likely_duplicate: {
    label: { zh: '无疑似重复登记', en: 'No likely double registration' }, law: workRules('第二十八条', 'art. 28'),
    check: ({ past, offices }) => (past.likely_same.length === 0 ? null : {
      zh: `户籍中已有疑似同一人:${past.likely_same.map((one) => `${one.name}(${one.birth_on},${offices.get(one.station_code) ?? one.station_code})`).join('、')}。请核查是否重复登记,由上级决定。`,
      en: `Registered already and perhaps the same: ${past.likely_same.map((one) => `${one.name} (${one.birth_on}, ${offices.get(one.station_code) ?? one.station_code})`).join(', ')}. Look for a double registration; the level above decides.`,
    }),
  },
  followed_parent_is_registered_here: {
    label: { zh: '被随落户一方户口在本所', en: 'Whom the child follows is registered here' }, law: workRules('第十九条', 'art. 19'),
    check: (facts) => {
      const parent = followedParent(facts);
      if (parent === null) return { zh: '户籍中没有找到被随落户一方,请核对姓名和公民身份号码。', en: 'Whom the child follows is not in the register; check name and number.' };
      if (parent.status !== personStatus.active || parent.household_id === null) return { zh: `${parent.name} 的户口不在正常状态,请改随另一方落户。`, en: `The registration of ${parent.name} is not active; let the child follow the other parent.` };
      return parent.station_code === facts.file.target_org ? null : { zh: `${parent.name} 的户口不在本所,请到其户口所在地派出所办理。`, en: `${parent.name} is registered with another station; register the child there.` };
    },
  },
  family_household_goes_first: {
    label: { zh: '家庭户与集体户并存时随家庭户一方', en: 'A family household goes before a collective one' }, law: workRules('第十九条', 'art. 19'),
    check: (facts) => {
      const followed = followedParent(facts);
      const other = [personAs(facts, 'father'), personAs(facts, 'mother')].find((parent) => parent !== null && parent.person_id !== followed?.person_id) ?? null;
      if (followed === null || other === null || followed.station_code.slice(0, 4) !== other.station_code.slice(0, 4)) return null;
      const [here, there] = [householdOf(facts, followed), householdOf(facts, other)];
      return here !== undefined && here.household_type !== familyHousehold && there?.household_type === familyHousehold
        ? { zh: `${followed.name} 为集体户,${other.name} 在同一州市有家庭户,应随家庭户一方落户。`, en: `${followed.name} is in a collective household and ${other.name} in a family household of the same prefecture; the child follows the family household.` } : null;
    },
  },
  ethnicity_follows_a_parent: {
    label: { zh: '民族依据父或母', en: 'The ethnicity is the father’s or the mother’s' }, law: { zh: '《中国公民民族成份登记管理办法》第五条', en: 'Measures on the registration of ethnicity, art. 5' },
    check: (facts) => {
      const named = (['father', 'mother'] as const).filter((part) => facts.parts[part] !== undefined);
      const known = named.flatMap((part) => personAs(facts, part) ?? []);
      // The ethnicity of a parent registered elsewhere is read from the papers by the officer.
      if (facts.new_person === null || known.length === 0 || known.length < named.length || known.some((parent) => parent.ethnicity === facts.new_person!.ethnicity)) return null;
      return { zh: `民族与父母(${namesOf(known)})的均不相同,请按父或母的民族填报。`, en: `The ethnicity is neither parent’s (${namesOf(known)}); declare the father’s or the mother’s.` };
    },
  },
  surname_is_lawful: {
    label: { zh: '姓氏符合规定', en: 'The surname is lawful' }, law: civilCode('第一千零一十五条', 'art. 1015'),
    check: (facts) => {
      const name = nameGiven(facts);
      const subject = personAs(facts, 'subject');
      const bearers = [facts.parts.father, facts.parts.mother, ...(subject === null ? [] : [subject])].filter((one) => one !== undefined);
      if (name === '' || name.includes(NAME_DOT) || bearers.length === 0 || answerOf(facts, 'surname_reason') !== '') return null;
      return bearers.some((bearer) => name.startsWith(surnameOf(bearer.name))) ? null
        : { zh: '姓氏与父母均不相同。请改随父姓或母姓;选取直系长辈血亲、扶养人姓氏或有其他正当理由的,请写明理由。', en: 'The surname is neither parent’s. Take the father’s or mother’s; for that of an elder relative or carer, or for another just reason, state the reason.' };
    },
  },
  name_is_lawful: {
    label: { zh: '姓名用字和长度合法', en: 'The name is lawfully written' }, law: workRules('第二十二条、第五十条', 'arts. 22, 50'),
    check: (facts) => {
      const name = nameGiven(facts);
      if (name === '') return null;
      const [fault] = lawfulName(name);
      if (fault !== undefined) return { zh: fault.zh, en: fault.en };
      const [rare] = name.includes(NAME_DOT) ? [] : givenNameViolations(name, surnameOf(name));
      return rare === undefined ? null : { zh: rare.zh, en: rare.en };
    },
  },
  foreign_document_is_authenticated: {
    label: { zh: '国外文书已认证并有译件', en: 'The foreign document is authenticated and translated' }, law: workRules('第二十三条', 'art. 23'),
    check: (facts) => proofOf(facts, ['M16'], { zh: '国(境)外出生证明须经认证并附中文译件,请告知补正。', en: 'The foreign birth document must be authenticated and translated; ask for it in the correction notice.' }),
  },
  nationality_is_clear: {
    label: { zh: '国籍无疑义', en: 'The nationality is clear' }, law: { zh: '《国籍法》第五条', en: 'Nationality Law, art. 5' },
    check: (facts) => {
      if (!isProved(facts, ['M17'])) return { zh: '没有中国护照或旅行证,国籍须由上级核实后决定。', en: 'There is no Chinese passport or travel document; the level above settles the nationality.' };
      return isProved(facts, ['M19'], { commitment: true }) ? null : { zh: '没有未取得外国国籍的声明,国籍须由上级核实后决定。', en: 'The declaration of no foreign nationality is missing; the level above settles the nationality.' };
    },
  },
  adoption_is_verified: {
    label: { zh: '收养关系已核实', en: 'The adoption is verified' }, law: civilCode('第一千一百零五条', 'art. 1105'),
    check: (facts) => {
      const adopter = personAs(facts, 'adopter');
      if (adopter === null || adopter.status !== personStatus.active) return { zh: '户籍中没有找到收养人,或其户口不在正常状态,请核对姓名和号码。', en: 'The adopter is not in the register or not active; check name and number.' };
      return proofOf(facts, ['M12', 'M13'], { zh: '收养关系须有收养登记证或事实收养公证书,请告知补正。', en: 'The adoption needs its registration certificate or a notarial deed; ask for it in the correction notice.' });
    },
  },
  rescue_search_is_clear: {
    label: { zh: '已排除失踪、被拐儿童', en: 'The child is not a missing or abducted one' }, law: workRules('第二十七条', 'art. 27'),
    check: (facts) => {
      if (wordOf(facts, 'national_population', 'not_missing') === 'match' || isProved(facts, ['M44'])) return null;
      return { zh: '尚未完成与失踪、被拐儿童信息的比对,或比对有疑似结果;由上级核实后决定。', en: 'The comparison with missing and abducted children is not done, or shows a likeness; the level above settles it.' };
    },
  },
} satisfies Rules;
