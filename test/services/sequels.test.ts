/** What follows upon a matter that was walked: another action of the same service on what the first one left in the register. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoWorld, type World } from '../harness/world.ts';
import { samples } from './samples.ts';
import { enter, walk, type Sample } from './walk.ts';

let world: World;
beforeAll(async () => {
  world = await demoWorld();
});
afterAll(() => world.close());

async function done(code: string, sample: Sample) {
  const work = await enter(world, code, sample);
  await walk(world, work, sample);
  world.clock.advanceMinutes(5);
  return work;
}

const record = async (text: string, ...values: unknown[]): Promise<any> => (await world.police.owner.query(text, values)).rows;

it('a marriage, and its end: both are divorced, and nobody is the other’s spouse', async () => {
  const wedding = await samples['0702']!(world);
  await done('0702', wedding);
  const couple = [wedding.answers['subject_id_number'], wedding.answers['spouse_id_number']];
  const divorce: Sample = { ...wedding, answers: { subject_name: wedding.answers['subject_name'], subject_id_number: couple[0], new_marital_status: '40' } };
  await done('0702', divorce);
  expect((await record('select marital_status from population.person where id_number = any($1)', couple)).map((one: any) => one.marital_status)).toEqual(['40', '40']);
  expect(await record(`select k.* from population.kin_link k join population.person p using (person_id) where p.id_number = any($1) and k.kind = 'spouse' and k.until_on is null`, couple)).toEqual([]);
});

it('the household of a unit is founded, takes another name, and is dissolved when it is empty', async () => {
  const founding = await samples['1201']!(world);
  const household_id = (await (await done('1201', founding)).row())['effect'].founded[0].household_id;
  const of = async () => (await record('select status, unit_name, manager_id from population.household where household_id = $1', household_id))[0];
  const before = await of();

  await done('1201', { ...founding, answers: { ...founding.answers, collective_action: 'change', unit_name: '洱海渔业公司' } });
  expect(await of()).toEqual({ ...before, unit_name: '洱海渔业公司' });

  const { manager_name: _name, manager_id_number: _number, manager_phone: _phone, ...rest } = founding.answers;
  await done('1201', { ...founding, answers: { ...rest, collective_action: 'dissolve' } });
  expect((await of()).status).toBe('closed');
});

it('a head is changed, and changed back: everybody is what he was', async () => {
  const sample = await samples['1104']!(world);
  const [{ household_id }] = await record(`select m.household_id from population.membership m join population.person p using (person_id) where p.id_number = $1 and upper_inf(m.period)`, sample.applicant.id_number);
  const members = () => record('select p.id_number, p.name, m.relation from population.membership m join population.person p using (person_id) where m.household_id = $1 and upper_inf(m.period) order by p.id_number', household_id);
  const before = await members();
  await done('1104', sample);
  expect(await members()).not.toEqual(before);
  const head = before.find((member: any) => member.relation === '02');
  await done('1104', { ...sample, applicant: head, answers: { ...sample.answers, new_head_name: head.name, new_head_id_number: head.id_number, members: before.map(({ name, id_number, relation }: any) => ({ name, id_number, relation })) } });
  expect(await members()).toEqual(before);
});
