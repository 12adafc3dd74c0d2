/**
 * The whole platform on one machine, with a made-up bureau: databases, pages, programs, addresses.
 * `npm start` ends here. Ctrl-C ends everything it started; killed outright, its programs and its
 * database notice and end by themselves, and the next start mends the rest.
 */
import { join } from 'node:path';
import { readConfig, type Config, type Network } from '../kernel/config.ts';
import { announceLeaving, claimDirectory, releaseDirectory } from '../kernel/directory-claim.ts';
import { refuseFullDisk } from '../kernel/free-disk.ts';
import { migrate } from '../kernel/migrations.ts';
import { Refusal } from '../kernel/refusal.ts';
import { cannotStart } from '../kernel/start-refusals.ts';
import { keepEmbeddedDatabase } from './demo/embedded-database.ts';
import { networks, prepareDatabase, refuseOneDatabaseForBoth, settingOf } from './demo/network-databases.ts';
import { settleNumbers } from './demo/numbers.ts';
import { parseOptions, usage, type DemoOptions } from './demo/options.ts';
import { refuseTakenPorts } from './demo/ports.ts';
import { endLeftoverPrograms, makeSupervisor } from './demo/processes.ts';
import { planPrograms } from './demo/programs.ts';
import { seedDemo } from './demo/seed.ts';
import { say, step } from './demo/steps.ts';
import { buildWeb } from './demo/web-build.ts';
import { printWelcome } from './demo/welcome.ts';

const project = join(import.meta.dirname, '../..');

/** What was started, to be ended in the opposite order. */
type Endings = Array<() => Promise<void>>;

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), project, process.env);
  if (options.help) {
    console.log(usage);
    return;
  }
  const config = configOf(options);
  const stopOrder = receiveStopOrder();
  const ordered = new Promise<void>((resolve) => stopOrder.addEventListener('abort', () => resolve(), { once: true }));

  await claimDirectory(options.data_directory);
  const endings: Endings = [];
  try {
    const running = bringUp(options, config, endings, stopOrder);
    await Promise.race([running, ordered]);
    await ordered;
    console.log('\n正在停止…… · stopping…');
  } finally {
    // What is under way loses its database half-way; its outcry is of no interest any more.
    process.on('uncaughtException', () => {});
    announceLeaving(options.data_directory);
    for (const end of endings.toReversed()) await end();
    releaseDirectory(options.data_directory);
  }
  console.log('已停止,数据已保留。 · Stopped; the data are kept.');
}

async function bringUp(options: DemoOptions, config: Config, endings: Endings, stopOrder: AbortSignal): Promise<void> {
  const begun = performance.now();
  console.log('户政:启动演示 · Huzheng: starting the demo\n');
  refuseFullDisk(options.data_directory);
  const numbers = settleNumbers(options);

  await step(() => endLeftoverPrograms(options.data_directory), (count) => (count === 0 ? undefined
    : { zh: `已结束上次意外停止留下的 ${count} 个程序`, en: `ended ${count} programs left by a run that was killed` }));
  await refuseTakenPorts([
    { port: config.portal_port, option: '--portal-port', what: { zh: '群众门户', en: 'portal' } },
    { port: config.office_port, option: '--office-port', what: { zh: '民警工作台', en: 'office' } },
    { port: config.identity_port, option: '--identity-port', what: { zh: '统一身份认证模拟', en: 'simulated identity service' } },
    { port: config.sms_port, option: '--sms-port', what: { zh: '短信网关模拟', en: 'simulated SMS gateway' } },
    { port: config.agencies_port, option: '--agencies-port', what: { zh: '数据共享平台模拟', en: 'simulated data-sharing gateway' } },
    { port: config.migration_network_port, option: '--migration-port', what: { zh: '全国迁移网络模拟', en: 'simulated migration network' } },
    { port: config.card_production_port, option: '--cards-port', what: { zh: '制证模拟', en: 'simulated card production' } },
    { port: config.reader_port, option: '--reader-port', what: { zh: '外设助手模拟', en: 'simulated reader bridge' } },
  ]);

  // Pages and data have nothing to do with each other and take a core each.
  const pages = options.build
    ? step(() => buildWeb(project, stopOrder), () => ({ zh: '网页已是最新', en: 'web pages up to date' }))
    : Promise.resolve();
  pages.catch(() => {}); // Told below, when the data are done.
  const urls = await getDatabases(config, endings);
  await step(async () => [...await migrate(urls.police, 'police'), ...await migrate(urls.internet, 'internet')],
    ({ length }) => (length === 0 ? undefined : { zh: `数据库结构已更新(${length} 项)`, en: `database structure brought up to date (${length} files)` }));
  const bureau = await step(() => seedDemo({
    police_url: urls.police, internet_url: urls.internet, people: numbers.people, seed: numbers.seed, data_directory: options.data_directory, key_directory: config.key_directory, log: say,
  }), () => ({ zh: `演示数据就绪(${numbers.people} 人)`, en: `demo data ready (${numbers.people} people)` }));
  await pages;

  const supervisor = makeSupervisor({ data_directory: options.data_directory, log_directory: join(options.data_directory, 'log'), say });
  endings.push(() => supervisor.stop());
  const plans = planPrograms(config, urls, process.env);
  await step(() => supervisor.start(plans), (started) => ({ zh: `${started.size} 个程序已启动`, en: `${started.size} programs started` }));
  printWelcome(config, bureau, (performance.now() - begun) / 1000);
}

/** Where each network's data are: on the server the environment names, else on the embedded one. */
async function getDatabases(config: Config, endings: Endings): Promise<Record<Network, string>> {
  const given = config.database_urls;
  const urls = { police: given.police ?? '', internet: given.internet ?? '' };
  if (networks.some((network) => !given[network])) {
    const directory = join(config.data_directory, 'postgres');
    const embedded = await step(() => keepEmbeddedDatabase(directory), () => ({ zh: '内置数据库已启动', en: 'embedded database started' }));
    endings.push(() => embedded.stop());
    for (const network of networks) urls[network] ||= embedded.url(`huzheng_${network}`);
  }
  refuseOneDatabaseForBoth(urls);
  for (const network of networks) {
    const name = given[network] ? settingOf[network] : `huzheng_${network}`;
    await step(() => prepareDatabase(urls[network], network), (made) => (made ? { zh: `已建立数据库 ${name}`, en: `database ${name} made` }
      : given[network] ? { zh: `已连接数据库 ${name}`, en: `database ${name} reached` } : undefined));
  }
  return urls;
}

/** @throws Refusal start.setting_invalid */
function configOf(options: DemoOptions): Config {
  const settings: NodeJS.ProcessEnv = { ...process.env, HUZHENG_DATA: options.data_directory, HUZHENG_DEMO: '1' };
  const ports = {
    HUZHENG_PORTAL_PORT: options.portal_port, HUZHENG_OFFICE_PORT: options.office_port,
    HUZHENG_IDENTITY_PORT: options.identity_port, HUZHENG_SMS_PORT: options.sms_port, HUZHENG_READER_PORT: options.reader_port,
    HUZHENG_AGENCIES_PORT: options.agencies_port, HUZHENG_MIGRATION_NETWORK_PORT: options.migration_network_port, HUZHENG_CARD_PRODUCTION_PORT: options.card_production_port,
  };
  for (const [name, port] of Object.entries(ports)) if (port !== undefined) settings[name] = String(port);
  try {
    return readConfig(settings);
  } catch (error) {
    throw cannotStart('setting_invalid', { reason: (error as Error).message });
  }
}

/** Ctrl-C, kill, a closed terminal, or the end of the npm script that waits for us. Further orders change nothing. */
function receiveStopOrder(): AbortSignal {
  const order = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => order.abort());
  // With the terminal gone there is nobody to print to, which is no reason to stop less orderly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return order.signal;
}

main().then(() => process.exit(0), (error: unknown) => {
  if (error instanceof Refusal) console.error(`\n${error.text.zh}\n\n${error.text.en}\n\n${error.code} · docs/operations/start-and-stop.md\n`);
  else console.error('\n启动中出现程序缺陷,数据未受影响。请将以下内容发给维护者。\nA defect came up while starting; the data are untouched. Please send this to the maintainers.\n', error);
  process.exit(1);
});
