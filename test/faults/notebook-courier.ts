/** A courier as a process of its own, to be killed: it writes what it handles into the notebook of its database. */
import { databaseUrl, diskBlobStore, openDatabase, openKeys, readConfig, systemClock } from '../../src/kernel/index.ts';
import { startCourier } from '../../src/modules/exchange/index.ts';
import { networkOf, whenAskedToStop } from '../../src/programs/process.ts';
import { notebookHandlers } from '../harness/notebook.ts';

const config = readConfig();
const network = networkOf(process.argv, process.env);
const database = openDatabase({ network, url: databaseUrl(config, network), connections_max: 6 });
const stop = startCourier({
  database, blobs: diskBlobStore(config.blob_directories[network]), clock: systemClock, keys: openKeys(config.key_directory, network),
  key_directory: config.key_directory, spool_directory: config.spool_directory, handlers: notebookHandlers,
});
process.send?.({ ready: true });
whenAskedToStop(async () => {
  await stop();
  await database.close();
});
