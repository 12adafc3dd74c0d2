/**
 * Acts of an operator: `npm run huzheng -- <command>`. The same functions that the demo calls at start,
 * for installations on servers of their own.
 */
import pg from 'pg';
import { databaseUrl, readConfig, Refusal, type Config, type Network } from '../kernel/index.ts';
import { migrate } from '../kernel/migrations.ts';
import { loadRoles } from '../modules/accounts/index.ts';
import { loadReference } from '../modules/reference/index.ts';
import { networkOf } from './process.ts';

interface Command {
  zh: string;
  en: string;
  run(config: Config, network: Network, words: readonly string[]): Promise<void>;
}

async function withOwner(config: Config, network: Network, work: (owner: pg.Pool) => Promise<void>): Promise<void> {
  const owner = new pg.Pool({ connectionString: databaseUrl(config, network), max: 1 });
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}

const commands: Record<string, Command> = {
  migrate: {
    zh: '升级数据库结构', en: 'bring the database up to the newest migration',
    async run(config, network) {
      const applied = await migrate(databaseUrl(config, network), network);
      console.log(applied.length === 0 ? '已是最新 · up to date' : applied.join('\n'));
    },
  },
  reference: {
    zh: '装载基础数据(区划、机构、代码、日历)', en: 'load divisions, organisations, code lists and calendar',
    run: (config, network) => withOwner(config, network, async (owner) => {
      const [loaded = []] = await loadReference([owner], { bureau: config.bureau });
      console.log(loaded.length === 0 ? '无变化 · nothing had changed' : loaded.join('\n'));
    }),
  },
  catalogue: {
    zh: '检查、比较、回放事项目录:check | diff <旧> <新> | replay <新>', en: 'check, compare or replay the catalogue: check | diff <old> <new> | replay <new>',
    async run(config, _network, words) {
      const { catalogueCommand } = await import('./catalogue-command.ts');
      await catalogueCommand(words, (work) => withOwner(config, 'police', work));
    },
  },
  roles: {
    zh: '装载岗位权限(仅公安网)', en: 'load the rights of roles (police network only)',
    run: (config) => withOwner(config, 'police', async (owner) => {
      await loadRoles(owner);
      console.log('已装载 · loaded');
    }),
  },
};

const [name = '', ...words] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.log('用法 · usage: npm run huzheng -- <command> --network police|internet\n');
  for (const [word, { zh, en }] of Object.entries(commands)) console.log(`  ${word.padEnd(12)} ${zh} · ${en}`);
  process.exit(name === '' ? 0 : 2);
}
try {
  // A catalogue is read from its files and belongs to both networks.
  await command.run(readConfig(), name === 'catalogue' ? 'police' : networkOf(process.argv, process.env), words);
} catch (error) {
  console.error(error instanceof Refusal ? `${error.text.zh}\n${error.text.en}` : (error as Error).message);
  process.exit(1);
}
