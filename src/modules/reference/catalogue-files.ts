/** Reads the reference data of the catalogue. Every fault is told with its file and line, so that it can be mended there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrganisationLevel } from './organisations.ts';
import type { ExceptionalDay, OfficeSpan } from './working-time.ts';

export const catalogueDirectory = join(import.meta.dirname, '../../../catalogue');

export interface NamedCode {
  code: string;
  name: string;
}

export interface RetiredDivision extends NamedCode {
  first_seen: string;
  last_seen: string;
  successor: string;
}

export interface CodeListFile {
  list: string;
  zh: string;
  en: string;
  standard: string | null;
  items: Array<{ code: string; zh: string; en: string; selectable?: boolean; valid_from?: string; valid_to?: string } & Record<string, unknown>>;
}

export interface CalendarFile {
  years: Array<{ year: number; status: 'announced' | 'provisional' }>;
  days: Array<ExceptionalDay & { zh: string; en: string }>;
}

export interface OrganisationFile {
  organisations: Array<{
    org_code: string;
    name: string;
    name_en?: string;
    level: OrganisationLevel;
    parent_code: string | null;
    area_codes: string[];
    phone?: string;
    address?: string;
    valid_from?: string;
    valid_to?: string;
    successor_code?: string;
  }>;
}

export interface BureauFile {
  bureau: string;
  zh: string;
  en: string;
  province_code: string;
  office_hours: OfficeSpan[];
  switches: Record<string, unknown>;
  limits: Record<string, number>;
}

export interface ReferenceFiles {
  divisions: NamedCode[];
  retired: RetiredDivision[];
  communities: NamedCode[];
  code_lists: CodeListFile[];
  calendar: CalendarFile;
  organisations: OrganisationFile['organisations'];
  bureau: BureauFile;
}

/** @throws Error naming file and line when a row has not as many columns as the heading */
function readCsv<T>(path: string): T[] {
  const [heading = '', ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = heading.split(',');
  return rows.map((row, index) => {
    const cells = row.split(',');
    if (cells.length !== columns.length) {
      throw new Error(`${path}, line ${index + 2}: ${columns.length} columns expected (${heading}), found ${cells.length}`);
    }
    return Object.fromEntries(columns.map((column, at) => [column, cells[at]!])) as T;
  });
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Names of the bureaus there are. */
export function listBureaus(directory: string = catalogueDirectory): string[] {
  return readdirSync(join(directory, 'bureaus'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * All reference data for one bureau.
 * @throws Error when there is no such bureau or a file cannot be read
 */
export function readReferenceFiles(bureau: string, directory: string = catalogueDirectory): ReferenceFiles {
  const known = listBureaus(directory);
  if (!known.includes(bureau)) throw new Error(`没有公安机关“${bureau}”,可选:${known.join('、')} · no bureau "${bureau}"; choose one of ${known.join(', ')}`);
  const ofBureau = (name: string): string => join(directory, 'bureaus', bureau, name);
  const codes = join(directory, 'codes');
  return {
    divisions: readCsv(join(directory, 'areas/divisions.csv')),
    retired: readCsv(join(directory, 'areas/retired.csv')),
    communities: readCsv(ofBureau('communities.csv')),
    code_lists: readdirSync(codes).filter((file) => file.endsWith('.json')).sort().map((file) => readJson<CodeListFile>(join(codes, file))),
    calendar: readJson(join(directory, 'calendar/working-days.json')),
    organisations: readJson<OrganisationFile>(ofBureau('organisations.json')).organisations,
    bureau: readJson(ofBureau('bureau.json')),
  };
}
