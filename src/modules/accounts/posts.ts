/** Posts and leave cover: who may act for which unit, from which day to which. */
import { actorId, legalDay, newId, Refusal, type Context, type InputOf } from '../../kernel/index.ts';
import { getOrganisation } from '../reference/index.ts';
import type { contract } from './contract.ts';
import { askForFreshProof, endSessions } from './officer-session.ts';
import { getOfficerInReach, isInReach, reachOf, type OfficerInReach } from './reach.ts';
import { clashingServices, covers, type Level, type OfficerKind } from './rights.ts';
import type { Role } from './roles.ts';

interface RoleRow {
  role: string; label_zh: string; label_en: string; level: Level | 'SYSTEM'; duty: Role['duty']; kinds: OfficerKind[];
}

const roleColumns = 'role, label_zh, label_en, level, duty, kinds';

/** The roles there are, for the form that gives a post. */
export async function listRoles(context: Context) {
  const roles = await context.query<RoleRow>(`select ${roleColumns} from accounts.role order by level, role limit 200`);
  return { roles: roles.map(({ label_zh, label_en, ...role }) => ({ ...role, label: { zh: label_zh, en: label_en } })) };
}

async function getRole(context: Context, role: string): Promise<RoleRow> {
  const [found] = await context.query<RoleRow>(`select ${roleColumns} from accounts.role where role = $1`, [role]);
  if (found === undefined) throw new Refusal('accounts.unknown_role');
  return found;
}

interface Days {
  valid_from: string;
  valid_to: string | null;
}

export interface Holder {
  officer_id: string;
  name: string;
  police_number: string;
  role: string;
  role_label: { zh: string; en: string };
  /** Whose post it is while the holder covers it; null in a post of one's own. */
  covers_for: string | null;
}

/**
 * Officers of one unit who hold a right for a service today, in a post of their own or covering one.
 * Auxiliary staff hold none that this is asked for: what they may do is given to nobody by name.
 */
export async function listHolders(context: Context, of: { org_code: string; permission: string; service_code: string }): Promise<Holder[]> {
  const rows = await context.query<Omit<Holder, 'role_label'> & { label_zh: string; label_en: string; patterns: string[] }>(
    `with held as (
       select p.officer_id, p.role, null::uuid as of_officer from accounts.post p
       where p.org_code = $1 and p.valid_from <= $2 and (p.valid_to is null or p.valid_to > $2)
       union all
       select c.officer_id, p.role, p.officer_id from accounts.leave_cover c join accounts.post p on p.post_id = c.post_id
       where p.org_code = $1 and p.valid_from <= $2 and (p.valid_to is null or p.valid_to > $2) and c.valid_from <= $2 and c.valid_to > $2)
     select o.officer_id, o.name, o.police_number, held.role, r.label_zh, r.label_en, absent.name as covers_for, array_agg(g.service_pattern) as patterns
     from held join accounts.officer o on o.officer_id = held.officer_id and o.status = 'active' and o.kind = 'police'
     join accounts.role r on r.role = held.role
     join accounts.role_right g on g.role = held.role and g.act = $3 and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2)
     left join accounts.officer absent on absent.officer_id = held.of_officer
     group by o.officer_id, held.role, r.label_zh, r.label_en, absent.name order by o.police_number, held.role limit 100`,
    [of.org_code, legalDay(context.now), of.permission]);
  return rows.filter(({ patterns }) => patterns.some((pattern) => covers(pattern, of.service_code)))
    .map(({ label_zh, label_en, patterns: _, ...holder }) => ({ ...holder, role_label: { zh: label_zh, en: label_en } }));
}

/** Days must lie in order and not in the past; what is set up from the server may begin earlier. */
function refuseDisorder(context: Context, { valid_from, valid_to }: Days): void {
  const past = context.actor.kind === 'officer' && valid_from < legalDay(context.now);
  if (past || (valid_to !== null && valid_to <= valid_from)) throw new Refusal('accounts.days_not_in_order');
}

/**
 * What is lawful between an officer and a role: the kind of staff, the other duties of the same person,
 * and entry and approval in two hands.
 * @throws Refusal accounts.officer_left, accounts.role_not_for_kind, accounts.duties_apart, accounts.duties_clash
 */
async function refuseUnlawfulDuty(context: Context, officer: OfficerInReach, role: RoleRow, days: Days): Promise<void> {
  if (officer.status === 'left') throw new Refusal('accounts.officer_left');
  if (!role.kinds.includes(officer.kind)) throw new Refusal('accounts.role_not_for_kind');
  const held = await context.query<{ role: string; duty: string }>(
    `select distinct p.role, p.duty from accounts.post p
     where daterange(p.valid_from, p.valid_to) && daterange($2, $3)
       and (p.officer_id = $1 or exists (
         select from accounts.leave_cover c where c.post_id = p.post_id and c.officer_id = $1 and daterange(c.valid_from, c.valid_to) && daterange($2, $3)))
     order by p.role limit 50`, [officer.officer_id, days.valid_from, days.valid_to]);
  if (held.some(({ duty }) => duty !== role.duty)) throw new Refusal('accounts.duties_apart');
  const rights = await context.query<{ role: string; act: string; service_pattern: string }>(
    `select role, act, service_pattern from accounts.role_right
     where role = any($1) and (valid_to is null or valid_to > $2) order by role, act, service_pattern`, [[role.role, ...held.map((other) => other.role)], days.valid_from]);
  const wanted = rights.filter((right) => right.role === role.role);
  const services = clashingServices(wanted, rights.filter((right) => right.role !== role.role));
  if (services.length > 0) throw new Refusal('accounts.duties_clash', { services: services.join('、') });
}

/** Administrators are appointed by the unit above, so that no unit supervises itself. */
function refuseSelfAppointment(context: Context, duty: Role['duty'], org_code: string): void {
  if (duty !== 'business' && context.actor.kind === 'officer' && context.actor.org_code === org_code) throw new Refusal('accounts.appointed_from_above');
}

/**
 * @throws Refusal accounts.confirm_again, kernel.not_found, accounts.own_account, accounts.unknown_role, accounts.role_not_for_unit,
 * accounts.appointed_from_above, accounts.days_not_in_order, accounts.post_held and what {@link refuseUnlawfulDuty} refuses
 */
export async function assignPost(context: Context, input: InputOf<typeof contract.assignPost>) {
  await askForFreshProof(context);
  const officer = await getOfficerInReach(context, input.officer_id);
  const role = await getRole(context, input.role);
  if (!isInReach(context, input.org_code)) throw new Refusal('kernel.not_found');
  const { organisation } = await getOrganisation(context, { org_code: input.org_code });
  if (role.level !== 'SYSTEM' && role.level !== organisation.level) throw new Refusal('accounts.role_not_for_unit');
  refuseSelfAppointment(context, role.duty, input.org_code);
  const days = { valid_from: input.valid_from, valid_to: input.valid_to ?? null };
  refuseDisorder(context, days);
  await refuseUnlawfulDuty(context, officer, role, days);
  const post_id = newId();
  await context.query(
    `insert into accounts.post (post_id, officer_id, role, duty, org_code, valid_from, valid_to, document_no, assigned_at, assigned_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [post_id, officer.officer_id, role.role, role.duty, input.org_code, days.valid_from, days.valid_to, input.document_no ?? null, context.now, actorId(context.actor)]);
  context.audit({ detail: { post_id, officer_id: officer.officer_id, role: role.role, org_code: input.org_code } });
  return { post_id };
}

interface PostInReach {
  post_id: string; officer_id: string; role: string; duty: Role['duty']; org_code: string; valid_from: string; valid_to: string | null;
}

/** A post of the jurisdiction, locked. @throws Refusal kernel.not_found, accounts.own_account, accounts.appointed_from_above */
async function getPostInReach(context: Context, post_id: string): Promise<PostInReach> {
  const [post] = await context.query<PostInReach>('select post_id, officer_id, role, duty, org_code, valid_from, valid_to from accounts.post where post_id = $1 for update', [post_id]);
  if (post === undefined || !isInReach(context, post.org_code)) throw new Refusal('kernel.not_found');
  if (post.officer_id === actorId(context.actor)) throw new Refusal('accounts.own_account');
  refuseSelfAppointment(context, post.duty, post.org_code);
  return post;
}

/** Ends a post today or on a later day; cover of it ends with it. @throws Refusal as {@link getPostInReach}, accounts.confirm_again */
export async function endPost(context: Context, input: InputOf<typeof contract.endPost>): Promise<void> {
  await askForFreshProof(context);
  const post = await getPostInReach(context, input.post_id);
  const today = legalDay(context.now);
  if (input.valid_to !== undefined && input.valid_to < today) throw new Refusal('accounts.days_not_in_order');
  const end = [input.valid_to ?? today, post.valid_from].sort().at(-1)!;
  if (post.valid_to !== null && post.valid_to <= end) return;
  const by = actorId(context.actor);
  await context.query('update accounts.post set valid_to = $2, ended_at = $3, ended_by = $4 where post_id = $1', [post.post_id, end, context.now, by]);
  await context.query(
    'update accounts.leave_cover set valid_to = greatest(valid_from, $2::date), ended_at = $3, ended_by = $4 where post_id = $1 and valid_to > $2::date', [post.post_id, end, context.now, by]);
  if (end <= today) await endSessions(context, { post_id: post.post_id }, 'post_ended');
  context.audit({ detail: { post_id: post.post_id, officer_id: post.officer_id, valid_to: end } });
}

/** A chief arranges the cover of the own unit; whoever gives posts, that of the whole jurisdiction. @throws Refusal kernel.not_found */
function refuseOtherUnit(context: Context, post: PostInReach): void {
  const { actor } = context;
  if (actor.kind === 'officer' && !actor.permissions.has('accounts.manage_posts') && post.org_code !== actor.org_code) throw new Refusal('kernel.not_found');
}

/** Cover of posts that the caller may arrange, present and to come. */
export async function listLeaveCovers(context: Context) {
  const { org_from, org_to } = reachOf(context);
  const own = context.actor.kind === 'officer' && !context.actor.permissions.has('accounts.manage_posts') ? context.actor.org_code : null;
  const today = legalDay(context.now);
  const covers = await context.query<{
    cover_id: string; post_id: string; label_zh: string; label_en: string; org_code: string; absent_name: string; officer_id: string; officer_name: string; valid_from: string; valid_to: string; document_no: string;
  }>(
    `select c.cover_id, c.post_id, r.label_zh, r.label_en, p.org_code, absent.name as absent_name, c.officer_id, o.name as officer_name, c.valid_from, least(c.valid_to, p.valid_to) as valid_to, c.document_no
     from accounts.leave_cover c join accounts.post p on p.post_id = c.post_id join accounts.role r on r.role = p.role
     join accounts.officer absent on absent.officer_id = p.officer_id join accounts.officer o on o.officer_id = c.officer_id
     where p.org_code >= $1 and p.org_code < $2 and ($3::text is null or p.org_code = $3) and c.valid_to > $4 and c.valid_to > c.valid_from
     order by c.valid_from, c.cover_id limit 200`, [org_from, org_to, own, today]);
  return { covers: covers.map(({ label_zh, label_en, ...cover }) => ({ ...cover, role_label: { zh: label_zh, en: label_en }, in_force: cover.valid_from <= today })) };
}

/** Written delegation for a dated period. @throws Refusal as {@link getPostInReach} and {@link refuseUnlawfulDuty}, accounts.confirm_again, accounts.cover_held */
export async function grantLeaveCover(context: Context, input: InputOf<typeof contract.grantLeaveCover>) {
  await askForFreshProof(context);
  const post = await getPostInReach(context, input.post_id);
  refuseOtherUnit(context, post);
  if (post.officer_id === input.officer_id) throw new Refusal('accounts.post_held');
  const officer = await getOfficerInReach(context, input.officer_id);
  refuseDisorder(context, input);
  await refuseUnlawfulDuty(context, officer, await getRole(context, post.role), input);
  const cover_id = newId();
  await context.query(
    `insert into accounts.leave_cover (cover_id, post_id, officer_id, valid_from, valid_to, document_no, granted_at, granted_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [cover_id, post.post_id, officer.officer_id, input.valid_from, input.valid_to, input.document_no, context.now, actorId(context.actor)]);
  context.audit({ detail: { cover_id, post_id: post.post_id, officer_id: officer.officer_id } });
  return { cover_id };
}

/** @throws Refusal as {@link getPostInReach}, accounts.confirm_again */
export async function endLeaveCover(context: Context, input: InputOf<typeof contract.endLeaveCover>): Promise<void> {
  await askForFreshProof(context);
  const [cover] = await context.query<{ post_id: string; officer_id: string }>('select post_id, officer_id from accounts.leave_cover where cover_id = $1 for update', [input.cover_id]);
  if (cover === undefined) throw new Refusal('kernel.not_found');
  refuseOtherUnit(context, await getPostInReach(context, cover.post_id));
  const today = legalDay(context.now);
  await context.query(
    'update accounts.leave_cover set valid_to = greatest(valid_from, $2::date), ended_at = $3, ended_by = $4 where cover_id = $1 and valid_to > $2::date',
    [input.cover_id, today, context.now, actorId(context.actor)]);
  await context.query(
    `update accounts.officer_session set ended_at = $3, ended_reason = 'post_ended' where post_id = $1 and officer_id = $2 and ended_at is null`,
    [cover.post_id, cover.officer_id, context.now]);
  context.audit({ detail: { cover_id: input.cover_id, officer_id: cover.officer_id } });
}
