/**
 * Plays an SMS gateway for demonstrations and tests. It speaks the wire protocol of
 * src/modules/portal/sms-gateway.ts, keeps messages in memory, shows them as a telephone would, and can
 * be told to fail: `POST /control` with `{ mode, times }`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isSigned } from '../../kernel/index.ts';
import { makeSmsSecret, smsPath, type SmsMessage, type SmsState } from '../../modules/portal/index.ts';

export interface SmsSimulatorOptions {
  /** 0 takes a free port. */
  port: number;
  /** The secret lies in its `keys` folder, made on first use. */
  data_directory: string;
}

/** `busy` answers 503, `refuse` 422, `lose` takes the message and says nothing of it, `silent` cuts the line after taking it. */
export type SmsMode = 'work' | 'busy' | 'refuse' | 'undeliverable' | 'lose' | 'silent';

export interface TakenMessage extends SmsMessage {
  at: Date;
  state: SmsState;
  /** How often it was given, the first time included; sent was it once. */
  given: number;
}

export interface SmsSimulator {
  address: string;
  messages(): readonly TakenMessage[];
  /** The next `times` sendings are answered so; after that it works again. */
  fail(mode: SmsMode, times: number): void;
  close(): Promise<void>;
}

const bodyBytesMax = 10_000;
const messagesKept = 500;

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) {
    body += String(piece);
    if (body.length > bodyBytesMax) throw new Error('too large');
  }
  return body;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character]!);

/** The messages as a telephone shows them, the newest first, by number. */
function phonePage(messages: readonly TakenMessage[]): string {
  const byPhone = Map.groupBy([...messages].reverse(), (message) => message.phone);
  const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const phones = [...byPhone].map(([phone, own]) => `<section><h2>${escape(phone)}</h2>${own.map((message) =>
    `<article${message.state === 'undeliverable' ? ' class="lost"' : ''}><time>${clock.format(message.at)}</time><p>【${escape(message.sign_name)}】${escape(message.text)}</p></article>`).join('')}</section>`).join('');
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>短信模拟 · SMS simulator</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:1rem;background:#e9edf2;color:#17202c}main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr))}section{background:#fff;border-radius:1.2rem;padding:1rem}h1{font-size:1.2rem}h2{font-size:1rem;margin:0 0 .5rem;text-align:center;color:#4f5b69}article{margin:.6rem 0}time{font-size:.8rem;color:#4f5b69}p{margin:.1rem 0;padding:.6rem .8rem;background:#eef1f5;border-radius:.9rem;max-width:24rem}.lost p{text-decoration:line-through}</style>
<h1>短信模拟(仅用于演示) · SMS simulator, for demonstration only</h1><main>${phones || '<p>还没有短信 · no messages yet</p>'}</main></html>`;
}

export async function startSmsSimulator({ port, data_directory }: SmsSimulatorOptions): Promise<SmsSimulator> {
  const secret = makeSmsSecret(join(data_directory, 'keys'));
  const taken = new Map<string, TakenMessage>();
  let failing: { mode: SmsMode; times: number } = { mode: 'work', times: 0 };

  function nextMode(): SmsMode {
    if (failing.times <= 0) return 'work';
    failing.times -= 1;
    return failing.mode;
  }

  function take(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { id, phone, text, sign_name } = JSON.parse(body) as Partial<SmsMessage>;
    const mode = nextMode();
    if (mode === 'busy') return answer(response, 503, { error: 'busy' });
    if (mode === 'refuse' || typeof id !== 'string' || typeof phone !== 'string' || typeof text !== 'string' || typeof sign_name !== 'string') return answer(response, 422, { error: 'refused' });
    if (mode === 'lose') return answer(response, 202, { id, state: 'accepted' });
    const before = taken.get(id);
    // One message per number: a repetition is answered the same and sends nothing.
    if (before !== undefined) before.given += 1;
    else {
      taken.set(id, { id, phone, text, sign_name, at: new Date(), state: mode === 'undeliverable' ? 'undeliverable' : 'delivered', given: 1 });
      if (taken.size > messagesKept) taken.delete(taken.keys().next().value!);
    }
    if (mode === 'silent') return void request.socket.destroy();
    answer(response, 202, { id, state: 'accepted' });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    if (path.startsWith(smsPath)) {
      const [timestamp, signature] = [String(request.headers['huzheng-timestamp'] ?? ''), String(request.headers['huzheng-signature'] ?? '')];
      if (!isSigned(secret, { method, path, timestamp, signature, body }, new Date())) return answer(response, 401, { error: 'signature' });
      if (method === 'POST' && path === smsPath) return take(request, response, body);
      const message = taken.get(path.slice(smsPath.length + 1));
      return message === undefined ? answer(response, 404, { error: 'unknown' }) : answer(response, 200, { id: message.id, state: message.state });
    }
    if (method === 'POST' && path === '/control') {
      const { mode = 'work', times = 1 } = JSON.parse(body || '{}') as { mode?: SmsMode; times?: number };
      failing = { mode, times };
      return answer(response, 200, failing);
    }
    if (method === 'GET' && path === '/messages') return answer(response, 200, { messages: [...taken.values()] });
    if (method === 'GET' && path === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(phonePage([...taken.values()]));
    answer(response, 404, { error: 'not found' });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) answer(response, 400, { error: 'unreadable' });
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    address, messages: () => [...taken.values()],
    fail: (mode, times) => void (failing = { mode, times }),
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
