import { describe, expect, test } from 'vitest';
import { checkCharacter } from '../reference/index.ts';
import { askedAnswers, answerText, checkAnswers, fieldsOf, parseAnswers, personRows } from './form.ts';
import { catalogue } from './load.ts';
import type { Field, Service } from './service.ts';

const facts = { today: '2026-11-22' };
const service = (code: string): Service => catalogue().services.get(code)!;
const section = (code: string, key: string) => service(code).form.find((one) => one.key === key)!;
const number = (digits: string): string => digits + checkCharacter(digits);
const man = number('53010219900307901');
const woman = number('53010219920514902');
const parse = (code: string, key: string, fields: Record<string, unknown>, others = {}) => parseAnswers(section(code, key), fields, { ...facts, others });
const codes = (violations: readonly { field: string; code: string }[]) => violations.map(({ field, code }) => `${field}:${code}`);

const complete = {
  movers: [{ name: '李明', id_number: man, relation: '02' }, { name: '王丽', id_number: woman, relation: '12' }],
  whole_household: true, address_id: '018f0000-0000-7000-8000-000000000001', household_choice: 'new',
  reason: '99', housing_basis: 'owned', applicant_phone: '13800001234', delivery_mode: 'electronic',
};

describe('what was typed', () => {
  test('is kept letter by letter, right or wrong', () => {
    const typed = { 'movers.0.name': ' 李 明x ', 'movers.0.id_number': '5301', 'movers.0.relation': '', whole_household: 'yes' };
    expect(parse('0501', 'movers', typed).typed).toEqual(typed);
  });
  test('of another section, another row shape or no field at all is left out', () => {
    const { typed } = parse('0501', 'movers', { reason: '99', 'movers.0.secret': 'x', 'movers.99.name': 'x', 'movers.0.name.more': 'x', movers: 'x', whole_household: 'no' });
    expect(typed).toEqual({ whole_household: 'no' });
  });
  test('reads numbers, phones and dates however they are spaced', () => {
    expect(parse('0703', 'delivery', { applicant_phone: '+86 138-0000-1234', delivery_mode: 'pickup' }).answers).toEqual({ applicant_phone: '13800001234', delivery_mode: 'pickup' });
    expect(parse('0703', 'items', { height_cm: ' 172 ' }).answers).toEqual({ height_cm: 172 });
    expect(parse('0703', 'subject', { subject_id_number: `${man.slice(0, 6)} ${man.slice(6, 14)} ${man.slice(14).toLowerCase()}`, subject_name: '古丽 ' }).answers['subject_id_number']).toBe(man);
    const day = { key: 'day', title: { zh: '', en: '' }, fields: [{ name: 'day', type: 'date' as const, required: true, label: { zh: '日期', en: 'Day' } }] };
    for (const text of ['2026年1月2日', '2026/1/2', '2026.01.02', '20260102', '2026-01-02', '2026年01月02日']) expect(parseAnswers(day, { day: text }, facts).answers['day'], text).toBe('2026-01-02');
    for (const text of ['2026-02-30', '昨天', '2026-13-01']) expect(codes(parseAnswers(day, { day: text }, facts).violations), text).toEqual(['day:date']);
  });
  test('rows of persons left empty close up, and a row with only a relation is still a row', () => {
    const fields = {
      'movers.0.name': '', 'movers.0.id_number': ' ', 'movers.0.relation': '', 'movers.1.name': '李明', 'movers.1.id_number': man, 'movers.1.relation': '02',
      'movers.4.name': '', 'movers.4.id_number': '', 'movers.4.relation': '12', whole_household: 'yes',
    };
    const { typed, violations } = parse('0501', 'movers', fields);
    expect(personRows('movers', typed)).toEqual([{ name: '李明', id_number: man, relation: '02' }, { name: '', id_number: '', relation: '12' }]);
    expect(codes(violations)).toEqual(['movers.1.name:NAME_EMPTY', 'movers.1.id_number:required']);
  });
});

describe('checking a section', () => {
  test('tells everything wrong at once, at its field, in both languages', () => {
    const { violations } = parse('0501', 'movers', { 'movers.0.name': '李', 'movers.0.id_number': '530102199003079012', 'movers.1.name': '王丽', 'movers.1.id_number': '12', 'movers.1.relation': '77x' });
    expect(codes(violations)).toEqual([
      'movers.0.name:NAME_SHORT', 'movers.0.id_number:ID_CHECK', 'movers.0.relation:choice', 'movers.1.id_number:ID_LENGTH', 'movers.1.relation:choice', 'whole_household:required',
    ]);
    for (const { zh, en } of violations) expect(zh.length > 5 && en.length > 5).toBe(true);
  });
  test.each<[Record<string, unknown>, string[]]>([
    [{ whole_household: true }, []],
    [{ whole_household: false }, ['head_leaves:required']],
    [{ whole_household: false, head_leaves: false }, []],
    [{ whole_household: false, head_leaves: true }, ['new_head_id_number:required']],
    [{ whole_household: false, head_leaves: true, new_head_id_number: woman }, []],
    [{ household_choice: 'join' }, ['target_head_name:required', 'target_head_id_number:required']],
    [{ delivery_mode: 'courier' }, ['delivery_address:required']],
    [{ delivery_mode: 'courier', delivery_address: '春城路 1 号' }, []],
  ])('a field with a condition is required exactly while the condition holds: %j', (changed, expected) => {
    const alone = { ...complete, movers: [{ name: '李明', id_number: man, relation: changed['household_choice'] === 'join' ? '99' : '02' }] };
    expect(codes(checkAnswers(service('0501'), { ...alone, ...changed }, facts))).toEqual(expected);
  });
  test.each([
    ['eighteen tomorrow', '20081123', false, ['minor_follows_divorced_parent:required']],
    ['eighteen today', '20081122', false, []],
    ['eighteen tomorrow, nobody stays behind', '20081123', true, []],
  ])('whether a minor follows one of divorced parents is asked of whoever leaves others behind: %s', (_, born, whole_household, expected) => {
    const movers = [complete.movers[0]!, { name: '李小', id_number: number(`530102${born}901`), relation: '99' }];
    expect(codes(checkAnswers(service('0501'), { ...complete, movers, whole_household, ...(whole_household ? {} : { head_leaves: false }) }, facts))).toEqual(expected);
  });
  test('a section of optional fields needs one answer', () => {
    expect(codes(parse('0703', 'items', { workplace: '  ' }).violations)).toEqual(['workplace:one_of']);
    expect(parse('0703', 'items', { blood_type: '1' }).violations).toEqual([]);
  });
  test.each([
    ['height_cm', '29', 'whole_number'], ['height_cm', '300', 'whole_number'], ['height_cm', '一米七', 'whole_number'], ['height_cm', '170.5', 'whole_number'],
    ['workplace', '一'.repeat(61), 'maxLength'], ['workplace', '昆明\u200b一中', 'characters'], ['workplace', '\ufffd', 'characters'],
    ['occupation', '99999', 'choice'], ['phone', '12345', 'phone'], ['phone', '23800001234', 'phone'],
  ])('%s does not take %s', (name, text, code) => {
    expect(codes(parse('0703', 'items', { [name]: text }).violations)).toEqual([`${name}:${code}`]);
  });
  test('sixty characters beyond the basic plane are sixty characters', () => {
    expect(parse('0703', 'items', { workplace: '𬭊'.repeat(60) }).violations).toEqual([]);
  });
});

describe('kinds of answers', () => {
  const one = (field: Partial<Field>) => ({ key: 'one', title: { zh: '一', en: 'One' }, fields: [{ name: 'it', type: 'text', required: true, label: { zh: '它', en: 'It' }, ...field } as Field] });
  const read = (field: Partial<Field>, text: string) => parseAnswers(one(field), { it: text }, facts);
  test.each<[Partial<Field>, string, unknown]>([
    [{ type: 'time' }, '7:05', '07:05'], [{ type: 'time' }, '19点5分', '19:05'], [{ type: 'time' }, '2359', '23:59'],
    [{ type: 'document_no' }, ' p5301 23456 ', 'P530123456'], [{ type: 'document_no' }, '(2026)云0102民特15号', '(2026)云0102民特15号'], [{ type: 'document_no' }, 'e53–2026', 'E53-2026'],
    [{ type: 'organisation_code' }, '91110000600037341l', '91110000600037341L'], [{ type: 'organisation_code' }, '9111 0000 6000 3734 1L', '91110000600037341L'],
    [{ type: 'area' }, '522634', '522634'], [{ type: 'long_text' }, '一行\r\n二行', '一行\n二行'],
  ])('%j reads %s', (field, text, answer) => {
    const { answers, violations } = read(field, text);
    expect(answers['it']).toBe(answer);
    expect(violations).toEqual([]);
  });
  test.each<[Partial<Field>, string, string]>([
    [{ type: 'time' }, '25:00', 'time'], [{ type: 'time' }, '早上', 'time'], [{ type: 'document_no' }, '没有;没有', 'document_no'], [{ type: 'document_no' }, 'X'.repeat(41), 'document_no'],
    [{ type: 'organisation_code' }, '91110000600037341X', 'organisation_code'], [{ type: 'organisation_code' }, '9111000060003734', 'organisation_code'], [{ type: 'organisation_code' }, '9I110000600037341L', 'organisation_code'],
    [{ type: 'area' }, '五华区', 'area'], [{ type: 'long_text' }, '字'.repeat(501), 'maxLength'], [{ type: 'long_text', length_max: 10 }, '一\n二\u200b', 'characters'],
  ])('%j does not take %s', (field, text, code) => {
    const { violations } = read(field, text);
    expect(codes(violations)).toEqual([`it:${code}`]);
    for (const { zh, en } of violations) expect(zh.length > 8 && en.length > 8).toBe(true);
  });
  test('two thousand characters are kept where they are asked for', () => {
    expect(read({ type: 'long_text', length_max: 2000 }, '字'.repeat(2000)).violations).toEqual([]);
  });
  test('a list without relations asks for none, and a household that is formed has one head', () => {
    const list = (extra: Partial<Field>) => ({ ...service('0501'), form: [one({ type: 'person_list', name: 'members', ...extra })] });
    const person = (relation: string) => ({ members: [{ name: '李明', id_number: man, relation }, { name: '王丽', id_number: woman, relation: '12' }] });
    expect(checkAnswers(list({ without_relation: true }), { members: [{ name: '李明', id_number: man, relation: '' }] }, facts)).toEqual([]);
    expect(codes(checkAnswers(list({ head: 'one' }), person('99'), facts))).toEqual(['members:head']);
    expect(checkAnswers(list({ head: 'one' }), person('02'), facts)).toEqual([]);
    expect(codes(checkAnswers(list({ head: 'none' }), person('02'), facts))).toEqual(['members:head']);
  });
  test('a section may be left empty where it says so', () => {
    expect(parseAnswers({ ...one({ required: false }), optional: true }, {}, facts).violations).toEqual([]);
    expect(codes(parseAnswers(one({ required: false }), {}, facts).violations)).toEqual(['it:one_of']);
  });
});

describe('checking the whole form', () => {
  test('a complete form is in order', () => expect(checkAnswers(service('0501'), complete, facts)).toEqual([]));
  test.each([
    ['nobody is head of a new household', { movers: [{ ...complete.movers[0], relation: '11' }, complete.movers[1]] }, ['movers:head']],
    ['two heads', { movers: [complete.movers[0], { ...complete.movers[1]!, relation: '02' }] }, ['movers:head']],
    ['a head is brought into a household that has one', { household_choice: 'join', target_head_name: '赵强', target_head_id_number: number('53010219600101903') }, ['movers:head']],
    ['the same number twice', { movers: [complete.movers[0], { ...complete.movers[0]!, relation: '99' }] }, ['movers.1.id_number:twice']],
    ['a wife whose number is a man’s', { movers: [complete.movers[1], { ...complete.movers[0]!, relation: '12' }].map((m, i) => (i === 0 ? { ...m, relation: '02' } : m)) }, ['movers.1.relation:sex']],
    ['the successor moves too', { whole_household: false, head_leaves: true, new_head_id_number: woman }, ['new_head_id_number:moves']],
    ['nothing at all', { movers: undefined, reason: undefined }, ['movers:required', 'reason:required']],
    ['a reason that this service does not take', { reason: '24' }, ['reason:choice']],
    ['an address that is no identifier', { address_id: '五华区' }, ['address_id:address']],
  ])('is refused: %s', (_title, changed, expected) => {
    expect(codes(checkAnswers(service('0501'), { ...complete, ...changed }, facts))).toEqual(expected);
  });
  test('answers of any shape are told, never thrown over', () => {
    for (const odd of [null, 0, 7, '', 'x', [], [null], [[]], {}, [{ name: 1 }], true]) {
      const answers = Object.fromEntries(fieldsOf(service('0501')).map((field) => [field.name, odd]));
      expect(checkAnswers(service('0501'), answers, facts).length).toBeGreaterThan(0);
    }
  });
  test('answers to questions no longer asked fall away', () => {
    expect(askedAnswers(service('0501'), { ...complete, delivery_address: '春城路', target_head_name: '赵强', other: 1 })).toEqual(complete);
  });
  test('every offered code has words', () => {
    for (const one of catalogue().services.values()) {
      for (const field of fieldsOf(one)) {
        for (const code of field.codes ?? []) expect(answerText(field, code).zh, `${one.code} ${field.name} ${code}`).not.toBe(code);
      }
    }
  });
});
