/**
 * What the outer side forgets, so that it never becomes a second register: drafts after 30 days without a
 * save, the content of applications seven days after they ended, answers about the own record after 30 days,
 * texts and numbers of messages a day after they were settled.
 */
import type { Context, Job } from '../../kernel/index.ts';
import { recordDays } from './record.ts';

const closedDays = 7;
const batch = 500;
const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** @returns rows forgotten */
export async function forgetOldThings(context: Context): Promise<number> {
  const counted = async (statement: string, values: unknown[]): Promise<number> => (await context.query(statement, values)).length;
  const drafts = await counted(
    `with old as (select draft_id from portal.draft where expires_at <= $1 order by expires_at limit ${batch} for update skip locked),
          pictures as (delete from portal.upload where draft_id in (select draft_id from old))
     delete from portal.draft where draft_id in (select draft_id from old) returning draft_id`, [context.now]);
  const applications = await counted(
    `with ended as (
       select receipt_no, draft_id from portal.application where closed_at <= $1 and typed_sealed is not null order by closed_at limit ${batch} for update skip locked),
     pictures as (delete from portal.upload where draft_id in (select draft_id from ended) or receipt_no in (select receipt_no from ended)),
     drafts as (delete from portal.draft where draft_id in (select draft_id from ended)),
     corrections as (update portal.correction_list set typed_sealed = null where receipt_no in (select receipt_no from ended))
     update portal.application set typed_sealed = null where receipt_no in (select receipt_no from ended) returning receipt_no`, [daysBefore(context.now, closedDays)]);
  const answers = await counted('delete from portal.record_answer where answered_at <= $1 returning citizen_id', [daysBefore(context.now, recordDays)]);
  await context.query('delete from portal.ask where asked_at <= $1', [daysBefore(context.now, recordDays)]);
  const messages = await counted('delete from portal.message where settled_at <= $1 returning message_id', [daysBefore(context.now, 1)]);
  return drafts + applications + answers + messages;
}

export const forgetOld: Job = { name: 'portal.forget_old_things', every_seconds: 3600, run: forgetOldThings };
