/** The planned undo: what a case did goes back, what others built on it stays and is named with its owner. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import { newId, Refusal, type Context } from '../../kernel/index.ts';
import {
  applyPlan, applyUndo, changeMainItems, changeNonMainItems, findBrokenInvariants, findUsedDocuments, getHousehold, getPerson, openLeases, planUndo, recordDeath, releaseLeases, transferPersons,
  type PlanAct, type RegisterPerson, type UndoPlan,
} from './index.ts';

let register: Register;
beforeAll(async () => {
  register = await openRegister();
});
afterAll(async () => {
  expect(await register.asSystem((context) => findBrokenInvariants(context))).toEqual([]);
  await register.close();
});

/** A case of an office over the persons and households named. */
async function inCase<T>(persons: readonly string[], households: readonly string[], work: (context: Context, case_id: string) => Promise<T>): Promise<{ case_id: string; answer: T }> {
  register.clock.advanceMinutes(1);
  const case_id = newId();
  const answer = await register.asSystem(async (context) => {
    await openLeases(context, { case_id, case_no: `办${case_id.slice(-6)}`, kind: 'move', person_ids: persons, household_ids: households, org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
    const done = await work(context, case_id);
    await releaseLeases(context, { case_id });
    return done;
  }, case_id);
  return { case_id, answer };
}
const carryOut = async (persons: readonly string[], households: readonly string[], acts: PlanAct[], reason: string | null = null): Promise<string> =>
  (await inCase(persons, households, (context, case_id) => applyPlan(context, { case_id, at: context.now, reason, range: reason === null ? null : '21', acts }))).case_id;
const plan = (case_id: string): Promise<UndoPlan> => register.asSystem((context) => planUndo(context, { case_id }));
async function undo(of_case_id: string, shown?: UndoPlan): Promise<string> {
  const { digest, subjects } = shown ?? await plan(of_case_id);
  return (await inCase(subjects.person_ids, subjects.household_ids, (context, case_id) => applyUndo(context, { of_case_id, case_id, at: context.now, digest }))).case_id;
}
const refused = (work: Promise<unknown>): Promise<string> => work.then(() => 'nothing was refused', (error: unknown) => {
  if (error instanceof Refusal) return error.code;
  throw error;
});

const family = (): Promise<MadeHousehold> => register.household(stations.daguan, [{ name: '李建国', birth_on: '1970-01-01' }, { name: '王芳', relation: '12', birth_on: '1972-02-02' }, { name: '李小明', relation: '22', birth_on: '2001-03-04' }]);
const ids = (home: MadeHousehold) => home.members.map((member) => member.person_id) as [string, string, string];
const page = (person_id: string, as_of?: string) => register.asSystem((context) => getPerson(context, { person_id, ...(as_of === undefined ? {} : { as_of }) }));
const household = (household_id: string) => register.asSystem((context) => getHousehold(context, { household_id }));
const members = async (household_id: string) => (await household(household_id)).members.map((member) => `${member.name} ${member.relation}`).sort();
const whole = ['李小明 22', '李建国 02', '王芳 12'].sort();

describe('a birth registered by mistake', () => {
  const newborn = (): RegisterPerson => ({ op: 'register_person', person_id: newId(), id_number: null, number_area: '530102', name: '李误登', former_name: null, sex: '1', birth_on: '2026-11-01', ethnicity: '01', birthplace: null, native_place: null, status: '0' });
  const birth = async (home: MadeHousehold, number: string) => {
    const child = newborn();
    const case_id = await carryOut([], [home.household_id], [
      child, { op: 'enter', person_id: child.person_id, household_id: home.household_id, relation: '24' },
      { op: 'link', person_id: child.person_id, relative_id: ids(home)[0], kind: 'father', from_on: child.birth_on }, { op: 'use_document', kind: 'birth_certificate', number },
    ]);
    return { child: child.person_id, case_id };
  };

  it('leaves the household, its parents and the certificate free; record and number stay as voided', async () => {
    const home = await family();
    const { child, case_id } = await birth(home, 'U1');
    const shown = await plan(case_id);
    expect(shown.conflicts).toEqual([]);
    expect(shown.restorable.map((item) => item.what).sort()).toEqual(['document', 'kin', 'place', 'registration']);
    await undo(case_id, shown);
    expect(await members(home.household_id)).toEqual(whole);
    expect(await page(child)).toMatchObject({ status: '8', household: null, relatives: [] });
    expect((await page(ids(home)[0])).relatives).toEqual([]);
    expect(await register.asSystem((context) => findUsedDocuments(context, [{ kind: 'birth_certificate', number: 'U1' }]))).toEqual([]);
    await birth(home, 'U1');
  });

  it('stays when somebody built on the child, and says who', async () => {
    const home = await family();
    const { child, case_id } = await birth(home, 'U2');
    const rename = await carryOut([child], [], [{ op: 'alter', person_id: child, kind: 'change', items: { name: '李正名' }, effective_on: '2026-11-20' }]);
    const shown = await plan(case_id);
    expect(shown.acts).toEqual([]);
    expect(shown.conflicts.map((conflict) => [conflict.what.what, conflict.case_id, conflict.case_no, conflict.owner_org])).toEqual(
      expect.arrayContaining([['registration', rename, `办${rename.slice(-6)}`, stations.daguan], ['place', rename, expect.any(String), stations.daguan]]));
    expect(await refused(undo(case_id))).toBe('population.nothing_to_undo');
  });
});

describe('a move', () => {
  const move = async (home: MadeHousehold, movers: string[], at: { household_id: string } | { new_household: { address_id: string; station_code: string; household_type: string } }, origin: { new_head_id: string; relations: { person_id: string; relation: string }[] } | null) =>
    inCase(movers, [home.household_id, ...('household_id' in at ? [at.household_id] : [])], (context, case_id) => transferPersons(context, {
      case_id, at: context.now, reason: '95', range: '21', movers: movers.map((person_id, n) => ({ person_id, relation: 'household_id' in at ? '97' : n === 0 ? '02' : '97' })), target: at,
      origin_changes: origin === null ? [] : [{ household_id: home.household_id, ...origin }],
    }));
  const founding = { new_household: { address_id: newId(), station_code: stations.panlong, household_type: '1' } };

  it('of the head brings the old head and relations back, closes what it founded, and is a move backwards', async () => {
    const home = await family();
    const [father, mother, son] = ids(home);
    const { case_id, answer } = await move(home, [father], founding, { new_head_id: mother, relations: [{ person_id: son, relation: '20' }] });
    await undo(case_id);
    expect(await members(home.household_id)).toEqual(whole);
    expect((await household(answer.target_household_id)).status).toBe('closed');
    expect((await page(father)).timeline.filter((entry) => entry.kind === 'moved' || entry.kind === 'reversed').map((entry) => entry.kind)).toEqual(['reversed', 'moved']);
    expect((await page(father)).household).toMatchObject({ household_id: home.household_id, station_code: stations.daguan });
  });

  it('of a whole family opens the closed household again', async () => {
    const home = await family();
    const { case_id } = await move(home, ids(home), founding, null);
    expect((await household(home.household_id)).status).toBe('closed');
    await undo(case_id);
    expect((await household(home.household_id)).status).toBe('active');
    expect(await members(home.household_id)).toEqual(whole);
  });

  it('is undone for those who stayed where it put them; who moved on or was followed is named with the case', async () => {
    const [home, target] = [await family(), await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }])];
    const [, mother, son] = ids(home);
    const { case_id } = await move(home, [mother, son], { household_id: target.household_id }, null);
    const onward = await carryOut([son], [target.household_id, home.household_id], [{ op: 'leave', person_id: son }, { op: 'enter', person_id: son, household_id: home.household_id, relation: '29' }]);
    const shown = await plan(case_id);
    expect(shown.conflicts.map(({ what, case_id: by }) => [what.person_id, by])).toEqual([[son, onward]]);
    await undo(case_id, shown);
    expect(await members(home.household_id)).toEqual(['李小明 29', '李建国 02', '王芳 12'].sort());
  });

  it('stays where the household it would return to has another head by now', async () => {
    const [home, target] = [await family(), await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }])];
    const [father, mother, son] = ids(home);
    const { case_id } = await move(home, [son], { household_id: target.household_id }, null);
    const change = await carryOut([father, mother], [home.household_id], [{ op: 'relate', person_id: father, relation: '11' }, { op: 'relate', person_id: mother, relation: '02' }]);
    expect((await plan(case_id)).conflicts).toMatchObject([{ what: { what: 'place', person_id: son }, case_id: change }]);
  });

  it('stays where others joined the household it founded', async () => {
    const [home, friend] = [await family(), await register.household(stations.xiaguan, [{ name: '杨志强', birth_on: '1950-01-01' }])];
    const [, , son] = ids(home);
    const { case_id, answer } = await move(home, [son], founding, null);
    const join = await carryOut([friend.members[0]!.person_id], [friend.household_id, answer.target_household_id], [{ op: 'leave', person_id: friend.members[0]!.person_id }, { op: 'enter', person_id: friend.members[0]!.person_id, household_id: answer.target_household_id, relation: '99' }]);
    expect((await plan(case_id)).conflicts).toMatchObject([{ what: { person_id: son }, case_id: join }]);
  });
});

describe('items', () => {
  it('go back one by one: what was changed again since stays', async () => {
    const [home] = [await family()];
    const [, mother] = ids(home);
    const { case_id } = await inCase([mother], [], (context, case_id) => changeMainItems(context, { case_id, person_id: mother, kind: 'change', items: { name: '王菲', former_name: '王芳', birthplace: '532901' }, effective_on: '2026-11-20' }));
    const again = (await inCase([mother], [], (context, case_id) => changeMainItems(context, { case_id, person_id: mother, kind: 'change', items: { name: '王菲菲' }, effective_on: '2026-11-21' }))).case_id;
    const shown = await plan(case_id);
    expect(shown.restorable.map((item) => item.item).sort()).toEqual(['birthplace', 'former_name']);
    expect(shown.conflicts).toMatchObject([{ what: { item: 'name', before: '王芳', after: '王菲' }, case_id: again }]);
    await undo(case_id, shown);
    expect(await page(mother)).toMatchObject({ name: '王菲菲', former_name: null, birthplace: '530102' });
  });

  it('give the number back to its bearer, and the other to nobody', async () => {
    const home = await family();
    const [father] = ids(home);
    const old = home.members[0]!.id_number;
    const case_id = await carryOut([father], [], [{ op: 'alter', person_id: father, kind: 'correction', items: { birth_on: '1970-01-02' }, effective_on: '1970-01-01' }, { op: 'renumber', person_id: father, id_number: null }]);
    const { rows: [between] } = await register.db.owner.query<{ id_number: string }>('select id_number from population.person where person_id = $1', [father]);
    const undone = await undo(case_id);
    const { rows: [after] } = await register.db.owner.query<{ id_number: string }>('select id_number, birth_on::text from population.person where person_id = $1', [father]);
    expect(after).toEqual({ id_number: old, birth_on: '1970-01-01' });
    expect(await refused(carryOut([father], [], [{ op: 'renumber', person_id: father, id_number: between!.id_number }]))).toBe('population.id_number_taken');
    // The undo is a case like another: it can be undone itself.
    await undo(undone);
    expect((await register.db.owner.query('select id_number from population.person where person_id = $1', [father])).rows).toEqual([between]);
  });

  it('that are not main ones go back too, on the old way as well', async () => {
    const [, mother] = ids(await family());
    const { case_id } = await inCase([mother], [], (context, case_id) => changeNonMainItems(context, { case_id, person_id: mother, items: { phone: '13900000000', workplace: '大观小学' }, effective_on: '2026-11-20' }));
    await undo(case_id);
    expect(await page(mother)).toMatchObject({ phone: null, workplace: null });
  });
});

describe('statuses and households', () => {
  it('a death registered for the wrong person: alive again, at home, married', async () => {
    const home = await family();
    const [father, mother, son] = ids(home);
    await carryOut([father, mother], [], [{ op: 'link', person_id: father, relative_id: mother, kind: 'spouse', from_on: '1995-05-05' }]);
    const { case_id } = await inCase([father], [home.household_id], (context, case_id) => recordDeath(context, {
      case_id, person_id: father, died_on: '2026-11-10', origin_change: { household_id: home.household_id, new_head_id: mother, relations: [{ person_id: son, relation: '22' }] } }));
    await undo(case_id);
    expect(await members(home.household_id)).toEqual(whole);
    expect(await page(father)).toMatchObject({ status: '0', died_on: null, relatives: [{ person_id: mother, kind: 'spouse' }] });
    // In law he never died; that the register said so for a while is in its history.
    expect(await page(father, '2026-11-15')).toMatchObject({ status: '0' });
    expect((await page(father)).versions).toHaveLength(3);
  });

  it('a death stays when the widow has married again: the marriage is named, the rest goes back', async () => {
    const [home, other] = [await family(), await family()];
    const [father, mother] = ids(home);
    await carryOut([father, mother], [], [{ op: 'link', person_id: father, relative_id: mother, kind: 'spouse', from_on: '1995-05-05' }]);
    const case_id = await carryOut([father, mother], [home.household_id], [{ op: 'leave', person_id: father }, { op: 'set_status', person_id: father, status: '1', on: '2026-11-20', died_on: '2026-11-10' }, { op: 'relate', person_id: mother, relation: '02' }]);
    const wedding = await carryOut([mother, ids(other)[0]], [], [{ op: 'link', person_id: mother, relative_id: ids(other)[0], kind: 'spouse', from_on: '2026-11-20' }]);
    const shown = await plan(case_id);
    expect(shown.conflicts.map(({ what, case_id: by }) => [what.what, by])).toEqual([['kin', wedding], ['kin', wedding]]);
    await undo(case_id, shown);
    expect(await page(father)).toMatchObject({ status: '0', relatives: [] });
  });

  it('a changed address goes back, with the members of today', async () => {
    const home = await family();
    const [, , son] = ids(home);
    const address_id = newId();
    const case_id = await carryOut([], [home.household_id], [{ op: 'change_household', household_id: home.household_id, address_id, station_code: stations.huashan }]);
    await carryOut([son], [home.household_id], [{ op: 'relate', person_id: son, relation: '29' }]);
    await undo(case_id);
    const { rows } = await register.db.owner.query('select distinct station_code, address_id from population.person where household_id = $1', [home.household_id]);
    expect(rows).toEqual([{ station_code: stations.daguan, address_id: home.address_id }]);
    expect(await members(home.household_id)).toEqual(['李小明 29', '李建国 02', '王芳 12'].sort());
  });

  it('an undo is the one that was shown, or none', async () => {
    const home = await family();
    const [, mother] = ids(home);
    const case_id = await carryOut([mother], [], [{ op: 'alter', person_id: mother, kind: 'change', items: { name: '王菲', ethnicity: '05' }, effective_on: '2026-11-20' }]);
    const shown = await plan(case_id);
    await carryOut([mother], [], [{ op: 'alter', person_id: mother, kind: 'change', items: { phone: '1' }, effective_on: '2026-11-20' }]);
    expect(await refused(undo(case_id, shown))).toBe('population.undo_changed');
    expect(await page(mother)).toMatchObject({ name: '王菲' });
    await undo(case_id);
    expect(await page(mother)).toMatchObject({ name: '王芳', ethnicity: '01', phone: '1' });
    expect(await refused(undo(case_id))).toBe('population.nothing_to_undo');
  });

  it('an undo needs leases like any other act', async () => {
    const [, mother] = ids(await family());
    const case_id = await carryOut([mother], [], [{ op: 'alter', person_id: mother, kind: 'change', items: { ethnicity: '05' }, effective_on: '2026-11-20' }]);
    const { digest } = await plan(case_id);
    expect(await refused(inCase([], [], (context, by) => applyUndo(context, { of_case_id: case_id, case_id: by, at: context.now, digest })))).toBe('population.lease_missing');
  });
});
