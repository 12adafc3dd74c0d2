/** Has the web pages built; the build itself knows what has changed and is done in a moment if nothing has. */
import { spawn } from 'node:child_process';
import { cannotStart } from '../../kernel/start-refusals.ts';

/**
 * @param signal ends the build early
 * @throws Refusal start.web_build_failed
 */
export async function buildWeb(project: string, signal: AbortSignal): Promise<void> {
  const { code, said } = await runBuild(project, signal);
  if (code !== 0) throw cannotStart('web_build_failed', { lines: said.trim().split('\n').slice(-20).join('\n') });
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
