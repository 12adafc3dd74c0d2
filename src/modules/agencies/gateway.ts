/**
 * The wire to the provincial data-sharing gateway, behind which every other authority sits.
 *
 * Questions. `POST /share/v1/queries` with `{ query_id, contract, matter, fields }`, and later `GET /share/v1/queries/:query_id`:
 * 200 `{ state: "answered", answer: "match" | "mismatch" | "not_found", differing?, reference, answered_at }`,
 * 202 `{ state: "accepted", poll_after_seconds }` when the source answers in its own time, 404 (GET) for an id never taken,
 * 400, 409 and 422 refuse for good (a contract that has ended, an id used for something else).
 *
 * Opinions. `POST /share/v1/opinions` with `{ opinion_id, agency, stage, case_no, fields }` → 202,
 * `POST /share/v1/opinions/:opinion_id/supplements` with `{ number, text }` → 202, `GET /share/v1/opinions/:opinion_id` →
 * 200 `{ status: "received" | "in_process" | "approved" | "refused" | "need_more", document_no?, decided_on?, text? }`.
 *
 * The same id again is answered the same and does nothing twice. Signing: kernel/signed-requests.ts.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { violationsOf, type SignedWire, type WireAnswer } from '../../kernel/index.ts';

export const queriesPath = '/share/v1/queries';
export const opinionsPath = '/share/v1/opinions';
/** The name of the agreed secret's file. */
export const gatewaySecret = 'agencies-gateway';

export interface WireQuestion {
  query_id: string;
  contract: string;
  matter: string;
  fields: Record<string, string>;
}

const Answered = Type.Object({
  state: Type.Literal('answered'), answer: Type.Enum(['match', 'mismatch', 'not_found']),
  differing: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 50 })), reference: Type.String({ maxLength: 100 }), answered_at: Type.String({ format: 'date-time' }),
});
const Accepted = Type.Object({ state: Type.Literal('accepted'), poll_after_seconds: Type.Number() });

export type QueryAnswer =
  | { kind: 'answered'; answer: 'match' | 'mismatch' | 'not_found'; differing: string[]; reference: string }
  | { kind: 'accepted'; poll_after_seconds: number }
  /** The gateway does not know the id: it is given anew. */
  | { kind: 'unknown' }
  /** Refused for good: asking again would be answered the same. */
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string };

export interface WireOpinion {
  opinion_id: string;
  agency: string;
  stage: string;
  case_no: string;
  fields: Record<string, string>;
}

const Opinion = Type.Object({
  status: Type.Enum(['received', 'in_process', 'approved', 'refused', 'need_more']),
  document_no: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })), decided_on: Type.Optional(Type.String({ format: 'date' })), text: Type.Optional(Type.String({ maxLength: 2000 })),
});

export type OpinionAnswer =
  | ({ kind: 'status' } & Static<typeof Opinion>)
  | { kind: 'unknown' } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };

export interface AgenciesGateway {
  ask(question: WireQuestion): Promise<QueryAnswer>;
  askAfter(query_id: string): Promise<QueryAnswer>;
  submitOpinion(opinion: WireOpinion): Promise<OpinionAnswer>;
  supplement(opinion_id: string, number: number, text: string): Promise<OpinionAnswer>;
  opinionOf(opinion_id: string): Promise<OpinionAnswer>;
}

const fits = <S extends TSchema>(schema: S, body: unknown): body is Static<S> => violationsOf(schema, body).length === 0;

type Settled = { kind: 'unknown' } | { kind: 'refused'; reason: string } | { kind: 'later'; reason: string };

/** What both protocols share; undefined when the body has to be read. */
function settledByStatus(said: WireAnswer): Settled | undefined {
  if (said.kind === 'later') return said;
  if (said.status === 404) return { kind: 'unknown' };
  if (said.status >= 400) return { kind: 'refused', reason: `HTTP ${said.status} ${String(said.body['error'] ?? '')}`.trim() };
  return undefined;
}

function readQueryAnswer(said: WireAnswer): QueryAnswer {
  const settled = settledByStatus(said);
  if (settled !== undefined || said.kind === 'later') return settled!;
  const { body } = said;
  if (fits(Accepted, body)) return { kind: 'accepted', poll_after_seconds: body.poll_after_seconds };
  if (!fits(Answered, body)) return { kind: 'later', reason: 'an answer outside of the contract' };
  const differing = body.answer === 'mismatch' ? body.differing ?? [] : [];
  if (body.answer === 'mismatch' && differing.length === 0) return { kind: 'later', reason: 'a mismatch that names no field' };
  return { kind: 'answered', answer: body.answer as 'match' | 'mismatch' | 'not_found', differing, reference: body.reference };
}

function readOpinion(said: WireAnswer): OpinionAnswer {
  const settled = settledByStatus(said);
  if (settled !== undefined || said.kind === 'later') return settled!;
  const { body } = said;
  // A decision that does not say under which number, or why not, is none.
  if (!fits(Opinion, body) || (body.status === 'approved' && body.document_no === undefined) || (body.status === 'refused' && body.text === undefined)) return { kind: 'later', reason: 'an opinion outside of the contract' };
  return { kind: 'status', ...body };
}

export function agenciesGateway(wire: SignedWire): AgenciesGateway {
  return {
    ask: async (question) => readQueryAnswer(await wire.post(queriesPath, { ...question })),
    askAfter: async (query_id) => readQueryAnswer(await wire.get(`${queriesPath}/${query_id}`)),
    submitOpinion: async (opinion) => readOpinion(await wire.post(opinionsPath, { ...opinion })),
    supplement: async (opinion_id, number, text) => readOpinion(await wire.post(`${opinionsPath}/${opinion_id}/supplements`, { number, text })),
    opinionOf: async (opinion_id) => readOpinion(await wire.get(`${opinionsPath}/${opinion_id}`)),
  };
}
