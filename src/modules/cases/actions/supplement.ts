/** What is missing is told once and completely, and the answer takes up where the case stood. */
import { isDeepStrictEqual } from 'node:util';
import { legalDay, Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { addWorkingDays, getCalendar, localDay, type WorkingCalendar } from '../../reference/index.ts';
import { askedAnswers, catalogue, checkAnswers, type Answers, type SuppliedMaterial } from '../../catalogue/index.ts';
import { commitmentsBarredUntil } from '../commitments.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type CaseFile, type OpenedCase, type Step } from '../file.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { begun, organisationAt, resumed, shifted, untouched, waitingFor } from '../route.ts';
import { addParties, resolveParties, type ResolvedParties } from '../parties.ts';
import { takenAtCounter } from './counter.ts';

export async function requestSupplement(context: Context, input: InputOf<typeof contract.requestSupplement>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'request_supplement', opened, input.case_version);
  const { file, service } = opened;
  const calendar = await getCalendar(context);
  const due_on = localDay(addWorkingDays(context.now, service.limits.supplement_working_days, calendar));
  const barred = await commitmentsBarredUntil(context, file);
  const items = input.items.map((item) => ({
    subject: item.subject, zh: item.zh, en: item.en ?? item.zh,
    // The portal cannot know; this list tells it.
    ...(barred !== null && catalogue().materials.get(item.subject)?.commitment === true ? { no_commitment: true } : {}),
  }));
  await context.query(
    `insert into cases.correction (case_id, number, issued_at, issued_by, due_on, items, new_fact)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5::jsonb, $6 from cases.correction where case_id = $1`,
    [file.case_id, context.now, officer.officer_id, due_on, JSON.stringify(items), input.new_fact ?? null]);
  return recordAct(context, opened, {
    act: 'request_supplement', detail: { items, due_on, ...(input.new_fact === undefined ? {} : { new_fact: input.new_fact }) },
    // Time that the applicant takes does not count against the offices.
    file: { state: 'supplement', clock_stopped_at: context.now, ...nobodyWaits },
  });
}

/** What the applicant brings to the counter instead of sending it by the portal. */
export async function answerSupplement(context: Context, input: InputOf<typeof contract.answerSupplement>) {
  // Pictures are remade before the case is held for this act.
  const materials = await takenAtCounter(context, input.materials ?? []);
  const opened = await openFile(context, input);
  await admitAct(context, 'answer_supplement', opened, input.case_version);
  return takeAnswer(context, opened, { answers: input.answers, materials, note: input.note ?? '' });
}

/**
 * The applicant's answer: only what changed travels, the rest stands. Who moves and where to was checked and leased
 * at acceptance: where that changes, the case goes back to acceptance.
 * @throws Refusal cases.act_not_now, kernel.invalid_input, cases.address_unknown
 */
export async function takeAnswer(context: Context, opened: OpenedCase, answer: { answers: Answers; materials: readonly SuppliedMaterial[]; note: string }) {
  const { file, service } = opened;
  if (file.state !== 'supplement') throw new Refusal('cases.act_not_now', { state: file.state, state_en: file.state, act: '补正', act_en: 'a correction' });
  // What was answered under a condition that no longer holds falls away.
  const answers = askedAnswers(service, { ...file.answers, ...answer.answers });
  const violations = checkAnswers(service, answers, { today: legalDay(context.now) });
  if (violations.length > 0) throw new Refusal('kernel.invalid_input', { count: violations.length }, violations);
  await context.query(
    `insert into cases.material (case_id, code, version, supplied_by, certificate_no, attachments, supplied_at)
     select $1, m.code, coalesce((select max(version) from cases.material where case_id = $1 and code = m.code), 0) + 1, m.supplied_by, m.certificate_no, m.attachments, $2
     from jsonb_to_recordset($3::jsonb) as m (code text, supplied_by text, certificate_no text, attachments jsonb)`,
    [file.case_id, context.now, JSON.stringify(answer.materials.map((material) => ({ code: material.code, supplied_by: material.by, certificate_no: material.certificate_no ?? null, attachments: material.attachments })))]);
  await context.query('update cases.correction set answered_at = $2 where case_id = $1 and answered_at is null', [file.case_id, context.now]);
  const { parties, disclose, ...resolved } = await resolveParties(context, { ...file, answers });
  await addParties(context, file.case_id, parties);
  await disclose();
  const calendar = await getCalendar(context);
  const stopped = file.clock_stopped_at ?? context.now;
  const accepted = file.accepted_at !== null;
  const waiting = resumed(activeStep(opened)!, stopped, context.now, calendar);
  const steps = waiting.step === 1 ? [{ ...waiting, org_code: organisationAt(waiting.level, resolved.target_org) }]
    : movesOtherwise(file, resolved) ? backToAcceptance(opened, waiting, resolved.target_org, context.now, calendar) : [waiting];
  return recordAct(context, opened, {
    act: 'answer_supplement', opinion: answer.note || null, detail: { fields: Object.keys(answer.answers), materials: answer.materials.map((material) => material.code) },
    file: {
      // A mended telephone number is where the next message goes.
      state: accepted ? 'in_review' : 'submitted', answers, ...resolved, applicant_phone: String(answers['applicant_phone'] ?? file.applicant_phone), clock_stopped_at: null,
      due_at: file.due_at === null ? null : shifted(file.due_at, stopped, context.now, calendar), ...waitingFor(steps.find((step) => step.state === 'active')!),
    },
    steps,
  });
}

function movesOtherwise(file: CaseFile, resolved: ResolvedParties): boolean {
  return (['movers', 'parts', 'target_org', 'target_address_id', 'target_household_id', 'origin_org'] as const).some((part) => !isDeepStrictEqual(file[part], resolved[part]));
}

function backToAcceptance({ steps }: OpenedCase, waiting: Step, target_org: string, now: Date, calendar: WorkingCalendar): Step[] {
  const acceptance = begun({ ...steps[0]!, org_code: organisationAt(steps[0]!.level, target_org) }, now, calendar);
  return [acceptance, ...steps.filter((step) => step.step > 1 && step.step < waiting.step).map(untouched), { ...waiting, state: 'returned', done_at: now }];
}
