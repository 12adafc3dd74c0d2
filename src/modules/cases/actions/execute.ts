/** Execution: preconditions once more, then both places change in the same transaction and the same instant. */
import { Refusal, type Context, type InputOf, type OfficerActor } from '../../../kernel/index.ts';
import { legalDay } from '../../../kernel/clock.ts';
import { catalogue, type Service } from '../../catalogue/index.ts';
import { findOrganisations, getCalendar } from '../../reference/index.ts';
import { applyUndo, endDisclosure, openLeases, planUndo, releaseLeases, reverseTransfer } from '../../population/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { applyOf, effects, noPlan } from '../effects/index.ts';
import { activeStep, openFile, type OpenedCase, type Step } from '../file.ts';
import type { CaseFacts } from '../facts.ts';
import { gather } from '../gather.ts';
import { holdsAll, leaseUntil, takeLeases } from '../hold.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { advance, begun, merged, promisedAt, raisedSteps, untouched, waitingFor } from '../route.ts';
import type { Check } from '../rules/index.ts';
import { judge, judged, judgementDetail, preconditionsFailed, refuseMissing, type Judged } from './accept.ts';
import { finished } from './decide.ts';

export async function executeCase(context: Context, input: InputOf<typeof contract.executeCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'execute', opened, input.case_version);
  const { file, service } = opened;
  const facts = await gather(context, opened);
  const instant = activeStep(opened)!.act === 'execute_instant';
  const onAcceptance: Check[] = [];
  if (instant) {
    refuseMissing(facts);
    const judgement = judge(facts, opened, 'accept');
    // What one officer may do at once is not his where the level above must decide.
    if (judgement.escalated.length > 0) return raise(context, opened, officer, facts, judgement, input.opinion ?? null);
    onAcceptance.push(...judgement.checks);
  }
  const { checks, failed } = judged(facts, opened, 'execute');
  if (failed.length > 0) {
    if (instant) throw preconditionsFailed(failed);
    await backToDecision(context, opened, officer, failed);
    throw preconditionsFailed(failed).keepingWrites();
  }

  context.forCase(file.case_id);
  const effect = await carryOut(context, facts, service, officer);
  await releaseLeases(context, { case_id: file.case_id });
  await planRechecks(context, facts);

  const step = finished(activeStep(opened)!, officer, context.now, 'done', input.opinion ?? null);
  const onward = advance(opened.steps, step, context.now, await getCalendar(context));
  // What was registered is still to be handed over; the case ends with that.
  if (onward.next !== undefined) {
    return recordAct(context, opened, {
      act: 'execute', opinion: input.opinion ?? null, detail: { ...judgementDetail(facts, checks), effect }, file: { effect, ...waitingFor(onward.next) }, steps: onward.steps, messages: executedNotes(opened),
    });
  }
  await endDisclosure(context, { case_id: file.case_id });
  return recordAct(context, opened, {
    act: 'execute', opinion: input.opinion ?? null, detail: { ...judgementDetail(facts, [...onAcceptance, ...checks]), effect },
    file: {
      state: 'executed', effect, closed_at: context.now, decision: { outcome: 'executed', reason_code: null, reason: null }, ...nobodyWaits,
      ...(instant ? { accepted_at: context.now, accepted_by: officer.officer_id, approved_at: context.now } : {}),
    },
    steps: [step],
    messages: executedNotes(opened),
  });
}

/** The officer accepts instead, and the county decides before the station registers. */
async function raise(context: Context, opened: OpenedCase, officer: OfficerActor, facts: CaseFacts, judgement: Judged, opinion: string | null) {
  const { file, service } = opened;
  const calendar = await getCalendar(context);
  context.forCase(file.case_id);
  await takeLeases(context, facts, officer);
  const route = raisedSteps(activeStep(opened)!, file.target_org);
  const onward = advance(route, finished(route[0]!, officer, context.now, 'done', opinion), context.now, calendar);
  return recordAct(context, opened, {
    act: 'accept', opinion, detail: { ...judgementDetail(facts, judgement.checks), escalated: judgement.escalated.map((one) => one.rule) },
    file: { state: 'in_review', accepted_at: context.now, accepted_by: officer.officer_id, due_at: promisedAt(service, route, context.now, calendar), ...waitingFor(onward.next!) },
    steps: merged(route, onward.steps),
  });
}

/** What was approved no longer holds: the approval is suspended and whoever decided decides again, knowing what was found. */
async function backToDecision(context: Context, opened: OpenedCase, officer: OfficerActor, failed: readonly Check[]): Promise<void> {
  const { file, steps } = opened;
  const current = activeStep(opened)!;
  const deciding = begun(steps.findLast((step) => step.act === 'approve')!, context.now, await getCalendar(context));
  const again = steps.filter((step) => step.step > deciding.step && step.step < current.step).map(untouched);
  const found = { zh: failed.map((one) => one.finding!.zh).join(''), en: failed.map((one) => one.finding!.en).join(' ') };
  await recordAct(context, opened, {
    act: 'return', opinion: found.zh, detail: { to_step: deciding.step, from_step: current.step, failed: failed.map((one) => one.rule) },
    file: { approved_at: null, decision: null, ...waitingFor(deciding) },
    steps: [{ ...current, state: 'returned', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: found.zh }, ...again, deciding],
    messages: [{ org_code: deciding.org_code, kind: 'returned', text: { zh: `${file.case_no} 办结时复核不通过,原审批暂停:${found.zh}`, en: `${file.case_no} failed its check at execution and the approval is suspended: ${found.en}` } }],
  });
}

/**
 * The effect of the service on the register, in this transaction.
 * @throws Refusal cases.effect_incomplete while the facts do not say what is to be registered
 */
async function carryOut(context: Context, facts: CaseFacts, service: Service, officer: OfficerActor): Promise<Record<string, unknown>> {
  const effect = effects[service.effect];
  // A case that rested longer than its leases takes them again, unless another was quicker.
  if (!holdsAll(facts)) await takeLeases(context, facts, officer);
  if (effect.carryOut !== undefined) return effect.carryOut(context, facts, officer);
  const plan = effect.plan(facts);
  if (plan === null && effect.plan !== noPlan) throw new Refusal('cases.effect_incomplete');
  const outcome = plan === null ? null : await applyOf(context, facts, plan);
  const more = await effect.after?.(context, facts, outcome);
  return { kind: plan === null ? 'papers' : 'plan', ...outcome, ...more };
}

/** 国办发〔2020〕42号: what was promised in writing is checked afterwards. */
async function planRechecks(context: Context, facts: CaseFacts): Promise<void> {
  const promised = facts.materials.filter((material) => material.state === 'commitment').map((material) => material.code);
  if (promised.length === 0) return;
  const due = legalDay(new Date(context.now.getTime() + catalogue().policy.commitment_check_days * 86_400_000));
  await context.query(`insert into cases.recheck (case_id, code, due_on) select $1, unnest($2::text[]), $3`, [facts.file.case_id, promised, due]);
}

function executedNotes({ file, service }: OpenedCase) {
  if (file.origin_org === null || file.origin_org === file.target_org) return [];
  return [{ org_code: file.origin_org, kind: 'executed', text: { zh: `${file.case_no} ${service.name.zh}已办结,户口已从本所迁出。`, en: `${file.case_no} ${service.name.en} was executed; the registration has left your station.` } }];
}

/**
 * What a plan changed goes back as a whole, or not at all: whoever built on it since is named.
 * @throws Refusal cases.built_upon, population.nothing_to_undo
 */
async function undoPlan(context: Context, file: OpenedCase['file'], officer: OfficerActor): Promise<void> {
  const undo = await planUndo(context, { case_id: file.case_id });
  const [conflict] = undo.conflicts;
  if (conflict !== undefined) {
    const office = (await findOrganisations(context, [conflict.owner_org ?? ''])).get(conflict.owner_org ?? '');
    throw new Refusal('cases.built_upon', { case_no: conflict.case_no ?? '—', office: office?.name ?? conflict.owner_org ?? '—' });
  }
  await openLeases(context, {
    case_id: file.case_id, case_no: file.case_no, kind: 'restore', org_code: officer.org_code, holder_name: officer.name, holder_phone: null, ...undo.subjects, expires_at: await leaseUntil(context),
  });
  await applyUndo(context, { of_case_id: file.case_id, case_id: file.case_id, at: context.now, digest: undo.digest });
  await releaseLeases(context, { case_id: file.case_id });
}

/** 冲销: a mistake found on the same day is undone as a unit by the deciding level. */
export async function reverseCase(context: Context, input: InputOf<typeof contract.reverseCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'reverse', opened, input.case_version);
  const { file } = opened;
  context.forCase(file.case_id);
  if (file.effect?.['kind'] === 'transfer') await reverseTransfer(context, { case_id: file.case_id, at: context.now });
  else await undoPlan(context, file, officer);
  return recordAct(context, opened, {
    act: 'reverse', opinion: input.reason, detail: { of: file.effect },
    file: { state: 'terminated', decision: { outcome: 'reversed', reason_code: 'reversed', reason: input.reason } },
    messages: [file.target_org, ...(file.origin_org === null ? [] : [file.origin_org])].map((org_code) => ({
      org_code, kind: 'reversed', text: { zh: `${file.case_no} 已由审批机关当日冲销:${input.reason}`, en: `${file.case_no} was reversed the same day: ${input.reason}` },
    })),
  });
}
