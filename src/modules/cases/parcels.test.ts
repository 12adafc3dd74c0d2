/** The citizen's own record by parcel: the household, who looked, and the same silence for everybody who is not that citizen. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headOf, openMove, postAt, receive, sentTo, takeFamily, type Family } from '../../../test/harness/case-at-work.ts';
import { demoWorld, type Desk, type World } from '../../../test/harness/world.ts';

let world: World;
let officer: Desk;
let family: Family;

beforeAll(async () => {
  world = await demoWorld();
  officer = await postAt(world, 'station_officer', world.bureau.stations.target);
  family = await takeFamily(world, world.bureau.stations.origin, (one) => one.members.length >= 3);
});
afterAll(() => world.close());

type Asker = { name: string; id_number: string; identity_level?: number };
async function ask(what: 'household' | 'access_log', { name, id_number, identity_level = 3 }: Asker): Promise<Record<string, any>> {
  const ask_id = randomUUID();
  await receive(world, 'portal.ask_record', { ask_id, what, citizen: { name, id_number, phone: '19900001234', identity_level } });
  const [answer, ...more] = await sentTo(world, `ask:${ask_id}`);
  expect([answer!['ask_id'], more]).toEqual([ask_id, []]);
  return answer!;
}
const accessesOf = async (person_id: string) => (await world.police.owner.query('select purpose, actor_id, operation from kernel.access_record where subject_id = $1 order by at, access_id', [person_id])).rows;

describe('the own household', () => {
  it('is answered with its number, address, station and members, the head first', async () => {
    const self = family.members[1]!;
    const answer = await ask('household', self);
    const { rows: [place] } = await world.police.owner.query('select a.line, o.name from reference.standard_address a, reference.organisation o where a.address_id = $1 and o.org_code = $2', [family.address_id, family.station_code]);
    expect(answer).toMatchObject({ found: true, access_log: null, household: { household_no: family.household_no, address_text: place.line, station_name: place.name, is_head: false } });
    const { members } = answer['household'];
    expect(members.map((member: { id_number: string }) => member.id_number).sort()).toEqual(family.members.map((member) => member.id_number).sort());
    expect([members[0].relation, members[0].relation_text.zh]).toEqual(['02', '户主']);
    expect(members.filter((member: { is_self: boolean }) => member.is_self).map((member: { name: string }) => member.name)).toEqual([self.name]);
    for (const member of members) expect(Object.keys(member).sort()).toEqual(['birth_on', 'id_number', 'is_self', 'name', 'relation', 'relation_text']);
  });

  it('leaves one trace in the own log, as an own enquiry of no officer', async () => {
    const self = family.members[2]!;
    const before = await accessesOf(self.person_id);
    await ask('household', self);
    expect((await accessesOf(self.person_id)).slice(before.length)).toEqual([{ purpose: 'self', actor_id: 'portal', operation: 'cases.answer_ask' }]);
  });

  it('of a collective household shows the asker alone', async () => {
    const { rows: [lodger] } = await world.police.owner.query(`select p.name, p.id_number from population.person p join population.household h using (household_id) where h.household_type <> '1' and p.status = '0' limit 1`);
    expect((await ask('household', lodger))['household'].members.map((member: { name: string }) => member.name)).toEqual([lodger.name]);
  });
});

describe('the own access log', () => {
  it('tells unit, post, purpose and case number, newest first, and no officer’s name', async () => {
    const subject = headOf(family);
    const move = await openMove(world, officer, family, [subject], '0503', { new_head_id_number: family.members.find((member) => member.birth_on < '2000-01-01' && member !== subject)?.id_number ?? family.members[1]!.id_number });
    world.clock.advanceMinutes(1);
    await move.view(officer);
    world.clock.advanceMinutes(1);
    await officer.get(`/api/population/persons/${subject.person_id}`, 'verification');
    world.clock.advanceMinutes(1);
    const { access_log: log } = await ask('access_log', subject);
    const { rows: [unit] } = await world.police.owner.query('select name from reference.organisation where org_code = $1', [world.bureau.stations.target]);
    const { case_no } = await move.row();
    expect(log[0]).toEqual({ at: new Date(world.clock.now().getTime() - 60_000).toISOString(), unit: unit.name, post: { zh: '户籍民警', en: 'Registration officer' }, purpose: { zh: '信息核查', en: 'Verification' }, reference: null });
    expect(log.find((entry: { reference: string | null }) => entry.reference === case_no)).toMatchObject({ unit: unit.name, purpose: { zh: '办理业务', en: 'Handling a case' } });
    const instants = log.map((entry: { at: string }) => entry.at);
    expect(instants).toEqual([...instants].sort().reverse());
    const { rows: [name] } = await world.police.owner.query('select name from accounts.officer where police_number = $1', [officer.police_number]);
    expect(JSON.stringify(log)).not.toContain(name.name);
    expect(JSON.stringify(log)).not.toContain(officer.police_number);
  });

  it('reaches back a year', async () => {
    const self = family.members[1]!;
    const entry = (days: number) => world.police.owner.query(`insert into kernel.access_record (at, subject_id, field_group, actor_kind, actor_id, org_code, post, purpose, operation) values ($1, $2, 'record', 'officer', 'x', $3, 'station_officer', 'supervision', 'test')`,
      [new Date(world.clock.now().getTime() - days * 86_400_000), self.person_id, family.station_code]);
    await entry(364);
    await entry(366);
    const { access_log: log } = await ask('access_log', self);
    expect(log.filter((one: { purpose: { zh: string } }) => one.purpose.zh === '监督检查')).toHaveLength(1);
  });
});

describe('whoever is not that citizen learns nothing, not even whether there is one', () => {
  const silence = { found: false, household: null, access_log: null };
  it.each([
    ['a number that nobody has', () => ({ name: headOf(family).name, id_number: '530102190001019990' })],
    ['the right number with another name', () => ({ name: '张冒名', id_number: headOf(family).id_number })],
    ['real name without a live portrait (2)', () => ({ ...headOf(family), identity_level: 2 })],
    ['a telephone number alone (1)', () => ({ ...headOf(family), identity_level: 1 })],
  ] as const)('%s', async (_who, asker) => {
    const before = await accessesOf(headOf(family).person_id);
    for (const what of ['household', 'access_log'] as const) {
      const { ask_id: _, answered_at, ...answer } = await ask(what, asker());
      expect(answer).toEqual(silence);
      expect(answered_at).toBe(world.clock.now().toISOString());
    }
    expect(await accessesOf(headOf(family).person_id)).toEqual(before);
  });
});
