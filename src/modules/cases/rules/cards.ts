/** Identity cards: first issue, renewal, loss, cards away from home. */
import { ageOn } from '../../../kernel/clock.ts';
import { personStatus } from '../../population/index.ts';
import { answerOf, cardLaw, isProved, parentsOf, personAs, wordOf, workRules, type Rules } from './rule.ts';

const dayMs = 86_400_000;
const daysUntil = (day: string, today: string): number => (Date.parse(day) - Date.parse(today)) / dayMs;
/** catalogue/codes: id-card-apply-reason. */
const reasons = { expiry: '21' } as const;

export const cardRules = {
  no_card_in_production: {
    label: { zh: '无在制居民身份证', en: 'No card is being produced' }, law: workRules('第七十八条', 'art. 78'),
    check: ({ card }) => (card?.in_production === true ? { zh: '已有一张居民身份证正在制作,请领取后再办;丢失领取凭证的凭身份核验领取。', en: 'A card is being produced already; collect it first, without the slip by proving who you are.' } : null),
  },
  renewal_is_due: {
    label: { zh: '符合换领条件', en: 'The renewal is due' }, law: cardLaw('第十一条', 'art. 11'),
    check: (facts) => {
      if (answerOf(facts, 'card_reason') !== reasons.expiry || facts.card?.in_force !== true) return null;
      const until = facts.card.valid_until_on;
      if (until === null) return { zh: '现有居民身份证长期有效,不需换领;证件损坏的,请改选“损坏换领”。', en: 'The card is valid for life and needs no renewal; if it is damaged choose that reason.' };
      return daysUntil(until, facts.today) <= facts.policy.card_renewal_days ? null : { zh: `居民身份证有效期至 ${until},届满前 ${facts.policy.card_renewal_days} 天起可以换领。`, en: `The card is valid until ${until}; it can be renewed within the last ${facts.policy.card_renewal_days} days.` };
    },
  },
  fingerprint_matches: {
    label: { zh: '指纹比对一致', en: 'The fingerprint matches' }, law: cardLaw('第三条', 'art. 3'),
    check: (facts) => {
      const word = wordOf(facts, 'fingerprint', 'same_person');
      if (word === 'mismatch') return { zh: '指纹比对不一致,由上级复核人像后决定。', en: 'The fingerprint does not match; the level above compares the portrait and decides.' };
      return word === 'match' || isProved(facts, ['M65', 'M44']) ? null : { zh: '没有指纹比对结果;指纹无法采集的,请注明原因并由上级决定。', en: 'No fingerprint comparison is on record; if no print can be taken, note why and let the level above decide.' };
    },
  },
  card_is_applied_for: {
    label: { zh: '已申领居民身份证', en: 'An identity card was applied for' }, law: cardLaw('第十二条', 'art. 12'),
    check: ({ card }) => (card?.applied_for === true ? null : { zh: '没有在办的居民身份证申领,请先申领、换领或补领居民身份证。', en: 'No identity card is on order; apply for, renew or replace the card first.' }),
  },
  minor_card_by_guardian: {
    label: { zh: '未满十六周岁由监护人代为申领', en: 'A guardian applies for somebody under sixteen' }, law: cardLaw('第七条', 'art. 7'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null || ageOn(subject.birth_on, facts.today) >= facts.policy.card_own_age) return null;
      const guardians = new Set([...parentsOf(subject.person_id, facts.kin), ...facts.kin.filter((link) => link.kind === 'guardian' && link.person_id === subject.person_id).map((link) => link.relative_id)]);
      return (facts.applicant !== null && guardians.has(facts.applicant.person_id)) || isProved(facts, ['M68'], { commitment: true }) ? null
        : { zh: `${subject.name} 未满 ${facts.policy.card_own_age} 周岁,须由监护人代为申领,请提交监护关系证明。`, en: `${subject.name} is under ${facts.policy.card_own_age}; a guardian applies and shows the guardianship.` };
    },
  },
  remote_conditions_met: {
    label: { zh: '符合异地受理条件', en: 'The conditions for a card away from home are met' }, law: { zh: '《关于建立居民身份证异地受理挂失申报和丢失招领制度的意见》', en: 'Opinion on cards away from home' },
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null || subject.status !== personStatus.active) return { zh: '户籍中没有找到当事人,或其户口不在正常状态;户口在省外的,请在户籍地或国家政务服务平台申请。', en: 'The person is not in the register or not active; who is registered in another province applies there or on the national platform.' };
      return answerOf(facts, 'remote_basis') === '' ? { zh: '请选择异地受理的依据(就业、就学、居住)。', en: 'Choose the ground for handling it here: work, study or residence.' } : null;
    },
  },
  matches_national_platform: {
    label: { zh: '人口库与国家平台信息一致', en: 'The record agrees with the national platform' }, law: workRules('第七十六条', 'art. 76'),
    check: (facts) => {
      const word = wordOf(facts, 'national_population', 'identity');
      if (word === 'match') return null;
      return word === 'mismatch' ? { zh: '登记内容与国家人口平台不一致,由上级核实后决定。', en: 'The record differs from the national platform; the level above settles it.' }
        : isProved(facts, ['M47', 'M44']) ? null : { zh: '尚未与国家人口平台核对,核对后再办;平台中断的由上级决定。', en: 'The national platform was not asked yet; check with it, or let the level above decide while it is down.' };
    },
  },
} satisfies Rules;
