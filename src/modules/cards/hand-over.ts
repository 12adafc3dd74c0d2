/** Money taken, cards handed over, losses withdrawn, found cards kept: what happens at the counter. */
import { actorId, legalDay, newId, Refusal, type Context, type OfficerActor } from '../../kernel/index.ts';
import { ageOn } from '../../kernel/clock.ts';
import { maskIdNumber, validateIdNumber } from '../reference/index.ts';
import { cancelApplication, orderAgain, type ApplicationState } from './applications.ts';
import { isFirst, isForLost } from './validity.ts';

export const stateWords: Record<ApplicationState, { zh: string; en: string }> = {
  ordered: { zh: '待制证', en: 'to be made' }, in_production: { zh: '制证中', en: 'being made' }, produced: { zh: '已制成,在途', en: 'made, on its way' }, ready: { zh: '待领取', en: 'ready' },
  rejected: { zh: '制证退回', en: 'sent back by production' }, dispatched: { zh: '已寄出', en: 'sent by courier' }, handed_over: { zh: '已发证', en: 'handed over' }, cancelled: { zh: '已取消', en: 'cancelled' },
};

interface Application {
  application_id: string;
  case_id: string;
  person_id: string;
  birth_on: string;
  reason: string;
  state: ApplicationState;
  fee_state: string;
  delivery: 'counter' | 'courier';
}

/** Holds the application until the end of the transaction. @throws Refusal cards.application_not_found, also outside of the jurisdiction */
async function holdApplication(context: Context, application_id: string): Promise<Application> {
  const [row] = await context.query<Application>(
    'select application_id, case_id, person_id, birth_on::text as birth_on, reason, state, fee_state, delivery from cards.application where application_id = $1 for update', [application_id]);
  if (row === undefined) throw new Refusal('cards.application_not_found');
  context.audit({ case_id: row.case_id, detail: { application_id } });
  return row;
}

const officerOf = (context: Context): OfficerActor => {
  if (context.actor.kind !== 'officer') throw new Error('an officer acts at the counter');
  return context.actor;
};

/**
 * A fee taken at the counter, waived by a ground of the fee list, or given back. Number and ground are kept, no data of the payment.
 * @throws Refusal cards.application_not_found, cards.fee_settled
 */
export async function settleFee(context: Context, { application_id, outcome, note }: { application_id: string; outcome: 'paid' | 'waived' | 'refunded'; note: string }): Promise<{ application_id: string; fee_state: string }> {
  const application = await holdApplication(context, application_id);
  if (application.fee_state !== (outcome === 'refunded' ? 'refund_due' : 'due')) throw new Refusal('cards.fee_settled');
  await context.query('update cards.application set fee_state = $2, fee_at = $3, fee_by = $4, fee_note = $5 where application_id = $1', [application_id, outcome, context.now, actorId(context.actor), note]);
  // Production begins with the payment, not with the next round.
  await context.query(`update cards.production_order set next_attempt_at = $2 where application_id = $1 and state = 'waiting'`, [application_id, context.now]);
  return { application_id, fee_state: outcome };
}

export interface HandOver {
  application_id: string;
  receiver_name: string;
  receiver_relation: 'self' | 'guardian' | 'agent';
  /** One to one against the bearer's own record, or the document of who collects for him. */
  check_kind: 'fingerprint' | 'portrait' | 'document';
  /** What the comparison said; a document is `seen`. */
  check_result: 'match' | 'mismatch' | 'seen';
  check_reference?: string;
  old_card: 'surrendered' | 'lost' | 'none';
}

/** An adult is checked against the own record; who collects for another shows a document. */
function refuseWrongReceiver(context: Context, application: Application, how: HandOver): void {
  const isChild = ageOn(application.birth_on, legalDay(context.now)) < 16;
  if (isChild ? how.receiver_relation !== 'guardian' : how.receiver_relation === 'guardian') throw new Refusal('cards.receiver_wrong');
  const isProved = how.receiver_relation === 'self' ? how.check_kind !== 'document' && how.check_result === 'match' : how.check_kind === 'document' && how.check_result === 'seen';
  if (!isProved) throw new Refusal('cards.identity_not_proved');
  // 居民身份证法第十一条: the old card is given back for the new one. A first card and one for a lost card have none.
  if (!isFirst(application.reason) && !isForLost(application.reason) && how.old_card !== 'surrendered') throw new Refusal('cards.old_card_needed');
}

/**
 * Hands a card over at the counter: from now on it is in force and the old one is not.
 * @throws Refusal cards.application_not_found, cards.not_ready, cards.fee_due, cards.receiver_wrong, cards.identity_not_proved, cards.old_card_needed
 */
export async function handOverCard(context: Context, how: HandOver): Promise<{ application_id: string; card_id: string }> {
  const application = await readyApplication(context, how.application_id);
  refuseWrongReceiver(context, application, how);
  await keepHandOver(context, application, { ...how, how: 'counter', courier_no: null });
  return bringIntoForce(context, application);
}

/** The application, if its card lies here and is paid for. */
async function readyApplication(context: Context, application_id: string): Promise<Application> {
  const application = await holdApplication(context, application_id);
  if (application.state !== 'ready') throw new Refusal('cards.not_ready', { state: stateWords[application.state].zh, state_en: stateWords[application.state].en });
  if (application.fee_state === 'due') throw new Refusal('cards.fee_due');
  return application;
}

/**
 * Gives a card to the courier. It comes into force when the courier has handed it over against an identity check.
 * @throws Refusal cards.application_not_found, cards.not_by_courier, cards.not_ready, cards.fee_due, cards.old_card_needed
 */
export async function dispatchCard(context: Context, sending: { application_id: string; courier_no: string; receiver_name: string; old_card: HandOver['old_card'] }): Promise<{ application_id: string }> {
  const application = await readyApplication(context, sending.application_id);
  if (application.delivery !== 'courier') throw new Refusal('cards.not_by_courier');
  if (!isFirst(application.reason) && !isForLost(application.reason) && sending.old_card !== 'surrendered') throw new Refusal('cards.old_card_needed');
  await keepHandOver(context, application, { ...sending, how: 'courier', receiver_relation: 'courier', check_kind: 'courier_receipt', check_result: 'seen' });
  await context.query(`update cards.application set state = 'dispatched', state_at = $2 where application_id = $1`, [application.application_id, context.now]);
  return { application_id: application.application_id };
}

/** The courier's receipt has come back. @throws Refusal cards.application_not_found, cards.not_dispatched */
export async function confirmDelivery(context: Context, { application_id }: { application_id: string }): Promise<{ application_id: string; card_id: string }> {
  const application = await holdApplication(context, application_id);
  if (application.state !== 'dispatched') throw new Refusal('cards.not_dispatched');
  return bringIntoForce(context, application);
}

async function keepHandOver(context: Context, application: Application, how: Omit<HandOver, 'application_id' | 'receiver_relation' | 'check_kind'> & { how: string; receiver_relation: string; check_kind: string; courier_no: string | null }): Promise<void> {
  const officer = officerOf(context);
  await context.query(
    `insert into cards.hand_over (hand_over_id, application_id, how, at, by_officer, org_code, receiver_name, receiver_relation, check_kind, check_result, check_reference, old_card, courier_no)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [newId(), application.application_id, how.how, context.now, officer.officer_id, officer.org_code, how.receiver_name, how.receiver_relation, how.check_kind, how.check_result, how.check_reference ?? null, how.old_card, how.courier_no]);
}

async function bringIntoForce(context: Context, application: Application): Promise<{ application_id: string; card_id: string }> {
  const { application_id, person_id, case_id } = application;
  // 临时居民身份证: given back when the card is collected (临时居民身份证管理办法); the gate ends it with the old card.
  const [card] = await context.query<{ card_id: string }>('select cards.bring_into_force($1) as card_id', [application_id]);
  context.emit('cards.card_handed_over', { case_id, application_id, person_id });
  return { application_id, card_id: card!.card_id };
}

/** @throws Refusal cards.application_not_found, cards.order_not_rejected */
export async function reorderCard(context: Context, { application_id }: { application_id: string }): Promise<{ application_id: string; order_no: string }> {
  await holdApplication(context, application_id);
  return { application_id, ...(await orderAgain(context, { application_id })) };
}

/** The applicant gives up, or production could not make the card. @throws Refusal cards.application_not_found, cards.too_late_to_cancel */
export async function cancelCard(context: Context, { application_id, reason }: { application_id: string; reason: string }): Promise<{ application_id: string }> {
  const application = await holdApplication(context, application_id);
  if (!['ordered', 'rejected'].includes(application.state)) throw new Refusal('cards.too_late_to_cancel');
  await cancelApplication(context, application_id, reason);
  context.emit('cards.application_cancelled', { case_id: application.case_id, application_id });
  return { application_id };
}

/**
 * The bearer has found the card again: it is in force once more and the national register is told. Not once a new one is under way.
 * @throws Refusal cards.loss_not_open
 */
export async function withdrawLoss(context: Context, { report_no }: { report_no: string }): Promise<{ report_no: string }> {
  const [report] = await context.query<{ card_id: string | null; person_id: string; case_id: string }>(
    `update cards.loss_report as l set withdrawn_at = $2, withdrawn_by = $3, to_tell = 'withdrawal', next_attempt_at = $2, attempts = 0
     where l.report_no = $1 and l.withdrawn_at is null
       and not exists (select from cards.application as a where a.person_id = l.person_id and a.reason = '31' and a.applied_at >= l.reported_at and a.state <> 'cancelled')
     returning l.card_id, l.person_id, l.case_id`, [report_no, context.now, actorId(context.actor)]);
  if (report === undefined) throw new Refusal('cards.loss_not_open');
  await context.query(`update cards.card set state = 'in_force', state_reason = null, state_at = $2 where card_id = $1 and state = 'lost'`, [report.card_id, context.now]);
  context.audit({ case_id: report.case_id, detail: { report_no } });
  return { report_no };
}

/** Somebody handed in a card that was found. @throws Refusal cards.number_wrong, cards.found_kept_already */
export async function keepFoundCard(context: Context, { id_number, found_place }: { id_number: string; found_place?: string | undefined }): Promise<{ found_id: string; id_number_masked: string }> {
  if (validateIdNumber(id_number, { today: legalDay(context.now) }).length > 0) throw new Refusal('cards.number_wrong');
  const officer = officerOf(context);
  const found_id = newId();
  await context.query(
    `insert into cards.found_card (found_id, id_number, station_code, found_place, handed_in_at, handed_in_to, card_id, state, state_at, state_by)
     values ($1, $2, $3, $4, $5, $6, (select c.card_id from cards.card as c where c.id_number = $2 order by c.state in ('in_force', 'lost') desc, c.valid_from_on desc limit 1), 'kept', $5, $6)`,
    [found_id, id_number, officer.org_code, found_place ?? null, context.now, officer.officer_id]);
  context.audit({ detail: { found_id } });
  return { found_id, id_number_masked: maskIdNumber(id_number) };
}

/** Given back to its bearer, or destroyed because a new card is in force. @throws Refusal cards.found_not_kept */
export async function settleFoundCard(context: Context, { found_id, outcome, note }: { found_id: string; outcome: 'returned' | 'destroyed'; note: string }): Promise<{ found_id: string }> {
  const [row] = await context.query(`update cards.found_card set state = $2, state_at = $3, state_by = $4, note = $5 where found_id = $1 and state = 'kept' returning found_id`, [found_id, outcome, context.now, actorId(context.actor), note]);
  if (row === undefined) throw new Refusal('cards.found_not_kept');
  context.audit({ detail: { found_id, outcome } });
  return { found_id };
}
