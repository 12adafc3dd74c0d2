/**
 * The citizen's own record, asked of the police side by parcel: the household's entry, and who looked.
 * The answer is the same whether the number is unknown or belongs to another name, and it is kept sealed.
 */
import { legalDay, newId, type Context, type InputOf, type OutputOf, type Page, type Redirect } from '../../kernel/index.ts';
import { getCitizenIdentity } from '../accounts/index.ts';
import type { RecordAnswerBody } from '../catalogue/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { maskIdNumber } from '../reference/index.ts';
import { goTo, page } from './answer.ts';
import type { contract, HouseholdState } from './contract.ts';
import { citizenOf } from './drafts.ts';

export type RecordKind = 'household' | 'access_log';
export type Household = NonNullable<RecordAnswerBody['household']>;
type AccessLog = NonNullable<RecordAnswerBody['access_log']>;

/** Days that an answer is kept, and hours after which the register is asked anew. */
export const recordDays = 30;
const freshHours = 24;
/** An unanswered question is not repeated sooner. */
const askAgainMinutes = 10;

export const recordPlace = (citizen_id: string, what: RecordKind): string => `portal.record_answer:${citizen_id}:${what}`;

interface AnswerRow {
  answered_at: Date;
  is_found: boolean;
  answer_sealed: Buffer;
}

async function findAnswer(context: Context, what: RecordKind): Promise<{ answered_at: Date; body: RecordAnswerBody } | undefined> {
  const { citizen_id } = citizenOf(context);
  const [row] = await context.query<AnswerRow>('select answered_at, is_found, answer_sealed from portal.record_answer where citizen_id = $1 and what = $2', [citizen_id, what]);
  if (row === undefined) return undefined;
  return { answered_at: row.answered_at, body: JSON.parse(context.keys.unseal(row.answer_sealed, recordPlace(citizen_id, what)).toString()) as RecordAnswerBody };
}

/** Sends the question unless one is under way. @returns whether one is under way now */
async function ask(context: Context, what: RecordKind): Promise<boolean> {
  const { citizen_id, identity_level } = citizenOf(context);
  const [open] = await context.query<{ asked_at: Date }>(
    'select asked_at from portal.ask where citizen_id = $1 and what = $2 and answered_at is null order by asked_at desc limit 1', [citizen_id, what]);
  if (open !== undefined && context.now.getTime() - open.asked_at.getTime() < askAgainMinutes * 60_000) return true;
  const { name, id_number, phone } = await getCitizenIdentity(context, context.keys, citizen_id);
  const ask_id = newId();
  await sendParcel(context, {
    kind: 'portal.ask_record', order_key: `ask:${ask_id}`, body: { ask_id, what, citizen: { name, id_number, phone: phone ?? '', identity_level } },
  });
  await context.query('insert into portal.ask (ask_id, citizen_id, what, asked_at) values ($1, $2, $3, $4)', [ask_id, citizen_id, what, context.now]);
  return true;
}

async function readRecord(context: Context, what: RecordKind): Promise<{ state: HouseholdState; answered_at: Date | null; body: RecordAnswerBody | null }> {
  const answer = await findAnswer(context, what);
  const isFresh = answer !== undefined && context.now.getTime() - answer.answered_at.getTime() < freshHours * 3_600_000;
  if (!isFresh) await ask(context, what);
  if (answer === undefined) return { state: 'waiting', answered_at: null, body: null };
  return { state: answer.body.found && answer.body[what] !== null ? 'found' : 'not_found', answered_at: answer.answered_at, body: answer.body };
}

/** The own household's entry as last answered; asks the register when there is none or it is a day old. */
export async function readHousehold(context: Context): Promise<{ state: HouseholdState; answered_at: Date | null; household: Household | null }> {
  const { state, answered_at, body } = await readRecord(context, 'household');
  return { state, answered_at, household: state === 'found' ? (body?.household ?? null) : null };
}

export async function getRecord(context: Context): Promise<Page> {
  const { state, answered_at, household } = await readHousehold(context);
  return page('record', {
    household: state, answered_at: answered_at?.toISOString() ?? null,
    address_text: household?.address_text ?? '', household_no: household?.household_no ?? '', station_name: household?.station_name ?? '',
    members: (household?.members ?? []).map(({ name, id_number, relation_text, birth_on, is_self }) => ({ name, id_number_masked: maskIdNumber(id_number), relation_text, birth_on, is_self })),
  });
}

export async function getAccessLog(context: Context): Promise<Page> {
  const { state, answered_at, body } = await readRecord(context, 'access_log');
  const entries: AccessLog = body?.access_log ?? [];
  const own = await context.query<{ receipt_no: string; case_no: string }>(
    `select distinct p.receipt_no, p.case_no from portal.progress as p where p.case_no = any($1) order by p.case_no limit 500`, [entries.flatMap(({ reference }) => reference ?? [])]);
  const receiptOf = new Map(own.map(({ case_no, receipt_no }) => [case_no, receipt_no]));
  return page('access_log', {
    state, answered_at: answered_at?.toISOString() ?? null,
    entries: entries.map((entry) => ({ ...entry, href: entry.reference !== null && receiptOf.has(entry.reference) ? `/cases/${receiptOf.get(entry.reference)}` : null })),
  });
}

/** Asks again at the citizen's wish; the present answer stays in sight until the new one comes. */
export async function askRecord(context: Context, { what }: InputOf<typeof contract.askRecord>): Promise<Redirect> {
  await ask(context, what);
  return goTo(what === 'household' ? '/record' : '/record/access');
}

export async function hasAnswer(context: Context, { what }: InputOf<typeof contract.hasAnswer>): Promise<OutputOf<typeof contract.hasAnswer>> {
  const [open] = await context.query('select ask_id from portal.ask where citizen_id = $1 and what = $2 and answered_at is null limit 1', [citizenOf(context).citizen_id, what]);
  return { answered: open === undefined };
}

/** Members of full age on a day, for the question who stays as head. */
export function isAdult(birth_on: string, now: Date): boolean {
  const day = legalDay(now);
  return `${Number(day.slice(0, 4)) - 18}${day.slice(4)}` >= birth_on;
}
