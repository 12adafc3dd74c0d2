import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../kernel/index.ts';
import { loadPopulation } from '../../../modules/population/index.ts';
import { freshDatabase, type FreshDatabase } from '../../../../test/harness/databases.ts';
import { generateStations } from './index.ts';
import { stationsForTests } from './stations-for-tests.ts';

describe('the invented register', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase('police');
  });
  afterAll(() => fresh.close());

  it('is loaded station by station and breaks no rule of the register', async () => {
    const client = await fresh.owner.connect();
    const loaded = { persons: 0, movements: 0 };
    try {
      for (const part of generateStations({ people: 3000, seed: 5, reference_on: '2026-11-01', stations: stationsForTests })) {
        const report = await loadPopulation(client, part, { case_id: newId() });
        loaded.persons += report.persons;
        loaded.movements += report.movements;
      }
      const { rows } = await client.query<{ persons: number; living: number; movements: number }>(
        `select (select count(*)::integer from population.person) as persons,
                (select count(*)::integer from population.membership where upper_inf(period)) as living,
                (select count(*)::integer from population.movement) as movements`,
      );
      expect(rows[0]).toEqual({ ...loaded, living: 3000 });
    } finally {
      client.release();
    }
  });
});
