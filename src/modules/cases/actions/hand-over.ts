/** An office was dissolved: its open cases go on at the office that succeeds it. */
import type { Context } from '../../../kernel/index.ts';
import type { OpenedCase } from '../file.ts';
import { discloseTo } from '../hold.ts';
import { recordAct } from '../record.ts';

/** States of a step that somebody has still to act on. */
export const stillToCome = ['waiting', 'active', 'objected'];

/** Moves destination, origin and every step that is still to come; what was done stays with the office that did it. */
export async function handOver(context: Context, opened: OpenedCase, successors: ReadonlyMap<string, string>): Promise<void> {
  const { file, steps, tasks } = opened;
  const heirOf = (org_code: string): string => successors.get(org_code) ?? org_code;
  const changed: { target_org: string; origin_org: string | null } = { target_org: heirOf(file.target_org), origin_org: file.origin_org === null ? null : heirOf(file.origin_org) };
  const person_ids = [...new Set([...[...file.movers, ...file.parts].map((party) => party.person_id), file.applicant_person_id])].filter((id) => id !== null);
  const household_ids = file.target_household_id === null ? [] : [file.target_household_id];
  context.forCase(file.case_id);
  if (changed.target_org !== file.target_org) await discloseTo(context, { case_id: file.case_id, org_code: changed.target_org, person_ids, household_ids });
  if (changed.origin_org !== null && changed.origin_org !== file.origin_org) await discloseTo(context, { case_id: file.case_id, org_code: changed.origin_org, person_ids, household_ids });
  await recordAct(context, opened, {
    act: 'follow_successor', detail: { from: file.target_org, to: changed.target_org, origin_from: file.origin_org, origin_to: changed.origin_org },
    file: {
      ...changed, waiting_org: file.waiting_org === null ? null : heirOf(file.waiting_org),
      claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null,
    },
    steps: steps.filter((step) => stillToCome.includes(step.state)).map((step) => ({ ...step, org_code: heirOf(step.org_code) })),
  });
  for (const task of tasks.filter((one) => one.state === 'open' || one.state === 'objected')) {
    const heir = heirOf(task.org_code);
    if (heir !== task.org_code) await discloseTo(context, { case_id: file.case_id, org_code: heir, person_ids, household_ids });
    await context.query('update cases.task set org_code = $2, asked_org = $3, case_org = $4 where task_id = $1', [task.task_id, heir, heirOf(task.asked_org), changed.target_org]);
  }
}
