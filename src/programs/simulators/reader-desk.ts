/** What lies on the desk of the reader bridge simulator: cards, pages and what the camera sees, all made up and marked so. */
import { randomInt } from 'node:crypto';
import sharp from 'sharp';
import type { BirthCertificate, BookletPage, Card, PageReading, Picture } from '../reader/contract.ts';

/** Somebody of the demonstration with the card in the pocket and the page of the booklet. */
export interface DemoCard {
  /** Who this is in the demonstration. */
  about: { zh: string; en: string };
  name: string;
  id_number: string;
  sex: '1' | '2';
  ethnicity: string;
  birth_on: string;
  address: string;
  household_no: string;
  /** Relation to the head in words, as the booklet prints it. */
  relation: string;
  /** The other parent of the child that this mother has just borne. */
  father_of_newborn?: { name: string; id_number: string };
}

/** What the desk can be told: a card of somebody, or one of the things that go wrong. */
export type OnReader = { card: Card } | { fault: 'no_card' | 'not_an_identity_card' | 'unreadable' | 'busy' | 'no_device' };
export type UnderCamera = { title: string; lines: readonly string[]; booklet: BookletPage | null; birth_certificate: BirthCertificate | null } | null;

const validFrom = '2021-03-01';

export function residentCardOf(person: DemoCard): Card {
  const { name, id_number, sex, ethnicity, birth_on, address } = person;
  return { kind: 'resident', name, id_number, sex, ethnicity, birth_on, address, issued_by: '演示公安局', valid_from: validFrom, valid_until: '2041-03-01' };
}

/** Two cards whose holders have no entry in the register. Number and people are invented. */
export const strangersCards: Record<'foreign' | 'hong_kong_macao_taiwan', Card> = {
  foreign: { kind: 'foreign_permanent', name: 'SPECIMEN, ANNA', name_zh: '安娜', sex: '2', birth_on: '1988-04-12', card_number: '911156198804120123', nationality: 'AUT', valid_from: validFrom, valid_until: '2031-03-01' },
  hong_kong_macao_taiwan: {
    kind: 'hong_kong_macao_taiwan', name: '陈样本', sex: '1', birth_on: '1990-06-15', id_number: '810000199006150099', pass_number: 'H00000000', address: '云南省昆明市五华区演示路 1 号',
    valid_from: validFrom, valid_until: '2031-03-01',
  },
};

/** A certificate for a child born a few days ago; its number is new each time, as each serves once. */
export function newbornOf(mother: DemoCard, today = new Date()): BirthCertificate {
  const father = mother.father_of_newborn ?? null;
  const number = `Z53${String(randomInt(0, 10_000_000)).padStart(7, '0')}`;
  return {
    number, child_name: `${[...(father ?? mother).name][0]}小满`, sex: Number(number.at(-1)) % 2 === 0 ? '2' : '1', birth_on: new Date(today.getTime() - 5 * 86_400_000).toISOString().slice(0, 10), birth_time: '07:35',
    mother: { name: mother.name, id_number: mother.id_number }, father,
  };
}

export function bookletPageOf({ name, household_no, relation, sex, birth_on, id_number }: DemoCard): BookletPage {
  return { household_no, name, relation, sex, birth_on, id_number };
}

export function linesOfBooklet({ household_no, name, relation, sex, birth_on, id_number }: BookletPage): string[] {
  return [`户号 ${household_no}`, `姓名 ${name}    户主或与户主关系 ${relation}`, `性别 ${sex === '1' ? '男' : '女'}    出生日期 ${birth_on}`, `公民身份证件编号 ${id_number}`];
}

export function linesOfCertificate({ number, child_name, sex, birth_on, birth_time, mother, father }: BirthCertificate): string[] {
  return [
    `出生证编号 ${number}`, `新生儿姓名 ${child_name}    性别 ${sex === '1' ? '男' : '女'}`, `出生时间 ${birth_on} ${birth_time ?? ''}`, `母亲 ${mother.name} ${mother.id_number}`,
    father === null ? '父亲 未填写' : `父亲 ${father.name} ${father.id_number}`,
  ];
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeText = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character]!);

/** A page as the document camera gives it: straightened and cut to its edge. */
async function drawn(title: string, lines: readonly string[]): Promise<Omit<Picture, 'device' | 'read_at'>> {
  const [width, height] = [1240, 874];
  const rows = lines.map((line, index) => `<text x="110" y="${300 + index * 92}" font-size="36">${escapeText(line)}</text><line x1="110" y1="${318 + index * 92}" x2="1130" y2="${318 + index * 92}" stroke="#b9b2a2" stroke-width="2"/>`).join('');
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Noto Serif CJK SC, Noto Serif SC, serif" fill="#2b2a28"><rect width="${width}" height="${height}" fill="#f6f1e4"/>
    <rect x="48" y="48" width="${width - 96}" height="${height - 96}" fill="none" stroke="#9a3a2c" stroke-width="4"/><text x="${width / 2}" y="180" font-size="60" font-weight="bold" text-anchor="middle" fill="#9a3a2c">${escapeText(title)}</text>${rows}
    <text x="${width / 2}" y="${height - 84}" font-size="26" text-anchor="middle" fill="#9a3a2c">演示样本 · 内容虚构</text></svg>`;
  const bytes = await sharp(Buffer.from(page)).jpeg({ quality: 80 }).toBuffer();
  return { media_type: 'image/jpeg', data: bytes.toString('base64'), width, height };
}

export async function pictureOf(under: NonNullable<UnderCamera>, device: string, read_at: string): Promise<PageReading> {
  return { device, read_at, ...await drawn(under.title, under.lines), booklet: under.booklet, birth_certificate: under.birth_certificate };
}
