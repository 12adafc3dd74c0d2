/** Those who come back into the register: discharged, restored, or home from a move that was not finished. */
import type { Context } from '../../../kernel/index.ts';
import { returnHome } from '../../permits/index.ts';
import { personStatus, type PersonFacts, type PlanAct, type RegisterPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, personAs } from '../rules/rule.ts';
import { planOf, rangeTo, reasonOf, type Effect } from './effect.ts';
import { destinationOf, documentsSpent, settlingActs } from './newcomers.ts';

/** What was entered wrongly comes back by a correction: the dead and the deleted. */
const corrected: ReadonlySet<string> = new Set([personStatus.dead, '7']);

/** 1 退出现役, catalogue/codes: military-service. */
const discharged = '1';

export const backToActive = (person: Pick<PersonFacts, 'person_id' | 'status'>, today: string): PlanAct =>
  ({ op: 'set_status', person_id: person.person_id, status: personStatus.active, on: today, ...(corrected.has(person.status) ? { kind: 'correction' as const } : {}) });

function restorePlan(facts: CaseFacts): RegisterPlan | null {
  const subject = personAs(facts, 'subject');
  const there = subject === null ? null : destinationOf(facts, subject, facts.kin);
  if (subject === null || there === null) return null;
  const entry: PlanAct[] = [...there.acts, backToActive(subject, facts.today), { op: 'enter', person_id: subject.person_id, household_id: there.household_id, relation: there.relation }];
  if (facts.file.answers['discharge_no'] === undefined) return planOf(entry);
  const served: PlanAct = { op: 'alter', person_id: subject.person_id, kind: 'change', effective_on: facts.today, items: { military_service: discharged } };
  return { reason: reasonOf.discharge, range: rangeTo(facts, subject.station_code), acts: [...entry, served, ...documentsSpent(facts)] };
}

/** Who left for another province and did not settle there returns; the certificate is void. */
function returnPlan(facts: CaseFacts): RegisterPlan | null {
  const people = facts.movers.flatMap((mover) => mover.person ?? []);
  const settled = settlingActs(facts, facts.movers.map((mover) => ({ person_id: mover.person_id ?? '', relation: mover.relation })));
  if (people.length === 0 || people.length < facts.movers.length || settled === null) return null;
  return { reason: reasonOf.return, range: rangeTo(facts, people[0]!.station_code), acts: [...people.map((person) => backToActive(person, facts.today)), ...settled] };
}

/** Our certificate ends, and the other province hears of it. */
async function endCertificate(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const { number } = await returnHome(context, { number: answerOf(facts, 'migration_certificate_no'), case_id: facts.file.case_id, reason: answerOf(facts, 'reason_text') });
  return { returned: number };
}

export const returnEffects = {
  restore_registration: { lease: 'restore', plan: restorePlan },
  return_home: { lease: 'restore', plan: returnPlan, after: endCertificate },
} satisfies Record<string, Effect>;
