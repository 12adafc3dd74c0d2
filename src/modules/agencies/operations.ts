import { Refusal, type Context, type InputOf, type OutputOf } from '../../kernel/index.ts';
import type { contract, SourceState } from './contract.ts';
import { contractOf, isSource, sources, type SourceName } from './sources.ts';

interface HealthRow {
  source: string;
  failures: number;
  open_until: Date | null;
  last_answer_at: Date | null;
  last_failure_at: Date | null;
  last_error: string | null;
}

function stateOf(health: HealthRow | undefined, now: Date): SourceState['state'] {
  if (health === undefined) return 'never_asked';
  if (health.open_until !== null && health.open_until > now) return 'left_alone';
  return health.failures > 0 ? 'failing' : 'working';
}

/** Every source of the contracts, whether it answers, and how many questions wait for it. */
export async function listSources(context: Context): Promise<OutputOf<typeof contract.listSources>> {
  const [healths, waiting] = await Promise.all([
    context.query<HealthRow>('select source, failures, open_until, last_answer_at, last_failure_at, last_error from agencies.source_health order by source limit 100'),
    context.query<{ source: string; waiting: number }>('select source, count(*)::int as waiting from agencies.question where next_attempt_at is not null group by source order by source limit 100'),
  ]);
  return {
    sources: (Object.keys(sources) as SourceName[]).map((source) => {
      const health = healths.find((one) => one.source === source);
      const { zh, en } = sources[source];
      return {
        source, name: { zh, en }, contract: contractOf(source), state: stateOf(health, context.now), failures: health?.failures ?? 0,
        left_alone_until: health?.open_until?.toISOString() ?? null, last_answer_at: health?.last_answer_at?.toISOString() ?? null,
        last_failure_at: health?.last_failure_at?.toISOString() ?? null, last_error: health?.last_error ?? null,
        waiting: waiting.find((one) => one.source === source)?.waiting ?? 0,
      };
    }),
  };
}

/**
 * Lets the worker ask a source at once that it would still leave alone: its operators say that it is back.
 * @throws Refusal agencies.source_unknown
 */
export async function retrySource(context: Context, { source }: InputOf<typeof contract.retrySource>): Promise<OutputOf<typeof contract.retrySource>> {
  if (!isSource(source)) throw new Refusal('agencies.source_unknown', { source });
  await context.query('update agencies.source_health set open_until = null, failures = 0 where source = $1', [source]);
  const [row] = await context.query<{ waiting: number }>(
    `with hurried as (update agencies.question set next_attempt_at = $2 where source = $1 and next_attempt_at > $2 and state = 'waiting' returning query_id)
     select count(*)::int as waiting from hurried`, [source, context.now]);
  context.audit({ detail: { source } });
  return { source, waiting: row!.waiting };
}
