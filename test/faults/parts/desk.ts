/** An officer at a workstation whose road may break. */
import type http from 'node:http';
import { demoPassword } from '../../../src/modules/accounts/index.ts';
import type { FaultyBureau } from './bureau.ts';
import { ask, cookiesOf } from './http.ts';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

export interface Desk {
  /** @throws Error when no whole answer comes */
  get(path: string): Promise<{ status: number; bytes: Buffer }>;
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
  const { challenge, demo_code } = JSON.parse(first.bytes.toString()) as { challenge: string; demo_code: string };
  const second = await ask(agent, port, 'POST', '/api/accounts/sign-in/code', json, JSON.stringify({ challenge, code: demo_code }));
  if (second.status !== 200) throw new Error(`sign-in of ${officer.police_number}: ${second.bytes.toString()}`);
  const cookie = cookiesOf(second).join('; ');
  return {
    get: (path) => ask(agent, port, 'GET', path, { cookie }),
    async post(path, body, requestKey) {
      const { status, bytes } = await ask(agent, port, 'POST', path, { ...json, cookie, 'idempotency-key': requestKey }, JSON.stringify(body));
      return { status, body: JSON.parse(bytes.toString()) as Record<string, unknown> };
    },
  };
}
