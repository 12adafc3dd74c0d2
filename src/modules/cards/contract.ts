/** Identity cards at the counter: what is under way, money, hand-over, losses, found cards. Ordering is the effect of a case. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const Strict = { additionalProperties: false };
const Id = Type.String({ format: 'uuid' });
const OrNull = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });
const Note = Type.String({ minLength: 4, maxLength: 200, mend: { zh: '请填写依据或票据号(4–200 字)。', en: 'State the ground or the number of the receipt in 4 to 200 characters.' } });
const OldCard = Type.Enum(['surrendered', 'lost', 'none'], { mend: { zh: '请选择旧证情况:已交回、丢失或没有。', en: 'Say what became of the old card: surrendered, lost or none.' } });
const Receiver = Type.String({ minLength: 1, maxLength: 50 });

export const ApplicationRow = Type.Object({
  application_id: Id, case_id: Id, person_id: Id, name: Type.String(), id_number_masked: Type.String(), reason: Type.String(), state: Type.String(), state_label: TextSchema,
  state_reason: OrNull(Type.String()), state_at: Type.String(), applied_at: Type.String(), valid_from_on: Type.String(), valid_until_on: OrNull(Type.String()),
  fee_fen: Type.Integer(), fee_state: Type.String({ description: 'none | due | paid | waived | refund_due | refunded' }), delivery: Type.String({ description: 'counter | courier' }), delivery_address: OrNull(Type.String()), order_no: OrNull(Type.String()),
}, { subject: 'person_id', fields: 'card' });

export const CardOfPerson = Type.Object({
  card_id: Id, state: Type.String({ description: 'produced | in_force | lost | replaced | invalid | destroyed' }), state_reason: OrNull(Type.String()), state_at: Type.String(), valid_from_on: Type.String(), valid_until_on: OrNull(Type.String()),
});
export const CardsOfPerson = Type.Object({
  person_id: Id, cards: Type.Array(CardOfPerson),
  temporary: Type.Array(Type.Object({ temporary_card_no: Type.String(), state: Type.String(), valid_from_on: Type.String(), valid_until_on: Type.String() })),
  losses: Type.Array(Type.Object({ report_no: Type.String(), lost_on: Type.String(), reported_at: Type.String(), withdrawn_at: OrNull(Type.String()), told_at: OrNull(Type.String()) })),
}, { subject: 'person_id', fields: 'card' });
export type CardsOfPersonData = Static<typeof CardsOfPerson>;

const ApplicationInput = Type.Object({ application_id: Id }, Strict);
const ApplicationAnswer = Type.Object({ application_id: Id });

export const contract = defineContract({
  listApplications: {
    method: 'GET', path: '/api/cards/applications', permission: 'cards.list_applications', purpose: 'stated', summary: { zh: '列出居民身份证申领', en: 'List applications for identity cards' },
    input: Type.Object({
      state: Type.Optional(Type.Enum(['ordered', 'in_production', 'produced', 'ready', 'rejected', 'dispatched', 'handed_over', 'cancelled'])),
      after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
    }, Strict),
    output: Type.Object({ applications: Type.Array(ApplicationRow), next: OrNull(Type.String()) }),
  },
  getCardsOfPerson: {
    method: 'GET', path: '/api/cards/persons/:person_id', permission: 'cards.list_applications', purpose: 'stated', summary: { zh: '查看某人的居民身份证', en: 'Read the cards of a person' },
    input: Type.Object({ person_id: Id }, Strict), output: CardsOfPerson,
  },
  settleFee: {
    method: 'POST', path: '/api/cards/applications/:application_id/fee', permission: 'cards.settle_fee', summary: { zh: '登记收费、减免或退费', en: 'Note a fee as paid, waived or refunded' },
    input: Type.Object({ application_id: Id, outcome: Type.Enum(['paid', 'waived', 'refunded']), note: Note }, Strict), output: Type.Object({ application_id: Id, fee_state: Type.String() }),
  },
  handOverCard: {
    method: 'POST', path: '/api/cards/applications/:application_id/hand-over', permission: 'cards.hand_over_card', summary: { zh: '窗口发证', en: 'Hand a card over at the counter' },
    input: Type.Object({
      application_id: Id, receiver_name: Receiver, receiver_relation: Type.Enum(['self', 'guardian', 'agent']), check_kind: Type.Enum(['fingerprint', 'portrait', 'document']),
      check_result: Type.Enum(['match', 'mismatch', 'seen']), check_reference: Type.Optional(Type.String({ maxLength: 60 })), old_card: OldCard,
    }, Strict),
    output: Type.Object({ application_id: Id, card_id: Id }),
  },
  dispatchCard: {
    method: 'POST', path: '/api/cards/applications/:application_id/dispatch', permission: 'cards.hand_over_card', summary: { zh: '交寄', en: 'Give a card to the courier' },
    input: Type.Object({ application_id: Id, courier_no: Type.String({ pattern: '^[A-Za-z0-9-]{6,40}$' }), receiver_name: Receiver, old_card: OldCard }, Strict), output: ApplicationAnswer,
  },
  confirmDelivery: {
    method: 'POST', path: '/api/cards/applications/:application_id/delivered', permission: 'cards.hand_over_card', summary: { zh: '登记妥投', en: 'Note that the courier has delivered' },
    input: ApplicationInput, output: Type.Object({ application_id: Id, card_id: Id }),
  },
  reorderCard: {
    method: 'POST', path: '/api/cards/applications/:application_id/reorder', permission: 'cards.hand_over_card', summary: { zh: '制证退回后重新送制', en: 'Order again what production sent back' },
    input: ApplicationInput, output: Type.Object({ application_id: Id, order_no: Type.String() }),
  },
  cancelCard: {
    method: 'POST', path: '/api/cards/applications/:application_id/cancel', permission: 'cards.hand_over_card', summary: { zh: '取消申领', en: 'Cancel an application' },
    input: Type.Object({ application_id: Id, reason: Note }, Strict), output: ApplicationAnswer,
  },
  withdrawLoss: {
    method: 'POST', path: '/api/cards/losses/:report_no/withdraw', permission: 'cards.hand_over_card', summary: { zh: '撤销挂失', en: 'Withdraw a loss report' },
    input: Type.Object({ report_no: Type.String({ pattern: '^G[0-9]{16}$' }) }, Strict), output: Type.Object({ report_no: Type.String() }),
  },
  keepFoundCard: {
    method: 'POST', path: '/api/cards/found', permission: 'cards.keep_found_card', summary: { zh: '登记拾获证件', en: 'Take in a found card' },
    input: Type.Object({ id_number: Type.String({ maxLength: 18 }), found_place: Type.Optional(Type.String({ maxLength: 100 })) }, Strict), output: Type.Object({ found_id: Id, id_number_masked: Type.String() }),
  },
  listFoundCards: {
    method: 'GET', path: '/api/cards/found', permission: 'cards.keep_found_card', summary: { zh: '列出保管的拾获证件', en: 'List found cards that are kept' },
    input: Type.Object({}, Strict), output: Type.Object({ found: Type.Array(Type.Object({ found_id: Id, id_number_masked: Type.String(), found_place: OrNull(Type.String()), handed_in_at: Type.String() })) }),
  },
  settleFoundCard: {
    method: 'POST', path: '/api/cards/found/:found_id/settle', permission: 'cards.keep_found_card', summary: { zh: '发还或销毁拾获证件', en: 'Return or destroy a found card' },
    input: Type.Object({ found_id: Id, outcome: Type.Enum(['returned', 'destroyed']), note: Note }, Strict), output: Type.Object({ found_id: Id }),
  },
});
