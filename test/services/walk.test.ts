/** Every service item goes its whole way: entered, decided by each post of its route, carried out, and the register says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/modules/catalogue/index.ts';
import { demoWorld, type World } from '../harness/world.ts';
import { samples } from './samples.ts';
import { enter, expectFree, walk } from './walk.ts';

let world: World;
beforeAll(async () => {
  world = await demoWorld();
});
afterAll(() => world.close());

const services = [...catalogue().services.values()];

describe.each(services.map((service) => [service.code, service.name.zh, service] as const))('%s %s', (code, _name, service) => {
  it('goes from its declaration to its end, and the register says what was decided', async () => {
    const make = samples[code];
    if (make === undefined) throw new Error(`test/services/samples.ts has no sample for service ${code} ${service.name.zh}: add one, with what the register must say at the end`);
    const sample = await make(world);
    const work = await enter(world, code, sample);
    await walk(world, work, sample);
    const row = await work.row();
    expect([row['state'], row['decision']?.outcome]).toEqual(['executed', 'executed']);
    await expectFree(work);
    await sample.effect(world, work);
  });
});
