/**
 * Written commitments 告知承诺: checked after execution, and what follows when one was not true. Who broke one makes none
 * for a time in that territory; nothing else is kept about the person (国办发〔2020〕42号).
 */
import { legalDay, Refusal, servicesLike, type Context, type InputOf, type OutputOf } from '../../kernel/index.ts';
import { findOrganisations } from '../reference/index.ts';
import { catalogue, type Policy } from '../catalogue/index.ts';
import type { CaseViewData, contract } from './contract.ts';
import { admitOfficer } from './duty.ts';
import { openFile, serviceOf, type CaseFile } from './file.ts';
import { recordAct } from './record.ts';
import { roleLabel } from './words.ts';

/** How much of an organisation's code names the territory of a level. */
const territoryLength = { COUNTY: 6, PREFECTURE: 4, PROVINCE: 2 } as const satisfies Record<Policy['commitment_bar_level'], number>;

/** The day so many years after another, the last of February where there is no such day. */
export function yearsAfter(day: string, years: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const after = new Date(Date.UTC(year + years, month - 1, date));
  if (after.getUTCMonth() !== month - 1) after.setUTCDate(0);
  return after.toISOString().slice(0, 10);
}

/** Until when a commitment of the applicant does not stand in for a paper (first day it does again); null: it does. */
export async function commitmentsBarredUntil(context: Context, file: Pick<CaseFile, 'applicant_person_id' | 'target_org'>): Promise<string | null> {
  if (file.applicant_person_id === null) return null;
  const [row] = await context.query<{ until_on: string | null }>(
    `select max(until_on) as until_on from cases.commitment_bar where person_id = $1 and until_on > $2 and starts_with($3, territory)`,
    [file.applicant_person_id, legalDay(context.now), file.target_org]);
  return row?.until_on ?? null;
}

/** What was promised in a case, and what its check found. */
export async function rechecksOf(context: Context, case_id: string): Promise<CaseViewData['rechecks']> {
  const rows = await context.query<{ code: string; due_on: string; result: string | null; evidence: string | null; done_at: Date | null; done_by_name: string | null }>(
    'select code, due_on, result, evidence, done_at, done_by_name from cases.recheck where case_id = $1 order by code limit 30', [case_id]);
  return rows.map(({ done_at, done_by_name, ...row }) => ({ ...row, name: nameOf(row.code), done_at: done_at?.toISOString() ?? null, done_by: done_by_name }));
}

const nameOf = (code: string) => catalogue().materials.get(code)?.name ?? { zh: code, en: code };

/** Commitments that nobody has checked yet, of the own jurisdiction, the earliest due first. */
export async function listRechecks(context: Context, input: InputOf<typeof contract.listRechecks>): Promise<OutputOf<typeof contract.listRechecks>> {
  const { actor } = context;
  if (actor.kind !== 'officer') throw new Refusal('kernel.signed_out');
  const limit = input.limit ?? 30;
  const [dueAfter, caseAfter, codeAfter] = input.after?.split('|') ?? [];
  const rows = await context.query<{ case_id: string; code: string; due_on: string; called_at: Date | null; case_no: string; service_code: string; applicant_name: string; target_org: string; closed_at: Date | null }>(
    `select r.case_id, r.code, r.due_on, r.called_at, c.case_no, c.service_code, c.applicant_name, c.target_org, c.closed_at
     from cases.recheck r join cases.case_file c on c.case_id = r.case_id
     where r.done_at is null and c.state = 'executed' and c.target_org >= $1 and c.target_org < $2 and c.service_code like any($3)
       and ($4::date is null or (r.due_on, r.case_id, r.code) > ($4::date, $5::uuid, $6))
     order by r.due_on, r.case_id, r.code limit $7`,
    [actor.org_from, actor.org_to, servicesLike(actor, 'cases.record_recheck'), dueAfter ?? null, caseAfter ?? null, codeAfter ?? null, limit + 1]);
  const page = rows.slice(0, limit);
  const offices = await findOrganisations(context, [...new Set(page.map((row) => row.target_org))]);
  const today = legalDay(context.now);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      case_id: row.case_id, case_no: row.case_no, code: row.code, name: nameOf(row.code), service_name: serviceOf(row.service_code).name, applicant_name: row.applicant_name,
      org_name: offices.get(row.target_org)?.name ?? row.target_org, executed_at: row.closed_at?.toISOString() ?? null, due_on: row.due_on, called: row.called_at !== null, overdue: row.due_on < today,
    })),
    check_days: catalogue().policy.commitment_check_days, bar_years: catalogue().policy.commitment_bar_years,
    next: rows.length > limit && last !== undefined ? `${last.due_on}|${last.case_id}|${last.code}` : null,
  };
}

/**
 * Records once what the check of a commitment found. `broken` bars commitments of the applicant for the years of the
 * policy, in the territory; the registration itself is mended by a case of its own.
 * @throws Refusal cases.recheck_unknown, cases.recheck_done, cases.not_your_turn
 */
export async function recordRecheck(context: Context, input: InputOf<typeof contract.recordRecheck>) {
  const opened = await openFile(context, input);
  const { file, service } = opened;
  const officer = admitOfficer(context, 'cases.record_recheck', service);
  const [recheck] = await context.query<{ done_by_name: string | null }>('select done_by_name from cases.recheck where case_id = $1 and code = $2', [file.case_id, input.code]);
  if (recheck === undefined || file.state !== 'executed') throw new Refusal('cases.recheck_unknown');
  if (file.target_org < officer.org_from || file.target_org >= officer.org_to) {
    const office = (await findOrganisations(context, [file.target_org])).get(file.target_org);
    const role = roleLabel('station_officer');
    throw new Refusal('cases.not_your_turn', { office: office?.name ?? file.target_org, role: role.zh, role_en: role.en });
  }
  if (recheck.done_by_name !== null) throw new Refusal('cases.recheck_done', { who: recheck.done_by_name });
  await context.query('update cases.recheck set result = $3, evidence = $4, done_at = $5, done_by = $6, done_by_name = $7 where case_id = $1 and code = $2',
    [file.case_id, input.code, input.result, input.evidence, context.now, officer.officer_id, officer.name]);
  const isBroken = input.result === 'broken';
  const until_on = isBroken ? await barCommitments(context, file, input.code) : null;
  return recordAct(context, opened, {
    act: isBroken ? 'recheck_broken' : 'recheck_kept', opinion: input.evidence, detail: { code: input.code, result: input.result, ...(until_on === null ? {} : { barred_until: until_on }) },
    // The person hears of a broken commitment; that one was kept is what everybody expects.
    internal: !isBroken,
    ...(isBroken ? { messages: [{ org_code: file.target_org, kind: 'recheck_broken', text: {
      zh: `${file.case_no} 承诺核查不实(${nameOf(input.code).zh}):请以更正或注销事项另案恢复登记,并书面告知当事人。`,
      en: `${file.case_no}: the commitment for ${nameOf(input.code).en} was not true. Restore the registration by a case of its own and notify the person in writing.`,
    } }] } : {}),
  });
}

/** @returns the first day on which a commitment is accepted again; null where the register does not know who made it */
async function barCommitments(context: Context, file: CaseFile, code: string): Promise<string | null> {
  if (file.applicant_person_id === null) return null;
  const { commitment_bar_years, commitment_bar_level } = catalogue().policy;
  const from_on = legalDay(context.now);
  const until_on = yearsAfter(from_on, commitment_bar_years);
  await context.query('insert into cases.commitment_bar (person_id, case_id, code, territory, from_on, until_on) values ($1, $2, $3, $4, $5, $6)',
    [file.applicant_person_id, file.case_id, code, file.target_org.slice(0, territoryLength[commitment_bar_level]), from_on, until_on]);
  return until_on;
}
