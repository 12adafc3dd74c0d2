/** Leases: whoever works on a person or household holds it, visibly and until a stated time, so that nothing hangs in limbo. */
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { findOrganisations } from '../reference/index.ts';

/**
 * What the case does. On persons `identity` and `card` exclude each other, `non_main_items` nothing, and all others
 * each other; a family household serves one case at a time, a collective one any number; `death` overrides whoever holds.
 */
export type LeaseKind = 'move' | 'cancel' | 'death' | 'restore' | 'household' | 'identity' | 'card' | 'non_main_items';

export interface Lease {
  subject_id: string;
  subject_kind: 'person' | 'household';
  kind: LeaseKind;
  case_id: string;
  case_no: string | null;
  org_code: string;
  holder_name: string;
  holder_phone: string | null;
  /** Instant, ISO 8601. */
  expires_at: string;
}

export interface LeaseRequest {
  case_id: string;
  case_no: string | null;
  kind: LeaseKind;
  person_ids: readonly string[];
  household_ids: readonly string[];
  org_code: string;
  holder_name: string;
  holder_phone: string | null;
  expires_at: Date;
}

/**
 * Takes a lease on every person and household for the case, or on none; asked again, it renews. Of any number of cases
 * that ask at once the database lets one through.
 * @returns the cases whose leases a death ended; each also hears of it by the event `population.lease_overridden`, with what it lost
 * @throws Refusal population.under_lease with holder, office, phone, case_no, expires_at
 */
export async function openLeases(context: Context, request: LeaseRequest): Promise<{ overridden_case_ids: string[] }> {
  const [row] = await context.query<{ outcome: { in_the_way: Lease[]; overridden: Array<Pick<Lease, 'case_id' | 'subject_id'>> } }>(
    'select population.open_leases($1, $2, $3, $4, $5, $6, $7, $8, $9) as outcome',
    [request.case_id, request.case_no, request.kind, request.person_ids, request.household_ids, request.org_code, request.holder_name, request.holder_phone, request.expires_at],
  );
  const { in_the_way, overridden } = row!.outcome;
  if (in_the_way[0] !== undefined) throw new Refusal('population.under_lease', await factsOfHolder(context, in_the_way[0]));
  const overriddenCases = [...new Set(overridden.map((lease) => lease.case_id))];
  for (const case_id of overriddenCases) {
    const subject_ids = overridden.filter((lease) => lease.case_id === case_id).map((lease) => lease.subject_id);
    context.emit('population.lease_overridden', { case_id, by_case_id: request.case_id, subject_ids });
  }
  return { overridden_case_ids: overriddenCases };
}

async function factsOfHolder(context: Context, lease: Lease): Promise<Record<string, unknown>> {
  const office = (await findOrganisations(context, [lease.org_code])).get(lease.org_code);
  return {
    subject_id: lease.subject_id, holder: lease.holder_name, office: office?.name ?? lease.org_code, phone: lease.holder_phone,
    case_id: lease.case_id, case_no: lease.case_no, expires_at: lease.expires_at,
  };
}

/** Moves the expiry of all leases of a case. @returns how many leases the case holds */
export async function extendLeases(context: Context, { case_id, expires_at }: { case_id: string; expires_at: Date }): Promise<number> {
  const [row] = await context.query<{ extended: number }>('select population.extend_leases($1, $2) as extended', [case_id, expires_at]);
  return row!.extended;
}

/** Lets go of everything the case holds. @returns how many leases ended */
export async function releaseLeases(context: Context, { case_id }: { case_id: string }): Promise<number> {
  const [row] = await context.query<{ released: number }>('select population.release_leases($1) as released', [case_id]);
  return row!.released;
}
