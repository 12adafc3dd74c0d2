/** What a case holds of the register while it is open: leases on people and households, and sight of them for the offices that act. */
import type { Context, OfficerActor } from '../../kernel/index.ts';
import { addWorkingDays, findOrganisations, getCalendar } from '../reference/index.ts';
import { disclose, extendLeases, openLeases } from '../population/index.ts';
import { effects, subjectsHeld } from './effects/index.ts';
import type { CaseFacts } from './facts.ts';
import { serviceOf } from './file.ts';

/** A lease outlives every promised limit and is renewed by the acts; it never outlives the case. */
export const leaseWorkingDays = 30;
/** Ends with the case; a case that is forgotten does not keep records open for ever. */
const disclosureDays = 180;

/** @param from the instant from which the case still needs its time; now, unless it waits for something later */
export async function leaseUntil(context: Context, from = context.now): Promise<Date> {
  return addWorkingDays(from, leaseWorkingDays, await getCalendar(context));
}

/**
 * Takes or renews the leases on everybody and every household that the effect of the service touches, for this case.
 * @throws Refusal population.under_lease with holder, office, phone, case_no, expires_at
 */
export async function takeLeases(context: Context, facts: CaseFacts, officer: OfficerActor): Promise<void> {
  const { file } = facts;
  const effect = effects[serviceOf(file.service_code).effect];
  const subjects = subjectsHeld(effect, facts);
  if (effect.lease === null || subjects.person_ids.length + subjects.household_ids.length === 0) return;
  await openLeases(context, {
    case_id: file.case_id, case_no: file.case_no, kind: effect.lease, org_code: officer.org_code, holder_name: officer.name,
    holder_phone: (await findOrganisations(context, [officer.org_code])).get(officer.org_code)?.phone ?? '—', ...subjects, expires_at: await leaseUntil(context),
  });
}

/** Whether every lease that the case needs is still in force. */
export function holdsAll(facts: CaseFacts): boolean {
  const effect = effects[serviceOf(facts.file.service_code).effect];
  if (effect.lease === null) return true;
  const { person_ids, household_ids } = subjectsHeld(effect, facts);
  const leased = new Set([...facts.movers.map((mover) => mover.person), ...facts.persons, ...facts.households].flatMap((subject) => subject?.leases ?? [])
    .filter((lease) => lease.case_id === facts.file.case_id).map((lease) => lease.subject_id));
  return [...person_ids, ...household_ids].every((id) => leased.has(id));
}

/**
 * What was leased at acceptance is kept for the time that is still needed; what has run out meanwhile is taken again,
 * unless another case was quicker.
 * @throws Refusal as takeLeases
 */
export async function keepLeases(context: Context, facts: CaseFacts, officer: OfficerActor): Promise<void> {
  if (holdsAll(facts)) await extendLeases(context, { case_id: facts.file.case_id, expires_at: await leaseUntil(context) });
  else await takeLeases(context, facts, officer);
}

/** Opens the people of a case, and the household they come to, to an office that is asked about them. Run it after `context.forCase`. */
export async function disclosePeople(context: Context, facts: Pick<CaseFacts, 'file' | 'movers' | 'parts' | 'applicant' | 'target_household'>, org_code: string): Promise<void> {
  await discloseTo(context, {
    case_id: facts.file.case_id, org_code, person_ids: [...new Set([...facts.movers, ...Object.values(facts.parts), facts.applicant].flatMap((party) => party?.person_id ?? []))],
    household_ids: facts.target_household === null ? [] : [facts.target_household.household_id],
  });
}

/** Opens people and households to an office that acts in the case. Run it after `context.forCase`. */
export async function discloseTo(context: Context, subjects: { case_id: string; org_code: string; person_ids: readonly string[]; household_ids: readonly string[] }): Promise<void> {
  await disclose(context, { ...subjects, until: new Date(context.now.getTime() + disclosureDays * 86_400_000) });
}
