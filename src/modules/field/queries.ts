/** What a phone on a round shows. */
import { Refusal, type Context, type InputOf, type OutputOf } from '../../kernel/index.ts';
import { factsForPeople, householdsBehind, type PersonFacts } from '../population/index.ts';
import { communitiesOf, findAddresses, listDoors, maskIdNumber } from '../reference/index.ts';
import type { contract, ItemName, Sheet } from './contract.ts';
import { fieldItems } from './items.ts';

/** The station whose area an officer walks: the own one. @throws Refusal kernel.signed_out */
function ownStation(context: Context): string {
  if (context.actor.kind !== 'officer') throw new Refusal('kernel.signed_out');
  return context.actor.org_code;
}

export async function listCommunities(context: Context): Promise<OutputOf<typeof contract.listCommunities>> {
  return { communities: await communitiesOf(context, ownStation(context)) };
}

/** Doors behind which nobody is registered are passed over. */
export async function listHouseholds(context: Context, input: InputOf<typeof contract.listHouseholds>): Promise<OutputOf<typeof contract.listHouseholds>> {
  const { doors, next } = await listDoors(context, { station_code: ownStation(context), ...input });
  const lines = new Map(doors.map((door) => [door.address_id, door.line]));
  const households = await householdsBehind(context, [...lines.keys()]);
  const order = [...lines.keys()];
  return {
    next,
    households: households.toSorted((a, b) => order.indexOf(a.address_id) - order.indexOf(b.address_id))
      .map(({ address_id, ...household }) => ({ ...household, address: lines.get(address_id) ?? '' })),
  };
}

/** The value of an item as text, as it is typed. */
export function valueOf(person: PersonFacts, item: ItemName): string | null {
  const value = person[item];
  return value === null || value === undefined ? null : String(value);
}

/** @throws Refusal population.person_not_found */
export async function getSheet(context: Context, input: InputOf<typeof contract.getSheet>): Promise<Sheet> {
  const { persons: [person] } = await factsForPeople(context, { person_ids: [input.person_id], household_ids: [] });
  const { person_id, name, sex, birth_on, id_number, address_id, status } = person!;
  const address = address_id === null ? undefined : (await findAddresses(context, [address_id])).get(address_id);
  return {
    person_id, name, sex, birth_on, id_number_masked: maskIdNumber(id_number), address: address?.line ?? '', status,
    items: fieldItems.map(({ item, label, kind, list, needs_evidence }) => ({ item, label, kind, list: list ?? null, needs_evidence: needs_evidence === true, value: valueOf(person!, item) })),
    read_at: context.now.toISOString(),
  };
}
