/**
 * Random histories, and every case of each undone in turn: what is restored is as before the case, what is not is as it
 * was, and where nothing conflicts the register equals the one in which the case never was.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegister, stations, type Register } from '../../../test/harness/register.ts';
import { copyOf, judge, openLinks, type Model } from '../../../test/harness/register-model.ts';
import { applyInCase, command, openWorld, planFor, readBack, shown, today } from '../../../test/harness/register-plans.ts';
import { newId } from '../../kernel/index.ts';
import { applyUndo, openLeases, planUndo, type RegisterPlan, type UndoPlan } from './index.ts';

const histories = Number(process.env['HUZHENG_UNDO_HISTORIES'] ?? 6);
const seed = Number(process.env['HUZHENG_SEED'] ?? 20261122);
const actsPerHistory = 50;

let register: Register;
beforeAll(async () => {
  register = await openRegister(16);
});
afterAll(() => register.close());

interface Step {
  case_id: string;
  plan: RegisterPlan;
  numbers: Map<string, string>;
}

/** The model with what a lawful plan does; the numbers are those the register gave. Nothing when it would be refused. */
function after(model: Model, { plan, numbers }: Pick<Step, 'plan' | 'numbers'>): Model | undefined {
  const verdict = judge(model, plan, today);
  if (verdict.refusals.size > 0) return undefined;
  for (const [person_id, number] of numbers) {
    verdict.after.persons.get(person_id)!.id_number = number;
    verdict.after.usedNumbers.add(number);
  }
  return verdict.after;
}

class RolledBack extends Error {
  readonly seen: { plan: UndoPlan; state: Record<string, unknown> };
  constructor(seen: RolledBack['seen']) {
    super('rolled back');
    this.seen = seen;
  }
}

/** Undoes a case, lets every wall speak, looks, and takes it back. */
async function lookAtUndo(of_case_id: string, model: Model): Promise<RolledBack['seen']> {
  register.clock.advanceMinutes(1);
  const case_id = newId();
  return register.asSystem(async (context) => {
    const plan = await planUndo(context, { case_id: of_case_id });
    if (plan.acts.length > 0) {
      await openLeases(context, { case_id, case_no: null, kind: 'move', ...plan.subjects, org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
      await applyUndo(context, { of_case_id, case_id, at: context.now, digest: plan.digest });
      await context.query('set constraints all immediate');
    }
    throw new RolledBack({ plan, state: await readBack(context.query, model) });
  }, case_id).catch((error: unknown) => {
    if (error instanceof RolledBack) return error.seen;
    throw error;
  });
}

/** What the plan of the undo promises, done to the model: each thing named goes back to what it was before. */
function restored(final: Model, before: Model, undo: UndoPlan): Model {
  const model = copyOf(final);
  for (const { what, person_id, household_id, item, before: value } of undo.restorable) {
    const person = person_id === null ? undefined : model.persons.get(person_id);
    const old = person_id === null ? undefined : before.persons.get(person_id);
    if (what === 'place') Object.assign(person!, { household_id: old?.household_id ?? null, relation: old?.relation ?? null });
    else if (what === 'registration') Object.assign(person!, { status: '8', died_on: null });
    else if (what === 'status') Object.assign(person!, { status: value, died_on: old!.died_on });
    else if (what === 'item' || what === 'number') Object.assign(person!, { [item!]: value });
    else if (what === 'household' && item !== 'status' && item !== 'unit_code') Object.assign(model.households.get(household_id!)!, { [item!]: value });
    else if (what === 'household' && item === 'status') model.households.get(household_id!)!.status = value === 'active' ? 'active' : 'closed';
  }
  for (const home of model.households.values()) {
    if (home.household_type === '1') home.status = [...model.persons.values()].some((person) => person.household_id === home.household_id) ? 'active' : 'closed';
  }
  return model;
}

/**
 * Whether a plan confirms what is so by the case undone and would not be so without it. A confirmation leaves no trace
 * in the register, so nobody can be found to have built on it.
 */
function confirms(before: Model, after: Model, never: Model, plan: RegisterPlan): boolean {
  const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  return plan.acts.some((act) => {
    if (act.op === 'relate' || act.op === 'enter') {
      const place = (model: Model) => [model.persons.get(act.person_id)?.household_id, model.persons.get(act.person_id)?.relation];
      return !differ(place(before), place(after)) && differ(place(before), place(never));
    }
    if (act.op === 'alter') {
      return Object.entries(act.items).some(([item, value]) => before.persons.get(act.person_id)?.[item as 'name'] === value && differ(never.persons.get(act.person_id)?.[item as 'name'], value));
    }
    if (act.op === 'change_household') {
      const columns = ['address_id', 'station_code', 'unit_name', 'manager_id'] as const;
      return columns.some((column) => act[column] !== undefined && act[column] === before.households.get(act.household_id)?.[column] && differ(never.households.get(act.household_id)?.[column], act[column]));
    }
    return false;
  });
}

const people = (state: Record<string, unknown>) => state['persons'] as Array<{ person_id: string; status: string }>;
const homes = (state: Record<string, unknown>) => state['households'] as Array<{ household_id: string }>;
const linksOf = (model: Model): string[] => openLinks(model).map((link) => `${link.person_id} ${link.relative_id} ${link.kind}`).sort();
const openLinksIn = (state: Record<string, unknown>): string[] => (state['links'] as string[]).filter((link) => link.split(' ')[4] === '').map((link) => link.split(' ').slice(0, 3).join(' ')).sort();

const counted = { undone: 0, whole: 0, as_if_never: 0, with_conflicts: 0, nothing_left: 0 };

it(`${histories} histories of ${actsPerHistory} acts: any of them is undone as far as nothing was built on it`, async () => {
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: actsPerHistory, maxLength: actsPerHistory }), async (commands) => {
    const first = await openWorld(register);
    const steps: Step[] = [];
    const models: Model[] = [first];
    for (const asked of commands) {
      const plan = planFor(models.at(-1)!, asked);
      if (plan === undefined) continue;
      const case_id = newId();
      const applied = await applyInCase(register, models.at(-1)!, plan, case_id);
      if (typeof applied === 'string') continue;
      const step = { case_id, plan, numbers: new Map(applied.outcome.registered.map((one) => [one.person_id, one.id_number])) };
      steps.push(step);
      models.push(after(models.at(-1)!, step)!);
    }
    const final = models.at(-1)!;
    for (const [at, step] of steps.entries()) {
      const { plan, state } = await lookAtUndo(step.case_id, final);
      const told = JSON.stringify({ undone: step.plan, restorable: plan.restorable, conflicts: plan.conflicts, later: steps.slice(at + 1).map((one) => ({ case_id: one.case_id, acts: one.plan.acts })) });
      counted.undone++;

      // What is named as restorable is as before, everything else as it was.
      const expected = shown(restored(final, models[at]!, plan));
      expect(people(state), told).toEqual(people(expected));
      expect(homes(state), told).toEqual(homes(expected));

      // Who stands in the way came later and is named with number and office, if it held a lease. A manager may have been
      // gone before.
      for (const { what, case_id, case_no, owner_org } of plan.conflicts) {
        const owner = steps.findIndex((one) => one.case_id === case_id);
        expect(owner > at || (what.item === 'manager_id' && owner >= 0), told).toBe(true);
        const isLeased = steps[owner]!.plan.acts.some((act) => act.op !== 'found_household');
        expect([case_no, owner_org], told).toEqual(isLeased ? [`办${case_id.slice(-6)}`, stations.daguan] : [null, null]);
      }

      // The history without it.
      if (plan.conflicts.length > 0) {
        counted.with_conflicts++;
        if (plan.acts.length === 0) counted.nothing_left++;
        continue;
      }
      counted.whole++;
      let never: Model | undefined = models[at]!;
      for (const [behind, other] of steps.slice(at + 1).entries()) {
        never = never === undefined || confirms(models[at + 1 + behind]!, models[at + 2 + behind]!, never, other.plan) ? undefined : after(never, other);
      }
      // A later act that would have been refused, or would have changed more, had the case never been, belongs to
      // another history.
      if (never === undefined) continue;
      counted.as_if_never++;
      const as = shown(never);
      expect(people(state).filter((person) => never.persons.has(person.person_id)), told).toEqual(people(as));
      expect(people(state).filter((person) => !never.persons.has(person.person_id)).every((person) => person.status === '8'), told).toBe(true);
      expect(homes(state).filter((home) => never.households.has(home.household_id)), told).toEqual(homes(as));
      expect(openLinksIn(state), told).toEqual(linksOf(never));
    }
  }), { seed, numRuns: histories, endOnFailure: true });
  if (process.env['HUZHENG_UNDO_HISTORIES'] !== undefined) console.log(`seed ${seed}:`, counted);
  expect(counted.as_if_never, JSON.stringify(counted)).toBeGreaterThan(counted.undone / 5);
  expect(counted.with_conflicts, JSON.stringify(counted)).toBeGreaterThan(counted.undone / 10);
}, 3_600_000);
