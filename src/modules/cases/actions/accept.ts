/** Acceptance: preconditions are checked, the people and households are leased to this case, the clock starts. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { getCalendar } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { openFile, type OpenedCase, type Step } from '../file.ts';
import { gather } from '../gather.ts';
import type { CaseFacts } from '../facts.ts';
import { effects } from '../effects/index.ts';
import { disclosePeople, takeLeases } from '../hold.ts';
import { materialNames } from '../materials.ts';
import { recordAct } from '../record.ts';
import { advance, downwardTasks, isFromTop, merged, promisedAt, routeFor, stepsOf, topLevelSteps, waitingFor } from '../route.ts';
import { openTasks, taskMessage } from '../task.ts';
import { check, type Check } from '../rules/index.ts';

export interface Judged {
  checks: Check[];
  /** Refuse or return: the act is not possible. */
  failed: Check[];
  /** To be decided one level up. */
  escalated: Check[];
  /** Nothing stands in the way, but somebody must be told. */
  notified: Check[];
}

/** Judges the preconditions of a moment; pure. */
export function judged(facts: CaseFacts, opened: OpenedCase, at: 'accept' | 'approve' | 'execute'): Judged {
  const checks = check(facts, opened.service, at);
  const open = checks.filter((one) => !one.passed);
  return {
    checks,
    failed: open.filter((one) => one.on_fail !== 'escalate' && one.on_fail !== 'notify'),
    escalated: open.filter((one) => one.on_fail === 'escalate'),
    notified: open.filter((one) => one.on_fail === 'notify'),
  };
}

/** Everything that stands in the way, told at once. */
export function preconditionsFailed(failed: readonly Check[]): Refusal {
  return new Refusal('cases.precondition_failed', { count: failed.length, rules: failed.map((one) => one.rule) }, failed.map((one) => ({ field: one.rule, code: one.on_fail, ...one.finding! })));
}

/** @throws Refusal cases.precondition_failed */
export function judge(facts: CaseFacts, opened: OpenedCase, at: 'accept' | 'approve' | 'execute'): Judged {
  const judgement = judged(facts, opened, at);
  if (judgement.failed.length > 0) throw preconditionsFailed(judgement.failed);
  return judgement;
}

/** @throws Refusal cases.materials_missing */
export function refuseMissing(facts: CaseFacts): void {
  const missing = facts.materials.filter((material) => material.state === 'missing');
  if (missing.length > 0) throw new Refusal('cases.materials_missing', materialNames(missing));
}

/** What an act keeps of the judgement: the result of each check, and how each material was settled with its evidence. */
export function judgementDetail(facts: CaseFacts, checks: readonly Check[]): Record<string, unknown> {
  return {
    checks: checks.map(({ rule, passed }) => ({ rule, passed })),
    materials: facts.materials.map(({ code, required, state, evidence }) => ({ code, required, state, evidence })),
  };
}

/** A case that came back to this step is accepted anew: by the facts of now, on the route that they ask for. */
export async function acceptCase(context: Context, input: InputOf<typeof contract.acceptCase>) {
  const opened = await openFile(context, input);
  const { file, service } = opened;
  const officer = await admitAct(context, 'accept', opened, input.case_version);
  const facts = await gather(context, opened);
  refuseMissing(facts);
  const { checks, escalated, notified } = judge(facts, opened, 'accept');

  const calendar = await getCalendar(context);
  // Whoever stays where the case is handled leaves no other station.
  const left = facts.origins[0]?.station_code;
  const origin = left === undefined || left === file.target_org ? file.origin_org : left;
  context.forCase(file.case_id);
  await takeLeases(context, facts, officer);
  if (origin !== null && origin !== file.target_org) {
    // The old station sees whom and where to: it has to confirm it.
    await disclosePeople(context, facts, origin);
  }

  const fromTop = isFromTop(service, opened.steps);
  const [steps, places] = [routeFor(service, file.answers, fromTop), { target: file.target_org, origin }];
  const route = fromTop ? topLevelSteps(steps, places) : stepsOf({ route: steps }, places, escalated.length > 0);
  const { arrived_at, half_at, most_at, due_at, urged } = opened.steps[0]!;
  const done: Step = { ...route[0]!, arrived_at, half_at, most_at, due_at, urged, state: 'done', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: input.opinion ?? null };
  const onward = advance(route, done, context.now, calendar);
  // Steps of a longer route that was taken before.
  const surplus = opened.steps.filter((step) => step.step > route.length).map((step): Step => ({ ...step, state: 'skipped' }));
  const done_at_once = await effects[service.effect].accepted?.(context, facts);
  const asked = fromTop ? downwardTasks(steps, places) : [];
  for (const { org_code } of asked) await disclosePeople(context, facts, org_code);
  const answer = await recordAct(context, opened, {
    act: 'accept', opinion: input.opinion ?? null, detail: { ...judgementDetail(facts, checks), escalated: escalated.map((one) => one.rule), ...done_at_once, ...(fromTop ? { asked: asked.map(({ kind, org_code }) => ({ kind, org_code })) } : {}) },
    file: {
      state: 'in_review', origin_org: origin, accepted_at: file.accepted_at ?? context.now, accepted_by: officer.officer_id,
      due_at: file.due_at ?? promisedAt(service, route, context.now, calendar), ...waitingFor(onward.next!),
    },
    steps: [...merged(route, onward.steps), ...surplus],
    messages: [
      ...notified.map((one) => ({ org_code: file.target_org, kind: one.rule, text: { zh: `${file.case_no} ${one.finding!.zh}`, en: `${file.case_no}: ${one.finding!.en}` } })),
      ...asked.map((task) => taskMessage(file.case_no, task)),
    ],
  });
  await openTasks(context, { file: { ...file, ...waitingFor(onward.next!) }, tasks: opened.tasks }, asked, calendar);
  return answer;
}
