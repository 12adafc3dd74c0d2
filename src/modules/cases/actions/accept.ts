/** Acceptance: preconditions are checked, the people and households are leased to this case, the clock starts. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { addWorkingDays, findOrganisations, getCalendar } from '../../reference/index.ts';
import { extendLeases, openLeases } from '../../population/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { openFile, type OpenedCase, type Step } from '../file.ts';
import { gather } from '../gather.ts';
import type { CaseFacts } from '../facts.ts';
import { recordAct } from '../record.ts';
import { advance, promisedAt, stepsOf, waitingFor } from '../route.ts';
import { check, type Check } from '../rules.ts';

/** A lease outlives every promised limit and is extended by each act; it never outlives the case. */
export const leaseWorkingDays = 30;

export interface Judged {
  checks: Check[];
  escalated: Check[];
}

/**
 * Judges the preconditions of a moment. What must be refused or returned is told all at once;
 * what must be decided one level up is handed back.
 * @throws Refusal cases.precondition_failed, cases.materials_missing
 */
export function judge(facts: CaseFacts, opened: OpenedCase, at: 'accept' | 'approve' | 'execute'): Judged {
  const checks = check(facts, opened.service, at);
  const failed = checks.filter((one) => !one.passed && one.on_fail !== 'escalate');
  if (failed.length > 0) {
    throw new Refusal('cases.precondition_failed', { count: failed.length, rules: failed.map((one) => one.rule) }, failed.map((one) => ({ field: one.rule, code: one.on_fail, ...one.finding! })));
  }
  return { checks, escalated: checks.filter((one) => !one.passed) };
}

/** @throws Refusal cases.materials_missing */
export function refuseMissing(facts: CaseFacts): void {
  const missing = facts.materials.filter((material) => material.state === 'missing');
  if (missing.length > 0) throw new Refusal('cases.materials_missing', { materials: missing.map((material) => material.code).join('、') });
}

export async function leaseUntil(context: Context): Promise<Date> {
  return addWorkingDays(context.now, leaseWorkingDays, await getCalendar(context));
}

export async function acceptCase(context: Context, input: InputOf<typeof contract.acceptCase>) {
  const opened = await openFile(context, input);
  const { file, service } = opened;
  const officer = await admitAct(context, 'accept', opened, input.case_version);
  const facts = await gather(context, opened);
  refuseMissing(facts);
  const { checks, escalated } = judge(facts, opened, 'accept');

  const calendar = await getCalendar(context);
  context.forCase(file.case_id);
  const again = file.accepted_at !== null;
  if (again) await extendLeases(context, { case_id: file.case_id, expires_at: await leaseUntil(context) });
  else {
    await openLeases(context, {
      case_id: file.case_id, case_no: file.case_no, kind: 'move', org_code: officer.org_code, holder_name: officer.name,
      holder_phone: (await findOrganisations(context, [officer.org_code])).get(officer.org_code)?.phone ?? '—',
      person_ids: facts.movers.map((mover) => mover.person_id!),
      household_ids: [...facts.origins.map((household) => household.household_id), ...(facts.target_household === null ? [] : [facts.target_household.household_id])],
      expires_at: await leaseUntil(context),
    });
  }

  const origin = facts.origins[0]?.station_code ?? file.origin_org;
  const steps = again ? opened.steps : stepsOf(service, { target: file.target_org, origin }, escalated.length > 0);
  const before = opened.steps[0]!;
  const done: Step = { ...steps[0]!, arrived_at: before.arrived_at, half_at: before.half_at, most_at: before.most_at, due_at: before.due_at, urged: before.urged, state: 'done', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: input.opinion ?? null };
  const onward = advance(steps, done, context.now, calendar);
  const changed = new Set(onward.steps.map((step) => step.step));
  return recordAct(context, opened, {
    act: 'accept', opinion: input.opinion ?? null,
    detail: { checks: checks.map(({ rule, passed }) => ({ rule, passed })), escalated: escalated.map((one) => one.rule), materials: facts.materials.map(({ code, state }) => ({ code, state })) },
    file: {
      state: 'in_review', origin_org: origin, accepted_at: file.accepted_at ?? context.now, accepted_by: officer.officer_id,
      due_at: file.due_at ?? promisedAt(service, steps, context.now, calendar), ...waitingFor(onward.next!),
    },
    steps: again ? onward.steps : [...onward.steps, ...steps.filter((step) => !changed.has(step.step))],
  });
}
