/** The papers that a move gives out: made once, numbered, printed, checked by anybody, made again, voided. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../src/kernel/index.ts';
import { composePaper, jobs, type Composed, type PaperOrder } from '../../src/modules/documents/index.ts';
import { adults, agree, officesOf, postAt, takeFamily, type Acting, type Family, type Offices } from '../harness/case-at-work.ts';
import type { CastMember } from '../harness/moves.ts';
import { openPhones, type Phones } from '../harness/phones.ts';
import { Visitor } from '../harness/visitor.ts';
import type { World } from '../harness/world.ts';

interface PaperRow {
  document_id: string;
  kind: string;
  number: string;
  verification_code: string;
  sha256: string;
  issued_by_org: string;
  content: Record<string, any>;
}

let phones: Phones;
let world: World;
let offices: Offices;
let family: Family;
let case_id: string;

const papersOf = async (of: string): Promise<PaperRow[]> => (await world.police.owner.query('select document_id, kind, number, verification_code, sha256, issued_by_org, content from documents.document where case_id = $1 order by issued_at, number', [of])).rows;
const paperOf = async (kind: string): Promise<PaperRow> => (await papersOf(case_id)).find((paper) => paper.kind === kind)!;
const verify = async (number: string, code: string) => new Visitor(phones.portal).get(`/verify?number=${encodeURIComponent(number)}&code=${encodeURIComponent(code)}`);

beforeAll(async () => {
  phones = await openPhones();
  ({ world } = phones);
  offices = await officesOf(world);
  const approved = await offices.approve();
  ({ family } = approved);
  await approved.move.act(offices.old, 'confirm-out');
  await approved.move.act(offices.officer, 'execute');
  case_id = approved.move.id;
  await world.settle();
});
afterAll(() => phones.close());

test('each act gives out its papers once, however often its news is handled', async () => {
  const kinds = async () => (await papersOf(case_id)).map((paper) => paper.kind);
  expect((await kinds()).sort()).toEqual(['approval_notice', 'booklet', 'receipt']);
  await world.police.owner.query(`update kernel.event set handled_at = null where name in ('cases.papers_due', 'documents.paper_issued')`);
  await world.settle();
  expect((await kinds()).sort()).toEqual(['approval_notice', 'booklet', 'receipt']);
});

test('numbers of an organ and year have no gaps', async () => {
  const { rows } = await world.police.owner.query<{ number: string; issued_by_org: string }>('select number, issued_by_org from documents.document order by number');
  const series = Map.groupBy(rows, (row) => row.issued_by_org);
  expect(series.size).toBeGreaterThan(1);
  for (const [organ, papers] of series) expect(papers.map((paper) => paper.number)).toEqual(papers.map((_, index) => `${organ}-2026-${String(index + 1).padStart(6, '0')}`));
});

test('the booklet holds the household as it is registered now, head first', async () => {
  const { content } = await paperOf('booklet');
  expect(content['persons'].map((person: { name: string }) => person.name).sort()).toEqual(family.members.map((member) => member.name).sort());
  expect(content['persons'][0].relation).toBe('户主');
  expect(content['household'].head).toBe(content['persons'][0].name);
  const { rows: [household] } = await world.police.owner.query(
    `select h.household_no from population.membership m join population.household h using (household_id) where m.person_id = $1 and upper_inf(m.period)`, [family.members[0]!.person_id]);
  expect(content['household'].number).toBe(household.household_no);
  expect(content['persons'][0].came_to_address).toMatch(/^2026年11月\d+日因.+由.+派出所辖区迁来$/);
  expect(content['synthetic']).toBe(true);
});

test('what the station prints is on record, copy by copy', async () => {
  const { document_id } = await paperOf('booklet');
  expect((await offices.officer.post(`/api/documents/${document_id}/print`, {})).body).toEqual({ document_id, printed: 1 });
  expect((await offices.officer.post(`/api/documents/${document_id}/print`, { copies: 2 })).body).toEqual({ document_id, printed: 3 });
  const listed = await offices.officer.get<{ papers: { document_id: string; printed: number; goes_to: string }[]; held: unknown[] }>(`/api/documents/cases/${case_id}`);
  expect(listed.body.papers.find((paper) => paper.document_id === document_id)).toMatchObject({ printed: 3, goes_to: 'counter', voided: null });
  expect(listed.body.held).toEqual([]);
  const { rows } = await world.police.owner.query('select printed_by_name, org_code, copies from documents.printing where document_id = $1 order by printed_at, copies', [document_id]);
  expect(rows.map((row) => [row.org_code, row.copies])).toEqual([[offices.target, 1], [offices.target, 2]]);
});

test('whoever holds a paper checks it by number and code, and learns nothing of anybody', async () => {
  const paper = await paperOf('approval_notice');
  const found = await verify(paper.number.replaceAll('-', ' ').toLowerCase(), paper.verification_code.toLowerCase());
  for (const words of ['有效', '户口登记办结通知书', paper.number, '2026年11月', paper.sha256]) expect(found.text).toContain(words);
  for (const member of family.members) for (const secret of [member.name, member.id_number, case_id]) expect(found.html).not.toContain(secret);
  for (const [number, code] of [[paper.number, '0'.repeat(12)], ['530102001000-2026-999999', paper.verification_code], [paper.number, '']] as const) {
    const answer = await verify(number, code);
    expect([answer.status, answer.text.includes('没有查到'), answer.text.includes('户口登记办结通知书')]).toEqual([200, true, false]);
  }
  const { rows: [mark] } = await world.internet.owner.query('select * from portal.paper_mark where number = $1', [paper.number]);
  expect(Object.keys(mark).sort()).toEqual(['code_sha256', 'issued_by', 'issued_on', 'number', 'received_at', 'sha256', 'title', 'voided_on']);
  expect(JSON.stringify(mark)).not.toContain(paper.verification_code);
});

test('a paper whose file is lost is made again, byte for byte', async () => {
  const paper = await paperOf('booklet');
  const before = await offices.officer.get<{ raw: string }>(`/api/documents/${paper.document_id}`);
  const folder = join(world.directory, 'blobs-police', paper.sha256.slice(0, 2), paper.sha256.slice(2, 4));
  expect(readdirSync(folder)).toContain(paper.sha256);
  rmSync(join(folder, paper.sha256));
  const again = await offices.officer.get<{ raw: string }>(`/api/documents/${paper.document_id}`);
  expect(again.status).toBe(200);
  expect(again.body.raw).toBe(before.body.raw);
});

test('a household has one booklet: the next one ends it; a paper voided by hand says so to whoever checks', async () => {
  const first = await paperOf('booklet');
  const { rows: [household] } = await world.police.owner.query('select household_id from population.membership where person_id = $1 and upper_inf(period)', [family.members[0]!.person_id]);
  const { issued: second } = await compose({ name: 'booklet', household_id: household.household_id, person_ids: family.members.map((member) => member.person_id) }) as Extract<Composed, { issued: unknown }>;
  await world.settle();
  expect((await verify(first.number, first.verification_code)).text).toContain('已作废');
  const { rows: [newer] } = await world.police.owner.query('select verification_code from documents.document where document_id = $1', [second.document_id]);
  expect((await verify(second.number, newer.verification_code)).text).toContain('有效:本件由公安机关出具');

  const voided = await offices.chief.post(`/api/documents/${second.document_id}/void`, { reason: '打印错位,作废重出。' });
  expect(voided.body).toEqual({ document_id: second.document_id, number: second.number });
  await world.settle();
  expect((await verify(second.number, newer.verification_code)).text).toContain('已作废');
  for (const verb of ['void', 'print']) expect((await offices.chief.post(`/api/documents/${second.document_id}/${verb}`, verb === 'void' ? { reason: '再次作废' } : {})).body.code).toBe('documents.is_void');
  expect((await offices.officer.post(`/api/documents/${second.document_id}/void`, { reason: '无权作废' })).status).toBe(403);
});

test('certificates say what the register holds: kinship, moves, and nothing where it holds nothing', async () => {
  const child = family.members.find((member) => family.kin.some((link) => link.person_id === member.person_id && link.kind !== 'spouse'))!;
  const contentOf = async (order: Partial<PaperOrder> & { name: string }) => {
    const composed = await compose(order);
    if (!('issued' in composed)) return composed;
    return (await world.police.owner.query('select content from documents.document where document_id = $1', [composed.issued.document_id])).rows[0].content as Record<string, any>;
  };
  const kinship = await contentOf({ name: 'kinship_certificate', person_ids: [child.person_id] }) as Record<string, any>;
  const relatives: [string, string, string, string][] = kinship['persons'][0].relatives;
  const parents = family.kin.filter((link) => link.person_id === child.person_id && link.kind !== 'spouse');
  expect(relatives.filter(([, , , word]) => ['父亲', '母亲'].includes(word))).toHaveLength(parents.length);
  const [name] = relatives[0]!;
  const one = await contentOf({ name: 'kinship_certificate', person_ids: [child.person_id], relative: name }) as Record<string, any>;
  expect(one['persons'][0].relatives.map((row: string[]) => row[0])).toEqual([name]);
  const moves = await contentOf({ name: 'migration_history_certificate', person_ids: [child.person_id] }) as Record<string, any>;
  expect(moves['persons'][0].moves.at(-1)).toEqual([expect.stringMatching(/^2026年11月/), expect.stringContaining('派出所'), expect.stringContaining('派出所'), expect.any(String)]);
  expect(await contentOf({ name: 'cancellation_certificate', person_ids: [child.person_id] })).toEqual({ nothing: true });
  expect(await contentOf({ name: 'id_number_change_certificate', person_ids: [child.person_id] })).toEqual({ nothing: true });
});

test('a name with a character that no font has holds its paper back: the station is told, no number is used, and the paper comes when the font does', async () => {
  const counter = async () => (await world.police.owner.query(`select last from documents.number_counter where org_code = $1`, [offices.target])).rows[0].last as number;
  const before = await counter();
  const order: Partial<PaperOrder> & { name: string } = { name: 'receipt', person_ids: [], case: { ...onPaper(), applicant_name: '欧阳\u{323B0}' } };
  expect(await compose(order)).toEqual({ held: { kind: 'receipt', title: { zh: '户政业务受理回执', en: 'Receipt of acceptance' }, missing: ['U+323B0'] } });
  await world.settle();
  expect(await counter()).toBe(before);
  const { rows } = await world.police.owner.query(`select text from cases.message where case_id = $1 and kind = 'paper_held'`, [case_id]);
  expect(rows.map((row) => row.text.zh)).toEqual([expect.stringContaining('U+323B0')]);
  expect((await offices.officer.get<{ held: { missing: string[] }[] }>(`/api/documents/cases/${case_id}`)).body.held.map((paper) => paper.missing)).toEqual([['U+323B0']]);

  // A font has come: for this test the character is one that the fonts have.
  await world.police.owner.query(`update documents.held_paper set content = replace(content::text, $1, '䶮')::jsonb`, ['\u{323B0}']);
  expect(await runJob(world.workers.police, jobs[0]!, true)).toBe(1);
  expect(await runJob(world.workers.police, jobs[0]!, true)).toBe(0);
  expect(await counter()).toBe(before + 1);
  expect((await offices.officer.get<{ held: unknown[] }>(`/api/documents/cases/${case_id}`)).body.held).toEqual([]);
});

test('a move undone on the same day takes its papers with it, and leaves the notice of its acceptance', async () => {
  const { move } = await offices.approve();
  await move.act(offices.old, 'confirm-out');
  await move.act(offices.officer, 'execute');
  await world.settle();
  world.clock.advanceMinutes(1);
  await move.act(offices.county, 'reverse', { reason: '录入有误,当日冲销。' });
  await world.settle();
  const { rows } = await world.police.owner.query('select d.kind, v.document_id is not null as void from documents.document d left join documents.voiding v using (document_id) where d.case_id = $1 order by d.kind', [move.id]);
  expect(rows).toEqual([{ kind: 'approval_notice', void: true }, { kind: 'booklet', void: true }, { kind: 'receipt', void: false }]);
});

test('a refusal says reason, law and the ways against it', async () => {
  const { move } = await offices.accept();
  await move.act(offices.chief, 'review', agree);
  await move.act(offices.county, 'approve', { agree: false, reason_code: 'dwelling_not_lawful', opinion: '房屋权属有争议,暂不具备落户条件。' });
  await world.settle();
  const refusal = (await papersOf(move.id)).find((paper) => paper.kind === 'refusal_notice')!;
  expect(refusal.issued_by_org.slice(6)).toBe('000000');
  expect(refusal.content['reason']).toContain('房屋权属有争议');
  expect(refusal.content['law']).toContain('《户口居民身份证管理工作规范（试行）》第四十条');
});

/** Entered and executed by the officer of the station in charge. */
async function onTheSpot(service_code: string, subject: CastMember, station: string, answers: object, codes: string[]): Promise<string> {
  const desk = await postAt(world, 'station_officer', station);
  const entered = await desk.post<Acting>('/api/cases', {
    service_code, applicant_name: subject.name, applicant_id_number: subject.id_number, applicant_phone: '19900001234', materials: codes.map((code) => ({ code, by: 'provided' })),
    answers: { subject_name: subject.name, subject_id_number: subject.id_number, applicant_phone: '19900001234', delivery_mode: 'electronic', ...answers },
  });
  expect(entered.status, JSON.stringify(entered.body)).toBe(200);
  const done = await desk.post<Acting>(`/api/cases/${entered.body.case_id}/execute`, { case_version: entered.body.case_version });
  expect(done.status, JSON.stringify(done.body)).toBe(200);
  await world.settle();
  return entered.body.case_id;
}

test('a changed item gives the card of the booklet anew, with the change noted on it', async () => {
  const other = await takeFamily(world, offices.origin, (one) => adults(one).length >= 2);
  const subject = adults(other)[0]!;
  const done = await onTheSpot('0703', subject, other.station_code, { workplace: '大理州博物馆' }, ['M01']);
  const papers = await papersOf(done);
  expect(papers.map((paper) => paper.kind).sort()).toEqual(['booklet_page', 'receipt']);
  const card = papers.find((paper) => paper.kind === 'booklet_page')!.content['persons'][0];
  expect(card).toMatchObject({ name: subject.name, id_number: subject.id_number, workplace: '大理州博物馆', relation: '户主' });
  expect(card.alterations.at(-1)).toEqual(['服务处所', '大理州博物馆', expect.stringMatching(/^2026年11月/)]);
  expect(card).not.toHaveProperty('religion');
});

test('of the certificates of one service only the one asked for is given', async () => {
  const other = await takeFamily(world, offices.origin, (one) => one.kin.some((link) => link.kind === 'spouse') && adults(one).length >= 2);
  const link = other.kin.find((one) => one.kind === 'spouse')!;
  const subject = other.members.find((member) => member.person_id === link.person_id)!;
  const relative = other.members.find((member) => member.person_id === link.relative_id)!;
  const done = await onTheSpot('1401', subject, other.station_code, { requester_capacity: 'self', certificate_kind: 'kinship', relative_name: relative.name, certificate_purpose: '办理公证' }, ['M01']);
  const papers = await papersOf(done);
  expect(papers.map((paper) => paper.kind).sort()).toEqual(['kinship_certificate', 'receipt']);
  const { persons, purpose } = papers.find((paper) => paper.kind === 'kinship_certificate')!.content;
  expect(purpose).toBe('办理公证');
  expect(persons[0].relatives).toEqual([[relative.name, expect.any(String), relative.id_number, '配偶']]);
});

let acts = 100;
function onPaper(): PaperOrder['case'] {
  return {
    case_id, case_no: '1', case_event: ++acts, service_code: '0503', service_name: '移居', applicant_name: '某某', is_move: true, is_closed: true, handled_by: '某民警', on: '2026-11-23',
    rows: [], people: [], materials: [], due_on: null, decision: null, correction: null, notice: null, purpose: null,
  };
}
const compose = (order: Partial<PaperOrder> & { name: string }): Promise<Composed> => world.act('police', (context) => composePaper(context, {
  case: onPaper(), person_ids: [], issued_by_org: offices.target, kept_by_org: offices.target, ...order,
}));
