import { actorId, Refusal, type Context, type InputOf, type OutputOf } from '../../kernel/index.ts';
import { personByNumber } from '../population/index.ts';
import { maskIdNumber } from '../reference/index.ts';
import type { contract } from './contract.ts';
import { findPaper, requestPaper, type Paper } from './papers.ts';

/** Papers of the caller's stations, the newest first, a page at a time. */
export async function listPapers(context: Context, input: InputOf<typeof contract.listPapers>): Promise<OutputOf<typeof contract.listPapers>> {
  const limit = input.limit ?? 30;
  const [day, id] = input.after?.split('_') ?? [null, null];
  const rows = await context.query<{ paper_id: string; number: string; kind: string; is_ours: boolean; other_province: string; issuer_province: string; issued_on: string; valid_until_on: string; state: string; movers: number; station_code: string; case_id: string | null }>(
    `select p.paper_id, p.number, p.kind, p.is_ours, case when p.is_ours then p.other_province else p.issuer_province end as other_province, p.issued_on::text as issued_on, p.valid_until_on::text as valid_until_on,
       p.state, p.station_code, p.case_id, (select count(*)::int from permits.mover as m where m.paper_id = p.paper_id) as movers
     from permits.paper as p
     where ($1::text is null or p.state = $1) and ($2::date is null or (p.issued_on, p.paper_id) < ($2::date, $3::uuid))
     order by p.issued_on desc, p.paper_id desc limit $4`, [input.state ?? null, day, id, limit + 1]);
  const papers = rows.slice(0, limit);
  const last = papers.at(-1);
  return {
    papers: papers.map(({ paper_id: _, issuer_province: __, ...paper }) => paper),
    next: rows.length > limit && last !== undefined ? `${last.issued_on}_${last.paper_id}` : null,
  };
}

/** @throws Refusal permits.paper_unknown, also outside of the jurisdiction */
async function paperInSight(context: Context, number: string): Promise<Paper> {
  const [seen] = await context.query('select paper_id from permits.paper where number = $1', [number]);
  const paper = seen === undefined ? undefined : await findPaper(context, number);
  if (paper === undefined) throw new Refusal('permits.paper_unknown', { number });
  return paper;
}

export async function getPaper(context: Context, { number }: InputOf<typeof contract.getPaper>): Promise<OutputOf<typeof contract.getPaper>> {
  const { movers, paper_id, state_at, state_case_id: _, ...paper } = await paperInSight(context, number);
  const messages = await context.query<{ kind: string; state: string; created_at: Date; receipt_no: string | null; last_error: string | null }>(
    'select kind, state, created_at, receipt_no, last_error from permits.message where paper_id = $1 order by created_at, message_no limit 50', [paper_id]);
  return {
    ...paper, state_at: state_at.toISOString(),
    movers: await Promise.all(movers.map(async ({ name, id_number, sex, birth_on, relation }) => (
      { person_id: (await personByNumber(context, id_number))?.person_id ?? null, name, id_number_masked: maskIdNumber(id_number), sex, birth_on, relation }))),
    messages: messages.map((message) => ({ ...message, created_at: message.created_at.toISOString() })),
  };
}

/** Somebody shows a paper of another province at the counter: its content comes from the network within seconds. */
export async function fetchPaper(context: Context, { number }: InputOf<typeof contract.fetchPaper>): Promise<OutputOf<typeof contract.fetchPaper>> {
  if (context.actor.kind === 'officer') await requestPaper(context, { number, org_code: context.actor.org_code });
  context.audit({ detail: { number } });
  return { number };
}

export async function listAlarms(context: Context): Promise<OutputOf<typeof contract.listAlarms>> {
  const alarms = await context.query<{ alarm_id: string; rule: string; number: string; station_code: string; movers: number; opened_at: Date }>(
    `select a.alarm_id, a.rule, p.number, a.station_code, a.movers, a.opened_at from permits.alarm as a join permits.paper as p using (paper_id)
     where a.closed_at is null order by a.opened_at, a.alarm_id limit 100`);
  return { alarms: alarms.map((alarm) => ({ ...alarm, opened_at: alarm.opened_at.toISOString() })) };
}

/** @throws Refusal permits.alarm_not_open */
export async function closeAlarm(context: Context, { alarm_id, finding }: InputOf<typeof contract.closeAlarm>): Promise<OutputOf<typeof contract.closeAlarm>> {
  const [closed] = await context.query('update permits.alarm set closed_at = $2, closed_by = $3, finding = $4 where alarm_id = $1 and closed_at is null returning alarm_id', [alarm_id, context.now, actorId(context.actor), finding]);
  if (closed === undefined) throw new Refusal('permits.alarm_not_open');
  context.audit({ detail: { alarm_id, finding } });
  return { alarm_id };
}
