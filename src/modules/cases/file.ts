/** A case as its row, and the ways to read it. */
import type { Context } from '../../kernel/index.ts';
import { legalDay, Refusal } from '../../kernel/index.ts';
import { catalogue, serviceFor, type Act, type Answers, type Service } from '../catalogue/index.ts';
import { getBureau } from '../reference/index.ts';
import type { CaseState } from './contract.ts';
import type { Task } from './task.ts';

/** A person who moves (or whose record changes), as declared and as found in the register at submission. */
export interface Party {
  name: string;
  id_number: string;
  /** Relation to the head at the destination. */
  relation: string;
  person_id: string | null;
}

/** In which part the answers may name somebody besides those whose registration changes; each is a pair of fields. */
export const partNames = ['subject', 'target_head', 'new_head', 'father', 'mother', 'spouse', 'guardian', 'adopter', 'kept', 'requester', 'manager', 'person'] as const;
export type PartName = (typeof partNames)[number];

/** Somebody named by a part, as declared and as found in the register. */
export interface NamedPart {
  part: PartName;
  name: string;
  id_number: string;
  person_id: string | null;
}

export interface CaseFile {
  case_id: string;
  case_no: string;
  receipt_no: string | null;
  service_code: string;
  catalogue_version: string;
  channel: 'online' | 'window' | 'ex_officio';
  state: CaseState;
  version: number;
  step: number;
  applicant_name: string;
  applicant_id_number: string;
  applicant_phone: string;
  applicant_identity_level: number;
  applicant_person_id: string | null;
  answers: Answers;
  movers: Party[];
  parts: NamedPart[];
  target_org: string;
  target_address_id: string | null;
  target_household_id: string | null;
  origin_org: string | null;
  waiting_org: string | null;
  waiting_role: string | null;
  waiting_act: Act | null;
  waiting_since: Date | null;
  step_due_at: Date | null;
  urged: number;
  submitted_at: Date;
  accepted_at: Date | null;
  accepted_by: string | null;
  approved_at: Date | null;
  due_at: Date | null;
  clock_stopped_at: Date | null;
  closed_at: Date | null;
  claimed_by: string | null;
  claimed_name: string | null;
  claimed_org: string | null;
  claimed_phone: string | null;
  claimed_until: Date | null;
  decision: Decision | null;
  suspension: Suspension | null;
  effect: Record<string, unknown> | null;
}

export interface Decision {
  outcome: 'executed' | 'approved' | 'not_accepted' | 'rejected' | 'withdrawn' | 'expired' | 'terminated' | 'reversed';
  reason_code: string | null;
  reason: string | null;
}

export interface Suspension {
  since: string;
  reason_code: string;
  reason: string;
  document_no: string | null;
  until: string | null;
}

export interface Step {
  step: number;
  act: Act;
  role: string;
  level: string;
  org_code: string;
  label: { zh: string; en: string };
  limit_working_minutes: number;
  on_timeout: string | null;
  state: 'waiting' | 'active' | 'done' | 'returned' | 'refused' | 'objected' | 'automatic' | 'skipped';
  arrived_at: Date | null;
  half_at: Date | null;
  most_at: Date | null;
  due_at: Date | null;
  urged: number;
  done_at: Date | null;
  done_by: string | null;
  done_by_name: string | null;
  opinion: string | null;
}

/** Whose hands a case has gone through; officers by their id. */
export interface Trail {
  /** Who entered or accepted it. */
  entered_by: readonly string[];
  /** Who reviewed, approved or refused it. */
  decided_by: readonly string[];
  /** The last act that moved it; taking in hand, urging and the like do not. */
  last: { sequence: number; act: string; actor_id: string | null; can_be_recalled: boolean } | null;
  /** When an officer last urged it. */
  urged_at: Date | null;
}

/** Nobody has touched it yet. */
export const untrodden: Trail = { entered_by: [], decided_by: [], last: null, urged_at: null };

/** The case with its steps, held until the end of the transaction when an act is coming. */
export interface OpenedCase {
  file: CaseFile;
  steps: Step[];
  service: Service;
  tasks: Task[];
  trail: Trail;
}

/** Acts that leave the case where it is: whoever acted before them still acted last. */
export const quietActs: readonly string[] = ['claim', 'release', 'urge', 'supervise', 'answer_supervision', 'ask_extension', 'extend', 'refuse_extension', 'withdraw_late', 'agency_needs_more', 'agency_offline', 'permit_ended', 'order_rejected'];

/** Rows inside JSON carry their instants as text. */
export function withInstants<T>(row: Record<string, unknown>): T {
  for (const [name, value] of Object.entries(row)) if (name.endsWith('_at') && typeof value === 'string') row[name] = new Date(value);
  return row as T;
}

const trailOf = `
  select jsonb_build_object(
    'entered_by', coalesce(jsonb_agg(distinct e.actor_id) filter (where e.actor_kind = 'officer' and e.act in ('submit', 'accept')), '[]'),
    'decided_by', coalesce(jsonb_agg(distinct e.actor_id) filter (where e.actor_kind = 'officer' and e.act in ('review', 'review_below', 'approve', 'reject')), '[]'),
    'urged_at', max(e.at) filter (where e.actor_kind = 'officer' and e.act = 'urge'),
    'last', (array_agg(jsonb_build_object('sequence', e.sequence, 'act', e.act, 'actor_id', e.actor_id, 'can_be_recalled', e.detail ? 'before') order by e.sequence desc) filter (where e.act <> all($2)))[1])
  from cases.case_event e where e.case_id = c.case_id`;

/**
 * Reads a case by its id, or by the receipt number of the portal.
 * @throws Refusal cases.not_found, also outside the jurisdiction
 */
export async function openFile(context: Context, by: { case_id: string } | { receipt_no: string }, hold = true): Promise<OpenedCase> {
  const [column, value] = 'case_id' in by ? ['case_id', by.case_id] : ['receipt_no', by.receipt_no];
  const [row] = await context.query<CaseFile & { steps: Record<string, unknown>[] | null; tasks: Record<string, unknown>[] | null; trail: Record<string, unknown> }>(
    `select c.*, (select jsonb_agg(to_jsonb(s) order by s.step) from cases.step s where s.case_id = c.case_id) as steps,
       (select jsonb_agg(to_jsonb(t) order by t.number) from cases.task t where t.case_id = c.case_id) as tasks, (${trailOf}) as trail
     from cases.case_file c where c.${column} = $1 ${hold ? 'for update of c' : ''}`, [value, quietActs]);
  if (row === undefined) throw new Refusal('cases.not_found');
  const { steps, tasks, trail, ...file } = row;
  return {
    file, service: await serviceIn(context, file.service_code, legalDay(file.submitted_at)), steps: (steps ?? []).map((step) => withInstants<Step>(step)), tasks: (tasks ?? []).map((task) => withInstants<Task>(task)), trail: withInstants<Trail>(trail),
  };
}

/** The item as the bureau's policy has it on a legal day: the route, the limits and whatever else it decided. @throws Refusal cases.service_unknown */
export async function serviceIn(context: Context, service_code: string, day: string): Promise<Service> {
  return serviceFor((await getBureau(context)).bureau, service_code, day) ?? serviceOf(service_code);
}

/** The item as the catalogue has it, for its name and its form. @throws Refusal cases.service_unknown */
export function serviceOf(service_code: string): Service {
  const service = catalogue().services.get(service_code);
  if (service === undefined) throw new Refusal('cases.service_unknown', { service_code });
  return service;
}

export function activeStep(opened: OpenedCase): Step | undefined {
  return opened.steps.find((step) => step.state === 'active');
}

export const openStates: readonly CaseState[] = ['submitted', 'supplement', 'in_review', 'suspended'];
