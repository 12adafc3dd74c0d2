/**
 * A road between two programs that breaks on purpose. What is asked always arrives; of the answers a share is cut off,
 * so that the work was done and nobody was told, and others come late or in crumbs. It suits any talk of questions and
 * answers: a browser with the office over HTTP, the office with PostgreSQL.
 */
import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { Random } from '../../../src/programs/demo/population/random.ts';
import { pause } from './http.ts';

export interface RoadFaults {
  /** Share of answers, 0 to 1, of which nothing or only the first half arrives before the connection breaks. */
  cut: number;
  /** Share of answers that come up to {@link delayMsMax} late. */
  delay: number;
  /** Share of answers that come in crumbs. */
  drip: number;
}

export interface CuttingProxy {
  port: number;
  /** May be changed while it runs; all 0 at first, so that preparations are not disturbed. */
  faults: RoadFaults;
  /** Answers seen while any fault was set, and what was done to them. */
  counts: { answers: number; cut: number; delayed: number; dripped: number };
  close(): Promise<void>;
}

const delayMsMax = 60;
const crumbBytes = 400;

export const calm: Readonly<RoadFaults> = { cut: 0, delay: 0, drip: 0 };

/** Opens a proxy on a free port of the loopback that leads to `target`. */
export async function openCuttingProxy(target: NetConnectOpts, seed: number, name: string): Promise<CuttingProxy> {
  const random = new Random(seed, `road ${name}`);
  const open = new Set<Socket>();
  const counts = { answers: 0, cut: 0, delayed: 0, dripped: 0 };
  const proxy: { faults: RoadFaults } = { faults: { ...calm } };

  function carry(asking: Socket): void {
    const answering = connect(target);
    let asked = false;
    // Pieces of one connection keep their order although some of them wait.
    let before: Promise<void> = Promise.resolve();
    for (const socket of [asking, answering]) {
      open.add(socket);
      socket.setNoDelay(true);
      // Either end may be killed at any moment: that is the purpose.
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
    answering.on('close', () => void before.then(() => asking.destroy()));
    asking.on('close', () => answering.destroy());
    asking.on('data', (piece) => {
      asked = true;
      answering.write(piece);
    });
    answering.on('data', (piece: Buffer) => {
      const first = asked;
      asked = false;
      before = before.then(() => pass(piece, first));
    });

    /** @param first whether this piece begins an answer; what follows of it is let through */
    async function pass(piece: Buffer, first: boolean): Promise<void> {
      const { cut, delay, drip } = proxy.faults;
      if (asking.destroyed) return;
      if (!first || cut + delay + drip === 0) return void asking.write(piece);
      counts.answers++;
      const lot = random.next();
      if (lot < cut) {
        counts.cut++;
        if (random.chance(0.5)) asking.write(piece.subarray(0, piece.length >> 1));
        asking.destroySoon();
      } else if (lot < cut + delay) {
        counts.delayed++;
        await pause(random.between(1, delayMsMax));
        asking.write(piece);
      } else if (lot < cut + delay + drip) {
        counts.dripped++;
        for (let from = 0; from < piece.length && !asking.destroyed; from += crumbBytes) {
          asking.write(piece.subarray(from, from + crumbBytes));
          await pause(1);
        }
      } else {
        asking.write(piece);
      }
    }
  }

  const server: Server = createServer({ noDelay: true }, carry).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port, counts,
    get faults() {
      return proxy.faults;
    },
    set faults(wanted) {
      proxy.faults = { ...wanted };
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
