/**
 * The readers on the desk, through the bridge on this computer. Where the installation names no bridge nothing here is
 * asked and nothing is shown; where it names one and it does not answer, typing goes on as ever.
 */
import {
  bridgePaths, bridgeProtocol, type BridgeFault, type BridgePath, type BridgeState, type CardReading, type PageReading, type Pairing, type Picture,
} from '../../src/programs/reader/contract.ts';
import type { Text } from '../kit/language.ts';
import { reader as words } from './counter/desk-texts.ts';

/** What stands between the officer and the card, with the way out. */
export type ReaderFault = BridgeFault | 'no_bridge' | 'old_bridge';

export class ReaderTrouble extends Error {
  readonly fault: ReaderFault;
  constructor(fault: ReaderFault) {
    super(fault);
    this.fault = fault;
  }
  get text(): Text {
    return words.faults[this.fault];
  }
}

const tokenKept = 'huzheng.reader_token';
/** Reading a chip takes a second or two; a page up to ten. */
const patienceMs = { state: 2000, pair: 5000, card: 15_000, page: 30_000, picture: 15_000 } as const satisfies Record<BridgePath, number>;

export interface ReaderBridge {
  state(): Promise<BridgeState>;
  /** @throws ReaderTrouble code_wrong, pairing_closed, no_bridge */
  pair(code: string): Promise<void>;
  /** @throws ReaderTrouble no_card, unreadable, not_an_identity_card, no_device, busy, not_paired, no_bridge */
  readCard(): Promise<CardReading>;
  readPage(): Promise<PageReading>;
  /** What the camera sees, as a file that a form can send. */
  takePicture(): Promise<File>;
}

export interface BridgeParts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Where the token of this desk is kept. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** @param address of the bridge, as the installation names it */
export function readerBridge(address: string, parts: BridgeParts = { fetch: (url, init) => fetch(url, init), storage: localStorage }): ReaderBridge {
  async function ask<T>(path: BridgePath, body?: object): Promise<T> {
    const token = parts.storage.getItem(tokenKept);
    let response: Response;
    try {
      response = await parts.fetch(address + bridgePaths[path], {
        method: body === undefined ? 'GET' : 'POST', mode: 'cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(patienceMs[path]),
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ReaderTrouble('no_bridge');
    }
    const answer = await response.json().catch(() => ({ fault: 'no_bridge' })) as T & { fault?: BridgeFault };
    if (response.ok) return answer;
    // A token of a bridge that was set up anew is good for nothing.
    if (answer.fault === 'not_paired') parts.storage.removeItem(tokenKept);
    throw new ReaderTrouble(answer.fault !== undefined && answer.fault in words.faults ? answer.fault : 'no_bridge');
  }
  return {
    async state() {
      const state = await ask<BridgeState>('state');
      if (state.protocol !== bridgeProtocol) throw new ReaderTrouble('old_bridge');
      return state;
    },
    async pair(code) {
      parts.storage.setItem(tokenKept, (await ask<Pairing>('pair', { code })).token);
    },
    readCard: () => ask<CardReading>('card', {}),
    readPage: () => ask<PageReading>('page', {}),
    async takePicture() {
      return fileOf(await ask<Picture>('picture', {}));
    },
  };
}

/** A picture of the bridge as a file that a form can send. */
export function fileOf({ data, media_type, read_at }: Picture): File {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new File([bytes], `${read_at.slice(0, 19).replace(/[T:]/g, '-')}.jpg`, { type: media_type });
}
