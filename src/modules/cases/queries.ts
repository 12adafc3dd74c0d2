/** What the office shows of cases. */
import { actorId, Refusal, servicesLike, type Context, type FileAnswer, type InputOf, type OfficerActor, type OutputOf } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { findAddresses, findAreas, findOrganisations, listCodes, maskIdNumber } from '../reference/index.ts';
import { catalogue, conditions, correctedFields, routeBpmn, routeSvg, type CorrectionListBody, type Field, type Service } from '../catalogue/index.ts';
import { listDocuments } from '../documents/index.ts';
import type { HouseholdPreview } from '../population/index.ts';
import { rechecksOf } from './commitments.ts';
import type { contract, CaseViewData, HouseholdViewData, MaterialViewData, QueueItemData, StepViewData } from './contract.ts';
import { actRules, admitOfficer, officesOf, refusalOfAct, type ActName } from './duty.ts';
import type { CaseFacts, ShownFacts } from './facts.ts';
import { activeStep, openFile, openStates, serviceOf, type CaseFile, type OpenedCase } from './file.ts';
import { gather, recall } from './gather.ts';
import { lampOf, outsideActs } from './route.ts';
import { enquiriesView, extensionView, tasksView } from './task-view.ts';
import { enquiriesOf } from './actions/verify.ts';
import { effects, previewOfCase } from './effects/index.ts';
import { check } from './rules/index.ts';
import { mustBeOpened, noteOpened, openedBy } from './scans.ts';
import { actLabels, reasonCodes, remedy, roleLabel } from './words.ts';

const text = (at: Date | null): string | null => (at === null ? null : at.toISOString());
const officerOf = (context: Context): OfficerActor => {
  if (context.actor.kind !== 'officer') throw new Refusal('kernel.signed_out');
  return context.actor;
};

/** Phone numbers on screens show three and four digits. */
export function maskPhone(phone: string): string {
  return phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

const queueLabels: Record<string, Text> = {
  accept: { zh: '待受理', en: 'To accept' },
  execute_instant: { zh: '即办', en: 'Instant' },
  tasks: { zh: '交来的任务', en: 'Tasks for us' },
  verify: { zh: '待核查', en: 'To verify' },
  review: { zh: '待审核', en: 'To review' },
  approve: { zh: '待审批', en: 'To approve' },
  confirm_out: { zh: '待确认迁出', en: 'To confirm' },
  execute: { zh: '待办结', en: 'To execute' },
  hand_over: { zh: '待发证', en: 'To hand over' },
  deliver_copy: { zh: '待交付', en: 'To deliver' },
  asked: { zh: '交办·督办中', en: 'Asked of others' },
  outside: { zh: '等待外部答复', en: 'Waiting for others' },
  supplement: { zh: '等待补正', en: 'Waiting for corrections' },
  suspended: { zh: '异议·中止', en: 'Objected, suspended' },
  done: { zh: '近期办结', en: 'Closed lately' },
};

/** Written out, so that the index of such cases serves. */
const outsideList = [...outsideActs].map((act) => `'${act}'`).join(', ');

export async function countQueues(context: Context): Promise<OutputOf<typeof contract.countQueues>> {
  const officer = officerOf(context);
  const rows = await context.query<{ queue: string; count: number; overdue: number }>(
    `select waiting_act as queue, count(*)::int as count, count(*) filter (where step_due_at < $3)::int as overdue
     from cases.case_file where waiting_org = $1 and waiting_role = $2 and service_code like any($6) group by waiting_act
     union all
     select 'tasks', count(distinct t.case_id)::int, count(distinct t.case_id) filter (where t.due_at < $3)::int
     from cases.task t join cases.case_file c on c.case_id = t.case_id where ${taskForMe('$1', '$2', '$7')} and c.service_code like any($6) having count(*) > 0
     union all
     select 'asked', count(distinct t.case_id)::int, count(distinct t.case_id) filter (where t.due_at < $3)::int
     from cases.task t join cases.case_file c on c.case_id = t.case_id where t.asked_org = $1 and t.state in ('open', 'objected') and c.service_code like any($6) having count(*) > 0
     union all
     select 'outside', count(*)::int, count(*) filter (where step_due_at < $3)::int from cases.case_file
     where waiting_act in (${outsideList}) and target_org >= $4 and target_org < $5 and service_code like any($6) having count(*) > 0
     union all
     select state, count(*)::int, 0 from cases.case_file
     where state in ('supplement', 'suspended') and target_org >= $4 and target_org < $5 and service_code like any($6) group by state`,
    [officer.org_code, officer.role, context.now, officer.org_from, officer.org_to, servicesLike(officer, 'cases.list_queue'), officer.officer_id]);
  const counted = new Map(rows.map((row) => [row.queue, row]));
  return { queues: Object.entries(queueLabels).filter(([queue]) => queue !== 'done').map(([queue, label]) => ({ queue, label, count: counted.get(queue)?.count ?? 0, overdue: counted.get(queue)?.overdue ?? 0 })) };
}

/** A task that waits for the officer of unit, post and id. */
function taskForMe(org: string, role: string, officer: string): string {
  return `t.state = 'open' and t.org_code = ${org} and (t.role is null or t.role = ${role}) and (t.officer_id is null or t.officer_id = ${officer}::uuid)`;
}

/** Where each queue looks. Values are numbered parameters: $1 org, $2 role, $3 from, $4 to, $10 officer. */
const queueConditions: Record<string, string> = {
  mine: 'c.waiting_org = $1 and c.waiting_role = $2',
  tasks: `exists (select from cases.task t where t.case_id = c.case_id and ${taskForMe('$1', '$2', '$10')})`,
  asked: `exists (select from cases.task t where t.case_id = c.case_id and t.asked_org = $1 and t.state in ('open', 'objected'))`,
  outside: `c.waiting_act in (${outsideList}) and c.target_org >= $3 and c.target_org < $4`,
  supplement: `c.state = 'supplement' and c.target_org >= $3 and c.target_org < $4`,
  suspended: `c.state = 'suspended' and c.target_org >= $3 and c.target_org < $4`,
  done: `c.closed_at is not null and c.target_org >= $3 and c.target_org < $4`,
};
for (const act of ['accept', 'execute_instant', 'verify', 'review', 'approve', 'confirm_out', 'execute', 'hand_over', 'deliver_copy']) queueConditions[act] = `c.waiting_org = $1 and c.waiting_role = $2 and c.waiting_act = '${act}'`;

export async function listQueue(context: Context, input: InputOf<typeof contract.listQueue>): Promise<OutputOf<typeof contract.listQueue>> {
  const officer = officerOf(context);
  const queue = input.queue ?? 'mine';
  const condition = queueConditions[queue];
  if (condition === undefined) throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: 'queue', code: 'enum', zh: '没有这个队列。', en: 'There is no such queue.' }]);
  const limit = input.limit ?? 30;
  // Closed cases come newest first; work comes by what is due first.
  const order = queue === 'done' ? 'coalesce(c.closed_at, c.submitted_at) desc, c.case_id desc' : `coalesce(c.step_due_at, c.submitted_at), c.case_id`;
  const key = queue === 'done' ? 'coalesce(c.closed_at, c.submitted_at)' : 'coalesce(c.step_due_at, c.submitted_at)';
  const [afterAt, afterId] = input.after?.split('|') ?? [];
  const rows = await context.query<CaseFile & { sort_at: Date }>(
    `select c.*, ${key} as sort_at from cases.case_file c
     where ${condition} and c.service_code like any($9) and $10::uuid is not null
       and $1::text is not null and $2::text is not null and $3::text is not null and $4::text is not null
       and ($5::timestamptz is null or (${key}, c.case_id) ${queue === 'done' ? '<' : '>'} ($5::timestamptz, $6::uuid))
       and ($7::text is null or c.applicant_name like '%' || $7 || '%' or c.case_no like '%' || $7 or c.receipt_no = upper(replace($7, ' ', '')) or c.applicant_id_number = $7)
     order by ${order} limit $8`,
    [officer.org_code, officer.role, officer.org_from, officer.org_to, afterAt ?? null, afterId ?? null, input.filter?.trim() || null, limit + 1, servicesLike(officer, 'cases.list_queue'), officer.officer_id]);
  const page = rows.slice(0, limit);
  const names = await officeNames(context, page.flatMap((row) => [row.target_org, row.origin_org]));
  const supervised = new Set((await context.query<{ case_id: string }>(`select distinct case_id from cases.task where case_id = any($1::uuid[]) and kind = 'supervise' and state = 'open'`, [page.map((row) => row.case_id)])).map((row) => row.case_id));
  const items = page.map((row): QueueItemData => ({
    case_id: row.case_id, case_no: row.case_no, receipt_no: row.receipt_no, service_code: row.service_code, service_name: serviceOf(row.service_code).name,
    state: row.state, act: row.waiting_act ?? row.state, applicant_name: row.applicant_name, movers: row.movers.length,
    target_org_name: names(row.target_org), origin_org_name: row.origin_org === null ? null : names(row.origin_org),
    arrived_at: text(row.waiting_since ?? row.submitted_at)!, due_at: text(row.step_due_at), lamp: lampOf(row.step_due_at, row.urged, context.now), urged: row.urged,
    claimed_by: row.claimed_until !== null && row.claimed_until > context.now ? row.claimed_name : null, claimed_until: text(row.claimed_until), case_version: row.version, supervised: supervised.has(row.case_id),
  }));
  const last = page.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? `${last.sort_at.toISOString()}|${last.case_id}` : null };
}

async function officeNames(context: Context, codes: readonly (string | null)[]): Promise<(code: string | null) => string> {
  const found = await findOrganisations(context, [...new Set(codes.filter((code) => code !== null))]);
  return (code) => (code === null ? '—' : (found.get(code)?.name ?? code));
}

/** A case that the officer may read: of the jurisdiction, and of a service that the post handles. */
async function readFile(context: Context, input: { case_id: string }): Promise<OpenedCase> {
  const opened = await openFile(context, input, false);
  admitOfficer(context, 'cases.get_case', opened.service);
  return opened;
}

export async function getCase(context: Context, input: InputOf<typeof contract.getCase>): Promise<CaseViewData> {
  const officer = officerOf(context);
  const opened = await readFile(context, input);
  const { file, service, steps } = opened;
  const live = openStates.includes(file.state) ? await gather(context, opened) : null;
  const facts = live ?? await recall(context, opened);
  const [corrections, documents, enquiries, standIns, rechecks, seen, names] = await Promise.all([
    context.query<{ issued_at: Date; due_on: string; items: CorrectionListBody['items']; number: number; answered_at: Date | null; note: string | null }>(
      `select c.issued_at, c.due_on, c.items, c.number, c.answered_at, e.opinion as note from cases.correction as c
       left join cases.case_event as e on e.case_id = c.case_id and e.act = 'answer_supplement' and e.at = c.answered_at
       where c.case_id = $1 order by c.number desc limit 20`, [file.case_id]),
    listDocuments(context, file.case_id),
    enquiriesOf(context, file.case_id),
    context.query<{ at: Date; actor_id: string; acting_for: string }>(`select at, actor_id, detail ->> 'acting_for' as acting_for from cases.case_event where case_id = $1 and detail ? 'acting_for' order by sequence limit 100`, [file.case_id]),
    rechecksOf(context, file.case_id),
    openedBy(context, file.case_id, officer.officer_id),
    officeNames(context, [...officesOf(opened), ...facts.movers.flatMap((mover) => [mover.person?.station_code ?? null, ...(mover.person?.leases.map((lease) => lease.org_code) ?? [])])]),
  ]);
  const latest = corrections[0];
  const claimed = file.claimed_until !== null && file.claimed_until > context.now && file.claimed_by !== null;
  return {
    case_id: file.case_id, case_no: file.case_no, receipt_no: file.receipt_no, case_version: file.version, state: file.state,
    service_code: file.service_code, service_name: service.name, catalogue_version: file.catalogue_version, channel: file.channel, sensitivity: service.sensitivity,
    submitted_at: text(file.submitted_at)!, accepted_at: text(file.accepted_at), due_at: text(file.due_at), lamp: lampOf(file.step_due_at, file.urged, context.now), closed_at: text(file.closed_at),
    applicant: { name: file.applicant_name, id_number_masked: maskIdNumber(file.applicant_id_number), phone_masked: maskPhone(file.applicant_phone), identity_level: file.applicant_identity_level },
    answers: await answersView(context, facts, opened),
    movers: facts.movers.map((mover) => ({
      person_id: mover.person_id, name: mover.name, id_number_masked: maskIdNumber(mover.id_number), relation: mover.relation, found: mover.person_id !== null,
      sex: mover.person?.sex ?? null, birth_on: mover.person?.birth_on ?? null, station_name: mover.person === null ? null : names(mover.person.station_code), is_head: mover.person?.is_head ?? false,
      lease: mover.person?.leases.filter((lease) => lease.case_id !== file.case_id).map((lease) => ({ case_no: lease.case_no, holder: lease.holder_name, office: names(lease.org_code), phone: lease.holder_phone, expires_at: lease.expires_at }))[0] ?? null,
    })),
    ...(live === null ? { before: [], after: [] } : await householdsOf(context, live, service, names)),
    materials: facts.materials.map((material): MaterialViewData => {
      const known = catalogue().materials.get(material.code)!;
      return { code: material.code, name: known.name, required: material.required, why: known.why, law: known.law, state: material.state, evidence: material.evidence,
        attachments: material.attachments.map((attachment) => ({ ...attachment, opened: seen.has(attachment.sha256) })), must_open: mustBeOpened(material) };
    }),
    checks: live === null ? [] : check(live, service, momentOf(opened)),
    steps: steps.map((step): StepViewData => ({
      step: step.step, act: step.act, label: step.label, role: step.role, level: step.level, org_code: step.org_code, org_name: names(step.org_code), state: step.state,
      arrived_at: text(step.arrived_at), due_at: text(step.due_at), done_at: text(step.done_at), done_by: step.done_by_name, opinion: step.opinion, urged: step.urged,
      done_for: standIns.find((one) => one.actor_id === step.done_by && one.at.getTime() === step.done_at?.getTime())?.acting_for ?? null,
    })),
    claim: claimed ? { officer_id: file.claimed_by!, name: file.claimed_name ?? '', org_name: names(file.claimed_org), phone: file.claimed_phone, until: text(file.claimed_until)!, mine: file.claimed_by === officer.officer_id } : null,
    corrections: latest === undefined ? null : {
      issued_at: text(latest.issued_at)!, due_on: latest.due_on, items: latest.items, count: latest.number,
      fields: mayAnswer(officer, opened, context.now) ? await correctedAnswers(context, facts, opened, latest.items) : [],
      answer: latest.answered_at === null ? null : { at: text(latest.answered_at)!, note: latest.note },
    },
    decision: file.decision === null ? null : {
      ...file.decision, law: reasonCodes.find((reason) => reason.code === file.decision!.reason_code)?.law ?? null,
      remedy: ['rejected', 'not_accepted'].includes(file.decision.outcome) ? remedy : null,
    },
    suspended: file.suspension,
    tasks: tasksView(opened, officer, context.now, names), enquiries: enquiriesView(enquiries, names), extension: extensionView(opened), extension_working_days: service.limits.extension_working_days,
    acts: (Object.keys(actRules) as ActName[]).map((act) => {
      const refusal = refusalOfAct(act, officer, opened, context.now, (code) => ({ zh: names(code), en: names(code) }));
      return { act, allowed: refusal === null, why_not: refusal?.text ?? null };
    }),
    notices: documents.map((document) => ({ document_id: document.document_id, title: document.title, issued_at: text(document.issued_at)!, is_void: document.voided !== null })),
    rechecks,
  };
}

function mayAnswer(officer: OfficerActor, opened: OpenedCase, now: Date): boolean {
  return refusalOfAct('answer_supplement', officer, opened, now, () => ({ zh: '', en: '' })) === null;
}

/** What is declared so far where a correction list asks: whoever enters the answer at the counter begins with it. */
async function correctedAnswers(context: Context, facts: ShownFacts, { file, service }: OpenedCase, items: readonly { subject: string }[]): Promise<NonNullable<CaseViewData['corrections']>['fields']> {
  const corrected = items.flatMap(({ subject }) => correctedFields(service, subject) ?? []);
  const opened = new Set(corrected.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const fields = [...new Set(corrected.map(({ section }) => section))].flatMap((section) => section.fields);
  return Promise.all(fields.map(async (field) => {
    const value = file.answers[field.name] ?? null;
    const isPlace = (field.type === 'address' || field.type === 'area') && value !== null;
    return { name: field.name, value, opened: opened.has(field.name), line: isPlace ? await printed(context, field, value, facts) : null };
  }));
}

/** Which preconditions the office looks at next. */
function momentOf(opened: OpenedCase): 'accept' | 'approve' | 'execute' {
  switch (activeStep(opened)?.act) {
    case 'accept': case 'execute_instant': return 'accept';
    case 'review': case 'approve': return 'approve';
    default: return 'execute';
  }
}

/** Before and after of every household that the case touches; nothing while the facts do not say what will be. */
async function householdsOf(context: Context, facts: CaseFacts, service: Service, names: (code: string | null) => string): Promise<{ before: HouseholdViewData[]; after: HouseholdViewData[] }> {
  const previews = previewOfCase(effects[service.effect], facts);
  const addresses = await findAddresses(context, previews.map((preview) => preview.address_id));
  const newcomers = new Set(previews.flatMap((preview) => preview.after).map((member) => member.person_id).filter((id) => !facts.households.some((household) => household.members.some((member) => member.person_id === id)) && !facts.movers.some((mover) => mover.person_id === id)));
  const viewOf = (preview: HouseholdPreview, members: HouseholdPreview['before']): HouseholdViewData => ({
    household_id: preview.household_id, household_no: preview.household_no, address_text: addresses.get(preview.address_id)?.line ?? '—', station_name: names(preview.station_code),
    title: householdTitle(preview), closes: preview.closes, opens: preview.opens,
    members: members.map((member) => ({
      // Whoever is not in the register yet has no record to look at.
      person_id: newcomers.has(member.person_id) ? null : member.person_id, name: member.name, sex: member.sex, birth_on: member.birth_on, id_number_masked: maskIdNumber(member.id_number), relation: member.relation, change: member.change,
    })),
  });
  return { before: previews.map((preview) => viewOf(preview, preview.before)), after: previews.map((preview) => viewOf(preview, preview.after)) };
}

function householdTitle({ opens, before, after }: HouseholdPreview): Text {
  if (before.some((member) => member.change === 'removed')) return { zh: '迁出户', en: 'Household left' };
  return opens || after.some((member) => member.change === 'added') ? { zh: '迁入户', en: 'Household joined' } : { zh: '本户', en: 'The household' };
}

const sourceLabels = { applicant: { zh: '申请人', en: 'applicant' }, counter: { zh: '窗口录入', en: 'counter' }, address: { zh: '标准地址库', en: 'standard addresses' } } satisfies Record<string, Text>;

async function answersView(context: Context, facts: ShownFacts, opened: OpenedCase): Promise<CaseViewData['answers']> {
  const { file, service } = opened;
  const source = file.channel === 'online' ? sourceLabels.applicant : sourceLabels.counter;
  const sections: CaseViewData['answers'] = [];
  for (const section of service.form) {
    const fields: CaseViewData['answers'][number]['fields'] = [];
    for (const field of section.fields) {
      const value = file.answers[field.name];
      if (value === undefined || value === null || value === '' || (field.when !== undefined && !conditions[field.when](file.answers))) continue;
      fields.push({ name: field.name, label: field.label, value: await printed(context, field, value, facts), source: field.type === 'address' ? sourceLabels.address : source });
    }
    if (fields.length > 0) sections.push({ section: section.title, fields });
  }
  return sections;
}

async function printed(context: Context, field: Field, value: unknown, facts: ShownFacts): Promise<string> {
  switch (field.type) {
    case 'yes_no': return value === true ? '是' : '否';
    case 'choice': return field.options?.find((option) => option.value === value)?.label.zh ?? String(value);
    case 'code': return (await listCodes(context, { list: field.list! })).items.find((item) => item.code === value)?.zh ?? String(value);
    case 'address': return facts.address !== null && facts.address.address_id === value ? facts.address.line : (await findAddresses(context, [String(value)])).get(String(value))?.line ?? String(value);
    case 'area': return (await findAreas(context, [String(value)])).get(String(value))?.full_name ?? String(value);
    case 'id_number': return maskIdNumber(String(value));
    case 'phone': return maskPhone(String(value));
    case 'person_list': return (value as { name: string }[]).map((person) => person.name).join('、');
    default: return String(value);
  }
}

export async function getTimeline(context: Context, input: InputOf<typeof contract.getTimeline>): Promise<OutputOf<typeof contract.getTimeline>> {
  const opened = await readFile(context, input);
  const [events, [chain]] = await Promise.all([
    context.query<{ sequence: number; at: Date; act: string; actor_kind: string; actor_name: string | null; org_code: string | null; post: string | null; opinion: string | null; detail: unknown }>(
      'select sequence, at, act, actor_kind, actor_name, org_code, post, opinion, detail from cases.case_event where case_id = $1 order by sequence limit 500', [input.case_id]),
    context.query<{ intact: boolean }>('select cases.chain_intact($1) as intact', [input.case_id]),
  ]);
  const names = await officeNames(context, [...events.map((event) => event.org_code), ...opened.steps.map((step) => step.org_code)]);
  return {
    case_id: input.case_id, case_no: opened.file.case_no, chain_intact: chain?.intact ?? false,
    events: events.map((event) => ({
      sequence: event.sequence, at: text(event.at)!, act: event.act, label: actLabels[event.act] ?? { zh: event.act, en: event.act }, actor_kind: event.actor_kind, actor_name: event.actor_name,
      org_name: event.org_code === null ? null : names(event.org_code), post: event.post === null ? null : roleLabel(event.post).zh, acting_for: actingFor(event.detail), opinion: event.opinion, detail: withoutImage(event.detail),
    })),
    route_svg: routeSvg(opened.steps.map((step) => ({ ...step, org_name: names(step.org_code), done_by: step.done_by_name, arrived_at: text(step.arrived_at), due_at: text(step.due_at), done_at: text(step.done_at) })), context.request.language),
  };
}

function actingFor(detail: unknown): string | null {
  return (detail as { acting_for?: string } | null)?.acting_for ?? null;
}

/** What an act changed is kept for taking it back; it is no reading for the timeline. */
function withoutImage(detail: unknown): unknown {
  const { before: _, ...shown } = (detail ?? {}) as Record<string, unknown>;
  return shown;
}

export async function getRouteBpmn(context: Context, input: InputOf<typeof contract.getRouteBpmn>): Promise<FileAnswer> {
  const opened = await readFile(context, input);
  return { bytes: Buffer.from(routeBpmn(opened.service, opened.file.case_id)), media_type: 'application/xml', file_name: `${opened.file.case_no}.bpmn` };
}

/** Only what belongs to the case is shown; the bytes are the rebuilt image, never the original upload. Opening leaves a line. */
export async function getAttachment(context: Context, input: InputOf<typeof contract.getAttachment>): Promise<FileAnswer> {
  const row = await attachmentOf(context, input);
  const bytes = await context.blobs.get(input.sha256);
  if (input.ahead !== true) await noteOpened(context, input.case_id, officerOf(context), input.sha256);
  return { bytes, media_type: row.media_type, file_name: row.file_name, inline: true };
}

/** What a screen fetched ahead is shown now. */
export async function openAttachment(context: Context, input: InputOf<typeof contract.openAttachment>): Promise<OutputOf<typeof contract.openAttachment>> {
  await attachmentOf(context, input);
  await noteOpened(context, input.case_id, officerOf(context), input.sha256);
  return { sha256: input.sha256 };
}

/** @throws Refusal cases.attachment_unknown */
async function attachmentOf(context: Context, input: { case_id: string; sha256: string }): Promise<{ file_name: string; media_type: string }> {
  await readFile(context, input);
  const [row] = await context.query<{ file_name: string; media_type: string }>(
    `select a ->> 'file_name' as file_name, a ->> 'media_type' as media_type from cases.material m, jsonb_array_elements(m.attachments) as a
     where m.case_id = $1 and a ->> 'sha256' = $2 limit 1`, [input.case_id, input.sha256]);
  if (row === undefined) throw new Refusal('cases.attachment_unknown');
  return row;
}

export async function listReasons(): Promise<OutputOf<typeof contract.listReasons>> {
  return { reasons: [...reasonCodes] };
}

/** Messages about cases of the services in $2, and those about no case. */
const aboutServices = `('%' = any($2) or m.case_id is null or exists (select 1 from cases.case_file c where c.case_id = m.case_id and c.service_code like any($2)))`;

export async function listMessages(context: Context, input: InputOf<typeof contract.listMessages>): Promise<OutputOf<typeof contract.listMessages>> {
  const officer = officerOf(context);
  const services = servicesLike(officer, 'cases.read_messages');
  const [rows, [count]] = await Promise.all([
    context.query<{ message_id: string; at: Date; kind: string; text: Text; case_id: string | null; case_no: string | null; read_at: Date | null }>(
      `select m.message_id, m.at, m.kind, m.text, m.case_id, m.case_no, m.read_at from cases.message m
       where m.org_code = $1 and ${aboutServices} and ($3::boolean is not true or m.read_at is null) order by m.at desc, m.message_id limit $4`, [officer.org_code, services, input.unread ?? false, input.limit ?? 30]),
    context.query<{ unread: number }>(`select count(*)::int as unread from cases.message m where m.org_code = $1 and ${aboutServices} and m.read_at is null`, [officer.org_code, services]),
  ]);
  return { messages: rows.map((row) => ({ ...row, at: text(row.at)!, read_at: text(row.read_at) })), unread: count?.unread ?? 0 };
}

export async function markMessageRead(context: Context, input: InputOf<typeof contract.markMessageRead>): Promise<{ message_id: string }> {
  const rows = await context.query('update cases.message set read_at = coalesce(read_at, $2), read_by = coalesce(read_by, $3) where message_id = $1 and org_code = $4 returning message_id',
    [input.message_id, context.now, actorId(context.actor), officerOf(context).org_code]);
  if (rows.length === 0) throw new Refusal('kernel.not_found');
  return { message_id: input.message_id };
}

export async function getService(_context: Context, input: InputOf<typeof contract.getService>): Promise<OutputOf<typeof contract.getService>> {
  const service = serviceOf(input.service_code);
  return { service, materials: Object.fromEntries(service.materials.map(({ code }) => [code, catalogue().materials.get(code)])) };
}

export async function listServices(): Promise<OutputOf<typeof contract.listServices>> {
  return { services: [...catalogue().services.values()].map(({ code, name, summary }) => ({ code, name, summary })) };
}
