/**
 * What clients wanted, sent and were told. A wish is sent again under the same key until a whole answer comes, as a
 * careful client does; afterwards the journal is laid beside the register (compare.ts).
 */
import { newId } from '../../../src/kernel/index.ts';
import type { Random } from '../../../src/programs/demo/population/random.ts';
import type { Reply } from './desk.ts';
import { pause } from './http.ts';

/** One thing that is to be done once. */
export interface Wish {
  /** The act as the chain of the case names it; `submit` opens the case. */
  act: string;
  case_id: string | undefined;
  /** Telephone number given for this case and no other: by it a case is found although nobody was told its number. */
  mark: string;
  person_id: string;
  keys: string[];
  outcome: 'acknowledged' | 'refused' | 'unanswered';
  /** When the attempt was sent that was answered. */
  answered_attempt_at: number | undefined;
  answer: { case_id: string; case_version: number; state: string } | undefined;
  refusal: string | undefined;
}

export interface JournalOptions {
  random: Random;
  /** Share of wishes whose client goes away for good after an attempt without an answer. */
  give_up: number;
  /** A planted fault: every attempt gets a key of its own, as a careless client would do it. */
  renew_key?: boolean;
}

const attemptsMax = 400;
const pauseMs = [20, 200] as const;

export class Journal {
  readonly wishes: Wish[] = [];
  /** "Try again" answers by code. */
  readonly put_off = new Map<string, number>();
  /** Attempts that ended without a whole answer. */
  broken = 0;
  /** Set when the waiting must end: no wish is sent again after it. */
  over = false;
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** @returns the answer, or undefined when refused or never answered */
  async wish(what: Pick<Wish, 'act' | 'case_id' | 'mark' | 'person_id'>, send: (key: string) => Promise<Reply>): Promise<Wish['answer']> {
    const { random, give_up, renew_key } = this.#options;
    const wish: Wish = { ...what, keys: [], outcome: 'unanswered', answered_attempt_at: undefined, answer: undefined, refusal: undefined };
    this.wishes.push(wish);
    for (let attempt = 0; attempt < attemptsMax && !this.over; attempt++) {
      if (attempt > 0) {
        if (random.chance(give_up)) break;
        await pause(random.between(...pauseMs));
      }
      if (wish.keys.length === 0 || renew_key) wish.keys.push(newId());
      const sentAt = Date.now();
      const reply = await send(wish.keys.at(-1)!).catch(() => undefined);
      if (reply === undefined) {
        this.broken++;
      } else if (reply.status === 200) {
        return Object.assign(wish, { outcome: 'acknowledged', answered_attempt_at: sentAt, answer: reply.body }).answer;
      } else if (reply.status < 500 && reply.status !== 429) {
        Object.assign(wish, { outcome: 'refused', answered_attempt_at: sentAt, refusal: String(reply.body['code']) });
        return undefined;
      } else {
        const code = String(reply.body['code']);
        this.put_off.set(code, (this.put_off.get(code) ?? 0) + 1);
      }
    }
    return undefined;
  }

  /** Refusals by code. */
  refusals(): Map<string, number> {
    const tally = new Map<string, number>();
    for (const { refusal } of this.wishes) if (refusal !== undefined) tally.set(refusal, (tally.get(refusal) ?? 0) + 1);
    return tally;
  }
}
