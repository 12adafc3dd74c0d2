/** A case begins: an application arrives from the portal, or an officer enters it at the counter. */
import { legalDay, newId, Refusal, type Context } from '../../../kernel/index.ts';
import { addWorkingMinutes, getBureau, getCalendar } from '../../reference/index.ts';
import { askedAnswers, checkAnswers, topLevelEntries, type Answers, type SuppliedMaterial } from '../../catalogue/index.ts';
import type { CaseState } from '../contract.ts';
import { serviceIn, type CaseFile } from '../file.ts';
import { resolveParties } from '../parties.ts';
import { actorOfRecord, standIn } from '../record.ts';
import { isAcceptedAtTop, routeFor, stepsOf, topLevelSteps, waitingFor, workingMinutesPerDay } from '../route.ts';

export interface Submission {
  service_code: string;
  catalogue_version: string;
  channel: CaseFile['channel'];
  receipt_no: string | null;
  submitted_at: Date;
  applicant: { name: string; id_number: string; phone: string; identity_level: number };
  answers: Answers;
  materials: readonly SuppliedMaterial[];
}

/**
 * Opens a case at the station that must act first and discloses to it the records of the people named.
 * Nothing is refused here because of the register: what does not fit is the officer's to see and to say.
 * @throws Refusal kernel.invalid_input when the answers do not fit the form, cases.address_unknown, cases.other_station
 */
export async function submit(context: Context, submission: Submission): Promise<{ case_id: string; case_no: string; case_version: number; state: CaseState }> {
  const today = legalDay(context.now);
  const service = await serviceIn(context, submission.service_code, today);
  const answers = askedAnswers(service, submission.answers);
  const violations = checkAnswers(service, answers, { today });
  if (violations.length > 0) throw new Refusal('kernel.invalid_input', { count: violations.length }, violations);

  const case_id = newId();
  const { parties, disclose, ...resolved } = await resolveParties(context, {
    case_id, service_code: service.code, channel: submission.channel, applicant_name: submission.applicant.name, applicant_id_number: submission.applicant.id_number, answers,
  });
  const calendar = await getCalendar(context);
  const file: Partial<CaseFile> = {
    case_id, service_code: service.code, catalogue_version: submission.catalogue_version, channel: submission.channel, state: 'submitted', receipt_no: submission.receipt_no,
    applicant_name: submission.applicant.name, applicant_id_number: submission.applicant.id_number, applicant_phone: submission.applicant.phone,
    applicant_identity_level: submission.applicant.identity_level, answers, ...resolved, submitted_at: submission.submitted_at,
  };
  // At the counter the station takes in what comes to it; what comes over the network may go straight to who decides.
  const { bureau, switches } = await getBureau(context);
  const atTop = [...topLevelEntries(bureau, today), ...(Array.isArray(switches['top_level_acceptance']) ? switches['top_level_acceptance'] : [])];
  const fromTop = submission.channel === 'online' && isAcceptedAtTop(service, atTop, resolved.target_org);
  const [route, places] = [routeFor(service, answers, fromTop), { target: resolved.target_org, origin: resolved.origin_org }];
  const [first] = fromTop ? topLevelSteps(route, places) : stepsOf({ route }, places, false);
  const precheck = service.limits.precheck_working_days * workingMinutesPerDay(calendar);
  const at = (share: number): Date => addWorkingMinutes(context.now, Math.round(precheck * share), calendar);
  const step = { ...first!, state: 'active' as const, arrived_at: context.now, half_at: at(0.5), most_at: at(0.8), due_at: at(1) };

  const [row] = await context.query<{ case_no: string; version: number }>('select case_no, version from cases.open_case($1::jsonb, $2::timestamptz)', [JSON.stringify({
    act: 'submit', actor: actorOfRecord(context), detail: { channel: submission.channel, movers: resolved.movers.length, ...standIn(context) },
    case: { ...file, ...waitingFor(step) }, steps: [step], parties,
    materials: submission.materials.map((material) => ({ code: material.code, supplied_by: material.by, certificate_no: material.certificate_no ?? null, attachments: material.attachments })),
  }), context.now]);

  await disclose();
  context.audit({ case_id });
  context.emit('cases.case_moved', { case_id, act: 'submit', version: row!.version });
  return { case_id, case_no: row!.case_no, case_version: row!.version, state: 'submitted' };
}
