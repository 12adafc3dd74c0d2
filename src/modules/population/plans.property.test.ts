/**
 * Random plans, lawful and unlawful, against a model of plain maps: the same refusals, the same register, and what the
 * officer was shown beforehand is what happened. `HUZHENG_PLAN_ACTS` says how many plans; a seed that failed is given
 * back by `HUZHENG_SEED`.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegister, type Register } from '../../../test/harness/register.ts';
import { judge, membersOf, openLinks, type Model } from '../../../test/harness/register-model.ts';
import { applyInCase, command, openWorld, planFor, readBack, shown, today, type Command } from '../../../test/harness/register-plans.ts';
import { faultsOf, type Kinsman } from '../../../test/harness/household-checker.ts';
import { isDemoNumber, validateIdNumber } from '../reference/index.ts';
import { findBrokenInvariants } from './index.ts';

const plans = Number(process.env['HUZHENG_PLAN_ACTS'] ?? 1500);
const seed = Number(process.env['HUZHENG_SEED'] ?? 20261123);
const plansPerWorld = 50;

let register: Register;
beforeAll(async () => {
  register = await openRegister(16);
});
afterAll(() => register.close());

/** How often each code was given; a run in which nothing is refused or nothing done would prove little. */
const given = new Map<string, number>();

async function run(register: Register, model: Model, asked: Command): Promise<Model> {
  const plan = planFor(model, asked);
  if (plan === undefined) return model;
  const verdict = judge(model, plan, today);
  const applied = await applyInCase(register, model, plan);
  const said = typeof applied === 'string' ? applied : 'done';
  given.set(said, (given.get(said) ?? 0) + 1);
  const context = JSON.stringify({ plan, said, expected: [...verdict.refusals] });
  if (typeof applied === 'string') {
    expect([...verdict.refusals], context).toContain(applied);
    return model;
  }
  expect([...verdict.refusals], context).toEqual([]);
  for (const { person_id, id_number } of applied.outcome.registered) {
    const person = verdict.after.persons.get(person_id)!;
    expect(validateIdNumber(id_number, { today, birth_on: person.birth_on, sex: person.sex }), context).toEqual([]);
    if (person.id_number === null) {
      expect(verdict.after.usedNumbers.has(id_number), context).toBe(false);
      expect(isDemoNumber(id_number), context).toBe(true);
    }
    person.id_number = id_number;
    verdict.after.usedNumbers.add(id_number);
  }
  const founded = applied.outcome.founded.map((one) => one.household_id);
  for (const home of applied.preview) {
    const household_id = home.household_id ?? founded[0]!;
    if (verdict.after.households.get(household_id)!.household_type !== '1') continue;
    expect(home.after.map((member) => `${member.person_id} ${member.relation} ${member.name}`).sort(), context)
      .toEqual(membersOf(verdict.after, household_id).map((member) => `${member.person_id} ${member.relation} ${member.name}`).sort());
    expect(home.closes, context).toBe(verdict.after.households.get(household_id)!.status === 'closed' && model.households.get(household_id)?.status !== 'closed');
  }
  return verdict.after;
}

/** What the slow checker says of the whole: relations and guardians of these random people are left out. */
function structuralFaults(model: Model): unknown[] {
  const people = new Map([...model.persons.values()].map(({ person_id, sex, birth_on }): [string, Kinsman] => {
    const relative = (kind: string) => openLinks(model).find((link) => link.person_id === person_id && link.kind === kind)?.relative_id ?? null;
    return [person_id, { person_id, sex, birth_on, father: relative('father'), mother: relative('mother'), spouse: relative('spouse') }];
  }));
  const households = [...model.households.values()].map((home) => ({ household_id: home.household_id, is_family: home.household_type === '1', is_open: home.status === 'active', members: membersOf(model, home.household_id) }));
  // A changed sex leaves a father a father.
  const leftOut = ['CODE_SEX', 'CODE_AGE', 'CODE_AGAINST_KIN', 'CODE_UNKNOWN', 'MINOR_WITHOUT_GUARDIAN', 'PARENT_SEX'];
  return faultsOf(people, households, today).filter((fault) => !leftOut.includes(fault.rule));
}

/** Worlds of fifty steps each, driven through a register and the model side by side. */
const sideBySide = (register: Register) => fc.asyncProperty(fc.array(command, { minLength: plansPerWorld, maxLength: plansPerWorld }), async (commands) => {
  let model = await openWorld(register);
  for (const asked of commands) model = await run(register, model, asked);
  expect(await register.asSystem((context) => readBack(context.query, model))).toEqual(shown(model));
  expect(structuralFaults(model)).toEqual([]);
});

it(`${plans} plans: the register does what the model says, and refuses what it refuses`, async () => {
  await fc.assert(sideBySide(register), { seed, numRuns: Math.ceil(plans / plansPerWorld), endOnFailure: true });
  expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
  expect(given.get('done') ?? 0, JSON.stringify([...given])).toBeGreaterThan(plans / 3);
  for (const code of ['one_head', 'one_place', 'person_dead', 'kin_conflict', 'status_transition_unlawful', 'household_has_members']) expect(given.get(`population.${code}`) ?? 0, JSON.stringify([...given])).toBeGreaterThan(0);
  if (process.env['HUZHENG_PLAN_ACTS'] !== undefined) console.log(`seed ${seed}:`, Object.fromEntries([...given].sort((a, b) => b[1] - a[1])));
}, 7_200_000);

it.each([
  ['two heads', 'drop index population.household_one_head; drop trigger membership_is_whole on population.membership; drop trigger household_is_whole on population.household'],
  ['any change of a status', `insert into population.status_transition select a::text, b::text, 'change' from generate_series(0, 9) a, generate_series(0, 9) b where a <> b on conflict do nothing`],
  ['a number given twice', 'drop trigger id_number_given_up on population.person; drop trigger id_number_of_new_person on population.person; alter table population.person drop constraint id_number_once'],
])('a register that lets %s through is found out', async (_what, planted) => {
  const broken = await openRegister(4);
  try {
    await broken.db.owner.query(planted);
    const { failed } = await fc.check(sideBySide(broken), { seed: 20261123, numRuns: 20, endOnFailure: true });
    expect(failed).toBe(true);
  } finally {
    await broken.close();
  }
});
