/**
 * What the applicant is told of each act: progress on the portal and a text message. The papers of the act follow by
 * news of their own, so that one that cannot be set holds nothing else back.
 */
import { type Context, type Subscriptions } from '../../kernel/index.ts';
import { newId } from '../../kernel/ids.ts';
import { legalDay } from '../../kernel/clock.ts';
import type { Text } from '../../kernel/operation.ts';
import { findOrganisations } from '../reference/index.ts';
import type { CorrectionListBody, MessageToCitizenBody, ProgressBody } from '../catalogue/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { activeStep, openFile, type OpenedCase } from './file.ts';
import { reasonCodes, remedy } from './words.ts';

interface Moved {
  case_id: string;
  act: string;
  version: number;
}

/** What the tracker shows after an act. The news may be handled when the case has moved on: it tells of its own act, not of the present. */
const stateAfter: Record<string, ProgressBody['state']> = {
  submit: 'submitted', accept: 'accepted', request_supplement: 'correction_needed', execute: 'done', hand_over: 'done', deliver_copy: 'done', recheck_broken: 'done',
  refuse_acceptance: 'ended', reject: 'ended', withdraw: 'ended', withdraw_consent: 'ended', terminate: 'ended', void: 'ended', expire: 'ended', reverse: 'ended',
};

/** One sentence per act; whole sentences in both languages, never assembled. `{office}` is the unit, `{due}` a day. */
const sentences: Record<string, Text> = {
  submit: { zh: '申请已到达{office},将在 1 个工作日内答复是否受理。', en: 'Your application has reached {office}; you will hear within one working day whether it is accepted.' },
  accept: { zh: '{office}已受理,预计 {due} 前办结。', en: '{office} has accepted your application; expected by {due}.' },
  request_supplement: { zh: '还需要您补正,请在 {due} 前一次补齐。', en: 'Corrections are needed; please supply all of them by {due}.' },
  answer_supplement: { zh: '已收到您的补正,{office}继续办理。', en: 'Your corrections have arrived; {office} goes on.' },
  review: { zh: '已完成审核,正由{office}办理。', en: 'Reviewed; now with {office}.' },
  approve: { zh: '已审批同意,正由{office}办理。', en: 'Approved; now with {office}.' },
  confirm_out: { zh: '迁出地已确认,正由{office}办理。', en: 'The old station has confirmed; now with {office}.' },
  verify: { zh: '已完成调查核实,正由{office}办理。', en: 'The enquiry is done; now with {office}.' },
  return: { zh: '正由{office}进一步核实。', en: '{office} is checking further.' },
  recall: { zh: '正由{office}进一步核实。', en: '{office} is checking further.' },
  extend: { zh: '经批准延长办理期限,预计 {due} 前办结。理由:{reason}', en: 'The time was lengthened; expected by {due}. Reason: {reason}' },
  void: { zh: '此件系误录,已作废,不影响您另行申请。如有疑问请联系{office}。', en: 'This case was entered by mistake and is void; you may apply as before. Ask {office} if in doubt.' },
  agency_preliminary: { zh: '主管部门已初审,等待审批。', en: 'The competent authority has given its preliminary opinion; its decision is awaited.' },
  agency_approve: { zh: '主管部门已审批,正由{office}办理。', en: 'The competent authority has decided; now with {office}.' },
  issue_permit: { zh: '准迁证已签发并发往迁出省,请等待迁出地办理。', en: 'The permit was issued and sent to the province you leave; its station acts next.' },
  await_certificate: { zh: '已收到迁移证信息,正由{office}办理。', en: 'The migration certificate has arrived; now with {office}.' },
  produce: { zh: '证件已制成,请到{office}领取,或等待寄送。', en: 'The card is ready; collect it at {office} or wait for the courier.' },
  hand_over: { zh: '已领取,办理完毕。', en: 'Handed over; done.' },
  deliver_copy: { zh: '档案复制件已交付,办理完毕。', en: 'The copy from the archive was delivered; done.' },
  object_out: { zh: '迁出地提出异议,正在核实,办理时限中止。', en: 'The old station has objected; this is being examined and the clock is stopped.' },
  resolve_objection: { zh: '异议已裁定,正由{office}办理。', en: 'The objection was decided; now with {office}.' },
  follow_successor: { zh: '因机构调整,现由{office}继续办理。', en: 'After a reorganisation {office} goes on with your application.' },
  lift_suspension: { zh: '已恢复办理,正由{office}办理。', en: 'Resumed; now with {office}.' },
  execute: { zh: '已办结,户口登记已更新。', en: 'Done. The register has been updated.' },
  refuse_acceptance: { zh: '不予受理,请查看理由和救济途径。', en: 'Not accepted; see the reason and the remedies.' },
  reject: { zh: '不予批准,请查看理由和救济途径。', en: 'Refused; see the reason and the remedies.' },
  withdraw: { zh: '申请已撤回。', en: 'The application was withdrawn.' },
  withdraw_late: { zh: '申请已审批,不能撤回;可在办结后另行申请迁回。', en: 'The application was already approved and cannot be withdrawn; after execution you may apply to move back.' },
  withdraw_consent: { zh: '迁入户户主撤回同意,申请终结,请查看理由和救济途径。', en: 'The receiving household withdrew its consent; see the reason and the remedies.' },
  terminate: { zh: '申请已终止。', en: 'The application has ended.' },
  expire: { zh: '逾期未补正,申请已终结,可重新申请。', en: 'Corrections did not arrive in time; you may apply again.' },
  reverse: { zh: '因登记有误,已于当日恢复原登记,请联系派出所。', en: 'The registration was mistaken and was restored the same day; please contact the station.' },
  recheck_broken: { zh: '您办理时所作的书面承诺经核查不实,将依法恢复登记,一定期限内在本地不再适用告知承诺;如有异议请联系{office}。', en: 'The commitment you made was found not to be true: the registration will be restored, and for a time no commitments are accepted from you here. Contact {office} if you disagree.' },
};

function filled(sentence: Text, facts: { office: string; office_en: string; due: string; reason: string }): Text {
  // Functions, as a reason may hold what a replacement text would take for a pattern.
  const fill = (text: string, office: string): string => text.replace('{office}', () => office).replace('{due}', facts.due).replace('{reason}', () => facts.reason);
  return { zh: fill(sentence.zh, facts.office), en: fill(sentence.en, facts.office_en) };
}

/** Acts that are worth a text message; the others are seen on the portal. */
const messaged = new Set(['accept', 'request_supplement', 'refuse_acceptance', 'reject', 'execute', 'withdraw_consent', 'terminate', 'expire', 'reverse', 'object_out', 'extend', 'void', 'produce', 'recheck_broken']);

/** What a text message says where the portal says more than may stand in one. */
const shortSentences: Record<string, Text> = {
  extend: { zh: '经批准延长办理期限,预计 {due} 前办结,理由请登录政务服务门户查看。', en: 'The time was lengthened; expected by {due}. See the portal for the reason.' },
};

/** Texts carry no personal data beyond the surname and the last four of the case number. */
function smsOf(file: OpenedCase['file'], text: Text): string {
  const surname = [...file.applicant_name][0] ?? '';
  return `${surname}先生/女士,您的户政业务(尾号${file.case_no.slice(-4)}):${text.zh}`;
}

export async function tellCitizen(context: Context, news: Moved): Promise<void> {
  const opened = await openFile(context, { case_id: news.case_id }, false);
  const { file } = opened;
  const [event] = await context.query<{ at: Date; upheld: boolean; accepted: boolean; asked_because: string | null }>(
    `select at, detail ->> 'asked_because' as asked_because, coalesce((detail ->> 'uphold')::boolean, false) as upheld,
       exists (select 1 from cases.case_event before where before.case_id = event.case_id and before.act = 'accept' and before.sequence < event.sequence) as accepted
     from cases.case_event event where case_id = $1 and sequence = $2`, [news.case_id, news.version]);
  // To the applicant an objection that is upheld is a refusal.
  const moved = event?.upheld === true ? { ...news, act: 'reject' } : news;
  const sentence = sentences[moved.act];
  if (sentence === undefined) return;
  const active = activeStep(opened);
  const holder = active?.org_code ?? file.target_org;
  const [offices, [correction]] = await Promise.all([
    findOrganisations(context, [holder, file.target_org]),
    context.query<{ number: number; issued_at: Date; due_on: string; items: CorrectionListBody['items'] }>(
      'select number, issued_at, due_on, items from cases.correction where case_id = $1 order by number desc limit 1', [moved.case_id]),
  ]);
  const office = offices.get(holder);
  const due = moved.act === 'request_supplement' ? (correction?.due_on ?? '') : file.due_at === null ? '—' : legalDay(file.due_at);
  const told = { office: office?.name ?? holder, office_en: office?.name_en ?? holder, due, reason: event?.asked_because ?? '' };
  const text = filled(sentence, told);
  const at = event?.at ?? context.now;
  const order_key = file.receipt_no ?? file.case_id;

  if (file.receipt_no !== null) {
    const state = stateAfter[moved.act] ?? (moved.act === 'answer_supplement' && event?.accepted === false ? 'submitted' : 'in_review');
    const ended = state === 'ended' || state === 'done' ? file.decision : null;
    const reason = reasonCodes.find((one) => one.code === ended?.reason_code);
    const body: ProgressBody = {
      receipt_no: file.receipt_no, case_no: file.case_no, sequence: moved.version, state, at: at.toISOString(), text,
      holder: office?.name ?? holder, due_on: file.due_at === null ? null : legalDay(file.due_at),
      outcome: state === 'done' ? 'executed' : ended === null ? null : ended.outcome === 'reversed' ? 'terminated' : (ended.outcome as ProgressBody['outcome']),
      reason: ended?.reason ? { zh: `${reason === undefined ? '' : `${reason.label.zh}(${reason.law.zh}):`}${ended.reason}`, en: `${reason === undefined ? '' : `${reason.label.en} (${reason.law.en}): `}${ended.reason}` } : null,
      remedy: ended !== null && ['rejected', 'not_accepted'].includes(ended.outcome) ? remedy : null,
    };
    await sendParcel(context, { kind: 'cases.progress', order_key, body, attachments: [] });
    if (moved.act === 'request_supplement' && correction !== undefined) {
      const list: CorrectionListBody = { receipt_no: file.receipt_no, issued_at: correction.issued_at.toISOString(), due_on: correction.due_on, number: correction.number, items: correction.items };
      await sendParcel(context, { kind: 'cases.correction_list', order_key, body: list, attachments: [] });
    }
  }

  context.emit('cases.papers_due', moved as unknown as Record<string, unknown>);
  if (messaged.has(moved.act)) {
    const body: MessageToCitizenBody = { message_id: newId(), receipt_no: file.receipt_no, phone: file.applicant_phone, text: smsOf(file, filled(shortSentences[moved.act] ?? sentence, told)) };
    await sendParcel(context, { kind: 'cases.message_to_citizen', order_key, body, attachments: [] });
  }
}

export const citizenSubscriptions: Subscriptions = { 'cases.case_moved': tellCitizen as Subscriptions[string] };
