/** Takes a case through its route: at each step the officer of the post it waits for does what the step is. */
import { expect } from 'vitest';
import { catalogue, type Answers } from '../../src/modules/catalogue/index.ts';
import { subscriptions } from '../../src/modules/cases/index.ts';
import { agree, CaseAtWork, postAt, type Acting } from '../harness/case-at-work.ts';
import type { World } from '../harness/world.ts';
import { filled, papersFor } from './fill.ts';

export interface Person {
  person_id: string;
  name: string;
  id_number: string;
}

export interface Sample {
  applicant: Pick<Person, 'name' | 'id_number'>;
  /** What the form must say; the rest is filled in. */
  answers: Answers;
  /** Papers of the police that are on file from the beginning. */
  added?: readonly string[];
  /** The station at whose counter it is entered. */
  station: string;
  /** What the register says when all is done. */
  effect: (world: World, work: CaseAtWork) => Promise<void>;
  /** What happens between the steps: time passes, others answer. */
  between?: ((world: World, work: CaseAtWork, act: string) => Promise<void>) | undefined;
}

export const dayOf = (world: World): string => new Date(world.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/** Enters the sample at its counter. */
export async function enter(world: World, service_code: string, sample: Sample): Promise<CaseAtWork> {
  const answer = await tryToEnter(world, service_code, sample);
  if (answer.status !== 200) throw new Error(`${service_code} entered: ${answer.status} ${JSON.stringify(answer.body)}`);
  return new CaseAtWork(world, answer.body);
}

/** @param without papers that are not brought */
export async function tryToEnter(world: World, service_code: string, sample: Sample, without: readonly string[] = []) {
  const service = catalogue().services.get(service_code)!;
  const desk = await postAt(world, 'station_officer', sample.station);
  const answers = filled(service, { applicant_phone: '19900001234', ...sample.answers }, dayOf(world));
  return desk.post<Acting>('/api/cases', {
    service_code, applicant_name: sample.applicant.name, applicant_id_number: sample.applicant.id_number, applicant_phone: '19900001234', answers,
    materials: [...new Set([...papersFor(service, answers, dayOf(world)), ...(sample.added ?? [])])].filter((code) => !without.includes(code)).map((code) => ({ code, by: 'provided' })),
  });
}

const enquiry = { result: 'confirmed', findings: '经走访邻里和社区,情况属实。', people_met: ['社区居委会主任'] };

/** What the officer whom the case waits for does with it. */
const deeds: Record<string, (world: World, row: Record<string, any>) => { verb: string; body: object }> = {
  accept: () => ({ verb: 'accept', body: {} }),
  verify: (world) => ({ verb: 'verify', body: { ...enquiry, enquired_on: dayOf(world) } }),
  review: () => ({ verb: 'review', body: agree }),
  approve: () => ({ verb: 'approve', body: agree }),
  confirm_out: () => ({ verb: 'confirm-out', body: {} }),
  execute: () => ({ verb: 'execute', body: {} }),
  execute_instant: () => ({ verb: 'execute', body: {} }),
  hand_over: (_world, row) => ({ verb: 'hand-over', body: { received_by: row.applicant_name, id_number_last4: row.applicant_id_number.slice(-4) } }),
  deliver_copy: () => ({ verb: 'deliver-copy', body: {} }),
};

/** Effects that can be foreseen as households before and after. An arrival can only when its certificate is there. */
const changesHouseholds: ReadonlySet<string> = new Set([
  'transfer_persons', 'leave_province', 'return_home', 'register_birth', 'register_person', 'register_death', 'cancel_registration', 'cancel_duplicate', 'restore_registration', 'establish_household',
  'split_household', 'merge_households', 'change_head', 'settle_in_community',
]);

const stepsMax = 14;

/** @returns the acts that were needed, in order */
export const walk = (world: World, work: CaseAtWork, sample: Pick<Sample, 'between'>): Promise<string[]> => walkUntil(world, work, sample, null);

/** The same up to a step, which is left to wait. */
export async function walkUntil(world: World, work: CaseAtWork, sample: Pick<Sample, 'between'>, until: string | null): Promise<string[]> {
  const acts: string[] = [];
  for (let turn = 0; turn < stepsMax; turn++) {
    let row = await work.row();
    if (row.closed_at !== null) return acts;
    const act = String(row.waiting_act);
    if (act === until) return acts;
    acts.push(act);
    await sample.between?.(world, work, act);
    row = await work.row();
    if (row.waiting_act !== act || row.closed_at !== null) continue;
    const deed = deeds[act];
    if (deed === undefined) throw new Error(`${row.service_code}: nobody answers the step ${act}`);
    const { verb, body } = deed(world, row);
    const desk = await postAt(world, row.waiting_role, row.waiting_org);
    // Whoever is to act can read the case with everybody in it.
    const view = await work.view<{ before: unknown[]; after: { members: unknown[] }[] }>(desk);
    if (changesHouseholds.has(catalogue().services.get(row.service_code)!.effect)) expect(view.after.length, `${row.service_code} at ${act} shows what it will leave behind`).toBeGreaterThan(0);
    await work.act(desk, verb, body);
  }
  throw new Error(`more than ${stepsMax} steps: ${acts.join(', ')}`);
}

/** News from outside, as the module that heard it would tell it. */
export async function hear(world: World, event: keyof typeof subscriptions, payload: object): Promise<void> {
  await world.act('police', (context) => subscriptions[event]!(context, payload as never));
}

/** Everything was let go of. */
export async function expectFree(work: CaseAtWork): Promise<void> {
  expect(await work.leases()).toBe(0);
}
