/** Sessions of officers: who is calling, in which post, with which rights; asked anew on every request. */
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import {
  anonymous, legalDay, newId, Refusal, rowsOf, type Actor, type Context, type Identify, type OfficerActor,
} from '../../kernel/index.ts';
import { jurisdictionRange, levelOfOrganisation } from '../reference/index.ts';
import { effectiveRights, type EffectiveRights, type RoleRight } from './rights.ts';

export const officerCookie = 'huzheng_session';
export const officerIdleMinutes = 15;
const sessionHours = 8;
const confirmationMinutes = 10;

export type SecondFactor = 'code' | 'passkey' | 'certificate';

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens are long and random, so a plain digest hides them; only digests are kept. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * The session, the post it acts in and the moment it was last seen, in one statement. A post counts
 * only while it is valid today, own or covered, so rights end with it at once. Being seen is noted
 * once a minute at most, and never waited for.
 */
const identifyStatement = `
  with found as (
    select s.session_id, s.officer_id, s.post_id, s.last_seen_at, o.kind, o.name, o.police_number, p.role, p.org_code, r.version,
           case when p.officer_id <> s.officer_id then (select held.name from accounts.officer held where held.officer_id = p.officer_id) end as acting_for
    from accounts.officer_session s
    join accounts.officer o on o.officer_id = s.officer_id and o.status = 'active'
    join accounts.post p on p.post_id = s.post_id and p.valid_from <= $3 and (p.valid_to is null or p.valid_to > $3)
    join accounts.role r on r.role = p.role
    where s.token_digest = $1 and s.ended_at is null and s.expires_at > $2::timestamptz
      and s.last_seen_at > $2::timestamptz - interval '${officerIdleMinutes} minutes'
      and (p.officer_id = s.officer_id or exists (
        select from accounts.leave_cover c
        where c.post_id = p.post_id and c.officer_id = s.officer_id and c.valid_from <= $3 and c.valid_to > $3))
  ), seen as (
    update accounts.officer_session set last_seen_at = $2
    where session_id in (
      select s.session_id from accounts.officer_session s join found f on f.session_id = s.session_id
      where f.last_seen_at <= $2::timestamptz - interval '1 minute' for update of s skip locked)
  )
  select session_id, officer_id, post_id, kind, name, police_number, role, org_code, version, acting_for from found`;

interface Found {
  session_id: string; officer_id: string; post_id: string; kind: OfficerActor['officer_kind']; name: string; police_number: string;
  role: string; org_code: string; version: string; acting_for: string | null;
}

const kept = new Map<string, EffectiveRights>();

/** Rights of a role, read once for each version of the role, kind of staff, level and day. */
async function rightsFor(client: pg.ClientBase, found: Found, day: string): Promise<EffectiveRights> {
  const holder = { officer_kind: found.kind, org_level: levelOfOrganisation(found.org_code) };
  const key = [found.version, holder.officer_kind, holder.org_level, day].join();
  const before = kept.get(key);
  if (before !== undefined) return before;
  const rights = effectiveRights(await rowsOf<RoleRight>(client, 'select act, service_pattern, level, valid_from, valid_to from accounts.role_right where role = $1 order by act, service_pattern', [found.role]), holder, day);
  if (kept.size > 500) kept.clear();
  kept.set(key, rights);
  return rights;
}

/** Recognises an officer by the session cookie; whoever shows none that is alive is anonymous. */
export const identifyOfficer: Identify = async (request, client, now): Promise<Actor> => {
  const token = request.cookies[officerCookie];
  if (token === undefined || token.length > 100) return anonymous;
  const day = legalDay(now);
  const [found] = await rowsOf<Found>(client, identifyStatement, [digestOf(token), now, day]);
  if (found === undefined) return anonymous;
  return {
    kind: 'officer', officer_id: found.officer_id, officer_kind: found.kind, name: found.name, police_number: found.police_number,
    post_id: found.post_id, role: found.role, acting_for: found.acting_for, org_code: found.org_code, org_level: levelOfOrganisation(found.org_code),
    ...jurisdictionRange(found.org_code), ...await rightsFor(client, found, day), session_id: found.session_id,
  };
};

export interface HeldPost {
  post_id: string; role: string; label_zh: string; label_en: string; org_code: string; valid_from: string; valid_to: string | null;
  covering: boolean;
}

/** The posts an officer may act in today, own ones first. */
export function listHeldPosts(context: Context, officer_id: string): Promise<HeldPost[]> {
  return context.query<HeldPost>(
    `select p.post_id, p.role, r.label_zh, r.label_en, p.org_code, p.valid_from, p.valid_to, false as covering
     from accounts.post p join accounts.role r on r.role = p.role
     where p.officer_id = $1 and p.valid_from <= $2 and (p.valid_to is null or p.valid_to > $2)
     union all
     select p.post_id, p.role, r.label_zh, r.label_en, p.org_code, c.valid_from, least(c.valid_to, p.valid_to), true
     from accounts.leave_cover c join accounts.post p on p.post_id = c.post_id join accounts.role r on r.role = p.role
     where c.officer_id = $1 and c.valid_from <= $2 and c.valid_to > $2 and p.valid_from <= $2 and (p.valid_to is null or p.valid_to > $2)
     order by covering, valid_from, post_id limit 20`, [officer_id, legalDay(context.now)]);
}

export interface SignedIn {
  expires_at: string;
  idle_minutes: number;
}

/**
 * Begins a session after both factors were proved. Sessions elsewhere end: an officer works in one place.
 * @throws Refusal accounts.no_post
 */
export async function openSession(context: Context, officer_id: string, second_factor: SecondFactor): Promise<SignedIn> {
  await context.query('select officer_id from accounts.officer where officer_id = $1 for update', [officer_id]);
  const [post] = await listHeldPosts(context, officer_id);
  context.audit({ detail: { officer_id, second_factor } });
  if (post === undefined) throw new Refusal('accounts.no_post').keepingWrites();
  await endSessions(context, { officer_id }, 'signed_in_elsewhere');
  const token = newToken();
  const expires_at = new Date(context.now.getTime() + sessionHours * 3_600_000);
  await context.query(
    `insert into accounts.officer_session (session_id, token_digest, officer_id, post_id, second_factor, created_at, verified_at, last_seen_at, expires_at, ip, user_agent)
     values ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $9)`,
    [newId(), digestOf(token), officer_id, post.post_id, second_factor, context.now, expires_at, context.request.ip, context.request.user_agent.slice(0, 300)]);
  context.setCookie({ name: officerCookie, value: token });
  return { expires_at: expires_at.toISOString(), idle_minutes: officerIdleMinutes };
}

/** Ends the open sessions of an officer, in one post or in all. */
export async function endSessions(
  context: Context, whose: { officer_id?: string; post_id?: string; session_id?: string }, reason: 'signed_out' | 'signed_in_elsewhere' | 'post_ended' | 'credentials_renewed' | 'left',
): Promise<void> {
  await context.query(
    `update accounts.officer_session set ended_at = $1, ended_reason = $2
     where ended_at is null and ($3::uuid is null or officer_id = $3) and ($4::uuid is null or post_id = $4) and ($5::uuid is null or session_id = $5)
       and coalesce($3, $4, $5) is not null`,
    [context.now, reason, whose.officer_id ?? null, whose.post_id ?? null, whose.session_id ?? null]);
}

/** The officer who calls. @throws Refusal kernel.signed_out for anybody else */
export function officerOf(context: Context): OfficerActor {
  if (context.actor.kind !== 'officer') throw new Refusal('kernel.signed_out');
  return context.actor;
}

/** Moves the session to another post of the officer, under a new token. @throws Refusal kernel.not_found */
export async function switchPost(context: Context, input: { post_id: string }): Promise<SignedIn> {
  const { officer_id, session_id } = officerOf(context);
  const posts = await listHeldPosts(context, officer_id);
  if (!posts.some(({ post_id }) => post_id === input.post_id)) throw new Refusal('kernel.not_found');
  const token = newToken();
  const [session] = await context.query<{ expires_at: Date }>(
    'update accounts.officer_session set post_id = $2, token_digest = $3 where session_id = $1 returning expires_at', [session_id, input.post_id, digestOf(token)]);
  context.setCookie({ name: officerCookie, value: token });
  return { expires_at: session!.expires_at.toISOString(), idle_minutes: officerIdleMinutes };
}

export async function signOut(context: Context): Promise<void> {
  await endSessions(context, { session_id: officerOf(context).session_id }, 'signed_out');
  context.setCookie({ name: officerCookie, value: null });
}

/**
 * Acts that change who may do what ask for a second factor proved within ten minutes. The system, that is
 * a command run on the server, has proved itself otherwise.
 * @throws Refusal accounts.confirm_again
 */
export async function askForFreshProof(context: Context): Promise<void> {
  if (context.actor.kind === 'system') return;
  const [session] = await context.query<{ verified_at: Date }>('select verified_at from accounts.officer_session where session_id = $1', [officerOf(context).session_id]);
  if (session === undefined || confirmedUntil(session.verified_at) <= context.now) throw new Refusal('accounts.confirm_again');
}

function confirmedUntil(verified_at: Date): Date {
  return new Date(verified_at.getTime() + confirmationMinutes * 60_000);
}

/** Notes that the officer has just proved themselves again. @returns until when this is good */
export async function noteProof(context: Context): Promise<{ confirmed_until: string }> {
  await context.query('update accounts.officer_session set verified_at = $2, passkey_challenge = null where session_id = $1', [officerOf(context).session_id, context.now]);
  return { confirmed_until: confirmedUntil(context.now).toISOString() };
}
