/**
 * The wire to the identity-card production of the province and its register of losses.
 *
 * `POST /cards/v1/orders` with `{ order_no, items, validity, signed_by, captures, deliver_to }` → 202 `{ state: "accepted" }`;
 * `GET /cards/v1/orders/:order_no` → 200 `{ state: "accepted" | "produced" | "delivered" | "rejected", card_serial?, reason? }`,
 * 404 for an order never taken. `POST /cards/v1/losses` with `{ report_no, kind: "report" | "withdrawal", id_number, lost_on }` → 200.
 * The same number again is answered the same and makes nothing twice. 400 and 422 `{ error }` refuse for good.
 * Signing: kernel/signed-requests.ts.
 */
import Type, { type Static } from 'typebox';
import { violationsOf, type SignedWire, type WireAnswer } from '../../kernel/index.ts';

export const ordersPath = '/cards/v1/orders';
export const lossesPath = '/cards/v1/losses';
/** The name of the agreed secret's file. */
export const productionSecret = 'card-production';

export interface WireOrder {
  order_no: string;
  items: { id_number: string; name: string; sex: string; ethnicity: string; birth_on: string; address_text: string };
  validity: { from_on: string; until_on: string | null };
  signed_by: string;
  /** Numbers under which the capture system holds portrait and fingerprint for production. */
  captures: { portrait: string; fingerprint: string | null };
  deliver_to: string;
}

const OrderState = Type.Object({
  state: Type.Enum(['accepted', 'produced', 'delivered', 'rejected']), card_serial: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })), reason: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
});

export type OrderAnswer = ({ kind: 'state' } & Static<typeof OrderState>) | { kind: 'unknown' } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };
export type LossAnswer = { kind: 'told' } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };

export interface CardProduction {
  order(order: WireOrder): Promise<OrderAnswer>;
  stateOf(order_no: string): Promise<OrderAnswer>;
  tellLoss(report: { report_no: string; kind: 'report' | 'withdrawal'; id_number: string; lost_on: string }): Promise<LossAnswer>;
}

function readOrder(said: WireAnswer): OrderAnswer {
  if (said.kind === 'later') return said;
  if (said.status === 404) return { kind: 'unknown' };
  if (said.status >= 400) return { kind: 'refused', reason: String(said.body['error'] ?? `HTTP ${said.status}`) };
  const body = said.body as Static<typeof OrderState>;
  const isWhole = violationsOf(OrderState, body).length === 0 && (body.state === 'accepted' || body.state === 'rejected' || body.card_serial !== undefined) && (body.state !== 'rejected' || body.reason !== undefined);
  return isWhole ? { kind: 'state', ...body } : { kind: 'later', reason: 'an answer outside of the protocol' };
}

export function cardProduction(wire: SignedWire): CardProduction {
  return {
    order: async (order) => readOrder(await wire.post(ordersPath, { ...order })),
    stateOf: async (order_no) => readOrder(await wire.get(`${ordersPath}/${order_no}`)),
    async tellLoss(report) {
      const said = await wire.post(lossesPath, { ...report });
      if (said.kind === 'later') return said;
      return said.status < 400 ? { kind: 'told' } : { kind: 'refused', reason: String(said.body['error'] ?? `HTTP ${said.status}`) };
    },
  };
}
