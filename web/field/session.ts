/** Who holds this phone, and how it talks to the server. Without a line the one who used it last goes on. */
import { useEffect, useState } from 'preact/hooks';
import { contract as accounts } from '../../src/modules/accounts/contract.ts';
import { contract as office } from '../../src/programs/office/contract.ts';
import type { OutputOf } from '../../src/kernel/operation.ts';
import { createClient, newKey, Refused, Unanswered } from '../kit/client.ts';
import { Outbox } from './outbox.ts';
import { openStore, type Holder, type Store } from './store.ts';

export type Me = OutputOf<typeof accounts.me>;
export type Setup = OutputOf<typeof office.getSetup>;

/** `away`: no line, and the holder of before; `unreachable`: no line and nobody known. */
export type Session = { state: 'asking' } | { state: 'out' } | { state: 'unreachable' } | { state: 'away'; holder: Holder } | { state: 'in'; holder: Holder; me: Me };

let session: Session = { state: 'asking' };
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

const client = createClient({
  fetch: (path, init) => fetch(path, init), newKey,
  wait: (milliseconds) => new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  }),
  onSignedOut: signedOut,
});
export const call = client.call;

let store: Store;
let outbox: Outbox;
export const theStore = (): Store => store;
export const theOutbox = (): Outbox => outbox;

const patienceMs = 30_000;

/** Opens what the phone holds; `askWhoIAm` comes next. */
export async function openPhone(): Promise<void> {
  store = await openStore();
  // Data on a phone may be cleared when room is short, unless one asks that it be kept.
  void navigator.storage?.persist?.();
  outbox = await Outbox.open({
    store, newKey, now: () => new Date(), onSignedOut: signedOut,
    alone: (work) => (navigator.locks === undefined ? work() : navigator.locks.request('huzheng-field-outbox', async () => {
      await outbox.reload();
      return work();
    }) as ReturnType<typeof work>),
    post: (path, body, request_key) => fetch(path, {
      method: 'POST', credentials: 'same-origin', signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': request_key }, body: JSON.stringify(body),
    }),
  });
  await dropOldSheets();
}

const sheetsKeptMs = 86_400_000;

async function dropOldSheets(): Promise<void> {
  for (const taken of await store.all('sheets')) if (Date.now() - taken.taken_at > sheetsKeptMs) await store.remove('sheets', taken.person_id);
}

/** Whether the post keeps minor items. */
export const mayKeepItems = (me: Me): boolean => me.permissions.some(({ act, services }) => act === 'cases.execute_case' && services.some((pattern) => pattern === '0703' || (pattern.endsWith('*') && '0703'.startsWith(pattern.slice(0, -1)))));

export async function askWhoIAm(): Promise<void> {
  const holder = (await store.all('holder'))[0];
  try {
    const me = await call(accounts.me, {});
    if (holder !== undefined && holder.officer_id !== me.officer_id) await store.clear('sheets');
    const now: Holder = { officer_id: me.officer_id, name: me.name, org_name: me.post.org_name, org_code: me.post.org_code };
    await store.put('holder', { id: 'holder', ...now });
    become({ state: 'in', holder: now, me });
    void outbox.send(me.officer_id);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) become({ state: 'out' });
    else if (holder !== undefined) become({ state: 'away', holder });
    else become({ state: 'unreachable' });
  }
}

/** The session has ended on the server; what is on the phone stays for the next sign-in. */
function signedOut(): void {
  become({ state: 'out' });
}

/** Goes on without a line although nobody could be asked. */
export async function goOnOffline(): Promise<void> {
  const holder = (await store.all('holder'))[0];
  if (holder !== undefined) become({ state: 'away', holder });
}

/** Ends the session. Sheets are deleted; entries that are not registered stay until this officer signs in again. */
export async function signOut(): Promise<void> {
  await call(accounts.signOut, {}).catch((error: unknown) => {
    // A session that has ended needs no ending; without a line the server ends it by itself when nobody is heard.
    if (!(error instanceof Refused) && !(error instanceof Unanswered)) throw error;
  });
  await store.clear('sheets');
  await store.clear('holder');
  become({ state: 'out' });
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

export function useOutbox(): Outbox {
  const [, redraw] = useState(0);
  useEffect(() => outbox.onChange(() => redraw((count) => count + 1)), []);
  return outbox;
}

/** Whether the browser believes in a line; only an answer of the server proves one. */
export function useLine(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return online;
}

const demoMark = 'huzheng.field_demo';
/** Invented data say so without a line too. */
export function isDemo(setup: Setup | undefined): boolean {
  return setup?.demo ?? localStorage.getItem(demoMark) !== null;
}

let setupAsked: Promise<Setup> | undefined;
export function useSetup(): Setup | undefined {
  const [setup, setSetup] = useState<Setup | undefined>(undefined);
  useEffect(() => {
    setupAsked ??= call(office.getSetup, {});
    setupAsked.then((answer) => {
      if (answer.demo) localStorage.setItem(demoMark, '1');
      else localStorage.removeItem(demoMark);
      setSetup(answer);
    }, () => {
      setupAsked = undefined;
    });
  }, []);
  return setup;
}
