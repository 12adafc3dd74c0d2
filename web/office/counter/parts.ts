/** People of a form: each is a set of fields that share the beginning of their names, or a row of a list. */
import type { DeclaredMover, Field, Service } from '../../../src/modules/catalogue/service.ts';
import { normaliseIdNumber, validateIdNumber } from '../../../src/modules/reference/id-number.ts';
import { normaliseName } from '../../../src/modules/reference/names.ts';
import { emptyPerson, fieldsOf, type Typed } from './typed.ts';

/** The applicant, a part such as `mother`, or a row of the list of persons. */
export type Part = { kind: 'applicant' } | { kind: 'part'; prefix: string } | { kind: 'row'; list: string; index: number };

/** What may be known of somebody from a card, a paper or the register. */
export interface KnownPerson {
  name: string;
  id_number?: string | undefined;
  sex?: string | undefined;
  birth_on?: string | undefined;
  ethnicity?: string | undefined;
  phone?: string | undefined;
}
export type PartField = keyof KnownPerson;

const applicantFields = ['name', 'id_number', 'phone'] as const satisfies readonly PartField[];
const rowFields = ['name', 'id_number'] as const satisfies readonly PartField[];
const partFields = ['name', 'id_number', 'sex', 'birth_on', 'ethnicity'] as const satisfies readonly PartField[];

export const applicantPart: Part = { kind: 'applicant' };

export function listField(service: Service): Field | undefined {
  return fieldsOf(service).find((field) => field.type === 'person_list');
}

/** Beginnings of names under which the form asks for a person, in its order. */
export function prefixesOf(service: Service): string[] {
  return fieldsOf(service).flatMap((field) => (field.type === 'person_name' && field.name.endsWith('_name') ? [field.name.slice(0, -'_name'.length)] : []));
}

/** The part that an entry of the page belongs to, by the name the page marks it with. */
export function partOf(service: Service, entry: string | undefined): Part | undefined {
  if (entry === undefined) return undefined;
  if (entry.startsWith('applicant_')) return applicantPart;
  const row = /^(\w+)\.(\d+)\.\w+$/.exec(entry);
  if (row !== null && listField(service)?.name === row[1]) return { kind: 'row', list: row[1]!, index: Number(row[2]) };
  // The longest beginning wins: `new_head_name` belongs to `new_head` and not to `new`.
  const prefix = prefixesOf(service).filter((one) => entry.startsWith(`${one}_`)).sort((a, b) => b.length - a.length)[0];
  return prefix === undefined ? undefined : { kind: 'part', prefix };
}

/** The names under which the page marks the entries of a part, for what the form asks of it. */
export function entriesOf(service: Service, part: Part): Partial<Record<PartField, string>> {
  if (part.kind === 'applicant') return Object.fromEntries(applicantFields.map((field) => [field, `applicant_${field}`]));
  if (part.kind === 'row') return Object.fromEntries(rowFields.map((field) => [field, `${part.list}.${part.index}.${field}`]));
  const asked = new Set(fieldsOf(service).map(({ name }) => name));
  return Object.fromEntries(partFields.flatMap((field) => (asked.has(`${part.prefix}_${field}`) ? [[field, `${part.prefix}_${field}`]] : [])));
}

export function readEntry(typed: Typed, part: Part, field: PartField): string {
  if (part.kind === 'applicant') return field in typed.applicant ? typed.applicant[field as 'name'] : '';
  if (part.kind === 'row') return (typed.persons[part.index] as unknown as Record<string, string> | undefined)?.[field] ?? '';
  return typed.fields[`${part.prefix}_${field}`] ?? '';
}

export function writeEntry(typed: Typed, part: Part, field: PartField, value: string): Typed {
  if (part.kind === 'applicant') return { ...typed, applicant: { ...typed.applicant, [field]: value } };
  if (part.kind === 'part') return { ...typed, fields: { ...typed.fields, [`${part.prefix}_${field}`]: value } };
  const rows: DeclaredMover[] = [...typed.persons];
  while (rows.length <= part.index) rows.push(emptyPerson);
  rows[part.index] = { ...rows[part.index]!, [field]: value };
  return { ...typed, persons: rows };
}

/** Nothing of this person is typed yet. */
export function isEmptyPart(service: Service, typed: Typed, part: Part): boolean {
  return readEntry(typed, part, 'name').trim() === '' && readEntry(typed, part, 'id_number').trim() === '' && Object.keys(entriesOf(service, part)).length > 0;
}

/** The first person of whom nothing is typed: the applicant, the rows of the list, the parts in the order of the form. */
export function firstEmptyPart(service: Service, typed: Typed): Part | undefined {
  const list = listField(service);
  const rows: Part[] = list === undefined ? [] : typed.persons.map((_, index) => ({ kind: 'row', list: list.name, index }));
  return [applicantPart, ...rows, ...prefixesOf(service).map((prefix): Part => ({ kind: 'part', prefix }))].find((part) => isEmptyPart(service, typed, part));
}

/** Everybody of whom a name and a number that can be one are typed. */
export function namedParts(service: Service, typed: Typed, today: string): Array<{ part: Part; name: string; id_number: string }> {
  const list = listField(service);
  const parts: Part[] = [applicantPart, ...prefixesOf(service).map((prefix): Part => ({ kind: 'part', prefix })), ...(list === undefined ? [] : typed.persons.map((_, index): Part => ({ kind: 'row', list: list.name, index })))];
  return parts.flatMap((part) => {
    const [name, id_number] = [normaliseName(readEntry(typed, part, 'name')), normaliseIdNumber(readEntry(typed, part, 'id_number'))];
    return [...name].length >= 2 && id_number.length === 18 && !validateIdNumber(id_number, { today }).some(({ severity }) => severity === 'error') ? [{ part, name, id_number }] : [];
  });
}

export interface Filled {
  typed: Typed;
  /** Entries that were empty and are filled now. */
  filled: string[];
  /** Entries that hold something else: left as they are, and told. */
  kept: Array<{ entry: string; part: Part; field: PartField; typed: string; offered: string }>;
}

const sameIn: Partial<Record<PartField, (text: string) => string>> = { name: normaliseName, id_number: normaliseIdNumber };

/** Fills what is empty; what was typed stays, and where it differs that is told. */
export function fillPart(service: Service, typed: Typed, part: Part, known: KnownPerson): Filled {
  const entries = entriesOf(service, part);
  const result: Filled = { typed, filled: [], kept: [] };
  for (const [field, entry] of Object.entries(entries) as [PartField, string][]) {
    const offered = known[field];
    if (offered === undefined || offered === '') continue;
    const now = readEntry(result.typed, part, field).trim();
    const same = sameIn[field] ?? ((text: string) => text);
    if (now === '') {
      result.typed = writeEntry(result.typed, part, field, offered);
      result.filled.push(entry);
    } else if (same(now) !== same(offered)) result.kept.push({ entry, part, field, typed: now, offered });
  }
  return result;
}
