/**
 * Plays the identity-card production of the province and the national register of losses, for demonstrations and tests.
 *
 * An order is accepted, produced and delivered, one step each time it is asked after and `step_after_ms` has passed. It is
 * rejected when the portrait's reference ends in `BLUR` (相片不合格), or the name holds a character that a card cannot
 * show yet (a private-use code point). It keeps nothing over a restart; an order that is then unknown is simply given again.
 */
import { join } from 'node:path';
import { makeAgreedSecret, sha256 } from '../../kernel/index.ts';
import { lossesPath, ordersPath, productionSecret, type WireOrder } from '../../modules/cards/index.ts';
import { startSignedServer, tablePage, type Fault, type Reply, type SignedRequest } from './signed-server.ts';

export interface CardProductionSimulatorOptions {
  /** 0 takes a free port. */
  port: number;
  /** The secret lies in its `keys` folder, made on first use. */
  data_directory: string;
  step_after_ms: number;
}

interface Made {
  order: WireOrder;
  state: 'accepted' | 'produced' | 'delivered' | 'rejected';
  reason?: string;
  /** How often it was given, the first time included; made was it once. */
  given: number;
  stepped_at: number;
}

export interface CardProductionSimulator {
  address: string;
  orders(): ReadonlyMap<string, Readonly<Made>>;
  losses(): ReadonlyMap<string, readonly string[]>;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

const privateUse = /[\u{e000}-\u{f8ff}\u{f0000}-\u{10ffff}]/u;

function reasonAgainst({ items, captures }: WireOrder): string | undefined {
  if (captures.portrait.endsWith('BLUR')) return '相片不符合制证要求(模糊),请重新采集。';
  if (privateUse.test(items.name)) return '姓名含尚无标准编码的字,请按生僻字规则处理后重新送制。';
  return undefined;
}

export async function startCardProductionSimulator({ port, data_directory, step_after_ms }: CardProductionSimulatorOptions): Promise<CardProductionSimulator> {
  const orders = new Map<string, Made>();
  /** report_no → what was told of it, in order. */
  const losses = new Map<string, string[]>();

  const reply = (order_no: string, made: Made, status = 200): Reply => ({
    status, body: { order_no, state: made.state, ...(made.state === 'produced' || made.state === 'delivered' ? { card_serial: `C${sha256(order_no).slice(0, 12).toUpperCase()}` } : {}), ...(made.reason === undefined ? {} : { reason: made.reason }) },
  });

  function take(order: WireOrder): Reply {
    if (typeof order.order_no !== 'string' || typeof order.items?.name !== 'string' || typeof order.captures?.portrait !== 'string') return { status: 400, body: { error: 'incomplete' } };
    const before = orders.get(order.order_no);
    if (before !== undefined) {
      before.given += 1;
      return reply(order.order_no, before, 202);
    }
    const reason = reasonAgainst(order);
    const made: Made = { order, state: reason === undefined ? 'accepted' : 'rejected', ...(reason === undefined ? {} : { reason }), given: 1, stepped_at: Date.now() };
    orders.set(order.order_no, made);
    return reply(order.order_no, made, 202);
  }

  function follow(order_no: string): Reply | undefined {
    const made = orders.get(order_no);
    if (made === undefined) return undefined;
    if (Date.now() - made.stepped_at >= step_after_ms && (made.state === 'accepted' || made.state === 'produced')) {
      made.state = made.state === 'accepted' ? 'produced' : 'delivered';
      made.stepped_at = Date.now();
    }
    return reply(order_no, made);
  }

  function handle({ method, path, body }: SignedRequest): Reply | undefined {
    if (method === 'POST' && path === ordersPath) return take(body as unknown as WireOrder);
    if (method === 'GET' && path.startsWith(`${ordersPath}/`)) return follow(path.slice(ordersPath.length + 1));
    if (method === 'POST' && path === lossesPath) {
      const { report_no, kind } = body as { report_no: string; kind: string };
      const told = losses.get(report_no) ?? [];
      if (told.at(-1) !== kind) losses.set(report_no, [...told, kind]);
      return { status: 200, body: { report_no } };
    }
    return undefined;
  }

  const server = await startSignedServer({
    port, secret: makeAgreedSecret(join(data_directory, 'keys'), productionSecret), handle,
    aboutOf: ({ path }) => (path.startsWith(lossesPath) ? 'losses' : 'orders'),
    page: () => tablePage('居民身份证制证模拟(仅用于演示) · Identity-card production, simulated', '相片采集编号以 BLUR 结尾的退回,其余先接收、再制成、再送达。 · Orders whose portrait reference ends in BLUR are rejected; others are accepted, produced and delivered.',
      ['订单 order', '姓名 name', '送达 deliver to', '次数 given', '状态 state', '原因 reason'], [...orders.entries()].reverse().slice(0, 100).map(([order_no, made]) => [order_no, made.order.items.name, made.order.deliver_to, String(made.given), made.state, made.reason ?? ''])),
  });
  return { address: server.address, orders: () => orders, losses: () => losses, fail: server.fail, close: server.close };
}
