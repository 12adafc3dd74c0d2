/** Citizens who apply on the portal as browsers do, over a road that may break: a page that does not come is asked for again. */
import type { Agent } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { newId, openKeys, sha256 } from '../../../src/kernel/index.ts';
import { citizenCookie } from '../../../src/modules/accounts/index.ts';
import type { Random } from '../../../src/programs/demo/population/random.ts';
import { Visitor, type FilePart, type Shown } from '../../harness/visitor.ts';
import type { FaultyBureau } from './bureau.ts';
import { ask, cookiesOf, pause } from './http.ts';
import type { Lodger } from './lodgers.ts';

/** What a visitor sends goes over a socket instead of straight into the server. */
function overHttp(agent: Agent, port: number): FastifyInstance {
  const inject = async ({ method, url, cookies, headers, payload }: { method: string; url: string; cookies: Record<string, string>; headers: Record<string, string>; payload?: string | Buffer }) => {
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(agent, port, method, url, { ...headers, cookie }, payload);
    const set = cookiesOf(answer).map((line) => ({ name: line.slice(0, line.indexOf('=')), value: line.slice(line.indexOf('=') + 1) }));
    return { statusCode: answer.status, rawPayload: answer.bytes, headers: answer.headers, cookies: set };
  };
  return { inject } as unknown as FastifyInstance;
}

/** Citizens of whom the identity service has told, each with a session of the portal. */
export async function signInCitizens(bureau: FaultyBureau, lodgers: readonly Lodger[]): Promise<Map<string, string>> {
  const keys = openKeys(`${bureau.data}/keys`, 'internet');
  const place = (field: string, { person_id }: Lodger): string => `accounts.citizen.${field}:faults:${person_id}`;
  const made = lodgers.map((lodger) => ({
    person_id: lodger.person_id, citizen_id: newId(), session_id: newId(), token: newId(), digest: keys.digest(lodger.id_number),
    name: keys.seal(lodger.name, place('name', lodger)).toString('hex'), id_number: keys.seal(lodger.id_number, place('id_number', lodger)).toString('hex'),
  }));
  await bureau.look(
    `with given as (select * from jsonb_to_recordset($1) as g (person_id text, citizen_id uuid, session_id uuid, token_digest text, digest text, name text, id_number text)),
     citizens as (
       insert into accounts.citizen (citizen_id, issuer, subject, name_sealed, id_number_sealed, id_number_digest, identity_level, first_seen_at, last_signed_in_at)
       select citizen_id, 'faults', person_id, decode(name, 'hex'), decode(id_number, 'hex'), digest, 3, now(), now() from given)
     insert into accounts.citizen_session (session_id, token_digest, citizen_id, identity_level, created_at, last_seen_at, expires_at)
     select session_id, token_digest, citizen_id, 3, now(), now(), now() + interval '4 hours' from given`,
    [JSON.stringify(made.map(({ token, ...row }) => ({ ...row, token_digest: sha256(token) })))], 'internet');
  return new Map(made.map(({ person_id, token }) => [person_id, token]));
}

export interface Application {
  lodger: Lodger;
  /** The number that a whole page showed to the applicant. */
  receipt_no: string | undefined;
  /** Submitted by a press that was not answered: found only on looking again. */
  found_on_looking: boolean;
  /** A page that said no on purpose. */
  refused: string | undefined;
}

export interface Applicant {
  application: Application;
  /** Fills in and submits; returns when a receipt was shown, something was refused, or `over` says so. */
  apply(over: () => boolean): Promise<void>;
}

export interface ApplicantOptions {
  agent: Agent;
  port: number;
  token: string;
  random: Random;
  /** Handed in with the application, if given. */
  picture: FilePart | undefined;
  /** A planted fault: whoever was not told of the submission begins anew instead of looking. */
  careless: boolean;
}

const attemptsMax = 300;

export function makeApplicant(lodger: Lodger, { agent, port, token, random, picture, careless }: ApplicantOptions): Applicant {
  const visitor = new Visitor(overHttp(agent, port));
  visitor.cookies.set(citizenCookie, token);
  const application: Application = { lodger, receipt_no: undefined, found_on_looking: false, refused: undefined };

  /** Tries until a page comes that is no "try again". @throws Error after too many attempts, or when over */
  async function insist(over: () => boolean, step: () => Promise<Shown>): Promise<Shown> {
    for (let attempt = 0; attempt < attemptsMax && !over(); attempt++) {
      const shown = await step().catch(() => undefined);
      if (shown !== undefined && shown.status < 500) return shown;
      await pause(random.between(30, 250));
    }
    throw new Error('gave up');
  }

  let begun = 0;
  async function fillIn(over: () => boolean): Promise<string> {
    // Another value each time: what changes nothing is refused.
    const workplace = `虹山机械厂${++begun}车间`;
    const started = await insist(over, async () => visitor.press((await visitor.get('/apply/0703')).form));
    const path = /\/applications\/[0-9a-f-]{36}/.exec(started.html)![0];
    const fill = (section: string, values: Record<string, string>): Promise<Shown> =>
      insist(over, async () => visitor.press((await visitor.get(`${path}/section/${section}`)).form.fill(values)));
    await fill('subject', { subject_id_number: lodger.id_number, subject_name: lodger.name });
    await fill('items', { workplace });
    await fill('delivery', { applicant_phone: '19900000000', delivery_mode: 'electronic' });
    if (picture !== undefined) {
      await insist(over, async () => visitor.press((await visitor.get(`${path}/materials/M48`)).form.fill({ 'M48.way': 'provided' }).attach('M48.files', picture)));
    }
    return path;
  }

  /** @returns the receipt number if the page shows one */
  const receiptOn = ({ status, path, text }: Shown): string | undefined => {
    const receipt = /^\/cases\/([0-9A-Z]{8})/.exec(path)?.[1];
    return status === 200 && receipt !== undefined && text.includes(`${receipt.slice(0, 4)} ${receipt.slice(4)}`) ? receipt : undefined;
  };

  async function submit(over: () => boolean, path: string): Promise<void> {
    const shown = await insist(over, async () => {
      // Whoever looks first is led to the case that an unanswered submission has made.
      const check = await visitor.get(`${path}/check`);
      if (check.path.startsWith('/cases/')) application.found_on_looking = true;
      return check.status !== 200 || application.found_on_looking ? check : visitor.press(check.form.fill({ declare: 'yes' }));
    });
    application.receipt_no = receiptOn(shown);
    if (application.receipt_no === undefined) application.refused = `${shown.status} ${shown.path} ${shown.heading} ${shown.faults.map((fault) => fault.text).join(' ')}`;
  }

  async function submitCarelessly(over: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 20 && !over(); attempt++) {
      const path = await fillIn(over);
      const check = await insist(over, () => visitor.get(`${path}/check`));
      const shown = await visitor.press(check.form.fill({ declare: 'yes' })).catch(() => undefined);
      application.receipt_no = shown === undefined ? undefined : receiptOn(shown);
      if (application.receipt_no !== undefined) return;
    }
  }

  return {
    application,
    async apply(over) {
      try {
        if (careless) await submitCarelessly(over);
        else await submit(over, await fillIn(over));
      } catch (error) {
        if ((error as Error).message !== 'gave up') throw error;
      }
    },
  };
}
