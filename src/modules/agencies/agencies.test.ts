import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, readAgreedSecret, signedWire, signatureOf, type OpenTransaction } from '../../kernel/index.ts';
import { peopleFile, startAgenciesSimulator, type AgenciesSimulator, type KnownPerson } from '../../programs/simulators/agencies.ts';
import { openNeighbourhood, type Neighbourhood } from '../../../test/harness/neighbours.ts';
import { askDueQuestions } from './ask.ts';
import { agenciesGateway, answersFor, askSources, contractOf, errandsOver, gatewaySecret, opinionsFor, queriesPath, requestOpinion, settledBySource, supplyOpinion, type AgenciesGateway, type Question } from './index.ts';
import { listSources, retrySource } from './operations.ts';

const org_code = '530102510000';
let hood: Neighbourhood;
let province: AgenciesSimulator;
let gateway: AgenciesGateway;

const couple: KnownPerson[] = [
  { id_number: '530102198001019017', name: '李明', sex: '1', birth_on: '1980-01-01', father_id_number: null, mother_id_number: null, spouse_id_number: '530102198202029026' },
  { id_number: '530102198202029026', name: '杨芳', sex: '2', birth_on: '1982-02-02', father_id_number: null, mother_id_number: null, spouse_id_number: '530102198001019017' },
];
const marriage = (changes: Record<string, string> = {}): Question => ({
  source: 'marriage', matter: 'marriage', asked_for: 'M21',
  fields: { name: '李明', id_number: '530102198001019017', spouse_name: '杨芳', spouse_id_number: '530102198202029026', ...changes },
});
const title = (certificate_no: string): Question => ({ source: 'real_estate', matter: 'title', asked_for: 'M24', fields: { owner_name: '李明', certificate_no } });

beforeAll(async () => {
  hood = await openNeighbourhood();
  writeFileSync(join(hood.directory, peopleFile), JSON.stringify(couple));
  province = await startAgenciesSimulator({ port: 0, data_directory: hood.directory });
  gateway = gatewayOf(5000);
});
afterAll(async () => {
  await province.close();
  await hood.close();
});
beforeEach(async () => {
  for (const about of [undefined, 'MARRIAGE', 'REALESTATE', 'opinions']) province.fail({ mode: 'work', times: 0, about });
  await hood.db.owner.query('update agencies.source_health set failures = 0, open_until = null');
  await hood.db.owner.query(`update agencies.question set state = 'given_up', settled_at = now(), next_attempt_at = null, sealed = null where settled_at is null`);
});

function gatewayOf(patience_ms: number): AgenciesGateway {
  return agenciesGateway(signedWire({ url: province.address, secret: readAgreedSecret(join(hood.directory, 'keys'), gatewaySecret), patience_ms }));
}
const ask = (case_id: string, questions: Question[], again = false) => hood.act((context) => askSources(context, { case_id, org_code, questions, again }));
const go = (minutes = 0) => hood.run(errandsOver(() => gateway), minutes);
const answers = (case_id: string) => hood.act((context) => answersFor(context, case_id));
const said = async (case_id: string) => (await answers(case_id)).map((one) => one.answer);
const open: OpenTransaction = (work) => hood.act(work);
const given = async (case_id: string) => Promise.all((await answers(case_id)).map(async ({ query_id }) => province.queries().get(query_id)?.given ?? 0));

describe('questions to sources', () => {
  test('a marriage that the register of marriages knows matches, and the answer is evidence without the people in it', async () => {
    const case_id = newId();
    expect(await ask(case_id, [marriage()])).toEqual({ asked: 1 });
    expect((await answers(case_id))[0]).toMatchObject({ answer: null, is_open: true });
    await go();
    expect(await answers(case_id)).toMatchObject([{ source: 'marriage', asked_for: 'M21', answer: 'match', contract: contractOf('marriage'), differing: [], is_open: false, reference: expect.stringMatching(/^MARRIAGE-/) }]);
    const { rows } = await hood.db.owner.query('select q.*, a.* from agencies.question q join agencies.answer a using (query_id) where q.case_id = $1', [case_id]);
    expect(JSON.stringify(rows)).not.toMatch(/李明|杨芳|53010219/);
    expect((await hood.news()).at(-1)).toMatchObject({ name: 'agencies.answered', payload: { case_id, source: 'marriage', answer: 'match' } });
  });

  test.each([
    ['another wife', { spouse_name: '王芳' }, 'mismatch', ['spouse_name']],
    ['another husband’s number', { spouse_id_number: '530102198001019017' }, 'mismatch', ['spouse_name', 'spouse_id_number']],
  ])('%s is answered by what differs', async (_, changes, answer, differing) => {
    const case_id = newId();
    await ask(case_id, [marriage(changes)]);
    await go();
    expect((await answers(case_id))[0]).toMatchObject({ answer, differing });
  });

  test('what a source does not know is not found', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-404')]);
    await go();
    expect(await said(case_id)).toEqual(['not_found']);
  });

  test('a source that answers in its own time is asked after, under the same number', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-202')]);
    await go();
    expect((await answers(case_id))[0]).toMatchObject({ answer: null, is_open: true });
    await go(2);
    expect(await said(case_id)).toEqual(['match']);
    expect(await given(case_id)).toEqual([1]);
  });

  test('a source that is down never matches, is told as unavailable after three attempts, and may still answer later', async () => {
    const case_id = newId();
    province.fail({ mode: 'down', times: 4, about: 'REALESTATE' });
    await ask(case_id, [title('YN-1')]);
    await go();
    expect(await said(case_id)).toEqual([null]);
    await go(2);
    expect(await answers(case_id)).toMatchObject([{ answer: 'unavailable', is_open: true }]);
    await go(3);
    expect(await answers(case_id)).toMatchObject([{ answer: 'match', is_open: false }]);
    const told = (await hood.news()).filter(({ name, payload }) => name === 'agencies.answered' && payload['case_id'] === case_id).map(({ payload }) => payload['answer']);
    expect(told).toEqual(['unavailable', 'match']);
  });

  test.each(['slow', 'forged', 'garbled'] as const)('an answer that is %s is none: the question is asked again', async (mode) => {
    const case_id = newId();
    province.fail({ mode, times: 1, about: 'REALESTATE' });
    await ask(case_id, [title('YN-2')]);
    if (mode === 'slow') gateway = gatewayOf(200);
    await go();
    gateway = gatewayOf(5000);
    expect(await said(case_id)).toEqual([null]);
    await go(1);
    expect(await said(case_id)).toEqual(['match']);
    expect(await given(case_id)).toEqual([2]);
  });

  test('a line cut after the question was taken leads to the same question again, answered once', async () => {
    const case_id = newId();
    province.fail({ mode: 'silent', times: 1, about: 'REALESTATE' });
    await ask(case_id, [title('YN-3')]);
    await go(1);
    expect([await said(case_id), await given(case_id)]).toEqual([['match'], [2]]);
    expect((await hood.db.owner.query('select count(*)::int as n from agencies.answer where case_id = $1', [case_id])).rows[0].n).toBe(1);
  });

  test('a worker killed between sending and noting is followed by one that asks the same and notes once', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-4')]);
    const dying: AgenciesGateway = { ...gateway, ask: async (question) => { await gateway.ask(question); throw new Error('killed'); } };
    await expect(askDueQuestions(open, () => dying)).rejects.toThrow('killed');
    await go();
    expect([await said(case_id), await given(case_id)]).toEqual([[null], [1]]);
    await go(2);
    expect([await said(case_id), await given(case_id)]).toEqual([['match'], [2]]);
  });

  test('two workers ask a question once', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-5'), marriage()]);
    await Promise.all([1, 2, 3].map(() => askDueQuestions(open, () => gateway)));
    expect([await said(case_id), await given(case_id)]).toEqual([['match', 'match'], [1, 1]]);
  });

  test('an answer that comes after another worker has settled the question changes nothing', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-6')]);
    let release = (): void => {};
    const late: AgenciesGateway = { ...gateway, ask: (question) => new Promise((resolve) => { release = () => resolve({ kind: 'answered', answer: 'not_found', differing: [], reference: 'late' }); void question; }) };
    const slow = askDueQuestions(open, () => late);
    await expect.poll(async () => (await hood.db.owner.query('select attempts from agencies.question where case_id = $1', [case_id])).rows[0].attempts).toBe(1);
    hood.clock.advanceMinutes(2);
    await go();
    release();
    await slow;
    expect(await said(case_id)).toEqual(['match']);
  });

  test('what the gateway refuses is unavailable for good', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-422')]);
    await go();
    expect(await answers(case_id)).toMatchObject([{ answer: 'unavailable', is_open: false }]);
  });

  test('after a day without an answer the asking ends, and paper takes its place', async () => {
    const case_id = newId();
    const dead: AgenciesGateway = { ...gateway, ask: async () => ({ kind: 'later', reason: 'HTTP 503' }) };
    await ask(case_id, [title('YN-7')]);
    for (let hour = 0; hour < 26; hour++) {
      await askDueQuestions(open, () => dead);
      hood.clock.advanceMinutes(60);
    }
    await askDueQuestions(open, () => dead);
    expect(await answers(case_id)).toMatchObject([{ answer: 'unavailable', is_open: false }]);
    expect((await hood.db.owner.query('select sealed from agencies.question where case_id = $1', [case_id])).rows[0].sealed).toBeNull();
  });

  test('corrected answers ask anew, and what was answered before counts no more', async () => {
    const case_id = newId();
    await ask(case_id, [marriage(), title('YN-8')]);
    await go();
    expect(await ask(case_id, [marriage(), title('YN-409')])).toEqual({ asked: 1 });
    expect(await said(case_id)).toEqual(['match', null]);
    await go();
    expect(await said(case_id)).toEqual(['match', 'mismatch']);
    expect((await hood.db.owner.query('select count(*)::int as n from agencies.answer where case_id = $1', [case_id])).rows[0].n).toBe(3);
  });

  test('the same questions again ask nobody, unless they are to be asked anew', async () => {
    const case_id = newId();
    await ask(case_id, [title('YN-9')]);
    await go();
    expect(await ask(case_id, [title('YN-9')])).toEqual({ asked: 0 });
    expect(await said(case_id)).toEqual(['match']);
    expect(await ask(case_id, [title('YN-9')], true)).toEqual({ asked: 1 });
    expect(await said(case_id)).toEqual([null]);
    await go();
    expect(await said(case_id)).toEqual(['match']);
  });
});

describe('a source in trouble', () => {
  test('is left alone after five failures; its cases are told at once and other sources go on', async () => {
    province.fail({ mode: 'down', times: 1000, about: 'REALESTATE' });
    const cases = Array.from({ length: 6 }, () => newId());
    for (const case_id of cases) await ask(case_id, [title('YN-10')]);
    await go();
    const health = async () => (await hood.act(listSources)).sources.find(({ source }) => source === 'real_estate')!;
    expect(await health()).toMatchObject({ state: 'left_alone', failures: 5 });
    const [fresh, other] = [newId(), newId()];
    await ask(fresh, [title('YN-11')]);
    await ask(other, [marriage()]);
    await go();
    expect([await said(fresh), await said(other), await given(fresh)]).toEqual([['unavailable'], ['match'], [0]]);

    province.fail({ mode: 'work', times: 0, about: 'REALESTATE' });
    expect(await hood.act((context) => retrySource(context, { source: 'real_estate' }))).toMatchObject({ source: 'real_estate' });
    await go();
    expect(await health()).toMatchObject({ state: 'working', failures: 0, left_alone_until: null });
    for (const case_id of [...cases, fresh]) expect(await said(case_id)).toEqual(['match']);
  });

  test('is tried again by a single question when its rest is over', async () => {
    province.fail({ mode: 'down', times: 1000, about: 'REALESTATE' });
    for (let index = 0; index < 8; index++) await ask(newId(), [title(`YN-12${index}`)]);
    await go();
    const before = province.queries().size;
    hood.clock.advanceMinutes(1);
    province.fail({ mode: 'work', times: 0, about: 'REALESTATE' });
    await askDueQuestions(open, () => gateway);
    expect(province.queries().size - before).toBe(1);
    await go();
    expect(province.queries().size - before).toBe(8);
  });

  test('the gateway believes nothing that is not signed', async () => {
    const now = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ query_id: newId(), contract: 'MARRIAGE/1', matter: 'marriage', fields: {} });
    const send = (signature: string, timestamp = now) => fetch(province.address + queriesPath, { method: 'POST', body, headers: { 'huzheng-timestamp': timestamp, 'huzheng-signature': signature } }).then(({ status }) => status);
    expect(await Promise.all([send(''), send(signatureOf('other', 'POST', queriesPath, now, body))])).toEqual([401, 401]);
  });
});

describe('opinions of other authorities', () => {
  const request = (case_no: string, case_id = newId()) => hood.act((context) => requestOpinion(context, { case_id, case_no, org_code, agency: 'ethnic_affairs', stage: 'approval', fields: { name: '李明', id_number: '530102198001019017', new_ethnicity: '03' } })).then(({ opinion_id }) => ({ case_id, opinion_id }));
  const status = async (case_id: string) => (await hood.act((context) => opinionsFor(context, case_id))).map((one) => one.status);
  const changes = async (opinion_id: string) => (await hood.db.owner.query('select status from agencies.opinion_change where opinion_id = $1 order by sequence', [opinion_id])).rows.map((row) => row.status);

  test('an opinion is received, in process and approved with its number, each told once', async () => {
    const { case_id, opinion_id } = await request('53010251000020261123001');
    expect(await status(case_id)).toEqual(['sent']);
    await go(5);
    expect(await changes(opinion_id)).toEqual(['sent', 'received', 'in_process', 'approved']);
    expect(await hood.act((context) => opinionsFor(context, case_id))).toMatchObject([{ status: 'approved', document_no: expect.stringMatching(/^民宗审〔/), stage: 'approval' }]);
    expect((await hood.news()).filter(({ name, payload }) => name === 'agencies.opinion_changed' && payload['opinion_id'] === opinion_id).map(({ payload }) => payload['status'])).toEqual(['received', 'in_process', 'approved']);
    expect((await hood.db.owner.query('select sealed from agencies.opinion where opinion_id = $1', [opinion_id])).rows[0].sealed).toBeNull();
  });

  test('a refusal comes with its reasons', async () => {
    const { case_id } = await request('53010251000020261123009');
    await go(5);
    expect(await hood.act((context) => opinionsFor(context, case_id))).toMatchObject([{ status: 'refused', text: expect.stringContaining('不同意'), document_no: null }]);
  });

  test('what is needed beside is asked for, sent once and followed by the decision', async () => {
    const { case_id, opinion_id } = await request('53010251000020261123008');
    await go(3);
    expect(await status(case_id)).toEqual(['need_more']);
    await hood.act((context) => supplyOpinion(context, { opinion_id, text: '父亲登记为彝族,见常住人口登记表。' }));
    await expect(hood.act((context) => supplyOpinion(context, { opinion_id, text: '再次补充。' }))).rejects.toMatchObject({ code: 'agencies.opinion_needs_nothing' });
    province.fail({ mode: 'silent', times: 1, about: 'opinions' });
    await go(5);
    expect([...province.opinions().get(opinion_id)!.supplements.keys()]).toEqual([1]);
    expect(await status(case_id)).toEqual(['approved']);
  });

  test('a desk that cannot be reached is offline, and what it was sent arrives once when it is back', async () => {
    province.fail({ mode: 'down', times: 3, about: 'opinions' });
    const { case_id, opinion_id } = await request('53010251000020261123002');
    await go(2);
    expect(await status(case_id)).toEqual(['offline']);
    province.fail({ mode: 'silent', times: 1, about: 'opinions' });
    await go(8);
    expect(await changes(opinion_id)).toEqual(['sent', 'offline', 'received', 'in_process', 'approved']);
  });

  test('asked twice, it is one opinion', async () => {
    const first = await request('53010251000020261123003');
    const second = await request('53010251000020261123003', first.case_id);
    expect(second.opinion_id).toBe(first.opinion_id);
    expect(await status(first.case_id)).toEqual(['sent']);
  });
});

test('several questions to one source match together or not at all; nothing asked is unavailable', () => {
  const one = (answer: 'match' | 'mismatch' | 'not_found' | 'unavailable' | null, asked_for = 'M28') => ({ query_id: '', source: 'human_resources' as const, matter: 'employment', asked_for, answer, differing: [], reference: null, contract: '', asked_at: null, answered_at: null, is_open: false });
  expect(settledBySource([one('match'), one('match')], 'human_resources')).toBe('match');
  expect(settledBySource([one('match'), one(null)], 'human_resources')).toBe('unavailable');
  expect(settledBySource([one('match'), one('not_found'), one(null)], 'human_resources')).toBe('not_found');
  expect(settledBySource([one('match'), one('mismatch', 'M31')], 'human_resources', 'M28')).toBe('match');
  expect(settledBySource([], 'human_resources')).toBe('unavailable');
});
