/** What the portal is told of a paper, so that anybody may check it: no person, no content, no code. */
import { legalDay, type Context } from '../../kernel/index.ts';
import type { PaperMarkBody } from '../catalogue/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { findOrganisations } from '../reference/index.ts';
import { codeDigest } from './codes.ts';
import type { IssuedDocument } from './compose.ts';

export async function sendMark(context: Context, paper: Pick<IssuedDocument, 'number' | 'title' | 'issued_at' | 'sha256'>, facts: { code: string; issued_by_org: string; voided_on: string | null }): Promise<void> {
  const office = (await findOrganisations(context, [facts.issued_by_org])).get(facts.issued_by_org);
  const body: PaperMarkBody = {
    number: paper.number, code_sha256: codeDigest(paper.number, facts.code), title: paper.title, issued_by: { zh: office?.name ?? facts.issued_by_org, en: office?.name_en ?? facts.issued_by_org },
    issued_on: legalDay(paper.issued_at), sha256: paper.sha256, voided_on: facts.voided_on,
  };
  await sendParcel(context, { kind: 'documents.paper_mark', order_key: paper.number, body, attachments: [] });
}
