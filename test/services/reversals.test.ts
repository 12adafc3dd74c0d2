/** What was registered by mistake goes back on the same day, as a whole, by whoever decided. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postAt, type CaseAtWork } from '../harness/case-at-work.ts';
import { demoWorld, type World } from '../harness/world.ts';
import { samples } from './samples.ts';
import { enter, walk } from './walk.ts';

let world: World;
beforeAll(async () => {
  world = await demoWorld();
});
afterAll(() => world.close());

/** Everything that the register says now of the people whom a sample names. */
async function recordOf(numbers: readonly string[]): Promise<unknown> {
  const { rows } = await world.police.owner.query(
    `select p.person_id, p.id_number, p.name, p.former_name, p.sex, p.birth_on::text as birth_on, p.status, p.died_on::text as died_on, m.relation, m.household_id, h.status as household_status,
       (select json_agg(json_build_object('kind', k.kind, 'relative', k.relative_id) order by k.kind) from population.kin_link k where k.person_id = p.person_id and k.until_on is null) as kin
     from population.person p left join population.membership m on m.person_id = p.person_id and upper_inf(m.period) left join population.household h on h.household_id = m.household_id where p.person_id = any($1::uuid[]) order by p.person_id`, [numbers]);
  return rows;
}

async function peopleOf(work: CaseAtWork): Promise<string[]> {
  const row = await work.row();
  const { rows } = await world.police.owner.query<{ person_id: string }>(
    `select distinct m.person_id from population.membership m where upper_inf(m.period) and m.household_id in (select p.household_id from population.person p join cases.party c using (person_id) where c.case_id = $1)
     union select person_id from cases.party where case_id = $1`, [row['case_id']]);
  return rows.map((one) => one.person_id);
}

describe.each(['0101', '0201', '0601', '0603', '0801', '1102', '1104'])('%s', (code) => {
  it('is reversed: everybody is as before, and who was entered is in the register no more', async () => {
    const sample = await samples[code]!(world);
    const work = await enter(world, code, sample);
    const people = await peopleOf(work);
    const before = await recordOf(people);
    await walk(world, work, sample);
    expect(await recordOf(people)).not.toEqual(code === '0101' ? null : before);
    world.clock.advanceMinutes(5);
    const decided = (await work.steps()).findLast((step) => ['approve', 'execute_instant'].includes(step['act']));
    await work.act(await postAt(world, decided!['act'] === 'approve' ? decided!['role'] : 'station_chief', decided!['org_code']), 'reverse', { reason: '录入错误,当日冲销。' });
    expect(work.now.state).toBe('terminated');
    expect(await recordOf(people)).toEqual(before);
    const { rows } = await world.police.owner.query(`select status from population.person where case_id = $1 and person_id <> all($2::uuid[])`, [work.id, people]);
    expect(rows).toEqual(code === '0101' ? [{ status: '8' }] : []);
    expect(await work.leases()).toBe(0);
  });
});

