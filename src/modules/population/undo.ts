/**
 * The planned undo of a case (冲销): what it changed goes back to what was before, as far as nothing was built on it.
 *
 * Every version of every row carries the case that made it. So it can be computed, row by row and column by column,
 * what the case changed, whether somebody else changed the same since, and which case and office that was. What does
 * not conflict is restored as one act of the gate, under a case of its own; history is kept, nothing is rewritten. What
 * conflicts is named with its owner, and left as it is.
 */
import { legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { familyHousehold, headRelation, personStatus, type KinFacts } from './move-facts.ts';
import { searchKeysAfter, type PlanAct, type PlanOutcome } from './plan.ts';

/** Acts that only an undo has: they bring back what another act ended. */
export type UndoAct =
  | PlanAct
  | { op: 'reopen_household'; household_id: string }
  /** The link never held. */
  | { op: 'void_link'; kin_link_id: string; person_id: string; relative_id: string; kind: KinFacts['kind'] }
  | { op: 'reopen_link'; kin_link_id: string; person_id: string; relative_id: string; kind: KinFacts['kind'] }
  | { op: 'give_back_document'; used_document_id: string };

/** One thing the case changed. */
export interface UndoItem {
  what: 'registration' | 'place' | 'item' | 'status' | 'number' | 'household' | 'kin' | 'document';
  person_id: string | null;
  household_id: string | null;
  /** The item or column, the relation for a place, the kind for kin and documents. */
  item: string | null;
  /** As before the case, and as the case left it. */
  before: string | null;
  after: string | null;
}

export interface UndoConflict {
  what: UndoItem;
  /** The case that built on it. */
  case_id: string;
  case_no: string | null;
  owner_org: string | null;
}

export interface UndoPlan {
  of_case_id: string;
  /** Of everything the plan was made from; `applyUndo` refuses when it is no longer so. */
  digest: string;
  restorable: UndoItem[];
  conflicts: UndoConflict[];
  /** What `applyUndo` will carry out, in order. */
  acts: UndoAct[];
  /** Whom and which households the undoing case must hold a lease on. */
  subjects: { person_ids: string[]; household_ids: string[] };
}

const voided = '8';
/** Columns of a person that are restored one by one; place, status and number go in groups of their own. */
const freeItems = ['name', 'former_name', 'ethnicity', 'birthplace', 'native_place', 'education', 'marital_status', 'military_service', 'blood_type', 'height_cm', 'occupation', 'workplace', 'phone'] as const;
/** A number tells sex and birth date, so these three stand or fall together (GB 11643). */
const identityItems = ['sex', 'birth_on', 'id_number'] as const;
const householdItems = ['address_id', 'station_code', 'unit_name', 'unit_code', 'manager_id'] as const;

interface Version {
  version: number;
  case_id: string;
  recorded_from: string;
  [column: string]: unknown;
}
interface Row {
  id: string;
  /** Oldest first. */
  versions: Version[];
}
interface HouseholdRow extends Row {
  members: Array<{ person_id: string; relation: string; case_id: string; begun: string }> | null;
  member_count: number;
  /** By whom memberships were begun or ended last, oldest first; no more than a hundred. */
  changes: Array<{ case_id: string; at: string }> | null;
}
interface UndoFacts {
  persons: Row[] | null;
  households: HouseholdRow[] | null;
  memberships: Row[] | null;
  kin_links: Row[] | null;
  births: Record<string, string> | null;
  managed: Array<{ person_id: string; case_id: string }> | null;
  managers_gone: Array<{ person_id: string; case_id: string }> | null;
  documents: Array<{ used_document_id: string; kind: string; number: string }> | null;
}

interface Place {
  household_id: string;
  relation: string;
}

/** What the case did to one column of one row, and who changed it since. */
interface ColumnChange {
  before: unknown;
  after: unknown;
  later_case: string | undefined;
}

/** Nothing when the case left the column as it was. */
function columnChange(row: Row, of_case: string, column: string): ColumnChange | undefined {
  const { versions } = row;
  let before: unknown;
  let first = -1;
  let last = -1;
  versions.forEach((version, at) => {
    if (at === 0 || version.case_id !== of_case || version[column] === versions[at - 1]![column]) return;
    if (first < 0) {
      first = at;
      before = versions[at - 1]![column];
    }
    last = at;
  });
  if (first < 0 || before === versions[last]![column]) return undefined;
  const later = versions.find((version, at) => at > first && version.case_id !== of_case && version[column] !== versions[at - 1]![column]);
  return { before, after: versions[last]![column], later_case: later?.case_id };
}

const isMadeBy = (row: Row, of_case: string): boolean => row.versions[0]!.case_id === of_case && row.versions[0]!.version === 1;
const now = (row: Row): Version => row.versions.at(-1)!;
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** Where somebody was before the case and after it, and who moved them since. */
interface PlaceChange {
  person_id: string;
  before: Place | null;
  after: Place | null;
  later_case: string | undefined;
}

function placeChange(person_id: string, memberships: readonly Row[], of_case: string): PlaceChange | undefined {
  const own = memberships.filter((row) => row.versions[0]!['person_id'] === person_id);
  let before: Place | null = null;
  let after: Place | null = null;
  let since: string | undefined;
  for (const row of own) {
    const touches = row.versions.map((version, at) => (version.case_id === of_case ? at : -1)).filter((at) => at >= 0);
    if (touches.length === 0) continue;
    const [first, last] = [touches[0]!, touches.at(-1)!];
    if (since === undefined || row.versions[first]!.recorded_from < since) since = row.versions[first]!.recorded_from;
    const previous = row.versions[first - 1];
    if (previous !== undefined && previous['is_open'] === true) before = placeOf(previous);
    if (row.versions[last]!['is_open'] === true) after = placeOf(row.versions[last]!);
  }
  if (since === undefined || (before?.household_id === after?.household_id && before?.relation === after?.relation)) return undefined;
  const later = own
    .flatMap((row) => {
      const last = row.versions.findLastIndex((version) => version.case_id === of_case);
      return row.versions.filter((version, at) => version.case_id !== of_case && (last >= 0 ? at > last : version.recorded_from > since));
    })
    .sort((a, b) => (a.recorded_from < b.recorded_from ? -1 : 1))[0];
  return { person_id, before, after, later_case: later?.case_id };
}

function placeOf(version: Version): Place {
  return { household_id: version['household_id'] as string, relation: version['relation'] as string };
}

/** Computes the undo from the facts alone; pure. */
export function undoOf(facts: UndoFacts, of_case: string, today: string): Omit<UndoPlan, 'digest' | 'conflicts'> & { conflicts: Array<{ what: UndoItem; case_id: string }> } {
  const persons = facts.persons ?? [];
  const households = facts.households ?? [];
  const memberships = facts.memberships ?? [];
  const kinLinks = facts.kin_links ?? [];
  const restorable: UndoItem[] = [];
  const conflicts: Array<{ what: UndoItem; case_id: string }> = [];
  const item = (what: UndoItem['what'], part: Partial<Omit<UndoItem, 'what'>>): UndoItem => ({ what, person_id: null, household_id: null, item: null, before: null, after: null, ...part });

  // Registrations: nothing at all may have been built on somebody who was registered by the case.
  const registered = persons.filter((row) => isMadeBy(row, of_case) && now(row)['status'] !== voided);
  const builtOn = new Map<string, string>();
  for (const row of registered) {
    const later = row.versions.find((version) => version.case_id !== of_case)?.case_id
      ?? kinLinks.find((link) => now(link).until_on === null && !isMadeBy(link, of_case) && [now(link)['person_id'], now(link)['relative_id']].includes(row.id))?.versions[0]!.case_id
      ?? facts.managed?.find((one) => one.person_id === row.id && one.case_id !== of_case)?.case_id;
    if (later !== undefined) builtOn.set(row.id, later);
  }

  // Status and place go together: who is brought back alive also comes home.
  const statusChanges = new Map(persons.filter((row) => !isMadeBy(row, of_case)).flatMap((row) => {
    const change = columnChange(row, of_case, 'status');
    return change === undefined ? [] : [[row.id, change] as const];
  }));
  const places = new Map(persons.flatMap((row) => {
    const change = placeChange(row.id, memberships, of_case);
    return change === undefined ? [] : [[row.id, change] as const];
  }));
  const dropped = new Map<string, string>();
  for (const change of places.values()) {
    const status = statusChanges.get(change.person_id);
    const later = change.later_case ?? status?.later_case ?? builtOn.get(change.person_id) ?? (status?.before === personStatus.dead ? marriageAgainst(change.person_id, kinLinks, of_case) : undefined);
    if (later !== undefined) dropped.set(change.person_id, later);
  }
  dropWhatBreaksHouseholds(households, memberships, of_case, places, dropped);

  const reopened = new Set<string>();
  const acts: UndoAct[] = [];
  const entering: UndoAct[] = [];
  const heads: UndoAct[] = [];
  for (const { person_id, before, after } of places.values()) {
    const what = item('place', { person_id, household_id: before?.household_id ?? after?.household_id ?? null, item: before?.relation ?? null, before: before?.household_id ?? null, after: after?.household_id ?? null });
    const later = dropped.get(person_id);
    if (later !== undefined) {
      conflicts.push({ what, case_id: later });
      continue;
    }
    restorable.push(what);
    if (before !== null && households.some((home) => home.id === before.household_id && now(home)['status'] === 'closed')) reopened.add(before.household_id);
    if (before !== null && before.household_id === after?.household_id) {
      (before.relation === headRelation ? heads : acts).push({ op: 'relate', person_id, relation: before.relation });
      continue;
    }
    if (after !== null) acts.push({ op: 'leave', person_id });
    if (before !== null) entering.push({ op: 'enter', person_id, household_id: before.household_id, relation: before.relation });
  }

  for (const [person_id, change] of statusChanges) {
    const what = item('status', { person_id, item: 'status', before: text(change.before), after: text(change.after) });
    const later = change.later_case ?? dropped.get(person_id) ?? (change.before === personStatus.dead ? marriageAgainst(person_id, kinLinks, of_case) : undefined);
    if (later !== undefined) conflicts.push({ what, case_id: later });
    else {
      restorable.push(what);
      const died = persons.find((row) => row.id === person_id)!.versions.find((version, at, all) => all[at + 1]?.case_id === of_case && version['status'] === change.before)?.['died_on'];
      acts.push({ op: 'set_status', person_id, status: String(change.before), on: today, kind: 'correction', ...(typeof died === 'string' ? { died_on: died } : {}) });
    }
  }
  for (const row of registered) {
    const what = item('registration', { person_id: row.id, before: null, after: text(now(row)['name']) });
    const later = builtOn.get(row.id) ?? dropped.get(row.id);
    if (later !== undefined) {
      builtOn.set(row.id, later);
      conflicts.push({ what, case_id: later });
    } else {
      restorable.push(what);
      // 冲销: the record stays, in no household, and so does its number, which nobody else ever gets.
      acts.push({ op: 'set_status', person_id: row.id, status: voided, on: today, kind: now(row)['status'] === personStatus.dead ? 'correction' : 'change' });
    }
  }

  // Items, each for itself; sex, birth date and number as one.
  for (const row of persons) {
    if (isMadeBy(row, of_case)) continue;
    const items: Record<string, unknown> = {};
    for (const column of freeItems) {
      const change = columnChange(row, of_case, column);
      if (change === undefined) continue;
      const what = item('item', { person_id: row.id, item: column, before: text(change.before), after: text(change.after) });
      if (change.later_case !== undefined) conflicts.push({ what, case_id: change.later_case });
      else {
        restorable.push(what);
        items[column] = change.before;
      }
    }
    const identity = identityItems.flatMap((column) => {
      const change = columnChange(row, of_case, column);
      return change === undefined ? [] : [{ column, change, what: item(column === 'id_number' ? 'number' : 'item', { person_id: row.id, item: column, before: text(change.before), after: text(change.after) }) }];
    });
    const later = identity.length === 0 ? undefined
      : identityItems.map((column) => laterChangeOf(row, of_case, column)).find((one) => one !== undefined) ?? kinAgainst(row.id, identity.find((one) => one.column === 'birth_on')?.change, kinLinks, facts.births ?? {}, of_case);
    for (const { column, change, what } of identity) {
      if (later !== undefined) conflicts.push({ what, case_id: later });
      else {
        restorable.push(what);
        if (column !== 'id_number') items[column] = change.before;
      }
    }
    if (Object.keys(items).length > 0) acts.push({ op: 'alter', person_id: row.id, kind: 'correction', items, effective_on: today });
    const number = identity.find((one) => one.column === 'id_number');
    if (number !== undefined && later === undefined) acts.push({ op: 'renumber', person_id: row.id, id_number: String(number.change.before) });
  }

  // Households: their own columns, and those that the case opened or closed without a family in them.
  const opening: UndoAct[] = [...reopened].map((household_id) => ({ op: 'reopen_household', household_id }));
  for (const row of households) {
    const isFounded = isMadeBy(row, of_case);
    const closedBy = row.versions.find((version, at) => at > 0 && version['status'] === 'closed' && row.versions[at - 1]!['status'] === 'active')?.case_id;
    if (isFounded) {
      if (now(row)['household_type'] === familyHousehold || now(row)['status'] === 'closed') continue;
      const what = item('household', { household_id: row.id, item: 'status', after: 'active' });
      const leaving = [...places.values()].filter((place) => place.after?.household_id === row.id && !dropped.has(place.person_id)).length;
      const later = row.versions.find((version) => version.case_id !== of_case)?.case_id ?? (row.member_count > leaving ? row.changes?.findLast((change) => change.case_id !== of_case)?.case_id ?? of_case : undefined);
      if (later !== undefined) conflicts.push({ what, case_id: later });
      else {
        restorable.push(what);
        heads.push({ op: 'close_household', household_id: row.id });
      }
      continue;
    }
    if (closedBy === of_case && now(row)['status'] === 'closed' && now(row)['household_type'] !== familyHousehold) {
      restorable.push(item('household', { household_id: row.id, item: 'status', before: 'active', after: 'closed' }));
      if (!reopened.has(row.id)) opening.push({ op: 'reopen_household', household_id: row.id });
      reopened.add(row.id);
    }
    const restored: Record<string, unknown> = {};
    for (const column of householdItems) {
      const change = columnChange(row, of_case, column);
      if (change === undefined) continue;
      const what = item('household', { household_id: row.id, item: column, before: text(change.before), after: text(change.after) });
      const later = change.later_case ?? (now(row)['status'] === 'closed' && !reopened.has(row.id) ? closedBy : undefined)
        ?? (column === 'manager_id' ? facts.managers_gone?.find((one) => one.person_id === change.before)?.case_id : undefined);
      if (later !== undefined) conflicts.push({ what, case_id: later });
      else {
        restorable.push(what);
        restored[column] = change.before;
      }
    }
    if (Object.keys(restored).length > 0) opening.push({ op: 'change_household', household_id: row.id, ...restored });
  }

  for (const { what, act, later_case } of kinRestorations(persons, kinLinks, of_case, builtOn, new Set(registered.map((row) => row.id)))) {
    if (later_case !== undefined) conflicts.push({ what, case_id: later_case });
    else {
      restorable.push(what);
      acts.push(act);
    }
  }
  for (const document of facts.documents ?? []) {
    const what = item('document', { item: document.kind, after: document.number });
    // A paper is free again only when nothing of what it was used for remains.
    if (conflicts.length > 0) conflicts.push({ what, case_id: conflicts[0]!.case_id });
    else {
      restorable.push(what);
      acts.push({ op: 'give_back_document', used_document_id: document.used_document_id });
    }
  }

  const ordered = [...opening, ...acts, ...entering, ...heads];
  return { of_case_id: of_case, restorable, conflicts, acts: ordered, subjects: subjectsOfUndo(ordered, households, memberships) };
}

function laterChangeOf(row: Row, of_case: string, column: string): string | undefined {
  const first = row.versions.findIndex((version) => version.case_id === of_case);
  return row.versions.find((version, at) => at > first && version.case_id !== of_case && version[column] !== row.versions[at - 1]![column])?.case_id;
}

/** The case that married somebody whose death is to stand again. */
function marriageAgainst(person_id: string, kinLinks: readonly Row[], of_case: string): string | undefined {
  return kinLinks.find((row) => now(row)['kind'] === 'spouse' && now(row)['until_on'] === null && now(row)['person_id'] === person_id && !isMadeBy(row, of_case))?.versions[0]!.case_id;
}

/** The case whose parent or child would be of the wrong age if a birth date went back. */
function kinAgainst(person_id: string, change: ColumnChange | undefined, kinLinks: readonly Row[], births: Record<string, string>, of_case: string): string | undefined {
  if (change === undefined) return undefined;
  return kinLinks.find((row) => {
    const link = now(row);
    if (link['until_on'] !== null || !['father', 'mother'].includes(link['kind'] as string) || isMadeBy(row, of_case)) return false;
    const birthOf = (id: unknown): string => (id === person_id ? String(change.before) : births[id as string] ?? '');
    return [link['person_id'], link['relative_id']].includes(person_id) && birthOf(link['relative_id']) >= birthOf(link['person_id']);
  })?.versions[0]!.case_id;
}

/**
 * Drops from the restorations of places those after which a family household would be closed, without its one head, or
 * related to another head than before; again and again, because each that is dropped changes the picture.
 */
function dropWhatBreaksHouseholds(households: readonly HouseholdRow[], memberships: readonly Row[], of_case: string, places: ReadonlyMap<string, PlaceChange>, dropped: Map<string, string>): void {
  const began = memberships.flatMap((row) => row.versions.filter((version) => version.case_id === of_case).map((version) => version.recorded_from)).sort()[0] ?? '';
  for (let again = true; again;) {
    again = false;
    for (const home of households) {
      const moving = [...places.values()].filter((place) => !dropped.has(place.person_id) && [place.before?.household_id, place.after?.household_id].includes(home.id));
      if (moving.length === 0) continue;
      const coming = moving.filter((place) => place.before?.household_id === home.id);
      const staying = (home.members ?? []).filter((member) => !moving.some((place) => place.person_id === member.person_id));
      const laterCase = (home.changes ?? []).filter((change) => change.case_id !== of_case && change.at > began).at(-1)?.case_id
        ?? home.versions.findLast((version) => version.case_id !== of_case && version.recorded_from > began)?.case_id;
      const drop = (some: readonly PlaceChange[], owner: string | undefined): void => {
        for (const place of some) dropped.set(place.person_id, owner ?? laterCase ?? [...dropped.values()][0] ?? of_case);
        again ||= some.length > 0;
      };

      const closing = home.versions.find((version, at) => at > 0 && version['status'] === 'closed' && home.versions[at - 1]!['status'] === 'active');
      if (coming.length > 0 && now(home)['status'] === 'closed' && closing !== undefined && closing.case_id !== of_case) {
        drop(coming, closing.case_id);
        continue;
      }
      if (now(home)['household_type'] !== familyHousehold) continue;
      const headsAfter = [...staying.filter((member) => member.relation === headRelation), ...coming.filter((place) => place.before!.relation === headRelation)].map((one) => one.person_id);
      if (staying.length + coming.length > 0 && headsAfter.length !== 1) {
        drop(moving, undefined);
        continue;
      }
      const head = headsAfter[0];
      const headNow = home.members?.find((member) => member.relation === headRelation);
      // The head under whom everybody had the relation that is to come back.
      const headBefore = [...places.values()].find((place) => place.before?.household_id === home.id && place.before.relation === headRelation)?.person_id
        ?? (headNow !== undefined && headNow.begun <= began ? headNow.person_id : undefined);
      if (head !== headBefore) drop(coming.filter((place) => place.before!.relation !== headRelation), headNow?.case_id);
      else if (head !== headNow?.person_id) drop(staying.some((member) => member.begun > began) ? moving : [], staying.find((member) => member.begun > began)?.case_id);
    }
  }
}

interface Restoration {
  what: UndoItem;
  act: Extract<UndoAct, { kin_link_id: string }>;
  later_case: string | undefined;
}

/** Links that the case began are voided, links that it ended hold again; of a marriage both sides or none. */
function kinRestorations(persons: readonly Row[], kinLinks: readonly Row[], of_case: string, builtOn: ReadonlyMap<string, string>, registered: ReadonlySet<string>): Restoration[] {
  const deathOf = (person_id: string): string | undefined => {
    const row = persons.find((one) => one.id === person_id);
    return row === undefined || now(row)['status'] !== personStatus.dead ? undefined : row.versions.findLast((version, at) => version['status'] === personStatus.dead && row.versions[at - 1]?.['status'] !== personStatus.dead)?.case_id;
  };
  const found = kinLinks.flatMap((row): Restoration[] => {
    const link = now(row);
    const { person_id, relative_id, kind } = link as unknown as { person_id: string; relative_id: string; kind: KinFacts['kind'] };
    const part = { kin_link_id: row.id, person_id, relative_id, kind };
    const what = (before: string | null, after: string | null): UndoItem => ({ what: 'kin', person_id, household_id: null, item: kind, before, after });
    if (isMadeBy(row, of_case)) {
      const later = row.versions.find((version) => version.case_id !== of_case)?.case_id ?? builtOn.get(person_id) ?? builtOn.get(relative_id);
      return link['until_on'] !== null && later === undefined ? [] : [{ what: what(null, relative_id), act: { op: 'void_link' as const, ...part }, later_case: later }];
    }
    const change = columnChange(row, of_case, 'until_on');
    if (change === undefined || change.before !== null) return [];
    // Somebody else took the place since: another spouse, another father.
    const successor = kinLinks.find((other) => other !== row && now(other)['until_on'] === null && now(other)['kind'] === kind && kind !== 'guardian' && !isMadeBy(other, of_case)
      && (now(other)['person_id'] === person_id || (kind === 'spouse' && now(other)['person_id'] === relative_id)));
    const death = kind !== 'spouse' ? undefined : [person_id, relative_id].map(deathOf).find((by) => by !== undefined && by !== of_case);
    const isGone = registered.has(person_id) || registered.has(relative_id);
    return isGone ? [] : [{ what: what(relative_id, null), act: { op: 'reopen_link' as const, ...part }, later_case: change.later_case ?? successor?.versions[0]!.case_id ?? death }];
  });
  return found.map((one) => {
    const otherSide = one.act.kind === 'spouse' ? found.find((other) => other.act.person_id === one.act.relative_id && other.act.relative_id === one.act.person_id && other.act.op === one.act.op) : undefined;
    return { ...one, later_case: one.later_case ?? otherSide?.later_case };
  });
}

function subjectsOfUndo(acts: readonly UndoAct[], households: readonly HouseholdRow[], memberships: readonly Row[]): UndoPlan['subjects'] {
  const persons = new Set<string>();
  const homes = new Set<string>();
  for (const act of acts) {
    if ('person_id' in act) persons.add(act.person_id);
    if ('relative_id' in act && act.kind === 'spouse') persons.add(act.relative_id);
    if ('household_id' in act) homes.add(act.household_id);
    if (act.op === 'leave' || act.op === 'relate' || act.op === 'enter') {
      const home = memberships.find((row) => now(row)['person_id'] === act.person_id && now(row)['is_open'] === true);
      if (home !== undefined) homes.add(now(home)['household_id'] as string);
    }
  }
  return { person_ids: [...persons].sort(), household_ids: [...homes].filter((id) => households.some((home) => home.id === id)).sort() };
}

async function computeUndo(context: Context, of_case_id: string): Promise<UndoPlan> {
  const [row] = await context.query<{ facts: UndoFacts; digest: string }>('select f as facts, population.undo_digest(f) as digest from population.undo_facts($1) f', [of_case_id]);
  const { conflicts, ...plan } = undoOf(row!.facts, of_case_id, legalDay(context.now));
  const owners = conflicts.length === 0 ? [] : await context.query<{ case_id: string; case_no: string | null; org_code: string }>(
    'select case_id, case_no, org_code from population.name_cases($1)', [[...new Set(conflicts.map((conflict) => conflict.case_id))]]);
  return {
    ...plan, digest: row!.digest,
    conflicts: conflicts.map(({ what, case_id }) => {
      const owner = owners.find((one) => one.case_id === case_id);
      return { what, case_id, case_no: owner?.case_no ?? null, owner_org: owner?.org_code ?? null };
    }),
  };
}

/**
 * What undoing a case would restore, and what cannot be restored because another case built on it. Changes nothing; it
 * is for the officer to look at, and for the signature: the digest binds what was seen.
 */
export function planUndo(context: Context, { case_id }: { case_id: string }): Promise<UndoPlan> {
  return computeUndo(context, case_id);
}

/**
 * Undoes a case as it was shown by `planUndo`: all that is restorable at one instant, under a case of its own that holds
 * leases on `subjects`. Run it after `context.forCase(case_id)`.
 * @param order.digest of the plan that was shown and signed
 * @throws Refusal population.undo_changed when anything was changed since, nothing_to_undo, lease_missing
 */
export async function applyUndo(context: Context, order: { of_case_id: string; case_id: string; at: Date; digest: string }): Promise<PlanOutcome & Pick<UndoPlan, 'restorable' | 'conflicts'>> {
  const { acts, digest, restorable, conflicts } = await computeUndo(context, order.of_case_id);
  if (digest !== order.digest) throw new Refusal('population.undo_changed');
  if (acts.length === 0) throw new Refusal('population.nothing_to_undo');
  const keys = await searchKeysAfter(context, acts);
  const plan = { case_id: order.case_id, undoes: order.of_case_id, at: order.at, digest, reason: null, range: null, acts, keys };
  const [row] = await context.query<{ outcome: PlanOutcome }>('select population.apply_undo($1::jsonb) as outcome', [JSON.stringify(plan)]);
  return { ...row!.outcome, restorable, conflicts };
}
