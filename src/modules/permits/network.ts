/**
 * The wire to the national migration network, over which provinces exchange permits and certificates.
 *
 * `POST /mignet/v1/messages` with `{ message_no, kind: "publish" | "consume" | "void" | "return", from_province, to_province, number,
 * happened_on, reason?, paper? }` → 200 `{ receipt_no }`; the same message_no again is answered the same and does nothing
 * twice. 409 `{ error }` refuses for good: the paper's state on the network does not allow it.
 *
 * `GET /mignet/v1/inbox/:province?after=N` → 200 `{ messages: [{ sequence, message_no, kind: "publish" | "consume" | "void" | "return" | "decline",
 * number, happened_on, reason?, paper? }] }`, in the order of `sequence`, which has no holes; asking after N again gives the same again.
 *
 * `GET /mignet/v1/papers/:number` → 200 `{ paper, state }` or 404. Signing: kernel/signed-requests.ts.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { violationsOf, type SignedWire, type WireAnswer } from '../../kernel/index.ts';

export const messagesPath = '/mignet/v1/messages';
export const inboxPath = '/mignet/v1/inbox';
export const papersPath = '/mignet/v1/papers';
/** The name of the agreed secret's file. */
export const networkSecret = 'migration-network';

const Day = Type.String({ format: 'date' });
const Province = Type.String({ pattern: '^[1-9][0-9]$' });
const Number = Type.String({ pattern: '^[A-Z0-9-]{8,30}$' });
const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const WirePaper = Type.Object({
  kind: Type.Enum(['move_in_permit', 'migration_certificate']), number: Number, issuer_province: Province, other_province: Province,
  permit_number: OrNull(Number), reason: Type.String({ maxLength: 20 }), from_area: OrNull(Type.String({ maxLength: 12 })), to_area: OrNull(Type.String({ maxLength: 12 })),
  to_address: OrNull(Type.String({ maxLength: 200 })), issued_on: Day, valid_until_on: Day,
  movers: Type.Array(Type.Object({
    id_number: Type.String({ pattern: '^[1-9][0-9]{16}[0-9X]$' }), name: Type.String({ minLength: 1, maxLength: 50 }), sex: Type.Enum(['1', '2']), birth_on: Day,
    relation: Type.String({ maxLength: 4 }), items: Type.Record(Type.String(), Type.String({ maxLength: 200 })),
  }), { minItems: 1, maxItems: 20 }),
});
export type WirePaper = Static<typeof WirePaper>;

export interface WireMessage {
  message_no: string;
  kind: string;
  from_province: string;
  to_province: string;
  number: string;
  happened_on: string;
  reason?: string;
  paper?: WirePaper;
}

const Received = Type.Object({
  sequence: Type.Integer({ minimum: 1 }), message_no: Type.String({ minLength: 1, maxLength: 100 }), kind: Type.Enum(['publish', 'consume', 'void', 'return', 'decline']),
  number: Number, happened_on: Day, reason: Type.Optional(Type.String({ maxLength: 500 })), paper: Type.Optional(WirePaper),
});
export type ReceivedMessage = Static<typeof Received>;
/** What can at least be counted, so that a message nobody understands stops no other. */
const Numbered = Type.Object({ sequence: Type.Integer({ minimum: 1 }), message_no: Type.String({ minLength: 1, maxLength: 100 }), number: Type.Optional(Type.String()) });

export type Delivery = { kind: 'taken'; receipt_no: string } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };
export type Fetched = { kind: 'paper'; paper: WirePaper; state: string } | { kind: 'unknown' } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };
export type Inbox = { kind: 'messages'; messages: { numbered: Static<typeof Numbered>; message: ReceivedMessage | null }[] } | { kind: 'later'; reason: string };

export interface MigrationNetwork {
  send(message: WireMessage): Promise<Delivery>;
  fetch(number: string): Promise<Fetched>;
  inbox(province: string, after: number): Promise<Inbox>;
}

const fits = <S extends TSchema>(schema: S, body: unknown): body is Static<S> => violationsOf(schema, body).length === 0;
const wrong = (said: Extract<WireAnswer, { kind: 'answered' }>): { kind: 'refused'; reason: string } => ({ kind: 'refused', reason: `HTTP ${said.status} ${String(said.body['error'] ?? '')}`.trim() });

export function migrationNetwork(wire: SignedWire): MigrationNetwork {
  return {
    async send(message) {
      const said = await wire.post(messagesPath, { ...message });
      if (said.kind === 'later') return said;
      if (said.status !== 200) return wrong(said);
      return typeof said.body['receipt_no'] === 'string' ? { kind: 'taken', receipt_no: said.body['receipt_no'] } : { kind: 'later', reason: 'an answer without a receipt' };
    },
    async fetch(number) {
      const said = await wire.get(`${papersPath}/${number}`);
      if (said.kind === 'later') return said;
      if (said.status === 404) return { kind: 'unknown' };
      if (said.status !== 200) return wrong(said);
      const { paper, state } = said.body;
      return fits(WirePaper, paper) && typeof state === 'string' && paper.number === number ? { kind: 'paper', paper, state } : { kind: 'later', reason: 'a paper outside of the protocol' };
    },
    async inbox(province, after) {
      const said = await wire.get(`${inboxPath}/${province}?after=${after}`);
      if (said.kind === 'later') return said;
      const messages = said.body['messages'];
      if (said.status !== 200 || !Array.isArray(messages)) return { kind: 'later', reason: `HTTP ${said.status}` };
      return {
        kind: 'messages',
        messages: messages.filter((one): one is Static<typeof Numbered> => fits(Numbered, one)).map((numbered) => ({ numbered, message: fits(Received, numbered) ? (numbered as ReceivedMessage) : null })),
      };
    },
  };
}
