/**
 * What failed sign-ins cost: five are free, then each makes the next wait twice as long, a quarter of
 * an hour at most. Nothing is ever locked. Failures are counted by lane: a browser that has signed in
 * to an account before has a lane of its own, all strangers share one, so that strangers who guess
 * cannot hold up the officer at their own desk.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { newId, Refusal, type Context, type NetworkKeys } from '../../kernel/index.ts';

const freeFailures = 5;
const windowSeconds = 15 * 60;
const firstWaitSeconds = 15;
const deviceCookieSeconds = 180 * 24 * 3600;
const strangers = 'strangers';

/** Seconds that the next try must keep from the last failure. */
export function waitAfter(failures: number): number {
  return failures < freeFailures ? 0 : Math.min(windowSeconds, firstWaitSeconds * 2 ** (failures - freeFailures));
}

/** One account as seen from one lane. The account need not exist: what is unknown is treated no differently. */
export interface Attempt {
  account_digest: string;
  lane: string;
}

const cookieNameOf = (account_digest: string): string => `huzheng_device_${account_digest.slice(0, 8)}`;

function markOf(keys: NetworkKeys, account_digest: string, lane: string): string {
  return createHmac('sha256', keys.token_key).update(`device:${account_digest}:${lane}`).digest('base64url');
}

export function attemptOf(context: Context, keys: NetworkKeys, police_number: string): Attempt {
  const account_digest = keys.digest(`officer:${police_number}`);
  const [lane = '', mark = ''] = (context.request.cookies[cookieNameOf(account_digest)] ?? '').split('.');
  const given = Buffer.from(mark);
  const expected = Buffer.from(markOf(keys, account_digest, lane));
  const known = given.length === expected.length && timingSafeEqual(given, expected);
  return { account_digest, lane: known ? lane : strangers };
}

/**
 * Stands at the beginning of every check of a password or code.
 * @throws Refusal accounts.wait while a wait runs, or while another try of the same lane is being checked
 */
export async function holdBack(context: Context, attempt: Attempt): Promise<void> {
  // Tries at the same moment must not all be checked before the first failure is on record.
  const [lock] = await context.query<{ held: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 710431)) as held', [`${attempt.account_digest}:${attempt.lane}`]);
  if (!lock!.held) throw new Refusal('accounts.wait', { seconds: 1 });
  const [row] = await context.query<{ failures: number; last_at: Date | null }>(
    `select count(*)::int as failures, max(at) as last_at from accounts.sign_in_attempt
     where account_digest = $1 and lane = $2 and not succeeded and at > $3::timestamptz - make_interval(secs => $4)
       and at > coalesce((select max(at) from accounts.sign_in_attempt where account_digest = $1 and lane = $2 and succeeded), '-infinity')`,
    [attempt.account_digest, attempt.lane, context.now, windowSeconds]);
  const { failures, last_at } = row!;
  if (last_at === null) return;
  const seconds = Math.ceil((last_at.getTime() - context.now.getTime()) / 1000 + waitAfter(failures));
  if (seconds > 0) throw new Refusal('accounts.wait', { seconds });
}

const insertAttempt = `insert into accounts.sign_in_attempt (attempt_id, at, account_digest, lane, ip, succeeded) values ($1, $2, $3, $4, $5, $6)`;

/** Puts a failure on record and says no; the record stays although the act is refused. */
export async function refuseAttempt(context: Context, attempt: Attempt, code: string): Promise<never> {
  await context.query(insertAttempt, [newId(), context.now, attempt.account_digest, attempt.lane, context.request.ip, false]);
  throw new Refusal(code).keepingWrites();
}

/** A success clears the failures of its lane; the browser is known from now on. */
export async function passAttempt(context: Context, keys: NetworkKeys, attempt: Attempt): Promise<void> {
  const lane = attempt.lane === strangers ? newId() : attempt.lane;
  await context.query(insertAttempt, [newId(), context.now, attempt.account_digest, lane, context.request.ip, true]);
  context.setCookie({ name: cookieNameOf(attempt.account_digest), value: `${lane}.${markOf(keys, attempt.account_digest, lane)}`, max_age_seconds: deviceCookieSeconds });
}
