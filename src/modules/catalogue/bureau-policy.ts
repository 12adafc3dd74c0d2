/**
 * What a bureau decides for itself about the items of the catalogue: where whoever decides accepts 顶级受理, other routes,
 * other limits, each from a day on. Data, in catalogue/bureaus/<bureau>/policy.json; nothing of it is code.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../kernel/operation.ts';
import { catalogue, catalogueDirectory, type Catalogue } from './load.ts';
import type { Act, Limits, RouteStep, Service } from './service.ts';

interface Dated {
  /** Codes, classes such as `03*`, or `*`. */
  services: readonly string[];
  valid_from: string;
  /** The first day on which it no longer holds. */
  valid_to?: string;
  /** Why it was decided, and by which paper. */
  why: Text;
}

/** Services that whoever decides accepts, in the whole bureau or in some divisions of it (leading digits). */
export interface TopLevelSwitch extends Dated {
  divisions?: readonly string[];
}

/** A step that stands in the place of another: its number and its place come from where it is put. */
export type PolicyStep = Omit<RouteStep, 'step' | 'at'>;

export interface PolicyChange extends Dated {
  /** The whole route instead of the item's own. */
  route?: readonly RouteStep[];
  /** Steps in the place of one step, named by its act and role. */
  replace?: { act: Act; role: string; by: readonly PolicyStep[] };
  limits?: Partial<Limits>;
}

export interface BureauPolicy extends Text {
  bureau: string;
  top_level: readonly TopLevelSwitch[];
  changes: readonly PolicyChange[];
}

const covers = (pattern: string, code: string): boolean => (pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : pattern === code);
const isInForce = ({ valid_from, valid_to }: Dated, day: string): boolean => valid_from <= day && (valid_to === undefined || day < valid_to);
const concerns = ({ services }: Dated, code: string): boolean => services.some((pattern) => covers(pattern, code));

/** Where the policy of a bureau lies. */
export const policyPath = (bureau: string, directory: string = catalogueDirectory): string => join(directory, 'bureaus', bureau, 'policy.json');

/**
 * Reads the policy of a bureau; one that has decided nothing of its own has an empty one.
 * @throws Error naming the file when it names another bureau or a span that ends before it begins
 */
export function readBureauPolicy(bureau: string, directory: string = catalogueDirectory): BureauPolicy {
  const path = policyPath(bureau, directory);
  if (!existsSync(path)) return { bureau, zh: '', en: '', top_level: [], changes: [] };
  const policy = JSON.parse(readFileSync(path, 'utf8')) as BureauPolicy;
  if (policy.bureau !== bureau) throw new Error(`${path}: the policy is of ${policy.bureau}`);
  for (const { valid_from, valid_to } of [...policy.top_level, ...policy.changes]) {
    if (valid_to !== undefined && valid_to <= valid_from) throw new Error(`${path}: what begins on ${valid_from} ends on ${valid_to}`);
  }
  return policy;
}

function replaced(route: readonly RouteStep[], { act, role, by }: NonNullable<PolicyChange['replace']>): RouteStep[] {
  return route.flatMap((step): RouteStep[] => (step.act === act && step.role === role ? by.map((one) => ({ ...one, step: 0, at: step.at })) : [step]))
    .map((step, index) => ({ ...step, step: index + 1 }));
}

/** An item as a change makes it; its version tells which change. */
function changed(service: Service, change: PolicyChange, bureau: string): Service {
  const route = change.route ?? (change.replace === undefined ? service.route : replaced(service.route, change.replace));
  return { ...service, version: `${service.version}+${bureau}.${change.valid_from}`, route, limits: { ...service.limits, ...change.limits } };
}

/** An item as a policy has it on a day: what begins later comes over what began earlier. */
export function withPolicy(service: Service, policy: BureauPolicy, day: string): Service {
  return policy.changes.filter((change) => isInForce(change, day) && concerns(change, service.code))
    .toSorted((a, b) => (a.valid_from < b.valid_from ? -1 : a.valid_from > b.valid_from ? 1 : 0))
    .reduce((effective, change) => changed(effective, change, policy.bureau), service);
}

const policies = new Map<string, BureauPolicy>();

function policyOf(bureau: string): BureauPolicy {
  if (!policies.has(bureau)) policies.set(bureau, readBureauPolicy(bureau));
  return policies.get(bureau)!;
}

/** The effective item of a bureau on a legal day; undefined when there is no such item, or none yet or any more. */
export function serviceFor(bureau: string, code: string, day: string, { services }: Pick<Catalogue, 'services'> = catalogue()): Service | undefined {
  const service = services.get(code);
  if (service === undefined || service.valid_from > day || (service.valid_to !== undefined && service.valid_to <= day)) return undefined;
  return withPolicy(service, policyOf(bureau), day);
}

/** Where top-level acceptance is switched on that day, as patterns: `0604`, `06*`, or `5301/0604` in a part of the bureau. */
export function topLevelEntries(bureau: string, day: string): string[] {
  return policyOf(bureau).top_level.filter((one) => isInForce(one, day))
    .flatMap(({ services, divisions }) => services.flatMap((service) => (divisions === undefined ? [service] : divisions.map((division) => `${division}/${service}`))));
}
