/**
 * The tale of the README in a real browser over the whole demo, as real processes: citizens on a phone without
 * JavaScript, officers by keys alone, parcels carried by couriers.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { graveFindings } from './axe.ts';
import { launchBrowser } from './browser.ts';
import { Citizen, phone, type MoveWishes } from './citizen.ts';
import { startDemo, type RunningDemo } from './demo.ts';
import { desk, Officer } from './officer.ts';
import { photographOf, type Photograph } from './photograph.ts';

let demo: RunningDemo;
let browser: Browser;
let titleDeed: Photograph;
let consent: Photograph;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ people: 2000, seed: 20261122 }), launchBrowser()]);
  titleDeed = await photographOf('不动产权证书', ['坐落:昆明市五华区安居路', '用途:住宅']);
  consent = await photographOf('房屋产权人同意落户书', ['本人同意亲属落户。']);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await keepPictures(task.name);
  // A page that is left open is of no use to the next test.
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The cast by its part: see the demo bureau. */
const part = (about: string) => demo.bureau.citizens.find((citizen) => citizen.about.zh.includes(about))!;
const officerOf = (post: string, where: 'target' | 'origin' | 'county'): string => {
  const stations: Record<string, string> = { target: '91', origin: '92', county: '93' };
  return demo.bureau.officers.find((officer) => officer.post.zh === post && officer.police_number.startsWith(stations[where]!))!.police_number;
};
const signedIn = (post: string, where: 'target' | 'origin' | 'county' = 'target') => Officer.at(browser, demo.office, officerOf(post, where));
const onPhone = () => Citizen.at(browser, demo.portal);

/** A flat in which nobody is registered, in the area of the target station; each house has twenty-four. */
const newFlat = (building: number): Pick<MoveWishes, 'area' | 'street'> => ({ area: '530102', street: `安居路${demo.bureau.stations.target.slice(6, 8)}号${building}幢` });
const ownFlat = (applicant: { phone: string }): Omit<MoveWishes, 'area' | 'street'> => ({ reason: '99', housing: 'owned', phone: applicant.phone, papers: { 不动产权证书: titleDeed } });

interface Living {
  name: string;
  household_id: string;
  station_code: string;
  address: string;
}
/** Where somebody is registered now. */
const homesOf = (names: readonly string[]) => demo.look<Living>('police',
  `select p.name, h.household_id, h.station_code, a.line as address from population.person p join population.membership m on m.person_id = p.person_id
   join population.household h on h.household_id = m.household_id join reference.standard_address a on a.address_id = h.address_id where p.name = any($1) and upper_inf(m.period) order by p.name`, [names]);

describe('a family moves from Dali to Kunming', () => {
  let receipt = '';
  let family: string[] = [];
  let before: Living[] = [];

  test('the family declares it once, on a phone without JavaScript, and pressing again gives the same receipt', async () => {
    const head = part('一家四口');
    const citizen = await onPhone();
    await citizen.startMove(head.name);
    expect(await citizen.text()).toMatch(/已完成 0 \/ 4[\s\S]*谁要迁[\s\S]*未填写[\s\S]*不用您交的材料/);
    await citizen.fillMove({ ...newFlat(1), ...ownFlat(head) });

    family = await citizen.page.locator('.answers', { hasText: '谁要迁' }).locator('dt').allInnerTexts();
    family = family.filter((name) => !name.startsWith('是否'));
    expect(family).toHaveLength(4);
    before = await homesOf(family);
    expect(before.map((home) => home.station_code)).toEqual(family.map(() => demo.bureau.stations.origin));
    const check = await citizen.text();
    for (const words of [head.id_number, '安居路', '在此地址单独立户', '不动产权证书', '已上传 1 张', '迁入地派出所', '我同意将所列人员的户口迁出']) expect(check).toContain(words);

    const beside = new Citizen(await citizen.page.context().newPage(), demo.portal);
    await beside.open(citizen.path());
    receipt = await citizen.submit();
    expect(receipt).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(await beside.submit()).toBe(receipt);
    await citizen.back();
    await citizen.open(citizen.path());
    expect(citizen.path()).toBe(`/cases/${receipt}`);
    expect(await demo.look('internet', 'select receipt_no from portal.application')).toEqual([{ receipt_no: receipt }]);
  });

  test('four officers take it to its end by keys alone', async () => {
    const { name } = part('一家四口');
    const officer = await signedIn('户籍民警');
    await officer.openCase(name);
    await officer.page.getByText('项全部通过').waitFor();
    await officer.act('Control+Enter', '受理');

    const chief = await signedIn('所长');
    await chief.openCase(name);
    await chief.lookAtScans();
    await chief.act('a', '同意', async () => {});

    const county = await signedIn('户政科科长', 'county');
    await county.openCase(name);
    await county.lookAtScans();
    await county.act('a', '同意', () => county.type('意见', '符合规定,同意迁入。'));

    const origin = await signedIn('户籍民警', 'origin');
    await origin.openCase(name);
    await origin.act('Alt+O', '确认迁出', async () => {});

    await officer.openCase(name);
    await officer.act('Alt+B', '办结', async () => {
      expect(await officer.page.getByRole('dialog').innerText()).toMatch(/予以销户[\s\S]*新立一户/);
    });
    await officer.press('t');
    await officer.page.getByText('证据链完整').waitFor();
    expect(await officer.page.locator('table tbody tr').count()).toBe(6);
  });

  test('the register has one movement for each mover, both households, and nobody in two places', async () => {
    const after = await homesOf(family);
    expect(after.map(({ name }) => name)).toEqual([...family].sort());
    expect(new Set(after.map(({ station_code }) => station_code))).toEqual(new Set([demo.bureau.stations.target]));
    expect(new Set(after.map(({ household_id }) => household_id)).size).toBe(1);
    expect(after[0]!.address).toContain('安居路');
    const households = await demo.look('police', 'select status from population.household where household_id = any($1) order by status', [[before[0]!.household_id, after[0]!.household_id]]);
    expect(households).toEqual([{ status: 'active' }, { status: 'closed' }]);
    const movements = await demo.look<{ name: string }>('police',
      `select p.name from population.movement v join population.person p using (person_id) join cases.case_file c on c.case_id = v.case_id where c.receipt_no = $1 and v.out_household_id = $2 and v.in_household_id = $3 order by p.name`,
      [receipt, before[0]!.household_id, after[0]!.household_id]);
    expect(movements.map(({ name }) => name)).toEqual([...family].sort());
    expect(await demo.look('police', 'select person_id from population.membership where upper_inf(period) group by person_id having count(*) > 1')).toEqual([]);
  });

  test('the citizen sees it done, holds the notice and the message, and sees who looked', async () => {
    const head = part('一家四口');
    const citizen = await onPhone();
    await citizen.signIn(head.name, `/cases/${receipt}`);
    await citizen.reloadUntil('a:has-text("户口登记办结通知书")');
    expect(await citizen.text()).toMatch(/已办结.户口登记已更新/);
    expect(await citizen.page.locator('.stages li.past').count()).toBe(4);
    const [download] = await Promise.all([citizen.page.waitForEvent('download'), citizen.page.getByRole('link', { name: '户口登记办结通知书' }).click()]);
    expect(readFileSync(await download.path()).subarray(0, 5).toString()).toBe('%PDF-');

    const messages = await eventually(async () => {
      const { messages: all } = await (await fetch(`${demo.sms}/messages`)).json() as { messages: { phone: string; text: string }[] };
      const own = all.filter((message) => message.phone === head.phone).map(({ text }) => text);
      return own.some((text) => text.includes('已办结')) ? own : undefined;
    }, 'the message that it is done');
    expect(messages.some((text) => text.includes('已受理'))).toBe(true);
    expect(messages.join()).not.toContain(head.name);

    await citizen.open('/record/access');
    await citizen.reloadUntil('.looks li');
    const looks = await citizen.page.locator('.looks').innerText();
    const station = demo.bureau.officers.find(({ police_number }) => police_number === officerOf('户籍民警', 'target'))!;
    expect(looks).toContain(station.office);
    expect(looks).toContain('户籍民警');
    expect(looks).not.toContain(station.name);
  });
});

test('what is missing is told once and completely, and answered in one go', async () => {
  const head = part('独自迁出');
  const citizen = await onPhone();
  await citizen.startMove(head.name);
  await citizen.fillMove({ ...newFlat(2), movers: [head.name], reason: '31', housing: 'relative', phone: head.phone, papers: { 房屋产权人同意落户书: consent, 亲属关系证明材料: 'verify' } });
  const receipt = await citizen.submit();

  const officer = await signedIn('户籍民警');
  await officer.openCase(head.name);
  await officer.act('Control+M', '一次性告知补正', async () => {
    expect(await officer.focused()).toBe('第 1 项');
    await officer.tabTo('+ 另加一项');
    await officer.press('Enter');
    await officer.press('Shift+Tab', 'Shift+Tab');
    await officer.page.keyboard.type('请说明与产权人的关系。');
    await officer.page.getByText('发出告知(2 项)').waitFor();
  });

  await citizen.open(`/cases/${receipt}`);
  await citizen.reloadUntil('a:has-text("现在补正")');
  expect(await citizen.text()).toContain('补正 2 处');
  await citizen.follow('现在补正');
  expect(await citizen.text()).toContain('请说明与产权人的关系。');
  await citizen.press('提交补正');
  expect(await citizen.page.locator('#faults a').count()).toBe(1);
  await citizen.supplyPaper(await photographOf('亲属关系证明', ['兹证明两人为兄弟。']));
  await citizen.page.getByLabel('要向民警说明的').fill('产权人是我的哥哥。');
  await citizen.press('提交补正');
  expect(await citizen.text()).toContain('您已于');

  await officer.openCase(head.name);
  await officer.page.getByText('产权人是我的哥哥').waitFor();
  await officer.act('Control+Enter', '受理');
  await citizen.reloadUntil('.stages .current-accepted');
});

test('whatever is wrong on a page is told at once, each line leads to its field, and nothing typed is lost', async () => {
  const person = part('生僻字');
  const citizen = await onPhone();
  await citizen.startMove(person.name);
  await citizen.follow('谁要迁');
  await citizen.reloadUntil('.member');
  await citizen.press('还有别人一起迁');
  const typed = citizen.page.locator('fieldset.person');
  await typed.getByLabel('姓名').fill('李小明');
  await typed.getByLabel('公民身份号码').fill('530102201806019031');
  await citizen.press('保存并继续');
  expect(await citizen.page.title()).toMatch(/^错误.谁要迁/);
  const faults = citizen.page.locator('#faults a');
  expect(await faults.count()).toBeGreaterThan(1);
  expect(await citizen.page.locator('#faults').innerText()).toMatch(/公民身份号码/);
  for (const link of await faults.all()) {
    const target = (await link.getAttribute('href'))!.slice(1);
    expect(await citizen.page.locator(`[id="${target}"]`).count(), target).toBe(1);
  }
  expect([await typed.getByLabel('姓名').inputValue(), await typed.getByLabel('公民身份号码').inputValue()]).toEqual(['李小明', '530102201806019031']);

  // Left half-way and come back to: still there.
  await citizen.leaveForLater();
  expect(await citizen.text()).toContain('需改正');
  await citizen.follow('谁要迁');
  expect(await citizen.page.locator('fieldset.person').getByLabel('公民身份号码').inputValue()).toBe('530102201806019031');
});

test('while the inner side is down the portal gives receipts, and the case comes when it is back', async () => {
  const person = part('间隔号');
  const citizen = await onPhone();
  await citizen.signIn(person.name, '/record');
  await citizen.reloadUntil('.people');
  const inner = ['office.ts', 'worker.ts --network police', 'courier.ts --network police'] as const;
  demo.freeze(...inner);
  let receipt: string;
  try {
    await citizen.open('/event/move_home');
    await citizen.follow('州市内跨县移居');
    await citizen.follow('开始办理');
    await citizen.press('开始填写');
    await citizen.fillMove({ ...newFlat(2), street: `${newFlat(2).street}1单元6`, movers: [person.name], ...ownFlat(person) });
    receipt = await citizen.submit();
    await citizen.follow('查看办理进度');
    expect(await citizen.text()).toContain('正在送往公安机关');
  } finally {
    demo.thaw(...inner);
  }
  const officer = await signedIn('户籍民警');
  await officer.openCase(person.name);
  await citizen.reloadUntil('.history li');
  expect(await citizen.text()).toContain('申请已到达');
  expect(await demo.look('police', 'select count(*)::int as count from cases.case_file where receipt_no = $1', [receipt])).toEqual([{ count: 1 }]);
});

describe('nobody is kept out', () => {
  test.each([['standard', ''], ['larger', 'elder=on'], ['English', 'language=en']])('pages of citizens, %s view', async (_view, preference) => {
    const head = part('独自迁出');
    const citizen = await Citizen.at(browser, demo.portal, { ...phone, javaScriptEnabled: true });
    await citizen.signIn(head.name);
    await citizen.open(`/preferences?${preference}&back=/`);
    const [application] = await demo.look<{ receipt_no: string }>('internet', 'select receipt_no from portal.application order by submitted_at limit 1 offset 1');
    const findings: string[] = [];
    const look = async (path: string): Promise<void> => {
      await citizen.open(path);
      findings.push(...await graveFindings(citizen.page));
    };
    for (const path of ['/', '/guide', '/event/move_home', '/guide/0503', '/find?q=搬家', '/help', '/offline-ways?q=大观', '/preferences', '/applications', '/record', '/record/access', '/nothing/here', '/apply/0503']) await look(path);
    for (const path of ['', '/submitted', '/withdraw']) await look(`/cases/${application!.receipt_no}${path}`);
    await citizen.open('/apply/0503');
    await Promise.all([citizen.page.waitForURL(/\/applications\//), citizen.page.locator('main form button').first().click()]);
    const draft = citizen.path();
    for (const path of ['', '/section/movers', '/section/target', '/section/reason', '/section/delivery', '/check', '/delete']) await look(draft + path);
    // Faults of a page that was sent empty.
    await citizen.open(`${draft}/section/delivery`);
    await Promise.all([citizen.page.waitForEvent('domcontentloaded'), citizen.page.locator('#form .actions .button').click()]);
    expect(await citizen.page.locator('#faults').count()).toBe(1);
    findings.push(...await graveFindings(citizen.page));
    expect(findings).toEqual([]);
  });

  test.each(['zh', 'en'])('screens of officers, %s', async (language) => {
    const officer = await signedIn('户籍民警');
    await officer.page.context().addCookies([{ name: 'huzheng_language', value: language, url: demo.office }]);
    const [open] = await demo.look<{ case_id: string }>('police', `select case_id from cases.case_file where state = 'submitted' limit 1`);
    const [closed] = await demo.look<{ case_id: string }>('police', `select case_id from cases.case_file where state = 'executed' limit 1`);
    const findings: string[] = [];
    const look = async (path: string, settled: string): Promise<void> => {
      await officer.page.goto(demo.office + path);
      await officer.page.locator(settled).first().waitFor();
      findings.push(...await graveFindings(officer.page));
    };
    await look('/queue', 'a[data-row]');
    await look(`/case/${open!.case_id}`, '.act-bar button');
    await officer.press('Control+M');
    await officer.page.getByRole('dialog').waitFor();
    findings.push(...await graveFindings(officer.page));
    await look(`/case/${closed!.case_id}/timeline`, 'table tbody tr');
    await officer.press('F1');
    await officer.page.getByRole('dialog').waitFor();
    findings.push(...await graveFindings(officer.page));
    await look('/persons', 'h1');
    await look('/counter', 'h1');
    await look('/counter/0503', 'form');
    await look('/messages', 'h1');
    await look('/me', 'h1');
    const chief = await Officer.at(browser, demo.office, demo.bureau.officers.find((one) => one.post.zh === '省厅户政处处长')!.police_number);
    await chief.page.goto(`${demo.office}/exchange`);
    await chief.page.locator('table').first().waitFor();
    findings.push(...await graveFindings(chief.page));
    const stranger = await browser.newPage(desk);
    await stranger.goto(demo.office);
    await stranger.locator('form').waitFor();
    findings.push(...await graveFindings(stranger));
    expect(findings).toEqual([]);
  });
});

/** What a failed test had on its screens; the place is said with the failure. */
async function keepPictures(name: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-failed-'));
  for (const [at, page] of browser.contexts().flatMap((context) => context.pages()).entries()) await page.screenshot({ path: join(directory, `${at}.png`), fullPage: true }).catch(() => {});
  console.error(`${name}: ${directory}`);
}

/** Looks again until there is an answer. */
async function eventually<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let round = 0; round < 100; round++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, Math.min(50 * (round + 1), 500)));
  }
  throw new Error(`${what} did not come`);
}
