/**
 * What officers may do with cases. Every act names the case version it was decided on
 * (`case_version`): a page that is out of date is answered with 409 and what changed.
 */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const Id = Type.String({ format: 'uuid' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Scans of one request: pictures of at most 10 MB each. */
const scanBytesMax = 33_554_432;
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String();

/** States of a case 办件; see README for the diagram. */
export const caseStates = [
  'submitted', 'supplement', 'in_review', 'suspended', 'executed', 'not_accepted', 'rejected', 'withdrawn', 'expired', 'terminated',
] as const;
export type CaseState = (typeof caseStates)[number];
const State = Type.Enum([...caseStates]);

export const StepView = Type.Object({
  step: Type.Integer(), act: Type.String(), label: TextSchema, role: Type.String(), level: Type.String(), org_code: Type.String(), org_name: Type.String(),
  state: Type.String({ description: 'waiting | active | done | returned | refused | objected | automatic' }),
  arrived_at: Nullable(Instant), due_at: Nullable(Instant), done_at: Nullable(Instant), done_by: Nullable(Type.String()), opinion: Nullable(Type.String()),
  /** 代: the colleague on leave in whose post it was done. */
  done_for: Nullable(Type.String()),
  /** 0, 50, 80 or 100: how far the clock has been told. */
  urged: Type.Integer(),
});

export const TaskView = Type.Object({
  task_id: Id, number: Type.Integer(), kind: Type.String({ description: 'verify | review | check | opinion | supervise | extend' }), label: TextSchema, step: Type.Integer(),
  org_code: Type.String(), org_name: Type.String(), role_label: Nullable(TextSchema), officer_name: Nullable(Type.String()),
  wanted: Type.String(), asked_org_name: Type.String(), asked_by: Nullable(Type.String({ description: 'null: the clock asked' })), asked_at: Instant, due_at: Instant,
  state: Type.String({ description: 'open | objected | done | cancelled' }), lamp: Type.String(), urged: Type.Integer(),
  ended_at: Nullable(Instant), ended_by: Nullable(Type.String()),
  /** What was answered, or the objection. */
  answer: Nullable(Type.Object({
    text: Type.String(), agree: Nullable(Type.Boolean()), granted: Nullable(Type.Boolean()), working_days: Nullable(Type.Integer()),
    enquiry: Nullable(Type.Object({ result: Type.String(), people_met: Type.Array(Type.String()), enquired_on: Type.String(), scans: Type.Array(Type.String()) })),
  })),
  /** The step waits for it. */
  waited_for: Type.Boolean(),
  /** What the signed-in officer may do with it now: answer_task, object_task, settle_task, decide_extension. */
  acts: Type.Array(Type.String()),
});

export const QueueItem = Type.Object({
  case_id: Id, case_no: Nullable(Type.String()), receipt_no: Nullable(Type.String()), service_code: Type.String(), service_name: TextSchema,
  state: State, act: Type.String(), applicant_name: Type.String(), movers: Type.Integer(), target_org_name: Type.String(), origin_org_name: Nullable(Type.String()),
  arrived_at: Instant, due_at: Nullable(Instant), lamp: Type.String({ description: 'green | yellow | red' }), urged: Type.Integer(),
  claimed_by: Nullable(Type.String()), claimed_until: Nullable(Instant), case_version: Type.Integer(),
  /** An order of supervision is out and unanswered. */
  supervised: Type.Boolean(),
});

export const CheckView = Type.Object({
  rule: Type.String(), label: TextSchema, passed: Type.Boolean(), on_fail: Type.String(),
  /** What was found, in words, with the way to mend it. */
  finding: Nullable(TextSchema), law: Nullable(TextSchema),
});

export const MaterialView = Type.Object({
  code: Type.String(), name: TextSchema, required: Type.Boolean(), why: TextSchema, law: TextSchema,
  state: Type.String({ description: 'provided | cancelled | verified_online | certificate | commitment | missing | optional' }),
  /** Why it was not asked for: fact, source, time. */
  evidence: Nullable(Type.Object({ text: TextSchema, source: Type.String(), at: Instant })),
  attachments: Type.Array(Type.Object({
    sha256: Type.String(), media_type: Type.String(), file_name: Type.String(), bytes: Type.Integer(),
    /** Whether the officer who asks has opened it in this case. */
    opened: Type.Boolean(),
  })),
  /** Every scan must be opened by whoever is to agree in a review or an approval. */
  must_open: Type.Boolean(),
});

export const MemberView = Type.Object({
  /** Null for whoever comes into the register by this case. */
  person_id: Nullable(Id), name: Type.String(), sex: Type.String(), birth_on: Type.String(), id_number_masked: Type.String(), relation: Type.String(),
  change: Type.String({ description: 'none | added | removed | changed' }),
}, { subject: 'person_id', fields: 'household' });

export const HouseholdView = Type.Object({
  household_id: Nullable(Id), household_no: Nullable(Type.String()), title: TextSchema, address_text: Type.String(), station_name: Type.String(),
  closes: Type.Boolean(), opens: Type.Boolean(), members: Type.Array(MemberView),
});

export const MoverView = Type.Object({
  person_id: Nullable(Id), name: Type.String(), id_number_masked: Type.String(), relation: Type.String(),
  /** Null when the register has no such person: said to the officer, never to the portal. */
  found: Type.Boolean(), sex: Nullable(Type.String()), birth_on: Nullable(Type.String()), station_name: Nullable(Type.String()), is_head: Type.Boolean(),
  lease: Nullable(Type.Object({ case_no: Nullable(Type.String()), holder: Type.String(), office: Type.String(), phone: Nullable(Type.String()), expires_at: Instant })),
}, { subject: 'person_id', fields: 'move' });

export const CaseEventView = Type.Object({
  sequence: Type.Integer(), at: Instant, act: Type.String(), label: TextSchema, actor_kind: Type.String(), actor_name: Nullable(Type.String()), org_name: Nullable(Type.String()),
  post: Nullable(Type.String()), acting_for: Nullable(Type.String({ description: '代: whose post it was' })), opinion: Nullable(Type.String()), detail: Type.Unknown(),
});

export const RecheckView = Type.Object({
  code: Type.String(), name: TextSchema, due_on: Type.String(), result: Nullable(Type.String({ description: 'kept | broken' })),
  evidence: Nullable(Type.String()), done_at: Nullable(Instant), done_by: Nullable(Type.String()),
});

export const CaseView = Type.Object({
  case_id: Id, case_no: Nullable(Type.String()), receipt_no: Nullable(Type.String()), case_version: Type.Integer(), state: State,
  service_code: Type.String(), service_name: TextSchema, catalogue_version: Type.String(), channel: Type.String(), sensitivity: Type.String(),
  submitted_at: Instant, accepted_at: Nullable(Instant), due_at: Nullable(Instant), lamp: Type.String(), closed_at: Nullable(Instant),
  applicant: Type.Object({ name: Type.String(), id_number_masked: Type.String(), phone_masked: Type.String(), identity_level: Type.Integer() }),
  answers: Type.Array(Type.Object({ section: TextSchema, fields: Type.Array(Type.Object({ name: Type.String(), label: TextSchema, value: Type.String(), source: TextSchema })) })),
  movers: Type.Array(MoverView),
  before: Type.Array(HouseholdView), after: Type.Array(HouseholdView),
  materials: Type.Array(MaterialView),
  checks: Type.Array(CheckView),
  steps: Type.Array(StepView),
  claim: Nullable(Type.Object({ officer_id: Type.String(), name: Type.String(), org_name: Type.String(), phone: Nullable(Type.String()), until: Instant, mine: Type.Boolean() })),
  corrections: Nullable(Type.Object({
    issued_at: Instant, due_on: Type.String(), items: Type.Array(Type.Object({ subject: Type.String(), zh: Type.String(), en: Type.String(), no_commitment: Type.Optional(Type.Boolean()) })), count: Type.Integer(),
    /**
     * What is declared so far, as it was typed, in the sections that the list is about; for whoever may enter the answer
     * at the counter, nothing for others. `opened`: the list asks for it; `line`: an address or area in words.
     */
    fields: Type.Array(Type.Object({ name: Type.String(), value: Type.Unknown(), opened: Type.Boolean(), line: Nullable(Type.String()) })),
    /** What came back, with what the applicant wished to say. */
    answer: Nullable(Type.Object({ at: Instant, note: Nullable(Type.String()) })),
  })),
  decision: Nullable(Type.Object({ outcome: Type.String(), reason_code: Nullable(Type.String()), reason: Nullable(Type.String()), law: Nullable(TextSchema), remedy: Nullable(TextSchema) })),
  suspended: Nullable(Type.Object({ since: Instant, reason_code: Type.String(), reason: Type.String(), document_no: Nullable(Type.String()), until: Nullable(Instant) })),
  tasks: Type.Array(TaskView),
  enquiries: Type.Array(Type.Object({
    result: Type.String(), findings: Type.String(), people_met: Type.Array(Type.String()), enquired_on: Type.String(), scans: Type.Array(Type.String()), org_name: Type.String(), recorded_by: Type.String(), recorded_at: Instant,
  })),
  /** More time was granted: until when and why; null while the promise stands. */
  /** How much more time the law allows for this service; 0: none. */
  extension_working_days: Type.Integer(),
  extension: Nullable(Type.Object({ working_days: Type.Integer(), reason: Type.String(), granted_at: Instant })),
  /** Acts that the signed-in officer may do now, and why not for those he may not. */
  acts: Type.Array(Type.Object({ act: Type.String(), allowed: Type.Boolean(), why_not: Nullable(TextSchema) })),
  notices: Type.Array(Type.Object({ document_id: Id, title: TextSchema, issued_at: Instant, is_void: Type.Boolean() })),
  /** Written commitments to be checked after execution, and what came of it. */
  rechecks: Type.Array(RecheckView),
});

const OnCase = { case_id: Id, case_version: Type.Integer({ minimum: 0 }) };
const Opinion = Type.String({ maxLength: 500 });
const Reason = Type.String({ minLength: 4, maxLength: 500, mend: { zh: '请写明理由(4–500 字)。', en: 'State the reason in 4 to 500 characters.' } });
const MaterialSeen = Type.Object({ code: Type.String(), by: Type.String({ description: 'provided (the original was seen) | commitment | certificate; scans come as files of the field scan.<code>' }), certificate_no: Type.Optional(Type.String({ maxLength: 60 })) });
const Done = Type.Object({ case_id: Id, case_version: Type.Integer(), state: State });
const Enquiry = {
  result: Type.Union([Type.Literal('confirmed'), Type.Literal('partly'), Type.Literal('not_confirmed')], { mend: { zh: '请选择调查结论:属实、部分属实或不属实。', en: 'Choose what was found: confirmed, partly confirmed or not confirmed.' } }),
  people_met: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 20, mend: { zh: '请填写走访人员,每行一人。', en: 'Name the people met, one to a line.' } }),
  enquired_on: Type.String({ format: 'date' }),
  /** Scans of the record, among the attachments of the case. */
  scans: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 20 })),
};
const TaskRef = { task_id: Id };
const Wanted = Type.String({ minLength: 4, maxLength: 500, mend: { zh: '请写明要求(4–500 字)。', en: 'Say what is wanted in 4 to 500 characters.' } });
const WorkingDays = Type.Integer({ minimum: 1, maximum: 30 });

export const contract = defineContract({
  countQueues: {
    method: 'GET', path: '/api/cases/queues', permission: 'cases.list_queue', summary: { zh: '各队列件数', en: 'Cases in each queue' },
    input: Type.Object({}), output: Type.Object({ queues: Type.Array(Type.Object({ queue: Type.String(), label: TextSchema, count: Type.Integer(), overdue: Type.Integer() })) }),
  },
  listQueue: {
    method: 'GET', path: '/api/cases/queue', permission: 'cases.list_queue', summary: { zh: '待办列表', en: 'Work waiting' },
    input: Type.Object({
      queue: Type.Optional(Type.String({ description: 'mine | tasks | asked | outside | supplement | suspended | done, or the act that is waited for: accept, verify, review, approve, …' })),
      filter: Type.Optional(Type.String({ maxLength: 60 })), after: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
    }, { additionalProperties: false }),
    output: Type.Object({ items: Type.Array(QueueItem), next: Nullable(Type.String()) }),
  },
  getCase: {
    method: 'GET', path: '/api/cases/:case_id', permission: 'cases.get_case', purpose: 'case', summary: { zh: '审查办件', en: 'Review a case' },
    input: Type.Object({ case_id: Id }, { additionalProperties: false }), output: CaseView,
  },
  getTimeline: {
    method: 'GET', path: '/api/cases/:case_id/timeline', permission: 'cases.get_case', purpose: 'case', summary: { zh: '办件轨迹', en: 'Timeline of a case' },
    input: Type.Object({ case_id: Id }, { additionalProperties: false }),
    output: Type.Object({ case_id: Id, case_no: Nullable(Type.String()), events: Type.Array(CaseEventView), chain_intact: Type.Boolean(), route_svg: Type.String() }),
  },
  getRouteBpmn: {
    method: 'GET', path: '/api/cases/:case_id/route.bpmn', permission: 'cases.get_case', purpose: 'case', summary: { zh: '流程图(BPMN 2.0)', en: 'Route as BPMN 2.0' },
    input: Type.Object({ case_id: Id }, { additionalProperties: false }), output: 'file',
  },
  getAttachment: {
    method: 'GET', path: '/api/cases/:case_id/attachments/:sha256', permission: 'cases.get_case', purpose: 'case', summary: { zh: '查看材料', en: 'View a material' },
    // Opening leaves a line: agreeing asks for it. What a screen fetches ahead is not opened yet and is told when it is shown.
    leaves_record: true,
    input: Type.Object({ case_id: Id, sha256: Sha256, ahead: Type.Optional(Type.Boolean()) }, { additionalProperties: false }), output: 'file',
  },
  openAttachment: {
    method: 'POST', path: '/api/cases/:case_id/attachments/:sha256/open', permission: 'cases.get_case', purpose: 'case', summary: { zh: '打开预取的材料', en: 'Open a material that was fetched ahead' },
    input: Type.Object({ case_id: Id, sha256: Sha256 }, { additionalProperties: false }), output: Type.Object({ sha256: Type.String() }),
  },
  claimCase: {
    method: 'POST', path: '/api/cases/:case_id/claim', permission: 'cases.claim_case', summary: { zh: '领办', en: 'Take a case in hand' },
    input: Type.Object(OnCase, { additionalProperties: false }), output: Done,
  },
  releaseCase: {
    method: 'POST', path: '/api/cases/:case_id/release', permission: 'cases.claim_case', summary: { zh: '放回', en: 'Put a case back' },
    input: Type.Object(OnCase, { additionalProperties: false }), output: Done,
  },
  openCase: {
    method: 'POST', path: '/api/cases', permission: 'cases.open_case', summary: { zh: '窗口录入', en: 'Enter a case at the counter' }, upload_bytes_max: scanBytesMax,
    input: Type.Object({
      service_code: Type.String(), applicant_name: Type.String(), applicant_id_number: Type.String(), applicant_phone: Type.String(),
      answers: Type.Record(Type.String(), Type.Unknown()),
      materials: Type.Optional(Type.Array(MaterialSeen, { maxItems: 30 })),
    }, { additionalProperties: false }),
    output: Done,
  },
  acceptCase: {
    method: 'POST', path: '/api/cases/:case_id/accept', permission: 'cases.accept_case', purpose: 'case', summary: { zh: '受理', en: 'Accept' },
    input: Type.Object({ ...OnCase, opinion: Type.Optional(Opinion) }, { additionalProperties: false }), output: Done,
  },
  askSources: {
    method: 'POST', path: '/api/cases/:case_id/ask-sources', permission: 'cases.accept_case', summary: { zh: '重新向外部数据源核验', en: 'Ask the sources again' },
    input: Type.Object({ case_id: Id }, { additionalProperties: false }), output: Type.Object({ case_id: Id }),
  },
  requestSupplement: {
    method: 'POST', path: '/api/cases/:case_id/supplement', permission: 'cases.request_supplement', summary: { zh: '一次性告知补正', en: 'One-time correction notice' },
    input: Type.Object({
      ...OnCase,
      items: Type.Array(Type.Object({ subject: Type.String({ minLength: 1, maxLength: 60 }), zh: Type.String({ minLength: 4, maxLength: 200 }), en: Type.Optional(Type.String({ maxLength: 300 })) }), { minItems: 1, maxItems: 20 }),
      /** A second notice is lawful only for a fact that came up after the first. */
      new_fact: Type.Optional(Type.String({ minLength: 4, maxLength: 200 })),
    }, { additionalProperties: false }), output: Done,
  },
  answerSupplement: {
    method: 'POST', path: '/api/cases/:case_id/answer', permission: 'cases.open_case', purpose: 'case', summary: { zh: '窗口补正', en: 'Enter the corrections at the counter' }, upload_bytes_max: scanBytesMax,
    input: Type.Object({ ...OnCase, answers: Type.Record(Type.String(), Type.Unknown()), materials: Type.Optional(Type.Array(MaterialSeen, { maxItems: 30 })), note: Type.Optional(Opinion) }, { additionalProperties: false }), output: Done,
  },
  refuseAcceptance: {
    method: 'POST', path: '/api/cases/:case_id/refuse-acceptance', permission: 'cases.refuse_acceptance', summary: { zh: '不予受理', en: 'Refuse acceptance' },
    input: Type.Object({ ...OnCase, reason_code: Type.String(), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  reviewStep: {
    method: 'POST', path: '/api/cases/:case_id/review', permission: 'cases.review_step', purpose: 'case', summary: { zh: '审核', en: 'Review' },
    input: Type.Object({ ...OnCase, agree: Type.Boolean(), opinion: Opinion, reason_code: Type.Optional(Type.String()) }, { additionalProperties: false }), output: Done,
  },
  approveStep: {
    method: 'POST', path: '/api/cases/:case_id/approve', permission: 'cases.approve_step', purpose: 'case', summary: { zh: '审批', en: 'Approve' },
    input: Type.Object({ ...OnCase, agree: Type.Boolean(), opinion: Opinion, reason_code: Type.Optional(Type.String()) }, { additionalProperties: false }), output: Done,
  },
  returnStep: {
    method: 'POST', path: '/api/cases/:case_id/return', permission: 'cases.return_step', summary: { zh: '退回', en: 'Return' },
    input: Type.Object({ ...OnCase, to_step: Type.Integer({ minimum: 1 }), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  verifyStep: {
    method: 'POST', path: '/api/cases/:case_id/verify', permission: 'cases.verify_step', purpose: 'case', summary: { zh: '调查核实', en: 'Record an enquiry' },
    input: Type.Object({ ...OnCase, ...Enquiry, findings: Reason }, { additionalProperties: false }), output: Done,
  },
  recallAct: {
    method: 'POST', path: '/api/cases/:case_id/recall', permission: 'cases.recall_act', summary: { zh: '撤回本人上一步', en: 'Take the own last act back' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  listColleagues: {
    method: 'GET', path: '/api/cases/:case_id/colleagues', permission: 'cases.transfer_step', summary: { zh: '可转办、加签的人员和可委派的单位', en: 'Colleagues who can take a step or give an opinion, units that can check' },
    input: Type.Object({ case_id: Id }, { additionalProperties: false }),
    output: Type.Object({
      transfer: Type.Array(Type.Object({ officer_id: Id, name: Type.String(), police_number: Type.String(), role: Type.String(), role_label: TextSchema })),
      opinion: Type.Array(Type.Object({ officer_id: Id, name: Type.String(), police_number: Type.String(), role: Type.String(), role_label: TextSchema })),
      units: Type.Array(Type.Object({ org_code: Type.String(), org_name: Type.String() })),
    }),
  },
  transferStep: {
    method: 'POST', path: '/api/cases/:case_id/transfer', permission: 'cases.transfer_step', summary: { zh: '转办', en: 'Pass to a colleague' },
    input: Type.Object({ ...OnCase, officer_id: Id, role: Type.String({ maxLength: 40 }), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  countersignStep: {
    method: 'POST', path: '/api/cases/:case_id/countersign', permission: 'cases.countersign_step', purpose: 'case', summary: { zh: '加签', en: 'Ask for one more named opinion' },
    input: Type.Object({ ...OnCase, officer_id: Id, wanted: Wanted, working_days: Type.Optional(WorkingDays) }, { additionalProperties: false }), output: Done,
  },
  delegateCheck: {
    method: 'POST', path: '/api/cases/:case_id/delegate', permission: 'cases.delegate_check', purpose: 'case', summary: { zh: '委派核查', en: 'Have units below check something' },
    input: Type.Object({ ...OnCase, units: Type.Array(Type.String({ pattern: '^\\d{6}[0-9A-Z]{2}\\d{4}$' }), { minItems: 1, maxItems: 10 }), wanted: Wanted, working_days: Type.Optional(WorkingDays) }, { additionalProperties: false }), output: Done,
  },
  answerTask: {
    method: 'POST', path: '/api/cases/:case_id/tasks/:task_id/answer', permission: 'cases.answer_task', purpose: 'case', summary: { zh: '答复任务', en: 'Answer a task' },
    input: Type.Object({ ...OnCase, ...TaskRef, text: Reason, agree: Type.Optional(Type.Boolean()), enquiry: Type.Optional(Type.Object(Enquiry, { additionalProperties: false })) }, { additionalProperties: false }), output: Done,
  },
  objectTask: {
    method: 'POST', path: '/api/cases/:case_id/tasks/:task_id/object', permission: 'cases.answer_task', summary: { zh: '对任务提出异议', en: 'Object to a task' },
    input: Type.Object({ ...OnCase, ...TaskRef, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  settleTask: {
    method: 'POST', path: '/api/cases/:case_id/tasks/:task_id/settle', permission: 'cases.settle_task', summary: { zh: '撤销任务,或在异议后坚持交办', en: 'Take a task back, or insist on it after an objection' },
    input: Type.Object({ ...OnCase, ...TaskRef, insist: Type.Boolean(), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  urgeCase: {
    method: 'POST', path: '/api/cases/:case_id/urge', permission: 'cases.urge_case', summary: { zh: '催办', en: 'Urge' },
    input: Type.Object({ ...OnCase, message: Reason }, { additionalProperties: false }), output: Done,
  },
  superviseCase: {
    method: 'POST', path: '/api/cases/:case_id/supervise', permission: 'cases.supervise_case', summary: { zh: '督办', en: 'Supervise: order to act and to answer' },
    input: Type.Object({ ...OnCase, reason: Reason, working_days: Type.Optional(WorkingDays) }, { additionalProperties: false }), output: Done,
  },
  askExtension: {
    method: 'POST', path: '/api/cases/:case_id/ask-extension', permission: 'cases.ask_extension', summary: { zh: '申请延期', en: 'Ask for more time' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  decideExtension: {
    method: 'POST', path: '/api/cases/:case_id/decide-extension', permission: 'cases.grant_extension', summary: { zh: '审批延期', en: 'Decide on more time' },
    input: Type.Object({ ...OnCase, grant: Type.Boolean(), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  voidCase: {
    method: 'POST', path: '/api/cases/:case_id/void', permission: 'cases.void_case', summary: { zh: '作废(误录)', en: 'Void a case entered by mistake' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  receiveCertificate: {
    method: 'POST', path: '/api/cases/:case_id/receive-certificate', permission: 'cases.execute_case', purpose: 'case', summary: { zh: '录入纸质迁移证', en: 'Enter a migration certificate on paper' },
    input: Type.Object({ ...OnCase, migration_certificate_no: Type.String({ pattern: '^[0-9A-Z-]{4,40}$', mend: { zh: '请填写迁移证编号:大写字母、数字和短横。', en: 'Enter the number of the certificate: capital letters, digits, hyphens.' } }) }, { additionalProperties: false }), output: Done,
  },
  handOverCase: {
    method: 'POST', path: '/api/cases/:case_id/hand-over', permission: 'cases.hand_over_case', purpose: 'case', summary: { zh: '发证', en: 'Hand the card or paper over' },
    input: Type.Object({
      ...OnCase, received_by: Type.String({ minLength: 2, maxLength: 60 }), id_number_last4: Type.String({ pattern: '^[0-9]{3}[0-9X]$', mend: { zh: '请填写领取人公民身份号码后四位。', en: 'Enter the last four characters of the ID number.' } }),
      /** Somebody else collects, by mandate. */
      by_mandate: Type.Optional(Type.Boolean()), courier_no: Type.Optional(Type.String({ maxLength: 40 })),
    }, { additionalProperties: false }), output: Done,
  },
  deliverCopy: {
    method: 'POST', path: '/api/cases/:case_id/deliver-copy', permission: 'cases.deliver_copy', purpose: 'case', summary: { zh: '交付档案复制件', en: 'Deliver the copy from the archive' },
    input: Type.Object({ ...OnCase, opinion: Type.Optional(Opinion) }, { additionalProperties: false }), output: Done,
  },
  confirmOut: {
    method: 'POST', path: '/api/cases/:case_id/confirm-out', permission: 'cases.confirm_out', purpose: 'case', summary: { zh: '确认迁出', en: 'Confirm the move out' },
    input: Type.Object({ ...OnCase, opinion: Type.Optional(Opinion) }, { additionalProperties: false }), output: Done,
  },
  objectOut: {
    method: 'POST', path: '/api/cases/:case_id/object-out', permission: 'cases.object_out', summary: { zh: '对迁出提出异议', en: 'Object to the move out' },
    input: Type.Object({
      ...OnCase, reason_code: Type.Union([Type.Literal('pending_case'), Type.Literal('lawful_hold'), Type.Literal('wrong_person'), Type.Literal('head_problem')]), reason: Reason,
      /** A lawful hold needs its document and an end; a remark without a document holds nothing. */
      document_no: Type.Optional(Type.String({ maxLength: 60 })), hold_until_on: Type.Optional(Type.String({ format: 'date' })),
    }, { additionalProperties: false }), output: Done,
  },
  resolveObjection: {
    method: 'POST', path: '/api/cases/:case_id/resolve-objection', permission: 'cases.approve_step', summary: { zh: '裁定异议', en: 'Decide on an objection' },
    input: Type.Object({ ...OnCase, uphold: Type.Boolean(), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  executeCase: {
    method: 'POST', path: '/api/cases/:case_id/execute', permission: 'cases.execute_case', purpose: 'case', summary: { zh: '办结', en: 'Execute' },
    input: Type.Object({ ...OnCase, opinion: Type.Optional(Opinion) }, { additionalProperties: false }), output: Done,
  },
  withdrawCase: {
    method: 'POST', path: '/api/cases/:case_id/withdraw', permission: 'cases.withdraw_case', summary: { zh: '按申请人要求撤回', en: 'Withdraw at the applicant’s request' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  terminateCase: {
    method: 'POST', path: '/api/cases/:case_id/terminate', permission: 'cases.accept_case', summary: { zh: '终止(死亡、法院文书、重复办件)', en: 'Terminate (death, court order, duplicate)' },
    input: Type.Object({ ...OnCase, reason_code: Type.Union([Type.Literal('person_died'), Type.Literal('court_order'), Type.Literal('duplicate_case')]), reason: Reason }, { additionalProperties: false }), output: Done,
  },
  withdrawConsent: {
    method: 'POST', path: '/api/cases/:case_id/withdraw-consent', permission: 'cases.withdraw_case', summary: { zh: '迁入户户主撤回同意', en: 'The receiving head withdraws consent' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  reverseCase: {
    method: 'POST', path: '/api/cases/:case_id/reverse', permission: 'cases.approve_step', summary: { zh: '当日冲销', en: 'Reverse on the same day' },
    input: Type.Object({ ...OnCase, reason: Reason }, { additionalProperties: false }), output: Done,
  },
  listRechecks: {
    method: 'GET', path: '/api/cases/rechecks', permission: 'cases.record_recheck', summary: { zh: '承诺核查', en: 'Commitments to check' },
    input: Type.Object({ after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })) }, { additionalProperties: false }),
    output: Type.Object({
      items: Type.Array(Type.Object({
        case_id: Id, case_no: Type.String(), code: Type.String(), name: TextSchema, service_name: TextSchema, applicant_name: Type.String(), org_name: Type.String(),
        executed_at: Nullable(Instant), due_on: Type.String(), called: Type.Boolean(), overdue: Type.Boolean(),
      })),
      /** Days within which commitments are checked, and years for which a broken one bars others: the policy of the province. */
      check_days: Type.Integer(), bar_years: Type.Integer(),
      next: Nullable(Type.String()),
    }),
  },
  recordRecheck: {
    method: 'POST', path: '/api/cases/:case_id/rechecks/:code', permission: 'cases.record_recheck', purpose: 'case', summary: { zh: '登记承诺核查结果', en: 'Record what the check of a commitment found' },
    input: Type.Object({
      case_id: Id, code: Type.String({ pattern: '^M[0-9]{2}$' }),
      result: Type.Union([Type.Literal('kept'), Type.Literal('broken')], { mend: { zh: '请选择核查结果:属实或不实。', en: 'Choose what was found: true or not true.' } }),
      evidence: Type.String({ minLength: 4, maxLength: 500, mend: { zh: '请写明核查依据(4–500 字)。', en: 'State the evidence in 4 to 500 characters.' } }),
    }, { additionalProperties: false }), output: Done,
  },
  listReasons: {
    method: 'GET', path: '/api/cases/reasons', permission: 'cases.list_queue', summary: { zh: '理由代码', en: 'Reason codes' },
    input: Type.Object({}), output: Type.Object({ reasons: Type.Array(Type.Object({ code: Type.String(), use: Type.String(), label: TextSchema, law: TextSchema })) }),
  },
  listMessages: {
    method: 'GET', path: '/api/cases/messages', permission: 'cases.read_messages', summary: { zh: '本单位消息', en: 'Messages to my unit' },
    input: Type.Object({ unread: Type.Optional(Type.Boolean()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })) }, { additionalProperties: false }),
    output: Type.Object({ messages: Type.Array(Type.Object({ message_id: Id, at: Instant, kind: Type.String(), text: TextSchema, case_id: Nullable(Id), case_no: Nullable(Type.String()), read_at: Nullable(Instant) })), unread: Type.Integer() }),
  },
  markMessageRead: {
    method: 'POST', path: '/api/cases/messages/:message_id/read', permission: 'cases.read_messages', summary: { zh: '标记已读', en: 'Mark as read' },
    input: Type.Object({ message_id: Id }, { additionalProperties: false }), output: Type.Object({ message_id: Id }),
  },
  getService: {
    method: 'GET', path: '/api/cases/services/:service_code', permission: 'cases.list_queue', summary: { zh: '事项说明(窗口表单)', en: 'A service item with its form' },
    input: Type.Object({ service_code: Type.String() }, { additionalProperties: false }), output: Type.Object({ service: Type.Unknown(), materials: Type.Unknown() }),
  },
  listServices: {
    method: 'GET', path: '/api/cases/services', permission: 'cases.list_queue', summary: { zh: '事项列表', en: 'Service items' },
    input: Type.Object({}), output: Type.Object({ services: Type.Array(Type.Object({ code: Type.String(), name: TextSchema, summary: TextSchema })) }),
  },
});

export type CaseViewData = Static<typeof CaseView>;
export type QueueItemData = Static<typeof QueueItem>;
export type StepViewData = Static<typeof StepView>;
export type TaskViewData = Static<typeof TaskView>;
export type CheckViewData = Static<typeof CheckView>;
export type MaterialViewData = Static<typeof MaterialView>;
export type HouseholdViewData = Static<typeof HouseholdView>;
export type MoverViewData = Static<typeof MoverView>;
