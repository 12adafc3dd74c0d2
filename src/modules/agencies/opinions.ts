/**
 * Opinions of other authorities in a joint approval: the county's preliminary opinion and the prefecture's decision on
 * a change of ethnicity (《中国公民民族成份登记管理办法》第十一条). Requested here, delivered and followed by an errand;
 * every change of status is kept and told.
 */
import { actorId, canonicalJson, errandClaimSeconds, log, newId, Refusal, retrySeconds, type Context, type Errand, type OpenTransaction } from '../../kernel/index.ts';
import type { AgenciesGateway, OpinionAnswer } from './gateway.ts';
import { attemptsUntilUnavailable, roundMax } from './waits.ts';

export type OpinionStatus = 'sent' | 'received' | 'in_process' | 'approved' | 'refused' | 'need_more' | 'offline';
export type OpinionStage = 'preliminary' | 'approval';

export interface OpinionRequest {
  case_id: string;
  case_no: string;
  /** The office that asks. */
  org_code: string;
  agency: 'ethnic_affairs';
  stage: OpinionStage;
  /** The fields of the case that the authority needs and no others (data-sharing contract). */
  fields: Readonly<Record<string, string>>;
}

export interface StoredOpinion {
  opinion_id: string;
  agency: string;
  stage: OpinionStage;
  status: OpinionStatus;
  /** Number and day of the decision; present once it is approved. */
  document_no: string | null;
  decided_on: string | null;
  /** Reasons of a refusal, or what more is needed. */
  text: string | null;
  requested_at: Date;
  status_at: Date;
}

const opinionPlace = (opinion_id: string, part: 'request' | 'supplement'): string => `agencies.opinion.${part}:${opinion_id}`;

/**
 * Asks an authority for its opinion. Asked again while one of the same stage is under way, it is that one.
 * @returns the opinion's id, by which the authority knows it too
 */
export async function requestOpinion(context: Context, request: OpinionRequest): Promise<{ opinion_id: string }> {
  const opinion_id = newId();
  const sealed = context.keys.seal(JSON.stringify({ case_no: request.case_no, fields: request.fields }), opinionPlace(opinion_id, 'request'));
  const [added] = await context.query(
    `insert into agencies.opinion (opinion_id, case_id, org_code, agency, stage, subject_digest, sealed, status, next_attempt_at, requested_at, requested_by, status_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'sent', $8, $8, $9, $8) on conflict (case_id, agency, stage) where settled_at is null do nothing returning opinion_id`,
    [opinion_id, request.case_id, request.org_code, request.agency, request.stage, context.keys.digest(canonicalJson(request.fields)), sealed, context.now, actorId(context.actor)]);
  if (added === undefined) {
    const open = (await opinionsFor(context, request.case_id)).findLast((one) => one.agency === request.agency && one.stage === request.stage);
    return { opinion_id: open!.opinion_id };
  }
  await keepChange(context, opinion_id, 'sent', null);
  return { opinion_id };
}

/** All opinions of a case, the oldest first. Whoever may open the case may read them. */
export function opinionsFor(context: Context, case_id: string): Promise<StoredOpinion[]> {
  return context.query<StoredOpinion>('select opinion_id, agency, stage, status, document_no, decided_on::text, text, requested_at, status_at from agencies.opinions_of_case($1)', [case_id]);
}

/**
 * Sends an authority what it said is still needed.
 * @throws Refusal agencies.opinion_needs_nothing
 */
export async function supplyOpinion(context: Context, supply: { opinion_id: string; text: string }): Promise<void> {
  const [mine] = await context.query(
    `update agencies.opinion set supplement_sealed = $2, supplement_number = supplement_number + 1, next_attempt_at = $3, attempts = 0
     where opinion_id = $1 and status = 'need_more' and supplement_sealed is null returning opinion_id`,
    [supply.opinion_id, context.keys.seal(supply.text, opinionPlace(supply.opinion_id, 'supplement')), context.now]);
  if (mine === undefined) throw new Refusal('agencies.opinion_needs_nothing');
}

async function keepChange(context: Context, opinion_id: string, status: OpinionStatus, text: string | null): Promise<void> {
  await context.query(
    `insert into agencies.opinion_change (opinion_id, sequence, status, text, at)
     select $1, coalesce(max(sequence), 0) + 1, $2, $3, $4 from agencies.opinion_change where opinion_id = $1`, [opinion_id, status, text, context.now]);
}

interface Claimed {
  opinion_id: string;
  case_id: string;
  agency: string;
  stage: OpinionStage;
  sealed: Buffer;
  supplement_sealed: Buffer | null;
  supplement_number: number;
  status: OpinionStatus;
  is_delivered: boolean;
  attempts: number;
}

function claimOpinions(context: Context): Promise<Claimed[]> {
  return context.query<Claimed>(
    `with due as (
       select opinion_id from agencies.opinion where next_attempt_at <= $1 order by next_attempt_at, opinion_id limit ${roundMax} for update skip locked)
     update agencies.opinion as o set next_attempt_at = $1::timestamptz + make_interval(secs => ${errandClaimSeconds}), attempts = attempts + 1
     from due where o.opinion_id = due.opinion_id
     returning o.opinion_id, o.case_id, o.agency, o.stage, o.sealed, o.supplement_sealed, o.supplement_number, o.status, o.is_delivered, o.attempts`, [context.now]);
}

/** How often an authority is asked whether it has decided: days are what it takes, a minute what it should be known within. */
const followSeconds = 60;

async function noteOpinion(context: Context, opinion: Claimed, said: OpinionAnswer): Promise<void> {
  const [mine] = await context.query<{ status: OpinionStatus; text: string | null; supplement_number: number }>(
    'select status, text, supplement_number from agencies.opinion where opinion_id = $1 and attempts = $2 and settled_at is null for update', [opinion.opinion_id, opinion.attempts]);
  if (mine === undefined) return;
  const wait = (seconds: number, columns = '', ...values: unknown[]): Promise<unknown> => context.query(
    `update agencies.opinion set next_attempt_at = $2::timestamptz + make_interval(secs => $3)${columns} where opinion_id = $1`, [opinion.opinion_id, context.now, seconds, ...values]);
  const turn = async (status: OpinionStatus, text: string | null): Promise<void> => {
    if (status === mine.status && text === mine.text) return;
    await context.query('update agencies.opinion set status = $2, text = $3, status_at = $4 where opinion_id = $1', [opinion.opinion_id, status, text, context.now]);
    await keepChange(context, opinion.opinion_id, status, text);
    context.emit('agencies.opinion_changed', { case_id: opinion.case_id, opinion_id: opinion.opinion_id, agency: opinion.agency, stage: opinion.stage, status });
  };

  if (said.kind === 'status') {
    const supplied = opinion.supplement_sealed !== null && mine.supplement_number === opinion.supplement_number;
    if (said.status === 'approved' || said.status === 'refused') {
      await context.query(
        `update agencies.opinion set status = $2, text = $3, document_no = $4, decided_on = $5, status_at = $6, settled_at = $6, next_attempt_at = null, is_delivered = true,
           sealed = null, supplement_sealed = null, last_error = null where opinion_id = $1`,
        [opinion.opinion_id, said.status, said.text ?? null, said.document_no ?? null, said.decided_on ?? null, context.now]);
      await keepChange(context, opinion.opinion_id, said.status, said.text ?? null);
      context.emit('agencies.opinion_changed', { case_id: opinion.case_id, opinion_id: opinion.opinion_id, agency: opinion.agency, stage: opinion.stage, status: said.status });
      return;
    }
    await turn(said.status, said.text ?? null);
    await wait(followSeconds, `, is_delivered = true, attempts = 0, last_error = null${supplied ? ', supplement_sealed = null' : ''}`);
    return;
  }
  if (said.kind === 'unknown') return void await wait(retrySeconds(opinion.attempts), ', is_delivered = false, last_error = $4', 'unknown to the gateway');
  // A refused message is no refused opinion: nobody has decided anything, so the desk counts as not reachable and paper goes on.
  if (said.kind === 'refused') log('warn', 'an opinion could not be requested', { opinion_id: opinion.opinion_id, reason: said.reason });
  if (said.kind === 'refused' || opinion.attempts >= attemptsUntilUnavailable) await turn('offline', null);
  await wait(retrySeconds(opinion.attempts), ', last_error = $4', said.reason.slice(0, 300));
}

/** One round: new requests and supplements are delivered, the others asked after. @returns opinions that were dealt with */
export async function followOpinions(open: OpenTransaction, wire: () => AgenciesGateway): Promise<number> {
  const opinions = await open(async (context) => (await claimOpinions(context)).map((opinion) => ({
    ...opinion,
    request: JSON.parse(context.keys.unseal(opinion.sealed, opinionPlace(opinion.opinion_id, 'request')).toString()) as { case_no: string; fields: Record<string, string> },
    supplement: opinion.supplement_sealed === null ? null : context.keys.unseal(opinion.supplement_sealed, opinionPlace(opinion.opinion_id, 'supplement')).toString(),
  })));
  if (opinions.length === 0) return 0;
  const gateway = wire();
  await Promise.all(opinions.map(async (opinion) => {
    const { opinion_id, agency, stage, request, supplement } = opinion;
    const said = !opinion.is_delivered ? await gateway.submitOpinion({ opinion_id, agency, stage, ...request })
      : supplement !== null ? await gateway.supplement(opinion_id, opinion.supplement_number, supplement)
      : await gateway.opinionOf(opinion_id);
    await open((context) => noteOpinion(context, opinion, said));
  }));
  return opinions.length;
}

export const opinionErrand = (gateway: () => AgenciesGateway): Errand => ({ name: 'agencies.follow_opinions', every_seconds: 5, go: (open) => followOpinions(open, gateway) });
