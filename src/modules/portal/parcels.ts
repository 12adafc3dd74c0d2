/** What the police side sends: progress, correction lists, papers, messages, answers about the own record. Each may come twice. */
import { log, type Context } from '../../kernel/index.ts';
import { CorrectionList, MessageToCitizen, Notice, PaperMark, Progress, RecordAnswer, type CorrectionListBody, type MessageToCitizenBody, type NoticeBody, type outwardParcels, type ProgressBody, type RecordAnswerBody } from '../catalogue/index.ts';
import { parcelHandler, type ParcelHandlers, type ReceivedParcel } from '../exchange/index.ts';
import { messagePlace } from './messages.ts';
import { recordPlace, type RecordKind } from './record.ts';
import { noteMark } from './verify.ts';

/** Applications made at a counter have no receipt here; what is said about them is for nobody. */
async function isOurs(context: Context, receipt_no: string, parcel: ReceivedParcel): Promise<boolean> {
  const [application] = await context.query('select receipt_no from portal.application where receipt_no = $1', [receipt_no]);
  if (application === undefined) log('warn', 'a parcel names no application of this portal', { parcel_id: parcel.parcel_id });
  return application !== undefined;
}

/** Adds a step; the highest sequence is the present state, so an older word that comes late changes nothing. */
async function noteProgress(context: Context, body: ProgressBody, parcel: ReceivedParcel): Promise<void> {
  if (!(await isOurs(context, body.receipt_no, parcel))) return;
  await context.query(
    `insert into portal.progress (receipt_no, sequence, case_no, state, at, text, holder, due_on, outcome, reason, remedy, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (receipt_no, sequence) do nothing`,
    [body.receipt_no, body.sequence, body.case_no, body.state, body.at, body.text, body.holder, body.due_on, body.outcome, body.reason, body.remedy, context.now]);
  await context.query(
    `update portal.application set closed_at = case when p.state in ('done', 'ended') then p.at end
     from (select state, at from portal.progress where receipt_no = $1 order by sequence desc limit 1) as p where receipt_no = $1`, [body.receipt_no]);
}

async function noteCorrectionList(context: Context, body: CorrectionListBody, parcel: ReceivedParcel): Promise<void> {
  if (!(await isOurs(context, body.receipt_no, parcel))) return;
  await context.query(
    `insert into portal.correction_list (receipt_no, number, issued_at, due_on, items) values ($1, $2, $3, $4, $5::jsonb) on conflict (receipt_no, number) do nothing`,
    [body.receipt_no, body.number, body.issued_at, body.due_on, JSON.stringify(body.items)]);
}

async function noteNotice(context: Context, body: NoticeBody, parcel: ReceivedParcel): Promise<void> {
  if (!(await isOurs(context, body.receipt_no, parcel))) return;
  if (!parcel.attachments.some(({ sha256 }) => sha256 === body.sha256)) throw new Error(`notice ${body.document_id} came without its file`);
  await context.query(
    `insert into portal.notice (document_id, receipt_no, title, issued_at, sha256, file_name) values ($1, $2, $3, $4, $5, $6) on conflict (document_id) do nothing`,
    [body.document_id, body.receipt_no, body.title, body.issued_at, body.sha256, body.file_name]);
}

async function queueMessage(context: Context, body: MessageToCitizenBody): Promise<void> {
  const seal = (text: string, field: 'phone' | 'text'): Buffer => context.keys.seal(text, messagePlace(body.message_id, field));
  await context.query(
    `insert into portal.message (message_id, receipt_no, phone_sealed, text_sealed, state, queued_at, next_attempt_at) values ($1, $2, $3, $4, 'queued', $5, $5)
     on conflict (message_id) do nothing`,
    [body.message_id, body.receipt_no, seal(body.phone, 'phone'), seal(body.text, 'text'), context.now]);
}

/** Keeps the newest answer to each kind of question; an answer to no question of ours is dropped. */
async function noteRecordAnswer(context: Context, body: RecordAnswerBody): Promise<void> {
  const [asked] = await context.query<{ citizen_id: string; what: RecordKind; asked_at: Date }>(
    'update portal.ask set answered_at = $2 where ask_id = $1 and answered_at is null returning citizen_id, what, asked_at', [body.ask_id, context.now]);
  if (asked === undefined) return;
  const { citizen_id, what, asked_at } = asked;
  await context.query(
    `insert into portal.record_answer (citizen_id, what, asked_at, answered_at, is_found, answer_sealed) values ($1, $2, $3, $4, $5, $6)
     on conflict (citizen_id, what) do update
       set asked_at = excluded.asked_at, answered_at = excluded.answered_at, is_found = excluded.is_found, answer_sealed = excluded.answer_sealed
       where record_answer.asked_at <= excluded.asked_at`,
    [citizen_id, what, asked_at, body.answered_at, body.found, context.keys.seal(JSON.stringify(body), recordPlace(citizen_id, what))]);
}

export const parcelHandlers = {
  'cases.progress': parcelHandler(Progress, noteProgress),
  'cases.correction_list': parcelHandler(CorrectionList, noteCorrectionList),
  'cases.notice': parcelHandler(Notice, noteNotice),
  'cases.message_to_citizen': parcelHandler(MessageToCitizen, queueMessage),
  'cases.record_answer': parcelHandler(RecordAnswer, noteRecordAnswer),
  'documents.paper_mark': parcelHandler(PaperMark, noteMark),
} satisfies Record<keyof typeof outwardParcels, ParcelHandlers[string]>;
