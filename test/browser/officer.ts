/** An officer at the workstation, by keys alone: after the first address nothing is clicked. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { demoPassword } from '../../src/modules/accounts/index.ts';

export const desk: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };

const patienceMs = 15_000;
const codeSeconds = 30;
const roundsMax = 60;

export class Officer {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the workstation and signs in: number, password, code. */
  static async at(browser: Browser, office: string, police_number: string, options: BrowserContextOptions = desk): Promise<Officer> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(patienceMs);
    const officer = new Officer(await context.newPage());
    await officer.page.goto(office);
    await officer.page.getByText('第 1 步,共 2 步').waitFor();
    await officer.type('警号', police_number);
    await officer.type('口令', demoPassword);
    await officer.press('Enter');
    // Whoever signed in a moment ago waits until the next code is good.
    const shown = await officer.page.getByText('演示系统当前动态口令').innerText({ timeout: patienceMs + codeSeconds * 1000 });
    await officer.type('动态口令', /\d{3}\s?\d{3}/.exec(shown)![0]);
    await officer.press('Enter');
    await officer.page.locator('header.top').waitFor();
    return officer;
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** What has the focus: its label, or what it says. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return (element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '').trim();
    });
  }

  /** Goes on by Tab until something of this name has the focus. */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < roundsMax; step++) {
      const now = await this.focused();
      if (now.startsWith(name)) return;
      passed.push(now.slice(0, 30));
      await this.press('Tab');
    }
    throw new Error(`Tab does not lead to ${name}; it passes ${passed.join(' | ')}`);
  }

  /** Types into a field reached by Tab, in place of what it holds. */
  async type(field: string, text: string): Promise<void> {
    await this.tabTo(field);
    await this.press('Control+A');
    await this.page.keyboard.type(text);
  }

  /** Looks at the queue until the applicant's case is there, and opens it from its row. */
  async openCase(applicant: string): Promise<void> {
    if (!(await this.page.locator('.queue-page').isVisible())) await this.press('Escape');
    await this.page.locator('.queue-page').waitFor();
    const row = this.page.locator('a[data-row]', { hasText: applicant });
    for (let round = 0; await row.count() === 0; round++) {
      if (round === roundsMax) throw new Error(`no case of ${applicant} in the queue:\n${await this.page.locator('main').innerText()}`);
      await this.page.waitForTimeout(Math.min(100 * (round + 1), 1000));
      await this.press('r');
    }
    for (let step = 0; !(await this.focused()).includes(applicant); step++) {
      if (step === roundsMax) throw new Error(`the row of ${applicant} cannot be reached`);
      await this.press('j');
    }
    await this.press('Enter');
    await this.page.locator('.case-applicant', { hasText: applicant }).waitFor();
  }

  /** Does an act by its key, fills in its dialog where it has one, and waits until the screen says that it is done. */
  async act(key: string, label: string, dialog?: () => Promise<void>): Promise<void> {
    await this.press(key);
    if (dialog !== undefined) {
      await this.page.getByRole('dialog').waitFor();
      await dialog();
      await this.press('Control+Enter');
    }
    await this.page.locator('.case-news .notice-done', { hasText: `${label}已完成` }).waitFor();
  }

  /** Waits until the scan in sight has been loaded, which counts as having looked at it. */
  async lookAtScans(): Promise<void> {
    await this.page.locator('.scan-pick').first().waitFor();
    const unseen = this.page.locator('.scan-pick:not(.scan-seen)');
    for (let round = 0; await unseen.count() > 0; round++) {
      if (round === roundsMax) throw new Error('a scan does not come to be seen');
      await this.press('Alt+S');
      await this.page.waitForTimeout(50);
    }
  }
}
