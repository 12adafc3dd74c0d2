import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fontsFor } from './fonts.ts';
import { paperKindNames } from './kinds.ts';
import { missingGlyphs, renderPaper, templateOf, type PaperContent } from './typeset.ts';

const at = new Date('2026-11-23T02:00:00Z');

/** Values for everything that any template prints; a template takes what it knows. */
function contentOf(words: { name: string; text: string; people: number }): PaperContent {
  const { name, text } = words;
  const many = <T>(row: (index: number) => T): T[] => Array.from({ length: words.people }, (_, index) => row(index));
  const person = (index: number) => ({
    name: index === 0 ? name : `第${index}人`, former_name: text, sex: '男', ethnicity: '维吾尔族', birth_on: '1980年1月1日', birthplace: text, native_place: text, id_number: '530102198001019011', education: text, marital_status: '已婚',
    military_service: text, height: '175厘米', blood_type: 'A型', occupation: text, workplace: text, relation: '户主', household_no: '530102AA0000123', household_type: '家庭户', head: name, address: text, other_address: '',
    father: name, mother: name, spouse: name, guardians: '', came_to_county: text, came_to_address: text, left_for: '', cancelled: '', handled_by: '王民警', registered_on: '2026年11月23日',
    alterations: many(() => ['姓名', name, '2026年1月1日']), changes: many(() => ['姓名', '变更', text, name, '2026年1月1日']), moves: many(() => ['2026年1月1日', text, text, text]), relatives: many(() => [name, '1955年1月1日', '530102195501019011', '父亲']),
    last_address: text, reason: text, cancelled_on: '2026年1月1日', old_numbers: '530102198001019011', changed_on: '2026年1月1日',
  });
  const persons = many(person);
  return {
    title: '文书', title_en: 'Paper', issuer: '昆明市公安局五华分局护国派出所', issued_on: '2026年11月23日', number: '530102001000-2026-000123', code: '7F3K-92QX-4MTB', verify_at: 'portal.example/verify', verify_url: 'https://portal.example/verify?number=1&code=2', synthetic: true,
    applicant: name, service: text, case_no: '5301020010002026112300001', rows: [['当事人', name], ...many(() => ['业务编号', text])], people: many(() => [name, '男', '1980-01-01', '530102********9011', text]), materials: many(() => [text, '已提交']),
    items: many(() => text), due_on: '2026年12月1日', new_fact: null, reason: text, law: text, is_move: true, is_done: true, from_on: '2026年11月23日', to_on: '2026年12月23日', station: text, phone: null, purpose: null,
    persons, household: { type: '家庭户', head_label: '户主姓名', head: name, number: '530102AA0000123', address: text, station: text, handled_by: '王民警', issued_on: '2026年11月23日', addresses: [] }, issuer_line: text,
    permit: { number: '53Z20260000012', permit_number: '—', reason: text, origin: text, to_address: text, issued_on: '2026年11月23日', valid_until_on: '2027年1月1日', movers: many(() => [name, '男', '1980年1月1日', '530102198001019011', '户主']), people: persons },
    card: { name, sex: '男', ethnicity: '维吾尔', birth_on: '1980年1月1日', address: text, id_number: '530102198001019011', valid_from_on: '2026.11.23', valid_until_on: '2027.02.23', kind: text, applied_on: '2026年11月23日', collect_at: text, ready_on: '2026年12月1日', reported_at: text, loss: text },
    pages: many(() => ['1', text, '2']),
  };
}

/** Text of a PDF, without the breaks that lines make. */
function textOf(bytes: Uint8Array): string {
  return execFileSync('pdftotext', ['-', '-'], { input: bytes }).toString().replace(/\s/g, '');
}
const canRead = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const pagesOf = (bytes: Uint8Array): number => Buffer.from(bytes).toString('latin1').match(/\/Type\s*\/Page(?![s\w])/g)?.length ?? 0;

const longName = '阿卜杜热依木·买买提吐尔逊·艾合麦提江·古丽巴哈尔';
// Of the supplementary planes B, C, E and F, and of extension A.
const rareName = '欧阳𠅤𪚥䶮𬭊𫠜';

test('every paper has a template, and every template is a paper', () => {
  const templates = readdirSync(join(import.meta.dirname, '../../../catalogue/documents')).filter((file) => file.endsWith('.typ') && file !== 'frame.typ').map((file) => file.slice(0, -4));
  expect(templates.sort()).toEqual([...paperKindNames].sort());
});

describe.each(paperKindNames)('%s', (kind) => {
  const template = templateOf(kind);

  test('is a PDF/A-2b of the same bytes whenever it is made again, and carries number, code and the mark of a demonstration', () => {
    const content = contentOf({ name: '李䶮', text: '云南省昆明市五华区护国街道青年路12号', people: 3 });
    const bytes = renderPaper(template, content, at);
    const file = Buffer.from(bytes);
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    expect(file.toString('latin1')).toMatch(/<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>B/);
    expect(Buffer.from(renderPaper(template, content, at)).equals(file)).toBe(true);
    if (!canRead) return;
    const text = textOf(bytes);
    for (const part of ['530102001000-2026-000123', '7F3K-92QX-4MTB', '演示', '李䶮']) expect(text).toContain(part);
    expect(textOf(renderPaper(template, { ...content, synthetic: false }, at))).not.toContain('演示');
  });

  test('prints a long name and rare characters whole, and leaves nothing of an empty record out of shape', () => {
    const bytes = [longName, rareName].map((name) => renderPaper(template, contentOf({ name, text: '新疆维吾尔自治区巴音郭楞蒙古自治州焉耆回族自治县四十里城子镇'.repeat(2), people: 20 }), at));
    if (canRead) [longName, rareName].forEach((name, index) => expect(textOf(bytes[index]!)).toContain(name));
    expect(pagesOf(renderPaper(template, contentOf({ name: '李', text: '', people: 1 }), at))).toBeGreaterThan(0);
  });
});

test('a household of twenty has one card of two sides for each, and no card runs over', () => {
  const booklet = (people: number): number => pagesOf(renderPaper(templateOf('booklet'), contentOf({ name: longName, text: '新疆维吾尔自治区巴音郭楞蒙古自治州'.repeat(3), people: Math.min(people, 8) }), at));
  // Cover, household and its moves; then two sides each.
  expect(booklet(1)).toBe(3 + 2);
  expect(booklet(8)).toBe(3 + 8 * 2);
  const cards = pagesOf(renderPaper(templateOf('booklet_page'), { ...contentOf({ name: '李', text: '', people: 1 }), persons: Array.from({ length: 20 }, () => (contentOf({ name: '李', text: '', people: 1 })['persons'] as unknown[])[0]) }, at));
  expect(cards).toBe(40);
});

test('what a person typed is printed and never run', () => {
  const typed = '#panic("x") $x$ *不是标记* \\ ] [ #read("/etc/passwd") #import "x.typ"';
  const bytes = renderPaper(templateOf('refusal_notice'), { ...contentOf({ name: '李', text: '', people: 1 }), reason: typed }, at);
  if (canRead) expect(textOf(bytes)).toContain(typed.replace(/\s/g, ''));
});

test('all Han characters of GB 18030-2022 level 3 have a glyph', () => {
  const blocks: [number, number][] = [[0x4e00, 0x9fef], [0x3400, 0x4db5], [0x20000, 0x2a6d6], [0x2a700, 0x2b734], [0x2b740, 0x2b81d], [0x2b820, 0x2cea1], [0x2ceb0, 0x2ebe0]];
  const characters = blocks.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)));
  // The twelve unified among the compatibility ideographs.
  const level3 = [...characters, ...'﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩'];
  expect(level3).toHaveLength(87_887);
  expect(fontsFor(level3.join('')).missing).toEqual([]);
});

test('a character without a glyph is told by its code point, and such a paper is not set', () => {
  const content = contentOf({ name: '李\u{323B0}', text: 'ᠮ', people: 1 });
  expect(missingGlyphs(content).sort()).toEqual(['U+182E', 'U+323B0']);
  expect(() => renderPaper(templateOf('receipt'), content, at)).toThrow('no glyph for');
});
