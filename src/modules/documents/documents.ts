/** Issuing papers and finding them again. */
import { newId, Refusal, type Context, type FileAnswer, type InputOf } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import type { contract } from './contract.ts';
import { renderPaper, type Paper } from './render.ts';

export type DocumentKind = 'receipt' | 'approval_notice' | 'refusal_notice' | 'non_acceptance_notice' | 'correction_notice';

export interface IssuedDocument {
  document_id: string;
  kind: DocumentKind;
  title: Text;
  issued_at: Date;
  sha256: string;
}

/**
 * Issues a paper for one act of a case. The same act issues the same paper once, however often it is asked.
 * @param case_event the act's number in the chain of the case
 */
export async function issueDocument(context: Context, issue: { kind: DocumentKind; case_id: string; case_event: number; title: Text; issued_by_org: string; kept_by_org: string; paper: Paper }): Promise<IssuedDocument> {
  const [before] = await context.query<IssuedDocument>(
    'select document_id, kind, title, issued_at, sha256 from documents.document where case_id = $1 and kind = $2 and case_event = $3', [issue.case_id, issue.kind, issue.case_event]);
  if (before !== undefined) return before;
  const bytes = renderPaper(issue.paper, context.now);
  const sha256 = await context.blobs.put(bytes);
  const document_id = newId();
  await context.query(
    `insert into documents.document (document_id, kind, case_id, case_event, title, issued_at, issued_by_org, kept_by_org, sha256, bytes, content)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11::jsonb)`,
    [document_id, issue.kind, issue.case_id, issue.case_event, JSON.stringify(issue.title), context.now, issue.issued_by_org, issue.kept_by_org, sha256, bytes.byteLength, JSON.stringify(issue.paper)]);
  return { document_id, kind: issue.kind, title: issue.title, issued_at: context.now, sha256 };
}

export async function listDocuments(context: Context, case_id: string): Promise<IssuedDocument[]> {
  return context.query<IssuedDocument>('select document_id, kind, title, issued_at, sha256 from documents.document where case_id = $1 order by issued_at, document_id limit 50', [case_id]);
}

/** @throws Refusal documents.not_found, also outside the jurisdiction */
export async function getNotice(context: Context, input: InputOf<typeof contract.getNotice>): Promise<FileAnswer> {
  const [row] = await context.query<{ title: Text; sha256: string }>('select title, sha256 from documents.document where document_id = $1', [input.document_id]);
  if (row === undefined) throw new Refusal('documents.not_found');
  return { bytes: await context.blobs.get(row.sha256), media_type: 'application/pdf', file_name: `${row.title.zh}.pdf`, inline: true };
}
