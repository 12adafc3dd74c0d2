/** `npm test`: installs what is missing, checks the types, runs the tests. Words behind `--` go to vitest. */
import { prepare, run, say } from './prepare.mjs';

const node = await prepare();
const types = await run(node, ['node_modules/typescript/bin/tsc', '--noEmit']);
const words = process.argv.slice(2);
// The fault tests take many minutes and are asked for by name: npm run test:faults
const projects = words.some((word) => word.startsWith('--project')) ? [] : ['--project=!faults'];
const tests = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...projects, ...words]);
// Said last, or it would be lost above the report of the tests.
if (types !== 0) say('类型检查未通过,见最上方。', 'The type check failed; see the top of this output.');
process.exitCode = tests || types;
