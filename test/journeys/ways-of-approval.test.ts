/** The ways of approval through the offices: the full county, with an enquiry, up to the prefecture, with another authority, and from the top. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetRemembered } from '../../src/modules/reference/index.ts';
import { demoWorld, type Desk, type World } from '../harness/world.ts';
import { agree, CaseAtWork, countyOf, postAt, setClock, tick } from '../harness/case-at-work.ts';
import { agencyDesks, openMatter, sendMatter, takeAdult, type Subject } from '../harness/matters.ts';

let world: World;
let station: string;
let desks: Record<'officer' | 'community' | 'chief' | 'section' | 'deputy' | 'division' | 'head', Desk>;
const prefectureOf = (code: string): string => `${code.slice(0, 4)}00000000`;

beforeAll(async () => {
  world = await demoWorld();
  station = world.bureau.stations.target;
  const at = { officer: ['station_officer', station], community: ['community_officer', station], chief: ['station_chief', station], section: ['county_section_chief', countyOf(station)], deputy: ['county_deputy_chief', countyOf(station)], division: ['prefecture_division_officer', prefectureOf(station)], head: ['prefecture_division_chief', prefectureOf(station)] } as const;
  desks = Object.fromEntries(await Promise.all(Object.entries(at).map(async ([name, [role, org]]) => [name, await postAt(world, role, org)]))) as typeof desks;
});
afterAll(() => world.close());
beforeEach(() => setClock(world, '2026-11-23 09:00'));

const enquiry = { result: 'confirmed', people_met: ['社区居委会主任', '邻居'], enquired_on: '2026-11-23', findings: '走访社区和邻居,情况属实。' };
const waits = async (move: CaseAtWork): Promise<string> => {
  const row = await move.row();
  return `${row['waiting_act']} ${row['waiting_role']}@${row['waiting_org']}`;
};
const itemsOf = async (subject: Subject) => (await world.police.owner.query('select name, birth_on, ethnicity, status from population.person where person_id = $1', [subject.person_id])).rows[0];

describe('the full county (0601)', () => {
  test('officer, chief, section chief, deputy chief, and the station registers', async () => {
    const subject = await takeAdult(world, station);
    const matter = await openMatter(world, desks.officer, '0601', subject);
    await matter.act(desks.officer, 'accept');
    expect(await waits(matter)).toBe(`review station_chief@${station}`);
    await matter.act(desks.chief, 'review', agree);
    expect(await waits(matter)).toBe(`review county_section_chief@${countyOf(station)}`);
    await matter.act(desks.section, 'review', agree);
    expect(await waits(matter)).toBe(`approve county_deputy_chief@${countyOf(station)}`);
    await matter.act(desks.deputy, 'approve', agree);
    expect((await matter.act(desks.officer, 'execute')).state).toBe('executed');
    expect((await itemsOf(subject)).name).toBe(`${[...subject.name][0]}安宁`);
    expect(await matter.acts()).toEqual(['submit', 'accept', 'review', 'review', 'approve', 'execute']);
  });

  test('from the deputy chief it goes back to any earlier step, and every step between is done again', async () => {
    const matter = await openMatter(world, desks.officer, '0601', await takeAdult(world, station));
    await matter.act(desks.officer, 'accept');
    await matter.act(desks.chief, 'review', agree);
    await matter.act(desks.section, 'review', agree);
    for (const [to_step, wanted] of [[3, `review county_section_chief@${countyOf(station)}`], [2, `review station_chief@${station}`], [1, `accept station_officer@${station}`]] as const) {
      await matter.act(desks.deputy, 'return', { to_step, reason: '请补充核实情况' });
      expect(await waits(matter)).toBe(wanted);
      expect((await matter.steps()).filter((step) => step['state'] === 'waiting').map((step) => step['step'])).toEqual(Array.from({ length: 3 - to_step }, (_, at) => to_step + 1 + at).concat([5]).filter((step) => step > to_step && step !== 4));
      if (to_step === 1) await matter.act(desks.officer, 'accept');
      if (to_step <= 2) await matter.act(desks.chief, 'review', agree);
      await matter.act(desks.section, 'review', agree);
      expect(await waits(matter)).toBe(`approve county_deputy_chief@${countyOf(station)}`);
    }
    const beyond = await matter.try(desks.deputy, 'return', { to_step: 4, reason: '退给自己' });
    expect([beyond.status, beyond.body.code]).toEqual([422, 'cases.step_not_earlier']);
  });
});

describe('the county with an enquiry (0203)', () => {
  test('the community officer records whom he met and what he found; without that nobody approves', async () => {
    const subject = await takeAdult(world, station, true);
    const matter = await openMatter(world, desks.officer, '0203', subject);
    expect(await matter.row()).toMatchObject({ channel: 'ex_officio' });
    await matter.act(desks.officer, 'accept');
    expect(await waits(matter)).toBe(`verify community_officer@${station}`);
    const tomorrow = await matter.try(desks.community, 'verify', { ...enquiry, enquired_on: '2026-11-24' });
    expect([tomorrow.status, tomorrow.body.code]).toEqual([422, 'cases.enquiry_needed']);
    const nobody = await matter.try(desks.community, 'verify', { ...enquiry, people_met: [] });
    expect([nobody.status, nobody.body.violations?.[0]?.field]).toEqual([422, 'people_met']);
    await matter.act(desks.community, 'verify', enquiry);
    const view = await matter.view(desks.chief);
    expect(view['enquiries']).toMatchObject([{ result: 'confirmed', people_met: enquiry.people_met, enquired_on: '2026-11-23', findings: enquiry.findings }]);
    await matter.act(desks.chief, 'review', agree);
    await matter.act(desks.section, 'review', agree);
    await matter.act(desks.deputy, 'approve', agree);
    expect(await waits(matter)).toBe(`execute station_officer@${station}`);
    // The relatives were told on the first day; the registration ends when the notice has stood its time.
    const early = await matter.try(desks.officer, 'execute');
    expect(early.body.violations?.map((one) => one.field)).toEqual(['notice_period_is_over']);
    expect(await waits(matter)).toBe(`approve county_deputy_chief@${countyOf(station)}`);
    setClock(world, '2026-12-28 09:00');
    await matter.act(desks.deputy, 'approve', agree);
    expect((await matter.act(desks.officer, 'execute')).state).toBe('executed');
    expect((await itemsOf(subject)).status).not.toBe('0');
  });
});

describe('up to the prefecture (0604)', () => {
  test('enquiry, three reviews, the prefecture approves, the station registers', async () => {
    const subject = await takeAdult(world, station);
    const matter = await openMatter(world, desks.officer, '0604', subject);
    await matter.act(desks.officer, 'accept');
    await matter.act(desks.community, 'verify', enquiry);
    for (const desk of [desks.chief, desks.section, desks.deputy]) await matter.act(desk, 'review', agree);
    expect(await waits(matter)).toBe(`approve prefecture_division_chief@${prefectureOf(station)}`);
    await matter.act(desks.head, 'approve', agree);
    await matter.act(desks.officer, 'execute');
    expect((await itemsOf(subject)).birth_on).not.toBe(subject.birth_on);
  });
});

/* ---- From the top (顶级受理) ---------------------------------------------------------------------------------------- */

async function switchOn(entries: string[]): Promise<void> {
  await world.police.owner.query(`update reference.bureau set switches = jsonb_set(switches, '{top_level_acceptance}', $1::jsonb)`, [JSON.stringify(entries)]);
  forgetRemembered();
}

describe('from the top (0604 over the network, switched on for the prefecture)', () => {
  let matter: CaseAtWork;
  let subject: Subject;
  const tasks = async (desk: Desk): Promise<Record<string, any>[]> => (await matter.view(desk))['tasks'];
  beforeAll(async () => {
    await switchOn([`${station.slice(0, 4)}/0604`]);
    subject = await takeAdult(world, station);
    matter = await sendMatter(world, 'T0PSANM1', '0604', subject);
  });
  afterAll(() => switchOn([]));

  test('whoever decides accepts; the station’s enquiry and the county’s review are asked at the same time', async () => {
    expect(await waits(matter)).toBe(`accept prefecture_division_officer@${prefectureOf(station)}`);
    await matter.act(desks.division, 'accept');
    expect(await waits(matter)).toBe(`approve prefecture_division_chief@${prefectureOf(station)}`);
    expect((await matter.steps()).map((step) => step['act'])).toEqual(['accept', 'approve', 'execute']);
    expect((await tasks(desks.head)).map((task) => `${task['kind']} ${task['org_code']} ${task['state']} ${task['waited_for']}`)).toEqual([`verify ${station} open true`, `review ${countyOf(station)} open true`]);
  });

  test('the decision waits for all of them, and says for whom', async () => {
    const early = await matter.try(desks.head, 'approve', agree);
    expect([early.status, early.body.code, early.body.facts?.['count']]).toEqual([409, 'cases.tasks_open', 2]);
  });

  test('each has its own clock: reminded at half, urged at 80 %, ordered to act and to answer when it is overdue', async () => {
    const due = new Date((await tasks(desks.head)).find((task) => task['kind'] === 'review')!['due_at'] as string);
    world.clock.set(due.toISOString());
    await tick(world, 'urge_tasks');
    await matter.row();
    const county = (await tasks(desks.head)).filter((task) => task['org_code'] === countyOf(station));
    expect(county.map((task) => `${task['kind']} ${task['state']} ${task['asked_by']}`)).toEqual(['review open 0', 'supervise open null'].map((line) => line.replace('0', String(county[0]!['asked_by']))));
    expect((await matter.messages()).filter((message) => message.kind === 'overdue').map((message) => message.org_code).sort()).toEqual([prefectureOf(station), countyOf(station)].sort());
    // Whoever is ordered answers why; the case does not wait for that.
    await matter.act(desks.deputy, `tasks/${county[1]!['task_id']}/answer`, { text: '分管领导外出,今日办理。' });
    setClock(world, '2026-11-23 09:00');
  });

  test('the station may object with a reason but not refuse; whoever asked insists or takes it back', async () => {
    const verify = (await tasks(desks.community)).find((task) => task['kind'] === 'verify')!;
    expect(verify['acts'].sort()).toEqual(['answer_task', 'object_task']);
    await matter.act(desks.community, `tasks/${verify['task_id']}/object`, { reason: '当事人常住外地,本所难以走访。' });
    const early = await matter.try(desks.head, 'approve', agree);
    expect(early.body.code).toBe('cases.tasks_open');
    await matter.act(desks.head, `tasks/${verify['task_id']}/settle`, { insist: true, reason: '请向原居住社区核实。' });
    expect((await tasks(desks.head)).find((task) => task['task_id'] === verify['task_id'])).toMatchObject({ state: 'open', urged: 0 });
  });

  test('an enquiry needs what was found, a review whether it agrees; then the decision, and the station registers', async () => {
    const [verify, review] = (await tasks(desks.head)).filter((task) => task['state'] === 'open' && task['waited_for']) as [Record<string, any>, Record<string, any>];
    const bare = await matter.try(desks.community, `tasks/${verify['task_id']}/answer`, { text: '已经核实' });
    expect(bare.body.code).toBe('cases.enquiry_needed');
    const { findings, ...found } = enquiry;
    await matter.act(desks.community, `tasks/${verify['task_id']}/answer`, { text: findings, enquiry: found });
    const undecided = await matter.try(desks.deputy, `tasks/${review['task_id']}/answer`, { text: '材料齐全' });
    expect(undecided.body.code).toBe('cases.review_needed');
    await matter.act(desks.deputy, `tasks/${review['task_id']}/answer`, { text: '同意上报', agree: true });
    await matter.act(desks.head, 'approve', agree);
    expect(await waits(matter)).toBe(`execute station_officer@${station}`);
    await matter.act(desks.officer, 'execute');
    expect((await itemsOf(subject)).birth_on).not.toBe(subject.birth_on);
    expect((await matter.view(desks.head))['state']).toBe('executed');
  });

  test('at the counter, and where it is not switched on, the ordinary way stays', async () => {
    const counter = await openMatter(world, desks.officer, '0604', await takeAdult(world, station));
    expect(await waits(counter)).toBe(`accept station_officer@${station}`);
    await switchOn(['5329/0604']);
    expect(await waits(await sendMatter(world, 'T0PSANM2', '0604', await takeAdult(world, station)))).toBe(`accept station_officer@${station}`);
  });
});

/* ---- With another authority (民族成份登记管理办法 art. 11) ---------------------------------------------------------------- */

describe('with ethnic affairs (0605)', () => {
  /** A child of the prefecture whose father is of another ethnicity than the register says of the child. */
  async function takeChild(): Promise<{ subject: Subject; father: Subject }> {
    const { rows: [row] } = await world.police.owner.query(
      `select c.person_id, c.name, c.id_number, c.birth_on, c.ethnicity, f.person_id as f_id, f.name as f_name, f.id_number as f_number, f.birth_on as f_birth, f.ethnicity as f_ethnicity
       from population.kin_link k join population.person c on c.person_id = k.person_id join population.person f on f.person_id = k.relative_id
       where k.kind = 'father' and k.until_on is null and c.status = '0' and f.status = '0' and c.ethnicity <> f.ethnicity and c.birth_on > '2009-01-01' and c.station_code like $1 || '%' and c.person_id <> all($2)
       order by c.person_id limit 1`, [station.slice(0, 4), used]);
    used.push(row.person_id);
    const father = { person_id: row.f_id, name: row.f_name, id_number: row.f_number, birth_on: row.f_birth, ethnicity: row.f_ethnicity };
    return { subject: row, father };
  }
  const used: string[] = [];
  async function open(): Promise<{ matter: CaseAtWork; subject: Subject; father: Subject; home: string }> {
    const { subject, father } = await takeChild();
    const answer = await desks.division.post<{ case_id: string; case_version: number; state: string }>('/api/cases', {
      service_code: '0605', applicant_name: father.name, applicant_id_number: father.id_number, applicant_phone: '19900001234',
      answers: {
        subject_name: subject.name, subject_id_number: subject.id_number, alteration_kind: 'change', new_ethnicity: father.ethnicity, basis_parent: 'father', basis_kind: 'by_birth',
        father_name: father.name, father_id_number: father.id_number, reason_text: '随生父民族成份。', applicant_phone: '19900001234', delivery_mode: 'electronic',
      },
      materials: [{ code: 'M01', by: 'provided' }, { code: 'M23', by: 'provided' }],
    });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    const { rows: [{ target_org }] } = await world.police.owner.query('select target_org from cases.case_file where case_id = $1', [answer.body.case_id]);
    return { matter: new CaseAtWork(world, answer.body), subject, father, home: target_org };
  }
  const approved = (stage: string) => ({ kind: 'status', status: 'approved', document_no: `昆民宗〔2026〕${stage === 'approval' ? 7 : 6}号`, decided_on: '2026-11-23', text: '同意' }) as never;

  test('both desks agree, the prefecture approves, the station of registration executes', async () => {
    const { matter, subject, father, home } = await open();
    const agency = agencyDesks(world, approved);
    await matter.act(desks.division, 'accept');
    expect(await waits(matter)).toContain('agency_preliminary');
    const impatient = await matter.try(desks.head, 'approve', agree);
    expect(impatient.body.code).toBe('cases.act_not_now');
    await agency.round();
    expect(await waits(matter)).toContain('agency_approve');
    await agency.round();
    expect(await waits(matter)).toBe(`approve prefecture_division_chief@${prefectureOf(station)}`);
    await matter.act(desks.head, 'approve', agree);
    await matter.act(await postAt(world, 'station_officer', home), 'execute');
    expect((await itemsOf(subject)).ethnicity).toBe(father.ethnicity);
    expect(await matter.acts()).toEqual(['submit', 'accept', 'agency_preliminary', 'agency_approve', 'approve', 'execute']);
  });

  test('its refusal ends the case with its reason, and nothing has changed', async () => {
    const { matter, subject } = await open();
    const agency = agencyDesks(world, () => ({ kind: 'status', status: 'refused', text: '不符合变更条件' }) as never);
    await matter.act(desks.division, 'accept');
    await agency.round();
    expect(await matter.row()).toMatchObject({ state: 'rejected', decision: { reason_code: 'agency_refused', reason: '不符合变更条件' } });
    expect([await matter.leases(), (await itemsOf(subject)).ethnicity]).toEqual([0, subject.ethnicity]);
  });

  test('while it cannot be reached the applicant’s letter takes its place', async () => {
    const { matter } = await open();
    const agency = agencyDesks(world, () => ({ kind: 'status', status: 'offline' }) as never);
    await matter.act(desks.division, 'accept');
    await agency.round();
    await matter.row();
    expect((await matter.messages()).map((message) => `${message.kind} → ${message.org_code}`)).toContain(`agency_offline → ${prefectureOf(station)}`);
    await matter.act(desks.division, 'supplement', { items: [{ subject: 'M45', zh: '请提交民族工作部门的书面审批意见。' }] });
    await matter.act(desks.division, 'answer', { answers: {}, materials: [{ code: 'M45', by: 'provided' }] });
    await world.settle();
    expect(await waits(matter)).toBe(`approve prefecture_division_chief@${prefectureOf(station)}`);
    expect((await matter.steps()).map((step) => step['state'])).toEqual(['done', 'skipped', 'skipped', 'active', 'waiting']);
  });

  test('what more it needs is asked of the applicant once, and the answer goes back to it', async () => {
    const { matter } = await open();
    let needs = true;
    const agency = agencyDesks(world, (stage) => (needs ? ({ kind: 'status', status: 'need_more', text: '请补充生父户籍证明' }) as never : approved(stage)));
    await matter.act(desks.division, 'accept');
    await agency.round();
    await matter.row();
    expect((await matter.messages()).some((message) => message.kind === 'agency_needs_more' && message.text.zh.includes('请补充生父户籍证明'))).toBe(true);
    await matter.act(desks.division, 'supplement', { items: [{ subject: 'M23', zh: '请补充生父户籍证明。' }] });
    await matter.act(desks.division, 'answer', { answers: {}, materials: [{ code: 'M23', by: 'provided' }], note: '生父户籍证明已补交。' });
    needs = false;
    await agency.round();
    expect(await waits(matter)).toContain('agency_approve');
  });
});
