/** Whom and which place the answers name, found in the register. Done when a case begins and whenever the answers change. */
import { Refusal, type Context } from '../../kernel/index.ts';
import { findAddresses } from '../reference/index.ts';
import type { Answers, DeclaredMover } from '../catalogue/index.ts';
import { disclose, personByNumber } from '../population/index.ts';
import { serviceOf, type CaseFile, type Party } from './file.ts';

/** Whom the answers name, as declared: movers, or the one person whose record changes. */
export function declaredParties(answers: Answers): DeclaredMover[] {
  const movers = answers['movers'];
  if (Array.isArray(movers)) return movers as DeclaredMover[];
  const number = answers['subject_id_number'];
  return typeof number === 'string' ? [{ name: String(answers['subject_name'] ?? ''), id_number: number, relation: '01' }] : [];
}

/** Ends with the case; a case that is forgotten does not keep records open for ever. */
const disclosureDays = 180;

export type ResolvedParties = Pick<CaseFile, 'movers' | 'applicant_person_id' | 'target_org' | 'target_address_id' | 'target_household_id' | 'origin_org'>;

export interface PartyRow {
  person_id: string;
  part: 'applicant' | 'mover' | 'subject' | 'target_head';
}

/**
 * Finds people, address and stations, and discloses the records of these people to the station that decides.
 * People who are not found stay named with `person_id: null`; an officer sees it, the portal never does.
 * @throws Refusal cases.address_unknown, kernel.invalid_input when no station can be found to act
 */
export async function resolveParties(
  context: Context, file: Pick<CaseFile, 'case_id' | 'service_code' | 'applicant_id_number' | 'answers'>,
): Promise<ResolvedParties & { parties: PartyRow[]; disclose: () => Promise<void> }> {
  const { answers } = file;
  const moves = serviceOf(file.service_code).effect === 'transfer_persons';
  const declared = declaredParties(answers);
  const headNumber = answers['household_choice'] === 'join' && typeof answers['target_head_id_number'] === 'string' ? answers['target_head_id_number'] : undefined;
  const numbers = [...new Set([file.applicant_id_number, ...declared.map((mover) => mover.id_number), ...(headNumber === undefined ? [] : [headNumber])])];
  const people = await Promise.all(numbers.map((number) => personByNumber(context, number)));
  const found = new Map(people.flatMap((person, at) => (person === undefined ? [] : [[numbers[at]!, person] as const])));
  const movers: Party[] = declared.map((mover) => ({ ...mover, person_id: found.get(mover.id_number)?.person_id ?? null }));
  const firstMover = declared.map((mover) => found.get(mover.id_number)).find((person) => person !== undefined);

  const addressId = answers['address_id'];
  const address = typeof addressId === 'string' ? (await findAddresses(context, [addressId])).get(addressId) : undefined;
  if (typeof addressId === 'string' && address === undefined) throw new Refusal('cases.address_unknown');
  const targetOrg = address?.station_code ?? firstMover?.station_code ?? (context.actor.kind === 'officer' ? context.actor.org_code : undefined);
  if (targetOrg === undefined) {
    throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: 'subject_id_number', code: 'not_found', zh: '户籍中没有找到当事人,请核对姓名和号码。', en: 'The person is not in the register; check name and number.' }]);
  }
  const head = headNumber === undefined ? undefined : found.get(headNumber);
  const applicant = found.get(file.applicant_id_number);
  const parties: PartyRow[] = [
    ...movers.flatMap((mover) => (mover.person_id === null ? [] : [{ person_id: mover.person_id, part: moves ? ('mover' as const) : ('subject' as const) }])),
    ...(applicant === undefined ? [] : [{ person_id: applicant.person_id, part: 'applicant' as const }]),
    ...(head === undefined ? [] : [{ person_id: head.person_id, part: 'target_head' as const }]),
  ];
  return {
    movers, applicant_person_id: applicant?.person_id ?? null, target_org: targetOrg, target_address_id: address?.address_id ?? null,
    target_household_id: head !== undefined && head.address_id === address?.address_id ? head.household_id : null,
    origin_org: moves ? (firstMover?.station_code ?? null) : null,
    parties,
    disclose: async () => {
      context.forCase(file.case_id);
      await disclose(context, {
      case_id: file.case_id, org_code: targetOrg, person_ids: [...new Set(parties.map((party) => party.person_id))],
      household_ids: [...new Set([...found.values()].map((person) => person.household_id).filter((id): id is string => id !== null))],
        until: new Date(context.now.getTime() + disclosureDays * 86_400_000),
      });
    },
  };
}

/** Adds people named since; parties are never removed from a case. */
export async function addParties(context: Context, case_id: string, parties: readonly PartyRow[]): Promise<void> {
  await context.query(
    `insert into cases.party (case_id, person_id, part) select $1, p.person_id, p.part from jsonb_to_recordset($2::jsonb) as p (person_id uuid, part text) on conflict do nothing`,
    [case_id, JSON.stringify(parties)]);
}
