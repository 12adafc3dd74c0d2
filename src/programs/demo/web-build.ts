/** The web pages are built when what they are made of has changed: told by contents, not by file times. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cannotStart } from '../../kernel/start-refusals.ts';

/** Contracts, field types and catalogue are built into the pages; taking all of src costs milliseconds and forgets nothing. */
const sources = ['web', 'src', 'catalogue', 'scripts/build-web.mjs', 'package-lock.json'];
const mark = 'build/web-sources.sha256';

/**
 * Runs scripts/build-web.mjs where needed.
 * @param signal ends the build early
 * @returns whether it was built now
 * @throws Refusal start.web_build_failed
 */
export async function buildWeb(project: string, signal: AbortSignal): Promise<boolean> {
  const hash = hashSources(project);
  const markFile = join(project, mark);
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === hash) return false;

  rmSync(markFile, { force: true });
  const { code, said } = await runBuild(project, signal);
  if (code !== 0) throw cannotStart('web_build_failed', { lines: said.trim().split('\n').slice(-12).join('\n') });
  mkdirSync(dirname(markFile), { recursive: true });
  writeFileSync(markFile, hash);
  return true;
}

function hashSources(project: string): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => listFiles(project, source))) {
    hash.update(file).update('\0').update(readFileSync(join(project, file))).update('\0');
  }
  return hash.digest('hex');
}

function listFiles(project: string, path: string): string[] {
  const full = join(project, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1)).sort();
}

function runBuild(project: string, signal: AbortSignal): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const build = spawn(process.execPath, ['scripts/build-web.mjs'], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], signal });
    let said = '';
    for (const stream of [build.stdout, build.stderr]) stream.on('data', (piece: Buffer) => { said += piece.toString(); });
    build.on('error', (error) => { said += error.message; });
    build.on('close', (code) => resolve({ code, said }));
  });
}
