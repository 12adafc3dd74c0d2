import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../kernel/index.ts';
import { demoSecret } from './codes.ts';
import { assignPost } from './index.ts';
import { county, openOffice, otherStation, station, type Browser, type Office } from '../../../test/harness/office.ts';
import { grantLeaveCover } from './posts.ts';
import { codeOfStep, stepAt } from './totp.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => office.clock.advanceMinutes(20));

const today = '2026-11-23';
const id = (police_number: string): string => office.ids.get(police_number)!;
const count = async (table: 'post' | 'leave_cover'): Promise<number> => (await office.db.owner.query(`select count(*)::int as n from accounts.${table}`)).rows[0].n;

async function signedIn(police_number: string): Promise<Browser> {
  const browser = office.browser();
  const answer = await browser.signIn(police_number);
  expect(answer.statusCode, answer.body).toBe(200);
  return browser;
}

/** A newcomer of the station without a post. */
let newcomers = 0;
async function newcomer(kind: 'police' | 'auxiliary' = 'police', org_code = station): Promise<string> {
  const officer_id = `018f0000-0000-7000-8000-${String(++newcomers).padStart(12, '0')}`;
  await office.db.owner.query(`insert into accounts.officer (officer_id, police_number, name, kind, org_code, status, registered_at) values ($1, $2, '新人', $3, $4, 'enrolling', now())`, [officer_id, `N${String(newcomers).padStart(5, '0')}`, kind, org_code]);
  return officer_id;
}

const bySystem = (officer_id: string, role: string, org_code: string, valid_from = today, valid_to?: string) =>
  office.asSystem((context) => assignPost(context, { officer_id, role, org_code, valid_from, ...(valid_to === undefined ? {} : { valid_to }) }));
const refused = async (act: Promise<unknown>): Promise<string> => act.then(() => 'done', (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)));

describe('a security administrator', () => {
  test('gives a post that works at once, and ends it with the session at once', async () => {
    const admin = await signedIn('530010');
    const given = await admin.post('/api/accounts/posts', { officer_id: id('530004'), role: 'station_officer', org_code: station, valid_from: today, document_no: '五公任〔2026〕1号' });
    expect(given.statusCode, given.body).toBe(200);
    const officer = await signedIn('530004');
    expect((await officer.get('/api/accounts/me')).json().post.role).toBe('station_officer');
    expect((await admin.post(`/api/accounts/posts/${given.json().post_id}/end`)).statusCode).toBe(200);
    expect((await officer.get('/api/accounts/me')).statusCode).toBe(401);
    expect((await office.db.owner.query('select valid_to, ended_by from accounts.post where post_id = $1', [given.json().post_id])).rows[0]).toEqual({ valid_to: today, ended_by: id('530010') });
  });

  test('is asked for a second factor again after ten minutes, and nothing is changed without it', async () => {
    const admin = await signedIn('530010');
    office.clock.advanceMinutes(10);
    const before = await count('post');
    const act = () => admin.post('/api/accounts/posts', { officer_id: id('530004'), role: 'community_officer', org_code: station, valid_from: today });
    expect((await act()).json().code).toBe('accounts.confirm_again');
    expect(await count('post')).toBe(before);
    expect((await admin.post('/api/accounts/me/confirmation', { code: '000000' })).json().code).toBe('accounts.code_refused');
    const confirmed = await admin.post('/api/accounts/me/confirmation', { code: codeOfStep(demoSecret('530010'), stepAt(office.clock.now())) });
    expect(confirmed.statusCode, confirmed.body).toBe(200);
    expect((await act()).statusCode).toBe(200);
  });

  test.each([
    ['their own post', () => ({ officer_id: id('530010'), role: 'audit_admin', org_code: county }), 403, 'accounts.own_account'],
    ['an administrator of the own unit', async () => ({ officer_id: await newcomer('police', county), role: 'audit_admin', org_code: county }), 403, 'accounts.appointed_from_above'],
    ['a post of another county', async () => ({ officer_id: await newcomer(), role: 'station_officer', org_code: otherStation }), 404, 'kernel.not_found'],
    ['an officer of another county', () => ({ officer_id: id('530020'), role: 'station_officer', org_code: station }), 404, 'kernel.not_found'],
    ['a deciding post to auxiliary staff', async () => ({ officer_id: await newcomer('auxiliary'), role: 'station_officer', org_code: station }), 422, 'accounts.role_not_for_kind'],
    ['a station role at a county', async () => ({ officer_id: await newcomer(), role: 'station_officer', org_code: county }), 422, 'accounts.role_not_for_unit'],
    ['a role there is not', async () => ({ officer_id: await newcomer(), role: 'minister', org_code: station }), 422, 'accounts.unknown_role'],
    ['a post in the past', async () => ({ officer_id: await newcomer(), role: 'station_officer', org_code: station, valid_from: '2026-11-22' }), 422, 'accounts.days_not_in_order'],
    ['a post that ends before it begins', async () => ({ officer_id: await newcomer(), role: 'station_officer', org_code: station, valid_to: today }), 422, 'accounts.days_not_in_order'],
    ['a unit there is not', async () => ({ officer_id: await newcomer(), role: 'station_officer', org_code: '530102990000' }), 404, 'reference.unknown_organisation'],
  ])('cannot give %s', async (_what, input, status, code) => {
    const admin = await signedIn('530010');
    const wish = { valid_from: today, ...await input() };
    const before = await count('post');
    const answer = await admin.post('/api/accounts/posts', wish);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(await count('post')).toBe(before);
  });

  test('sees the staff of the own jurisdiction, page by page, and nobody else', async () => {
    const admin = await signedIn('530010');
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: { officers: Array<{ police_number: string }>; next: string | null } = (await admin.get(`/api/accounts/officers?limit=3&after=${after}`)).json();
      seen.push(...page.officers.map(({ police_number }) => police_number));
      after = page.next;
    }
    expect(seen).toEqual([...seen].sort());
    expect(seen).toContain('530001');
    expect(seen).not.toContain('530020');
    expect((await admin.get(`/api/accounts/officers?text=${encodeURIComponent('赵')}`)).json().officers).toMatchObject([{ police_number: '530001', posts: [{ role: 'station_officer', role_label: { zh: '户籍民警' } }] }]);
    expect((await admin.get(`/api/accounts/officers?text=${encodeURIComponent('%')}`)).json().officers).toEqual([]);
  });
});

describe('duties of one person', () => {
  test('entry and approval of a service never meet, whichever came first', async () => {
    const entering = await newcomer();
    await bySystem(entering, 'station_officer', station);
    const before = await count('post');
    expect(await refused(bySystem(entering, 'station_chief', station))).toBe('accounts.duties_clash');
    // Another station makes no difference: the person is the same.
    expect(await refused(bySystem(entering, 'station_chief', otherStation))).toBe('accounts.duties_clash');
    const approving = await newcomer();
    await bySystem(approving, 'station_chief', station);
    expect(await refused(bySystem(approving, 'station_officer', station))).toBe('accounts.duties_clash');
    expect(await count('post')).toBe(before + 1);
  });

  test('they may follow one another', async () => {
    const officer = await newcomer();
    await bySystem(officer, 'station_officer', station, today, '2026-12-01');
    expect(await refused(bySystem(officer, 'station_chief', station, '2026-11-30'))).toBe('accounts.duties_clash');
    expect(await refused(bySystem(officer, 'station_chief', station, '2026-12-01'))).toBe('done');
  });

  test.each([['system_admin', 'security_admin'], ['security_admin', 'audit_admin'], ['audit_admin', 'station_officer'], ['station_archivist', 'system_admin']])('%s cannot also be %s', async (held, wanted) => {
    const officer = await newcomer();
    await bySystem(officer, held, station);
    expect(await refused(bySystem(officer, wanted, station))).toBe('accounts.duties_apart');
    // The database says the same to whoever goes around the program.
    const [duty] = (await office.db.owner.query('select duty from accounts.role where role = $1', [wanted])).rows;
    await expect(office.db.owner.query(`insert into accounts.post (post_id, officer_id, role, duty, org_code, valid_from, assigned_at) values (gen_random_uuid(), $1, $2, $3, $4, $5, now())`, [officer, wanted, duty.duty, station, today])).rejects.toThrow(/post_duties_apart/);
  });

  test('the same post is not given twice, and of two that give clashing posts at once one is refused', async () => {
    const officer = await newcomer();
    await bySystem(officer, 'station_archivist', station);
    expect(await refused(bySystem(officer, 'station_archivist', station))).toBe('accounts.post_held');
    const other = await newcomer();
    const outcomes = await Promise.all([refused(bySystem(other, 'station_officer', station)), refused(bySystem(other, 'station_chief', station))]);
    expect(outcomes.sort()).toEqual(['accounts.duties_clash', 'done']);
  });
});

describe('leave cover', () => {
  test('ends before its time at a word, with the session', async () => {
    const officer = await newcomer();
    await office.db.owner.query(`update accounts.officer set status = 'active', password_hash = 'x' where officer_id = $1`, [officer]);
    await bySystem(officer, 'station_archivist', station);
    const { cover_id } = await office.asSystem(async (context) => grantLeaveCover(context, { post_id: await office.postOf('530005'), officer_id: officer, valid_from: today, valid_to: '2027-01-01', document_no: '3' }));
    await office.db.owner.query(`insert into accounts.officer_session (session_id, token_digest, officer_id, post_id, second_factor, created_at, verified_at, last_seen_at, expires_at, ip, user_agent)
      values (gen_random_uuid(), 'cover', $1, $2, 'code', $3, $3, $3, $3::timestamptz + interval '8 hours', '', '')`, [officer, await office.postOf('530005'), office.clock.now()]);
    const admin = await signedIn('530010');
    expect((await admin.post(`/api/accounts/covers/${cover_id}/end`)).statusCode).toBe(200);
    expect((await office.db.owner.query(`select ended_reason from accounts.officer_session where token_digest = 'cover'`)).rows).toEqual([{ ended_reason: 'post_ended' }]);
  });

  test('does not join entry and approval, nor give auxiliary staff a deciding post', async () => {
    const post_id = await office.postOf('530002');
    const before = await count('leave_cover');
    const cover = (officer_id: string) => refused(office.asSystem((context) => grantLeaveCover(context, { post_id, officer_id, valid_from: today, valid_to: '2026-12-01', document_no: '4' })));
    expect(await cover(id('530001'))).toBe('accounts.duties_clash');
    expect(await cover(id('F53001'))).toBe('accounts.role_not_for_kind');
    expect(await cover(id('530012'))).toBe('accounts.duties_apart');
    expect(await count('leave_cover')).toBe(before);
  });

  test('is arranged by the chief for the own unit, in writing, and seen by who arranges it; never for oneself or another unit', async () => {
    const [officer, elsewhere] = [await newcomer(), await newcomer('police', otherStation)];
    await bySystem(officer, 'station_archivist', station);
    await bySystem(elsewhere, 'station_archivist', otherStation);
    const chief = await signedIn('530002');
    const arrange = async (post: string, officer_id: string) => {
      const answer = await chief.post(`/api/accounts/posts/${post}/covers`, { officer_id, valid_from: '2026-12-01', valid_to: '2026-12-08', document_no: '华所代〔2026〕2号' });
      return [answer.statusCode, answer.json().code];
    };
    const post_id = await office.postOf('530005');
    expect(await arrange(post_id, officer)).toEqual([200, undefined]);
    expect(await arrange(post_id, id('530002'))).toEqual([403, 'accounts.own_account']);
    expect(await arrange(await office.postOf('530002'), officer)).toEqual([403, 'accounts.own_account']);
    expect(await arrange(await office.postOf('530020'), officer)).toEqual([404, 'kernel.not_found']);
    const listed = (await chief.get('/api/accounts/covers')).json().covers as Record<string, unknown>[];
    expect(listed).toContainEqual(expect.objectContaining({ absent_name: '陈晨', officer_id: officer, valid_from: '2026-12-01', valid_to: '2026-12-08', document_no: '华所代〔2026〕2号', in_force: false, role_label: { zh: '社区民警', en: 'Community officer' } }));
    expect(listed.every((cover) => cover['org_code'] === station)).toBe(true);
    const { cover_id } = listed.find((cover) => cover['officer_id'] === officer)! as { cover_id: string };
    expect((await chief.post(`/api/accounts/covers/${cover_id}/end`)).statusCode).toBe(200);
    expect(((await chief.get('/api/accounts/covers')).json().covers as Record<string, unknown>[]).some((cover) => cover['cover_id'] === cover_id)).toBe(false);
    // Whoever is no chief arranges none.
    expect((await (await signedIn('530001')).get('/api/accounts/covers')).json().code).toBe('kernel.not_permitted');
  });
});

describe('a system administrator', () => {
  test('opens accounts and cannot give posts; a security administrator the other way round', async () => {
    const system = await signedIn('530011');
    const security = await signedIn('530010');
    const account = { police_number: '532001', name: '张三', kind: 'police', org_code: station };
    const post = { officer_id: id('530004'), role: 'station_archivist', org_code: station, valid_from: today };
    expect((await system.post('/api/accounts/posts', post)).json().code).toBe('kernel.not_permitted');
    expect((await security.post('/api/accounts/officers', account)).json().code).toBe('kernel.not_permitted');
    expect((await system.post('/api/accounts/officers', account)).json().enrolment_code).toMatch(/^([A-Z2-7]{5}-){3}[A-Z2-7]{5}$/);
    expect((await system.post('/api/accounts/officers', account)).json().code).toBe('accounts.police_number_taken');
    expect((await system.post('/api/accounts/officers', { ...account, police_number: '532002', org_code: otherStation })).statusCode).toBe(404);
  });

  test('a new enrolment code voids password, codes and session', async () => {
    const system = await signedIn('530011');
    const officer = await signedIn('530003');
    expect((await system.post(`/api/accounts/officers/${id('530003')}/enrolment`)).statusCode).toBe(200);
    expect((await officer.get('/api/accounts/me')).statusCode).toBe(401);
    expect((await office.browser().signIn('530003')).json().code).toBe('accounts.sign_in_failed');
  });

  test('somebody who leaves loses posts, cover and session at once and cannot come back by another post', async () => {
    const system = await signedIn('530011');
    const officer = await signedIn('530001');
    expect((await system.post(`/api/accounts/officers/${id('530001')}/end`)).statusCode).toBe(200);
    expect((await officer.get('/api/accounts/me')).statusCode).toBe(401);
    expect((await office.db.owner.query('select valid_to from accounts.post where officer_id = $1', [id('530001')])).rows).toEqual([{ valid_to: today }]);
    expect(await refused(bySystem(id('530001'), 'station_officer', station))).toBe('accounts.officer_left');
    expect((await office.browser().signIn('530001')).json().code).toBe('accounts.sign_in_failed');
  });

  test('cannot touch their own account', async () => {
    const system = await signedIn('530011');
    expect((await system.post(`/api/accounts/officers/${id('530011')}/enrolment`)).json().code).toBe('accounts.own_account');
  });
});

describe('an audit administrator', () => {
  test('reads who did what in the own jurisdiction, newest first, never an answer; others may not', async () => {
    const audit = await signedIn('530012');
    const trail = (await audit.get('/api/accounts/audit?operation=accounts.assignPost&limit=2')).json();
    expect(trail.records[0]).toMatchObject({ operation: 'accounts.assignPost', actor_kind: 'officer', actor_id: id('530010'), org_code: county, post: 'security_admin', detail: { role: 'community_officer' } });
    expect(Object.keys(trail.records[0])).not.toContain('answer');
    await (await signedIn('530020')).post('/api/accounts/sign-out');
    expect((await office.db.owner.query('select count(*)::int as n from kernel.audit_record where org_code = $1', [otherStation])).rows[0].n).toBeGreaterThan(0);
    const everything = (await audit.get('/api/accounts/audit?limit=200')).json().records as Array<{ audit_id: string; org_code: string }>;
    expect(everything.map(({ audit_id }) => audit_id)).toEqual(everything.map(({ audit_id }) => audit_id).sort().reverse());
    expect(everything.every(({ org_code }) => org_code.startsWith('530102'))).toBe(true);
    expect((await (await signedIn('530010')).get('/api/accounts/audit')).json().code).toBe('kernel.not_permitted');
  });
});

// Goes on to the next day, so it comes last.
test('leave cover lets a colleague act in the post from day to day and no longer, under their own name', async () => {
  const admin = await signedIn('530010');
  const post_id = await office.postOf('530002');
  const given = await admin.post(`/api/accounts/posts/${post_id}/covers`, { post_id, officer_id: id('530005'), valid_from: today, valid_to: '2026-11-25', document_no: '委托〔2026〕3号' });
  expect(given.statusCode, given.body).toBe(200);
  const cover = await signedIn('530005');
  expect((await cover.get('/api/accounts/me')).json()).toMatchObject({ name: '陈晨', post: { role: 'community_officer' }, other_posts: [{ role: 'station_chief', covering: true, valid_to: '2026-11-25' }] });
  expect((await cover.post('/api/accounts/me/post', { post_id })).statusCode).toBe(200);
  expect((await cover.get('/api/accounts/me')).json()).toMatchObject({ name: '陈晨', post: { role: 'station_chief', covering: true } });
  expect((await (await signedIn('530002')).get('/api/accounts/me')).json().covered_by).toMatchObject([{ name: '陈晨', valid_to: '2026-11-25' }]);
  // The last minute before the day on which it ends, in China.
  office.clock.set('2026-11-24T15:50:00Z');
  const late = await signedIn('530005');
  await late.post('/api/accounts/me/post', { post_id });
  office.clock.set('2026-11-24T15:59:00Z');
  expect((await late.get('/api/accounts/me')).json().post.role).toBe('station_chief');
  office.clock.set('2026-11-24T16:00:00Z');
  expect((await late.get('/api/accounts/me')).statusCode).toBe(401);
});
