/** Opens single persons and households to an office outside of their jurisdiction, for one case and no longer. */
import type { Context } from '../../kernel/context.ts';

export interface DisclosureRequest {
  case_id: string;
  person_ids: readonly string[];
  household_ids: readonly string[];
  /** Who may look: this office and the offices above it. */
  org_code: string;
  /** Without it, until `endDisclosure`. */
  until?: Date;
}

/** The persons, the households they are in with its members, and the further households become visible to the office. */
export async function disclose(context: Context, request: DisclosureRequest): Promise<void> {
  await context.query('select population.disclose($1, $2, $3, $4, $5)', [request.case_id, request.person_ids, request.household_ids, request.org_code, request.until ?? null]);
}

/** Ends every disclosure of the case at this instant. */
export async function endDisclosure(context: Context, { case_id }: { case_id: string }): Promise<void> {
  await context.query('select population.end_disclosure($1)', [case_id]);
}
