/**
 * Reproducible randomness: the same seed and stream give the same people on every machine, which Math.random does not.
 * xoshiro128** (Blackman, Vigna) fed by splitmix32 and an FNV-1a hash of the stream name.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param stream names an independent sequence under the same seed, for example one per station */
  constructor(seed: number, stream: string) {
    let state = hash(stream) ^ seed;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      return mix(state);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return (result >>> 0) / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Whole number from `low` to `high`, both included; `low` when the range is empty. */
  between(low: number, high: number): number {
    return high <= low ? low : low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: ArrayLike<T>): T {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Normal distribution, cut at `low` and `high`. */
  normal(mean: number, deviation: number, low: number, high: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const value = mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
    return Math.min(high, Math.max(low, value));
  }
}

/** Draws by weight; the sum of the weights is free. */
export type Sampler<T> = (random: Random) => T;

export function weighted<T>(entries: ReadonlyArray<readonly [T, number]>): Sampler<T> {
  const values = entries.map(([value]) => value);
  const limits: number[] = [];
  let sum = 0;
  for (const [, weight] of entries) limits.push((sum += weight));
  if (!(sum > 0)) throw new Error('weights must add up to more than nothing');
  return (random) => {
    const target = random.next() * sum;
    let low = 0;
    let high = limits.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (limits[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return values[low]!;
  };
}

/** FNV-1a over UTF-16 units. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let position = 0; position < text.length; position += 1) {
    value = Math.imul(value ^ text.charCodeAt(position), 0x01000193);
  }
  return value | 0;
}

/** A 32-bit mixer without collisions: different inputs give different outputs. */
export function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
