import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  addWorkingDays, addWorkingMinutes, isWorkingDay, isWorkingTime, workingCalendar, workingMinutesBetween, workingMinutesPerDay,
  type ExceptionalDay,
} from './working-time.ts';

const { days } = JSON.parse(readFileSync(new URL('../../../catalogue/calendar/working-days.json', import.meta.url), 'utf8')) as {
  days: ExceptionalDay[];
};
const calendar = workingCalendar([{ from: '08:30', to: '12:00' }, { from: '14:00', to: '17:30' }], days);
const at = (local: string): Date => new Date(`${local.replace(' ', 'T')}+08:00`);

describe('which days are worked', () => {
  it.each([
    ['2026-11-20', true, 'Friday'],
    ['2026-11-21', false, 'Saturday'],
    ['2026-10-01', false, 'National Day'],
    ['2026-10-07', false, 'last day of the National Day week'],
    ['2026-10-08', true, 'first day after it'],
    ['2026-10-10', true, 'Saturday worked in exchange'],
    ['2026-09-20', true, 'Sunday worked in exchange'],
    ['2026-02-14', true, 'Saturday before the Spring Festival'],
    ['2026-02-15', false, 'Spring Festival'],
    ['2026-02-23', false, 'ninth day of the Spring Festival'],
    ['2020-01-31', false, 'Spring Festival of 2020 as prolonged'],
    ['2027-10-04', true, 'a year without notice follows the law alone'],
    ['1969-12-28', false, 'a Sunday before the epoch'],
    ['1969-12-29', true, 'a Monday before the epoch'],
  ])('%s: %s (%s)', (on, worked) => {
    expect(isWorkingDay(on, calendar)).toBe(worked);
  });
});

describe('office hours', () => {
  it.each([
    ['2026-11-20 08:29:59', false],
    ['2026-11-20 08:30', true],
    ['2026-11-20 11:59:59', true],
    ['2026-11-20 12:00', false],
    ['2026-11-20 14:00', true],
    ['2026-11-20 17:30', false],
    ['2026-11-21 10:00', false],
    ['2026-10-10 10:00', true],
  ])('open at %s: %s', (local, open) => {
    expect(isWorkingTime(at(local), calendar)).toBe(open);
  });

  it('gives seven hours a day', () => {
    expect(workingMinutesPerDay(calendar)).toBe(420);
  });
});

describe('limits in working minutes', () => {
  it.each([
    ['2026-11-20 09:00', 30, '2026-11-20 09:30', 'inside a morning'],
    ['2026-11-20 11:50', 10, '2026-11-20 12:00', 'ends with the morning'],
    ['2026-11-20 11:50', 11, '2026-11-20 14:01', 'goes on after lunch'],
    ['2026-11-20 12:30', 1, '2026-11-20 14:01', 'starts during lunch'],
    ['2026-11-20 17:20', 10, '2026-11-20 17:30', 'ends with the day'],
    ['2026-11-20 17:20', 11, '2026-11-23 08:31', 'goes on after the weekend'],
    ['2026-11-20 20:00', 420, '2026-11-23 17:30', 'a whole day, given in the evening'],
    ['2026-11-21 10:00', 420, '2026-11-23 17:30', 'a whole day, given on a Saturday'],
    ['2026-11-20 06:00', 420, '2026-11-20 17:30', 'a whole day, given before opening'],
    ['2026-09-30 16:30', 61, '2026-10-08 08:31', 'over National Day'],
    ['2026-10-09 16:30', 61, '2026-10-10 08:31', 'into a worked Saturday'],
    ['2026-10-10 16:30', 61, '2026-10-12 08:31', 'out of a worked Saturday'],
    ['2026-02-14 17:00', 31, '2026-02-24 08:31', 'over the Spring Festival'],
    ['2026-12-31 17:00', 31, '2027-01-04 08:31', 'over the turn of the year'],
    ['2026-11-20 09:00', 0.5, '2026-11-20 09:00:30', 'half a minute'],
    ['2026-11-21 03:00', 0, '2026-11-21 03:00', 'nothing'],
  ])('%s plus %d is %s (%s)', (start, minutes, end) => {
    expect(addWorkingMinutes(at(start), minutes, calendar)).toEqual(at(end));
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d minutes are refused', (minutes) => {
    expect(() => addWorkingMinutes(at('2026-11-20 09:00'), minutes, calendar)).toThrow(RangeError);
  });

  it.each([
    ['2026-11-20 09:00', '2026-11-20 17:30', 390],
    ['2026-11-20 17:30', '2026-11-23 08:30', 0],
    ['2026-09-30 17:30', '2026-10-08 08:30', 0],
    ['2026-10-01 00:00', '2026-10-31 24:00', 18 * 420],
    ['2026-11-23 09:00', '2026-11-20 17:00', -60],
  ])('from %s to %s there are %d', (from, to, minutes) => {
    expect(workingMinutesBetween(at(from), at(to), calendar)).toBe(minutes);
  });
});

describe('limits in working days', () => {
  it.each([
    ['2026-11-20 09:00', 1, '2026-11-23 17:30', 'the first day is not counted'],
    ['2026-11-20 23:59', 1, '2026-11-23 17:30', 'nor does its hour matter'],
    ['2026-11-21 10:00', 1, '2026-11-23 17:30', 'a Saturday counts as no day'],
    ['2026-09-30 09:00', 1, '2026-10-08 17:30', 'over National Day'],
    ['2026-09-30 09:00', 3, '2026-10-10 17:30', 'a worked Saturday counts'],
    ['2026-11-20 09:00', 15, '2026-12-11 17:30', 'fifteen days are three weeks'],
    ['2026-11-20 09:00', 0, '2026-11-20 17:30', 'none: the same day'],
    ['2026-11-21 09:00', 0, '2026-11-23 17:30', 'none on a Saturday: Monday'],
  ])('%s plus %d ends %s (%s)', (start, count, end) => {
    expect(addWorkingDays(at(start), count, calendar)).toEqual(at(end));
  });

  it.each([-1, 1.5])('%d days are refused', (count) => {
    expect(() => addWorkingDays(at('2026-11-20 09:00'), count, calendar)).toThrow(RangeError);
  });
});

describe('laws of working time', () => {
  const instants = fc.date({ min: new Date('2004-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  const minutes = fc.integer({ min: 1, max: 420 * 800 });

  it('what was added lies between start and end', () => {
    fc.assert(
      fc.property(instants, minutes, (start, added) => {
        expect(workingMinutesBetween(start, addWorkingMinutes(start, added, calendar), calendar)).toBeCloseTo(added, 6);
      }),
    );
  });

  it('adding twice is adding the sum', () => {
    fc.assert(
      fc.property(instants, minutes, minutes, (start, first, second) => {
        const stepwise = addWorkingMinutes(addWorkingMinutes(start, first, calendar), second, calendar);
        expect(Math.abs(stepwise.getTime() - addWorkingMinutes(start, first + second, calendar).getTime())).toBeLessThan(2);
      }),
    );
  });

  it('a limit ends inside office hours or at closing time', () => {
    fc.assert(
      fc.property(instants, minutes, (start, added) => {
        const end = addWorkingMinutes(start, added, calendar);
        expect(isWorkingTime(new Date(end.getTime() - 1), calendar)).toBe(true);
      }),
    );
  });

  it('agrees with counting day by day', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), (start, count) => {
        let day = Date.parse(new Date(start.getTime() + 8 * 3_600_000).toISOString().slice(0, 10));
        for (let left = count; left > 0; ) {
          day += 86_400_000;
          const on = new Date(day).toISOString().slice(0, 10);
          const exception = days.find((candidate) => candidate.on === on);
          const weekday = ![0, 6].includes(new Date(day).getUTCDay());
          if (exception ? exception.kind === 'working' : weekday) left -= 1;
        }
        expect(addWorkingDays(start, count, calendar)).toEqual(new Date(day + 9.5 * 3_600_000));
      }),
    );
  });
});

describe('a calendar', () => {
  it.each([
    [[{ from: '09:00', to: '09:00' }]],
    [[{ from: '09:00', to: '12:00' }, { from: '11:00', to: '17:00' }]],
    [[{ from: '9', to: '12:00' }]],
    [[]],
  ])('refuses office hours %j', (spans) => {
    expect(() => workingCalendar(spans, [])).toThrow(RangeError);
  });

  it('refuses a day that does not exist', () => {
    expect(() => workingCalendar([{ from: '09:00', to: '12:00' }], [{ on: '2026-13-01', kind: 'holiday' }])).toThrow(RangeError);
  });
});
