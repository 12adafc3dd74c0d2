/** Which programs make up the platform, and what each is allowed to know: a network's programs see that network's database alone. */
import { join } from 'node:path';
import type { Config, Network } from '../../kernel/config.ts';
import type { ProgramPlan } from './processes.ts';

interface Program {
  name: string;
  command: readonly [string, ...string[]];
  network: Network | undefined;
}

const programs: readonly Program[] = [
  { name: 'simulators', command: ['simulators.ts'], network: undefined },
  { name: 'portal', command: ['portal.ts'], network: 'internet' },
  { name: 'office', command: ['office.ts'], network: 'police' },
  { name: 'worker-police', command: ['worker.ts', '--network', 'police'], network: 'police' },
  { name: 'worker-internet', command: ['worker.ts', '--network', 'internet'], network: 'internet' },
  { name: 'courier-police', command: ['courier.ts', '--network', 'police'], network: 'police' },
  { name: 'courier-internet', command: ['courier.ts', '--network', 'internet'], network: 'internet' },
];

export function planPrograms(config: Config, urls: Record<Network, string>, env: NodeJS.ProcessEnv): ProgramPlan[] {
  return programs.map(({ name, command: [file, ...words], network }) => ({
    name,
    command: [join(import.meta.dirname, '..', file), ...words],
    env: {
      ...env,
      HUZHENG_DEMO: '1',
      HUZHENG_DATA: config.data_directory,
      HUZHENG_SPOOL: config.spool_directory,
      HUZHENG_KEYS: config.key_directory,
      HUZHENG_PORTAL_PORT: String(config.portal_port),
      HUZHENG_OFFICE_PORT: String(config.office_port),
      HUZHENG_IDENTITY_PORT: String(config.identity_port),
      HUZHENG_SMS_PORT: String(config.sms_port),
      HUZHENG_READER_PORT: String(config.reader_port),
      HUZHENG_AGENCIES_PORT: String(config.agencies_port),
      HUZHENG_MIGRATION_NETWORK_PORT: String(config.migration_network_port),
      HUZHENG_CARD_PRODUCTION_PORT: String(config.card_production_port),
      // Compiled code is kept over starts: seven programs share the same modules and two cores.
      NODE_COMPILE_CACHE: join(config.data_directory, 'compiled'),
      DATABASE_URL_POLICE: network === 'police' ? urls.police : undefined,
      DATABASE_URL_INTERNET: network === 'internet' ? urls.internet : undefined,
      HUZHENG_BLOBS_POLICE: network === 'police' ? config.blob_directories.police : undefined,
      HUZHENG_BLOBS_INTERNET: network === 'internet' ? config.blob_directories.internet : undefined,
    },
  }));
}
