/** Lays what applicants were shown beside both networks: each receipt number is one case, and what became of it came back. */
import { diskBlobStore, sha256 } from '../../../src/kernel/index.ts';
import type { Application } from './applicant.ts';
import type { FaultyBureau } from './bureau.ts';

export interface ApplicationsComparison {
  applicants: number;
  receipts_shown: number;
  /** A receipt number that was shown, and no case of this applicant bears it. */
  lost: number;
  /** Cases beyond the first of an applicant who wanted one. */
  duplicated: number;
  /** Submitted by a press that was not answered: the dangerous case. */
  submitted_unanswered: number;
  /** Applications of the portal that are no case, cases that are no application. */
  unmatched: number;
  executed: number;
  /** Executed cases that changed the register not at all or more than once. */
  effects_wrong: number;
  /** Steps, papers and text messages that did not come back to the portal exactly once. */
  news_wrong: number;
  /** Pictures handed in whose bytes are not whole on the police side. */
  pictures_broken: number;
}

export const applicationsSound = { lost: 0, duplicated: 0, unmatched: 0, effects_wrong: 0, news_wrong: 0, pictures_broken: 0 } as const;

interface CaseRow {
  receipt_no: string; applicant: string; state: string; version: number; alterations: number; papers: number; told: number; pictures: { sha256: string }[];
}
interface ApplicationRow { receipt_no: string; steps: number[]; notices: number; messages: number; done: boolean }

/** @param of compares only what these applicants did; cases of others are left aside */
export async function compareApplications(bureau: FaultyBureau, of: readonly Application[]): Promise<ApplicationsComparison> {
  const applicants = new Set(of.map(({ lodger }) => lodger.id_number));
  const everyCase = await bureau.look<CaseRow>(`
    select c.receipt_no, c.applicant_id_number as applicant, c.state, c.version,
      (select count(*)::int from population.alteration a where a.case_id = c.case_id) as alterations,
      (select count(*)::int from documents.document d where d.case_id = c.case_id and d.kind <> 'booklet_page') as papers,
      (select count(*)::int from exchange.outgoing_parcel p where p.order_key = c.receipt_no and p.kind = 'cases.message_to_citizen') as told,
      (select coalesce(jsonb_agg(f), '[]') from cases.material m, jsonb_array_elements(m.attachments) f where m.case_id = c.case_id) as pictures
    from cases.case_file c order by c.receipt_no`);
  const cases = everyCase.filter((row) => applicants.has(row.applicant));
  const applications = new Map((await bureau.look<ApplicationRow>(`
    select a.receipt_no, a.closed_at is not null as done,
      array(select p.sequence from portal.progress p where p.receipt_no = a.receipt_no order by p.sequence) as steps,
      (select count(*)::int from portal.notice n where n.receipt_no = a.receipt_no) as notices,
      (select count(*)::int from portal.message m where m.receipt_no = a.receipt_no) as messages
    from portal.application a order by a.receipt_no`, [], 'internet')).map((row) => [row.receipt_no, row]));
  const blobs = diskBlobStore(`${bureau.data}/blobs-police`);

  const byReceipt = new Map(cases.map((row) => [row.receipt_no, row]));
  const shown = of.filter(({ receipt_no }) => receipt_no !== undefined);
  const caseNumbers = new Set(everyCase.map((row) => row.receipt_no));
  const executed = cases.filter((row) => row.state === 'executed');
  let newsWrong = 0;
  let picturesBroken = 0;
  for (const row of cases) {
    const application = applications.get(row.receipt_no);
    const steps = Array.from({ length: row.version }, (_, at) => at + 1);
    if (application === undefined || application.steps.join() !== steps.join() || application.notices !== row.papers || application.messages !== row.told || application.done !== (row.state === 'executed')) newsWrong++;
    for (const picture of row.pictures) {
      const bytes = await blobs.get(picture.sha256).catch(() => undefined);
      if (bytes === undefined || sha256(bytes) !== picture.sha256) picturesBroken++;
    }
  }
  const perApplicant = Map.groupBy(cases, (row) => row.applicant);
  return {
    applicants: of.length, receipts_shown: shown.length,
    lost: shown.filter(({ receipt_no, lodger }) => byReceipt.get(receipt_no!)?.applicant !== lodger.id_number).length,
    duplicated: [...perApplicant.values()].reduce((sum, rows) => sum + rows.length - 1, 0),
    submitted_unanswered: of.filter(({ receipt_no, found_on_looking, lodger }) => found_on_looking || (receipt_no === undefined && perApplicant.has(lodger.id_number))).length,
    unmatched: [...applications.keys()].filter((receipt) => !caseNumbers.has(receipt)).length + everyCase.filter((row) => !applications.has(row.receipt_no)).length,
    executed: executed.length, effects_wrong: cases.filter((row) => row.alterations !== (row.state === 'executed' ? 1 : 0)).length,
    news_wrong: newsWrong, pictures_broken: picturesBroken,
  };
}
