/**
 * Who may do which act, in which state, and why not. The same table decides in the actions and tells
 * the review page, so a button and its refusal never differ.
 */
import { coversService, legalDay, Refusal, type Context, type OfficerActor } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { acts, conditions, type Act, type Service } from '../catalogue/index.ts';
import { findOrganisations, isInJurisdiction, levelOfOrganisation } from '../reference/index.ts';
import type { CaseState } from './contract.ts';
import { activeStep, openStates, type CaseFile, type OpenedCase, type Step } from './file.ts';
import { agencyActs, organisationAt, outsideActs } from './route.ts';
import { rightToAnswer, tasksWaitedFor, type Task, type TaskKind } from './task.ts';
import { actLabels, roleLabel, stateLabels } from './words.ts';

interface ActRule {
  permission: string;
  states: readonly CaseState[];
  /** The step must be waiting for one of these acts; absent: any. */
  waiting?: readonly Act[];
  /**
   * Whose act it is:
   * `waiting`: of the unit and post the case waits for; while another authority is waited for, of whoever accepted;
   * `destination`: of any unit that answers for the destination;
   * `county_of_destination`: of the county that decides on objections there;
   * `decider`: of the unit that approved; `deciding`: of the unit that is to approve, or before acceptance of the one that accepts;
   * `above`: of a unit above the one the case waits for; `beside`: of any other unit that sees the case;
   * `last`: of whoever acted last; `asked`: of whoever owes an answer to a task; `asking`: of a unit that waits for one.
   */
  by: 'waiting' | 'destination' | 'county_of_destination' | 'decider' | 'deciding' | 'above' | 'beside' | 'last' | 'asked' | 'asking';
  /** Decides: auxiliary staff never, and not whoever entered or accepted the case (S1–S3). */
  decides: boolean;
  before_approval?: boolean;
  /** The step goes on only when everything it asked of others is answered. */
  after_tasks?: boolean;
  /** Of tasks: which kinds the act answers. */
  of_tasks?: readonly TaskKind[];
}

const anyOpen = openStates;
const running: readonly CaseState[] = ['submitted', 'in_review'];
/** Steps of our officers; the others are taken by somebody outside. */
const ours = acts.filter((act) => !outsideActs.has(act));
const deciding: readonly Act[] = ['review', 'approve'];

/** Every act with its law; the page and the act ask the same table. */
export const actRules = {
  claim: { permission: 'cases.claim_case', states: running, waiting: ours, by: 'waiting', decides: false },
  release: { permission: 'cases.claim_case', states: running, waiting: ours, by: 'waiting', decides: false },
  accept: { permission: 'cases.accept_case', states: running, waiting: ['accept'], by: 'waiting', decides: false },
  request_supplement: { permission: 'cases.request_supplement', states: running, waiting: ['accept', 'verify', 'review', 'approve', 'execute_instant', 'agency_preliminary', 'agency_approve', 'await_certificate'], by: 'waiting', decides: false },
  answer_supplement: { permission: 'cases.open_case', states: ['supplement'], by: 'destination', decides: false },
  refuse_acceptance: { permission: 'cases.refuse_acceptance', states: ['submitted'], waiting: ['accept', 'execute_instant'], by: 'waiting', decides: false },
  verify: { permission: 'cases.verify_step', states: ['in_review'], waiting: ['verify'], by: 'waiting', decides: false, after_tasks: true },
  review: { permission: 'cases.review_step', states: ['in_review'], waiting: ['review'], by: 'waiting', decides: true, after_tasks: true },
  approve: { permission: 'cases.approve_step', states: ['in_review'], waiting: ['approve'], by: 'waiting', decides: true, after_tasks: true },
  return: { permission: 'cases.return_step', states: ['in_review'], waiting: ['verify', ...deciding], by: 'waiting', decides: true },
  recall: { permission: 'cases.recall_act', states: ['in_review'], by: 'last', decides: false },
  transfer: { permission: 'cases.transfer_step', states: running, waiting: ours, by: 'waiting', decides: false },
  countersign: { permission: 'cases.countersign_step', states: ['in_review'], waiting: deciding, by: 'waiting', decides: true },
  delegate: { permission: 'cases.delegate_check', states: ['in_review'], waiting: ['verify', ...deciding], by: 'waiting', decides: true },
  confirm_out: { permission: 'cases.confirm_out', states: ['in_review'], waiting: ['confirm_out'], by: 'waiting', decides: false },
  object_out: { permission: 'cases.object_out', states: ['in_review'], waiting: ['confirm_out'], by: 'waiting', decides: false },
  resolve_objection: { permission: 'cases.approve_step', states: ['suspended'], by: 'county_of_destination', decides: true },
  execute: { permission: 'cases.execute_case', states: ['in_review', 'submitted'], waiting: ['execute', 'execute_instant'], by: 'waiting', decides: false },
  receive_certificate: { permission: 'cases.execute_case', states: ['in_review'], waiting: ['await_certificate'], by: 'waiting', decides: false },
  hand_over: { permission: 'cases.hand_over_case', states: ['in_review'], waiting: ['hand_over'], by: 'waiting', decides: false },
  deliver_copy: { permission: 'cases.deliver_copy', states: ['in_review'], waiting: ['deliver_copy'], by: 'waiting', decides: false },
  answer_task: { permission: 'cases.answer_task', states: running, by: 'asked', decides: false, of_tasks: ['verify', 'review', 'check', 'opinion', 'supervise'] },
  object_task: { permission: 'cases.answer_task', states: running, by: 'asked', decides: false, of_tasks: ['verify', 'review', 'check'] },
  settle_task: { permission: 'cases.settle_task', states: running, by: 'asking', decides: false },
  urge: { permission: 'cases.urge_case', states: running, by: 'beside', decides: false },
  supervise: { permission: 'cases.supervise_case', states: running, waiting: ours, by: 'above', decides: false },
  ask_extension: { permission: 'cases.ask_extension', states: ['in_review'], waiting: ['verify', ...deciding, ...agencyActs], by: 'waiting', decides: false },
  decide_extension: { permission: 'cases.grant_extension', states: ['in_review'], by: 'asked', decides: false, of_tasks: ['extend'] },
  withdraw: { permission: 'cases.withdraw_case', states: anyOpen, by: 'destination', decides: false, before_approval: true },
  withdraw_consent: { permission: 'cases.withdraw_case', states: anyOpen, by: 'destination', decides: false, before_approval: true },
  terminate: { permission: 'cases.accept_case', states: anyOpen, by: 'destination', decides: false },
  void: { permission: 'cases.void_case', states: anyOpen, by: 'deciding', decides: false },
  reverse: { permission: 'cases.approve_step', states: ['executed'], by: 'decider', decides: true },
} as const satisfies Record<string, ActRule>;

export type ActName = keyof typeof actRules;

/** The right by which an officer takes a step of a route; acts that are missing here are taken outside of the police. */
export const rightOfAct: Partial<Record<Act, string>> = {
  accept: actRules.accept.permission, verify: actRules.verify.permission, review: actRules.review.permission, approve: actRules.approve.permission, confirm_out: actRules.confirm_out.permission,
  await_certificate: actRules.receive_certificate.permission, execute: actRules.execute.permission, execute_instant: actRules.execute.permission, hand_over: actRules.hand_over.permission,
  deliver_copy: actRules.deliver_copy.permission,
};

/** @returns the refusal for whoever does not hold the right for this service, or null */
export function refusalOfRight(permission: string, actor: OfficerActor, service: Pick<Service, 'code' | 'name'>): Refusal | null {
  if (!actor.permissions.has(permission)) return actor.officer_kind === 'auxiliary' ? new Refusal('cases.auxiliary') : new Refusal('kernel.not_permitted', { permission });
  return coversService(actor, permission, service.code) ? null : new Refusal('cases.service_not_yours', { service: service.name.zh, service_en: service.name.en });
}

/** The officer who calls, if the right covers the service. @throws Refusal kernel.signed_out, cases.service_not_yours, … */
export function admitOfficer(context: Context, permission: string, service: Pick<Service, 'code' | 'name'>): OfficerActor {
  if (context.actor.kind !== 'officer') throw new Refusal('kernel.signed_out');
  const refusal = refusalOfRight(permission, context.actor, service);
  if (refusal !== null) throw refusal;
  return context.actor;
}

function momentText(at: Date | null): string {
  return at === null ? '—' : new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

const officerInCharge: Text = { zh: '经办岗位', en: 'officer in charge' };
const approver: Text = { zh: '审批岗位', en: 'approver' };
const supervisor: Text = { zh: '监督岗位', en: 'supervisor' };

/** Whoever urges gives the other side time to act. */
export const urgeRestMinutes = 60;

/** Unit and post that a case waits for; while somebody outside is waited for, those who took it in answer for it. */
export function keeperOf({ file, steps }: Pick<OpenedCase, 'file' | 'steps'>): Pick<CaseFile, 'waiting_org' | 'waiting_role'> {
  const first = steps[0];
  // The station that waits for a certificate is the one that will register.
  return file.waiting_act !== null && outsideActs.has(file.waiting_act) && file.waiting_act !== 'await_certificate' && first !== undefined ? { waiting_org: first.org_code, waiting_role: first.role } : file;
}

/** Who decides on the whole case: the unit of the last approval; where nothing is approved, the unit of the first step. */
export function decidingStep({ file, steps }: Pick<OpenedCase, 'file' | 'steps'>): Step | undefined {
  return (file.accepted_at === null ? undefined : steps.findLast((step) => step.act === 'approve')) ?? steps[0];
}

/** Whether the task is put to this officer, by name, post or unit. */
export function isAddressed(actor: OfficerActor, task: Task): boolean {
  return task.org_code === actor.org_code && (task.role === null || task.role === actor.role) && (task.officer_id === null || task.officer_id === actor.officer_id);
}

function isAsked(actor: OfficerActor, task: Task, service: Pick<Service, 'code' | 'name'>): boolean {
  return task.state === 'open' && isAddressed(actor, task) && refusalOfRight(rightToAnswer[task.kind], actor, service) === null;
}

/** The tasks that an act of this officer could concern. */
export function tasksFor(act: ActName, actor: OfficerActor, opened: OpenedCase): Task[] {
  const rule: ActRule = actRules[act];
  switch (rule.by) {
    case 'asked': return opened.tasks.filter((task) => rule.of_tasks!.includes(task.kind) && isAsked(actor, task, opened.service));
    case 'asking': return opened.tasks.filter((task) => task.asked_org === actor.org_code && task.officer_id !== actor.officer_id && task.kind !== 'extend' && (task.state === 'open' || task.state === 'objected'));
    default: return [];
  }
}

/** Who is asked, in words: somebody by name, a post, or whoever is in charge there. */
function taskHolder({ officer_name, role }: Task): Text {
  if (officer_name !== null) return { zh: officer_name, en: officer_name };
  return role === null ? officerInCharge : roleLabel(role);
}

interface Elsewhere {
  org_code: string | null;
  role: Text;
}

/** The post that a step waits for, or one that the route lets take it as well. */
function isPostOf(waiting_role: string | null, role: string, { file, service }: Pick<OpenedCase, 'file' | 'service'>): boolean {
  return waiting_role === role || service.route.some((step) => step.act === file.waiting_act && step.role === waiting_role && step.also?.includes(role) === true);
}

/** Whose act it is where it is not the actor's. */
function elsewhere(rule: ActRule, act: ActName, actor: OfficerActor, opened: OpenedCase): Elsewhere | null {
  const { file, steps, tasks, trail } = opened;
  const keeper = keeperOf(opened);
  const unit = (org_code: string, role: Text): Elsewhere | null => (org_code === actor.org_code ? null : { org_code, role });
  switch (rule.by) {
    case 'waiting':
      return keeper.waiting_org === actor.org_code && isPostOf(keeper.waiting_role, actor.role, opened) ? null : { org_code: keeper.waiting_org, role: roleLabel(keeper.waiting_role ?? '') };
    case 'destination':
      return file.target_org >= actor.org_from && file.target_org < actor.org_to ? null : { org_code: file.target_org, role: officerInCharge };
    case 'county_of_destination':
      return unit(organisationAt('COUNTY', file.target_org), approver);
    case 'decider':
      return unit(steps.findLast((step) => step.act === 'approve' && step.state === 'done')?.org_code ?? file.target_org, approver);
    case 'deciding': {
      const step = decidingStep(opened);
      if (file.accepted_at === null || step?.act !== 'approve') return unit(step?.org_code ?? file.target_org, officerInCharge);
      return step.org_code === actor.org_code && step.role === actor.role ? null : { org_code: step.org_code, role: roleLabel(step.role) };
    }
    case 'above':
      return keeper.waiting_org !== null && keeper.waiting_org !== actor.org_code && isInJurisdiction(keeper.waiting_org, actor.org_code) ? null
        : { org_code: unitAbove(keeper.waiting_org ?? file.target_org), role: supervisor };
    case 'beside':
      return keeper.waiting_org === actor.org_code && keeper.waiting_role === actor.role ? { org_code: keeper.waiting_org, role: { zh: '其他岗位', en: 'other post' } } : null;
    case 'last':
      return trail.last?.actor_id === actor.officer_id ? null : { org_code: steps.findLast((step) => step.done_by === trail.last?.actor_id)?.org_code ?? file.target_org, role: { zh: '上一步办理人', en: 'officer of the last act' } };
    case 'asked': {
      const open = tasks.find((task) => rule.of_tasks!.includes(task.kind) && task.state === 'open');
      return open === undefined || tasksFor(act, actor, opened).length > 0 ? null : { org_code: open.org_code, role: taskHolder(open) };
    }
    case 'asking': {
      const open = tasks.find((task) => task.kind !== 'extend' && (task.state === 'open' || task.state === 'objected'));
      return open === undefined || tasksFor(act, actor, opened).length > 0 ? null : { org_code: open.asked_org, role: officerInCharge };
    }
  }
}

/** The unit that supervises another: one level up; above the province there is none of ours. */
export function unitAbove(org_code: string): string {
  const above = { STATION: 'COUNTY', COUNTY: 'PREFECTURE', PREFECTURE: 'PROVINCE', PROVINCE: 'PROVINCE' } as const;
  return organisationAt(above[levelOfOrganisation(org_code)], org_code);
}

/** Every office that a refusal may have to name. */
export function officesOf(opened: OpenedCase): string[] {
  const { file, steps, tasks } = opened;
  const units = [file.target_org, organisationAt('COUNTY', file.target_org), file.waiting_org, file.claimed_org, ...steps.map((step) => step.org_code), ...tasks.flatMap((task) => [task.org_code, task.asked_org])];
  return [...new Set([...units, unitAbove(keeperOf(opened).waiting_org ?? file.target_org)].filter((code) => code !== null))];
}

/** @returns the refusal that this act would meet, or null when the officer may do it now */
export function refusalOfAct(act: ActName, actor: OfficerActor, opened: OpenedCase, now: Date, office: (org_code: string | null) => Text): Refusal | null {
  const rule: ActRule = actRules[act];
  const { file } = opened;
  const rightless = refusalOfRight(rule.permission, actor, opened.service);
  if (rightless !== null) return rightless;
  if (rule.before_approval && file.approved_at !== null) return new Refusal('cases.too_late_to_withdraw');
  const waiting = activeStep(opened);
  if (!rule.states.includes(file.state) || (rule.waiting !== undefined && (waiting === undefined || !rule.waiting.includes(waiting.act)))) {
    const label = actLabels[act] ?? { zh: act, en: act };
    const step = waiting?.label;
    return new Refusal('cases.act_not_now', {
      state: `${stateLabels[file.state].zh}${step ? ` · ${step.zh}` : ''}`, state_en: `${stateLabels[file.state].en}${step ? ` · ${step.en}` : ''}`, act: label.zh, act_en: label.en,
    });
  }
  const whose = elsewhere(rule, act, actor, opened);
  if (whose !== null) return new Refusal('cases.not_your_turn', { office: office(whose.org_code).zh, role: whose.role.zh, role_en: whose.role.en });
  if (act === 'withdraw_consent' && !conditions.housing_of_another(file.answers)) return new Refusal('cases.no_consent_given');
  if (act === 'reverse' && (file.closed_at === null || legalDay(file.closed_at) !== legalDay(now))) return new Refusal('cases.not_same_day');
  if (opened.service.sensitivity !== 'S0') {
    if (rule.decides && opened.trail.entered_by.includes(actor.officer_id)) return new Refusal('cases.same_person');
    if (act === 'accept' && opened.trail.decided_by.includes(actor.officer_id)) return new Refusal('cases.decided_before');
  }
  if (rule.by === 'waiting' && file.claimed_by !== null && file.claimed_by !== actor.officer_id && file.claimed_until !== null && file.claimed_until > now) {
    return new Refusal('cases.claimed_by_other', { holder: file.claimed_name, office: office(file.claimed_org).zh, phone: file.claimed_phone ?? '—', until: momentText(file.claimed_until) });
  }
  return refusalOfVerb(act, rule, actor, opened, now, office);
}

/** What stands in the way of one verb alone. */
function refusalOfVerb(act: ActName, rule: ActRule, actor: OfficerActor, opened: OpenedCase, now: Date, office: (org_code: string | null) => Text): Refusal | null {
  const { file, tasks, trail, service } = opened;
  const waitedFor = tasksWaitedFor(opened);
  if (rule.after_tasks && waitedFor.length > 0) {
    const units = [...new Set(waitedFor.map((task) => task.org_code))].map(office);
    return new Refusal('cases.tasks_open', { count: waitedFor.length, units: units.map((unit) => unit.zh).join('、'), units_en: units.map((unit) => unit.en).join(', ') });
  }
  if ((rule.by === 'asked' || rule.by === 'asking') && tasksFor(act, actor, opened).length === 0) return new Refusal('cases.no_task');
  switch (act) {
    case 'recall': {
      if (trail.last?.can_be_recalled !== true) return new Refusal('cases.nothing_to_recall');
      const claimed = file.claimed_by !== null && file.claimed_by !== actor.officer_id && file.claimed_until !== null && file.claimed_until > now;
      const answered = tasks.some((task) => task.step === file.step && task.asked_at >= (file.waiting_since ?? now) && (task.state === 'done' || task.state === 'objected'));
      return claimed || answered ? new Refusal('cases.taken_up', { office: office(file.waiting_org).zh, office_en: office(file.waiting_org).en }) : null;
    }
    case 'urge': {
      const until = trail.urged_at === null ? null : new Date(trail.urged_at.getTime() + urgeRestMinutes * 60_000);
      return until !== null && until > now ? new Refusal('cases.urged_lately', { until: momentText(until) }) : null;
    }
    case 'supervise':
      return tasks.some((task) => task.kind === 'supervise' && task.state === 'open' && task.org_code === keeperOf(opened).waiting_org) ? new Refusal('cases.supervised_already') : null;
    case 'ask_extension':
      if (service.limits.extension_working_days <= 0) return new Refusal('cases.no_extension', { service: service.name.zh, service_en: service.name.en });
      if (tasks.some((task) => task.kind === 'extend' && (task.state === 'open' || (task.state === 'done' && task.answer?.['granted'] === true)))) return new Refusal('cases.extended_once');
      return file.due_at === null || file.due_at <= now ? new Refusal('cases.extension_too_late') : null;
    default: return null;
  }
}

/**
 * Refuses the act when the page is out of date, the state or post does not fit, or another officer has the case in hand.
 * @throws Refusal; @returns the acting officer
 */
export async function admitAct(context: Context, act: ActName, opened: OpenedCase, case_version: number): Promise<OfficerActor> {
  const actor = admitOfficer(context, actRules[act].permission, opened.service);
  if (opened.file.version !== case_version) throw await staleness(context, opened);
  const refusal = refusalOfAct(act, actor, opened, context.now, () => ({ zh: '', en: '' }));
  if (refusal !== null) {
    // Names of offices are looked up only when there is something to refuse.
    const names = await findOrganisations(context, officesOf(opened));
    throw refusalOfAct(act, actor, opened, context.now, (code) => ({ zh: names.get(code ?? '')?.name ?? code ?? '—', en: names.get(code ?? '')?.name_en ?? code ?? '—' })) ?? refusal;
  }
  return actor;
}

async function staleness(context: Context, opened: OpenedCase): Promise<Refusal> {
  const [last] = await context.query<{ act: string; at: Date; actor_name: string | null; org_code: string | null }>(
    'select act, at, actor_name, org_code from cases.case_event where case_id = $1 order by sequence desc limit 1', [opened.file.case_id]);
  const label = actLabels[last?.act ?? ''] ?? { zh: '更改', en: 'changed' };
  return new Refusal('cases.stale', {
    who: last?.actor_name ?? '系统', at: momentText(last?.at ?? null), what: label.zh, what_en: label.en,
    case_version: opened.file.version, state: opened.file.state,
  });
}
