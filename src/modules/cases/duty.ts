/**
 * Who may do which act, in which state, and why not. The same table decides in the actions and tells
 * the review page, so a button and its refusal never differ.
 */
import { legalDay, Refusal, type Context, type OfficerActor } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { conditions, type Service } from '../catalogue/index.ts';
import { findOrganisations } from '../reference/index.ts';
import type { CaseState } from './contract.ts';
import { activeStep, openStates, type OpenedCase } from './file.ts';
import { organisationAt } from './route.ts';
import { actLabels, roleLabel, stateLabels } from './words.ts';

interface ActRule {
  permission: string;
  states: readonly CaseState[];
  /** The step must be waiting for one of these acts; absent: any. */
  waiting?: readonly string[];
  /**
   * Whose act it is: of the unit and post the case waits for, of any unit that answers for the destination, of the county
   * that decides on objections there, or of the unit that approved.
   */
  by: 'waiting' | 'destination' | 'county_of_destination' | 'decider';
  /** Decides: auxiliary staff never, and not whoever accepted (S1–S3). */
  decides: boolean;
  before_approval?: boolean;
}

const anyOpen = openStates;

export const actRules = {
  claim: { permission: 'cases.claim_case', states: ['submitted', 'in_review'], by: 'waiting', decides: false },
  release: { permission: 'cases.claim_case', states: ['submitted', 'in_review'], by: 'waiting', decides: false },
  accept: { permission: 'cases.accept_case', states: ['submitted', 'in_review'], waiting: ['accept'], by: 'waiting', decides: false },
  request_supplement: { permission: 'cases.request_supplement', states: ['submitted', 'in_review'], waiting: ['accept', 'review', 'approve', 'execute_instant'], by: 'waiting', decides: false },
  answer_supplement: { permission: 'cases.open_case', states: ['supplement'], by: 'destination', decides: false },
  refuse_acceptance: { permission: 'cases.refuse_acceptance', states: ['submitted'], waiting: ['accept', 'execute_instant'], by: 'waiting', decides: false },
  review: { permission: 'cases.review_step', states: ['in_review'], waiting: ['review'], by: 'waiting', decides: true },
  approve: { permission: 'cases.approve_step', states: ['in_review'], waiting: ['approve'], by: 'waiting', decides: true },
  return: { permission: 'cases.return_step', states: ['in_review'], waiting: ['review', 'approve'], by: 'waiting', decides: true },
  confirm_out: { permission: 'cases.confirm_out', states: ['in_review'], waiting: ['confirm_out'], by: 'waiting', decides: false },
  object_out: { permission: 'cases.object_out', states: ['in_review'], waiting: ['confirm_out'], by: 'waiting', decides: false },
  resolve_objection: { permission: 'cases.approve_step', states: ['suspended'], by: 'county_of_destination', decides: true },
  execute: { permission: 'cases.execute_case', states: ['in_review', 'submitted'], waiting: ['execute', 'execute_instant'], by: 'waiting', decides: false },
  withdraw: { permission: 'cases.withdraw_case', states: anyOpen, by: 'destination', decides: false, before_approval: true },
  withdraw_consent: { permission: 'cases.withdraw_case', states: anyOpen, by: 'destination', decides: false, before_approval: true },
  terminate: { permission: 'cases.accept_case', states: anyOpen, by: 'destination', decides: false },
  reverse: { permission: 'cases.approve_step', states: ['executed'], by: 'decider', decides: true },
} as const satisfies Record<string, ActRule>;

export type ActName = keyof typeof actRules;

/** The service codes that a right of the officer covers, as patterns of SQL `like`. */
export function servicesLike(actor: OfficerActor, permission: string): string[] {
  return (actor.services.get(permission) ?? []).map((pattern) => pattern.replace('*', '%'));
}

/** @returns the refusal for whoever does not hold the right for this service, or null */
export function refusalOfRight(permission: string, actor: OfficerActor, service: Pick<Service, 'code' | 'name'>): Refusal | null {
  if (!actor.permissions.has(permission)) return actor.officer_kind === 'auxiliary' ? new Refusal('cases.auxiliary') : new Refusal('kernel.not_permitted', { permission });
  const covered = (actor.services.get(permission) ?? []).some((pattern) => (pattern.endsWith('*') ? service.code.startsWith(pattern.slice(0, -1)) : pattern === service.code));
  return covered ? null : new Refusal('cases.service_not_yours', { service: service.name.zh, service_en: service.name.en });
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

/** Whose act it is where it is not the actor's. */
function elsewhere(rule: ActRule, actor: OfficerActor, { file, steps }: OpenedCase): { org_code: string | null; role: Text } | null {
  switch (rule.by) {
    case 'waiting':
      return file.waiting_org === actor.org_code && file.waiting_role === actor.role ? null : { org_code: file.waiting_org, role: roleLabel(file.waiting_role ?? '') };
    case 'destination':
      return file.target_org >= actor.org_from && file.target_org < actor.org_to ? null : { org_code: file.target_org, role: officerInCharge };
    case 'county_of_destination': {
      const county = organisationAt('COUNTY', file.target_org);
      return county === actor.org_code ? null : { org_code: county, role: approver };
    }
    case 'decider': {
      const decider = steps.findLast((step) => step.act === 'approve' && step.state === 'done')?.org_code ?? file.target_org;
      return decider === actor.org_code ? null : { org_code: decider, role: approver };
    }
  }
}

/** Every office that a refusal may have to name. */
export function officesOf(opened: OpenedCase): string[] {
  const { file, steps } = opened;
  return [...new Set([file.target_org, organisationAt('COUNTY', file.target_org), file.waiting_org, file.claimed_org, ...steps.map((step) => step.org_code)].filter((code) => code !== null))];
}

/** @returns the refusal that this act would meet, or null when the officer may do it now */
export function refusalOfAct(act: ActName, actor: OfficerActor, opened: OpenedCase, now: Date, office: (org_code: string | null) => Text): Refusal | null {
  const rule: ActRule = actRules[act];
  const { file } = opened;
  const rightless = refusalOfRight(rule.permission, actor, opened.service);
  if (rightless !== null) return rightless;
  if (rule.before_approval && file.approved_at !== null) return new Refusal('cases.too_late_to_withdraw');
  const waiting = activeStep(opened);
  if (!rule.states.includes(file.state) || (rule.waiting !== undefined && !rule.waiting.includes(waiting?.act ?? ''))) {
    const label = actLabels[act] ?? { zh: act, en: act };
    const step = waiting?.label;
    return new Refusal('cases.act_not_now', {
      state: `${stateLabels[file.state].zh}${step ? ` · ${step.zh}` : ''}`, state_en: `${stateLabels[file.state].en}${step ? ` · ${step.en}` : ''}`, act: label.zh, act_en: label.en,
    });
  }
  const whose = elsewhere(rule, actor, opened);
  if (whose !== null) return new Refusal('cases.not_your_turn', { office: office(whose.org_code).zh, role: whose.role.zh, role_en: whose.role.en });
  if (act === 'withdraw_consent' && !conditions.housing_of_another(file.answers)) return new Refusal('cases.no_consent_given');
  if (act === 'reverse' && (file.closed_at === null || legalDay(file.closed_at) !== legalDay(now))) return new Refusal('cases.not_same_day');
  if (rule.decides && opened.service.sensitivity !== 'S0' && file.accepted_by === actor.officer_id) return new Refusal('cases.same_person');
  if (rule.by === 'waiting' && file.claimed_by !== null && file.claimed_by !== actor.officer_id && file.claimed_until !== null && file.claimed_until > now) {
    return new Refusal('cases.claimed_by_other', { holder: file.claimed_name, office: office(file.claimed_org).zh, phone: file.claimed_phone ?? '—', until: momentText(file.claimed_until) });
  }
  return null;
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
