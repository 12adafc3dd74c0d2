/**
 * Papers as PDF/A-2b by typst. A template says the words of a paper, its content is data; the same template, content and
 * moment give the same bytes, so a paper can be made again and compared by its digest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSVG } from 'uqr';
import { compilerFor, fontsFor } from './fonts.ts';

const directory = join(import.meta.dirname, '../../../catalogue/documents');

/** What every paper says; each kind adds its own. All texts are printed as they are. */
export interface PaperContent {
  title: string;
  title_en: string;
  issuer: string;
  issued_on: string;
  number: string;
  /** In groups of four, as printed. */
  code: string;
  /** Where number and code are checked, as printed. */
  verify_at: string;
  /** What the picture for cameras says. */
  verify_url: string;
  /** Whether it is about invented people. */
  synthetic: boolean;
  [name: string]: unknown;
}

/** The whole source of a template: what all papers share, and its own words. @throws Error when there is none of that name */
export function templateOf(kind: string): string {
  return `${readFileSync(join(directory, 'frame.typ'), 'utf8')}\n${readFileSync(join(directory, `${kind}.typ`), 'utf8')}`;
}

/** Characters of the content that no font has, as `U+XXXX`; a paper with any cannot be set. */
export function missingGlyphs(content: unknown): string[] {
  return fontsFor(textOf(content)).missing;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object') return Object.values(value).map(textOf).join('');
  return '';
}

let rendered = 0;

/**
 * @param template of `templateOf`, or one that was kept with a paper
 * @returns the PDF; the same template, content and moment give the same bytes
 * @throws Error when the template does not compile or a character has no glyph
 */
export function renderPaper(template: string, content: PaperContent, issued_at: Date): Uint8Array {
  const { families, missing } = fontsFor(textOf(content));
  if (missing.length > 0) throw new Error(`no glyph for ${missing.join(', ')}`);
  const compiler = compilerFor(families);
  const bytes = compiler.pdf(
    { mainFileContent: template, inputs: { paper: JSON.stringify(content), families: JSON.stringify(families), qr: renderSVG(content.verify_url, { ecc: 'M', border: 1 }) } },
    { pdfStandard: 'a-2b', creationTimestamp: Math.floor(issued_at.getTime() / 1000) },
  );
  // The compiler remembers what it laid out; a worker that runs for months must forget.
  if (++rendered % 50 === 0) compiler.evictCache(10);
  return bytes;
}
