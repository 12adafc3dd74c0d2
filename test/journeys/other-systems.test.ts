/** Matters that other systems take part in, from the counter to the end: sources confirm, a card is made, another province answers. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkCharacter } from '../../src/modules/reference/index.ts';
import { agree, CaseAtWork, countyOf, postAt, setClock, takeAddress, type Acting } from '../harness/case-at-work.ts';
import { takeAdult, type Subject } from '../harness/matters.ts';
import { neighboursOf, type Neighbours } from '../harness/neighbours.ts';
import { demoWorld, type Desk, type World } from '../harness/world.ts';

let world: World;
let others: Neighbours;
let station: string;
let desks: Record<'officer' | 'chief' | 'county', Desk>;

beforeAll(async () => {
  world = await demoWorld();
  station = world.bureau.stations.target;
  others = await neighboursOf(world);
  desks = { officer: await postAt(world, 'station_officer', station), chief: await postAt(world, 'station_chief', station), county: await postAt(world, 'county_section_officer', countyOf(station)) };
});
afterAll(async () => {
  await others.close();
  await world.close();
});
beforeEach(() => setClock(world, new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) + ' 09:00'));

const contact = { applicant_phone: '19900001234', delivery_mode: 'pickup' };
async function open(service_code: string, applicant: Pick<Subject, 'name' | 'id_number'>, answers: Record<string, unknown>, materials: readonly string[]): Promise<CaseAtWork> {
  const answer = await desks.officer.post<Acting>('/api/cases', {
    service_code, applicant_name: applicant.name, applicant_id_number: applicant.id_number, applicant_phone: contact.applicant_phone, answers: { ...contact, ...answers }, materials: materials.map((code) => ({ code, by: 'provided' })),
  });
  if (answer.status !== 200) throw new Error(`open ${service_code}: ${JSON.stringify(answer.body)}`);
  return new CaseAtWork(world, answer.body);
}
const waitsFor = async (matter: CaseAtWork): Promise<string | null> => (await matter.row())['waiting_act'] as string | null;
const statusOf = async (person_id: string) => (await world.police.owner.query('select status from population.person where person_id = $1', [person_id])).rows[0].status as string;

test('a damaged card is renewed: the national platform agrees, the county signs, the card is made and handed over', async () => {
  const subject = await takeAdult(world, station);
  const matter = await open('1302', subject, { subject_name: subject.name, subject_id_number: subject.id_number, card_reason: '23' }, ['M66', 'M64', 'M65']);
  await others.round();
  await matter.row();
  await matter.act(desks.officer, 'accept');
  await matter.act(desks.county, 'approve', agree);
  await others.round();
  expect(await waitsFor(matter)).toBe('produce');
  const { rows: [application] } = await world.police.owner.query('select application_id, fee_fen, state from cards.application where case_id = $1', [matter.id]);
  expect(application).toMatchObject({ fee_fen: 4000, state: 'ordered' });
  expect((await desks.officer.post(`/api/cards/applications/${application.application_id}/fee`, { outcome: 'paid', note: '票据 0012345' })).status).toBe(200);
  await others.round(6);
  expect(await waitsFor(matter)).toBe('hand_over');
  const handed = await desks.officer.post(`/api/cards/applications/${application.application_id}/hand-over`, { receiver_name: subject.name, receiver_relation: 'self', check_kind: 'fingerprint', check_result: 'match', old_card: 'surrendered' });
  expect(handed.status).toBe(200);
  await world.settle();
  expect((await matter.row())['state']).toBe('executed');
  expect((await world.police.owner.query('select state, state_reason from cards.card where person_id = $1 order by recorded_at', [subject.person_id])).rows).toEqual([{ state: 'replaced', state_reason: 'renewed' }, { state: 'in_force', state_reason: null }]);
});

test('a departure on a permit of another province ends with the arrival reported there', async () => {
  const subject = await takeAdult(world, station, true);
  const permit_no = `44Z${new Date().getFullYear()}99990001`;
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  others.nation.publish({
    kind: 'move_in_permit', number: permit_no, issuer_province: '44', other_province: '53', permit_number: null, reason: '31', from_area: station.slice(0, 6), to_area: '440106', to_address: '广州市天河区', issued_on: day(-1), valid_until_on: day(38),
    movers: [{ id_number: subject.id_number, name: subject.name, sex: '1', birth_on: '1990-01-01', relation: '01', items: {} }],
  });
  const matter = await open('0401', subject, {
    movers: [{ name: subject.name, id_number: subject.id_number }], whole_household: true, permit_no, reason: '31', destination_area: '440106', destination_address_text: '广东省广州市天河区体育西路1号',
  }, ['M01']);
  await others.round();
  expect((await matter.view(desks.officer)).materials.find((material: { code: string }) => material.code === 'M35')).toMatchObject({ state: 'verified_online', evidence: { source: 'permits' } });
  await matter.row();
  await matter.act(desks.officer, 'accept');
  await matter.act(desks.chief, 'approve', agree);
  await matter.act(desks.officer, 'execute');
  expect(await statusOf(subject.person_id)).toBe('5');
  await others.round();
  const { rows: [certificate] } = await world.police.owner.query(`select number, state, permit_number from permits.paper where case_id = $1`, [matter.id]);
  const shown = await desks.officer.get<{ movers: unknown[]; messages: { kind: string; state: string }[] }>(`/api/permits/papers/${certificate.number}`, 'verification');
  expect(shown.body.movers).toEqual([expect.objectContaining({ person_id: subject.person_id, name: subject.name })]);
  expect(shown.body.messages).toMatchObject([{ kind: 'publish', state: 'accepted' }]);
  expect((await world.police.owner.query(`select count(*)::int as n from kernel.access_record where subject_id = $1 and operation = 'permits.getPaper'`, [subject.person_id])).rows[0].n).toBe(1);
  // Whose number ends in 0 is not expected to settle: the other province does nothing.
  expect(certificate).toMatchObject({ permit_number: permit_no, state: subject.id_number.endsWith('0') ? 'issued' : 'consumed' });
});

test('a husband of another province is taken in: permit, certificate, registration with his own number, and the origin is told', async () => {
  const { rows: [wife] } = await world.police.owner.query<Subject & { household_id: string; address_id: string }>(
    `select p.person_id, p.name, p.id_number, p.household_id, p.address_id from population.person p join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
     where p.station_code = $1 and p.status = '0' and p.sex = '2' and m.relation = '02' and p.birth_on between '1975-01-01' and '1995-01-01'
       and not exists (select from population.kin_link k where k.person_id = p.person_id and k.kind = 'spouse' and k.until_on is null) order by p.person_id limit 1`, [station]);
  const head = '51010419850505901';
  const husband = { name: '罗志远', id_number: `${head}${checkCharacter(head)}` };
  const matter = await open('0301', husband, {
    movers: [{ ...husband, relation: '11' }], origin_area: '510104', origin_address_text: '四川省成都市锦江区春熙路1号', address_id: wife!.address_id, household_choice: 'join', target_head_name: wife!.name, target_head_id_number: wife!.id_number,
    spouse_name: wife!.name, spouse_id_number: wife!.id_number, marriage_certificate_no: 'J510104-2026-000001', reason: '33',
  }, ['M01']);
  await others.round();
  expect((await matter.view(desks.officer)).materials.find((material: { code: string }) => material.code === 'M21')).toMatchObject({ state: 'verified_online', evidence: { source: 'marriage' } });
  await matter.row();
  await matter.act(desks.officer, 'accept');
  await matter.act(desks.chief, 'approve', agree);
  expect(await waitsFor(matter)).toBe('await_certificate');
  await others.round(4);
  expect(await waitsFor(matter)).toBe('execute');
  await matter.act(desks.officer, 'execute');
  const { rows: [registered] } = await world.police.owner.query('select household_id, status, birthplace from population.person where id_number = $1', [husband.id_number]);
  expect(registered).toEqual({ household_id: wife!.household_id, status: '0', birthplace: '510104' });
  await others.round();
  expect(others.nation.papers().filter(({ paper }) => paper.movers[0]!.id_number === husband.id_number).map(({ paper, state }) => [paper.kind, state])).toEqual([['move_in_permit', 'issued'], ['migration_certificate', 'consumed']]);
});

test('sources that are down leave the paper to be asked for, and the officer may have them asked again', async () => {
  const subject = await takeAdult(world, station, true);
  for (const about of ['REALESTATE']) others.agencies.fail({ mode: 'down', times: 100, about });
  const matter = await open('1101', subject, { subject_name: subject.name, subject_id_number: subject.id_number, members: [{ name: subject.name, id_number: subject.id_number, relation: '02' }], housing_basis: 'owned', address_id: await takeAddress(world, station), reason_text: '单独立户' }, []);
  await others.round(3);
  const title = async () => (await matter.view(desks.officer)).materials.find((material: { code: string }) => material.code === 'M24')?.state as string;
  expect(await title()).toBe('missing');
  others.agencies.fail({ mode: 'work', times: 0, about: 'REALESTATE' });
  expect((await desks.officer.post(`/api/cases/${matter.id}/ask-sources`)).status).toBe(200);
  await others.round(12);
  expect(await title()).toBe('verified_online');
});
