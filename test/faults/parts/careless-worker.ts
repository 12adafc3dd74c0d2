/** A planted fault: a worker whose effects are committed apart from the mark that the news was handed on. */
import { actAsSystem, databaseUrl, diskBlobStore, openDatabase, openKeys, readConfig, startWorker, systemClock, type EventHandler } from '../../../src/kernel/index.ts';
import { subscriptions } from '../../../src/modules/cases/index.ts';

const config = readConfig();
const database = openDatabase({ network: 'police', url: databaseUrl(config, 'police'), connections_max: 4, application: 'huzheng-worker-police' });
const parts = { database, blobs: diskBlobStore(config.blob_directories.police), keys: openKeys(config.key_directory, 'police'), clock: systemClock };
const carelessly = (handler: EventHandler): EventHandler => async (_context, payload) => {
  await actAsSystem(database, { ...parts, name: 'careless worker' }, (context) => handler(context, payload));
  // Wide enough for a kill to fall in.
  await new Promise((resolve) => setTimeout(resolve, 200));
};
startWorker({ ...parts, subscriptions: [Object.fromEntries(Object.entries(subscriptions).map(([name, handler]) => [name, carelessly(handler)]))], jobs: [] });
process.send?.({ ready: true });
process.on('disconnect', () => process.exit(0));
