/**
 * Drafts: what was typed, sealed, section by section. Answers are read from it whenever they are needed,
 * so that nothing typed is lost, right or wrong, and there is one truth.
 */
import { legalDay, newId, Refusal, type CitizenActor, type Context } from '../../kernel/index.ts';
import {
  askedAnswers, catalogue, conditions, isNeverAsked, isSettledBySignIn, parseAnswers, waysOf,
  type Answers, type FormSection, type Material, type MaterialRequirement, type MaterialWay, type ParsedSection, type Service, type Typed,
} from '../catalogue/index.ts';

/** Days that a draft is kept after it was last saved. */
export const draftDays = 30;
export const draftsMax = 20;

export interface TypedMaterial {
  way: MaterialWay | null;
  certificate_no: string;
  agreed: boolean;
}

/** Everything typed into one application. */
export interface TypedForm {
  /** section → input → text; a section appears once it was saved. */
  sections: Record<string, Typed>;
  materials: Record<string, TypedMaterial>;
}

export interface Draft {
  draft_id: string;
  service: Service;
  typed: TypedForm;
  updated_at: Date;
  expires_at: Date;
  receipt_no: string | null;
}

interface DraftRow extends Omit<Draft, 'service' | 'typed'> {
  service_code: string;
  typed_sealed: Buffer;
}

/** The citizen who acts; operations with permission `citizen` have one. */
export function citizenOf(context: Context): CitizenActor {
  if (context.actor.kind !== 'citizen') throw new Refusal('kernel.signed_out');
  return context.actor;
}

/** A service that is offered. @throws Refusal portal.not_found */
export function serviceOf(service_code: string): Service {
  const service = catalogue().services.get(service_code);
  if (service === undefined) throw new Refusal('portal.not_found');
  return service;
}

export function sealTyped(context: Context, typed: TypedForm, place: string): Buffer {
  return context.keys.seal(JSON.stringify(typed), place);
}

export function openTyped(context: Context, sealed: Buffer, place: string): TypedForm {
  return JSON.parse(context.keys.unseal(sealed, place).toString()) as TypedForm;
}

export const draftPlace = (draft_id: string): string => `portal.draft:${draft_id}`;

const draftColumns = 'draft_id, service_code, typed_sealed, updated_at, expires_at, receipt_no';

function draftOf(context: Context, row: DraftRow): Draft {
  const { service_code, typed_sealed, ...rest } = row;
  return { ...rest, service: serviceOf(service_code), typed: openTyped(context, typed_sealed, draftPlace(row.draft_id)) };
}

/**
 * A draft of the acting citizen.
 * @param lock for an act that changes it; acts on one draft wait for each other
 * @throws Refusal portal.not_found for another's draft as for none
 */
export async function getDraft(context: Context, draft_id: string, lock: 'lock' | 'read' = 'read'): Promise<Draft> {
  const [row] = await context.query<DraftRow>(
    `select ${draftColumns} from portal.draft where draft_id = $1 and citizen_id = $2 and expires_at > $3 ${lock === 'lock' ? 'for update' : ''}`,
    [draft_id, citizenOf(context).citizen_id, context.now]);
  if (row === undefined) throw new Refusal('portal.not_found');
  return draftOf(context, row);
}

/** Drafts that were not submitted, the latest first. */
export async function listDrafts(context: Context, service_code?: string): Promise<Draft[]> {
  const rows = await context.query<DraftRow>(
    `select ${draftColumns} from portal.draft
     where citizen_id = $1 and receipt_no is null and expires_at > $2 and ($3::text is null or service_code = $3)
     order by updated_at desc, draft_id limit ${draftsMax}`, [citizenOf(context).citizen_id, context.now, service_code ?? null]);
  return rows.filter((row) => catalogue().services.has(row.service_code)).map((row) => draftOf(context, row));
}

const expiryOf = (now: Date): Date => new Date(now.getTime() + draftDays * 86_400_000);

/** @returns draft_id @throws Refusal portal.too_many_drafts */
export async function insertDraft(context: Context, service: Service): Promise<string> {
  if ((await listDrafts(context)).length >= draftsMax) throw new Refusal('portal.too_many_drafts', { limit: draftsMax });
  const draft_id = newId();
  await context.query(
    `insert into portal.draft (draft_id, citizen_id, service_code, catalogue_version, typed_sealed, created_at, updated_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $6, $7)`,
    [draft_id, citizenOf(context).citizen_id, service.code, service.version, sealTyped(context, { sections: {}, materials: {} }, draftPlace(draft_id)), context.now, expiryOf(context.now)]);
  return draft_id;
}

export async function saveDraft(context: Context, draft: Draft): Promise<void> {
  await context.query('update portal.draft set typed_sealed = $2, updated_at = $3, expires_at = $4 where draft_id = $1',
    [draft.draft_id, sealTyped(context, draft.typed, draftPlace(draft.draft_id)), context.now, expiryOf(context.now)]);
}

/* ---- Reading a form from what was typed ------------------------------------------------------------------------ */

export interface ReadForm {
  /** Answers of the questions that are asked. */
  answers: Answers;
  sections: ReadonlyMap<string, ParsedSection>;
}

/** Reads the answers of all sections; conditions may look at answers of any of them. */
export function readForm(service: Service, typed: TypedForm, now: Date): ReadForm {
  const today = legalDay(now);
  const sections = new Map<string, ParsedSection>();
  let answers: Answers = {};
  for (let round = 0; round < 2; round++) {
    for (const section of service.form) sections.set(section.key, parseAnswers(section, typed.sections[section.key] ?? {}, { today, others: answers }));
    answers = Object.assign({}, ...[...sections.values()].map((parsed) => parsed.answers)) as Answers;
  }
  return { answers: askedAnswers(service, answers, today), sections };
}

/** A section of the service's form. @throws Refusal portal.not_found */
export function sectionOf(service: Service, key: string): FormSection {
  const section = service.form.find((one) => one.key === key);
  if (section === undefined) throw new Refusal('portal.not_found');
  return section;
}

/* ---- Papers ---------------------------------------------------------------------------------------------------- */

export interface AskedMaterial {
  code: string;
  material: Material;
  required: boolean;
  ways: readonly MaterialWay[];
}

export function askedMaterial({ code, required }: MaterialRequirement): AskedMaterial {
  const material = catalogue().materials.get(code)!;
  return { code, material, required: required !== 'optional', ways: waysOf(material) };
}

/** Papers that these answers call for, apart from those that signing in settles and those that nobody has to bring. */
export function materialsToSettle(service: Service, answers: Answers): AskedMaterial[] {
  return askedMaterials(service, answers).filter(({ material }) => !isSettledBySignIn(material) && !isNeverAsked(material));
}

/** Papers that signing in has settled. */
export function materialsSettled(service: Service, answers: Answers): AskedMaterial[] {
  return askedMaterials(service, answers).filter(({ material }) => isSettledBySignIn(material));
}

function askedMaterials(service: Service, answers: Answers): AskedMaterial[] {
  return service.materials.filter(({ required, when }) => required !== 'when' || (when !== undefined && conditions[when](answers))).map(askedMaterial);
}
