import { bindRoutes } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { closeAlarm, fetchPaper, getPaper, listAlarms, listPapers } from './operations.ts';

export const routes = bindRoutes('permits', contract, { listPapers, getPaper, fetchPaper, listAlarms, closeAlarm });
