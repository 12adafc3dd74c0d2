/** Who sits at this workstation, and how the office talks to the server. */
import { useEffect, useState } from 'preact/hooks';
import { contract as accounts } from '../../src/modules/accounts/contract.ts';
import type { OutputOf } from '../../src/kernel/operation.ts';
import { createClient, newKey, Refused, type Client } from '../kit/client.ts';
import { uploadForm } from '../kit/upload.ts';

export type Me = OutputOf<typeof accounts.me>;

export type Session =
  | { state: 'asking' }
  | { state: 'out'; error?: unknown }
  /** `expired`: the screen stays as it is and the same officer signs in over it; `locked`: the same, by hand. */
  | { state: 'in' | 'expired' | 'locked'; me: Me };

let session: Session = { state: 'asking' };
const listeners = new Set<() => void>();
const lockMark = 'huzheng.locked';

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

export function useSession(): Session {
  const [now, setNow] = useState(session);
  useEffect(() => {
    const listen = (): void => setNow(session);
    listeners.add(listen);
    listen();
    return () => {
      listeners.delete(listen);
    };
  }, []);
  return now;
}

const client: Client = createClient({
  fetch: (path, init) => fetch(path, init),
  upload: uploadForm,
  wait: (milliseconds) => new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  }),
  newKey,
  onSignedOut: () => {
    if (session.state === 'in' || session.state === 'locked') become({ state: 'expired', me: session.me });
    else if (session.state === 'asking') become({ state: 'out' });
  },
});
export const call: Client['call'] = client.call;

/**
 * Asks who is signed in. When somebody else has signed in over an expired screen, the whole
 * page is loaded anew, so that nothing of the one is left for the other.
 */
export async function askWhoIAm(): Promise<void> {
  const before = session;
  try {
    const me = await call(accounts.me, {});
    if ((before.state === 'expired' || before.state === 'locked') && before.me.officer_id !== me.officer_id) {
      sessionStorage.removeItem(lockMark);
      location.assign('/');
      return;
    }
    become({ state: before.state !== 'expired' && sessionStorage.getItem(lockMark) !== null ? 'locked' : 'in', me });
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      if (session.state !== 'expired') become({ state: 'out' });
    } else if (session.state === 'asking') become({ state: 'out', error });
    else throw error;
  }
}

export function lock(): void {
  if (session.state !== 'in') return;
  // A reload must not open the lock.
  sessionStorage.setItem(lockMark, '1');
  become({ state: 'locked', me: session.me });
}

export async function unlock(code: string): Promise<void> {
  await call(accounts.confirm, { code });
  if (session.state !== 'locked') return;
  sessionStorage.removeItem(lockMark);
  become({ state: 'in', me: session.me });
}

export async function signOut(): Promise<void> {
  // A session that has ended already needs no ending.
  await call(accounts.signOut, {}).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
  sessionStorage.clear();
  location.assign('/');
}

/** Whether the officer's post holds a right, for leaving out what could only be refused. */
export function may(session: Session, act: string): boolean {
  return 'me' in session && session.me.permissions.some((permission) => permission.act === act);
}
