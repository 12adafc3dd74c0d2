/**
 * The service worker: lets the pages of the round open without a line. It keeps the pages and nothing else; what the
 * server answers about people never passes through its cache.
 */
interface WorkerScope extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  caches: CacheStorage;
  location: Location;
}
interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
const scope = self as unknown as WorkerScope;

const cacheName = 'huzheng-field-pages';
const page = '/field/';
/** A line that gives no page in this time is none. */
const patienceMs = 4000;

/** Keeps the page with everything it names, and forgets files of older builds. */
async function keepPages(answer: Response): Promise<void> {
  const cache = await scope.caches.open(cacheName);
  const html = await answer.clone().text();
  const named = [...html.matchAll(/(?:src|href)="(\/field\/[^"]+)"/g)].map((match) => match[1]!);
  await Promise.all(named.map(async (path) => {
    if (await cache.match(path) === undefined) await cache.add(path);
  }));
  await cache.put(page, answer);
  for (const kept of await cache.keys()) {
    const { pathname } = new URL(kept.url);
    if (pathname !== page && !named.includes(pathname)) await cache.delete(kept);
  }
}

async function openPage(event: FetchEvent): Promise<Response> {
  try {
    const answer = await fetch(page, { credentials: 'same-origin', signal: AbortSignal.timeout(patienceMs) });
    if (!answer.ok) throw new Error(String(answer.status));
    event.waitUntil(keepPages(answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const kept = await (await scope.caches.open(cacheName)).match(page);
    if (kept === undefined) throw error;
    return kept;
  }
}

scope.addEventListener('install', (event) => {
  (event as ExtendableEvent).waitUntil(fetch(page, { credentials: 'same-origin' }).then(keepPages).then(() => scope.skipWaiting()));
});
scope.addEventListener('activate', (event) => {
  (event as ExtendableEvent).waitUntil(scope.clients.claim());
});
scope.addEventListener('fetch', (given) => {
  const event = given as FetchEvent;
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== scope.location.origin || !pathname.startsWith(page)) return;
  if (event.request.mode === 'navigate') return event.respondWith(openPage(event));
  // Built files carry their digest in the name: the same name is the same file.
  event.respondWith(scope.caches.open(cacheName).then((cache) => cache.match(event.request)).then((kept) => kept ?? fetch(event.request)));
});
export {};
