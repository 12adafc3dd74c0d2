/**
 * Working time: minutes and days that count for a limit. Pure functions over a calendar, for clocks of cases and
 * for promised and statutory limits. Nothing here walks over days or minutes: every instant has a place on one axis
 * of working time, found by arithmetic over weeks and a binary search among the exceptional days, so a limit of
 * three years costs as much as one of an hour.
 *
 * Days are counted at UTC+08:00, the legal time of the whole country since 1992.
 */

/** A day that differs from its weekday: a public holiday, or a weekend worked in exchange for one. */
export interface ExceptionalDay {
  on: string;
  kind: 'holiday' | 'working';
}

/** One stretch of office hours, `HH:MM` local time, half-open. */
export interface OfficeSpan {
  from: string;
  to: string;
}

interface Span {
  from: number;
  to: number;
}

/** Made by `workingCalendar`; its members are prepared for lookup and not for reading. */
export interface WorkingCalendar {
  readonly spans: readonly Span[];
  readonly workingMillisecondsPerDay: number;
  /** Day numbers of exceptional days in order, and for each whether it is worked. */
  readonly exceptions: readonly number[];
  readonly worked: readonly boolean[];
  /** What the first n exceptions add to or take from the count of weekdays. */
  readonly corrections: readonly number[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const LOCAL_OFFSET = 8 * 3_600_000;

/** Days since 1970-01-01, a Thursday. */
function dayNumberOf(on: string): number {
  const time = Date.parse(`${on}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(on) || Number.isNaN(time)) throw new RangeError(`not a calendar day: ${on}`);
  return time / DAY;
}

function isWeekday(day: number): boolean {
  return (((day + 3) % 7) + 7) % 7 < 5;
}

/** Weekdays in [1969-12-29, day): whole weeks count five, the days of the last week at most five. */
function weekdaysBefore(day: number): number {
  const sinceMonday = day + 3;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7, 5);
}

function millisecondsOfDay(clock: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(clock) ?? [];
  if (hours === undefined) throw new RangeError(`not a time of day: ${clock}`);
  return (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/**
 * Prepares a calendar from office hours and exceptional days in any order.
 * @throws RangeError when spans overlap or are empty, or a day is not a calendar day
 */
export function workingCalendar(officeHours: readonly OfficeSpan[], days: readonly ExceptionalDay[]): WorkingCalendar {
  const spans = officeHours.map(({ from, to }) => ({ from: millisecondsOfDay(from), to: millisecondsOfDay(to) }));
  spans.forEach(({ from, to }, index) => {
    if (from >= to || (index > 0 && from < spans[index - 1]!.to)) throw new RangeError('office hours overlap or are empty');
  });
  if (spans.length === 0) throw new RangeError('a calendar needs office hours');

  const kinds = new Map(days.map(({ on, kind }) => [dayNumberOf(on), kind === 'working']));
  const exceptions = [...kinds.keys()].sort((one, other) => one - other);
  const worked = exceptions.map((day) => kinds.get(day)!);
  const corrections = [0];
  exceptions.forEach((day, index) => corrections.push(corrections[index]! + Number(worked[index]) - Number(isWeekday(day))));
  return {
    spans,
    workingMillisecondsPerDay: spans.reduce((sum, { from, to }) => sum + to - from, 0),
    exceptions,
    worked,
    corrections,
  };
}

/** How many exceptional days lie before a day. */
function exceptionsBefore(calendar: WorkingCalendar, day: number): number {
  let low = 0;
  let high = calendar.exceptions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (calendar.exceptions[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function workingDaysBefore(calendar: WorkingCalendar, day: number): number {
  return weekdaysBefore(day) + calendar.corrections[exceptionsBefore(calendar, day)]!;
}

function isWorkingDayNumber(calendar: WorkingCalendar, day: number): boolean {
  const index = exceptionsBefore(calendar, day);
  return calendar.exceptions[index] === day ? calendar.worked[index]! : isWeekday(day);
}

/** The day that has exactly `index` working days before it and is itself one. */
function workingDayAt(calendar: WorkingCalendar, index: number): number {
  // Without exceptions the answer is exact; every exception moves it by less than two weekdays.
  const estimate = Math.floor((index / 5) * 7) - 3;
  const slack = calendar.exceptions.length * 3 + 14;
  let low = estimate - slack;
  let high = estimate + slack;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (workingDaysBefore(calendar, middle + 1) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

function localTime(at: Date): { day: number; time: number } {
  const local = at.getTime() + LOCAL_OFFSET;
  if (Number.isNaN(local)) throw new RangeError('not an instant');
  const day = Math.floor(local / DAY);
  return { day, time: local - day * DAY };
}

/** The calendar day (`yyyy-mm-dd`) on which an instant falls. */
export function localDay(at: Date): string {
  return new Date(localTime(at).day * DAY).toISOString().slice(0, 10);
}

function instantOf(day: number, time: number): Date {
  return new Date(day * DAY + time - LOCAL_OFFSET);
}

/** Working milliseconds from the origin of the axis to an instant. */
function placeOf(calendar: WorkingCalendar, at: Date): number {
  const { day, time } = localTime(at);
  const today = isWorkingDayNumber(calendar, day)
    ? calendar.spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(time, to) - from), 0)
    : 0;
  return workingDaysBefore(calendar, day) * calendar.workingMillisecondsPerDay + today;
}

/** Whether an office of this calendar is open at an instant. */
export function isWorkingTime(at: Date, calendar: WorkingCalendar): boolean {
  const { day, time } = localTime(at);
  return isWorkingDayNumber(calendar, day) && calendar.spans.some(({ from, to }) => time >= from && time < to);
}

/** Whether a calendar day (`yyyy-mm-dd`) is worked. */
export function isWorkingDay(on: string, calendar: WorkingCalendar): boolean {
  return isWorkingDayNumber(calendar, dayNumberOf(on));
}

/** Working minutes of one full day, to turn a limit in days into one in minutes. */
export function workingMinutesPerDay(calendar: WorkingCalendar): number {
  return calendar.workingMillisecondsPerDay / MINUTE;
}

/**
 * The instant at which so many working minutes after `start` are used up. A limit that ends with the office hours ends
 * at closing time and not at the next opening; none at all ends at once, even outside office hours.
 * @throws RangeError when minutes are negative or not finite
 */
export function addWorkingMinutes(start: Date, minutes: number, calendar: WorkingCalendar): Date {
  if (!(minutes >= 0 && Number.isFinite(minutes))) throw new RangeError(`not a number of working minutes: ${minutes}`);
  if (minutes === 0) return new Date(start);
  const target = placeOf(calendar, start) + minutes * MINUTE;
  const index = Math.ceil(target / calendar.workingMillisecondsPerDay) - 1;
  let remaining = target - index * calendar.workingMillisecondsPerDay;
  const span = calendar.spans.find(({ from, to }) => {
    if (remaining <= to - from) return true;
    remaining -= to - from;
    return false;
  })!;
  return instantOf(workingDayAt(calendar, index), span.from + remaining);
}

/** Working minutes from `from` to `to`; negative when `to` is earlier. */
export function workingMinutesBetween(from: Date, to: Date, calendar: WorkingCalendar): number {
  return (placeOf(calendar, to) - placeOf(calendar, from)) / MINUTE;
}

/**
 * The end of a limit in working days: closing time of the nth working day after the day of `start`. The day on which a
 * period begins is not counted (民法典 第二百零一条), and the period ends when business stops on its last day (第二百零三条).
 * Zero days end with the office hours of the same day, or of the next working day.
 * @throws RangeError when days are negative or not whole
 */
export function addWorkingDays(start: Date, days: number, calendar: WorkingCalendar): Date {
  if (!(Number.isSafeInteger(days) && days >= 0)) throw new RangeError(`not a number of working days: ${days}`);
  const { day } = localTime(start);
  const index = days === 0 ? workingDaysBefore(calendar, day) : workingDaysBefore(calendar, day + 1) + days - 1;
  return instantOf(workingDayAt(calendar, index), calendar.spans.at(-1)!.to);
}
