/** The nightly look whether what the walls make impossible has happened all the same. */
import type { Context } from '../../kernel/context.ts';
import type { Job } from '../../kernel/jobs.ts';
import { log } from '../../kernel/log.ts';

/** So many broken rows are named; the first of them already calls for a person. */
const NAMED_MAX = 100;

export interface BrokenInvariant {
  /** Name of the wall, as in errors.ts. */
  wall: string;
  subject_id: string;
}

/** Rows that break an invariant of the register; normally none. */
export function findBrokenInvariants(context: Context): Promise<BrokenInvariant[]> {
  return context.query<BrokenInvariant>(`select wall, subject_id from population.broken_invariants() order by wall, subject_id limit ${NAMED_MAX}`);
}

export const jobs: readonly Job[] = [
  {
    name: 'population.check_invariants',
    every_seconds: 86_400,
    async run(context) {
      const broken = await findBrokenInvariants(context);
      if (broken.length === 0) return;
      log('error', 'invariants of the register are broken', { count: broken.length, walls: [...new Set(broken.map((row) => row.wall))] });
      context.emit('population.invariant_broken', { broken });
    },
  },
];
