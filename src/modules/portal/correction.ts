/**
 * Answering a correction list: every item on one page, each with the field or the pictures that mend it,
 * everything sent before already filled in. Only what the list asks about is sent.
 */
import { legalDay, Refusal, type Context, type InputOf, type Page, type Redirect, type Violation } from '../../kernel/index.ts';
import { catalogue, checkAnswers, correctedFields, isAsked, parseAnswers, type Answers, type Field, type FormSection, type CorrectionListBody, type Service, type SubmitCorrectionBody } from '../catalogue/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { faultyPage, fieldText, goTo, page, remember } from './answer.ts';
import { addressFaults } from './apply.ts';
import type { contract, CorrectionItemView, FieldView, Views } from './contract.ts';
import { askedMaterial, openTyped, readForm, sealTyped, serviceOf, type AskedMaterial, type TypedForm, type TypedMaterial } from './drafts.ts';
import { fieldViews, withoutFinishedSearch } from './fields.ts';
import { personListOf, typedWithMovers } from './movers.ts';
import { materialBody, materialFaults, materialView, readMaterial } from './papers.ts';
import { readHousehold } from './record.ts';
import { applicationPlace } from './submit.ts';
import { pathOfCase } from './tasks.ts';
import { findCorrection, getApplication, listProgress, type Application } from './tracking.ts';
import { listUploads, removeUpload, takeUploads, type Upload } from './uploads.ts';

interface OpenCorrection {
  application: Application;
  service: Service;
  number: number;
  issued_at: Date;
  due_on: string;
  items: CorrectionListBody['items'];
  /** What was sent, with what was typed since in its place. */
  typed: TypedForm;
  note: string;
}

const correctionPlace = (receipt_no: string, number: number): string => `portal.correction:${receipt_no}:${number}`;
const noteLengthMax = 500;
/** Where the note is kept among the typed sections. */
const noteKey = '_note';

/** @throws Refusal portal.no_correction_open */
async function getOpenCorrection(context: Context, receipt: string, lock: 'lock' | 'read' = 'read'): Promise<OpenCorrection> {
  const application = await getApplication(context, receipt, lock);
  const { receipt_no } = application;
  const [current] = await listProgress(context, receipt_no);
  const list = await findCorrection(context, receipt_no, lock);
  if (list === undefined || list.answered_at !== null || application.typed_sealed === null || (current !== undefined && current.state !== 'correction_needed')) throw new Refusal('portal.no_correction_open');
  const sent = openTyped(context, application.typed_sealed, applicationPlace(receipt_no));
  const since = list.typed_sealed === null ? undefined : openTyped(context, list.typed_sealed, correctionPlace(receipt_no, list.number));
  return {
    application, service: serviceOf(application.service_code), number: list.number, issued_at: list.issued_at, due_on: list.due_on, items: list.items,
    typed: since ?? { sections: sent.sections, materials: {} }, note: since?.sections[noteKey]?.['note'] ?? '',
  };
}

interface ItemParts {
  subject: string;
  section: FormSection | null;
  fields: readonly Field[];
  asked: AskedMaterial | null;
}

/** What each item is about; a field or paper named twice is opened once. */
function partsOf({ service, items }: OpenCorrection): ItemParts[] {
  const opened = new Set<string>();
  return items.map(({ subject, no_commitment }) => {
    const found = correctedFields(service, subject);
    const fields = (found?.fields ?? []).filter(({ name }) => !opened.has(name));
    for (const { name } of fields) opened.add(name);
    const isPaper = found === undefined && catalogue().materials.has(subject) && !opened.has(subject);
    if (isPaper) opened.add(subject);
    const requirement = service.materials.find(({ code }) => code === subject) ?? { code: subject, required: 'always' as const };
    return { subject, section: found?.section ?? null, fields, asked: isPaper ? withWays(askedMaterial({ ...requirement, required: 'always' }), no_commitment === true) : null };
  });
}

/**
 * An officer asks for this paper by name: leaving it to the register or to the sign-in is no answer any more, nor is a
 * commitment where the police side says that none is taken.
 */
function withWays(asked: AskedMaterial, noCommitment: boolean): AskedMaterial {
  const ways = asked.ways.filter((way) => way !== 'verify' && !(noCommitment && way === 'commitment'));
  return { ...asked, ways: ways.length === 0 ? ['provided'] : ways };
}

/** What most lists ask for is a picture. */
const provided: TypedMaterial = { way: 'provided', certificate_no: '', agreed: false };

function uploadPlace({ application, number }: OpenCorrection) {
  return { receipt_no: application.receipt_no, correction_number: number };
}

async function correctionData(context: Context, correction: OpenCorrection, violations: readonly Violation[], blank_rows = 0): Promise<Views['correction']> {
  const { application, service, typed } = correction;
  const uploads = await listUploads(context, uploadPlace(correction));
  const parts = partsOf(correction);
  const needsHousehold = parts.some(({ fields }) => fields.some(({ type }) => type === 'person_list'));
  const household = needsHousehold ? await readHousehold(context) : { state: 'not_found' as const, household: null };
  const { answers } = readForm(service, typed, context.now);
  const items: CorrectionItemView[] = [];
  for (const [index, { subject, section, fields, asked }] of parts.entries()) {
    const { zh, en } = correction.items[index]!;
    const views: FieldView[] = section === null ? [] : await fieldViews(context, fields, typed.sections[section.key] ?? {}, { answers, household, self: null, blank_rows });
    items.push({ subject, text: { zh, en }, fields: views, material: asked === null ? null : materialView(asked, typed.materials[asked.code] ?? provided, uploadsOf(uploads, asked.code)) });
  }
  return {
    receipt_no: application.receipt_no, service_name: service.name, issued_at: correction.issued_at.toISOString(), due_on: correction.due_on, items, note: correction.note, violations,
  };
}

const uploadsOf = (uploads: readonly Upload[], code: string): Upload[] => uploads.filter((upload) => upload.material_code === code);

export async function getCorrection(context: Context, input: InputOf<typeof contract.getCorrection>): Promise<Page> {
  const correction = await getOpenCorrection(context, input.receipt_no);
  return page('correction', await correctionData(context, correction, [], Math.min(Number(fieldText(input, 'more')) || 0, 20)));
}

/** Puts what arrived over what was sent before; fields that no item opens stay as they were. */
async function keepTyped(context: Context, correction: OpenCorrection, parts: readonly ItemParts[], input: Record<string, unknown>): Promise<void> {
  const { service, typed } = correction;
  for (const section of service.form) {
    const open = new Set(parts.filter((part) => part.section === section).flatMap(({ fields }) => fields.map(({ name }) => name)));
    if (open.size === 0) continue;
    const persons = personListOf(section);
    const fields = persons !== undefined && open.has(persons.name) ? typedWithMovers(persons, input, (await readHousehold(context)).household) : input;
    const before = Object.entries(typed.sections[section.key] ?? {}).filter(([name]) => !open.has(name.split('.')[0]!));
    const now = Object.entries(parseAnswers(section, fields, { today: legalDay(context.now) }).typed).filter(([name]) => open.has(name.split('.')[0]!));
    typed.sections[section.key] = Object.fromEntries([...before, ...now]);
  }
  for (const { asked } of parts) {
    if (asked !== null) typed.materials[asked.code] = readMaterial(input, asked, context.request.files.some((file) => file.field === `${asked.code}.files` && file.file_name !== ''));
  }
  correction.note = fieldText(input, 'note').slice(0, 2 * noteLengthMax);
  typed.sections[noteKey] = { note: correction.note };
  await saveTyped(context, correction);
}

async function saveTyped(context: Context, { application: { receipt_no }, number, typed }: OpenCorrection): Promise<void> {
  await context.query('update portal.correction_list set typed_sealed = $3 where receipt_no = $1 and number = $2', [receipt_no, number, sealTyped(context, typed, correctionPlace(receipt_no, number))]);
}

/**
 * Saves the page and, unless a button meant something smaller, sends the answer.
 * @throws Refusal portal.no_correction_open
 */
export async function saveCorrection(context: Context, input: InputOf<typeof contract.saveCorrection>): Promise<Page | Redirect> {
  // A second click finds the list answered and is shown the case.
  const application = await getApplication(context, input.receipt_no, 'lock');
  if ((await findCorrection(context, application.receipt_no))?.answered_at) return goTo(pathOfCase(application.receipt_no));
  const correction = await getOpenCorrection(context, input.receipt_no, 'lock');
  const parts = partsOf(correction);
  const act = fieldText(input, '_act');
  const wish = fieldText(input, '_wish');
  const here = `${pathOfCase(application.receipt_no)}/correct`;
  const place = uploadPlace(correction);

  const [removed, row] = act.startsWith('remove:') ? ['remove', act.slice('remove:'.length)] : ['', ''];
  const persons = parts.flatMap(({ fields }) => fields).find(({ type }) => type === 'person_list');
  const fields = removed !== '' && persons !== undefined ? Object.fromEntries(Object.entries(input).filter(([name]) => !name.startsWith(`${persons.name}.${row}.`))) : input;
  await keepTyped(context, correction, parts, fields);
  const faults: Violation[] = [];
  for (const { asked } of parts) if (asked !== null) faults.push(...await takeUploads(context, place, asked.code, `${asked.code}.files`));
  if (removed !== '') await removeUpload(context, place, row);

  if (faults.length > 0) return faultyPage('correction', await correctionData(context, correction, faults));
  if (wish !== '') {
    remember(context, wish);
    return goTo(`${here}#form`);
  }
  if (act === 'later') return goTo(pathOfCase(application.receipt_no));
  if (act === 'add') return goTo(`${here}?more=1`);
  if (act !== '' && act !== 'send') return goTo(`${here}#form`);
  return send(context, correction, parts);
}

async function send(context: Context, correction: OpenCorrection, parts: readonly ItemParts[]): Promise<Page | Redirect> {
  const { application: { receipt_no }, service, typed, number } = correction;
  const uploads = await listUploads(context, uploadPlace(correction));
  const form = readForm(service, typed, context.now);
  const opened = new Set(parts.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const violations = checkAnswers(service, form.answers, { today: legalDay(context.now) }).filter(({ field }) => opened.has(field.split('.')[0]!));
  for (const { section } of parts) if (section !== null) violations.push(...(await addressFaults(context, section, form)).filter(({ field }) => opened.has(field)));
  for (const { asked } of parts) if (asked !== null) violations.push(...materialFaults(asked, typed.materials[asked.code], uploadsOf(uploads, asked.code)));
  if ([...correction.note].length > noteLengthMax) violations.push({ field: 'note', code: 'maxLength', zh: `说明最多 ${noteLengthMax} 个字,请缩短。`, en: `The note may have at most ${noteLengthMax} characters; shorten it.` });
  if (violations.length > 0) return faultyPage('correction', await correctionData(context, correction, violations));

  const answers: Answers = Object.fromEntries(parts.flatMap(({ fields }) => fields)
    .filter((field) => isAsked(field, form.answers) && form.answers[field.name] !== undefined).map(({ name }) => [name, form.answers[name]]));
  const materials = parts.flatMap(({ asked }) => (asked === null ? [] : materialBody(asked, typed.materials[asked.code], uploadsOf(uploads, asked.code)) ?? []));
  const body: SubmitCorrectionBody = { receipt_no, submitted_at: context.now.toISOString(), answers, materials: materials as SubmitCorrectionBody['materials'], note: correction.note.trim() };
  await sendParcel(context, { kind: 'portal.submit_correction', order_key: receipt_no, body, attachments: materials.flatMap(({ attachments }) => [...attachments]) });
  await context.query('update portal.correction_list set answered_at = $3 where receipt_no = $1 and number = $2', [receipt_no, number, context.now]);
  // A later list starts from what was sent now.
  const sections = Object.fromEntries(service.form.map((section) => [section.key, withoutFinishedSearch(section.fields, typed.sections[section.key] ?? {})]));
  await context.query('update portal.application set typed_sealed = $2 where receipt_no = $1', [receipt_no, sealTyped(context, { sections, materials: {} }, applicationPlace(receipt_no))]);
  context.audit({ detail: { receipt_no, correction: number } });
  return goTo(pathOfCase(receipt_no));
}
