/**
 * The register once more, as small as it can be said: plain maps, no database, no code of the module. It judges a plan
 * by the law as the README of population states it, says what the register must look like afterwards, and why a plan is
 * refused. Whatever differs from the real register is a fault of one of the two.
 */
import type { PlanAct, RegisterPlan } from '../../src/modules/population/index.ts';

export interface ModelPerson {
  person_id: string;
  name: string;
  former_name: string | null;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
  birthplace: string | null;
  native_place: string | null;
  phone: string | null;
  /** Null until the register has told which number it assigned. */
  id_number: string | null;
  /** For whom the number was assigned. */
  number_for: string;
  status: string;
  died_on: string | null;
  household_id: string | null;
  relation: string | null;
  is_placed_once: boolean;
}
export interface ModelHousehold {
  household_id: string;
  household_type: string;
  station_code: string;
  address_id: string;
  unit_name: string | null;
  manager_id: string | null;
  status: 'active' | 'closed';
}
export interface ModelLink {
  person_id: string;
  relative_id: string;
  kind: string;
  from_on: string;
  until_on: string | null;
}
export interface Model {
  persons: Map<string, ModelPerson>;
  households: Map<string, ModelHousehold>;
  links: ModelLink[];
  usedNumbers: Set<string>;
  usedDocuments: Set<string>;
}

export function emptyModel(): Model {
  return { persons: new Map(), households: new Map(), links: [], usedNumbers: new Set(), usedDocuments: new Set() };
}

export const copyOf = (model: Model): Model => structuredClone(model);
export const membersOf = (model: Model, household_id: string): ModelPerson[] => [...model.persons.values()].filter((person) => person.household_id === household_id);
export const openLinks = (model: Model): ModelLink[] => model.links.filter((link) => link.until_on === null);

/** Which status may follow which; `!` only by correction. */
const transitions = new Set('01 02 03 04 05 06 07 09 50 52 51 20 30 40 60 90 31 91 46 10! 70! 17! 27! 37! 47! 57! 67! 97!'.split(' '));

export interface Verdict {
  /** Codes of refusal, any of which the register may give; empty: the plan is lawful. */
  refusals: Set<string>;
  /** What the register is afterwards. */
  after: Model;
}

const yearsLater = (day: string, years: number): string => `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;

/** Judges a plan on a legal day. The model given stays as it is. */
export function judge(before: Model, plan: RegisterPlan, today: string): Verdict {
  const after = copyOf(before);
  const no = (...codes: string[]): Verdict => ({ refusals: new Set(codes.map((code) => `population.${code}`)), after: before });
  const made = new Set(plan.acts.flatMap((act) => (act.op === 'register_person' ? [act.person_id] : act.op === 'found_household' ? [act.household_id] : [])));
  for (const act of plan.acts) {
    for (const id of ['person_id', 'relative_id', 'manager_id'].map((key) => (act as unknown as Record<string, string | null | undefined>)[key])) {
      if (id != null && !made.has(id) && !before.persons.has(id)) return no('person_not_found');
    }
  }
  for (const act of plan.acts) if ('household_id' in act && !made.has(act.household_id) && !before.households.has(act.household_id)) return no('household_not_found');

  // The acts one after the other: the first that cannot be done decides.
  const origins = new Set<string>();
  for (const act of plan.acts) {
    const first = step(before, after, act, today, origins);
    if (first !== undefined) return no(first);
  }
  const refusals = wholeness(before, after, plan, today, origins);
  return { refusals: new Set([...refusals].map((code) => `population.${code}`)), after: refusals.size > 0 ? before : after };
}

function step(before: Model, model: Model, act: PlanAct, today: string, origins: Set<string>): string | undefined {
  const person = 'person_id' in act ? model.persons.get(act.person_id) : undefined;
  const home = 'household_id' in act ? model.households.get(act.household_id) : undefined;
  const needsPerson = ['enter', 'leave', 'relate', 'alter', 'renumber', 'set_status'].includes(act.op);
  if (needsPerson && person === undefined) return 'person_not_found';
  if (['change_household', 'close_household', 'enter'].includes(act.op)) {
    if (home === undefined) return 'household_not_found';
    if (home.status !== 'active') return 'household_not_active';
  }
  if (['enter', 'alter', 'renumber', 'set_status'].includes(act.op) && person!.status === '1' && (act as { kind?: string }).kind !== 'correction') return 'person_dead';
  if ('manager_id' in act && act.manager_id != null && before.persons.get(act.manager_id)?.status !== '0') return 'manager_not_active';
  const was = 'person_id' in act ? before.persons.get(act.person_id)?.household_id : undefined;
  if (['enter', 'leave', 'relate'].includes(act.op) && was != null) origins.add(was);

  switch (act.op) {
    case 'found_household':
      if (act.household_type === '1' && (act.unit_name != null || act.unit_code != null || act.manager_id != null)) return 'unit_of_family';
      model.households.set(act.household_id, {
        household_id: act.household_id, household_type: act.household_type, station_code: act.station_code, address_id: act.address_id, status: 'active',
        unit_name: act.unit_name ?? null, manager_id: act.manager_id ?? null,
      });
      return undefined;
    case 'change_household':
      home!.address_id = act.address_id ?? home!.address_id;
      home!.station_code = act.station_code ?? home!.station_code;
      if (act.unit_name !== undefined) home!.unit_name = act.unit_name;
      if (act.manager_id !== undefined) home!.manager_id = act.manager_id;
      return undefined;
    case 'close_household':
      if (membersOf(model, act.household_id).length > 0) return 'household_has_members';
      home!.status = 'closed';
      return undefined;
    case 'register_person':
      model.persons.set(act.person_id, {
        person_id: act.person_id, name: act.name, former_name: act.former_name, sex: act.sex, birth_on: act.birth_on, ethnicity: act.ethnicity, birthplace: act.birthplace, native_place: act.native_place,
        phone: act.phone ?? null, id_number: act.id_number, number_for: personOfNumber(act.id_number) ?? act.birth_on + act.sex, status: '0', died_on: null, household_id: null, relation: null, is_placed_once: false,
      });
      return undefined;
    case 'enter':
      if (person!.household_id !== null) return 'one_place';
      if (person!.status !== '0') return 'mover_not_active';
      Object.assign(person!, { household_id: act.household_id, relation: act.relation, is_placed_once: true });
      return undefined;
    case 'leave':
      if (person!.household_id === null) return 'mover_not_active';
      Object.assign(person!, { household_id: null, relation: null });
      return undefined;
    case 'relate':
      if (person!.household_id === null) return 'change_of_stranger';
      person!.relation = act.relation;
      return undefined;
    case 'alter':
      Object.assign(person!, act.items);
      return undefined;
    case 'renumber':
      person!.id_number = act.id_number;
      person!.number_for = personOfNumber(act.id_number) ?? person!.birth_on + person!.sex;
      return undefined;
    case 'set_status': {
      if (person!.household_id !== null && act.status !== '0') return 'one_place';
      const pair = person!.status + act.status;
      if (!transitions.has(pair) && !(transitions.has(`${pair}!`) && act.kind === 'correction')) return 'status_transition_unlawful';
      if (act.status === '1' && (act.died_on === undefined || act.died_on > today)) return 'died_on_wrong';
      person!.status = act.status;
      person!.died_on = act.status === '1' ? act.died_on! : null;
      return undefined;
    }
    default:
      return undefined;
  }
}

const personOfNumber = (number: string | null): string | null => (number === null ? null : `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}${Number(number[16]) % 2 === 1 ? '1' : '2'}`);

/** What must hold of the whole once all acts are done. */
function wholeness(before: Model, model: Model, plan: RegisterPlan, today: string, origins: ReadonlySet<string>): Set<string> {
  const faults = new Set<string>();
  for (const home of model.households.values()) {
    if (home.household_type === '1' && (home.unit_name !== null || home.manager_id !== null)) faults.add('unit_of_family');
    const members = membersOf(model, home.household_id);
    // A collective household needs no head; two it has as little as a family.
    if (members.filter((member) => member.relation === '02').length > 1) faults.add('one_head');
    if (home.household_type !== '1') continue;
    if (members.length === 0 && home.status === 'active') {
      if (origins.has(home.household_id)) home.status = 'closed';
      else faults.add('household_not_active');
    }
    if (members.length > 0 && members.filter((member) => member.relation === '02').length !== 1) faults.add('one_head');
  }
  for (const person of model.persons.values()) {
    if (!person.is_placed_once || (person.status === '0') !== (person.household_id !== null)) faults.add('one_place');
    if (person.died_on !== null && person.died_on < person.birth_on) faults.add('died_on_wrong');
    const old = before.persons.get(person.person_id);
    const numberChanged = old === undefined || old.id_number !== person.id_number;
    if (numberChanged && person.id_number !== null && model.usedNumbers.has(person.id_number)) faults.add('id_number_taken');
    if ((numberChanged || old.birth_on !== person.birth_on || old.sex !== person.sex) && person.number_for !== person.birth_on + person.sex) faults.add('id_number_of_another');
    if (person.id_number !== null) model.usedNumbers.add(person.id_number);
  }

  for (const act of plan.acts) {
    if (act.op === 'use_document') {
      const paper = `${act.kind} ${act.number}`;
      if (model.usedDocuments.has(paper)) faults.add('document_used');
      model.usedDocuments.add(paper);
    } else if (act.op === 'set_status' && act.status === '1') {
      for (const link of openLinks(model)) {
        if (link.kind === 'spouse' && [link.person_id, link.relative_id].includes(act.person_id)) link.until_on = link.from_on > act.died_on! ? link.from_on : act.died_on!;
      }
    } else if (act.op === 'link') {
      const sides = act.kind === 'spouse' ? [[act.person_id, act.relative_id], [act.relative_id, act.person_id]] as const : [[act.person_id, act.relative_id]] as const;
      const [one, other] = [model.persons.get(act.person_id)!, model.persons.get(act.relative_id)!];
      const isParent = act.kind === 'father' || act.kind === 'mother';
      if (act.kind === 'spouse' && (one.status === '1' || other.status === '1')) faults.add('person_dead');
      if (act.person_id === act.relative_id || (isParent && (other.sex !== (act.kind === 'father' ? '1' : '2') || other.birth_on >= one.birth_on))) faults.add('kin_conflict');
      if (act.kind === 'guardian' && yearsLater(other.birth_on, 18) > act.from_on) faults.add('guardian_of_age');
      for (const [person_id, relative_id] of sides) {
        if (openLinks(model).some((link) => link.person_id === person_id && link.kind === act.kind && (act.kind !== 'guardian' || link.relative_id === relative_id))) faults.add('kin_conflict');
        model.links.push({ person_id, relative_id, kind: act.kind, from_on: act.from_on, until_on: null });
      }
    } else if (act.op === 'unlink') {
      const ended = openLinks(model).filter((link) => link.kind === act.kind && ((link.person_id === act.person_id && link.relative_id === act.relative_id)
        || (act.kind === 'spouse' && link.person_id === act.relative_id && link.relative_id === act.person_id)));
      if (ended.length === 0) faults.add('kin_link_unknown');
      for (const link of ended) {
        if (act.until_on < link.from_on) faults.add('value_not_accepted');
        link.until_on = act.until_on;
      }
    }
  }
  for (const link of openLinks(model)) {
    if ((link.kind === 'father' || link.kind === 'mother') && model.persons.get(link.relative_id)!.birth_on >= model.persons.get(link.person_id)!.birth_on) faults.add('kin_conflict');
  }
  return faults;
}
