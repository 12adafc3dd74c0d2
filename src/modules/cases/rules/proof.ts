/** What must have been looked for before a decision: other registrations, the body behind the name, the neighbourhood, the old record. */
import { isProved, wordOf, workRules, type Rules } from './rule.ts';

/** 人像、指纹比对结果: what the officer records where the comparison is made by hand. */
const comparisonRecord = ['M44'];

export const proofRules = {
  national_search_is_clear: {
    label: { zh: '全国比对未发现已有户口', en: 'No other registration was found in the country' }, law: workRules('第九条、第二十八条', 'arts. 9, 28'),
    check: (facts) => {
      const word = wordOf(facts, 'national_population', 'no_other_registration');
      if (word === 'match') return null;
      if (word === 'mismatch') return { zh: '全国人口信息比对发现疑似已有户口,须由上级核实后决定。', en: 'The national platform shows what may be another registration; the level above settles it.' };
      return isProved(facts, comparisonRecord) ? null : { zh: '尚未完成全国人口信息比对,比对结果归入办件后再审批。', en: 'The national comparison is not done; file its result first.' };
    },
  },
  biometric_comparison_is_recorded: {
    label: { zh: '已完成人像指纹比对', en: 'The biometric comparison is on record' }, law: workRules('第九条', 'art. 9'),
    check: (facts) => {
      if (isProved(facts, comparisonRecord)) return null;
      const words = [wordOf(facts, 'face', 'same_person'), wordOf(facts, 'fingerprint', 'same_person')];
      if (words.includes('mismatch')) return { zh: '人像或指纹比对不一致,请当面复核;确为同一人的,将复核记录归入办件。', en: 'Portrait or fingerprint does not match; check in person, and file the record if it is the same person.' };
      return words.includes('match') ? null : { zh: '尚未完成人像或指纹比对(不便采集的,以其他方式核验并记录)。', en: 'No portrait or fingerprint comparison is on record; who cannot be compared is verified otherwise and that is recorded.' };
    },
  },
  enquiry_is_recorded: {
    label: { zh: '已完成走访调查', en: 'The enquiry is on record' }, law: workRules('第二十八条', 'art. 28'),
    check: (facts) => {
      const [last] = facts.enquiries.slice(-1);
      if (last === undefined) return isProved(facts, ['M43']) ? null : { zh: '没有调查走访记录,请社区民警调查后再审批。', en: 'No enquiry is on record; the community officer enquires first.' };
      return last.result === 'not_confirmed' ? { zh: '调查结果为不属实,请核对后作出不予批准的决定,或补充调查。', en: 'The enquiry did not confirm the facts; refuse, or have it completed.' } : null;
    },
  },
  original_record_is_on_file: {
    label: { zh: '有原始底册影像', en: 'The original record is on file' }, law: workRules('第四十九条', 'art. 49'),
    check: (facts) => (isProved(facts, ['M41', 'M42']) ? null : { zh: '更正须有原始底册或原始凭证的影像,请调取后归入办件。', en: 'A correction needs an image of the original register or record; obtain and file it.' }),
  },
} satisfies Rules;
