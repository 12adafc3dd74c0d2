import { bindRoutes } from '../../kernel/http.ts';
import { contract } from './contract.ts';
import { getHousehold } from './household-page.ts';
import { getPerson } from './person-page.ts';
import { findPersonByNumber, searchPersons } from './search.ts';

export const routes = bindRoutes('population', contract, { searchPersons, findPersonByNumber, getPerson, getHousehold });
