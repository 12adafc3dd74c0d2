/** The table of law: every act in every state, at every step, by every post; and what each verb asks beside. */
import { describe, expect, it } from 'vitest';
import type { OfficerActor } from '../../kernel/index.ts';
import { jurisdictionRange, levelOfOrganisation } from '../reference/index.ts';
import { readRoles, rightsOf } from '../accounts/index.ts';
import { catalogue, type Act } from '../catalogue/index.ts';
import { fileOf, serviceNamed, stations } from '../../../test/harness/case-facts.ts';
import { caseStates, type CaseState } from './contract.ts';
import { actRules, refusalOfAct, tasksFor, unitAbove, urgeRestMinutes, type ActName } from './duty.ts';
import { untrodden, type CaseFile, type OpenedCase, type Trail } from './file.ts';
import { agencyActs, organisationAt, outsideActs, routeFor, stepsOf, topLevelSteps, downwardTasks, isAcceptedAtTop, isFromTop } from './route.ts';
import type { Task, TaskKind } from './task.ts';

const station = stations.here;
const county = organisationAt('COUNTY', station);
const prefecture = organisationAt('PREFECTURE', station);
const now = new Date('2026-11-23T02:00:00Z');
const roles = new Map(readRoles().map((role) => [role.role, role]));

/** Somebody in a post, with the rights of its file. */
function holder(role: string, org_code: string, officer_id = `${role}@${org_code}`): OfficerActor {
  const rights = rightsOf(roles.get(role)!);
  const services = new Map<string, string[]>();
  for (const { act, service_pattern } of rights) services.set(act, [...(services.get(act) ?? []), service_pattern]);
  return {
    kind: 'officer', officer_id, officer_kind: role === 'counter_assistant' ? 'auxiliary' : 'police', name: role, police_number: '1', post_id: 'p', role, acting_for: null, org_code,
    org_level: levelOfOrganisation(org_code), ...jurisdictionRange(org_code), permissions: new Set(services.keys()), services, session_id: 's',
  };
}
const officer = holder('station_officer', station);
const community = holder('community_officer', station);
const chief = holder('station_chief', station);
const section = holder('county_section_chief', county);
const deputy = holder('county_deputy_chief', county);
const supervisor = holder('county_supervisor', county);
const prefectureChief = holder('prefecture_division_chief', prefecture);
const elsewhere = holder('station_chief', stations.sameCounty);
const everybody = { officer, community, chief, section, deputy, supervisor, prefectureChief, elsewhere, assistant: holder('counter_assistant', station) };
type Who = keyof typeof everybody;

/** A case of a service that waits for the step with this act, or rests in a state. */
function caseAt(code: string, waiting: Act | null, changes: { file?: Partial<CaseFile>; trail?: Partial<Trail>; tasks?: Task[]; nth?: number } = {}): OpenedCase {
  const service = serviceNamed(code);
  const route = stepsOf({ route: service.route }, { target: station, origin: null }, false);
  const found = waiting === null ? -1 : route.findIndex((step, index) => step.act === waiting && route.slice(0, index).filter((one) => one.act === waiting).length === (changes.nth ?? 0));
  const steps = route.map((step, index) => ({ ...step, state: index < found ? ('done' as const) : index === found ? ('active' as const) : ('waiting' as const), ...(index < found ? { done_by: `somebody at ${step.step}` } : {}) }));
  const active = steps[found];
  const accepted = found > 0 || (found === -1 && changes.file?.state !== 'submitted');
  return {
    service, steps, tasks: changes.tasks ?? [], trail: { ...untrodden, ...changes.trail },
    file: fileOf({
      service_code: code, state: found === 0 ? 'submitted' : 'in_review', step: active?.step ?? 1, waiting_org: active?.org_code ?? null, waiting_role: active?.role ?? null, waiting_act: active?.act ?? null, waiting_since: now,
      accepted_at: accepted ? now : null, accepted_by: accepted ? 'somebody at 1' : null, due_at: new Date('2026-11-25T09:30:00Z'), origin_org: null, ...changes.file,
    }),
  };
}

let numbered = 0;
function taskOf(kind: TaskKind, changes: Partial<Task> = {}): Task {
  return {
    task_id: `task ${++numbered}`, case_id: 'this case', number: numbered, kind, step: 3, case_org: station, org_code: station, role: null, officer_id: null, officer_name: null, wanted: '请核查', asked_by: 'x', asked_by_name: '某某',
    asked_org: county, asked_at: now, limit_working_minutes: 420, half_at: now, most_at: now, due_at: now, urged: 0, state: 'open', ended_at: null, ended_by: null, ended_by_name: null, answer: null, ...changes,
  };
}

const codeOf = (act: ActName, actor: OfficerActor, opened: OpenedCase): string => refusalOfAct(act, actor, opened, now, (code) => ({ zh: code ?? '—', en: code ?? '—' }))?.code ?? 'may';
const whoMay = (act: ActName, opened: OpenedCase): Who[] => (Object.keys(everybody) as Who[]).filter((who) => codeOf(act, everybody[who], opened) === 'may');

describe('who may do each act, step by step (0601: officer, chief, section chief, deputy chief, officer)', () => {
  const rows: [ActName, Record<string, Who[]>][] = [
    // Before acceptance, at the chief, at the section chief, at the deputy chief, at the execution.
    ['accept', { accept: ['officer'] }],
    ['review', { 'review 0': ['chief'], 'review 1': ['section'] }],
    ['approve', { approve: ['deputy'] }],
    ['execute', { execute: ['officer'] }],
    ['return', { 'review 0': ['chief'], 'review 1': ['section'], approve: ['deputy'] }],
    ['transfer', { accept: ['officer'], 'review 0': ['chief'], 'review 1': ['section'], approve: ['deputy'], execute: ['officer'] }],
    ['countersign', { 'review 0': ['chief'], 'review 1': ['section'], approve: ['deputy'] }],
    ['delegate', { 'review 0': ['chief'], 'review 1': ['section'], approve: ['deputy'] }],
    ['ask_extension', { 'review 0': ['chief'], 'review 1': ['section'], approve: ['deputy'] }],
    ['supervise', { accept: ['section', 'deputy', 'supervisor', 'prefectureChief'], 'review 0': ['section', 'deputy', 'supervisor', 'prefectureChief'], 'review 1': ['prefectureChief'], approve: ['prefectureChief'], execute: ['section', 'deputy', 'supervisor', 'prefectureChief'] }],
    ['urge', {
      accept: ['chief', 'section', 'deputy', 'supervisor', 'prefectureChief', 'elsewhere'], 'review 0': ['officer', 'section', 'deputy', 'supervisor', 'prefectureChief'],
      'review 1': ['officer', 'chief', 'deputy', 'supervisor', 'prefectureChief', 'elsewhere'], approve: ['officer', 'chief', 'section', 'supervisor', 'prefectureChief', 'elsewhere'], execute: ['chief', 'section', 'deputy', 'supervisor', 'prefectureChief', 'elsewhere'],
    }],
    ['void', { accept: ['officer', 'chief'], 'review 0': ['deputy'], 'review 1': ['deputy'], approve: ['deputy'], execute: ['deputy'] }],
  ];
  const places: [string, Act, number][] = [['accept', 'accept', 0], ['review 0', 'review', 0], ['review 1', 'review', 1], ['approve', 'approve', 0], ['execute', 'execute', 0]];
  it.each(rows)('%s', (act, expected) => {
    for (const [place, waiting, nth] of places) {
      const may = whoMay(act, caseAt('0601', waiting, { nth }));
      // A chief of another station does not see the case at all; the second wall keeps it away before this table is asked.
      expect(may.filter((who) => who !== 'elsewhere').sort(), `${act} while it waits for ${place}`).toEqual((expected[place] ?? []).filter((who) => who !== 'elsewhere').sort());
    }
  });
});

describe('every act in every state', () => {
  const closed: readonly CaseState[] = ['executed', 'not_accepted', 'rejected', 'withdrawn', 'expired', 'terminated'];
  it.each(Object.keys(actRules) as ActName[])('%s acts in no closed case, but for a reversal on the same day', (act) => {
    for (const state of closed) {
      const opened = caseAt('0601', 'execute', { file: { state, closed_at: now, approved_at: null } });
      const may = whoMay(act, opened);
      expect(may.length > 0, `${act} in ${state}: ${may.join()}`).toBe(act === 'reverse' && state === 'executed');
    }
  });

  it.each(caseStates.filter((state) => !['submitted', 'in_review'].includes(state)))('no verb of the way up acts while the case is %s', (state) => {
    const opened = caseAt('0601', 'approve', { file: { state }, tasks: [taskOf('check'), taskOf('supervise'), taskOf('extend', { org_code: prefecture })] });
    for (const act of ['accept', 'review', 'approve', 'return', 'verify', 'recall', 'transfer', 'countersign', 'delegate', 'urge', 'supervise', 'ask_extension', 'decide_extension', 'answer_task', 'object_task', 'settle_task'] as const) expect([act, whoMay(act, opened)]).toEqual([act, []]);
  });

  it('a case is voided while it rests, too, and never after the execution', () => {
    for (const state of ['supplement', 'suspended'] as const) expect(whoMay('void', caseAt('0601', 'approve', { file: { state } }))).toEqual(['deputy']);
    expect(codeOf('void', deputy, caseAt('0601', null, { file: { state: 'executed' } }))).toBe('cases.act_not_now');
  });
});

describe('entry and decision', () => {
  it.each(['review', 'approve', 'return', 'countersign', 'delegate'] as const)('whoever entered or accepted the case does not %s', (act) => {
    const opened = caseAt('0601', act === 'review' ? 'review' : 'approve', { trail: { entered_by: [deputy.officer_id, chief.officer_id] } });
    expect(codeOf(act, act === 'review' ? chief : deputy, opened)).toBe('cases.same_person');
  });
  it('whoever has decided does not accept it when it comes back', () => {
    expect(codeOf('accept', officer, caseAt('0601', 'accept', { file: { state: 'in_review' }, trail: { decided_by: [officer.officer_id] } }))).toBe('cases.decided_before');
  });
});

describe('撤回', () => {
  const after = (changes: Partial<CaseFile> = {}, trail: Partial<Trail> = {}, tasks: Task[] = []) => caseAt('0601', 'review', { nth: 1, file: changes, tasks, trail: { last: { sequence: 3, act: 'review', actor_id: chief.officer_id, can_be_recalled: true }, ...trail } });
  it.each<[string, OfficerActor, OpenedCase, string]>([
    ['the own last act, while nobody has touched it', chief, after(), 'may'],
    ['somebody else’s', officer, after(), 'cases.not_your_turn'],
    ['an act that the applicant has been told of', chief, after({}, { last: { sequence: 2, act: 'accept', actor_id: chief.officer_id, can_be_recalled: false } }), 'cases.nothing_to_recall'],
    ['when the next has it in hand', chief, after({ claimed_by: section.officer_id, claimed_until: new Date('2026-11-23T02:30:00Z') }), 'cases.taken_up'],
    ['when the next had it in hand and forgot it', chief, after({ claimed_by: section.officer_id, claimed_until: new Date('2026-11-23T01:59:00Z') }), 'may'],
    ['when a task of the next step was answered', chief, after({}, {}, [taskOf('check', { state: 'done', asked_at: now, answer: {} })]), 'cases.taken_up'],
  ])('%s', (_situation, actor, opened, answer) => expect(codeOf('recall', actor, opened)).toBe(answer));
});

describe('tasks', () => {
  const open = (...tasks: Task[]) => caseAt('0601', 'approve', { tasks });
  it.each(['verify', 'review', 'check', 'opinion'] as const)('the step waits for a %s, answered or objected to, and says for whom', (kind) => {
    for (const state of ['open', 'objected'] as const) expect(codeOf('approve', deputy, open(taskOf(kind, { state })))).toBe('cases.tasks_open');
    for (const state of ['done', 'cancelled'] as const) expect(codeOf('approve', deputy, open(taskOf(kind, { state })))).toBe('may');
  });
  it.each(['supervise', 'extend'] as const)('the step does not wait for a %s', (kind) => expect(codeOf('approve', deputy, open(taskOf(kind)))).toBe('may'));

  it.each<[string, Partial<Task>, Who[]]>([
    ['a check put to a station: whoever works on cases there', { kind: 'check' }, ['officer', 'community', 'chief']],
    ['put to a post', { kind: 'check', role: 'community_officer' }, ['community']],
    ['put to somebody by name', { kind: 'opinion', org_code: county, officer_id: section.officer_id }, ['section']],
    ['a review put to the county: whoever reviews this service', { kind: 'review', org_code: county }, ['section']],
    ['an order to the station', { kind: 'supervise' }, ['officer', 'community', 'chief']],
  ])('%s', (_what, changes, expected) => {
    const task = taskOf(changes.kind!, changes);
    expect((Object.keys(everybody) as Who[]).filter((who) => tasksFor('answer_task', everybody[who], open(task)).length > 0)).toEqual(expected);
  });

  it('an enquiry is answered by whoever enquires for the service (0604)', () => {
    const opened = caseAt('0604', 'approve', { tasks: [taskOf('verify', { role: 'community_officer' })] });
    expect(whoMay('answer_task', opened)).toEqual(['community']);
  });

  it('an objection is for checks and reviews, not for opinions or orders', () => {
    for (const [kind, may] of [['verify', true], ['review', true], ['check', true], ['opinion', false], ['supervise', false]] as const) {
      const actor = { ...officer, permissions: new Set([...officer.permissions, 'cases.verify_step', 'cases.review_step']), services: new Map([...officer.services, ['cases.verify_step', ['*']], ['cases.review_step', ['*']]]) };
      expect(codeOf('object_task', actor, open(taskOf(kind))) === 'may', kind).toBe(may);
    }
  });

  it('it is settled by the unit that asked', () => {
    expect(whoMay('settle_task', open(taskOf('check')))).toEqual(['section', 'deputy', 'supervisor']);
    expect(whoMay('settle_task', open(taskOf('check', { asked_org: station })))).toEqual(['chief']);
  });
});

describe('催办、督办、延期', () => {
  it('whoever urges gives the other side an hour', () => {
    const at = (minutes: number) => caseAt('0601', 'approve', { trail: { urged_at: new Date(now.getTime() - minutes * 60_000) } });
    expect([codeOf('urge', officer, at(urgeRestMinutes - 1)), codeOf('urge', officer, at(urgeRestMinutes))]).toEqual(['cases.urged_lately', 'may']);
  });
  it('one order at a time for one unit', () => {
    expect(codeOf('supervise', supervisor, caseAt('0601', 'review', { tasks: [taskOf('supervise')] }))).toBe('cases.supervised_already');
    expect(codeOf('supervise', supervisor, caseAt('0601', 'review', { tasks: [taskOf('supervise', { state: 'done', answer: {} })] }))).toBe('may');
  });
  it.each<[string, Parameters<typeof caseAt>[2], string]>([
    ['before it is over', {}, 'may'],
    ['when it is over', { file: { due_at: now } }, 'cases.extension_too_late'],
    ['while it is asked already', { tasks: [taskOf('extend')] }, 'cases.extended_once'],
    ['when it was granted before', { tasks: [taskOf('extend', { state: 'done', answer: { granted: true } })] }, 'cases.extended_once'],
    ['when it was refused before', { tasks: [taskOf('extend', { state: 'done', answer: { granted: false } })] }, 'may'],
  ])('more time is asked for %s', (_situation, changes, answer) => expect(codeOf('ask_extension', deputy, caseAt('0601', 'approve', changes))).toBe(answer));
  it('a service whose time the law does not lengthen has no more', () => {
    const opened = caseAt('0601', 'approve');
    expect(codeOf('ask_extension', deputy, { ...opened, service: { ...opened.service, limits: { ...opened.service.limits, extension_working_days: 0 } } })).toBe('cases.no_extension');
  });
  it('the level above the unit that asked decides', () => {
    const asked = taskOf('extend', { org_code: unitAbove(county) });
    expect(whoMay('decide_extension', caseAt('0601', 'approve', { tasks: [asked] }))).toEqual(['prefectureChief']);
    expect([unitAbove(station), unitAbove(county), unitAbove(prefecture)]).toEqual([county, prefecture, organisationAt('PROVINCE', station)]);
  });
});

describe('steps of others', () => {
  it('nobody of ours acts on them; whoever accepted asks the applicant for what the authority needs', () => {
    const waits = caseAt('0605', 'agency_preliminary');
    const accepting = holder('prefecture_division_officer', prefecture);
    for (const act of ['claim', 'review', 'approve', 'return', 'transfer', 'supervise', 'execute'] as const) expect([act, codeOf(act, accepting, waits) === 'may', codeOf(act, prefectureChief, waits) === 'may']).toEqual([act, false, false]);
    expect(codeOf('request_supplement', accepting, waits)).toBe('may');
  });
  it('a paper certificate is entered by the station that waits for it', () => {
    expect(whoMay('receive_certificate', caseAt('0304', 'await_certificate'))).toEqual(['officer']);
  });
});

/* ---- The routes of the whole catalogue ------------------------------------------------------------------------------------ */

describe('every route of the catalogue', () => {
  const routes = [...catalogue().services.values()].flatMap((service) => Object.entries({ route: service.route, alternative: service.alternative?.route, top_level: service.top_level })
    .flatMap(([name, route]) => (route === undefined ? [] : [[`${service.code} ${name}`, service, route] as const])));
  const rightOf: Partial<Record<Act, string>> = {
    accept: 'cases.accept_case', verify: 'cases.verify_step', review: 'cases.review_step', approve: 'cases.approve_step', confirm_out: 'cases.confirm_out', execute: 'cases.execute_case', execute_instant: 'cases.execute_case',
    hand_over: 'cases.hand_over_case', deliver_copy: 'cases.deliver_copy',
  };
  it.each(routes)('%s: each step is for a post of its level that holds the right, or for somebody outside', (_name, service, route) => {
    for (const step of route) {
      if (agencyActs.has(step.act) || step.act === 'produce') continue;
      const role = roles.get(step.role);
      expect(role?.level, `${step.act} by ${step.role}`).toBe(step.level);
      const right = rightOf[step.act];
      if (right === undefined) continue;
      expect(rightsOf(role!).some(({ act, service_pattern }) => act === right && (service_pattern.endsWith('*') ? service.code.startsWith(service_pattern.slice(0, -1)) : service_pattern === service.code)), `${step.role}: ${right} for ${service.code}`).toBe(true);
    }
  });
  it.each(routes)('%s: whoever is asked from the outside is followed by an act of ours', (_name, _service, route) => {
    expect(outsideActs.has(route.at(-1)!.act)).toBe(false);
    expect(outsideActs.has(route[0]!.act)).toBe(false);
  });

  it('from the top the enquiry and the county’s review are tasks, asked at once', () => {
    const { top_level } = serviceNamed('0604');
    const places = { target: station, origin: null };
    expect(topLevelSteps(top_level!, places).map((step) => `${step.step} ${step.act} ${step.role}@${step.org_code}`)).toEqual([`1 accept prefecture_division_officer@${prefecture}`, `2 approve prefecture_division_chief@${prefecture}`, `3 execute station_officer@${station}`]);
    expect(downwardTasks(top_level!, places).map((task) => `${task.kind} ${task.role}@${task.org_code}`)).toEqual([`verify community_officer@${station}`, `review county_deputy_chief@${county}`]);
  });
  it.each<[string, unknown, string, boolean]>([
    ['the service', ['0604'], '0604', true], ['its class', ['06*'], '0604', true], ['everything', ['*'], '0604', true], ['another service', ['0606'], '0604', false], ['a service without such a route', ['*'], '0602', false],
    ['here', [`${station.slice(0, 4)}/0604`], '0604', true], ['elsewhere', ['5329/0604'], '0604', false], ['nothing', [], '0604', false], ['no list', 'yes', '0604', false],
  ])('switched on for %s', (_what, switched, code, at) => expect(isAcceptedAtTop(serviceNamed(code), switched, station)).toBe(at));
  it('a case knows by its first step which way it was taken in', () => {
    const service = serviceNamed('0604');
    expect([isFromTop(service, topLevelSteps(service.top_level!, { target: station, origin: null })), isFromTop(service, stepsOf(service, { target: station, origin: null }, false))]).toEqual([true, false]);
  });
  it('the answers choose between two ways', () => {
    const service = serviceNamed('0605');
    expect(routeFor(service, { alteration_kind: 'change' }, false)).toBe(service.route);
    expect(routeFor(service, { alteration_kind: 'correction' }, false)).toBe(service.alternative!.route);
  });
  it('who stays at the station has nobody to confirm that he leaves', () => {
    expect(stepsOf(serviceNamed('0501'), { target: station, origin: station }, false).map((step) => `${step.step} ${step.act}`)).toEqual(['1 accept', '2 approve', '3 execute']);
  });
});
