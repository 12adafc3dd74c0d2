/**
 * The fonts of papers and what they can print. A character without a glyph is found before a paper is set: it is told,
 * and never left out in silence.
 */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const require = createRequire(import.meta.url);
const catalogueFonts = join(import.meta.dirname, '../../../catalogue/documents/fonts');

interface Font {
  family: string;
  /** Sorted pairs of first and last code point. */
  ranges: readonly [first: number, last: number][];
}

/** Reads from anywhere in a font file, so that a check of coverage need not load all of it. */
type Reader = (position: number, length: number) => Buffer;

function tableOf(read: Reader, tag: string): { at: number; length: number } {
  const count = read(4, 2).readUInt16BE(0);
  const directory = read(12, count * 16);
  for (let entry = 0; entry < count * 16; entry += 16) {
    if (directory.toString('latin1', entry, entry + 4) === tag) return { at: directory.readUInt32BE(entry + 8), length: directory.readUInt32BE(entry + 12) };
  }
  throw new Error(`a font has no table ${tag}`);
}

/** Code points of the cmap table (OpenType 1.9): format 12 where there is one, else format 4. */
function rangesOf(read: Reader): [number, number][] {
  const { at, length } = tableOf(read, 'cmap');
  const cmap = read(at, length);
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.readUInt32BE(4 + index * 8 + 4));
  const whole = subtables.find((start) => cmap.readUInt16BE(start) === 12);
  if (whole !== undefined) {
    return Array.from({ length: cmap.readUInt32BE(whole + 12) }, (_, index) => {
      const group = whole + 16 + index * 12;
      return [cmap.readUInt32BE(group), cmap.readUInt32BE(group + 4)];
    });
  }
  const plane = subtables.find((start) => cmap.readUInt16BE(start) === 4);
  if (plane === undefined) throw new Error('a font has no Unicode map');
  const segments = cmap.readUInt16BE(plane + 6) / 2;
  return Array.from({ length: segments }, (_, index): [number, number] => [cmap.readUInt16BE(plane + 16 + segments * 2 + index * 2), cmap.readUInt16BE(plane + 14 + index * 2)]).filter(([first]) => first !== 0xffff);
}

/** The family by its English name, which is the name that templates call it by. */
function familyOf(read: Reader): string {
  const { at, length } = tableOf(read, 'name');
  const names = read(at, length);
  const text = names.readUInt16BE(4);
  for (let entry = 6; entry < 6 + names.readUInt16BE(2) * 12; entry += 12) {
    const [platform, , language, name, bytes, offset] = [0, 2, 4, 6, 8, 10].map((field) => names.readUInt16BE(entry + field)) as [number, number, number, number, number, number];
    if (platform === 3 && language === 0x0409 && name === 1) return names.subarray(text + offset, text + offset + bytes).swap16().toString('utf16le');
  }
  throw new Error('a font has no English name');
}

function fontAt(path: string): Font {
  const file = openSync(path, 'r');
  try {
    const read: Reader = (position, length) => {
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, position);
      return bytes;
    };
    return { family: familyOf(read), ranges: rangesOf(read) };
  } finally {
    closeSync(file);
  }
}

function fontIn(bytes: Buffer): Font {
  const read: Reader = (position, length) => Buffer.from(bytes.subarray(position, position + length));
  return { family: familyOf(read), ranges: rangesOf(read) };
}

/** Ranges lie in order, so the one that may hold a code point is found by halving. */
function covers({ ranges }: Font, code_point: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle]!;
    if (code_point < first) high = middle - 1;
    else if (code_point > last) low = middle + 1;
    else return true;
  }
  return false;
}

const packageFonts = dirname(require.resolve('@expo-google-fonts/noto-serif-sc/package.json'));
const everydayDirectories = ['400Regular', '700Bold'].map((weight) => join(packageFonts, weight));
let everyday: Font | undefined;
let rare: { fonts: Font[]; bytes: Buffer[] } | undefined;

function everydayFont(): Font {
  return (everyday ??= fontAt(join(everydayDirectories[0]!, 'NotoSerifSC_400Regular.ttf')));
}

/** Fonts for what the everyday one lacks: the shipped one, then those of the bureau. Opened when the first such name comes. */
function rareFonts(): { fonts: Font[]; bytes: Buffer[] } {
  if (rare === undefined) {
    const own = process.env['HUZHENG_FONTS'];
    const files = own === undefined || own === '' ? [] : readdirSync(own).filter((name) => /\.(ttf|otf)$/i.test(name)).sort().map((name) => readFileSync(join(own, name)));
    const bytes = [brotliDecompressSync(readFileSync(join(catalogueFonts, 'HanaMinB.ttf.br'))), ...files];
    rare = { bytes, fonts: bytes.map(fontIn) };
  }
  return rare;
}

/** Characters that take no room of their own. */
const unseen = /[\s\p{Cc}]/u;

/**
 * @param text everything a paper says
 * @returns the families that print it in order of preference, and the characters that none of them has, as `U+XXXX`
 */
export function fontsFor(text: string): { families: string[]; missing: string[] } {
  const first = everydayFont();
  const strange = [...new Set(text)].filter((character) => !unseen.test(character) && !covers(first, character.codePointAt(0)!));
  if (strange.length === 0) return { families: [first.family], missing: [] };
  const { fonts } = rareFonts();
  const missing = strange.filter((character) => !fonts.some((font) => covers(font, character.codePointAt(0)!)));
  return { families: [first.family, ...fonts.map((font) => font.family)], missing: missing.map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`) };
}

const compilers = new Map<'everyday' | 'rare', NodeCompiler>();

/** A compiler that knows the families asked for; the rare ones are loaded only for papers that need them. */
export function compilerFor(families: readonly string[]): NodeCompiler {
  const kind = families.length > 1 ? 'rare' : 'everyday';
  let compiler = compilers.get(kind);
  if (compiler === undefined) {
    // Fonts in memory come first: the compiler ends the process when it is given them after directories.
    compiler = NodeCompiler.create({ fontArgs: [...(kind === 'rare' ? [{ fontBlobs: rareFonts().bytes }] : []), { fontPaths: everydayDirectories }] });
    compilers.set(kind, compiler);
  }
  return compiler;
}
