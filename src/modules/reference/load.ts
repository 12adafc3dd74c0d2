/**
 * Loads the catalogue's reference data into a database. Runs as the owner of the schema (set-up, seeding, the yearly
 * update), never in a request. Running it again changes only what has changed in the files.
 */
import type pg from 'pg';
import { canonicalJson, sha256 } from '../../kernel/ids.ts';
import { areaRecords } from './areas.ts';
import { catalogueDirectory, readReferenceFiles, type ReferenceFiles } from './catalogue-files.ts';
import { placeKeysOf } from './place-keys.ts';
import { romaniseOrganisation } from './romanise.ts';

export interface LoadOptions {
  /** Folder under `catalogue/bureaus`. */
  bureau: string;
  catalogue?: string;
  now?: Date;
}

interface Part {
  name: string;
  source: unknown;
  /** Statements that take the records as one json value, in order. */
  statements: string[];
  /** Rows are made once, however many databases take them: names are romanised and cut into search keys. */
  json: () => string;
}

function part(name: string, source: unknown, statements: string[], records: () => unknown): Part {
  let json: string | undefined;
  return { name, source, statements, json: () => (json ??= JSON.stringify(records())) };
}

const upsertAreas = `
  insert into reference.area (code, name, name_en, full_name, level, parent_code, is_statistical, valid_from, valid_to, successor_code,
                              name_grams, pinyin_keys)
  select * from json_to_recordset($1::json) as r (code text, name text, name_en text, full_name text, level text, parent_code text,
    is_statistical boolean, valid_from date, valid_to date, successor_code text, name_grams text[], pinyin_keys text[])
  on conflict (code) do update set
    name = excluded.name, name_en = excluded.name_en, full_name = excluded.full_name, level = excluded.level,
    parent_code = excluded.parent_code, is_statistical = excluded.is_statistical, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, successor_code = excluded.successor_code,
    name_grams = excluded.name_grams, pinyin_keys = excluded.pinyin_keys
  where (area.name, area.name_en, area.full_name, area.parent_code, area.valid_from, area.valid_to, area.successor_code, area.pinyin_keys)
     is distinct from (excluded.name, excluded.name_en, excluded.full_name, excluded.parent_code, excluded.valid_from, excluded.valid_to,
                       excluded.successor_code, excluded.pinyin_keys)`;

const upsertOrganisations = `
  insert into reference.organisation (org_code, name, name_en, level, parent_code, area_codes, phone, address, valid_from, valid_to,
                                      successor_code, name_grams, pinyin_keys)
  select * from json_to_recordset($1::json) as r (org_code text, name text, name_en text, level text, parent_code text,
    area_codes text[], phone text, address text, valid_from date, valid_to date, successor_code text, name_grams text[],
    pinyin_keys text[])
  on conflict (org_code) do update set
    name = excluded.name, name_en = excluded.name_en, level = excluded.level, parent_code = excluded.parent_code,
    area_codes = excluded.area_codes, phone = excluded.phone, address = excluded.address, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, successor_code = excluded.successor_code,
    name_grams = excluded.name_grams, pinyin_keys = excluded.pinyin_keys`;

const upsertCodeLists = `
  insert into reference.code_list (list, zh, en, standard)
  select list, zh, en, standard from json_to_recordset($1::json) as r (list text, zh text, en text, standard text)
  on conflict (list) do update set zh = excluded.zh, en = excluded.en, standard = excluded.standard`;

const upsertCodeListItems = `
  insert into reference.code_list_item (list, code, position, zh, en, is_selectable, valid_from, valid_to, attributes)
  select l.list, i.code, i.position, i.zh, i.en, i.is_selectable, i.valid_from, i.valid_to, i.attributes
  from json_to_recordset($1::json) as l (list text, items json),
       json_to_recordset(l.items) as i (code text, position integer, zh text, en text, is_selectable boolean, valid_from date,
                                         valid_to date, attributes jsonb)
  on conflict (list, code) do update set
    position = excluded.position, zh = excluded.zh, en = excluded.en, is_selectable = excluded.is_selectable,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to, attributes = excluded.attributes`;

/** A code that has gone from its file can no longer be chosen, but old records must still show it. */
const withdrawCodeListItems = `
  update reference.code_list_item as item set is_selectable = false
  where item.is_selectable and not exists (
    select from json_to_recordset($1::json) as l (list text, items json), json_to_recordset(l.items) as i (code text)
    where l.list = item.list and i.code = item.code)`;

const replaceCalendarYears = `
  insert into reference.calendar_year (year, status)
  select year, status from json_to_recordset($1::json -> 'years') as r (year integer, status text)
  on conflict (year) do update set status = excluded.status`;

const removeWorkingDays = `
  delete from reference.working_day
  where extract(year from day_on) in (select year from json_to_recordset($1::json -> 'years') as r (year integer))
    and day_on not in (select "on" from json_to_recordset($1::json -> 'days') as r ("on" date))`;

const upsertWorkingDays = `
  insert into reference.working_day (day_on, kind, zh, en)
  select "on", kind, zh, en from json_to_recordset($1::json -> 'days') as r ("on" date, kind text, zh text, en text)
  on conflict (day_on) do update set kind = excluded.kind, zh = excluded.zh, en = excluded.en`;

const upsertBureau = `
  insert into reference.bureau (bureau, zh, en, province_code, office_hours, switches, limits)
  select * from json_to_record($1::json) as r (bureau text, zh text, en text, province_code text, office_hours jsonb, switches jsonb, limits jsonb)
  on conflict (bureau) do update set zh = excluded.zh, en = excluded.en, province_code = excluded.province_code,
    office_hours = excluded.office_hours, switches = excluded.switches, limits = excluded.limits`;

function organisationRecords(organisations: ReferenceFiles['organisations']): unknown[] {
  return organisations.map((organisation) => {
    // 昆明市公安局五华分局大观派出所 is looked for as 大观, so its keys begin at each part of the name.
    const parts = organisation.name.split(/(?<=公安局|分局)(?=.)/u);
    const tails = parts.map((_, index) => parts.slice(index).join(''));
    const keys = tails.map(placeKeysOf);
    return {
      name_en: romaniseOrganisation(organisation.name),
      ...organisation,
      name_grams: keys[0]!.name_grams,
      pinyin_keys: [...new Set(keys.flatMap(({ pinyin_keys }) => pinyin_keys))],
    };
  });
}

function codeListRecords(lists: ReferenceFiles['code_lists']): unknown[] {
  return lists.map(({ items, ...list }) => ({
    ...list,
    items: items.map(({ code, zh, en, selectable = true, valid_from, valid_to, ...attributes }, index) => ({
      code, position: index + 1, zh, en, is_selectable: selectable, valid_from, valid_to, attributes,
    })),
  }));
}

function partsOf(files: ReferenceFiles): Part[] {
  const { divisions, retired, communities, code_lists, calendar, organisations, bureau } = files;
  return [
    part('areas', [divisions, retired, communities], [upsertAreas], () => areaRecords(divisions, retired, communities)),
    part('organisations', organisations, [upsertOrganisations], () => organisationRecords(organisations)),
    part('codes', code_lists, [upsertCodeLists, upsertCodeListItems, withdrawCodeListItems], () => codeListRecords(code_lists)),
    part('calendar', calendar, [replaceCalendarYears, removeWorkingDays, upsertWorkingDays], () => calendar),
    part('bureau', bureau, [upsertBureau], () => bureau),
  ];
}

/** Raised when the way rows are made from the files changes, so that an unchanged file is loaded again. */
const LOADER_VERSION = 1;

/**
 * Brings the reference data of databases up to the catalogue, each in one transaction.
 * @param owners pools that act as the owner of the schema, not as the application role
 * @returns for each, the parts that were loaded; none when nothing had changed
 * @throws Error when there is no such bureau, a file is faulty, or a database belongs to another bureau
 */
export async function loadReference(owners: readonly pg.Pool[], options: LoadOptions): Promise<string[][]> {
  const parts = partsOf(readReferenceFiles(options.bureau, options.catalogue ?? catalogueDirectory));
  return Promise.all(owners.map((owner) => loadInto(owner, parts, options.now ?? new Date())));
}

async function loadInto(owner: pg.Pool, parts: readonly Part[], now: Date): Promise<string[]> {
  const client = await owner.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('reference.load'))`);
    const { rows } = await client.query<{ part: string; digest: string }>('select part, digest from reference.load order by part limit 100');
    const before = new Map(rows.map(({ part, digest }) => [part, digest]));
    const loaded: string[] = [];
    for (const { name, source, statements, json } of parts) {
      const digest = sha256(canonicalJson([LOADER_VERSION, source]));
      if (before.get(name) === digest) continue;
      for (const statement of statements) await client.query(statement, [json()]);
      await client.query(
        `insert into reference.load (part, digest, loaded_at) values ($1, $2, $3)
         on conflict (part) do update set digest = excluded.digest, loaded_at = excluded.loaded_at`,
        [name, digest, now],
      );
      loaded.push(name);
    }
    await client.query('commit');
    if (loaded.length > 0) await client.query('analyze reference.area, reference.organisation, reference.code_list_item');
    return loaded;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
