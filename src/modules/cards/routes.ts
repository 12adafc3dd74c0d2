import { bindRoutes } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { cancelCard, confirmDelivery, dispatchCard, handOverCard, keepFoundCard, reorderCard, settleFee, settleFoundCard, withdrawLoss } from './hand-over.ts';
import { getCardsOfPerson, listApplications, listFoundCards } from './queries.ts';

export const routes = bindRoutes('cards', contract, {
  listApplications, getCardsOfPerson, settleFee, handOverCard, dispatchCard, confirmDelivery, reorderCard, cancelCard, withdrawLoss, keepFoundCard, listFoundCards, settleFoundCard,
});
