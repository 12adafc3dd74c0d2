/** Cards, certificates and copies of the archive: nothing of the register changes. */
import { Refusal, type Context } from '../../../kernel/index.ts';
import { issueTemporaryCard, reportLoss } from '../../cards/index.ts';
import type { CaseFacts } from '../facts.ts';
import { serviceOf } from '../file.ts';
import { answerOf, personAs } from '../rules/rule.ts';
import { noPlan, type Effect, type Subjects } from './effect.ts';

const subjectOnly = ({ movers }: CaseFacts): Subjects => ({ person_ids: movers.flatMap((mover) => mover.person_id ?? []), household_ids: [] });
const nobody = (): Subjects => ({ person_ids: [], household_ids: [] });

/** A lost card is invalid from the acceptance on, long before the new one is made (Resident Identity Card Law, art. 11). */
async function loseCard(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const subject = personAs(facts, 'subject');
  const lost_on = answerOf(facts, 'lost_on');
  if (subject === null || lost_on === '') return {};
  const { report_no } = await reportLoss(context, { case_id: facts.file.case_id, person_id: subject.person_id, id_number: subject.id_number, station_code: facts.file.target_org, lost_on });
  return { loss_report: report_no };
}

async function giveTemporary(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const subject = personAs(facts, 'subject');
  if (subject === null) throw new Refusal('cases.effect_incomplete');
  const card = await issueTemporaryCard(context, {
    case_id: facts.file.case_id, person: subject, station_code: facts.file.target_org, purpose: answerOf(facts, 'temporary_purpose') || null, fee_fen: serviceOf(facts.file.service_code).fee_fen,
  });
  return { kind: 'papers', temporary_card: card };
}

export const paperEffects = {
  // Ordered when the county has signed, by the step that waits for production.
  order_card: { lease: 'card', plan: noPlan, subjects: subjectOnly, accepted: loseCard },
  temporary_card: { lease: null, plan: noPlan, subjects: nobody, carryOut: giveTemporary },
  issue_certificate: { lease: null, plan: noPlan, subjects: nobody },
  copy_archive: { lease: null, plan: noPlan, subjects: nobody },
  none: { lease: null, plan: noPlan, subjects: nobody },
} satisfies Record<string, Effect>;
