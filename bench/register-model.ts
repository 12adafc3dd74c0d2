/**
 * The register at length against its model, and histories undone: the property tests of population in another size.
 * `node bench/register-model.ts [--plans N] [--histories N] [--seed N]`
 *
 * Every plan is a case of its own, from lease to release, in PostgreSQL. It prints how many were carried out and how
 * many refused by which rule; a difference ends the run with the seed and the plan. The same tests plant faults in a
 * register and must find them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { numberOption } from './parts/figures.ts';

const project = join(import.meta.dirname, '..');
const tests = ['src/modules/population/plans.property.test.ts', 'src/modules/population/undo.property.test.ts', 'src/modules/reference/relations.property.test.ts'];
const vitest = spawn(process.execPath, [join(project, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'huzheng', ...tests], {
  cwd: project, stdio: 'inherit',
  env: {
    ...process.env, HUZHENG_PLAN_ACTS: String(numberOption('plans', 100_000)), HUZHENG_UNDO_HISTORIES: String(numberOption('histories', 200)), HUZHENG_FAMILIES: String(numberOption('families', 20_000)),
    HUZHENG_SEED: String(numberOption('seed', 20261122)),
  },
});
const [code] = (await once(vitest, 'exit')) as [number | null];
process.exitCode = code ?? 1;
