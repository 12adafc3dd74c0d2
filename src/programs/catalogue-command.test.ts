/** The catalogue before it is put into service: what is wrong is found, what changes is told, past cases are tried anew. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import {
  catalogue, catalogueChanges, catalogueDirectory, checkCatalogue, loadCatalogue, readRawCatalogue, replayCase, type PastCase, type RoleOnRoute, type Service, type Surroundings,
} from '../modules/catalogue/index.ts';
import { checkCharacter } from '../modules/reference/index.ts';
import { catalogueCommand, surroundingsOf } from './catalogue-command.ts';

const around = surroundingsOf();
const home = mkdtempSync(join(tmpdir(), 'catalogue-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  for (const part of ['services', 'codes', 'bureaus', 'materials.json', 'plain-words.json', 'policy.json']) cpSync(join(catalogueDirectory, part), join(home, part), { recursive: true });
});

type Json = Record<string, any>;
/** Plants a fault in a file of the copy. */
function plant(path: string, change: (json: Json) => unknown): void {
  const file = join(home, path);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Json;
  change(json);
  writeFileSync(file, JSON.stringify(json));
}
const codesFound = (with_: Surroundings = around): string[] => [...new Set(checkCatalogue(readRawCatalogue(home), with_).filter(({ severity }) => severity === 'fault').map(({ code }) => code))];
const field = (json: Json, name: string): Json => (json as Service).form.flatMap(({ fields }) => fields).find((one) => one.name === name)!;

test('the catalogue of this installation is in order, with the policy of every bureau', () => {
  expect(checkCatalogue(readRawCatalogue(catalogueDirectory), around).map(({ where, en }) => `${where}: ${en}`)).toEqual([]);
});

describe('a planted fault is found', () => {
  it.each<[string, string, (json: Json) => unknown, string]>([
    ['a question that looks at no answer', 'services/0101.json', (json) => ((json as Json)['form'] = json['form'].filter(({ key }: Json) => key !== 'delivery').concat({ key: 'x', title: { zh: '寄', en: 'Post' }, fields: [{ name: 'delivery_address', type: 'text', required: false, when: 'delivery_by_courier', label: { zh: '地址', en: 'Address' } }] })), 'dead_condition'],
    ['a condition that does not exist', 'services/0604.json', (json) => (json['materials'][1] = { code: 'M41', required: 'when', when: 'moon_is_full' }), 'unknown_condition'],
    ['a condition without words', 'services/0601.json', (json) => (json['materials'][1] = { code: 'M37', required: 'when', when: 'subject_is_minor_of_eight' }), 'condition_without_words'],
    ['a paper that does not exist', 'services/0604.json', (json) => json['materials'].push({ code: 'M99', required: 'always' }), 'unknown_material'],
    ['a paper of the police asked of the citizen', 'services/0604.json', (json) => json['materials'].push({ code: 'M43', required: 'always' }), 'material_of_police'],
    ['a rule that does not exist', 'services/0604.json', (json) => (json['preconditions'][0].rule = 'is_nice'), 'unknown_rule'],
    ['a rule judged where the route has no such step', 'services/0101.json', (json) => (json['preconditions'][0].at = ['approve']), 'rule_never_judged'],
    ['an effect that does not exist', 'services/0101.json', (json) => (json['effect'] = 'make_rich'), 'unknown_effect'],
    ['a code list that does not exist', 'services/0101.json', (json) => (field(json, 'child_sex')['list'] = 'colour'), 'unknown_code_list'],
    ['a code that is no longer used', 'services/0501.json', (json) => (field(json, 'reason')['codes'] = ['07']), 'unknown_code'],
    ['a kind of answer that does not exist', 'services/0101.json', (json) => (field(json, 'child_name')['type'] = 'rune'), 'unknown_field_type'],
    ['a question asked twice', 'services/0101.json', (json) => json['form'][1].fields.push({ ...field(json, 'child_name') }), 'field_twice'],
    ['a number without the name beside it', 'services/0101.json', (json) => (field(json, 'mother_name')['name'] = 'mama_name'), 'part_without_name'],
    ['a paper nobody can set', 'services/0101.json', (json) => json['papers'].push('golden_scroll'), 'unknown_paper'],
    ['an applicant nobody knows', 'services/0101.json', (json) => json['applicants'].push('neighbour'), 'unknown_applicant'],
    ['a missing translation', 'services/0101.json', (json) => (field(json, 'child_name')['label'] = { zh: '孩子姓名', en: '' }), 'untranslated'],
    ['Chinese where English should be', 'services/0101.json', (json) => (json['summary'] = { zh: '出生', en: '出生' }), 'untranslated'],
    ['a route that never ends', 'services/0601.json', (json) => json['route'].pop(), 'dead_end'],
    ['a step behind the end', 'services/0601.json', (json) => json['route'].push({ ...json['route'][1], step: 6 }), 'unreachable_step'],
    ['a route that does not begin with acceptance', 'services/0601.json', (json) => json['route'].splice(0, 1, { ...json['route'][1], step: 1 }), 'no_beginning'],
    ['a role that does not exist', 'services/0601.json', (json) => (json['route'][1].role = 'astrologer'), 'unknown_role'],
    ['a role of another level', 'services/0601.json', (json) => (json['route'][2].role = 'station_chief'), 'role_of_other_level'],
    ['a step that its role has no right to take', 'services/0601.json', (json) => Object.assign(json['route'][3], { role: 'county_section_officer' }), 'step_nobody_takes'],
    ['silence that decides', 'services/0601.json', (json) => (json['route'][3].on_timeout = 'confirm'), 'silent_decision'],
    ['a highly sensitive item that the county decides', 'services/0604.json', (json) => Object.assign(json['route'][5], { role: 'county_deputy_chief', level: 'COUNTY' }), 'not_by_prefecture'],
    ['a sensitive item entered and approved at one level', 'services/0104.json', (json) => Object.assign(json['route'][2], { role: 'station_chief', level: 'STATION' }), 'same_level'],
    ['acceptance and approval by one role', 'services/0307.json', (json) => Object.assign(json['route'][1], { role: 'station_officer' }), 'one_hand'],
    ['more time than is promised', 'services/0601.json', (json) => (json['route'][2].limit_working_minutes = 5000), 'promise'],
    ['a top-level route that begins below', 'services/0601.json', (json) => Object.assign(json['top_level'][0], { role: 'station_officer', level: 'STATION' }), 'top_level'],
    ['the key of another item', 'services/0602.json', (json) => (json['key'] = 'alter.name_change'), 'key_twice'],
    ['a file named after another code', 'services/0602.json', (json) => (json['code'] = '0699'), 'code'],
    ['a file without a form', 'services/0602.json', (json) => delete json['form'], 'incomplete'],
    ['an item without plain words', 'plain-words.json', (json) => delete json['services']['0101'], 'no_plain_words'],
    ['a source nobody can ask', 'materials.json', (json) => (json['M03'].verified_by = ['oracle']), 'unknown_source'],
    ['a policy for an item that does not exist', 'bureaus/leishan/policy.json', (json) => json['changes'][0].services.push('7777'), 'unknown_service'],
    ['a policy that replaces a step that is not there', 'bureaus/leishan/policy.json', (json) => json['changes'][0].services.push('0501'), 'nothing_to_replace'],
    ['a policy that breaks a promise', 'bureaus/leishan/policy.json', (json) => (json['changes'][0].replace.by[0].limit_working_minutes = 4000), 'promise'],
    ['top-level acceptance without such a route', 'bureaus/sanming/policy.json', (json) => json['top_level'][0].services.push('0101'), 'no_top_level_route'],
  ])('%s', (_fault, path, change, code) => {
    plant(path, change);
    expect(codesFound()).toContain(code);
  });

  it('a file that cannot be read', () => {
    writeFileSync(join(home, 'services/0601.json'), '{');
    expect(codesFound()).toContain('unreadable');
  });

  it('a rule, an effect or a paper that is named and not implemented', () => {
    const without = (set: ReadonlySet<string>, name: string): Set<string> => new Set([...set].filter((one) => one !== name));
    expect(codesFound({ ...around, rules: without(around.rules, 'death_is_proved') })).toEqual(['rule_missing']);
    expect(codesFound({ ...around, effects: without(around.effects, 'register_death') })).toEqual(['effect_missing']);
    expect(codesFound({ ...around, papers: without(around.papers, 'migration_certificate') })).toEqual(['paper_missing']);
  });

  it('a step whose role is for auxiliary staff alone, and an item that nobody can enter', () => {
    const changed = (name: string, change: (role: RoleOnRoute) => Partial<RoleOnRoute>): Surroundings => ({ ...around, roles: around.roles.map((role) => (role.role === name ? { ...role, ...change(role) } : role)) });
    expect(codesFound(changed('station_chief', () => ({ kinds: ['auxiliary'] })))).toContain('step_of_auxiliary');
    const noEntry: Surroundings = { ...around, roles: around.roles.map((role) => ({ ...role, rights: { ...role.rights, 'cases.open_case': [] } })) };
    expect(codesFound(noEntry)).toContain('nobody_enters');
  });

  it('entry and approval that one officer could hold by covering for a colleague', () => {
    // As it would be if accounts let every two posts meet.
    expect(codesFound({ ...around, may_meet: () => true })).toEqual(['one_hand_by_cover']);
    expect(codesFound({ ...around, may_meet: (one, other) => one.role === other.role })).toEqual([]);
  });
});

describe('what a change means is told in words', () => {
  const changesOf = (path: string, change: (json: Json) => unknown) => {
    plant(path, change);
    return catalogueChanges(catalogue(), loadCatalogue(home));
  };
  it('nothing, where nothing has changed', () => expect(catalogueChanges(catalogue(), loadCatalogue(home))).toEqual([]));
  it.each<[string, string, (json: Json) => unknown, RegExp]>([
    ['who decides', 'services/0502.json', (json) => Object.assign(json['route'][2], { role: 'county_deputy_chief', label: { zh: '分管副局长审批', en: 'By the deputy chief' } }), /决定环节:原为“迁入地县\(市、区\)公安局审批”,现为“分管副局长审批”/],
    ['a new paper and when it is asked for', 'services/0502.json', (json) => json['materials'].push({ code: 'M22', required: 'when', when: 'joins_household' }), /新要材料:被投靠人户口簿、身份证\(加入已有的户的才要\)/],
    ['a paper that is spared', 'services/0502.json', (json) => (json['materials'] = json['materials'].filter(({ code }: Json) => code !== 'M27')), /不再要材料:房屋产权人同意落户书/],
    ['the limit of a step', 'services/0502.json', (json) => (json['route'][0].limit_working_minutes = 60), /“迁入地派出所受理”的时限由 78 分钟改为 60 分钟/],
    ['the promise', 'services/0502.json', (json) => (json['limits'].promised_working_days = 3), /承诺时限:.*1 个工作日内办结.*3 个工作日内办结/],
    ['a fee', 'services/1303.json', (json) => (json['fee_fen'] = 2000), /收费:“40\.00 元”改为“20\.00 元”/],
    ['a new question', 'services/0502.json', (json) => json['form'][0].fields.push({ name: 'why_now', type: 'text', required: true, label: { zh: '为什么现在迁', en: 'Why now' } }), /表上新增必填:为什么现在迁/],
    ['what is examined', 'services/0502.json', (json) => json['preconditions'].push({ rule: 'meets_local_policy', at: ['accept'], on_fail: 'escalate' }), /新增审查:meets_local_policy/],
    ['a channel', 'services/0502.json', (json) => json['channels'].push('self_service'), /新增渠道:自助终端/],
    ['wording', 'services/0502.json', (json) => (json['summary'].zh += '。'), /只有文字或版本有变化/],
  ])('%s', (_what, path, change, told) => {
    const found = changesOf(path, change);
    expect(found).toHaveLength(1);
    expect(found[0]!.changes.map(({ zh }) => zh).join('\n')).toMatch(told);
    for (const { en } of found[0]!.changes) expect(en).toMatch(/^[A-Z“].{4,}/);
  });
  it('an item that is added, and one that is withdrawn', () => {
    const added = changesOf('services/0502.json', () => undefined);
    expect(added).toEqual([]);
    rmSync(join(home, 'services/0404.json'));
    cpSync(join(home, 'services/1104.json'), join(home, 'services/1105.json'));
    plant('services/1105.json', (json) => Object.assign(json, { code: '1105', key: 'household.rename' }));
    expect(catalogueChanges(catalogue(), loadCatalogue(home)).map(({ service_code, changes }) => [service_code, changes[0]!.zh])).toEqual([['0404', '取消事项'], ['1105', '新增事项']]);
  });
});

describe('a changed catalogue over past cases', () => {
  const past: PastCase = {
    case_no: '5301025000002026112200001', service_code: '0703', submitted_on: '2026-11-20', outcome: 'executed', from_top: false,
    answers: { subject_name: '李明', subject_id_number: `53010219900307901${checkCharacter('53010219900307901')}`, workplace: '昆明一中', applicant_phone: '13800001234', delivery_mode: 'electronic' },
    steps: [{ act: 'execute_instant', role: 'station_officer', level: 'STATION' }], materials: [{ code: 'M01', state: 'provided' }, { code: 'M48', state: 'commitment' }],
    checks: [{ rule: 'identity_is_proved', passed: true }, { rule: 'something_changes', passed: false }],
  };
  const replayed = (path: string, change: (json: Json) => unknown, one: PastCase = past) => {
    plant(path, change);
    return replayCase(one, catalogue(), loadCatalogue(home)).map(({ kind, certain, zh }) => `${kind}${certain ? '' : '?'} ${zh}`);
  };
  it.each<[string, string, (json: Json) => unknown, RegExp]>([
    ['a question that was not answered', 'services/0703.json', (json) => json['form'][1].fields.push({ name: 'why', type: 'text', required: true, label: { zh: '原因', en: 'Reason' } }), /^form 要退回补填:请填写“原因”/m],
    ['a paper that was not handed in', 'services/0703.json', (json) => json['materials'].push({ code: 'M02', required: 'always' }), /^material 还要交:居民户口簿/m],
    ['an examination whose facts were not kept', 'services/0703.json', (json) => json['preconditions'].push({ rule: 'no_lawful_hold', at: ['accept'], on_fail: 'escalate' }), /^examination\? 要多审查 no_lawful_hold/m],
    ['a failed examination that would be met otherwise', 'services/0703.json', (json) => (json['preconditions'][3].on_fail = 'refuse'), /^examination 当时不符合 something_changes,按 return 处理,现在按 refuse/m],
    ['a failed examination that is dropped', 'services/0703.json', (json) => json['preconditions'].splice(3, 1), /^examination 当时不符合 something_changes,现在不审查/m],
    ['another decider', 'services/0703.json', (json) => Object.assign(json['route'][0], { role: 'station_chief' }), /^decider 原由 户籍地派出所当场办结/m],
  ])('%s', (_what, path, change, told) => {
    const found = replayed(path, change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(told);
  });
  it('a commitment that would no longer do, where the paper is asked for', () => {
    const education = { ...past, service_code: '0701', answers: { ...past.answers, new_education: '21' } };
    expect(replayed('materials.json', (json) => (json['M48'].commitment = false), education)).toEqual(['material “非主项凭证”当时以承诺代替,现在不行']);
    expect(replayed('materials.json', (json) => (json['M48'].commitment = false))).toEqual([]);
  });
  it('an item that is no longer offered', () => {
    rmSync(join(home, 'services/0703.json'));
    expect(replayCase(past, catalogue(), loadCatalogue(home)).map(({ kind }) => kind)).toEqual(['offer']);
  });
  it('says nothing where all would have gone the same way', () => {
    expect(replayCase(past, catalogue(), loadCatalogue(home))).toEqual([]);
  });
});

test('words that say nothing that can be done are met with the usage, and a folder that is no catalogue is named', async () => {
  const never = () => Promise.reject(new Error('the database is not asked'));
  await expect(catalogueCommand([], never)).rejects.toThrow('catalogue check');
  await expect(catalogueCommand(['diff', home], never)).rejects.toThrow('usage');
  await expect(catalogueCommand(['diff', home, tmpdir()], never)).rejects.toThrow('is no catalogue');
});
