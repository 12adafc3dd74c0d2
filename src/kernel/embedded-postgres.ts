/**
 * A real PostgreSQL beside the program, for the first start, the demo bureau and the tests.
 * It listens on a socket in a private directory and nowhere else, so it needs no password and
 * no port. Production uses servers of its own (DATABASE_URL_POLICE, DATABASE_URL_INTERNET).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Socket } from 'node:net';
import { getInstallation, type Installation } from './embedded-postgres/installation.ts';
import { stopLeftoverServer } from './embedded-postgres/leftovers.ts';
import { getServerAccount, type ServerAccount } from './embedded-postgres/server-account.ts';
import { makeSocketDirectory, socketPort } from './embedded-postgres/socket-directory.ts';
import { claimDirectory, releaseDirectory } from './directory-claim.ts';
import { diskFull, refuseFullDisk } from './free-disk.ts';
import { openLogFile, readLines, type LogFile } from './log-file.ts';
import { cannotStart } from './start-refusals.ts';
import type { Text } from './refusal.ts';

export interface EmbeddedPostgresOptions {
  /** Holds data/, socket/ and log/; made if missing. */
  directory: string;
  /** The role that owns everything; `postgres` if not said. Only the first start can choose it. */
  superuser?: string;
  /** Server settings over {@link settingsOfSmallMachine}; tests switch fsync off. */
  settings?: Record<string, string>;
  /** Below this many free bytes the server is not started. */
  free_bytes_min?: number;
  /** Told what takes time or was mended. */
  log?: (line: Text) => void;
}

export interface EmbeddedPostgres {
  socket_directory: string;
  /** Names the socket's file; nothing listens on the network. */
  port: number;
  process_id: number;
  /** Address of one of its databases for pg, psql and the programs. */
  url(database: string): string;
  /** Fast shutdown: open transactions are rolled back, a checkpoint is written. */
  stop(): Promise<void>;
  /** Settles when the server has ended, whether by stop() or by itself. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Serves two cores and a few gigabytes; durable (fsync, synchronous commit) because a demo's data are kept too. */
export const settingsOfSmallMachine: Record<string, string> = {
  shared_buffers: '256MB',
  max_connections: '100',
  synchronous_commit: 'on',
  fsync: 'on',
  wal_compression: 'on',
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'Asia/Shanghai',
  log_timezone: 'Asia/Shanghai',
};

/**
 * Starts the server on `directory`, making the database cluster at the first start and mending
 * what a killed run left behind. When this process ends in whatever way, the server ends too.
 * @throws Refusal start.* with a sentence for the operator
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const log = options.log ?? (() => {});
  const settings = { ...settingsOfSmallMachine, ...options.settings };
  const superuser = options.superuser ?? 'postgres';

  const installation = getInstallation();
  await claimDirectory(directory);
  try {
    refuseFullDisk(directory, options.free_bytes_min);
    const dataDirectory = join(directory, 'data');
    const socketDirectory = await makeSocketDirectory(directory);
    const logFile = openLogFile(join(directory, 'log', 'postgres.log'));
    const account = getServerAccount(installation.postgres, directory);
    chownSync(socketDirectory, account.owner_uid, account.gid ?? process.getgid!());

    if (existsSync(dataDirectory)) {
      refuseOtherVersion(dataDirectory, installation);
      const leftover = await stopLeftoverServer(dataDirectory);
      if (leftover !== undefined) {
        log({ zh: `已停止上次运行留下的数据库进程 ${leftover.process_id}`, en: `stopped the database process ${leftover.process_id} left by an earlier run` });
      }
    } else {
      log({ zh: '首次启动,建立数据库', en: 'first start, making the database' });
      makeCluster({ dataDirectory, installation, account, superuser, durable: settings['fsync'] !== 'off', logFile });
    }
    // A killed server leaves its socket with its number, which may be another program's by now. Ours is the only server here.
    for (const file of readdirSync(socketDirectory)) rmSync(join(socketDirectory, file));

    const server = launch({ dataDirectory, socketDirectory, installation, account, settings, logFile });
    const watcher = watch(server, account);
    const ended = endOf(server, watcher, directory);
    await becomeReady(server, ended, dataDirectory, logFile, log);
    // A program that has nothing else to do may end; its database then ends with it.
    server.unref();
    watcher.unref();
    (watcher.stdin as Socket).unref();
    return {
      socket_directory: socketDirectory,
      port: socketPort,
      process_id: server.pid!,
      url: (database) => `postgresql://${encodeURIComponent(superuser)}@localhost/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDirectory)}&port=${socketPort}`,
      stop: async () => {
        server.ref();
        server.kill('SIGINT');
        await ended;
      },
      ended,
    };
  } catch (error) {
    releaseDirectory(directory);
    throw error;
  }
}

function refuseOtherVersion(dataDirectory: string, installation: Installation): void {
  const found = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim();
  if (found !== installation.major_version) {
    throw cannotStart('wrong_data_version', { directory: dataDirectory, found, needed: installation.major_version });
  }
}

/** The sentence for what the server's log says. */
function failureOf(log: LogFile, directory: string): Error {
  const lines = readLines(log);
  const text = lines.join('\n');
  if (text.includes('No space left on device')) return diskFull(directory, 0);
  const memory = lines.find((line) => /Cannot allocate memory|out of memory|could not map anonymous shared memory/i.test(line));
  if (memory !== undefined) return cannotStart('out_of_memory', { reason: memory });
  return cannotStart('database_did_not_start', { log_file: log.path, log_lines: lines.slice(-12).join('\n') });
}

interface Cluster {
  dataDirectory: string;
  installation: Installation;
  account: ServerAccount;
  logFile: LogFile;
}

/** Makes the cluster beside its place and moves it there when whole, so that a half-made one is never taken for data. */
function makeCluster({ dataDirectory, installation, account, superuser, durable, logFile }: Cluster & { superuser: string; durable: boolean }): void {
  const draft = `${dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  // Case and word rules come from the server itself (C.UTF-8): with --locale=C pg_trgm finds nothing in Chinese text.
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const [command, ...words] = [
    ...account.prefix, installation.initdb, '--pgdata', draft, '--username', superuser, '--auth-local=trust', '--auth-host=reject',
    '--encoding=UTF8', `--locale=${locale}`, '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const made = spawnSync(command!, words, { uid: account.uid, gid: account.gid, env: serverEnvironment(), cwd: '/', stdio: ['ignore', logFile.descriptor, logFile.descriptor] });
  if (made.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw failureOf(logFile, dataDirectory);
  }
  renameSync(draft, dataDirectory);
}

function launch({ dataDirectory, socketDirectory, installation, account, settings, logFile }: Cluster & { socketDirectory: string; settings: Record<string, string> }): ChildProcess {
  const [command, ...words] = [
    ...account.prefix, installation.postgres, '-D', dataDirectory, '-k', socketDirectory, '-p', String(socketPort), '-c', 'listen_addresses=',
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  return spawn(command!, words, {
    uid: account.uid, gid: account.gid, env: serverEnvironment(), cwd: '/',
    // Ctrl-C reaches the whole terminal group; the server must outlive the programs that still write to it.
    detached: true,
    stdio: ['ignore', logFile.descriptor, logFile.descriptor],
  });
}

/**
 * Ends the server when we are killed: a shell waits on a pipe that this process holds, and when the
 * pipe closes without a word it orders a fast shutdown. A word means that the server has ended.
 */
function watch(server: ChildProcess, account: ServerAccount): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', 'read -r word || kill -INT "$1"', 'sh', String(server.pid)], {
    uid: account.uid, gid: account.gid, env: serverEnvironment(), cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.stdin!.on('error', () => {}); // Somebody ended the watcher; the next start then does its work.
  return watcher;
}

/** PGPORT, PGHOST and their kin in our environment would steer the server too. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_MESSAGES: 'C', TZ: 'Asia/Shanghai' };
}

async function endOf(server: ChildProcess, watcher: ChildProcess, directory: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const watcherEnd = once(watcher, 'exit');
  const [code, signal] = (await once(server, 'exit')) as [number | null, NodeJS.Signals | null];
  watcher.ref();
  watcher.stdin!.end('ended\n');
  await watcherEnd;
  releaseDirectory(directory);
  return { code, signal };
}

/** Waits for the state the server writes into its own file, as pg_ctl does. Recovery may take as long as it takes. */
async function becomeReady(server: ChildProcess, ended: Promise<unknown>, dataDirectory: string, logFile: LogFile, log: (line: Text) => void): Promise<void> {
  let over = false;
  void ended.then(() => { over = true; });
  const begun = Date.now();
  let told = false;
  while (!isReady(join(dataDirectory, 'postmaster.pid'), server.pid!)) {
    if (over) throw failureOf(logFile, dataDirectory);
    if (!told && Date.now() - begun > 5000) {
      told = true;
      log({ zh: '数据库正在从上次意外停止中恢复,请稍候', en: 'the database is recovering from an unclean stop, please wait' });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  closeSync(logFile.descriptor);
}

function isReady(file: string, processId: number): boolean {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return Number(lines[0]) === processId && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
