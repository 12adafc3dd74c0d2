/** Every service file is whole: each branch of its form can be answered, its guide and routes can be shown, its limits add up. */
import { describe, expect, it, test } from 'vitest';
import { checkCharacter } from '../reference/index.ts';
import { optionsOf } from './code-options.ts';
import { readsOf } from './conditions.ts';
import { askedAnswers, checkAnswers, fieldsOf, isAsked, parseAnswers, type Typed } from './form.ts';
import { catalogue } from './load.ts';
import { organisationCheckCharacter } from './organisation-code.ts';
import { organisationOfStep, routeSvg } from './route-drawing.ts';
import type { Answers, Field, RouteStep, Service } from './service.ts';

const today = '2026-11-22';
const services = [...catalogue().services.values()];
const minutesPerDay = 420;

const numberOf = (body: string): string => body + checkCharacter(body);
/** An adult and a child of ten, by the numbers of their fields; every name another person. */
const numbers = new Map<string, string>();
function idOf(name: string, isChild: boolean): string {
  const key = `${name}${isChild}`;
  if (!numbers.has(key)) numbers.set(key, numberOf(`530102${isChild ? '20160307' : '19800307'}${String(numbers.size + 100).padStart(3, '0')}`));
  return numbers.get(key)!;
}
const creditCode = '915301007000000001'.slice(0, 17) + organisationCheckCharacter('91530100700000000')!;

/** What somebody would type into a field; `wish` chooses among options, a child's number stands for `child`. */
function typedFor(field: Field, wish: Readonly<Record<string, string>>): Typed {
  const relation = field.head === 'one' || (field.head === undefined && wish['household_choice'] === 'new') ? '02' : '99';
  switch (field.type) {
    case 'person_name': return { [field.name]: '李明' };
    case 'id_number': return { [field.name]: idOf(field.name, field.name === 'subject_id_number' && wish['subject'] === 'child') };
    case 'phone': return { [field.name]: '138 0000 1234' };
    case 'yes_no': case 'choice': case 'code': return { [field.name]: wish[field.name] ?? optionsOf(field)[0]!.value };
    case 'date': return { [field.name]: '2026年1月2日' };
    case 'time': return { [field.name]: '7点05分' };
    case 'whole_number': return { [field.name]: String(field.minimum ?? 1) };
    case 'address': return { [field.name]: '018f0000-0000-7000-8000-000000000001' };
    case 'area': return { [field.name]: '530102' };
    case 'document_no': return { [field.name]: 'a12 - 345' };
    case 'organisation_code': return { [field.name]: creditCode.toLowerCase() };
    case 'person_list': return { [`${field.name}.0.name`]: '王丽', [`${field.name}.0.id_number`]: idOf('listed', false), ...(field.without_relation ? {} : { [`${field.name}.0.relation`]: relation }) };
    default: return { [field.name]: '照户口簿填写' };
  }
}

function answered(service: Service, wish: Readonly<Record<string, string>>): Answers {
  const full = { ...Object.fromEntries(fieldsOf(service).filter(({ type }) => type === 'choice' || type === 'yes_no').map((field) => [field.name, optionsOf(field)[0]!.value])), ...wish };
  let answers: Answers = {};
  for (let round = 0; round < 2; round++) {
    for (const section of service.form) {
      const typed = Object.assign({}, ...section.fields.map((field) => typedFor(field, full))) as Typed;
      answers = { ...answers, ...parseAnswers(section, typed, { today, others: answers }).answers };
    }
  }
  return askedAnswers(service, answers, today);
}

/** Every choice once in each of its ways, the rest as it stands first; and everything once for a child. */
function wishesOf(service: Service): Record<string, string>[] {
  return [{}, { subject: 'child' }, ...fieldsOf(service).filter(({ type }) => ['choice', 'yes_no', 'code'].includes(type)).flatMap((field) => optionsOf(field).slice(0, 12).map(({ value }) => ({ [field.name]: value })))];
}

describe.each(services.map((service) => [service.code, service] as const))('%s', (_code, service) => {
  it('can be answered in every branch without a fault', () => {
    for (const wish of wishesOf(service)) expect(checkAnswers(service, answered(service, wish), { today }), JSON.stringify(wish)).toEqual([]);
  });

  it('asks each conditional question in some branch and not in another, unless another page decides', () => {
    const branches = wishesOf(service).map((wish) => answered(service, wish));
    for (const field of fieldsOf(service)) {
      if (field.when === undefined) continue;
      const asked = branches.filter((answers) => isAsked(field, answers, today)).length;
      const isDouble = readsOf(field.when).length > 1;
      if (!isDouble) expect([field.name, asked > 0, asked < branches.length]).toEqual([field.name, true, true]);
    }
  });

  it('says nothing empty to whoever leaves everything empty: each missing answer is named', () => {
    const faults = checkAnswers(service, {}, { today });
    const required = fieldsOf(service).filter(({ required }) => required).map(({ name }) => name);
    expect(faults.filter(({ code }) => code === 'required').map(({ field }) => field)).toEqual(required);
    for (const { zh, en } of faults) expect(zh.length > 5 && en.length > 5).toBe(true);
  });

  it('keeps its promise by the limits of its own steps', () => {
    const isOwn = ({ act }: RouteStep): boolean => act !== 'confirm_out' && act !== 'await_certificate';
    const own = service.route.filter(isOwn).reduce((sum, step) => sum + step.limit_working_minutes, 0);
    const { promised_working_days } = service.limits;
    if (service.mode === 'chain' && promised_working_days > 0) expect(own).toBeLessThanOrEqual(promised_working_days * minutesPerDay);
    if (service.mode === 'chain' && promised_working_days === 0) expect(own).toBeLessThanOrEqual(minutesPerDay / 2);
    if (service.limits.statutory_calendar_days === undefined) expect(promised_working_days).toBeLessThanOrEqual(service.limits.statutory_working_days);
  });

  it('draws each of its routes', () => {
    for (const route of [service.route, service.alternative?.route ?? [], service.top_level ?? []]) {
      if (route.length === 0) continue;
      expect(route.map(({ step }) => step)).toEqual(route.map((_, index) => index + 1));
      const drawing = routeSvg(route.map((step) => ({ step: step.step, label: step.label, org_name: organisationOfStep(step).zh, state: 'waiting' })), 'zh');
      expect(drawing.match(/role="listitem"/g)).toHaveLength(route.length);
    }
  });
});

test('the catalogue holds the fifty-six items in fourteen categories, and those beside them', () => {
  const codes = services.map(({ code }) => code).filter((code) => !code.startsWith('E'));
  expect([codes.length, new Set(codes.map((code) => code.slice(0, 2))).size]).toEqual([56, 14]);
  expect(services.length - codes.length).toBe(5);
  expect(new Set(services.map(({ key }) => key)).size).toBe(services.length);
});

test('county review and prefecture approval stand in the route of every highly sensitive item (2021 work rules, art. 9)', () => {
  const highest = services.filter(({ sensitivity }) => sensitivity === 'S3');
  expect(highest.map(({ code }) => code)).toEqual(['0604', '0605', '0606', '0804', '0903', '1001', '1002']);
  for (const { code, route, top_level } of highest.filter(({ code: one }) => one !== '0605')) {
    for (const steps of [route, top_level ?? []]) {
      expect(steps.some(({ act, level }) => act === 'review' && level === 'COUNTY'), code).toBe(true);
      expect(steps.some(({ act, level }) => act === 'approve' && level === 'PREFECTURE'), code).toBe(true);
    }
  }
});

test('no commitment stands in for what proves birth, parentage, sex, birth date, a judgment or an adoption', () => {
  for (const code of ['M03', 'M06', 'M40', 'M41', 'M10', 'M56', 'M12', 'M13']) expect(catalogue().materials.get(code)!.commitment, code).toBe(false);
});
