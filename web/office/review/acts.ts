/**
 * Acts of officers on a case: the operation, its key and how it is asked for. The server says which are
 * possible now and why others are not; here is only how each looks.
 */
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import type { Binding } from '../../kit/keyboard.ts';
import type { Text } from '../../kit/language.ts';
import { reviewKeys } from '../keys.ts';
import { dialogs } from '../texts.ts';

export type DialogName =
  | 'opinion' | 'disagree' | 'supplement' | 'answer' | 'refuse' | 'return' | 'confirm_out' | 'object' | 'resolve' | 'execute' | 'reason' | 'terminate'
  | 'enquiry' | 'hand_over' | 'certificate' | 'transfer' | 'countersign' | 'delegate' | 'urge' | 'task_answer' | 'task_settle' | 'extension';

/** A button: one act of the server may have two (agree and disagree with the same step). */
export interface ActButton {
  name: string;
  /** The act as the server names it. */
  act: string;
  label: Text;
  key: Binding | undefined;
  /** Null: done at once by its key or button. */
  dialog: DialogName | null;
  /**
   * The main way on, ordinary, or one that ends the case and stands apart; `quiet` ones lie in a menu, those of tasks
   * are offered at their task.
   */
  weight: 'main' | 'plain' | 'grave' | 'quiet' | 'task';
  /** Waits until every scan has been looked at. */
  after_scans?: boolean;
}

const labelOf = (key: keyof typeof reviewKeys): Pick<ActButton, 'label' | 'key'> => ({ label: reviewKeys[key].label, key: reviewKeys[key] });

export const actButtons: readonly ActButton[] = [
  { name: 'accept', act: 'accept', ...labelOf('accept'), dialog: null, weight: 'main' },
  { name: 'review_agree', act: 'review', ...labelOf('agree'), dialog: 'opinion', weight: 'main', after_scans: true },
  { name: 'approve_agree', act: 'approve', ...labelOf('agree'), dialog: 'opinion', weight: 'main', after_scans: true },
  { name: 'confirm_out', act: 'confirm_out', ...labelOf('confirm_out'), dialog: 'confirm_out', weight: 'main' },
  { name: 'execute', act: 'execute', ...labelOf('execute'), dialog: 'execute', weight: 'main' },
  { name: 'resolve_objection', act: 'resolve_objection', ...labelOf('resolve_objection'), dialog: 'resolve', weight: 'main' },
  { name: 'verify', act: 'verify', ...labelOf('verify'), dialog: 'enquiry', weight: 'main' },
  { name: 'hand_over', act: 'hand_over', ...labelOf('hand_over'), dialog: 'hand_over', weight: 'main' },
  { name: 'deliver_copy', act: 'deliver_copy', ...labelOf('deliver_copy'), dialog: null, weight: 'main' },
  { name: 'receive_certificate', act: 'receive_certificate', ...labelOf('receive_certificate'), dialog: 'certificate', weight: 'plain' },
  { name: 'answer_supplement', act: 'answer_supplement', ...labelOf('answer_supplement'), dialog: 'answer', weight: 'main' },
  { name: 'review_disagree', act: 'review', ...labelOf('disagree'), dialog: 'disagree', weight: 'plain' },
  { name: 'approve_disagree', act: 'approve', ...labelOf('disagree'), dialog: 'disagree', weight: 'plain' },
  { name: 'object_out', act: 'object_out', ...labelOf('object_out'), dialog: 'object', weight: 'plain' },
  { name: 'request_supplement', act: 'request_supplement', ...labelOf('request_supplement'), dialog: 'supplement', weight: 'plain' },
  { name: 'return', act: 'return', ...labelOf('return'), dialog: 'return', weight: 'plain' },
  { name: 'claim', act: 'claim', ...labelOf('claim'), dialog: null, weight: 'plain' },
  { name: 'release', act: 'release', ...labelOf('release'), dialog: null, weight: 'plain' },
  { name: 'recall', act: 'recall', ...labelOf('recall'), dialog: 'reason', weight: 'quiet' },
  { name: 'transfer', act: 'transfer', ...labelOf('transfer'), dialog: 'transfer', weight: 'quiet' },
  { name: 'countersign', act: 'countersign', ...labelOf('countersign'), dialog: 'countersign', weight: 'quiet' },
  { name: 'delegate', act: 'delegate', ...labelOf('delegate'), dialog: 'delegate', weight: 'quiet' },
  { name: 'urge', act: 'urge', ...labelOf('urge'), dialog: 'urge', weight: 'quiet' },
  { name: 'supervise', act: 'supervise', ...labelOf('supervise'), dialog: 'reason', weight: 'quiet' },
  { name: 'ask_extension', act: 'ask_extension', ...labelOf('ask_extension'), dialog: 'reason', weight: 'quiet' },
  { name: 'void', act: 'void', ...labelOf('void'), dialog: 'reason', weight: 'quiet' },
  { name: 'answer_task', act: 'answer_task', ...labelOf('answer_task'), dialog: 'task_answer', weight: 'task' },
  { name: 'object_task', act: 'object_task', label: dialogs.object_task, key: undefined, dialog: 'reason', weight: 'task' },
  { name: 'settle_task', act: 'settle_task', label: dialogs.settle_task, key: undefined, dialog: 'task_settle', weight: 'task' },
  { name: 'decide_extension', act: 'decide_extension', label: dialogs.decide_extension, key: undefined, dialog: 'extension', weight: 'task' },
  { name: 'refuse_acceptance', act: 'refuse_acceptance', ...labelOf('refuse_acceptance'), dialog: 'refuse', weight: 'grave' },
  { name: 'withdraw', act: 'withdraw', ...labelOf('withdraw'), dialog: 'reason', weight: 'grave' },
  { name: 'withdraw_consent', act: 'withdraw_consent', label: dialogs.withdraw_consent_title, key: undefined, dialog: 'reason', weight: 'grave' },
  { name: 'terminate', act: 'terminate', ...labelOf('terminate'), dialog: 'terminate', weight: 'grave' },
  { name: 'reverse', act: 'reverse', label: dialogs.reverse_title, key: undefined, dialog: 'reason', weight: 'grave' },
];

/** The operation behind an act. */
export const operations = {
  accept: cases.acceptCase, review: cases.reviewStep, approve: cases.approveStep, confirm_out: cases.confirmOut, execute: cases.executeCase, resolve_objection: cases.resolveObjection,
  object_out: cases.objectOut, request_supplement: cases.requestSupplement, answer_supplement: cases.answerSupplement, return: cases.returnStep, claim: cases.claimCase, release: cases.releaseCase, refuse_acceptance: cases.refuseAcceptance,
  verify: cases.verifyStep, hand_over: cases.handOverCase, deliver_copy: cases.deliverCopy, receive_certificate: cases.receiveCertificate, recall: cases.recallAct, transfer: cases.transferStep,
  countersign: cases.countersignStep, delegate: cases.delegateCheck, urge: cases.urgeCase, supervise: cases.superviseCase, ask_extension: cases.askExtension, decide_extension: cases.decideExtension, void: cases.voidCase,
  answer_task: cases.answerTask, object_task: cases.objectTask, settle_task: cases.settleTask,
  withdraw: cases.withdrawCase, withdraw_consent: cases.withdrawConsent, terminate: cases.terminateCase, reverse: cases.reverseCase,
} as const;
export type ActName = keyof typeof operations;
