/** Passkeys of officers (WebAuthn, W3C): registration, and proof at sign-in or before a grave act. */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { Refusal, type Context, type InputOf } from '../../kernel/index.ts';
import type { contract } from './contract.ts';
import { askForFreshProof, officerOf } from './officer-session.ts';

/** Loaded when first needed: most bureaus sign in by certificate. */
const webauthn = () => import('@simplewebauthn/server');

interface KeptPasskey {
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

function listPasskeys(context: Context, officer_id: string): Promise<KeptPasskey[]> {
  return context.query<KeptPasskey>('select credential_id, public_key, counter, transports from accounts.passkey where officer_id = $1 order by added_at, credential_id limit 20', [officer_id]);
}

const descriptor = ({ credential_id, transports }: KeptPasskey) => ({ id: credential_id, transports });

/** Passkeys for the site under this origin. */
export function passkeysFor(origin: string) {
  const rpID = new URL(origin).hostname;

  /** Options for the browser to prove one of the officer's passkeys, with the challenge to be kept. */
  async function proofOptions(context: Context, officer_id: string) {
    const { generateAuthenticationOptions } = await webauthn();
    return generateAuthenticationOptions({ rpID, userVerification: 'required', allowCredentials: (await listPasskeys(context, officer_id)).map(descriptor) });
  }

  /** Whether the response proves one of the officer's passkeys, with PIN or fingerprint, for this challenge. */
  async function proofHolds(context: Context, officer_id: string, response: unknown, challenge: string | null): Promise<boolean> {
    const given = response as AuthenticationResponseJSON;
    const [kept] = await context.query<KeptPasskey>('select credential_id, public_key, counter, transports from accounts.passkey where credential_id = $1 and officer_id = $2 for update', [given.id, officer_id]);
    if (kept === undefined || challenge === null) return false;
    const { verifyAuthenticationResponse } = await webauthn();
    // The library throws for every way in which a response can be wrong; all of them are a no.
    const proof = await verifyAuthenticationResponse({
      response: given, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true,
      credential: { id: kept.credential_id, publicKey: new Uint8Array(kept.public_key), counter: kept.counter, transports: kept.transports },
    }).catch(() => undefined);
    if (proof?.verified !== true) return false;
    await context.query('update accounts.passkey set counter = $2, last_used_at = $3 where credential_id = $1', [kept.credential_id, proof.authenticationInfo.newCounter, context.now]);
    return true;
  }

  async function keepChallenge(context: Context, challenge: string): Promise<void> {
    await context.query('update accounts.officer_session set passkey_challenge = $2 where session_id = $1', [officerOf(context).session_id, challenge]);
  }

  /** Takes the challenge of the session away, so that it serves once. */
  async function takeChallenge(context: Context): Promise<string | null> {
    const [row] = await context.query<{ passkey_challenge: string | null }>(
      `with taken as (select session_id, passkey_challenge from accounts.officer_session where session_id = $1 for update)
       update accounts.officer_session s set passkey_challenge = null from taken where s.session_id = taken.session_id returning taken.passkey_challenge`,
      [officerOf(context).session_id]);
    return row?.passkey_challenge ?? null;
  }

  return {
    proofOptions, proofHolds, takeChallenge,

    async getConfirmationOptions(context: Context) {
      const options = await proofOptions(context, officerOf(context).officer_id);
      await keepChallenge(context, options.challenge);
      return { options };
    },

    /** @throws Refusal accounts.confirm_again */
    async getPasskeyRegistration(context: Context) {
      await askForFreshProof(context);
      const { officer_id, police_number, name } = officerOf(context);
      const { generateRegistrationOptions } = await webauthn();
      const options = await generateRegistrationOptions({
        rpName: '户政', rpID, userID: Buffer.from(officer_id), userName: police_number, userDisplayName: name, attestationType: 'none',
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' }, excludeCredentials: (await listPasskeys(context, officer_id)).map(descriptor),
      });
      await keepChallenge(context, options.challenge);
      return { options };
    },

    /** @throws Refusal accounts.confirm_again, accounts.passkey_refused, accounts.passkey_held */
    async addPasskey(context: Context, input: InputOf<typeof contract.addPasskey>) {
      await askForFreshProof(context);
      const challenge = await takeChallenge(context);
      const { verifyRegistrationResponse } = await webauthn();
      const made = challenge === null ? undefined : await verifyRegistrationResponse({
        response: input.response as unknown as RegistrationResponseJSON, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true,
      }).catch(() => undefined);
      if (made?.verified !== true) throw new Refusal('accounts.passkey_refused').keepingWrites();
      const { credential } = made.registrationInfo;
      await context.query(
        `insert into accounts.passkey (credential_id, officer_id, public_key, counter, transports, label, added_at) values ($1, $2, $3, $4, $5, $6, $7)`,
        [credential.id, officerOf(context).officer_id, Buffer.from(credential.publicKey), credential.counter, credential.transports ?? [], input.label, context.now]);
      return { credential_id: credential.id };
    },

    /** @throws Refusal accounts.confirm_again, kernel.not_found */
    async removePasskey(context: Context, input: InputOf<typeof contract.removePasskey>) {
      await askForFreshProof(context);
      const gone = await context.query('delete from accounts.passkey where credential_id = $1 and officer_id = $2 returning credential_id', [input.credential_id, officerOf(context).officer_id]);
      if (gone.length === 0) throw new Refusal('kernel.not_found');
    },
  };
}
