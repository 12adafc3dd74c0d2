/** Composing papers: read the case and the register once, keep what was read, number it, set it, tell the portal that it exists. */
import { legalDay, newId, readConfig, type Context } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { getPerson } from '../population/index.ts';
import { findOrganisations } from '../reference/index.ts';
import { inGroups, newCode } from './codes.ts';
import { kinds, type PaperBody } from './kinds.ts';
import { sendMark } from './marks.ts';
import type { PaperOrder } from './order.ts';
import { chineseDay } from './printed.ts';
import { missingGlyphs, renderPaper, templateOf, type PaperContent } from './typeset.ts';
import { voidReplaced } from './voiding.ts';

export interface IssuedDocument {
  document_id: string;
  kind: string;
  number: string;
  title: Text;
  issued_at: Date;
  sha256: string;
}

/** A paper that waits because characters have no glyph; it is issued by itself when a font brings them. */
export interface HeldPaper {
  kind: string;
  title: Text;
  /** `U+XXXX` each. */
  missing: string[];
}

export type Composed = { issued: IssuedDocument } | { held: HeldPaper } | { nothing: true };

/** A paper about to be issued: what it says is settled, its number is not. */
interface Draft {
  kind: string;
  case_id: string;
  service_code: string;
  case_event: number;
  subject_id: string | null;
  title: Text;
  issued_by_org: string;
  kept_by_org: string;
  person_ids: readonly string[];
  content: PaperBody;
}

const issuedColumns = 'document_id, kind, number, title, issued_at, sha256';

/**
 * Makes a paper of a case from the case and the register as they are now. The same act gives the same paper once,
 * however often it is asked for.
 * @param order.name of `kinds`; a card made elsewhere is no paper of ours
 * @returns the paper; what it waits for when a character has no glyph; or nothing, where the register gives no ground for it
 * @throws Refusal population.person_not_found, household_not_found
 */
export async function composePaper(context: Context, order: PaperOrder): Promise<Composed> {
  const kind = kinds[order.name];
  if (kind === undefined) throw new Error(`there is no paper ${order.name}`);
  const subject_id = order.household_id ?? (order.person_ids.length === 1 ? order.person_ids[0]! : null);
  const once = [order.case.case_id, order.name, order.case.case_event, subject_id];
  const [before] = await context.query<IssuedDocument>(`select ${issuedColumns} from documents.document where case_id = $1 and kind = $2 and case_event = $3 and subject_id is not distinct from $4`, once);
  if (before !== undefined) return { issued: before };
  const [waiting] = await context.query<HeldPaper>('select kind, title, missing from documents.held_paper where case_id = $1 and kind = $2 and case_event = $3 and subject_id is not distinct from $4', once);
  if (waiting !== undefined) return { held: waiting };

  const body = await kind.compose(context, order);
  if (body === null) return { nothing: true };
  const offices = await findOrganisations(context, [order.issued_by_org]);
  const draft: Draft = {
    kind: order.name, case_id: order.case.case_id, service_code: order.case.service_code, case_event: order.case.case_event, subject_id, title: kind.title, issued_by_org: order.issued_by_org, kept_by_org: order.kept_by_org, person_ids: order.person_ids,
    content: { ...body, issuer: offices.get(order.issued_by_org)?.name ?? order.issued_by_org, synthetic: body.synthetic || await isDemonstration(context, order.person_ids) },
  };
  const missing = missingGlyphs(draft.content);
  return missing.length === 0 ? { issued: await issue(context, draft) } : { held: await hold(context, draft, missing) };
}

/** Papers about invented people carry a mark; a register holds invented people or real ones, never both. */
async function isDemonstration(context: Context, person_ids: readonly string[]): Promise<boolean> {
  const [person_id] = person_ids;
  return readConfig().demo || (person_id !== undefined && (await getPerson(context, { person_id })).synthetic);
}

async function issue(context: Context, draft: Draft): Promise<IssuedDocument> {
  const issued_on = legalDay(context.now);
  const template = templateOf(draft.kind);
  const template_sha256 = await context.blobs.put(Buffer.from(template));
  const [row] = await context.query<{ number: string }>('select documents.next_number($1, $2) as number', [draft.issued_by_org, Number(issued_on.slice(0, 4))]);
  const { number } = row!;
  const code = newCode();
  const { portal_origin } = readConfig();
  const content = {
    ...draft.content, title: draft.title.zh, title_en: draft.title.en, issued_on: chineseDay(issued_on), number, code: inGroups(code),
    verify_at: `${portal_origin.replace(/^https?:\/\//, '')}/verify`, verify_url: `${portal_origin}/verify?number=${number}&code=${code}`,
  } as unknown as PaperContent;
  const bytes = renderPaper(template, content, context.now);
  const sha256 = await context.blobs.put(bytes);
  const document_id = newId();
  await context.query(
    `insert into documents.document (document_id, kind, case_id, service_code, case_event, subject_id, person_ids, title, number, verification_code, issued_at, issued_by_org, kept_by_org, sha256, bytes, content, template_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17)`,
    [document_id, draft.kind, draft.case_id, draft.service_code, draft.case_event, draft.subject_id, draft.person_ids, JSON.stringify(draft.title), number, code, context.now,
      draft.issued_by_org, draft.kept_by_org, sha256, bytes.byteLength, JSON.stringify(content), template_sha256]);
  const issued: IssuedDocument = { document_id, kind: draft.kind, number, title: draft.title, issued_at: context.now, sha256 };
  await sendMark(context, issued, { code, issued_by_org: draft.issued_by_org, voided_on: null });
  await voidReplaced(context, { ...draft, document_id, number });
  context.emit('documents.paper_issued', { document_id, case_id: draft.case_id });
  return issued;
}

async function hold(context: Context, draft: Draft, missing: string[]): Promise<HeldPaper> {
  await context.query(
    `insert into documents.held_paper (held_paper_id, kind, case_id, service_code, case_event, subject_id, title, issued_by_org, kept_by_org, person_ids, content, missing, held_at)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11::jsonb, $12, $13)`,
    [newId(), draft.kind, draft.case_id, draft.service_code, draft.case_event, draft.subject_id, JSON.stringify(draft.title), draft.issued_by_org, draft.kept_by_org, draft.person_ids, JSON.stringify(draft.content), missing, context.now]);
  const held: HeldPaper = { kind: draft.kind, title: draft.title, missing };
  context.emit('documents.paper_held', { case_id: draft.case_id, ...held });
  return held;
}

/** Held papers tried in one run. */
const batch = 100;

/** Issues what was held and can be printed now, with a number and day of today. @returns how many */
export async function issueHeld(context: Context): Promise<number> {
  const rows = await context.query<Draft & { held_paper_id: string }>(
    `select held_paper_id, kind, case_id, service_code, case_event, subject_id, title, issued_by_org, kept_by_org, person_ids, content from documents.held_paper
     where document_id is null order by held_at, held_paper_id limit ${batch} for update skip locked`);
  let count = 0;
  for (const { held_paper_id, ...draft } of rows) {
    if (missingGlyphs(draft.content).length > 0) continue;
    const { document_id } = await issue(context, draft);
    await context.query('update documents.held_paper set document_id = $2 where held_paper_id = $1', [held_paper_id, document_id]);
    count++;
  }
  return count;
}
