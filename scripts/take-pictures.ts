/** `npm run pictures`: plays the tale of the README on a demo of its own and keeps pictures of it in docs/pictures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launchBrowser } from '../test/browser/browser.ts';
import { Citizen, phone, type MoveWishes } from '../test/browser/citizen.ts';
import { startDemo } from '../test/browser/demo.ts';
import { Officer } from '../test/browser/officer.ts';
import { photographOf } from '../test/browser/photograph.ts';

const folder = join(import.meta.dirname, '../docs/pictures');
/** A README is read over poor lines too. */
const bytesMax = 300 * 1024;

/** @param height of the part that shows something, from the top */
async function keep(page: Page, name: string, height?: number): Promise<void> {
  await page.waitForLoadState('networkidle');
  const { width, height: whole } = page.viewportSize()!;
  const picture = await sharp(await page.screenshot({ clip: { x: 0, y: 0, width, height: height ?? whole } })).png({ palette: true, quality: 90, effort: 10 }).toBuffer();
  if (picture.length > bytesMax) throw new Error(`${name} takes ${picture.length} bytes of ${bytesMax}`);
  writeFileSync(join(folder, `${name}.png`), picture);
  console.log(`docs/pictures/${name}.png  ${Math.round(picture.length / 1024)} KB`);
}

mkdirSync(folder, { recursive: true });
const [demo, browser] = await Promise.all([startDemo({ people: 5000, seed: 20261122 }), launchBrowser()]);
try {
  const { bureau, portal, office } = demo;
  const part = (about: string) => bureau.citizens.find((citizen) => citizen.about.zh.includes(about))!;
  const onPhone = () => Citizen.at(browser, portal, { ...phone, deviceScaleFactor: 2 });
  const atDesk = (post: string, where: string) => Officer.at(browser, office, bureau.officers.find((officer) => officer.post.zh === post && officer.police_number.startsWith(where))!.police_number);
  const street = `安居路${bureau.stations.target.slice(6, 8)}号`;
  const wishes = async (applicant: { name: string; phone: string }, building: number): Promise<MoveWishes> => ({
    area: '530102', street: `${street}${building}幢`, reason: '99', housing: 'owned', phone: applicant.phone,
    papers: { 不动产权证书: await photographOf('不动产权证书', [`权利人 ${applicant.name}`, `坐落 昆明市五华区${street}`, '用途 住宅', '面积 89.6 平方米', '编号 云(2026)五华区不动产权第0090001号']) },
  });

  const head = part('一家四口');
  const citizen = await onPhone();
  await citizen.open('/');
  await keep(citizen.page, 'portal-home');
  await citizen.startMove(head.name);
  const draft = citizen.path();
  await citizen.follow('谁要迁');
  await citizen.chooseMovers(undefined);
  await citizen.open(draft);
  await keep(citizen.page, 'portal-tasks');
  await citizen.fillMove(await wishes(head, 1));
  const receipt = await citizen.submit();

  // Others who wait in the same queue.
  for (const [about, service] of [['独自迁出', '省内跨州市移居'], ['间隔号', '州市内跨县移居'], ['高龄', '省内跨州市移居'], ['生僻字', '县内移居']] as const) {
    const other = part(about);
    const visitor = await onPhone();
    await visitor.startMove(other.name, service);
    await visitor.fillMove({ ...await wishes(other, 2), movers: [other.name] });
    await visitor.submit();
    await visitor.page.context().close();
  }

  const officer = await atDesk('户籍民警', '91');
  await officer.page.locator('a[data-row]').nth(4).waitFor();
  await officer.press('j');
  await keep(officer.page, 'office-queue', 560);
  await officer.openCase(head.name);
  await officer.lookAtScans();
  await keep(officer.page, 'office-review');
  await officer.act('Control+Enter', '受理');
  for (const [post, where] of [['所长', '91'], ['户政科科长', '93']] as const) {
    const senior = await atDesk(post, where);
    await senior.openCase(head.name);
    await senior.lookAtScans();
    await senior.act('a', '同意', () => senior.type('意见', '情况属实,同意迁入。'));
    await senior.page.context().close();
  }
  await officer.press('t');
  await officer.page.locator('table tbody tr').nth(3).waitFor();
  await keep(officer.page, 'office-timeline');
  const supervisor = await atDesk('督察', '93');
  await supervisor.page.goto(`${office}/exchange`);
  await supervisor.page.locator('table').first().waitFor();
  await keep(supervisor.page, 'office-exchange', 420);

  await citizen.open(`/cases/${receipt}`);
  await citizen.reloadUntil('.history li:nth-child(4)');
  await keep(citizen.page, 'portal-tracking');
  await citizen.open('/record/access');
  await citizen.reloadUntil('.looks li');
  await keep(citizen.page, 'portal-access');
  await citizen.open('/preferences?elder=on&back=/');
  await keep(citizen.page, 'portal-elder');
} finally {
  await browser.close();
  await demo.stop();
}
