/** Papers as PDF/A-2b by typst. Names with rare characters fall back to the fonts of the system when the shipped one lacks them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const require = createRequire(import.meta.url);
const template = join(import.meta.dirname, '../../../catalogue/documents/notice.typ');

/** What a notice says; every string is printed as it is. */
export interface Paper {
  title: string;
  title_en: string;
  issuer: string;
  number_label: string;
  number: string;
  addressee: string;
  paragraphs: string[];
  rows: [string, string][];
  people_header: [string, string, string, string, string];
  people: [string, string, string, string, string][];
  closing: string[];
  issued_on: string;
  footer: string;
  /** Said on papers about synthetic people; empty in service. */
  synthetic: string;
}

let compiler: NodeCompiler | undefined;
let rendered = 0;

function theCompiler(): NodeCompiler {
  if (compiler !== undefined) return compiler;
  const fonts = dirname(require.resolve('@expo-google-fonts/noto-serif-sc/package.json'));
  compiler = NodeCompiler.create({
    workspace: dirname(template),
    fontArgs: [{ fontPaths: [join(fonts, '400Regular'), join(fonts, '700Bold')] }],
  });
  return compiler;
}

/**
 * @returns the PDF; the same paper and moment give the same bytes
 * @throws Error when the template does not compile
 */
export function renderPaper(paper: Paper, issued_at: Date): Uint8Array {
  const bytes = theCompiler().pdf(
    { mainFileContent: readFileSync(template, 'utf8'), inputs: { paper: JSON.stringify(paper) } },
    { pdfStandard: 'a-2b', creationTimestamp: Math.floor(issued_at.getTime() / 1000) },
  );
  // The compiler remembers what it laid out; a worker that runs for months must forget.
  if (++rendered % 50 === 0) theCompiler().evictCache(10);
  return bytes;
}
