/** Papers that no longer hold: said here, on the paper's list, and to whoever checks it on the portal. */
import { legalDay, Refusal, type Context } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { kinds } from './kinds.ts';
import { sendMark } from './marks.ts';

export interface PaperToVoid {
  document_id: string;
  number: string;
  verification_code: string;
  title: Text;
  issued_at: Date;
  issued_by_org: string;
  sha256: string;
}

export interface VoidedBy {
  voided_by: string | null;
  voided_by_name: string;
  org_code: string;
  reason: string;
}

/** Nobody by name: the act of another paper or case voids this one. */
export const voidedBySystem = (org_code: string, reason: string): VoidedBy => ({ voided_by: null, voided_by_name: '系统', org_code, reason });

/** @throws Refusal documents.is_void */
export async function noteVoid(context: Context, paper: PaperToVoid, by: VoidedBy): Promise<void> {
  const noted = await context.query(
    `insert into documents.voiding (document_id, voided_at, voided_by, voided_by_name, org_code, reason) values ($1, $2, $3, $4, $5, $6) on conflict (document_id) do nothing returning document_id`,
    [paper.document_id, context.now, by.voided_by, by.voided_by_name, by.org_code, by.reason]);
  if (noted.length === 0) throw new Refusal('documents.is_void', { number: paper.number });
  await sendMark(context, paper, { code: paper.verification_code, issued_by_org: paper.issued_by_org, voided_on: legalDay(context.now) });
}

async function standing(context: Context, condition: string, values: readonly unknown[]): Promise<PaperToVoid[]> {
  return context.query<PaperToVoid>(
    `select d.document_id, d.number, d.verification_code, d.title, d.issued_at, d.issued_by_org, d.sha256 from documents.document d
     where ${condition} and not exists (select from documents.voiding v where v.document_id = d.document_id) order by d.issued_at, d.number limit 200`, values);
}

/** What a case gave out falls with it, as when it is reversed; notices of what happened stay. @returns how many were voided */
export async function voidPapersOf(context: Context, { case_id, reason, org_code }: { case_id: string; reason: string; org_code: string }): Promise<number> {
  const falling = Object.keys(kinds).filter((name) => kinds[name]!.falls_with_its_case);
  const papers = await standing(context, 'd.case_id = $1 and d.kind = any($2)', [case_id, falling]);
  for (const paper of papers) await noteVoid(context, paper, voidedBySystem(org_code, reason));
  return papers.length;
}

/** The permit or certificate of that number was replaced or taken back. @returns how many prints of it were voided */
export async function voidMigrationPaper(context: Context, { number, reason, org_code }: { number: string; reason: string; org_code: string }): Promise<number> {
  const papers = await standing(context, `d.kind in ('move_in_permit', 'migration_certificate') and d.content #>> '{permit,number}' = $1`, [number]);
  for (const paper of papers) await noteVoid(context, paper, voidedBySystem(org_code, reason));
  return papers.length;
}

/** A household has one booklet: the one given out now ends those before it. */
export async function voidReplaced(context: Context, paper: { document_id: string; kind: string; number: string; subject_id: string | null; issued_by_org: string }): Promise<void> {
  if (!kinds[paper.kind]!.replaces_earlier || paper.subject_id === null) return;
  const earlier = await standing(context, 'd.kind = $1 and d.subject_id = $2 and d.document_id <> $3', [paper.kind, paper.subject_id, paper.document_id]);
  for (const one of earlier) await noteVoid(context, one, voidedBySystem(paper.issued_by_org, `已换发为 ${paper.number}`));
}
