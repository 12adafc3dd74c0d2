/** Whole moves of service 0503 at the counter, each act a request of the officer whose turn it is. */
import http from 'node:http';
import type { FaultyBureau } from './bureau.ts';
import { openDesk, type Desk } from './desk.ts';
import { pause } from './http.ts';
import type { Journal } from './journal.ts';
import type { Lodger } from './lodgers.ts';

/** As long as a program that was killed may need to come back. */
const looksMax = 60;
const pauseMs = 500;

export interface Counter {
  /** Enters an application and leaves it there. */
  enter(journal: Journal, lodger: Lodger): Promise<Entered>;
  /** Drives a case that was entered until it is executed, refused or given up. */
  carry(journal: Journal, lodger: Lodger, entered: Entered): Promise<void>;
  /** Both. */
  move(journal: Journal, lodger: Lodger): Promise<void>;
  close(): void;
}

export interface Entered {
  mark: string;
  answer: { case_id: string; case_version: number } | undefined;
}

/** What a lodger declares who moves alone into a household of his own. */
export function declarationOf({ name, id_number }: Lodger, mark: string, address_id: string) {
  return {
    movers: [{ name, id_number, relation: '02' }], whole_household: false, head_leaves: false, address_id, household_choice: 'new', reason: '99', housing_basis: 'owned',
    applicant_phone: mark, delivery_mode: 'electronic',
  };
}

/** The telephone number of the nth case: no other case has it. */
export const markOf = (n: number): string => `199${String(n).padStart(8, '0')}`;

export function listAddresses(bureau: FaultyBureau): Promise<{ address_id: string }[]> {
  return bureau.look('select address_id from reference.standard_address where station_code = $1 order by line', [bureau.bureau.stations.target]);
}

/** Signs the officers of both stations and of the deciding county in. */
export async function openCounter(bureau: FaultyBureau, port: number): Promise<Counter> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const { target, origin } = bureau.bureau.stations;
  const desk = (role: string, org: string): Promise<Desk> => openDesk(bureau, agent, port, role, org);
  const officer = await desk('station_officer', target);
  const chief = await desk('station_chief', target);
  const county = await desk('county_section_chief', `${target.slice(0, 6)}000000`);
  const atOrigin = await desk('station_officer', origin);
  const addresses = await listAddresses(bureau);
  let entered = 0;

  async function enter(journal: Journal, lodger: Lodger): Promise<Entered> {
    const mark = markOf(++entered);
    const application = {
      service_code: '0503', applicant_name: lodger.name, applicant_id_number: lodger.id_number, applicant_phone: mark,
      answers: declarationOf(lodger, mark, addresses[entered % addresses.length]!.address_id), materials: [{ code: 'M01', by: 'provided' }, { code: 'M24', by: 'provided' }],
    };
    const answer = await journal.wish({ act: 'submit', case_id: undefined, mark, person_id: lodger.person_id }, (key) => officer.post('/api/cases', application, key));
    return { mark, answer };
  }

  const opinion = { agree: true, opinion: '同意' };
  const acts = [
    ['accept', 'accept', officer, {}], ['review', 'review', chief, opinion], ['approve', 'approve', county, opinion],
    ['confirm_out', 'confirm-out', atOrigin, {}], ['execute', 'execute', officer, {}],
  ] as const;

  async function carry(journal: Journal, { person_id }: Lodger, { mark, answer }: Entered): Promise<void> {
    let acting = answer;
    for (const [act, verb, who, more] of acts) {
      if (acting === undefined) return;
      const { case_id, case_version } = acting;
      if (opinion === more) await openScans(who, case_id);
      acting = await journal.wish({ act, case_id, mark, person_id }, (key) => who.post(`/api/cases/${case_id}/${verb}`, { case_version, ...more }, key));
    }
  }

  return { enter, carry, move: async (journal, lodger) => carry(journal, lodger, await enter(journal, lodger)), close: () => agent.destroy() };
}

/** Nobody agrees to what he has not looked at. A look changes nothing, so it is tried until it is answered. */
async function openScans(desk: Desk, case_id: string): Promise<void> {
  const shown = await look(desk, `/api/cases/${case_id}`);
  const { materials = [] } = (shown === undefined ? {} : JSON.parse(shown.toString())) as { materials?: { attachments: { sha256: string }[] }[] };
  for (const { sha256 } of materials.flatMap((material) => material.attachments)) await look(desk, `/api/cases/${case_id}/attachments/${sha256}`);
}

async function look(desk: Desk, path: string): Promise<Buffer | undefined> {
  for (let attempt = 1; attempt <= looksMax; attempt++) {
    const answer = await desk.get(path).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer.status === 200 ? answer.bytes : undefined;
    await pause(pauseMs);
  }
  return undefined;
}

/** Runs `clients` loops over the same stock of people until it is empty or `until` says so. */
export async function drive(clients: number, lodgers: Lodger[], until: () => boolean, work: (lodger: Lodger) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: clients }, async () => {
    while (!until()) {
      const lodger = lodgers.pop();
      if (lodger === undefined) return;
      await work(lodger);
    }
  }));
}
