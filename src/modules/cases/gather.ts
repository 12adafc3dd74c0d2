/** Gathers the facts of a case: one question to the register, one for materials, one for the address. */
import { legalDay, type Context } from '../../kernel/index.ts';
import { findAddresses, findOrganisations } from '../reference/index.ts';
import { factsForMove, householdsAt, type MoveFacts } from '../population/index.ts';
import type { CaseFacts, HoldFacts, ShownFacts } from './facts.ts';
import type { CaseFile, OpenedCase } from './file.ts';
import { settleMaterials, suppliedFor, type MaterialState } from './materials.ts';

/** For a case under way: whoever handles it sees its people until it ends. */
export async function gather(context: Context, { file, service }: OpenedCase): Promise<CaseFacts> {
  const known = [...new Set([...file.movers.map((mover) => mover.person_id), file.applicant_person_id])].filter((id) => id !== null);
  const founds = file.target_address_id !== null && file.answers['household_choice'] === 'new';
  const [facts, supplied, addresses, holds, dwelling] = await Promise.all([
    factsForMove(context, { person_ids: known, target_household_id: file.target_household_id }),
    suppliedFor(context, file.case_id),
    file.target_address_id === null ? new Map<string, never>() : findAddresses(context, [file.target_address_id]),
    context.query<HoldFacts>('select person_id, document_no, until_at from cases.lawful_hold where person_id = any($1::uuid[]) and case_id <> $2 and until_at > $3 order by until_at limit 20', [known, file.case_id, context.now]),
    founds ? householdsAt(context, file.target_address_id!) : [],
  ]);
  const personOf = (id: string | null) => facts.persons.find((person) => person.person_id === id) ?? null;
  const movers = file.movers.map((mover) => ({ ...mover, person: personOf(mover.person_id) }));
  const left = new Set(movers.map((mover) => mover.person?.household_id));
  // The applicant may be a parent or head who stays where he is: that household is not left.
  const origins = facts.origins.filter((household) => left.has(household.household_id));
  const persons = movers.flatMap((mover) => (mover.person === null ? [] : [mover.person]));
  const address = addresses.get(file.target_address_id ?? '') ?? null;
  return {
    file, today: legalDay(context.now), movers, applicant: personOf(file.applicant_person_id), origins, target_household: facts.target, address, kin: facts.kin, holds, dwelling,
    offices: await officesToName(context, file, facts, address?.station_code),
    materials: await settleMaterials(context, file, service, supplied, { movers, target_members: facts.target?.members ?? [], kin: facts.kin }),
    move: { ...facts, persons, origins },
  };
}

/** Findings name offices only where another one stands in the way; most cases ask nothing. */
async function officesToName(context: Context, file: CaseFile, facts: MoveFacts, address_station: string | undefined): Promise<ReadonlyMap<string, string>> {
  const codes = new Set(facts.persons.flatMap((person) => person.leases.filter((lease) => lease.case_id !== file.case_id).map((lease) => lease.org_code)));
  if (address_station !== undefined && address_station !== file.target_org) codes.add(address_station);
  if (codes.size === 0) return new Map();
  return new Map([...await findOrganisations(context, [...codes])].map(([code, office]) => [code, office.name]));
}

/**
 * For a case that has ended: what was declared, and the materials as they were settled. The register is not opened
 * again for it; its people may long be elsewhere.
 */
export async function recall(context: Context, { file, service }: OpenedCase): Promise<ShownFacts> {
  const [supplied, addresses, [settled]] = await Promise.all([
    suppliedFor(context, file.case_id),
    file.target_address_id === null ? new Map<string, never>() : findAddresses(context, [file.target_address_id]),
    context.query<{ materials: Omit<MaterialState, 'attachments'>[] }>(
      `select detail -> 'materials' as materials from cases.case_event where case_id = $1 and act in ('accept', 'execute') order by sequence desc limit 1`, [file.case_id]),
  ]);
  const attachmentsOf = (code: string) => supplied.find((row) => row.code === code)?.attachments ?? [];
  return {
    file, movers: file.movers.map((mover) => ({ ...mover, person: null })), address: addresses.get(file.target_address_id ?? '') ?? null,
    materials: settled?.materials.map((material) => ({ ...material, attachments: attachmentsOf(material.code) }))
      ?? await settleMaterials(context, file, service, supplied, { movers: [], target_members: [], kin: [] }),
  };
}
