/** A family of four moves from Dali to Kunming: declared once at the new station's counter, taken to its end by three offices. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declareMove, householdOf, type CastHousehold } from '../harness/moves.ts';
import { demoWorld, type Desk, type World } from '../harness/world.ts';

let world: World;
let family: CastHousehold;
let officer: Desk;
let chief: Desk;
let county: Desk;
let origin: Desk;
let acting: { case_id: string; case_version: number; state: string };

beforeAll(async () => {
  world = await demoWorld();
  family = await householdOf(world, world.bureau.citizens[0]!.subject);
  [officer, chief, county, origin] = await Promise.all([world.desk('station_officer'), world.desk('station_chief'), world.desk('county_section_chief'), world.desk('station_officer', 'origin')]);
});
afterAll(() => world.close());

async function act(desk: Desk, verb: string, body: object = {}): Promise<void> {
  const answer = await desk.post<typeof acting>(`/api/cases/${acting.case_id}/${verb}`, { case_version: acting.case_version, ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  acting = answer.body;
}

test('the case is entered, and the officer sees people, households, checks and materials on one screen', async () => {
  const declaration = await declareMove(world, family, family.members, world.bureau.stations.target, '0503');
  const opened = await officer.post<typeof acting>('/api/cases', declaration);
  expect(opened.status, JSON.stringify(opened.body)).toBe(200);
  acting = opened.body;
  const view = await officer.get<Record<string, never>>(`/api/cases/${acting.case_id}`);
  expect(view.status, JSON.stringify(view.body)).toBe(200);
  const body = view.body as unknown as { movers: { found: boolean; name: string }[]; checks: { rule: string; passed: boolean; finding: unknown }[]; before: { members: unknown[] }[]; after: { members: { change: string }[]; opens: boolean; closes: boolean }[]; materials: { code: string; state: string }[] };
  expect(body.movers.map((mover) => mover.found)).toEqual([true, true, true, true]);
  expect(body.checks.filter((check) => !check.passed)).toEqual([]);
  expect(body.after.map((household) => [household.opens, household.closes])).toEqual([[false, true], [true, false]]);
  expect(body.materials.map((material) => material.state)).toEqual(['provided', 'provided']);
});

test('each reading of the case leaves one access record for each person shown', async () => {
  const { rows } = await world.police.owner.query(`select subject_id, purpose from kernel.access_record where case_id = $1 and operation = 'cases.getCase'`, [acting.case_id]);
  expect(rows.map((row) => row.subject_id).sort()).toEqual(family.members.map((member) => member.person_id).sort());
  expect(new Set(rows.map((row) => row.purpose))).toEqual(new Set(['case']));
});

test('acceptance leases the people; approval by another person at another level', async () => {
  await act(officer, 'accept');
  const { rows } = await world.police.owner.query(`select count(*)::int as n from population.lease where case_id = $1 and released_at is null`, [acting.case_id]);
  expect(rows[0].n).toBe(family.members.length + 1);
  await act(chief, 'review', { agree: true, opinion: '情况属实,同意上报。' });
  await act(county, 'approve', { agree: true, opinion: '符合规定,同意。' });
});

test('the origin confirms and the register changes at both places in the same instant', async () => {
  await act(origin, 'confirm-out');
  await act(officer, 'execute');
  expect(acting.state).toBe('executed');
  const { rows } = await world.police.owner.query(
    `select m.household_id, lower(m.period) as began, upper(m.period) as ended from population.membership m where m.person_id = any($1) order by m.person_id, lower(m.period)`, [family.members.map((member) => member.person_id)]);
  const begun = rows.filter((row) => row.ended === null);
  const ended = rows.filter((row) => row.household_id === family.household_id);
  expect(begun).toHaveLength(4);
  expect(new Set(begun.map((row) => row.household_id)).size).toBe(1);
  expect(new Set([...begun.map((row) => row.began.getTime()), ...ended.map((row) => row.ended.getTime())]).size).toBe(1);
  const { rows: [left] } = await world.police.owner.query('select status from population.household where household_id = $1', [family.household_id]);
  expect(left.status).toBe('closed');
  const { rows: [leases] } = await world.police.owner.query('select count(*)::int as n from population.lease where case_id = $1 and released_at is null', [acting.case_id]);
  expect(leases.n).toBe(0);
});

test('everything that happened can be traced, and the chain is whole', async () => {
  const timeline = await officer.get<{ events: { act: string }[]; chain_intact: boolean; route_svg: string }>(`/api/cases/${acting.case_id}/timeline`);
  expect(timeline.body.events.map((event) => event.act)).toEqual(['submit', 'accept', 'review', 'approve', 'confirm_out', 'execute']);
  expect(timeline.body.chain_intact).toBe(true);
  expect(timeline.body.route_svg).toContain('<svg');
  const { rows } = await world.police.owner.query('select operation from kernel.audit_record where case_id = $1 order by at, audit_id', [acting.case_id]);
  expect(rows.map((row) => row.operation).sort()).toEqual(['cases.acceptCase', 'cases.approveStep', 'cases.confirmOut', 'cases.executeCase', 'cases.openCase', 'cases.reviewStep']);
  await world.police.owner.query(`update cases.case_event set opinion = '改过' where case_id = $1 and act = 'review'`, [acting.case_id]);
  expect((await officer.get<{ chain_intact: boolean }>(`/api/cases/${acting.case_id}/timeline`)).body.chain_intact).toBe(false);
});

test('the stations are told, and the notices are papers', async () => {
  await world.settle();
  const messages = await origin.get<{ messages: { kind: string }[] }>('/api/cases/messages');
  expect(messages.body.messages.map((message) => message.kind)).toEqual(expect.arrayContaining(['approved', 'executed']));
  const view = await officer.get<{ notices: { document_id: string; title: { zh: string } }[] }>(`/api/cases/${acting.case_id}`);
  expect(view.body.notices.map((notice) => notice.title.zh)).toEqual(['户政业务受理回执', '户口登记办结通知书', '居民户口簿']);
  const paper = await officer.get<{ raw: string }>(`/api/documents/${view.body.notices[1]!.document_id}`);
  expect(paper.body.raw.startsWith('%PDF-')).toBe(true);
});
