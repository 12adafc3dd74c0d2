import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateHeader, certificateOf, readCertificate } from './certificates.ts';
import { openOffice, type Office } from '../../../test/harness/office.ts';

/** A self-signed certificate (RFC 5280) as DER, the fields that matter and no more. */
function makeCertificate(name: string, from: string, to: string): { pem: string; key: string; fingerprint: string } {
  const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts);
    const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
  };
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const subject = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));
  const at = (day: string) => der(0x18, Buffer.from(`${day.replaceAll('-', '')}000000Z`));
  const content = der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([0x11, Math.floor(Math.random() * 256)])), algorithm, subject, der(0x30, at(from), at(to)), subject, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = sign('sha256', content, privateKey);
  const bytes = der(0x30, content, algorithm, der(0x03, Buffer.from([0]), signature));
  const pem = `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { pem, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, fingerprint: new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase() };
}

const valid = makeCertificate('赵敏 530001', '2026-01-01', '2050-01-01');

describe('over TLS', () => {
  let server: Server;
  const site = makeCertificate('localhost', '2026-01-01', '2050-01-01');
  beforeAll(async () => {
    server = createServer({ key: site.key, cert: site.pem, ca: [valid.pem], requestCert: true, rejectUnauthorized: false }, (incoming, response) => {
      response.end(JSON.stringify({ found: certificateOf({ headers: incoming.headers, raw: incoming }) }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const ask = (own: { key?: string; cert?: string }, headers: Record<string, string> = {}) => new Promise<unknown>((resolve, reject) => {
    request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false, agent: false, headers, ...own }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      resolve(JSON.parse(text).found);
    }).on('error', reject).end();
  });

  test('a certificate that the server trusts is read from the connection', async () => {
    expect(await ask({ key: valid.key, cert: valid.pem })).toBe(valid.fingerprint);
  });
  test('one that it does not trust, and none, are nothing', async () => {
    const self = makeCertificate('赵敏 530001', '2026-01-01', '2050-01-01');
    expect([await ask({ key: self.key, cert: self.pem }), await ask({})]).toEqual([null, null]);
  });
  test('a header from a client is not believed', async () => {
    expect(await ask({}, { [certificateHeader]: valid.fingerprint })).toBeNull();
  });
});

describe('sign-in', () => {
  let office: Office;
  const through = (certificate: string) => office.browser({ [certificateHeader]: certificate });
  beforeAll(async () => {
    office = await openOffice();
    const admin = office.browser();
    await admin.signIn('530011');
    const added = await admin.post(`/api/accounts/officers/${office.ids.get('530001')}/certificates`, { officer_id: office.ids.get('530001'), certificate: valid.pem });
    expect(added.json()).toEqual({ fingerprint: valid.fingerprint, subject: 'CN=赵敏 530001', valid_to: '2050-01-01T00:00:00.000Z' });
    expect((await admin.post(`/api/accounts/officers/${office.ids.get('530003')}/certificates`, { officer_id: office.ids.get('530003'), certificate: valid.pem })).json().code).toBe('accounts.certificate_held');
    expect((await admin.post(`/api/accounts/officers/${office.ids.get('530001')}/certificates`, { officer_id: office.ids.get('530001'), certificate: 'not a certificate' })).json().code).toBe('accounts.certificate_unreadable');
  });
  afterAll(() => office.close());

  test('a registered certificate opens a session in one step, as fingerprint or as PEM from the gateway', async () => {
    for (const written of [valid.fingerprint, encodeURIComponent(valid.pem), new X509Certificate(valid.pem).fingerprint256]) {
      const browser = through(written);
      expect((await browser.post('/api/accounts/sign-in/certificate')).statusCode).toBe(200);
      expect((await browser.get('/api/accounts/me')).json().name).toBe('赵敏');
    }
  });

  test('an unregistered, an expired, an unreadable and no certificate get the same answer', async () => {
    const expired = makeCertificate('赵敏', '2025-01-01', '2026-11-01');
    const { fingerprint, subject, valid_from, valid_to } = readCertificate(expired.pem)!;
    await office.db.owner.query('insert into accounts.client_certificate (fingerprint, officer_id, subject, valid_from, valid_to, added_at) values ($1, $2, $3, $4, $5, now())', [fingerprint, office.ids.get('530001'), subject, valid_from, valid_to]);
    const answers = await Promise.all([through('ab'.repeat(32)), through(fingerprint), through('%E0%A4%A'), office.browser()].map((browser) => browser.post('/api/accounts/sign-in/certificate')));
    for (const answer of answers) expect([answer.statusCode, answer.json().code]).toEqual([401, 'accounts.certificate_refused']);
  });

  test('a revoked certificate opens nothing and ends the session it had opened', async () => {
    const browser = through(valid.fingerprint);
    await browser.post('/api/accounts/sign-in/certificate');
    office.clock.advanceMinutes(1);
    const admin = office.browser();
    await admin.signIn('530011');
    expect((await admin.post(`/api/accounts/officers/${office.ids.get('530001')}/certificates/revoke`, { officer_id: office.ids.get('530001'), fingerprint: valid.fingerprint })).statusCode).toBe(200);
    expect((await browser.get('/api/accounts/me')).statusCode).toBe(401);
    expect((await browser.post('/api/accounts/sign-in/certificate')).json().code).toBe('accounts.certificate_refused');
  });
});
