/**
 * Plays the reader bridge of an officer's computer for demonstrations and tests. It speaks the protocol of
 * src/programs/reader/contract.ts; its own page shows the pairing code and a desk on which a card can be laid. A script
 * lays one by `POST /desk` with `{ card }`, `{ id_number }` of somebody of the demonstration, `{ stranger }`, `{ birth_certificate }`, or `{ fault }`.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bridgePaths, bridgeProtocol, faultStatus, requestBytesMax, type BirthCertificate, type BridgeFault, type BridgeState, type Card } from '../reader/contract.ts';
import {
  bookletPageOf, escapeText, linesOfBooklet, linesOfCertificate, newbornOf, pictureOf, residentCardOf, strangersCards, type DemoCard, type OnReader, type UnderCamera,
} from './reader-desk.ts';

export interface ReaderBridgeOptions {
  /** 0 takes a free port. */
  port: number;
  /** Pages that may ask; every other origin is refused. */
  origins: readonly string[];
  /** People of the demonstration whose cards can be laid on the reader; a file that is not there means nobody. */
  cards_file: string;
  /** Digests of the tokens given out, so that a desk stays paired over a restart. */
  pairings_file: string;
}

export interface ReaderBridgeSimulator {
  address: string;
  pairing_code(): string;
  lay(on: OnReader): void;
  close(): Promise<void>;
}

/** What is to lie on the reader. */
export interface DeskOrder {
  card?: Card;
  id_number?: string;
  stranger?: keyof typeof strangersCards;
  /** A certificate is laid under the camera; the card stays on its reader. */
  birth_certificate?: BirthCertificate;
  /** The number of somebody of the demonstration who has just borne a child: that certificate. */
  mother_id_number?: string;
  fault?: Extract<OnReader, { fault: string }>['fault'];
}

/** A code may be mistyped so often; after that a new one is shown. */
const wrongCodesMax = 5;
const devices = { card_reader: '模拟二代证阅读器', page_scanner: '模拟户口簿扫描仪', camera: '模拟高拍仪' } as const;
const bridgeName = '外设助手(模拟)';

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const newCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0');

function readJson<T>(file: string, none: T): T {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as T : none;
}

class Fault extends Error {
  readonly fault: BridgeFault;
  constructor(fault: BridgeFault) {
    super(fault);
    this.fault = fault;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > requestBytesMax) throw new Fault('bad_request');
  }
  return body;
}

export async function startReaderBridge({ port, origins, cards_file, pairings_file }: ReaderBridgeOptions): Promise<ReaderBridgeSimulator> {
  /** Digest of a token → the origin it belongs to. */
  const pairings = new Map(Object.entries(readJson<Record<string, string>>(pairings_file, {})));
  const people = (): DemoCard[] => readJson<DemoCard[]>(cards_file, []);
  let code = newCode();
  let wrongCodes = 0;
  let onReader: OnReader = { fault: 'no_card' };
  let underCamera: UnderCamera = null;

  function lay(on: OnReader): void {
    onReader = on;
    const person = 'card' in on && on.card.kind === 'resident' ? people().find((one) => one.id_number === (on.card as { id_number: string }).id_number) : undefined;
    const booklet = person === undefined ? null : bookletPageOf(person);
    underCamera = 'card' in on ? { title: booklet === null ? '演示证件' : '常住人口登记卡', lines: booklet === null ? [on.card.name] : linesOfBooklet(booklet), booklet, birth_certificate: null } : null;
  }

  const isPaired = (request: IncomingMessage, origin: string): boolean => {
    const token = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
    return token !== undefined && pairings.get(digestOf(token)) === origin;
  };

  function pair(given: unknown, origin: string): { token: string } {
    if (wrongCodes >= wrongCodesMax) throw new Fault('pairing_closed');
    const typed = Buffer.from(String(given).replace(/\s/g, '').padEnd(6).slice(0, 6));
    if (!timingSafeEqual(typed, Buffer.from(code))) {
      wrongCodes += 1;
      throw new Fault('code_wrong');
    }
    // Each code pairs once.
    [code, wrongCodes] = [newCode(), 0];
    const token = randomBytes(32).toString('base64url');
    pairings.set(digestOf(token), origin);
    writeFileSync(pairings_file, JSON.stringify(Object.fromEntries(pairings)), { mode: 0o600 });
    return { token };
  }

  async function answerOf(path: string, body: string, origin: string, paired: boolean): Promise<unknown> {
    const now = new Date().toISOString();
    if (path === bridgePaths.state) {
      const state: BridgeState = {
        protocol: bridgeProtocol, name: bridgeName, is_paired: paired, demo_code: paired ? null : code,
        devices: paired ? Object.entries(devices).map(([kind, name]) => ({ kind: kind as keyof typeof devices, name, is_ready: !('fault' in onReader && onReader.fault === 'no_device') })) : [],
      };
      return state;
    }
    if (path === bridgePaths.pair) return pair((JSON.parse(body) as { code?: unknown }).code, origin);
    if (!paired) throw new Fault('not_paired');
    if (path === bridgePaths.card) {
      if ('fault' in onReader) throw new Fault(onReader.fault);
      return { card: onReader.card, device: devices.card_reader, read_at: now };
    }
    if (path === bridgePaths.page || path === bridgePaths.picture) {
      if (underCamera === null) throw new Fault('no_page');
      const { booklet, birth_certificate, ...picture } = await pictureOf(underCamera, path === bridgePaths.page ? devices.page_scanner : devices.camera, now);
      return path === bridgePaths.page ? { ...picture, booklet, birth_certificate } : picture;
    }
    throw new Fault('unknown_path');
  }

  /** What a page of a browser may have sent: only of the origins allowed, and never by a name that was pointed at this machine. */
  function originOf(request: IncomingMessage, own: string): string {
    const host = request.headers.host ?? '';
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) throw new Fault('origin_refused');
    const origin = request.headers.origin ?? '';
    if (!origins.includes(origin) && origin !== own) throw new Fault('origin_refused');
    return origin;
  }

  function layByOrder(order: DeskOrder): void {
    const person = people().find((one) => one.id_number === order.id_number);
    const mother = people().find((one) => one.id_number === order.mother_id_number && one.father_of_newborn !== undefined);
    if (order.birth_certificate !== undefined) underCamera = { title: '出生医学证明', lines: linesOfCertificate(order.birth_certificate), booklet: null, birth_certificate: order.birth_certificate };
    else if (mother !== undefined) layByOrder({ birth_certificate: newbornOf(mother) });
    else if (order.card !== undefined) lay({ card: order.card });
    else if (person !== undefined) lay({ card: residentCardOf(person) });
    else if (order.stranger !== undefined && order.stranger in strangersCards) lay({ card: strangersCards[order.stranger] });
    else if (order.fault !== undefined && deskFaults.some(([fault]) => fault === order.fault)) lay({ fault: order.fault });
    else throw new Fault('bad_request');
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!;
    const own = `http://${request.headers.host ?? ''}`;
    const send = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body));
    try {
      if (!path.startsWith('/v1/')) {
        // The page on the officer's own screen, and scripts of this machine. Pages of elsewhere bring an origin and are refused.
        if (request.headers.origin !== undefined && request.headers.origin !== own) throw new Fault('origin_refused');
        if (request.method === 'GET' && path === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(deskPage({ code, on: onReader, people: people() }));
        if (request.method !== 'POST' || path !== '/desk') throw new Fault('unknown_path');
        const body = await readBody(request);
        const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
        layByOrder(isForm ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body) as DeskOrder);
        return isForm ? void response.writeHead(303, { location: '/' }).end() : send(200, {});
      }
      const origin = originOf(request, own);
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
      if (request.method === 'OPTIONS') {
        // Browsers ask first whether a page may speak to a program of this machine.
        return void response.writeHead(204, {
          'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'authorization, content-type', 'access-control-max-age': '600', 'access-control-allow-private-network': 'true',
        }).end();
      }
      if ((request.method === 'GET') !== (path === bridgePaths.state)) throw new Fault('unknown_path');
      send(200, await answerOf(path, request.method === 'POST' ? await readBody(request) : '', origin, isPaired(request, origin)));
    } catch (error) {
      const fault = error instanceof Fault ? error.fault : 'bad_request';
      if (!response.headersSent) send(faultStatus[fault], { fault });
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  // The loopback address alone: nobody reads a card from another machine.
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pairing_code: () => code, lay,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}

const deskFaults: [NonNullable<DeskOrder['fault']>, string][] = [
  ['no_card', '取走证件 · no card'], ['unreadable', '读不出 · unreadable'], ['not_an_identity_card', '放上银行卡 · a bank card'], ['busy', '另一程序占用 · held by another program'], ['no_device', '拔掉读卡器 · unplug the reader'],
];
const strangers: [string, string][] = [['foreign', '外国人永久居留身份证 · permanent residence card'], ['hong_kong_macao_taiwan', '港澳台居民居住证 · residence permit']];

function deskPage({ code, on, people }: { code: string; on: OnReader; people: readonly DemoCard[] }): string {
  const laid = 'fault' in on ? on.fault : on.card.kind === 'foreign_permanent' ? 'foreign' : on.card.kind === 'hong_kong_macao_taiwan' ? on.card.kind : on.card.id_number;
  const button = (field: keyof DeskOrder, value: string, words: string): string => `<button name="${field}" value="${escapeText(value)}"${value === laid ? ' aria-pressed="true"' : ''}>${escapeText(words)}</button>`;
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>外设助手模拟 · Reader bridge simulator</title>
<style>body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:46rem;margin:0 auto;padding:1rem;background:#f3f5f8;color:#1a1f27}header{padding:.6rem .9rem;background:#fff3cd;border:2px dashed #8a6100;color:#573d00;font-weight:600}output{font-size:1.6rem;letter-spacing:.2em;font-weight:700}form{display:grid;gap:.5rem}button{font:inherit;text-align:left;padding:.6rem .9rem;border:1px solid #6a7483;border-radius:6px;background:#fff;cursor:pointer}button[aria-pressed]{border-color:#0b5cad;box-shadow:inset 0 0 0 1px #0b5cad;font-weight:600}:focus-visible{outline:3px solid #ffbf47}</style>
<header>外设助手(模拟):仅用于演示,人员和证件均为虚构 · Simulator: people and cards are invented</header>
<p>配对码 · pairing code <output>${code}</output></p>
<h2>读卡器和高拍仪上 · On the reader and under the camera</h2>
<form method="post" action="/desk">${people.map(({ name, id_number, about }) => button('id_number', id_number, `${name} — ${about.zh} · ${about.en}`)).join('')}${people.filter(({ father_of_newborn }) => father_of_newborn !== undefined).map(({ name, id_number }) => button('mother_id_number', id_number, `${name}的新生儿:出生医学证明 · medical certificate of birth`)).join('')}${strangers.map(([value, words]) => button('stranger', value, words)).join('')}${deskFaults.map(([value, words]) => button('fault', value, words)).join('')}</form></html>`;
}
