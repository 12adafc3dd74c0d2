/** What a station would decide alone goes to the county when a finding asks for it, and the county can decide it: the post it waits for holds the right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/modules/catalogue/index.ts';
import { postAt } from '../harness/case-at-work.ts';
import { demoWorld, type World } from '../harness/world.ts';
import { samples } from './samples.ts';
import { spoilers, type Spoiled } from './spoilers.ts';
import { enter, walk, type Sample } from './walk.ts';

let world: World;
beforeAll(async () => {
  world = await demoWorld();
  await enter(world, '0703', await samples['0703']!(world));
});
afterAll(() => world.close());

const decidedByStation = [...catalogue().services.values()].filter((service) => service.preconditions.some((one) => one.rule === 'no_lawful_hold' && one.on_fail === 'escalate')
  && !service.route.some((step) => step.act === 'approve' && step.level !== 'STATION'));

/** A newborn is under no hold yet: a child of the same name, sex and day is registered already. */
async function sameChild(sample: Sample): Promise<Spoiled> {
  await walk(world, await enter(world, '0101', sample), sample);
  return { sample: { ...sample, answers: { ...sample.answers, child_birth_certificate_no: 'R530999998' } } };
}

it('twenty services are decided by a station alone, and can be raised', () => {
  expect(decidedByStation.map((service) => service.code)).toHaveLength(20);
});

describe.each(decidedByStation.map((service) => [service.code, service.name.zh, service] as const))('%s %s', (code, _name, service) => {
  it('what stands in the way is put to the county, which decides; the station registers', async ({ skip }) => {
    const sample = await samples[code]!(world);
    const held = code === '0101' ? await sameChild(sample) : await spoilers.no_lawful_hold!(world, sample, service);
    if (held === null) return skip('the sample names nobody of the register');
    try {
      const work = await enter(world, code, held.sample);
      const row = await work.row();
      if (row['waiting_act'] === 'execute_instant') await work.act(await postAt(world, row['waiting_role'], row['waiting_org']), 'execute');
      await walk(world, work, sample);
      const steps = await work.steps();
      expect(steps.filter((step) => step['act'] === 'approve').map((step) => [step['role'], step['level'], step['state']])).toEqual([['county_section_chief', 'COUNTY', 'done']]);
      expect(work.now.state).toBe('executed');
    } finally {
      await held.undo?.();
    }
  });
});
