/**
 * A changed catalogue over past cases: what would have gone otherwise. It looks at what a case keeps: its answers, how
 * its papers were settled, which examinations it passed and who decided. What a new rule would have found in the register
 * of that day is not kept; such cases are named as open, not guessed.
 */
import type { Text } from '../../kernel/operation.ts';
import { decider } from './changes.ts';
import { conditions } from './conditions.ts';
import { askedAnswers, checkAnswers } from './form.ts';
import type { Catalogue } from './load.ts';
import type { Answers, Precondition, RouteStep, Service } from './service.ts';

export interface PastCase {
  case_no: string;
  service_code: string;
  /** Legal day of the application. */
  submitted_on: string;
  answers: Answers;
  outcome: string | null;
  /** Steps that were taken, in their order. */
  steps: readonly { act: string; role: string; level: string }[];
  /** How each paper stood when it was last judged. */
  materials: readonly { code: string; state: string }[];
  /** What was examined, and whether it was in order. */
  checks: readonly { rule: string; passed: boolean }[];
  /** The whole way was taken from the unit that decides. */
  from_top: boolean;
}

export interface Difference extends Text {
  kind: 'offer' | 'form' | 'material' | 'examination' | 'decider' | 'route';
  /** Whether it would certainly have gone otherwise; a new rule stays open. */
  certain: boolean;
}

function routeOf(service: Service, past: PastCase): readonly RouteStep[] {
  if (past.from_top && service.top_level !== undefined) return service.top_level;
  return service.alternative !== undefined && conditions[service.alternative.when](past.answers, past.submitted_on) ? service.alternative.route : service.route;
}

function ofForm(past: PastCase, is: Service): Difference[] {
  const violations = checkAnswers(is, askedAnswers(is, past.answers, past.submitted_on), { today: past.submitted_on });
  return violations.map(({ zh, en }) => ({ kind: 'form', certain: true, zh: `要退回补填:${zh}`, en: `would be handed back: ${en}` }));
}

const settled: ReadonlySet<string> = new Set(['provided', 'cancelled', 'verified_online', 'certificate', 'commitment']);

function ofMaterials(past: PastCase, was: Service, is: Service, before: Catalogue, after: Catalogue): Difference[] {
  const wanted = (service: Service): Set<string> =>
    new Set(service.materials.filter(({ required, when }) => required === 'always' || (required === 'when' && when !== undefined && conditions[when](past.answers, past.submitted_on))).map(({ code }) => code));
  const [then, now] = [wanted(was), wanted(is)];
  const found: Difference[] = [];
  for (const code of now) {
    if (then.has(code) || past.materials.some((one) => one.code === code && settled.has(one.state))) continue;
    const { name } = after.materials.get(code)!;
    found.push({ kind: 'material', certain: true, zh: `还要交:${name.zh}`, en: `would also need: ${name.en}` });
  }
  for (const code of then) if (!now.has(code)) found.push({ kind: 'material', certain: true, zh: `不用交:${before.materials.get(code)!.name.zh}`, en: `would not need: ${before.materials.get(code)!.name.en}` });
  for (const { code, state } of past.materials) {
    const material = after.materials.get(code);
    if (state === 'commitment' && now.has(code) && material !== undefined && !material.commitment) found.push({ kind: 'material', certain: true, zh: `“${material.name.zh}”当时以承诺代替,现在不行`, en: `a commitment stood in for “${material.name.en}” and would no longer` });
  }
  return found;
}

function ofRules(past: PastCase, was: Service, is: Service): Difference[] {
  const old = new Map(was.preconditions.map((one) => [one.rule as string, one]));
  const present = new Map(is.preconditions.map((one) => [one.rule as string, one]));
  const failed = new Set(past.checks.filter(({ passed }) => !passed).map(({ rule }) => rule));
  const judged = new Map(past.checks.map(({ rule, passed }) => [rule, passed]));
  const found: Difference[] = [];
  for (const [rule, one] of present) {
    const earlier: Precondition | undefined = old.get(rule);
    if (earlier === undefined && !judged.has(rule)) found.push({ kind: 'examination', certain: false, zh: `要多审查 ${rule},当时没有留下可判断的事实`, en: `would be examined for ${rule}; the case keeps no fact that tells` });
    if (failed.has(rule) && earlier !== undefined && earlier.on_fail !== one.on_fail) found.push({ kind: 'examination', certain: true, zh: `当时不符合 ${rule},按 ${earlier.on_fail} 处理,现在按 ${one.on_fail}`, en: `failed ${rule} and was met with ${earlier.on_fail}; now ${one.on_fail}` });
  }
  for (const rule of failed) if (old.has(rule) && !present.has(rule)) found.push({ kind: 'examination', certain: true, zh: `当时不符合 ${rule},现在不审查`, en: `failed ${rule}, which is no longer examined` });
  return found;
}

function ofRoute(past: PastCase, was: Service, is: Service): Difference[] {
  const [before, after] = [routeOf(was, past), routeOf(is, past)];
  const [then, now] = [decider(before), decider(after)];
  const found: Difference[] = [];
  if (then?.role !== now?.role || then?.level !== now?.level) found.push({ kind: 'decider', certain: true, zh: `原由 ${then?.label.zh ?? '—'},现由 ${now?.label.zh ?? '—'}`, en: `decided by: ${then?.label.en ?? '—'}; now: ${now?.label.en ?? '—'}` });
  const way = (route: readonly RouteStep[]): string => route.map(({ act, role, level }) => `${act} ${role} ${level}`).join(';');
  if (found.length === 0 && way(before) !== way(after)) found.push({ kind: 'route', certain: true, zh: `流程由 ${before.length} 步变为 ${after.length} 步:${after.map(({ label }) => label.zh).join(' → ')}`, en: `${after.length} steps instead of ${before.length}: ${after.map(({ label }) => label.en).join(' → ')}` });
  return found;
}

/** What would have gone otherwise in one past case. */
export function replayCase(past: PastCase, before: Catalogue, after: Catalogue): Difference[] {
  const [was, is] = [before.services.get(past.service_code), after.services.get(past.service_code)];
  if (was === undefined) return [];
  if (is === undefined) return [{ kind: 'offer', certain: true, zh: '这一事项不再办理', en: 'the item is no longer offered' }];
  return [...ofForm(past, is), ...ofMaterials(past, was, is, before, after), ...ofRules(past, was, is), ...ofRoute(past, was, is)];
}
