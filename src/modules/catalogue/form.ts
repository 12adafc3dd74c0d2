/**
 * The form of a service: what was typed becomes answers, and everything wrong is told at once, at its
 * field, with how to mend it. The portal asks it for each page and before sending, the police side for
 * what arrives and for what is entered at the counter. It knows the form alone: whether a person or
 * number exists is for the register, and the portal must not be able to tell.
 */
import { isId } from '../../kernel/ids.ts';
import type { Text, Violation } from '../../kernel/refusal.ts';
import { isLegalDate } from '../../kernel/validation.ts';
import { lawfulName, normaliseIdNumber, normaliseName, parseIdNumber, validateIdNumber } from '../reference/index.ts';
import { codeOptions, optionsOf, relationHead, relationList } from './code-options.ts';
import { conditions } from './conditions.ts';
import { isUnifiedCreditCode, normaliseOrganisationCode } from './organisation-code.ts';
import type { Answers, DeclaredMover, Field, FormSection, Service } from './service.ts';

export interface FormFacts {
  /** The legal day of the check, `yyyy-mm-dd`. */
  today: string;
}

/** What was typed, by the names of the inputs: `reason`, `movers.0.name`. */
export type Typed = Record<string, string>;

export interface ParsedSection {
  /** Everything typed that belongs to this section, to be shown again as it was. */
  typed: Typed;
  /** Answers of the fields that are asked; what could not be read stays the text it is. */
  answers: Answers;
  violations: Violation[];
}

/** What a page may keep beside a chosen address: the county and the words that were looked for. */
export const addressParts = ['area', 'query'] as const;
/** What a page may keep beside a chosen area: the words that were looked for. */
export const areaParts = ['query'] as const;
/** The parts of one row of a list of persons. */
export const personParts = ['name', 'id_number', 'relation'] as const;
export type PersonRow = Record<(typeof personParts)[number], string>;

/** Of the longest field, and something beyond it, so that too much is told and not cut off. */
const typedLengthMax = 4000;
export const personsMax = 20;
const textLengthMax = 200;
const longTextLengthMax = 500;
const documentNumberMax = 40;

/** The field is asked: it has no condition, or its condition holds. @param today the legal day; the present one when left out */
export function isAsked(field: Field, answers: Answers, today?: string): boolean {
  return field.when === undefined || conditions[field.when](answers, today);
}

function isRequired(field: Field): boolean {
  return field.required || field.when !== undefined;
}

/** Only the answers that the form asks for, given each other: what was answered before a change of mind falls away. */
export function askedAnswers(service: Service, answers: Answers, today?: string): Answers {
  const asked: Answers = {};
  for (const field of fieldsOf(service)) {
    if (answers[field.name] !== undefined && isAsked(field, answers, today)) asked[field.name] = answers[field.name];
  }
  return asked;
}

export function fieldsOf(service: Service): Field[] {
  return service.form.flatMap((section) => section.fields);
}

export function findField(service: Service, name: string): { section: FormSection; field: Field } | undefined {
  for (const section of service.form) {
    const field = section.fields.find((one) => one.name === name);
    if (field !== undefined) return { section, field };
  }
  return undefined;
}

/* ---- Reading what was typed ---------------------------------------------------------------------------------- */

/**
 * What was typed into one section: keeps the text of its fields, reads answers from it and checks them.
 * @param fields the form as it arrived; fields of other sections are ignored
 * @param others answers of the other sections, on which conditions may depend
 */
export function parseAnswers(section: FormSection, fields: Record<string, unknown>, facts: FormFacts & { others?: Answers }): ParsedSection {
  const typed = typedInto(section, fields);
  const answers: Answers = {};
  const violations: Violation[] = [];
  for (const field of section.fields) {
    const known = { ...facts.others, ...answers };
    if (!isAsked(field, known, facts.today)) continue;
    const answer = readField(field, typed);
    if (answer !== undefined) answers[field.name] = answer;
    violations.push(...checkField(field, answer, facts));
  }
  violations.push(...checkSection(section, answers));
  return { typed, answers, violations };
}

function typedInto(section: FormSection, fields: Record<string, unknown>): Typed {
  const typed: Typed = {};
  for (const [name, value] of Object.entries(fields)) {
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (typeof text === 'string' && belongsTo(section, name)) typed[name] = text.slice(0, typedLengthMax);
  }
  // Rows left empty close up, so that the row of a fault is the row on the page.
  for (const { name } of section.fields.filter((field) => field.type === 'person_list')) {
    const rows = personRows(name, typed);
    for (const key of Object.keys(typed)) if (key.startsWith(`${name}.`)) delete typed[key];
    Object.assign(typed, typedRows(name, rows));
  }
  return typed;
}

/** Rows of persons as the inputs of a form. */
export function typedRows(name: string, rows: readonly PersonRow[]): Typed {
  return Object.fromEntries(rows.flatMap((row, index) => personParts.map((part) => [`${name}.${index}.${part}`, row[part]])));
}

function belongsTo(section: FormSection, name: string): boolean {
  const [head = '', row, part, ...rest] = name.split('.');
  const field = section.fields.find((one) => one.name === head);
  if (field === undefined) return false;
  if (field.type === 'address') return part === undefined && (row === undefined || addressParts.includes(row as 'area'));
  if (field.type === 'area') return part === undefined && (row === undefined || areaParts.includes(row as 'query'));
  if (field.type !== 'person_list') return row === undefined;
  return rest.length === 0 && Number(row) < personsMax + 5 && /^\d{1,2}$/.test(row ?? '') && personParts.includes(part as 'name');
}

/** The rows of a list of persons as typed; rows in which nothing was typed are none. */
export function personRows(name: string, typed: Typed): PersonRow[] {
  const rows: PersonRow[] = [];
  for (const [key, value] of Object.entries(typed)) {
    const [head, index, part] = key.split('.');
    if (head === name && index !== undefined) (rows[Number(index)] ??= { name: '', id_number: '', relation: '' })[part as keyof PersonRow] = value;
  }
  return rows.filter((row) => personParts.some((part) => row[part].trim() !== ''));
}

function readField(field: Field, typed: Typed): unknown {
  if (field.type === 'person_list') {
    const persons = personRows(field.name, typed)
      .map((row) => ({ name: normaliseName(row.name), id_number: normaliseIdNumber(row.id_number), relation: row.relation.trim() }));
    return persons.length === 0 ? undefined : persons;
  }
  const text = typed[field.name];
  if (text === undefined || text.trim() === '') return undefined;
  return readText(field, text);
}

/** Odd spaces, hyphens and full-width digits are nobody's fault; what cannot be read is left as it is and told. */
function readText(field: Field, text: string): unknown {
  const plain = text.trim();
  switch (field.type) {
    case 'person_name': return normaliseName(text);
    case 'id_number': return normaliseIdNumber(text);
    case 'phone': return narrowDigits(plain).replace(/^(?:\+|00)?86(?=[\s-]*1\d{2})/u, '').replace(/[\s()()\-—]/gu, '');
    case 'yes_no': return plain === 'yes' ? true : plain === 'no' ? false : plain;
    case 'whole_number': return /^\d{1,9}$/u.test(narrowDigits(plain)) ? Number(narrowDigits(plain)) : plain;
    case 'date': return readDate(narrowDigits(plain));
    case 'time': return readTime(narrowDigits(plain));
    case 'long_text': return plain.replace(/\r\n?/gu, '\n');
    case 'document_no': return plain.normalize('NFKC').replace(/\s/gu, '').replace(/[‐‑–—−]/gu, '-').toUpperCase();
    case 'organisation_code': return normaliseOrganisationCode(plain);
    default: return plain;
  }
}

function narrowDigits(text: string): string {
  return text.replace(/[０-９]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** 2026年1月2日, 2026/1/2, 2026.1.2 and 20260102 are the same day as 2026-01-02. */
function readDate(text: string): string {
  const parts = /^(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?$/u.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/u.exec(text);
  return parts === null ? text : `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
}

/** 7:05, 7点5分 and 0705 are the same time as 07:05. */
function readTime(text: string): string {
  const parts = /^(\d{1,2})\s*(?:[::时点])\s*(\d{1,2})\s*分?$/u.exec(text) ?? /^(\d{2})(\d{2})$/u.exec(text);
  return parts === null ? text : `${parts[1]!.padStart(2, '0')}:${parts[2]!.padStart(2, '0')}`;
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

/**
 * Everything wrong with the answers of a whole form, across its sections too. An empty list means that
 * the form is in order; nothing is said about the register.
 */
export function checkAnswers(service: Service, answers: Answers, facts: FormFacts): Violation[] {
  const violations = service.form.flatMap((section) => [
    ...section.fields.filter((field) => isAsked(field, answers, facts.today)).flatMap((field) => checkField(field, answers[field.name], facts)),
    ...checkSection(section, answers),
  ]);
  const faulty = new Set(violations.map(({ field }) => field.split('.')[0]));
  return [...violations, ...checkTogether(service, answers).filter(({ field }) => !faulty.has(field.split('.')[0]))];
}

function violation(field: string, code: string, text: Text): Violation {
  return { field, code, zh: text.zh, en: text.en };
}

function checkField(field: Field, answer: unknown, facts: FormFacts): Violation[] {
  if (answer === undefined || answer === null || answer === '') return isRequired(field) ? [violation(field.name, 'required', missing(field))] : [];
  if (field.type === 'person_list') return checkPersons(field, answer, facts);
  const found = faultsOf(field, answer, facts);
  return found.map(({ code, text }) => violation(field.name, code, text));
}

function missing({ type, label }: Field): Text {
  switch (type) {
    case 'choice': case 'code': return { zh: `请选择“${label.zh}”。`, en: `Choose an answer for “${label.en}”.` };
    case 'yes_no': return { zh: `请回答“${label.zh}”。`, en: `Answer “${label.en}”` };
    case 'address': return { zh: `请查找并选定“${label.zh}”,选到门牌号。`, en: `Find and choose “${label.en}”, down to the door number.` };
    case 'area': return { zh: `请查找并选定“${label.zh}”,选到县(市、区)。`, en: `Find and choose “${label.en}”, down to the county.` };
    case 'person_list': return { zh: '请至少填写一人的姓名和公民身份号码。', en: 'Give the name and ID number of at least one person.' };
    default: return { zh: `请填写“${label.zh}”。`, en: `Enter “${label.en}”.` };
  }
}

type Fault = { code: string; text: Text };

function faultsOf(field: Field, answer: unknown, facts: FormFacts): Fault[] {
  const { label } = field;
  switch (field.type) {
    case 'person_name': return nameFaults(answer);
    case 'id_number': return numberFaults(answer, facts);
    case 'phone':
      return typeof answer === 'string' && (/^1[3-9]\d{9}$/u.test(answer) || /^0\d{9,11}$/u.test(answer)) ? []
        : [{ code: 'phone', text: { zh: '请填写 11 位手机号码(如 13800001234),或带区号的固定电话。', en: 'Enter a mobile number of 11 digits, such as 13800001234, or a landline with its area code.' } }];
    case 'yes_no': return typeof answer === 'boolean' ? [] : [{ code: 'choice', text: missing(field) }];
    case 'choice': case 'code': {
      const values = optionsOf(field).map(({ value }) => value);
      return typeof answer === 'string' && values.includes(answer) ? [] : [{ code: 'choice', text: { zh: `“${label.zh}”请从列出的选项中选择。`, en: `Choose one of the listed answers for “${label.en}”.` } }];
    }
    case 'address':
      return isId(answer) ? [] : [{ code: 'address', text: missing(field) }];
    case 'whole_number': return wholeNumberFaults(field, answer);
    case 'date':
      return typeof answer === 'string' && isLegalDate(answer) ? []
        : [{ code: 'date', text: { zh: `“${label.zh}”不是真实存在的日期,请按 2026-11-22 的格式填写年月日。`, en: `“${label.en}” is not a real date; enter year, month and day such as 2026-11-22.` } }];
    case 'time':
      return typeof answer === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(answer) ? []
        : [{ code: 'time', text: { zh: `“${label.zh}”请按 24 小时制填写,如 07:05。`, en: `Enter “${label.en}” by the 24-hour clock, such as 07:05.` } }];
    case 'area':
      return typeof answer === 'string' && /^[1-9]\d{5}$/u.test(answer) ? [] : [{ code: 'area', text: missing(field) }];
    case 'document_no': return documentNumberFaults(field, answer);
    case 'organisation_code':
      return typeof answer === 'string' && isUnifiedCreditCode(answer) ? []
        : [{ code: 'organisation_code', text: { zh: `“${label.zh}”应为证照上的 18 位统一社会信用代码,请逐位核对(不含字母 I、O、S、V、Z)。`, en: `“${label.en}” is the unified social credit code of 18 characters on the licence; check it character by character (there is no I, O, S, V or Z).` } }];
    case 'text': case 'long_text': return textFaults(field, answer);
    case 'person_list': return [];
  }
}

function nameFaults(answer: unknown): Fault[] {
  return lawfulName(typeof answer === 'string' ? answer : '').map(({ code, zh, en }) => ({ code, text: { zh, en } }));
}

function numberFaults(answer: unknown, facts: FormFacts): Fault[] {
  if (answer === undefined || answer === '') return [{ code: 'required', text: { zh: '请填写公民身份号码(18 位)。', en: 'Enter the ID number of 18 characters.' } }];
  return validateIdNumber(typeof answer === 'string' ? answer : '', facts)
    .filter(({ severity }) => severity === 'error').slice(0, 1).map(({ code, zh, en }) => ({ code, text: { zh, en } }));
}

function wholeNumberFaults({ label, minimum = 0, maximum = 999_999_999 }: Field, answer: unknown): Fault[] {
  if (typeof answer === 'number' && Number.isInteger(answer) && answer >= minimum && answer <= maximum) return [];
  return [{ code: 'whole_number', text: { zh: `“${label.zh}”应为 ${minimum} 到 ${maximum} 之间的整数,只写数字。`, en: `“${label.en}” must be a whole number from ${minimum} to ${maximum}, in digits only.` } }];
}

/** A number as printed on a paper; court documents carry Chinese characters and brackets. */
function documentNumberFaults({ label, length_max = documentNumberMax }: Field, answer: unknown): Fault[] {
  if (typeof answer === 'string' && answer.length <= length_max && /^[0-9A-Z\p{Script=Han}()\[\]〔〕/-]{2,}$/u.test(answer)) return [];
  return [{ code: 'document_no', text: {
    zh: `“${label.zh}”请照证件填写,只含汉字、字母、数字、括号和短横,最多 ${length_max} 位。`,
    en: `Copy “${label.en}” from the paper: characters, letters, digits, brackets and hyphens, at most ${length_max}.`,
  } }];
}

/** Characters that no register text may hold: controls, lost characters, private or invisible ones. */
const unlawfulText = /[\p{Control}\p{Private_Use}\p{Surrogate}\p{Unassigned}\p{Format}\ufffd]/u;

function textFaults({ type, label, length_max = type === 'long_text' ? longTextLengthMax : textLengthMax }: Field, answer: unknown): Fault[] {
  if (typeof answer !== 'string') return [{ code: 'text', text: { zh: `请填写“${label.zh}”。`, en: `Enter “${label.en}”.` } }];
  const faults: Fault[] = [];
  const length = [...answer].length;
  if (length > length_max) faults.push({ code: 'maxLength', text: { zh: `“${label.zh}”最多 ${length_max} 个字,现有 ${length} 个,请缩短。`, en: `“${label.en}” may have at most ${length_max} characters and has ${length}; shorten it.` } });
  if (unlawfulText.test(type === 'long_text' ? answer.replaceAll('\n', '') : answer)) faults.push({ code: 'characters', text: { zh: `“${label.zh}”中含有看不见或无法显示的字符,请清空后重新输入,不要粘贴。`, en: `“${label.en}” contains invisible or broken characters; clear it and type it anew instead of pasting.` } });
  return faults;
}

function checkPersons(field: Field, answer: unknown, facts: FormFacts): Violation[] {
  if (!Array.isArray(answer)) return [violation(field.name, 'required', missing(field))];
  const limit = Math.min(field.items_max ?? personsMax, personsMax);
  const violations: Violation[] = [];
  if (answer.length > limit) {
    violations.push(violation(field.name, 'maxItems', { zh: `一次最多 ${limit} 人,请删去多余的人,另行申请。`, en: `At most ${limit} people at a time; remove the others and apply for them separately.` }));
  }
  const rowOfNumber = new Map<string, number>();
  (answer as Array<Partial<DeclaredMover> | null>).slice(0, limit).forEach((person, index) => {
    const at = (part: string): string => `${field.name}.${index}.${part}`;
    violations.push(...nameFaults(person?.name).map(({ code, text }) => violation(at('name'), code, text)).slice(0, 1));
    const numberIsWrong = numberFaults(person?.id_number, facts);
    violations.push(...numberIsWrong.map(({ code, text }) => violation(at('id_number'), code, text)));
    if (!field.without_relation) violations.push(...checkRelation(at('relation'), field.name === 'movers', person, numberIsWrong.length === 0 ? person?.id_number : undefined));
    const first = rowOfNumber.get(String(person?.id_number));
    if (numberIsWrong.length === 0 && first !== undefined) {
      violations.push(violation(at('id_number'), 'twice', { zh: `与第 ${first + 1} 人的公民身份号码相同,请改正或删去重复的人。`, en: `The same ID number as person ${first + 1}; correct it or remove the repeated person.` }));
    }
    if (first === undefined) rowOfNumber.set(String(person?.id_number), index);
  });
  return violations;
}

function checkRelation(at: string, moves: boolean, person: Partial<DeclaredMover> | null, id_number: string | undefined): Violation[] {
  const option = codeOptions(relationList).find(({ value }) => value === person?.relation);
  if (option === undefined) {
    const name = typeof person?.name === 'string' && person.name !== '' ? person.name : null;
    const who: Text = name === null ? { zh: '此人', en: 'this person' } : { zh: name, en: name };
    return [violation(at, 'choice', moves ? { zh: `请选择${who.zh}与迁入地户主的关系。`, en: `Choose how ${who.en} is related to the head at the new place.` }
      : { zh: `请选择${who.zh}与户主的关系。`, en: `Choose how ${who.en} is related to the head.` })];
  }
  const sex = id_number === undefined ? undefined : parseIdNumber(id_number)?.sex;
  if (sex === undefined || option.implied_sex === null || option.implied_sex === sex) return [];
  return [violation(at, 'sex', {
    zh: `“${option.label.zh}”与公民身份号码中的性别(${sex === '1' ? '男' : '女'})不一致,请核对关系和号码。`,
    en: `“${option.label.en}” does not fit the sex in the ID number (${sex === '1' ? 'male' : 'female'}); check the relation and the number.`,
  })];
}

/** A section in which every field is optional exists to be used, unless it says otherwise: one answer at least. */
function checkSection(section: FormSection, answers: Answers): Violation[] {
  const [first] = section.fields;
  if (first === undefined || section.optional === true || section.fields.some(isRequired) || section.fields.some((field) => answers[field.name] !== undefined)) return [];
  return [violation(first.name, 'one_of', { zh: '请至少填写一项要变更的内容,其他项留空。', en: 'Fill in at least one item that is to change; leave the others empty.' })];
}

/** What only shows when the sections are seen together. */
function checkTogether(service: Service, answers: Answers): Violation[] {
  const field = fieldsOf(service).find(({ type }) => type === 'person_list');
  const persons = field === undefined ? undefined : answers[field.name];
  if (field === undefined || !Array.isArray(persons) || persons.some((person) => person === null || typeof person !== 'object')) return [];
  const listed = persons as DeclaredMover[];
  const isListed = (id_number: unknown): boolean => listed.some((person) => person.id_number === id_number);
  const heads = listed.filter(({ relation }) => relation === relationHead).length;
  const choice = answers['household_choice'];
  const wanted = field.head ?? (field.without_relation ? undefined : choice === 'new' ? 'one' : choice === 'join' || choice === 'collective' ? 'none' : undefined);
  const violations: Violation[] = [];
  if (wanted === 'one' && heads === 0) violations.push(violation(field.name, 'head', sentences.noHead));
  if (wanted === 'one' && heads > 1) violations.push(violation(field.name, 'head', sentences.manyHeads));
  if (wanted === 'none' && heads > 0) violations.push(violation(field.name, 'head', sentences.secondHead));
  if (isListed(answers['new_head_id_number']) && field.name === 'movers') violations.push(violation('new_head_id_number', 'moves', sentences.successorMoves));
  if (isListed(answers['target_head_id_number'])) violations.push(violation('target_head_id_number', 'moves', sentences.targetHeadMoves));
  return violations;
}

const sentences = {
  noHead: {
    zh: '单独立户要有一位户主:请把其中一人的关系改为“户主”,其他人填与他(她)的关系。',
    en: 'A new household needs a head: set the relation of one person to “head”, and of the others to their relation with that person.',
  },
  manyHeads: {
    zh: '一户只能有一位户主:请只保留一人为“户主”,其他人填与他(她)的关系。',
    en: 'A household has one head: keep “head” for one person and give the others their relation to that person.',
  },
  secondHead: {
    zh: '加入已有的户时,户主是该户的户主:请把“户主”改为与该户主的关系。',
    en: 'When you join a household it has a head already: change “head” to the relation with that head.',
  },
  successorMoves: {
    zh: '此人也在迁移人员中,不能当留下的人的户主,请填写留下的一位成年人。',
    en: 'This person moves too and cannot be head of those who stay; give an adult who stays.',
  },
  targetHeadMoves: {
    zh: '此人也在迁移人员中,请填写迁入地已有户的户主。',
    en: 'This person is among those who move; give the head of the household that is already there.',
  },
} as const satisfies Record<string, Text>;

/* ---- Showing ------------------------------------------------------------------------------------------------- */

/**
 * An answer in words, for check pages, officers and papers. Addresses and divisions are known by identifier only: the
 * caller that can look them up gives the words.
 * @param place line of the address or full name of the division
 */
export function answerText(field: Field, answer: unknown, place?: string): Text {
  if (answer === undefined || answer === null || answer === '') return { zh: '未填写', en: 'Not given' };
  const plain = (text: string): Text => ({ zh: text, en: text });
  switch (field.type) {
    case 'yes_no': return answer === true ? { zh: '是', en: 'Yes' } : { zh: '否', en: 'No' };
    case 'choice': case 'code': return optionsOf(field).find(({ value }) => value === answer)?.label ?? plain(String(answer));
    case 'address': case 'area': return plain(place ?? String(answer));
    case 'person_list': {
      const persons = (Array.isArray(answer) ? answer : []) as DeclaredMover[];
      const say = (language: 'zh' | 'en'): string => persons.map((person) => `${person.name} ${person.id_number} ${relationText(person.relation)[language]}`).join('\n');
      return { zh: say('zh'), en: say('en') };
    }
    default: return plain(String(answer));
  }
}

/** The word for a relation code. */
export function relationText(code: string): Text {
  return codeOptions(relationList).find(({ value }) => value === code)?.label ?? { zh: code, en: code };
}
