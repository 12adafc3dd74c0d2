/** Days as whole numbers since 1970-01-01, so that a million birthdays can be compared and shifted cheaply. */
export type Day = number;

/** Mean length of a Gregorian year in days. */
export const YEAR = 365.2425;

const FIRST: Day = dayOf('1850-01-01');
const written: string[] = [];

export function dayOf(iso: string): Day {
  const time = /^\d{4}-\d\d-\d\d$/u.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`not a date: ${iso}; write yyyy-mm-dd`);
  return Math.round(time / 86_400_000);
}

/** `yyyy-mm-dd`; each day is written once and kept. */
export function isoOf(day: Day): string {
  return (written[day - FIRST] ??= new Date(day * 86_400_000).toISOString().slice(0, 10));
}

export function yearOf(day: Day): number {
  return Number(isoOf(day).slice(0, 4));
}

/** Age in years, good to a day or two. */
export function ageAt(birth: Day, on: Day): number {
  return (on - birth) / YEAR;
}

/** The day on which somebody has surely reached an age. */
export function reaches(birth: Day, years: number): Day {
  return birth + Math.ceil(years * YEAR) + 1;
}
