/** What the steps of a courier share: its network, keys and directories, and the transaction they act in. */
import type { KeyObject } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { actAsSystem, publicKeyOf, Refusal, sealingKeyOf, type BlobStore, type Clock, type Context, type Database, type NetworkKeys } from '../../../kernel/index.ts';
import { keyIdOf } from '../envelope.ts';
import '../errors.ts';
import type { ParcelHandlers } from '../parcels.ts';
import { directionOf, otherNetwork, roundMilliseconds, type Direction } from '../rules.ts';
import { openSpool, type Spool } from '../spool.ts';

export interface CourierOptions {
  database: Database;
  blobs: BlobStore;
  clock: Clock;
  keys: NetworkKeys;
  /** Holds the own keys and the public keys of the other network. */
  key_directory: string;
  spool_directory: string;
  /** Of all modules of this network. */
  handlers: ParcelHandlers;
  /** Called between any two steps; tests throw here as a killed process would end here. */
  crashPoint?: (step: string) => void;
}

export interface Way extends CourierOptions {
  outgoing: Spool;
  incoming: Spool;
  incoming_direction: Direction;
  outgoing_direction: Direction;
  /** Signs what leaves; by this name the other side finds our public key. */
  key_id: string;
  key_made_at: Date;
  peer: { public_key: KeyObject; key_id: string; key_made_at: Date; sealing_key: KeyObject };
  step(name: string): void;
  /** The round has lasted long enough; what is left belongs to the next, so that receipts are not kept back by a backlog. */
  timeIsUp(): boolean;
  /** One transaction of the courier, with a crash point before it, before its commit and after it. */
  act<T>(operation: string, work: (context: Context) => Promise<T>, options?: { audited: boolean }): Promise<T>;
}

/**
 * Opens directories and keys. Keys are read each time, so that a new one of the other side works without a restart.
 * @throws Refusal exchange.key_missing
 */
export async function openWay(options: CourierOptions): Promise<Way> {
  const { network } = options.database;
  const peer = otherNetwork(network);
  const missing = [`${peer}.public.pem`, `${peer}.sealing.pem`].filter((file) => !existsSync(join(options.key_directory, file)));
  if (missing.length > 0) throw new Refusal('exchange.key_missing', { files: missing.join(', '), directory: options.key_directory });
  const madeAt = (owner: string): Date => statSync(join(options.key_directory, `${owner}.public.pem`)).mtime;
  const peerKey = publicKeyOf(options.key_directory, peer);
  const incoming_direction = directionOf(network, 'incoming');
  const outgoing_direction = directionOf(network, 'outgoing');
  const endsAt = performance.now() + roundMilliseconds;
  const step = (name: string): void => options.crashPoint?.(name);
  return {
    ...options,
    incoming_direction, outgoing_direction,
    incoming: await openSpool(options.spool_directory, incoming_direction),
    outgoing: await openSpool(options.spool_directory, outgoing_direction),
    key_id: keyIdOf(publicKeyOf(options.key_directory, network)), key_made_at: madeAt(network),
    peer: { public_key: peerKey, key_id: keyIdOf(peerKey), key_made_at: madeAt(peer), sealing_key: sealingKeyOf(options.key_directory, peer) },
    step,
    timeIsUp: () => performance.now() > endsAt,
    async act(operation, work, { audited } = { audited: false }) {
      step(`before ${operation}`);
      const answer = await actAsSystem(options.database, {
        clock: options.clock, blobs: options.blobs, keys: options.keys, name: 'courier', operation, audited,
      }, async (context) => {
        const made = await work(context);
        step(`before the commit of ${operation}`);
        return made;
      });
      step(`after ${operation}`);
      return answer;
    },
  };
}
