/** The four walls of ARCHITECTURE.md, each shown to bite by a planted violation. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { modules, type ModuleName } from '../src/modules.ts';

const root = join(import.meta.dirname, '..');

interface Source {
  path: string;
  text: string;
}

function sources(directory: string, endings: RegExp): Source[] {
  return readdirSync(join(root, directory)).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(join(root, path)).isDirectory()) return name === 'node_modules' ? [] : sources(path, endings);
    return endings.test(name) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
}

/** Import specifiers that stay inside the project, resolved to project paths. Imports of types count too: they are knowledge. */
function importsOf({ path, text }: Source): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => relative(root, join(root, path, '..', match[1]!)));
}

const moduleOf = (path: string): ModuleName | undefined => /^src\/modules\/([a-z]+)\//.exec(path)?.[1] as ModuleName | undefined;
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** Wall 1: through the face only, downwards only, and nothing of business in the kernel or of the server in the web. */
export function importFaults(source: Source): string[] {
  const faults: string[] = [];
  const here = moduleOf(source.path);
  for (const target of importsOf(source)) {
    const there = moduleOf(target);
    if (source.path.startsWith('src/kernel/') && /^src\/(modules|programs)\//.test(target)) faults.push(`${source.path}: the kernel imports ${target}`);
    if (source.path.startsWith('web/') && target.startsWith('src/')) {
      const isContract = /^src\/(modules\/[a-z]+\/(contract|service)\.ts|programs\/[a-z]+\/contract\.ts|kernel\/(operation|refusal)\.ts)$/.test(target);
      if (!isContract && !browserSafe.has(target)) faults.push(`${source.path}: the web imports ${target}`);
    }
    if (there === undefined || here === there) continue;
    if (here !== undefined) {
      if (!(modules[here].uses as readonly string[]).includes(there)) faults.push(`${source.path}: ${here} may not use ${there}`);
      if (target !== `src/modules/${there}/index.ts`) faults.push(`${source.path}: ${target} is not the face of ${there}`);
    } else if (source.path.startsWith('src/programs/') && target !== `src/modules/${there}/index.ts`) {
      faults.push(`${source.path}: ${target} is not the face of ${there}`);
    }
  }
  return faults;
}

/** Pure files without any import of the server, which pages share with it. */
const browserSafe = new Set([
  'src/modules/catalogue/conditions.ts', 'src/modules/catalogue/correction-fields.ts', 'src/modules/catalogue/form.ts', 'src/modules/catalogue/code-options.ts', 'src/modules/reference/id-number.ts', 'src/modules/reference/names.ts',
  'src/modules/catalogue/guide.ts', 'src/modules/reference/relation-codes.ts', 'src/modules/reference/relations.ts',
]);

const schemas = Object.keys(modules);

/** Wall 2: a module names the tables of its own schema only. */
export function schemaFaults({ path, text }: Source): string[] {
  const here = moduleOf(path);
  if (here === undefined || isTest(path)) return [];
  const others = schemas.filter((schema) => schema !== here).join('|');
  const statement = new RegExp(`\\b(from|join|into|update|delete from|table|select|perform)\\s+(?:only\\s+)?(${others})\\.[a-z_]+`, 'gi');
  return [...text.matchAll(statement)].map((match) => `${path}: names ${match[0]}`);
}

function migrationFaults({ path, text }: Source): string[] {
  const own = /_(\w+)\.sql$/.exec(path)?.[1] ?? '';
  const here = schemas.find((schema) => own.startsWith(schema));
  if (here === undefined) return [];
  const others = schemas.filter((schema) => schema !== here).join('|');
  return [...text.matchAll(new RegExp(`\\b(from|join|into|update|table|references)\\s+(${others})\\.[a-z_]+`, 'gi'))].map((match) => `${path}: names ${match[0]}`);
}

/** Wall 3: from a program of the internet no import leads to a module of the police network alone. */
export function zoneFaults(program: string, all: ReadonlyMap<string, Source>): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const source = all.get(path);
    if (source === undefined) return;
    // A dynamic import behind a choice of network is the gate between the zones; it loads one side only.
    const always = { path, text: source.text.replace(/import\('[^']+'\)/g, '') };
    for (const target of importsOf(always)) {
      const there = moduleOf(target);
      if (there !== undefined && !(modules[there].networks as readonly string[]).includes('internet')) faults.push(`${program} reaches ${target} through ${path}`);
      visit(target);
    }
  };
  visit(program);
  return faults;
}

/** Wall 4: every operation says its right, its input and its output. */
export function operationFaults(module: string, contract: Record<string, { permission?: string; why_public?: string; input?: unknown; output?: unknown; summary?: { zh?: string; en?: string } }>): string[] {
  return Object.entries(contract).flatMap(([name, operation]) => {
    const faults: string[] = [];
    if (!operation.permission) faults.push('no permission');
    if (operation.permission === 'public' && !operation.why_public) faults.push('public without a reason');
    if (operation.input === undefined) faults.push('no input');
    if (operation.output === undefined) faults.push('no output');
    if (!operation.summary?.zh || !operation.summary.en) faults.push('no summary in both languages');
    return faults.map((fault) => `${module}.${name}: ${fault}`);
  });
}

const code = [...sources('src', /\.tsx?$/), ...sources('web', /\.tsx?$/)];
const byPath = new Map(code.map((source) => [source.path, source]));
const internetPrograms = ['src/programs/portal.ts'];

test('a module imports another only through its face and only if the map allows it', () => {
  expect(code.filter((source) => !isTest(source.path)).flatMap(importFaults)).toEqual([]);
});

test('the map has no circles: a module uses only modules above it', () => {
  const order = Object.keys(modules);
  for (const [name, { uses }] of Object.entries(modules)) for (const used of uses) expect(order.indexOf(used), `${name} uses ${used}`).toBeLessThan(order.indexOf(name));
});

test('SQL stays home', () => {
  expect(code.flatMap(schemaFaults)).toEqual([]);
  expect(sources('migrations', /\.sql$/).flatMap(migrationFaults)).toEqual([]);
});

test('programs of the internet cannot reach the register', () => {
  expect(internetPrograms.flatMap((program) => zoneFaults(program, byPath))).toEqual([]);
});

test('every operation declares its right, its input and its output', async () => {
  for (const name of Object.keys(modules)) {
    const face = (await import(`../src/modules/${name}/index.ts`)) as Record<string, unknown>;
    for (const [key, contract] of Object.entries(face)) {
      if (/contract$/i.test(key)) expect(operationFaults(name, contract as Parameters<typeof operationFaults>[1])).toEqual([]);
    }
  }
});

test('planted violations are found, one for each wall', () => {
  expect(importFaults({ path: 'src/modules/reference/x.ts', text: `import { a } from '../cases/index.ts';` })).toHaveLength(1);
  expect(importFaults({ path: 'src/modules/cases/x.ts', text: `import { a } from '../population/actions.ts';` })).toHaveLength(1);
  expect(importFaults({ path: 'src/kernel/x.ts', text: `import { a } from '../modules/cases/index.ts';` })).toHaveLength(1);
  expect(importFaults({ path: 'web/office/x.tsx', text: `import { a } from '../../src/modules/cases/actions/accept.ts';` })).toHaveLength(1);
  expect(schemaFaults({ path: 'src/modules/portal/x.ts', text: 'select * from population.person' })).toHaveLength(1);
  expect(migrationFaults({ path: 'migrations/0099_portal.sql', text: 'create table portal.x (y uuid references population.person)' })).toHaveLength(1);
  const planted = new Map(byPath).set('src/programs/portal.ts', { path: 'src/programs/portal.ts', text: `import { x } from '../modules/catalogue/index.ts';\nimport { y } from './planted.ts';` })
    .set('src/programs/planted.ts', { path: 'src/programs/planted.ts', text: `import { z } from '../modules/population/index.ts';` });
  expect(zoneFaults('src/programs/portal.ts', planted).length).toBeGreaterThan(0);
  expect(operationFaults('x', { read: { permission: 'public', input: {}, output: {}, summary: { zh: '读', en: 'read' } } })).toEqual(['x.read: public without a reason']);
});
