/** Requests over real sockets that may break: each has an end, and none is sent again unasked. */
import http from 'node:http';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  bytes: Buffer;
}

const patienceMs = 20_000;

/** @throws Error when no whole answer comes */
export function ask(agent: http.Agent, port: number, method: string, path: string, headers: Record<string, string>, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sized = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
    const sent = http.request({ agent, host: '127.0.0.1', port, method, path, headers: sized }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(pieces) }));
    });
    sent.setTimeout(patienceMs, () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** `name=value` of each cookie that an answer sets. */
export function cookiesOf({ headers }: Answer): string[] {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]!);
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
