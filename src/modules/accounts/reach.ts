/** What an administrator may touch: persons and units of their own jurisdiction, never themselves. */
import { actorId, Refusal, wholeRange, type Context } from '../../kernel/index.ts';

/** The organisations an administrator reaches; the system, that is a command on the server, reaches all. */
export function reachOf(context: Context): { org_from: string; org_to: string } {
  const { actor } = context;
  if (actor.kind === 'system') return wholeRange;
  if (actor.kind === 'officer') return actor;
  throw new Refusal('kernel.signed_out');
}

export function isInReach(context: Context, org_code: string): boolean {
  const { org_from, org_to } = reachOf(context);
  return org_code >= org_from && org_code < org_to;
}

export interface OfficerInReach {
  officer_id: string;
  police_number: string;
  kind: 'police' | 'auxiliary';
  status: 'enrolling' | 'active' | 'left';
  org_code: string;
}

/**
 * An officer of the jurisdiction, locked, so that what is decided about them is decided once.
 * @throws Refusal kernel.not_found, accounts.own_account
 */
export async function getOfficerInReach(context: Context, officer_id: string): Promise<OfficerInReach> {
  if (officer_id === actorId(context.actor)) throw new Refusal('accounts.own_account');
  const [officer] = await context.query<OfficerInReach>('select officer_id, police_number, kind, status, org_code from accounts.officer where officer_id = $1 for update', [officer_id]);
  if (officer === undefined || !isInReach(context, officer.org_code)) throw new Refusal('kernel.not_found');
  return officer;
}
