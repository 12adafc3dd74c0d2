/** Applications for identity cards and what stands of them: ordered by an approved case, made elsewhere, handed over here. */
import { legalDay, newId, Refusal, type Context } from '../../kernel/index.ts';
import { getBureau } from '../reference/index.ts';
import { monthsAfter, validityOf, type CardReason } from './validity.ts';

/** What is printed on a card, as the register has it at signing. */
export interface CardItems {
  person_id: string;
  id_number: string;
  name: string;
  sex: '1' | '2';
  ethnicity: string;
  /** yyyy-mm-dd */
  birth_on: string;
  address_text: string;
}

export interface CardOrder {
  case_id: string;
  person: CardItems;
  /** Where the bearer is registered. */
  station_code: string;
  /** Where the card is handed over; the same unless applied for away from home (1305). */
  delivery_station?: string;
  /** The county organ that signs (居民身份证法第八条); counted from the day of this call. */
  signed_by_org: string;
  /** GA/T 2000.10: 11–16 first, 21–23 renewal, 31 lost, 40 error of the authority. */
  reason: CardReason;
  /** Of the service; 0 for first cards and errors of the authority. */
  fee_fen: number;
  /** Numbers of the captures at the counter; no image and no template comes here. */
  portrait_reference: string;
  fingerprint_reference: string | null;
  delivery: 'counter' | 'courier';
  delivery_address?: string;
}

export type ApplicationState = 'ordered' | 'in_production' | 'produced' | 'ready' | 'rejected' | 'dispatched' | 'handed_over' | 'cancelled';

/** Application numbers are the order numbers of production too: county, day, sequence. */
async function nextOrderNo(context: Context, county: string): Promise<string> {
  const [row] = await context.query<{ number: string }>('select cards.next_number($1, 5) as number', [`${county.slice(0, 6)}${legalDay(context.now).replaceAll('-', '')}`]);
  return row!.number;
}

/**
 * Signs the application and orders the card; it is made once its fee is settled. Effect of 1301, 1302, 1303 and 1305.
 * @returns valid_until_on null for long-term
 * @throws Refusal cards.in_hand_already, cards.case_has_one
 */
export async function orderCard(context: Context, order: CardOrder): Promise<{ application_id: string; order_no: string; valid_from_on: string; valid_until_on: string | null }> {
  const { person } = order;
  const application_id = newId();
  const signed_on = legalDay(context.now);
  const validity = validityOf(person.birth_on, signed_on);
  await context.query(
    `insert into cards.application (application_id, case_id, person_id, id_number, name, sex, ethnicity, birth_on, address_text, station_code, delivery_station, signed_by_org, signed_on,
       valid_from_on, valid_until_on, reason, portrait_reference, fingerprint_reference, fee_fen, fee_state, delivery, delivery_address, state, state_at, applied_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, 'ordered', $23, $23)`,
    [application_id, order.case_id, person.person_id, person.id_number, person.name, person.sex, person.ethnicity, person.birth_on, person.address_text, order.station_code,
      order.delivery_station ?? order.station_code, order.signed_by_org, signed_on, validity.valid_from_on, validity.valid_until_on, order.reason, order.portrait_reference,
      order.fingerprint_reference, order.fee_fen, order.fee_fen === 0 ? 'none' : 'due', order.delivery, order.delivery_address ?? null, context.now]);
  const order_no = await placeOrder(context, application_id, order.signed_by_org);
  return { application_id, order_no, ...validity };
}

async function placeOrder(context: Context, application_id: string, county: string): Promise<string> {
  const order_no = await nextOrderNo(context, county);
  await context.query(`insert into cards.production_order (order_no, application_id, state, next_attempt_at, created_at) values ($1, $2, 'waiting', $3, $3)`, [order_no, application_id, context.now]);
  return order_no;
}

/** A temporary card, valid three months, on the ground of an application that is under way (居民身份证法第十二条). Effect of 1304. @throws Refusal cards.not_applied_for, cards.temporary_in_force */
export async function issueTemporaryCard(context: Context, order: { case_id: string; person: Pick<CardItems, 'person_id' | 'id_number'>; station_code: string; purpose: string | null; fee_fen: number }): Promise<{ temporary_card_no: string; valid_from_on: string; valid_until_on: string }> {
  const [facts] = await cardFacts(context, [order.person.person_id]);
  if (facts?.application === null || facts === undefined) throw new Refusal('cards.not_applied_for');
  const valid_from_on = legalDay(context.now);
  const valid_until_on = monthsAfter(valid_from_on, (await getBureau(context)).limits['temporary_card_months'] ?? 3);
  const [number] = await context.query<{ number: string }>('select cards.next_number($1, 6) as number', [`L${order.station_code.slice(0, 6)}${valid_from_on.slice(0, 4)}`]);
  // One that has run out and was never given back holds nobody up.
  await context.query(`update cards.temporary_card set state = 'invalid', state_at = $2 where person_id = $1 and state = 'in_force' and valid_until_on < $3::date`, [order.person.person_id, context.now, valid_from_on]);
  await context.query(
    `insert into cards.temporary_card (temporary_card_no, application_id, case_id, person_id, id_number, station_code, purpose, valid_from_on, valid_until_on, fee_fen, fee_state, state, state_at, issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'in_force', $12, $12)`,
    [number!.number, facts.application.application_id, order.case_id, order.person.person_id, order.person.id_number, order.station_code, order.purpose, valid_from_on, valid_until_on, order.fee_fen, order.fee_fen === 0 ? 'none' : 'due', context.now]);
  return { temporary_card_no: number!.number, valid_from_on, valid_until_on };
}

/**
 * Notes a loss: the card in force is invalid from now on, and the national loss register is told. A person without a
 * card in our books may report one too. Effect of 1303, before the replacement is ordered.
 */
export async function reportLoss(context: Context, report: { case_id: string; person_id: string; id_number: string; station_code: string; lost_on: string }): Promise<{ report_no: string; card_id: string | null }> {
  const [facts] = await cardFacts(context, [report.person_id]);
  const card_id = facts?.card?.state === 'in_force' ? facts.card.card_id : null;
  await context.query(`select cards.end_cards($1, 'lost', 'lost')`, [report.person_id]);
  const [number] = await context.query<{ number: string }>('select cards.next_number($1, 6) as number', [`G${report.station_code.slice(0, 6)}${legalDay(context.now).slice(0, 4)}`]);
  await context.query(
    `insert into cards.loss_report (report_no, case_id, card_id, person_id, id_number, station_code, lost_on, reported_at, to_tell, next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'report', $8)`, [number!.number, report.case_id, card_id, report.person_id, report.id_number, report.station_code, report.lost_on, context.now]);
  return { report_no: number!.number, card_id };
}

/** Why cards end without a new one: death, a changed main item, a registration that ended (moved abroad, deleted). */
export type EndReason = 'person_died' | 'items_changed' | 'registration_ended';

/**
 * Makes every card of a person invalid and stops what is under way; a fee that was paid is due back.
 * @param end.before only what was applied for before this instant is stopped: news may come after a new application was signed
 * @returns cards that were ended
 */
export async function invalidateCards(context: Context, { person_id, reason, before }: { person_id: string; reason: EndReason; before?: Date }): Promise<{ ended: number }> {
  const [row] = await context.query<{ ended: number }>(`select cards.end_cards($1, 'invalid', $2, $3) as ended`, [person_id, reason, before ?? null]);
  const open = await context.query<{ application_id: string }>(
    `select application_id from cards.application where person_id = $1 and state in ('ordered', 'in_production', 'produced', 'ready', 'rejected', 'dispatched') and ($2::timestamptz is null or applied_at <= $2) for update`, [person_id, before ?? null]);
  for (const { application_id } of open) await cancelApplication(context, application_id, reason);
  return { ended: row!.ended };
}

/** Ends an application; what was paid is due back. */
export async function cancelApplication(context: Context, application_id: string, reason: string): Promise<void> {
  await context.query(
    `update cards.application set state = 'cancelled', state_at = $2, state_reason = $3, fee_state = case fee_state when 'paid' then 'refund_due' when 'due' then 'waived' else fee_state end where application_id = $1`,
    [application_id, context.now, reason]);
  await context.query(`update cards.production_order set state = 'cancelled', settled_at = $2, next_attempt_at = null where application_id = $1 and settled_at is null`, [application_id, context.now]);
}

export interface CardFacts {
  person_id: string;
  /** Under way, from the order to the hand-over. */
  application: { application_id: string; case_id: string; state: ApplicationState; reason: string; applied_at: string } | null;
  /** The card in force, or the last there was; `valid_until_on` null is long-term. */
  card: { card_id: string; state: 'in_force' | 'lost' | 'replaced' | 'invalid' | 'destroyed'; state_reason: string | null; valid_from_on: string; valid_until_on: string | null; id_number: string } | null;
  temporary: { temporary_card_no: string; valid_until_on: string } | null;
  /** Loss reports that were not withdrawn. */
  losses: number;
}

/** What cases must know of people's cards, in the order asked. */
export function cardFacts(context: Context, person_ids: readonly string[]): Promise<CardFacts[]> {
  return context.query<CardFacts>('select person_id, application, card, temporary, losses from cards.facts_of($1)', [person_ids]);
}

/**
 * Production sent the application back; what was wrong has been mended (a new capture), and it is ordered again.
 * @throws Refusal cards.application_not_found, cards.order_not_rejected
 */
export async function orderAgain(context: Context, { application_id }: { application_id: string }): Promise<{ order_no: string }> {
  const [application] = await context.query<{ state: string; signed_by_org: string }>('select state, signed_by_org from cards.application where application_id = $1 for update', [application_id]);
  if (application === undefined) throw new Refusal('cards.application_not_found');
  if (application.state !== 'rejected') throw new Refusal('cards.order_not_rejected');
  await context.query(`update cards.application set state = 'ordered', state_at = $2, state_reason = null where application_id = $1`, [application_id, context.now]);
  return { order_no: await placeOrder(context, application_id, application.signed_by_org) };
}
