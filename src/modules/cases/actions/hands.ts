/** 转办 and 催办: into whose hands a step passes within the unit, and a word to those who have it. */
import { Refusal, type Context, type InputOf, type OutputOf } from '../../../kernel/index.ts';
import { findOrganisations } from '../../reference/index.ts';
import { listHolders, type Holder } from '../../accounts/index.ts';
import type { Act } from '../../catalogue/index.ts';
import type { contract } from '../contract.ts';
import { admitAct, admitOfficer, keeperOf, rightOfAct } from '../duty.ts';
import { activeStep, openFile, type OpenedCase, type Step } from '../file.ts';
import { recordAct } from '../record.ts';
import { organisationAt } from '../route.ts';

const decidingActs: readonly (Act | null)[] = ['review', 'approve'];

/** Officers of the unit who may take the step: in a post or covering one today, with the right, and not those who entered a case that is to be decided. */
async function heirs(context: Context, opened: OpenedCase, officer_id: string): Promise<Holder[]> {
  const permission = opened.file.waiting_act === null ? undefined : rightOfAct[opened.file.waiting_act];
  if (permission === undefined || opened.file.waiting_org === null) return [];
  const holders = await listHolders(context, { org_code: opened.file.waiting_org, permission, service_code: opened.service.code });
  const barred = decidingActs.includes(opened.file.waiting_act) && opened.service.sensitivity !== 'S0' ? opened.trail.entered_by : [];
  return holders.filter((holder) => holder.officer_id !== officer_id && !barred.includes(holder.officer_id));
}

/** Officers of the unit whose opinion may be asked. */
export async function advisers(context: Context, opened: OpenedCase, asker: { officer_id: string; org_code: string }): Promise<Holder[]> {
  const holders = await listHolders(context, { org_code: asker.org_code, permission: 'cases.answer_task', service_code: opened.service.code });
  return holders.filter((holder) => holder.officer_id !== asker.officer_id && !opened.trail.entered_by.includes(holder.officer_id));
}

export async function listColleagues(context: Context, input: InputOf<typeof contract.listColleagues>): Promise<OutputOf<typeof contract.listColleagues>> {
  const opened = await openFile(context, input, false);
  const officer = admitOfficer(context, 'cases.transfer_step', opened.service);
  const { file, steps } = opened;
  const shown = ({ officer_id, name, police_number, role, role_label }: Holder) => ({ officer_id, name, police_number, role, role_label });
  // Those who know the people: both stations and the units of the steps, as far as they lie below.
  const stations = [file.target_org, ...(file.origin_org === null ? [] : [file.origin_org])];
  const near = [...new Set([...stations, ...stations.map((station) => organisationAt('COUNTY', station)), ...steps.map((step) => step.org_code)])];
  const units = near.filter((code) => code >= officer.org_from && code < officer.org_to);
  const names = await findOrganisations(context, units);
  return {
    transfer: (await heirs(context, opened, officer.officer_id)).map(shown), opinion: (await advisers(context, opened, officer)).map(shown),
    units: units.flatMap((org_code) => (names.has(org_code) ? [{ org_code, org_name: names.get(org_code)!.name }] : [])),
  };
}

/** To another officer of the same unit who holds the right: the step keeps its clock, and lies in that officer's hand until it is due. */
export async function transferStep(context: Context, input: InputOf<typeof contract.transferStep>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'transfer', opened, input.case_version);
  const { file } = opened;
  const heir = (await heirs(context, opened, officer.officer_id)).find((one) => one.officer_id === input.officer_id && one.role === input.role);
  if (heir === undefined) throw new Refusal('cases.colleague_unfit');
  const phone = (await findOrganisations(context, [officer.org_code])).get(officer.org_code)?.phone ?? null;
  const step: Step = { ...activeStep(opened)!, role: heir.role };
  // Long enough for somebody who is not at the desk this minute; a step that is overdue lies in hand for a day.
  const until = new Date(Math.max(file.step_due_at?.getTime() ?? 0, context.now.getTime() + 86_400_000));
  return recordAct(context, opened, {
    act: 'transfer', opinion: input.reason, detail: { to: heir.officer_id, to_name: heir.name, from_role: file.waiting_role, to_role: heir.role }, internal: true,
    file: { waiting_role: heir.role, claimed_by: heir.officer_id, claimed_name: heir.name, claimed_org: officer.org_code, claimed_phone: phone, claimed_until: until }, steps: [step],
    messages: [{ org_code: officer.org_code, kind: 'transferred', text: { zh: `${file.case_no} 转由${heir.name}办理:${input.reason}`, en: `${file.case_no} passed to ${heir.name}: ${input.reason}` } }],
  });
}

/** A word to whoever has the case; not more often than they can act on it. */
export async function urgeCase(context: Context, input: InputOf<typeof contract.urgeCase>) {
  const opened = await openFile(context, input);
  const officer = await admitAct(context, 'urge', opened, input.case_version);
  const { file } = opened;
  const from = (await findOrganisations(context, [officer.org_code])).get(officer.org_code);
  const units = new Set([keeperOf(opened).waiting_org ?? file.target_org, ...opened.tasks.filter((task) => task.state === 'open').map((task) => task.org_code)]);
  return recordAct(context, opened, {
    act: 'urge', opinion: input.message, detail: { units: [...units] }, internal: true,
    messages: [...units].map((org_code) => ({ org_code, kind: 'urge', text: { zh: `${file.case_no} ${from?.name ?? officer.org_code}催办:${input.message}`, en: `${file.case_no} urged by ${from?.name_en ?? officer.org_code}: ${input.message}` } })),
  });
}
