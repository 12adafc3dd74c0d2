/** What changing the catalogue means, in words: who decides now, which paper is new, how long it takes. */
import type { Text } from '../../kernel/operation.ts';
import { fieldsOf } from './form.ts';
import { guideOf } from './guide.ts';
import type { Catalogue } from './load.ts';
import type { RouteStep, Service } from './service.ts';
import { applicantWords, cancellingWords, channelWords, conditionWords, paperWords } from './words.ts';

export interface ServiceChange {
  service_code: string;
  name: Text;
  changes: readonly Text[];
}

const listed = (texts: readonly Text[]): Text => ({ zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') });

/** What is only in one of two lists of names. */
function apart<T extends string>(before: readonly T[], after: readonly T[]): { gone: T[]; come: T[] } {
  return { gone: before.filter((one) => !after.includes(one)), come: after.filter((one) => !before.includes(one)) };
}

function named<T extends string>(names: readonly T[], words: Readonly<Partial<Record<T, Text>>>): Text {
  return listed(names.map((name) => words[name] ?? { zh: name, en: name }));
}

/** Whoever decides: the last approval, else whoever executes. */
export function decider(route: readonly RouteStep[]): RouteStep | undefined {
  return route.findLast(({ act }) => act === 'approve') ?? route.findLast(({ act }) => act === 'execute' || act === 'execute_instant' || act === 'deliver_copy');
}

function ofRoute(what: Text, before: readonly RouteStep[], after: readonly RouteStep[]): Text[] {
  const way = (route: readonly RouteStep[]): Text => ({ zh: route.map(({ label }) => label.zh).join(' → '), en: route.map(({ label }) => label.en).join(' → ') });
  const found: Text[] = [];
  const [was, is] = [decider(before), decider(after)];
  if (was !== undefined && is !== undefined && (was.role !== is.role || was.level !== is.level)) {
    found.push({ zh: `${what.zh}的决定环节:原为“${was.label.zh}”,现为“${is.label.zh}”`, en: `${what.en} is decided otherwise: “${was.label.en}” before, “${is.label.en}” now` });
  }
  if (before.map(({ act, role, level, at }) => [act, role, level, at].join()).join(';') !== after.map(({ act, role, level, at }) => [act, role, level, at].join()).join(';')) {
    found.push({ zh: `${what.zh}改为:${way(after).zh}`, en: `${what.en} is now: ${way(after).en}` });
  } else {
    for (const [index, step] of after.entries()) {
      const { limit_working_minutes: old } = before[index]!;
      if (old !== step.limit_working_minutes) found.push({ zh: `“${step.label.zh}”的时限由 ${old} 分钟改为 ${step.limit_working_minutes} 分钟`, en: `“${step.label.en}” has ${step.limit_working_minutes} working minutes instead of ${old}` });
    }
  }
  return found;
}

function ofMaterials(before: Service, after: Service, { materials: was }: Catalogue, { materials: is }: Catalogue): Text[] {
  const found: Text[] = [];
  const old = new Map(before.materials.map((one) => [one.code, one]));
  const present = new Map(after.materials.map((one) => [one.code, one]));
  for (const { code, required, when } of after.materials) {
    const { name } = is.get(code)!;
    const words = required === 'optional' ? { zh: '可不交', en: 'not required' } : required === 'always' ? { zh: '一律要', en: 'always' } : (when === undefined ? undefined : conditionWords[when]) ?? { zh: String(when), en: String(when) };
    const earlier = old.get(code);
    if (earlier === undefined) found.push({ zh: `新要材料:${name.zh}(${words.zh})`, en: `New paper: ${name.en} (${words.en})` });
    else if (earlier.required !== required || earlier.when !== when) found.push({ zh: `材料“${name.zh}”改为:${words.zh}`, en: `Paper “${name.en}” is now asked for: ${words.en}` });
  }
  for (const code of old.keys()) if (!present.has(code)) found.push({ zh: `不再要材料:${was.get(code)!.name.zh}`, en: `No longer asked for: ${was.get(code)!.name.en}` });
  for (const code of present.keys()) {
    const [then, now] = [was.get(code), is.get(code)];
    if (then === undefined || now === undefined) continue;
    if (then.commitment !== now.commitment) found.push(now.commitment ? { zh: `“${now.name.zh}”可以书面承诺代替`, en: `A commitment may stand in for “${now.name.en}”` } : { zh: `“${now.name.zh}”不能再以书面承诺代替`, en: `A commitment no longer stands in for “${now.name.en}”` });
    if (then.cancelled_when !== now.cancelled_when) {
      found.push(now.cancelled_when === null ? { zh: `“${now.name.zh}”不再免交`, en: `“${now.name.en}” is no longer spared` } : { zh: `“${now.name.zh}”:${cancellingWords[now.cancelled_when].zh}`, en: `“${now.name.en}”: ${cancellingWords[now.cancelled_when].en}` });
    }
  }
  return found;
}

function ofForm(before: Service, after: Service): Text[] {
  const [old, present] = [new Map(fieldsOf(before).map((field) => [field.name, field])), new Map(fieldsOf(after).map((field) => [field.name, field]))];
  const found: Text[] = [];
  for (const [name, field] of present) {
    const earlier = old.get(name);
    if (earlier === undefined) found.push(field.required ? { zh: `表上新增必填:${field.label.zh}`, en: `The form asks, as required: ${field.label.en}` } : { zh: `表上新增:${field.label.zh}`, en: `The form asks: ${field.label.en}` });
    else if (earlier.required !== field.required || earlier.when !== field.when) found.push({ zh: `“${field.label.zh}”的填写要求有变化`, en: `“${field.label.en}” is asked under other conditions` });
    else if (earlier.type !== field.type) found.push({ zh: `“${field.label.zh}”的填写方式有变化`, en: `“${field.label.en}” is answered in another way` });
  }
  for (const [name, field] of old) if (!present.has(name)) found.push({ zh: `表上不再问:${field.label.zh}`, en: `The form no longer asks: ${field.label.en}` });
  return found;
}

function ofRules(before: Service, after: Service): Text[] {
  const [old, present] = [new Map(before.preconditions.map((one) => [one.rule, one])), new Map(after.preconditions.map((one) => [one.rule, one]))];
  const found: Text[] = [];
  for (const [rule, one] of present) {
    const earlier = old.get(rule);
    if (earlier === undefined) found.push({ zh: `新增审查:${rule}(不符合时 ${one.on_fail})`, en: `Now examined: ${rule} (${one.on_fail} when it fails)` });
    else if (earlier.on_fail !== one.on_fail || earlier.at.join() !== one.at.join()) found.push({ zh: `审查 ${rule}:${earlier.at.join('、')} 时 ${earlier.on_fail} 改为 ${one.at.join('、')} 时 ${one.on_fail}`, en: `Examination ${rule}: ${earlier.on_fail} at ${earlier.at.join(', ')} is now ${one.on_fail} at ${one.at.join(', ')}` });
  }
  for (const rule of old.keys()) if (!present.has(rule)) found.push({ zh: `不再审查:${rule}`, en: `No longer examined: ${rule}` });
  return found;
}

const routeWord: Text = { zh: '办理流程', en: 'The route' };
const topWord: Text = { zh: '顶级受理流程', en: 'The top-level route' };
const otherWord: Text = { zh: '另行流程', en: 'The alternative route' };

/** What is different between two versions of one item. */
export function changesOf(before: Service, after: Service, was: Catalogue, is: Catalogue): Text[] {
  const found: Text[] = [];
  const [old, present] = [guideOf(before, was), guideOf(after, is)];
  const moved = (zh: string, en: string, a: Text, b: Text): void => {
    if (a.zh !== b.zh || a.en !== b.en) found.push({ zh: `${zh}:“${a.zh}”改为“${b.zh}”`, en: `${en}: “${a.en}” is now “${b.en}”` });
  };
  moved('名称', 'Name', before.name, after.name);
  found.push(...ofRoute(routeWord, before.route, after.route));
  if (before.alternative !== undefined || after.alternative !== undefined) found.push(...ofRoute(otherWord, before.alternative?.route ?? [], after.alternative?.route ?? []));
  if (before.top_level !== undefined || after.top_level !== undefined) found.push(...ofRoute(topWord, before.top_level ?? [], after.top_level ?? []));
  moved('承诺时限', 'Promised', old.promised, present.promised);
  moved('法定时限', 'Statutory', old.statutory, present.statutory);
  moved('收费', 'Fee', old.fee, present.fee);
  moved('到场要求', 'Appearance', old.presence, present.presence);
  if (before.sensitivity !== after.sensitivity) found.push({ zh: `敏感程度由 ${before.sensitivity} 改为 ${after.sensitivity}`, en: `Sensitivity ${before.sensitivity} is now ${after.sensitivity}` });
  if (before.effect !== after.effect) found.push({ zh: `登记效果由 ${before.effect} 改为 ${after.effect}`, en: `Effect ${before.effect} is now ${after.effect}` });
  found.push(...ofMaterials(before, after, was, is), ...ofForm(before, after), ...ofRules(before, after));
  const people = apart(before.applicants, after.applicants);
  if (people.come.length > 0) found.push({ zh: `也可由${named(people.come, applicantWords).zh}申请`, en: `May also be applied for by: ${named(people.come, applicantWords).en}` });
  if (people.gone.length > 0) found.push({ zh: `不再由${named(people.gone, applicantWords).zh}申请`, en: `No longer applied for by: ${named(people.gone, applicantWords).en}` });
  const ways = apart(before.channels, after.channels);
  if (ways.come.length > 0) found.push({ zh: `新增渠道:${named(ways.come, channelWords).zh}`, en: `New channel: ${named(ways.come, channelWords).en}` });
  if (ways.gone.length > 0) found.push({ zh: `取消渠道:${named(ways.gone, channelWords).zh}`, en: `Channel closed: ${named(ways.gone, channelWords).en}` });
  const papers = apart(before.papers, after.papers);
  if (papers.come.length > 0) found.push({ zh: `新发文书:${named(papers.come, paperWords).zh}`, en: `Newly issued: ${named(papers.come, paperWords).en}` });
  if (papers.gone.length > 0) found.push({ zh: `不再发:${named(papers.gone, paperWords).zh}`, en: `No longer issued: ${named(papers.gone, paperWords).en}` });
  if (found.length === 0 && JSON.stringify(before) !== JSON.stringify(after)) found.push({ zh: '只有文字或版本有变化', en: 'Only wording or version has changed' });
  return found;
}

/** What is different between two catalogues, item by item, in the order of their codes. */
export function catalogueChanges(was: Catalogue, is: Catalogue): ServiceChange[] {
  const codes = [...new Set([...was.services.keys(), ...is.services.keys()])].sort();
  return codes.flatMap((service_code): ServiceChange[] => {
    const [before, after] = [was.services.get(service_code), is.services.get(service_code)];
    if (before === undefined) return [{ service_code, name: after!.name, changes: [{ zh: '新增事项', en: 'New item' }] }];
    if (after === undefined) return [{ service_code, name: before.name, changes: [{ zh: '取消事项', en: 'Item withdrawn' }] }];
    const changes = changesOf(before, after, was, is);
    return changes.length === 0 ? [] : [{ service_code, name: after.name, changes }];
  });
}
