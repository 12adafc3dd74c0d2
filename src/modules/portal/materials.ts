/** One page per paper: why it is asked for, and the ways to settle it. */
import { Refusal, type Context, type InputOf, type Page, type Redirect, type Violation } from '../../kernel/index.ts';
import { faultyPage, fieldText, goTo, page, remember } from './answer.ts';
import type { contract, Views } from './contract.ts';
import { getDraft, materialsToSettle, readForm, saveDraft, type AskedMaterial, type Draft } from './drafts.ts';
import { materialFaults, materialView, readMaterial } from './papers.ts';
import { pathAfter, pathOfCase, pathOfCheck, pathOfDraft, pathOfMaterial } from './tasks.ts';
import { listUploads, removeUpload, takeUploads } from './uploads.ts';

/** @throws Refusal portal.not_found when these answers do not call for the paper */
function askedOf(context: Context, draft: Draft, code: string): AskedMaterial {
  const asked = materialsToSettle(draft.service, readForm(draft.service, draft.typed, context.now).answers).find((one) => one.code === code);
  if (asked === undefined) throw new Refusal('portal.not_found');
  return asked;
}

async function materialData(context: Context, draft: Draft, asked: AskedMaterial, violations: readonly Violation[], next: string | null): Promise<Views['material']> {
  const uploads = (await listUploads(context, { draft_id: draft.draft_id })).filter((upload) => upload.material_code === asked.code);
  return { draft_id: draft.draft_id, service_name: draft.service.name, material: materialView(asked, draft.typed.materials[asked.code], uploads), violations, next };
}

export async function getMaterial(context: Context, input: InputOf<typeof contract.getMaterial>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id);
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  return page('material', await materialData(context, draft, askedOf(context, draft, input.code), [], fieldText(input, 'next') || null));
}

/** Saves the choice and takes in the pictures; `upload` and `remove:…` stay on the page. */
export async function saveMaterial(context: Context, input: InputOf<typeof contract.saveMaterial>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id, 'lock');
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  const asked = askedOf(context, draft, input.code);
  const act = fieldText(input, '_act');
  const wish = fieldText(input, '_wish');
  const next = fieldText(input, '_next') === 'check' ? 'check' : null;
  const here = `${pathOfMaterial(draft.draft_id, asked.code)}${next === null ? '' : '?next=check'}`;
  const place = { draft_id: draft.draft_id };

  const faults = await takeUploads(context, place, asked.code, `${asked.code}.files`);
  const hasFiles = context.request.files.some((file) => file.file_name !== '');
  draft.typed.materials[asked.code] = readMaterial(input, asked, hasFiles);
  if (act.startsWith('remove:')) await removeUpload(context, place, act.slice('remove:'.length));
  await saveDraft(context, draft);

  if (faults.length > 0) return faultyPage('material', await materialData(context, draft, asked, faults, next));
  if (wish !== '') {
    remember(context, wish);
    return goTo(`${here}#form`);
  }
  if (act === 'upload' || act.startsWith('remove:')) return goTo(`${here}#${asked.code}.files`);
  if (act === 'later') return goTo(pathOfDraft(draft.draft_id));
  const uploads = (await listUploads(context, place)).filter((upload) => upload.material_code === asked.code);
  const violations = materialFaults(asked, draft.typed.materials[asked.code], uploads);
  if (violations.length > 0) return faultyPage('material', await materialData(context, draft, asked, violations, next));
  return goTo(next === 'check' ? pathOfCheck(draft.draft_id) : await pathAfter(context, draft, asked.code));
}
