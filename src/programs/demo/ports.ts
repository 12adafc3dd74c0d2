/** Ports are tried before anything is started, so that the operator hears of a clash at once and by name. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { readCommand } from '../../kernel/living-process.ts';
import type { Text } from '../../kernel/refusal.ts';
import { cannotStart } from '../../kernel/start-refusals.ts';

export interface WantedPort {
  port: number;
  /** The option that changes it. */
  option: string;
  what: Text;
}

/** @throws Refusal start.port_in_use, start.port_forbidden */
export async function refuseTakenPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const [index, want] of wanted.entries()) {
    const facts = { port: want.port, option: want.option, what_zh: want.what.zh, what_en: want.what.en, other_port: want.port < 1024 ? 8080 + index : want.port + 100 };
    const twin = wanted.slice(0, index).find(({ port }) => port === want.port);
    if (twin !== undefined) throw portInUse(facts, twin.option);
    const obstacle = await tryPort(want.port);
    if (obstacle === 'EACCES') throw cannotStart('port_forbidden', facts);
    if (obstacle !== undefined) throw portInUse(facts, findHolder(want.port));
  }
}

function portInUse(facts: Record<string, unknown>, holder: string | undefined): Error {
  return cannotStart('port_in_use', { ...facts, holder_zh: holder ?? '其他账户的程序', holder_en: holder ?? 'a program of another account' });
}

/** Both ways of listening: on all addresses, and on this machine alone (another program may hold just one). */
async function tryPort(port: number): Promise<string | undefined> {
  return (await tryAddress(port, undefined)) ?? (await tryAddress(port, '127.0.0.1'));
}

function tryAddress(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

/** Who listens on a port, as far as the system tells this account (Linux only). */
function findHolder(port: number): string | undefined {
  try {
    const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listListeners(table, port)));
    const processId = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).find((entry) => holdsOne(entry, sockets));
    return processId === undefined ? undefined : `${readCommand(Number(processId))?.trim().slice(0, 120)} (pid ${processId})`;
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets that listen (state 0A) on a port, from the kernel's table. */
function listListeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[1]?.endsWith(suffix) && cells[3] === '0A').map((cells) => `socket:[${cells[9]}]`);
}

function holdsOne(processId: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${processId}/fd`).some((descriptor) => {
      try {
        return sockets.has(readlinkSync(`/proc/${processId}/fd/${descriptor}`));
      } catch {
        return false; // Closed meanwhile.
      }
    });
  } catch {
    return false; // Of another account.
  }
}
