/** Time is a dependency, so that tests freeze it and statutory clocks can be tried on any day. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is told to move. */
export class FrozenClock implements Clock {
  #at: number;
  constructor(at: string | Date) {
    this.#at = new Date(at).getTime();
  }
  now(): Date {
    return new Date(this.#at);
  }
  set(at: string | Date): void {
    this.#at = new Date(at).getTime();
  }
  advanceMinutes(minutes: number): void {
    this.#at += minutes * 60_000;
  }
}

/** The legal day in China for an instant, as yyyy-mm-dd. China keeps one time zone without summer time since 1992. */
export function legalDay(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** The full years a person has lived on a day; born on 29 February counts from 1 March in common years (GB practice). */
export function ageOn(birth_on: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birth_on.slice(0, 4));
  return day.slice(5) >= birth_on.slice(5) ? years : years - 1;
}
