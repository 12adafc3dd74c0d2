/** Operations on the exchange. No answer here holds personal data: numbers, kinds, codes and instants only. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const Strict = { additionalProperties: false };
const Instant = Type.String({ format: 'date-time' });
const OrNull = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Lane = Type.Union([Type.Literal('outgoing'), Type.Literal('incoming')]);
const SequenceInput = Type.Object({ sequence: Type.Integer({ minimum: 1 }) }, Strict);
const ReasonedInput = Type.Object({ sequence: Type.Integer({ minimum: 1 }), reason: Type.String({ minLength: 4, maxLength: 500 }) }, Strict);
const SequenceAnswer = Type.Object({ sequence: Type.Integer() });

export const LaneCounters = Type.Object({
  lane: Lane,
  direction: Type.Union([Type.Literal('internet-to-police'), Type.Literal('police-to-internet')]),
  /** The three numbers of the lane: highest written, everything received through, everything receipted through. */
  written: Count, received: Count, receipted: Count,
  /** Age of the oldest parcel without receipt (outgoing) or not yet handled (incoming), in seconds. */
  lag_seconds: Count,
  waiting: Count, quarantined: Count, held: Count,
  repeated: Count,
  refused_24_hours: Type.Array(Type.Object({ reason: Type.String(), count: Count })),
  gaps: Count,
  first_gaps: Type.Array(Type.Object({ sequence: Type.Integer(), noticed_at: Instant, request_count: Count, may_be_skipped_at: Instant })),
  key_id: OrNull(Type.String()), key_age_days: OrNull(Type.Number()), key_days_left: OrNull(Type.Number()),
  courier_seen_at: OrNull(Type.String()),
});
export type LaneCounters = Static<typeof LaneCounters>;

export const AlarmShown = Type.Object({
  alarm_id: Type.String(), lane: Lane, kind: Type.String(), opened_at: Instant, last_at: Instant, count: Count, closes_itself: Type.Boolean(),
});

export const StuckParcel = Type.Object({
  sequence: Type.Integer(), parcel_id: Type.String(), kind: Type.String(), order_key: Type.String(),
  state: Type.Union([Type.Literal('quarantined'), Type.Literal('held')]), reason: OrNull(Type.String()), attempts: Count, received_at: Instant,
});
export type StuckParcel = Static<typeof StuckParcel>;

export const contract = defineContract({
  getCounters: {
    method: 'GET', path: '/api/exchange/counters', permission: 'exchange.read_counters', summary: { zh: '查看内外网交换计数', en: 'Read the counters of the exchange' },
    input: Type.Object({}, Strict),
    output: Type.Object({ at: Instant, network: Type.String(), lanes: Type.Array(LaneCounters), alarms: Type.Array(AlarmShown) }),
  },
  listQuarantine: {
    method: 'GET', path: '/api/exchange/quarantine', permission: 'exchange.read_counters', summary: { zh: '列出隔离和暂扣的包裹', en: 'List parcels in quarantine and held' },
    input: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }, Strict),
    output: Type.Object({ parcels: Type.Array(StuckParcel), next_after: OrNull(Type.Number()) }),
  },
  retryParcel: {
    method: 'POST', path: '/api/exchange/parcels/:sequence/retry', permission: 'exchange.release_parcel', summary: { zh: '重试隔离的包裹', en: 'Retry a quarantined parcel' },
    input: SequenceInput, output: SequenceAnswer,
  },
  releaseParcel: {
    method: 'POST', path: '/api/exchange/parcels/:sequence/release', permission: 'exchange.release_parcel', summary: { zh: '放行暂扣的包裹', en: 'Release a held parcel' },
    input: ReasonedInput, output: SequenceAnswer,
  },
  discardParcel: {
    method: 'POST', path: '/api/exchange/parcels/:sequence/discard', permission: 'exchange.release_parcel', summary: { zh: '作废隔离或暂扣的包裹', en: 'Discard a quarantined or held parcel' },
    input: ReasonedInput, output: SequenceAnswer,
  },
  skipGap: {
    method: 'POST', path: '/api/exchange/gaps/:sequence/skip', permission: 'exchange.release_parcel', summary: { zh: '跳过缺失的序号', en: 'Skip a missing number' },
    input: ReasonedInput, output: SequenceAnswer,
  },
  closeAlarm: {
    method: 'POST', path: '/api/exchange/alarms/:alarm_id/close', permission: 'exchange.release_parcel', summary: { zh: '关闭已查明的告警', en: 'Close an alarm that was looked into' },
    input: Type.Object({ alarm_id: Type.String({ format: 'uuid' }), note: Type.String({ minLength: 4, maxLength: 500 }) }, Strict),
    output: Type.Object({ alarm_id: Type.String() }),
  },
});
