import { bindRoutes } from '../../kernel/index.ts';
import { acceptCase } from './actions/accept.ts';
import { confirmOut, objectOut, resolveObjection } from './actions/confirm.ts';
import { openCase } from './actions/counter.ts';
import { approveStep, claimCase, releaseCase, returnStep, reviewStep } from './actions/decide.ts';
import { refuseAcceptance, terminateCase, withdrawCase, withdrawConsent } from './actions/end.ts';
import { executeCase, reverseCase } from './actions/execute.ts';
import { answerSupplement, requestSupplement } from './actions/supplement.ts';
import { contract } from './contract.ts';
import * as queries from './queries.ts';

export const routes = bindRoutes('cases', contract, {
  openCase, claimCase, releaseCase, acceptCase, requestSupplement, answerSupplement, refuseAcceptance, reviewStep, approveStep, returnStep,
  confirmOut, objectOut, resolveObjection, executeCase, withdrawCase, withdrawConsent, terminateCase, reverseCase,
  countQueues: queries.countQueues, listQueue: queries.listQueue, getCase: queries.getCase, getTimeline: queries.getTimeline, getRouteBpmn: queries.getRouteBpmn,
  getAttachment: queries.getAttachment, listReasons: queries.listReasons, listMessages: queries.listMessages, markMessageRead: queries.markMessageRead,
  getService: queries.getService, listServices: queries.listServices,
});
