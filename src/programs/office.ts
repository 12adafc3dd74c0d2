/** The workstation of the police network: its API, and the pages officers work with. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import {
  bindRoutes, closeImageCheck, createServer, databaseUrl, diskBlobStore, log, openDatabase, openKeys, readConfig, systemClock, type BlobStore, type BoundOperation, type Clock, type Context, type Database, type NetworkKeys,
} from '../kernel/index.ts';
import * as accounts from '../modules/accounts/index.ts';
import * as agencies from '../modules/agencies/index.ts';
import * as cards from '../modules/cards/index.ts';
import * as cases from '../modules/cases/index.ts';
import * as counter from '../modules/counter/index.ts';
import * as documents from '../modules/documents/index.ts';
import * as exchange from '../modules/exchange/index.ts';
import * as field from '../modules/field/index.ts';
import * as permits from '../modules/permits/index.ts';
import * as population from '../modules/population/index.ts';
import * as reference from '../modules/reference/index.ts';
import { contract } from './office/contract.ts';
import { serveWebFiles } from './office/web-files.ts';
import { whenAskedToStop } from './process.ts';

export interface OfficeParts {
  database: Database;
  clock: Clock;
  blobs: BlobStore;
  keys: NetworkKeys;
  /** Address under which officers reach the workstation; passkeys belong to it. */
  office_origin: string;
  demo: boolean;
  /** Address of the reader bridge on every officer's own computer; left out, there are none and nobody hears of them. */
  reader_bridge?: string | null;
  /** Requests a minute and address without sign-in, as a factor; 0 switches the limiter off. */
  rate_factor?: number;
  /** Addresses of gateways whose word on client certificates is believed. */
  gateways?: readonly string[];
  /** The built pages; left out, build/office of this project. */
  pages_directory?: string;
}

const pagesDirectory = join(import.meta.dirname, '../../build/office');

function setupRoutes(demo: boolean, reader_bridge: string | null) {
  const statedPurposes = Object.entries(cases.purposes).filter(([, purpose]) => purpose.stated)
    .map(([code, { label, needs_note }]) => ({ code, label, needs_note }));
  return bindRoutes('office', contract, {
    async getSetup(context: Context) {
      const { zh, en } = await reference.getBureau(context);
      return { demo, bureau: { zh, en }, languages: ['zh', 'en'], purposes: statedPurposes, reader_bridge };
    },
  });
}

/** Everything that can be asked of the workstation. */
export function officeOperations({ keys, office_origin, demo, reader_bridge = null }: Pick<OfficeParts, 'keys' | 'office_origin' | 'demo' | 'reader_bridge'>): BoundOperation[] {
  return [
    ...setupRoutes(demo, reader_bridge), ...accounts.officerRoutes({ keys, office_origin, demo }),
    ...reference.routes, ...exchange.routes, ...population.routes, ...documents.routes, ...agencies.routes, ...permits.routes, ...cards.routes, ...cases.routes, ...counter.routes, ...field.routes,
  ];
}

/** The server of the workstation, not yet listening. */
export async function buildOffice(parts: OfficeParts): Promise<FastifyInstance> {
  const { database, clock, blobs, keys, office_origin } = parts;
  const app = await createServer({
    program: 'office', database, clock, blobs, keys, token_key: keys.token_key, operations: officeOperations(parts),
    identify: accounts.identifyOfficer, session_cookie: accounts.officerCookie,
    purposes: cases.statedPurposes,
    ...(parts.reader_bridge ? { connect_targets: [parts.reader_bridge] } : {}),
    certificate_of: (request) => accounts.certificateOf(request, parts.gateways),
    secure_cookies: office_origin.startsWith('https:'),
    ...(parts.rate_factor === undefined ? {} : { rate_factor: parts.rate_factor }),
  });
  app.addHook('onClose', async () => closeImageCheck());
  app.get('/healthz', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await database.pool.query('select 1').then(() => true, () => false);
    return reply.code(ready ? 200 : 503).send({ ready });
  });
  const pages = parts.pages_directory ?? pagesDirectory;
  // The phone of a round is built beside the workstation.
  serveWebFiles(app, join(pages, '../field'), '/field');
  if (!serveWebFiles(app, pages)) log('warn', 'no pages built; only the API answers', { program: 'office' });
  return app;
}

async function run(): Promise<void> {
  const config = readConfig();
  const database = openDatabase({ network: 'police', url: databaseUrl(config, 'police'), connections_max: config.pool_connections_max, application: 'huzheng-office', statement_seconds_max: 30 });
  const app = await buildOffice({
    database, clock: systemClock, blobs: diskBlobStore(config.blob_directories.police), keys: openKeys(config.key_directory, 'police'),
    office_origin: config.office_origin, demo: config.demo, reader_bridge: config.reader_bridge_url, rate_factor: config.rate_factor,
  });
  // A demonstration has known passwords and stays on its own machine.
  const address = await app.listen({ port: config.office_port, host: config.demo ? 'localhost' : '0.0.0.0' });
  log('info', 'office listening', { address });
  process.send?.({ ready: true, address });
  whenAskedToStop(async () => {
    await app.close();
    await database.close();
  });
}

if (import.meta.main) await run();
