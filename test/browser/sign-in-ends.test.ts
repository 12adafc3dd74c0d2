/** A citizen's sign-in that is about to end, in a real browser whose clock is turned on by hand. */
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { citizenCookie } from '../../src/modules/accounts/index.ts';
import { buildPortal } from '../../src/programs/portal.ts';
import { liMing, openPortal, type Portal } from '../harness/portal.ts';
import { graveFindings } from './axe.ts';
import { launchBrowser } from './browser.ts';

let portal: Portal;
let app: Awaited<ReturnType<typeof buildPortal>>;
let origin: string;
let browser: Browser;
beforeAll(async () => {
  portal = await openPortal();
  const { db, clock, keys, blobs } = portal;
  // The pages as they are built, so that their script runs.
  app = await buildPortal({ database: db.database, clock, keys, blobs, portal_origin: 'http://localhost', identity_issuer: 'http://localhost:1', identity_client_id: 'x', identity_client_secret: 'x', demo: false, rate_factor: 0 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await portal?.close();
});

/** Somebody at a page of a form, who has typed something. */
async function sitDown(): Promise<Page> {
  const visitor = await portal.visitor(liMing);
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 760 } });
  await context.addCookies([{ name: citizenCookie, value: visitor.cookies.get(citizenCookie)!, url: origin }]);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${origin}/apply/0501`);
  await page.locator('main form button').last().click();
  await page.goto(`${page.url()}/section/movers`);
  await page.getByLabel('公民身份号码').last().fill('5301021990');
  return page;
}
const notice = (page: Page) => page.locator('#idle');

test('two minutes before the sign-in ends the page says so, one key stays, and nothing typed is touched', async () => {
  const page = await sitDown();
  await page.clock.fastForward('27:50');
  expect(await notice(page).isVisible()).toBe(false);
  await page.clock.fastForward('00:15');
  await notice(page).waitFor({ state: 'visible' });
  expect(await notice(page).innerText()).toContain('2 分钟后将退出登录');
  expect(await graveFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await notice(page).waitFor({ state: 'hidden' });
  expect(await page.getByLabel('公民身份号码').last().inputValue()).toBe('5301021990');
  // From here it lasts half an hour again.
  await page.clock.fastForward('27:00');
  expect(await notice(page).isVisible()).toBe(false);
  await page.context().close();
});

test('whoever is at work is not warned', async () => {
  const page = await sitDown();
  for (let minute = 0; minute < 40; minute += 10) {
    await page.clock.fastForward('10:00');
    const alive = page.waitForResponse((answer) => answer.url().endsWith('/session'));
    await page.keyboard.press('End');
    await alive;
  }
  expect(await notice(page).isVisible()).toBe(false);
  await page.context().close();
});

test('once it has ended the page keeps what was typed, says how to go on, and goes on after signing in elsewhere', async () => {
  const page = await sitDown();
  await page.clock.fastForward('31:00');
  await notice(page).waitFor({ state: 'visible' });
  expect(await notice(page).innerText()).toContain('已退出登录');
  expect(await notice(page).getByRole('link').getAttribute('target')).toBe('_blank');
  expect(await page.getByLabel('公民身份号码').last().inputValue()).toBe('5301021990');
  // Signed in again in the other window: coming back is enough.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await notice(page).waitFor({ state: 'hidden' });
  await page.context().close();
});
