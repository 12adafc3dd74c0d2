/**
 * Who moves, or who forms a household: members of the own household are picked from its entry, others are typed. Both become the
 * same rows of the form, those picked first; what the entry tells (whether all leave, whether the head
 * does) is not asked.
 */
import { codeOptions, personParts, personRows, personsMax, relationHead, relationList, typedRows, type Field, type FormSection, type PersonRow, type Typed } from '../catalogue/index.ts';
import { maskIdNumber, normaliseIdNumber, type Sex } from '../reference/index.ts';
import { fieldText } from './answer.ts';
import type { HouseholdState, MemberView, OptionView, PersonListView } from './contract.ts';
import { likelyRelation, sexOf } from './likely-relations.ts';
import { isAdult, type Household } from './record.ts';

type Member = Household['members'][number];

export function personListOf(section: FormSection): Field | undefined {
  return section.fields.find((field) => field.type === 'person_list');
}

/** Words that fit a person of this sex; all of them while the number is not known. */
function relationsFor(sex: Sex | undefined): OptionView[] {
  return codeOptions(relationList).filter(({ implied_sex }) => sex === undefined || implied_sex === null || implied_sex === sex).map(({ value, label }) => ({ value, label }));
}

/**
 * The form's fields with picked members turned into rows.
 * @param input the form as it arrived: `movers.pick.0`, `movers.pick_relation.0`, `movers.3.name`
 */
export function rowsFromInput(field: Field, input: Record<string, unknown>, household: Household | null): PersonRow[] {
  const picked = (household?.members ?? []).flatMap((member, key) =>
    fieldText(input, `${field.name}.pick.${key}`) === '' ? [] : { name: member.name, id_number: member.id_number, relation: fieldText(input, `${field.name}.pick_relation.${key}`) });
  const typed = Object.fromEntries(Object.keys(input).filter((name) => personParts.some((part) => name.startsWith(`${field.name}.`) && name.endsWith(`.${part}`))).map((name) => [name, fieldText(input, name)]));
  return [...picked, ...personRows(field.name, typed)];
}

/** What the entry tells of those who stay; empty when none of its members is among the rows. */
function factsFromEntry(household: Household | null, rows: readonly PersonRow[]): Typed {
  const leaving = new Set(rows.map(({ id_number }) => normaliseIdNumber(id_number)));
  const members = household?.members ?? [];
  if (!members.some(({ id_number }) => leaving.has(id_number))) return {};
  const all = members.every(({ id_number }) => leaving.has(id_number));
  if (all) return { whole_household: 'yes', head_leaves: '' };
  return { whole_household: 'no', head_leaves: members.some(({ id_number, relation }) => relation === relationHead && leaving.has(id_number)) ? 'yes' : 'no' };
}

/** Everything typed of a section that lists persons, rows and known facts in place. */
export function typedWithMovers(field: Field, input: Record<string, unknown>, household: Household | null): Record<string, unknown> {
  const rows = rowsFromInput(field, input, household);
  const others = Object.fromEntries(Object.entries(input).filter(([name]) => !name.startsWith(`${field.name}.`)));
  return { ...others, ...typedRows(field.name, rows), ...factsFromEntry(household, rows) };
}

/** Whether the entry answers the questions on those who stay, so that they are not asked. */
export function isToldByEntry(household: Household | null, typed: Typed, field: Field): boolean {
  return 'whole_household' in factsFromEntry(household, personRows(field.name, typed));
}

/** Adults who stay, for the choice of the next head. */
export function successors(household: Household | null, typed: Typed, field: Field, now: Date): OptionView[] {
  const leaving = new Set(personRows(field.name, typed).map(({ id_number }) => normaliseIdNumber(id_number)));
  return (household?.members ?? []).filter((member) => !leaving.has(member.id_number) && isAdult(member.birth_on, now))
    .map(({ id_number, name }) => ({ value: id_number, label: { zh: `${name}(${maskIdNumber(id_number)})`, en: `${name} (${maskIdNumber(id_number)})` } }));
}

/**
 * How the list of persons stands on its page.
 * @param self offered as the first person where nothing was typed and the entry is not known
 * @param blank_rows empty rows that the citizen asked for
 */
export function personListView(
  field: Field, typed: Typed, state: HouseholdState, household: Household | null, self: { name: string; id_number: string } | null, blank_rows: number,
): PersonListView {
  const isFirstVisit = Object.keys(typed).length === 0;
  const members = household?.members ?? [];
  const rows = personRows(field.name, typed);
  if (isFirstVisit && members.length === 0 && self !== null) rows.push({ ...self, relation: '' });
  const memberViews = members.map((member, key): MemberView => {
    const row = rows.findIndex(({ id_number, name }) => normaliseIdNumber(id_number) === member.id_number && name === member.name);
    return {
      key, name: member.name, id_number_masked: maskIdNumber(member.id_number), relation_text: member.relation_text, is_self: member.is_self,
      is_picked: isFirstVisit ? member.is_self : row >= 0, relation: row >= 0 ? rows[row]!.relation : likelyRelation(member, members),
      relations: relationsFor(sexOf(member.id_number)), row: row >= 0 ? row : null,
    };
  });
  const picked = new Set(memberViews.map(({ row }) => row));
  const rows_max = field.items_max ?? personsMax;
  const needed = rows.length === 0 && members.length === 0 ? 1 : 0;
  const blanks = Array.from({ length: Math.min(Math.max(blank_rows, needed), Math.max(0, rows_max - rows.length)) }, () => ({ name: '', id_number: '', relation: '' }));
  return {
    household: state, members: memberViews, relations: relationsFor(undefined), of: field.name === 'members' ? 'members' : 'movers', has_relation: field.without_relation !== true,
    typed: [...rows, ...blanks].map((row, index) => ({ row: index, ...row })).filter(({ row }) => !picked.has(row)),
    has_room: rows.length + blanks.length < rows_max,
  };
}
