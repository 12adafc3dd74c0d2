/**
 * Whether the tests of the law notice small faults: every rule of the cases and every rule about relations is changed
 * in one place at a time, and the tables of tests must fail.
 * `node bench/mutation.ts [--sample N] [--seed N] [--below=src/modules/reference]`
 *
 * A mutant that no test notices has survived and is printed with its place. A test run that hangs counts as noticed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../src/programs/demo/population/random.ts';
import { numberOption } from './parts/figures.ts';
import { mutantsOf, type Mutant } from './parts/mutants.ts';
import type { RunnerOrder } from './parts/mutation-runner.ts';

const project = join(import.meta.dirname, '..');
const sample = numberOption('sample', 400);
const seed = numberOption('seed', 20261122);
const runners = numberOption('runners', 2);
const secondsMax = 60;
const aim = 0.85;

const isRule = (file: string): boolean => file.endsWith('.ts') && !file.endsWith('.test.ts');
const below = process.argv.find((word) => word.startsWith('--below='))?.slice(8) ?? '';
const subjects = [
  ...readdirSync(join(project, 'src/modules/cases/rules')).filter(isRule).map((file) => `src/modules/cases/rules/${file}`),
  'src/modules/reference/relations.ts', 'src/modules/reference/id-number.ts',
].filter((file) => file.startsWith(below));
const tests = ['src/modules/cases/rules/*.test.ts', 'src/modules/reference/relations.test.ts', 'src/modules/reference/id-number.test.ts'].filter((file) => file.startsWith(below));

/** A copy to work on, so that a run that is broken off leaves the project as it was. */
function copyOfProject(): string {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-mutation-'));
  for (const part of ['src', 'test', 'catalogue', 'migrations', 'bench', 'package.json', 'tsconfig.json']) cpSync(join(project, part), join(directory, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

async function startRunner(directory: string): Promise<ChildProcess> {
  const order: RunnerOrder = { directory, tests };
  const runner = fork(join(import.meta.dirname, 'parts/mutation-runner.ts'), [JSON.stringify(order)], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, HUZHENG_LOG: 'off' } });
  const [{ failing }] = (await once(runner, 'message')) as [{ failing: string[] }];
  if (failing.length > 0) throw new Error(`the tests fail before anything was changed: ${failing.join(', ')}`);
  return runner;
}

const all = subjects.flatMap((file) => mutantsOf(file, readFileSync(join(project, file), 'utf8')));
const random = new Random(seed, 'mutants');
const chosen = all.map((mutant) => ({ mutant, at: random.next() })).sort((a, b) => a.at - b.at).slice(0, sample).map(({ mutant }) => mutant);
const waiting = [...chosen];
const survivors: Mutant[] = [];
const tally = new Map<string, { noticed: number; survived: number }>();
let hung = 0;

await Promise.all(Array.from({ length: runners }, async () => {
  const directory = copyOfProject();
  let runner: ChildProcess | undefined;
  try {
    runner = await startRunner(directory);
    for (let mutant = waiting.pop(); mutant !== undefined; mutant = waiting.pop()) {
      runner.send(mutant);
      const told = await Promise.race([
        once(runner, 'message').then(([answer]) => answer as { survived: boolean }),
        pause(secondsMax * 1000, undefined, { ref: false }),
      ]);
      const count = tally.get(mutant.file) ?? { noticed: 0, survived: 0 };
      tally.set(mutant.file, count);
      if (told?.survived) {
        count.survived++;
        survivors.push(mutant);
      } else count.noticed++;
      if (told === undefined) {
        hung++;
        runner.kill('SIGKILL');
        cpSync(join(project, mutant.file), join(directory, mutant.file));
        runner = await startRunner(directory);
      }
    }
  } finally {
    runner?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}));

console.log(`mutation: ${chosen.length} of ${all.length} mutants in ${subjects.length} files, seed ${seed}; ${hung} hung and count as noticed\n`);
for (const [file, { noticed, survived }] of [...tally].sort()) console.log(`${file.padEnd(48)}${String(noticed).padStart(5)} noticed${String(survived).padStart(5)} survived${((noticed / (noticed + survived)) * 100).toFixed(0).padStart(6)} %`);
const noticed = chosen.length - survivors.length;
console.log(`\nnoticed ${noticed} of ${chosen.length}: ${((noticed / chosen.length) * 100).toFixed(1)} % (aim ${aim * 100} %)\n`);
for (const { file, line, before, after } of survivors.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))) console.log(`survived  ${file}:${line}  ${before.replace(/\s+/g, ' ').slice(0, 60)}  →  ${after === '' ? 'left out' : after}`);
