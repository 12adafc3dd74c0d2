/** Runs the tests over one mutant after another and tells of each whether a test noticed. A child of bench/mutation.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { startVitest } from 'vitest/node';
import type { Mutant } from './mutants.ts';

export interface RunnerOrder {
  directory: string;
  tests: readonly string[];
}

const { directory, tests } = JSON.parse(process.argv[2]!) as RunnerOrder;
const silent = { onInit() {} };
const vitest = await startVitest('test', [], {
  root: directory, config: false, watch: true, include: [...tests], reporters: [silent], isolate: false, fileParallelism: false, pool: 'threads', testTimeout: 10_000, bail: 1, passWithNoTests: true,
} as never);

/** @returns the files whose tests do not pass on what the files hold now */
async function failing(): Promise<string[]> {
  const specifications = await vitest.globTestSpecifications();
  if (specifications.length === 0) throw new Error('no tests were found');
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, true);
  return [...testModules.filter((module) => !module.ok()).map((module) => relative(directory, module.moduleId)), ...unhandledErrors.map(String)];
}

process.send!({ failing: await failing() });
process.on('message', (mutant: Mutant) => {
  void (async () => {
    const path = join(directory, mutant.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, source.slice(0, mutant.start) + mutant.after + source.slice(mutant.end));
    vitest.invalidateFile(path);
    const survived = await failing().then((files) => files.length === 0, () => false);
    writeFileSync(path, source);
    vitest.invalidateFile(path);
    process.send!({ survived });
  })();
});
process.on('disconnect', () => process.exit(0));
