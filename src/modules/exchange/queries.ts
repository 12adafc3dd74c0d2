import type { Context, InputOf, OutputOf } from '../../kernel/index.ts';
import { passingKinds } from './alarms.ts';
import type { contract, LaneCounters, StuckParcel } from './contract.ts';
import { directionOf, keyDaysMax, secondsBefore, secondsBetween, skipSecondsMin, type Lane } from './rules.ts';

/**
 * How long the oldest parcel of this network has been without receipt, in seconds; 0 when all have theirs.
 * The portal takes no new submissions beyond {@link troubleSecondsMax}.
 */
export async function exchangeTrouble(context: Context): Promise<number> {
  const [oldest] = await context.query<{ created_at: Date }>(
    'select created_at from exchange.outgoing_parcel where receipt_at is null and needs_receipt order by position limit 1');
  return secondsBetween(oldest?.created_at ?? null, context.now);
}

/** Of these files, those that a parcel may still have to be written with or applied with again. */
export async function attachmentsInUse(context: Context, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await context.query<{ sha256: string }>(
    `select distinct a ->> 'sha256' as sha256
     from (select attachments from exchange.outgoing_parcel where body is not null and attachments <> '[]'
           union all select attachments from exchange.incoming_parcel where body is not null and attachments <> '[]') as parcel, jsonb_array_elements(parcel.attachments) as a
     where a ->> 'sha256' = any($1::text[])`, [sha256s]);
  return new Set(rows.map((row) => row.sha256));
}

interface LaneRow {
  lane: Lane;
  last_sequence: number;
  confirmed_through: number;
  repeated_count: number;
  key_id: string | null;
  key_made_at: Date | null;
  courier_seen_at: Date | null;
}

/** The counters of both lanes as this network knows them, and the open alarms. */
export async function getCounters(context: Context): Promise<OutputOf<typeof contract.getCounters>> {
  const lanes = await context.query<LaneRow>(
    'select lane, last_sequence, confirmed_through, repeated_count, key_id, key_made_at, courier_seen_at from exchange.lane order by lane desc limit 2');
  const alarms = await context.query<{ alarm_id: string; lane: Lane; kind: string; opened_at: Date; last_at: Date; count: number }>(
    'select alarm_id, lane, kind, opened_at, last_at, count from exchange.alarm where closed_at is null order by opened_at, alarm_id limit 100');
  return {
    at: context.now.toISOString(),
    network: context.network,
    lanes: await Promise.all(lanes.map((lane) => (lane.lane === 'outgoing' ? countOutgoing(context, lane) : countIncoming(context, lane)))),
    alarms: alarms.map((alarm) => ({ ...alarm, opened_at: alarm.opened_at.toISOString(), last_at: alarm.last_at.toISOString(), closes_itself: passingKinds.has(alarm.kind) })),
  };
}

function commonOf(context: Context, lane: LaneRow) {
  const ageDays = lane.key_made_at === null ? null : Math.floor(secondsBetween(lane.key_made_at, context.now) / 86_400);
  return {
    lane: lane.lane, direction: directionOf(context.network, lane.lane), repeated: lane.repeated_count,
    key_id: lane.key_id, key_age_days: ageDays, key_days_left: ageDays === null ? null : Math.max(0, keyDaysMax - ageDays),
    courier_seen_at: lane.courier_seen_at?.toISOString() ?? null,
  };
}

async function countOutgoing(context: Context, lane: LaneRow): Promise<LaneCounters> {
  const [open] = await context.query<{ waiting: number; first: number | null; oldest: Date | null; quarantined: number }>(
    `select count(*) as waiting, min(sequence) as first, min(created_at) as oldest,
       (select count(*) from exchange.outgoing_parcel where receipt_result = 'quarantined') as quarantined
     from exchange.outgoing_parcel where receipt_at is null and needs_receipt`);
  const receipted = open?.first === null || open === undefined ? lane.last_sequence : open.first - 1;
  return {
    ...commonOf(context, lane), written: lane.last_sequence, received: Math.max(lane.confirmed_through, receipted), receipted,
    lag_seconds: secondsBetween(open?.oldest ?? null, context.now), waiting: open?.waiting ?? 0, quarantined: open?.quarantined ?? 0, held: 0,
    // What the other side refuses or misses, its own page tells.
    refused_24_hours: [], gaps: 0, first_gaps: [],
  };
}

async function countIncoming(context: Context, lane: LaneRow): Promise<LaneCounters> {
  const [[open], [unreceipted], refused, gaps] = await Promise.all([
    context.query<{ waiting: number; quarantined: number; held: number; oldest: Date | null }>(
      `select count(*) filter (where state in ('waiting', 'released')) as waiting, count(*) filter (where state = 'quarantined') as quarantined,
         count(*) filter (where state = 'held') as held, min(received_at) filter (where state in ('waiting', 'released')) as oldest
       from exchange.incoming_parcel where state in ('waiting', 'released', 'quarantined', 'held')`),
    context.query<{ first: number | null }>(
      `select least(
         (select min(sequence) from exchange.incoming_parcel where state in ('waiting', 'released', 'held') and needs_receipt),
         (select min(sequence) from exchange.incoming_parcel where state in ('applied', 'quarantined', 'discarded') and needs_receipt and receipt_at is null)) as first`),
    context.query<{ reason: string; count: number }>(
      'select reason, count(*) as count from exchange.refused_file where at > $1 group by reason order by reason limit 20', [secondsBefore(context.now, 86_400)]),
    context.query<{ sequence: number; noticed_at: Date; request_count: number; gaps: number }>(
      'select sequence, noticed_at, request_count, count(*) over () as gaps from exchange.gap order by sequence limit 20'),
  ]);
  const received = gaps[0] === undefined ? lane.last_sequence : gaps[0].sequence - 1;
  return {
    ...commonOf(context, lane), written: lane.last_sequence, received,
    receipted: unreceipted?.first === null || unreceipted === undefined ? received : Math.min(received, unreceipted.first - 1),
    lag_seconds: Math.max(secondsBetween(open?.oldest ?? null, context.now), secondsBetween(gaps[0]?.noticed_at ?? null, context.now)),
    waiting: open?.waiting ?? 0, quarantined: open?.quarantined ?? 0, held: open?.held ?? 0,
    refused_24_hours: refused, gaps: gaps[0]?.gaps ?? 0,
    first_gaps: gaps.map((gap) => ({
      sequence: gap.sequence, noticed_at: gap.noticed_at.toISOString(), request_count: gap.request_count,
      may_be_skipped_at: secondsBefore(gap.noticed_at, -skipSecondsMin).toISOString(),
    })),
  };
}

const quarantinePage = 100;

/** Parcels that wait for a person, in the order of their numbers, a page at a time. */
export async function listQuarantine(context: Context, input: InputOf<typeof contract.listQuarantine>): Promise<OutputOf<typeof contract.listQuarantine>> {
  const rows = await context.query<Omit<StuckParcel, 'received_at'> & { received_at: Date }>(
    `select sequence, parcel_id, kind, order_key, state, reason, attempts, received_at from exchange.incoming_parcel
     where state in ('quarantined', 'held') and sequence > $1 order by sequence limit $2`, [input.after ?? 0, quarantinePage + 1]);
  const parcels = rows.slice(0, quarantinePage).map((row) => ({ ...row, received_at: row.received_at.toISOString() }));
  return { parcels, next_after: rows.length > quarantinePage ? parcels.at(-1)!.sequence : null };
}
