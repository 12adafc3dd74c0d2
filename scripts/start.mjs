/** `npm start`: installs what is missing, then starts the demo bureau. Options: npm start -- --help */
import { prepare, run } from './prepare.mjs';

const node = await prepare();
process.exitCode = await run(node, ['src/programs/demo.ts', ...process.argv.slice(2)], { channel: true });
