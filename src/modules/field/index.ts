/** The face of field: a round with a phone, door by door. */
import { bindRoutes } from '../../kernel/index.ts';
import './errors.ts';
import { saveItems } from './actions.ts';
import { contract } from './contract.ts';
import { getSheet, listCommunities, listHouseholds } from './queries.ts';

export { contract } from './contract.ts';
export const routes = bindRoutes('field', contract, { listCommunities, listHouseholds, getSheet, saveItems });
