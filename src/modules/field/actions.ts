/** Writes down what an officer learned on a round. */
import { Refusal, type Context, type InputOf } from '../../kernel/index.ts';
import { serviceOf, settleExOfficio } from '../cases/index.ts';
import { alterationsOfCase, factsForPeople, type PersonFacts } from '../population/index.ts';
import { findOrganisations } from '../reference/index.ts';
import type { contract, ItemName, Saved } from './contract.ts';
import { fieldItems, type FieldItem } from './items.ts';
import { valueOf } from './queries.ts';

type Changes = InputOf<typeof contract.saveItems>['changes'];

/** A phone's clock may go wrong by so much without a word. */
const clockToleranceMinutes = 10;

/**
 * Changes minor items of one person, each if it still is what the phone showed. The whole is one transaction: all items
 * change or none. Who was registered the same meanwhile is no conflict.
 * @throws Refusal field.items_changed with `items`, field.noted_in_future, field.phone_needed, population.person_not_found, and what the case refuses
 */
export async function saveItems(context: Context, input: InputOf<typeof contract.saveItems>): Promise<Saved> {
  const noted = new Date(input.noted_at);
  if (noted.getTime() > context.now.getTime() + clockToleranceMinutes * 60_000) throw new Refusal('field.noted_in_future');
  const { persons: [person] } = await factsForPeople(context, { person_ids: [input.person_id], household_ids: [] });
  const unchanged = input.changes.filter((change) => valueOf(person!, change.item) === change.value);
  const changes = input.changes.filter((change) => !unchanged.includes(change));
  refuseChanged(changes.filter((change) => valueOf(person!, change.item) !== change.seen));

  const case_nos: string[] = [];
  for (const [service_code, ofService] of byService(changes)) {
    const { case_id, case_no } = await settleExOfficio(context, {
      service_code, applicant: { name: person!.name, id_number: person!.id_number, phone: await phoneFor(context, person!, changes) },
      answers: answersOf(service_code, person!, ofService, await phoneFor(context, person!, changes)),
      // What a paper proves was seen on the spot; it is not carried away.
      materials: serviceOf(service_code).materials.filter(({ code }) => (code === identityPaper ? input.identity_checked : input.evidence_seen)).map(({ code }) => code),
      opinion: opinions[input.told_by].replace('{at}', localMinute(noted)),
    });
    case_nos.push(case_no);
    // Another phone may have written between our look and the row's lock: what was overwritten must be what was seen.
    const overwritten = await alterationsOfCase(context, case_id);
    refuseChanged(ofService.filter((change) => overwritten.find((one) => one.item === change.item)?.old_value !== change.seen));
  }
  return { registered: changes.map(({ item }) => item), unchanged: unchanged.map(({ item }) => item), case_nos, at: context.now.toISOString() };
}

/** The applicant's identity card (catalogue/materials.json). */
const identityPaper = 'M01';

const opinions = { self: '走访登记:本人当面申报,{at} 记录。', family: '走访登记:家庭成员当面申报,{at} 记录。' } as const;

function localMinute(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

function refuseChanged(changed: Changes): void {
  if (changed.length > 0) throw new Refusal('field.items_changed', { items: changed.map(({ item }) => item) });
}

function byService(changes: Changes): Map<string, Changes> {
  return Map.groupBy(changes, ({ item }) => itemOf(item).service_code);
}

const itemOf = (name: ItemName): FieldItem => fieldItems.find(({ item }) => item === name)!;

/** Where messages about the change go: the phone just told, the one on record, else the station that made the change. */
async function phoneFor(context: Context, person: PersonFacts, changes: Changes): Promise<string> {
  const known = changes.find(({ item }) => item === 'phone')?.value ?? person.phone;
  if (known !== null) return known;
  const station = (await findOrganisations(context, [person.station_code])).get(person.station_code)?.phone?.replace(/\D/g, '');
  if (station === undefined || station === '') throw new Refusal('field.phone_needed');
  return station;
}

function answersOf(service_code: string, person: PersonFacts, changes: Changes, applicant_phone: string): Record<string, unknown> {
  const answers = Object.fromEntries(changes.map(({ item, value }) => [itemOf(item).field, itemOf(item).kind === 'whole_number' && /^\d+$/.test(value) ? Number(value) : value]));
  return { subject_name: person.name, subject_id_number: person.id_number, ...answers, applicant_phone, delivery_mode: 'electronic' };
}
