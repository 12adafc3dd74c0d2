/** What a written commitment stands in for is checked afterwards; who broke one makes none for two years in that county. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runJob, runUntilQuiet } from '../../src/kernel/index.ts';
import { jobs } from '../../src/modules/cases/index.ts';
import { forgetRemembered } from '../../src/modules/reference/index.ts';
import { agree, CaseAtWork, caseOfReceipt, countyOf, mayMoveWhole, officesOf, postAt, receive, takeAddress, takeFamily, type Acting, type Family, type Offices } from '../harness/case-at-work.ts';
import { declareMove } from '../harness/moves.ts';
import { demoWorld, mondayMorning, type Desk, type World } from '../harness/world.ts';

let world: World;
let offices: Offices;
beforeAll(async () => {
  world = await demoWorld();
  offices = await officesOf(world);
});
beforeEach(() => world.clock.set(mondayMorning));
afterAll(() => world.close());

const day = 86_400_000;
const later = (days: number): void => world.clock.set(new Date(Date.parse(mondayMorning) + days * day).toISOString());
const callRechecks = () => runJob(world.workers.police, jobs.find(({ name }) => name === 'cases.call_rechecks')!, true);

/** A move into a relative's flat whose owner consents by a commitment of the applicant, carried out. */
async function promised(): Promise<{ family: Family; move: CaseAtWork }> {
  const { family, move } = await offices.open('0503', { housing_basis: 'relative' }, { materials: [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }] });
  await move.act(offices.officer, 'accept');
  await move.act(offices.chief, 'review', agree);
  await move.act(offices.county, 'approve', agree);
  await move.act(offices.old, 'confirm-out');
  await move.act(offices.officer, 'execute');
  return { family, move };
}
interface Listed {
  items: { case_id: string; code: string; due_on: string; called: boolean; overdue: boolean; applicant_name: string }[];
}
const listed = async (desk: Desk, move: CaseAtWork) => (await desk.get<Listed>('/api/cases/rechecks?limit=100')).body.items.filter((item) => item.case_id === move.id);
const record = (desk: Desk, move: CaseAtWork, result: string, evidence = '电话和上门核实,产权人从未同意。', code = 'M27') => desk.post<Acting>(`/api/cases/${move.id}/rechecks/${code}`, { result, evidence });
const barsOf = async (family: Family): Promise<Record<string, unknown>[]> => (await world.police.owner.query('select code, territory, from_on, until_on from cases.commitment_bar where person_id = $1', [family.members[0]!.person_id])).rows;

describe('the check', () => {
  test('is planned for thirty days after execution, called when it is due, overdue afterwards, and done once', async () => {
    const { move } = await promised();
    expect(await listed(offices.officer, move)).toMatchObject([{ code: 'M27', due_on: '2026-12-23', called: false, overdue: false }]);
    later(30);
    await callRechecks();
    expect(await listed(await postAt(world, 'station_officer', offices.target), move)).toMatchObject([{ called: true, overdue: false }]);
    expect((await move.messages()).filter(({ kind }) => kind === 'recheck')).toHaveLength(1);
    later(31);
    expect(await listed(offices.officer, move)).toMatchObject([{ overdue: true }]);
    expect((await record(offices.officer, move, 'kept', '已查看同意书原件,属实。')).status).toBe(200);
    expect(await listed(offices.officer, move)).toEqual([]);
    const again = await record(offices.chief, move, 'broken');
    expect([again.status, again.body.code]).toEqual([409, 'cases.recheck_done']);
    expect(again.body['title']).toContain('已由');
  });

  test('that finds the commitment kept leaves no trace of the person beside the result', async () => {
    const { family, move } = await promised();
    await record(offices.officer, move, 'kept', '已查看同意书原件,属实。');
    const view = await move.view(offices.officer);
    expect(view['rechecks']).toMatchObject([{ code: 'M27', result: 'kept', evidence: '已查看同意书原件,属实。' }]);
    expect(await barsOf(family)).toEqual([]);
    expect(await move.acts()).toEqual(expect.arrayContaining(['recheck_kept']));
    expect((await move.row()).state).toBe('executed');
  });

  test('is recorded by the side that handled the case, and by nobody without the right', async () => {
    const { move } = await promised();
    expect((await record(offices.old, move, 'kept')).body.code).toBe('cases.not_your_turn');
    expect((await record(await postAt(world, 'station_officer', '530111500000'), move, 'kept')).body.code).toBe('cases.not_found');
    expect((await record(offices.county, move, 'kept')).body.code).toBe('kernel.not_permitted');
    expect((await record(offices.officer, move, 'kept', undefined, 'M24')).body.code).toBe('cases.recheck_unknown');
    expect((await record(offices.officer, move, 'kept', '无')).status).toBe(422);
    expect((await world.police.owner.query('select done_at from cases.recheck where case_id = $1', [move.id])).rows).toEqual([{ done_at: null }]);
  });
});

test('a case that is closed stays with its station when that is dissolved; what is still to check goes to the county', async () => {
  const { move } = await promised();
  const heir = '530102520000';
  await world.police.owner.query(`update reference.organisation set valid_to = '2026-11-23', successor_code = $2 where org_code = $1`, [offices.target, heir]);
  forgetRemembered();
  try {
    await runJob(world.workers.police, jobs.find(({ name }) => name === 'cases.follow_successors')!, true);
    expect(await move.row()).toMatchObject({ target_org: offices.target, state: 'executed' });
    later(30);
    await callRechecks();
    expect((await move.messages()).filter(({ kind }) => kind === 'recheck')).toMatchObject([{ org_code: countyOf(offices.target) }]);
    const county = await postAt(world, 'county_section_officer', countyOf(offices.target));
    expect(await listed(county, move)).toMatchObject([{ called: true }]);
    expect((await record(await postAt(world, 'station_officer', heir), move, 'kept')).body.code).toBe('cases.not_found');
    expect((await record(county, move, 'kept')).status).toBe(200);
  } finally {
    await world.police.owner.query('update reference.organisation set valid_to = null, successor_code = null where org_code = $1', [offices.target]);
    forgetRemembered();
  }
});

describe('a broken commitment', () => {
  let family: Family;
  let move: CaseAtWork;
  beforeAll(async () => {
    world.clock.set(mondayMorning);
    ({ family, move } = await promised());
    const broken = await record(offices.officer, move, 'broken');
    expect(broken).toMatchObject({ status: 200, body: { state: 'executed' } });
  });
  const applicant = () => family.members[0]!;
  /** The family applies to move on, again by a commitment. */
  async function movesOn(station: string, materials: { code: string; by: string }[]): Promise<{ status: number; body: any; desk: Desk }> {
    const desk = await postAt(world, 'station_officer', station);
    const declared = await declareMove(world, { ...family, station_code: offices.target }, family.members, station, '0501', { address_id: await takeAddress(world, station), housing_basis: 'relative' });
    return { desk, ...await desk.post<Acting>('/api/cases', { ...declared, materials }) };
  }
  const neighbour = '530102520000';

  test('bars others of the same person in the same county for two years; nothing else is kept', async () => {
    expect(await barsOf(family)).toEqual([{ code: 'M27', territory: countyOf(offices.target).slice(0, 6), from_on: '2026-11-23', until_on: '2028-11-23' }]);
    const { rows } = await world.police.owner.query(`select table_name from information_schema.columns where table_schema = 'cases' and column_name = 'person_id' order by 1`);
    const held = (await Promise.all(rows.map(async ({ table_name }) => [table_name, (await world.police.owner.query(`select count(*)::int as n from cases.${table_name} where person_id = $1`, [applicant().person_id])).rows[0].n]))).filter(([, n]) => n > 0);
    // As a party of the case, and the bar.
    expect(held.map(([name]) => name)).toEqual(['commitment_bar', 'party']);
  });

  test('is told to the station, which restores the register by another case, and to the person', async () => {
    const told = (await move.messages()).filter(({ kind }) => kind === 'recheck_broken');
    expect(told).toMatchObject([{ org_code: offices.target }]);
    expect(told[0]!.text.zh).toContain('另案恢复登记');
    await runUntilQuiet(world.workers.police);
    const { rows } = await world.police.owner.query(`select body from exchange.outgoing_parcel where kind = 'cases.message_to_citizen' and order_key = $1 order by position desc limit 1`, [move.id]);
    expect(rows[0].body.text).toContain('书面承诺经核查不实');
    expect(rows[0].body.text).not.toContain(applicant().name);
  });

  test('at the counter of the county is refused at once with the day, and nothing is entered', async () => {
    const refused = await movesOn(neighbour, [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }]);
    expect(refused.status).toBe(422);
    expect(refused.body.violations).toMatchObject([{ field: 'materials.M27', code: 'commitment_barred' }]);
    expect(refused.body.violations[0].zh).toContain('承诺方式在 2028-11-23 前不可用');
    expect((await world.police.owner.query('select count(*)::int as n from cases.case_file where applicant_id_number = $1', [applicant().id_number])).rows).toEqual([{ n: 1 }]);
  });

  test('of an application from the portal is told in its correction list, which then offers no commitment', async () => {
    const declared = await declareMove(world, { ...family, station_code: offices.target }, family.members, neighbour, '0501', { address_id: await takeAddress(world, neighbour), housing_basis: 'relative' });
    await receive(world, 'portal.submit_application', {
      receipt_no: 'C0MM1TED', service_code: '0501', catalogue_version: '2026-11-01', submitted_at: world.clock.now().toISOString(),
      citizen: { name: declared.applicant_name, id_number: declared.applicant_id_number, phone: declared.applicant_phone, identity_level: 3 }, answers: declared.answers, materials: [{ code: 'M27', by: 'commitment', attachments: [] }],
    });
    const online = await caseOfReceipt(world, 'C0MM1TED');
    const desk = await postAt(world, 'station_officer', neighbour);
    const view = await online.view(desk);
    expect(view['materials'].find((one: { code: string }) => one.code === 'M27')).toMatchObject({ state: 'missing', evidence: { source: 'commitment_check' } });
    expect((await online.try(desk, 'accept')).body.code).toBe('cases.materials_missing');
    await online.act(desk, 'supplement', { items: [{ subject: 'M27', zh: '请补交产权人同意落户书。' }, { subject: 'applicant_phone', zh: '电话打不通,请核对。' }] });
    await runUntilQuiet(world.workers.police);
    const { rows: [parcel] } = await world.police.owner.query(`select body from exchange.outgoing_parcel where kind = 'cases.correction_list' and order_key = 'C0MM1TED'`);
    expect(parcel.body.items).toEqual([
      { subject: 'M27', zh: '请补交产权人同意落户书。', en: '请补交产权人同意落户书。', no_commitment: true }, { subject: 'applicant_phone', zh: '电话打不通,请核对。', en: '电话打不通,请核对。' },
    ]);
    await online.act(desk, 'withdraw', { reason: '申请人改变主意' });
  });

  test('does not reach another county, and ends after its years', async () => {
    const elsewhere = await movesOn('530111500000', [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }]);
    // Of another county it is another service; that it was entered says that the commitment was taken.
    expect(elsewhere.status).toBe(200);
    await new CaseAtWork(world, elsewhere.body).act(elsewhere.desk, 'withdraw', { reason: '申请人改变主意' });
    world.clock.set('2028-11-22T15:59:00Z');
    expect((await movesOn(neighbour, [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }])).status).toBe(422);
    world.clock.set('2028-11-22T16:00:00Z');
    const after = await movesOn(neighbour, [{ code: 'M01', by: 'provided' }, { code: 'M27', by: 'commitment' }]);
    expect(after.status).toBe(200);
    expect((await new CaseAtWork(world, after.body).view(after.desk))['materials'].find((one: { code: string }) => one.code === 'M27').state).toBe('commitment');
  });

  test('of a day that not every year has ends on the last of February', async () => {
    const { yearsAfter } = await import('../../src/modules/cases/commitments.ts');
    expect([yearsAfter('2028-02-29', 2), yearsAfter('2026-11-23', 2), yearsAfter('2028-02-29', 4)]).toEqual(['2030-02-28', '2028-11-23', '2032-02-29']);
  });
});
