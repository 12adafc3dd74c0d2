import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, runUntilQuiet, transact } from '../../kernel/index.ts';
import { household, liDaYe, liMing, liXiao, number, openPortal, somebody, wangLi, type Portal } from '../../../test/harness/portal.ts';
import type { Shown, Visitor } from '../../../test/harness/visitor.ts';

let portal: Portal;
let photo: Buffer;

beforeAll(async () => {
  portal = await openPortal();
  photo = await sharp({ create: { width: 1000, height: 700, channels: 3, background: '#f4efe6' } }).jpeg().toBuffer();
});
beforeEach(() => portal.acknowledge());
afterAll(() => portal.close());

const jpeg = (name = '证明.jpg') => ({ name, bytes: photo });
const draftOf = (shown: Shown): string => /\/applications\/([0-9a-f-]{36})/.exec(shown.html)![1]!;

/** Answers the newest question about the household of 李明. */
async function answerHousehold(found = true): Promise<void> {
  const ask = (await portal.outbox('portal.ask_record')).at(-1)!;
  await portal.receive('cases.record_answer', { ask_id: ask.body.ask_id, answered_at: portal.clock.now().toISOString(), found, household: found ? household : null, access_log: null });
}

async function start(visitor: Visitor, service = '0501'): Promise<Shown> {
  return visitor.press((await visitor.get(`/apply/${service}`)).form);
}

const mover = (row: number, person: { name: string; id_number: string }, relation: string) => ({ [`movers.${row}.name`]: person.name, [`movers.${row}.id_number`]: person.id_number, [`movers.${row}.relation`]: relation });

/** Fills in a whole move by hand and comes to the check page. */
async function fillMove(visitor: Visitor, id = ''): Promise<{ check: Shown; draft_id: string }> {
  const draft_id = id || draftOf(await start(visitor));
  const open = (section: string) => visitor.get(`/applications/${draft_id}/section/${section}`);
  await visitor.press((await open('movers')).form.fill({ ...mover(0, liMing, '02'), whole_household: 'yes' }));
  const found = await visitor.press((await open('target')).form.fill({ 'address_id.area': '530102', 'address_id.query': '护国路12号' }), '_act=find:address_id');
  await visitor.press(found.form.fill({ address_id: portal.addresses[11]!.address_id, household_choice: 'new' }));
  await visitor.press((await open('reason')).form.fill({ reason: '99', housing_basis: 'owned' }));
  await visitor.press((await open('delivery')).form.fill({ applicant_phone: '138 0000 1234', delivery_mode: 'electronic' }));
  const paper = await visitor.get(`/applications/${draft_id}/materials/M24`);
  await visitor.press(paper.form.fill({ 'M24.way': 'provided' }).attach('M24.files', jpeg()));
  return { check: await visitor.get(`/applications/${draft_id}/check`), draft_id };
}

async function submitMove(visitor: Visitor): Promise<string> {
  const { check } = await fillMove(visitor);
  const done = await visitor.press(check.form.fill({ declare: 'yes' }));
  return /\/cases\/([0-9A-Z]{8})/.exec(done.html)![1]!;
}

const progress = (receipt_no: string, sequence: number, state: string, more: Record<string, unknown> = {}) => portal.receive('cases.progress', {
  receipt_no, case_no: '5301022611230001', sequence, state, at: '2026-11-23T03:00:00.000Z', text: { zh: `进度${sequence}`, en: `step ${sequence}` }, holder: '护国派出所', due_on: '2026-11-25',
  outcome: null, reason: null, remedy: null, ...more,
});

describe('anybody', () => {
  test('finds the six life events, a service in own words, and a way without the internet', async () => {
    const visitor = await portal.visitor(null);
    const home = await visitor.get('/');
    expect(home.status).toBe(200);
    for (const words of ['孩子出生', '搬家迁户口', '结婚·分户', '证件丢失或到期', '信息有错或变化', '亲人去世', '不上网也能办']) expect(home.text).toContain(words);
    expect((await visitor.get('/find?q=买房落户')).text).toContain('省内跨州市移居');
    expect((await visitor.get('/find?q=打车')).text).toContain('没有找到与“打车”有关的事项');
    const births = await visitor.get('/event/birth');
    for (const words of ['当年出生', '网上全程', '收养登记落户', '网上预审,跑一次', '往年出生补报', '窗口办理']) expect(births.text).toContain(words);
    expect((await visitor.get('/guide')).text).not.toContain('门牌、区划调整批量变更');
    expect((await visitor.get('/offline-ways?q=护国')).text).toContain('护国派出所');
  });
  test('reads a guide made from the catalogue, in both languages', async () => {
    const zh = await (await portal.visitor(null)).get('/guide/0502');
    for (const words of ['州市内跨县移居', '不收费', '1 个工作日内办结', '不动产权证书', '落户在自有房屋的才要', '迁出地派出所确认', '第716号']) expect(zh.text).toContain(words);
    const en = await (await portal.visitor(null, { 'accept-language': 'en-GB,en;q=0.9' })).get('/guide/0502');
    expect(en.html).toContain('<html lang="en"');
    for (const words of ['Move inside the prefecture', 'Free of charge', 'Within 1 working day', 'Real-estate title', 'Start now']) expect(en.text).toContain(words);
    expect(en.text).not.toMatch(/[\u4e00-\u9fff]/u);
  });
  test('is sent to sign in where something is his own, and comes back to that page', async () => {
    const answer = await (await portal.visitor(null)).getOnce('/apply/0501');
    expect([answer.status, answer.headers['location']]).toEqual([303, '/sign-in?next=%2Fapply%2F0501']);
  });
  test('a page that does not exist says so politely', async () => {
    const answer = await (await portal.visitor(null)).get('/nothing/here');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('没有找到这一页');
    expect((await (await portal.visitor(null)).get('/guide/9999')).status).toBe(404);
    expect((await (await portal.visitor(null)).get('/guide/abc')).text).toContain('没有找到这一页');
  });
  test('language and elder view are remembered, and a foreign address to go back to is not followed', async () => {
    const visitor = await portal.visitor(null);
    expect((await visitor.get('/preferences?language=en&back=/help')).text).toContain('May I stop half-way?');
    expect((await visitor.get('/preferences?elder=on&back=/')).html).toMatch(/<html lang="en" class="elder"/);
    for (const back of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      expect((await visitor.getOnce(`/preferences?language=zh&back=${encodeURIComponent(back)}`)).headers['location']).toBe('/');
    }
  });
  test('every page fits into the first packets of a poor line: at most 14 KB with its style sheet', async () => {
    const style = ['../../../web/kit/tokens.css', '../../../web/portal/styles.css'].reduce((bytes, file) => bytes + brotliCompressSync(readFileSync(join(import.meta.dirname, file))).byteLength, 0);
    const person = await portal.visitor(somebody());
    const draft_id = draftOf(await start(person));
    for (const path of ['/', '/guide', '/guide/0501', '/event/move_home', '/help', `/applications/${draft_id}`, `/applications/${draft_id}/section/movers`, `/applications/${draft_id}/section/target`, `/applications/${draft_id}/check`]) {
      const { rawPayload, headers } = await portal.app.inject({ url: path, headers: { 'accept-encoding': 'br' }, cookies: Object.fromEntries(person.cookies) });
      expect(headers['content-encoding'], path).toBe('br');
      expect(rawPayload.byteLength + style, path).toBeLessThan(14 * 1024);
    }
  });
  test('a page compressed for the line is the page', async () => {
    const { headers, rawPayload } = await portal.app.inject({ url: '/help', headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(rawPayload).toString()).toContain('</html>');
  });
});

describe('an application without JavaScript', () => {
  test('goes from the start page to a parcel for the police side, and the receipt is shown in 4 + 4', async () => {
    const visitor = await portal.visitor(liMing);
    const list = await start(visitor);
    expect(list.text).toContain('已完成 0 / 4');
    expect(list.text).toContain('不用您交');
    const { check } = await fillMove(visitor, draftOf(list));
    for (const words of ['李明', '530102********', '护国路12号', '在此地址单独立户', '13800001234', '已上传 1 张', '迁入地派出所', '我同意将所列人员的户口迁出']) expect(check.text).toContain(words);
    expect(check.faults).toEqual([]);
    const before = (await portal.outbox('portal.submit_application')).length;
    const done = await visitor.press(check.form.fill({ declare: 'yes' }));
    const receipt_no = /\/cases\/([0-9A-Z]{8})/.exec(done.html)![1]!;
    expect(receipt_no).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(done.text).toContain(`${receipt_no.slice(0, 4)} ${receipt_no.slice(4)}`);
    const parcels = await portal.outbox('portal.submit_application');
    expect(parcels).toHaveLength(before + 1);
    const { body, attachments, order_key } = parcels.at(-1)!;
    expect(order_key).toBe(receipt_no);
    expect(body).toMatchObject({
      receipt_no, service_code: '0501', citizen: { name: '李明', id_number: liMing.id_number, phone: '13800001234', identity_level: 3 },
      answers: {
        movers: [{ name: '李明', id_number: liMing.id_number, relation: '02' }], whole_household: true, address_id: portal.addresses[11]!.address_id, household_choice: 'new',
        reason: '99', housing_basis: 'owned', applicant_phone: '13800001234', delivery_mode: 'electronic',
      },
      materials: [{ code: 'M01', by: 'certificate', attachments: [] }, { code: 'M24', by: 'provided', attachments: [{ media_type: 'image/jpeg', file_name: '证明.jpg' }] }],
    });
    expect(attachments).toHaveLength(1);
    const remade = Buffer.from(await portal.blobs.get(attachments[0]!.sha256));
    expect(createHash('sha256').update(photo).digest('hex')).not.toBe(attachments[0]!.sha256);
    expect((await sharp(remade).metadata()).format).toBe('jpeg');
    expect((await visitor.get('/applications')).text).toContain(`${receipt_no.slice(0, 4)} ${receipt_no.slice(4)}`);
    expect((await visitor.get(`/cases/${receipt_no}`)).text).toContain('正在送往公安机关');
  });

  test('a double click, a reload and going back give one receipt', async () => {
    const visitor = await portal.visitor(liMing);
    const { check, draft_id } = await fillMove(visitor);
    const form = check.form.fill({ declare: 'yes' });
    const before = (await portal.outbox('portal.submit_application')).length;
    const answers = await Promise.all([1, 2, 3, 4].map(() => visitor.pressOnce(form)));
    const places = new Set(answers.map(({ headers }) => headers['location']));
    expect([...answers.map(({ status }) => status), places.size]).toEqual([303, 303, 303, 303, 1]);
    expect((await visitor.pressOnce(form)).headers['location']).toBe([...places][0]);
    expect((await visitor.get(`/applications/${draft_id}/section/movers`)).text).toContain('正在送往');
    expect(await portal.outbox('portal.submit_application')).toHaveLength(before + 1);
  });

  test('a page left half-way keeps every letter, from another telephone too, and for thirty days', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/movers`);
    const list = await visitor.press(page.form.fill({ ...mover(0, { name: '李', id_number: '5301' }, '') }), '_act=later');
    expect(list.text).toContain('需改正');
    portal.clock.advanceMinutes(29 * 24 * 60);
    const other = await portal.visitor(liMing);
    const again = await other.get(`/applications/${draft_id}/section/movers?show=faults`);
    expect([again.form.value('movers.0.name'), again.form.value('movers.0.id_number')]).toEqual(['李', '5301']);
    expect(again.title).toMatch(/^错误:/);
    portal.clock.advanceMinutes(2 * 24 * 60);
    expect((await (await portal.visitor(liMing)).get(`/applications/${draft_id}`)).status).toBe(404);
  });

  test('everything wrong on a page is told at once with links, and nothing typed is lost', async () => {
    const visitor = await portal.visitor(wangLi);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/delivery`);
    const wrong = await visitor.press(page.form.fill({ applicant_phone: '12345', delivery_mode: 'courier', delivery_address: '' }));
    expect(wrong.status).toBe(422);
    expect(wrong.title).toMatch(/^错误:/);
    expect(wrong.faults.map(({ href }) => href)).toEqual(['#applicant_phone', '#delivery_address']);
    expect(wrong.html).toContain('id="faults"');
    expect([wrong.form.value('applicant_phone'), wrong.form.value('delivery_mode')]).toEqual(['12345', 'courier']);
    const en = await visitor.press(wrong.form, '_wish=language:en').catch(() => undefined);
    expect(en).toBeUndefined();
  });

  test('the switches of the header save what is typed before they change the page', async () => {
    const visitor = await portal.visitor(wangLi);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/delivery`);
    expect(page.html).toMatch(/<button class="switch" form="form" name="_wish" value="language:en"/);
    const form = page.form.fill({ applicant_phone: '1380000' });
    const { payload, type } = await form.body(undefined);
    const answer = await portal.app.inject({ method: 'POST', url: form.attributes['action']!, payload: `${String(payload)}&_wish=language%3Aen`, headers: { 'content-type': type }, cookies: Object.fromEntries(visitor.cookies) });
    expect(answer.statusCode).toBe(303);
    visitor.cookies.set('huzheng_language', 'en');
    const en = await visitor.get(`/applications/${draft_id}/section/delivery`);
    expect(en.heading).toBe('How to receive papers');
    expect(en.form.value('applicant_phone')).toBe('1380000');
  });

  test('persons are added and removed by plain buttons', async () => {
    const visitor = await portal.visitor(wangLi);
    const draft_id = draftOf(await start(visitor));
    let page = await visitor.get(`/applications/${draft_id}/section/movers`);
    expect(page.form.value('movers.0.id_number')).toBe(wangLi.id_number);
    page = await visitor.press(page.form.fill({ 'movers.0.relation': '02' }), '_act=add');
    page = await visitor.press(page.form.fill(mover(1, liXiao, '22')), '_act=add');
    expect(page.form.value('movers.2.name')).toBe('');
    page = await visitor.press(page.form, '_act=remove:1');
    expect(page.form.names.filter((name) => name.endsWith('.name'))).toEqual(['movers.0.name']);
    expect(page.form.value('movers.0.name')).toBe(wangLi.name);
  });

  test('twenty persons have room, and none of more that were typed is lost', async () => {
    const visitor = await portal.visitor(wangLi);
    const draft_id = draftOf(await start(visitor));
    const people = (count: number) => Object.assign({}, ...Array.from({ length: count }, (_, row) => mover(row, { name: '李某', id_number: String(row) }, '99'))) as Record<string, string>;
    const keep = (fields: Record<string, string>) => portal.app.inject({ method: 'POST', url: `/applications/${draft_id}/section/movers/keep`, payload: fields, cookies: Object.fromEntries(visitor.cookies) });
    await keep(people(20));
    const full = await visitor.get(`/applications/${draft_id}/section/movers?more=3`);
    expect(full.form.names.filter((name) => name.endsWith('.name'))).toHaveLength(20);
    expect(full.html).not.toContain('value="add"');
    await keep(people(22));
    const wrong = await visitor.press((await visitor.get(`/applications/${draft_id}/section/movers`)).form.fill({ whole_household: 'yes' }));
    expect(wrong.faults[0]!.text).toContain('最多 20 人');
    expect(wrong.form.value('movers.21.id_number')).toBe('21');
  });

  test('an address is found by street or initials inside one county and chosen to the door number', async () => {
    const visitor = await portal.visitor(wangLi);
    const draft_id = draftOf(await start(visitor));
    const open = await visitor.get(`/applications/${draft_id}/section/target`);
    const many = await visitor.press(open.form.fill({ 'address_id.area': '530102', 'address_id.query': 'hgl' }), '_act=find:address_id');
    expect(many.form.optionsOf('address_id')).toHaveLength(10);
    expect(many.text).toContain('只显示前 10 个');
    const none = await visitor.press(many.form.fill({ 'address_id.query': '不存在的路' }), '_act=find:address_id');
    expect(none.text).toContain('没有找到这个地址');
    const unchosen = await visitor.press(none.form.fill({ household_choice: 'new' }));
    expect(unchosen.faults[0]!.text).toContain('选到门牌号');
    expect([unchosen.form.value('address_id.area'), unchosen.form.value('address_id.query'), unchosen.form.value('household_choice')]).toEqual(['530102', '不存在的路', 'new']);
    const json = await portal.app.inject({ url: '/address-suggestions?area=530102&query=hgl', cookies: Object.fromEntries(visitor.cookies) });
    expect(json.json().addresses).toHaveLength(10);
    expect(json.rawPayload.byteLength).toBeLessThan(5 * 1024);
    const forged = await portal.app.inject({ method: 'POST', url: `/applications/${draft_id}/section/target/keep`, payload: { address_id: newId(), household_choice: 'new' }, cookies: Object.fromEntries(visitor.cookies) });
    expect(forged.statusCode).toBe(200);
    expect((await visitor.press((await visitor.get(`/applications/${draft_id}/section/target`)).form)).faults[0]!.text).toContain('选定');
  });

  test('nothing is submitted before all is right, and each fault leads to its page', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const check = await visitor.get(`/applications/${draft_id}/check`);
    const refused = await visitor.press(check.form);
    expect(refused.status).toBe(422);
    expect(refused.faults.at(-1)!.href).toBe('#declare');
    expect(refused.faults.some(({ href }) => href.includes('/section/reason?next=check&show=faults#reason'))).toBe(true);
    expect((await portal.db.owner.query('select receipt_no from portal.draft where draft_id = $1', [draft_id])).rows[0].receipt_no).toBeNull();
    const fixed = await visitor.get(`/applications/${draft_id}/section/delivery?next=check`);
    expect((await visitor.press(fixed.form.fill({ applicant_phone: '13800001234', delivery_mode: 'pickup' }))).heading).toBe('核对并提交');
  });

  test('contradictions between pages are told where they are mended', async () => {
    const visitor = await portal.visitor(liMing);
    const { draft_id } = await fillMove(visitor);
    const page = await visitor.get(`/applications/${draft_id}/section/movers`);
    const twoHeads = await visitor.press(page.form.fill({}), '_act=add');
    const wrong = await visitor.press(twoHeads.form.fill(mover(1, wangLi, '02')));
    expect(wrong.faults).toEqual([{ text: '一户只能有一位户主:请只保留一人为“户主”,其他人填与他(她)的关系。', href: '#movers' }]);
  });

  test('a sign-in below the level of the service is told how to go on and cannot start', async () => {
    const visitor = await portal.visitor({ ...wangLi, id_number: number('53010219930514904'), identity_level: 2 });
    const page = await visitor.get('/apply/0501');
    expect(page.text).toContain('实名实人');
    expect(() => page.form).toThrow();
    const forced = await portal.app.inject({ method: 'POST', url: '/apply/0501', payload: {}, headers: { 'content-type': 'application/json' }, cookies: Object.fromEntries(visitor.cookies) });
    expect(forced.statusCode).toBe(403);
  });

  test('when the link to the police network is down for hours, drafts go on and submitting waits', async () => {
    const visitor = await portal.visitor(liMing);
    await submitMove(visitor);
    const { draft_id } = await fillMove(visitor);
    portal.clock.advanceMinutes(5 * 60);
    const again = await portal.visitor(liMing);
    const closed = await again.get(`/applications/${draft_id}/check`);
    expect(closed.text).toContain('现在不能提交');
    const forced = await again.pressOnce(closed.form.fill({ declare: 'yes' }));
    expect(forced.status).toBe(503);
    expect(forced.text).toContain('都已保存');
    await portal.acknowledge();
    expect((await again.press((await again.get(`/applications/${draft_id}/check`)).form.fill({ declare: 'yes' }))).heading).toBe('提交成功');
  });

  test('a sign-in that ran out hands the typed page back, to be sent once signed in again', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/delivery`);
    const form = page.form.fill({ applicant_phone: '13912345678', delivery_mode: 'pickup' });
    portal.clock.advanceMinutes(31);
    const held = await visitor.press(form);
    expect([held.status, held.heading]).toEqual([401, '登录已过期']);
    expect([held.form.value('applicant_phone'), held.form.value('delivery_mode')]).toEqual(['13912345678', 'pickup']);
    const browser = visitor.cookies.get('huzheng_browser')!;
    const again = await portal.visitor(liMing);
    again.cookies.set('huzheng_browser', browser);
    await again.press(held.form);
    expect((await again.get(`/applications/${draft_id}/section/delivery`)).form.value('applicant_phone')).toBe('13912345678');
  });

  test('a paper sent after the sign-in ran out is handed back too, but for its pictures', async () => {
    const visitor = await portal.visitor(liMing);
    const { draft_id } = await fillMove(visitor);
    const form = (await visitor.get(`/applications/${draft_id}/materials/M24`)).form.fill({ 'M24.way': 'certificate', 'M24.certificate_no': '云(2026)第7号' });
    portal.clock.advanceMinutes(31);
    const held = await visitor.press(form);
    expect([held.status, held.form.value('M24.certificate_no')]).toEqual([401, '云(2026)第7号']);
    expect(held.text).toContain('照片要重新选一次');
  });

  test('a draft is deleted with its pictures after a question', async () => {
    const visitor = await portal.visitor(wangLi);
    const { draft_id } = await fillMove(visitor);
    const list = await visitor.get(`/applications/${draft_id}`);
    const question = await visitor.click(list, '删除这份草稿');
    await visitor.press(question.form);
    expect((await visitor.get(`/applications/${draft_id}`)).status).toBe(404);
    expect((await portal.db.owner.query('select count(*) from portal.upload where draft_id = $1', [draft_id])).rows[0].count).toBe(0);
  });
});

describe('co-movers from the own entry', () => {
  test('the register is asked once, and its answer offers the family with the relations that follow', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const before = (await portal.outbox('portal.ask_record')).length;
    const waiting = await visitor.get(`/applications/${draft_id}/section/movers`);
    expect((await portal.outbox('portal.ask_record')).length).toBe(before);
    expect(waiting.text).toContain('正在向户口登记核对');
    await answerHousehold();
    const page = await visitor.get(`/applications/${draft_id}/section/movers`);
    expect(page.text).toContain('李小明');
    expect(page.html).not.toContain(liXiao.id_number);
    expect([page.form.value('movers.pick.1'), page.form.value('movers.pick.2')]).toEqual(['yes', undefined]);
    expect([0, 1, 2, 3].map((key) => page.form.value(`movers.pick_relation.${key}`))).toEqual(['51', '02', '12', '21']);
    expect(page.form.names).not.toContain('whole_household');
    const unsaid = await visitor.press(page.form.fill({ 'movers.pick.2': 'yes', 'movers.pick.3': 'yes', 'movers.pick_relation.2': '' }));
    expect(unsaid.faults).toEqual([{ text: '请选择王丽与迁入地户主的关系。', href: '#movers.1.relation' }]);
    const next = await visitor.press(unsaid.form.fill({ 'movers.pick_relation.2': '12' }));
    expect(next.heading).toBe('迁到哪里');
    const check = await visitor.get(`/applications/${draft_id}/check`);
    for (const words of ['李明', '王丽', '李小明', '独生子', '是否全户迁移 否', '现在的户主是否也迁走 否']) expect(check.text).toContain(words);
  });
  test('when the head leaves and others stay, the next head is chosen among the adults who stay', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/movers`);
    const asked = await visitor.press(page.form.fill({ 'movers.pick.0': 'yes', 'movers.pick_relation.0': '51' }));
    expect(asked.faults.map(({ href }) => href)).toEqual(['#new_head_id_number']);
    expect(asked.form.optionsOf('new_head_id_number')).toEqual([wangLi.id_number]);
    expect(asked.form.value('movers.pick_relation.0')).toBe('51');
    expect((await visitor.press(asked.form.fill({ new_head_id_number: wangLi.id_number }))).heading).toBe('迁到哪里');
  });
  test('somebody outside of the household is added beside those picked', async () => {
    const visitor = await portal.visitor(liMing);
    const draft_id = draftOf(await start(visitor));
    const page = await visitor.get(`/applications/${draft_id}/section/movers`);
    const more = await visitor.press(page.form, '_act=add');
    const wrong = await visitor.press(more.form.fill(mover(1, { name: '赵强', id_number: '1234' }, '99')));
    expect(wrong.faults.map(({ href }) => href)).toEqual(['#movers.1.id_number']);
    expect([wrong.form.value('movers.1.name'), wrong.form.value('movers.pick.1')]).toEqual(['赵强', 'yes']);
  });
});

describe('other kinds of answers without JavaScript', () => {
  test('a birth is declared: counties are found by name or initials, time and certificate are read however written', async () => {
    const visitor = await portal.visitor(somebody());
    const draft_id = draftOf(await start(visitor, '0101'));
    const open = (section: string) => visitor.get(`/applications/${draft_id}/section/${section}`);
    const wrong = await visitor.press((await open('child')).form.fill({ child_name: '李小满', child_sex: '2', child_birth_on: '2026年11月1日', child_birth_time: '半夜', child_birth_certificate_no: 'p 530123456' }));
    expect(wrong.faults).toEqual([{ text: '“出生时间”请按 24 小时制填写,如 07:05。', href: '#child_birth_time' }]);
    const items = await visitor.press(wrong.form.fill({ child_birth_time: '7点05分' }));
    expect(items.heading).toBe('孩子的登记项目');
    const empty = await visitor.press(items.form.fill({ child_ethnicity: '01' }));
    expect(empty.faults.map(({ href }) => href)).toEqual(['#child_birthplace_area', '#child_native_place_area']);
    const found = await visitor.press(empty.form.fill({ 'child_birthplace_area.query': '五华区', 'child_native_place_area.query': 'whq' }), '_act=find:child_birthplace_area');
    expect(found.form.optionsOf('child_birthplace_area')).toContain('530102');
    expect(found.text).toContain('云南省昆明市五华区');
    expect(found.form.optionsOf('child_native_place_area')).toContain('530102');
    const half = await visitor.press(found.form.fill({ child_birthplace_area: '530102', 'child_native_place_area.query': '没有这个县' }), '_act=find:child_native_place_area');
    expect(half.text).toContain('没有找到。请只输入县(市、区)的名称再试');
    // What was chosen stays chosen while the other is looked for.
    expect(half.form.optionsOf('child_birthplace_area')).toContain('530102');
    const again = await visitor.press(half.form.fill({ 'child_native_place_area.query': '五华' }), '_act=find:child_native_place_area');
    const parents = await visitor.press(again.form.fill({ child_native_place_area: '530102', child_ethnicity: '01' }));
    expect(parents.heading).toBe('父母');
    const follow = await visitor.press(parents.form.fill({ mother_name: '王丽', mother_id_number: number('53010219920514902'), parents_marriage: 'married', parents_share_ethnicity: 'no' }));
    expect(follow.heading).toBe('落在哪一户');
    await visitor.press(follow.form.fill({ follow_parent: 'mother', target_relation: '31' }));
    const check = await visitor.get(`/applications/${draft_id}/check`);
    for (const words of ['李小满', '07:05', 'P530123456', '云南省昆明市五华区', '随母亲', '独生女', '落户地派出所']) expect(check.text, words).toContain(words);
    const list = await visitor.get(`/applications/${draft_id}`);
    for (const paper of ['出生医学证明', '父母结婚证', '民族成份填报申请书']) expect(list.text).toContain(paper);
    for (const paper of ['非婚生育说明', '亲子鉴定意见书']) expect(list.text).not.toContain(paper);
  });
  test('a question that another page decides is there exactly when it is asked', async () => {
    const visitor = await portal.visitor(somebody());
    const draft_id = draftOf(await start(visitor, '0601'));
    const open = (section: string) => visitor.get(`/applications/${draft_id}/section/${section}`);
    const named = async (body: string) => {
      await visitor.press((await open('subject')).form.fill({ subject_name: '李小明', subject_id_number: number(body) }));
      return (await open('name')).form.names;
    };
    expect(await named('53010219900307901')).not.toContain('child_agrees');
    expect(await named('53010220160307901')).toContain('child_agrees');
    expect(await named('53010220240307901')).not.toContain('child_agrees');
    const page = await open('name');
    const saved = await visitor.press(page.form.fill({ new_name: '李大明', former_name_is_kept: 'yes', parents_marriage: 'married', reason_text: '长辈商定\r\n自幼使用' }));
    expect(saved.heading).not.toBe('改成什么');
    expect((await open('name')).html).toContain('<textarea');
  });
  test('a list of people who leave asks for no relation, and what is done at the counter is not begun online', async () => {
    const visitor = await portal.visitor(somebody());
    const draft_id = draftOf(await start(visitor, '0401'));
    const movers = await visitor.get(`/applications/${draft_id}/section/movers`);
    expect(movers.form.names.some((name) => name.endsWith('.relation'))).toBe(false);
    const guide = await visitor.get('/apply/1001');
    expect([guide.heading, guide.text]).toEqual(['无户口人员登记', expect.stringContaining('不能网上提交')]);
    expect(guide.html).not.toContain('href="/apply/1001"');
    expect((await visitor.get('/guide/E104')).status).toBe(404);
  });
});

describe('papers', () => {
  const paperPage = async (visitor: Visitor): Promise<Shown> => {
    const draft_id = draftOf(await start(visitor));
    const reason = await visitor.get(`/applications/${draft_id}/section/reason`);
    await visitor.press(reason.form.fill({ reason: '31', housing_basis: 'owned' }));
    return visitor.get(`/applications/${draft_id}/materials/M24`);
  };
  test.each([
    ['a document', { name: '房产证.pdf', bytes: Buffer.from('%PDF-1.7'), type: 'application/pdf' }, '不是 JPG 或 PNG 图片'],
    ['a script that calls itself a picture', { name: 'x.jpg', bytes: Buffer.from('<script>alert(1)</script>') }, '不是 JPG 或 PNG 图片'],
    ['a broken picture', { name: '坏.jpg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]) }, '已损坏'],
    ['eleven megabytes', { name: '大.jpg', bytes: Buffer.alloc(11 * 1_048_576, 0xff) }, '超过 10 MB'],
  ])('%s is refused with what to do instead, and the choice stays', async (_title, file, words) => {
    const visitor = await portal.visitor(somebody());
    const page = await paperPage(visitor);
    const refused = await visitor.press(page.form.fill({ 'M24.way': 'provided', 'M24.certificate_no': '云(2026)' }).attach('M24.files', file), '_act=upload');
    expect(refused.status).toBe(422);
    expect(refused.faults).toHaveLength(1);
    expect(refused.faults[0]).toMatchObject({ href: '#M24.files' });
    expect(refused.faults[0]!.text).toContain(words);
    expect([refused.form.value('M24.way'), refused.form.value('M24.certificate_no')]).toEqual(['provided', '云(2026)']);
    expect((await portal.db.owner.query(`select count(*) from portal.upload where file_name like '%pdf'`)).rows[0].count).toBe(0);
  });
  test('good pictures of a post are taken although another one of it is refused', async () => {
    const visitor = await portal.visitor(somebody());
    const refused = await visitor.press((await paperPage(visitor)).form.fill({ 'M24.way': 'provided' }).attach('M24.files', jpeg('第一页.jpg'), { name: '第二页.gif', bytes: Buffer.from('GIF89a') }));
    expect(refused.text).toContain('第一页.jpg');
    expect(refused.faults[0]!.text).toContain('第二页.gif');
    const removed = await visitor.press(refused.form, refused.form.controls.filter(({ attributes }) => attributes['value']?.startsWith('remove:')).map(({ attributes }) => `_act=${attributes['value']}`)[0]);
    expect(removed.text).not.toContain('第一页.jpg');
  });
  test('a file name cannot carry a path, a second ending or a sign that turns the text around', async () => {
    const visitor = await portal.visitor(somebody());
    const page = await visitor.press((await paperPage(visitor)).form.fill({ 'M24.way': 'provided' }).attach('M24.files', jpeg('..\\..\\a\u202egpj.exe.jpg')), '_act=upload');
    expect(page.text).toContain('agpj.exe.jpg');
    expect((await portal.db.owner.query(`select file_name from portal.upload order by upload_id desc limit 1`)).rows[0].file_name).toBe('agpj.exe.jpg');
  });
  test('a picture is shown to its owner alone', async () => {
    const visitor = await portal.visitor(somebody());
    const page = await visitor.press((await paperPage(visitor)).form.fill({ 'M24.way': 'provided' }).attach('M24.files', jpeg()), '_act=upload');
    const href = /\/uploads\/[0-9a-f-]{36}/.exec(page.html)![0];
    const own = await visitor.get(href);
    expect([own.status, own.headers['content-type'], own.headers['x-content-type-options']]).toEqual([200, 'image/jpeg', 'nosniff']);
    expect((await (await portal.visitor(somebody())).get(href)).status).toBe(404);
  });
  test('kinship is left to the register, a licence is given by number, a commitment must be ticked', async () => {
    const visitor = await portal.visitor(somebody());
    const owned = await paperPage(visitor);
    const draft_id = draftOf(owned);
    expect(owned.form.optionsOf('M24.way')).toEqual(['verify', 'certificate', 'provided']);
    expect((await visitor.press(owned.form.fill({ 'M24.way': 'certificate' }))).faults[0]!.href).toBe('#M24.certificate_no');
    const kin = await visitor.press((await visitor.get(`/applications/${draft_id}/materials/M24`)).form.fill({ 'M24.way': 'certificate', 'M24.certificate_no': '云(2026)五华区不动产权第0000001号' }));
    expect(kin.heading).toBe('亲属关系证明材料');
    expect(kin.form.optionsOf('M23.way')).toEqual(['verify', 'commitment', 'provided']);
    expect((await visitor.press(kin.form.fill({ 'M23.way': 'commitment' }))).faults[0]!.href).toBe('#M23.agreed');
    expect((await visitor.press(kin.form.fill({ 'M23.way': 'verify' }))).text).toContain('由民警联网核对');
    expect((await visitor.get(`/applications/${draft_id}/materials/M21`)).status).toBe(404);
  });
});

describe('what others may learn', () => {
  test('another citizen’s draft, application and paper are the same as none', async () => {
    const owner = await portal.visitor(somebody());
    const receipt_no = await submitMove(owner);
    const stranger = await portal.visitor(somebody());
    const { rows: [{ draft_id }] } = await portal.db.owner.query('select draft_id from portal.application where receipt_no = $1', [receipt_no]);
    const pages = ['', '/section/movers', '/check', '/materials/M24', '/delete'];
    for (const [own, none] of [...pages.map((page) => [`/applications/${draft_id}${page}`, `/applications/${newId()}${page}`]), [`/cases/${receipt_no}`, '/cases/00000000'], [`/cases/${receipt_no}/correct`, '/cases/00000000/correct']]) {
      const [theirs, nobodys] = [await stranger.get(own!), await stranger.get(none!)];
      expect([theirs.status, nobodys.status], own).toEqual([404, 404]);
      expect(theirs.text).toBe(nobodys.text);
    }
    expect((await portal.app.inject({ method: 'POST', url: `/cases/${receipt_no}/withdraw`, payload: {}, headers: { 'content-type': 'application/json' }, cookies: Object.fromEntries(stranger.cookies) })).statusCode).toBe(404);
    expect((await portal.db.owner.query('select withdrawal_asked_at from portal.application where receipt_no = $1', [receipt_no])).rows[0].withdrawal_asked_at).toBeNull();
  });
  test('the second wall alone hides others’ rows from a citizen', async () => {
    const citizen_id = (await portal.db.owner.query(`select citizen_id from portal.application limit 1`)).rows[0].citizen_id;
    for (const [as, sees] of [[citizen_id, true], [newId(), false]] as const) {
      const { answer } = await transact(portal.db.database, { clock: portal.clock, blobs: portal.blobs, operation: 'test', actor: { kind: 'citizen', citizen_id: as, name: 'x', identity_level: 3, session_id: 'x' } }, async (context) => {
        const counts = [];
        for (const table of ['draft', 'application', 'upload']) counts.push((await context.query<{ n: number }>(`select count(*) as n from portal.${table}`))[0]!.n);
        return counts;
      });
      expect(answer.every((n) => n > 0), as).toBe(sees);
    }
  });
  test('a number that exists and one that does not are answered with the same page', async () => {
    const visitor = await portal.visitor(somebody());
    const draft_id = draftOf(await start(visitor));
    const ask = async (id_number: string): Promise<Shown> => {
      const page = await visitor.get(`/applications/${draft_id}/section/target`);
      return visitor.press(page.form.fill({ household_choice: 'join', target_head_name: '赵强', target_head_id_number: id_number }));
    };
    const [known, unknown] = [await ask(wangLi.id_number), await ask(number('53010219770707907'))];
    const plain = (shown: Shown): string => shown.html.replaceAll(wangLi.id_number, 'N').replaceAll(number('53010219770707907'), 'N');
    expect(plain(known)).toBe(plain(unknown));
    expect(known.status).toBe(unknown.status);
  });
  test('nothing personal lies in the database in plain text', async () => {
    const { rows } = await portal.db.owner.query(`select string_agg(t::text, ' ') as everything from (
      select d::text as t from portal.draft d union all select a::text from portal.application a union all select u::text from portal.upload u
      union all select r::text from portal.record_answer r union all select m::text from portal.message m union all select k::text from portal.ask k) as x`);
    for (const secret of [liMing.id_number, wangLi.id_number, liXiao.id_number, '13800001234', '李小明']) expect(rows[0].everything).not.toContain(secret);
    const audit = (await portal.db.owner.query(`select string_agg(a::text, ' ') as everything from kernel.audit_record a`)).rows[0].everything;
    for (const secret of [liMing.id_number, '13800001234', '护国路']) expect(audit).not.toContain(secret);
  });
});

describe('following an application', () => {
  test('progress that comes out of order or twice shows the latest, and the history whole', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    await progress(receipt_no, 3, 'in_review');
    await progress(receipt_no, 1, 'submitted');
    await progress(receipt_no, 2, 'accepted');
    await progress(receipt_no, 3, 'in_review');
    const page = await visitor.get(`/cases/${receipt_no.slice(0, 4)} ${receipt_no.slice(4).toLowerCase()}`);
    for (const words of ['进度3', '护国派出所', '5301022611230001', '11月25日', '进度1']) expect(page.text).toContain(words);
    expect(page.html).toMatch(/aria-current="step"[^>]*>审核中/);
    await progress(receipt_no, 4, 'done', { outcome: 'executed' });
    const done = await visitor.get(`/cases/${receipt_no}`);
    expect(done.text).not.toContain('撤回申请');
    expect((await portal.db.owner.query('select closed_at from portal.application where receipt_no = $1', [receipt_no])).rows[0].closed_at).not.toBeNull();
  });
  test('a refusal shows its reason and what to do about it', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    await progress(receipt_no, 1, 'ended', { outcome: 'rejected', reason: { zh: '房屋不在本辖区', en: 'not in this area' }, remedy: { zh: '可在 60 日内申请行政复议', en: 'you may ask for review within 60 days' } });
    const page = await visitor.get(`/cases/${receipt_no}`);
    for (const words of ['已终结', '房屋不在本辖区', '60 日内申请行政复议']) expect(page.text).toContain(words);
  });
  test('a paper is downloaded by its owner', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    const pdf = Buffer.from('%PDF-1.7 approved');
    const sha256 = await portal.blobs.put(pdf);
    const body = { receipt_no, document_id: newId(), title: { zh: '准予迁移通知书', en: 'Approval' }, issued_at: '2026-11-23T03:00:00.000Z', sha256, file_name: '准予迁移通知书.pdf' };
    await expect(portal.receive('cases.notice', body)).rejects.toThrow('without its file');
    await portal.receive('cases.notice', body, [{ sha256, media_type: 'application/pdf' }]);
    await portal.receive('cases.notice', body, [{ sha256, media_type: 'application/pdf' }]);
    const page = await visitor.get(`/cases/${receipt_no}`);
    const file = await visitor.click(page, '准予迁移通知书');
    expect(file.bytes.equals(pdf)).toBe(true);
    expect(String(file.headers['content-disposition'])).toContain('attachment');
    const href = page.links.find(({ text }) => text.includes('准予迁移通知书'))!.href;
    expect((await (await portal.visitor(somebody())).get(href)).status).toBe(404);
  });
  test('an application is taken back once, with a reason', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    const form = (await visitor.get(`/cases/${receipt_no}/withdraw`)).form;
    const tooLong = await visitor.press(form.fill({ reason: '长'.repeat(501) }));
    expect([tooLong.status, tooLong.form.value('reason')?.length]).toEqual([422, 501]);
    await Promise.all([visitor.press(form.fill({ reason: '不迁了' })), visitor.press(form)]);
    expect((await portal.outbox('portal.withdraw_application')).filter(({ order_key }) => order_key === receipt_no).map(({ body }) => body.reason)).toEqual(['不迁了']);
    expect((await visitor.get(`/cases/${receipt_no}`)).text).toContain('等候确认');
    expect((await visitor.get(`/cases/${receipt_no}/withdraw`)).status).toBe(409);
  });
  test('an application that a person on the other side discarded is told to its applicant', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    await portal.asSystem(async (context) => context.emit('exchange.parcel_discarded', { parcel_id: newId(), kind: 'portal.submit_application', order_key: receipt_no }));
    await runUntilQuiet(portal.worker);
    expect((await visitor.get(`/cases/${receipt_no}`)).text).toContain('没有送达公安机关');
  });
  test('what concerns a case that was not made here is dropped without harm', async () => {
    await progress('ZZZZZZZZ', 1, 'accepted');
    expect((await portal.db.owner.query(`select count(*) from portal.progress where receipt_no = 'ZZZZZZZZ'`)).rows[0].count).toBe(0);
  });
});

describe('a correction list', () => {
  const items = [
    { subject: 'movers', zh: '王丽的姓名与身份证不一致', en: 'the name of 王丽 differs from the card' },
    { subject: 'M24', zh: '不动产权证照片缺第二页', en: 'page two is missing' },
    { subject: 'household_choice', zh: '该地址已有您父亲的户', en: 'your father has a household there' },
  ];
  async function corrected(visitor: Visitor): Promise<{ receipt_no: string; page: Shown }> {
    const receipt_no = await submitMove(visitor);
    await progress(receipt_no, 1, 'correction_needed');
    await portal.receive('cases.correction_list', { receipt_no, issued_at: '2026-11-23T03:00:00.000Z', due_on: '2026-12-14', number: 1, items });
    return { receipt_no, page: await visitor.get(`/cases/${receipt_no}/correct`) };
  }

  test('is answered on one page, all items at once, with everything sent before filled in', async () => {
    const visitor = await portal.visitor(somebody());
    const { receipt_no, page } = await corrected(visitor);
    expect((await visitor.get(`/cases/${receipt_no}`)).text).toContain('请在 12月14日 前补正 3 处');
    for (const { zh } of items) expect(page.text).toContain(zh);
    expect([page.form.value('movers.0.name'), page.form.value('household_choice')]).toEqual([liMing.name, 'new']);
    const wrong = await visitor.press(page.form.fill({ ...mover(0, wangLi, '12'), household_choice: 'join', note: '请看第二页' }), '_act=send');
    expect(wrong.faults.map(({ href }) => href)).toEqual(['#target_head_name', '#target_head_id_number', '#M24.files']);
    expect([wrong.form.value('movers.0.name'), wrong.form.value('note')]).toEqual([wangLi.name, '请看第二页']);
    const done = await visitor.press(wrong.form.fill({ target_head_name: '李大业', target_head_id_number: liDaYe.id_number, 'M24.way': 'provided' }).attach('M24.files', jpeg('第二页.jpg')), '_act=send');
    expect(done.text).toContain('提交补正,等候答复');
    const [parcel] = (await portal.outbox('portal.submit_correction')).filter(({ order_key }) => order_key === receipt_no);
    expect(parcel!.body).toMatchObject({
      receipt_no, note: '请看第二页',
      answers: { movers: [{ name: '王丽', relation: '12' }], household_choice: 'join', target_head_name: '李大业' },
      materials: [{ code: 'M24', by: 'provided', attachments: [{ file_name: '第二页.jpg' }] }],
    });
    expect(Object.keys(parcel!.body.answers)).not.toContain('reason');
    expect(parcel!.attachments).toHaveLength(1);
    expect((await visitor.get(`/cases/${receipt_no}/correct`)).status).toBe(409);
  });
  test('is answered once however often the button is pressed', async () => {
    const visitor = await portal.visitor(somebody());
    const { receipt_no, page } = await corrected(visitor);
    const form = page.form.fill({ ...mover(0, wangLi, '02'), 'M24.way': 'certificate', 'M24.certificate_no': '云(2026)第1号' });
    const answers = await Promise.all([1, 2, 3].map(() => visitor.pressOnce(form, '_act=send')));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await portal.outbox('portal.submit_correction')).filter(({ order_key }) => order_key === receipt_no)).toHaveLength(1);
  });
  test('offers a commitment for a paper unless the police side says that none is taken', async () => {
    const visitor = await portal.visitor(somebody());
    const lists = [{ no_commitment: true }, {}].map((more) => [{ subject: 'M27', zh: '请补交产权人同意落户书。', en: 'Please supply the consent of the owner.', ...more }]);
    const ways = [];
    for (const items of lists) {
      const receipt_no = await submitMove(visitor);
      await progress(receipt_no, 1, 'correction_needed');
      await portal.receive('cases.correction_list', { receipt_no, issued_at: '2026-11-23T03:00:00.000Z', due_on: '2026-12-14', number: 1, items });
      const { form, html } = await visitor.get(`/cases/${receipt_no}/correct`);
      ways.push(html.includes('value="commitment"'));
      if (ways.length === 1) {
        const answered = await visitor.press(form, '_act=send');
        expect(answered.faults.map(({ href }) => href)).toEqual(['#M27.files']);
      }
    }
    expect(ways).toEqual([false, true]);
  });
  test('names a condition that was not met: the field in which it is mended is opened', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    await progress(receipt_no, 1, 'correction_needed');
    await portal.receive('cases.correction_list', { receipt_no, issued_at: '2026-11-23T03:00:00.000Z', due_on: '2026-12-14', number: 1, items: [{ subject: 'registration_is_active', zh: '户籍中没有姓名与号码相符的人。', en: 'No registered person matches.' }] });
    const page = await visitor.get(`/cases/${receipt_no}/correct`);
    expect(page.form.value('movers.0.name')).toBe(liMing.name);
    await visitor.press(page.form.fill(mover(0, wangLi, '02')), '_act=send');
    const [parcel] = (await portal.outbox('portal.submit_correction')).filter(({ order_key }) => order_key === receipt_no);
    expect(parcel!.body.answers.movers).toMatchObject([{ name: wangLi.name }]);
  });
  test('left for later keeps what is typed and the pictures, and what was corrected stays for a second list', async () => {
    const visitor = await portal.visitor(somebody());
    const { receipt_no, page } = await corrected(visitor);
    await visitor.press(page.form.fill({ 'movers.0.name': '王', 'M24.way': 'provided' }).attach('M24.files', jpeg('夜里拍.jpg')), '_act=later');
    const again = await visitor.get(`/cases/${receipt_no}/correct`);
    expect(again.form.value('movers.0.name')).toBe('王');
    expect(again.text).toContain('夜里拍.jpg');
    await visitor.press(again.form.fill(mover(0, wangLi, '02')), '_act=send');
    await portal.receive('cases.correction_list', { receipt_no, issued_at: '2026-11-24T03:00:00.000Z', due_on: '2026-12-15', number: 2, items: [items[0]!] });
    expect((await visitor.get(`/cases/${receipt_no}/correct`)).form.value('movers.0.name')).toBe(wangLi.name);
  });
});

describe('the own record', () => {
  test('is asked of the register, shown as answered, and asked again after a day', async () => {
    const person = somebody();
    const visitor = await portal.visitor(person);
    expect((await visitor.get('/record')).text).toContain('正在向户口登记查询');
    const own = async () => (await portal.outbox('portal.ask_record')).filter(({ body }) => body.citizen.id_number === person.id_number);
    expect((await own()).map(({ body }) => body.what)).toEqual(['household']);
    await answerHousehold();
    const page = await visitor.get('/record');
    for (const words of ['护国路 8 号', '李大业', '户主', '5301020001']) expect(page.text).toContain(words);
    expect(page.html).not.toContain(wangLi.id_number);
    expect(await own()).toHaveLength(1);
    portal.clock.advanceMinutes(25 * 60);
    expect((await (await portal.visitor(person)).get('/record')).text).toContain('李大业');
    expect(await own()).toHaveLength(2);
  });
  test('of an unknown number and of one that belongs to another name reads the same', async () => {
    const pages = [];
    for (const digits of ['53010219850101910', '53010219850101911']) {
      const visitor = await portal.visitor({ name: '赵同', id_number: number(digits) });
      await visitor.get('/record');
      await answerHousehold(false);
      pages.push((await visitor.get('/record')).text);
    }
    expect(pages[0]).toBe(pages[1]);
    expect(pages[0]).toContain('没有取到与您登录信息相符的户口登记');
  });
  test('shows who looked: unit, post and purpose, with a link to the own case', async () => {
    const visitor = await portal.visitor(somebody());
    const receipt_no = await submitMove(visitor);
    await progress(receipt_no, 1, 'accepted', { case_no: '5301022611239999' });
    await visitor.get('/record/access');
    const ask = (await portal.outbox('portal.ask_record')).filter(({ body }) => body.what === 'access_log').at(-1)!;
    await portal.receive('cases.record_answer', {
      ask_id: ask.body.ask_id, answered_at: portal.clock.now().toISOString(), found: true, household: null,
      access_log: [{ at: '2026-11-23T02:03:00.000Z', unit: '昆明市公安局五华分局护国派出所', post: { zh: '户籍民警', en: 'registration officer' }, purpose: { zh: '办理业务', en: 'handling a case' }, reference: '5301022611239999' }],
    });
    const page = await visitor.get('/record/access');
    for (const words of ['护国派出所', '户籍民警', '办理业务', '12389']) expect(page.text).toContain(words);
    expect(page.links.find(({ text }) => text === '5301022611239999')!.href).toBe(`/cases/${receipt_no}`);
  });
  test('an older answer never replaces a newer one, and a stranger’s answer is dropped', async () => {
    const before = (await portal.db.owner.query('select count(*) from portal.record_answer')).rows[0].count;
    await portal.receive('cases.record_answer', { ask_id: newId(), answered_at: portal.clock.now().toISOString(), found: true, household, access_log: null });
    expect((await portal.db.owner.query('select count(*) from portal.record_answer')).rows[0].count).toBe(before);
  });
});

test('asking whether the sign-in still lasts is a sign of life, up to the longest time of a sign-in', async () => {
  const visitor = await portal.visitor(somebody());
  const left = async () => JSON.parse((await visitor.getOnce('/session')).html) as { seconds_left?: number; code?: string };
  for (let asked = 0; asked < 7; asked++) {
    expect(await left()).toEqual({ seconds_left: 1800 });
    portal.clock.advanceMinutes(29);
  }
  // 3 hours and 23 minutes have passed; the longest sign-in is 4 hours.
  expect(await left()).toEqual({ seconds_left: 1800 });
  portal.clock.advanceMinutes(27);
  expect(await left()).toEqual({ seconds_left: 600 });
  portal.clock.advanceMinutes(10);
  expect((await left()).code).toBe('kernel.signed_out');
});

test('what the outer side need not keep is forgotten in time', async () => {
  const person = somebody();
  const visitor = await portal.visitor(person);
  const receipt_no = await submitMove(visitor);
  const draft_id = draftOf(await start(visitor));
  await progress(receipt_no, 1, 'done', { outcome: 'executed', at: portal.clock.now().toISOString() });
  const look = async () => {
    await runUntilQuiet(portal.worker);
    const { rows: [row] } = await portal.db.owner.query(
      `select (select typed_sealed is null from portal.application where receipt_no = $1) as forgotten,
              (select count(*) from portal.upload u join portal.application a using (draft_id) where a.receipt_no = $1) as pictures,
              (select count(*) from portal.draft where draft_id = $2) as drafts`, [receipt_no, draft_id]);
    return row;
  };
  expect(await look()).toEqual({ forgotten: false, pictures: 1, drafts: 1 });
  portal.clock.advanceMinutes(8 * 24 * 60);
  expect(await look()).toEqual({ forgotten: true, pictures: 0, drafts: 1 });
  portal.clock.advanceMinutes(23 * 24 * 60);
  expect(await look()).toEqual({ forgotten: true, pictures: 0, drafts: 0 });
  expect((await (await portal.visitor(person)).get(`/cases/${receipt_no}`)).text).toContain('已办结');
});
