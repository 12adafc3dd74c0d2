/** Every service refuses what its preconditions forbid: the rule is named to the officer, and nothing is registered. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/modules/catalogue/index.ts';
import { CaseAtWork, postAt } from '../harness/case-at-work.ts';
import { demoWorld, type World } from '../harness/world.ts';
import { samples } from './samples.ts';
import { forgotten, spoilers } from './spoilers.ts';
import { enter, tryToEnter, type Sample } from './walk.ts';

let world: World;
beforeAll(async () => {
  world = await demoWorld();
  // Some case lies in the books from the beginning: holds name the case in which they were registered.
  await enter(world, '0703', await samples['0703']!(world));
});
afterAll(() => world.close());

const first = new Set(['accept', 'execute_instant']);

interface View {
  checks: { rule: string; passed: boolean; on_fail: string; finding: { zh: string } | null }[];
}

it('no rule is forgotten: it is spoiled here, or it stands on the list of those that tables try', () => {
  expect(forgotten()).toEqual([]);
});

describe.each([...catalogue().services.values()].filter((service) => first.has(service.route[0]!.act)).map((service) => [service.code, service.name.zh, service] as const))('%s %s', (code, _name, service) => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await samples[code]!(world);
  });
  const tried = service.preconditions.filter((one) => one.at.includes('accept') && spoilers[one.rule] !== undefined);

  it.for(tried.map((one) => [one.rule, one.on_fail] as const))('%s: %s', async ([rule, on_fail], { skip }) => {
    const spoiled = await spoilers[rule]!(world, sample, service);
    if (spoiled === null) return skip('this sample cannot be spoiled so');
    try {
      const answer = await tryToEnter(world, code, spoiled.sample, spoiled.without);
      // The form itself, or the office, may say no before there is a case.
      if (answer.status !== 200) return expect([409, 422]).toContain(answer.status);
      const work = new CaseAtWork(world, answer.body);
      const row = await work.row();
      const desk = await postAt(world, row['waiting_role'], row['waiting_org']);
      const found = (await work.view<View>(desk)).checks.find((check) => check.rule === rule);
      expect(found).toMatchObject({ passed: false, on_fail });
      const act = await work.try(desk, row['waiting_act'] === 'accept' ? 'accept' : 'execute');
      if (on_fail === 'escalate' || on_fail === 'notify') {
        // Nobody is refused for it, but the county decides, or the paper that would settle it is missing.
        if (act.status === 200) expect((await work.steps()).filter((step) => step['act'] === 'approve').some((step) => step['level'] !== 'STATION')).toBe(on_fail === 'escalate');
        else expect(['cases.materials_missing', 'cases.precondition_failed', 'population.under_lease']).toContain(act.body.code);
      } else {
        expect(act.status).toBeGreaterThanOrEqual(409);
        if (act.body.code === 'cases.precondition_failed') expect(act.body.facts!['rules']).toContain(rule);
        else expect(act.body.code).toBe('cases.materials_missing');
      }
      const { rows: [written] } = await world.police.owner.query(
        `select (select count(*) from population.person where case_id = $1) + (select count(*) from population.membership where case_id = $1) + (select count(*) from population.alteration where case_id = $1)
           + (select count(*) from population.kin_link where case_id = $1) + (select count(*) from population.movement where case_id = $1) as rows`, [work.id]);
      expect(Number(written.rows)).toBe(0);
      // Whoever it held for the county is free for the next.
      if (act.status === 200) await world.police.owner.query(`update population.lease set released_at = opened_at, release_reason = 'done' where case_id = $1 and released_at is null`, [work.id]);
    } finally {
      await spoiled.undo?.();
    }
  });
});
