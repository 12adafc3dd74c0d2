/** What may be said behind `npm start --`. */
import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { cannotStart } from '../../kernel/start-refusals.ts';

export interface DemoOptions {
  /** People of the demo register; undefined when the command line does not say. */
  people: number | undefined;
  /** Same number, same people. */
  seed: number | undefined;
  data_directory: string;
  portal_port: number | undefined;
  office_port: number | undefined;
  identity_port: number | undefined;
  sms_port: number | undefined;
  reader_port: number | undefined;
  agencies_port: number | undefined;
  migration_network_port: number | undefined;
  card_production_port: number | undefined;
  /** Builds the web pages where they are out of date. */
  build: boolean;
  /** Goes on with the data that are there, although they were made with other numbers. */
  keep: boolean;
  help: boolean;
}

export const peopleOfDemo = 20_000;
export const seedOfDemo = 20261122;

/** Among fewer, nobody may be found for a part of the demo's cast (a family that moves, a rare character …). */
const peopleMin = 2000;

const number = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

export const usage = `npm start -- [选项 · options]

  --people N          演示人口数,至少 ${peopleMin},默认 ${peopleOfDemo} · people in the demo register, at least ${peopleMin}
  --seed N            随机种子,相同则数据相同,默认 ${seedOfDemo} · same number, same people
  --data 目录 DIR     数据目录,默认 .huzheng · where the data lie
  --portal-port N     群众门户端口,默认 8080 · port of the portal
  --office-port N     民警工作台端口,默认 8081 · port of the office
  --identity-port N   统一身份认证模拟端口,默认 8082 · port of the simulated identity service
  --sms-port N        短信网关模拟端口,默认 8083 · port of the simulated SMS gateway
  --agencies-port N   数据共享平台模拟端口,默认 8084 · port of the simulated data-sharing gateway
  --migration-port N  全国迁移网络模拟端口,默认 8085 · port of the simulated migration network
  --cards-port N      制证模拟端口,默认 8086 · port of the simulated card production
  --reader-port N     外设助手(读卡器、高拍仪)模拟端口,默认 8087 · port of the simulated reader bridge
  --no-build          不重新构建网页 · do not build the web pages
  --keep              数据与选项不符时保留现有数据 · keep existing data even if made with other numbers
  --help              显示本说明 · this text

环境变量 DATABASE_URL_POLICE、DATABASE_URL_INTERNET 指向自备的 PostgreSQL(15 以上)。
DATABASE_URL_POLICE and DATABASE_URL_INTERNET point at PostgreSQL servers (15 or newer) of your own.`;

/** @throws Refusal start.option_unknown, start.option_invalid */
export function parseOptions(words: readonly string[], project: string, env: NodeJS.ProcessEnv): DemoOptions {
  const given = parse(words);
  return {
    people: wholeNumber('--people', given.people, peopleMin, 2_000_000),
    seed: wholeNumber('--seed', given.seed, 0, 4_294_967_295),
    data_directory: resolve(given.data ?? env['HUZHENG_DATA'] ?? join(project, '.huzheng')),
    portal_port: wholeNumber('--portal-port', given['portal-port'], 1, 65_535),
    office_port: wholeNumber('--office-port', given['office-port'], 1, 65_535),
    identity_port: wholeNumber('--identity-port', given['identity-port'], 1, 65_535),
    sms_port: wholeNumber('--sms-port', given['sms-port'], 1, 65_535),
    reader_port: wholeNumber('--reader-port', given['reader-port'], 1, 65_535),
    agencies_port: wholeNumber('--agencies-port', given['agencies-port'], 1, 65_535),
    migration_network_port: wholeNumber('--migration-port', given['migration-port'], 1, 65_535),
    card_production_port: wholeNumber('--cards-port', given['cards-port'], 1, 65_535),
    build: !given['no-build'],
    keep: given.keep,
    help: given.help,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        people: number, seed: number, data: number, 'portal-port': number, 'office-port': number, 'identity-port': number, 'sms-port': number, 'reader-port': number,
        'agencies-port': number, 'migration-port': number, 'cards-port': number,
        'no-build': flag, keep: flag, help: flag,
      },
    }).values;
  } catch (error) {
    const option = /'(-[^' ]*)/.exec((error as Error).message)?.[1] ?? words.join(' ');
    throw cannotStart('option_unknown', { option });
  }
}

function wholeNumber(option: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  const parsed = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (parsed >= min && parsed <= max) return parsed;
  throw cannotStart('option_invalid', { option, value, lawful_zh: `${min} 到 ${max} 的整数`, lawful_en: `a whole number from ${min} to ${max}` });
}
