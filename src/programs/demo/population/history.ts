/** Who was where when: memberships and movements from the dates of a family. */
import { deriveRelation, migrationRangeCode, scopeBetween } from '../../../modules/reference/index.ts';
import type { Day } from './days.ts';
import type { Family } from './families.ts';
import { kinOfRelatives, type Relative } from './relatives.ts';
import type { HouseholdRow } from './rows.ts';
import type { DemoStation } from './stations.ts';

/** A family's time in one household, until the next stay begins. */
export type Stay = { household: HouseholdRow; station: DemoStation; from: Day };

export type Period = { stay: Stay; relation: string; from: Day; to: Day | null };

/** The periods of one member through the stays of the family, cut where the head or the household changes. */
export function periodsOf(member: Relative, family: Family, stays: readonly Stay[]): Period[] {
  const changes = stays.slice(1).map(({ from }) => from);
  if (family.former !== null) changes.push(family.former.until);
  const end = member.died;
  const cuts = changes.filter((day) => day > member.joined && (end === null || day < end)).sort((a, b) => a - b);

  const periods: Period[] = [];
  for (const from of [member.joined, ...cuts]) {
    const stay = stays.findLast((candidate) => candidate.from <= from) ?? stays[0]!;
    const head = family.former !== null && from < family.former.until ? family.former.head : family.head;
    const relation = deriveRelation(member, head, kinOfRelatives) ?? OTHER_RELATIVE;
    const last = periods.at(-1);
    if (last !== undefined && last.stay === stay && last.relation === relation) continue;
    if (last !== undefined) last.to = from;
    periods.push({ stay, relation, from, to: null });
  }
  periods.at(-1)!.to = end;
  return periods;
}

const OTHER_RELATIVE = '97';

/** GA/T 2000.23: the range of a move; leaving a household for another at the same station is a split. */
export function rangeOfMove(out: DemoStation, into: DemoStation, alone: boolean): string {
  if (alone && out === into) return '12';
  return migrationRangeCode(scopeBetween(out.org_code, into.org_code), { same_community: false });
}
