/** Following an application: its list, its page, its papers, taking it back. */
import { Refusal, type Context, type FileAnswer, type InputOf, type Page, type Redirect, type Text } from '../../kernel/index.ts';
import { catalogue, guideOf, type CorrectionListBody, type ProgressBody } from '../catalogue/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { fieldText, faultyPage, goTo, page } from './answer.ts';
import type { CaseCard, contract, TrackerState, Views } from './contract.ts';
import { citizenOf, listDrafts, serviceOf } from './drafts.ts';
import { readReceiptNumber } from './receipt-number.ts';
import { draftCard, pathOfCase } from './tasks.ts';

export interface Application {
  receipt_no: string;
  draft_id: string;
  service_code: string;
  submitted_at: Date;
  typed_sealed: Buffer | null;
  withdrawal_asked_at: Date | null;
  discarded_at: Date | null;
  closed_at: Date | null;
}

interface ProgressRow extends Pick<ProgressBody, 'sequence' | 'case_no' | 'state' | 'text' | 'holder' | 'due_on' | 'outcome' | 'reason' | 'remedy'> {
  at: Date;
}

const applicationColumns = 'receipt_no, draft_id, service_code, submitted_at, typed_sealed, withdrawal_asked_at, discarded_at, closed_at';

/**
 * The acting citizen's application by its receipt number, however it was written.
 * @throws Refusal portal.not_found for another's number as for one that nobody has
 */
export async function getApplication(context: Context, receipt_no: string, lock: 'lock' | 'read' = 'read'): Promise<Application> {
  const [application] = await context.query<Application>(
    `select ${applicationColumns} from portal.application where receipt_no = $1 and citizen_id = $2 ${lock === 'lock' ? 'for update' : ''}`,
    [readReceiptNumber(receipt_no), citizenOf(context).citizen_id]);
  if (application === undefined) throw new Refusal('portal.not_found');
  return application;
}

/** The applications of the acting citizen, the latest first. */
export async function listCases(context: Context, limit: number): Promise<CaseCard[]> {
  const rows = await context.query<{ receipt_no: string; service_code: string; submitted_at: Date; state: TrackerState | null; due_on: string | null }>(
    `select a.receipt_no, a.service_code, a.submitted_at, p.state, p.due_on
     from portal.application as a
     left join lateral (select state, due_on from portal.progress where receipt_no = a.receipt_no order by sequence desc limit 1) as p on true
     where a.citizen_id = $1 order by a.submitted_at desc, a.receipt_no limit $2`, [citizenOf(context).citizen_id, limit]);
  return rows.map(({ service_code, submitted_at, state, ...rest }) => ({ ...rest, service_name: serviceOf(service_code).name, submitted_at: submitted_at.toISOString(), state: state ?? 'submitted' }));
}

export async function listApplications(context: Context): Promise<Page> {
  const drafts = await listDrafts(context);
  return page('applications', { drafts: await Promise.all(drafts.map((draft) => draftCard(context, draft))), cases: await listCases(context, 100) });
}

export async function getConfirmation(context: Context, input: InputOf<typeof contract.getConfirmation>): Promise<Page> {
  const application = await getApplication(context, input.receipt_no);
  const service = serviceOf(application.service_code);
  return page('confirmation', {
    receipt_no: application.receipt_no, service_name: service.name, submitted_at: application.submitted_at.toISOString(), limit: guideOf(service, catalogue()).promised,
  });
}

const onTheWay: Text = { zh: '已提交,正在送往公安机关,通常几分钟内送达。', en: 'Submitted and on its way to the police network; it usually arrives within minutes.' };
const discarded: Text = {
  zh: '这份申请没有送达公安机关。请重新申请;已填写的内容可对照本页,不收取费用。如有疑问请联系派出所。',
  en: 'This application did not reach the police. Please apply again; there is no charge. Contact the police station if you have questions.',
};

/** The list that waits for an answer, or that was answered last. */
export async function findCorrection(context: Context, receipt_no: string, lock: 'lock' | 'read' = 'read') {
  const [list] = await context.query<{ number: number; issued_at: Date; due_on: string; items: CorrectionListBody['items']; typed_sealed: Buffer | null; answered_at: Date | null }>(
    `select number, issued_at, due_on, items, typed_sealed, answered_at from portal.correction_list
     where receipt_no = $1 order by number desc limit 1 ${lock === 'lock' ? 'for update' : ''}`, [receipt_no]);
  return list;
}

export async function listProgress(context: Context, receipt_no: string): Promise<ProgressRow[]> {
  return context.query<ProgressRow>(
    'select sequence, case_no, state, at, text, holder, due_on, outcome, reason, remedy from portal.progress where receipt_no = $1 order by sequence desc limit 200', [receipt_no]);
}

export async function getCase(context: Context, input: InputOf<typeof contract.getCase>): Promise<Page> {
  const application = await getApplication(context, input.receipt_no);
  const { receipt_no } = application;
  const progress = await listProgress(context, receipt_no);
  const [current] = progress;
  const correction = await findCorrection(context, receipt_no);
  const notices = await context.query<{ document_id: string; title: Text; issued_at: Date; is_void: boolean }>(
    `select n.document_id, n.title, n.issued_at, exists (select from portal.paper_mark m where m.sha256 = n.sha256 and m.voided_on is not null) as is_void
     from portal.notice n where n.receipt_no = $1 order by n.issued_at, n.document_id limit 50`, [receipt_no]);
  const view: Views['case'] = {
    receipt_no, service_name: serviceOf(application.service_code).name, case_no: current?.case_no ?? null, state: current?.state ?? 'submitted', outcome: current?.outcome ?? null,
    submitted_at: application.submitted_at.toISOString(), holder: current?.holder ?? null, due_on: current?.due_on ?? null,
    text: application.discarded_at !== null ? discarded : (current?.text ?? onTheWay), reason: current?.reason ?? null, remedy: current?.remedy ?? null,
    history: progress.map(({ state, at, text }) => ({ state, at: at.toISOString(), text })), received: current !== undefined,
    notices: notices.map(({ document_id, title, issued_at, is_void }) => ({ href: `${pathOfCase(receipt_no)}/notices/${document_id}`, title, issued_at: issued_at.toISOString(), is_void })),
    correction: current?.state === 'correction_needed' && correction !== undefined
      ? { due_on: correction.due_on, items: correction.items.length, answered_at: correction.answered_at?.toISOString() ?? null } : null,
    may_withdraw: isOpen(application), withdrawal_asked_at: application.withdrawal_asked_at?.toISOString() ?? null, discarded: application.discarded_at !== null,
  };
  return page('case', view);
}

const isOpen = (application: Application): boolean => application.closed_at === null && application.withdrawal_asked_at === null && application.discarded_at === null;

export async function confirmWithdraw(context: Context, input: InputOf<typeof contract.confirmWithdraw>): Promise<Page> {
  const application = await getApplication(context, input.receipt_no);
  if (!isOpen(application)) throw new Refusal('portal.cannot_withdraw');
  return page('withdraw', { receipt_no: application.receipt_no, service_name: serviceOf(application.service_code).name, reason: '', violations: [] });
}

const reasonLengthMax = 500;

/** Asks the police side to end the application; asking twice is asking once. @throws Refusal portal.cannot_withdraw */
export async function withdrawApplication(context: Context, input: InputOf<typeof contract.withdrawApplication>): Promise<Page | Redirect> {
  const application = await getApplication(context, input.receipt_no, 'lock');
  const { receipt_no } = application;
  if (application.withdrawal_asked_at !== null) return goTo(pathOfCase(receipt_no));
  if (!isOpen(application)) throw new Refusal('portal.cannot_withdraw');
  const reason = fieldText(input, 'reason').trim();
  if ([...reason].length > reasonLengthMax) {
    return faultyPage('withdraw', {
      receipt_no, service_name: serviceOf(application.service_code).name, reason,
      violations: [{ field: 'reason', code: 'maxLength', zh: `原因最多 ${reasonLengthMax} 个字,请缩短。`, en: `The reason may have at most ${reasonLengthMax} characters; shorten it.` }],
    });
  }
  await sendParcel(context, { kind: 'portal.withdraw_application', order_key: receipt_no, body: { receipt_no, reason, asked_at: context.now.toISOString() } });
  await context.query('update portal.application set withdrawal_asked_at = $2 where receipt_no = $1', [receipt_no, context.now]);
  return goTo(pathOfCase(receipt_no));
}

/** The paper itself. @throws Refusal portal.not_found */
export async function getNotice(context: Context, input: InputOf<typeof contract.getNotice>): Promise<FileAnswer> {
  const { receipt_no } = await getApplication(context, input.receipt_no);
  const [notice] = await context.query<{ sha256: string; file_name: string }>('select sha256, file_name from portal.notice where document_id = $1 and receipt_no = $2', [input.document_id, receipt_no]);
  if (notice === undefined) throw new Refusal('portal.not_found');
  return { bytes: await context.blobs.get(notice.sha256), media_type: 'application/pdf', file_name: notice.file_name };
}
