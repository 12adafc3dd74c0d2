/** Random plans over a small register, lawful and unlawful, and the register read back as the model would say it. */
import fc from 'fast-check';
import { newId, Refusal, type Context } from '../../src/kernel/index.ts';
import {
  applyPlan, factsForPeople, openLeases, previewPlan, releaseLeases, subjectsOf, type HouseholdPreview, type PlanAct, type PlanOutcome, type RegisterPlan,
} from '../../src/modules/population/index.ts';
import { idNumber, stations, type Register } from './register.ts';
import { emptyModel, membersOf, openLinks, type Model, type ModelPerson } from './register-model.ts';

const allStations = Object.values(stations);
const births = ['1938-02-03', '1941-07-08', '1961-01-02', '1963-04-05', '1964-08-09', '1988-03-04', '1990-05-06', '1991-11-12', '2012-06-07', '2015-08-09', '2018-10-11', '2021-12-13'];

/** Six families of one to five members, some of them kin, and a collective household of four. */
export async function openWorld(register: Register): Promise<Model> {
  const model = emptyModel();
  const sizes = [1, 2, 3, 4, 5, 3, 4];
  for (const [at, size] of sizes.entries()) {
    const household_type = at === sizes.length - 1 ? '2' : '1';
    const station = allStations[at % allStations.length]!;
    const made = await register.household(station, Array.from({ length: size }, (_, n) => ({
      name: `赵${'甲乙丙丁戊'[n]}${'子丑寅卯辰巳午'[at]}`, birth_on: births[(at + n * 4) % births.length]!, sex: (at + n) % 2 === 0 ? '1' as const : '2' as const, relation: household_type === '2' ? '99' : n === 0 ? '02' : '97',
    })), { household_type });
    model.households.set(made.household_id, { household_id: made.household_id, household_type, station_code: station, address_id: made.address_id, unit_name: null, manager_id: null, status: 'active' });
    for (const member of made.members) {
      model.usedNumbers.add(member.id_number);
      model.persons.set(member.person_id, {
        person_id: member.person_id, name: member.name, former_name: null, sex: member.sex, birth_on: member.birth_on, ethnicity: '01', birthplace: '530102', native_place: '530102', phone: null,
        id_number: member.id_number, number_for: member.birth_on + member.sex, status: '0', died_on: null, household_id: made.household_id, relation: member.relation, is_placed_once: true,
      });
    }
  }
  return model;
}

/** One step of a history before it is known what it meets: what is to be done, and numbers to choose with. */
export const command = fc.record({
  kind: fc.oneof(
    ...([['birth', 5], ['move', 6], ['split', 4], ['merge', 2], ['head', 4], ['death', 2], ['depart', 3], ['return', 4], ['alter', 5], ['identity', 3], ['marry', 3], ['divorce', 2], ['guardian', 2], ['parent', 2],
      ['collective', 2], ['relocate', 2], ['raise', 1], ['status', 3], ['chaos', 8]] as const).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind) }))),
  a: fc.nat(9999), b: fc.nat(9999), c: fc.nat(9999), d: fc.nat(9999),
  /** Now and then the plan is spoiled: an act left out, doubled, or put elsewhere. */
  fault: fc.oneof({ weight: 8, arbitrary: fc.constant('none' as const) }, { weight: 1, arbitrary: fc.constant('omit' as const) }, { weight: 1, arbitrary: fc.constant('double' as const) }, { weight: 1, arbitrary: fc.constant('swap' as const) }),
});
export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

export const today = '2026-11-23';
const pick = <T>(list: readonly T[], at: number): T | undefined => (list.length === 0 ? undefined : list[at % list.length]);
const sexes = ['1', '2'] as const;

/** The plan a step makes of the register as it is; nothing when there is nobody to do it with. */
export function planFor(model: Model, { kind, a, b, c, d, fault }: Command): RegisterPlan | undefined {
  const acts = actsFor(model, kind, a, b, c, d);
  if (acts === undefined || acts.length === 0) return undefined;
  const at = d % acts.length;
  if (fault === 'omit') acts.splice(at, 1);
  else if (fault === 'double' && acts[at]!.op !== 'register_person' && acts[at]!.op !== 'found_household') acts.splice(at, 0, acts[at]!);
  else if (fault === 'swap' && acts.length > 1) [acts[at], acts[(at + 1) % acts.length]] = [acts[(at + 1) % acts.length]!, acts[at]!];
  const migrates = ['move', 'split', 'merge', 'depart', 'return'].includes(kind);
  return acts.length === 0 ? undefined : { reason: migrates ? '95' : null, range: migrates ? '21' : null, acts };
}

function actsFor(model: Model, kind: Command['kind'], a: number, b: number, c: number, d: number): PlanAct[] | undefined {
  const everybody = [...model.persons.values()];
  const here = everybody.filter((person) => person.household_id !== null);
  const gone = everybody.filter((person) => person.household_id === null);
  const families = [...model.households.values()].filter((home) => home.household_type === '1' && home.status === 'active');
  const open = [...model.households.values()].filter((home) => home.status === 'active');
  const someone = pick(here, a);
  const founded = newId();
  const found = (): PlanAct => ({ op: 'found_household', household_id: founded, address_id: newId(), station_code: allStations[b % allStations.length]!, household_type: '1' });
  /** Who follows as head where one leaves. */
  const follow = (household_id: string, leaving: readonly ModelPerson[]): PlanAct[] => {
    const members = membersOf(model, household_id);
    const staying = members.filter((member) => !leaving.includes(member));
    const needsHead = model.households.get(household_id)?.household_type === '1' && staying.length > 0 && !staying.some((member) => member.relation === '02');
    return needsHead ? staying.map((member, at) => ({ op: 'relate', person_id: member.person_id, relation: at === d % staying.length ? '02' : '97' })) : [];
  };
  const leave = (person: ModelPerson): PlanAct => ({ op: 'leave', person_id: person.person_id });

  switch (kind) {
    case 'birth': {
      const home = pick(families, a);
      if (home === undefined) return undefined;
      const child = newId();
      // Now and then with a number that is somebody's, or was, and would fit.
      const taken = c % 5 === 0 ? [...model.usedNumbers][d % model.usedNumbers.size]! : null;
      const [sex, birth_on] = taken === null
        ? [sexes[b % 2]!, `2026-${String(1 + (c % 10)).padStart(2, '0')}-15`] as const
        : [Number(taken[16]) % 2 === 1 ? '1' : '2', `${taken.slice(6, 10)}-${taken.slice(10, 12)}-${taken.slice(12, 14)}`] as const;
      const parent = taken === null ? pick(membersOf(model, home.household_id), d) : undefined;
      return [
        { op: 'register_person', person_id: child, id_number: taken ?? (c % 3 === 0 ? idNumber(birth_on, sex) : null), number_area: '530102', name: `赵新${String.fromCodePoint(0x4e00 + (a % 400))}`, former_name: null, sex, birth_on,
          ethnicity: '01', birthplace: '530102', native_place: '530102', status: '0' },
        { op: 'enter', person_id: child, household_id: home.household_id, relation: '97' },
        ...(parent === undefined ? [] : [{ op: 'link' as const, person_id: child, relative_id: parent.person_id, kind: parent.sex === '1' ? 'father' as const : 'mother' as const, from_on: birth_on }]),
        { op: 'use_document', kind: 'birth_certificate', number: `W${home.household_id.slice(-6)}${c % 4}`.toUpperCase() },
      ];
    }
    case 'move': {
      const home = someone === undefined ? undefined : model.households.get(someone.household_id!);
      const target = pick(open.filter((other) => other !== home), b);
      if (someone === undefined || home === undefined || target === undefined) return undefined;
      const movers = [someone, ...membersOf(model, home.household_id).filter((member) => member !== someone)].slice(0, 1 + (c % 4));
      return [...movers.flatMap((mover): PlanAct[] => [leave(mover), { op: 'enter', person_id: mover.person_id, household_id: target.household_id, relation: target.household_type === '1' ? '97' : '99' }]), ...follow(home.household_id, movers)];
    }
    case 'split': {
      if (someone === undefined) return undefined;
      const movers = [someone, ...membersOf(model, someone.household_id!).filter((member) => member !== someone)].slice(0, 1 + (c % 3));
      return [found(), ...movers.flatMap((mover, at): PlanAct[] => [leave(mover), { op: 'enter', person_id: mover.person_id, household_id: founded, relation: at === 0 ? '02' : '97' }]), ...follow(someone.household_id!, movers)];
    }
    case 'merge': {
      const [from, to] = [pick(families, a), pick(families, a + 1 + (b % Math.max(1, families.length - 1)))];
      if (from === undefined || to === undefined || from === to) return undefined;
      return membersOf(model, from.household_id).flatMap((member): PlanAct[] => [leave(member), { op: 'enter', person_id: member.person_id, household_id: to.household_id, relation: '97' }]);
    }
    case 'head': {
      const home = pick(families, a);
      if (home === undefined) return undefined;
      const members = membersOf(model, home.household_id);
      return members.map((member, at) => ({ op: 'relate', person_id: member.person_id, relation: at === b % members.length ? '02' : ['97', '10', '99'][c % 3]! }));
    }
    case 'death':
      return someone === undefined ? undefined : [leave(someone), { op: 'set_status', person_id: someone.person_id, status: '1', on: today, died_on: ['2026-11-20', '1950-01-01', '2027-01-01'][c % 7 > 1 ? 0 : c % 3]!, reason_code: '1' }, ...follow(someone.household_id!, [someone])];
    case 'depart':
      return someone === undefined ? undefined : [leave(someone), { op: 'set_status', person_id: someone.person_id, status: pick(['2', '3', '4', '5', '6', '7', '9'], b)!, on: today }, ...follow(someone.household_id!, [someone])];
    case 'return':
    case 'raise': {
      const back = pick(kind === 'raise' ? gone.filter((person) => person.status === '1' || person.status === '7') : gone, a);
      if (back === undefined) return undefined;
      const target = pick(open, b);
      if (c % 3 === 0 || target === undefined) return [{ op: 'set_status', person_id: back.person_id, status: '0', on: today, ...(kind === 'raise' ? { kind: 'correction' as const } : {}) }, found(), { op: 'enter', person_id: back.person_id, household_id: founded, relation: '02' }];
      return [{ op: 'set_status', person_id: back.person_id, status: pick(['0', '0', '0', '2', '7'], d)!, on: today, ...(kind === 'raise' ? { kind: 'correction' as const } : {}) }, { op: 'enter', person_id: back.person_id, household_id: target.household_id, relation: '97' }];
    }
    case 'status': {
      const person = pick(gone, a);
      return person === undefined ? undefined : [{ op: 'set_status', person_id: person.person_id, status: String(b % 10), on: today, ...(b % 10 === 1 ? { died_on: '2026-11-01' } : {}), ...(c % 2 === 0 ? { kind: 'correction' as const } : {}) }];
    }
    case 'alter': {
      const person = pick(everybody, a);
      if (person === undefined) return undefined;
      const items = [{ name: `赵改${String.fromCodePoint(0x4e00 + (b % 500))}`, former_name: person.name }, { ethnicity: pick(['01', '05', '08', '25'], b)! }, { birthplace: pick(['530102', '530103', '532901'], b)! }, { native_place: pick(['530102', '320100'], b)! }, { phone: `1390000${String(b).padStart(4, '0')}` }][c % 5]!;
      return [{ op: 'alter', person_id: person.person_id, kind: d % 3 === 0 ? 'correction' : 'change', items, effective_on: today }];
    }
    case 'identity': {
      const person = pick(everybody, a);
      if (person === undefined) return undefined;
      const kindOf = d % 3 === 0 ? 'correction' as const : 'change' as const;
      const alter: PlanAct = { op: 'alter', person_id: person.person_id, kind: kindOf, items: c % 2 === 0 ? { sex: sexes[b % 2]! } : { birth_on: births[b % births.length]! }, effective_on: today };
      return [alter, { op: 'renumber', person_id: person.person_id, id_number: null }];
    }
    case 'marry':
    case 'divorce': {
      if (kind === 'divorce') {
        const link = pick(openLinks(model).filter((one) => one.kind === 'spouse'), a);
        return link === undefined ? undefined : [{ op: 'unlink', person_id: link.person_id, relative_id: link.relative_id, kind: 'spouse', until_on: b % 9 === 0 ? '2001-01-01' : today }];
      }
      const [one, other] = [pick(everybody, a), pick(everybody, b)];
      return one === undefined || other === undefined ? undefined : [{ op: 'link', person_id: one.person_id, relative_id: other.person_id, kind: 'spouse', from_on: '2020-05-20' }];
    }
    case 'guardian':
    case 'parent': {
      const [one, other] = [pick(everybody, a), pick(everybody, b)];
      if (one === undefined || other === undefined) return undefined;
      return [{ op: 'link', person_id: one.person_id, relative_id: other.person_id, kind: kind === 'guardian' ? 'guardian' : pick(['father', 'mother'] as const, c)!, from_on: '2022-03-01' }];
    }
    case 'collective': {
      const home = pick([...model.households.values()].filter((one) => one.household_type !== '1'), a);
      const manager = pick(everybody, b);
      if (c % 3 === 0) return [{ op: 'found_household', household_id: founded, address_id: newId(), station_code: allStations[b % allStations.length]!, household_type: '3', unit_name: '云岭中学', manager_id: manager?.person_id ?? null }];
      if (home === undefined) return undefined;
      return c % 3 === 1 ? [{ op: 'close_household', household_id: home.household_id }] : [{ op: 'change_household', household_id: home.household_id, unit_name: `单位${d}`, manager_id: manager?.person_id ?? null }];
    }
    case 'relocate': {
      const home = pick([...model.households.values()], a);
      return home === undefined ? undefined : [{ op: 'change_household', household_id: home.household_id, ...(b % 2 === 0 ? { address_id: newId() } : {}), ...(c % 2 === 0 ? { station_code: allStations[d % allStations.length]! } : {}), ...(d % 11 === 0 ? { unit_name: '不该有' } : {}) }];
    }
    case 'chaos': {
      const home = pick([...model.households.values()], b);
      const person = pick(everybody, a);
      if (home === undefined || person === undefined) return undefined;
      const wild: PlanAct[] = [
        leave(person), { op: 'enter', person_id: person.person_id, household_id: home.household_id, relation: pick(['02', '97'], c)! }, { op: 'relate', person_id: person.person_id, relation: pick(['02', '97'], d)! },
        { op: 'set_status', person_id: person.person_id, status: String(c % 10), on: today, ...(c % 10 === 1 ? { died_on: '2026-11-01' } : {}), ...(d % 2 === 0 ? { kind: 'correction' as const } : {}) },
        { op: 'close_household', household_id: home.household_id }, { op: 'renumber', person_id: person.person_id, id_number: d % 3 === 0 ? pick([...model.usedNumbers].filter((number) => number.slice(6, 14) === person.birth_on.replaceAll('-', '')), b) ?? null : null },
        { op: 'alter', person_id: person.person_id, kind: 'change', items: { sex: sexes[c % 2]! }, effective_on: today }, { op: 'enter', person_id: newId(), household_id: home.household_id, relation: '97' },
        { op: 'leave', person_id: pick(everybody, d)!.person_id }, { op: 'enter', person_id: person.person_id, household_id: newId(), relation: '97' },
      ];
      return [pick(wild, c)!, pick(wild, d)!, pick(wild, a)!].slice(0, 1 + (b % 3));
    }
  }
}

/** Everybody the plan names and the members of every household it names. */
function namedBy(plan: RegisterPlan): { person_ids: string[]; household_ids: string[] } {
  const made = new Set(plan.acts.flatMap((act) => (act.op === 'register_person' ? [act.person_id] : act.op === 'found_household' ? [act.household_id] : [])));
  const persons = plan.acts.flatMap((act) => [...('person_id' in act ? [act.person_id] : []), ...('relative_id' in act ? [act.relative_id] : [])]);
  const households = plan.acts.flatMap((act) => ('household_id' in act ? [act.household_id] : []));
  return { person_ids: [...new Set(persons)].filter((id) => !made.has(id)), household_ids: [...new Set(households)].filter((id) => !made.has(id)) };
}

export interface Applied {
  outcome: PlanOutcome;
  preview: HouseholdPreview[];
}

/** One case from lease to release in one transaction. @returns what it did, or the code of the refusal */
export async function applyInCase(register: Register, model: Model, plan: RegisterPlan, case_id = newId()): Promise<Applied | string> {
  register.clock.advanceMinutes(1);
  const named = namedBy(plan);
  const known = { person_ids: named.person_ids.filter((id) => model.persons.has(id)), household_ids: named.household_ids.filter((id) => model.households.has(id)) };
  return register.asSystem(async (context: Context) => {
    const facts = await factsForPeople(context, known);
    const subjects = subjectsOf(facts, plan);
    await openLeases(context, {
      case_id, case_no: `办${case_id.slice(-6)}`, kind: 'move', org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000),
      person_ids: subjects.person_ids.filter((id) => model.persons.has(id)), household_ids: subjects.household_ids.filter((id) => model.households.has(id)),
    });
    const outcome = await applyPlan(context, { case_id, at: context.now, ...plan });
    await releaseLeases(context, { case_id });
    return { outcome, preview: previewPlan(facts, plan) };
  }, case_id).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  });
}

/** The state of a model in comparable form. */
export function shown(model: Model): Record<string, unknown> {
  return {
    persons: [...model.persons.values()].map(({ is_placed_once: _, number_for: __, ...person }) => person).sort(byKey('person_id')),
    households: [...model.households.values()].sort(byKey('household_id')),
    links: model.links.map((link) => Object.values(link).join(' ')).sort(),
  };
}
const byKey = <K extends string>(key: K) => (one: Record<K, string>, other: Record<K, string>): number => (one[key] < other[key] ? -1 : 1);

/** The same, read from the database: persons and households of one world. */
export async function readBack(query: Context['query'], model: Model): Promise<Record<string, unknown>> {
  const [persons, households] = [[...model.persons.keys()], [...model.households.keys()]];
  const [row] = await query<{ persons: Array<{ person_id: string }> | null; households: Array<{ household_id: string }> | null; links: string[] | null; strays: number }>(
    `select
       (select json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'former_name', p.former_name, 'sex', p.sex, 'birth_on', p.birth_on, 'ethnicity', p.ethnicity, 'birthplace', p.birthplace,
          'native_place', p.native_place, 'phone', p.phone, 'id_number', p.id_number, 'status', p.status, 'died_on', p.died_on, 'household_id', m.household_id, 'relation', m.relation))
        from population.person p left join population.membership m on m.person_id = p.person_id and upper_inf(m.period) where p.person_id = any ($1)) as persons,
       (select json_agg(json_build_object('household_id', h.household_id, 'household_type', h.household_type, 'station_code', h.station_code, 'address_id', h.address_id, 'unit_name', h.unit_name,
          'manager_id', h.manager_id, 'status', h.status)) from population.household h where h.household_id = any ($2)) as households,
       (select json_agg(concat_ws(' ', k.person_id, k.relative_id, k.kind, k.from_on, coalesce(k.until_on::text, ''))) from population.kin_link k where k.person_id = any ($1)) as links,
       (select count(*)::int from population.person p join population.household h on h.household_id = p.household_id
        where p.person_id = any ($1) and p.status = '0' and (p.station_code, p.address_id) is distinct from (h.station_code, h.address_id)) as strays`, [persons, households]);
  if (row!.strays > 0) throw new Error(`${row!.strays} persons are not where their household is`);
  return {
    persons: (row!.persons ?? []).sort(byKey('person_id')), households: (row!.households ?? []).sort(byKey('household_id')), links: (row!.links ?? []).sort(),
  };
}
