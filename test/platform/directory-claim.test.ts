import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceLeaving, claimDirectory, releaseDirectory } from '../../src/kernel/directory-claim.ts';
import { findProcess } from '../../src/kernel/living-process.ts';
import type { Refusal } from '../../src/kernel/refusal.ts';

let directory: string;
beforeEach(() => { directory = join(mkdtempSync(join(tmpdir(), 'huzheng-claim-')), 'data'); });
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const codeOf = (attempt: Promise<void>) => attempt.then(() => 'claimed', (error: Refusal) => error.code);

describe('a data directory', () => {
  test('is private and has one user at a time', async () => {
    await claimDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(await codeOf(claimDirectory(directory))).toBe('start.already_running');
    releaseDirectory(directory);
    expect(await codeOf(claimDirectory(directory))).toBe('claimed');
  });

  test('goes to exactly one of many that ask at once', async () => {
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(claimDirectory(directory))));
    expect(codes.filter((code) => code === 'claimed')).toHaveLength(1);
  });

  test('is taken over from a dead user, and from a mark that was cut short', async () => {
    await claimDirectory(directory);
    const mark = join(directory, 'used-by.json');
    writeFileSync(mark, JSON.stringify({ process_id: process.pid, started: 'long ago', leaving: false }));
    expect(await codeOf(claimDirectory(directory))).toBe('claimed');
    writeFileSync(mark, '{"process_id":');
    expect(await codeOf(claimDirectory(directory))).toBe('claimed');
    expect(JSON.parse(readFileSync(mark, 'utf8'))).toMatchObject({ process_id: process.pid });
  });

  test('is waited for while its user is leaving', async () => {
    const leaving = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] });
    await once(leaving, 'spawn');
    await claimDirectory(directory);
    announceLeaving(directory);
    const mark = JSON.parse(readFileSync(join(directory, 'used-by.json'), 'utf8')) as object;
    writeFileSync(join(directory, 'used-by.json'), JSON.stringify({ ...mark, ...findProcess(leaving.pid!) }));

    const next = codeOf(claimDirectory(directory));
    leaving.stdin.end();
    expect(await next).toBe('claimed');
  });

  test('that a file stands in the way of is refused with the system’s reason', async () => {
    writeFileSync(directory, '');
    expect(await codeOf(claimDirectory(directory))).toBe('start.directory_not_writable');
    expect(existsSync(join(directory, 'used-by.json'))).toBe(false);
  });
});
