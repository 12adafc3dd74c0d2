/** Whom and which place the answers name, found in the register. Done when a case begins and whenever the answers change. */
import { Refusal, type Context } from '../../kernel/index.ts';
import { findAddresses, findOrganisations, normaliseName, type StandardAddress } from '../reference/index.ts';
import type { Answers, DeclaredMover, Service } from '../catalogue/index.ts';
import { findCollectiveHouseholds, personByNumber, registeredSpouse, type CollectiveHousehold, type FoundPerson } from '../population/index.ts';
import { partNames, serviceOf, type CaseFile, type NamedPart, type PartName, type Party } from './file.ts';
import { discloseTo } from './hold.ts';

/** Somebody as the answers name him: only who knows name and number has named a person. */
interface Named {
  name: string;
  id_number: string;
}

/** Everybody whose registration the case is about: the list of those who move, of the members concerned, or the one subject. */
export function declaredParties(answers: Answers): DeclaredMover[] {
  for (const list of ['movers', 'members']) {
    // Where people only leave, no relation is asked.
    if (Array.isArray(answers[list])) return (answers[list] as DeclaredMover[]).map((one) => ({ ...one, relation: one.relation ?? '' }));
  }
  const number = answers['subject_id_number'];
  return typeof number === 'string' ? [{ name: String(answers['subject_name'] ?? ''), id_number: number, relation: '01' }] : [];
}

/** Everybody named by a part: a pair of fields `<part>_name`, `<part>_id_number`. */
export function declaredParts(answers: Answers): (Named & { part: PartName })[] {
  return partNames.flatMap((part) => {
    const [name, id_number] = [answers[`${part}_name`], answers[`${part}_id_number`]];
    return typeof name === 'string' && typeof id_number === 'string' ? [{ part, name, id_number }] : [];
  });
}

export type ResolvedParties = Pick<CaseFile, 'movers' | 'parts' | 'applicant_person_id' | 'target_org' | 'target_address_id' | 'target_household_id' | 'origin_org'>;

export interface PartyRow {
  person_id: string;
  part: PartName | 'applicant' | 'mover' | 'member';
}

/**
 * Finds people, address and stations, and discloses the records of these people to the station that decides.
 * People who are not found stay named with `person_id: null`; an officer sees it, the portal never does.
 * @throws Refusal cases.address_unknown, cases.other_station, kernel.invalid_input when no station can be found to act
 */
export async function resolveParties(
  context: Context, file: Pick<CaseFile, 'case_id' | 'service_code' | 'channel' | 'applicant_name' | 'applicant_id_number' | 'answers'>,
): Promise<ResolvedParties & { parties: PartyRow[]; disclose: () => Promise<void> }> {
  const { answers } = file;
  const service = serviceOf(file.service_code);
  const declared = declaredParties(answers);
  const declaredAs = declaredParts(answers);
  const successorNumber = typeof answers['new_head_id_number'] === 'string' && answers['new_head_name'] === undefined ? answers['new_head_id_number'] : undefined;
  const numbers = [...new Set([file.applicant_id_number, ...(successorNumber === undefined ? [] : [successorNumber]), ...declared.map((mover) => mover.id_number), ...declaredAs.map((one) => one.id_number)])];
  const bearers = new Map((await Promise.all(numbers.map(async (number) => [number, await personByNumber(context, number)] as const))));
  const find = ({ id_number, name }: Named): FoundPerson | undefined => {
    const bearer = bearers.get(id_number);
    return bearer !== undefined && normaliseName(bearer.name) === normaliseName(name) ? bearer : undefined;
  };
  const movers: Party[] = declared.map((mover) => ({ ...mover, person_id: find(mover)?.person_id ?? null }));
  const parts: NamedPart[] = declaredAs.map((one) => ({ ...one, person_id: find(one)?.person_id ?? null }));
  const homes = new Set(declared.map(find).flatMap((person) => person?.household_id ?? []));
  const successor = bearers.get(successorNumber ?? '');
  // Who follows as head is named by the number alone, and known only as one of the household that is concerned anyway.
  if (successor !== undefined && homes.has(successor.household_id ?? '')) parts.push({ part: 'new_head', name: successor.name, id_number: successor.id_number, person_id: successor.person_id });
  const husbandOrWife = await spouseConcerned(context, answers, declaredAs, declared.map(find)[0]);
  if (husbandOrWife !== undefined) parts.push({ part: 'spouse', name: husbandOrWife.name, id_number: husbandOrWife.id_number, person_id: husbandOrWife.person_id });
  const foundAs = (part: PartName): FoundPerson | undefined => declaredAs.filter((one) => one.part === part).map(find)[0];
  const applicant = find({ id_number: file.applicant_id_number, name: file.applicant_name });
  const firstMover = declared.map(find).find((person) => person !== undefined);

  const address = await addressNamed(context, answers);
  const host = hostOf(answers, foundAs);
  const collective = await collectiveNamed(context, service, answers, address);
  const counter = handledAtCounter(service) && context.actor.kind === 'officer' ? context.actor.org_code : undefined;
  const target_org = counter ?? address?.station_code ?? collective?.station_code ?? host?.station_code ?? firstMover?.station_code ?? applicant?.station_code ?? (context.actor.kind === 'officer' ? context.actor.org_code : undefined);
  if (target_org === undefined) {
    throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: 'subject_id_number', code: 'not_found', zh: '户籍中没有找到当事人,请核对姓名和号码。', en: 'The person is not in the register; check name and number.' }]);
  }
  await refuseOtherStation(context, service, file.channel, target_org);
  const listPart = Array.isArray(answers['movers']) ? 'mover' : Array.isArray(answers['members']) ? 'member' : 'subject';
  const known = [...declared.map(find), applicant, husbandOrWife, ...declaredAs.map(find)].filter((person) => person !== undefined);
  return {
    movers, parts, applicant_person_id: applicant?.person_id ?? null, target_org, target_address_id: address?.address_id ?? null,
    // Whoever is named as host at another address than the declared one is no host there; the rules say so.
    target_household_id: collective?.household_id ?? (host !== undefined && (address === undefined || host.address_id === address.address_id) ? host.household_id : null),
    origin_org: service.effect === 'transfer_persons' || counter !== undefined ? (firstMover?.station_code ?? null) : null,
    parties: [
      ...movers.flatMap((mover) => (mover.person_id === null ? [] : [{ person_id: mover.person_id, part: listPart } as const])),
      ...(applicant === undefined ? [] : [{ person_id: applicant.person_id, part: 'applicant' } as const]),
      ...parts.flatMap(({ person_id, part }) => (person_id === null ? [] : [{ person_id, part }])),
    ],
    disclose: async () => {
      context.forCase(file.case_id);
      await discloseTo(context, {
        case_id: file.case_id, org_code: target_org, person_ids: [...new Set(known.map((person) => person.person_id))],
        household_ids: [...new Set([...known.flatMap((person) => person.household_id ?? []), ...(collective === undefined ? [] : [collective.household_id])])],
      });
    },
  };
}

/** A marriage that ends is changed on both records: the other one is whom the register knows, for the answers name nobody. */
async function spouseConcerned(context: Context, answers: Answers, declaredAs: readonly { part: PartName }[], subject: FoundPerson | undefined): Promise<FoundPerson | undefined> {
  return answers['new_marital_status'] === undefined || subject === undefined || declaredAs.some(({ part }) => part === 'spouse') ? undefined : registeredSpouse(context, subject.person_id);
}

/** @throws Refusal cases.address_unknown */
async function addressNamed(context: Context, answers: Answers, field = 'address_id'): Promise<StandardAddress | undefined> {
  const addressId = answers[field];
  if (typeof addressId !== 'string') return undefined;
  const address = (await findAddresses(context, [addressId])).get(addressId);
  if (address === undefined) throw new Refusal('cases.address_unknown');
  return address;
}

/** The station that took the application handles it: cards away from home. */
const handledAtCounter = (service: Service): boolean => service.route[0]?.at === 'counter';

/**
 * The collective household that the answers mean: of a unit at its address, or of the community in which a dwelling lies.
 * @throws Refusal cases.address_unknown
 */
async function collectiveNamed(context: Context, service: Service, answers: Answers, address: StandardAddress | undefined): Promise<CollectiveHousehold | undefined> {
  if (service.effect === 'settle_in_community') return communityHousehold(context, answers);
  const unit_code = answers['unit_code'];
  const choice = answers['household_choice'];
  const meant = service.effect === 'manage_collective' ? answers['collective_action'] !== 'create' : choice === 'collective' || choice === undefined;
  if (address === undefined || typeof unit_code !== 'string' || !meant) return undefined;
  // A unit that moves is found where it was, by its code alone.
  const moves = service.effect === 'manage_collective';
  return (await findCollectiveHouseholds(context, { station_code: address.station_code, unit_code, ...(moves ? {} : { address_id: address.address_id }) }))[0];
}

/** 社区公共集体户, catalogue/codes: household-type. */
const communityType = '4';

async function communityHousehold(context: Context, answers: Answers): Promise<CollectiveHousehold | undefined> {
  const dwelling = await addressNamed(context, answers, 'dwelling_address_id');
  if (dwelling === undefined) return undefined;
  const all = (await findCollectiveHouseholds(context, { station_code: dwelling.station_code })).filter((household) => household.household_type === communityType);
  const addresses = await findAddresses(context, all.map((household) => household.address_id));
  return all.find((household) => addresses.get(household.address_id)?.community_code === dwelling.community_code) ?? all[0];
}

/** Into whose household somebody comes: the head who is named, or the parent whom a child follows. */
function hostOf(answers: Answers, foundAs: (part: PartName) => FoundPerson | undefined): FoundPerson | undefined {
  if (answers['household_choice'] === 'new') return undefined;
  const followed = answers['follow_parent'];
  return followed === 'father' || followed === 'mother' ? foundAs(followed) : foundAs('target_head');
}

/**
 * What an officer enters is handled by an office of the own jurisdiction; ordinary matters (S0, S1) any station of the
 * province takes at its counter, for the office in charge 就近受理. The portal finds any.
 */
async function refuseOtherStation(context: Context, service: Service, channel: CaseFile['channel'], target_org: string): Promise<void> {
  const { actor } = context;
  if (actor.kind !== 'officer' || (target_org >= actor.org_from && target_org < actor.org_to)) return;
  if (channel === 'window' && nearbyClasses.has(service.sensitivity) && target_org.slice(0, 2) === actor.org_code.slice(0, 2)) return;
  const office = (await findOrganisations(context, [target_org])).get(target_org);
  throw new Refusal('cases.other_station', { office: office?.name ?? target_org, phone: office?.phone ?? '—' });
}

const nearbyClasses: ReadonlySet<Service['sensitivity']> = new Set(['S0', 'S1']);

/** Adds people named since; parties are never removed from a case. */
export async function addParties(context: Context, case_id: string, parties: readonly PartyRow[]): Promise<void> {
  await context.query(
    `insert into cases.party (case_id, person_id, part) select $1, p.person_id, p.part from jsonb_to_recordset($2::jsonb) as p (person_id uuid, part text) on conflict do nothing`,
    [case_id, JSON.stringify(parties)]);
}
