/**
 * The errand to the sources: questions are claimed in one short transaction, asked outside of any, and each answer is
 * noted in another. The query id makes a repetition harmless: a worker killed between sending and noting is followed
 * by one that sends the same id and is answered the same.
 */
import { errandClaimSeconds, log, newId, retrySeconds, type Context, type Errand, type OpenTransaction } from '../../kernel/index.ts';
import type { AgenciesGateway, QueryAnswer } from './gateway.ts';
import { questionPlace, type SourceAnswer } from './questions.ts';
import { attemptsUntilUnavailable, breakerSeconds, giveUpHours, pollAfter, roundMax, roundOfSourceMax } from './waits.ts';

interface Claimed {
  query_id: string;
  case_id: string;
  org_code: string;
  source: string;
  matter: string;
  asked_for: string;
  subject_digest: string;
  contract: string;
  sealed: Buffer;
  state: 'waiting' | 'accepted';
  attempts: number;
  created_at: Date;
}

const claimed = 'q.query_id, q.case_id, q.org_code, q.source, q.matter, q.asked_for, q.subject_digest, q.contract, q.sealed, q.state, q.attempts, q.created_at';

/** Takes due questions in hand. Of a source that failed lately one question goes ahead; of one that is left alone none. */
function claimQuestions(context: Context): Promise<Claimed[]> {
  return context.query<Claimed>(
    `with due as (
       select q.query_id from agencies.question as q
       where q.next_attempt_at <= $1 order by q.next_attempt_at, q.query_id limit ${roundMax * 10} for update skip locked),
     ranked as (
       select q.query_id, q.next_attempt_at, row_number() over (partition by q.source order by q.next_attempt_at, q.query_id) as place,
         case when h.open_until is null then ${roundOfSourceMax} when h.open_until <= $1 then 1 else 0 end as allowed
       from due join agencies.question as q using (query_id) left join agencies.source_health as h on h.source = q.source),
     taken as (select query_id from ranked where place <= allowed order by next_attempt_at, query_id limit ${roundMax})
     update agencies.question as q set next_attempt_at = $1::timestamptz + make_interval(secs => ${errandClaimSeconds}), attempts = attempts + 1, first_sent_at = coalesce(first_sent_at, $1)
     from taken where q.query_id = taken.query_id returning ${claimed}`, [context.now]);
}

/** Questions to a source that is left alone wait until it is tried again; their cases are told now. */
async function putOffQuestions(context: Context): Promise<number> {
  const put = await context.query<Claimed>(
    `update agencies.question as q set next_attempt_at = h.open_until, first_sent_at = coalesce(first_sent_at, $1)
     from agencies.source_health as h where h.source = q.source and h.open_until > $1 and q.next_attempt_at <= $1 returning ${claimed}`, [context.now]);
  for (const question of put) await noteUnavailable(context, question);
  return put.length;
}

async function recordAnswer(context: Context, question: Claimed, answer: SourceAnswer, differing: readonly string[] = [], reference: string | null = null): Promise<void> {
  const [added] = await context.query<{ is_current: boolean }>(
    `with answered as (
       insert into agencies.answer (answer_id, query_id, case_id, org_code, source, matter, asked_for, subject_digest, answer, differing, reference, contract, asked_at, answered_at)
       select $1, q.query_id, q.case_id, q.org_code, q.source, q.matter, q.asked_for, q.subject_digest, $3, $4, $5, q.contract, q.first_sent_at, $6
       from agencies.question as q where q.query_id = $2
       on conflict do nothing returning query_id)
     select q.is_current from answered join agencies.question as q using (query_id)`,
    [newId(), question.query_id, answer, differing, reference, context.now]);
  if (added?.is_current) context.emit('agencies.answered', { case_id: question.case_id, query_id: question.query_id, source: question.source, matter: question.matter, asked_for: question.asked_for, answer });
}

const noteUnavailable = (context: Context, question: Claimed): Promise<void> => recordAnswer(context, question, 'unavailable');

async function noteHealth(context: Context, source: string, failure: string | null): Promise<void> {
  await context.query('insert into agencies.source_health (source) values ($1) on conflict do nothing', [source]);
  if (failure === null) {
    await context.query('update agencies.source_health set failures = 0, open_until = null, last_answer_at = $2 where source = $1', [source, context.now]);
    return;
  }
  const [health] = await context.query<{ failures: number }>(
    'update agencies.source_health set failures = failures + 1, last_failure_at = $2, last_error = $3 where source = $1 returning failures', [source, context.now, failure.slice(0, 300)]);
  const seconds = breakerSeconds(health!.failures);
  if (seconds !== null) await context.query('update agencies.source_health set open_until = $2::timestamptz + make_interval(secs => $3) where source = $1', [source, context.now, seconds]);
}

/** What an answer of the gateway does to its question; nothing when another worker has settled it meanwhile. */
async function noteOutcome(context: Context, question: Claimed, said: QueryAnswer): Promise<void> {
  const [mine] = await context.query(
    `select query_id from agencies.question where query_id = $1 and attempts = $2 and settled_at is null for update`, [question.query_id, question.attempts]);
  await noteHealth(context, question.source, said.kind === 'later' ? said.reason : null);
  if (mine === undefined) return;
  const settle = (state: 'answered' | 'given_up', error: string | null = null): Promise<unknown> => context.query(
    'update agencies.question set state = $2, settled_at = $3, next_attempt_at = null, sealed = null, last_error = $4 where query_id = $1', [question.query_id, state, context.now, error]);
  const wait = (state: 'waiting' | 'accepted', seconds: number, error: string | null = null): Promise<unknown> => context.query(
    'update agencies.question set state = $2, next_attempt_at = $3::timestamptz + make_interval(secs => $4), last_error = $5 where query_id = $1', [question.query_id, state, context.now, seconds, error]);
  const isTooOld = context.now.getTime() - question.created_at.getTime() > giveUpHours * 3_600_000;

  if (said.kind === 'answered') {
    await recordAnswer(context, question, said.answer, said.differing, said.reference);
    await settle('answered');
  } else if (said.kind === 'refused' || isTooOld) {
    const reason = said.kind === 'refused' ? said.reason : 'no answer within a day';
    log('warn', 'a source gave no answer', { source: question.source, query_id: question.query_id, reason });
    await noteUnavailable(context, question);
    await settle('given_up', reason);
  } else if (said.kind === 'accepted') await wait('accepted', pollAfter(said.poll_after_seconds));
  else if (said.kind === 'unknown') await wait('waiting', retrySeconds(question.attempts), 'unknown to the gateway');
  else {
    if (question.attempts >= attemptsUntilUnavailable) await noteUnavailable(context, question);
    await wait(question.state, retrySeconds(question.attempts), said.reason);
  }
}

/** One round: everything that is due, asked at once. @returns questions that were dealt with */
export async function askDueQuestions(open: OpenTransaction, wire: () => AgenciesGateway): Promise<number> {
  const { put, questions } = await open(async (context) => {
    const put = await putOffQuestions(context);
    const questions = await claimQuestions(context);
    return { put, questions: questions.map((question) => ({ ...question, fields: JSON.parse(context.keys.unseal(question.sealed, questionPlace(question.query_id)).toString()) as Record<string, string> })) };
  });
  if (questions.length === 0) return put;
  const gateway = wire();
  await Promise.all(questions.map(async (question) => {
    const said = question.state === 'accepted' ? await gateway.askAfter(question.query_id)
      : await gateway.ask({ query_id: question.query_id, contract: question.contract, matter: question.matter, fields: question.fields });
    await open((context) => noteOutcome(context, question, said));
  }));
  return put + questions.length;
}

export const askErrand = (gateway: () => AgenciesGateway): Errand => ({ name: 'agencies.ask_sources', every_seconds: 2, go: (open) => askDueQuestions(open, gateway) });
