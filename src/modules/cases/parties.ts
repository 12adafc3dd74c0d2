/** Whom and which place the answers name, found in the register. Done when a case begins and whenever the answers change. */
import { Refusal, type Context } from '../../kernel/index.ts';
import { findAddresses, findOrganisations, normaliseName } from '../reference/index.ts';
import type { Answers, DeclaredMover } from '../catalogue/index.ts';
import { personByNumber, type FoundPerson } from '../population/index.ts';
import { serviceOf, type CaseFile, type Party } from './file.ts';
import { discloseTo } from './hold.ts';

/** Whom the answers name, as declared: movers, or the one person whose record changes. */
export function declaredParties(answers: Answers): DeclaredMover[] {
  const movers = answers['movers'];
  if (Array.isArray(movers)) return movers as DeclaredMover[];
  const number = answers['subject_id_number'];
  return typeof number === 'string' ? [{ name: String(answers['subject_name'] ?? ''), id_number: number, relation: '01' }] : [];
}

export type ResolvedParties = Pick<CaseFile, 'movers' | 'applicant_person_id' | 'target_org' | 'target_address_id' | 'target_household_id' | 'origin_org'>;

export interface PartyRow {
  person_id: string;
  part: 'applicant' | 'mover' | 'subject' | 'target_head';
}

/**
 * Finds people, address and stations, and discloses the records of these people to the station that decides.
 * People who are not found stay named with `person_id: null`; an officer sees it, the portal never does.
 * @throws Refusal cases.address_unknown, cases.other_station, kernel.invalid_input when no station can be found to act
 */
export async function resolveParties(
  context: Context, file: Pick<CaseFile, 'case_id' | 'service_code' | 'applicant_name' | 'applicant_id_number' | 'answers'>,
): Promise<ResolvedParties & { parties: PartyRow[]; disclose: () => Promise<void> }> {
  const { answers } = file;
  const moves = serviceOf(file.service_code).effect === 'transfer_persons';
  const declared = declaredParties(answers);
  const head = answers['household_choice'] === 'join' ? { id_number: String(answers['target_head_id_number'] ?? ''), name: String(answers['target_head_name'] ?? '') } : undefined;
  const numbers = [...new Set([file.applicant_id_number, ...declared.map((mover) => mover.id_number), ...(head === undefined ? [] : [head.id_number])])];
  const bearers = new Map((await Promise.all(numbers.map(async (number) => [number, await personByNumber(context, number)] as const))));
  // A number alone opens no record: only who knows the name as well has named the person.
  const named = ({ id_number, name }: { id_number: string; name: string }): FoundPerson | undefined => {
    const bearer = bearers.get(id_number);
    return bearer !== undefined && normaliseName(bearer.name) === normaliseName(name) ? bearer : undefined;
  };
  const movers: Party[] = declared.map((mover) => ({ ...mover, person_id: named(mover)?.person_id ?? null }));
  const applicant = named({ id_number: file.applicant_id_number, name: file.applicant_name });
  const targetHead = head === undefined ? undefined : named(head);
  const firstMover = declared.map(named).find((person) => person !== undefined);

  const addressId = answers['address_id'];
  const address = typeof addressId === 'string' ? (await findAddresses(context, [addressId])).get(addressId) : undefined;
  if (typeof addressId === 'string' && address === undefined) throw new Refusal('cases.address_unknown');
  const targetOrg = address?.station_code ?? firstMover?.station_code ?? applicant?.station_code ?? (context.actor.kind === 'officer' ? context.actor.org_code : undefined);
  if (targetOrg === undefined) {
    throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: 'subject_id_number', code: 'not_found', zh: '户籍中没有找到当事人,请核对姓名和号码。', en: 'The person is not in the register; check name and number.' }]);
  }
  await refuseOtherStation(context, targetOrg);
  const known = [...declared.map(named), applicant, targetHead].filter((person) => person !== undefined);
  const parties: PartyRow[] = [
    ...movers.flatMap((mover) => (mover.person_id === null ? [] : [{ person_id: mover.person_id, part: moves ? ('mover' as const) : ('subject' as const) }])),
    ...(applicant === undefined ? [] : [{ person_id: applicant.person_id, part: 'applicant' as const }]),
    ...(targetHead === undefined ? [] : [{ person_id: targetHead.person_id, part: 'target_head' as const }]),
  ];
  return {
    movers, applicant_person_id: applicant?.person_id ?? null, target_org: targetOrg, target_address_id: address?.address_id ?? null,
    target_household_id: targetHead !== undefined && targetHead.address_id === address?.address_id ? targetHead.household_id : null,
    origin_org: moves ? (firstMover?.station_code ?? null) : null,
    parties,
    disclose: async () => {
      context.forCase(file.case_id);
      await discloseTo(context, {
        case_id: file.case_id, org_code: targetOrg, person_ids: [...new Set(known.map((person) => person.person_id))],
        household_ids: [...new Set(known.flatMap((person) => person.household_id ?? []))],
      });
    },
  };
}

/** What an officer enters is handled by an office of the own jurisdiction; the portal finds any. */
async function refuseOtherStation(context: Context, target_org: string): Promise<void> {
  const { actor } = context;
  if (actor.kind !== 'officer' || (target_org >= actor.org_from && target_org < actor.org_to)) return;
  const office = (await findOrganisations(context, [target_org])).get(target_org);
  throw new Refusal('cases.other_station', { office: office?.name ?? target_org, phone: office?.phone ?? '—' });
}

/** Adds people named since; parties are never removed from a case. */
export async function addParties(context: Context, case_id: string, parties: readonly PartyRow[]): Promise<void> {
  await context.query(
    `insert into cases.party (case_id, person_id, part) select $1, p.person_id, p.part from jsonb_to_recordset($2::jsonb) as p (person_id uuid, part text) on conflict do nothing`,
    [case_id, JSON.stringify(parties)]);
}
