/** Roles as the catalogue states them (catalogue/roles, one file per role), and their way into the database. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { legalDay, type Text } from '../../kernel/index.ts';
import { clashingServices, type Level, type OfficerKind } from './rights.ts';

export const roleDirectory = join(import.meta.dirname, '../../../catalogue/roles');

export interface Role {
  role: string;
  label: Text;
  about: Text;
  /** `SYSTEM`: the role exists at every level. */
  level: Level | 'SYSTEM';
  duty: 'business' | 'system' | 'security' | 'audit';
  /** Whom it may be given to. */
  kinds: OfficerKind[];
  valid_from: string;
  /** act → patterns of service codes */
  rights: Record<string, string[]>;
}

/** The rights of a role one by one. */
export function rightsOf(role: Role): Array<{ act: string; service_pattern: string }> {
  return Object.entries(role.rights).flatMap(([act, patterns]) => patterns.map((service_pattern) => ({ act, service_pattern })));
}

/**
 * Reads the role files.
 * @throws Error naming the file: a wrong file name, a malformed right, or entry and approval of a service in one role
 */
export function readRoles(directory: string = roleDirectory): Role[] {
  return readdirSync(directory).filter((file) => file.endsWith('.json')).sort().map((file) => {
    const role = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Role;
    const fault = (text: string): never => {
      throw new Error(`catalogue/roles/${file}: ${text}`);
    };
    if (`${role.role}.json` !== file) fault(`the role is named ${role.role}`);
    for (const { act, service_pattern } of rightsOf(role)) {
      if (!/^[a-z]+\.[a-z_]+$/.test(act)) fault(`${act} is not of the form module.verb_noun`);
      if (!/^(\*|[\dE]\d\*|[\dE]\d{3})$/.test(service_pattern)) fault(`${act}: ${service_pattern} is not *, NN*, E1*, NNNN or E1NN`);
    }
    const clashes = clashingServices(rightsOf(role), rightsOf(role));
    if (clashes.length > 0) fault(`entry and approval of ${clashes.join(', ')} lie in one hand`);
    return role;
  });
}

const upsertRoles = `
  insert into accounts.role (role, label_zh, label_en, level, duty, kinds)
  select role, label_zh, label_en, level, duty, kinds
  from jsonb_to_recordset($1::jsonb) as r (role text, label_zh text, label_en text, level text, duty text, kinds text[])
  on conflict (role) do update set
    label_zh = excluded.label_zh, label_en = excluded.label_en, level = excluded.level, duty = excluded.duty, kinds = excluded.kinds
  where (role.label_zh, role.label_en, role.level, role.duty, role.kinds)
     is distinct from (excluded.label_zh, excluded.label_en, excluded.level, excluded.duty, excluded.kinds)`;

/** A right that has gone from its file ends today and stays on record. */
const endRights = `
  update accounts.role_right as held set valid_to = greatest(held.valid_from, $2::date)
  where (held.valid_to is null or held.valid_to > $2::date) and not exists (
    select from jsonb_to_recordset($1::jsonb) as r (role text, act text, service_pattern text, level text)
    where (r.role, r.act, r.service_pattern, r.level) = (held.role, held.act, held.service_pattern, held.level))`;

/** A right that is new begins with its file; one that had ended begins again today. */
const beginRights = `
  insert into accounts.role_right (role, act, service_pattern, level, valid_from)
  select r.role, r.act, r.service_pattern, r.level,
         case when exists (select from accounts.role_right as past where (past.role, past.act, past.service_pattern) = (r.role, r.act, r.service_pattern))
              then greatest(r.valid_from, $2::date) else r.valid_from end
  from jsonb_to_recordset($1::jsonb) as r (role text, act text, service_pattern text, level text, valid_from date)
  where not exists (
    select from accounts.role_right as held
    where (held.role, held.act, held.service_pattern, held.level) = (r.role, r.act, r.service_pattern, r.level)
      and (held.valid_to is null or held.valid_to > $2::date))
  on conflict (role, act, service_pattern, valid_from) do update set valid_to = null, level = excluded.level`;

/**
 * Brings the roles of the catalogue into the database; running it again changes only what the files
 * changed. Rights are never deleted, they end. Runs as the owner of the schema, as programs may only read roles.
 * @param pool a connection pool of the owner
 */
export async function loadRoles(pool: pg.Pool, options: { directory?: string; now?: Date } = {}): Promise<void> {
  const roles = readRoles(options.directory);
  const today = legalDay(options.now ?? new Date());
  const rights = JSON.stringify(roles.flatMap((role) => rightsOf(role).map((right) => ({ ...right, role: role.role, level: role.level, valid_from: role.valid_from }))));
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(upsertRoles, [JSON.stringify(roles.map((role) => ({ ...role, label_zh: role.label.zh, label_en: role.label.en })))]);
    await client.query(endRights, [rights, today]);
    await client.query(beginRights, [rights, today]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
