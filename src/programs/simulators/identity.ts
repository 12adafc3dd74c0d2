/**
 * Plays the state identity service for demonstrations and tests: an OpenID provider whose persons are
 * a file. It proves nothing about anybody, and says so on every page.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { confirmPage, errorPage, personsPage, styleSource, type DemoCitizen } from './identity-pages.ts';

export type { DemoCitizen } from './identity-pages.ts';

export interface IdentitySimulatorOptions {
  /** 0 takes a free port; `issuer` must then be left out. */
  port: number;
  issuer?: string;
  /** The portal that sends citizens here. */
  portal_origin: string;
  /** JSON array of {@link DemoCitizen}, read anew at every request. */
  citizens_file: string;
  client_id: string;
  client_secret: string;
}

export interface IdentitySimulator {
  issuer: string;
  close(): Promise<void>;
}

/**
 * What the provider remembers, in memory and with an end. Sessions are not: nobody stays signed in
 * here, so whoever sits down next is asked who they are.
 */
function memoryAdapter(): new (model: string) => Adapter {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>();
  const find = (wanted: (payload: AdapterPayload, key: string) => boolean): AdapterPayload | undefined => {
    for (const [key, { payload, until }] of kept) {
      if (until <= Date.now()) kept.delete(key);
      else if (wanted(payload, key)) return payload;
    }
    return undefined;
  };
  return class implements Adapter {
    readonly #model: string;
    constructor(model: string) {
      this.#model = model;
    }
    #key(id: string): string {
      return `${this.#model}:${id}`;
    }
    async upsert(id: string, payload: AdapterPayload, seconds: number): Promise<void> {
      if (this.#model === 'Session') return;
      kept.set(this.#key(id), { payload, until: seconds > 0 ? Date.now() + seconds * 1000 : Infinity });
    }
    async find(id: string): Promise<AdapterPayload | undefined> {
      return find((_payload, key) => key === this.#key(id));
    }
    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return find((payload, key) => key.startsWith(`${this.#model}:`) && payload.uid === uid);
    }
    async findByUserCode(): Promise<undefined> {}
    async consume(id: string): Promise<void> {
      const entry = kept.get(this.#key(id));
      if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id: string): Promise<void> {
      kept.delete(this.#key(id));
    }
    async revokeByGrantId(grant_id: string): Promise<void> {
      for (const [key, { payload }] of kept) if (payload.grantId === grant_id) kept.delete(key);
    }
  };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 10_000) throw new Error('the form is too long');
  }
  return new URLSearchParams(text);
}

/** Starts the simulator; resolves when it listens. */
export async function startIdentitySimulator(options: IdentitySimulatorOptions): Promise<IdentitySimulator> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, 'localhost', resolve);
  });
  const issuer = options.issuer ?? `http://localhost:${(server.address() as AddressInfo).port}`;
  const citizens = (): DemoCitizen[] => JSON.parse(readFileSync(options.citizens_file, 'utf8')) as DemoCitizen[];
  const citizenOf = (subject: string): DemoCitizen | undefined => citizens().find((citizen) => citizen.subject === subject);

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const provider = new Provider(issuer, {
    adapter: memoryAdapter(),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    clients: [{
      client_id: options.client_id, client_secret: options.client_secret, client_name: '户政服务', redirect_uris: [`${options.portal_origin}/sign-in/callback`],
      grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256', token_endpoint_auth_method: 'client_secret_post',
    }],
    clientAuthMethods: ['client_secret_post'],
    scopes: ['openid', 'identity'],
    claims: { openid: ['sub'], identity: ['name', 'id_number', 'phone', 'identity_level'], acr: null },
    cookies: { keys: [randomBytes(32).toString('hex')], short: { httpOnly: true, sameSite: 'lax', path: '/' }, long: { httpOnly: true, sameSite: 'lax', path: '/' } },
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 900, Session: 3600 },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage(String(out.error_description ?? out.error));
    },
    // The level that this sign-in reached travels with the code into the token.
    extraTokenClaims: (ctx) => ({ identity_level: Number(ctx.oidc.entities.AuthorizationCode?.acr) }),
    findAccount(_ctx, subject, token) {
      const citizen = citizenOf(subject);
      if (citizen === undefined) return undefined;
      const level = (token as { extra?: { identity_level?: number } } | undefined)?.extra?.identity_level;
      return { accountId: subject, claims: () => ({ sub: subject, name: citizen.name, id_number: citizen.id_number, phone: citizen.phone, identity_level: level ?? citizen.identity_level }) };
    },
    // The portal is the only client and was admitted by the operator; nobody is asked twice.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session!.accountId!, clientId: ctx.oidc.client!.clientId });
      grant.addOIDCScope('openid identity');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();

  /** Whom a citizen under way has named, until the phone confirms. */
  const named = new Map<string, { citizen: DemoCitizen; level: number }>();

  async function interact(request: IncomingMessage, response: ServerResponse, step: string | undefined): Promise<void> {
    const { uid, params } = await provider.interactionDetails(request, response);
    const page = (status: number, html: string): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer',
        // A form here ends at the portal, and browsers hold form targets against redirects too.
        'content-security-policy': `default-src 'none'; style-src ${styleSource}; form-action 'self' ${options.portal_origin}; frame-ancestors 'none'; base-uri 'none'`,
      }).end(html);
    };
    const language = String(params['ui_locales'] ?? 'zh').startsWith('en') ? 'en' : 'zh';
    if (request.method !== 'POST') return page(200, personsPage({ uid, language, citizens: citizens() }));
    const form = await readForm(request);
    if (step === 'refuse') {
      named.delete(uid);
      return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'refused on the phone' }, { mergeWithLastSubmission: false });
    }
    if (step === 'confirm') {
      const who = named.get(uid);
      if (who === undefined) return page(200, personsPage({ uid, language, citizens: citizens() }));
      named.delete(uid);
      return provider.interactionFinished(request, response, { login: { accountId: who.citizen.subject, acr: String(who.level), remember: false } }, { mergeWithLastSubmission: false });
    }
    const typed = (form.get('id_number') ?? '').trim().toUpperCase();
    const citizen = citizens().find(({ subject, id_number }) => (typed === '' ? subject === form.get('subject') : id_number === typed));
    const shown = { uid, language, citizens: citizens(), typed, chosen: form.get('subject') } as const;
    if (citizen === undefined) return page(422, personsPage({ ...shown, fault: typed === '' ? 'nobody' : 'unknown' }));
    const level = Number(form.get('identity_level') ?? '') || citizen.identity_level;
    if (level > citizen.identity_level) return page(422, personsPage({ ...shown, fault: 'level' }));
    if (named.size > 1000) named.clear();
    named.set(uid, { citizen, level });
    return page(200, confirmPage({ uid, language, citizen, level }));
  }

  server.on('request', (request, response) => {
    const path = /^\/interaction\/[\w-]+(?:\/(\w+))?\/?(?:\?|$)/.exec(request.url ?? '');
    if (path === null) return void handle(request, response);
    interact(request, response, path[1]).catch((error: unknown) => {
      const expired = error instanceof errors.SessionNotFound;
      if (!response.headersSent) response.writeHead(expired ? 400 : 500, { 'content-type': 'text/html; charset=utf-8' });
      response.end(errorPage(expired ? '登录已超时,请回到户政服务重新登录。 · The sign-in has timed out; start again from the service.' : String(error)));
    });
  });

  return {
    issuer,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
