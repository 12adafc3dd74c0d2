/** How long to wait before asking again, and when to stop. Pure. */

/** Questions asked in one round, all at once. */
export const roundMax = 20;
/** Of these at most so many of one source, so that a slow one leaves room for the others. */
export const roundOfSourceMax = 5;
/** Failed attempts after which the case is told that the source can't be reached; the asking goes on. */
export const attemptsUntilUnavailable = 3;
/** One day: what a source has not answered by then it will not. */
export const giveUpHours = 24;

/** What the other side wishes, within reason. */
export const pollAfter = (wished: number): number => Math.min(3600, Math.max(1, Math.round(wished)));

/** Failures in a row after which a source is left alone, and for how long; the first question after that tries it. */
const breakerFailures = 5;
const breakerSecondsFirst = 30;
const breakerSecondsMax = 600;

export const breakerSeconds = (failures: number): number | null =>
  failures < breakerFailures ? null : Math.min(breakerSecondsMax, breakerSecondsFirst * 2 ** Math.min(failures - breakerFailures, 20));
