import { createHook } from 'node:async_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitAfter } from './attempts.ts';
import { demoSecret } from './codes.ts';
import { demoPassword } from './demo.ts';
import { assignPost, officerJobs, registerOfficer } from './index.ts';
import { openOffice, station, type Browser, type Office } from '../../../test/harness/office.ts';
import { hashPassword, isStrongPassword, passwordMatches } from './password.ts';
import { codeOfStep, stepAt } from './totp.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
// Each tale begins on a clear quarter of an hour, with unspent codes.
beforeEach(() => office.clock.advanceMinutes(20));

const first = (browser: Browser, police_number: string, password = demoPassword) => browser.post('/api/accounts/sign-in', { police_number, password });
const codeNow = (police_number: string): string => codeOfStep(demoSecret(police_number), stepAt(office.clock.now()));
/** An answer without what is new each time. */
const bare = (answer: Awaited<ReturnType<typeof first>>) => {
  const { request_id, ...body } = answer.json();
  const { date, 'set-cookie': cookies, ...headers } = answer.headers;
  return { status: answer.statusCode, headers, body, cookies: [cookies ?? []].flat().map((cookie) => String(cookie).split('=')[0]) };
};

describe('two steps', () => {
  test('police number, password and one-time code open a session whose cookie no script can read', async () => {
    const browser = office.browser();
    const answer = await browser.signIn('530001');
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.cookies.find(({ name }) => name === 'huzheng_session')).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    const me = await browser.get('/api/accounts/me');
    expect(me.json()).toMatchObject({ name: '赵敏', kind: 'police', org_level: 'STATION', post: { role: 'station_officer', role_label: { zh: '户籍民警' }, org_name: '昆明市公安局五华分局华山派出所', covering: false } });
    expect(me.json().permissions).toContainEqual({ act: 'cases.confirm_out', services: ['05*'] });
  });

  test('letters of a police number may be small', async () => {
    expect((await office.browser().signIn('f53001')).statusCode).toBe(200);
  });

  test('the password alone opens nothing', async () => {
    const browser = office.browser();
    expect((await first(browser, '530001')).statusCode).toBe(200);
    expect(browser.token).toBeUndefined();
    expect((await browser.get('/api/accounts/me')).statusCode).toBe(401);
  });

  test('a code is good once, and a repeated one is refused like a wrong one', async () => {
    const code = codeNow('530001');
    const one = office.browser();
    const two = office.browser();
    const challenges = [(await first(one, '530001')).json().challenge, (await first(two, '530001')).json().challenge];
    expect((await one.post('/api/accounts/sign-in/code', { challenge: challenges[0], code })).statusCode).toBe(200);
    // The first success voided every challenge of this officer.
    expect((await two.post('/api/accounts/sign-in/code', { challenge: challenges[1], code })).json().code).toBe('accounts.challenge_expired');
    const again = (await first(two, '530001')).json().challenge;
    const replayed = await two.post('/api/accounts/sign-in/code', { challenge: again, code });
    const wrong = await two.post('/api/accounts/sign-in/code', { challenge: again, code: '000000' });
    expect(replayed.json().code).toBe('accounts.code_refused');
    expect(bare(replayed)).toEqual(bare(wrong));
  });

  test('of ten that bring the same code at once exactly one comes in', async () => {
    const browsers = Array.from({ length: 10 }, () => office.browser());
    const challenge = (await first(browsers[0]!, '530003')).json().challenge;
    const answers = await Promise.all(browsers.map((browser) => browser.post('/api/accounts/sign-in/code', { challenge, code: codeNow('530003') })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect((await office.db.owner.query('select count(*)::int as n from accounts.officer_session where officer_id = $1 and ended_at is null', [office.ids.get('530003')])).rows[0].n).toBe(1);
  });

  test('a code that comes at once for a sign-in and for a confirmation is spent by one of them', async () => {
    const desk = office.browser();
    await desk.signIn('530005');
    office.clock.advanceMinutes(5);
    await desk.get('/api/accounts/me');
    const stranger = office.browser();
    const { challenge } = (await first(stranger, '530005')).json();
    const holder = await office.db.owner.connect();
    await holder.query('begin');
    await holder.query('select officer_id from accounts.officer where officer_id = $1 for update', [office.ids.get('530005')]);
    const code = codeNow('530005');
    const waiting = async () => (await office.db.owner.query(`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows[0].n;
    const signIn = stranger.post('/api/accounts/sign-in/code', { challenge, code });
    while ((await waiting()) < 1);
    // This one has read what is spent before the other one spends.
    const confirmation = desk.post('/api/accounts/me/confirmation', { code });
    while ((await waiting()) < 2);
    await holder.query('commit');
    holder.release();
    expect([(await signIn).statusCode, (await confirmation).statusCode]).toEqual([200, 401]);
  });

  test('the demonstration shows the next code that is not spent, and how long to wait for it', async () => {
    const browser = office.browser();
    await browser.signIn('530001');
    expect((await browser.signIn('530001')).statusCode).toBe(200);
    const third = (await first(browser, '530001')).json();
    expect(third.demo_wait_seconds).toBe(30);
    expect((await browser.post('/api/accounts/sign-in/code', { challenge: third.challenge, code: third.demo_code })).statusCode).toBe(401);
    office.clock.advanceMinutes(0.5);
    expect((await browser.post('/api/accounts/sign-in/code', { challenge: third.challenge, code: third.demo_code })).statusCode).toBe(200);
  });

  test('the first step is good for five minutes', async () => {
    const browser = office.browser();
    const { challenge } = (await first(browser, '530002')).json();
    office.clock.advanceMinutes(5);
    expect((await browser.post('/api/accounts/sign-in/code', { challenge, code: codeNow('530002') })).json().code).toBe('accounts.challenge_expired');
  });

  test('who holds no post may prove themselves and is told so, without a session', async () => {
    const browser = office.browser();
    expect((await browser.signIn('530004')).json().code).toBe('accounts.no_post');
    expect(browser.token).toBeUndefined();
  });
});

describe('guessing', () => {
  test('an unknown number, a wrong password and an account not yet opened get the same answer', async () => {
    await office.asSystem((context) => registerOfficer(context, { police_number: '539999', name: '未启', kind: 'police', org_code: station }));
    const [known, unknown, waiting] = await Promise.all(['530001', '538888', '539999'].map((number) => first(office.browser(), number, 'not the password 1')));
    expect(bare(known!).status).toBe(401);
    expect(bare(unknown!)).toEqual(bare(known!));
    expect(bare(waiting!)).toEqual(bare(known!));
  });

  test('an unknown number costs the same slow hash as a wrong password', async () => {
    let hashes = 0;
    const hook = createHook({ init: (_id, type) => void (hashes += type === 'ARGON2REQUEST' ? 1 : 0) }).enable();
    const costOf = async (number: string): Promise<number> => {
      hashes = 0;
      await first(office.browser(), number, 'wrong password 1');
      return hashes;
    };
    const costs = [await costOf('530001'), await costOf('538888'), await costOf('539999')];
    hook.disable();
    expect(costs).toEqual([1, 1, 1]);
  });

  test('a password matches its own hash alone, and nobody’s hash nothing', async () => {
    const kept = await hashPassword('correct horse 1');
    expect([await passwordMatches('correct horse 1', kept), await passwordMatches('correct horse 2', kept), await passwordMatches('', null)]).toEqual([true, false, false]);
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('waits begin after five failures and double to a quarter of an hour', () => {
    expect([0, 4, 5, 6, 7, 10, 11, 12, 50].map(waitAfter)).toEqual([0, 0, 15, 30, 60, 480, 900, 900, 900]);
  });

  test.each(['530002', '537777'])('after five failures %s must wait, the right password included, and after the wait may try', async (number) => {
    const stranger = office.browser();
    for (let failure = 0; failure < 5; failure++) expect((await first(stranger, number, 'wrong password 1')).statusCode).toBe(401);
    const held = await first(stranger, number);
    expect([held.statusCode, held.json().code, held.headers['retry-after']]).toEqual([429, 'accounts.wait', '15']);
    office.clock.advanceMinutes(0.25);
    expect((await first(stranger, number)).statusCode).toBe(number === '530002' ? 200 : 401);
  });

  test('a try during the wait does not lengthen it', async () => {
    const stranger = office.browser();
    for (let failure = 0; failure < 5; failure++) await first(stranger, '530005', 'wrong password 1');
    for (let impatient = 0; impatient < 5; impatient++) await first(stranger, '530005', 'wrong password 1');
    office.clock.advanceMinutes(0.25);
    expect((await first(stranger, '530005')).statusCode).toBe(200);
  });

  test('strangers who guess do not hold up an officer at the desk they use', async () => {
    const desk = office.browser();
    await desk.signIn('530001');
    office.clock.advanceMinutes(1);
    const stranger = office.browser();
    for (let failure = 0; failure < 7; failure++) {
      await first(stranger, '530001', 'wrong password 1');
      office.clock.advanceMinutes(1);
    }
    expect((await first(stranger, '530001', 'wrong password 1')).statusCode).not.toBe(200);
    expect((await first(desk, '530001')).statusCode).toBe(200);
    // A mark that was made up, or was given for another account, is a stranger's.
    const forger = office.browser();
    for (const [name, value] of desk.cookies) if (name.startsWith('huzheng_device_')) forger.cookies.set(name, `${value.split('.')[0]}.AAAA`);
    await first(stranger, '530001', 'wrong password 1');
    expect((await first(forger, '530001')).statusCode).toBe(429);
  });

  test('wrong codes count like wrong passwords, over any number of challenges', async () => {
    const thief = office.browser();
    for (let failure = 0; failure < 5; failure++) {
      const { challenge } = (await first(thief, '530020')).json();
      expect((await thief.post('/api/accounts/sign-in/code', { challenge, code: '000000' })).statusCode).toBe(401);
    }
    expect((await first(thief, '530020')).statusCode).toBe(429);
  });

  test('tries at the same moment are not all checked before the first failure counts', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => first(office.browser(), '530012', 'wrong password 1')));
    const checked = answers.filter(({ statusCode }) => statusCode === 401).length;
    expect(checked).toBeLessThanOrEqual(5);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(12 - checked);
  });
});

describe('what is left behind', () => {
  test('failed and successful sign-ins are on record, and no record holds a password, a code, a token or a digest of them', async () => {
    const browser = office.browser();
    await first(browser, '530001', 'a-secret-nobody-knows-1');
    const good = await first(browser, '530001');
    await browser.post('/api/accounts/sign-in/code', { challenge: good.json().challenge, code: good.json().demo_code });
    const { rows } = await office.db.owner.query(`select operation, input_digest, answer, detail from kernel.audit_record where operation like 'accounts.%' and detail ->> 'officer_id' = $1 order by audit_id desc limit 3`, [office.ids.get('530001')]);
    expect(rows.map(({ operation, detail }) => [operation, detail.refused ?? null])).toEqual([['accounts.verifyCode', null], ['accounts.signIn', null], ['accounts.signIn', 'accounts.sign_in_failed']]);
    for (const row of rows) expect([row.input_digest, row.answer]).toEqual([null, null]);
    const everything = JSON.stringify((await office.db.owner.query('select * from accounts.officer_session')).rows) + JSON.stringify((await office.db.owner.query('select * from accounts.sign_in_challenge')).rows);
    for (const secret of [browser.token!, good.json().challenge]) expect(everything).not.toContain(secret);
  });

  test('sign-ins stay on record for six months at least and not for ever; challenges go when they have expired', async () => {
    const forget = () => office.asSystem((context) => officerJobs[0]!.run(context));
    const left = async (table: string, at: string) => (await office.db.owner.query(`select count(*)::int as n from accounts.${table} where ${at} = $1`, [begun])).rows[0].n;
    const begun = office.clock.now();
    await first(office.browser(), '530001', 'wrong password 1');
    await first(office.browser(), '530001');
    expect([await left('sign_in_attempt', 'at'), await left('sign_in_challenge', 'created_at')]).toEqual([1, 1]);
    office.clock.advanceMinutes(184 * 24 * 60);
    await forget();
    expect([await left('sign_in_attempt', 'at'), await left('sign_in_challenge', 'created_at')]).toEqual([1, 0]);
    office.clock.advanceMinutes(60 * 24 * 60);
    await forget();
    expect(await left('sign_in_attempt', 'at')).toBe(0);
  });

  test('secrets of one-time codes lie sealed', async () => {
    const { rows } = await office.db.owner.query(`select totp_sealed from accounts.officer where police_number = '530001'`);
    expect(rows[0].totp_sealed.includes(demoSecret('530001'))).toBe(false);
  });
});

describe('enrolment', () => {
  const registered = async (police_number: string) => office.asSystem(async (context) => {
    const made = await registerOfficer(context, { police_number, name: '新人', kind: 'police', org_code: station });
    await assignPost(context, { officer_id: made.officer_id, role: 'station_officer', org_code: station, valid_from: '2026-11-01' });
    return made;
  });

  test('an officer opens the account by the code, chooses the password and alone receives the secret', async () => {
    const { enrolment_code } = await registered('531001');
    const browser = office.browser();
    const opened = await browser.post('/api/accounts/enrolments', { police_number: '531001', enrolment_code: enrolment_code.toLowerCase(), password: 'my own words 77' });
    expect(opened.statusCode, opened.body).toBe(200);
    const secret = Buffer.from([...(opened.json().totp_secret as string)].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)!.map((bits) => Number.parseInt(bits, 2)));
    const step = (await first(browser, '531001', 'my own words 77')).json();
    expect(step.demo_code).toBeNull();
    expect((await browser.post('/api/accounts/sign-in/code', { challenge: step.challenge, code: codeOfStep(secret, stepAt(office.clock.now())) })).statusCode).toBe(200);
    expect((await office.browser().post('/api/accounts/enrolments', { police_number: '531001', enrolment_code, password: 'somebody else 88' })).json().code).toBe('accounts.enrolment_failed');
  });

  test('a wrong code, an unknown number and an expired code are refused alike', async () => {
    const { enrolment_code } = await registered('531002');
    const enrol = (police_number: string, code: string) => office.browser().post('/api/accounts/enrolments', { police_number, enrolment_code: code, password: 'my own words 77' });
    const wrong = await enrol('531002', 'AAAAA-AAAAA-AAAAA-AAAAA');
    const unknown = await enrol('536666', enrolment_code);
    office.clock.advanceMinutes(72 * 60);
    const expired = await enrol('531002', enrolment_code);
    expect(bare(wrong).status).toBe(401);
    expect(bare(unknown)).toEqual(bare(wrong));
    expect(bare(expired)).toEqual(bare(wrong));
  });

  test.each([['short1a', false], ['onlyletterslong', false], ['1234567890', false], ['x530001x530001', false], ['aaaaaaaaa1', false], ['huzheng-2026', true], ['长口令也可以用的 1', true]])('password %s is strong: %s', (password, strong) => {
    expect(isStrongPassword(password, '530001')).toBe(strong);
  });
});
