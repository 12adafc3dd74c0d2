import type { PersonFacts } from '../../population/index.ts';
/** Items of the record: names, sex, birth date, ethnicity, number and the minor ones. */
import { ageOn } from '../../../kernel/clock.ts';
import { normaliseName } from '../../reference/index.ts';

import { answerOf, civilCode, isAdult, isProved, personAs, proofOf, regulations, wordOf, workRules, type Rules } from './rule.ts';

const ethnicityMeasures = (zh: string, en: string) => ({ zh: `《中国公民民族成份登记管理办法》${zh}`, en: `Measures on the registration of ethnicity, ${en}` });

/** Items by the answers that carry their new value. */
export const newValueOf: Partial<Record<string, keyof PersonFacts>> = {
  new_name: 'name', new_former_name: 'former_name', new_sex: 'sex', new_birth_on: 'birth_on', new_ethnicity: 'ethnicity', new_birthplace_area: 'birthplace',
  new_native_place_area: 'native_place', new_education: 'education', new_marital_status: 'marital_status',
};
export const plainItems = ['workplace', 'occupation', 'military_service', 'height_cm', 'blood_type', 'phone'] as const;

const changesOf = (person: PersonFacts | null, item: string, kind?: 'change' | 'correction'): number =>
  (person?.alterations ?? []).filter((one) => one.item === item && (kind === undefined || one.kind === kind)).length;

export const itemRules = {
  something_changes: {
    label: { zh: '有需要变更的项目', en: 'Something changes' }, law: regulations('第十七条', 'art. 17'),
    check: (facts, service) => {
      const person = personAs(facts, 'subject');
      const asked = new Set(service.form.flatMap((section) => section.fields.map((field) => field.name)));
      const renewed = Object.entries(newValueOf).filter(([answer]) => asked.has(answer));
      if (renewed.length > 0) {
        const given = renewed.filter(([answer]) => answerOf(facts, answer) !== '');
        const differs = given.filter(([answer, item]) => person === null || normaliseName(answerOf(facts, answer)) !== String(person[item!] ?? ''));
        const spouse = facts.parts.spouse?.person_id ?? null;
        const marries = spouse !== null && person !== null && !facts.kin.some((link) => link.kind === 'spouse' && link.person_id === person.person_id && link.relative_id === spouse);
        return differs.length > 0 || marries ? null : { zh: '申报的内容与户籍登记相同,没有需要变更的项目,请核对。', en: 'The register says what was declared already; check what is to change.' };
      }
      return plainItems.some((item) => answerOf(facts, item) !== '') ? null : { zh: '没有填写要变更的项目,请至少填写一项。', en: 'No item to change was given; enter at least one.' };
    },
  },
  name_changes_within_limit: {
    label: { zh: '姓名变更次数未超限', en: 'The name was not changed too often' }, law: workRules('第五十条', 'art. 50'),
    check: (facts) => {
      const changes = changesOf(personAs(facts, 'subject'), 'name', 'change');
      return changes < facts.policy.name_changes_max ? null : { zh: `已变更姓名 ${changes} 次,再次变更须由上级决定。`, en: `The name was changed ${changes} times; the level above decides on another change.` };
    },
  },
  minor_has_parents_consent: {
    label: { zh: '未成年人变更姓名须父母一致同意', en: 'Both parents consent for a minor' }, law: regulations('第十八条', 'art. 18'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null || isAdult(subject, facts)) return null;
      return isProved(facts, ['M38', 'M39'], { commitment: true }) ? null
        : { zh: '未满十八周岁,须父母双方同意书;父母离婚的,提交抚养权文书和法院依据。', en: 'Under 18 both parents consent in writing; after a divorce the custody document and the court’s basis are shown.' };
    },
  },
  minor_was_heard: {
    label: { zh: '八周岁以上征求本人意见', en: 'A minor of eight or more was heard' }, law: civilCode('第十九条、第三十五条', 'arts. 19, 35'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null || isAdult(subject, facts) || ageOn(subject.birth_on, facts.today) < facts.policy.child_heard_age) return null;
      return facts.file.answers['child_agrees'] === true ? null : { zh: `${subject.name} 已满八周岁,请当面征求本人意见;本人不同意的,不予变更。`, en: `${subject.name} is eight or older and must be asked; without agreement the name does not change.` };
    },
  },
  sex_evidence_is_verified: {
    label: { zh: '性别鉴定证明已核实', en: 'The evidence of the sex is verified' }, law: workRules('第五十二条', 'art. 52'),
    check: (facts) => proofOf(facts, ['M40'], { zh: '没有三级医院的性别鉴定证明(经公证)或司法鉴定意见,请告知补正。', en: 'Neither a notarised certificate of a grade-III hospital nor a forensic report is there; ask for it.' }),
  },
  birth_date_evidence_is_older: {
    label: { zh: '出生日期凭证早于首次登记且一致', en: 'The evidence is older than the first registration' }, law: workRules('第五十三条', 'art. 53'),
    check: (facts) => {
      const evidence = answerOf(facts, 'evidence_on');
      if (facts.past.registered_since !== null && evidence >= facts.past.registered_since) {
        return { zh: `凭证形成于 ${evidence},晚于首次登记(${facts.past.registered_since}),不能证明原登记有误,请提交更早的原始凭证。`, en: `The evidence is of ${evidence}, later than the first registration (${facts.past.registered_since}); supply an older original.` };
      }
      return proofOf(facts, ['M41', 'M42'], { zh: '没有出生日期的原始凭证,请告知补正。', en: 'There is no original evidence of the birth date; ask for it.' });
    },
  },
  birth_date_never_corrected: {
    label: { zh: '未更正过出生日期', en: 'The birth date was never corrected' }, law: workRules('第五十三条', 'art. 53'),
    check: (facts) => (changesOf(personAs(facts, 'subject'), 'birth_on') === 0 ? null : { zh: '出生日期已更正过一次,再次更正须由上级决定。', en: 'The birth date was corrected before; the level above decides on another correction.' }),
  },
  ethnicity_change_is_lawful: {
    label: { zh: '民族变更符合法定条件且未变更过', en: 'The change of ethnicity is lawful and the first' }, law: ethnicityMeasures('第七条、第八条', 'arts. 7, 8'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null) return null;
      if (answerOf(facts, 'alteration_kind') === 'correction') return null;
      if (changesOf(subject, 'ethnicity', 'change') > 0) return { zh: '民族成份已变更过一次,不能再次变更。', en: 'The ethnicity was changed once already and cannot be changed again.' };
      return ageOn(subject.birth_on, facts.today) < facts.policy.ethnicity_final_age ? null : { zh: `年满 ${facts.policy.ethnicity_final_age} 周岁,民族成份不再变更;原登记确有错误的,按更正办理。`, en: `From ${facts.policy.ethnicity_final_age} years the ethnicity no longer changes; a proven error is corrected instead.` };
    },
  },
  ethnicity_follows_basis_parent: {
    label: { zh: '与父或母民族一致', en: 'It is the father’s or mother’s ethnicity' }, law: ethnicityMeasures('第五条', 'art. 5'),
    check: (facts) => {
      const basis = answerOf(facts, 'basis_parent');
      const parent = basis === 'father' || basis === 'mother' ? personAs(facts, basis) : null;
      if (parent === null) return { zh: '户籍中没有找到所依据的父或母,请核对姓名和公民身份号码。', en: 'The parent whose ethnicity is the ground is not in the register; check name and number.' };
      return parent.ethnicity === answerOf(facts, 'new_ethnicity') ? null : { zh: `申报的民族与 ${parent.name} 的民族不一致,不予变更。`, en: `The declared ethnicity is not that of ${parent.name}; it does not change.` };
    },
  },
  agency_has_approved: {
    label: { zh: '已取得州市民族工作部门同意意见', en: 'The ethnic-affairs department of the prefecture has approved' }, law: ethnicityMeasures('第十一条', 'art. 11'),
    check: (facts) => {
      const last = facts.opinions.findLast((opinion) => opinion.stage === 'approval');
      if (last?.status === 'refused') return { zh: `民族工作部门不同意(${last.document_no ?? '—'}),不予变更。`, en: `The ethnic-affairs department refused (${last.document_no ?? '—'}); it does not change.` };
      return last?.status === 'approved' || isProved(facts, ['M45']) ? null : { zh: '尚无州市民族工作部门的审批意见,收到意见后再审批。', en: 'The approval of the ethnic-affairs department is not there yet; decide when it has come.' };
    },
  },
  number_problem_is_confirmed: {
    label: { zh: '重错号经核查属实', en: 'The wrong or shared number is confirmed' }, law: workRules('第五十五条', 'art. 55'),
    check: (facts) => (wordOf(facts, 'national_population', 'number_problem') === 'match' || isProved(facts, ['M47']) ? null
      : { zh: '重号、错号尚未核查属实,请填写核查表并归入办件后再审批。', en: 'The shared or wrong number is not confirmed; file the check sheet first.' }),
  },
} satisfies Rules;
