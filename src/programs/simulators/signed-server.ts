/** What the simulators of the police network's neighbours share: a small HTTP server that believes only what is signed, signs its answers, and misbehaves on request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isSigned, signatureOfAnswer } from '../../kernel/index.ts';

/**
 * `down` answers 503 and does nothing, `slow` acts and lets the other side wait, `silent` acts and cuts the line,
 * `forged` acts and signs wrongly, `garbled` acts and answers something that is not in the protocol.
 */
export type FaultMode = 'work' | 'down' | 'slow' | 'silent' | 'forged' | 'garbled';

export interface Fault {
  mode: FaultMode;
  /** How many requests are answered so; then it works again. */
  times: number;
  /** Only requests that concern this (a source, a kind of message); all without it. */
  about?: string | undefined;
}

export interface SignedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

export interface SignedServerOptions {
  /** 0 takes a free port. */
  port: number;
  secret: string;
  /** What a request concerns, for faults that concern only some. */
  aboutOf(request: SignedRequest): string;
  /** Acts and answers; nothing for a path that is not there. */
  handle(request: SignedRequest): Reply | undefined;
  /** What a person sees who opens the address in a browser. */
  page(): string;
}

export interface SignedServer {
  address: string;
  fail(fault: Fault): void;
  /** Requests that were signed and understood, the first first. */
  requests(): readonly SignedRequest[];
  close(): Promise<void>;
}

const bodyBytesMax = 1_000_000;
const requestsKept = 1000;
/** Longer than anybody waits. */
const slowMs = 30_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > bodyBytesMax) throw new Error('too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character]!);

/** A plain page with one table; every cell is text. */
export function tablePage(title: string, about: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]): string => `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>${escapeHtml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:0;padding:1rem;color:#17202c}h1{font-size:1.2rem}table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.3rem .6rem;border-bottom:1px solid #d5dbe3}th{font-weight:600}p{max-width:60rem}</style>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(about)}</p><table><thead>${cells('th', header)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table></html>`;
}

export async function startSignedServer(options: SignedServerOptions): Promise<SignedServer> {
  const requests: SignedRequest[] = [];
  const closing = new AbortController();
  let faults: Fault[] = [];

  function modeFor(request: SignedRequest): FaultMode {
    const about = options.aboutOf(request);
    const fault = faults.find((one) => one.times > 0 && (one.about === undefined || one.about === about));
    if (fault === undefined) return 'work';
    fault.times -= 1;
    return fault.mode;
  }

  function plainly(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  }

  async function answerSigned(request: IncomingMessage, response: ServerResponse, url: URL, text: string): Promise<void> {
    const method = request.method ?? 'GET';
    const signature = String(request.headers['huzheng-signature'] ?? '');
    const signed = isSigned(options.secret, { method, path: `${url.pathname}${url.search}`, timestamp: String(request.headers['huzheng-timestamp'] ?? ''), signature, body: text }, new Date());
    if (!signed) return plainly(response, 401, { error: 'signature' });
    const asked: SignedRequest = { method, path: url.pathname, query: url.searchParams, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    const mode = modeFor(asked);
    if (mode === 'down') return plainly(response, 503, { error: 'down' });
    const reply = options.handle(asked) ?? { status: 404, body: { error: 'unknown' } };
    requests.push(asked);
    if (requests.length > requestsKept) requests.shift();
    if (mode === 'silent') return void request.socket.destroy();
    if (mode === 'slow') await pause(slowMs, undefined, { signal: closing.signal }).catch(() => {});
    const body = JSON.stringify(mode === 'garbled' ? { said: 'nonsense' } : reply.body);
    const secret = mode === 'forged' ? `${options.secret}?` : options.secret;
    response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', 'huzheng-signature': signatureOfAnswer(secret, signature, reply.status, body) }).end(body);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const text = await readBody(request);
    if (request.method === 'GET' && url.pathname === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(options.page());
    if (request.method === 'POST' && url.pathname === '/control') {
      const wish = JSON.parse(text || '{}') as Record<string, unknown>;
      const fault = { mode: (wish['mode'] ?? 'work') as FaultMode, times: Number(wish['times'] ?? 1), ...(typeof wish['about'] === 'string' ? { about: wish['about'] } : {}) };
      fail(fault);
      return plainly(response, 200, fault);
    }
    await answerSigned(request, response, url, text);
  }

  function fail(fault: Fault): void {
    faults = [{ ...fault }, ...faults.filter((one) => one.about !== fault.about)];
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) plainly(response, 400, { error: 'unreadable' });
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, 'localhost', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`, fail, requests: () => [...requests],
    close: () => new Promise((resolve) => {
      closing.abort();
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
