/**
 * What the phone keeps: entries that are not registered yet, sheets taken along for a round without a line, and who took
 * them. Each is removed when it has served: entries when the server has registered them, sheets with their entry, when
 * the officer signs out, or after a day.
 */
import type { Sheet } from '../../src/modules/field/contract.ts';
import type { OutboxItem } from './outbox.ts';

/** Who used this phone last, so that it can be opened without a line. */
export interface Holder {
  officer_id: string;
  name: string;
  org_name: string;
  org_code: string;
}
export interface TakenSheet {
  person_id: string;
  officer_id: string;
  sheet: Sheet;
  /** Milliseconds since 1970. */
  taken_at: number;
}
export interface KeptCodes {
  list: string;
  items: Array<{ code: string; zh: string; en: string }>;
}

export interface Kept {
  outbox: OutboxItem;
  sheets: TakenSheet;
  codes: KeptCodes;
  holder: Holder & { id: 'holder' };
}
export type StoreName = keyof Kept;

/** A table of small objects by key; in the browser IndexedDB, in tests a map. */
export interface Store {
  all<N extends StoreName>(name: N): Promise<Kept[N][]>;
  put<N extends StoreName>(name: N, value: Kept[N]): Promise<void>;
  remove(name: StoreName, key: string): Promise<void>;
  clear(name: StoreName): Promise<void>;
}

const keyPaths: Record<StoreName, string> = { outbox: 'id', sheets: 'person_id', codes: 'list', holder: 'id' };
const databaseName = 'huzheng-field';

export function openStore(factory: IDBFactory = indexedDB): Promise<Store> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(databaseName, 1);
    opening.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(keyPaths)) opening.result.createObjectStore(name, { keyPath });
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(storeOf(opening.result));
  });
}

function storeOf(database: IDBDatabase): Store {
  const act = <T>(name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
    // What is written must lie on the disk before anybody hears that it is kept.
    const transaction = database.transaction(name, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
  return {
    all: <N extends StoreName>(name: N) => act(name, 'readonly', (store) => store.getAll() as IDBRequest<Kept[N][]>),
    put: async (name, value) => void await act(name, 'readwrite', (store) => store.put(value)),
    remove: async (name, key) => void await act(name, 'readwrite', (store) => store.delete(key)),
    clear: async (name) => void await act(name, 'readwrite', (store) => store.clear()),
  };
}
