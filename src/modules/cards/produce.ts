/** The errand to the card production: orders go out once their fee is settled and are followed until they are at the station; losses are told. */
import { errandClaimSeconds, log, newId, retrySeconds, type Context, type Errand, type OpenTransaction } from '../../kernel/index.ts';
import type { CardProduction, OrderAnswer, WireOrder } from './production.ts';

const batch = 20;
/** Cards take days: asked after half a minute, then ever more seldom up to a quarter of an hour. */
const followAfter = (attempts: number): number => Math.min(900, 15 * 2 ** Math.min(attempts, 20));

interface Claimed {
  order_no: string;
  application_id: string;
  state: 'waiting' | 'accepted' | 'produced';
  attempts: number;
  case_id: string;
  person_id: string;
  id_number: string;
  name: string;
  sex: string;
  ethnicity: string;
  birth_on: string;
  address_text: string;
  station_code: string;
  delivery_station: string;
  signed_by_org: string;
  valid_from_on: string;
  valid_until_on: string | null;
  portrait_reference: string;
  fingerprint_reference: string | null;
}

function claimOrders(context: Context): Promise<Claimed[]> {
  return context.query<Claimed>(
    `with due as (
       select o.order_no from cards.production_order as o join cards.application as a using (application_id)
       -- Payment goes before production; money has no other part in it.
       where o.next_attempt_at <= $1 and (o.state <> 'waiting' or a.fee_state in ('none', 'paid', 'waived'))
       order by o.next_attempt_at, o.order_no limit ${batch} for update of o skip locked)
     update cards.production_order as o set next_attempt_at = $1::timestamptz + make_interval(secs => ${errandClaimSeconds}), attempts = o.attempts + 1, sent_at = coalesce(o.sent_at, $1)
     from due, cards.application as a where o.order_no = due.order_no and a.application_id = o.application_id
     returning o.order_no, o.application_id, o.state, o.attempts, a.case_id, a.person_id, a.id_number, a.name, a.sex, a.ethnicity, a.birth_on::text as birth_on, a.address_text, a.station_code,
       a.delivery_station, a.signed_by_org, a.valid_from_on::text as valid_from_on, a.valid_until_on::text as valid_until_on, a.portrait_reference, a.fingerprint_reference`, [context.now]);
}

const wireOrder = (order: Claimed): WireOrder => ({
  order_no: order.order_no,
  items: { id_number: order.id_number, name: order.name, sex: order.sex, ethnicity: order.ethnicity, birth_on: order.birth_on, address_text: order.address_text },
  validity: { from_on: order.valid_from_on, until_on: order.valid_until_on }, signed_by: order.signed_by_org,
  captures: { portrait: order.portrait_reference, fingerprint: order.fingerprint_reference }, deliver_to: order.delivery_station,
});

async function noteOrder(context: Context, order: Claimed, said: OrderAnswer): Promise<void> {
  const [mine] = await context.query('select order_no from cards.production_order where order_no = $1 and attempts = $2 and settled_at is null for update', [order.order_no, order.attempts]);
  if (mine === undefined) return;
  const wait = (state: string, seconds: number, error: string | null = null): Promise<unknown> => context.query(
    'update cards.production_order set state = $2, next_attempt_at = $3::timestamptz + make_interval(secs => $4), last_error = $5 where order_no = $1', [order.order_no, state, context.now, seconds, error]);
  const turn = (state: string, reason: string | null = null): Promise<unknown> => context.query('update cards.application set state = $2, state_at = $3, state_reason = $4 where application_id = $1', [order.application_id, state, context.now, reason]);
  const reject = async (reason: string): Promise<void> => {
    await context.query(`update cards.production_order set state = 'rejected', reject_reason = $2, settled_at = $3, next_attempt_at = null where order_no = $1`, [order.order_no, reason, context.now]);
    await turn('rejected', reason);
    context.emit('cards.order_rejected', { case_id: order.case_id, application_id: order.application_id, station_code: order.delivery_station, reason });
  };

  if (said.kind === 'later') return void await wait(order.state, retrySeconds(order.attempts), said.reason.slice(0, 300));
  if (said.kind === 'unknown') return void await wait('waiting', retrySeconds(order.attempts), 'unknown to the production');
  if (said.kind === 'refused') return reject(said.reason);
  if (said.state === 'rejected') return reject(said.reason!);
  if (said.state === 'accepted') {
    if (order.state === 'waiting') await turn('in_production');
    return void await wait('accepted', followAfter(order.attempts));
  }
  await keepCard(context, order, said.card_serial!);
  if (said.state === 'produced') {
    if (order.state !== 'produced') await turn('produced');
    return void await wait('produced', followAfter(order.attempts));
  }
  await context.query(`update cards.production_order set state = 'delivered', card_serial = $2, settled_at = $3, next_attempt_at = null, last_error = null where order_no = $1`, [order.order_no, said.card_serial, context.now]);
  await turn('ready');
  context.emit('cards.card_ready', { case_id: order.case_id, application_id: order.application_id, station_code: order.delivery_station });
}

/** A card exists from the moment it was made; it is in force when it is handed over. */
async function keepCard(context: Context, order: Claimed, serial: string): Promise<void> {
  await context.query(
    `insert into cards.card (card_id, person_id, id_number, station_code, application_id, card_serial, valid_from_on, valid_until_on, state, state_at, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'produced', $9, $9) on conflict on constraint card_made_once do nothing`,
    [newId(), order.person_id, order.id_number, order.station_code, order.application_id, serial, order.valid_from_on, order.valid_until_on, context.now]);
}

/** One round of orders. @returns orders that were dealt with */
export async function followOrders(open: OpenTransaction, wire: () => CardProduction): Promise<number> {
  const orders = await open(claimOrders);
  if (orders.length === 0) return 0;
  const production = wire();
  await Promise.all(orders.map(async (order) => {
    const said = order.state === 'waiting' ? await production.order(wireOrder(order)) : await production.stateOf(order.order_no);
    await open((context) => noteOrder(context, order, said));
  }));
  return orders.length;
}

interface Untold {
  report_no: string;
  to_tell: 'report' | 'withdrawal';
  id_number: string;
  lost_on: string;
  attempts: number;
}

/** One round of losses. @returns reports that were dealt with */
export async function tellLosses(open: OpenTransaction, wire: () => CardProduction): Promise<number> {
  const reports = await open((context) => context.query<Untold>(
    `with due as (select report_no from cards.loss_report where next_attempt_at <= $1 order by next_attempt_at, report_no limit ${batch} for update skip locked)
     update cards.loss_report as l set next_attempt_at = $1::timestamptz + make_interval(secs => ${errandClaimSeconds}), attempts = l.attempts + 1
     from due where l.report_no = due.report_no returning l.report_no, l.to_tell, l.id_number, l.lost_on::text as lost_on, l.attempts`, [context.now]));
  if (reports.length === 0) return 0;
  const production = wire();
  await Promise.all(reports.map(async ({ report_no, to_tell, id_number, lost_on, attempts }) => {
    const said = await production.tellLoss({ report_no, kind: to_tell, id_number, lost_on });
    if (said.kind === 'refused') log('error', 'the register of losses refused a report', { report_no, reason: said.reason });
    await open((context) => (said.kind === 'later'
      ? context.query('update cards.loss_report set next_attempt_at = $3::timestamptz + make_interval(secs => $4), last_error = $5 where report_no = $1 and attempts = $2', [report_no, attempts, context.now, retrySeconds(attempts), said.reason.slice(0, 300)])
      : context.query('update cards.loss_report set to_tell = null, next_attempt_at = null, told_at = $3, last_error = $4 where report_no = $1 and attempts = $2 and to_tell = $5', [report_no, attempts, context.now, said.kind === 'refused' ? said.reason : null, to_tell])));
  }));
  return reports.length;
}

export const productionErrand = (production: () => CardProduction): Errand => ({
  name: 'cards.follow_production', every_seconds: 10, go: async (open) => (await followOrders(open, production)) + (await tellLosses(open, production)),
});
