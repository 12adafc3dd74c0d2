/** The accounts of the operating system, as far as its own file names them. */
import { readFileSync } from 'node:fs';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

export function listAccounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8').split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** The account's name, or its number where the system knows none. */
export function accountName(uid: number): string {
  return listAccounts().find((account) => account.uid === uid)?.name ?? String(uid);
}
