/**
 * The wire to an SMS gateway.
 *
 * `POST /sms/v1/messages` with `{ id, phone, text, sign_name }` answers 202 `{ id, state: "accepted" }`. The gateway
 * sends one message per id: the same id again is answered the same and sends nothing. `GET /sms/v1/messages/:id`
 * answers 200 `{ id, state: "accepted" | "delivered" | "undeliverable" }`, or 404 for an id it never took.
 * 400 and 422 refuse the message for good, 429 and 5xx ask to come again.
 *
 * Requests are signed as kernel/signed-requests.ts says, with the secret that was agreed; answers are not.
 */
import { makeAgreedSecret, readAgreedSecret, signatureOf } from '../../kernel/index.ts';

export interface SmsMessage {
  /** The message's own number; the gateway knows a repetition by it. */
  id: string;
  phone: string;
  text: string;
  /** The signature 签名 that precedes a text by Chinese rules. */
  sign_name: string;
}

export type SmsState = 'accepted' | 'delivered' | 'undeliverable';
export type SmsAnswer = { kind: 'state'; state: SmsState } | { kind: 'refused'; reason: string } | { kind: 'unknown' } | { kind: 'later'; reason: string };

export interface SmsGateway {
  send(message: SmsMessage): Promise<SmsAnswer>;
  stateOf(id: string): Promise<SmsAnswer>;
}

export const smsPath = '/sms/v1/messages';
const patienceMs = 5000;

export function smsGateway(url: string, secret: string): SmsGateway {
  async function ask(method: 'GET' | 'POST', path: string, body: string): Promise<SmsAnswer> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(new URL(path, url), {
        method, signal: AbortSignal.timeout(patienceMs), redirect: 'error',
        headers: { 'content-type': 'application/json', 'huzheng-timestamp': timestamp, 'huzheng-signature': signatureOf(secret, method, path, timestamp, body) },
        ...(method === 'POST' ? { body } : {}),
      });
      const said = await response.text();
      if (response.status === 404 && method === 'GET') return { kind: 'unknown' };
      if (response.status === 400 || response.status === 422) return { kind: 'refused', reason: `HTTP ${response.status}` };
      if (!response.ok) return { kind: 'later', reason: `HTTP ${response.status}` };
      const { state } = JSON.parse(said) as { state?: SmsState };
      return state === 'accepted' || state === 'delivered' || state === 'undeliverable' ? { kind: 'state', state } : { kind: 'later', reason: 'answer without a state' };
    } catch (error) {
      // Whether it arrived is not known; the same id may be sent again without harm.
      return { kind: 'later', reason: String((error as Error).cause ?? (error as Error).message).slice(0, 200) };
    }
  }
  return {
    send: (message) => ask('POST', smsPath, JSON.stringify(message)),
    stateOf: (id) => ask('GET', `${smsPath}/${id}`, ''),
  };
}

const secretName = 'sms-gateway';

/** The secret agreed with the gateway. @throws Error naming the file that is missing */
export const readSmsSecret = (key_directory: string): string => readAgreedSecret(key_directory, secretName);

/** For the simulator: agrees a secret with itself on first use. */
export const makeSmsSecret = (key_directory: string): string => makeAgreedSecret(key_directory, secretName);
