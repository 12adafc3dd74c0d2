/** What a case asks of sources outside of the register, and what it was answered. Asking only writes down; the errand goes and asks. */
import { canonicalJson, newId, type Context } from '../../kernel/index.ts';
import { contractOf, sources, type SourceName } from './sources.ts';

export interface Question {
  source: SourceName;
  /** One of the matters of the source's contract, such as `marriage`. */
  matter: string;
  /** Why it is asked: the code of the material it may replace, or the name of the rule that needs it. */
  asked_for: string;
  /** What is to be compared, by the names of the contract; nothing else leaves. Empty values are left out. */
  fields: Readonly<Record<string, string>>;
}

export type SourceAnswer = 'match' | 'mismatch' | 'not_found' | 'unavailable';

/** A question of a case as it stands: `answer` is null while nothing has come. */
export interface StoredAnswer {
  query_id: string;
  source: string;
  matter: string;
  asked_for: string;
  answer: SourceAnswer | null;
  /** Names of the fields that differ, when the answer is `mismatch`. */
  differing: string[];
  /** The source's own number of its answer. */
  reference: string | null;
  contract: string;
  asked_at: Date | null;
  answered_at: Date | null;
  /** Whether the worker still asks: an `unavailable` may yet become an answer. */
  is_open: boolean;
}

/** What the sealed fields of a question are bound to. */
export const questionPlace = (query_id: string): string => `agencies.question:${query_id}`;

const questionsMax = 60;

const digestOf = (context: Context, question: Question, fields: Record<string, string>): string =>
  context.keys.digest(canonicalJson({ source: question.source, matter: question.matter, fields }));

/**
 * Writes down what a case asks now. Earlier questions that are not among these no longer count; one that is asked
 * already stays as it is, unless `again` says that it is to be asked anew.
 * @param asking.org_code the office that asks and answers for it
 * @returns how many questions are on their way because of this call
 * @throws Error (a defect of the caller) for a matter that is not in the contract of the source
 */
export async function askSources(context: Context, asking: { case_id: string; org_code: string; questions: readonly Question[]; again?: boolean }): Promise<{ asked: number }> {
  if (asking.questions.length > questionsMax) throw new Error(`a case asks more than ${questionsMax} questions`);
  const rows = asking.questions.map((question) => {
    if (!(sources[question.source].matters as readonly string[]).includes(question.matter)) throw new Error(`${question.source} is not asked about ${question.matter}`);
    const fields = Object.fromEntries(Object.entries(question.fields).filter(([, value]) => value !== ''));
    const query_id = newId();
    return {
      query_id, source: question.source, matter: question.matter, asked_for: question.asked_for, contract: contractOf(question.source),
      subject_digest: digestOf(context, question, fields), sealed: context.keys.seal(JSON.stringify(fields), questionPlace(query_id)).toString('hex'),
    };
  });
  const wanted = JSON.stringify(rows);
  const form = 'as w (query_id uuid, source text, matter text, asked_for text, contract text, subject_digest text, sealed text)';
  await context.query(
    `update agencies.question as q set is_current = false, state = case when q.settled_at is null then 'given_up' else q.state end,
       settled_at = coalesce(q.settled_at, $2), next_attempt_at = null, sealed = null
     where q.case_id = $1 and q.is_current and (($4::boolean and q.settled_at is not null) or not exists (
       select from jsonb_to_recordset($3::jsonb) ${form}
       where (w.source, w.matter, w.asked_for, w.subject_digest) = (q.source, q.matter, q.asked_for, q.subject_digest)))`,
    [asking.case_id, context.now, wanted, asking.again === true]);
  // What is under way already keeps its number and simply goes sooner when it is asked again.
  const [row] = await context.query<{ asked: number }>(
    `with asked as (
       insert into agencies.question as q (query_id, case_id, org_code, source, matter, asked_for, subject_digest, contract, sealed, state, next_attempt_at, created_at)
       select w.query_id, $1, $2, w.source, w.matter, w.asked_for, w.subject_digest, w.contract, decode(w.sealed, 'hex'), 'waiting', $3, $3
       from jsonb_to_recordset($4::jsonb) ${form}
       on conflict (case_id, source, matter, asked_for, subject_digest) where is_current
       do update set next_attempt_at = $3 where $5::boolean and q.settled_at is null returning q.query_id)
     select count(*)::int as asked from asked`, [asking.case_id, asking.org_code, context.now, wanted, asking.again === true]);
  return { asked: row!.asked };
}

/** Every question that a case asks now, with the best answer so far. Whoever may open the case may read them. */
export async function answersFor(context: Context, case_id: string): Promise<StoredAnswer[]> {
  return context.query<StoredAnswer>(
    `select query_id, source, matter, asked_for, answer, coalesce(differing, '{}') as differing, reference, contract, asked_at, answered_at,
       question_state in ('waiting', 'accepted') as is_open
     from agencies.answers_of_case($1)`, [case_id]);
}

/**
 * What the stored answers of one source say together, about one material or rule where named: `match` only if every
 * question was answered so. Nothing asked, nothing answered yet and nobody reached are all `unavailable`, which never
 * counts as a match: paper or a commitment takes its place.
 */
export function settledBySource(answers: readonly StoredAnswer[], source: string, asked_for?: string): SourceAnswer {
  const given = answers.filter((one) => one.source === source && (asked_for === undefined || one.asked_for === asked_for)).map((one) => one.answer ?? 'unavailable');
  if (given.length === 0) return 'unavailable';
  return (['mismatch', 'not_found', 'unavailable'] as const).find((worst) => given.includes(worst)) ?? 'match';
}
