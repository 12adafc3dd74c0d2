/**
 * The road of a request: identify → permission → validate → one transaction → the module's function
 * → audit, events and access records in the same transaction → commit → answer by the output schema.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import cookiePlugin from '@fastify/cookie';
import formPlugin from '@fastify/formbody';
import multipartPlugin from '@fastify/multipart';
import rateLimitPlugin from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { TSchema } from 'typebox';
import { subjectFinder } from './access.ts';
import { actorId, anonymous, type Actor } from './actor.ts';
import type { BlobStore } from './blobs.ts';
import type { Clock } from './clock.ts';
import { transact, type Context, type CookieToSet, type Purpose } from './context.ts';
import { connectionWasLost, type Database } from './database.ts';
import { canonicalJson, isId, newId, sha256 } from './ids.ts';
import type { NetworkKeys } from './keys.ts';
import { log } from './log.ts';
import type { Contract, ErrorFacts, FileAnswer, InputOf, Operation, OutputOf, Page, PageRequest, Redirect, UploadedFile } from './operation.ts';
import { Refusal } from './refusal.ts';
import { validate } from './validation.ts';

/** A function of a module bound to its operation. */
export interface BoundOperation {
  name: string;
  operation: Operation;
  run: (context: Context, input: never) => Promise<unknown>;
}

/**
 * Binds every operation of a contract to the function of the same name; a missing one does not compile.
 * @param module the module's name; operation names become `module.operation`
 */
export function bindRoutes<C extends Contract>(
  module: string, contract: C, functions: { [K in keyof C]: (context: Context, input: InputOf<C[K]>) => Promise<OutputOf<C[K]>> },
): BoundOperation[] {
  return Object.entries(contract).map(([name, operation]) => ({
    name: `${module}.${name}`, operation, run: functions[name] as BoundOperation['run'],
  }));
}

/** How a program recognises who is calling; one statement on the request's transaction. */
export type Identify = (request: FastifyRequest, client: pg.PoolClient, now: Date) => Promise<Actor>;

export interface ServerOptions {
  program: string;
  database: Database;
  operations: readonly BoundOperation[];
  identify: Identify;
  /** Cookie whose presence means that somebody may be signed in. */
  session_cookie: string;
  clock: Clock;
  blobs: BlobStore;
  keys?: NetworkKeys;
  token_key: Buffer;
  render?: (page: Page, request: PageRequest) => string | Promise<string>;
  renderError?: (facts: ErrorFacts, request: PageRequest) => string | Promise<string>;
  /** Purposes that a caller may state; code → needs a note. */
  purposes?: ReadonlyMap<string, { needs_note: boolean }>;
  /** Where a page that needs sign-in sends the citizen. */
  sign_in_path?: string;
  /** Fingerprint of the client certificate that the TLS layer or the gateway in front has verified. */
  certificate_of?: (request: FastifyRequest) => string | null;
  /** Believe X-Forwarded-For (only behind an own reverse proxy). */
  trust_proxy?: boolean;
  /** Origins of other hosts to which a page may send the browser (sign-in). */
  form_targets?: readonly string[];
  /** Origins beside the own one to which a page's scripts may speak (programs of the officer's own computer). */
  connect_targets?: readonly string[];
  /** Requests a minute and address without sign-in; 0 switches the limiter off (bench only). */
  rate_factor?: number;
  secure_cookies?: boolean;
}

function securityHeaders(options: ServerOptions): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", `connect-src 'self' ${(options.connect_targets ?? []).join(' ')}`.trim(), "media-src 'self' blob:",
      "manifest-src 'self'", `form-action 'self' ${(options.form_targets ?? []).join(' ')}`.trim(), "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "frame-src 'self'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'geolocation=(), microphone=(), camera=(self)',
    'cache-control': 'no-store',
  };
}

function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Binds forms to the browser that was given them: keyed digest of the browser's own random cookie. */
function formTokenOf(options: ServerOptions, browser: string): string {
  return createHmac('sha256', options.token_key).update(`form:${browser}`).digest('base64url').slice(0, 32);
}

const browserCookie = 'huzheng_browser';

export function languageOf(request: FastifyRequest): 'zh' | 'en' {
  const chosen = request.cookies?.['huzheng_language'];
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const wish = request.headers['accept-language'] ?? '';
  const zh = wish.search(/\bzh\b/i);
  const en = wish.search(/\ben\b/i);
  return en >= 0 && (zh < 0 || en < zh) ? 'en' : 'zh';
}

/** The field of a multipart form in which a script sends what JSON alone can say; the files travel beside it. */
const jsonField = '_input';

/** @throws Error with status 400 when it is no JSON object */
function jsonBeside(fields: Record<string, unknown>): Record<string, unknown> {
  const text = fields[jsonField];
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(String(text));
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // Told below like anything else that is no object.
  }
  throw Object.assign(new Error(`${jsonField} is no JSON object`), { statusCode: 400 });
}

function splitInput(request: FastifyRequest, operation: Operation, fields: Record<string, unknown>): Record<string, unknown> {
  const query = operation.method === 'GET' ? (request.query as Record<string, unknown>) : {};
  const body = operation.method === 'POST' && request.body !== null && typeof request.body === 'object' && !Array.isArray(request.body) ? (request.body as Record<string, unknown>) : {};
  const input: Record<string, unknown> = { ...query, ...body, ...fields, ...jsonBeside(fields), ...(request.params as Record<string, unknown>) };
  delete input['_token'];
  delete input[jsonField];
  return input;
}

/**
 * A foreign site must not act in a signed-in person's name: same origin by the browser's own word, and a form token or
 * what only a script of this site can send (JSON, or the header of a request key: another site would have to ask first).
 */
function refuseForeign(request: FastifyRequest, fields: Record<string, unknown>, expected: string): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('kernel.foreign_origin');
  if (origin !== undefined && origin !== 'null' && new URL(origin).host !== request.headers.host) throw new Refusal('kernel.foreign_origin');
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
  if (isJson || request.headers['idempotency-key'] !== undefined) return;
  const given = fields['_token'] ?? (request.body as Record<string, unknown> | null | undefined)?.['_token'];
  if (typeof given !== 'string' || !equalText(given, expected)) throw new Refusal('kernel.foreign_origin');
}

function purposeOf(operation: Operation, input: Record<string, unknown>, request: FastifyRequest, options: ServerOptions, hasSubjects: boolean): Purpose | null {
  const rule = operation.purpose ?? 'none';
  if (rule === 'self') return { code: 'self', case_id: null, note: null };
  if (rule === 'case' && isId(input['case_id'])) return { code: 'case', case_id: input['case_id'], note: null };
  const header = request.headers['huzheng-purpose'];
  if (typeof header === 'string') {
    const [code = '', caseId = '', note = ''] = header.split(';').map((part) => decodeURIComponent(part.trim()));
    const known = options.purposes?.get(code);
    if (known !== undefined && (!known.needs_note || [...note].length >= 4)) return { code, case_id: isId(caseId) ? caseId : null, note: note || null };
  }
  if (!hasSubjects || rule === 'none') return null;
  throw new Refusal('kernel.purpose_missing');
}

/** Files of one request. */
const filesMax = 20;

/** What makes two requests the same: what was typed, and the bytes sent with it. */
function digestOfInput(input: Record<string, unknown>, files: readonly UploadedFile[]): string {
  return sha256(canonicalJson(files.length === 0 ? input : { input, files: files.map(({ field, bytes }) => [field, sha256(bytes)]) }));
}

async function readMultipart(request: FastifyRequest, limit: number): Promise<{ fields: Record<string, unknown>; files: UploadedFile[] }> {
  const fields: Record<string, unknown> = {};
  const files: UploadedFile[] = [];
  let total = 0;
  for await (const part of request.parts({ limits: { fileSize: limit, files: filesMax, fields: 200, fieldSize: 200_000 } })) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      total += bytes.byteLength;
      if (total > limit) throw new Refusal('kernel.too_large', { limit: Math.floor(limit / 1_048_576) });
      if (bytes.byteLength > 0 || part.filename) files.push({ field: part.fieldname, file_name: part.filename, media_type: part.mimetype, bytes });
    } else {
      const before = fields[part.fieldname];
      fields[part.fieldname] = before === undefined ? part.value : [...(Array.isArray(before) ? before : [before]), part.value];
    }
  }
  return { fields, files };
}

function uploadMegabytesOf(request: FastifyRequest): number {
  const { upload_bytes_max } = (request.routeOptions?.config ?? {}) as { upload_bytes_max?: number };
  return Math.floor((upload_bytes_max ?? 1_048_576) / 1_048_576);
}

function isFile(answer: object): answer is FileAnswer {
  return 'bytes' in answer && 'media_type' in answer;
}

/** Builds the server of a program from the operations it mounts. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: options.trust_proxy ?? false,
    bodyLimit: 1_048_576,
    genReqId: () => newId(),
    routerOptions: { ignoreTrailingSlash: true },
    // Browsers hold connections open; a stop must not wait for them.
    forceCloseConnections: true,
  });
  await app.register(cookiePlugin);
  await app.register(formPlugin, { bodyLimit: 1_048_576 });
  await app.register(multipartPlugin);
  const factor = options.rate_factor ?? 1;
  if (factor > 0) {
    await app.register(rateLimitPlugin, {
      global: false,
      errorResponseBuilder: (_request, limit) => new Refusal('kernel.too_many_requests', { seconds: Math.ceil(limit.ttl / 1000) }),
    });
  }
  const headers = securityHeaders(options);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  // Answers are checked against their schema when they are written, not when they arrive.
  app.setValidatorCompiler(() => () => true);

  function browserOf(request: FastifyRequest, reply: FastifyReply): string {
    let browser = request.cookies[browserCookie];
    if (browser === undefined || browser.length < 20) {
      browser = newId();
      reply.setCookie(browserCookie, browser, { path: '/', httpOnly: true, sameSite: 'lax', secure: options.secure_cookies ?? false });
      (request.cookies as Record<string, string>)[browserCookie] = browser;
    }
    return browser;
  }

  function pageRequest(request: FastifyRequest, actor: Actor, browser: string): PageRequest {
    return {
      language: languageOf(request), actor, path: request.url.split('?')[0] ?? '/', query: (request.query ?? {}) as Record<string, string>,
      form_token: formTokenOf(options, browser), cookies: request.cookies, request_id: request.id, now: options.clock.now(),
    };
  }

  function setCookies(reply: FastifyReply, cookies: readonly CookieToSet[]): void {
    for (const cookie of cookies) {
      if (cookie.value === null) reply.clearCookie(cookie.name, { path: '/' });
      else reply.setCookie(cookie.name, cookie.value, { path: '/', httpOnly: true, sameSite: 'lax', secure: options.secure_cookies ?? false, ...(cookie.max_age_seconds === undefined ? {} : { maxAge: cookie.max_age_seconds }) });
    }
  }

  async function answerRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply, isPage: boolean, actor: Actor): Promise<FastifyReply> {
    let refusal = error instanceof Refusal ? error : undefined;
    const code = (error as { code?: string }).code;
    if (refusal === undefined && code === 'FST_FILES_LIMIT') refusal = new Refusal('kernel.too_many_files', { limit: filesMax });
    if (refusal === undefined && (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_ERR_CTP_BODY_TOO_LARGE')) refusal = new Refusal('kernel.too_large', { limit: uploadMegabytesOf(request) });
    if (refusal === undefined && connectionWasLost(error)) {
      log('warn', 'database unavailable', { program: options.program, request_id: request.id, code: code ?? (error as Error).message });
      refusal = new Refusal('kernel.busy');
    }
    const clientFault = (error as { statusCode?: number }).statusCode;
    const facts: ErrorFacts = refusal !== undefined
      ? { status: refusal.status, code: refusal.code, text: refusal.text, violations: refusal.violations, request_id: request.id }
      : clientFault !== undefined && clientFault >= 400 && clientFault < 500
        ? { status: clientFault, code: 'kernel.bad_request', text: { zh: '请求无法识别,请返回上一页重试。', en: 'The request could not be read. Go back and try again.' }, violations: [], request_id: request.id }
        : { status: 500, code: 'kernel.defect', text: { zh: '系统出错,未作任何更改。请稍后重试,并告知编号。', en: 'Something failed and nothing was changed. Try again later and quote the number.' }, violations: [], request_id: request.id };
    if (facts.status === 500) log('error', 'defect', { program: options.program, request_id: request.id, path: request.routeOptions?.url ?? request.url.split('?')[0], error: (error as Error)?.stack ?? String(error) });
    if (isPage && facts.status === 401 && options.sign_in_path !== undefined && request.method === 'GET') {
      return reply.redirect(`${options.sign_in_path}?next=${encodeURIComponent(request.url)}`, 303);
    }
    if (isPage && facts.status === 401 && request.body !== null && typeof request.body === 'object') facts.fields = request.body as Record<string, unknown>;
    reply.code(facts.status);
    if (refusal?.declaration.kind === 'too_many') reply.header('retry-after', String(refusal.facts['seconds'] ?? 60));
    if (isPage && options.renderError !== undefined) {
      const browser = browserOf(request, reply);
      return reply.type('text/html; charset=utf-8').send(await options.renderError(facts, pageRequest(request, actor, browser)));
    }
    // RFC 9457 problem details, with both languages and every violation.
    return reply.type('application/problem+json; charset=utf-8').send({
      type: `urn:huzheng:refusal:${facts.code}`, status: facts.status, code: facts.code, title: facts.text.zh, title_en: facts.text.en,
      facts: refusal?.facts ?? {}, violations: facts.violations, request_id: facts.request_id,
    });
  }

  app.setErrorHandler(async (error, request, reply) => {
    const isPage = (request.routeOptions?.config as { page?: boolean } | undefined)?.page === true;
    return answerRefusal(error, request, reply, isPage, anonymous);
  });
  app.setNotFoundHandler(async (request, reply) => answerRefusal(new Refusal('kernel.not_found'), request, reply, options.render !== undefined && (request.headers.accept ?? '').includes('text/html'), anonymous));

  for (const bound of options.operations) {
    const { operation } = bound;
    const isPage = operation.output === 'page';
    const isJson = typeof operation.output === 'object';
    const outputSchema = isJson ? (operation.output as TSchema) : undefined;
    const subjectsOf = outputSchema === undefined ? undefined : subjectFinder(outputSchema);
    const isWrite = operation.method === 'POST';
    app.route({
      method: operation.method,
      url: operation.path,
      ...(outputSchema === undefined ? {} : { schema: { response: { 200: outputSchema } } }),
      ...(operation.upload_bytes_max === undefined ? {} : { bodyLimit: operation.upload_bytes_max + 1_048_576 }),
      config: {
        page: isPage, upload_bytes_max: operation.upload_bytes_max,
        ...(factor === 0 ? {} : {
          // Whoever shows no session is limited by address, on every route.
          rateLimit: {
            max: (request: FastifyRequest) => (operation.rate_per_minute ?? 60) * factor * (operation.permission !== 'public' && request.cookies?.[options.session_cookie] !== undefined ? 20 : 1),
            timeWindow: 60_000,
          },
        }),
      },
      handler: async (request, reply) => {
        let known: Actor = anonymous;
        const browser = browserOf(request, reply);
        const formToken = formTokenOf(options, browser);
        const { fields, files } = request.isMultipart() ? await readMultipart(request, operation.upload_bytes_max ?? 1_048_576) : { fields: {}, files: [] };
        if (request.isMultipart()) request.body = fields;
        try {
          if (isWrite) refuseForeign(request, fields, formToken);
          const key = request.headers['idempotency-key'] ?? (request.body as Record<string, unknown> | null | undefined)?.['_request_key'] ?? fields['_request_key'];
          const requestKey = isWrite && operation.looks_up !== true && typeof key === 'string' && /^[\w-]{8,64}$/.test(key) ? key : null;
          const raw = splitInput(request, operation, fields);
          delete raw['_request_key'];
          const input = validate(operation.input, raw) as Record<string, unknown>;
          const digest = isWrite && operation.secret !== true ? digestOfInput(input, files) : null;
          const signedIn = request.cookies[options.session_cookie] !== undefined;
          const transaction = () => transact(options.database, {
            clock: options.clock, blobs: options.blobs, keys: options.keys, operation: bound.name,
            actor: signedIn ? (client, now) => options.identify(request, client, now) : anonymous,
            admit: (actor) => {
              known = actor;
              admit(operation, actor);
              return purposeOf(operation, input, request, options, subjectsOf !== undefined);
            },
            request: {
              request_id: request.id, request_key: requestKey, ip: request.ip, user_agent: request.headers['user-agent'] ?? '',
              language: languageOf(request), origin: `${request.protocol}://${request.host}`,
              certificate: options.certificate_of?.(request) ?? null, cookies: request.cookies, files, form_token: formToken,
            },
            read_only: !isWrite && subjectsOf === undefined && !isPage && operation.leaves_record !== true,
            audited: isWrite,
            input_digest: digest,
            keep_answer: isJson && operation.secret !== true,
            ...(subjectsOf === undefined ? {} : { subjectsOf }),
          }, (context) => bound.run(context, input as never));
          let answer: unknown;
          try {
            const outcome = await transaction();
            answer = outcome.answer;
            setCookies(reply, outcome.cookies);
          } catch (error) {
            const kept = requestKey === null ? undefined : await answerKept(options.database, known, requestKey, bound.name, digest);
            if (kept === undefined) throw error;
            answer = kept.answer;
          }
          if (answer !== null && typeof answer === 'object' && !isJson) {
            if (isFile(answer)) {
              reply.type(answer.media_type).header('content-disposition', `${answer.inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(answer.file_name)}`);
              return await reply.send(Buffer.from(answer.bytes));
            }
            if ('location' in answer) return await reply.redirect((answer as Redirect).location, 303);
            if (isPage && options.render !== undefined) {
              const page = answer as Page;
              const html = await options.render(page, pageRequest(request, known, browser));
              return await (reply as FastifyReply).code(page.status ?? 200).type('text/html; charset=utf-8').send(html);
            }
          }
          return await reply.send(isJson ? answer : {});
        } catch (error) {
          return answerRefusal(error, request, reply, isPage, known);
        }
      },
    });
  }
  return app;
}

/** @throws Refusal when the actor may not do this */
export function admit(operation: Operation, actor: Actor): void {
  const { permission } = operation;
  if (permission === 'public') return;
  if (actor.kind === 'anonymous') throw new Refusal('kernel.signed_out');
  if (permission === 'citizen' || permission === 'officer') {
    if (actor.kind !== permission) throw new Refusal('kernel.signed_out');
    return;
  }
  if (actor.kind === 'system') return;
  if (actor.kind !== 'officer' || !actor.permissions.has(permission)) throw new Refusal('kernel.not_permitted', { permission });
}

/** The answer given to the first request with this key, if there was one. @throws Refusal kernel.busy when that cannot be known */
async function answerKept(database: Database, actor: Actor, key: string, operation: string, digest: string | null): Promise<{ answer: unknown } | undefined> {
  const id = actorId(actor);
  if (id === null) return undefined;
  const { rows } = await database.pool.query<{ operation: string; input_digest: string | null; answer: unknown }>({
    name: 'kernel-answer-kept', text: 'select operation, input_digest, answer from kernel.audit_record where actor_id = $1 and request_key = $2', values: [id, key],
  }).catch((error: unknown) => {
    // Whether it was done cannot be seen now. A "no" could be false: a repeated act finds its page out of date by itself.
    if (connectionWasLost(error)) throw new Refusal('kernel.busy');
    throw error;
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  // A secret was not kept and cannot be given twice.
  if (row.operation !== operation || digest === null || row.input_digest !== digest) throw new Refusal('kernel.request_key_reused');
  return { answer: row.answer };
}
