/** What arrives from the portal. Each parcel and its effect are one transaction, so a parcel acts exactly once. */
import { Refusal, type Context } from '../../kernel/index.ts';
import { AskRecord, type inwardParcels, SubmitApplication, SubmitCorrection, WithdrawApplication, type AskRecordBody, type MaterialBody, type ProgressBody, type RecordAnswerBody } from '../catalogue/index.ts';
import type { Static } from 'typebox';
import { parcelHandler, sendParcel, type ParcelHandlers } from '../exchange/index.ts';
import { findOrganisations, listCodes } from '../reference/index.ts';
import { accessLogOf, householdOf, personByNumber } from '../population/index.ts';
import { submit } from './actions/submit.ts';
import { takeAnswer } from './actions/supplement.ts';
import { withdrawByApplicant } from './actions/end.ts';
import { openFile } from './file.ts';
import { purposeLabels } from './purposes.ts';
import { remedy, roleLabel } from './words.ts';

type Material = Static<typeof MaterialBody>;

export const parcelHandlers = {
  'portal.submit_application': parcelHandler(SubmitApplication, async (context, body) => {
    try {
      await submit(context, {
        service_code: body.service_code, catalogue_version: body.catalogue_version, channel: 'online', receipt_no: body.receipt_no, submitted_at: new Date(body.submitted_at),
        applicant: body.citizen, answers: body.answers, materials: body.materials as Material[],
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await answerNotTaken(context, body.receipt_no, error);
    }
  }),
  'portal.submit_correction': parcelHandler(SubmitCorrection, async (context, body) => {
    const opened = await openFile(context, { receipt_no: body.receipt_no });
    // Two answers may cross (sent twice from two devices): the first is taken, the second finds the case already going on.
    if (opened.file.state !== 'supplement') return;
    await takeAnswer(context, opened, { answers: body.answers, materials: body.materials as Material[], note: body.note });
  }),
  'portal.withdraw_application': parcelHandler(WithdrawApplication, async (context, body) => {
    await withdrawByApplicant(context, await openFile(context, { receipt_no: body.receipt_no }), body.reason);
  }),
  'portal.ask_record': parcelHandler(AskRecord, answerAsk),
} satisfies Record<keyof typeof inwardParcels, ParcelHandlers[string]>;

/** No office can take the application as it is: nothing was written, and the applicant is told why instead of hearing nothing. */
async function answerNotTaken(context: Context, receipt_no: string, refusal: Refusal): Promise<void> {
  const reason = refusal.violations.length === 0 ? refusal.text : { zh: refusal.violations.map((one) => one.zh).join(''), en: refusal.violations.map((one) => one.en).join(' ') };
  const body: ProgressBody = {
    receipt_no, case_no: null, sequence: 1, state: 'ended', at: context.now.toISOString(), holder: '—', due_on: null, outcome: 'not_accepted', reason, remedy,
    text: { zh: '申请未能受理,请按理由改正后重新申请。', en: 'The application could not be taken; correct it as stated and apply again.' },
  };
  await sendParcel(context, { kind: 'cases.progress', order_key: receipt_no, body, attachments: [] });
}

/** Days of the access log that the portal shows. */
const accessLogDays = 365;

/**
 * The signed-in citizen's own record. Name and number must be the same person's and the identity proved
 * with a live portrait; otherwise the answer is the same as for a number that nobody has.
 */
async function answerAsk(context: Context, body: AskRecordBody): Promise<void> {
  const person = body.citizen.identity_level >= 3 ? await personByNumber(context, body.citizen.id_number) : undefined;
  const answer: RecordAnswerBody = { ask_id: body.ask_id, answered_at: context.now.toISOString(), found: false, household: null, access_log: null };
  if (person !== undefined && person.name === body.citizen.name) {
    answer.found = true;
    if (body.what === 'household') answer.household = await householdAnswer(context, person.person_id);
    else answer.access_log = await accessLogAnswer(context, person.person_id);
    await context.query(
      `insert into kernel.access_record (at, subject_id, field_group, actor_kind, actor_id, purpose, operation) values ($1, $2, $3, 'system', 'portal', 'self', 'cases.answer_ask')`,
      [context.now, person.person_id, body.what]);
  }
  await sendParcel(context, { kind: 'cases.record_answer', order_key: `ask:${body.ask_id}`, body: answer, attachments: [] });
}

async function householdAnswer(context: Context, person_id: string): Promise<RecordAnswerBody['household']> {
  const household = await householdOf(context, person_id);
  if (household === undefined) return null;
  const [offices, relations] = await Promise.all([findOrganisations(context, [household.station_code]), listCodes(context, { list: 'relationship_to_head' })]);
  const relationText = (code: string) => {
    const item = relations.items.find((relation) => relation.code === code);
    return { zh: item?.zh ?? code, en: item?.en ?? code };
  };
  return {
    household_no: household.household_no, address_text: household.address_text, station_name: offices.get(household.station_code)?.name ?? household.station_code,
    is_head: household.members.some((member) => member.person_id === person_id && member.relation === '02'),
    members: household.members.map((member) => ({
      name: member.name, id_number: member.id_number, relation: member.relation, relation_text: relationText(member.relation), birth_on: member.birth_on, is_self: member.person_id === person_id,
    })),
  };
}

/** Units and posts, never names: the log protects the citizen and does not expose the clerk. */
async function accessLogAnswer(context: Context, person_id: string): Promise<RecordAnswerBody['access_log']> {
  const entries = await accessLogOf(context, person_id, new Date(context.now.getTime() - accessLogDays * 86_400_000));
  const offices = await findOrganisations(context, [...new Set(entries.map((entry) => entry.org_code).filter((code): code is string => code !== null))]);
  const cases = await context.query<{ case_id: string; case_no: string }>('select case_id, case_no from cases.case_file where case_id = any($1::uuid[]) limit 500', [entries.map((entry) => entry.case_id).filter((id) => id !== null)]);
  return entries.map((entry) => ({
    at: entry.at.toISOString(), unit: entry.org_code === null ? '户政系统' : (offices.get(entry.org_code)?.name ?? entry.org_code),
    post: entry.post === null ? { zh: '系统', en: 'system' } : roleLabel(entry.post), purpose: purposeLabels[entry.purpose] ?? { zh: entry.purpose, en: entry.purpose },
    reference: cases.find((one) => one.case_id === entry.case_id)?.case_no ?? null,
  }));
}
