import { bindRoutes } from '../../kernel/http.ts';
import { contract } from './contract.ts';
import { getOrganisation, listAreaChildren, listCodes, searchAddresses, searchAreas, searchOrganisations } from './queries.ts';

export const routes = bindRoutes('reference', contract, {
  searchAreas, listAreaChildren, searchAddresses, listCodes, searchOrganisations, getOrganisation,
});
