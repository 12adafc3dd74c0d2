/** What the register refuses, and the walls of the database that mean it. */
import { declareRefusals } from '../../kernel/refusal.ts';

export const refusals = declareRefusals({
  'population.under_lease': {
    kind: 'conflict',
    zh: '{holder}({office},电话 {phone})正在办理此人(户),办件 {case_no},占用至 {expires_at}。请等待办结,或与其联系。',
    en: '{holder} ({office}, phone {phone}) is working on this person or household for case {case_no}, until {expires_at}. Wait until it is closed, or call.',
  },
  'population.lease_missing': {
    kind: 'conflict',
    zh: '本办件没有占用所涉的人或户,或占用已到期。请重新占用后再办。',
    en: 'This case holds no lease on a person or household it touches, or the lease has run out. Take the lease again, then act.',
    constraints: ['lease_missing'],
  },
  'population.lease_subject_unknown': {
    kind: 'not_found',
    zh: '要占用的人或户不存在。请重新查询后选择。',
    en: 'A person or household to be leased does not exist. Search again and choose.',
    constraints: ['lease_subject_unknown'],
  },
  'population.change_needs_case': {
    kind: 'forbidden',
    zh: '登记内容只能依办件变更。请先受理办件。',
    en: 'The register changes only for a case. Accept a case first.',
    constraints: ['change_needs_case'],
  },
  'population.main_item_needs_approval': {
    kind: 'forbidden',
    zh: '主项(姓名、性别、出生日期、民族、公民身份号码、出生地、籍贯)须经审批后变更。请按变更更正事项受理。',
    en: 'Main items (name, sex, birth date, ethnicity, identity number, birthplace, native place) change only after approval. Accept a case for the change or correction.',
    constraints: ['main_item_needs_approval'],
  },
  'population.one_place': {
    kind: 'conflict',
    zh: '一人同一时间只能登记在一户。请先办理迁出,或核对时间。',
    en: 'A person is registered in one household at a time. End the other registration first, or check the times.',
    constraints: ['membership_one_place', 'person_needs_one_place', 'person_gone_has_no_place'],
  },
  'population.one_head': {
    kind: 'conflict',
    zh: '家庭户须有且只有一名户主。请指定一名户主,并改正其他成员与户主的关系。',
    en: 'A family household has exactly one head. Name one head and correct the relations of the other members.',
    constraints: ['household_one_head', 'household_needs_head'],
  },
  'population.household_not_active': {
    kind: 'conflict',
    zh: '此户已销户或已无成员,不能再登记成员。请选择其他户或立新户。',
    en: 'This household is closed or has no members left. Choose another household or found a new one.',
    constraints: ['household_closed', 'household_empty_closes', 'target_not_active'],
  },
  'population.target_is_origin': {
    kind: 'invalid',
    zh: '迁入户就是迁出户。请选择其他户。',
    en: 'The household to join is the one to be left. Choose another.',
    constraints: ['target_is_origin'],
  },
  'population.mover_not_active': {
    kind: 'conflict',
    zh: '所选人员中有人已注销、已迁出或不存在。请核对人员状态后重选。',
    en: 'A chosen person is cancelled, has moved out or does not exist. Check the status and choose again.',
    constraints: ['mover_not_active'],
  },
  'population.person_dead': {
    kind: 'conflict',
    zh: '此人已作死亡登记,除依法更正外不能再变更。请核对是否选错人;登记有误的按更正事项办理。',
    en: 'This death is registered; nothing changes after it except by lawful correction. Check whether the right person was chosen; if the record is wrong, use a correction case.',
    constraints: ['person_dead'],
  },
  'population.id_number_taken': {
    kind: 'conflict',
    zh: '此公民身份号码已被使用或已停用,不能再次使用。请重新编号,并核查是否重号。',
    en: 'This identity number is in use or was retired and is never given again. Assign another and check for a duplicate.',
    constraints: ['id_number_once', 'id_number_retired'],
  },
  'population.id_number_wrong': {
    kind: 'invalid',
    zh: '公民身份号码不正确:应为 18 位且校验码相符。请核对。',
    en: 'The identity number is not valid: 18 characters with a matching check character. Check it.',
    constraints: ['id_number_check_digit'],
  },
  'population.household_no_taken': {
    kind: 'conflict',
    zh: '此户号已被使用。请重新立户取号。',
    en: 'This household number is in use. Found the household again to obtain another.',
    constraints: ['household_no_once', 'household_no_form', 'household_counter_fits'],
  },
  'population.kin_conflict': {
    kind: 'conflict',
    zh: '亲属关系矛盾:父亲、母亲、配偶各只有一人,且父母年长于子女。请核对。',
    en: 'The kinship contradicts itself: one father, one mother, one spouse, and parents are older. Check it.',
    constraints: ['kin_one_of_a_kind', 'kin_one_spouse', 'kin_of_another', 'parent_is_older'],
  },
  'population.value_not_accepted': {
    kind: 'invalid',
    zh: '填写的内容超出登记项目允许的范围。请按代码表或说明填写。',
    en: 'A value lies outside of what the register item allows. Choose from the code list or follow the note.',
    constraints: [
      'person_name_length', 'person_former_name_length', 'person_sex_known', 'person_ethnicity_form', 'person_status_known', 'person_height_plausible',
      'membership_relation_form', 'household_type_known', 'alteration_item_known', 'kin_ends_after_it_begins', 'household_closed_after_established',
    ],
  },
  'population.change_of_stranger': {
    kind: 'invalid',
    zh: '要改关系或任户主的人不是该户留下的成员。请重新选择。',
    en: 'Somebody whose relation changes or who becomes head does not remain in that household. Choose again.',
    constraints: ['change_of_stranger'],
  },
  'population.act_before_last_change': {
    kind: 'conflict',
    zh: '此人(户)在同一时刻或之后已有变更。请刷新后重办。',
    en: 'This person or household was changed at the same instant or later. Reload and act again.',
    constraints: ['act_before_last_change', 'membership_lasts'],
  },
  'population.changed_since': {
    kind: 'conflict',
    zh: '迁移之后所涉人户又有变更或正被办理,或没有可冲销的迁移,不能整体冲销。请按更正事项办理。',
    en: 'The people or households were changed or taken in hand since, or there is no transfer to undo. Use a correction case.',
    constraints: ['changed_since', 'nothing_to_reverse', 'movement_reversed_once'],
  },
  'population.register_keeps_everything': {
    kind: 'forbidden',
    zh: '登记内容不得删除,历史不得改写。请按更正或注销事项办理。',
    en: 'Nothing is deleted from the register and its past is not rewritten. Use a correction or a cancellation.',
    constraints: ['register_keeps_everything', 'identity_is_fixed'],
  },
  'population.person_not_found': {
    kind: 'not_found',
    zh: '没有找到此人,或不在您的管辖范围内。请核对后重新查询。',
    en: 'The person was not found or is outside your jurisdiction. Check and search again.',
    constraints: ['person_not_found'],
  },
  'population.household_not_found': {
    kind: 'not_found',
    zh: '没有找到此户,或不在您的管辖范围内。请核对后重新查询。',
    en: 'The household was not found or is outside your jurisdiction. Check and search again.',
  },
  'population.died_on_wrong': {
    kind: 'invalid',
    zh: '死亡日期不能早于出生日期,也不能晚于今天。请核对证明。',
    en: 'The date of death lies neither before the birth nor after today. Check the certificate.',
    constraints: ['person_died_after_birth'],
  },
  'population.movers_repeat': {
    kind: 'invalid',
    zh: '迁移人员至少一人,且不得重复。请重新选择。',
    en: 'At least one person moves, and nobody twice. Choose again.',
  },
  'population.search_too_broad': {
    kind: 'invalid',
    zh: '查询条件太少。请填写公民身份号码、姓名(两个字以上,或拼音、首字母两个字母以上)、出生日期、住址之一。',
    en: 'The search says too little. Enter an identity number, a name (two characters, or two letters of pinyin or initials), a birth date or an address.',
  },
  'population.cursor_unknown': {
    kind: 'invalid',
    zh: '翻页位置已失效。请重新查询。',
    en: 'The place in the list is no longer known. Search again.',
  },
  'population.unmask_needs_case': {
    kind: 'forbidden',
    zh: '查看完整公民身份号码须在办件中进行。请从办件打开此人。',
    en: 'The whole identity number is shown only within a case. Open the person from the case.',
  },
});
