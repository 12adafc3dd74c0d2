/** A small bureau for tests: one county with a station, a neighbour county with another, and who works there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { freshDatabase, type FreshDatabase } from './databases.ts';
import { actAsSystem, createServer, diskBlobStore, FrozenClock, openKeys, type BoundOperation, type Context, type NetworkKeys } from '../../src/kernel/index.ts';
import { certificateOf, demoPassword, identifyOfficer, loadRoles, officerCookie, officerRoutes, seedDemoOfficers, type DemoOfficer } from '../../src/modules/accounts/index.ts';

export const station = '530102500000';
export const county = '530102000000';
export const otherStation = '530111500000';
export const officeOrigin = 'http://localhost';

const organisations = [
  ['530000000000', '云南省公安厅', 'PROVINCE', null], ['530100000000', '昆明市公安局', 'PREFECTURE', '530000000000'],
  [county, '昆明市公安局五华分局', 'COUNTY', '530100000000'], [station, '昆明市公安局五华分局华山派出所', 'STATION', county],
  ['530111000000', '昆明市公安局官渡分局', 'COUNTY', '530100000000'], [otherStation, '昆明市公安局官渡分局关上派出所', 'STATION', '530111000000'],
];

const holds = (role: string, org_code: string): DemoOfficer['posts'] => [{ role, org_code, valid_from: '2026-01-01' }];
export const cast: DemoOfficer[] = [
  { police_number: '530001', name: '赵敏', kind: 'police', org_code: station, posts: holds('station_officer', station) },
  { police_number: '530002', name: '钱进', kind: 'police', org_code: station, posts: holds('station_chief', station) },
  { police_number: 'F53001', name: '孙丽', kind: 'auxiliary', org_code: station, posts: holds('counter_assistant', station) },
  { police_number: '530003', name: '李强', kind: 'police', org_code: county, posts: holds('county_section_chief', county) },
  { police_number: '530004', name: '冯涛', kind: 'police', org_code: station, posts: [] },
  { police_number: '530005', name: '陈晨', kind: 'police', org_code: station, posts: holds('community_officer', station) },
  { police_number: '530010', name: '周杰', kind: 'police', org_code: county, posts: holds('security_admin', county) },
  { police_number: '530011', name: '吴昊', kind: 'police', org_code: county, posts: holds('system_admin', county) },
  { police_number: '530012', name: '郑洁', kind: 'police', org_code: county, posts: holds('audit_admin', county) },
  { police_number: '530020', name: '王磊', kind: 'police', org_code: otherStation, posts: holds('station_officer', otherStation) },
];

/** A browser with its cookies. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;
  readonly #headers: Record<string, string>;
  constructor(app: FastifyInstance, headers: Record<string, string> = {}) {
    this.#app = app;
    this.#headers = headers;
  }
  async #send(method: 'GET' | 'POST', url: string, payload?: object): Promise<LightMyRequestResponse> {
    const answer = await this.#app.inject({ method, url, headers: { ...this.#headers, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) }, cookies: Object.fromEntries(this.cookies), ...(payload === undefined ? {} : { payload }) });
    for (const { name, value, maxAge, expires } of answer.cookies) {
      if (value === '' || maxAge === 0 || (expires !== undefined && expires.getTime() === 0)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
  get(url: string): Promise<LightMyRequestResponse> {
    return this.#send('GET', url);
  }
  post(url: string, payload: object = {}): Promise<LightMyRequestResponse> {
    return this.#send('POST', url, payload);
  }
  /** Both steps of the sign-in of a demonstration. */
  async signIn(police_number: string, password = demoPassword): Promise<LightMyRequestResponse> {
    const first = await this.post('/api/accounts/sign-in', { police_number, password });
    if (first.statusCode !== 200) return first;
    const { challenge, demo_code } = first.json();
    return this.post('/api/accounts/sign-in/code', { challenge, code: demo_code });
  }
  get token(): string | undefined {
    return this.cookies.get(officerCookie);
  }
}

export interface Office {
  db: FreshDatabase;
  app: FastifyInstance;
  clock: FrozenClock;
  keys: NetworkKeys;
  /** officer_id by police number */
  ids: Map<string, string>;
  browser(headers?: Record<string, string>): Browser;
  asSystem<T>(work: (context: Context) => Promise<T>): Promise<T>;
  postOf(police_number: string): Promise<string>;
  close(): Promise<void>;
}

/** @param more operations to mount beside those of accounts */
export async function openOffice(more: readonly BoundOperation[] = []): Promise<Office> {
  const db = await freshDatabase('police');
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-accounts-'));
  const clock = new FrozenClock('2026-11-23T02:00:00Z');
  const keys = openKeys(directory, 'police');
  const blobs = diskBlobStore(join(directory, 'blobs'));
  for (const [org_code, name, level, parent_code] of organisations) {
    await db.owner.query(`insert into reference.organisation (org_code, name, name_en, level, parent_code, area_codes, name_grams, pinyin_keys) values ($1, $2, $2, $3, $4, $5, '{}', '{}')`, [org_code, name, level, parent_code, [org_code!.slice(0, 6)]]);
  }
  await loadRoles(db.owner, { now: clock.now() });
  const asSystem: Office['asSystem'] = (work) => actAsSystem(db.database, { clock, blobs, name: 'set-up' }, work);
  const ids = await asSystem((context) => seedDemoOfficers(context, keys, cast));
  const app = await createServer({
    program: 'test', database: db.database, operations: [...officerRoutes({ keys, office_origin: officeOrigin, demo: true }), ...more], identify: identifyOfficer,
    session_cookie: officerCookie, clock, blobs, token_key: keys.token_key, rate_factor: 0, certificate_of: (request) => certificateOf(request, ['127.0.0.1']),
  });
  return {
    db, app, clock, keys, ids, asSystem,
    browser: (headers) => new Browser(app, headers),
    async postOf(police_number) {
      const { rows } = await db.owner.query('select post_id from accounts.post where officer_id = $1 order by assigned_at desc, post_id desc limit 1', [ids.get(police_number)]);
      return rows[0].post_id;
    },
    async close() {
      await app.close();
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
