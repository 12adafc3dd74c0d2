/**
 * Accounts of officers from opening to leaving. The administrator hands out an enrolment code and
 * never learns a password or a secret: the officer chooses the one and receives the other alone.
 */
import { randomBytes } from 'node:crypto';
import { actorId, legalDay, newId, Refusal, type Context, type InputOf, type NetworkKeys } from '../../kernel/index.ts';
import { getOrganisation } from '../reference/index.ts';
import { attemptOf, holdBack, passAttempt, refuseAttempt } from './attempts.ts';
import { readCertificate } from './certificates.ts';
import { sealSecret } from './codes.ts';
import type { contract } from './contract.ts';
import { askForFreshProof, digestOf, endSessions } from './officer-session.ts';
import { hashPassword, isStrongPassword } from './password.ts';
import { getOfficerInReach, isInReach, reachOf } from './reach.ts';
import { base32, otpauthUri } from './totp.ts';

const enrolmentHours = 72;

function newEnrolment(context: Context): { code: string; digest: string; expires_at: Date } {
  const text = base32(randomBytes(15)).slice(0, 20);
  return { code: text.match(/.{5}/g)!.join('-'), digest: digestOf(text), expires_at: new Date(context.now.getTime() + enrolmentHours * 3_600_000) };
}

/** @throws Refusal accounts.confirm_again, kernel.not_found, reference.unknown_organisation, accounts.police_number_taken */
export async function registerOfficer(context: Context, input: InputOf<typeof contract.registerOfficer>) {
  await askForFreshProof(context);
  if (!isInReach(context, input.org_code)) throw new Refusal('kernel.not_found');
  await getOrganisation(context, { org_code: input.org_code });
  const officer_id = newId();
  const enrolment = newEnrolment(context);
  await context.query(
    `insert into accounts.officer (officer_id, police_number, name, kind, phone, org_code, status, enrolment_digest, enrolment_expires_at, registered_at, registered_by)
     values ($1, $2, $3, $4, $5, $6, 'enrolling', $7, $8, $9, $10)`,
    [officer_id, input.police_number.toUpperCase(), input.name, input.kind, input.phone ?? null, input.org_code, enrolment.digest, enrolment.expires_at, context.now, actorId(context.actor)]);
  context.audit({ detail: { officer_id } });
  return { officer_id, enrolment_code: enrolment.code, expires_at: enrolment.expires_at.toISOString() };
}

/** @throws Refusal accounts.confirm_again, kernel.not_found, accounts.own_account, accounts.officer_left */
export async function renewEnrolment(context: Context, input: InputOf<typeof contract.renewEnrolment>) {
  await askForFreshProof(context);
  const { officer_id, status } = await getOfficerInReach(context, input.officer_id);
  if (status === 'left') throw new Refusal('accounts.officer_left');
  const enrolment = newEnrolment(context);
  await context.query(
    `update accounts.officer set status = 'enrolling', enrolment_digest = $2, enrolment_expires_at = $3, password_hash = null, totp_sealed = null
     where officer_id = $1`, [officer_id, enrolment.digest, enrolment.expires_at]);
  await context.query('delete from accounts.passkey where officer_id = $1', [officer_id]);
  await context.query('delete from accounts.sign_in_challenge where officer_id = $1', [officer_id]);
  await endSessions(context, { officer_id }, 'credentials_renewed');
  context.audit({ detail: { officer_id } });
  return { enrolment_code: enrolment.code, expires_at: enrolment.expires_at.toISOString() };
}

/** @throws Refusal accounts.confirm_again, kernel.not_found, accounts.own_account */
export async function endService(context: Context, input: InputOf<typeof contract.endService>): Promise<void> {
  await askForFreshProof(context);
  const { officer_id } = await getOfficerInReach(context, input.officer_id);
  const today = legalDay(context.now);
  const by = actorId(context.actor);
  await context.query(
    `update accounts.officer set status = 'left', left_at = $2, left_by = $3, enrolment_digest = null, password_hash = null, totp_sealed = null
     where officer_id = $1 and status <> 'left'`, [officer_id, context.now, by]);
  await context.query(
    `update accounts.post set valid_to = greatest(valid_from, $2::date), ended_at = $3, ended_by = $4
     where officer_id = $1 and (valid_to is null or valid_to > $2::date)`, [officer_id, today, context.now, by]);
  await context.query(
    `update accounts.leave_cover c set valid_to = greatest(c.valid_from, $2::date), ended_at = $3, ended_by = $4
     from accounts.post p where p.post_id = c.post_id and (c.officer_id = $1 or p.officer_id = $1) and c.valid_to > $2::date`, [officer_id, today, context.now, by]);
  await context.query('update accounts.client_certificate set revoked_at = $2, revoked_by = $3 where officer_id = $1 and revoked_at is null', [officer_id, context.now, by]);
  await context.query('delete from accounts.passkey where officer_id = $1', [officer_id]);
  await endSessions(context, { officer_id }, 'left');
  context.audit({ detail: { officer_id } });
}

/** @throws Refusal accounts.confirm_again, kernel.not_found, accounts.own_account, accounts.officer_left, accounts.certificate_unreadable, accounts.certificate_held */
export async function addCertificate(context: Context, input: InputOf<typeof contract.addCertificate>) {
  await askForFreshProof(context);
  const { officer_id, status } = await getOfficerInReach(context, input.officer_id);
  if (status === 'left') throw new Refusal('accounts.officer_left');
  const certificate = readCertificate(input.certificate);
  if (certificate === undefined) throw new Refusal('accounts.certificate_unreadable');
  await context.query(
    'insert into accounts.client_certificate (fingerprint, officer_id, subject, valid_from, valid_to, added_at, added_by) values ($1, $2, $3, $4, $5, $6, $7)',
    [certificate.fingerprint, officer_id, certificate.subject, certificate.valid_from, certificate.valid_to, context.now, actorId(context.actor)]);
  return { fingerprint: certificate.fingerprint, subject: certificate.subject, valid_to: certificate.valid_to.toISOString() };
}

/** @throws Refusal accounts.confirm_again, kernel.not_found, accounts.own_account */
export async function revokeCertificate(context: Context, input: InputOf<typeof contract.revokeCertificate>): Promise<void> {
  await askForFreshProof(context);
  const { officer_id } = await getOfficerInReach(context, input.officer_id);
  const revoked = await context.query(
    'update accounts.client_certificate set revoked_at = $3, revoked_by = $4 where officer_id = $1 and fingerprint = $2 and revoked_at is null returning fingerprint',
    [officer_id, input.fingerprint, context.now, actorId(context.actor)]);
  if (revoked.length === 0) throw new Refusal('kernel.not_found');
  await context.query(
    `update accounts.officer_session set ended_at = $2, ended_reason = 'credentials_renewed' where officer_id = $1 and second_factor = 'certificate' and ended_at is null`,
    [officer_id, context.now]);
}

/** Redeems an enrolment code. @throws Refusal accounts.enrolment_failed (also for unknown numbers), accounts.weak_password, accounts.wait */
export function enrolWith(keys: NetworkKeys) {
  return async function enrol(context: Context, input: InputOf<typeof contract.enrol>) {
    const police_number = input.police_number.toUpperCase();
    if (!isStrongPassword(input.password, police_number)) throw new Refusal('accounts.weak_password');
    const attempt = attemptOf(context, keys, police_number);
    await holdBack(context, attempt);
    const password_hash = await hashPassword(input.password);
    const totp_secret = randomBytes(20);
    const [officer] = await context.query<{ officer_id: string }>(
      `select officer_id from accounts.officer where police_number = $1 and status = 'enrolling' and enrolment_digest = $2 and enrolment_expires_at > $3 for update`,
      [police_number, digestOf(input.enrolment_code.toUpperCase().replace(/[^A-Z2-7]/g, '')), context.now]);
    if (officer === undefined) return refuseAttempt(context, attempt, 'accounts.enrolment_failed');
    await context.query(
      `update accounts.officer set status = 'active', enrolment_digest = null, enrolment_expires_at = null, password_hash = $2, totp_sealed = $3, totp_last_step = 0 where officer_id = $1`,
      [officer.officer_id, password_hash, sealSecret(keys, officer.officer_id, totp_secret)]);
    await passAttempt(context, keys, attempt);
    context.audit({ detail: { officer_id: officer.officer_id } });
    return { totp_secret: base32(totp_secret), totp_uri: otpauthUri(police_number, totp_secret) };
  };
}

interface OfficerRow {
  officer_id: string; police_number: string; name: string; kind: string; status: string; org_code: string;
  posts: Array<{ post_id: string; role: string; role_label: { zh: string; en: string }; org_code: string; valid_from: string; valid_to: string | null }>;
}

/** Staff of the jurisdiction with the posts they hold or will hold. */
export async function listOfficers(context: Context, input: InputOf<typeof contract.listOfficers>) {
  const { org_from, org_to } = reachOf(context);
  const limit = input.limit ?? 50;
  const text = input.text === undefined || input.text.trim() === '' ? null : input.text.trim().replace(/[\\%_]/g, '\\$&');
  const officers = await context.query<OfficerRow>(
    `select o.officer_id, o.police_number, o.name, o.kind, o.status, o.org_code, coalesce(held.posts, '[]') as posts
     from accounts.officer o
     left join lateral (
       select jsonb_agg(jsonb_build_object('post_id', p.post_id, 'role', p.role, 'role_label', jsonb_build_object('zh', r.label_zh, 'en', r.label_en),
                                           'org_code', p.org_code, 'valid_from', p.valid_from, 'valid_to', p.valid_to) order by p.valid_from, p.post_id) as posts
       from accounts.post p join accounts.role r on r.role = p.role
       where p.officer_id = o.officer_id and (p.valid_to is null or p.valid_to > $5)) held on true
     where o.org_code >= $1 and o.org_code < $2 and o.police_number > $3
       and ($4::text is null or o.police_number like upper($4) || '%' or o.name like '%' || $4 || '%')
     order by o.police_number limit $6`,
    [org_from, org_to, input.after ?? '', text, legalDay(context.now), limit + 1]);
  const page = officers.slice(0, limit);
  return { officers: page, next: officers.length > limit ? page.at(-1)!.police_number : null };
}
