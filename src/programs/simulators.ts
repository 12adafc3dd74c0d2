/** What is not ours, played for the demonstration: the state identity service, an SMS gateway, the readers on an officer's desk. */
import { join } from 'node:path';
import { log, readConfig } from '../kernel/index.ts';
import { startIdentitySimulator } from './simulators/identity.ts';
import { startReaderBridge } from './simulators/reader-bridge.ts';
import { startSmsSimulator } from './simulators/sms.ts';

const config = readConfig();
const [identity, sms, reader] = await Promise.all([
  startIdentitySimulator({
    port: config.identity_port, issuer: config.identity_issuer, portal_origin: config.portal_origin, citizens_file: join(config.data_directory, 'demo-citizens.json'),
    client_id: config.identity_client_id, client_secret: config.identity_client_secret,
  }),
  startSmsSimulator({ port: config.sms_port, data_directory: config.data_directory }),
  startReaderBridge({
    port: config.reader_port, origins: [config.office_origin], cards_file: join(config.data_directory, 'demo-cards.json'), pairings_file: join(config.data_directory, 'reader-pairings.json'),
  }),
]);
log('info', 'simulators ready', { identity: identity.issuer });

async function stop(): Promise<void> {
  await Promise.all([identity.close(), sms.close(), reader.close()]);
  process.exit(0);
}
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, stop);
process.send?.({ ready: true, address: identity.issuer });
