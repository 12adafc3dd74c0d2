import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bindRoutes, defineContract, type Context } from '../../kernel/index.ts';
import { endPost } from './index.ts';
import { openOffice, otherStation, station, type Office } from '../../../test/harness/office.ts';

/** Stands for any act of a business module. */
const contract = defineContract({
  accept: { method: 'POST', path: '/api/sample/accept', permission: 'cases.accept_case', summary: { zh: '受理', en: 'Accept' }, input: Type.Object({}), output: Type.Object({ by: Type.String() }) },
  read: { method: 'GET', path: '/api/sample/read', permission: 'cases.list_queue', summary: { zh: '读', en: 'Read' }, input: Type.Object({}), output: Type.Object({ org_from: Type.String(), org_to: Type.String(), role: Type.String() }) },
});
const routes = bindRoutes('sample', contract, {
  async accept(context: Context) {
    return { by: context.actor.kind === 'officer' ? context.actor.name : '' };
  },
  async read(context: Context) {
    const [row] = await context.query<{ org_from: string; org_to: string }>(`select current_setting('huzheng.org_from') as org_from, current_setting('huzheng.org_to') as org_to`);
    return { ...row!, role: context.actor.kind === 'officer' ? context.actor.role : '' };
  },
});

let office: Office;
beforeAll(async () => {
  office = await openOffice(routes);
});
afterAll(() => office.close());
beforeEach(() => office.clock.advanceMinutes(20));

async function signedIn(police_number: string) {
  const browser = office.browser();
  const answer = await browser.signIn(police_number);
  expect(answer.statusCode, answer.body).toBe(200);
  return browser;
}

test('a session ends after fifteen idle minutes, and being used keeps it, on reading operations too', async () => {
  const browser = await signedIn('530001');
  for (let round = 0; round < 4; round++) {
    office.clock.advanceMinutes(14);
    expect((await browser.get('/api/sample/read')).statusCode).toBe(200);
  }
  office.clock.advanceMinutes(15);
  expect((await browser.get('/api/sample/read')).statusCode).toBe(401);
});

test('a session ends after eight hours however busy', async () => {
  const browser = await signedIn('530001');
  let minutes = 0;
  while ((await browser.get('/api/sample/read')).statusCode === 200) {
    office.clock.advanceMinutes(10);
    minutes += 10;
  }
  expect(minutes).toBe(8 * 60);
});

test('being seen is written once a minute, not at every request', async () => {
  const browser = await signedIn('530001');
  const seen = async () => (await office.db.owner.query('select last_seen_at from accounts.officer_session where officer_id = $1 and ended_at is null', [office.ids.get('530001')])).rows[0].last_seen_at;
  const before = await seen();
  office.clock.advanceMinutes(0.5);
  await browser.get('/api/sample/read');
  expect(await seen()).toEqual(before);
  office.clock.advanceMinutes(0.5);
  await browser.get('/api/sample/read');
  expect(await seen()).toEqual(office.clock.now());
});

test('signing out ends the session, and the token is worth nothing afterwards', async () => {
  const browser = await signedIn('530001');
  const thief = office.browser();
  thief.cookies.set('huzheng_session', browser.token!);
  expect((await thief.get('/api/sample/read')).statusCode).toBe(200);
  expect((await browser.post('/api/accounts/sign-out')).statusCode).toBe(200);
  expect((await thief.get('/api/sample/read')).statusCode).toBe(401);
});

test('an officer works in one place: signing in elsewhere ends the session here', async () => {
  const one = await signedIn('530001');
  office.clock.advanceMinutes(1);
  const two = await signedIn('530001');
  expect((await one.get('/api/sample/read')).statusCode).toBe(401);
  expect((await two.get('/api/sample/read')).statusCode).toBe(200);
  expect(one.token).not.toBe(two.token);
});

test('the post bounds the rows: a station sees its own range of codes', async () => {
  expect((await (await signedIn('530001')).get('/api/sample/read')).json()).toEqual({ org_from: '53010250', org_to: '53010250~', role: 'station_officer' });
  expect((await (await signedIn('530003')).get('/api/sample/read')).json()).toMatchObject({ org_from: '530102', org_to: '530102~' });
});

test('rights end with the post at once, whoever ended it and however', async () => {
  const browser = await signedIn('530020');
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(200);
  // Behind the program's back, so that nothing but the check of each request can notice.
  await office.db.owner.query('update accounts.post set valid_to = $2 where post_id = $1', [await office.postOf('530020'), '2026-11-23']);
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(401);
  await office.db.owner.query('update accounts.post set valid_to = null where post_id = $1', [await office.postOf('530020')]);
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(200);
  const post_id = await office.postOf('530020');
  await office.asSystem((context) => endPost(context, { post_id }));
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(401);
  expect((await office.db.owner.query('select ended_reason from accounts.officer_session where post_id = $1 and ended_at is not null order by ended_at desc limit 1', [post_id])).rows[0].ended_reason).toBe('post_ended');
});

test('a right that ends for a role is gone at the next request of whoever is signed in', async () => {
  const browser = await signedIn('530001');
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(200);
  await office.db.owner.query(`update accounts.role_right set valid_to = '2026-11-23' where role = 'station_officer' and act = 'cases.accept_case'`);
  const refused = await browser.post('/api/sample/accept');
  await office.db.owner.query(`update accounts.role_right set valid_to = null where role = 'station_officer' and act = 'cases.accept_case'`);
  expect([refused.statusCode, refused.json().code]).toEqual([403, 'kernel.not_permitted']);
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(200);
});

test('auxiliary staff never reach a deciding act, even when a role was given to them behind the program’s back', async () => {
  await office.db.owner.query(`update accounts.post set role = 'station_officer' where post_id = $1`, [await office.postOf('F53001')]);
  const browser = await signedIn('F53001');
  const me = (await browser.get('/api/accounts/me')).json();
  expect(me.permissions.map(({ act }: { act: string }) => act)).toContain('cases.open_case');
  expect(me.permissions.map(({ act }: { act: string }) => act)).not.toContain('cases.accept_case');
  expect((await browser.post('/api/sample/accept')).statusCode).toBe(403);
  await office.db.owner.query(`update accounts.post set role = 'counter_assistant' where post_id = $1`, [await office.postOf('F53001')]);
});

test('an officer with two posts acts in one at a time and switches under a new token', async () => {
  const [first, second] = [await office.postOf('530005'), '018f0000-0000-7000-8000-00000000c0de'];
  await office.db.owner.query(`insert into accounts.post (post_id, officer_id, role, duty, org_code, valid_from, assigned_at) values ($1, $2, 'station_archivist', 'business', $3, '2026-11-01', now())`, [second, office.ids.get('530005'), otherStation]);
  const browser = await signedIn('530005');
  const before = browser.token;
  expect((await browser.get('/api/accounts/me')).json()).toMatchObject({ post: { post_id: first, org_code: station }, other_posts: [{ post_id: second, org_code: otherStation, role: 'station_archivist' }] });
  expect((await browser.post('/api/accounts/me/post', { post_id: second })).statusCode).toBe(200);
  expect(browser.token).not.toBe(before);
  expect((await browser.get('/api/sample/read')).json()).toEqual({ org_from: '53011150', org_to: '53011150~', role: 'station_archivist' });
  expect((await browser.post('/api/accounts/me/post', { post_id: await office.postOf('530002') })).statusCode).toBe(404);
});

test('a made-up or over-long token is nobody', async () => {
  for (const token of ['x', 'A'.repeat(43), 'A'.repeat(5000)]) {
    const browser = office.browser();
    browser.cookies.set('huzheng_session', token);
    expect((await browser.get('/api/sample/read')).statusCode).toBe(401);
  }
});

test('a busy session is not waited for: two requests at once both pass while one holds the row', async () => {
  const browser = await signedIn('530002');
  office.clock.advanceMinutes(2);
  const holder = await office.db.owner.connect();
  await holder.query('begin');
  await holder.query('select session_id from accounts.officer_session where officer_id = $1 and ended_at is null for update', [office.ids.get('530002')]);
  expect((await browser.get('/api/sample/read')).statusCode).toBe(200);
  await holder.query('rollback');
  holder.release();
});
