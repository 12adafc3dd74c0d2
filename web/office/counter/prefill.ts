/**
 * What follows from what is read and found: who else the same person is in this form, whom the household offers, and what
 * the register answers by itself. Only what is empty is filled; everything stays open to the officer.
 */
import type { Service } from '../../../src/modules/catalogue/service.ts';
import type { CounterMember, FoundAtCounter } from '../../../src/modules/counter/contract.ts';
import { childRelation } from '../../../src/modules/reference/relations.ts';
import { HEAD } from '../../../src/modules/reference/relation-codes.ts';
import { applicantPart, fillPart, isEmptyPart, listField, prefixesOf, readEntry, type Filled, type KnownPerson, type Part } from './parts.ts';
import { fieldsOf, type ChosenAddress, type Typed } from './typed.ts';

const ageOfHead = 18;
const part = (prefix: string): Part => ({ kind: 'part', prefix });

function join(before: Filled, more: Filled): Filled {
  return { typed: more.typed, filled: [...before.filled, ...more.filled], kept: [...before.kept, ...more.kept] };
}

/** Empty fields that the form has, set; choices count as fields. */
function answer(service: Service, before: Filled, values: Readonly<Record<string, string | undefined>>): Filled {
  const asked = new Set(fieldsOf(service).map(({ name }) => name));
  const news = Object.entries(values).filter(([name, value]) => value !== undefined && value !== '' && asked.has(name) && (before.typed.fields[name] ?? '') === '') as [string, string][];
  return { ...before, typed: { ...before.typed, fields: { ...before.typed.fields, ...Object.fromEntries(news) } }, filled: [...before.filled, ...news.map(([name]) => name)] };
}

/** A place that nobody has chosen yet, set: an address or a division. */
function locate(service: Service, before: Filled, name: string, place: ChosenAddress): Filled {
  if (before.typed.addresses[name] !== undefined || !fieldsOf(service).some((field) => field.name === name)) return before;
  return { ...before, typed: { ...before.typed, addresses: { ...before.typed.addresses, [name]: place } }, filled: [...before.filled, name] };
}

/**
 * Somebody stands at the counter: the applicant is often the first mover, the person concerned or a parent of the
 * newborn, and is put there while that place is empty.
 */
export function fillApplicant(service: Service, typed: Typed, known: KnownPerson): Filled {
  let result = fillPart(service, typed, applicantPart, known);
  const list = listField(service);
  const prefixes = prefixesOf(service);
  const places: Part[] = [];
  if (list !== undefined && list.head !== 'one') places.push({ kind: 'row', list: list.name, index: 0 });
  if (prefixes.includes('subject') && service.applicants.includes('self')) places.push(part('subject'));
  if (prefixes.includes('child')) places.push(...(known.sex === '1' ? ['father'] : ['mother']).filter((prefix) => prefixes.includes(prefix)).map(part));
  for (const place of places) if (isEmptyPart(service, result.typed, place)) result = join(result, fillPart(service, result.typed, place, known));
  return result;
}

/** What the register says of somebody named in the form, put where nothing is typed. */
export function fillFromRegister(service: Service, typed: Typed, of: Part, found: FoundAtCounter): Filled {
  const { person, household } = found;
  const known: KnownPerson = { name: person.name, id_number: person.id_number, sex: person.sex, birth_on: person.birth_on, ethnicity: person.ethnicity };
  let result = fillPart(service, typed, of, of.kind === 'applicant' ? { ...known, phone: person.phone ?? undefined } : known);
  const fields = fieldsOf(service);
  // Whoever stands at the counter can be handed the paper.
  if (of.kind === 'applicant' && fields.some(({ name, options }) => name === 'delivery_mode' && options?.some(({ value }) => value === 'pickup') === true)) result = answer(service, result, { delivery_mode: 'pickup' });
  const isHost = of.kind === 'part' && of.prefix === 'target_head';
  if (isHost && household !== null) result = locate(service, result, 'address_id', { address_id: household.address_id, line: household.address });
  return result;
}

/** Who of the form is who in the register, by prefix, as far as it was looked up. */
export type Register = (part: Part) => FoundAtCounter | null | undefined;

/** What two known parents say of their newborn. */
export function fillNewborn(service: Service, typed: Typed, register: Register): Filled {
  let result: Filled = { typed, filled: [], kept: [] };
  if (!prefixesOf(service).includes('child')) return result;
  const [mother, father] = [register(part('mother')), register(part('father'))];
  if (mother && father) {
    const married = mother.kin.some((link) => link.kind === 'spouse' && [link.person_id, link.relative_id].includes(father.person.person_id));
    const share = mother.person.ethnicity === father.person.ethnicity;
    result = answer(service, result, { parents_marriage: married ? 'married' : undefined, parents_share_ethnicity: share ? 'yes' : 'no', child_ethnicity: share ? mother.person.ethnicity : undefined });
  }
  const followed = typed.fields['follow_parent'] === 'father' ? father : typed.fields['follow_parent'] === 'mother' ? mother : undefined;
  const sex = typed.fields['child_sex'];
  // A child's native place is the father's 籍贯; where only the mother is known, hers.
  const ancestral = (father ?? mother)?.person;
  if (ancestral?.native_place != null && ancestral.native_place_name !== null) result = locate(service, result, 'child_native_place_area', { address_id: ancestral.native_place, line: ancestral.native_place_name });
  if (followed && (sex === '1' || sex === '2')) result = answer(service, result, { target_relation: relationOfNewborn(followed, sex) });
  return result;
}

/**
 * The newborn's relation to the head, where the followed parent is the head or married to the head and every child of
 * that parent lives in the household; otherwise the officer says it.
 */
export function relationOfNewborn({ person, household, kin }: FoundAtCounter, sex: '1' | '2'): string | undefined {
  const own = household?.members.find((member) => member.person_id === person.person_id);
  if (own === undefined || (own.relation !== HEAD && !['10', '11', '12'].includes(own.relation))) return undefined;
  const children = kin.filter((link) => (link.kind === 'father' || link.kind === 'mother') && link.relative_id === person.person_id).map(({ person_id }) => household!.members.find((member) => member.person_id === person_id));
  if (children.some((child) => child === undefined)) return undefined;
  return childRelation(sex, { only: children.length === 0, rank: children.filter((child) => child!.sex === sex).length + 1 });
}

/* ---- The household as a choice ------------------------------------------------------------------------------- */

/** What choosing a member does in this form: tick on the list, or name the person of a part. */
export type Choosing = { kind: 'list'; list: string } | { kind: 'part'; prefix: string };

/** @param focused the part in which the officer is */
export function choosingIn(service: Service, focused: Part | undefined): Choosing | undefined {
  const list = listField(service);
  if (focused?.kind === 'part') return { kind: 'part', prefix: focused.prefix };
  if (list !== undefined) return { kind: 'list', list: list.name };
  const prefixes = prefixesOf(service);
  const first = ['subject', 'father', 'mother', 'spouse'].find((prefix) => prefixes.includes(prefix));
  return first === undefined ? undefined : { kind: 'part', prefix: first };
}

export const isListed = (typed: Typed, member: Pick<CounterMember, 'id_number'>): boolean => typed.persons.some((person) => person.id_number === member.id_number);

/** Ticks members on or off the list; what follows for the household left is set with it. */
export function chooseListed(service: Service, typed: Typed, members: readonly CounterMember[], household: NonNullable<FoundAtCounter['household']>): Typed {
  const chosen = new Set(members.map(({ id_number }) => id_number));
  const ofHousehold = new Set(household.members.map(({ id_number }) => id_number));
  const others = typed.persons.filter((person) => person.id_number !== '' && !ofHousehold.has(person.id_number));
  const rows = household.members.filter(({ id_number }) => chosen.has(id_number));
  const head = household.members.find(({ relation }) => relation === HEAD);
  const headMoves = head !== undefined && chosen.has(head.id_number);
  const formsOwn = typed.fields['household_choice'] !== 'join';
  const relationOf = (member: CounterMember): string => {
    const before = typed.persons.find(({ id_number }) => id_number === member.id_number)?.relation;
    if (before !== undefined && before !== '') return before;
    if (!formsOwn) return '';
    return headMoves ? member.relation : rows.length === 1 && others.length === 0 ? HEAD : '';
  };
  const persons = [...rows.map((member) => ({ name: member.name, id_number: member.id_number, relation: relationOf(member) })), ...others];
  const stay = household.members.filter(({ id_number }) => !chosen.has(id_number));
  const asked = new Set(fieldsOf(service).map(({ name }) => name));
  const adults = stay.filter(({ birth_on }) => isAdult(birth_on));
  const follows: Record<string, string> = {
    whole_household: stay.length === 0 ? 'yes' : 'no', head_leaves: headMoves ? 'yes' : 'no', new_head_id_number: headMoves && adults.length === 1 ? adults[0]!.id_number : '',
  };
  return {
    ...typed, persons: persons.length === 0 ? [{ name: '', id_number: '', relation: '' }] : persons,
    fields: { ...typed.fields, ...Object.fromEntries(Object.entries(follows).filter(([name]) => asked.has(name))) },
  };
}

function isAdult(birth_on: string, now = new Date()): boolean {
  const day = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  return `${Number(birth_on.slice(0, 4)) + ageOfHead}${birth_on.slice(4)}` <= day;
}

/** Names a member as the person of a part, in place of whoever was named there. */
export function chooseFor(service: Service, typed: Typed, prefix: string, member: CounterMember): Typed {
  const emptied = { ...typed, fields: { ...typed.fields, [`${prefix}_name`]: '', [`${prefix}_id_number`]: '' } };
  return fillPart(service, emptied, part(prefix), { name: member.name, id_number: member.id_number, sex: member.sex, birth_on: member.birth_on }).typed;
}

/** The members with the digit that chooses each; more than nine are chosen with the pointer. */
export function digitsOf<Member>(members: readonly Member[]): Array<{ digit: number | undefined; member: Member }> {
  return members.map((member, index) => ({ digit: index < 9 ? index + 1 : undefined, member }));
}

/** Whose household is shown: of the part the officer is in, else of the applicant. */
export function shownPart(focused: Part | undefined, typed: Typed, register: Register): Part {
  return focused !== undefined && register(focused) && readEntry(typed, focused, 'id_number') !== '' ? focused : applicantPart;
}
