/** Both networks with the portal in front: citizens sign in through the identity simulator, parcels are real. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { jobs, parcelHandlers, subscriptions } from '../../src/modules/portal/index.ts';
import { buildPortal } from '../../src/programs/portal.ts';
import { startIdentitySimulator, type DemoCitizen, type IdentitySimulator } from '../../src/programs/simulators/identity.ts';
import { makeRenderer } from '../../web/portal/server.tsx';
import { Visitor } from './visitor.ts';
import { demoWorld, type World } from './world.ts';

export interface Person {
  person_id: string;
  name: string;
  id_number: string;
}

export interface Phones {
  world: World;
  portal: FastifyInstance;
  /** Somebody of the register at the portal, identified by live portrait. */
  signIn(person: Person): Promise<Visitor>;
  close(): Promise<void>;
}

const portal_origin = 'http://localhost';
const client = { client_id: 'huzheng-portal', client_secret: 'for this test' };
export const phoneOf = (person: Person): string => `199${person.id_number.slice(9, 17)}`;

export async function openPhones(): Promise<Phones> {
  // Messages to phones go out by a program of their own; here nobody takes them.
  const world = await demoWorld({ internet: { subscriptions: [subscriptions], jobs: jobs.filter(({ name }) => name !== 'portal.send_messages'), handlers: parcelHandlers } });
  const citizens_file = join(world.directory, 'citizens.json');
  const known = new Map<string, DemoCitizen>();
  const service = await startIdentitySimulator({ port: 0, portal_origin, citizens_file, ...client });
  const portal = await buildPortal({
    database: world.internet.database, clock: world.clock, blobs: world.blobs.internet, keys: world.keys.internet, portal_origin,
    identity_issuer: service.issuer, identity_client_id: client.client_id, identity_client_secret: client.client_secret, demo: true, rate_factor: 0, pages: { makeRenderer },
  });
  return {
    world, portal,
    async signIn(person) {
      known.set(person.person_id, { subject: person.person_id, name: person.name, id_number: person.id_number, phone: phoneOf(person), identity_level: 3, about: '' });
      writeFileSync(citizens_file, JSON.stringify([...known.values()]));
      const visitor = new Visitor(portal);
      const asked = await visitor.getOnce('/sign-in?next=/');
      const answered = await identify(service, String(asked.headers['location']), person.person_id);
      const home = await visitor.get(answered.slice(portal_origin.length));
      if (home.status !== 200) throw new Error(`sign-in of ${person.name}: ${home.status} ${home.text}`);
      return visitor;
    },
    async close() {
      await portal.close();
      await service.close();
      await world.close();
    },
  };
}

/** What the browser does at the identity service. @returns where the service sends it at the end */
async function identify(service: IdentitySimulator, start: string, subject: string): Promise<string> {
  const cookies = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>): Promise<{ url: string; html: string }> => {
    if (!url.startsWith(service.issuer)) return { url, html: '' };
    const answer = await fetch(url, {
      redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), accept: 'text/html' }, ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    const next = answer.headers.get('location');
    return next === null ? { url, html: await answer.text() } : go(new URL(next, url).href);
  };
  const press = (page: { url: string; html: string }, ending: string, form: Record<string, string> = {}) => {
    const action = [...page.html.matchAll(/action="([^"]+)"/g)].map(([, found]) => found!).find((found) => found.endsWith(ending));
    if (action === undefined) throw new Error(`no form ${ending} at the identity service: ${page.html.slice(0, 300)}`);
    return go(new URL(action, page.url).href, form);
  };
  return (await press(await press(await go(start), '', { subject }), '/confirm')).url;
}
