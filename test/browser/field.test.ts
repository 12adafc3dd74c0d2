/** Rounds with a phone over the whole demo: the line is cut, the page is killed, two phones meet at one person. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { graveFindings } from './axe.ts';
import { launchBrowser } from './browser.ts';
import { startDemo, type RunningDemo } from './demo.ts';
import { FieldPhone, handset } from './field-phone.ts';

let demo: RunningDemo;
let browser: Browser;
const first = '910003';
const second = '910007';

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ people: 2000, seed: 20261122 }), launchBrowser()]);
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

interface Neighbour {
  person_id: string;
  name: string;
}
let taken = 0;
/** Somebody of the area whom no other test visits, with a name nobody else has and no workplace on record. */
async function neighbour(): Promise<Neighbour> {
  const [person] = await demo.look<Neighbour>('police',
    `select p.person_id, p.name from population.person p where p.station_code = $1 and p.status = '0' and p.birth_on < '2000-01-01' and p.workplace is null and p.name !~ '·' and char_length(p.name) = 3
       and (select count(*) from population.person o where o.station_code = $1 and o.name = p.name) = 1 order by p.person_id limit 1 offset $2`, [demo.bureau.stations.target, taken++]);
  return person!;
}
const changesOf = (person_id: string) => demo.look<{ old_value: string | null; new_value: string }>('police', `select old_value, new_value from population.alteration where person_id = $1 and item = 'workplace' order by recorded_from`, [person_id]);
const workplaceOf = async (person_id: string) => (await demo.look<{ workplace: string | null }>('police', 'select workplace from population.person where person_id = $1', [person_id]))[0]!.workplace;

test('what is written down at the door is registered while one stands there, and nothing stays on the phone', async () => {
  const { person_id, name } = await neighbour();
  const phone = await FieldPhone.at(browser, demo.office, first);
  await phone.open(name);
  await phone.note('服务处所', '华山社区卫生服务站');
  await phone.state(name, '已登记');
  expect(await workplaceOf(person_id)).toBe('华山社区卫生服务站');
  const left = await phone.page.evaluate(() => new Promise<unknown[]>((resolve) => {
    const opening = indexedDB.open('huzheng-field');
    opening.onsuccess = () => {
      const asked = opening.result.transaction('outbox').objectStore('outbox').getAll();
      asked.onsuccess = () => resolve(asked.result);
    };
  }));
  expect(left).toEqual([]);
});

test('an answer that is lost, a line that is cut and a page that is killed make one registration', async () => {
  const { person_id, name } = await neighbour();
  const phone = await FieldPhone.at(browser, demo.office, first);
  await phone.open(name);
  // The request arrives and its answer does not.
  let swallowed = 0;
  await phone.context.route('**/api/field/persons/*/items', async (route) => {
    await route.fetch();
    swallowed += 1;
    await phone.context.setOffline(true);
    await route.abort('connectionreset');
  });
  await phone.note('服务处所', '只登记一次');
  await phone.state(name, '没有收到系统答复');
  expect([swallowed, await workplaceOf(person_id)]).toEqual([1, '只登记一次']);
  expect(await phone.text()).not.toContain('已登记 ·');
  await phone.context.unroute('**/api/field/persons/*/items');
  await phone.kill();
  await phone.state(name, '在手机上');
  await phone.context.setOffline(false);
  await phone.page.getByRole('button', { name: '再发一次' }).tap();
  await phone.state(name, '已登记');
  expect(await changesOf(person_id)).toEqual([{ old_value: null, new_value: '只登记一次' }]);
  expect(await demo.look('police', `select count(*)::int as cases from cases.case_file where applicant_name = $1 and channel = 'ex_officio'`, [name])).toEqual([{ cases: 1 }]);
});

test('a page killed while it sends has said nothing of being registered, and goes on under the same key', async () => {
  const { person_id, name } = await neighbour();
  const phone = await FieldPhone.at(browser, demo.office, first);
  await phone.open(name);
  const keys: string[] = [];
  let hold: () => void = () => {};
  const held = new Promise<void>((resolve) => (hold = resolve));
  await phone.context.route('**/api/field/persons/*/items', async (route) => {
    keys.push(route.request().headers()['idempotency-key']!);
    if (keys.length > 1) return route.continue();
    await held;
    return route.abort().catch(() => {});
  });
  await phone.note('服务处所', '中途关闭');
  await phone.state(name, '正在发送');
  await phone.kill();
  hold();
  await phone.state(name, '已登记');
  expect(new Set(keys).size).toBe(1);
  expect(await changesOf(person_id)).toHaveLength(1);
});

test('without a line the sheets taken along are read and filled in, survive the page, and are registered when there is one', async () => {
  const phone = await FieldPhone.at(browser, demo.office, first);
  await phone.beginRound();
  await phone.page.getByRole('combobox').selectOption({ index: 1 });
  await phone.page.locator('.cards .card').first().waitFor();
  const name = await phone.page.locator('.cards .card').first().locator('.person strong').first().innerText();
  await phone.tap('带上这一户');
  await phone.page.getByRole('button', { name: '已带上' }).first().waitFor();
  await phone.context.setOffline(true);
  await phone.kill();
  await phone.openTaken(name);
  expect(await phone.page.locator('.sheet .now').first().innerText()).toContain('登记:');
  await phone.note('服务处所', '没有网络时写下');
  await phone.state(name, '在手机上');
  expect(await phone.text()).toContain('还没有登记');
  await phone.context.setOffline(false);
  await phone.state(name, '已登记');
  expect(await demo.look('police', `select count(*)::int as count from population.alteration where new_value = '没有网络时写下'`)).toEqual([{ count: 1 }]);
});

test('two phones at one person: the second is shown both values and decides', async () => {
  const { person_id, name } = await neighbour();
  const [one, two] = [await FieldPhone.at(browser, demo.office, first), await FieldPhone.at(browser, demo.office, second)];
  await one.open(name);
  await two.open(name);
  await one.note('服务处所', '甲单位');
  await one.state(name, '已登记');
  await two.note('服务处所', '乙单位');
  await two.state(name, '内容有冲突');
  expect(await workplaceOf(person_id)).toBe('甲单位');
  await two.page.getByRole('link', { name: '对照处理' }).tap();
  await two.page.locator('.side').first().waitFor();
  const shown = await two.text();
  for (const words of ['现在登记的', '甲单位', '您记录的', '乙单位', '没有登记']) expect(shown).toContain(words);
  expect(await graveFindings(two.page)).toEqual([]);
  await two.tap('确定');
  expect(await two.text()).toContain('请每项都选一个');
  await two.page.getByText('改成我记录的').tap();
  await two.tap('确定');
  await two.state(name, '已登记');
  expect(await changesOf(person_id)).toEqual([{ old_value: null, new_value: '甲单位' }, { old_value: '甲单位', new_value: '乙单位' }]);
});

test('whoever signs out with entries to send is told; they wait for the same officer and no other', async () => {
  const { person_id, name } = await neighbour();
  const phone = await FieldPhone.at(browser, demo.office, first);
  await phone.open(name);
  await phone.context.route('**/api/field/persons/*/items', (route) => route.abort());
  await phone.note('服务处所', '留在手机上');
  await phone.state(name, '没有收到系统答复');
  await phone.tab(/我的/);
  await phone.tap('退出登录');
  expect(await phone.page.getByRole('dialog').innerText()).toContain('还有 1 条记录没有登记');
  await phone.tap('留在手机上并退出');
  await phone.page.getByText('本机还有 1 条没有登记的记录').waitFor();
  await phone.context.unroute('**/api/field/persons/*/items');
  await phone.signIn(second);
  await phone.tab(/待发送/);
  await phone.page.getByText('本机还有其他民警的 1 条记录').waitFor();
  expect([await phone.text().then((text) => text.includes(name)), await workplaceOf(person_id)]).toEqual([false, null]);
  await phone.tab(/我的/);
  await phone.tap('退出登录');
  await phone.signIn(first);
  await phone.tab(/待发送/);
  await phone.state(name, '已登记');
  expect(await changesOf(person_id)).toHaveLength(1);
});

test.each([['zh', 360], ['en', 430]] as const)('no page keeps anybody out, %s at %i px', async (language, width) => {
  const { name } = await neighbour();
  const phone = await FieldPhone.at(browser, demo.office, first, { ...handset, viewport: { width, height: 800 } });
  await phone.beginRound();
  await phone.context.addCookies([{ name: 'huzheng_language', value: language, url: demo.office }]);
  const findings: string[] = [];
  const look = async (): Promise<void> => {
    findings.push(...await graveFindings(phone.page));
    const { wide, small } = await phone.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll<HTMLElement>('button, a.button, a.person, input:not([type=radio]):not([type=checkbox]), select, .option, .tabs a')].filter((one) => one.offsetHeight > 0 && one.offsetHeight < 44).map((one) => one.outerHTML.slice(0, 80)),
    }));
    expect(wide, phone.page.url()).toBeLessThanOrEqual(0);
    expect(small).toEqual([]);
  };
  const [{ person_id }] = await demo.look<{ person_id: string }>('police', 'select person_id from population.person where name = $1 limit 1', [name]) as [{ person_id: string }];
  for (const path of ['/field/', `/field/person/${person_id}`, '/field/outbox', '/field/me']) {
    await phone.page.goto(demo.office + path);
    await phone.page.locator('.tabs').waitFor();
    await phone.page.locator('main form, main h1:not(.unseen), main .segments').first().waitFor();
    await look();
    const begin = phone.page.locator('main form button[type=submit]').first();
    if (path.includes('person') || path === '/field/') {
      await begin.tap();
      await phone.page.locator('.sheet, .segments').first().waitFor();
      await look();
    }
  }
  expect(findings).toEqual([]);
});
