/** The courier of one network: files out, files in, until asked to stop. One works at a time; a killed one loses nothing. */
import { databaseUrl, diskBlobStore, log, openDatabase, openKeys, readConfig, systemClock, type Network } from '../kernel/index.ts';
import { startCourier, type ParcelHandlers } from '../modules/exchange/index.ts';
import { networkOf, whenAskedToStop } from './process.ts';

/** Only the module of this network is loaded: the register's code is not read on the internet side. */
async function handlersOf(network: Network): Promise<ParcelHandlers> {
  const { parcelHandlers } = network === 'police' ? await import('../modules/cases/index.ts') : await import('../modules/portal/index.ts');
  return parcelHandlers;
}

const config = readConfig();
const network = networkOf(process.argv, process.env);
// One connection holds the lock, four handle parcels.
const database = openDatabase({ network, url: databaseUrl(config, network), connections_max: 6, application: `huzheng-courier-${network}` });
const stop = startCourier({
  database, blobs: diskBlobStore(config.blob_directories[network]), clock: systemClock, keys: openKeys(config.key_directory, network),
  key_directory: config.key_directory, spool_directory: config.spool_directory, handlers: await handlersOf(network),
});
log('info', 'courier started', { network });
process.send?.({ ready: true });
whenAskedToStop(async () => {
  await stop();
  await database.close();
});
