/**
 * The wire to another system: small JSON requests over HTTP, signed in both directions with a secret that was agreed.
 *
 * A request carries `Huzheng-Timestamp` (seconds since 1970, at most five minutes off) and `Huzheng-Signature`,
 * HMAC-SHA-256 in hex over `METHOD\nPATH\nTIMESTAMP\nBODY`. Its answer carries `Huzheng-Signature` over
 * `ANSWER\n<signature of the request>\nSTATUS\nBODY`, so that an answer fits the one request it was given to.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What came of a request. `later`: nothing is known of it; the same request may be sent again without harm. */
export type WireAnswer = { kind: 'answered'; status: number; body: Record<string, unknown> } | { kind: 'later'; reason: string };

export interface SignedWire {
  get(path: string): Promise<WireAnswer>;
  post(path: string, body: Record<string, unknown>): Promise<WireAnswer>;
}

export interface WireOptions {
  url: string;
  secret: string;
  /** How long an answer may take in all; five seconds unless told. */
  patience_ms?: number;
}

export const signatureSkewSecondsMax = 300;
const patienceMsUsual = 5000;
const answerBytesMax = 1_048_576;

const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');

export function signatureOf(secret: string, method: string, path: string, timestamp: string, body: string): string {
  return hmac(secret, `${method}\n${path}\n${timestamp}\n${body}`);
}

export function signatureOfAnswer(secret: string, requestSignature: string, status: number, body: string): string {
  return hmac(secret, `ANSWER\n${requestSignature}\n${status}\n${body}`);
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether a request was signed with the secret, and lately. */
export function isSigned(secret: string, request: { method: string; path: string; timestamp: string; signature: string; body: string }, now: Date): boolean {
  const age = Math.abs(now.getTime() / 1000 - Number(request.timestamp));
  if (!(age <= signatureSkewSecondsMax)) return false;
  return isSame(signatureOf(secret, request.method, request.path, request.timestamp, request.body), request.signature);
}

async function readBounded(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > answerBytesMax) throw new Error('the answer is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** A busy system and one in trouble are asked again; so is one whose answer nobody can trust or read. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** Never throws: whatever goes wrong on the way is `later`. */
export function signedWire({ url, secret, patience_ms = patienceMsUsual }: WireOptions): SignedWire {
  async function ask(method: 'GET' | 'POST', path: string, body: string): Promise<WireAnswer> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = signatureOf(secret, method, path, timestamp, body);
    try {
      const response = await fetch(new URL(path, url), {
        method, signal: AbortSignal.timeout(patience_ms), redirect: 'error',
        headers: { 'content-type': 'application/json', 'huzheng-timestamp': timestamp, 'huzheng-signature': signature },
        ...(method === 'POST' ? { body } : {}),
      });
      const said = await readBounded(response);
      if (isPassing(response.status)) return { kind: 'later', reason: `HTTP ${response.status}` };
      if (!isSame(signatureOfAnswer(secret, signature, response.status, said), response.headers.get('huzheng-signature') ?? '')) return { kind: 'later', reason: `HTTP ${response.status}, answer not signed` };
      const read: unknown = JSON.parse(said);
      if (read === null || typeof read !== 'object' || Array.isArray(read)) return { kind: 'later', reason: 'unreadable answer' };
      return { kind: 'answered', status: response.status, body: read as Record<string, unknown> };
    } catch (error) {
      return { kind: 'later', reason: String((error as Error).cause ?? (error as Error).message).slice(0, 200) };
    }
  }
  return { get: (path) => ask('GET', path, ''), post: (path, body) => ask('POST', path, JSON.stringify(body)) };
}

/** The secret agreed with another system, from `<name>.secret`. @throws Error naming the file that is missing */
export function readAgreedSecret(key_directory: string, name: string): string {
  const path = join(key_directory, `${name}.secret`);
  if (!existsSync(path)) throw new Error(`缺少与外部系统约定的密钥文件 ${path},请从对方取得后放入 · the secret agreed with another system is missing; obtain it and put it at ${path}`);
  return readFileSync(path, 'utf8').trim();
}

/** For simulators: agrees a secret with itself on first use. */
export function makeAgreedSecret(key_directory: string, name: string): string {
  const path = join(key_directory, `${name}.secret`);
  if (!existsSync(path)) {
    mkdirSync(key_directory, { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(temporary, randomBytes(24).toString('hex'), { mode: 0o600 });
    try {
      // A link never overwrites: of two programs starting at once the first secret stands.
      linkSync(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  return readAgreedSecret(key_directory, name);
}
