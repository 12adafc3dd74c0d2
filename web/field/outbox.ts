/**
 * The outbox: entries on their way to the register, each for itself. Nothing is called registered before the server has
 * said so. One entry has one request key for ever: asked again after a lost answer, a killed page or a day without a
 * line, the server knows it for the same and registers it once.
 */
import type { ItemName, Saved, Sheet } from '../../src/modules/field/contract.ts';
import { Refused } from '../kit/client.ts';
import type { Text } from '../kit/language.ts';
import type { Store } from './store.ts';

export interface Change {
  item: ItemName;
  label: Text;
  kind: string;
  list: string | null;
  /** What the sheet showed when the new value was written down. */
  seen: string | null;
  value: string;
}

/** `kept`: on this phone alone · `sending` · `conflict`: the register says something else by now · `refused`: with the reason. */
export type OutboxState = 'kept' | 'sending' | 'conflict' | 'refused';

export interface OutboxItem {
  id: string;
  officer_id: string;
  person_id: string;
  name: string;
  id_number_masked: string;
  changes: Change[];
  told_by: 'self' | 'family';
  evidence_seen: boolean;
  /** Instant, ISO 8601. */
  noted_at: string;
  request_key: string;
  state: OutboxState;
  /** Why it was refused, or why it is still here after a try. */
  reason: Text | null;
  /** Items that the register says otherwise by now. */
  changed_items: ItemName[];
  tries: number;
  /** Not tried by itself before; milliseconds since 1970. */
  next_try_at: number;
}

/** Told by the server: registered, as which cases. Held in memory alone. */
export interface Registered {
  id: string;
  name: string;
  registered: ItemName[];
  unchanged: ItemName[];
  case_nos: string[];
  at: string;
}

export type Entry = Pick<OutboxItem, 'officer_id' | 'person_id' | 'name' | 'id_number_masked' | 'changes' | 'told_by' | 'evidence_seen'>;

export interface OutboxParts {
  store: Store;
  /** Sends a request and gives the server's answer; throws when there is none. */
  post: (path: string, body: object, request_key: string) => Promise<Response>;
  newKey: () => string;
  now: () => Date;
  /** The session has ended: nothing more is tried until somebody has signed in. */
  onSignedOut: () => void;
  /** Runs one sender at a time, over all pages of this phone. */
  alone: <T>(work: () => Promise<T>) => Promise<T>;
}

const firstPauseMs = 5000;
const longestPauseMs = 300_000;
/** After so many answers that something failed inside, it is for people to look at. */
const defectsMax = 3;

const reasons = {
  no_answer: { zh: '没有收到系统答复,稍后自动再发(不会重复登记)。', en: 'No answer came; it is sent again by itself and never registered twice.' },
  busy: { zh: '系统忙,稍后自动再发。', en: 'The system is busy; it is sent again by itself.' },
} as const satisfies Record<string, Text>;

export function newItem(entry: Entry, parts: Pick<OutboxParts, 'newKey' | 'now'>): OutboxItem {
  return { ...entry, id: parts.newKey(), noted_at: parts.now().toISOString(), request_key: parts.newKey(), state: 'kept', reason: null, changed_items: [], tries: 0, next_try_at: 0 };
}

/** How long after a try without an answer the next one comes by itself. */
export function pauseAfter(tries: number): number {
  return Math.min(firstPauseMs * 2 ** Math.max(0, tries - 1), longestPauseMs);
}

/** A page that was killed while it sent knows no answer: the entry is on this phone, as before. */
export function recovered(item: OutboxItem): OutboxItem {
  return item.state === 'sending' ? { ...item, state: 'kept' } : item;
}

/**
 * What the officer decides on a conflict: of each item the own value or the one of the register. What is then sent is a
 * new intention with a key of its own; null when nothing of the own is left.
 */
export function resolved(item: OutboxItem, sheet: Sheet, mine: ReadonlySet<ItemName>, parts: Pick<OutboxParts, 'newKey'>): OutboxItem | null {
  const present = (name: ItemName): string | null => sheet.items.find((one) => one.item === name)?.value ?? null;
  const changes = item.changes.filter((change) => !item.changed_items.includes(change.item) || mine.has(change.item)).map((change) => ({ ...change, seen: present(change.item) }))
    .filter((change) => change.seen !== change.value);
  return changes.length === 0 ? null : { ...item, changes, request_key: parts.newKey(), state: 'kept', reason: null, changed_items: [], tries: 0, next_try_at: 0 };
}

/** The refusal with everything it names: the phone has no other page that would. */
function whyRefused({ text, violations }: Refused): Text {
  return { zh: [text.zh, ...violations.map(({ zh }) => zh)].join(' '), en: [text.en, ...violations.map(({ en }) => en)].join(' ') };
}

export class Outbox {
  readonly #parts: OutboxParts;
  #items: OutboxItem[] = [];
  #done: Registered[] = [];
  readonly #listeners = new Set<() => void>();

  private constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Opens it with what the phone still holds. */
  static async open(parts: OutboxParts): Promise<Outbox> {
    const outbox = new Outbox(parts);
    await outbox.reload();
    return outbox;
  }

  /** Reads the store anew; another page of this phone may have written. */
  async reload(): Promise<void> {
    this.#items = (await this.#parts.store.all('outbox')).map(recovered).sort((a, b) => (a.noted_at < b.noted_at ? -1 : 1));
    this.#tell();
  }

  get items(): readonly OutboxItem[] {
    return this.#items;
  }
  /** Registered since this page was opened, newest first. */
  get done(): readonly Registered[] {
    return this.#done;
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Keeps an entry on this phone. An entry of the same person that still waits is joined: the newer value of an item counts. */
  async keep(entry: Entry): Promise<OutboxItem> {
    const before = this.#items.find((item) => item.person_id === entry.person_id && item.officer_id === entry.officer_id && item.state === 'kept' && item.tries === 0);
    const item = newItem(entry, this.#parts);
    if (before !== undefined) {
      const newer = new Set(entry.changes.map((change) => change.item));
      item.changes = [...before.changes.filter((change) => !newer.has(change.item)), ...entry.changes];
      item.evidence_seen ||= before.evidence_seen;
    }
    await this.#parts.store.put('outbox', item);
    if (before !== undefined) await this.#parts.store.remove('outbox', before.id);
    this.#items = [...this.#items.filter((one) => one !== before), item];
    this.#tell();
    return item;
  }

  async #replace(item: OutboxItem): Promise<void> {
    await this.#parts.store.put('outbox', item);
    this.#items = this.#items.map((one) => (one.id === item.id ? item : one));
    this.#tell();
  }

  async discard(id: string): Promise<void> {
    await this.#parts.store.remove('outbox', id);
    this.#items = this.#items.filter((item) => item.id !== id);
    this.#tell();
  }

  async settle(id: string, sheet: Sheet, mine: ReadonlySet<ItemName>): Promise<void> {
    const item = this.#items.find((one) => one.id === id);
    if (item === undefined) return;
    const next = resolved(item, sheet, mine, this.#parts);
    if (next === null) await this.discard(id);
    else await this.#replace(next);
  }

  /** Once more by hand, whatever it waited for. A refusal is asked about again under the same key: it left nothing behind. */
  async retry(id: string, officer_id: string): Promise<void> {
    const item = this.#items.find((one) => one.id === id);
    if (item === undefined || item.state === 'sending' || item.state === 'conflict') return;
    await this.#replace({ ...item, state: 'kept', next_try_at: 0 });
    await this.send(officer_id);
  }

  /** Tries every entry of the officer whose time has come, one after the other; none waits for another's fate. */
  async send(officer_id: string): Promise<void> {
    await this.#parts.alone(async () => {
      const due = this.#items.filter((item) => item.officer_id === officer_id && item.state === 'kept' && item.next_try_at <= this.#parts.now().getTime()).map(({ id }) => id);
      for (const id of due) if (await this.#sendOne(id) === 'signed_out') return;
    });
  }

  async #sendOne(id: string): Promise<'tried' | 'signed_out'> {
    const item = this.#items.find((one) => one.id === id);
    if (item === undefined || item.state !== 'kept') return 'tried';
    const { person_id, changes, told_by, evidence_seen, noted_at, request_key } = item;
    await this.#replace({ ...item, state: 'sending' });
    let response: Response;
    try {
      response = await this.#parts.post(`/api/field/persons/${encodeURIComponent(person_id)}/items`, {
        changes: changes.map(({ item: name, seen, value }) => ({ item: name, seen, value })), told_by, identity_checked: true, evidence_seen, noted_at,
      }, request_key);
    } catch {
      await this.#later(item, reasons.no_answer);
      return 'tried';
    }
    if (response.ok) {
      const saved = await response.json().catch(() => undefined) as Saved | undefined;
      // An answer that broke off says nothing; asked again under the same key it is given again.
      if (saved === undefined) await this.#later(item, reasons.no_answer);
      else await this.#registered(item, saved);
      return 'tried';
    }
    const refused = new Refused(response.status, await response.json().catch(() => ({})) as ConstructorParameters<typeof Refused>[1]);
    return this.#refused(item, refused);
  }

  async #registered(item: OutboxItem, saved: Saved): Promise<void> {
    await this.#parts.store.remove('outbox', item.id);
    await this.#parts.store.remove('sheets', item.person_id);
    this.#items = this.#items.filter((one) => one.id !== item.id);
    this.#done = [{ id: item.id, name: item.name, ...saved }, ...this.#done];
    this.#tell();
  }

  async #later(item: OutboxItem, reason: Text): Promise<void> {
    const tries = item.tries + 1;
    await this.#replace({ ...item, state: 'kept', reason, tries, next_try_at: this.#parts.now().getTime() + pauseAfter(tries) });
  }

  async #refused(item: OutboxItem, refused: Refused): Promise<'tried' | 'signed_out'> {
    if (refused.status === 401) {
      await this.#replace({ ...item, state: 'kept', reason: refused.text });
      this.#parts.onSignedOut();
      return 'signed_out';
    }
    if (refused.code === 'field.items_changed') {
      await this.#replace({ ...item, state: 'conflict', reason: refused.text, changed_items: refused.facts['items'] as ItemName[] });
      return 'tried';
    }
    const mayPass = [429, 502, 503, 504].includes(refused.status) || (refused.status >= 500 && item.tries + 1 < defectsMax);
    if (mayPass) await this.#later(item, reasons.busy);
    else await this.#replace({ ...item, state: 'refused', reason: whyRefused(refused), tries: item.tries + 1 });
    return 'tried';
  }
}
