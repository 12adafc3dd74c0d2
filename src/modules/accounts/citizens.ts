/**
 * How citizens come in: by the state identity service (OpenID Connect, code flow with PKCE, state and
 * nonce). This site keeps no password; what it is told about a person it keeps sealed.
 */
import type { Configuration } from 'openid-client';
import {
  anonymous, log, newId, Refusal, rowsOf, type CitizenActor, type Context, type Identify, type InputOf, type NetworkKeys, type Redirect,
} from '../../kernel/index.ts';
import { citizenIdleMinutes, type citizenContract } from './contract.ts';
import { digestOf, newToken } from './officer-session.ts';

/** Another name than the officers' cookie: on one host browsers share cookies between ports. */
export const citizenCookie = 'huzheng_citizen';
const sessionHours = 4;
const signInCookie = 'huzheng_sign_in';
const signInMinutes = 10;
const serviceTimeoutSeconds = 5;

/** Loaded when the first citizen signs in. */
const openid = () => import('openid-client');

export interface CitizenSignInOptions {
  keys: NetworkKeys;
  /** Address under which citizens reach the portal. */
  portal_origin: string;
  issuer: string;
  client_id: string;
  client_secret: string;
}

/** What is kept in the browser, sealed, while the citizen is at the identity service. */
interface UnderWay {
  state: string;
  nonce: string;
  verifier: string;
  next: string;
  until: string;
}

const underWayPlace = 'accounts.sign_in';

/**
 * Only a path of this site is followed after sign-in. `//host` and `/\host` lead elsewhere, and so does
 * `/.//host` once it is resolved, so what is judged is the resolved path.
 */
export function ownPath(next: string | undefined, origin: string): string {
  const url = next?.startsWith('/') ? URL.parse(next, origin) : null;
  const isOwn = url !== null && url.origin === new URL(origin).origin && !url.pathname.startsWith('//');
  return isOwn ? `${url.pathname}${url.search}` : '/';
}

interface Identity {
  subject: string;
  name: string;
  id_number: string;
  phone: string | null;
  identity_level: number;
}

/** @throws Refusal accounts.identity_incomplete */
function identityOf(claims: Record<string, unknown>): Identity {
  const { sub, name, id_number, phone, identity_level } = claims;
  const level = Number(identity_level);
  if (typeof sub !== 'string' || typeof name !== 'string' || name === '' || typeof id_number !== 'string' || !/^\d{17}[\dX]$/.test(id_number) || ![1, 2, 3, 4].includes(level)) {
    throw new Refusal('accounts.identity_incomplete');
  }
  return { subject: sub, name, id_number, phone: typeof phone === 'string' && /^1\d{10}$/.test(phone) ? phone : null, identity_level: level };
}

const placeOf = (field: 'name' | 'id_number' | 'phone', issuer: string, subject: string): string => `accounts.citizen.${field}:${issuer}:${subject}`;

/** Plain HTTP is for an identity service on this machine only. @throws Error when the configuration asks for more */
function isLocalService(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'https:') return false;
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return true;
  throw new Error(`HUZHENG_IDENTITY_ISSUER 须为 https 地址,现为 ${issuer} · must be an https address`);
}

export function citizenSignIn({ keys, portal_origin, issuer, client_id, client_secret }: CitizenSignInOptions) {
  const isLocal = isLocalService(issuer);
  const redirect_uri = `${portal_origin}/sign-in/callback`;
  let discovered: Promise<Configuration> | undefined;

  /** The identity service may start after the portal and may fail; what was not found is looked for again. @throws Refusal accounts.identity_service_unavailable */
  async function service(): Promise<Configuration> {
    const { allowInsecureRequests, discovery } = await openid();
    discovered ??= discovery(new URL(issuer), client_id, client_secret, undefined, { timeout: serviceTimeoutSeconds, ...(isLocal ? { execute: [allowInsecureRequests] } : {}) });
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw unavailable(error);
    }
  }

  function unavailable(error: unknown): Refusal {
    log('warn', 'identity service unavailable', { issuer, error: String((error as Error).cause ?? error) });
    return new Refusal('accounts.identity_service_unavailable');
  }

  /** @throws Refusal accounts.sign_in_interrupted */
  function underWayOf(context: Context): UnderWay {
    try {
      const kept = JSON.parse(keys.unseal(Buffer.from(context.request.cookies[signInCookie] ?? '', 'base64url'), underWayPlace).toString()) as UnderWay;
      if (new Date(kept.until) > context.now) return kept;
    } catch {
      // Not sealed by us, or not for this: the same as nothing.
    }
    throw new Refusal('accounts.sign_in_interrupted');
  }

  /** Redeems the code at the service and asks it who came. @throws Refusal accounts.identity_* , accounts.sign_in_interrupted */
  async function askWhoCame(context: Context, parameters: Record<string, string>, underWay: UnderWay): Promise<Identity> {
    const { AuthorizationResponseError, authorizationCodeGrant, ClientError, fetchUserInfo, ResponseBodyError } = await openid();
    const configuration = await service();
    try {
      const url = new URL(`${redirect_uri}?${new URLSearchParams(parameters)}`);
      const tokens = await authorizationCodeGrant(configuration, url, { pkceCodeVerifier: underWay.verifier, expectedState: underWay.state, expectedNonce: underWay.nonce, idTokenExpected: true });
      const { sub } = tokens.claims()!;
      return identityOf(await fetchUserInfo(configuration, tokens.access_token, sub));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof AuthorizationResponseError) throw new Refusal('accounts.identity_refused');
      const answered = error instanceof ResponseBodyError || (error instanceof ClientError && error.code !== 'OAUTH_TIMEOUT');
      if (!answered) throw unavailable(error);
      log('warn', 'sign-in refused', { issuer, error: String(error), code: (error as { code?: string }).code, request_id: context.request.request_id });
      throw new Refusal('accounts.sign_in_interrupted');
    }
  }

  return {
    async signIn(context: Context, input: InputOf<typeof citizenContract.signIn>): Promise<Redirect> {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } = await openid();
      const configuration = await service();
      const underWay: UnderWay = {
        state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), next: ownPath(input.next, portal_origin),
        until: new Date(context.now.getTime() + signInMinutes * 60_000).toISOString(),
      };
      context.setCookie({ name: signInCookie, value: keys.seal(JSON.stringify(underWay), underWayPlace).toString('base64url'), max_age_seconds: signInMinutes * 60 });
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri, scope: 'openid identity', state: underWay.state, nonce: underWay.nonce,
        code_challenge: await calculatePKCECodeChallenge(underWay.verifier), code_challenge_method: 'S256',
        // Whoever sits down at a shared computer next must prove themselves anew.
        prompt: 'login', ui_locales: context.request.language,
      });
      return { location: url.href };
    },

    async finishSignIn(context: Context, input: InputOf<typeof citizenContract.finishSignIn>): Promise<Redirect> {
      const underWay = underWayOf(context);
      const identity = await askWhoCame(context, input as Record<string, string>, underWay);
      const sealed = (field: 'name' | 'id_number' | 'phone') => (identity[field] === null ? null : keys.seal(identity[field], placeOf(field, issuer, identity.subject)));
      const [citizen] = await context.query<{ citizen_id: string }>(
        `insert into accounts.citizen (citizen_id, issuer, subject, name_sealed, id_number_sealed, id_number_digest, phone_sealed, identity_level, first_seen_at, last_signed_in_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict (issuer, subject) do update set
           name_sealed = excluded.name_sealed, id_number_sealed = excluded.id_number_sealed, id_number_digest = excluded.id_number_digest, phone_sealed = excluded.phone_sealed,
           identity_level = greatest(citizen.identity_level, excluded.identity_level), last_signed_in_at = excluded.last_signed_in_at
         returning citizen_id`,
        [newId(), issuer, identity.subject, sealed('name'), sealed('id_number'), keys.digest(identity.id_number), sealed('phone'), identity.identity_level, context.now]);
      await endCitizenSession(context);
      const token = newToken();
      await context.query(
        `insert into accounts.citizen_session (session_id, token_digest, citizen_id, identity_level, created_at, last_seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)`,
        [newId(), digestOf(token), citizen!.citizen_id, identity.identity_level, context.now, new Date(context.now.getTime() + sessionHours * 3_600_000)]);
      context.setCookie({ name: citizenCookie, value: token });
      context.setCookie({ name: signInCookie, value: null });
      return { location: underWay.next };
    },

    async signOut(context: Context): Promise<Redirect> {
      await endCitizenSession(context);
      context.setCookie({ name: citizenCookie, value: null });
      return { location: '/' };
    },

    /** How long the sign-in lasts from here without a further request. */
    async keepSession(context: Context): Promise<{ seconds_left: number }> {
      const { actor, now } = context;
      if (actor.kind !== 'citizen') throw new Refusal('kernel.signed_out');
      const [session] = await context.query<{ expires_at: Date }>('select expires_at from accounts.citizen_session where session_id = $1', [actor.session_id]);
      return { seconds_left: Math.max(0, Math.min(citizenIdleMinutes * 60, Math.floor((session!.expires_at.getTime() - now.getTime()) / 1000))) };
    },
  };
}

/** Ends the session that this browser holds, if any. */
async function endCitizenSession(context: Context): Promise<void> {
  const token = context.request.cookies[citizenCookie];
  if (token === undefined) return;
  await context.query('update accounts.citizen_session set ended_at = $2 where token_digest = $1 and ended_at is null', [digestOf(token), context.now]);
}

const identifyStatement = `
  with found as (
    select s.session_id, s.citizen_id, s.identity_level, s.last_seen_at, c.issuer, c.subject, c.name_sealed
    from accounts.citizen_session s join accounts.citizen c on c.citizen_id = s.citizen_id
    where s.token_digest = $1 and s.ended_at is null and s.expires_at > $2::timestamptz
      and s.last_seen_at > $2::timestamptz - interval '${citizenIdleMinutes} minutes'
  ), seen as (
    update accounts.citizen_session set last_seen_at = $2
    where session_id in (
      select s.session_id from accounts.citizen_session s join found f on f.session_id = s.session_id
      where f.last_seen_at <= $2::timestamptz - interval '1 minute' for update of s skip locked)
  )
  select session_id, citizen_id, identity_level, issuer, subject, name_sealed from found`;

/** Recognises citizens by their session cookie; whoever shows none that is alive is anonymous. */
export function citizenIdentifier(keys: NetworkKeys): Identify {
  return async (request, client, now) => {
    const token = request.cookies[citizenCookie];
    if (token === undefined || token.length > 100) return anonymous;
    const [found] = await rowsOf<{ session_id: string; citizen_id: string; identity_level: number; issuer: string; subject: string; name_sealed: Buffer }>(client, identifyStatement, [digestOf(token), now]);
    if (found === undefined) return anonymous;
    return {
      kind: 'citizen', citizen_id: found.citizen_id, session_id: found.session_id, identity_level: found.identity_level,
      name: keys.unseal(found.name_sealed, placeOf('name', found.issuer, found.subject)).toString(),
    } satisfies CitizenActor;
  };
}

export interface CitizenIdentity {
  citizen_id: string;
  name: string;
  id_number: string;
  phone: string | null;
  /** The highest level reached so far; the actor's own level is that of this sign-in. */
  identity_level: number;
}

/** Who a citizen is, as the identity service said; for the citizen's own application. @throws Refusal kernel.not_found */
export async function getCitizenIdentity(context: Context, keys: NetworkKeys, citizen_id: string): Promise<CitizenIdentity> {
  const [row] = await context.query<{ citizen_id: string; issuer: string; subject: string; name_sealed: Buffer; id_number_sealed: Buffer; phone_sealed: Buffer | null; identity_level: number }>(
    'select citizen_id, issuer, subject, name_sealed, id_number_sealed, phone_sealed, identity_level from accounts.citizen where citizen_id = $1', [citizen_id]);
  if (row === undefined) throw new Refusal('kernel.not_found');
  const open = (sealed: Buffer, field: 'name' | 'id_number' | 'phone') => keys.unseal(sealed, placeOf(field, row.issuer, row.subject)).toString();
  return {
    citizen_id, identity_level: row.identity_level, name: open(row.name_sealed, 'name'), id_number: open(row.id_number_sealed, 'id_number'),
    phone: row.phone_sealed === null ? null : open(row.phone_sealed, 'phone'),
  };
}
