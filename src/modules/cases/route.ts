/** The way of a case through the offices: pure functions that say which step is next and until when. */
import { addWorkingDays, addWorkingMinutes, workingMinutesBetween, workingMinutesPerDay, type WorkingCalendar } from '../reference/index.ts';
import { conditions, type Act, type Answers, type RouteStep, type Service } from '../catalogue/index.ts';
import type { CaseFile, Step } from './file.ts';
import type { Asked } from './task.ts';

export interface Places {
  /** Station of the destination, or the one that the applicant came to. */
  target: string;
  /** Station of the origin, or of the registration where another one handles the case; null where the target is both. */
  origin: string | null;
}

/** Steps that no officer of ours takes: another authority, another province or the card factory answers. */
export const agencyActs: ReadonlySet<Act> = new Set(['agency_preliminary', 'agency_approve']);
export const outsideActs: ReadonlySet<Act> = new Set([...agencyActs, 'await_certificate', 'produce']);

/** The organisation of a level above a station, by the division code that begins its number (GA 380-2002). */
export function organisationAt(level: string, station: string): string {
  switch (level) {
    case 'COUNTY': return `${station.slice(0, 6)}000000`;
    case 'PREFECTURE': return `${station.slice(0, 4)}00000000`;
    case 'PROVINCE': return `${station.slice(0, 2)}0000000000`;
    default: return station;
  }
}

const notBegun = {
  state: 'waiting', arrived_at: null, half_at: null, most_at: null, due_at: null, urged: 0, done_at: null, done_by: null, done_by_name: null, opinion: null,
} as const;

function waitingStep(step: RouteStep, places: Places): Step {
  const station = step.at === 'origin' || step.at === 'registered' ? (places.origin ?? places.target) : places.target;
  return {
    step: step.step, act: step.act, role: step.role, level: step.level, org_code: organisationAt(step.level, station), label: step.label,
    limit_working_minutes: step.limit_working_minutes, on_timeout: step.on_timeout ?? null, ...notBegun,
  };
}

const stationReviews = { zh: '派出所所长审核', en: 'Reviewed by the chief of the station' } as const;
const countyDecides = { zh: '县(市、区)公安局审批(超出派出所权限)', en: 'Approved by the county bureau (beyond the station’s power)' } as const;
/** Half a working day: what a county takes for a matter that its station could not decide. */
const countyMinutes = 210;

/**
 * Puts the county above the station's approval: what the station says becomes a review, and the later
 * steps move on by one. A route in which a higher level decides anyway stays as it is.
 */
export function decidedAbove(steps: readonly Step[], target: string): Step[] {
  const at = steps.findIndex((step) => step.act === 'approve');
  if (at < 0 || steps.some((step) => step.act === 'approve' && step.level !== 'STATION')) return [...steps];
  const station = steps[at]!;
  const county: Step = {
    ...untouched(station), role: 'county_section_chief', level: 'COUNTY', org_code: organisationAt('COUNTY', target), label: countyDecides, limit_working_minutes: countyMinutes,
  };
  return [...steps.slice(0, at), { ...station, act: 'review' as const, label: stationReviews }, county, ...steps.slice(at + 1)].map((step, index) => ({ ...step, step: index + 1 }));
}

const stationAccepts = { zh: '派出所受理', en: 'Accepted at the station' } as const;
const stationRegisters = { zh: '派出所登记办结', en: 'Registered by the station' } as const;

/** What one officer would have done at once goes the long way: the station accepts, the county decides, the station registers. */
export function raisedSteps(instant: Step, target: string): Step[] {
  return [
    { ...instant, step: 1, act: 'accept', label: stationAccepts },
    { ...untouched(instant), step: 2, act: 'approve', role: 'county_section_chief', level: 'COUNTY', org_code: organisationAt('COUNTY', target), label: countyDecides, limit_working_minutes: countyMinutes },
    { ...untouched(instant), step: 3, act: 'execute', label: stationRegisters },
  ];
}

/**
 * The steps of a case. A check that must be decided one level up (`escalate`) adds the county's approval
 * where the route has none: never silent, never left to the station.
 */
export function stepsOf({ route }: Pick<Service, 'route'>, places: Places, escalated: boolean): Step[] {
  const steps = route.map((step) => waitingStep(step, places))
    // Nobody confirms to himself that somebody leaves.
    .filter((step) => step.act !== 'confirm_out' || step.org_code !== places.target).map((step, index) => ({ ...step, step: index + 1 }));
  // Another authority is none of our units: the unit that accepted follows its step.
  const followed = steps.map((step) => (agencyActs.has(step.act) ? { ...step, org_code: steps[0]!.org_code } : step));
  return escalated ? decidedAbove(followed, places.target) : followed;
}

/** The route of a service for one application: from the top where the case was taken there, else the one that the answers choose. */
export function routeFor(service: Pick<Service, 'route' | 'alternative' | 'top_level'>, answers: Answers, fromTop: boolean): readonly RouteStep[] {
  if (fromTop && service.top_level !== undefined) return service.top_level;
  return service.alternative !== undefined && conditions[service.alternative.when](answers) ? service.alternative.route : service.route;
}

/**
 * Whether the bureau has switched top-level acceptance on for a service at a station.
 * @param switched entries of the bureau's switch: `0604`, `06*` or `*`, after `division/` where it holds in a part of the
 * province only, such as `5301/0604`
 */
export function isAcceptedAtTop(service: Pick<Service, 'code' | 'top_level'>, switched: unknown, station: string): boolean {
  if (service.top_level === undefined || !Array.isArray(switched)) return false;
  return switched.some((entry) => {
    const [pattern = '', division = ''] = String(entry).split('/').reverse();
    return station.startsWith(division) && (pattern.endsWith('*') ? service.code.startsWith(pattern.slice(0, -1)) : pattern === service.code);
  });
}

/** Whether the case was taken in by the unit that decides: its first step is that of the top-level route and of no other. */
export function isFromTop(service: Pick<Service, 'route' | 'top_level'>, steps: readonly Pick<Step, 'role' | 'level'>[]): boolean {
  const [first, top, ordinary] = [steps[0], service.top_level?.[0], service.route[0]];
  return first !== undefined && top !== undefined && first.role === top.role && first.level === top.level && (ordinary?.role !== top.role || ordinary.level !== top.level);
}

/**
 * 顶级受理: the route in which the deciding unit accepts itself. The enquiry of the station and the review of the county
 * are no steps on the way up; they are asked downwards at the same time, and the decision waits for both.
 */
export function topLevelSteps(route: readonly RouteStep[], places: Places): Step[] {
  const steps = stepsOf({ route }, places, false);
  return steps.filter((step) => !isDownward(step, steps)).map((step, index) => ({ ...step, step: index + 1 }));
}

/** What the deciding unit of the top-level route asks of the units below it. */
export function downwardTasks(route: readonly RouteStep[], places: Places): Asked[] {
  const steps = stepsOf({ route }, places, false);
  return steps.filter((step) => isDownward(step, steps)).map((step) => ({
    kind: step.act as 'verify' | 'review', org_code: step.org_code, role: step.role, wanted: step.label.zh, limit_working_minutes: step.limit_working_minutes,
  }));
}

function isDownward(step: Step, steps: readonly Step[]): boolean {
  return (step.act === 'verify' || step.act === 'review') && step.org_code !== steps[0]!.org_code;
}

/** The steps with those among them that have changed. */
export function merged(steps: readonly Step[], changed: readonly Step[]): Step[] {
  return steps.map((step) => changed.find((one) => one.step === step.step) ?? step);
}

/** A step that is still to come, or is to be done again. */
export function untouched(step: Step): Step {
  return { ...step, ...notBegun };
}

/** The step as it begins: its clock in working time with the marks at 50, 80 and 100 per cent. */
export function begun(step: Step, now: Date, calendar: WorkingCalendar): Step {
  const at = (share: number): Date => addWorkingMinutes(now, Math.round(step.limit_working_minutes * share), calendar);
  const due = at(1);
  return {
    ...step, ...notBegun, state: 'active', arrived_at: now, due_at: due,
    // A step without a limit is not urged by halves; it is simply due.
    half_at: step.limit_working_minutes > 0 ? at(0.5) : null, most_at: step.limit_working_minutes > 0 ? at(0.8) : null,
  };
}

/** What the case shows of the step it waits for. */
export function waitingFor(step: Step): Partial<CaseFile> {
  return {
    step: step.step, waiting_org: step.org_code, waiting_role: step.role, waiting_act: step.act, waiting_since: step.arrived_at, step_due_at: step.due_at, urged: 0,
    claimed_by: null, claimed_name: null, claimed_org: null, claimed_phone: null, claimed_until: null,
  };
}

export interface Advance {
  steps: Step[];
  next: Step | undefined;
  /** Steps passed without a person: confirmation at the origin where silence means consent and no time is given for it. */
  automatic: Step[];
}

/** Ends the active step as `done` and begins the next one. */
export function advance(steps: readonly Step[], done: Step, now: Date, calendar: WorkingCalendar): Advance {
  const changed: Step[] = [done];
  const automatic: Step[] = [];
  // Steps of a longer route that was taken before, or that another decision has passed over, are not begun.
  const after = (number: number): Step | undefined => steps.find((step) => step.step > number && step.state !== 'skipped');
  let next = after(done.step);
  while (next?.act === 'confirm_out' && next.on_timeout === 'confirm' && next.limit_working_minutes === 0) {
    const passed: Step = { ...begun(next, now, calendar), state: 'automatic', done_at: now, opinion: null };
    changed.push(passed);
    automatic.push(passed);
    next = after(passed.step);
  }
  if (next !== undefined) {
    next = begun(next, now, calendar);
    changed.push(next);
  }
  return { steps: changed, next, automatic };
}

/** When the promise ends: promised working days from acceptance, never shorter than the steps' own limits. */
export function promisedAt(service: Service, steps: readonly Step[], accepted: Date, calendar: WorkingCalendar): Date {
  const minutes = steps.reduce((sum, step) => sum + step.limit_working_minutes, 0);
  const bySteps = addWorkingMinutes(accepted, minutes, calendar);
  const byPromise = addWorkingDays(accepted, service.limits.promised_working_days, calendar);
  return byPromise > bySteps ? byPromise : bySteps;
}

/** An instant moved later by the working time that a clock stood still; what had passed before it stopped has passed. */
export function shifted(instant: Date, stopped: Date, resumed: Date, calendar: WorkingCalendar): Date {
  if (instant <= stopped) return instant;
  return addWorkingMinutes(resumed, workingMinutesBetween(stopped, instant, calendar), calendar);
}

/** The step whose clock stood still goes on with the time it had left, its marks with it. */
export function resumed(step: Step, stopped: Date, now: Date, calendar: WorkingCalendar): Step {
  const later = (instant: Date | null): Date | null => (instant === null ? null : shifted(instant, stopped, now, calendar));
  return { ...step, half_at: later(step.half_at), most_at: later(step.most_at), due_at: later(step.due_at) };
}

export { workingMinutesPerDay };

/** The lamp: green in time, yellow from 80 %, red when overdue. */
export function lampOf(due: Date | null, urged: number, now: Date): 'green' | 'yellow' | 'red' {
  if (due !== null && now > due) return 'red';
  return urged >= 80 ? 'yellow' : 'green';
}
