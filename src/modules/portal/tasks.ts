/** What is done and what is still to do in a draft, and where each page lies. */
import { legalDay, type Context, type Text } from '../../kernel/index.ts';
import { answerText, type FormSection } from '../catalogue/index.ts';
import type { DraftCard, Task, TaskState } from './contract.ts';
import { materialsToSettle, readForm, type AskedMaterial, type Draft, type ReadForm } from './drafts.ts';
import { materialAnswer, materialState } from './papers.ts';
import { listUploads, type Upload } from './uploads.ts';

export const pathOfDraft = (draft_id: string): string => `/applications/${draft_id}`;
export const pathOfSection = (draft_id: string, section: string): string => `/applications/${draft_id}/section/${section}`;
export const pathOfMaterial = (draft_id: string, code: string): string => `/applications/${draft_id}/materials/${code}`;
export const pathOfCheck = (draft_id: string): string => `/applications/${draft_id}/check`;
export const pathOfCase = (receipt_no: string): string => `/cases/${receipt_no}`;

export interface Tasks {
  form: ReadForm;
  materials: readonly AskedMaterial[];
  uploads: readonly Upload[];
  tasks: Task[];
}

/** A section as a task: done, still to do, or saved with something wrong. */
export function sectionState(draft: Draft, form: ReadForm, key: string): TaskState {
  if (draft.typed.sections[key] === undefined) return 'to_do';
  return form.sections.get(key)!.violations.length === 0 ? 'done' : 'faulty';
}

function sectionAnswer(section: FormSection, form: ReadForm): Text | null {
  const field = section.fields[0]!;
  const answer = form.answers[field.name];
  if (answer === undefined || field.type === 'address' || field.type === 'area') return null;
  if (field.type === 'person_list') {
    const names = (answer as { name: string }[]).map(({ name }) => name);
    return { zh: names.join('、'), en: names.join(', ') };
  }
  return answerText(field, answer);
}

export async function tasksOf(context: Context, draft: Draft): Promise<Tasks> {
  const form = readForm(draft.service, draft.typed, context.now);
  const materials = materialsToSettle(draft.service, form.answers);
  const uploads = await listUploads(context, { draft_id: draft.draft_id });
  const tasks: Task[] = [
    ...draft.service.form.map((section) => {
      const state = sectionState(draft, form, section.key);
      return { key: section.key, href: pathOfSection(draft.draft_id, section.key), title: section.title, state, optional: false, answer: state === 'done' ? sectionAnswer(section, form) : null };
    }),
    ...materials.map((asked) => {
      const typed = draft.typed.materials[asked.code];
      const own = uploads.filter((upload) => upload.material_code === asked.code);
      const state = materialState(asked, typed, own);
      return { key: asked.code, href: pathOfMaterial(draft.draft_id, asked.code), title: asked.material.name, state, optional: !asked.required, answer: state === 'done' ? materialAnswer(typed, own.length) : null };
    }),
  ];
  return { form, materials, uploads, tasks };
}

export const isOpen = (task: Task): boolean => task.state === 'faulty' || (task.state === 'to_do' && !task.optional);

export async function draftCard(context: Context, draft: Draft): Promise<DraftCard> {
  const { tasks } = await tasksOf(context, draft);
  return { draft_id: draft.draft_id, service_name: draft.service.name, done: tasks.filter((task) => task.state === 'done').length, total: tasks.length, expires_on: legalDay(draft.expires_at) };
}

/** The next page in line when it is still to do; otherwise back to the list. */
export async function pathAfter(context: Context, draft: Draft, key: string): Promise<string> {
  const { tasks } = await tasksOf(context, draft);
  const after = tasks[tasks.findIndex((task) => task.key === key) + 1];
  return after !== undefined && isOpen(after) ? after.href : pathOfDraft(draft.draft_id);
}
