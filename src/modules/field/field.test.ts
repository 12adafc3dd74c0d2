/** A round with a phone, over HTTP and the demo bureau: who may, what is shown, and that nothing is lost or overwritten unseen. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoWorld, type Desk, type World } from '../../../test/harness/world.ts';
import type { contract, FieldHousehold, Sheet } from './contract.ts';
import type { OutputOf } from '../../kernel/index.ts';

type Saved = OutputOf<typeof contract.saveItems>;
let world: World;
let own: string;
let community: Desk;
let colleague: Desk;

beforeAll(async () => {
  world = await demoWorld();
  own = world.bureau.stations.target;
  const { rows } = await world.police.owner.query<{ police_number: string }>(
    `select o.police_number from accounts.officer o join accounts.post p using (officer_id) where p.role = 'community_officer' and p.org_code = $1 order by 1`, [own]);
  [community, colleague] = await Promise.all(rows.slice(0, 2).map((row) => world.deskOf(row.police_number))) as [Desk, Desk];
});
afterAll(() => world.close());

let taken = 0;
/** Somebody of the own area whom no other test touches. */
async function neighbour(): Promise<{ person_id: string; workplace: string | null; phone: string | null }> {
  const { rows } = await world.police.owner.query('select person_id, workplace, phone from population.person where station_code = $1 and status = $2 and birth_on < $3 and phone is not null order by person_id limit 1 offset $4', [own, '0', '2000-01-01', taken++]);
  return rows[0];
}
const rowOf = async (person_id: string): Promise<Record<string, unknown>> => (await world.police.owner.query('select * from population.person where person_id = $1', [person_id])).rows[0];
const sheetOf = async (desk: Desk, person_id: string): Promise<Sheet> => (await desk.get<Sheet>(`/api/field/persons/${person_id}`, 'community_visit')).body;
const entry = (changes: { item: string; seen: string | null; value: string }[], more: object = {}): object => ({ changes, told_by: 'self', identity_checked: true, evidence_seen: false, noted_at: '2026-11-23T00:40:00Z', ...more });
const save = (desk: Desk, person_id: string, body: object, key?: string) => desk.post<Saved>(`/api/field/persons/${person_id}/items`, body, key === undefined ? {} : { 'idempotency-key': key });

test('the own area is listed door by door, and reading says why and leaves a record for everybody shown', async () => {
  const { body: { communities } } = await community.get<{ communities: { community_code: string; name: string }[] }>('/api/field/communities');
  expect(communities.length).toBeGreaterThan(0);
  const path = `/api/field/households?community_code=${communities[0]!.community_code}`;
  expect((await community.get(path)).body.code).toBe('kernel.purpose_missing');
  const { body } = await community.get<{ households: FieldHousehold[]; next: string | null }>(path, 'community_visit');
  expect(body.households.length).toBeGreaterThan(0);
  const members = body.households.flatMap((household) => household.members);
  const { rows } = await world.police.owner.query(`select person_id, station_code from population.person where person_id = any($1)`, [members.map(({ person_id }) => person_id)]);
  expect(new Set(rows.map((row) => row.station_code))).toEqual(new Set([own]));
  const { rows: looks } = await world.police.owner.query(`select count(distinct subject_id)::int as count from kernel.access_record where operation = 'field.listHouseholds' and purpose = 'community_visit'`);
  expect(looks[0].count).toBe(members.length);
  if (body.next !== null) {
    const { body: second } = await community.get<{ households: FieldHousehold[] }>(`${path}&after=${encodeURIComponent(body.next)}`, 'community_visit');
    expect(second.households.filter((one) => body.households.some((before) => before.household_id === one.household_id))).toEqual([]);
  }
});

test('a community officer changes minor items; each is a case of its service, ex officio, executed at once', async () => {
  const { person_id, workplace } = await neighbour();
  const sheet = await sheetOf(community, person_id);
  expect(sheet.items.find(({ item }) => item === 'workplace')!.value).toBe(workplace);
  const { status, body } = await save(community, person_id, entry([{ item: 'workplace', seen: workplace, value: '华山社区卫生服务站' }, { item: 'height_cm', seen: sheet.items.find(({ item }) => item === 'height_cm')!.value, value: '171' }]));
  expect([status, body]).toMatchObject([200, { registered: ['workplace', 'height_cm'], unchanged: [] }]);
  expect(await rowOf(person_id)).toMatchObject({ workplace: '华山社区卫生服务站', height_cm: 171 });
  const { rows: [file] } = await world.police.owner.query('select state, channel, service_code from cases.case_file where case_no = $1', [body.case_nos[0]]);
  expect(file).toEqual({ state: 'executed', channel: 'ex_officio', service_code: '0703' });
  expect((await world.police.owner.query(`select opinion from cases.case_event e join cases.case_file f using (case_id) where f.case_no = $1 and e.act = 'execute'`, [body.case_nos[0]])).rows[0].opinion).toContain('08:40');
});

test('education needs its paper and goes as its own service', async () => {
  const { person_id } = await neighbour();
  const seen = (await sheetOf(community, person_id)).items.find(({ item }) => item === 'education')!.value;
  const value = seen === '21' ? '31' : '21';
  const refused = await save(community, person_id, entry([{ item: 'education', seen, value }]));
  expect([refused.status, refused.body.code]).toEqual([422, 'cases.materials_missing']);
  expect(await rowOf(person_id)).toMatchObject({ education: seen });
  expect((await save(community, person_id, entry([{ item: 'education', seen, value }], { evidence_seen: true }))).status).toBe(200);
  expect(await rowOf(person_id)).toMatchObject({ education: value });
});

test('what somebody else changed meanwhile is not overwritten: the officer is asked, and nothing of the entry is written', async () => {
  const { person_id, workplace, phone } = await neighbour();
  expect((await save(colleague, person_id, entry([{ item: 'workplace', seen: workplace, value: '第一单位' }]))).status).toBe(200);
  const second = await save(community, person_id, entry([{ item: 'workplace', seen: workplace, value: '第二单位' }, { item: 'phone', seen: phone, value: '19900001234' }]));
  expect([second.status, second.body.code, second.body.facts]).toEqual([409, 'field.items_changed', { items: ['workplace'] }]);
  expect(await rowOf(person_id)).toMatchObject({ workplace: '第一单位', phone });
  expect((await sheetOf(community, person_id)).items.find(({ item }) => item === 'workplace')!.value).toBe('第一单位');
  expect((await save(community, person_id, entry([{ item: 'workplace', seen: '第一单位', value: '第二单位' }]))).status).toBe(200);
});

test('who wrote down what the register says already meets no conflict and makes no case', async () => {
  const { person_id, workplace } = await neighbour();
  await save(colleague, person_id, entry([{ item: 'workplace', seen: workplace, value: '同一单位' }]));
  const { status, body } = await save(community, person_id, entry([{ item: 'workplace', seen: workplace, value: '同一单位' }]));
  expect([status, body]).toMatchObject([200, { registered: [], unchanged: ['workplace'], case_nos: [] }]);
});

test('of two phones at once one is registered and the other is asked', async () => {
  const { person_id, workplace } = await neighbour();
  const both = await Promise.all([[community, '甲单位'], [colleague, '乙单位']].map(([desk, value]) => save(desk as Desk, person_id, entry([{ item: 'workplace', seen: workplace, value: value as string }]))));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const winner = both[0]!.status === 200 ? '甲单位' : '乙单位';
  expect(await rowOf(person_id)).toMatchObject({ workplace: winner });
  const { rows } = await world.police.owner.query(`select count(*)::int as count from population.alteration where person_id = $1 and item = 'workplace'`, [person_id]);
  expect(rows[0].count).toBe(1);
});

test('sent twice with the same key it is done once and answered the same', async () => {
  const { person_id, workplace } = await neighbour();
  const body = entry([{ item: 'workplace', seen: workplace, value: '一次单位' }]);
  const [first, second] = [await save(community, person_id, body, 'a'.repeat(32)), await save(community, person_id, body, 'a'.repeat(32))];
  expect(second.body).toEqual(first.body);
  const { rows } = await world.police.owner.query('select count(*)::int as count from cases.case_file where case_no = any($1)', [first.body.case_nos]);
  expect(rows[0].count).toBe(1);
});

test('nobody of elsewhere is shown or changed, an entry from the future is refused, and the card must have been seen', async () => {
  const { rows: [stranger] } = await world.police.owner.query('select person_id, workplace from population.person where station_code = $1 and status = $2 limit 1', [world.bureau.stations.origin, '0']);
  expect((await community.get(`/api/field/persons/${stranger.person_id}`, 'community_visit')).body.code).toBe('population.person_not_found');
  expect((await save(community, stranger.person_id, entry([{ item: 'workplace', seen: stranger.workplace, value: '某单位' }]))).body.code).toBe('population.person_not_found');
  const { person_id, workplace } = await neighbour();
  expect((await save(community, person_id, entry([{ item: 'workplace', seen: workplace, value: '某单位' }], { noted_at: '2026-11-23T02:00:00Z' }))).body.code).toBe('field.noted_in_future');
  expect((await save(community, person_id, entry([{ item: 'workplace', seen: workplace, value: '某单位' }], { identity_checked: false }))).status).toBe(422);
  expect(await rowOf(person_id)).toMatchObject({ workplace });
});

test('posts without the right to execute minor items are refused', async () => {
  const { person_id, workplace } = await neighbour();
  for (const role of ['station_chief', 'counter_assistant']) {
    const desk = await world.desk(role);
    expect([(await save(desk, person_id, entry([{ item: 'workplace', seen: workplace, value: '某单位' }]))).status, role]).toEqual([403, role]);
  }
});
