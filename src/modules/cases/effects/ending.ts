/** Registrations that end: death, service in the forces, settling abroad, lost nationality, duplicates. */
import { personStatus, type KinFacts, type PlanAct, type RegisterPlan, type PersonFacts } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, personAs } from '../rules/rule.ts';
import { departures, planOf, type Effect } from './effect.ts';

/** Codes of catalogue/codes: cancel-reason, by the kind of the certificate. */
const deathReasons: Partial<Record<string, string>> = { medical: 'D1', police: 'D2', abroad: 'D3', other: 'D5' };

/** The day of death: as certified; where a court declared it, the day that its judgment names. */
const diedOn = (facts: CaseFacts): string => answerOf(facts, 'died_on') || answerOf(facts, 'court_document_on');

function deathPlan(facts: CaseFacts): RegisterPlan | null {
  const subject = personAs(facts, 'subject');
  const died_on = diedOn(facts);
  if (subject === null || died_on === '') return null;
  const reason_code = answerOf(facts, 'court_document_no') !== '' ? 'D4' : (deathReasons[answerOf(facts, 'death_certificate_kind')] ?? 'D5');
  const number = answerOf(facts, 'death_certificate_no');
  return planOf([
    ...departures(facts), { op: 'set_status', person_id: subject.person_id, status: personStatus.dead, on: facts.today, died_on, reason_code },
    ...(number === '' ? [] : [{ op: 'use_document', kind: 'death_certificate', number } as const]),
  ]);
}

interface Cancellation {
  status: string;
  reason_code: string;
}

/** Status and reason of a cancellation, by the answers of its service. */
function cancellationOf(facts: CaseFacts): Cancellation | null {
  if (answerOf(facts, 'enlistment_no') !== '') return { status: '3', reason_code: 'M1' };
  switch (answerOf(facts, 'settle_abroad_in') || answerOf(facts, 'nationality_loss')) {
    case 'hk_macao_taiwan': return { status: '4', reason_code: 'O1' };
    case 'foreign': return { status: '4', reason_code: 'O2' };
    case 'acquired': return { status: '6', reason_code: 'N1' };
    case 'renounced': return { status: '6', reason_code: 'N2' };
    default: return null;
  }
}

function cancelPlan(facts: CaseFacts): RegisterPlan | null {
  const subject = personAs(facts, 'subject');
  const cancellation = cancellationOf(facts);
  if (subject === null || cancellation === null) return null;
  return planOf([...departures(facts), { op: 'set_status', person_id: subject.person_id, on: facts.today, ...cancellation }]);
}

/** Kinship of a record that is deleted goes over to the one that is kept, as far as that one has none of the kind. */
function kinshipTo(kept: PersonFacts, cancelled: PersonFacts, facts: CaseFacts): PlanAct[] {
  const own = facts.kin.filter((link) => link.person_id === cancelled.person_id || (link.relative_id === cancelled.person_id && link.kind !== 'spouse'));
  const ended = own.map((link): PlanAct => ({ op: 'unlink', ...link, until_on: facts.today }));
  const wanted = own.map((link): KinFacts => (link.person_id === cancelled.person_id ? { ...link, person_id: kept.person_id } : { ...link, relative_id: kept.person_id }));
  const isNew = (link: KinFacts): boolean => link.person_id !== link.relative_id && !facts.kin.some((one) => one.person_id === link.person_id && one.kind === link.kind && one.relative_id !== cancelled.person_id);
  return [...ended, ...wanted.filter(isNew).map((link): PlanAct => ({ op: 'link', ...link, from_on: facts.today }))];
}

function duplicatePlan(facts: CaseFacts): RegisterPlan | null {
  const [subject, kept] = [personAs(facts, 'subject'), personAs(facts, 'kept')];
  if (subject === null) return null;
  const duplicate = answerOf(facts, 'cancel_kind') === 'duplicate';
  if (duplicate && kept === null) return null;
  const active = subject.status === personStatus.active;
  return planOf([
    ...departures(facts), { op: 'set_status', person_id: subject.person_id, status: '7', on: facts.today, reason_code: duplicate ? 'R1' : 'R2', ...(active ? {} : { kind: 'correction' as const }) },
    ...(duplicate && kept !== null ? kinshipTo(kept, subject, facts) : []),
  ]);
}

export const endingEffects = {
  register_death: { lease: 'death', plan: deathPlan },
  cancel_registration: { lease: 'cancel', plan: cancelPlan },
  cancel_duplicate: { lease: 'cancel', plan: duplicatePlan },
} satisfies Record<string, Effect>;
