/** The face of counter: what is looked up and checked while somebody types. */
import { bindRoutes } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { checkEntry, findHousehold } from './queries.ts';

export { contract } from './contract.ts';
export const routes = bindRoutes('counter', contract, { findHousehold, checkEntry });
