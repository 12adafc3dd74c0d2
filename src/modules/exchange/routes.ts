import { bindRoutes } from '../../kernel/index.ts';
import { closeAlarm, discardParcel, releaseParcel, retryParcel, skipGap } from './actions.ts';
import { contract } from './contract.ts';
import { getCounters, listQuarantine } from './queries.ts';

export const routes = bindRoutes('exchange', contract, { getCounters, listQuarantine, retryParcel, releaseParcel, discardParcel, skipGap, closeAlarm });
