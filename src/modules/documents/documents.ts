/** Papers found again: listed, read, made again, printed, voided. */
import { Refusal, actorId, coversService, newId, sha256 as digestOf, type Context, type FileAnswer, type InputOf, type OfficerActor, type OutputOf } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import type { contract } from './contract.ts';
import type { HeldPaper, IssuedDocument } from './compose.ts';
import { kinds } from './kinds.ts';
import { renderPaper, type PaperContent } from './typeset.ts';
import { noteVoid } from './voiding.ts';

/** The officer who calls, if the right covers the service of the paper. @throws Refusal documents.service_not_yours */
function admitOfficer({ actor }: Context, permission: string, service_code: string): OfficerActor {
  if (actor.kind !== 'officer') throw new Error(`${permission} is for officers`);
  if (!coversService(actor, permission, service_code)) throw new Refusal('documents.service_not_yours');
  return actor;
}

/** A paper as an officer sees it beside its case. */
export interface ListedDocument extends IssuedDocument {
  service_code: string;
  voided: { at: Date; reason: string } | null;
  printed: number;
}

const papersOfCaseMax = 100;

export async function listDocuments(context: Context, case_id: string): Promise<ListedDocument[]> {
  return context.query<ListedDocument>(
    `select d.document_id, d.kind, d.number, d.title, d.issued_at, d.sha256, d.service_code, coalesce(p.copies, 0) as printed,
       case when v.document_id is not null then jsonb_build_object('at', v.voided_at, 'reason', v.reason) end as voided
     from documents.document d
     left join documents.voiding v on v.document_id = d.document_id
     left join lateral (select sum(copies)::int as copies from documents.printing where document_id = d.document_id) p on true
     where d.case_id = $1 order by d.issued_at, d.document_id limit ${papersOfCaseMax}`, [case_id]);
}

/** Papers of a case with all that an officer may do with them; those that wait for a glyph among them. @throws Refusal documents.service_not_yours */
export async function listPapers(context: Context, input: InputOf<typeof contract.listPapers>): Promise<OutputOf<typeof contract.listPapers>> {
  const [papers, held] = await Promise.all([
    listDocuments(context, input.case_id),
    context.query<HeldPaper & { service_code: string }>(`select kind, title, missing, service_code from documents.held_paper where case_id = $1 and document_id is null order by held_at, held_paper_id limit ${papersOfCaseMax}`, [input.case_id]),
  ]);
  for (const { service_code } of [...papers, ...held]) admitOfficer(context, 'documents.get_notice', service_code);
  return {
    papers: papers.map(({ sha256: _digest, service_code: _service, voided, issued_at, ...paper }) => ({
      ...paper, issued_at: issued_at.toISOString(), goes_to: kinds[paper.kind]?.goes_to ?? 'counter', voided: voided === null ? null : { at: new Date(voided.at).toISOString(), reason: voided.reason },
    })),
    held: held.map(({ service_code: _, ...paper }) => paper),
  };
}

interface KeptPaper {
  document_id: string;
  service_code: string;
  kind: string;
  number: string;
  verification_code: string;
  title: Text;
  issued_at: Date;
  issued_by_org: string;
  sha256: string;
  content: PaperContent;
  template_sha256: string;
  is_void: boolean;
}

/** @throws Refusal documents.not_found, also outside the jurisdiction */
async function getKept(context: Context, document_id: string): Promise<KeptPaper> {
  const [row] = await context.query<KeptPaper>(
    `select d.document_id, d.service_code, d.kind, d.number, d.verification_code, d.title, d.issued_at, d.issued_by_org, d.sha256, d.content, d.template_sha256,
       exists (select from documents.voiding v where v.document_id = d.document_id) as is_void
     from documents.document d where d.document_id = $1`, [document_id]);
  if (row === undefined) throw new Refusal('documents.not_found');
  return row;
}

/**
 * The same paper from what was kept of it: template, content and moment.
 * @throws Refusal documents.cannot_remake when the bytes are not the same, as after a change of the fonts
 */
async function madeAgain(context: Context, paper: KeptPaper): Promise<Uint8Array> {
  const template = Buffer.from(await context.blobs.get(paper.template_sha256)).toString();
  const bytes = renderPaper(template, paper.content, paper.issued_at);
  if (digestOf(bytes) !== paper.sha256) throw new Refusal('documents.cannot_remake', { number: paper.number });
  return bytes;
}

/** The paper itself; one whose file is lost or damaged is made again. @throws Refusal documents.not_found, documents.service_not_yours, documents.cannot_remake */
export async function getNotice(context: Context, input: InputOf<typeof contract.getNotice>): Promise<FileAnswer> {
  const paper = await getKept(context, input.document_id);
  admitOfficer(context, 'documents.get_notice', paper.service_code);
  const bytes = (await context.blobs.has(paper.sha256)) ? await context.blobs.get(paper.sha256).catch(() => madeAgain(context, paper)) : await madeAgain(context, paper);
  return { bytes, media_type: 'application/pdf', file_name: `${paper.title.zh} ${paper.number}.pdf`, inline: true };
}

/** For the module that sends it to its citizen: nothing when it stays at the counter. */
export async function findForCitizen(context: Context, document_id: string): Promise<IssuedDocument | undefined> {
  const [row] = await context.query<IssuedDocument>('select document_id, kind, number, title, issued_at, sha256 from documents.document where document_id = $1', [document_id]);
  return row !== undefined && kinds[row.kind]?.goes_to === 'citizen' ? row : undefined;
}

/** Notes who printed a paper, when and how often; the page sends it to the printer. @throws Refusal documents.not_found, documents.service_not_yours, documents.is_void */
export async function printPaper(context: Context, input: InputOf<typeof contract.printPaper>): Promise<OutputOf<typeof contract.printPaper>> {
  const paper = await getKept(context, input.document_id);
  const actor = admitOfficer(context, 'documents.print_paper', paper.service_code);
  if (paper.is_void) throw new Refusal('documents.is_void', { number: paper.number });
  await context.query(
    'insert into documents.printing (printing_id, document_id, printed_at, printed_by, printed_by_name, org_code, copies) values ($1, $2, $3, $4, $5, $6, $7)',
    [newId(), paper.document_id, context.now, actor.officer_id, actor.name, actor.org_code, input.copies ?? 1]);
  const [total] = await context.query<{ printed: number }>('select sum(copies)::int as printed from documents.printing where document_id = $1', [paper.document_id]);
  return { document_id: paper.document_id, printed: total!.printed };
}

/** Ends the validity of a paper; whoever checks it is told so. @throws Refusal documents.not_found, documents.service_not_yours, documents.is_void */
export async function voidPaper(context: Context, input: InputOf<typeof contract.voidPaper>): Promise<OutputOf<typeof contract.voidPaper>> {
  const paper = await getKept(context, input.document_id);
  const actor = admitOfficer(context, 'documents.void_paper', paper.service_code);
  await noteVoid(context, paper, { voided_by: actorId(actor), voided_by_name: actor.name, org_code: actor.org_code, reason: input.reason.trim() });
  return { document_id: paper.document_id, number: paper.number };
}
