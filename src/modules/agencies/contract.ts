/** Operations on the connections to other authorities. What a case asked and was answered is read with the case, not here. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const Strict = { additionalProperties: false };
const Instant = Type.String({ format: 'date-time' });
const OrNull = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });

export const SourceState = Type.Object({
  source: Type.String(), name: TextSchema, contract: Type.String(),
  state: Type.String({ description: 'working | failing | left_alone | never_asked' }),
  /** Failed attempts in a row. */
  failures: Type.Integer(),
  left_alone_until: OrNull(Instant), last_answer_at: OrNull(Instant), last_failure_at: OrNull(Instant), last_error: OrNull(Type.String()),
  /** Questions under way. */
  waiting: Type.Integer(),
});
export type SourceState = Static<typeof SourceState>;

export const contract = defineContract({
  listSources: {
    method: 'GET', path: '/api/agencies/sources', permission: 'agencies.read_sources', summary: { zh: '查看各数据源连通情况', en: 'See how each source is doing' },
    input: Type.Object({}, Strict), output: Type.Object({ sources: Type.Array(SourceState) }),
  },
  retrySource: {
    method: 'POST', path: '/api/agencies/sources/:source/retry', permission: 'agencies.retry_source', summary: { zh: '立即重试数据源', en: 'Try a source again now' },
    input: Type.Object({ source: Type.String({ maxLength: 60 }) }, Strict), output: Type.Object({ source: Type.String(), waiting: Type.Integer() }),
  },
});
