/** A citizen at the portal: reads pages, follows links, fills in forms. Works the same with and without JavaScript. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Photograph } from './photograph.ts';

/** The phone most citizens hold. */
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', javaScriptEnabled: false };

/** What a mover answers. */
export interface MoveWishes {
  /** Members of the own household who move, by name; left out, all of them. */
  movers?: readonly string[];
  /** County by its code and what is typed into the address search. */
  area: string;
  street: string;
  /** Codes of the catalogue: why, and in whose dwelling. */
  reason: string;
  housing: string;
  phone: string;
  /** Papers by their names: a photograph of each, or left to the register. */
  papers: Readonly<Record<string, Photograph | 'verify'>>;
}

const roundsMax = 60;
const patienceMs = 15_000;

export class Citizen {
  readonly page: Page;
  readonly portal: string;

  constructor(page: Page, portal: string) {
    this.page = page;
    this.portal = portal;
  }

  static async at(browser: Browser, portal: string, options: BrowserContextOptions = phone): Promise<Citizen> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(patienceMs);
    return new Citizen(await context.newPage(), portal);
  }

  /** Does something that leads to another page, and waits for that page. @throws Error when the page is wider than the phone */
  async #turn(act: () => Promise<unknown>): Promise<void> {
    // The act has the shorter patience, for it knows what was not there.
    await Promise.all([this.page.waitForEvent('domcontentloaded', { timeout: 2 * patienceMs }), act()]);
    const [wide, width] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
    if (wide > width) throw new Error(`${this.page.url()} is ${wide} px wide on a screen of ${width}`);
  }
  open(path: string): Promise<void> {
    return this.#turn(() => this.page.goto(this.portal + path, { waitUntil: 'domcontentloaded' }));
  }
  follow(words: string | RegExp): Promise<void> {
    return this.#turn(() => this.page.getByRole('link', { name: words }).first().click());
  }
  press(words: string): Promise<void> {
    return this.#turn(() => this.page.getByRole('button', { name: words, exact: true }).first().click());
  }
  leaveForLater(): Promise<void> {
    return this.#turn(() => this.page.locator('button[name="_act"][value="later"]').click());
  }
  back(): Promise<void> {
    return this.#turn(() => this.page.goBack());
  }
  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }
  /** Everything that can be read on the page. */
  text(): Promise<string> {
    return this.page.locator('main').innerText();
  }
  path(): string {
    return new URL(this.page.url()).pathname;
  }

  /** Loads the page again until something is there, as somebody does who waits. @throws Error with what was there instead */
  async reloadUntil(selector: string): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      if (await this.page.locator(selector).count() > 0) return;
      await this.page.waitForTimeout(Math.min(100 * (round + 1), 1000));
      await this.page.reload({ waitUntil: 'domcontentloaded' });
    }
    throw new Error(`${selector} did not come to ${this.page.url()}:\n${await this.text()}`);
  }

  /** Both steps of the simulated identity service, on whose page the citizen has arrived. */
  async identifyAs(name: string): Promise<void> {
    await this.page.getByRole('radio', { name }).check();
    await this.press('下一步');
    await this.press('确认登录');
  }
  async signIn(name: string, next = '/'): Promise<void> {
    await this.open(`/sign-in?next=${encodeURIComponent(next)}`);
    await this.identifyAs(name);
  }

  /** From the home page to the task list of a service, signing in on the way. */
  async startMove(name: string, service = '省内跨州市移居'): Promise<void> {
    await this.open('/');
    await this.follow('搬家迁户口');
    await this.follow(service);
    await this.follow('开始办理');
    await this.identifyAs(name);
    await this.press('开始填写');
  }

  /** Picks movers from the household's entry once the register has answered; where the head leaves others behind, the first of them follows. */
  async chooseMovers(names: readonly string[] | undefined): Promise<void> {
    await this.reloadUntil('.member');
    for (const member of await this.page.locator('.member').all()) {
      const name = await member.locator('strong').innerText();
      await member.getByRole('checkbox').setChecked(names === undefined || names.includes(name));
    }
    await this.press('保存并继续');
    const successor = this.page.locator('input[type="radio"][name="new_head_id_number"]').first();
    if (await successor.count() === 0) return;
    await successor.check();
    await this.press('保存并继续');
  }

  choose(name: string, value: string): Promise<void> {
    return this.page.locator(`input[name="${name}"][value="${value}"]`).check();
  }

  /** Finds an address in a county; its choices stand on the page afterwards. */
  async findAddress(area: string, street: string): Promise<void> {
    await this.page.locator('select[name="address_id.area"]').selectOption(area);
    await this.page.locator('input[name="address_id.query"]').fill(street);
    await this.press('查找地址');
  }

  /** From the task list through every page to the check page. */
  async fillMove({ movers, area, street, reason, housing, phone: number, papers }: MoveWishes): Promise<void> {
    await this.follow('谁要迁');
    await this.chooseMovers(movers);
    await this.findAddress(area, street);
    await this.page.locator('.found input[name="address_id"]').first().check();
    await this.choose('household_choice', 'new');
    await this.press('保存并继续');
    await this.page.locator('select[name="reason"]').selectOption(reason);
    await this.choose('housing_basis', housing);
    await this.press('保存并继续');
    await this.page.getByLabel('联系电话').fill(number);
    await this.choose('delivery_mode', 'electronic');
    await this.press('保存并继续');
    for (const [name, paper] of Object.entries(papers)) {
      if (await this.heading() !== name) await this.follow(name);
      await this.supplyPaper(paper);
      await this.press('保存并继续');
    }
    await this.follow('核对并提交');
  }

  /** Settles the paper whose page is open: uploads its photograph, or leaves it to the register. */
  async supplyPaper(paper: Photograph | 'verify'): Promise<void> {
    if (paper === 'verify') {
      await this.page.getByLabel('户口登记里有').check();
      return;
    }
    const way = this.page.getByLabel('拍照上传');
    if (await way.count() > 0) await way.check();
    await this.page.getByLabel('选择照片').setInputFiles(paper);
    await this.press('上传');
  }

  /** Declares and submits what stands on the check page. @returns the receipt number */
  async submit(): Promise<string> {
    await this.page.locator('#declare').check();
    await this.press('提交申请');
    return this.receipt();
  }

  /** The receipt number on the page of a submission. */
  async receipt(): Promise<string> {
    return (await this.page.locator('.receipt strong').innerText()).replace(/\s/g, '');
  }
}
