/** Puts before and after of each household side by side: the same person stands in the same line on both sides. */
import type { CaseViewData, HouseholdViewData } from '../../../src/modules/cases/contract.ts';

export type Member = HouseholdViewData['members'][number];
export type Change = 'none' | 'added' | 'removed' | 'changed';

export interface MemberLine {
  /** Null for somebody who comes into the register by this case. */
  person_id: string | null;
  before: Member | null;
  after: Member | null;
  change: Change;
}
export interface HouseholdPair {
  key: string;
  before: HouseholdViewData | null;
  after: HouseholdViewData | null;
  lines: MemberLine[];
}

function changeOf(before: Member | null, after: Member | null): Change {
  if (before === null) return 'added';
  if (after === null) return 'removed';
  // The register says what it will change; a difference that can be seen is one even if unsaid.
  return before.relation !== after.relation || before.name !== after.name || after.change === 'changed' ? 'changed' : 'none';
}

/** A person whom the view after still lists as leaving is not there any more. */
function staying(household: HouseholdViewData | null): Member[] {
  return (household?.members ?? []).filter((member) => member.change !== 'removed');
}

function linesOf(before: HouseholdViewData | null, after: HouseholdViewData | null, known: boolean): MemberLine[] {
  const was = before?.members.filter((member) => member.change !== 'added') ?? [];
  if (!known) return was.map((member) => ({ person_id: member.person_id, before: member, after: null, change: 'none' }));
  const will = staying(after);
  const lines = was.map((member): MemberLine => {
    const then = will.find((other) => other.person_id === member.person_id) ?? null;
    return { person_id: member.person_id, before: member, after: then, change: changeOf(member, then) };
  });
  const new_ones = will.filter((member) => !was.some((other) => other.person_id === member.person_id));
  return [...lines, ...new_ones.map((member): MemberLine => ({ person_id: member.person_id, before: null, after: member, change: 'added' }))];
}

/**
 * The households of a case as pairs, in the order the server gives them. While the result cannot be
 * foreseen (`after` is empty) only what is there is shown, and nothing is called a change.
 */
export function alignHouseholds(view: Pick<CaseViewData, 'before' | 'after'>): HouseholdPair[] {
  const known = view.after.length > 0;
  const left = [...view.after];
  const take = (find: (household: HouseholdViewData) => boolean): HouseholdViewData | null => {
    const at = left.findIndex(find);
    return at < 0 ? null : left.splice(at, 1)[0]!;
  };
  const pairs = view.before.map((before, index): HouseholdPair => {
    const after = take((household) => household.household_id === before.household_id && (before.household_id !== null || household.address_text === before.address_text));
    return { key: before.household_id ?? `new-${index}`, before, after, lines: linesOf(before, after, known) };
  });
  return [...pairs, ...left.map((after, index): HouseholdPair => ({ key: after.household_id ?? `opened-${index}`, before: null, after, lines: linesOf(null, after, true) }))];
}
