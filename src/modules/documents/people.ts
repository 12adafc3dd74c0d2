/** People and households of the register as papers show them. */
import type { Context } from '../../kernel/index.ts';
import { findAddresses } from '../reference/index.ts';
import { factsForPeople, getPerson, headRelation, personStatus, type HouseholdRecordFacts, type PersonFacts, type TimelineEntry } from '../population/index.ts';
import { chineseDay, itemNames, writerFor, type Writer } from './printed.ts';

/** Somebody as the cards, forms and certificates write him; every value is text, empty where the register holds nothing. */
export interface PrintedPerson {
  person_id: string;
  name: string; former_name: string; sex: string; ethnicity: string; birth_on: string; birthplace: string; native_place: string; id_number: string;
  education: string; marital_status: string; military_service: string; height: string; blood_type: string; occupation: string; workplace: string;
  relation: string; household_no: string; household_type: string; head: string; address: string; other_address: string;
  father: string; mother: string; spouse: string; guardians: string;
  came_to_county: string; came_to_address: string; left_for: string; cancelled: string;
  handled_by: string; registered_on: string;
  /** Item, new value, day: what the booklet notes. */
  alterations: [item: string, value: string, on: string][];
  /** Item, kind, before, after, day: what the certificate notes. */
  changes: [item: string, kind: string, before: string, after: string, on: string][];
  moves: [on: string, from: string, to: string, reason: string][];
  relatives: [name: string, birth_on: string, id_number: string, relation: string][];
  last_address: string; cancel_reason: string; cancelled_on: string;
  old_numbers: string; number_changed_on: string;
}

export interface PrintedHousehold {
  household_id: string;
  type: string;
  head_label: string;
  head: string;
  number: string;
  address: string;
  station: string;
  addresses: [address: string, on: string][];
}

/** Of a household, those whose cards a booklet holds; of a collective one nobody. */
export async function membersOf(context: Context, household_id: string): Promise<string[]> {
  const { households } = await factsForPeople(context, { person_ids: [], household_ids: [household_id] });
  return households[0]!.members.map((member) => member.person_id);
}

export interface PeopleOnPaper {
  persons: PrintedPerson[];
  household: PrintedHousehold | null;
  /** Whether any of them is invented. */
  synthetic: boolean;
}

/**
 * Reads people, and a household, as the register holds them now.
 * @param asked.of_case alterations are certified of this case alone; null: all there were
 * @throws Refusal population.person_not_found, household_not_found
 */
export async function readPeople(context: Context, asked: { person_ids: readonly string[]; household_id: string | null; of_case: string | null; handled_by: string; on: string }): Promise<PeopleOnPaper> {
  const facts = await factsForPeople(context, { person_ids: asked.person_ids, household_ids: asked.household_id === null ? [] : [asked.household_id] });
  // Parents, spouses and wards stand on the form and the certificate by name; they may be registered anywhere.
  const kinIds = [...new Set(facts.kin.flatMap((link) => [link.person_id, link.relative_id]))].filter((id) => !asked.person_ids.includes(id));
  const lastHouseholds = [...new Set(facts.persons.map((person) => person.last_household_id))].filter((id): id is string => id !== null && !facts.households.some((household) => household.household_id === id));
  const [kin, pages] = await Promise.all([
    factsForPeople(context, { person_ids: kinIds, household_ids: lastHouseholds }),
    Promise.all(asked.person_ids.map((person_id) => getPerson(context, { person_id }))),
  ]);
  const households = new Map([...facts.households, ...kin.households].map((household) => [household.household_id, household]));
  const everybody = new Map([...facts.persons, ...kin.persons].map((person) => [person.person_id, person]));
  const [writer, addresses] = await Promise.all([
    writerFor(context, {
      areas: [
        ...facts.persons.flatMap((person) => [person.birthplace, person.native_place, ...person.alterations.flatMap((change) => [change.old_value, change.new_value])]),
        ...pages.flatMap((page) => page.timeline.map((entry) => entry.new_value)),
      ],
      units: [...households.values()].map((household) => household.station_code),
    }),
    findAddresses(context, [...households.values()].map((household) => household.address_id)),
  ]);
  const place = (household: HouseholdRecordFacts | undefined): string => (household === undefined ? '' : (addresses.get(household.address_id)?.line ?? ''));

  const persons = facts.persons.map((person, index): PrintedPerson => {
    const household = households.get(person.household_id ?? '');
    const last = households.get(person.last_household_id ?? '');
    const head = household === undefined ? undefined : household.members.find((member) => member.person_id === household.head_id);
    const value = (item: keyof PersonFacts & string) => writer.value(item, person[item] as string | number | null);
    const relatedTo = (kind: string) => facts.kin.filter((link) => link.person_id === person.person_id && link.kind === kind).map((link) => everybody.get(link.relative_id)?.name ?? '').join('、');
    const ended = person.alterations.findLast((change) => change.item === 'status' && change.new_value !== personStatus.active);
    const noted = person.alterations.filter((change) => change.item in itemNames);
    const certified = noted.filter((change) => asked.of_case === null || change.case_id === asked.of_case);
    const numbers = certified.filter((change) => change.item === 'id_number');
    return {
      person_id: person.person_id, name: person.name, former_name: person.former_name ?? '', id_number: person.id_number, workplace: person.workplace ?? '', height: value('height_cm'),
      sex: value('sex'), ethnicity: value('ethnicity'), birth_on: value('birth_on'), birthplace: value('birthplace'), native_place: value('native_place'), education: value('education'),
      marital_status: value('marital_status'), military_service: value('military_service'), blood_type: value('blood_type'), occupation: value('occupation'),
      relation: relationOf(person, household, writer), household_no: household?.household_no ?? '', household_type: writer.value('household_type', household?.household_type),
      head: household?.unit_name ?? head?.name ?? '', address: place(household), other_address: '',
      father: relatedTo('father'), mother: relatedTo('mother'), spouse: relatedTo('spouse'), guardians: relatedTo('guardian'),
      ...movesOf(pages[index]!.timeline, writer), cancelled: ended === undefined || person.status === personStatus.active ? '' : `${chineseDay(ended.effective_on)} ${statusWords(ended, writer)}`,
      handled_by: asked.handled_by, registered_on: chineseDay(asked.on),
      alterations: notedOn(pages[index]!.timeline, writer),
      changes: certified.map((change) => [itemNames[change.item]!, change.kind === 'correction' ? '更正' : '变更', writer.value(change.item, change.old_value), writer.value(change.item, change.new_value), chineseDay(change.effective_on)]),
      relatives: facts.kin.flatMap((link) => relativeOf(person, link, everybody, writer)),
      last_address: place(household ?? last), cancel_reason: ended === undefined ? '' : statusWords(ended, writer), cancelled_on: chineseDay(ended?.effective_on),
      old_numbers: numbers.map((change) => change.old_value ?? '').join('、'), number_changed_on: chineseDay(numbers.at(-1)?.effective_on),
    };
  });

  const household = asked.household_id === null ? undefined : households.get(asked.household_id);
  const collective = household !== undefined && household.unit_name !== null;
  return {
    persons, synthetic: pages.some((page) => page.synthetic),
    household: household === undefined ? null : {
      household_id: household.household_id, type: writer.value('household_type', household.household_type), number: household.household_no, address: place(household), station: writer.unit(household.station_code),
      head_label: collective ? '单位名称' : '户主姓名', head: household.unit_name ?? household.members.find((member) => member.person_id === household.head_id)?.name ?? '', addresses: [],
    },
  };
}

function relationOf(person: PersonFacts, household: HouseholdRecordFacts | undefined, writer: Writer): string {
  if (household === undefined) return '';
  if (household.household_type !== '1') return '集体户成员';
  return person.relation === headRelation ? '户主' : writer.value('relation', person.relation);
}

/** Every item that was changed or corrected, oldest first, as the second side of the card notes them. */
function notedOn(timeline: readonly TimelineEntry[], writer: Writer): PrintedPerson['alterations'] {
  return timeline.filter((entry) => (entry.kind === 'altered' || entry.kind === 'corrected') && entry.item !== undefined && entry.item in itemNames)
    .map((entry): PrintedPerson['alterations'][number] => [itemNames[entry.item!]!, writer.value(entry.item!, entry.new_value), chineseDay(entry.on)]).reverse();
}

/** The ground of a cancellation in the words of its list, else the status it led to. */
function statusWords(change: { new_value: string | null; reason_code: string | null }, writer: Writer): string {
  return change.reason_code === null ? writer.value('status', change.new_value) : writer.value('cancel_reason', change.reason_code);
}

const kinWords: Record<string, { to: string; from: (person: PersonFacts) => string }> = {
  father: { to: '父亲', from: (child) => (child.sex === '1' ? '儿子' : '女儿') },
  mother: { to: '母亲', from: (child) => (child.sex === '1' ? '儿子' : '女儿') },
  spouse: { to: '配偶', from: () => '配偶' },
  guardian: { to: '监护人', from: () => '被监护人' },
};

/** A link as the person sees it: to the relative, or back from a child or ward. A marriage is two links, of which one is told. */
function relativeOf(person: PersonFacts, link: { person_id: string; relative_id: string; kind: string }, everybody: ReadonlyMap<string, PersonFacts>, writer: Writer): PrintedPerson['relatives'] {
  const words = kinWords[link.kind];
  const forward = link.person_id === person.person_id;
  if (words === undefined || (!forward && (link.relative_id !== person.person_id || link.kind === 'spouse'))) return [];
  const other = everybody.get(forward ? link.relative_id : link.person_id);
  return other === undefined ? [] : [[other.name, writer.value('birth_on', other.birth_on), other.id_number, forward ? words.to : words.from(other)]];
}

/** What the timeline, newest first, tells of moves. A county is the first six digits of its stations; the register names the stations. */
function movesOf(timeline: readonly TimelineEntry[], writer: Writer): Pick<PrintedPerson, 'came_to_county' | 'came_to_address' | 'left_for' | 'moves'> {
  const moves = timeline.filter((entry) => entry.kind === 'moved');
  const arrivals = moves.filter((entry) => entry.in_station != null);
  const told = (entry: TimelineEntry | undefined): string => {
    if (entry === undefined) return '';
    const from = entry.out_station?.zh;
    const reason = writer.value('reason', entry.reason);
    return `${chineseDay(entry.on)}${reason === '' ? '' : `因${reason}`}${from === undefined ? '迁来' : `由${from}辖区迁来`}`;
  };
  const crossed = arrivals.find((entry) => entry.range !== undefined && !['11', '12', '13', '14', '15', '21'].includes(entry.range));
  const left = moves[0]?.in_station == null ? moves[0] : undefined;
  return {
    came_to_address: told(arrivals[0]), came_to_county: told(crossed), left_for: left === undefined ? '' : `${chineseDay(left.on)}因${writer.value('reason', left.reason)}迁往省外`,
    moves: [...moves].reverse().map((entry) => [chineseDay(entry.on), entry.out_station?.zh ?? '省外', entry.in_station?.zh ?? '省外', writer.value('reason', entry.reason)]),
  };
}
