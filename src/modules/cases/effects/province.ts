/** Moves between provinces: out with a certificate, in with it, and the papers that are issued anew. */
import { newId } from '../../../kernel/ids.ts';
import { personStatus, type PlanAct, type RegisterPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf } from '../rules/rule.ts';
import { departures, noPlan, rangeOf, reasonOf, type Effect } from './effect.ts';
import { settlingActs } from './newcomers.ts';
import { backToActive } from './return.ts';

/** In transit from the day of the certificate; settled elsewhere when the other province says so. */
function leavePlan(facts: CaseFacts): RegisterPlan | null {
  if (facts.movers.length === 0 || facts.movers.some((mover) => mover.person === null)) return null;
  const student = answerOf(facts, 'student_move') !== '';
  return {
    reason: answerOf(facts, 'reason') || reasonOf.other, range: rangeOf.otherProvince,
    acts: [
      ...departures(facts),
      ...facts.movers.map((mover): PlanAct => ({ op: 'set_status', person_id: mover.person_id!, status: personStatus.in_transit, on: facts.today, reason_code: student ? 'T3' : 'T1' })),
    ],
  };
}

/**
 * Arrivals keep the number of their province; the other items come with the certificate. Who was registered here before
 * comes back under the same record.
 */
function arrivePlan(facts: CaseFacts): RegisterPlan | null {
  const { movers, arrivals, today } = facts;
  const people = movers.map((mover) => ({ ...mover, person_id: mover.person_id ?? newId() }));
  const settled = settlingActs(facts, people);
  if (movers.length === 0 || arrivals.length < movers.length || settled === null) return null;
  const entered = people.map((mover): PlanAct => (mover.person !== null ? backToActive(mover.person, today)
    : { op: 'register_person', person_id: mover.person_id, number_area: mover.id_number.slice(0, 6), status: '0', ...arrivals.find((one) => one.id_number === mover.id_number)! }));
  const certificate = answerOf(facts, 'migration_certificate_no') || facts.papers.find((paper) => paper.kind === 'migration_certificate')?.number;
  return {
    reason: answerOf(facts, 'reason') || reasonOf.other, range: rangeOf.otherProvince,
    acts: [...entered, ...settled, ...(certificate === undefined || certificate === '' ? [] : [{ op: 'use_document', kind: 'migration_certificate', number: certificate } as const])],
  };
}

export const provinceEffects = {
  leave_province: { lease: 'move', plan: leavePlan },
  arrive_from_province: {
    lease: 'move', plan: arrivePlan,
    // Whoever is not in the register yet can be held by nobody; the household that receives is held from the acceptance.
    subjects: (facts) => ({
      person_ids: facts.movers.flatMap((mover) => mover.person_id ?? []), household_ids: facts.target_household === null ? [] : [facts.target_household.household_id],
    }),
  },
  reissue_migration_paper: { lease: 'restore', plan: noPlan, subjects: (facts) => ({ person_ids: facts.movers.flatMap((mover) => mover.person_id ?? []), household_ids: [] }) },
} satisfies Record<string, Effect>;
