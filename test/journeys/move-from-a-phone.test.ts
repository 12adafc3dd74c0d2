/** A move declared on a phone: through the portal, over the exchange, past the officers, and back to the phone. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ferryUntilQuiet } from '../../src/modules/exchange/index.ts';
import { checkCharacter } from '../../src/modules/reference/index.ts';
import { agree, caseOfReceipt, countyOf, mayMoveWhole, postAt, single, takeFamily, type CaseAtWork, type Family } from '../harness/case-at-work.ts';
import { openPhones, type Person, type Phones } from '../harness/phones.ts';
import type { Shown, Visitor } from '../harness/visitor.ts';
import type { Desk, World } from '../harness/world.ts';

let phones: Phones;
let world: World;
let photo: { name: string; bytes: Uint8Array };
let officer: Desk;
let chief: Desk;
let county: Desk;
let old: Desk;

beforeAll(async () => {
  phones = await openPhones();
  ({ world } = phones);
  photo = { name: '不动产权证.jpg', bytes: await sharp({ create: { width: 1000, height: 700, channels: 3, background: '#f4efe6' } }).jpeg().toBuffer() };
  const { target, origin } = world.bureau.stations;
  [officer, chief, county, old] = await Promise.all([postAt(world, 'station_officer', target), postAt(world, 'station_chief', target), postAt(world, 'county_section_chief', countyOf(target)), postAt(world, 'station_officer', origin)]);
});
afterAll(() => phones.close());

const draftOf = (shown: Shown): string => /\/applications\/([0-9a-f-]{36})/.exec(shown.html)![1]!;
const receiptOf = (shown: Shown): string => /\/cases\/([0-9A-Z]{8})/.exec(shown.html)![1]!;
const head = (family: Family): Person => family.members[0]!;
const farFamily = (shape: (family: Family) => boolean = mayMoveWhole) => takeFamily(world, world.bureau.stations.origin, shape);
const firstPhone = '19900001234';
let flats = 0;

/** Begins an application and waits for the answer of the register, as the household's entry comes by parcel. */
async function begin(visitor: Visitor): Promise<string> {
  const draft_id = draftOf(await visitor.press((await visitor.get('/apply/0503')).form));
  await world.settle();
  return draft_id;
}

/** From the first page to the check page: everybody of the household moves to a flat of their own, and with them perhaps somebody typed by hand. */
async function fill(visitor: Visitor, draft_id: string, other?: { name: string; id_number: string }): Promise<Shown> {
  const section = (name: string) => visitor.get(`/applications/${draft_id}/section/${name}`);
  let { form } = await section('movers');
  if (other !== undefined) {
    ({ form } = await visitor.press(form, '_act=add'));
    const row = form.names.findLast((name) => name.endsWith('.id_number'))!.split('.')[1];
    form.fill({ [`movers.${row}.name`]: other.name, [`movers.${row}.id_number`]: other.id_number, [`movers.${row}.relation`]: '99' });
  }
  const picks = form.names.filter((name) => name.startsWith('movers.pick.'));
  expect(picks).not.toEqual([]);
  await mustGoOn(visitor.press(form.fill(Object.fromEntries(picks.map((name) => [name, 'yes'])))));
  const { form: found } = await visitor.press((await section('target')).form.fill({ 'address_id.area': '530102', 'address_id.query': `安居路${world.bureau.stations.target.slice(6, 8)}号` }), '_act=find:address_id');
  await mustGoOn(visitor.press(found.fill({ address_id: found.optionsOf('address_id')[flats++ % 10]!, household_choice: 'new' })));
  await mustGoOn(visitor.press((await section('reason')).form.fill({ reason: '99', housing_basis: 'owned' })));
  await mustGoOn(visitor.press((await section('delivery')).form.fill({ delivery_mode: 'electronic', applicant_phone: firstPhone })));
  await mustGoOn(visitor.press((await visitor.get(`/applications/${draft_id}/materials/M24`)).form.fill({ 'M24.way': 'provided' }).attach('M24.files', photo)));
  return visitor.get(`/applications/${draft_id}/check`);
}
async function mustGoOn(page: Promise<Shown>): Promise<void> {
  const { status, faults, path } = await page;
  expect([status, faults], path).toEqual([200, []]);
}
const submit = (visitor: Visitor, check: Shown): Promise<Shown> => visitor.press(check.form.fill({ declare: 'yes' }));

/** A family at the portal whose application has reached the station. */
async function apply(family: Family): Promise<{ visitor: Visitor; receipt_no: string; move: CaseAtWork }> {
  const visitor = await phones.signIn(head(family));
  const receipt_no = receiptOf(await submit(visitor, await fill(visitor, await begin(visitor))));
  await world.settle();
  return { visitor, receipt_no, move: await caseOfReceipt(world, receipt_no) };
}
/** What the tracker says once everything has been carried. */
async function tracker(visitor: Visitor, receipt_no: string): Promise<Shown> {
  await world.settle();
  return visitor.get(`/cases/${receipt_no}`);
}

test('a family declares its move once; every step of the officers comes back to the phone, and the notices are papers', async () => {
  const family = await farFamily((one) => mayMoveWhole(one) && one.members.length >= 3);
  const { visitor, receipt_no, move } = await apply(family);
  expect((await tracker(visitor, receipt_no)).text).toContain('申请已到达');
  const view = await move.view<{ movers: { found: boolean }[]; checks: { rule: string; passed: boolean }[]; materials: { code: string; state: string }[] }>(officer);
  expect(view.movers.map(({ found }) => found)).toEqual(family.members.map(() => true));
  expect(view.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(view.materials.map(({ code, state }) => [code, state])).toEqual([['M01', 'certificate'], ['M24', 'provided']]);

  await move.act(officer, 'accept');
  expect((await tracker(visitor, receipt_no)).text).toMatch(/已受理,预计 .*前办结/);
  await move.act(chief, 'review', agree);
  await move.act(county, 'approve', agree);
  expect((await tracker(visitor, receipt_no)).text).toContain('已审批同意');
  await move.act(old, 'confirm-out');
  await move.act(officer, 'execute');
  const done = await tracker(visitor, receipt_no);
  expect(done.text).toContain('已办结,户口登记已更新');
  expect(done.text).not.toContain('撤回申请');

  const papers = done.links.filter(({ href }) => href.includes('/notices/'));
  expect(papers.map(({ text }) => text)).toEqual([expect.stringContaining('户政业务受理回执'), expect.stringContaining('户口登记办结通知书')]);
  for (const { href } of papers) {
    const paper = await visitor.get(href);
    expect([paper.status, paper.headers['content-type'], paper.bytes.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']);
  }
  const { rows } = await world.police.owner.query('select person_id from population.membership where upper_inf(period) and person_id = any($1)', [family.members.map(({ person_id }) => person_id)]);
  expect(rows).toHaveLength(family.members.length);
});

test('the log shows the citizen which unit and post looked and why, and never a name', async () => {
  const family = await farFamily();
  const { visitor, receipt_no, move } = await apply(family);
  await move.view(officer);
  expect((await visitor.get('/record/access')).text).toContain('正在向户口登记查询');
  await world.settle();
  const log = await visitor.get('/record/access');
  const { office, name } = world.bureau.officers.find(({ police_number }) => police_number === officer.police_number)!;
  for (const words of [office, '户籍民警', '办理业务']) expect(log.text).toContain(words);
  expect(log.text).not.toContain(name);
  expect(log.links.some(({ href }) => href === `/cases/${receipt_no}`)).toBe(true);
});

test('what is missing is told once with all of it, answered in one go, and the case goes on', async () => {
  const family = await farFamily();
  const { visitor, receipt_no, move } = await apply(family);
  await move.act(officer, 'supplement', { items: [{ subject: 'M24', zh: '请补交“不动产权证书”写有坐落的一页。' }, { subject: 'applicant_phone', zh: '电话打不通,请核对。' }] });
  const asked = await tracker(visitor, receipt_no);
  expect(asked.text).toContain('补正 2 处');
  const page = await visitor.get(`/cases/${receipt_no}/correct`);
  expect(page.text).toContain('写有坐落的一页');
  const wrong = await visitor.press(page.form.fill({ applicant_phone: '123' }), '_act=send');
  expect([wrong.status, wrong.faults.length]).toEqual([422, 2]);
  const sent = await visitor.press(wrong.form.fill({ 'M24.way': 'provided', applicant_phone: '19900005678', note: '原来的号码停用了。' }).attach('M24.files', photo), '_act=send');
  expect(sent.text).toContain('您已于');
  expect((await visitor.get(`/cases/${receipt_no}/correct`)).text).toContain('没有需要补正的内容');
  expect((await tracker(visitor, receipt_no)).text).toContain('已收到您的补正');
  expect((await move.row())['applicant_phone']).toBe('19900005678');
  expect(await move.view<{ corrections: { answer: { note: string } } }>(officer)).toMatchObject({ corrections: { count: 1, answer: { note: '原来的号码停用了。' } } });
  await move.act(officer, 'accept');
  expect((await tracker(visitor, receipt_no)).text).toContain('已受理');
});

test('who is refused reads the reason, its law and the remedy, and holds the decision', async () => {
  const { visitor, receipt_no, move } = await apply(await farFamily());
  await move.act(officer, 'refuse-acceptance', { reason_code: 'not_entitled', reason: '产权人不是申请人或其亲属。' });
  const refused = await tracker(visitor, receipt_no);
  for (const words of ['不予受理', '产权人不是申请人或其亲属', '第三十九条', '行政复议', '行政诉讼', '不予受理通知书']) expect(refused.text).toContain(words);
  expect(refused.text).not.toContain('撤回申请');
});

test('an application taken back ends, and the officer finds it ended', async () => {
  const { visitor, receipt_no, move } = await apply(await farFamily());
  const asked = await visitor.press((await visitor.get(`/cases/${receipt_no}/withdraw`)).form.fill({ reason: '暂时不迁了。' }));
  expect(asked.text).toContain('申请撤回');
  expect((await tracker(visitor, receipt_no)).text).toContain('申请已撤回');
  expect((await move.row())['state']).toBe('withdrawn');
  expect((await move.try(officer, 'accept')).status).toBe(409);
  expect((await visitor.get(`/cases/${receipt_no}/withdraw`)).text).toContain('不能再撤回');
});

test('a receipt is given while the police side does not run, and the case comes when it does', async () => {
  const visitor = await phones.signIn(head(await farFamily()));
  const check = await fill(visitor, await begin(visitor));
  const receipt_no = receiptOf(await submit(visitor, check));
  const casesOf = async () => (await world.police.owner.query('select count(*)::int as n from cases.case_file where receipt_no = $1', [receipt_no])).rows[0].n as number;
  await ferryUntilQuiet([world.couriers[1]!]);
  expect((await visitor.get(`/cases/${receipt_no}`)).text).toContain('正在送往公安机关');
  expect(await casesOf()).toBe(0);
  expect((await tracker(visitor, receipt_no)).text).toContain('申请已到达');
  expect(await casesOf()).toBe(1);
});

test('a second press, a reload and another window give the receipt of the first, and one case', async () => {
  const visitor = await phones.signIn(head(await farFamily()));
  const check = await fill(visitor, await begin(visitor));
  const form = check.form.fill({ declare: 'yes' });
  const places = (await Promise.all([1, 2, 3].map(() => visitor.pressOnce(form)))).map(({ headers }) => headers['location']);
  expect(new Set(places).size).toBe(1);
  const receipt_no = /[0-9A-Z]{8}/.exec(String(places[0]))![0];
  await world.settle();
  expect((await world.police.owner.query('select count(*)::int as n from cases.case_file where receipt_no = $1', [receipt_no])).rows[0].n).toBe(1);
});

test('after four hours without a receipt from the inner side nothing new is taken, drafts stay, and then it goes on', async () => {
  const family = await farFamily();
  let visitor = await phones.signIn(head(family));
  const draft_id = await begin(visitor);
  const ready = await fill(visitor, draft_id);
  // Somebody's question is on its way, and nobody answers.
  const stranger = await phones.signIn(head(await farFamily()));
  await stranger.get('/record');
  world.clock.advanceMinutes(4 * 60 + 1);

  visitor = await phones.signIn(head(family));
  const closed = await visitor.get(`/applications/${draft_id}/check`);
  expect(closed.text).toContain('现在不能提交');
  expect(closed.text).not.toContain('提交申请');
  const forced = await visitor.press(closed.form.fill({ declare: 'yes' }));
  expect([forced.status, forced.text.includes('不用重填')]).toEqual([503, true]);
  // Filling in goes on meanwhile.
  const delivery = await visitor.get(`/applications/${draft_id}/section/delivery`);
  expect((await visitor.press(delivery.form.fill({ applicant_phone: '19900009999' }))).status).toBe(200);

  await world.settle();
  const open = await visitor.get(`/applications/${draft_id}/check`);
  expect(open.text).toContain('19900009999');
  expect(open.text.replace('19900009999', firstPhone)).toBe(ready.text);
  expect(receiptOf(await submit(visitor, open))).toMatch(/^[0-9A-Z]{8}$/);
  await world.settle();
});

test('no page of the portal tells whether a number is somebody’s', async () => {
  const stranger = head(await takeFamily(world, world.bureau.stations.origin, single));
  const digits = `${stranger.id_number.slice(0, 6)}19881231${stranger.id_number.slice(14, 17)}`;
  const nobody = { name: stranger.name, id_number: digits + checkCharacter(digits) };
  expect((await world.police.owner.query('select from population.person where id_number = $1', [nobody.id_number])).rowCount).toBe(0);

  const seen: string[][] = [];
  for (const other of [stranger, nobody, { ...nobody, id_number: stranger.id_number, name: '王建国' }]) {
    const visitor = await phones.signIn(head(await farFamily(single)));
    const check = await fill(visitor, await begin(visitor), other);
    const submitted = await submit(visitor, check);
    const receipt_no = receiptOf(submitted);
    const pages = [check, submitted, await visitor.get(`/cases/${receipt_no}`), await tracker(visitor, receipt_no)];
    seen.push(pages.map((page) => alike(page, receipt_no, other)));
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);

  /** A page without what differs from one applicant to the next. */
  function alike({ text }: Shown, receipt_no: string, other: { name: string; id_number: string }): string {
    return text.replaceAll(`${receipt_no.slice(0, 4)} ${receipt_no.slice(4)}`, 'R').replaceAll(other.id_number, 'N').replaceAll(other.name, 'O').replace(/\d{18,}|\d{17}[\dX]|\d{6}\*{8}[\dX]{4}|199\d{8}|\d+单元\d+室/g, '#').replace(/申请人 \S+|谁要迁 \S+/g, '');
  }
});
