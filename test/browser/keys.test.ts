/** How many keys a clean case costs one officer at the counter, counted in a real browser. Times are measured by `npm run bench -- keys`. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { graveFindings } from './axe.ts';
import { launchBrowser } from './browser.ts';
import { startDemo, type RunningDemo } from './demo.ts';
import { asTyped, couplesOf, daysAgo, enterBirth, enterCardLoss, enterMove, KeyRobot, moversTo, residentsOf } from './key-robot.ts';
import { Officer } from './officer.ts';

let demo: RunningDemo;
let browser: Browser;
let robot: KeyRobot;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ people: 2000, seed: 20261122 }), launchBrowser()]);
  robot = new KeyRobot(await Officer.at(browser, demo.office, '910001'), demo.reader);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await robot?.page.screenshot({ path: `/tmp/huzheng-keys-${task.name.slice(0, 4)}.png`, fullPage: true }).catch(() => {});
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const entered = async (case_id: string) => (await demo.look<{ service_code: string; state: string; movers: { relation: string }[]; answers: Record<string, unknown> }>('police', 'select service_code, state, movers, answers from cases.case_file where case_id = $1', [case_id]))[0]!;

test('0101 a birth is entered and registered with at most 35 keys: card and certificate are read, the register answers the rest', async () => {
  const [couple] = await couplesOf(demo, demo.bureau.stations.target);
  await robot.open(demo.office, '0101');
  const case_id = await enterBirth(robot, couple!.mother, couple!.father);
  await robot.takeIn('execute');
  expect(robot.keys).toBeLessThanOrEqual(35);
  const { answers, state } = await entered(case_id);
  expect(state).toBe('executed');
  expect(answers).toMatchObject({ mother_id_number: couple!.mother.id_number, father_id_number: couple!.father.id_number, parents_marriage: 'married', parents_share_ethnicity: true, child_ethnicity: couple!.mother.ethnicity, follow_parent: 'mother' });
});

test('0501 the move of a household from another station is entered and accepted with at most 45 keys', async () => {
  const [head] = await moversTo(demo, demo.bureau.stations.target);
  await robot.open(demo.office, '0501');
  const case_id = await enterMove(robot, head!, demo.bureau.stations.target);
  await robot.takeIn('accept');
  expect(robot.keys).toBeLessThanOrEqual(45);
  const { answers, movers, state } = await entered(case_id);
  expect(state).toBe('in_review');
  expect(answers).toMatchObject({ whole_household: true, household_choice: 'new', reason: '99', housing_basis: 'owned' });
  expect(movers.filter(({ relation }) => relation === '02')).toHaveLength(1);
});

test('1303 the loss of a card is entered and accepted with at most 20 keys', async () => {
  const [holder] = await residentsOf(demo, demo.bureau.stations.target);
  await robot.open(demo.office, '1303');
  const case_id = await enterCardLoss(robot, holder!);
  await robot.takeIn('accept');
  expect(robot.keys).toBeLessThanOrEqual(20);
  expect((await entered(case_id)).state).toBe('in_review');
  expect((await entered(case_id)).answers).toMatchObject({ subject_id_number: holder!.id_number, subject_name: holder!.name, delivery_mode: 'pickup' });
});

test('after one case the next form of the service is there by one key, empty, with the focus at its beginning', async () => {
  const [, holder, next] = await residentsOf(demo, demo.bureau.stations.target);
  await robot.open(demo.office, '1303');
  await enterCardLoss(robot, holder!);
  robot.keys = 0;
  await robot.nextCase();
  expect([robot.keys, await robot.entry(), await robot.value('applicant_name'), await robot.value('subject_name')]).toEqual([1, 'applicant_name', '', '']);
  await enterCardLoss(robot, next!);
});

test('a card that differs from what was typed overwrites nothing and says so; one key takes its values', async () => {
  const [, , , typed, other] = await residentsOf(demo, demo.bureau.stations.target);
  await robot.open(demo.office, '0703');
  await robot.chinese(typed!.name);
  await robot.layCard(other!);
  await robot.press('F9');
  await robot.page.getByText('与已填内容不同,没有改动').waitFor();
  expect([await robot.value('applicant_name'), await robot.value('applicant_id_number')]).toEqual([typed!.name, other!.id_number]);
  await robot.press('Alt+u');
  expect(await robot.value('applicant_name')).toBe(other!.name);
});

test.each([
  [{ fault: 'no_card' }, '读卡器上没有证件'], [{ fault: 'unreadable' }, '芯片读不出'], [{ stranger: 'foreign' }, '没有填入表格'], [{ stranger: 'hong_kong_macao_taiwan' }, '没有填入表格'], [{ fault: 'no_device' }, '没有找到设备'],
] as const)('%o fills nothing in and says what to do', async (order, words) => {
  await robot.open(demo.office, '0703');
  await robot.lay(order);
  await robot.press('F9');
  await robot.page.locator('.desk').getByText(words).waitFor();
  expect(await robot.value('applicant_name')).toBe('');
});

test('while an input method composes, no key of the desk acts', async () => {
  await robot.open(demo.office, '0703');
  await robot.lay({ fault: 'no_card' });
  await robot.page.evaluate(() => {
    for (const key of ['F9', 'F2', 'F8']) document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, isComposing: true, bubbles: true, cancelable: true }));
  });
  expect(await robot.page.locator('.desk .notice').count()).toBe(0);
});

test.each(['zh', 'en'])('the desk and the page after entry keep nobody out, %s', async (language) => {
  const residents = await residentsOf(demo, demo.bureau.stations.target);
  const [holder, other] = language === 'zh' ? [residents[5]!, residents[6]!] : [residents[7]!, residents[8]!];
  await robot.open(demo.office, '1303');
  await robot.page.context().addCookies([{ name: 'huzheng_language', value: language, url: demo.office }]);
  await robot.page.reload();
  await robot.page.locator('.desk-acts').waitFor();
  await robot.page.locator('[data-entry="applicant_name"]').focus();
  await robot.layCard(holder);
  await robot.press('F9');
  await robot.page.locator('.desk-members').waitFor();
  // A second card over the first: the difference is on the page.
  await robot.layCard(other);
  await robot.press('F9');
  await robot.page.locator('.reading .notice-warning').waitFor();
  const findings = await graveFindings(robot.page);
  await robot.toNext('lost_on');
  await robot.type(asTyped(daysAgo(2)));
  await robot.press('Alt+a');
  await robot.submit();
  expect([...findings, ...await graveFindings(robot.page)]).toEqual([]);
  await robot.page.context().addCookies([{ name: 'huzheng_language', value: 'zh', url: demo.office }]);
});

test('F1 lists every key of the counter', async () => {
  await robot.open(demo.office, '0703');
  await robot.press('F1');
  const help = await robot.page.getByRole('dialog').innerText();
  for (const words of ['读身份证', '选户内成员', 'Alt+1…9', '下一个必填空项', '下一件']) expect(help).toContain(words);
  await robot.press('Escape');
});
