/** Execution: preconditions once more, then both places change in the same transaction and the same instant. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import { legalDay } from '../../../kernel/clock.ts';
import { migrationRangeCode, scopeBetween } from '../../reference/index.ts';
import { changeNonMainItems, endDisclosure, releaseLeases, reverseTransfer, transferPersons } from '../../population/index.ts';
import type { contract } from '../contract.ts';
import { admitAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase, type Step } from '../file.ts';
import type { CaseFacts } from '../facts.ts';
import { gather } from '../gather.ts';
import { nobodyWaits, recordAct } from '../record.ts';
import { transferOf } from '../transfer.ts';
import { judge, refuseMissing } from './accept.ts';

/** Days within which a written commitment is checked against the facts. */
export const commitmentCheckDays = 30;

export async function executeCase(context: Context, input: InputOf<typeof contract.executeCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'execute', opened, input.case_version);
  const { file, service } = opened;
  const facts = await gather(context, opened);
  const instant = service.mode === 'instant';
  if (instant) {
    refuseMissing(facts);
    judge(facts, opened, 'accept');
  }
  const { checks } = judge(facts, opened, 'execute');

  context.forCase(file.case_id);
  const effect = service.effect === 'transfer_persons' ? await transfer(context, facts) : await changeItems(context, facts);
  await releaseLeases(context, { case_id: file.case_id });
  await endDisclosure(context, { case_id: file.case_id });
  await planRechecks(context, facts);

  const step: Step = { ...activeStep(opened)!, state: 'done', done_at: context.now, done_by: officer.officer_id, done_by_name: officer.name, opinion: input.opinion ?? null };
  return recordAct(context, opened, {
    act: 'execute', opinion: input.opinion ?? null, detail: { checks: checks.map(({ rule, passed }) => ({ rule, passed })), effect },
    file: {
      state: 'executed', effect, closed_at: context.now, decision: { outcome: 'executed', reason_code: null, reason: null }, ...nobodyWaits,
      ...(instant ? { accepted_at: context.now, accepted_by: officer.officer_id, approved_at: context.now } : {}),
    },
    steps: [step],
    messages: executedNotes(opened),
  });
}

async function transfer(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const { file } = facts;
  const origin = facts.origins[0]!.station_code;
  const plan = transferOf(facts);
  const outcome = await transferPersons(context, {
    case_id: file.case_id, at: context.now, reason: String(file.answers['reason']),
    range: migrationRangeCode(scopeBetween(origin, file.target_org), { same_community: false }), ...plan,
  });
  return { kind: 'transfer', ...outcome };
}

const nonMainItems = ['workplace', 'occupation', 'military_service', 'height_cm', 'blood_type', 'phone'] as const;

async function changeItems(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const { file } = facts;
  const items = Object.fromEntries(nonMainItems.flatMap((item) => (file.answers[item] === undefined || file.answers[item] === '' ? [] : [[item, file.answers[item]]])));
  await changeNonMainItems(context, { case_id: file.case_id, person_id: facts.movers[0]!.person_id!, items, effective_on: facts.today });
  return { kind: 'items', items: Object.keys(items) };
}

/** 国办发〔2020〕42号: what was promised in writing is checked afterwards. */
async function planRechecks(context: Context, facts: CaseFacts): Promise<void> {
  const promised = facts.materials.filter((material) => material.state === 'commitment').map((material) => material.code);
  if (promised.length === 0) return;
  const due = legalDay(new Date(context.now.getTime() + commitmentCheckDays * 86_400_000));
  await context.query(`insert into cases.recheck (case_id, code, due_on) select $1, unnest($2::text[]), $3`, [facts.file.case_id, promised, due]);
}

function executedNotes({ file, service }: OpenedCase) {
  if (file.origin_org === null || file.origin_org === file.target_org) return [];
  return [{ org_code: file.origin_org, kind: 'executed', text: { zh: `${file.case_no} ${service.name.zh}已办结,户口已从本所迁出。`, en: `${file.case_no} ${service.name.en} was executed; the registration has left your station.` } }];
}

/** 冲销: a mistake found on the same day is undone as a unit by the deciding level. */
export async function reverseCase(context: Context, input: InputOf<typeof contract.reverseCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'reverse', opened, input.case_version);
  const { file } = opened;
  const decided = opened.steps.findLast((step) => step.act === 'approve' && step.state === 'done');
  if (decided === undefined || decided.org_code !== officer.org_code) throw new Refusal('cases.not_your_turn', { office: decided?.org_code ?? '—', role: '审批岗', role_en: 'approver' });
  if (file.closed_at === null || legalDay(file.closed_at) !== legalDay(context.now)) throw new Refusal('cases.not_same_day');
  context.forCase(file.case_id);
  await reverseTransfer(context, { case_id: file.case_id, at: context.now });
  return recordAct(context, opened, {
    act: 'reverse', opinion: input.reason, detail: { of: file.effect },
    file: { state: 'terminated', decision: { outcome: 'reversed', reason_code: 'reversed', reason: input.reason } },
    messages: [file.target_org, ...(file.origin_org === null ? [] : [file.origin_org])].map((org_code) => ({
      org_code, kind: 'reversed', text: { zh: `${file.case_no} 已由审批机关当日冲销:${input.reason}`, en: `${file.case_no} was reversed the same day: ${input.reason}` },
    })),
  });
}
