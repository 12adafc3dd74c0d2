/** Writes one act on a case: new state, steps, event in the chain, messages to units, news for the worker. */
import { actorId, type Context } from '../../kernel/index.ts';
import { newId } from '../../kernel/ids.ts';
import type { Text } from '../../kernel/operation.ts';
import type { CaseState } from './contract.ts';
import type { CaseFile, OpenedCase, Step } from './file.ts';
import { outsideActs } from './route.ts';
import { cancelTasks } from './task.ts';

export interface ActRecord {
  act: string;
  opinion?: string | null;
  detail?: Record<string, unknown>;
  /** Columns of the case that change. */
  file?: Partial<CaseFile>;
  /** Whole steps that are new or changed. */
  steps?: readonly Step[];
  messages?: readonly { org_code: string; kind: string; text: Text }[];
  /** Not told to the citizen (taking in hand, putting back). */
  internal?: boolean;
  /** The act may be taken back by whoever did it: what it changes is kept as it was before. */
  recallable?: boolean;
}

export function actorOfRecord(context: Context): Record<string, string | null> {
  const { actor } = context;
  return {
    kind: actor.kind, id: actorId(actor), name: actor.kind === 'officer' || actor.kind === 'citizen' ? actor.name : null,
    org_code: actor.kind === 'officer' ? actor.org_code : null, post: actor.kind === 'officer' ? actor.role : null,
  };
}

/** Nobody waits for a case that is closed or lies with the applicant. */
export const nobodyWaits = {
  waiting_org: null, waiting_role: null, waiting_act: null, waiting_since: null, step_due_at: null, urged: 0,
  claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null,
} satisfies Partial<CaseFile>;

/** The columns and steps that an act changes, as they were. Steps that the act adds are named, as there is nothing before them. */
export interface Before {
  file: Partial<CaseFile>;
  steps: readonly Step[];
  added: readonly number[];
}

function beforeOf({ file, steps }: OpenedCase, record: ActRecord): Before {
  const touched = (record.steps ?? []).map((step) => step.step);
  return {
    file: Object.fromEntries(Object.keys(record.file ?? {}).map((column) => [column, file[column as keyof CaseFile]])),
    steps: steps.filter((step) => touched.includes(step.step)), added: touched.filter((number) => !steps.some((step) => step.step === number)),
  };
}

/** 代: in whose stead an officer acts in a covered post. */
export function standIn({ actor }: Context): { acting_for?: string } {
  return actor.kind === 'officer' && actor.acting_for !== null ? { acting_for: actor.acting_for } : {};
}

/** What is kept of an act beside its name: in whose stead it was done, and what it changed where it may be taken back. */
function detailOf(context: Context, opened: OpenedCase, record: ActRecord): Record<string, unknown> {
  return {
    ...record.detail, ...standIn(context), ...(record.recallable === true ? { before: beforeOf(opened, record) } : {}),
  };
}

/** @returns what an act answers: the case, its new version and state */
export async function recordAct(context: Context, opened: OpenedCase, record: ActRecord): Promise<{ case_id: string; case_version: number; state: CaseState }> {
  const { file } = opened;
  // Nobody owes an answer to a case that has ended.
  if (record.file?.closed_at != null) await cancelTasks(context, opened.tasks);
  const [row] = await context.query<{ version: number }>('select cases.record_act($1::jsonb, $2::timestamptz) as version', [JSON.stringify({
    case_id: file.case_id, act: record.act, opinion: record.opinion ?? null, detail: detailOf(context, opened, record), actor: actorOfRecord(context),
    case: record.file ?? {}, ...(record.steps === undefined ? {} : { steps: record.steps }),
    ...(record.messages === undefined ? {} : { messages: record.messages.map((message) => ({ message_id: newId(), ...message })) }),
  }), context.now]);
  context.audit({ case_id: file.case_id });
  if (record.internal !== true) context.emit('cases.case_moved', { case_id: file.case_id, act: record.act, version: row!.version });
  // Other authorities, other provinces and the card factory are asked by those who listen.
  const begun = record.steps?.find((step) => step.state === 'active' && step.arrived_at?.getTime() === context.now.getTime() && outsideActs.has(step.act));
  if (begun !== undefined) context.emit('cases.outside_step_begun', { case_id: file.case_id, step: begun.step, act: begun.act });
  return { case_id: file.case_id, case_version: row!.version, state: record.file?.state ?? file.state };
}
