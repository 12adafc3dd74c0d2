/** Labels of states, acts, roles and reasons. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../kernel/operation.ts';
import { catalogueDirectory } from '../catalogue/index.ts';
import type { CaseState } from './contract.ts';

export const stateLabels: Record<CaseState, Text> = {
  submitted: { zh: '待受理', en: 'waiting for acceptance' },
  supplement: { zh: '待补正', en: 'waiting for corrections' },
  in_review: { zh: '审批中', en: 'under review' },
  suspended: { zh: '中止', en: 'suspended' },
  executed: { zh: '已办结', en: 'executed' },
  not_accepted: { zh: '不予受理', en: 'not accepted' },
  rejected: { zh: '不予批准', en: 'refused' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  expired: { zh: '逾期未补正', en: 'expired' },
  terminated: { zh: '已终止', en: 'terminated' },
};

export const actLabels: Record<string, Text> = {
  submit: { zh: '提交申请', en: 'submitted the application' },
  claim: { zh: '领办', en: 'took the case in hand' },
  release: { zh: '放回', en: 'put the case back' },
  accept: { zh: '受理', en: 'accepted' },
  request_supplement: { zh: '告知补正', en: 'asked for corrections' },
  answer_supplement: { zh: '补正材料', en: 'answered the corrections' },
  refuse_acceptance: { zh: '不予受理', en: 'refused acceptance' },
  review: { zh: '审核', en: 'reviewed' },
  approve: { zh: '审批', en: 'approved' },
  reject: { zh: '不予批准', en: 'refused' },
  return: { zh: '退回', en: 'returned' },
  confirm_out: { zh: '确认迁出', en: 'confirmed the move out' },
  object_out: { zh: '提出异议', en: 'objected' },
  resolve_objection: { zh: '裁定异议', en: 'decided on the objection' },
  lift_suspension: { zh: '恢复办理', en: 'resumed' },
  execute: { zh: '办结', en: 'executed' },
  withdraw: { zh: '撤回', en: 'withdrew' },
  withdraw_late: { zh: '审批后申请撤回(未准)', en: 'asked to withdraw after approval (too late)' },
  withdraw_consent: { zh: '迁入户撤回同意', en: 'consent withdrawn by the receiving household' },
  terminate: { zh: '终止', en: 'terminated' },
  expire: { zh: '逾期', en: 'expired' },
  reverse: { zh: '当日冲销', en: 'reversed the same day' },
  death_in_household: { zh: '所涉户有人死亡', en: 'a death in a household it touches' },
  check_after_death: { zh: '死亡登记后复核', en: 'checked again after a death' },
  recheck_kept: { zh: '承诺核查:属实', en: 'found the commitment kept' },
  recheck_broken: { zh: '承诺核查:不实', en: 'found the commitment broken' },
  follow_successor: { zh: '移交承接机构', en: 'handed over to the succeeding office' },
  verify: { zh: '调查核实', en: 'enquired on the spot' },
  recall: { zh: '撤回本人上一步', en: 'took the own last act back' },
  transfer: { zh: '转办', en: 'passed to a colleague' },
  countersign: { zh: '加签', en: 'asked for a further opinion' },
  delegate: { zh: '委派核查', en: 'had something checked' },
  ask_downwards: { zh: '下行交办', en: 'asked the units below' },
  review_below: { zh: '下行审核', en: 'reviewed below' },
  answer_task: { zh: '答复任务', en: 'answered a task' },
  object_task: { zh: '对任务提出异议', en: 'objected to a task' },
  settle_task: { zh: '处理任务', en: 'settled a task' },
  urge: { zh: '催办', en: 'urged' },
  supervise: { zh: '督办', en: 'ordered to act' },
  answer_supervision: { zh: '答复督办', en: 'answered the supervision order' },
  ask_extension: { zh: '申请延期', en: 'asked for more time' },
  decide_extension: { zh: '审批延期', en: 'decided on more time' },
  extend: { zh: '批准延期', en: 'granted more time' },
  refuse_extension: { zh: '不同意延期', en: 'refused more time' },
  void: { zh: '作废', en: 'voided' },
  agency_preliminary: { zh: '有关部门初审', en: 'preliminary opinion of the agency' },
  agency_approve: { zh: '有关部门审批', en: 'decision of the agency' },
  await_certificate: { zh: '收到迁移证件', en: 'received the certificate' },
  receive_certificate: { zh: '录入纸质迁移证', en: 'entered the paper certificate' },
  issue_permit: { zh: '签发准迁证', en: 'issued the permit' },
  agency_needs_more: { zh: '主管部门要求补充', en: 'the authority needs more' },
  agency_offline: { zh: '主管部门未接通', en: 'the authority cannot be reached' },
  permit_ended: { zh: '准迁证失效', en: 'the permit has ended' },
  order_card: { zh: '制证下单', en: 'ordered the card' },
  order_rejected: { zh: '制证退回', en: 'production sent the order back' },
  produce: { zh: '证件制成', en: 'card produced' },
  hand_over: { zh: '发证', en: 'handed over' },
  deliver_copy: { zh: '交付复制件', en: 'delivered the copy' },
};

export interface ReasonCode {
  code: string;
  /** Whoever gives it: an officer who refuses, or another authority whose refusal ends the case. */
  use: 'refuse_acceptance' | 'reject' | 'agency';
  label: Text;
  law: Text;
}

const workRules: Text = { zh: '《户口居民身份证管理工作规范(试行)》', en: '2021 work rules' };

export const reasonCodes: readonly ReasonCode[] = [
  { code: 'not_competent', use: 'refuse_acceptance', label: { zh: '不属于本机关管辖', en: 'Not within our competence' }, law: { zh: '《行政许可法》第三十二条第一款第二项', en: 'Administrative Licensing Law, art. 32(1)(2)' } },
  { code: 'not_entitled', use: 'refuse_acceptance', label: { zh: '申请人不具备申请资格', en: 'The applicant is not entitled' }, law: { ...workRules, zh: `${workRules.zh}第三十九条` } },
  { code: 'registration_not_active', use: 'refuse_acceptance', label: { zh: '当事人户口不在正常状态', en: 'The registration is not active' }, law: { ...workRules, zh: `${workRules.zh}第三十九条` } },
  { code: 'conflicting_case', use: 'refuse_acceptance', label: { zh: '已有冲突的在办业务', en: 'A conflicting case is open' }, law: { ...workRules, zh: `${workRules.zh}第三十九条` } },
  { code: 'identity_not_proved', use: 'refuse_acceptance', label: { zh: '身份未能核实', en: 'Identity could not be verified' }, law: { zh: '《居民身份证法》第十四条', en: 'Resident Identity Card Law, art. 14' } },
  { code: 'dwelling_not_lawful', use: 'reject', label: { zh: '合法稳定住所不成立', en: 'No lawful, stable dwelling' }, law: { ...workRules, zh: `${workRules.zh}第四十条` } },
  { code: 'false_material', use: 'reject', label: { zh: '材料不真实', en: 'Material is not genuine' }, law: { zh: '《户口登记条例》第二十条', en: 'Household Registration Regulations, art. 20' } },
  { code: 'consent_missing', use: 'reject', label: { zh: '迁入户户主或产权人不同意', en: 'No consent of the receiving head or owner' }, law: { ...workRules, zh: `${workRules.zh}第四十一条` } },
  { code: 'conditions_not_met', use: 'reject', label: { zh: '不符合迁移条件', en: 'Conditions of the move are not met' }, law: { ...workRules, zh: `${workRules.zh}第四十至四十七条` } },
  { code: 'agency_refused', use: 'agency', label: { zh: '主管部门审查不予同意', en: 'The competent authority did not agree' }, law: { zh: '《中国公民民族成份登记管理办法》第十一条', en: 'Measures on the registration of ethnicity, art. 11' } },
  { code: 'objection_upheld', use: 'reject', label: { zh: '迁出地异议成立', en: 'The objection of the old station is upheld' }, law: { ...workRules, zh: `${workRules.zh}第三十九条` } },
];

/** 行政复议法 (2023) 第二十条, 行政诉讼法第四十六条: what the applicant may do against a refusal. */
export const remedy: Text = {
  zh: '如不服本决定,可在收到之日起六十日内申请行政复议,或在六个月内向人民法院提起行政诉讼;也可补齐材料后重新申请。',
  en: 'If you disagree you may apply for administrative review within 60 days or sue in the people’s court within six months; you may also apply again with complete materials.',
};

let roles: Map<string, Text> | undefined;

/** The label of a role, from catalogue/roles. */
export function roleLabel(role: string): Text {
  roles ??= new Map(readdirSync(join(catalogueDirectory, 'roles')).filter((file) => file.endsWith('.json')).map((file) => {
    const { label } = JSON.parse(readFileSync(join(catalogueDirectory, 'roles', file), 'utf8')) as { label: Text };
    return [file.slice(0, -5), label];
  }));
  return roles.get(role) ?? { zh: role, en: role };
}
