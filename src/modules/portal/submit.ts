/** Checking the answers and submitting them: application and parcel in one transaction, one receipt for one draft. */
import { legalDay, Refusal, type Context, type InputOf, type Page, type Redirect, type Text, type Violation } from '../../kernel/index.ts';
import { getCitizenIdentity } from '../accounts/index.ts';
import { answerText, catalogue, checkAnswers, findField, guideOf, isAsked, officeOfStep, relationText, type DeclaredMover, type Field, type Service, type SubmitApplicationBody } from '../catalogue/index.ts';
import { exchangeTrouble, sendParcel, troubleSecondsMax } from '../exchange/index.ts';
import { maskIdNumber } from '../reference/index.ts';
import { faultyPage, fieldText, goTo, page, remember } from './answer.ts';
import { addressFaults, requireLevel } from './apply.ts';
import type { AnswerLine, contract, Views } from './contract.ts';
import { citizenOf, getDraft, materialsSettled, sealTyped, type Draft } from './drafts.ts';
import { refusals } from './errors.ts';
import { addressLine, areaNamed } from './fields.ts';
import { materialAnswer, materialBody, materialFaults } from './papers.ts';
import { newReceiptNumber } from './receipt-number.ts';
import { pathOfCase, pathOfCheck, pathOfMaterial, pathOfSection, tasksOf, type Tasks } from './tasks.ts';

type LinkedViolation = Views['check']['violations'][number];

export const applicationPlace = (receipt_no: string): string => `portal.application:${receipt_no}`;

/** Everything that keeps a draft from being submitted, each with the page that mends it. */
async function faultsOf(context: Context, draft: Draft, { form, materials, uploads }: Tasks): Promise<LinkedViolation[]> {
  const { draft_id, service, typed } = draft;
  const faults: Violation[] = checkAnswers(service, form.answers, { today: legalDay(context.now) });
  for (const section of service.form) faults.push(...await addressFaults(context, section, form));
  const ofForm = faults.map((fault) => {
    const found = findField(service, fault.field.split('.')[0]!);
    return { ...fault, href: found === undefined ? pathOfCheck(draft_id) : `${pathOfSection(draft_id, found.section.key)}?next=check&show=faults#${fault.field}` };
  });
  const ofPapers = materials.flatMap((asked) => {
    const own = uploads.filter((upload) => upload.material_code === asked.code);
    // An optional paper that nobody began is no fault; one that was begun must be whole.
    if (!asked.required && typed.materials[asked.code] === undefined && own.length === 0) return [];
    return materialFaults(asked, typed.materials[asked.code], own).map((fault) => ({ ...fault, href: `${pathOfMaterial(draft_id, asked.code)}?next=check#${fault.field}` }));
  });
  return [...ofForm, ...ofPapers];
}

async function placeText(context: Context, field: Field, answer: unknown): Promise<string | undefined> {
  if (typeof answer !== 'string') return undefined;
  if (field.type === 'address') return (await addressLine(context, answer))?.line;
  return field.type === 'area' ? (await areaNamed(context, answer))?.full_name : undefined;
}

async function answerLines(context: Context, field: Field, answer: unknown): Promise<Omit<AnswerLine, 'href'>[]> {
  if (field.type === 'person_list') {
    return ((answer ?? []) as DeclaredMover[]).map(({ name, id_number, relation }) => {
      const word = relationText(relation);
      return { label: { zh: name, en: name }, value: field.without_relation ? { zh: id_number, en: id_number } : { zh: `${id_number}\n${word.zh}`, en: `${id_number}\n${word.en}` } };
    });
  }
  return [{ label: field.label, value: answerText(field, answer, await placeText(context, field, answer)) }];
}

/** Nobody is in two places: whoever moves is told what that means before it is sent. */
const movesSomebody: ReadonlySet<Service['effect']> = new Set(['transfer_persons', 'arrive_from_province', 'leave_province']);

/** Offices that handle the application, each once, in the order of the route. */
function seenBy({ route, effect }: Service): Text[] {
  const offices = route.map((step) => officeOfStep(step, movesSomebody.has(effect)));
  return [...new Map(offices.map((office) => [office.zh, office])).values()];
}

async function checkData(context: Context, draft: Draft, tasks: Tasks, violations: readonly LinkedViolation[], tried: boolean): Promise<Views['check']> {
  const { draft_id, service } = draft;
  const { form, materials, uploads } = tasks;
  const guide = guideOf(service, catalogue());
  const sections = [];
  for (const section of service.form) {
    const lines: AnswerLine[] = [];
    for (const field of section.fields.filter((one) => isAsked(one, form.answers))) {
      const href = `${pathOfSection(draft_id, section.key)}?next=check#${field.name}`;
      if (form.answers[field.name] === undefined && !field.required && field.when === undefined) continue;
      lines.push(...(await answerLines(context, field, form.answers[field.name])).map((line) => ({ ...line, href })));
    }
    sections.push({ title: section.title, lines });
  }
  const { name, id_number } = await getCitizenIdentity(context, context.keys, citizenOf(context).citizen_id);
  return {
    draft_id, service_name: service.name, applicant: { name, id_number_masked: maskIdNumber(id_number) }, sections,
    materials: [
      ...materialsSettled(service, form.answers).map(({ material }) => ({ label: material.name, value: { zh: '已由实名登录证明', en: 'Proved by your sign-in' }, href: null })),
      ...materials.flatMap((asked): AnswerLine[] => {
        const count = uploads.filter((upload) => upload.material_code === asked.code).length;
        const typed = draft.typed.materials[asked.code];
        if (!asked.required && typed === undefined && count === 0) return [];
        return [{ label: asked.material.name, value: materialAnswer(typed, count), href: `${pathOfMaterial(draft_id, asked.code)}?next=check` }];
      }),
    ],
    law: service.law, limit: guide.promised, seen_by: seenBy(service), violations, tried, moves: movesSomebody.has(service.effect),
    closed: (await isPaused(context)) ? refusals['portal.submissions_paused'] : null,
  };
}

/** Without a receipt for hours nobody would know that an application arrives; drafts go on meanwhile. */
async function isPaused(context: Context): Promise<boolean> {
  return (await exchangeTrouble(context)) > troubleSecondsMax;
}

export async function getCheck(context: Context, input: InputOf<typeof contract.getCheck>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id);
  if (draft.receipt_no !== null) return goTo(pathOfCase(draft.receipt_no));
  const tasks = await tasksOf(context, draft);
  return page('check', await checkData(context, draft, tasks, await faultsOf(context, draft, tasks), false));
}

/**
 * Submits a draft. A second click, a reload or going back gives the receipt of the first time.
 * @throws Refusal portal.submissions_paused, portal.identity_level_too_low
 */
export async function submitApplication(context: Context, input: InputOf<typeof contract.submitApplication>): Promise<Page | Redirect> {
  const draft = await getDraft(context, input.draft_id, 'lock');
  if (draft.receipt_no !== null) return goTo(`${pathOfCase(draft.receipt_no)}/submitted`);
  const wish = fieldText(input, '_wish');
  if (wish !== '') {
    remember(context, wish);
    return goTo(pathOfCheck(draft.draft_id));
  }
  requireLevel(context, draft.service.identity_level_min);
  if (await isPaused(context)) throw new Refusal('portal.submissions_paused');
  const tasks = await tasksOf(context, draft);
  const faults = await faultsOf(context, draft, tasks);
  if (fieldText(input, 'declare') === '') {
    faults.push({ field: 'declare', code: 'required', href: '#declare', zh: '请阅读并勾选声明,再提交。', en: 'Read the declaration and tick the box before you submit.' });
  }
  if (faults.length > 0) return faultyPage('check', await checkData(context, draft, tasks, faults, true));
  const receipt_no = await insertApplication(context, draft, tasks);
  context.audit({ detail: { receipt_no, service_code: draft.service.code } });
  return goTo(`${pathOfCase(receipt_no)}/submitted`);
}

async function insertApplication(context: Context, draft: Draft, { form, materials, uploads }: Tasks): Promise<string> {
  const { service, typed } = draft;
  const { citizen_id, identity_level } = citizenOf(context);
  const { name, id_number, phone } = await getCitizenIdentity(context, context.keys, citizen_id);
  const receipt_no = await takeReceipt(context, draft);
  const supplied = [
    ...materialsSettled(service, form.answers).map(({ code }) => ({ code, by: 'certificate' as const, attachments: [] })),
    ...materials.flatMap((asked) => materialBody(asked, typed.materials[asked.code], uploads.filter((upload) => upload.material_code === asked.code)) ?? []),
  ];
  const body: SubmitApplicationBody = {
    receipt_no, service_code: service.code, catalogue_version: service.version, submitted_at: context.now.toISOString(),
    citizen: { name, id_number, phone: String(form.answers['applicant_phone'] ?? phone ?? ''), identity_level }, answers: form.answers,
    materials: supplied as SubmitApplicationBody['materials'],
  };
  await sendParcel(context, { kind: 'portal.submit_application', order_key: receipt_no, body, attachments: supplied.flatMap(({ attachments }) => [...attachments]) });
  await context.query('update portal.draft set receipt_no = $2 where draft_id = $1', [draft.draft_id, receipt_no]);
  return receipt_no;
}

/** Enters the application under a number that nobody has: the primary key decides, for others' numbers cannot be seen. */
async function takeReceipt(context: Context, { draft_id, service, typed }: Draft): Promise<string> {
  for (;;) {
    const receipt_no = newReceiptNumber();
    const [taken] = await context.query(
      `insert into portal.application (receipt_no, draft_id, citizen_id, service_code, catalogue_version, submitted_at, typed_sealed)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (receipt_no) do nothing returning receipt_no`,
      [receipt_no, draft_id, citizenOf(context).citizen_id, service.code, service.version, context.now, sealTyped(context, typed, applicationPlace(receipt_no))]);
    if (taken !== undefined) return receipt_no;
  }
}
