/**
 * What an officer may do: role × service × act × level, in pure functions that say why not. Rights
 * are data (catalogue/roles); what is lawful between them is here.
 */
import type { Actor, OfficerActor, Text } from '../../kernel/index.ts';

export type Level = OfficerActor['org_level'];
export type OfficerKind = OfficerActor['officer_kind'];

export interface RoleRight {
  act: string;
  /** `*`, a class such as `05*`, or one service code. */
  service_pattern: string;
  level: Level | 'SYSTEM';
  valid_from: string;
  valid_to: string | null;
}

/** Acts that bring a matter in, and those that decide on it: never in one hand for the same service (GB/T 22239, separation of duties). */
export const entryActs: readonly string[] = ['cases.open_case', 'cases.accept_case'];
export const approvalActs: readonly string[] = ['cases.approve_step'];

/**
 * All that auxiliary staff may do whatever their role says: fill in, scan, print (2021 work rules,
 * article 7). It is a list of what is allowed, so that a new act is closed to them until somebody opens it.
 */
export const auxiliaryActs: ReadonlySet<string> = new Set([
  'reference.read', 'population.get_person', 'population.get_household', 'population.find_person_by_number',
  'cases.list_queue', 'cases.get_case', 'cases.open_case', 'cases.read_messages', 'documents.get_notice', 'documents.print_paper',
]);

/** Whether a pattern covers a service code, or every code of another pattern. */
export function covers(pattern: string, service: string): boolean {
  return pattern.endsWith('*') ? service.startsWith(pattern.slice(0, -1)) : pattern === service;
}

function overlap(a: string, b: string): boolean {
  return covers(a, b) || covers(b, a);
}

interface Granted {
  act: string;
  service_pattern: string;
}

/**
 * The services for which two sets of rights in one hand would join entry and approval.
 * @returns the patterns that clash; none when the rights may meet
 */
export function clashingServices(one: readonly Granted[], other: readonly Granted[]): string[] {
  const clashes = (entering: readonly Granted[], approving: readonly Granted[]): string[] => entering
    .filter((entry) => entryActs.includes(entry.act))
    .flatMap((entry) => approving
      .filter((approval) => approvalActs.includes(approval.act) && overlap(entry.service_pattern, approval.service_pattern))
      .map((approval) => (covers(entry.service_pattern, approval.service_pattern) ? approval.service_pattern : entry.service_pattern)));
  return [...new Set([...clashes(one, other), ...clashes(other, one)])].sort();
}

export interface EffectiveRights {
  permissions: ReadonlySet<string>;
  services: ReadonlyMap<string, readonly string[]>;
}

/** The rights of a role as they hold for one officer in one organisation on one day. */
export function effectiveRights(rights: readonly RoleRight[], holder: { officer_kind: OfficerKind; org_level: Level }, day: string): EffectiveRights {
  const services = new Map<string, string[]>();
  for (const right of rights) {
    if (right.valid_from > day || (right.valid_to !== null && right.valid_to <= day)) continue;
    if (right.level !== 'SYSTEM' && right.level !== holder.org_level) continue;
    if (holder.officer_kind === 'auxiliary' && !auxiliaryActs.has(right.act)) continue;
    services.set(right.act, [...(services.get(right.act) ?? []), right.service_pattern]);
  }
  return { permissions: new Set(services.keys()), services };
}

export type Verdict = { may: true } | { may: false; reason: 'not_an_officer' | 'auxiliary' | 'no_right' | 'other_service' | 'other_level'; text: Text };

const reasons: Record<Exclude<Verdict, { may: true }>['reason'], Text> = {
  not_an_officer: { zh: '只有民警可以办理。', en: 'Only an officer may do this.' },
  auxiliary: { zh: '辅助人员只可录入、扫描、打印,不得作出决定。', en: 'Auxiliary staff may enter, scan and print, and decide nothing.' },
  no_right: { zh: '您的岗位没有此项权限。', en: 'Your post does not hold this right.' },
  other_service: { zh: '您的岗位不办理此事项。', en: 'Your post does not handle this service.' },
  other_level: { zh: '此步骤由其他层级办理。', en: 'This step belongs to another level.' },
};

/**
 * Whether the actor may do an act on a service at a level.
 * @param matter.level the level at which the step is taken; left out when the act has none
 * @returns the verdict with the reason for a no; jurisdiction is not asked here, the rows themselves answer it
 */
export function mayHandle(actor: Actor, matter: { act: string; service_code: string; level?: Level }): Verdict {
  const no = (reason: keyof typeof reasons): Verdict => ({ may: false, reason, text: reasons[reason] });
  if (actor.kind !== 'officer') return no('not_an_officer');
  if (actor.officer_kind === 'auxiliary' && !auxiliaryActs.has(matter.act)) return no('auxiliary');
  const patterns = actor.permissions.has(matter.act) ? actor.services.get(matter.act) : undefined;
  if (patterns === undefined) return no('no_right');
  if (!patterns.some((pattern) => covers(pattern, matter.service_code))) return no('other_service');
  if (matter.level !== undefined && matter.level !== actor.org_level) return no('other_level');
  return { may: true };
}
