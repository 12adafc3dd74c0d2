/** Whether a paper that somebody holds in his hands is ours and still holds. Nothing is told of whom it is about. */
import { sha256, type Context, type InputOf, type Page } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import type { PaperMarkBody } from '../catalogue/index.ts';
import { page } from './answer.ts';
import type { contract, Views } from './contract.ts';

/** Hyphens of any kind and spaces between the groups are nobody's fault. */
function numberTyped(typed: string): string {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return plain.length < 17 ? plain : `${plain.slice(0, 12)}-${plain.slice(12, 16)}-${plain.slice(16)}`;
}

/** The letters that codes leave out are read as the digits they look like. */
const codeTyped = (typed: string): string => typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');

export async function verifyPaper(context: Context, input: InputOf<typeof contract.verifyPaper>): Promise<Page> {
  const typed = { number: String(input.number ?? '').trim(), code: String(input.code ?? '').trim() };
  const asked = typed.number !== '' || typed.code !== '';
  const number = numberTyped(typed.number);
  const [mark] = !asked ? [] : await context.query<{ title: Text; issued_by: Text; issued_on: string; voided_on: string | null; sha256: string }>(
    'select title, issued_by, issued_on::text as issued_on, voided_on::text as voided_on, sha256 from portal.paper_mark where number = $1 and code_sha256 = $2', [number, sha256(`${number}:${codeTyped(typed.code)}`)]);
  const view: Views['verify'] = { ...typed, asked, paper: mark === undefined ? null : { number, ...mark } };
  return page('verify', view);
}

/** A paper was issued or voided; the same news may come twice, and what is void stays so. */
export async function noteMark(context: Context, body: PaperMarkBody): Promise<void> {
  await context.query(
    `insert into portal.paper_mark (number, code_sha256, title, issued_by, issued_on, sha256, voided_on, received_at) values ($1, $2, $3::jsonb, $4::jsonb, $5, $6, $7, $8)
     on conflict (number) do update set voided_on = coalesce(paper_mark.voided_on, excluded.voided_on)`,
    [body.number, body.code_sha256, JSON.stringify(body.title), JSON.stringify(body.issued_by), body.issued_on, body.sha256, body.voided_on, context.now]);
}
