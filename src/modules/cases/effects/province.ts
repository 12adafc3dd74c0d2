/** Moves between provinces: out with a certificate, in with it, and the papers that are issued anew. */
import { Refusal, type Context } from '../../../kernel/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { consumeCertificate, issueCertificate, reissuePaper, type IssuedPaper, type PaperMover } from '../../permits/index.ts';
import { personStatus, type PersonFacts, type PlanAct, type RegisterPlan } from '../../population/index.ts';
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

/** The certificate of the other province: named by the applicant, or come over the network in answer to our permit. */
function certificateOf(facts: CaseFacts): string | undefined {
  return answerOf(facts, 'migration_certificate_no') || facts.papers.find((paper) => paper.kind === 'migration_certificate' && !paper.is_ours)?.number;
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
  const certificate = certificateOf(facts);
  return {
    reason: answerOf(facts, 'reason') || reasonOf.other, range: rangeOf.otherProvince,
    acts: [...entered, ...settled, ...(certificate === undefined ? [] : [{ op: 'use_document', kind: 'migration_certificate', number: certificate } as const])],
  };
}

/** What the other province needs to register somebody, beside what the number tells. */
const itemsOnPaper = ['former_name', 'ethnicity', 'birthplace', 'native_place', 'education', 'marital_status', 'military_service', 'blood_type'] as const satisfies readonly (keyof PersonFacts)[];

function onPaper(person: PersonFacts, first: boolean): PaperMover {
  return {
    id_number: person.id_number, name: person.name, sex: person.sex, birth_on: person.birth_on, relation: first ? '01' : (person.relation ?? ''),
    items: Object.fromEntries(itemsOnPaper.flatMap((item) => (person[item] === null ? [] : [[item, person[item]]]))),
  };
}

const kept = ({ number, issued_on, valid_until_on }: IssuedPaper) => ({ paper: { number, issued_on, valid_until_on } });

/** 迁移证: goes to the other province with what it needs to register these people. */
async function certify(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const { file } = facts;
  const people = facts.movers.flatMap((mover) => facts.persons.find((person) => person.person_id === mover.person_id) ?? []);
  return kept(await issueCertificate(context, {
    case_id: file.case_id, station_code: file.target_org, permit_number: answerOf(facts, 'permit_no') || null, from_area: file.target_org.slice(0, 6), to_area: answerOf(facts, 'destination_area'),
    to_address: answerOf(facts, 'destination_address_text') || null, reason: answerOf(facts, 'reason') || reasonOf.other, movers: people.map((person, at) => onPaper(person, at === 0)),
  }));
}

/** The certificate that brought these people is used up, and with it our permit. */
async function consume(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const certificate = certificateOf(facts);
  if (certificate === undefined) throw new Refusal('cases.effect_incomplete');
  await consumeCertificate(context, { number: certificate, case_id: facts.file.case_id });
  return { certificate };
}

/** Lost, spoilt and expired papers of ours get a new number; the old one is void first. */
async function reissue(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const number = answerOf(facts, 'permit_no') || answerOf(facts, 'migration_certificate_no');
  return { kind: 'papers', replaces: number, ...kept(await reissuePaper(context, { number, case_id: facts.file.case_id, reason: answerOf(facts, 'reissue_kind') })) };
}

export const provinceEffects = {
  leave_province: { lease: 'move', plan: leavePlan, after: certify },
  arrive_from_province: {
    lease: 'move', plan: arrivePlan, after: consume,
    // Whoever is not in the register yet can be held by nobody; the household that receives is held from the acceptance.
    subjects: (facts) => ({
      person_ids: facts.movers.flatMap((mover) => mover.person_id ?? []), household_ids: facts.target_household === null ? [] : [facts.target_household.household_id],
    }),
  },
  reissue_migration_paper: { lease: 'restore', plan: noPlan, carryOut: reissue, subjects: (facts) => ({ person_ids: facts.movers.flatMap((mover) => mover.person_id ?? []), household_ids: [] }) },
} satisfies Record<string, Effect>;
