/** 调查核实: what the community officer found on the spot, as a step of the route or in answer to a task. */
import { Refusal, type Context, type InputOf, type OfficerActor } from '../../../kernel/index.ts';
import { legalDay } from '../../../kernel/clock.ts';
import { getCalendar } from '../../reference/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase } from '../file.ts';
import { recordAct } from '../record.ts';
import { advance, waitingFor } from '../route.ts';
import { finished } from './decide.ts';

export interface Enquiry {
  result: 'confirmed' | 'partly' | 'not_confirmed';
  findings: string;
  people_met: readonly string[];
  enquired_on: string;
  /** Among the attachments of the case. */
  scans: readonly string[];
}

export interface RecordedEnquiry extends Enquiry {
  number: number;
  task_id: string | null;
  org_code: string;
  recorded_at: Date;
  recorded_by_name: string;
}

/** Every enquiry of a case, the oldest first. */
export function enquiriesOf(context: Context, case_id: string): Promise<RecordedEnquiry[]> {
  return context.query<RecordedEnquiry>(
    'select number, task_id, result, findings, people_met, enquired_on::text as enquired_on, scans, org_code, recorded_at, recorded_by_name from cases.enquiry where case_id = $1 order by number limit 50', [case_id]);
}

/** Keeps an enquiry for ever. @throws Refusal cases.enquiry_needed for a day to come, cases.attachment_unknown for a scan of another case */
export async function keepEnquiry(context: Context, { file }: OpenedCase, officer: OfficerActor, enquiry: Enquiry, task_id: string | null): Promise<void> {
  if (enquiry.enquired_on > legalDay(context.now)) throw new Refusal('cases.enquiry_needed');
  if (enquiry.scans.length > 0) {
    const [held] = await context.query<{ scans: number }>(
      `select count(distinct a ->> 'sha256')::int as scans from cases.material m, jsonb_array_elements(m.attachments) as a where m.case_id = $1 and a ->> 'sha256' = any($2)`, [file.case_id, enquiry.scans]);
    if (held!.scans < new Set(enquiry.scans).size) throw new Refusal('cases.attachment_unknown');
  }
  await context.query(
    `insert into cases.enquiry (case_id, number, task_id, result, findings, people_met, enquired_on, scans, org_code, recorded_at, recorded_by, recorded_by_name)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5::jsonb, $6, $7::jsonb, $8, $9, $10, $11 from cases.enquiry where case_id = $1`,
    [file.case_id, task_id, enquiry.result, enquiry.findings, JSON.stringify(enquiry.people_met), enquiry.enquired_on, JSON.stringify(enquiry.scans), officer.org_code, context.now, officer.officer_id, officer.name]);
}

/** The enquiry is on record and the case goes on, whatever was found: those who decide weigh it. */
export async function verifyStep(context: Context, input: InputOf<typeof contract.verifyStep>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'verify', opened, input.case_version);
  const { result, findings, people_met, enquired_on, scans = [] } = input;
  await keepEnquiry(context, opened, officer, { result, findings, people_met, enquired_on, scans }, null);
  const onward = advance(opened.steps, finished(activeStep(opened)!, officer, context.now, 'done', findings), context.now, await getCalendar(context));
  // An enquiry is never unwritten, so the step is not taken back; a mistake is followed by another enquiry.
  return recordAct(context, opened, { act: 'verify', opinion: findings, detail: { result, people_met: people_met.length, enquired_on, scans }, file: waitingFor(onward.next!), steps: onward.steps });
}
