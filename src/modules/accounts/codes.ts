/** One-time codes of officers as kept: sealed secrets, spent steps, and what a demonstration shows. */
import { createHmac } from 'node:crypto';
import type { Context, NetworkKeys } from '../../kernel/index.ts';
import { acceptedStep, codeOfStep, secondsUntilGood, stepAt } from './totp.ts';

const placeOf = (officer_id: string): string => `accounts.officer.totp:${officer_id}`;

export function sealSecret(keys: NetworkKeys, officer_id: string, secret: Uint8Array): Buffer {
  return keys.seal(secret, placeOf(officer_id));
}

interface KeptSecret {
  secret: Buffer;
  last_step: number;
}

async function findSecret(context: Context, keys: NetworkKeys, officer_id: string): Promise<KeptSecret | undefined> {
  const [row] = await context.query<{ totp_sealed: Buffer | null; totp_last_step: number }>('select totp_sealed, totp_last_step from accounts.officer where officer_id = $1', [officer_id]);
  return row?.totp_sealed ? { secret: keys.unseal(row.totp_sealed, placeOf(officer_id)), last_step: row.totp_last_step } : undefined;
}

/** Checks a code and spends it: of two that come with the same code at once, one passes. */
export async function spendCode(context: Context, keys: NetworkKeys, officer_id: string, code: string): Promise<boolean> {
  const kept = await findSecret(context, keys, officer_id);
  const step = kept === undefined ? undefined : acceptedStep(kept.secret, code, context.now, kept.last_step);
  if (step === undefined) return false;
  const spent = await context.query('update accounts.officer set totp_last_step = $2 where officer_id = $1 and totp_last_step < $2 returning officer_id', [officer_id, step]);
  return spent.length === 1;
}

/** The secret of an officer of the demonstration; it follows from the police number and protects nothing. */
export function demoSecret(police_number: string): Buffer {
  return createHmac('sha1', 'huzheng-demonstration').update(police_number).digest();
}

/** What an authenticator app would show at a moment. */
export function currentDemoCode(secret: Uint8Array, at: Date): string {
  return codeOfStep(secret, stepAt(at));
}

/**
 * The next unspent code of an officer of the demonstration, and how long until it is good; `null` when
 * the officer has a secret of their own.
 */
export async function demoCodeOf(context: Context, keys: NetworkKeys, officer: { officer_id: string; police_number: string }): Promise<{ demo_code: string | null; demo_wait_seconds: number }> {
  const kept = await findSecret(context, keys, officer.officer_id);
  const secret = demoSecret(officer.police_number);
  if (kept === undefined || !kept.secret.equals(secret)) return { demo_code: null, demo_wait_seconds: 0 };
  const step = Math.max(stepAt(context.now), kept.last_step + 1);
  return { demo_code: codeOfStep(secret, step), demo_wait_seconds: secondsUntilGood(step, context.now) };
}
