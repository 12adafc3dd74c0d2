/** Two stations accept the same person at once, three hundred times: exactly one wins, and the other learns who. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parcelHandlers } from '../../../src/modules/cases/index.ts';
import { scopeBetween } from '../../../src/modules/reference/index.ts';
import { demoWorld, type Desk, type World } from '../../harness/world.ts';
import { adults, postAt, takeAddress, takeFamily } from '../../harness/case-at-work.ts';
import type { CastMember } from '../../harness/moves.ts';

const persons = 300;
const together = 8;
const services = { in_county: '0501', in_prefecture: '0502', in_province: '0503' } as Record<string, string>;

let world: World;
let sides: { desk: Desk; station: string; name: string; office: string; phone: string }[];
let contested: { person: CastMember; cases: [string, string] }[];

/** Eight characters as on a receipt: the side, then the number. */
const receiptOf = (side: number, index: number): string => `${'AB'[side]}${String(index).padStart(7, '0')}`;

beforeAll(async () => {
  world = await demoWorld({ connections_max: 20 });
  sides = await Promise.all([world.bureau.stations.target, world.bureau.stations.origin].map(async (station) => {
    const desk = await postAt(world, 'station_officer', station);
    const { rows: [found] } = await world.police.owner.query('select o.name, r.name as office, r.phone from accounts.officer o, reference.organisation r where o.police_number = $1 and r.org_code = $2', [desk.police_number, station]);
    return { desk, station, ...found };
  }));
  const addresses = await Promise.all(sides.map((side) => takeAddress(world, side.station)));

  // A grown-up member who is not the head leaves; nothing else is to be asked.
  const applicants: { person: CastMember; station_code: string }[] = [];
  while (applicants.length < persons) {
    const family = await takeFamily(world, '53', (one) => adults(one).length >= 2 && one.station_code !== sides[1]!.station);
    applicants.push({ person: adults(family).find((one) => one !== family.members[0])!, station_code: family.station_code });
  }
  const { handle } = parcelHandlers['portal.submit_application'];
  for (let from = 0; from < persons; from += 50) {
    await world.act('police', async (context) => {
      for (const [at, { person, station_code }] of applicants.slice(from, from + 50).entries()) {
        for (const [side, { station }] of sides.entries()) {
          await handle(context, {
            receipt_no: receiptOf(side, from + at), service_code: services[scopeBetween(station_code, station)]!, catalogue_version: '2026-11-01', submitted_at: context.now.toISOString(),
            citizen: { name: person.name, id_number: person.id_number, phone: '19900001234', identity_level: 3 },
            answers: {
              movers: [{ name: person.name, id_number: person.id_number, relation: '02' }], whole_household: false, head_leaves: false, address_id: addresses[side], household_choice: 'new', reason: '99',
              housing_basis: 'owned', applicant_phone: '19900001234', delivery_mode: 'electronic',
            },
            materials: [{ code: 'M24', by: 'provided', attachments: [{ sha256: 'a'.repeat(64), media_type: 'image/png', file_name: '产权证.png', bytes: 1000 }] }],
          } as never, { parcel_id: '', order_key: '', sequence: 1, attachments: [] });
        }
      }
    });
  }
  const { rows } = await world.police.owner.query<{ receipt_no: string; case_id: string }>('select receipt_no, case_id from cases.case_file where receipt_no is not null');
  const byReceipt = new Map(rows.map((row) => [row.receipt_no, row.case_id]));
  contested = applicants.map(({ person }, index) => ({ person, cases: [byReceipt.get(receiptOf(0, index))!, byReceipt.get(receiptOf(1, index))!] }));
}, 120_000);
afterAll(() => world.close());

test('of two stations that accept one person at the same time exactly one wins; the other learns holder, office, phone, case and end', async () => {
  const told = { by_rule: 0, by_database: 0 };
  const wins = [0, 0];
  for (let from = 0; from < persons; from += together) {
    await Promise.all(contested.slice(from, from + together).map(async ({ person, cases }) => {
      const answers = await Promise.all(sides.map(({ desk }, side) => desk.post(`/api/cases/${cases[side]}/accept`, { case_version: 1 })));
      const winner = answers.findIndex((answer) => answer.status === 200);
      const loser = answers[1 - winner]!;
      expect(answers.filter((answer) => answer.status === 200), person.name).toHaveLength(1);
      wins[winner]!++;
      const { rows: [won] } = await world.police.owner.query('select case_no from cases.case_file where case_id = $1', [cases[winner]]);
      const sentence = loser.body.code === 'population.under_lease' ? loser.body.title! : loser.body.violations!.find((one) => one.field === 'no_conflicting_case')!.zh;
      told[loser.body.code === 'population.under_lease' ? 'by_database' : 'by_rule']++;
      const { name, office, phone } = sides[winner]!;
      for (const fact of [won.case_no, name, office, phone, '2027-01']) expect(sentence).toContain(fact);
    }));
  }
  expect(wins[0]! + wins[1]!).toBe(persons);
  // Both ways of losing came up: the register's index decided where the rule could not see the other yet.
  expect(told.by_database).toBeGreaterThan(0);

  const { rows: [leases] } = await world.police.owner.query(`select count(*)::int as held, count(distinct subject_id)::int as persons from population.lease where subject_kind = 'person' and released_at is null`);
  expect(leases).toEqual({ held: persons, persons });
  const { rows: states } = await world.police.owner.query(`select state, count(*)::int as cases from cases.case_file group by state order by state`);
  expect(states).toEqual([{ state: 'in_review', cases: persons }, { state: 'submitted', cases: persons }]);
  const { rows: held } = await world.police.owner.query(`select 1 from population.lease l join cases.case_file c using (case_id) where c.state = 'submitted' and l.released_at is null`);
  expect(held).toEqual([]);
  const { rows: moved } = await world.police.owner.query('select 1 from population.movement where recorded_from > $1 limit 1', ['2026-11-23T00:00:00Z']);
  expect(moved).toEqual([]);
}, 120_000);

test('the loser’s case is accepted as soon as the winner’s has ended', async () => {
  const { cases } = contested[0]!;
  const { rows } = await world.police.owner.query('select case_id, version, state from cases.case_file where case_id = any($1)', [cases]);
  const won = cases.findIndex((id) => rows.find((row) => row.case_id === id).state === 'in_review');
  await sides[won]!.desk.post(`/api/cases/${cases[won]}/withdraw`, { case_version: 2, reason: '申请人选择另一地' });
  const accepted = await sides[1 - won]!.desk.post<{ state: string }>(`/api/cases/${cases[1 - won]}/accept`, { case_version: 1 });
  expect([accepted.status, accepted.body.state]).toEqual([200, 'in_review']);
});
