import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../test/harness/databases.ts';
import { bindRoutes, createServer, defineContract, diskBlobStore, FrozenClock, openKeys, type Context, type NetworkKeys } from '../../kernel/index.ts';
import { startIdentitySimulator, type DemoCitizen, type IdentitySimulator } from '../../programs/simulators/identity.ts';
import { citizenSignIn, ownPath } from './citizens.ts';
import { citizenCookie, citizenIdentifier, citizenRoutes, getCitizenIdentity } from './index.ts';

const contract = defineContract({
  mine: { method: 'GET', path: '/mine', permission: 'citizen', summary: { zh: '我的', en: 'Mine' }, input: Type.Object({}), output: 'page' },
});

const people: DemoCitizen[] = [
  { subject: 'c-1', name: '李明', id_number: '530102199003071234', phone: '13800000001', identity_level: 4, about: { zh: '要把户口迁到大理', en: 'moves to Dali' } },
  { subject: 'c-2', name: '阿'.repeat(3), id_number: '53010219880101123X', phone: '13800000002', identity_level: 2, about: '只有实名' },
  { subject: 'c-3', name: '无号', id_number: '', phone: '', identity_level: 3, about: '<b>没有号码</b>' },
];

/** A browser: cookies by host and path, whatever the port; redirects followed one by one. */
class FakeBrowser {
  readonly #jar = new Map<string, { value: string; path: string }>();
  url = '';
  html = '';
  status = 0;
  /** Follows redirects until a page, or until one leads to a path that starts so. */
  async go(url: string, form?: Record<string, string>, before?: string): Promise<this> {
    for (let hop = 0; hop < 12; hop++) {
      const { pathname } = new URL(url);
      const cookie = [...this.#jar].filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)).map(([name, { value }]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, {
        redirect: 'manual', headers: { cookie, accept: 'text/html' }, ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
        const at = pair.indexOf('=');
        const attribute = (name: string) => attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
        const gone = pair.slice(at + 1) === '' || Date.parse(attribute('expires') ?? '') <= Date.now();
        if (gone) this.#jar.delete(pair.slice(0, at));
        else this.#jar.set(pair.slice(0, at), { value: pair.slice(at + 1), path: attribute('path') ?? '/' });
      }
      const location = answer.headers.get('location');
      this.url = url;
      this.status = answer.status;
      if (location === null) {
        this.html = await answer.text();
        return this;
      }
      url = new URL(location, url).href;
      form = undefined;
      if (before !== undefined && new URL(url).pathname === before) {
        this.url = url;
        return this;
      }
    }
    throw new Error(`too many redirects at ${url}`);
  }
  /** Submits the form of the page whose action ends so. */
  submit(end: string, fields: Record<string, string> = {}, before?: string): Promise<this> {
    const action = [...this.html.matchAll(/action="([^"]+)"/g)].map(([, found]) => found!).find((found) => found.endsWith(end));
    if (action === undefined) throw new Error(`no form ${end} on ${this.url}: ${this.html.slice(0, 300)}`);
    return this.go(new URL(action, this.url).href, fields, before);
  }
  cookie(name: string): string | undefined {
    return this.#jar.get(name)?.value;
  }
  setCookie(name: string, value: string): void {
    this.#jar.set(name, { value, path: '/' });
  }
  get formAction(): string {
    return /action="(\/interaction\/[\w-]+)"/.exec(this.html)![1]!;
  }
}

let db: FreshDatabase;
let app: FastifyInstance;
let service: IdentitySimulator;
let origin: string;
let keys: NetworkKeys;
const clock = new FrozenClock('2026-11-23T02:00:00Z');
const directory = mkdtempSync(join(tmpdir(), 'huzheng-citizens-'));
const citizens_file = join(directory, 'demo-citizens.json');
const client = { client_id: 'huzheng-portal', client_secret: 'for this test' };

/** A portal of its own address, so that a test may lose its identity service. */
async function openPortal(issuer: () => string, port: number): Promise<FastifyInstance> {
  const portal = await createServer({
    program: 'test', database: db.database, clock, blobs: diskBlobStore(join(directory, 'blobs')), token_key: keys.token_key, rate_factor: 0,
    operations: [
      ...citizenRoutes({ keys, issuer: issuer(), portal_origin: `http://localhost:${port}`, ...client }),
      ...bindRoutes('sample', contract, { mine: async (context: Context) => ({ view: 'mine', data: { actor: context.actor, known: await getCitizenIdentity(context, keys, context.actor.kind === 'citizen' ? context.actor.citizen_id : '') } }) }),
    ],
    identify: citizenIdentifier(keys), session_cookie: citizenCookie, sign_in_path: '/sign-in',
    render: (page, request) => JSON.stringify({ ...(page.data as object), form_token: request.form_token }), renderError: (facts) => JSON.stringify(facts),
  });
  await portal.listen({ port, host: '127.0.0.1' });
  return portal;
}
const freePort = async (): Promise<number> => {
  const { createServer: listen } = await import('node:net');
  return new Promise((resolve) => {
    const probe = listen().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
};

beforeAll(async () => {
  db = await freshDatabase('internet');
  keys = openKeys(join(directory, 'keys'), 'internet');
  writeFileSync(citizens_file, JSON.stringify(people));
  const port = await freePort();
  origin = `http://localhost:${port}`;
  service = await startIdentitySimulator({ port: 0, portal_origin: origin, citizens_file, ...client });
  app = await openPortal(() => service.issuer, port);
});
afterAll(async () => {
  await app.close();
  await service.close();
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

const seen = (browser: FakeBrowser) => JSON.parse(browser.html);
async function signIn(fields: Record<string, string>, next = '/mine', browser = new FakeBrowser()): Promise<FakeBrowser> {
  await browser.go(`${origin}/sign-in?next=${encodeURIComponent(next)}`);
  await browser.go(new URL(browser.formAction, browser.url).href, fields);
  return browser.submit('/confirm');
}
const rowsOf = async () => (await db.owner.query('select subject, name_sealed, id_number_sealed, id_number_digest, phone_sealed, identity_level from accounts.citizen order by subject')).rows;

describe('the way in', () => {
  test('a page that needs a citizen leads to the identity service and back to itself', async () => {
    const browser = await new FakeBrowser().go(`${origin}/mine?tab=2`);
    expect(new URL(browser.url).origin).toBe(service.issuer);
    expect(browser.html).toContain('模拟器');
    await browser.go(new URL(browser.formAction, browser.url).href, { subject: 'c-1' });
    expect(browser.html).toContain('138****0001');
    await browser.submit('/confirm');
    expect([browser.status, browser.url]).toEqual([200, `${origin}/mine?tab=2`]);
    expect(seen(browser)).toMatchObject({ actor: { kind: 'citizen', name: '李明', identity_level: 4 }, known: { id_number: '530102199003071234', phone: '13800000001', name: '李明' } });
  });

  test('what names the person lies sealed, and one person stays one row', async () => {
    await signIn({ id_number: '53010219880101123x' });
    await signIn({ subject: 'c-2' });
    const rows = (await rowsOf()).filter(({ subject }) => subject === 'c-2');
    expect(rows).toHaveLength(1);
    const kept = Buffer.concat([rows[0].name_sealed, rows[0].id_number_sealed, rows[0].phone_sealed]);
    for (const secret of ['阿', '53010219880101123X', '13800000002']) expect(kept.includes(Buffer.from(secret))).toBe(false);
    expect(rows[0].id_number_digest).toBe(keys.digest('53010219880101123X'));
  });

  test('the level of the session is the one reached now, the level of the person the highest so far', async () => {
    const browser = await signIn({ subject: 'c-1', identity_level: '2' });
    expect(seen(browser)).toMatchObject({ actor: { identity_level: 2 }, known: { identity_level: 4 } });
  });

  test('the service is asked for a fresh proof, bound to this browser by state, nonce and PKCE', async () => {
    const asked = async () => new URL((await fetch(`${origin}/sign-in`, { redirect: 'manual' })).headers.get('location')!).searchParams;
    const [one, two] = [await asked(), await asked()];
    expect(Object.fromEntries(one)).toMatchObject({ prompt: 'login', response_type: 'code', code_challenge_method: 'S256', scope: 'openid identity', redirect_uri: `${origin}/sign-in/callback` });
    for (const name of ['state', 'nonce', 'code_challenge']) expect([one.get(name)!.length >= 40, one.get(name) === two.get(name)]).toEqual([true, false]);
  });

  test('signing in again asks again, so that the next person at a shared computer is not let in', async () => {
    const browser = await signIn({ subject: 'c-1' });
    await browser.go(`${origin}/sign-in?next=/mine`);
    expect(new URL(browser.url).origin).toBe(service.issuer);
    await browser.go(new URL(browser.formAction, browser.url).href, { subject: 'c-2' });
    expect(seen(await browser.submit('/confirm')).actor.name).toBe('阿阿阿');
  });

  test('persons of the demonstration are read anew each time', async () => {
    writeFileSync(citizens_file, JSON.stringify([...people, { subject: 'c-9', name: '新来', id_number: '530102200001011236', phone: '13800000009', identity_level: 3, about: '刚刚加入' }]));
    expect(seen(await signIn({ id_number: '530102200001011236' })).actor.name).toBe('新来');
    writeFileSync(citizens_file, JSON.stringify(people));
  });
});

describe('ways that lead nowhere', () => {
  const atService = async (browser = new FakeBrowser()): Promise<FakeBrowser> => browser.go(`${origin}/sign-in?next=/mine`);

  test('who refuses on the phone is not signed in and is told of the counter', async () => {
    const browser = await atService();
    await browser.go(new URL(browser.formAction, browser.url).href, { subject: 'c-1' });
    await browser.submit('/refuse');
    expect([browser.status, seen(browser).code]).toEqual([403, 'accounts.identity_refused']);
    expect(browser.cookie(citizenCookie)).toBeUndefined();
  });

  test('an unknown number, nobody and too high a level are told how to mend it', async () => {
    for (const [fields, sentence] of [[{ id_number: '530102199003071235' }, '没有此号码'], [{}, '请选择一位居民'], [{ subject: 'c-2', identity_level: '4' }, '达不到所选等级']] as const) {
      const browser = await atService();
      await browser.go(new URL(browser.formAction, browser.url).href, fields);
      expect([browser.status, browser.html.includes(sentence)]).toEqual([422, true]);
    }
  });

  test('what the file of persons says is shown as text', async () => {
    expect((await atService()).html).toContain('&#60;b&#62;没有号码');
  });

  test('a person without a number cannot come in', async () => {
    const before = await rowsOf();
    expect(seen(await signIn({ subject: 'c-3' })).code).toBe('accounts.identity_incomplete');
    expect(await rowsOf()).toEqual(before);
  });

  test('an answer of the service opens nothing in another browser, with another state, or a second time', async () => {
    const citizen = await atService();
    await citizen.go(new URL(citizen.formAction, citizen.url).href, { subject: 'c-1' });
    const { url: answer } = await citizen.submit('/confirm', {}, '/sign-in/callback');
    const kept = citizen.cookie('huzheng_sign_in')!;

    const withoutCookie = new FakeBrowser();
    const withOwnSignIn = await atService();
    const withForgedCookie = new FakeBrowser();
    withForgedCookie.setCookie('huzheng_sign_in', `${kept.slice(0, -4)}AAAA`);
    for (const stranger of [withoutCookie, withOwnSignIn, withForgedCookie]) {
      expect(seen(await stranger.go(answer)).code).toBe('accounts.sign_in_interrupted');
      expect(stranger.cookie(citizenCookie)).toBeUndefined();
    }
    expect((await citizen.go(answer)).status).toBe(200);
    const again = new FakeBrowser();
    again.setCookie('huzheng_sign_in', kept);
    expect(seen(await again.go(answer)).code).toBe('accounts.sign_in_interrupted');
    expect(again.cookie(citizenCookie)).toBeUndefined();
  });

  test('a sign-in not finished within ten minutes is begun anew', async () => {
    const browser = await atService();
    await browser.go(new URL(browser.formAction, browser.url).href, { subject: 'c-1' });
    clock.advanceMinutes(10);
    expect(seen(await browser.submit('/confirm')).code).toBe('accounts.sign_in_interrupted');
  });

  test.each([
    ['/mine', '/mine'], ['/mine?a=1&b=2', '/mine?a=1&b=2'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], ['javascript:alert(1)', '/'], ['mine', '/'], ['/\t/evil.example', '/'], ['//evil.example/mine', '/'],
    ['/.//evil.example', '/'], ['/a/..//evil.example', '/'], ['/%2e//evil.example', '/'], [undefined, '/'],
  ])('after sign-in %s leads to %s', (next, path) => expect(ownPath(next, 'http://localhost:8080')).toBe(path));

  test('while the identity service is away the citizen is told so, and when it comes the sign-in goes on without a restart', async () => {
    const [port, servicePort] = [await freePort(), await freePort()];
    const issuer = `http://localhost:${servicePort}`;
    const portal = await openPortal(() => issuer, port);
    const browser = await new FakeBrowser().go(`http://localhost:${port}/sign-in`);
    expect([browser.status, seen(browser).code]).toEqual([503, 'accounts.identity_service_unavailable']);
    const late = await startIdentitySimulator({ port: servicePort, issuer, portal_origin: `http://localhost:${port}`, citizens_file, ...client });
    await browser.go(`http://localhost:${port}/sign-in`);
    expect(new URL(browser.url).origin).toBe(issuer);
    await portal.close();
    await late.close();
  });

  test('a portal does not start with an identity service reached in the clear over the network', () => {
    expect(() => citizenSignIn({ keys, issuer: 'http://identity.example', portal_origin: origin, ...client })).toThrow(/https/);
  });
});

describe('a session', () => {
  test('ends after thirty idle minutes, and after four hours however busy', async () => {
    const browser = await signIn({ subject: 'c-1' });
    const isIn = async () => new URL((await browser.go(`${origin}/mine`)).url).pathname === '/mine';
    clock.advanceMinutes(29);
    expect(await isIn()).toBe(true);
    clock.advanceMinutes(30);
    expect(await isIn()).toBe(false);
    await signIn({ subject: 'c-1' }, '/mine', browser);
    let minutes = 0;
    for (; await isIn(); minutes += 20) clock.advanceMinutes(20);
    expect(minutes).toBe(240);
  });

  test('ends when the citizen signs out, for every copy of the token', async () => {
    const browser = await signIn({ subject: 'c-1' });
    const copy = new FakeBrowser();
    copy.setCookie(citizenCookie, browser.cookie(citizenCookie)!);
    expect((await copy.go(`${origin}/mine`)).url).toBe(`${origin}/mine`);
    // A foreign page cannot do it: the form carries this browser's token.
    await browser.go(`${origin}/sign-out`, { _token: 'x' });
    expect(seen(browser).code).toBe('kernel.foreign_origin');
    await browser.go(`${origin}/mine`);
    await browser.go(`${origin}/sign-out`, { _token: seen(browser).form_token });
    expect(new URL((await copy.go(`${origin}/mine`)).url).origin).toBe(service.issuer);
    expect(browser.cookie(citizenCookie)).toBeUndefined();
  });

  test('tokens are kept as digests only', async () => {
    const browser = await signIn({ subject: 'c-1' });
    expect(JSON.stringify((await db.owner.query('select * from accounts.citizen_session')).rows)).not.toContain(browser.cookie(citizenCookie));
  });
});
