/** The citizens' portal on the internet side: pages, and the files they need. The register's code is not on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import staticPlugin from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import {
  closeImageCheck, createServer, databaseUrl, diskBlobStore, log, openDatabase, openKeys, readConfig, systemClock,
  type BlobStore, type Clock, type Database, type ErrorFacts, type NetworkKeys, type Page, type PageRequest, type Text,
} from '../kernel/index.ts';
import * as accounts from '../modules/accounts/index.ts';
import * as portal from '../modules/portal/index.ts';
import * as reference from '../modules/reference/index.ts';
import { whenAskedToStop } from './process.ts';

/** What web/portal/server.tsx is built into. */
export interface Pages {
  makeRenderer(site: { name: Text; demo: boolean; style: string; script: string }): {
    render(page: Page, request: PageRequest): string;
    renderError(facts: ErrorFacts, request: PageRequest): string;
  };
}

export interface PortalParts {
  database: Database;
  clock: Clock;
  blobs: BlobStore;
  keys: NetworkKeys;
  portal_origin: string;
  identity_issuer: string;
  identity_client_id: string;
  identity_client_secret: string;
  demo: boolean;
  /** Requests a minute and address without sign-in, as a factor; 0 switches the limiter off. */
  rate_factor?: number;
  /** The pages and the folder of their files; left out, build/portal of this project. */
  pages?: Pages;
  assets_directory?: string;
}

const buildDirectory = join(import.meta.dirname, '../../build/portal');
const siteName: Text = { zh: '云南户政服务', en: 'Household registration' };

const compressions = {
  br: (text: string) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }),
  gzip: (text: string) => promisify(gzip)(text),
};
const compressBytesMin = 1000;

/** Pages travel compressed: on a poor line every kilobyte is seen. */
function compressPages(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < compressBytesMin || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    const wished = request.headers['accept-encoding'] ?? '';
    const encoding = (['br', 'gzip'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(wished));
    reply.header('vary', 'accept-encoding, accept-language, cookie');
    if (encoding === undefined) return payload;
    reply.header('content-encoding', encoding).removeHeader('content-length');
    return compressions[encoding](payload);
  });
}

/** @throws Error when the pages were not built */
async function loadPages(): Promise<Pages> {
  const path = join(buildDirectory, 'server.js');
  if (!existsSync(path)) throw new Error('网页尚未构建,请先运行 npm run build:web · the pages are not built; run npm run build:web first');
  return await import(path) as Pages;
}

function readAssets(directory: string): { style: string; script: string } {
  const path = join(directory, '..', 'assets.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as { style: string; script: string } : { style: '/assets/style.css', script: '/assets/script.js' };
}

/** The server of the portal, not yet listening. */
export async function buildPortal(parts: PortalParts): Promise<FastifyInstance> {
  const { database, clock, blobs, keys, portal_origin, identity_issuer, identity_client_id, identity_client_secret, demo } = parts;
  const assets = parts.assets_directory ?? join(buildDirectory, 'assets');
  const { render, renderError } = (parts.pages ?? await loadPages()).makeRenderer({ name: siteName, demo, ...readAssets(assets) });
  const app = await createServer({
    program: 'portal', database, clock, blobs, keys, token_key: keys.token_key,
    operations: [
      ...accounts.citizenRoutes({ keys, portal_origin, issuer: identity_issuer, client_id: identity_client_id, client_secret: identity_client_secret }),
      ...portal.routes,
      // Looking up an address needs no page of its own.
      ...reference.routes.filter(({ name }) => name === 'reference.searchAddresses'),
    ],
    identify: accounts.citizenIdentifier(keys), session_cookie: accounts.citizenCookie, sign_in_path: '/sign-in',
    render, renderError, secure_cookies: portal_origin.startsWith('https:'),
    ...(parts.rate_factor === undefined ? {} : { rate_factor: parts.rate_factor }),
  });
  compressPages(app);
  if (existsSync(assets)) {
    await app.register(staticPlugin, { root: assets, prefix: '/assets/', preCompressed: true, immutable: true, maxAge: '365d', dotfiles: 'ignore', index: false, decorateReply: false });
  }
  app.get('/healthz', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await database.pool.query('select 1').then(() => true, () => false);
    return reply.code(ready ? 200 : 503).send({ ready });
  });
  app.addHook('onClose', async () => closeImageCheck());
  return app;
}

async function run(): Promise<void> {
  const config = readConfig();
  const database = openDatabase({ network: 'internet', url: databaseUrl(config, 'internet'), connections_max: config.pool_connections_max, application: 'huzheng-portal', statement_seconds_max: 30 });
  const app = await buildPortal({
    database, clock: systemClock, blobs: diskBlobStore(config.blob_directories.internet), keys: openKeys(config.key_directory, 'internet'),
    portal_origin: config.portal_origin, identity_issuer: config.identity_issuer, identity_client_id: config.identity_client_id, identity_client_secret: config.identity_client_secret,
    demo: config.demo, rate_factor: config.rate_factor,
  });
  // A demonstration stays on its own machine.
  const address = await app.listen({ port: config.portal_port, host: config.demo ? 'localhost' : '0.0.0.0' });
  log('info', 'portal listening', { address });
  process.send?.({ ready: true, address });
  whenAskedToStop(async () => {
    await app.close();
    await database.close();
  });
}

if (import.meta.main) await run();
