/** The face of agencies: what other authorities confirm, and what they think of a case. */
import { readAgreedSecret, readConfig, signedWire, type Errand } from '../../kernel/index.ts';
import { askErrand } from './ask.ts';
import { agenciesGateway, gatewaySecret, type AgenciesGateway } from './gateway.ts';
import { opinionErrand } from './opinions.ts';

export { contract } from './contract.ts';
export { refusals } from './errors.ts';
export { agenciesGateway, gatewaySecret, opinionsPath, queriesPath, type AgenciesGateway } from './gateway.ts';
export { opinionsFor, requestOpinion, supplyOpinion, type OpinionRequest, type OpinionStage, type OpinionStatus, type StoredOpinion } from './opinions.ts';
export { answersFor, askSources, settledBySource, type Question, type SourceAnswer, type StoredAnswer } from './questions.ts';
export { routes } from './routes.ts';
export { contractOf, isSource, sources, type SourceName } from './sources.ts';

/** The errands over one gateway; tests give their own. */
export const errandsOver = (gateway: () => AgenciesGateway): Errand[] => [askErrand(gateway), opinionErrand(gateway)];

let configured: AgenciesGateway | undefined;

export const errands: readonly Errand[] = errandsOver(() => {
  const config = readConfig();
  return (configured ??= agenciesGateway(signedWire({ url: config.agencies_gateway_url, secret: readAgreedSecret(config.key_directory, gatewaySecret) })));
});
