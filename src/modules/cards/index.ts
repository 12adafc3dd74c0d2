/** The face of cards: resident identity cards from the order to the end of their validity. */
import { readAgreedSecret, readConfig, signedWire, type Context, type Errand, type Subscriptions } from '../../kernel/index.ts';
import { invalidateCards, type EndReason } from './applications.ts';
import { productionErrand } from './produce.ts';
import { cardProduction, productionSecret, type CardProduction } from './production.ts';

export {
  cardFacts, invalidateCards, issueTemporaryCard, orderCard, reportLoss, type ApplicationState, type CardFacts, type CardItems, type CardOrder, type EndReason,
} from './applications.ts';
export { contract } from './contract.ts';
export { refusals } from './errors.ts';
export { confirmDelivery, dispatchCard, handOverCard, type HandOver } from './hand-over.ts';
export { loadCards, type LoadedCard } from './load.ts';
export { cardProduction, lossesPath, ordersPath, productionSecret, type CardProduction, type WireOrder } from './production.ts';
export { routes } from './routes.ts';
export { cardReasons, monthsAfter, validityOf, validityYears, type CardReason } from './validity.ts';

const ends = (reason: EndReason) => async (context: Context, { person_id, at }: { person_id: string; at?: string }): Promise<void> => {
  await invalidateCards(context, { person_id, reason, ...(at === undefined ? {} : { before: new Date(at) }) });
};

/** What happens to a person ends or changes what a card says (居民身份证法第十一条). */
export const subscriptions: Subscriptions = {
  'population.person_died': ends('person_died'),
  'population.identity_changed': ends('items_changed'),
  'population.registration_ended': ends('registration_ended'),
};

/** The errands over one production; tests give their own. */
export const errandsOver = (production: () => CardProduction): Errand[] => [productionErrand(production)];

let configured: CardProduction | undefined;

export const errands: readonly Errand[] = errandsOver(() => {
  const config = readConfig();
  return (configured ??= cardProduction(signedWire({ url: config.card_production_url, secret: readAgreedSecret(config.key_directory, productionSecret) })));
});
