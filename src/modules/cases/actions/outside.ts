/**
 * Steps that somebody outside takes: another authority gives its opinion, another province its certificate, production
 * the card. When such a step begins the other side is asked; its answer, or what stands in for it, ends the step.
 */
import { Refusal, type Context, type InputOf, type Subscriptions } from '../../../kernel/index.ts';
import { opinionsFor, requestOpinion, supplyOpinion, type OpinionStage, type OpinionStatus } from '../../agencies/index.ts';
import { orderCard, type CardReason } from '../../cards/index.ts';
import { conditions, type Act } from '../../catalogue/index.ts';
import { issuePermit, papersOfCase, type PaperMover } from '../../permits/index.ts';
import { householdOf } from '../../population/index.ts';
import { findAddresses, getCalendar, parseIdNumber } from '../../reference/index.ts';
import type { Text } from '../../../kernel/operation.ts';
import type { contract } from '../contract.ts';
import { admitAct, keeperOf } from '../duty.ts';
import { activeStep, openFile, openStates, type OpenedCase, type Step } from '../file.ts';
import { gather } from '../gather.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { advance, agencyActs, organisationAt, waitingFor } from '../route.ts';
import { closeCase } from './end.ts';
import { finished } from './decide.ts';
import { freeEverything } from './finish.ts';

interface Begun {
  case_id: string;
  step: number;
  act: Act;
}

/** The case, if it still waits for this act. */
async function waitingCase(context: Context, case_id: string | null, acts: readonly Act[]): Promise<OpenedCase | undefined> {
  if (case_id === null) return undefined;
  const opened = await openFile(context, { case_id });
  return openStates.includes(opened.file.state) && opened.file.waiting_act !== null && acts.includes(opened.file.waiting_act) ? opened : undefined;
}

/** Ends the step that somebody outside has taken, or that something else stands in for, and begins the next. */
async function pass(context: Context, opened: OpenedCase, state: 'done' | 'skipped', act: string, opinion: string | null, detail: Record<string, unknown>, by: Partial<Step> = {}): Promise<void> {
  const step: Step = { ...activeStep(opened)!, state, done_at: context.now, opinion, ...by };
  const onward = advance(opened.steps, step, context.now, await getCalendar(context));
  await recordAct(context, opened, { act, opinion, detail, file: waitingFor(onward.next!), steps: onward.steps });
}

/** A word to those who took the case in. */
async function tellKeeper(context: Context, opened: OpenedCase, act: string, kind: string, text: Text, detail: Record<string, unknown>): Promise<void> {
  const { waiting_org } = keeperOf(opened);
  await recordAct(context, opened, { act, detail, internal: true, messages: [{ org_code: waiting_org ?? opened.file.target_org, kind, text }] });
}

export async function beginOutside(context: Context, begun: Begun): Promise<void> {
  const opened = await waitingCase(context, begun.case_id, [begun.act]);
  if (opened === undefined || activeStep(opened)?.step !== begun.step) return;
  context.forCase(begun.case_id);
  switch (begun.act) {
    case 'agency_preliminary': case 'agency_approve': return askAgency(context, opened);
    case 'await_certificate': return promiseToTakeIn(context, opened);
    case 'produce': return order(context, opened);
    default: return undefined;
  }
}

/* ---- Another authority (民族成份登记管理办法 art. 11) ----------------------------------------------------------------- */

const stageOf: Partial<Record<Act, OpinionStage>> = { agency_preliminary: 'preliminary', agency_approve: 'approval' };

/** The fields that ethnic affairs needs to decide, and no others. */
const ethnicFields = [
  'subject_name', 'subject_id_number', 'alteration_kind', 'new_ethnicity', 'basis_parent', 'basis_kind', 'father_name', 'father_id_number', 'mother_name', 'mother_id_number', 'reason_text', 'opinion_no',
] as const;

async function askAgency(context: Context, opened: OpenedCase): Promise<void> {
  const { file } = opened;
  const fields = Object.fromEntries(ethnicFields.flatMap((name) => (typeof file.answers[name] === 'string' && file.answers[name] !== '' ? [[name, file.answers[name] as string]] : [])));
  await requestOpinion(context, { case_id: file.case_id, case_no: file.case_no, org_code: activeStep(opened)!.org_code, agency: 'ethnic_affairs', stage: stageOf[file.waiting_act!]!, fields });
}

/** 审批意见: the letter that the applicant brings while the authority cannot be reached. */
const letterOfAgency = 'M45';

async function hasLetter(context: Context, case_id: string): Promise<boolean> {
  const [letter] = await context.query('select 1 from cases.material where case_id = $1 and code = $2 limit 1', [case_id, letterOfAgency]);
  return letter !== undefined;
}

/** Both steps of the authority are behind: what it decided is on paper, and whoever approves looks at that. */
async function passByLetter(context: Context, opened: OpenedCase): Promise<void> {
  const passed = opened.steps.filter((step) => agencyActs.has(step.act) && step.state !== 'done').map((step): Step => ({ ...step, state: 'skipped', done_at: context.now, opinion: '凭主管部门书面审批意见办理' }));
  const onward = advance(opened.steps, passed.at(-1)!, context.now, await getCalendar(context));
  await recordAct(context, opened, {
    act: 'agency_approve', opinion: '凭主管部门书面审批意见办理', detail: { letter: letterOfAgency }, file: waitingFor(onward.next!), steps: [...passed.slice(0, -1), ...onward.steps],
  });
}

export async function hearAgency(context: Context, news: { case_id: string; opinion_id: string; stage: OpinionStage; status: OpinionStatus }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, [...agencyActs]);
  if (opened === undefined || stageOf[opened.file.waiting_act!] !== news.stage) return;
  const opinion = (await opinionsFor(context, news.case_id)).find((one) => one.opinion_id === news.opinion_id);
  // The news may be older than what stands now.
  if (opinion === undefined || opinion.status !== news.status) return;
  const detail = { opinion_id: opinion.opinion_id, agency: opinion.agency, stage: opinion.stage, status: opinion.status, document_no: opinion.document_no, decided_on: opinion.decided_on };
  switch (opinion.status) {
    case 'approved': return pass(context, opened, 'done', opened.file.waiting_act!, opinion.text, detail);
    case 'refused':
      await closeCase(context, opened, {
        act: 'reject', state: 'rejected', opinion: opinion.text, detail, decision: { outcome: 'rejected', reason_code: 'agency_refused', reason: opinion.text },
        steps: [{ ...activeStep(opened)!, state: 'refused', done_at: context.now, opinion: opinion.text }],
      });
      return undefined;
    case 'need_more':
      return tellKeeper(context, opened, 'agency_needs_more', 'agency_needs_more', {
        zh: `${opened.file.case_no} 主管部门要求补充:${opinion.text ?? ''} 请一次性告知申请人。`, en: `${opened.file.case_no}: the authority needs more: ${opinion.text ?? ''} Issue the one-time notice.`,
      }, detail);
    case 'offline':
      if (await hasLetter(context, news.case_id)) return passByLetter(context, opened);
      return tellKeeper(context, opened, 'agency_offline', 'agency_offline', {
        zh: `${opened.file.case_no} 主管部门系统未接通,可请申请人提交书面审批意见(${letterOfAgency})。`, en: `${opened.file.case_no}: the authority cannot be reached; the applicant may bring its letter (${letterOfAgency}).`,
      }, detail);
    default: return undefined;
  }
}

/** What the applicant brought goes to the authority that asked for it, or stands in for one that cannot be reached. */
export async function afterAnswer(context: Context, news: { case_id: string; act: string }): Promise<void> {
  if (news.act !== 'answer_supplement') return;
  const opened = await waitingCase(context, news.case_id, [...agencyActs]);
  if (opened === undefined) return;
  const opinion = (await opinionsFor(context, news.case_id)).findLast((one) => one.stage === stageOf[opened.file.waiting_act!]);
  context.forCase(news.case_id);
  if (opinion?.status === 'offline' && await hasLetter(context, news.case_id)) await passByLetter(context, opened);
  if (opinion?.status === 'need_more') {
    const [said] = await context.query<{ opinion: string | null }>(`select opinion from cases.case_event where case_id = $1 and act = 'answer_supplement' order by sequence desc limit 1`, [news.case_id]);
    await supplyOpinion(context, { opinion_id: opinion.opinion_id, text: said?.opinion ?? '申请人已补充材料。' });
  }
}

/* ---- Another province (processes 9.3) --------------------------------------------------------------------------------- */

/** 准迁证: the approval promises the other province that these people will be taken in. */
async function promiseToTakeIn(context: Context, opened: OpenedCase): Promise<void> {
  const { file } = opened;
  if ((await papersOfCase(context, file.case_id)).some((paper) => paper.kind === 'move_in_permit' && paper.state === 'issued')) return;
  const address = (await findAddresses(context, file.target_address_id === null ? [] : [file.target_address_id])).get(file.target_address_id ?? '');
  const movers = file.movers.flatMap((mover, index): PaperMover[] => {
    const parsed = parseIdNumber(mover.id_number);
    return parsed === null ? [] : [{ id_number: parsed.id_number, name: mover.name, sex: parsed.sex, birth_on: parsed.birth_on, relation: index === 0 ? '01' : mover.relation, items: {} }];
  });
  const permit = await issuePermit(context, {
    case_id: file.case_id, station_code: file.target_org, from_area: String(file.answers['origin_area'] ?? movers[0]?.id_number.slice(0, 6) ?? ''), to_area: file.target_org.slice(0, 6),
    to_address: address?.line ?? '', reason: String(file.answers['reason'] ?? '99'), movers,
  });
  await recordAct(context, opened, { act: 'issue_permit', detail: { number: permit.number, valid_until_on: permit.valid_until_on } });
}

export async function hearCertificate(context: Context, news: { number: string; permit_number: string | null; case_id: string | null }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['await_certificate']);
  if (opened === undefined) return;
  context.forCase(opened.file.case_id);
  await pass(context, opened, 'done', 'await_certificate', null, { number: news.number, permit_number: news.permit_number });
}

/** The other province declined, or the permit ran out: the people do not come unless the applicant does something. */
export async function hearPermitEnded(context: Context, news: { number: string; case_id: string | null; is_ours?: boolean }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['await_certificate']);
  if (opened === undefined) return;
  await tellKeeper(context, opened, 'permit_ended', 'permit_ended', {
    zh: `${opened.file.case_no} 准迁证 ${news.number} 已失效或被退回,请联系申请人补领、换领或撤回。`, en: `${opened.file.case_no}: permit ${news.number} has ended or was declined; ask the applicant to renew or withdraw.`,
  }, { number: news.number });
}

/** A province that is not connected gives the certificate on paper; its number is entered and checked at the registration. */
export async function receiveCertificate(context: Context, input: InputOf<typeof contract.receiveCertificate>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'receive_certificate', opened, input.case_version);
  const step = finished(activeStep(opened)!, officer, context.now, 'done', null);
  const onward = advance(opened.steps, step, context.now, await getCalendar(context));
  return recordAct(context, opened, {
    act: 'await_certificate', detail: { number: input.migration_certificate_no, on_paper: true }, steps: onward.steps,
    file: { answers: { ...opened.file.answers, migration_certificate_no: input.migration_certificate_no }, ...waitingFor(onward.next!) },
  });
}

/* ---- The card factory ---------------------------------------------------------------------------------------------------- */

const portrait = 'M64';
const fingerprints = 'M65';

/** The county has signed: production is asked for the card (居民身份证法 art. 8). */
async function order(context: Context, opened: OpenedCase): Promise<void> {
  const { file, service, steps } = opened;
  const { movers, persons } = await gather(context, opened);
  const person = persons.find((one) => one.person_id === movers[0]?.person_id);
  if (person === undefined) throw new Refusal('cases.effect_incomplete');
  const [captured, entry] = await Promise.all([
    context.query<{ code: string; reference: string }>(
      `select distinct on (code) code, coalesce(attachments -> 0 ->> 'sha256', certificate_no, 'counter-' || version) as reference from cases.material where case_id = $1 and code = any($2) order by code, version desc`, [file.case_id, [portrait, fingerprints]]),
    householdOf(context, person.person_id),
  ]);
  const referenceOf = (code: string): string | null => captured.find((one) => one.code === code)?.reference ?? null;
  const fee = service.fee_cases?.find((one) => conditions[one.when](file.answers))?.fee_fen ?? service.fee_fen;
  const { application_id, order_no } = await orderCard(context, {
    case_id: file.case_id, person: { person_id: person.person_id, id_number: person.id_number, name: person.name, sex: person.sex, ethnicity: person.ethnicity, birth_on: person.birth_on, address_text: entry?.address_text ?? '' },
    station_code: person.station_code, delivery_station: steps.findLast((step) => step.act === 'hand_over')?.org_code ?? file.target_org,
    signed_by_org: steps.findLast((step) => step.act === 'approve')?.org_code ?? organisationAt('COUNTY', person.station_code), reason: reasonOf(service.code, file.answers) as CardReason, fee_fen: fee,
    portrait_reference: referenceOf(portrait) ?? `case-${file.case_no}`, fingerprint_reference: referenceOf(fingerprints), delivery: file.answers['delivery_mode'] === 'courier' ? 'courier' : 'counter',
    ...(typeof file.answers['delivery_address'] === 'string' ? { delivery_address: file.answers['delivery_address'] } : {}),
  });
  await recordAct(context, opened, { act: 'order_card', detail: { application_id, order_no }, internal: true });
}

/** GA/T 2000.10; a service without the question has one reason only. */
function reasonOf(service_code: string, answers: Record<string, unknown>): string {
  return typeof answers['card_reason'] === 'string' && answers['card_reason'] !== '' ? answers['card_reason'] : service_code === '1303' ? '31' : '11';
}

export async function hearCardReady(context: Context, news: { case_id: string; application_id: string }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['produce']);
  if (opened === undefined) return;
  context.forCase(news.case_id);
  await pass(context, opened, 'done', 'produce', null, { application_id: news.application_id });
}

export async function hearOrderRejected(context: Context, news: { case_id: string; reason: string }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['produce']);
  if (opened === undefined) return;
  await tellKeeper(context, opened, 'order_rejected', 'order_rejected', {
    zh: `${opened.file.case_no} 制证退回:${news.reason}。请核对后重新下单,或联系申请人。`, en: `${opened.file.case_no}: production sent the order back: ${news.reason}. Check and order again, or ask the applicant.`,
  }, { reason: news.reason });
}

/** The card is in the bearer's hand: the case is done. */
export async function hearCardHandedOver(context: Context, news: { case_id: string; application_id: string }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['hand_over']);
  if (opened === undefined) return;
  await freeEverything(context, opened);
  await recordAct(context, opened, {
    act: 'hand_over', detail: { application_id: news.application_id }, steps: [{ ...activeStep(opened)!, state: 'done', done_at: context.now }],
    file: { state: 'executed', closed_at: context.now, decision: { outcome: 'executed', reason_code: null, reason: null }, ...nobodyWaits },
  });
}

export async function hearCardCancelled(context: Context, news: { case_id: string; application_id: string }): Promise<void> {
  const opened = await waitingCase(context, news.case_id, ['produce', 'hand_over']);
  if (opened === undefined) return;
  await closeCase(context, opened, { act: 'terminate', state: 'terminated', detail: { application_id: news.application_id }, decision: { outcome: 'terminated', reason_code: 'card_cancelled', reason: null } });
}

export const outsideSubscriptions: Subscriptions = {
  'cases.outside_step_begun': beginOutside as Subscriptions[string],
  'agencies.opinion_changed': hearAgency as Subscriptions[string],
  'permits.certificate_arrived': hearCertificate as Subscriptions[string],
  'permits.permit_declined': hearPermitEnded as Subscriptions[string],
  'permits.paper_expired': hearPermitEnded as Subscriptions[string],
  'cards.card_ready': hearCardReady as Subscriptions[string],
  'cards.order_rejected': hearOrderRejected as Subscriptions[string],
  'cards.card_handed_over': hearCardHandedOver as Subscriptions[string],
  'cards.application_cancelled': hearCardCancelled as Subscriptions[string],
};
