import { bindRoutes } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { listSources, retrySource } from './operations.ts';

export const routes = bindRoutes('agencies', contract, { listSources, retrySource });
