/**
 * What travels between the networks about applications: one schema per parcel kind, the same on
 * both sides. Kinds named `portal.*` go inwards, all others outwards.
 */
import Type, { type Static } from 'typebox';

const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() }, { additionalProperties: false });
const Sha = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Strict = { additionalProperties: false };

export const CitizenBody = Type.Object({ name: Type.String(), id_number: Type.String(), phone: Type.String(), identity_level: Type.Integer({ minimum: 1, maximum: 4 }) }, Strict);
export const AttachmentBody = Type.Object({ sha256: Sha, media_type: Type.Union([Type.Literal('image/jpeg'), Type.Literal('image/png')]), file_name: Type.String({ maxLength: 200 }), bytes: Type.Integer() }, Strict);
export const MaterialBody = Type.Object({
  code: Type.String(), by: Type.Union([Type.Literal('provided'), Type.Literal('commitment'), Type.Literal('certificate')]),
  certificate_no: Type.Optional(Type.String({ maxLength: 60 })), attachments: Type.Array(AttachmentBody, { maxItems: 20 }),
}, Strict);
const ReceiptNo = Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{8}$', description: '8 characters without I, L, O, U; read aloud as 4 + 4' });

/** portal → cases: an application as submitted. */
export const SubmitApplication = Type.Object({
  receipt_no: ReceiptNo, service_code: Type.String(), catalogue_version: Type.String(), submitted_at: Type.String({ format: 'date-time' }),
  citizen: CitizenBody, answers: Type.Record(Type.String(), Type.Unknown()), materials: Type.Array(MaterialBody, { maxItems: 30 }),
}, Strict);
/** portal → cases: the answer to a correction list; only what changed. */
export const SubmitCorrection = Type.Object({
  receipt_no: ReceiptNo, submitted_at: Type.String({ format: 'date-time' }), answers: Type.Record(Type.String(), Type.Unknown()), materials: Type.Array(MaterialBody, { maxItems: 30 }),
  note: Type.String({ maxLength: 500 }),
}, Strict);
/** portal → cases: the applicant takes the application back. */
export const WithdrawApplication = Type.Object({ receipt_no: ReceiptNo, reason: Type.String({ maxLength: 500 }), asked_at: Type.String({ format: 'date-time' }) }, Strict);
/** portal → cases: the signed-in citizen asks for the own household's entry or the own access log. */
export const AskRecord = Type.Object({ ask_id: Type.String({ format: 'uuid' }), what: Type.Union([Type.Literal('household'), Type.Literal('access_log')]), citizen: CitizenBody }, Strict);

/** cases → portal: where the case is. `state` is one of six plain states of the tracker. */
export const Progress = Type.Object({
  receipt_no: ReceiptNo, case_no: Type.Union([Type.String(), Type.Null()]), sequence: Type.Integer(),
  state: Type.Enum(['submitted', 'accepted', 'correction_needed', 'in_review', 'done', 'ended']),
  at: Type.String({ format: 'date-time' }), text: TextSchema, holder: Type.String(), due_on: Type.Union([Type.String(), Type.Null()]),
  outcome: Type.Union([Type.Literal('executed'), Type.Literal('not_accepted'), Type.Literal('rejected'), Type.Literal('withdrawn'), Type.Literal('expired'), Type.Literal('terminated'), Type.Null()]),
  reason: Type.Union([TextSchema, Type.Null()]), remedy: Type.Union([TextSchema, Type.Null()]),
}, Strict);
/** cases → portal: everything that is missing, in one list. */
export const CorrectionList = Type.Object({
  receipt_no: ReceiptNo, issued_at: Type.String({ format: 'date-time' }), due_on: Type.String(), number: Type.Integer(),
  items: Type.Array(Type.Object({
    subject: Type.String({ description: 'field name, material code or condition' }), zh: Type.String(), en: Type.String(),
    /** Of a paper: a written commitment does not stand in for it this time. */
    no_commitment: Type.Optional(Type.Boolean()),
  }, Strict)),
}, Strict);
/** cases → portal: a paper for download; the PDF is the parcel's attachment. */
export const Notice = Type.Object({ receipt_no: ReceiptNo, document_id: Type.String({ format: 'uuid' }), title: TextSchema, issued_at: Type.String({ format: 'date-time' }), sha256: Sha, file_name: Type.String() }, Strict);
/** cases → portal: a text message; surname and last four of the case number at most. */
export const MessageToCitizen = Type.Object({ message_id: Type.String({ format: 'uuid' }), receipt_no: Type.Union([ReceiptNo, Type.Null()]), phone: Type.String(), text: Type.String({ maxLength: 300 }) }, Strict);
/** cases → portal: the answer to an AskRecord. `found` false says nothing about anybody else: name and number did not match the signed-in identity. */
export const RecordAnswer = Type.Object({
  ask_id: Type.String({ format: 'uuid' }), answered_at: Type.String({ format: 'date-time' }), found: Type.Boolean(),
  household: Type.Union([Type.Null(), Type.Object({
    household_no: Type.String(), address_text: Type.String(), station_name: Type.String(), is_head: Type.Boolean(),
    members: Type.Array(Type.Object({ name: Type.String(), id_number: Type.String(), relation: Type.String(), relation_text: TextSchema, birth_on: Type.String(), is_self: Type.Boolean() }, Strict)),
  }, Strict)]),
  access_log: Type.Union([Type.Null(), Type.Array(Type.Object({ at: Type.String(), unit: Type.String(), post: TextSchema, purpose: TextSchema, reference: Type.Union([Type.String(), Type.Null()]) }, Strict))]),
}, Strict);

/** documents → portal: a paper was issued or voided. Nothing in it is about a person; the code itself does not travel. */
export const PaperMark = Type.Object({
  number: Type.String({ pattern: '^[0-9A-Z]{12}-[0-9]{4}-[0-9]{6,}$' }), code_sha256: Sha, title: TextSchema, issued_by: TextSchema, issued_on: Type.String({ format: 'date' }), sha256: Sha,
  voided_on: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
}, Strict);

/** kind → schema, for the couriers of both networks. */
export const inwardParcels = {
  'portal.submit_application': SubmitApplication, 'portal.submit_correction': SubmitCorrection, 'portal.withdraw_application': WithdrawApplication, 'portal.ask_record': AskRecord,
} as const;
export const outwardParcels = {
  'cases.progress': Progress, 'cases.correction_list': CorrectionList, 'cases.notice': Notice, 'cases.message_to_citizen': MessageToCitizen, 'cases.record_answer': RecordAnswer,
  'documents.paper_mark': PaperMark,
} as const;

export type SubmitApplicationBody = Static<typeof SubmitApplication>;
export type SubmitCorrectionBody = Static<typeof SubmitCorrection>;
export type WithdrawApplicationBody = Static<typeof WithdrawApplication>;
export type AskRecordBody = Static<typeof AskRecord>;
export type ProgressBody = Static<typeof Progress>;
export type CorrectionListBody = Static<typeof CorrectionList>;
export type NoticeBody = Static<typeof Notice>;
export type MessageToCitizenBody = Static<typeof MessageToCitizen>;
export type RecordAnswerBody = Static<typeof RecordAnswer>;
export type PaperMarkBody = Static<typeof PaperMark>;
