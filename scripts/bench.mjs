/** `npm run bench`: installs what is missing, then runs every measurement in bench/, or those named. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, prepare, project, run } from './prepare.mjs';

const directory = join(project, 'bench');
const known = existsSync(directory) ? readdirSync(directory).filter((file) => /^[a-z0-9-]+\.ts$/.test(file)).map((file) => file.slice(0, -3)).sort() : [];
const words = process.argv.slice(2);
const named = words.filter((word) => known.includes(word));
const options = words.filter((word) => word.startsWith('-'));
const unknown = words.find((word) => !named.includes(word) && !options.includes(word));
if (unknown !== undefined) giveUp(`没有名为 ${unknown} 的测量。可选:${known.join('、')}`, `There is no measurement called ${unknown}. Known: ${known.join(', ')}`);

const node = await prepare();
for (const name of named.length > 0 ? named : known) {
  const code = await run(node, [join('bench', `${name}.ts`), ...options]);
  if (code !== 0) process.exitCode = code;
}
