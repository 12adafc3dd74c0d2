/**
 * What is not ours, played for the demonstration: the state identity service, an SMS gateway, the readers on an officer's
 * desk, the data-sharing gateway of the province, the national migration network, the identity-card production.
 */
import { join } from 'node:path';
import { log, readConfig } from '../kernel/index.ts';
import { startAgenciesSimulator } from './simulators/agencies.ts';
import { startCardProductionSimulator } from './simulators/card-production.ts';
import { startIdentitySimulator } from './simulators/identity.ts';
import { startMigrationNetworkSimulator } from './simulators/migration-network.ts';
import { startReaderBridge } from './simulators/reader-bridge.ts';
import { startSmsSimulator } from './simulators/sms.ts';

/** Long enough to be seen waiting, short enough for whoever tries it. */
const otherProvinceMs = 60_000;
const cardStepMs = 60_000;

const config = readConfig();
const { data_directory } = config;
const simulators = await Promise.all([
  startIdentitySimulator({
    port: config.identity_port, issuer: config.identity_issuer, portal_origin: config.portal_origin, citizens_file: join(config.data_directory, 'demo-citizens.json'),
    client_id: config.identity_client_id, client_secret: config.identity_client_secret,
  }),
  startSmsSimulator({ port: config.sms_port, data_directory }),
  startAgenciesSimulator({ port: config.agencies_port, data_directory }),
  startMigrationNetworkSimulator({ port: config.migration_network_port, data_directory, answer_after_ms: otherProvinceMs, own_province: '53' }),
  startCardProductionSimulator({ port: config.card_production_port, data_directory, step_after_ms: cardStepMs }),
  startReaderBridge({
    port: config.reader_port, origins: [config.office_origin], cards_file: join(config.data_directory, 'demo-cards.json'), pairings_file: join(config.data_directory, 'reader-pairings.json'),
  }),
]);
const [identity] = simulators;
log('info', 'simulators ready', { identity: identity.issuer });

async function stop(): Promise<void> {
  await Promise.all(simulators.map((simulator) => simulator.close()));
  process.exit(0);
}
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, stop);
process.send?.({ ready: true, address: identity.issuer });
