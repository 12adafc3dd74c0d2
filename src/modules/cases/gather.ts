/** Gathers the facts of a case: one question to the register, one for materials, one for the address. */
import { legalDay, type Context } from '../../kernel/index.ts';
import { findAddresses } from '../reference/index.ts';
import { factsForMove } from '../population/index.ts';
import type { CaseFacts, HoldFacts } from './facts.ts';
import type { OpenedCase } from './file.ts';
import { settleMaterials, suppliedFor } from './materials.ts';

export async function gather(context: Context, { file, service }: OpenedCase): Promise<CaseFacts> {
  const known = [...new Set([...file.movers.map((mover) => mover.person_id), file.applicant_person_id])].filter((id) => id !== null);
  const [facts, supplied, addresses, holds] = await Promise.all([
    factsForMove(context, { person_ids: known, target_household_id: file.target_household_id }),
    suppliedFor(context, file.case_id),
    file.target_address_id === null ? new Map<string, never>() : findAddresses(context, [file.target_address_id]),
    context.query<HoldFacts>('select person_id, document_no, until_at from cases.lawful_hold where person_id = any($1::uuid[]) and case_id <> $2 and until_at > $3 order by until_at limit 20', [known, file.case_id, context.now]),
  ]);
  const personOf = (id: string | null) => facts.persons.find((person) => person.person_id === id) ?? null;
  const movers = file.movers.map((mover) => ({ ...mover, person: personOf(mover.person_id) }));
  const left = new Set(movers.map((mover) => mover.person?.household_id));
  // The applicant may be a parent or head who stays where he is: that household is not left.
  const origins = facts.origins.filter((household) => left.has(household.household_id));
  const persons = movers.flatMap((mover) => (mover.person === null ? [] : [mover.person]));
  return {
    file, today: legalDay(context.now), movers, applicant: personOf(file.applicant_person_id), origins, target_household: facts.target,
    address: addresses.get(file.target_address_id ?? '') ?? null, kin: facts.kin, holds,
    materials: await settleMaterials(context, file, service, supplied, { movers, target_members: facts.target?.members ?? [], kin: facts.kin }),
    move: { ...facts, persons, origins },
  };
}
