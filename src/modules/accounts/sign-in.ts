/**
 * How officers come in: police number and password, then a one-time code or a passkey; or a client
 * certificate alone, whose device and PIN are two factors. What is unknown and what is wrong get the
 * same answer after the same work.
 */
import { legalDay, Refusal, type Context, type InputOf, type NetworkKeys } from '../../kernel/index.ts';
import { findOrganisations } from '../reference/index.ts';
import { attemptOf, holdBack, passAttempt, refuseAttempt, type Attempt } from './attempts.ts';
import { demoCodeOf, spendCode } from './codes.ts';
import type { contract } from './contract.ts';
import { digestOf, listHeldPosts, newToken, noteProof, officerIdleMinutes, officerOf, openSession, type HeldPost, type SecondFactor } from './officer-session.ts';
import type { passkeysFor } from './passkeys.ts';
import { passwordMatches } from './password.ts';

const challengeMinutes = 5;

export interface SignInOptions {
  keys: NetworkKeys;
  passkeys: ReturnType<typeof passkeysFor>;
  /** The demonstration shows the code that a phone would show. */
  demo: boolean;
}

interface Challenge {
  challenge_digest: string;
  officer_id: string;
  police_number: string;
  lane: string;
  passkey_challenge: string | null;
}

export function signInActions({ keys, passkeys, demo }: SignInOptions) {
  /** The officer is locked, so that second steps of one officer are taken one by one. @throws Refusal accounts.challenge_expired, accounts.wait */
  async function openChallenge(context: Context, token: string): Promise<{ challenge: Challenge; attempt: Attempt }> {
    const [challenge] = await context.query<Challenge>(
      `select c.challenge_digest, c.officer_id, o.police_number, c.lane, c.passkey_challenge
       from accounts.sign_in_challenge c join accounts.officer o on o.officer_id = c.officer_id
       where c.challenge_digest = $1 and c.expires_at > $2 for update of o`, [digestOf(token), context.now]);
    if (challenge === undefined) throw new Refusal('accounts.challenge_expired');
    context.audit({ detail: { officer_id: challenge.officer_id } });
    const attempt = { account_digest: keys.digest(`officer:${challenge.police_number}`), lane: challenge.lane };
    await holdBack(context, attempt);
    return { challenge, attempt };
  }

  async function complete(context: Context, challenge: Challenge, attempt: Attempt, second_factor: SecondFactor) {
    await context.query('delete from accounts.sign_in_challenge where officer_id = $1', [challenge.officer_id]);
    await passAttempt(context, keys, attempt);
    return openSession(context, challenge.officer_id, second_factor);
  }

  return {
    /** @throws Refusal accounts.sign_in_failed (also for unknown numbers), accounts.wait */
    async signIn(context: Context, input: InputOf<typeof contract.signIn>) {
      const police_number = input.police_number.toUpperCase();
      const attempt = attemptOf(context, keys, police_number);
      await holdBack(context, attempt);
      const [officer] = await context.query<{ officer_id: string; password_hash: string; has_code: boolean; has_passkey: boolean }>(
        `select officer_id, password_hash, totp_sealed is not null as has_code,
                exists (select from accounts.passkey k where k.officer_id = o.officer_id) as has_passkey
         from accounts.officer o where police_number = $1 and status = 'active'`, [police_number]);
      if (officer !== undefined) context.audit({ detail: { officer_id: officer.officer_id } });
      const matches = await passwordMatches(input.password, officer?.password_hash ?? null);
      if (officer === undefined || !matches) return refuseAttempt(context, attempt, 'accounts.sign_in_failed');
      const challenge = newToken();
      const expires_at = new Date(context.now.getTime() + challengeMinutes * 60_000);
      await context.query(
        'insert into accounts.sign_in_challenge (challenge_digest, officer_id, lane, created_at, expires_at) values ($1, $2, $3, $4, $5)',
        [digestOf(challenge), officer.officer_id, attempt.lane, context.now, expires_at]);
      return {
        challenge, expires_at: expires_at.toISOString(),
        methods: [...(officer.has_passkey ? ['passkey' as const] : []), ...(officer.has_code ? ['code' as const] : [])],
        ...(demo ? await demoCodeOf(context, keys, { officer_id: officer.officer_id, police_number }) : { demo_code: null, demo_wait_seconds: 0 }),
      };
    },

    /** @throws Refusal accounts.challenge_expired, accounts.code_refused, accounts.wait, accounts.no_post */
    async verifyCode(context: Context, input: InputOf<typeof contract.verifyCode>) {
      const { challenge, attempt } = await openChallenge(context, input.challenge);
      if (!(await spendCode(context, keys, challenge.officer_id, input.code))) return refuseAttempt(context, attempt, 'accounts.code_refused');
      return complete(context, challenge, attempt, 'code');
    },

    /** @throws Refusal accounts.challenge_expired, accounts.wait */
    async getPasskeyOptions(context: Context, input: InputOf<typeof contract.getPasskeyOptions>) {
      const { challenge } = await openChallenge(context, input.challenge);
      const options = await passkeys.proofOptions(context, challenge.officer_id);
      await context.query('update accounts.sign_in_challenge set passkey_challenge = $2 where challenge_digest = $1', [challenge.challenge_digest, options.challenge]);
      return { options };
    },

    /** @throws Refusal accounts.challenge_expired, accounts.passkey_refused, accounts.wait, accounts.no_post */
    async verifyPasskey(context: Context, input: InputOf<typeof contract.verifyPasskey>) {
      const { challenge, attempt } = await openChallenge(context, input.challenge);
      if (!(await passkeys.proofHolds(context, challenge.officer_id, input.response, challenge.passkey_challenge))) {
        await context.query('update accounts.sign_in_challenge set passkey_challenge = null where challenge_digest = $1', [challenge.challenge_digest]);
        return refuseAttempt(context, attempt, 'accounts.passkey_refused');
      }
      return complete(context, challenge, attempt, 'passkey');
    },

    /** @throws Refusal accounts.certificate_refused, accounts.no_post */
    async signInByCertificate(context: Context) {
      const [held] = await context.query<{ officer_id: string }>(
        `select c.officer_id from accounts.client_certificate c join accounts.officer o on o.officer_id = c.officer_id
         where c.fingerprint = $1 and c.revoked_at is null and c.valid_from <= $2 and c.valid_to > $2 and o.status = 'active'`,
        [context.request.certificate, context.now]);
      if (held === undefined) throw new Refusal('accounts.certificate_refused').keepingWrites();
      return openSession(context, held.officer_id, 'certificate');
    },

    /** Proves the officer again before a grave act. @throws Refusal accounts.code_refused, accounts.passkey_refused, accounts.wait */
    async confirm(context: Context, input: InputOf<typeof contract.confirm>) {
      const { officer_id, police_number } = officerOf(context);
      const attempt = attemptOf(context, keys, police_number);
      await holdBack(context, attempt);
      if (input.response !== undefined) {
        const challenge = await passkeys.takeChallenge(context);
        if (!(await passkeys.proofHolds(context, officer_id, input.response, challenge))) return refuseAttempt(context, attempt, 'accounts.passkey_refused');
      } else if (!(await spendCode(context, keys, officer_id, input.code ?? ''))) return refuseAttempt(context, attempt, 'accounts.code_refused');
      return noteProof(context);
    },
  };
}

/** The officer who calls, the post they act in, their rights, and where else they may act. */
export async function me(context: Context) {
  const officer = officerOf(context);
  const today = legalDay(context.now);
  const posts = await listHeldPosts(context, officer.officer_id);
  const organisations = await findOrganisations(context, posts.map(({ org_code }) => org_code));
  const shown = ({ label_zh, label_en, ...post }: HeldPost) => ({
    ...post, role_label: { zh: label_zh, en: label_en }, org_name: organisations.get(post.org_code)?.name ?? post.org_code,
  });
  const covered_by = await context.query<{ name: string; valid_from: string; valid_to: string }>(
    `select o.name, c.valid_from, c.valid_to from accounts.leave_cover c join accounts.officer o on o.officer_id = c.officer_id join accounts.post p on p.post_id = c.post_id
     where p.officer_id = $1 and c.valid_to > $2 order by c.valid_from, c.cover_id limit 20`, [officer.officer_id, today]);
  const passkeys = await context.query<{ credential_id: string; label: string; added_at: Date; last_used_at: Date | null }>(
    'select credential_id, label, added_at, last_used_at from accounts.passkey where officer_id = $1 order by added_at, credential_id limit 20', [officer.officer_id]);
  const [session] = await context.query<{ expires_at: Date }>('select expires_at from accounts.officer_session where session_id = $1', [officer.session_id]);
  return {
    officer_id: officer.officer_id, name: officer.name, police_number: officer.police_number, kind: officer.officer_kind, org_level: officer.org_level,
    post: shown(posts.find(({ post_id }) => post_id === officer.post_id)!),
    permissions: [...officer.services].map(([act, services]) => ({ act, services: [...services] })),
    other_posts: posts.filter(({ post_id }) => post_id !== officer.post_id).map(shown),
    covered_by,
    passkeys: passkeys.map((key) => ({ ...key, added_at: key.added_at.toISOString(), last_used_at: key.last_used_at?.toISOString() ?? null })),
    expires_at: session!.expires_at.toISOString(), idle_minutes: officerIdleMinutes,
  };
}
