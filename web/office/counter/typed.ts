/** What is typed at the counter, and the answers it becomes. The form itself comes from the catalogue. */
import { conditions } from '../../../src/modules/catalogue/conditions.ts';
import type { Answers, DeclaredMover, Field, Material, Service } from '../../../src/modules/catalogue/service.ts';
import { normaliseIdNumber } from '../../../src/modules/reference/id-number.ts';
import { normaliseName } from '../../../src/modules/reference/names.ts';
import type { FileToSend } from '../../kit/client.ts';
import type { ScansByCode } from './scans.tsx';

export interface Applicant {
  name: string;
  id_number: string;
  phone: string;
}
/** An address as chosen from the list: only the id is an answer, the line is for the eye. */
export interface ChosenAddress {
  address_id: string;
  line: string;
}
export type Settled = '' | 'provided' | 'commitment' | 'certificate';

export interface Typed {
  applicant: Applicant;
  /** By field name; lists of persons and addresses have their own form. */
  fields: Readonly<Record<string, string>>;
  persons: readonly DeclaredMover[];
  addresses: Readonly<Record<string, ChosenAddress>>;
  materials: Readonly<Record<string, { by: Settled; certificate_no: string }>>;
  /** By the code of the material. */
  scans: ScansByCode;
}

export const emptyPerson: DeclaredMover = { name: '', id_number: '', relation: '' };
export const emptyTyped: Typed = { applicant: { name: '', id_number: '', phone: '' }, fields: {}, persons: [emptyPerson], addresses: {}, materials: {}, scans: {} };

/** The applicant's telephone is asked for once, with the applicant. */
export const phoneField = 'applicant_phone';

export function fieldsOf(service: Service): Field[] {
  return service.form.flatMap((section) => [...section.fields]);
}

function answerOf(field: Field, typed: Typed): unknown {
  // A form asks for it with the applicant; corrections ask for it by itself.
  if (field.name === phoneField) return (typed.fields[phoneField] ?? typed.applicant.phone).replace(/[\s-]/g, '') || undefined;
  if (field.type === 'person_list') {
    const persons = typed.persons.filter((person) => person.name.trim() !== '' || person.id_number.trim() !== '')
      .map((person) => ({ name: normaliseName(person.name), id_number: normaliseIdNumber(person.id_number), relation: person.relation }));
    return persons.length === 0 ? undefined : persons;
  }
  if (field.type === 'address' || field.type === 'area') return typed.addresses[field.name]?.address_id;
  const text = (typed.fields[field.name] ?? '').trim();
  if (text === '') return undefined;
  switch (field.type) {
    case 'yes_no': return text === 'yes';
    case 'whole_number': return /^\d{1,9}$/.test(text) ? Number(text) : text;
    case 'id_number': return normaliseIdNumber(text);
    case 'document_no': case 'organisation_code': return text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
    case 'person_name': return normaliseName(text);
    case 'phone': return text.replace(/[\s-]/g, '');
    default: return text;
  }
}

/** What was answered before, as it stands in the fields of the page; for changing some of it. */
export function typedOf(service: Service, declared: readonly { name: string; value: unknown; line: string | null }[]): Pick<Typed, 'fields' | 'persons' | 'addresses'> {
  const typed = { fields: {} as Record<string, string>, persons: emptyTyped.persons, addresses: {} as Record<string, ChosenAddress> };
  for (const { name, value, line } of declared) {
    const field = fieldsOf(service).find((one) => one.name === name);
    if (field === undefined || value === null || value === undefined) continue;
    if (field.type === 'person_list') typed.persons = (value as DeclaredMover[]).map((person) => ({ ...person }));
    else if (field.type === 'address' || field.type === 'area') typed.addresses[name] = { address_id: String(value), line: line ?? String(value) };
    else typed.fields[name] = field.type === 'yes_no' ? (value === true ? 'yes' : 'no') : String(value);
  }
  return typed;
}

/** Fields that are asked for, given the answers so far, in the order of the form. */
export function askedFields(service: Service, typed: Typed): Field[] {
  const answers: Answers = Object.fromEntries(fieldsOf(service).map((field) => [field.name, answerOf(field, typed)]));
  return fieldsOf(service).filter((field) => field.when === undefined || conditions[field.when](answers));
}

/** Answers to what is asked; what was typed before a change of mind stays on the page and is not sent. */
export function answersOf(service: Service, typed: Typed): Answers {
  const answers: Answers = {};
  for (const field of askedFields(service, typed)) {
    const answer = answerOf(field, typed);
    if (answer !== undefined) answers[field.name] = answer;
  }
  return answers;
}

export function isRequired(field: Field): boolean {
  return field.required || field.when !== undefined;
}

/** Names of required entries, and of those still empty, as the page marks its inputs. */
export function requiredEntries(service: Service, typed: Typed): { all: string[]; empty: string[] } {
  const answers = answersOf(service, typed);
  const entries: Array<[string, boolean]> = (['name', 'id_number', 'phone'] as const).map((part) => [`applicant_${part}`, typed.applicant[part].trim() === '']);
  for (const field of askedFields(service, typed)) {
    if (!isRequired(field) || field.name === phoneField) continue;
    if (field.type === 'person_list') typed.persons.forEach((person, index) => (field.without_relation ? (['name', 'id_number'] as const) : (['name', 'id_number', 'relation'] as const)).forEach((part) => entries.push([`${field.name}.${index}.${part}`, person[part].trim() === ''])));
    else entries.push([field.name, answers[field.name] === undefined]);
  }
  return { all: entries.map(([name]) => name), empty: entries.filter(([, empty]) => empty).map(([name]) => name) };
}

/** Materials that this application needs, as the conditions of the catalogue say. */
export function neededMaterials(service: Service, typed: Typed): Array<{ code: string; optional: boolean }> {
  const answers = answersOf(service, typed);
  return service.materials
    .filter((requirement) => requirement.required !== 'when' || (requirement.when !== undefined && conditions[requirement.when](answers)))
    .map((requirement) => ({ code: requirement.code, optional: requirement.required === 'optional' }));
}

/** In which ways a material may be settled at the counter. */
export function waysOf(material: Material): Settled[] {
  return ['', 'provided', ...(material.commitment ? ['commitment' as const] : []), ...(material.certificates.length > 0 ? ['certificate' as const] : [])];
}

/**
 * How a material stands: as typed; until then the applicant's own identity paper counts as seen, since nobody is
 * served at a counter without (what proves identity online is its real-name sign-in).
 */
export function settledOf(typed: Typed, code: string, material: Material | undefined): { by: Settled; certificate_no: string } {
  return typed.materials[code] ?? { by: material?.certificates.includes('real_name_sign_in') === true ? 'provided' : '', certificate_no: '' };
}

/** What changes of the typed, from what it is at that moment where something was waited for meanwhile. */
export type Change = Partial<Typed> | ((before: Typed) => Partial<Typed>);

export function withChange(before: Typed, change: Change): Typed {
  return { ...before, ...(typeof change === 'function' ? change(before) : change) };
}

/** The part of what is typed that changes when the scans of a material do: whoever scans an original has seen it. */
export function withScans(typed: Pick<Typed, 'materials' | 'scans'>, code: string, scans: ScansByCode[string], settled: { by: Settled; certificate_no: string }): Pick<Typed, 'materials' | 'scans'> {
  const seen = scans.length > 0 && settled.by === '' ? { ...typed.materials, [code]: { ...settled, by: 'provided' as const } } : typed.materials;
  return { materials: seen, scans: { ...typed.scans, [code]: scans } };
}

/** Scans that go with these materials, each in the field that names its material. */
export function filesOf(scans: ScansByCode, codes: readonly string[]): FileToSend[] {
  return codes.flatMap((code) => (scans[code] ?? []).map(({ file }) => ({ field: `scan.${code}`, file })));
}

/** What goes to the server. */
export function submissionOf(service: Service, materials: Readonly<Record<string, Material>>, typed: Typed): {
  service_code: string; applicant_name: string; applicant_id_number: string; applicant_phone: string; answers: Answers; materials: { code: string; by: string; certificate_no?: string }[];
} {
  const needed = neededMaterials(service, typed);
  return {
    service_code: service.code,
    applicant_name: normaliseName(typed.applicant.name), applicant_id_number: normaliseIdNumber(typed.applicant.id_number), applicant_phone: typed.applicant.phone.replace(/[\s-]/g, ''),
    answers: answersOf(service, typed),
    materials: needed.flatMap(({ code }) => {
      const settled = settledOf(typed, code, materials[code]);
      if (settled.by === '') return [];
      return [{ code, by: settled.by, ...(settled.by === 'certificate' && settled.certificate_no.trim() !== '' ? { certificate_no: settled.certificate_no.trim() } : {}) }];
    }),
  };
}
