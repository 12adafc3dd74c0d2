/** A community officer with a phone on a round: taps, types, loses the line. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { demoPassword } from '../../src/modules/accounts/index.ts';

export const handset: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', hasTouch: true, isMobile: true };
const patienceMs = 15_000;
const codeSeconds = 30;

export class FieldPhone {
  readonly context: BrowserContext;
  readonly office: string;
  page: Page;

  constructor(context: BrowserContext, page: Page, office: string) {
    this.context = context;
    this.page = page;
    this.office = office;
  }

  /** Signs in and states the purpose; the pages are on the phone then. */
  static async at(browser: Browser, office: string, police_number: string, options: BrowserContextOptions = handset): Promise<FieldPhone> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(patienceMs);
    const phone = new FieldPhone(context, await context.newPage(), office);
    await phone.page.goto(`${office}/field/`);
    await phone.signIn(police_number);
    await phone.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    return phone;
  }

  async signIn(police_number: string): Promise<void> {
    await this.page.getByLabel('警号').fill(police_number);
    await this.page.getByLabel('口令').fill(demoPassword);
    await this.tap('下一步');
    // Whoever signed in a moment ago waits until the next code is good.
    const shown = await this.page.getByText('演示系统当前动态口令').innerText({ timeout: patienceMs + codeSeconds * 1000 });
    await this.page.getByLabel('动态口令').fill(/\d{6}/.exec(shown)![0]);
    await this.tap('登录');
    await this.page.locator('.tabs').waitFor();
  }

  /** Presses a button by its words. */
  tap(words: string | RegExp): Promise<void> {
    return this.page.getByRole('button', { name: words, exact: typeof words === 'string' }).first().tap();
  }
  tab(words: RegExp): Promise<void> {
    return this.page.locator('.tabs').getByRole('link', { name: words }).tap();
  }

  /** Everything that can be read on the page. */
  text(): Promise<string> {
    return this.page.locator('main').innerText();
  }

  async beginRound(): Promise<void> {
    await this.tab(/^走访/);
    const begin = this.page.getByRole('button', { name: '开始走访' });
    await this.page.locator('.segments').or(begin).first().waitFor();
    if (await begin.isVisible()) await begin.tap();
    await this.page.locator('.segments').waitFor();
  }

  /** Opens somebody's sheet by name. */
  async open(name: string): Promise<void> {
    await this.beginRound();
    await this.page.getByRole('tab', { name: '查人' }).tap();
    await this.page.getByRole('searchbox').fill(name);
    await this.tap('查找');
    await this.page.locator('.person', { hasText: name }).first().tap();
    await this.page.locator('.sheet').waitFor();
  }

  async openTaken(name: string): Promise<void> {
    await this.tab(/^走访/);
    await this.page.getByRole('tab', { name: /^已带上/ }).tap();
    await this.page.locator('.person', { hasText: name }).first().tap();
    await this.page.locator('.sheet').waitFor();
  }

  /** Writes one item down on the open sheet and saves it. */
  async note(item: string, value: string): Promise<void> {
    await this.page.getByLabel(item, { exact: true }).fill(value);
    await this.page.getByText('已当面核对').tap();
    await this.tap(/^(登记|存在手机上)/);
    await this.page.getByRole('heading', { name: '待发送' }).waitFor();
  }

  /** Waits until an entry of this person is in a state, or registered. */
  state(name: string, words: string): Promise<void> {
    return this.page.locator('.card', { hasText: name }).filter({ hasText: words }).first().waitFor();
  }

  /** The page is gone as when the system needs room, and is opened again. */
  async kill(): Promise<void> {
    await this.page.close();
    this.page = await this.context.newPage();
    await this.page.goto(`${this.office}/field/outbox`);
  }
}
