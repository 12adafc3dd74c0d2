/** The way of a case through the offices and its clocks: lunch, weekends, National Day, silence, return, a clock that stood still. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorkingMinutes, workingCalendar, workingMinutesBetween, type ExceptionalDay } from '../reference/index.ts';
import { serviceNamed } from '../../../test/harness/case-facts.ts';
import type { Step } from './file.ts';
import { advance, begun, decidedAbove, lampOf, merged, organisationAt, promisedAt, resumed, shifted, stepsOf, untouched, waitingFor } from './route.ts';

const { days } = JSON.parse(readFileSync(new URL('../../../catalogue/calendar/working-days.json', import.meta.url), 'utf8')) as { days: ExceptionalDay[] };
const calendar = workingCalendar([{ from: '08:30', to: '12:00' }, { from: '14:00', to: '17:30' }], days);
const at = (local: string): Date => new Date(`${local.replace(' ', 'T')}+08:00`);
const local = (instant: Date | null): string => (instant === null ? '—' : new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '));

const kunming = '530102510000';
const dali = '532901500000';
const neighbour = '530102520000';
const routeOf = (code: string, escalated = false, origin = dali): Step[] => stepsOf(serviceNamed(code), { target: kunming, origin }, escalated);
const words = (steps: readonly Step[]): string[] => steps.map((step) => `${step.step} ${step.act} ${step.role}@${step.org_code} ${step.limit_working_minutes}′`);
const stepOf = (limit_working_minutes: number): Step => ({ ...routeOf('0503')[0]!, limit_working_minutes });

describe('the route of a service', () => {
  it.each([
    ['0501', neighbour, ['1 accept station_officer@530102510000 30′', '2 approve station_chief@530102510000 30′', '3 confirm_out station_officer@530102520000 0′', '4 execute station_officer@530102510000 30′']],
    ['0502', '530111500000', ['1 accept station_officer@530102510000 78′', '2 review station_chief@530102510000 78′', '3 approve county_section_chief@530102000000 78′', '4 confirm_out station_officer@530111500000 420′', '5 execute station_officer@530102510000 78′']],
    ['0503', dali, ['1 accept station_officer@530102510000 102′', '2 review station_chief@530102510000 102′', '3 approve county_section_chief@530102000000 210′', '4 confirm_out station_officer@532901500000 840′', '5 execute station_officer@530102510000 102′']],
    ['0703', null as unknown as string, ['1 execute_instant station_officer@530102510000 60′']],
  ])('%s', (code, origin, route) => {
    expect(words(routeOf(code, false, origin))).toEqual(route);
  });

  it.each([['STATION', '530102510000'], ['COUNTY', '530102000000'], ['PREFECTURE', '530100000000'], ['PROVINCE', '530000000000']])('the %s above a station is found in its number', (level, org_code) => {
    expect(organisationAt(level, kunming)).toBe(org_code);
  });

  it('in 0501 an escalation puts the county above the station, whose approval becomes a review', () => {
    expect(words(routeOf('0501', true, neighbour))).toEqual([
      '1 accept station_officer@530102510000 30′', '2 review station_chief@530102510000 30′', '3 approve county_section_chief@530102000000 210′', '4 confirm_out station_officer@530102520000 0′', '5 execute station_officer@530102510000 30′',
    ]);
  });

  it.each(['0502', '0503'])('in %s the county decides already', (code) => {
    expect(words(routeOf(code, true))).toEqual(words(routeOf(code, false)));
  });

  it('an instant service has nobody above: nothing is inserted', () => {
    expect(words(routeOf('0703', true))).toEqual(words(routeOf('0703', false)));
  });

  it('an escalation found only at the approval keeps what was done before it', () => {
    const now = at('2026-11-23 09:00');
    const accepted: Step = { ...begun(routeOf('0501', false, neighbour)[0]!, now, calendar), state: 'done', done_at: now, done_by_name: '赵敏' };
    const steps = merged(routeOf('0501', false, neighbour), advance(routeOf('0501', false, neighbour), accepted, now, calendar).steps);
    const raised = decidedAbove(steps, kunming);
    expect(raised.map((step) => [step.step, step.act, step.state])).toEqual([[1, 'accept', 'done'], [2, 'review', 'active'], [3, 'approve', 'waiting'], [4, 'confirm_out', 'waiting'], [5, 'execute', 'waiting']]);
    expect(raised[0]!.done_by_name).toBe('赵敏');
    expect(raised[1]!.due_at).toEqual(steps[1]!.due_at);
  });
});

describe('the clock of a step', () => {
  it.each([
    ['inside a morning', 30, '2026-11-23 09:00', ['09:15', '09:24', '09:30'], '2026-11-23'],
    ['across lunch', 102, '2026-11-23 11:00', ['11:51', '14:22', '14:42'], '2026-11-23'],
    ['across a weekend', 210, '2026-11-20 16:30', ['09:15', '10:18', '11:00'], '2026-11-23'],
    ['across National Day: from Wednesday to Thursday of the week after', 210, '2026-09-30 16:30', ['09:15', '10:18', '11:00'], '2026-10-08'],
    ['onto the Saturday that is worked in exchange', 210, '2026-10-09 16:30', ['09:15', '10:18', '11:00'], '2026-10-10'],
    ['begun at lunch', 30, '2026-11-23 12:30', ['14:15', '14:24', '14:30'], '2026-11-23'],
    ['begun on a Sunday', 30, '2026-11-22 10:00', ['08:45', '08:54', '09:00'], '2026-11-23'],
    ['ends with the office hours', 30, '2026-11-23 17:00', ['17:15', '17:24', '17:30'], '2026-11-23'],
  ])('%s: %i minutes from %s', (_situation, minutes, from, [half, most, due], on) => {
    const step = begun(stepOf(minutes), at(from), calendar);
    expect([step.half_at, step.most_at, step.due_at].map(local)).toEqual([`${on} ${half}`, `${on} ${most}`, `${on} ${due}`]);
    expect(step.state).toBe('active');
  });

  it('a step without a limit is due at once and urged by no halves', () => {
    const step = begun(stepOf(0), at('2026-11-23 09:00'), calendar);
    expect([step.half_at, step.most_at, step.due_at].map(local)).toEqual(['—', '—', '2026-11-23 09:00']);
  });

  it('begun again it knows nothing of the first time', () => {
    const once: Step = { ...begun(stepOf(30), at('2026-11-23 09:00'), calendar), state: 'done', urged: 80, done_at: at('2026-11-23 09:28'), done_by: 'x', done_by_name: '赵敏', opinion: '同意' };
    expect(begun(once, at('2026-11-24 09:00'), calendar)).toEqual(begun(stepOf(30), at('2026-11-24 09:00'), calendar));
    expect(untouched(once)).toEqual(stepOf(30));
  });

  it.each([
    ['no limit', null, 0, 'green'], ['in time', '2026-11-23 09:30', 0, 'green'], ['half used', '2026-11-23 09:30', 50, 'green'], ['urged at 80 %', '2026-11-23 09:30', 80, 'yellow'],
    ['due this very instant', '2026-11-23 09:00', 80, 'yellow'], ['a millisecond late', '2026-11-23 08:59:59.999', 50, 'red'],
  ])('the lamp: %s', (_situation, due, urged, lamp) => {
    expect(lampOf(due === null ? null : at(due), urged, at('2026-11-23 09:00'))).toBe(lamp);
  });
});

describe('the promise', () => {
  it.each([
    ['0501 is promised on the day: the steps’ own 90 minutes', '0501', '2026-11-23 09:00', '2026-11-23 17:30'],
    ['0501 accepted late: the steps need the next morning', '0501', '2026-11-23 17:00', '2026-11-24 09:30'],
    ['0502: one working day, to the end of office hours', '0502', '2026-11-23 09:00', '2026-11-24 17:30'],
    ['0503: the 1356 minutes of the steps reach further than two working days', '0503', '2026-11-23 09:00', '2026-11-26 10:36'],
    ['0503 before National Day', '0503', '2026-09-30 09:00', '2026-10-10 10:36'],
  ])('%s', (_situation, code, accepted, due) => {
    expect(local(promisedAt(serviceNamed(code), routeOf(code), at(accepted), calendar))).toBe(due);
  });
});

describe('advance', () => {
  const now = at('2026-11-23 09:00');
  const done = (step: Step): Step => ({ ...step, state: 'done', done_at: now });

  it('the next step begins when one is done', () => {
    const route = routeOf('0503');
    const { next, steps, automatic } = advance(route, done(route[0]!), now, calendar);
    expect([next!.act, next!.state, steps.length, automatic.length]).toEqual(['review', 'active', 2, 0]);
    expect(waitingFor(next!)).toMatchObject({ step: 2, waiting_org: kunming, waiting_role: 'station_chief', waiting_act: 'review', urged: 0, claimed_by: null });
  });

  it('a step that was passed over is not begun, and what is left of a longer route is no way on', () => {
    const route = routeOf('0501', false, neighbour).map((step): Step => (step.step === 3 ? { ...step, state: 'skipped' } : step));
    expect(advance(route, done(route[1]!), now, calendar).next).toMatchObject({ step: 4, act: 'execute' });
    const longer: Step[] = [...route, { ...route[3]!, step: 5, state: 'skipped' }];
    expect(advance(longer, done(longer[3]!), now, calendar).next).toBeUndefined();
  });

  it('a confirmation without time is silent consent: passed at once, with its own row', () => {
    const route = routeOf('0501', false, neighbour);
    const { next, steps, automatic } = advance(route, done(route[1]!), now, calendar);
    expect(next!.act).toBe('execute');
    expect(automatic.map((step) => [step.act, step.org_code, step.state, local(step.done_at), step.done_by])).toEqual([['confirm_out', neighbour, 'automatic', '2026-11-23 09:00', null]]);
    expect(steps.map((step) => step.step)).toEqual([2, 3, 4]);
  });

  it.each(['0502', '0503'])('in %s the origin has its time', (code) => {
    const route = routeOf(code);
    const { next, automatic } = advance(route, done(route[2]!), now, calendar);
    expect([next!.act, automatic.length]).toEqual(['confirm_out', 0]);
  });

  it('after the last step nobody waits', () => {
    const route = routeOf('0503');
    expect(advance(route, done(route[4]!), now, calendar).next).toBeUndefined();
  });
});

describe('a clock that stood still', () => {
  it.each([
    ['an hour left is an hour left', '2026-11-23 10:00', '2026-11-23 11:00', '2026-11-30 09:00', '2026-11-30 10:00'],
    ['resumed at night it goes on in the morning', '2026-11-23 10:00', '2026-11-23 11:00', '2026-11-29 22:00', '2026-11-30 09:30'],
    ['resumed at once nothing has changed', '2026-11-23 10:00', '2026-11-23 11:00', '2026-11-23 10:00', '2026-11-23 11:00'],
    ['what had passed stays passed', '2026-11-23 10:00', '2026-11-23 09:00', '2026-11-30 09:00', '2026-11-23 09:00'],
    ['across lunch and night', '2026-11-23 11:30', '2026-11-24 08:45', '2026-11-26 17:00', '2026-11-27 14:15'],
  ])('%s', (_situation, stopped, due, again, shiftedTo) => {
    expect(local(shifted(at(due), at(stopped), at(again), calendar))).toBe(shiftedTo);
  });

  it('the marks of the step move with it, and what was told stays told', () => {
    const step: Step = { ...begun(stepOf(100), at('2026-11-23 09:00'), calendar), urged: 50 };
    const later = resumed(step, at('2026-11-23 10:00'), at('2026-11-30 09:00'), calendar);
    expect([later.half_at, later.most_at, later.due_at].map(local)).toEqual(['2026-11-23 09:50', '2026-11-30 09:20', '2026-11-30 09:40']);
    expect([later.state, later.urged]).toEqual(['active', 50]);
  });
});

/* ---- For any day and any limit -------------------------------------------------------------------------------- */

const instants = fc.date({ min: at('2026-01-01 00:00'), max: at('2027-12-31 23:59'), noInvalidDate: true });
const minutes = fc.integer({ min: 1, max: 3 * 420 });

describe('for any instant and any limit', () => {
  it('half, four fifths and the end come in order, not before the beginning, and the limit is what it says', () => {
    fc.assert(fc.property(instants, minutes, (now, limit) => {
      const step = begun(stepOf(limit), now, calendar);
      const marks = [now, step.half_at!, step.most_at!, step.due_at!].map((mark) => mark.getTime());
      expect(marks).toEqual([...marks].sort((a, b) => a - b));
      expect(Math.round(workingMinutesBetween(now, step.due_at!, calendar))).toBe(limit);
    }), { seed: 1, numRuns: 300 });
  });

  it('standing still costs the office nothing: the working time left is the same before and after', () => {
    fc.assert(fc.property(instants, minutes, fc.integer({ min: 0, max: 420 }), fc.integer({ min: 0, max: 30 * 1440 }), (begin, limit, used, pause) => {
      const due = addWorkingMinutes(begin, limit, calendar);
      const stopped = addWorkingMinutes(begin, Math.min(used, limit), calendar);
      const again = new Date(stopped.getTime() + pause * 60_000);
      const left = Math.max(0, workingMinutesBetween(stopped, due, calendar));
      expect(Math.max(0, workingMinutesBetween(again, shifted(due, stopped, again, calendar), calendar))).toBeCloseTo(left, 6);
    }), { seed: 2, numRuns: 300 });
  });

  it('two pauses in a row cost as much as one of the same working time', () => {
    fc.assert(fc.property(instants, minutes, fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (begin, limit, first, second) => {
      const due = addWorkingMinutes(begin, limit, calendar);
      const middle = new Date(begin.getTime() + first * 60_000);
      const end = new Date(middle.getTime() + second * 60_000);
      const twice = shifted(shifted(due, begin, middle, calendar), middle, end, calendar);
      expect(workingMinutesBetween(shifted(due, begin, end, calendar), twice, calendar)).toBeCloseTo(0, 6);
    }), { seed: 3, numRuns: 300 });
  });

  it('every route goes from acceptance to execution through every step once, whatever is escalated', () => {
    fc.assert(fc.property(fc.constantFrom('0501', '0502', '0503'), fc.boolean(), instants, (code, escalated, now) => {
      const route = routeOf(code, escalated);
      const visited = new Set<number>();
      let waiting: Step | undefined = begun(route[0]!, now, calendar);
      while (waiting !== undefined) {
        visited.add(waiting.step);
        const onward = advance(route, { ...waiting, state: 'done' }, now, calendar);
        for (const passed of onward.automatic) visited.add(passed.step);
        waiting = onward.next;
      }
      expect([...visited].sort()).toEqual(route.map((step) => step.step));
      expect(route.filter((step) => step.act === 'approve')).toHaveLength(1);
      expect(route.at(-1)!.act).toBe('execute');
      if (escalated) expect(route.find((step) => step.act === 'approve')!.level).toBe('COUNTY');
    }), { seed: 4, numRuns: 100 });
  });
});
