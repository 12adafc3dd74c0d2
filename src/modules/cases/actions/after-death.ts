/**
 * What a death means to the cases of others. Whose registration the case is about, or who alone could apply for it: the
 * case ends. Everybody else: the case is told, and its facts are looked at again when the death is registered.
 */
import { ageOn, legalDay, type Context } from '../../../kernel/index.ts';
import { catalogue } from '../../catalogue/index.ts';
import { getCalendar } from '../../reference/index.ts';
import type { CaseFacts } from '../facts.ts';
import { activeStep, openFile, openStates, type OpenedCase } from '../file.ts';
import { gather } from '../gather.ts';
import { recordAct } from '../record.ts';
import { begun, untouched, waitingFor } from '../route.ts';
import { judged } from './accept.ts';
import { closeCase } from './end.ts';

const casesMax = 100;

/** Whose registration it is: nobody can take this person's place in the case. */
function isConcerned({ file }: OpenedCase, person_id: string): boolean {
  return file.movers.some((mover) => mover.person_id === person_id);
}

/** Who applied for others, none of whom is of age to apply. */
function isOnlyApplicant({ file, today, movers }: CaseFacts, person_id: string): boolean {
  const mayApply = movers.some((mover) => mover.person_id !== person_id && mover.person !== null && ageOn(mover.person.birth_on, today) >= catalogue().policy.adult_age);
  return file.applicant_person_id === person_id && !mayApply;
}

async function terminate(context: Context, opened: OpenedCase, detail: Record<string, unknown>): Promise<void> {
  await closeCase(context, opened, { act: 'terminate', state: 'terminated', detail, decision: { outcome: 'terminated', reason_code: 'person_died', reason: null } });
}

/** Who must hear of it: the unit of the destination, and the one that the case waits for. */
function unitsOf({ file }: OpenedCase): string[] {
  return [...new Set([file.target_org, ...(file.waiting_org === null ? [] : [file.waiting_org])])];
}

export interface LeasesLost {
  case_id: string;
  by_case_id: string;
  subject_ids: readonly string[];
}

/** A death case has taken over what this case held: of somebody concerned the case ends, of a household it is told. */
export async function loseLeases(context: Context, { case_id, by_case_id, subject_ids }: LeasesLost): Promise<void> {
  const opened = await openFile(context, { case_id });
  const { file } = opened;
  if (!openStates.includes(file.state)) return;
  const person_id = subject_ids.find((id) => isConcerned(opened, id));
  if (person_id !== undefined) return terminate(context, opened, { person_id, by_case_id });
  await recordAct(context, opened, {
    act: 'death_in_household', internal: true, detail: { by_case_id, subject_ids },
    messages: unitsOf(opened).map((org_code) => ({ org_code, kind: 'death_in_household', text: {
      zh: `${file.case_no} 所涉的户有人死亡,死亡登记正在办理。死亡登记办结后系统自动复核本件,其间不能审批或办结。`,
      en: `${file.case_no}: somebody of a household it touches has died and the death is being registered. The case is checked again when that is done; until then it is neither approved nor executed.`,
    } })),
  });
}

export interface Death {
  person_id: string;
  case_id?: string;
}

/** A death is registered: cases that cannot go on without the person end; those that the death touched are checked again. */
export async function afterDeath(context: Context, { person_id, case_id: by_case_id = '' }: Death): Promise<void> {
  const rows = await context.query<{ case_id: string }>(
    `select c.case_id from cases.case_file c
     where c.state = any($2) and c.case_id::text <> $3
       and (exists (select from cases.party p where p.case_id = c.case_id and p.person_id = $1)
         or exists (select from cases.case_event e where e.case_id = c.case_id and e.act = 'death_in_household' and e.detail ->> 'by_case_id' = $3))
     order by c.case_id limit ${casesMax}`, [person_id, openStates, by_case_id]);
  for (const { case_id } of rows) {
    const opened = await openFile(context, { case_id });
    // It may have ended while this waited for it, or a correction may have taken the person out of it.
    if (!openStates.includes(opened.file.state)) continue;
    if (isConcerned(opened, person_id)) {
      await terminate(context, opened, { person_id });
      continue;
    }
    const facts = await gather(context, opened);
    if (isOnlyApplicant(facts, person_id)) await terminate(context, opened, { person_id, applicant: true });
    else await checkAgain(context, opened, facts);
  }
}

/** What was accepted is looked at with the facts of now; what no longer holds sends an accepted case back to acceptance. */
async function checkAgain(context: Context, opened: OpenedCase, facts: CaseFacts): Promise<void> {
  const { file, steps } = opened;
  const { checks, failed } = judged(facts, opened, 'accept');
  const detail = { day: legalDay(context.now), checks: checks.map(({ rule, passed }) => ({ rule, passed })), failed: failed.map((one) => one.rule) };
  const found = { zh: failed.map((one) => one.finding!.zh).join(''), en: failed.map((one) => one.finding!.en).join(' ') };
  const current = activeStep(opened);
  const stands = failed.length === 0;
  const text = stands
    ? { zh: `${file.case_no} 所涉的户有人死亡,复核后条件仍然符合,可以继续办理。`, en: `${file.case_no}: after a death in a household it touches the conditions are still met; go on.` }
    : { zh: `${file.case_no} 所涉的户有人死亡,复核不通过:${found.zh}`, en: `${file.case_no}: after a death in a household it touches the conditions are no longer met: ${found.en}` };
  const messages = unitsOf(opened).map((org_code) => ({ org_code, kind: 'death_in_household', text }));
  // Before acceptance, and while the case rests, what was found waits for whoever acts next.
  if (stands || file.state !== 'in_review' || current === undefined || current.step === 1) {
    await recordAct(context, opened, { act: 'check_after_death', internal: true, opinion: stands ? null : found.zh, detail, messages });
    return;
  }
  const acceptance = begun(steps[0]!, context.now, await getCalendar(context));
  await recordAct(context, opened, {
    act: 'return', opinion: found.zh, detail: { ...detail, to_step: 1, from_step: current.step, because: 'check_after_death' },
    file: { approved_at: null, decision: null, ...waitingFor(acceptance) },
    steps: [acceptance, ...steps.filter((step) => step.step > 1 && step.step < current.step).map(untouched), { ...current, state: 'returned', done_at: context.now, opinion: found.zh }],
    messages,
  });
}
