/**
 * `npm run build:web`: builds the citizens' pages, the officers' workstation and the phone of a round into build/, each only when
 * what it is made of has changed. Each build notes the contents it was made from, so that an unchanged one is
 * recognised in milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { project } from './prepare.mjs';

const { build } = await import('vite');
const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** What every build depends on beside its own sources. */
const always = ['package-lock.json', 'scripts/build-web.mjs', 'tsconfig.json'];

/** Notes the files that went into a build. */
function watchInputs(inputs) {
  return {
    name: 'huzheng-inputs',
    load(id) {
      const file = id.split('?')[0];
      if (file.startsWith(project) && !file.includes('/node_modules/') && existsSync(file)) inputs.add(relative(project, file));
      return null;
    },
  };
}

/** Style sheets draw in others without asking for them by name; a folder stands for all its files. */
function filesUnder(folder) {
  if (/\.tsx?$/.test(folder)) return [folder];
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name)).map((entry) => relative(project, join(entry.parentPath, entry.name)));
}

function isUnchanged(mark) {
  try {
    const noted = JSON.parse(readFileSync(mark, 'utf8'));
    return Object.entries(noted).every(([file, hash]) => digest(join(project, file)) === hash);
  } catch {
    return false;
  }
}

/** Runs a build unless its inputs are as they were. */
async function unlessUnchanged(name, folders, work) {
  const mark = join(project, 'build', `${name}.inputs.json`);
  if (isUnchanged(mark)) return;
  rmSync(mark, { force: true });
  const inputs = new Set([...always, ...folders.flatMap(filesUnder)]);
  await work(watchInputs(inputs));
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, JSON.stringify(Object.fromEntries([...inputs].sort().map((file) => [file, digest(join(project, file))])), null, 1));
}

/** Compressed once here instead of at every request. */
function compress(directory) {
  for (const file of readdirSync(directory).filter((one) => /\.(css|js)$/.test(one))) {
    const bytes = readFileSync(join(directory, file));
    writeFileSync(join(directory, `${file}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    writeFileSync(join(directory, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

await unlessUnchanged('portal', ['web/kit', 'web/portal'], async (plugin) => {
  const { assets, pages } = await import('../web/vite.config.ts');
  await build({ ...assets, plugins: [plugin] });
  await build({ ...pages, plugins: [plugin] });
  const manifest = JSON.parse(readFileSync(join(project, 'build/portal/assets/.vite/manifest.json'), 'utf8'));
  const nameOf = (entry) => `/assets/${manifest[entry].file}`;
  writeFileSync(join(project, 'build/portal/assets.json'), JSON.stringify({ style: nameOf('styles.css'), script: nameOf('enhance.ts') }));
  compress(join(project, 'build/portal/assets'));
});

if (existsSync(join(project, 'web/office/vite.config.ts'))) {
  await unlessUnchanged('office', ['web/kit', 'web/office'], async (plugin) => {
    await build({ configFile: join(project, 'web/office/vite.config.ts'), plugins: [plugin], logLevel: 'warn' });
  });
}

// The phone of a round takes its session and its language from the workstation's parts.
await unlessUnchanged('field', ['web/kit', 'web/field', 'web/office/preferences.ts'], async (plugin) => {
  await build({ configFile: join(project, 'web/field/vite.config.ts'), plugins: [plugin], logLevel: 'warn' });
});
