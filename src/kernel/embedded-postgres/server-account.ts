/**
 * As whom the server runs. PostgreSQL refuses root; root therefore steps into a user namespace of
 * its own (files stay root's), and where those are refused lends the directory to an ordinary account.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { accountName, listAccounts, type Account } from '../accounts-of-system.ts';
import { isClaimed } from '../directory-claim.ts';
import { cannotStart } from '../start-refusals.ts';

export interface ServerAccount {
  /** Words to put before a command. */
  prefix: readonly string[];
  /** Set when the command must run as another account. */
  uid?: number;
  gid?: number;
  /** Who will own the files. */
  owner_uid: number;
}

/**
 * Chooses the account, lending `directory` to it where needed.
 * @throws Refusal start.directory_of_another_account, start.root_cannot_run_database, start.account_without_name, start.binaries_unusable
 */
export function getServerAccount(postgres: string, directory: string): ServerAccount {
  const self = process.getuid!();
  const owner = statSync(directory).uid;
  return self === 0 ? accountForRoot(postgres, directory, owner) : accountForUser(postgres, directory, owner, self);
}

function accountForUser(postgres: string, directory: string, owner: number, self: number): ServerAccount {
  if (owner !== self) throw cannotStart('directory_of_another_account', { directory, owner: accountName(owner), account: accountName(self) });
  const obstacle = obstacleFor(postgres, directory, {});
  if (obstacle !== undefined) throw cannotStart('binaries_unusable', { reason: obstacle });
  if (hasName(self)) return { prefix: [], owner_uid: self };

  // PostgreSQL asks for its account's name; in a namespace of its own it is nobody.
  const refusal = refusalOfNamespace(postgres);
  if (refusal !== undefined) throw cannotStart('account_without_name', { uid: self, reason: refusal });
  return { prefix: ownNamespace, owner_uid: self };
}

function accountForRoot(postgres: string, directory: string, owner: number): ServerAccount {
  const accounts = listAccounts();
  // Lent earlier, or made by an ordinary user whom root now helps: whose it is, it stays.
  if (owner !== 0) return asAccount(accounts.find(({ uid }) => uid === owner), postgres, directory, `owner ${owner}`);

  const refusal = refusalOfNamespace(postgres);
  if (refusal === undefined) return { prefix: ownNamespace, owner_uid: 0 };
  const account = accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody');
  return asAccount(account, postgres, directory, refusal);
}

const ownNamespace = ['unshare', '--user'];

/** Why the system refuses a user namespace, in its own words. */
function refusalOfNamespace(postgres: string): string | undefined {
  const [unshare, ...words] = [...ownNamespace, postgres, '--version'];
  const trial = spawnSync(unshare!, words, { encoding: 'utf8' });
  return trial.status === 0 ? undefined : (trial.error?.message ?? trial.stderr).trim();
}

/** Containers run programs under bare numbers; accounts of a directory service have names that no file here tells. */
function hasName(uid: number): boolean {
  try {
    return userInfo().uid === uid;
  } catch {
    return false;
  }
}

function asAccount(account: Account | undefined, postgres: string, directory: string, reason: string): ServerAccount {
  if (account === undefined) {
    throw cannotStart('root_cannot_run_database', { reason, account: 'postgres/nobody', obstacle: '/etc/passwd 无此账户 · no such account in /etc/passwd' });
  }
  const { uid, gid, name } = account;
  const before = statSync(directory);
  const obstacle = lend(directory, uid, gid) ?? obstacleFor(postgres, directory, { uid, gid });
  if (obstacle !== undefined) {
    lend(directory, before.uid, before.gid);
    throw cannotStart('root_cannot_run_database', { reason, account: name, obstacle });
  }
  return { prefix: [], uid, gid, owner_uid: uid };
}

/** What keeps an account from running the server here, in the system's own words. */
function obstacleFor(postgres: string, directory: string, account: { uid?: number; gid?: number }): string | undefined {
  const trial = spawnSync('/bin/sh', ['-c', 'cd "$1" && exec "$2" --version', 'sh', directory, postgres], { ...account, encoding: 'utf8', cwd: '/' });
  if (trial.status === 0) return undefined;
  return (trial.error?.message ?? trial.stderr).trim() || `exit ${trial.status ?? trial.signal}`;
}

/** Gives a directory with all it holds to an account. @returns the obstacle, as where a network disk forbids it */
function lend(directory: string, uid: number, gid: number): string | undefined {
  try {
    openWay(directory, gid);
    chownSync(directory, uid, gid);
    for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
      lchownSync(join(entry.parentPath, entry.name), uid, gid);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Lets the account's group pass through the platform's own directory above; nobody else may, and none may list it. */
function openWay(directory: string, gid: number): void {
  const above = dirname(directory);
  if (!isClaimed(above) || statSync(above).uid !== 0) return;
  chownSync(above, 0, gid);
  chmodSync(above, 0o710);
}
