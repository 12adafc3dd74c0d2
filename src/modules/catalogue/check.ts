/**
 * Everything wrong with a catalogue, found before anybody applies: names that lead nowhere, ways that end nowhere, steps
 * that nobody can take, separation of duties that does not hold, words that are missing in one language.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Text } from '../../kernel/operation.ts';
import { readBureauPolicy, withPolicy, type BureauPolicy } from './bureau-policy.ts';
import { conditions, readsOf } from './conditions.ts';
import { isForCitizens } from './guide.ts';
import {
  acts, applicantNames, cancellingFacts, channelNames, conditionNames, effectNames, fieldTypes, lifeEvents, messageNames, paperNames, preconditionRules,
  type Act, type ConditionName, type Field, type Level, type Material, type RouteStep, type Service,
} from './service.ts';
import { categoryWords, certificateWords, conditionWords, feeWords } from './words.ts';

/** What a role is, as far as routes ask. */
export interface RoleOnRoute {
  role: string;
  level: Level | 'SYSTEM';
  duty: string;
  kinds: readonly string[];
  /** act → patterns of service codes */
  rights: Readonly<Record<string, readonly string[]>>;
}

/** What the rest of the system has for the names of the catalogue. */
export interface Surroundings {
  /** Rules and effects that are implemented. */
  rules: ReadonlySet<string>;
  effects: ReadonlySet<string>;
  /** Agencies and own modules that can be asked. */
  sources: ReadonlySet<string>;
  /** Papers that can be set or made. */
  papers: ReadonlySet<string>;
  roles: readonly RoleOnRoute[];
  /** The right by which an officer takes an act; acts that are missing are taken outside of the police. */
  right_of_act: Readonly<Partial<Record<Act, string>>>;
  /** Whether accounts lets one officer hold two roles, by posts or by cover of a leave. */
  may_meet: (one: RoleOnRoute, other: RoleOnRoute) => boolean;
}

export interface Finding extends Text {
  /** A note is worth knowing; a fault must be mended. */
  severity: 'fault' | 'note';
  /** File and place, such as `services/0604.json form.subject`. */
  where: string;
  /** What kind it is, for tests and for counting. */
  code: string;
}

type Say = (code: string, zh: string, en: string, severity?: Finding['severity']) => void;

/** Catalogue files as they lie there, whatever is wrong with them. */
export interface RawCatalogue {
  directory: string;
  services: ReadonlyMap<string, Service>;
  materials: Readonly<Record<string, Material>>;
  plain_words: { life_events: Record<string, unknown>; services: Record<string, readonly string[]> };
  code_lists: ReadonlyMap<string, ReadonlySet<string>>;
  policies: readonly BureauPolicy[];
  /** Files that could not be read at all. */
  unreadable: readonly Finding[];
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

/** Reads every file of a catalogue directory; what is missing there counts as empty. */
export function readRawCatalogue(directory: string): RawCatalogue {
  const unreadable: Finding[] = [];
  const read = <T>(path: string, otherwise: T): T => {
    try {
      return JSON.parse(readFileSync(join(directory, path), 'utf8')) as T;
    } catch (error) {
      unreadable.push({ severity: 'fault', where: path, code: 'unreadable', zh: `文件不能读取:${(error as Error).message}`, en: `The file cannot be read: ${(error as Error).message}` });
      return otherwise;
    }
  };
  const files = (folder: string): string[] => (existsSync(join(directory, folder)) ? readdirSync(join(directory, folder)).filter((name) => name.endsWith('.json')).sort() : []);
  const services = new Map(files('services').flatMap((file) => {
    const service = read<Service | null>(`services/${file}`, null);
    return service === null ? [] : [[basename(file, '.json'), service] as const];
  }));
  const code_lists = new Map(files('codes').map((file) => {
    const list = read<{ list: string; items: { code: string; selectable?: boolean }[] }>(`codes/${file}`, { list: '', items: [] });
    return [list.list, new Set(list.items.filter(({ selectable }) => selectable !== false).map(({ code }) => code))] as const;
  }));
  const bureaus = existsSync(join(directory, 'bureaus')) ? readdirSync(join(directory, 'bureaus'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort() : [];
  const policies = bureaus.flatMap((bureau) => {
    try {
      return [readBureauPolicy(bureau, directory)];
    } catch (error) {
      unreadable.push({ severity: 'fault', where: `bureaus/${bureau}/policy.json`, code: 'unreadable', zh: (error as Error).message, en: (error as Error).message });
      return [];
    }
  });
  return {
    directory, services, materials: read('materials.json', {}), plain_words: read('plain-words.json', { life_events: {}, services: {} }), code_lists, policies, unreadable,
  };
}

/* ---- Words ----------------------------------------------------------------------------------------------------- */

const isChinese = /\p{Script=Han}/u;

/** Every `{ zh, en }` inside a value must say something in both languages; English without a Latin letter is no English. */
function checkWords(value: unknown, place: string, say: Say): void {
  if (Array.isArray(value)) value.forEach((one, index) => checkWords(one, `${place}[${index}]`, say));
  else if (typeof value === 'object' && value !== null) {
    const { zh, en } = value as Partial<Text>;
    if ('zh' in value || 'en' in value) {
      if (typeof zh !== 'string' || !(isChinese.test(zh) || /\d/.test(zh))) say('untranslated', `${place} 缺中文`, `${place} has no Chinese`);
      if (typeof en !== 'string' || !/[A-Za-z]/.test(en)) say('untranslated', `${place} 缺英文`, `${place} has no English`);
    }
    for (const [name, one] of Object.entries(value)) if (name !== 'zh' && name !== 'en') checkWords(one, place === '' ? name : `${place}.${name}`, say);
  }
}

/* ---- Form ------------------------------------------------------------------------------------------------------ */

const isCondition = (name: string): name is ConditionName => (conditionNames as readonly string[]).includes(name) && name in conditions;

function checkCondition(name: string | undefined, fields: ReadonlyMap<string, Field>, place: string, say: Say): void {
  if (name === undefined || !isCondition(name)) return say('unknown_condition', `${place} 的条件 ${name} 不存在`, `${place}: there is no condition ${name}`);
  const unread = readsOf(name).filter((read) => !fields.has(read));
  if (unread.length === readsOf(name).length) say('dead_condition', `${place} 的条件 ${name} 要看的答案(${unread.join('、')})表里没有`, `${place}: no question answers what condition ${name} looks at (${unread.join(', ')})`);
}

function checkForm({ form }: Service, { code_lists }: RawCatalogue, say: Say): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const { key, fields: own } of form) {
    if (own.length === 0) say('empty_section', `${key} 没有题目`, `section ${key} asks nothing`);
    for (const field of own) {
      if (fields.has(field.name)) say('field_twice', `字段 ${field.name} 出现两次`, `field ${field.name} stands twice`);
      fields.set(field.name, field);
    }
  }
  for (const [name, field] of fields) {
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) say('field_name', `字段名 ${name} 应为小写加下划线`, `field ${name} is not in lower case with underscores`);
    if (!(fieldTypes as readonly string[]).includes(field.type)) say('unknown_field_type', `字段 ${name} 的类型 ${field.type} 不存在`, `field ${name}: there is no type ${field.type}`);
    if (field.when !== undefined) checkCondition(field.when, fields, `form.${name}`, say);
    if (field.type === 'choice') {
      const values = (field.options ?? []).map(({ value }) => value);
      if (values.length < 2 || new Set(values).size < values.length) say('choice', `字段 ${name} 至少要有两个不同的选项`, `field ${name} needs two different options at least`);
    }
    if (field.type === 'code') {
      const list = code_lists.get(field.list ?? name);
      if (list === undefined) say('unknown_code_list', `字段 ${name} 的代码表 ${field.list ?? name} 不存在`, `field ${name}: there is no code list ${field.list ?? name}`);
      for (const code of field.codes ?? []) if (list !== undefined && !list.has(code)) say('unknown_code', `字段 ${name} 的代码 ${code} 不在代码表中或已停用`, `field ${name}: ${code} is not in its list or no longer in use`);
    }
    // Whoever is named has a name and a number; one of a household already known may be told by the number alone.
    const part = /^(.+)_id_number$/.exec(name)?.[1];
    if (part !== undefined && part !== 'new_head' && part !== 'person' && !fields.has(`${part}_name`)) say('part_without_name', `${name} 没有对应的 ${part}_name`, `${name} has no ${part}_name beside it`);
  }
  return fields;
}

/* ---- Materials, rules, words ------------------------------------------------------------------------------------ */

function checkMaterials(service: Service, raw: RawCatalogue, fields: ReadonlyMap<string, Field>, say: Say): void {
  const seen = new Set<string>();
  for (const { code, required, when } of service.materials) {
    const material = raw.materials[code];
    if (material === undefined) say('unknown_material', `材料 ${code} 不存在`, `there is no material ${code}`);
    else if (material.supplied_by !== 'applicant') say('material_of_police', `材料 ${code} 由公安机关制作,不能向申请人要`, `material ${code} is made by the police and cannot be asked of the applicant`);
    if (seen.has(code)) say('material_twice', `材料 ${code} 出现两次`, `material ${code} stands twice`);
    seen.add(code);
    if (required !== 'when') continue;
    checkCondition(when, fields, `materials.${code}`, say);
    if (when !== undefined && isCondition(when) && conditionWords[when] === undefined) say('condition_without_words', `材料 ${code} 的条件 ${when} 没有说明文字`, `material ${code}: condition ${when} has no words`);
  }
  for (const code of service.archive?.capture ?? []) if (raw.materials[code] === undefined) say('unknown_material', `归档位 ${code} 不存在`, `archive slot: there is no material ${code}`);
  for (const { when } of service.fee_cases ?? []) {
    checkCondition(when, fields, 'fee_cases', say);
    if (isCondition(when) && feeWords[when] === undefined) say('condition_without_words', `收费条件 ${when} 没有说明文字`, `fee: condition ${when} has no words`);
  }
}

const moments = ['accept', 'approve', 'execute'] as const;

/** The moments at which something is judged on a route. */
function momentsOf(route: readonly RouteStep[]): Set<(typeof moments)[number]> {
  const has = (...wanted: Act[]): boolean => route.some(({ act }) => wanted.includes(act));
  return new Set(moments.filter((moment) => (moment === 'accept' ? has('accept', 'execute_instant') : moment === 'approve' ? has('approve') : has('execute', 'execute_instant'))));
}

function checkRules(service: Service, around: Surroundings, say: Say): void {
  const routes = routesOf(service);
  const seen = new Set<string>();
  for (const { rule, at } of service.preconditions) {
    if (!(preconditionRules as readonly string[]).includes(rule)) say('unknown_rule', `规则 ${rule} 不存在`, `there is no rule ${rule}`);
    else if (!around.rules.has(rule)) say('rule_missing', `规则 ${rule} 尚未实现`, `rule ${rule} is not implemented`);
    if (seen.has(rule)) say('rule_twice', `规则 ${rule} 出现两次`, `rule ${rule} stands twice`);
    seen.add(rule);
    if (at.length === 0 || at.some((moment) => !routes.some(([, route]) => momentsOf(route).has(moment)))) {
      say('rule_never_judged', `规则 ${rule} 在 ${at.join('、')} 时判断,但流程没有这一环节`, `rule ${rule} is judged at ${at.join(', ')}, which no route has`);
    }
  }
  if (!(effectNames as readonly string[]).includes(service.effect)) say('unknown_effect', `登记效果 ${service.effect} 不存在`, `there is no effect ${service.effect}`);
  else if (!around.effects.has(service.effect)) say('effect_missing', `登记效果 ${service.effect} 尚未实现`, `effect ${service.effect} is not implemented`);
}

function checkNames(service: Service, around: Surroundings, say: Say): void {
  const known = (names: readonly string[], allowed: readonly string[], code: string, zh: string, en: string): void => {
    for (const name of names) if (!allowed.includes(name)) say(code, `${zh} ${name} 不存在`, `there is no ${en} ${name}`);
  };
  known(service.applicants, applicantNames, 'unknown_applicant', '申请人', 'applicant');
  known(service.channels, channelNames, 'unknown_channel', '渠道', 'channel');
  known(service.papers, paperNames, 'unknown_paper', '文书', 'paper');
  known(service.messages, messageNames, 'unknown_message', '短信', 'message');
  known([service.life_event], Object.keys(lifeEvents), 'unknown_life_event', '人生事件', 'life event');
  known([service.category], Object.keys(categoryWords), 'unknown_category', '类别', 'category');
  for (const paper of service.papers) if ((paperNames as readonly string[]).includes(paper) && !around.papers.has(paper)) say('paper_missing', `文书 ${paper} 还没有模板`, `paper ${paper} has no template`);
  if (service.applicants.length === 0 || service.channels.length === 0) say('nobody_applies', '没有申请人或者没有渠道', 'nobody may apply, or by no channel');
}

/* ---- Routes ---------------------------------------------------------------------------------------------------- */

function routesOf(service: Service): [name: string, route: readonly RouteStep[]][] {
  return [['route', service.route], ...(service.alternative === undefined ? [] : [['alternative', service.alternative.route] as [string, readonly RouteStep[]]]), ...(service.top_level === undefined ? [] : [['top_level', service.top_level] as [string, readonly RouteStep[]]])];
}

const levels: readonly Level[] = ['STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE'];
/** After these nothing is left to do but handing over. */
const closing: ReadonlySet<Act> = new Set(['execute', 'execute_instant', 'deliver_copy']);
const covers = (patterns: readonly string[] | undefined, code: string): boolean => (patterns ?? []).some((pattern) => (pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : pattern === code));
const entering = ['cases.accept_case', 'cases.open_case'];

function checkRoute(service: Service, name: string, route: readonly RouteStep[], around: Surroundings, say: Say): void {
  if (route.length === 0) return say('no_route', `${name} 是空的`, `${name} is empty`);
  route.forEach((step, index) => {
    if (step.step !== index + 1) say('step_number', `${name} 第 ${index + 1} 步的编号是 ${step.step}`, `${name}: step ${index + 1} carries the number ${step.step}`);
    if (!(acts as readonly string[]).includes(step.act)) return say('unknown_act', `${name} 的环节 ${step.act} 不存在`, `${name}: there is no act ${step.act}`);
    if (step.limit_working_minutes <= 0 && step.act !== 'confirm_out') say('no_limit', `${name} 第 ${step.step} 步没有时限`, `${name}: step ${step.step} has no limit`);
    if (step.on_timeout !== undefined && step.act !== 'confirm_out') say('silent_decision', `${name} 第 ${step.step} 步:只有迁出确认可以期满视为确认`, `${name}: silence may only confirm a move out, not step ${step.step}`);
    checkTaker(service, name, step, around, say);
  });
  const [first] = route;
  if (first!.act !== 'accept' && first!.act !== 'execute_instant') say('no_beginning', `${name} 不从受理开始`, `${name} does not begin with acceptance`);
  const closes = route.findIndex(({ act }) => closing.has(act));
  const hands = route.findIndex(({ act }) => act === 'hand_over');
  if (closes < 0 && hands < 0) say('dead_end', `${name} 没有办结的环节`, `${name} never ends: nothing executes or hands over`);
  const after = route.slice((closes < 0 ? route.length : closes) + 1).filter(({ act }) => act !== 'hand_over');
  if (after.length > 0) say('unreachable_step', `${name} 办结之后还有 ${after.map(({ step }) => step).join('、')} 步`, `${name}: step ${after.map(({ step }) => step).join(', ')} lies behind the end`);
  if (hands >= 0 && hands < route.length - 1) say('unreachable_step', `${name} 发证之后还有环节`, `${name}: steps lie behind the hand-over`);
  if (route.some(({ act }) => act === 'agency_approve') !== route.some(({ agency }) => agency !== undefined)) say('agency', `${name} 的部门环节没有写明部门`, `${name}: an agency step does not say which agency`);
}

function checkTaker(service: Service, name: string, step: RouteStep, around: Surroundings, say: Say): void {
  const right = around.right_of_act[step.act];
  if (right === undefined) return;
  const role = around.roles.find((one) => one.role === step.role);
  const where = `${name} ${step.step} ${step.act}`;
  if (role === undefined) return say('unknown_role', `${where}:岗位 ${step.role} 不存在`, `${where}: there is no role ${step.role}`);
  if (role.level !== step.level) say('role_of_other_level', `${where}:岗位 ${step.role} 属 ${role.level},环节在 ${step.level}`, `${where}: role ${step.role} is of ${role.level}, the step of ${step.level}`);
  if (!role.kinds.includes('police')) say('step_of_auxiliary', `${where}:岗位 ${step.role} 不能由民警担任`, `${where}: role ${step.role} is not for police officers`);
  if (!covers(role.rights[right], service.code)) say('step_nobody_takes', `${where}:岗位 ${step.role} 没有 ${right} 权限`, `${where}: role ${step.role} does not hold ${right} for ${service.code}`);
  if (!covers(role.rights['cases.claim_case'], service.code) && step.act !== 'hand_over') say('step_nobody_claims', `${where}:岗位 ${step.role} 不能领办`, `${where}: role ${step.role} cannot take the case in hand`);
}

/** Separation of duties by sensitivity: different persons for S1, different levels for S2, county and prefecture for S3. */
function checkDuties(service: Service, name: string, route: readonly RouteStep[], around: Surroundings, say: Say): void {
  if (service.sensitivity === 'S0') return;
  const decides = route.filter(({ act }) => act === 'approve');
  const enters = route.filter(({ act }) => act === 'accept' || act === 'verify');
  if (service.sensitivity !== 'S1' && decides.length === 0) say('undecided', `${name}:敏感事项没有审批环节`, `${name}: a sensitive item is approved by nobody`);
  if (service.sensitivity !== 'S1' && decides.length > 0) {
    const lowest = Math.min(...enters.map(({ level }) => levels.indexOf(level)));
    // Another authority that decides on the way stands between entry and approval.
    if (!route.some(({ agency }) => agency !== undefined) && !decides.some(({ level }) => levels.indexOf(level) > lowest)) say('same_level', `${name}:录入和审批在同一级`, `${name}: entry and approval lie on one level`);
  }
  if (service.sensitivity === 'S3' && name !== 'alternative' && !(decides.some(({ level }) => level === 'PREFECTURE') && route.some(({ act, level, agency }) => (act === 'review' || agency !== undefined) && level === 'COUNTY'))) {
    say('not_by_prefecture', `${name}:高敏感事项须县级审核、州市审批`, `${name}: a highly sensitive item is reviewed by the county and approved by the prefecture`);
  }
  for (const entry of enters.filter(({ act }) => act === 'accept')) {
    for (const decision of decides) {
      if (entry.role === decision.role) say('one_hand', `${name}:${entry.role} 既受理又审批`, `${name}: ${entry.role} accepts and approves`);
    }
  }
}

/** Two roles that one officer could hold, by posts or by covering for a colleague, must not join entry and approval of an item. */
function checkCover(services: Iterable<Service>, around: Surroundings, find: (service: Service, finding: Omit<Finding, 'where'>) => void): void {
  const business = around.roles.filter(({ duty }) => duty === 'business');
  const pairs = business.flatMap((one, index) => business.slice(index).filter((other) => around.may_meet(one, other)).map((other) => [one, other] as const));
  for (const service of services) {
    if (service.sensitivity === 'S0') continue;
    const approvers = new Set(routesOf(service).flatMap(([, route]) => route.filter(({ act }) => act === 'approve').map(({ role }) => role)));
    const takers = new Set(routesOf(service).flatMap(([, route]) => route.filter(({ act }) => act === 'accept').map(({ role }) => role)));
    for (const [one, other] of pairs) {
      const joins = (entry: RoleOnRoute, decision: RoleOnRoute): boolean =>
        approvers.has(decision.role) && (takers.has(entry.role) || entering.some((right) => covers(entry.rights[right], service.code)));
      if (joins(one, other) || joins(other, one)) {
        find(service, {
          severity: 'fault', code: 'one_hand_by_cover',
          zh: `一名民警可以同时担任或代理 ${one.role} 和 ${other.role},受理与审批落在一人之手`, en: `one officer may hold or cover ${one.role} and ${other.role}, who accept and approve`,
        });
      }
    }
  }
}

/* ---- Limits ---------------------------------------------------------------------------------------------------- */

const minutesPerDay = 420;

function checkLimits(service: Service, say: Say): void {
  const own = service.route.filter(({ act }) => act !== 'confirm_out' && act !== 'await_certificate').reduce((sum, step) => sum + step.limit_working_minutes, 0);
  const { promised_working_days, statutory_working_days, statutory_calendar_days } = service.limits;
  const promised = promised_working_days > 0 ? promised_working_days * minutesPerDay : minutesPerDay / 2;
  if (own > promised) say('promise', `各环节时限合计 ${own} 分钟,超过承诺的 ${promised} 分钟`, `the steps take ${own} minutes, more than the ${promised} that are promised`);
  if (statutory_calendar_days === undefined && promised_working_days > statutory_working_days) say('promise', '承诺时限超过法定时限', 'more is promised than the law allows');
}

/* ---- All of it -------------------------------------------------------------------------------------------------- */

function checkService(code: string, service: Service, raw: RawCatalogue, around: Surroundings, say: Say): void {
  if (service.code !== code) say('code', `编码是 ${service.code}`, `the code is ${service.code}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(service.valid_from) || (service.valid_to !== undefined && service.valid_to <= service.valid_from)) say('days', '有效期不对', 'the days of validity are not in order');
  checkWords(service, '', say);
  const fields = checkForm(service, raw, say);
  checkMaterials(service, raw, fields, say);
  checkRules(service, around, say);
  checkNames(service, around, say);
  if (service.alternative !== undefined) checkCondition(service.alternative.when, fields, 'alternative', say);
  for (const [name, route] of routesOf(service)) {
    checkRoute(service, name, route, around, say);
    checkDuties(service, name, route, around, say);
  }
  if (service.top_level !== undefined) {
    const [top] = service.top_level;
    const decides = service.top_level.findLast(({ act }) => act === 'approve');
    if (top?.level !== decides?.level) say('top_level', '顶级受理的第一步不在审批机关', 'the top-level route does not begin where it is decided');
  }
  if (service.mode === 'instant' !== (service.route[0]?.act === 'execute_instant')) say('mode', '即办与流程不一致', 'the mode does not fit the route');
  if (!around.roles.some(({ rights }) => covers(rights['cases.open_case'], service.code))) say('nobody_enters', '没有岗位能在窗口录入', 'no role can enter it at the counter');
  checkLimits(service, say);
  if (isForCitizens(service) && (raw.plain_words.services[code]?.length ?? 0) === 0) say('no_plain_words', '没有大白话,群众搜不到', 'no plain words lead to it');
}

function checkMaterialFile(raw: RawCatalogue, around: Surroundings, find: (finding: Finding) => void): void {
  const used = new Set([...raw.services.values()].flatMap(({ materials, archive }) => [...materials.map(({ code }) => code), ...(archive?.capture ?? [])]));
  for (const [code, material] of Object.entries(raw.materials)) {
    const say: Say = (kind, zh, en, severity = 'fault') => find({ severity, where: `materials.json ${code}`, code: kind, zh, en });
    checkWords(material, '', say);
    if (material.cancelled_when !== null && !(cancellingFacts as readonly string[]).includes(material.cancelled_when)) say('unknown_fact', `免交依据 ${material.cancelled_when} 不存在`, `there is no fact ${material.cancelled_when}`);
    for (const source of material.verified_by) if (!around.sources.has(source)) say('unknown_source', `核验来源 ${source} 不存在`, `there is no source ${source}`);
    for (const certificate of material.certificates) if (certificateWords[certificate] === undefined) say('unknown_certificate', `证照 ${certificate} 没有说明文字`, `certificate ${certificate} has no words`);
    if (!used.has(code) && material.supplied_by !== 'system') say('material_unused', '没有事项用到', 'no item uses it', 'note');
  }
}

function checkPolicies(raw: RawCatalogue, around: Surroundings, find: (finding: Finding) => void): void {
  for (const policy of raw.policies) {
    const say: Say = (code, zh, en, severity = 'fault') => find({ severity, where: `bureaus/${policy.bureau}/policy.json`, code, zh, en });
    const named = (pattern: string): Service[] => [...raw.services.values()].filter(({ code }) => covers([pattern], code));
    for (const pattern of [...policy.top_level, ...policy.changes].flatMap(({ services }) => services)) if (named(pattern).length === 0) say('unknown_service', `没有事项 ${pattern}`, `there is no item ${pattern}`);
    for (const service of policy.top_level.flatMap(({ services }) => services.flatMap(named))) if (service.top_level === undefined) say('no_top_level_route', `${service.code} 没有顶级受理流程`, `${service.code} has no top-level route`);
    for (const change of policy.changes) {
      checkWords(change, '', say);
      for (const service of change.services.flatMap(named)) {
        const { replace } = change;
        if (replace !== undefined && !service.route.some(({ act, role }) => act === replace.act && role === replace.role)) say('nothing_to_replace', `${service.code} 没有 ${replace.role} 的 ${replace.act} 环节`, `${service.code} has no step ${replace.act} by ${replace.role}`);
        const effective = withPolicy(service, { ...policy, changes: [change] }, change.valid_from);
        const of: Say = (code, zh, en, severity) => say(code, `${service.code}:${zh}`, `${service.code}: ${en}`, severity);
        checkRoute(effective, 'route', effective.route, around, of);
        checkDuties(effective, 'route', effective.route, around, of);
        checkLimits(effective, of);
      }
    }
  }
}

/**
 * Checks a whole catalogue.
 * @returns every finding in the order of the files; no fault among them means that the catalogue can be put into service
 */
export function checkCatalogue(raw: RawCatalogue, around: Surroundings): Finding[] {
  const findings: Finding[] = [...raw.unreadable];
  const find = (finding: Finding): void => void findings.push(finding);
  const keys = new Map<string, string>();
  for (const [code, service] of raw.services) {
    const say: Say = (kind, zh, en, severity = 'fault') => find({ severity, where: `services/${code}.json`, code: kind, zh, en });
    try {
      checkService(code, service, raw, around, say);
    } catch (error) {
      // A part that is missing altogether leaves nothing to look into.
      say('incomplete', `文件不完整:${(error as Error).message}`, `the file is not complete: ${(error as Error).message}`);
    }
    if (keys.has(service.key)) say('key_twice', `标识 ${service.key} 与 ${keys.get(service.key)} 相同`, `the key ${service.key} is that of ${keys.get(service.key)}`);
    keys.set(service.key, code);
  }
  checkCover(raw.services.values(), around, (service, finding) => find({ ...finding, where: `services/${service.code}.json` }));
  checkMaterialFile(raw, around, find);
  checkPolicies(raw, around, find);
  for (const code of Object.keys(raw.plain_words.services)) if (!raw.services.has(code)) find({ severity: 'fault', where: 'plain-words.json', code: 'unknown_service', zh: `没有事项 ${code}`, en: `there is no item ${code}` });
  for (const event of Object.keys(lifeEvents)) if (raw.plain_words.life_events[event] === undefined) find({ severity: 'fault', where: 'plain-words.json', code: 'unknown_life_event', zh: `人生事件 ${event} 没有大白话`, en: `life event ${event} has no plain words` });
  return findings;
}
