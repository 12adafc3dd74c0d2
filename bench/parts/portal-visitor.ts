/** The portal as its own server on a port, and a citizen who is signed in and fills in forms by plain HTTP. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { diskBlobStore, newId, openDatabase, openKeys, sha256, systemClock } from '../../src/kernel/index.ts';
import { citizenCookie } from '../../src/modules/accounts/index.ts';
import { buildPortal } from '../../src/programs/portal.ts';
import type { BenchServer } from './bureau.ts';

export interface Answer {
  status: number;
  location: string;
  text: string;
  /** From the first byte sent to the last received. */
  ms: number;
}

export interface PortalVisitor {
  get(path: string): Promise<Answer>;
  post(path: string, fields: Record<string, string>): Promise<Answer>;
}

export interface BenchPortal {
  signIn(citizen: { name: string; id_number: string }): Promise<PortalVisitor>;
  close(): Promise<void>;
}

export async function startPortal(bench: BenchServer): Promise<BenchPortal> {
  const data = join(bench.directory, 'data');
  const keys = openKeys(join(data, 'keys'), 'internet');
  const database = openDatabase({ network: 'internet', url: bench.server.url('huzheng_internet'), connections_max: 8, application: 'huzheng-portal' });
  const app = await buildPortal({
    database, clock: systemClock, blobs: diskBlobStore(join(data, 'blobs-internet')), keys, portal_origin: 'http://localhost',
    identity_issuer: 'http://localhost:1', identity_client_id: 'bench', identity_client_secret: 'bench', demo: true, rate_factor: 0,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  const send = (method: 'GET' | 'POST', path: string, cookie: string, body?: string): Promise<Answer & { cookies: string[] }> => new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = http.request({
      agent, host: '127.0.0.1', port, method, path,
      headers: { cookie, accept: 'text/html', ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }) },
    }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({
        status: response.statusCode ?? 0, location: response.headers.location ?? '', text, ms: performance.now() - begun, cookies: (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]!),
      }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

  return {
    async signIn({ name, id_number }) {
      const place = (field: string): string => `accounts.citizen.${field}:bench:${id_number}`;
      const [citizen_id, token] = [newId(), newId()];
      await database.pool.query(
        `insert into accounts.citizen (citizen_id, issuer, subject, name_sealed, id_number_sealed, id_number_digest, identity_level, first_seen_at, last_signed_in_at) values ($1, 'bench', $2, $3, $4, $5, 3, now(), now())`,
        [citizen_id, id_number, keys.seal(name, place('name')), keys.seal(id_number, place('id_number')), keys.digest(id_number)]);
      await database.pool.query(
        `insert into accounts.citizen_session (session_id, token_digest, citizen_id, identity_level, created_at, last_seen_at, expires_at) values ($1, $2, $3, 3, now(), now(), now() + interval '12 hours')`, [newId(), sha256(token), citizen_id]);
      const session = `${citizenCookie}=${token}`;
      const first = await send('GET', '/preferences', session);
      const cookie = [session, ...first.cookies].join('; ');
      const page = await send('GET', '/applications', cookie);
      const _token = /name="_token" value="([^"]+)"/.exec(page.text)?.[1];
      if (_token === undefined) throw new Error(`no form on the page of applications: ${page.status}`);
      return {
        get: (path) => send('GET', path, cookie),
        post: (path, fields) => send('POST', path, cookie, new URLSearchParams({ ...fields, _token }).toString()),
      };
    },
    async close() {
      agent.destroy();
      await app.close();
      await database.close();
    },
  };
}
