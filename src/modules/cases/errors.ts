import { declareRefusals } from '../../kernel/refusal.ts';

export const errors = declareRefusals({
  'cases.not_found': { kind: 'not_found', zh: '没有这个办件,或不在您的管辖范围内。', en: 'There is no such case, or it is outside your jurisdiction.' },
  'cases.stale': { kind: 'conflict', zh: '办件已有新进展:{who}于{at}{what}。请核对新内容后再操作。', en: 'The case has moved on: {who}, {at}, {what_en}. Check the new content, then act again.' },
  'cases.claimed_by_other': { kind: 'conflict', zh: '{holder}({office})正在办理此件,至 {until}。需要时请联系 {phone}。', en: '{holder} ({office}) has this case in hand until {until}. If needed call {phone}.' },
  'cases.act_not_now': { kind: 'conflict', zh: '办件现为“{state}”,此时不能{act}。', en: 'The case is “{state_en}”; {act_en} is not possible now.' },
  'cases.not_your_turn': { kind: 'forbidden', zh: '本环节由{office}的{role}办理。', en: 'This step belongs to the {role_en} of {office}.' },
  'cases.same_person': { kind: 'forbidden', zh: '受理人不能审批同一办件(录入与审批相分离),请由其他人员办理。', en: 'Whoever accepted a case may not approve it (entry and approval are separate). Another officer must act.' },
  'cases.auxiliary': { kind: 'forbidden', zh: '辅警只能协助录入、扫描,不能作出决定(公通字〔2021〕12号第七条)。', en: 'Auxiliary staff may fill in and scan but not decide (2021 work rules, article 7).' },
  'cases.service_not_yours': { kind: 'forbidden', zh: '您的岗位不办理此事项:{service}。', en: 'Your post does not handle this service: {service}.' },
  'cases.precondition_failed': { kind: 'invalid', zh: '有 {count} 项条件不符合,见核查结果。', en: '{count} conditions are not met; see the checks.' },
  'cases.materials_missing': { kind: 'invalid', zh: '还缺材料:{materials}。请发出一次性告知,或由申请人补交。', en: 'Materials are missing: {materials}. Issue the one-time notice or let the applicant supply them.' },
  'cases.opinion_needed': { kind: 'invalid', zh: '不同意须写明理由(不少于 4 个字)并选择理由代码。', en: 'Disagreement needs a reason of at least 4 characters and a reason code.' },
  'cases.reason_unknown': { kind: 'invalid', zh: '请从理由列表中选择。', en: 'Choose a reason from the list.' },
  'cases.told_once': { kind: 'conflict', zh: '补正内容应当一次告知(行政许可法第三十二条)。再次告知须写明首次告知后出现的新事实。', en: 'Everything missing is told once (Administrative Licensing Law, art. 32). A second list must name a fact that came up after the first.', constraints: ['correction_told_once'] },
  'cases.document_needed': { kind: 'invalid', zh: '依法暂停须填写文书编号和截止日期;没有文书的说明不能暂停办件。', en: 'A lawful hold needs the number of its document and an end date; a remark without a document holds nothing.' },
  'cases.step_not_earlier': { kind: 'invalid', zh: '只能退回到第 1 至第 {last} 环节。', en: 'A case can only be returned to steps 1 to {last}.' },
  'cases.too_late_to_withdraw': { kind: 'conflict', zh: '已审批,不能撤回。如需恢复,请在办结后申请迁回,或当日由审批机关冲销。', en: 'Already approved, so it cannot be withdrawn. After execution apply to move back, or ask the deciding organ to reverse it the same day.' },
  'cases.not_same_day': { kind: 'conflict', zh: '只能在办结当日冲销;之后请办理更正或迁回。', en: 'A reversal is possible only on the day of execution; afterwards file a correction or a move back.' },
  'cases.service_unknown': { kind: 'invalid', zh: '没有此事项:{service_code}。', en: 'There is no such service: {service_code}.' },
  'cases.attachment_unknown': { kind: 'not_found', zh: '此办件没有这份材料。', en: 'The case has no such attachment.' },
  'cases.address_unknown': { kind: 'invalid', zh: '迁入地址不在标准地址库中,请重新选择。', en: 'The address is not a standard address; choose again.' },
});
