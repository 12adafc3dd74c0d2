/** A small register for tests: stations of two prefectures, families made by one line, officers who act. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskBlobStore, FrozenClock, newId, transact, type Actor, type Context } from '../../src/kernel/index.ts';
import { checkCharacter, jurisdictionRange, levelOfOrganisation } from '../../src/modules/reference/index.ts';
import { loadPopulation, type PopulationBatch } from '../../src/modules/population/index.ts';
import { freshDatabase, type FreshDatabase } from './databases.ts';

export const stations = {
  /** Kunming, Wuhua: two stations of one county. */
  daguan: '530102520000',
  huashan: '530102500000',
  /** Kunming, Panlong: another county of the same prefecture. */
  panlong: '530103500000',
  /** Dali: another prefecture. */
  xiaguan: '532901500000',
} as const;
export const offices = { wuhua: '530102000000', kunming: '530100000000', dali: '532900000000', yunnan: '530000000000' } as const;

let sequence = 0;

/** A valid number; no two alike in a run, and none in the range 900 to 999 from which a register of invented people assigns. */
export function idNumber(birth_on: string, sex: '1' | '2', county = '530102'): string {
  for (;;) {
    const order = 100 + (sequence++ % 400) * 2 + (sex === '1' ? 1 : 0);
    const digits = `${String(Number(county) + Math.floor(sequence / 400)).padStart(6, '0')}${birth_on.replaceAll('-', '')}${order}`;
    return digits + checkCharacter(digits);
  }
}

export interface MadeMember {
  name?: string;
  sex?: '1' | '2';
  birth_on?: string;
  relation?: string;
  former_name?: string;
}

export interface MadePerson {
  person_id: string;
  name: string;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  relation: string;
}

export interface MadeHousehold {
  household_id: string;
  household_no: string;
  address_id: string;
  station_code: string;
  members: MadePerson[];
}

export interface Register {
  db: FreshDatabase;
  clock: FrozenClock;
  /** Loads one household; the first member is the head unless relations say otherwise. */
  household(station_code: string, members: readonly MadeMember[], options?: { household_type?: string; since_on?: string }): Promise<MadeHousehold>;
  link(person_id: string, kind: 'father' | 'mother' | 'spouse', relative_id: string): Promise<void>;
  /** Runs work as an officer of an office, for a case when one is given. */
  asOffice<T>(org_code: string, work: (context: Context) => Promise<T>, case_id?: string): Promise<T>;
  asSystem<T>(work: (context: Context) => Promise<T>, case_id?: string): Promise<T>;
  load(batch: Partial<PopulationBatch>): Promise<void>;
  close(): Promise<void>;
}

export function officerOf(org_code: string): Actor {
  return {
    kind: 'officer', officer_id: randomUUID(), officer_kind: 'police', name: '测试民警', police_number: '000001', post_id: randomUUID(), role: 'station_officer', acting_for: null,
    org_code, org_level: levelOfOrganisation(org_code), ...jurisdictionRange(org_code), permissions: new Set(), services: new Map(), session_id: randomUUID(),
  };
}

export async function openRegister(connections_max = 12): Promise<Register> {
  const db = await freshDatabase('police', connections_max);
  const clock = new FrozenClock('2026-11-23T02:00:00Z');
  const blobs = diskBlobStore(mkdtempSync(join(tmpdir(), 'huzheng-register-')));
  const importCase = newId();

  async function load(batch: Partial<PopulationBatch>): Promise<void> {
    const client = await db.owner.connect();
    try {
      await loadPopulation(client, { households: [], persons: [], memberships: [], kin_links: [], movements: [], ...batch }, { case_id: importCase, recorded_at: new Date('2026-01-01T00:00:00+08:00') });
    } finally {
      client.release();
    }
  }

  function act<T>(actor: Actor, work: (context: Context) => Promise<T>, case_id?: string): Promise<T> {
    return transact(db.database, { clock, blobs, operation: 'test', actor, purpose: { code: 'case', case_id: case_id ?? null, note: null } }, async (context) => {
      if (case_id !== undefined) context.forCase(case_id);
      return work(context);
    }).then((outcome) => outcome.answer);
  }

  return {
    db, clock, load,
    async household(station_code, members, { household_type = '1', since_on = '2020-01-01' } = {}) {
      const { rows: [number] } = await db.owner.query<{ last_sequence: number }>(
        `insert into population.household_counter as c values ($1, 1) on conflict (prefix) do update set last_sequence = c.last_sequence + 1 returning last_sequence`, [station_code.slice(0, 9)]);
      const household = { household_id: newId(), household_no: station_code.slice(0, 9) + String(number!.last_sequence).padStart(6, '0'), address_id: newId(), station_code };
      const persons = members.map((member, at): MadePerson => {
        const sex = member.sex ?? (at % 2 === 0 ? '1' : '2');
        const birth_on = member.birth_on ?? '1980-05-06';
        return {
          person_id: newId(), name: member.name ?? `张测${String.fromCodePoint(0x4e00 + (sequence % 5000))}`, sex, birth_on, id_number: idNumber(birth_on, sex),
          relation: member.relation ?? (household_type !== '1' ? '99' : at === 0 ? '02' : '97'),
        };
      });
      await load({
        households: [{ ...household, household_type, established_on: since_on, status: 'active' }],
        persons: persons.map(({ relation: _, ...person }, at) => ({
          ...person, former_name: members[at]!.former_name ?? null, ethnicity: '01', birthplace: '530102', native_place: '530102', status: '0', education: '71', marital_status: '10',
          military_service: '0', blood_type: '0', height_cm: 170, occupation: null, workplace: null, phone: null,
          household_id: household.household_id, station_code, address_id: household.address_id, synthetic: true,
        })),
        memberships: persons.map(({ person_id, relation }) => ({ membership_id: newId(), person_id, household_id: household.household_id, relation, from_on: since_on, to_on: null })),
      });
      return { ...household, members: persons };
    },
    async link(person_id, kind, relative_id) {
      await load({ kin_links: [{ kin_link_id: newId(), person_id, relative_id, kind, from_on: '2000-01-01' }] });
    },
    asOffice: (org_code, work, case_id) => act(officerOf(org_code), work, case_id),
    asSystem: (work, case_id) => act({ kind: 'system', name: 'test' }, work, case_id),
    close: () => db.close(),
  };
}
