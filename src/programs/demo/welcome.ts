/** The last words of a start: where the platform is and who may sign in. */
import { join } from 'node:path';
import type { Config } from '../../kernel/config.ts';
import { demoPassword } from '../../modules/accounts/index.ts';
import type { DemoBureau, DemoSignIn } from './seed.ts';

export function printWelcome(config: Config, bureau: DemoBureau, seconds: number): void {
  const officers = onePerPost(bureau.officers).map(({ police_number, name, post, office }) => [police_number, name, post.zh, office, post.en]);
  const citizens = bureau.citizens.map(({ name, id_number, about }) => [id_number, name, about.zh, about.en]);
  console.log(`
户政演示已就绪(${seconds.toFixed(1)} 秒) · The Huzheng demo is ready (${seconds.toFixed(1)} s)

群众门户 · Portal        ${config.portal_origin}
  登录时在模拟的统一身份认证页选择一人 · sign in by choosing a person on the simulated identity page

${table(citizens)}

民警工作台 · Office      ${config.office_origin}
  警号如下,口令 ${demoPassword},验证码显示在登录页 · numbers below, password ${demoPassword}, the code is shown on the sign-in page

${table(officers)}

社区走访(手机)· Rounds  ${config.office_origin}/field/
  用社区民警登录 · sign in as a community officer

读卡器、高拍仪(模拟)· readers on the desk  ${config.reader_bridge_url}
  打开此页放上证件,窗口录入按 F9 读取 · lay a card there, then press F9 at the counter

全部账户 · all accounts  ${join(config.data_directory, 'demo-bureau.json')}
日志 · logs              ${join(config.data_directory, 'log')}
停止 · stop              Ctrl-C
`);
}

/** A demo has several officers of most posts; one of each is enough to begin with. */
function onePerPost(officers: readonly DemoSignIn[]): DemoSignIn[] {
  return officers.filter((officer, at) => officers.findIndex(({ post }) => post.zh === officer.post.zh) === at);
}

const columnCellsMax = 30;

/** Columns in line on a terminal, where a Chinese character is two cells wide; the rare long cell sticks out. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => cellsOf(row[column]!)).filter((cells) => cells <= columnCellsMax)));
  return rows.map((row) => `  ${row.map((cell, column) => cell + ' '.repeat(Math.max(0, widths[column]! - cellsOf(cell)))).join('  ').trimEnd()}`).join('\n');
}

function cellsOf(text: string): number {
  return [...text].reduce((cells, character) => cells + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{3ffff}]/u.test(character) ? 2 : 1), 0);
}
