/** Applying: the start page, the task list, one page per section. What is typed is saved before it is judged. */
import { legalDay, Refusal, type Context, type InputOf, type OutputOf, type Page, type Redirect, type Text, type Violation } from '../../kernel/index.ts';
import { getCitizenIdentity } from '../accounts/index.ts';
import { catalogue, checkAnswers, guideOf, isAsked, parseAnswers, personRows, wayOf, type FormSection } from '../catalogue/index.ts';
import { searchAddresses } from '../reference/index.ts';
import { faultyPage, fieldText, goTo, page, remember } from './answer.ts';
import type { contract, Views } from './contract.ts';
import { citizenOf, getDraft, insertDraft, listDrafts, materialsSettled, readForm, saveDraft, sectionOf, serviceOf, type Draft, type ReadForm } from './drafts.ts';
import { addressesShown, addressLine, areaNamed, fieldViews, findCounties, withoutFinishedSearch, type FieldSurroundings } from './fields.ts';
import { personListOf, typedWithMovers } from './movers.ts';
import { readHousehold } from './record.ts';
import { draftCard, pathAfter, pathOfCase, pathOfCheck, pathOfDraft, pathOfSection, tasksOf } from './tasks.ts';

/* ---- Start ------------------------------------------------------------------------------------------------------ */

/** @throws Refusal portal.identity_level_too_low */
export function requireLevel(context: Context, level: number): void {
  if (citizenOf(context).identity_level < level) throw new Refusal('portal.identity_level_too_low', { level });
}

export async function startApplication(context: Context, input: InputOf<typeof contract.startApplication>): Promise<Page | Redirect> {
  const service = serviceOf(input.service_code);
  if (wayOf(service) === 'counter') return goTo(`/guide/${service.code}`);
  const { name, identity_level } = citizenOf(context);
  const drafts = await listDrafts(context, service.code);
  // The register is asked now, so that the family can be picked when the first page opens.
  if (identity_level >= service.identity_level_min && service.form.some((section) => personListOf(section) !== undefined)) await readHousehold(context);
  return page('start', { guide: guideOf(service, catalogue()), name, identity_level, drafts: await Promise.all(drafts.map((draft) => draftCard(context, draft))) });
}

export async function createDraft(context: Context, input: InputOf<typeof contract.createDraft>): Promise<Redirect> {
  const service = serviceOf(input.service_code);
  if (wayOf(service) === 'counter') throw new Refusal('portal.not_online', { service: service.name.zh, service_en: service.name.en });
  requireLevel(context, service.identity_level_min);
  return goTo(pathOfDraft(await insertDraft(context, service)));
}

/* ---- Task list -------------------------------------------------------------------------------------------------- */

const bySignIn: Text = { zh: '已实名登录,不用您交', en: 'Your sign-in proves it; nothing to hand in' };

export async function getTaskList(context: Context, input: InputOf<typeof contract.getDraft>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id);
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  const { tasks, form } = await tasksOf(context, draft);
  return page('task_list', {
    draft_id: draft.draft_id, service_name: draft.service.name, saved_at: draft.updated_at.toISOString(), expires_on: legalDay(draft.expires_at), tasks,
    settled: materialsSettled(draft.service, form.answers).map(({ material }) => ({ name: material.name, how: bySignIn })),
    done: tasks.filter((task) => task.state === 'done').length, total: tasks.length,
  });
}

export async function confirmDelete(context: Context, input: InputOf<typeof contract.confirmDelete>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id);
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  return page('delete_draft', { draft_id: draft.draft_id, service_name: draft.service.name });
}

/** Deletes a draft with its pictures; what was submitted from it stays. */
export async function deleteDraft(context: Context, input: InputOf<typeof contract.deleteDraft>): Promise<Redirect> {
  const draft = await getDraft(context, input.draft_id, 'lock');
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  await context.query('delete from portal.upload where draft_id = $1', [draft.draft_id]);
  await context.query('delete from portal.draft where draft_id = $1', [draft.draft_id]);
  return goTo('/applications');
}

/* ---- One section ------------------------------------------------------------------------------------------------ */

const withoutPersons = { blank_rows: 0, self: null, household: { state: 'not_found', household: null } } as const satisfies Omit<FieldSurroundings, 'answers'>;

/** The own household is asked for only where persons are listed. */
async function surroundingsOf(context: Context, section: FormSection, blank_rows: number): Promise<Omit<FieldSurroundings, 'answers'>> {
  if (personListOf(section) === undefined) return { ...withoutPersons, blank_rows };
  const household = await readHousehold(context);
  const { name, id_number } = await getCitizenIdentity(context, context.keys, citizenOf(context).citizen_id);
  return { household, self: { name, id_number }, blank_rows };
}

async function sectionData(
  context: Context, draft: Draft, section: FormSection, blank_rows: number, violations: readonly Violation[], next: string | null,
): Promise<Views['section']> {
  return {
    draft_id: draft.draft_id, service_name: draft.service.name, section: section.key, title: section.title, next, violations,
    fields: await fieldViews(context, section.fields, draft.typed.sections[section.key] ?? {}, {
      ...await surroundingsOf(context, section, blank_rows), answers: readForm(draft.service, draft.typed, context.now).answers,
    }),
  };
}

export async function getSection(context: Context, input: InputOf<typeof contract.getSection>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id);
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  const section = sectionOf(draft.service, input.section);
  // A section that was saved with something wrong shows it again, also after a break.
  const form = readForm(draft.service, draft.typed, context.now);
  const violations = fieldText(input, 'show') === 'faults' && draft.typed.sections[section.key] !== undefined ? faultsOfSection(context, draft, form, section) : [];
  const data = await sectionData(context, draft, section, Math.min(Number(fieldText(input, 'more')) || 0, 20), violations, fieldText(input, 'next') || null);
  return page('section', data);
}

/** What is wrong in a section, seen by itself and together with the rest of the form. */
function faultsOfSection(context: Context, draft: Draft, form: ReadForm, section: FormSection): Violation[] {
  const own = form.sections.get(section.key)!.violations;
  if (own.length > 0) return own;
  const names = new Set(section.fields.map(({ name }) => name));
  return checkAnswers(draft.service, form.answers, { today: legalDay(context.now) }).filter(({ code, field }) => (code === 'head' || code === 'moves') && names.has(field.split('.')[0]!));
}

/** Puts what arrived into the draft, right or wrong. */
async function keepTyped(context: Context, draft: Draft, section: FormSection, input: Record<string, unknown>): Promise<ReadForm> {
  const persons = personListOf(section);
  const fields = persons === undefined ? input : typedWithMovers(persons, input, (await readHousehold(context)).household);
  draft.typed.sections[section.key] = parseAnswers(section, fields, { today: legalDay(context.now) }).typed;
  await saveDraft(context, draft);
  return readForm(draft.service, draft.typed, context.now);
}

/**
 * Saves a page of the form. `_act` says what the button meant: `add` and `remove:2` change the rows of
 * persons, `find:address_id` looks for places, `later` goes back to the task list; anything else goes on when all is right.
 */
export async function saveSection(context: Context, input: InputOf<typeof contract.saveSection>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id, 'lock');
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  const section = sectionOf(draft.service, input.section);
  const act = fieldText(input, '_act');
  const wish = fieldText(input, '_wish');
  const here = pathOfSection(draft.draft_id, section.key);
  const next = fieldText(input, '_next') === 'check' ? 'check' : null;
  const again = (query: string, anchor: string): Redirect => goTo(`${here}?${[query, next === null ? '' : 'next=check'].filter(Boolean).join('&')}#${anchor}`);

  const persons = personListOf(section);
  const form = await keepTyped(context, draft, section, act.startsWith('remove:') && persons !== undefined ? withoutRow(input, persons.name, act.slice('remove:'.length)) : input);
  if (wish !== '') {
    remember(context, wish);
    return again('', 'form');
  }
  if (act.startsWith('find:')) return again('', section.fields.find((field) => field.name === act.slice('find:'.length))?.name ?? 'form');
  if (act === 'add' && persons !== undefined) return again('more=1', `${persons.name}.${personRows(persons.name, draft.typed.sections[section.key]!).length}.name`);
  if (act.startsWith('remove:')) return again('', persons?.name ?? 'form');
  if (act === 'later') return goTo(pathOfDraft(draft.draft_id));

  const violations = [...faultsOfSection(context, draft, form, section), ...await addressFaults(context, section, form)];
  if (violations.length > 0) return faultyPage('section', await sectionData(context, draft, section, 0, violations, next));
  const typed = draft.typed.sections[section.key]!;
  draft.typed.sections[section.key] = withoutFinishedSearch(section.fields, typed);
  if (Object.keys(draft.typed.sections[section.key]!).length < Object.keys(typed).length) await saveDraft(context, draft);
  return goTo(next === 'check' ? pathOfCheck(draft.draft_id) : await pathAfter(context, draft, section.key));
}

function withoutRow(input: Record<string, unknown>, name: string, row: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([key]) => !key.startsWith(`${name}.${row}.`)));
}

/** A place must be one of the standard addresses or divisions in force; the register itself is not asked. */
export async function addressFaults(context: Context, section: FormSection, form: ReadForm): Promise<Violation[]> {
  const faults: Violation[] = [];
  for (const field of section.fields) {
    const answer = form.answers[field.name];
    if (typeof answer !== 'string' || !isAsked(field, form.answers)) continue;
    if (field.type === 'area' && (await areaNamed(context, answer)) === null) faults.push({ field: field.name, code: 'area', zh: '所选区划已撤销或不存在,请重新查找并选到县(市、区)。', en: 'The chosen division is no longer in force; find and choose the county again.' });
    if (field.type === 'address' && (await addressLine(context, answer)) === null) faults.push({ field: field.name, code: 'address', zh: '所选地址已停用或不存在,请重新查找并选定。', en: 'The chosen address is no longer in force; find and choose it again.' });
  }
  return faults;
}

/** Keeps what is typed so far; a page calls it while somebody types. */
export async function keepSection(context: Context, input: InputOf<typeof contract.keepSection>): Promise<OutputOf<typeof contract.keepSection>> {
  const draft = await getDraft(context, input.draft_id, 'lock');
  if (draft.receipt_no === null) await keepTyped(context, draft, sectionOf(draft.service, input.section), input);
  return { saved_at: context.now.toISOString() };
}

/** At most ten counties, while somebody types. */
export async function suggestAreas(context: Context, input: InputOf<typeof contract.suggestAreas>): Promise<OutputOf<typeof contract.suggestAreas>> {
  const query = input.query.trim();
  return { areas: query === '' ? [] : await findCounties(context, query) };
}

/** At most ten addresses of one county, while somebody types. */
export async function suggestAddresses(context: Context, input: InputOf<typeof contract.suggestAddresses>): Promise<OutputOf<typeof contract.suggestAddresses>> {
  const query = input.query.trim();
  if (query === '') return { addresses: [] };
  const { addresses } = await searchAddresses(context, { area_code: input.area, query });
  return { addresses: addresses.slice(0, addressesShown).map(({ address_id, line }) => ({ address_id, line })) };
}
