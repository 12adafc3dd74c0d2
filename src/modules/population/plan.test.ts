/** The general gate: every act of a plan, what it leaves behind, and what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idNumber, openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import { isDemoNumber, validateIdNumber } from '../reference/index.ts';
import {
  applyPlan, factsForPeople, findBrokenInvariants, findUsedDocuments, getHousehold, getPerson, openLeases, previewPlan, releaseLeases, searchPersons, subjectsOf,
  type PlanAct, type PlanOutcome, type RegisterPerson, type RegisterPlan,
} from './index.ts';

let register: Register;
beforeAll(async () => {
  register = await openRegister(16);
});
afterAll(async () => {
  expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
  await register.close();
});

/** A case from lease to release: whoever the plan touches is leased, as `subjectsOf` says. */
async function carryOut(acts: PlanAct[], options: Partial<RegisterPlan> & { unleased?: string; case_id?: string } = {}): Promise<PlanOutcome> {
  const { unleased, case_id = newId(), ...rest } = options;
  const plan: RegisterPlan = { reason: null, range: null, ...rest, acts };
  register.clock.advanceMinutes(1);
  return register.asSystem(async (context) => {
    const facts = await context.query<{ person_id: string; household_id: string | null }>(
      'select person_id, household_id from population.membership where upper_inf(period) and person_id = any($1)', [acts.flatMap((act) => ('person_id' in act ? [act.person_id] : []))]);
    const subjects = subjectsOf({ persons: facts as never }, plan);
    await openLeases(context, {
      case_id, case_no: null, kind: 'move', org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000),
      person_ids: subjects.person_ids.filter((id) => id !== unleased), household_ids: subjects.household_ids.filter((id) => id !== unleased),
    });
    const outcome = await applyPlan(context, { case_id, at: context.now, ...plan });
    await releaseLeases(context, { case_id });
    return outcome;
  }, case_id);
}
const refused = (acts: PlanAct[], options: Parameters<typeof carryOut>[1] = {}): Promise<string> =>
  carryOut(acts, options).then(() => 'nothing was refused', (error: unknown) => {
    if (error instanceof Refusal) return error.code;
    throw error;
  });

const born = (extra: Partial<RegisterPerson> = {}): RegisterPerson => ({
  op: 'register_person', person_id: newId(), id_number: null, number_area: '530102', name: '李新生', former_name: null, sex: '1', birth_on: '2026-11-01', ethnicity: '01',
  birthplace: '530102', native_place: '530102', status: '0', ...extra,
});
const family = (extra: Parameters<Register['household']>[1] = []): Promise<MadeHousehold> =>
  register.household(stations.daguan, [{ name: '李建国', birth_on: '1985-01-01' }, { name: '王芳', relation: '12', birth_on: '1986-02-02' }, ...extra]);
const see = <T>(work: (context: Context) => Promise<T>): Promise<T> => register.asSystem(work);
const page = (person_id: string) => see((context) => getPerson(context, { person_id }));
const members = async (household_id: string) => (await see((context) => getHousehold(context, { household_id }))).members.map(({ name, relation }) => [name, relation]);

describe('a birth', () => {
  it('enters the child with a number of the pool, its parents and its certificate', async () => {
    const home = await family();
    const [father, mother] = home.members;
    const child = born({ name: '李晨曦', sex: '2' });
    const { registered, movements } = await carryOut([
      child, { op: 'enter', person_id: child.person_id, household_id: home.household_id, relation: '31' },
      { op: 'link', person_id: child.person_id, relative_id: father!.person_id, kind: 'father', from_on: child.birth_on },
      { op: 'link', person_id: child.person_id, relative_id: mother!.person_id, kind: 'mother', from_on: child.birth_on },
      { op: 'use_document', kind: 'birth_certificate', number: ' w530 000123' },
    ]);
    const [{ id_number }] = registered as [{ id_number: string }];
    expect(validateIdNumber(id_number, { today: '2026-11-23', birth_on: child.birth_on, sex: '2' })).toEqual([]);
    expect(isDemoNumber(id_number)).toBe(true);
    expect(movements).toEqual([]);
    const shown = await page(child.person_id);
    expect(shown).toMatchObject({ name: '李晨曦', status: '0', synthetic: true, household: { household_id: home.household_id, relation: '31' } });
    expect(shown.relatives.map(({ kind, name }) => [kind, name]).sort()).toEqual([['father', '李建国'], ['mother', '王芳']]);
    expect(shown.versions).toHaveLength(1);
    expect((await see((context) => searchPersons(context, { name: '李晨曦' }))).persons).toHaveLength(1);
    expect(await see((context) => findUsedDocuments(context, [{ kind: 'birth_certificate', number: 'W530000123' }]))).toHaveLength(1);
    const again = born();
    expect(await refused([again, { op: 'enter', person_id: again.person_id, household_id: home.household_id, relation: '29' }, { op: 'use_document', kind: 'birth_certificate', number: 'W530000123' }])).toBe('population.document_used');
  });

  it('gives twins two numbers, and so it does at twenty counters at once', async () => {
    const homes = await Promise.all(Array.from({ length: 10 }, () => family()));
    const outcomes = await Promise.all(homes.map((home) => {
      const twins = [born({ birth_on: '2026-10-10' }), born({ birth_on: '2026-10-10' })];
      return carryOut([...twins, ...twins.map((twin) => ({ op: 'enter' as const, person_id: twin.person_id, household_id: home.household_id, relation: '29' }))]);
    }));
    const numbers = outcomes.flatMap(({ registered }) => registered.map((one) => one.id_number));
    expect(new Set(numbers).size).toBe(20);
    for (const number of numbers) expect(validateIdNumber(number, { today: '2026-11-23', birth_on: '2026-10-10', sex: '1' })).toEqual([]);
  });
});
