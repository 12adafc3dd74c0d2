/** An officer at a workstation whose road may break: every request has an end, and nothing is tried again unasked. */
import http from 'node:http';
import { demoPassword } from '../../../src/modules/accounts/index.ts';
import type { FaultyBureau } from './bureau.ts';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

const patienceMs = 20_000;

/** Sends one request. @throws Error when no whole answer comes */
export function ask(agent: http.Agent, port: number, method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string): Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ agent, host: '127.0.0.1', port, method, path, headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.setTimeout(patienceMs, () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}

export interface Desk {
  /** @throws Error when no whole answer comes */
  post(path: string, body: object, requestKey: string): Promise<Reply>;
}

const json = { 'content-type': 'application/json' };

/** Signs an officer in, by post and unit; do it before anything breaks. */
export async function openDesk(bureau: FaultyBureau, agent: http.Agent, port: number, role: string, orgCode: string): Promise<Desk> {
  const [officer] = await bureau.look<{ police_number: string }>(
    'select o.police_number from accounts.officer o join accounts.post p using (officer_id) where p.role = $1 and p.org_code = $2 order by o.police_number limit 1', [role, orgCode]);
  if (officer === undefined) throw new Error(`no officer holds ${role} at ${orgCode}`);
  const first = await ask(agent, port, 'POST', '/api/accounts/sign-in', json, JSON.stringify({ police_number: officer.police_number, password: demoPassword }));
  const { challenge, demo_code } = JSON.parse(first.text) as { challenge: string; demo_code: string };
  const second = await ask(agent, port, 'POST', '/api/accounts/sign-in/code', json, JSON.stringify({ challenge, code: demo_code }));
  if (second.status !== 200) throw new Error(`sign-in of ${officer.police_number}: ${second.text}`);
  const cookie = (second.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  return {
    async post(path, body, requestKey) {
      const { status, text } = await ask(agent, port, 'POST', path, { ...json, cookie, 'idempotency-key': requestKey }, JSON.stringify(body));
      return { status, body: JSON.parse(text) as Record<string, unknown> };
    },
  };
}
