import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { demoPassword } from './demo.ts';
import { officeOrigin, openOffice, type Browser, type Office } from '../../../test/harness/office.ts';

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** As much of CBOR (RFC 8949) as an authenticator writes. */
function cbor(value: number | string | Uint8Array | Map<unknown, unknown>): Buffer {
  const head = (major: number, argument: number): Buffer => (argument < 24 ? Buffer.from([(major << 5) | argument])
    : argument < 256 ? Buffer.from([(major << 5) | 24, argument]) : Buffer.from([(major << 5) | 25, argument >> 8, argument & 0xff]));
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key as number), cbor(item as number)])]);
}

/** An authenticator in software, by the letter of WebAuthn level 2, section 6. */
class Authenticator {
  readonly id = randomBytes(16);
  readonly #key: KeyObject;
  readonly #publicKey: Buffer;
  counter = 0;
  /** Whether PIN or fingerprint was given. */
  verifies = true;
  origin = officeOrigin;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.#publicKey = cbor(new Map<unknown, unknown>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x!, 'base64url')], [-3, Buffer.from(y!, 'base64url')]]));
  }
  #data(rpId: string, attested: Buffer = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.counter);
    const flags = 0x01 | (this.verifies ? 0x04 : 0) | (attested.length > 0 ? 0x40 : 0);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, attested]);
  }
  #client(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }
  #credential(response: object) {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }
  create(options: { challenge: string; rp: { id: string } }) {
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, this.#publicKey]);
    const attestation = cbor(new Map<unknown, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', this.#data(options.rp.id, attested)]]));
    return this.#credential({ clientDataJSON: this.#client('webauthn.create', options.challenge).toString('base64url'), attestationObject: attestation.toString('base64url'), transports: ['usb'] });
  }
  get(options: { challenge: string; rpId: string }) {
    const data = this.#data(options.rpId);
    const client = this.#client('webauthn.get', options.challenge);
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), this.#key);
    return this.#credential({ clientDataJSON: client.toString('base64url'), authenticatorData: data.toString('base64url'), signature: signature.toString('base64url') });
  }
}

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => office.clock.advanceMinutes(20));

async function signedIn(police_number: string): Promise<Browser> {
  const browser = office.browser();
  const answer = await browser.signIn(police_number);
  expect(answer.statusCode, answer.body).toBe(200);
  return browser;
}
async function register(browser: Browser, key: Authenticator) {
  const { options } = (await browser.post('/api/accounts/me/passkeys/options')).json();
  return browser.post('/api/accounts/me/passkeys', { label: '办公桌上的密钥', response: key.create(options) });
}
/** Second step of the sign-in with a passkey. */
async function comeIn(police_number: string, key: Authenticator, change: (response: ReturnType<Authenticator['get']>) => object = (response) => response) {
  const browser = office.browser();
  const { challenge } = (await browser.post('/api/accounts/sign-in', { police_number, password: demoPassword })).json();
  const { options } = (await browser.post('/api/accounts/sign-in/passkey-options', { challenge })).json();
  return { browser, challenge, answer: await browser.post('/api/accounts/sign-in/passkey', { challenge, response: change(key.get(options)) }) };
}

test('a passkey registered in a session is the second step of the next sign-in', async () => {
  const key = new Authenticator();
  const browser = await signedIn('530001');
  const registered = await register(browser, key);
  expect(registered.statusCode, registered.body).toBe(200);
  expect((await browser.get('/api/accounts/me')).json().passkeys).toMatchObject([{ label: '办公桌上的密钥', credential_id: key.id.toString('base64url') }]);
  expect((await office.browser().post('/api/accounts/sign-in', { police_number: '530001', password: demoPassword })).json().methods).toEqual(['passkey', 'code']);
  const { answer, browser: next } = await comeIn('530001', key);
  expect(answer.statusCode, answer.body).toBe(200);
  expect((await next.get('/api/accounts/me')).json().name).toBe('赵敏');
});

test('registration asks for a proof not older than ten minutes', async () => {
  const browser = await signedIn('530001');
  office.clock.advanceMinutes(10);
  expect((await browser.post('/api/accounts/me/passkeys/options')).json().code).toBe('accounts.confirm_again');
});

test('a passkey proves its officer again before a grave act', async () => {
  const key = new Authenticator();
  const browser = await signedIn('530002');
  await register(browser, key);
  office.clock.advanceMinutes(12);
  const { options } = (await browser.post('/api/accounts/me/confirmation-options')).json();
  const response = key.get(options);
  expect((await browser.post('/api/accounts/me/confirmation', { response })).json()).toEqual({ confirmed_until: new Date(office.clock.now().getTime() + 600_000).toISOString() });
  // The challenge is spent.
  expect((await browser.post('/api/accounts/me/confirmation', { response })).json().code).toBe('accounts.passkey_refused');
});

test.each<[string, (key: Authenticator) => void, ((response: ReturnType<Authenticator['get']>) => object)?]>([
  ['without PIN or fingerprint', (key) => (key.verifies = false)],
  ['made for another site', (key) => (key.origin = 'https://evil.example')],
  ['from a copied key whose counter runs behind', (key) => (key.counter = 0)],
  ['with another signature', () => {}, (response) => ({ ...response, response: { ...response.response, signature: randomBytes(70).toString('base64url') } })],
  ['with no inside', () => {}, (response) => ({ ...response, response: {} })],
])('a response %s opens nothing', async (_what, spoil, change) => {
  const key = new Authenticator();
  const browser = await signedIn('530003');
  expect((await register(browser, key)).statusCode).toBe(200);
  key.counter += 5;
  expect((await comeIn('530003', key)).answer.statusCode).toBe(200);
  spoil(key);
  const { answer, browser: refused } = await comeIn('530003', key, change);
  expect([answer.statusCode, answer.json().code]).toEqual([401, 'accounts.passkey_refused']);
  expect(refused.token).toBeUndefined();
});

test('a passkey of another officer, an unknown one, and a response to an older challenge open nothing', async () => {
  const key = new Authenticator();
  const browser = await signedIn('530005');
  await register(browser, key);
  expect((await comeIn('530020', key)).answer.json().code).toBe('accounts.passkey_refused');
  expect((await comeIn('530005', new Authenticator())).answer.json().code).toBe('accounts.passkey_refused');
  const { challenge } = (await browser.post('/api/accounts/sign-in', { police_number: '530005', password: demoPassword })).json();
  const older = key.get((await browser.post('/api/accounts/sign-in/passkey-options', { challenge })).json().options);
  await browser.post('/api/accounts/sign-in/passkey-options', { challenge });
  expect((await browser.post('/api/accounts/sign-in/passkey', { challenge, response: older })).json().code).toBe('accounts.passkey_refused');
});

test('a removed passkey opens nothing any more, and nobody removes another’s', async () => {
  const key = new Authenticator();
  const browser = await signedIn('530012');
  await register(browser, key);
  const credential_id = key.id.toString('base64url');
  expect((await (await signedIn('530011')).post('/api/accounts/me/passkeys/remove', { credential_id })).statusCode).toBe(404);
  expect((await browser.post('/api/accounts/me/passkeys/remove', { credential_id })).statusCode).toBe(200);
  expect((await comeIn('530012', key)).answer.json().code).toBe('accounts.passkey_refused');
});
