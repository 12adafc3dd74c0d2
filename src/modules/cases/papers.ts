/**
 * The papers of a case: which of them an act gives out, and what the case has to say in them. Runs in the worker on the
 * news of the act, so an officer never waits for a paper to be set; what was given out goes to the portal where its
 * citizen may have it.
 */
import { legalDay, newId, type Context, type Subscriptions } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { catalogue, papersAt, type NoticeBody, type PaperMoment } from '../catalogue/index.ts';
import { chineseDay, composePaper, findForCitizen, membersOf, paperKindNames, voidMigrationPaper, voidPapersOf, type CardOnPaper, type CaseOnPaper, type MigrationOnPaper, type PaperOrder } from '../documents/index.ts';
import { sendParcel } from '../exchange/index.ts';
import { papersOfCase } from '../permits/index.ts';
import { factsForPeople, familyHousehold } from '../population/index.ts';
import { findAddresses, findOrganisations, listCodes, parseIdNumber } from '../reference/index.ts';
import { openFile, type OpenedCase } from './file.ts';
import type { MaterialState } from './materials.ts';
import { newPersonOf } from './new-person.ts';
import { reasonCodes } from './words.ts';

interface Due {
  case_id: string;
  act: string;
  /** The act's number in the chain. */
  version: number;
}

/** What an act is for the papers. An agency's refusal and an objection upheld arrive here as a rejection. */
function momentsOf({ act }: Due, { file, service }: OpenedCase): PaperMoment[] {
  switch (act) {
    case 'submit': return ['submitted'];
    case 'accept': return ['accepted'];
    case 'request_supplement': return ['supplement'];
    case 'refuse_acceptance': return ['not_accepted'];
    case 'reject': case 'withdraw_consent': case 'agency_preliminary': case 'agency_approve': return file.state === 'rejected' ? ['rejected'] : [];
    // A permit is issued after the approval, by an act of its own.
    case 'approve': return file.approved_at === null ? [] : ['approved'];
    case 'issue_permit': return ['approved'];
    case 'execute': return service.mode === 'instant' ? ['accepted', 'approved', 'executed'] : ['executed'];
    case 'hand_over': case 'deliver_copy': return ['executed'];
    default: return [];
  }
}

/** Of the certificates that a service may give, the one that was asked for. */
const certificateAsked: Record<string, string> = {
  booklet_replaced: 'booklet', booklet_lost: 'booklet', cancellation: 'cancellation_certificate', alteration: 'alteration_certificate', kinship: 'kinship_certificate', migration_history: 'migration_history_certificate',
};

const perCase = new Set(['receipt', 'approval_notice', 'correction_notice', 'non_acceptance_notice', 'refusal_notice', 'public_notice', 'archive_copy']);
const migrationPapers = new Set(['move_in_permit', 'migration_certificate']);
const cardPapers = new Set(['temporary_id_card', 'card_claim_slip', 'loss_report_receipt', 'residence_receipt']);

export async function issuePapers(context: Context, due: Due): Promise<void> {
  const opened = await openFile(context, { case_id: due.case_id }, false);
  if (due.act === 'reverse') {
    await voidPapersOf(context, { case_id: due.case_id, org_code: opened.file.target_org, reason: '原登记已恢复,本件随之作废' });
    return;
  }
  const named = papersAt(opened.service, momentsOf(due, opened)).filter((name) => paperKindNames.includes(name));
  const asked = certificateAsked[String(opened.file.answers['certificate_kind'] ?? '')];
  const names = named.filter((name) => (due.act === 'issue_permit' ? migrationPapers.has(name) : due.act !== 'approve' || !migrationPapers.has(name)) && (asked === undefined || name === asked || perCase.has(name)));
  if (names.length === 0) return;

  const { file } = opened;
  const onPaper = await caseOnPaper(context, opened, due);
  const people = await peopleOf(context, opened);
  const decided = opened.steps.findLast((step) => step.act === 'approve' && (step.state === 'done' || step.state === 'refused'))?.org_code ?? file.target_org;
  const base = { case: onPaper, kept_by_org: file.target_org, of_this_case: asked === undefined, relative: typeof file.answers['relative_name'] === 'string' ? file.answers['relative_name'] : null };
  const { replaces } = (file.effect ?? {}) as EffectSeen;
  if (replaces !== undefined && due.act === 'execute') await voidMigrationPaper(context, { number: replaces, org_code: file.target_org, reason: '已补领、换领,原证作废' });
  for (const name of names) {
    if (perCase.has(name)) {
      const issuer = name === 'refusal_notice' || name === 'approval_notice' ? decided : file.target_org;
      await composePaper(context, { ...base, name, person_ids: people.ids, issued_by_org: issuer, pages: [] });
    } else if (migrationPapers.has(name)) {
      for (const migration of await migrationsOf(context, file.case_id, name)) {
        await composePaper(context, { ...base, name, person_ids: people.ids, issued_by_org: decided, migration });
      }
    } else if (cardPapers.has(name)) {
      await composePaper(context, { ...base, name, person_ids: people.ids.slice(0, 1), issued_by_org: file.target_org, card: await cardOf(context, opened) });
    } else {
      for (const order of await registerPapers(context, name, people, opened)) await composePaper(context, { ...base, ...order, issued_by_org: file.target_org });
    }
  }
}

interface CasePeople {
  /** Whose record the case made or changed, as far as they are in the register. */
  ids: string[];
  /** Households that the case founded. */
  founded: string[];
  household_id: string | null;
  household_type: string | null;
}

interface EffectSeen {
  registered?: { person_id: string }[];
  movements?: { person_id: string }[];
  founded?: { household_id: string }[];
  target_household_id?: string;
  temporary_card?: { valid_from_on: string; valid_until_on: string };
  /** The number of the migration paper that a new one stands in for. */
  replaces?: string;
}

async function peopleOf(context: Context, { file }: OpenedCase): Promise<CasePeople> {
  const effect = (file.effect ?? {}) as EffectSeen;
  const subject = file.parts.find((part) => part.part === 'subject');
  const ids = [...new Set([...file.movers.map((mover) => mover.person_id), ...(effect.registered ?? []).map((one) => one.person_id), ...(effect.movements ?? []).map((one) => one.person_id), subject?.person_id ?? null])].filter((id) => id !== null);
  const founded = [...(effect.founded ?? []).map((one) => one.household_id), ...(file.answers['household_choice'] === 'new' && effect.target_household_id !== undefined ? [effect.target_household_id] : [])];
  const { persons } = await factsForPeople(context, { person_ids: ids, household_ids: [] });
  const settled = persons.find((person) => person.household_id !== null);
  return { ids, founded, household_id: founded[0] ?? settled?.household_id ?? file.target_household_id, household_type: settled?.household_type ?? null };
}

/**
 * Papers that show the register. Whoever founds a household gets its booklet with the cards in it; whoever joins one, or
 * whose record changed, gets the cards alone; members of collective households have cards of another name.
 */
async function registerPapers(context: Context, name: string, people: CasePeople, { service }: OpenedCase): Promise<Pick<PaperOrder, 'name' | 'person_ids' | 'household_id'>[]> {
  const collective = people.household_type !== null && people.household_type !== familyHousehold;
  const givesBooklet = people.household_id !== null && !collective && service.papers.includes('booklet') && (people.founded.length > 0 || !service.papers.includes('booklet_page'));
  switch (name) {
    case 'booklet': case 'collective_booklet': {
      if (name === 'booklet' && collective && !service.papers.includes('booklet_page')) return [{ name: 'collective_page', person_ids: people.ids }];
      if (people.household_id === null || (name === 'booklet' && !givesBooklet)) return [];
      return [{ name, household_id: people.household_id, person_ids: name === 'booklet' ? await membersOf(context, people.household_id) : [] }];
    }
    case 'booklet_page': case 'collective_page':
      return givesBooklet || people.ids.length === 0 ? [] : [{ name: collective ? 'collective_page' : 'booklet_page', person_ids: people.ids }];
    default:
      return people.ids.length === 0 ? [] : [{ name, person_ids: people.ids }];
  }
}

async function migrationsOf(context: Context, case_id: string, kind: string): Promise<MigrationOnPaper[]> {
  return (await papersOfCase(context, case_id)).filter((paper) => paper.kind === kind && paper.is_ours && paper.case_id === case_id);
}

const cardKinds: Record<string, string> = { '1301': '首次申领', '1302': '换领', '1303': '丢失补领', '1305': '异地受理' };

async function cardOf(context: Context, { file }: OpenedCase): Promise<CardOnPaper> {
  const subject = file.parts.find((part) => part.part === 'subject') ?? { name: file.applicant_name, id_number: file.applicant_id_number };
  const [offices, addresses] = await Promise.all([
    findOrganisations(context, [file.target_org]),
    file.target_address_id === null ? new Map<string, { line: string }>() : findAddresses(context, [file.target_address_id]),
  ]);
  const day = legalDay(file.accepted_at ?? file.submitted_at);
  const { temporary_card } = (file.effect ?? {}) as EffectSeen;
  const lost_on = file.answers['lost_on'];
  return {
    name: subject.name, id_number: subject.id_number, kind: cardKinds[file.service_code] ?? '', applied_on: day, ready_on: file.due_at === null ? null : legalDay(file.due_at), collect_at: offices.get(file.target_org)?.name ?? file.target_org,
    reported_at: chineseDay(day), loss: typeof lost_on === 'string' && lost_on !== '' ? `${chineseDay(lost_on)}丢失` : '', valid_from_on: temporary_card?.valid_from_on ?? null, valid_until_on: temporary_card?.valid_until_on ?? null,
    address: addresses.get(file.target_address_id ?? '')?.line ?? null,
  };
}

const settledWords: Partial<Record<MaterialState['state'], string>> = { provided: '已提交', verified_online: '联网核验', certificate: '出示证照', commitment: '书面承诺', cancelled: '免于提交' };
const sexWords: Record<string, string> = { '1': '男', '2': '女' };

async function caseOnPaper(context: Context, opened: OpenedCase, due: Due): Promise<CaseOnPaper> {
  const { file, service, steps } = opened;
  const [offices, relations, addresses, [correction], [event], [settled]] = await Promise.all([
    findOrganisations(context, [file.target_org, ...(file.origin_org === null ? [] : [file.origin_org])]),
    listCodes(context, { list: 'relationship_to_head' }),
    file.target_address_id === null ? new Map<string, { line: string }>() : findAddresses(context, [file.target_address_id]),
    context.query<{ due_on: string; items: Text[]; new_fact: string | null }>('select due_on, items, new_fact from cases.correction where case_id = $1 order by number desc limit 1', [file.case_id]),
    context.query<{ at: Date }>('select at from cases.case_event where case_id = $1 and sequence = $2', [file.case_id, due.version]),
    context.query<{ materials: MaterialState[] | null }>(
      `select detail -> 'materials' as materials from cases.case_event where case_id = $1 and act in ('accept', 'execute') order by sequence desc limit 1`, [file.case_id]),
  ]);
  const name = (code: string): string => offices.get(code)?.name ?? code;
  const relation = (code: string): string => relations.items.find((one) => one.code === code)?.zh ?? code;
  const is_move = service.effect === 'transfer_persons';
  const newcomer = newPersonOf(file.answers);
  const reason = reasonCodes.find((one) => one.code === file.decision?.reason_code);
  const line = addresses.get(file.target_address_id ?? '')?.line;
  const on = legalDay(event?.at ?? context.now);
  const answered = (field: string): string | null => (typeof file.answers[field] === 'string' && file.answers[field] !== '' ? file.answers[field] : null);
  const rows: [string, string][] = [['办理事项', service.name.zh], ['业务编号', file.case_no]];
  if (is_move && file.origin_org !== null) rows.push(['迁出地', name(file.origin_org)], ['迁入地', name(file.target_org)]);
  if (line !== undefined) rows.push([is_move ? '迁入地址' : '落户地址', line]);
  const archive = answered('archive_items_text');
  if (archive !== null) rows.push(['档案内容', archive]);
  if (due.act === 'accept') {
    rows.push(['受理日期', chineseDay(on)]);
    if (file.due_at !== null) rows.push(['承诺办结日期', chineseDay(legalDay(file.due_at))]);
  }
  if (file.closed_at !== null && ['execute', 'hand_over', 'deliver_copy'].includes(due.act)) rows.push(['办结日期', chineseDay(legalDay(file.closed_at))]);
  return {
    case_id: file.case_id, case_no: file.case_no, case_event: due.version, service_code: service.code, service_name: service.name.zh, applicant_name: file.applicant_name, is_move, is_closed: file.closed_at !== null,
    handled_by: steps.findLast((step) => step.done_by_name !== null)?.done_by_name ?? '', on, rows,
    people: [
      ...(newcomer === null ? [] : [{ name: newcomer.name, sex: sexWords[newcomer.sex]!, birth_on: newcomer.birth_on, id_number: newcomer.id_number ?? '', relation: '' }]),
      ...file.movers.map((mover) => {
        const parsed = parseIdNumber(mover.id_number);
        return { name: mover.name, sex: parsed === null ? '' : sexWords[parsed.sex]!, birth_on: parsed?.birth_on ?? '', id_number: mover.id_number, relation: mover.relation === '' ? '' : relation(mover.relation) };
      }),
    ],
    materials: (settled?.materials ?? []).flatMap(({ code, state }) => (settledWords[state] === undefined ? [] : [{ name: catalogue().materials.get(code)?.name.zh ?? code, settled: settledWords[state] }])),
    due_on: file.due_at === null ? null : legalDay(file.due_at),
    decision: file.decision === null ? null : { reason: `${reason === undefined ? '' : `${reason.label.zh}。`}${file.decision.reason ?? ''}`, law: `${reason?.law.zh ?? service.law[0]!.zh}。` },
    correction: correction === undefined ? null : { items: correction.items.map((item) => item.zh), due_on: correction.due_on, new_fact: correction.new_fact },
    notice: { from_on: on, to_on: legalDay(new Date((event?.at ?? context.now).getTime() + catalogue().policy.notice_days * 86_400_000)) },
    purpose: answered('certificate_purpose') ?? answered('archive_purpose'),
  };
}

/** A paper for its citizen goes to the portal; applications made at a counter have no place there. */
async function sendPaper(context: Context, { document_id, case_id }: { document_id: string; case_id: string }): Promise<void> {
  const [[file], paper] = await Promise.all([
    context.query<{ receipt_no: string | null }>('select receipt_no from cases.case_file where case_id = $1', [case_id]),
    findForCitizen(context, document_id),
  ]);
  if (paper === undefined || file?.receipt_no == null) return;
  const body: NoticeBody = { receipt_no: file.receipt_no, document_id, title: paper.title, issued_at: paper.issued_at.toISOString(), sha256: paper.sha256, file_name: `${paper.title.zh}.pdf` };
  await sendParcel(context, { kind: 'cases.notice', order_key: file.receipt_no, body, attachments: [{ sha256: paper.sha256, media_type: 'application/pdf' }] });
}

/** The station learns that a paper waits, for which characters, and that it comes by itself. */
async function tellHeld(context: Context, { case_id, title, missing }: { case_id: string; title: Text; missing: string[] }): Promise<void> {
  const { file } = await openFile(context, { case_id }, false);
  const characters = missing.join('、');
  const text: Text = {
    zh: `${file.case_no} 的“${title.zh}”暂不能出具:字库缺少字符 ${characters} 的字形。请系统管理员安装含该字的字库,安装后自动出具。`,
    en: `${file.case_no}: “${title.en}” cannot be issued yet, as the fonts have no glyph for ${characters}. Have a font with it installed; the paper is then issued by itself.`,
  };
  await context.query('insert into cases.message (message_id, org_code, at, kind, text, case_id, case_no) values ($1, $2, $3, $4, $5::jsonb, $6, $7)',
    [newId(), file.target_org, context.now, 'paper_held', JSON.stringify(text), case_id, file.case_no]);
}

export const paperSubscriptions: Subscriptions = {
  'cases.papers_due': issuePapers as Subscriptions[string],
  'documents.paper_issued': sendPaper as Subscriptions[string],
  'documents.paper_held': tellHeld as Subscriptions[string],
};
