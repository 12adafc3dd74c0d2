/** Scans at the counter, corrections there, agreeing once they were looked at, and the check of a commitment, in a real browser. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildOffice } from '../../src/programs/office.ts';
import { CaseAtWork, headOf, officesOf, openMove, single, takeAddress, takeFamily, type Acting, type Family, type Offices } from '../harness/case-at-work.ts';
import { demoWorld, type Desk, type World } from '../harness/world.ts';
import { graveFindings } from './axe.ts';
import { launchBrowser } from './browser.ts';
import { desk as deskOptions } from './officer.ts';
import { photographOf, type Photograph } from './photograph.ts';

let world: World;
let offices: Offices;
let office: Awaited<ReturnType<typeof buildOffice>>;
let origin: string;
let browser: Browser;
let deed: Photograph;
let deedBack: Photograph;

const sameCounty = '530102';
const agree = { agree: true, opinion: '同意' };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(async () => {
  world = await demoWorld();
  offices = await officesOf(world);
  const port = await freePort();
  origin = `http://localhost:${port}`;
  // The pages as they are built, with the server behind them.
  office = await buildOffice({ database: world.police.database, clock: world.clock, blobs: world.blobs.police, keys: world.keys.police, office_origin: origin, demo: true, rate_factor: 0 });
  await office.listen({ port, host: '127.0.0.1' });
  browser = await launchBrowser();
  deed = await photographOf('不动产权证书', ['坐落:昆明市五华区新居路', '用途:住宅']);
  deedBack = { ...await photographOf('不动产权证书附图', ['宗地图']), name: '附图.jpg' };
});
afterEach(() => Promise.all(browser?.contexts().map((context) => context.close()) ?? []));
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await world?.close();
});

/** Goes on in the browser as an officer who has signed in. */
async function sitDown({ cookies }: Desk, path: string): Promise<Page> {
  const context = await browser.newContext(deskOptions);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: origin })));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${origin}${path}`);
  return page;
}
const entry = (page: Page, name: string) => page.locator(`[data-entry="${name}"]`).first();
const scansOf = async (case_id: string, code: string): Promise<unknown[]> => (await world.police.owner.query('select attachments from cases.material where case_id = $1 and code = $2 order by version desc limit 1', [case_id, code])).rows[0]?.attachments ?? [];

/** Somebody who lives alone, and the flat in which he is to live. */
async function newcomer(): Promise<{ family: Family; address_id: string; line: string }> {
  const family = await takeFamily(world, sameCounty, single);
  const address_id = await takeAddress(world, offices.target);
  const { rows: [row] } = await world.police.owner.query<{ line: string }>('select line from reference.standard_address where address_id = $1', [address_id]);
  return { family, address_id, line: row!.line };
}

test('scans go with the entry: what is no picture is refused beside its paper, nothing typed or attached is lost', async () => {
  const { family, line } = await newcomer();
  const { name, id_number } = headOf(family);
  const page = await sitDown(offices.officer, '/counter/0501');
  await entry(page, 'applicant_name').fill(name);
  await entry(page, 'applicant_id_number').fill(id_number);
  await entry(page, 'applicant_phone').fill('19900001234');
  await entry(page, 'movers.0.name').fill(name);
  await entry(page, 'movers.0.id_number').fill(id_number);
  await entry(page, 'movers.0.relation').selectOption('02');
  await page.getByRole('group', { name: '是否全户迁移' }).getByLabel('是').check();
  await entry(page, 'address_id').fill(line.slice(-12));
  await page.locator('.picks li').first().click();
  await page.getByLabel('在此地址单独立户').check();
  await entry(page, 'reason').selectOption('99');
  await entry(page, 'housing_basis').selectOption('owned');
  await page.getByLabel('电子文书,自行下载').check();
  await entry(page, 'materials.M01').selectOption('provided');

  const disguised = { name: '产权证.jpg', mimeType: 'image/jpeg', buffer: await sharp(deed.buffer).webp().toBuffer() };
  await entry(page, 'scan.M24').setInputFiles([deed, { name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') }, { name: '坏.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') }, disguised]);
  const material = page.locator('.counter-materials > li', { has: page.locator('[data-entry="scan.M24"]') });
  await material.getByText('已附 2 张').waitFor();
  expect(await material.getByRole('alert').innerText()).toMatch(/合同\.pdf[\s\S]*坏\.jpg/);
  // Whoever scans an original has seen it.
  expect(await entry(page, 'materials.M24').inputValue()).toBe('provided');

  // The browser opens a picture of another kind under this name; the server does not.
  await page.keyboard.press('Control+Enter');
  await page.locator('.counter-form .notice-fault').waitFor();
  expect(await material.getByRole('alert').innerText()).toContain('产权证.jpg');
  expect(await graveFindings(page)).toEqual([]);
  expect([await entry(page, 'applicant_name').inputValue(), await material.locator('.scan-thumb').count()]).toEqual([name, 2]);

  await material.locator('.scan-thumb').nth(1).getByRole('button').click();
  await entry(page, 'scan.M24').setInputFiles([deedBack]);
  await material.getByText('已附 2 张').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('.entered').waitFor();
  const case_id = (await page.locator('.entered a.button').getAttribute('href'))!.split('/').at(-1)!;
  expect(await scansOf(case_id, 'M24')).toHaveLength(2);
});

test('the chief agrees once the scans were looked at, not before', async () => {
  const { family, address_id } = await newcomer();
  const move = await openMove(world, offices.officer, family, family.members, '0501', { address_id });
  await move.act(offices.officer, 'supplement', { items: [{ subject: 'M24', zh: '请补交不动产权证书扫描件。' }] });
  const page = await sitDown(offices.officer, `/case/${move.id}`);
  await page.locator('.act-bar').getByRole('button', { name: '窗口补正' }).waitFor();
  await page.keyboard.press('Alt+c');
  const dialog = page.getByRole('dialog');
  await dialog.locator('[data-entry="scan.M24"]').setInputFiles([deed, deedBack]);
  await dialog.getByText('已附 2 张').waitFor();
  expect(await graveFindings(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await page.locator('.case-news .notice-done', { hasText: '窗口补正已完成' }).waitFor();
  expect(await scansOf(move.id, 'M24')).toHaveLength(2);
  await page.locator('.act-bar').getByRole('button', { name: '受理' }).first().waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('.case-news .notice-done', { hasText: '受理已完成' }).waitFor();

  const chief = await sitDown(offices.chief, `/case/${move.id}`);
  await chief.locator('.act-bar').waitFor();
  await chief.locator('.scan-pick').first().waitFor();
  await chief.keyboard.press('a');
  await chief.getByText(/还有 \d 张必需材料的扫描没有看过/).first().waitFor();
  expect(await chief.getByRole('dialog').count()).toBe(0);
  while (await chief.locator('.scan-pick:not(.scan-seen)').count() > 0) {
    await chief.keyboard.press('Alt+s');
    await chief.waitForTimeout(50);
  }
  await chief.keyboard.press('a');
  await chief.getByRole('dialog').waitFor();
  await chief.keyboard.press('Control+Enter');
  await chief.locator('.case-news .notice-done', { hasText: '同意已完成' }).waitFor();
});

test('at the counter the fields that the list names are mended where they stand', async () => {
  const { family, address_id } = await newcomer();
  const move = await openMove(world, offices.officer, family, family.members, '0501', { address_id });
  await move.act(offices.officer, 'supplement', { items: [{ subject: 'applicant_phone', zh: '电话打不通,请核对。' }] });
  const page = await sitDown(offices.officer, `/case/${move.id}`);
  await page.locator('.act-bar').getByRole('button', { name: '窗口补正' }).waitFor();
  await page.keyboard.press('Alt+c');
  const dialog = page.getByRole('dialog');
  const phone = dialog.locator('[data-entry="applicant_phone"]');
  expect(await phone.inputValue()).toBe('19900001234');
  expect(await phone.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Control+Enter');
  await dialog.getByRole('alert').waitFor();
  await phone.fill('199');
  await page.keyboard.press('Control+Enter');
  await dialog.locator('.field-fault, .fault').first().waitFor();
  await phone.fill('19900005678');
  await page.keyboard.press('Control+Enter');
  await page.locator('.case-news .notice-done', { hasText: '窗口补正已完成' }).waitFor();
  expect((await world.police.owner.query('select answers ->> $2 as phone from cases.case_file where case_id = $1', [move.id, 'applicant_phone'])).rows).toEqual([{ phone: '19900005678' }]);
});

test('what the check of a commitment found is recorded from the list, by keys', async () => {
  const { family, move } = await offices.open('0503', { housing_basis: 'relative' }, { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }] });
  await carryOut(move);
  const page = await sitDown(offices.officer, '/rechecks');
  const row = page.locator('tr', { hasText: family.members[0]!.name });
  await row.waitFor();
  await row.locator('a[data-row]').focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('房屋产权人同意落户书').waitFor();
  await page.keyboard.press('Control+Enter');
  await dialog.getByText('请选择核查结果。').waitFor();
  await dialog.getByLabel('不实').check();
  expect(await dialog.innerText()).toContain('除此之外不对当事人作任何记录');
  expect(await graveFindings(page)).toEqual([]);
  await dialog.getByLabel('核查依据').fill('电话和上门核实,产权人从未同意。');
  await page.keyboard.press('Control+Enter');
  await page.locator('.notice-done', { hasText: '已登记为不实' }).waitFor();
  await row.waitFor({ state: 'detached' });
  expect((await world.police.owner.query('select result from cases.recheck where case_id = $1', [move.id])).rows).toEqual([{ result: 'broken' }]);
});

async function carryOut(move: CaseAtWork): Promise<Acting> {
  await move.act(offices.officer, 'accept');
  await move.act(offices.chief, 'review', agree);
  await move.act(offices.county, 'approve', agree);
  await move.act(offices.old, 'confirm-out');
  return move.act(offices.officer, 'execute');
}
