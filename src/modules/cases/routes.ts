import { bindRoutes } from '../../kernel/index.ts';
import { acceptCase } from './actions/accept.ts';
import { confirmOut, objectOut, resolveObjection } from './actions/confirm.ts';
import { openCase } from './actions/counter.ts';
import { approveStep, claimCase, releaseCase, returnStep, reviewStep } from './actions/decide.ts';
import { refuseAcceptance, terminateCase, withdrawCase, withdrawConsent } from './actions/end.ts';
import { executeCase, reverseCase } from './actions/execute.ts';
import { askExtension, decideExtension } from './actions/extend.ts';
import { deliverCopy, handOverCase } from './actions/finish.ts';
import { listColleagues, transferStep, urgeCase } from './actions/hands.ts';
import { answerSupplement, requestSupplement } from './actions/supplement.ts';
import { receiveCertificate } from './actions/outside.ts';
import { recallAct, voidCase } from './actions/take-back.ts';
import { answerTask, countersignStep, delegateCheck, objectTask, settleTask, superviseCase } from './actions/tasks.ts';
import { verifyStep } from './actions/verify.ts';
import { listRechecks, recordRecheck } from './commitments.ts';
import { contract } from './contract.ts';
import * as queries from './queries.ts';
import { askSourcesAgain } from './sources.ts';

export const routes = bindRoutes('cases', contract, {
  openCase, claimCase, releaseCase, acceptCase, requestSupplement, answerSupplement, refuseAcceptance, reviewStep, approveStep, returnStep,
  receiveCertificate, verifyStep, recallAct, listColleagues, transferStep, countersignStep, delegateCheck, answerTask, objectTask, settleTask, urgeCase, superviseCase, askExtension, decideExtension, voidCase, handOverCase, deliverCopy,
  confirmOut, objectOut, resolveObjection, executeCase, withdrawCase, withdrawConsent, terminateCase, reverseCase,
  askSources: askSourcesAgain,
  countQueues: queries.countQueues, listQueue: queries.listQueue, getCase: queries.getCase, getTimeline: queries.getTimeline, getRouteBpmn: queries.getRouteBpmn,
  getAttachment: queries.getAttachment, openAttachment: queries.openAttachment, listRechecks, recordRecheck, listReasons: queries.listReasons, listMessages: queries.listMessages, markMessageRead: queries.markMessageRead,
  getService: queries.getService, listServices: queries.listServices,
});
