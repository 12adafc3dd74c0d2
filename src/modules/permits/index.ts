/** The face of permits: papers of moves between provinces, and the national network that carries them. */
import { readAgreedSecret, readConfig, signedWire, type Errand } from '../../kernel/index.ts';
import { networkErrand } from './deliver.ts';
import { migrationNetwork, networkSecret, type MigrationNetwork } from './network.ts';

export { contract } from './contract.ts';
export { refusals } from './errors.ts';
export { inboxPath, messagesPath, migrationNetwork, networkSecret, papersPath, WirePaper, type MigrationNetwork, type ReceivedMessage, type WireMessage } from './network.ts';
export { jobs, pairLegs } from './pairing.ts';
export {
  consumeCertificate, findCertificate, findCertificateOfPermit, findPaper, findPermit, issueCertificate, issuePermit, papersOfCase, reissuePaper, requestPaper, returnHome, voidPaper,
  type IssuedPaper, type Paper, type PaperKind, type PaperMover, type PaperState,
} from './papers.ts';
export { routes } from './routes.ts';

/** The errands over one network; tests give their own. */
export const errandsOver = (network: () => MigrationNetwork): Errand[] => [networkErrand(network)];

let configured: MigrationNetwork | undefined;

export const errands: readonly Errand[] = errandsOver(() => {
  const config = readConfig();
  return (configured ??= migrationNetwork(signedWire({ url: config.migration_network_url, secret: readAgreedSecret(config.key_directory, networkSecret) })));
});
