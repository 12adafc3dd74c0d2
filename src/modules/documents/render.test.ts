import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { renderPaper, type Paper } from './render.ts';

const paper: Paper = {
  title: '户口迁移审批通知书', title_en: 'Notice of approval of a move', issuer: '昆明市公安局五华分局', number_label: '编号', number: '5301025000002026112300001', addressee: '阿依古丽·买买提江:',
  paragraphs: ['您申请的省内跨州市移居已经办结。'], rows: [['迁入地址', '云南省昆明市五华区护国街道 12 号'], ['名字', '#panic("x") $x$ *不是标记* 𬭊䶮']],
  people_header: ['姓名', '性别', '出生日期', '公民身份号码', '与户主关系'], people: [['李䶮', '男', '1980-01-01', '530102********9011', '户主']],
  closing: [], issued_on: '2026年11月23日', footer: '户政', synthetic: '演示数据',
};
const at = new Date('2026-11-23T02:00:00Z');

test('a paper is a PDF/A-2b of the same bytes whenever it is made again', () => {
  const bytes = Buffer.from(renderPaper(paper, at));
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.includes('pdfaid:part')).toBe(true);
  expect(Buffer.from(renderPaper(paper, at)).equals(bytes)).toBe(true);
});

test('what a person typed is printed and never run', () => {
  expect(() => renderPaper({ ...paper, addressee: '#read("/etc/passwd")', paragraphs: ['#import "x.typ"', '$ \\ ] [ #'] }, at)).not.toThrow();
});

test('Chinese text with rare characters can be read back from the paper', (context) => {
  let text: string;
  try {
    text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: renderPaper(paper, at) }).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return context.skip('pdftotext is not installed');
    throw error;
  }
  for (const part of ['户口迁移审批通知书', '阿依古丽·买买提江', '李䶮', '*不是标记*', '#panic("x")']) expect(text).toContain(part);
});
