/** The worker of one network: hands on news and runs the clocks. Any number may run; a killed one loses nothing. */
import { databaseUrl, diskBlobStore, log, openDatabase, openKeys, readConfig, startWorker, systemClock, type Errand, type Job, type Network, type Subscriptions } from '../kernel/index.ts';
import { networkOf, whenAskedToStop } from './process.ts';

interface Part {
  subscriptions?: Subscriptions;
  jobs?: readonly Job[];
  errands?: readonly Errand[];
}

/** Only the modules of this network are loaded: the register's code is not read on the internet side. */
async function partsOf(network: Network): Promise<Part[]> {
  const [accounts, exchange] = [await import('../modules/accounts/index.ts'), await import('../modules/exchange/index.ts')];
  return network === 'police'
    ? [
      await import('../modules/cases/index.ts'), await import('../modules/documents/index.ts'), await import('../modules/agencies/index.ts'), await import('../modules/permits/index.ts'), await import('../modules/cards/index.ts'),
      exchange, { jobs: accounts.officerJobs },
    ]
    : [await import('../modules/portal/index.ts'), exchange, { jobs: accounts.citizenJobs }];
}

const config = readConfig();
const network = networkOf(process.argv, process.env);
const database = openDatabase({ network, url: databaseUrl(config, network), connections_max: 4, application: `huzheng-worker-${network}` });
const parts = await partsOf(network);
const stop = startWorker({
  database, blobs: diskBlobStore(config.blob_directories[network]), keys: openKeys(config.key_directory, network), clock: systemClock,
  subscriptions: parts.flatMap((part) => (part.subscriptions === undefined ? [] : [part.subscriptions])),
  jobs: parts.flatMap((part) => part.jobs ?? []), errands: parts.flatMap((part) => part.errands ?? []),
});
log('info', 'worker started', { network });
process.send?.({ ready: true });
whenAskedToStop(async () => {
  await stop();
  await database.close();
});
