/** Matters that the police take up and settle themselves on the spot: entered and executed in one transaction. */
import type { Context } from '../../../kernel/index.ts';
import type { Answers } from '../../catalogue/index.ts';
import { admitOfficer } from '../duty.ts';
import { serviceOf } from '../file.ts';
import { executeCase } from './execute.ts';
import { submit } from './submit.ts';

export interface ExOfficioMatter {
  service_code: string;
  /** Whom it concerns; messages about it go to this phone. */
  applicant: { name: string; id_number: string; phone: string };
  answers: Answers;
  /** Papers that the officer has seen. */
  materials: readonly string[];
  /** How it came to be known. */
  opinion: string;
}

/**
 * @throws Refusal cases.service_not_yours and everything that entering and executing refuse; then nothing is left behind
 */
export async function settleExOfficio(context: Context, matter: ExOfficioMatter): Promise<{ case_id: string; case_no: string }> {
  const service = serviceOf(matter.service_code);
  admitOfficer(context, 'cases.execute_case', service);
  const { case_id, case_no, case_version } = await submit(context, {
    service_code: service.code, catalogue_version: service.version, channel: 'ex_officio', receipt_no: null, submitted_at: context.now,
    applicant: { ...matter.applicant, identity_level: 4 }, answers: matter.answers, materials: matter.materials.map((code) => ({ code, by: 'original', attachments: [] })),
  });
  await executeCase(context, { case_id, case_version, opinion: matter.opinion });
  return { case_id, case_no };
}
