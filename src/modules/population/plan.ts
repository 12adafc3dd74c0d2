/**
 * A plan: what an approved case does to the register, said in small acts and carried out by one gate at one instant.
 * Effects of services compose plans; the database alone decides whether a plan is lawful.
 */
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { MainItems, NonMainItems } from './items.ts';
import type { KinFacts } from './move-facts.ts';
import type { PeopleFacts } from './people-facts.ts';
import { nameKeysOf, type NameKeys } from './search-keys-of.ts';

/** A new household; a family household has neither unit nor manager. */
export interface FoundHousehold {
  op: 'found_household';
  household_id: string;
  address_id: string;
  station_code: string;
  /** catalogue/codes: household-type. */
  household_type: string;
  unit_name?: string | null;
  /** Unified social credit code, GB 32100: 18 characters. */
  unit_code?: string | null;
  /** 协管员: an active person of the register. */
  manager_id?: string | null;
}

/** What is not named stays. A new address or station goes with every member; nobody migrates by it. */
export interface ChangeHousehold {
  op: 'change_household';
  household_id: string;
  address_id?: string;
  station_code?: string;
  unit_name?: string | null;
  unit_code?: string | null;
  manager_id?: string | null;
}

/** Needed for collective households only: a family household closes when the last member has left. */
export interface CloseHousehold {
  op: 'close_household';
  household_id: string;
}

/** Somebody enters the register for the first time; `enter` must follow (户口登记条例 第七条). */
export interface RegisterPerson extends NonMainItems {
  op: 'register_person';
  /** Made by whoever makes the plan. */
  person_id: string;
  /** Null: the next of the pool of `number_area`, birth date and sex (GB 11643). */
  id_number: string | null;
  /** County, 6 digits, whose pool gives the number. */
  number_area: string;
  name: string;
  former_name: string | null;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
  birthplace: string | null;
  native_place: string | null;
  status: '0';
}

/** A membership begins. Who is in another household must `leave` first, who is cancelled needs `set_status` 0 first. */
export interface Enter {
  op: 'enter';
  person_id: string;
  household_id: string;
  /** GB/T 4761. */
  relation: string;
}

/** The present membership ends; `enter` or `set_status` must follow. */
export interface Leave {
  op: 'leave';
  person_id: string;
}

/** The relation in the household in which the person is by then changes. */
export interface Relate {
  op: 'relate';
  person_id: string;
  relation: string;
}

/** `change`: the fact changed on a day. `correction`: the record had been wrong all along; it alone reaches the dead. */
export interface Alter {
  op: 'alter';
  person_id: string;
  kind: 'change' | 'correction';
  items: Partial<Omit<MainItems, 'id_number'> & NonMainItems>;
  effective_on: string;
}

/** Another number; the old one is retired for ever. A changed sex or birth date makes it necessary in the same plan. */
export interface Renumber {
  op: 'renumber';
  person_id: string;
  /** Null: the next of the pool. */
  id_number: string | null;
  /** Whose pool; the county of the old number when not said. */
  number_area?: string;
}

/** Which status may follow which is held by `population.status_transition`. */
export interface SetStatus {
  op: 'set_status';
  person_id: string;
  /** catalogue/codes: person-status. */
  status: string;
  /** Legal day from which it holds. */
  on: string;
  /** With status 1 only, and then needed. */
  died_on?: string;
  reason_code?: string;
  /** `correction` raises the dead, brings back the deleted, and deletes who was cancelled otherwise. */
  kind?: 'change' | 'correction';
}

/** `person_id` is the child, ward or spouse, `relative_id` the father, mother, guardian or other spouse. */
export interface Link {
  op: 'link';
  person_id: string;
  relative_id: string;
  kind: KinFacts['kind'];
  from_on: string;
}

export interface Unlink {
  op: 'unlink';
  person_id: string;
  relative_id: string;
  kind: KinFacts['kind'];
  until_on: string;
}

/** A paper serves once and for ever, like the number of a birth certificate. */
export interface UseDocument {
  op: 'use_document';
  /** snake_case, such as `birth_certificate`. */
  kind: string;
  /** Written without spaces and in capitals; the gate does both. */
  number: string;
}

export type PlanAct =
  | FoundHousehold | ChangeHousehold | CloseHousehold | RegisterPerson | Enter | Leave | Relate | Alter | Renumber | SetStatus | Link | Unlink | UseDocument;

export interface RegisterPlan {
  /** catalogue/codes: migration-reason. Null or empty when nobody migrates (birth, death, cancellation): no movement is written. */
  reason: string | null;
  /** catalogue/codes: migration-range. */
  range: string | null;
  acts: PlanAct[];
}

export interface PlanOrder extends RegisterPlan {
  case_id: string;
  /** The instant at which everything ends and begins. */
  at: Date;
}

export interface PlanOutcome {
  /** Everybody who was given a number: the newly registered and the renumbered. */
  registered: Array<{ person_id: string; id_number: string }>;
  movements: Array<{ movement_id: string; person_id: string }>;
  closed_household_ids: string[];
  founded: Array<{ household_id: string; household_no: string }>;
}

const mainItemNames = ['name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'birthplace', 'native_place'] as const satisfies ReadonlyArray<keyof MainItems>;

const touchesMainItems = (act: PlanAct): boolean => act.op === 'renumber' || (act.op === 'alter' && mainItemNames.some((item) => act.items[item] !== undefined));
const isCorrection = (act: PlanAct): boolean => (act.op === 'alter' || act.op === 'set_status') && act.kind === 'correction';

/**
 * Carries a plan out: all of it at one instant, or nothing. Every person and household that it touches and does not
 * make is under a lease of the case (`subjectsOf` names them). Run it after `context.forCase(case_id)`, when the case
 * was decided: main items and corrections are opened for the case by this call.
 * @returns numbers given out, movements, households founded and closed
 * @throws Refusal population.lease_missing, person_not_found, person_dead, one_place, one_head, household_not_active,
 *   status_transition_unlawful, number_pool_empty, id_number_taken, kin_conflict, document_used, act_before_last_change, …
 *   Walls over the whole (heads, places, spouses, numbers) speak when the transaction ends.
 */
export async function applyPlan(context: Context, order: PlanOrder): Promise<PlanOutcome> {
  const { case_id, acts } = order;
  const keys = await searchKeysAfter(context, acts);
  if (acts.some(touchesMainItems)) await context.query('select population.allow_main_items($1)', [case_id]);
  if (acts.some(isCorrection)) await context.query('select population.allow_correction($1)', [case_id]);
  const written = acts.map((act) => (act.op === 'use_document' ? { ...act, number: act.number.replace(/\s+/gu, '').toUpperCase() } : act));
  const [row] = await context.query<{ outcome: PlanOutcome }>('select population.apply_plan($1::jsonb) as outcome', [JSON.stringify({ ...order, acts: written, keys })]);
  for (const news of newsOf(acts)) context.emit(news.name, { person_id: news.person_id, case_id, at: order.at.toISOString(), ...news.more });
  return row!.outcome;
}

/** Items that stand on an identity card and make it untrue when they change (居民身份证法第十一条). */
const itemsOfIdentity = ['name', 'sex', 'birth_on', 'ethnicity'] as const;
/** Statuses that end a registration without another: settled abroad, nationality lost, deleted. */
const endings: readonly string[] = ['4', '6', '7'];

/** What other modules hear of a plan, about one person each. */
function newsOf(acts: readonly PlanAct[]): { name: string; person_id: string; more?: Record<string, unknown> }[] {
  return acts.flatMap((act) => {
    if (act.op === 'set_status' && act.status === '1') return [{ name: 'population.person_died', person_id: act.person_id }];
    if (act.op === 'set_status' && endings.includes(act.status)) return [{ name: 'population.registration_ended', person_id: act.person_id, more: { status: act.status } }];
    const items = act.op === 'renumber' ? ['id_number'] : act.op === 'alter' ? itemsOfIdentity.filter((item) => act.items[item] !== undefined) : [];
    return items.length > 0 && 'person_id' in act ? [{ name: 'population.identity_changed', person_id: act.person_id, more: { items } }] : [];
  });
}

/** Keys under which everybody whose name or birth date the plan sets is found afterwards. */
export async function searchKeysAfter(context: Context, acts: readonly { op: string }[]): Promise<Record<string, NameKeys>> {
  const names = new Map<string, { name: string; former_name: string | null }>();
  const altered = (acts as readonly PlanAct[]).filter((act): act is Alter => act.op === 'alter' && (act.items.name !== undefined || act.items.former_name !== undefined || act.items.birth_on !== undefined));
  if (altered.length > 0) {
    const found = await context.query<{ person_id: string; name: string; former_name: string | null }>(
      'select person_id, name, former_name from population.person where person_id = any($1)', [altered.map((act) => act.person_id)]);
    for (const { person_id, ...name } of found) names.set(person_id, name);
  }
  for (const act of acts as readonly PlanAct[]) {
    if (act.op === 'register_person') names.set(act.person_id, { name: act.name, former_name: act.former_name });
    else if (act.op === 'alter' && altered.includes(act)) {
      const before = names.get(act.person_id);
      if (before === undefined) throw new Refusal('population.person_not_found', { person_id: act.person_id });
      names.set(act.person_id, { name: act.items.name ?? before.name, former_name: act.items.former_name === undefined ? before.former_name : act.items.former_name });
    }
  }
  return Object.fromEntries([...names].map(([person_id, { name, former_name }]) => [person_id, nameKeysOf(name, former_name)]));
}

/**
 * Whom and which households a case must hold a lease on before `applyPlan`: all that the plan changes and does not make
 * itself. Parents and guardians who are only named are not among them, spouses are.
 */
export function subjectsOf(facts: Pick<PeopleFacts, 'persons'>, plan: RegisterPlan): { person_ids: string[]; household_ids: string[] } {
  const persons = new Set<string>();
  const households = new Set<string>();
  const made = new Set(plan.acts.flatMap((act) => (act.op === 'register_person' ? [act.person_id] : act.op === 'found_household' ? [act.household_id] : [])));
  for (const act of plan.acts) {
    if ('person_id' in act) persons.add(act.person_id);
    if ('relative_id' in act && act.kind === 'spouse') persons.add(act.relative_id);
    if ('household_id' in act) households.add(act.household_id);
    if (act.op === 'enter' || act.op === 'leave' || act.op === 'relate') {
      const home = facts.persons.find((person) => person.person_id === act.person_id)?.household_id;
      if (home != null) households.add(home);
    }
  }
  const unmade = (ids: Set<string>): string[] => [...ids].filter((id) => !made.has(id)).sort();
  return { person_ids: unmade(persons), household_ids: unmade(households) };
}
