import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProcess, isAlive, waitUntilEnded, type LivingProcess } from '../../src/kernel/living-process.ts';
import type { Refusal, Text } from '../../src/kernel/refusal.ts';
import { endLeftoverPrograms, makeSupervisor, type ProgramPlan, type Supervisor } from '../../src/programs/demo/processes.ts';

const supervisorModule = join(import.meta.dirname, '../../src/programs/demo/processes.ts');

let directory: string;
let supervisors: Supervisor[];
let said: Text[];
let heard: (() => void)[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'huzheng-supervisor-'));
  supervisors = [];
  said = [];
  heard = [];
});

afterEach(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  rmSync(directory, { recursive: true, force: true });
});

function supervise(): Supervisor {
  const supervisor = makeSupervisor({
    data_directory: directory,
    log_directory: directory,
    pause_ms: 1,
    say: (line) => {
      said.push(line);
      for (const wake of heard.splice(0)) wake();
    },
  });
  supervisors.push(supervisor);
  return supervisor;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((wake) => heard.push(wake));
}

/** A program of the platform in small: reports its process number as address, ends when told or left alone. */
const wellBehaved = `
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  process.send({ ready: true, address: String(process.pid) });
`;

function plan(name: string, text: string): ProgramPlan {
  const file = join(directory, `${name}.mjs`);
  writeFileSync(file, text);
  return { name, command: [file], env: process.env };
}

function processOf(addresses: Map<string, string | undefined>, name: string): LivingProcess {
  return findProcess(Number(addresses.get(name)))!;
}

describe('the supervisor', () => {
  test('waits until every program is ready and hands out their addresses', async () => {
    const addresses = await supervise().start([plan('portal', wellBehaved), plan('office', wellBehaved)]);
    expect([...addresses.keys()]).toEqual(['portal', 'office']);
    expect(processOf(addresses, 'office')).toBeDefined();
  });

  test('starts a program again that dies, and says so in both languages', async () => {
    const addresses = await supervise().start([plan('portal', wellBehaved)]);
    process.kill(processOf(addresses, 'portal').process_id, 'SIGKILL');
    await until(() => said.some(({ en }) => en === 'portal is back'));
    expect(said[0]).toEqual({ zh: 'portal 意外退出(SIGKILL),0.001 秒后重启', en: 'portal ended (SIGKILL), restarting in 0.001 s' });
  });

  test('gives up on a program that never becomes ready, showing the end of its log', async () => {
    const attempt = supervise().start([plan('office', `console.error('the key file is missing'); process.exit(3);`)]);
    const refusal = await attempt.then(() => expect.unreachable(), (error: Refusal) => error);
    expect(refusal.code).toBe('start.program_did_not_start');
    expect(refusal.text.zh).toContain('the key file is missing');
    expect(refusal.text.en).toContain(join(directory, 'office.log'));
  });

  test('leaves no program behind when it stops, not even one that will not listen', async () => {
    const deaf = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ ready: true, address: String(process.pid) });`;
    const supervisor = supervise();
    const addresses = await supervisor.start([plan('portal', wellBehaved), plan('deaf', deaf)]);
    const processes = [processOf(addresses, 'portal'), processOf(addresses, 'deaf')];
    await supervisor.stop(50);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(existsSync(join(directory, 'programs.json'))).toBe(false);
  });

  test('does not start a program again once it is told to stop', async () => {
    const supervisor = supervise();
    await supervisor.start([plan('portal', wellBehaved)]);
    await supervisor.stop();
    expect(said).toEqual([]);
  });

  test('takes its programs along when it is killed, and the next run ends those that stayed', async () => {
    const deaf = `process.on('disconnect', () => {}); setInterval(() => {}, 1000); process.send({ ready: true, address: String(process.pid) });`;
    const plans = [plan('portal', wellBehaved), plan('deaf', deaf)];
    const killed = spawn(process.execPath, ['--input-type=module', '-e', `
      const { makeSupervisor } = await import(${JSON.stringify(supervisorModule)});
      const plans = ${JSON.stringify(plans.map(({ name, command }) => ({ name, command })))}.map((plan) => ({ ...plan, env: process.env }));
      const addresses = await makeSupervisor({ data_directory: ${JSON.stringify(directory)}, log_directory: ${JSON.stringify(directory)}, say: () => {} }).start(plans);
      process.stdout.write(JSON.stringify([...addresses]));
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(killed.stdout!, 'data')) as [Buffer];
    const addresses = new Map<string, string>(JSON.parse(line.toString()));
    const [portal, stayed] = [processOf(addresses, 'portal'), processOf(addresses, 'deaf')];

    killed.kill('SIGKILL');
    expect(await waitUntilEnded([portal], 30_000)).toEqual([]);
    expect(isAlive(stayed)).toBe(true);
    expect(await endLeftoverPrograms(directory)).toBe(1);
    expect(isAlive(stayed)).toBe(false);
    expect(await endLeftoverPrograms(directory)).toBe(0);
  });

  test('gives each program a log of its own that survives restarts', async () => {
    const talkative = `console.log('started'); ${wellBehaved}`;
    const addresses = await supervise().start([plan('portal', talkative)]);
    process.kill(processOf(addresses, 'portal').process_id, 'SIGKILL');
    await until(() => said.some(({ en }) => en === 'portal is back'));
    expect(readFileSync(join(directory, 'portal.log'), 'utf8')).toBe('started\nstarted\n');
  });
});
