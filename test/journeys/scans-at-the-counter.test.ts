/** Papers at the counter: originals seen, scanned, corrected with their fields; and nobody agrees to scans that were not opened. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/index.ts';
import { agree, CaseAtWork, mayMoveWhole, officesOf, postAt, takeAddress, takeFamily, type Acting, type Offices } from '../harness/case-at-work.ts';
import { declareMove } from '../harness/moves.ts';
import { demoWorld, type Desk, type FileSent, type World } from '../harness/world.ts';

let world: World;
let offices: Offices;
beforeAll(async () => {
  world = await demoWorld();
  offices = await officesOf(world);
});
afterAll(() => world.close());

let made = 0;
const scan = async (code: string, name = '扫描.jpg'): Promise<FileSent> => ({
  field: `scan.${code}`, name, bytes: await sharp({ create: { width: 700, height: 500, channels: 3, background: { r: 240, g: 230, b: (made += 12) % 256 } } }).jpeg().withExif({ IFD0: { Artist: 'scanner of the station' } }).toBuffer(),
});
async function declaration(): Promise<Awaited<ReturnType<typeof declareMove>>> {
  const family = await takeFamily(world, offices.origin, mayMoveWhole);
  return declareMove(world, family, family.members, offices.target, '0503', { address_id: await takeAddress(world, offices.target) });
}
const casesOf = async (id_number: string): Promise<number> => (await world.police.owner.query('select count(*)::int as n from cases.case_file where applicant_id_number = $1', [id_number])).rows[0].n;

interface Material {
  code: string;
  state: string;
  must_open: boolean;
  evidence: { text: { zh: string } } | null;
  attachments: { sha256: string; media_type: string; file_name: string; opened: boolean }[];
}
const materialOf = async (move: CaseAtWork, desk: Desk, code: string): Promise<Material> => (await move.view<{ materials: Material[] }>(desk)).materials.find((one) => one.code === code)!;

async function openWithScans(...files: FileSent[]): Promise<CaseAtWork> {
  const answer = await offices.officer.upload<Acting>('/api/cases', await declaration(), files);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return new CaseAtWork(world, answer.body);
}

describe('scans with the application', () => {
  test('are remade, kept with their material, and the original counts as seen', async () => {
    const move = await openWithScans(await scan('M24', '产权证-1.jpg'), await scan('M24', '产权证-2.jpg'));
    const material = await materialOf(move, offices.officer, 'M24');
    expect(material).toMatchObject({ state: 'provided', must_open: true, evidence: { text: { zh: '窗口已查验原件,扫描 2 张。' } } });
    expect(material.attachments.map(({ file_name, media_type }) => [file_name, media_type])).toEqual([['产权证-1.jpg', 'image/jpeg'], ['产权证-2.jpg', 'image/jpeg']]);
    const bytes = await world.blobs.police.get(material.attachments[0]!.sha256);
    expect(Buffer.from(bytes).includes('scanner of the station')).toBe(false);
    expect((await sharp(bytes).metadata()).width).toBe(700);
  });

  test('that cannot be taken are told by name, and nothing of the application is lost or half entered', async () => {
    const declared = await declaration();
    const answer = await offices.officer.upload('/api/cases', declared, [
      await scan('M24'), { field: 'scan.M24', name: '合同.pdf', bytes: Buffer.from('%PDF-1.7') }, { field: 'scan.M24', name: '坏的.jpg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1]) }, await scan('M99'),
    ]);
    expect(answer.status).toBe(422);
    expect((answer.body.violations as { field: string; code: string }[]).map(({ field, code }) => [field, code])).toEqual([['scan.M24', 'not_image'], ['scan.M24', 'broken'], ['scan.M99', 'unknown']]);
    expect((answer.body.violations as { zh: string }[]).map(({ zh }) => zh).join('')).toContain('合同.pdf');
    expect(await casesOf(declared.applicant_id_number)).toBe(0);
    expect((await offices.officer.upload('/api/cases', declared, [await scan('M24')])).status).toBe(200);
  });

  test('of more than an application may hold are refused before any is looked at', async () => {
    const one = await scan('M24');
    const answer = await offices.officer.upload('/api/cases', await declaration(), Array.from({ length: 21 }, () => one));
    expect([answer.status, answer.body.code]).toEqual([422, 'kernel.too_many_files']);
  });

  test('under one request key enter one case; the same key with other scans is another act', async () => {
    const declared = await declaration();
    const [file, other] = [await scan('M24'), await scan('M24')];
    const headers = { 'idempotency-key': newId() };
    const answers = await Promise.all([1, 2, 3].map(() => offices.officer.upload<Acting>('/api/cases', declared, [file], headers)));
    expect(new Set(answers.map(({ body }) => body.case_id)).size).toBe(1);
    expect(await casesOf(declared.applicant_id_number)).toBe(1);
    expect((await offices.officer.upload('/api/cases', declared, [other], headers)).body.code).toBe('kernel.request_key_reused');
  });

  test('are taken from this site alone: a form of another carries neither key nor token', async () => {
    const answer = await offices.officer.upload('/api/cases', await declaration(), [await scan('M24')], {});
    expect([answer.status, answer.body.code]).toEqual([403, 'kernel.foreign_origin']);
  });

  test('may be entered by assistants, who decide nothing', async () => {
    const assistant = await postAt(world, 'counter_assistant', offices.target);
    expect((await assistant.upload('/api/cases', await declaration(), [await scan('M24')])).status).toBe(200);
  });
});

describe('corrections at the counter', () => {
  /** A case whose list asks for a paper, a field and a condition. */
  async function asked(): Promise<CaseAtWork> {
    const { move } = await offices.open('0503', { housing_basis: 'owned' }, { materials: [{ code: 'M01', by: 'provided' }] });
    await move.act(offices.officer, 'supplement', { items: [
      { subject: 'M24', zh: '请补交不动产权证书。' }, { subject: 'applicant_phone', zh: '电话打不通,请核对。' }, { subject: 'address_is_standard_and_ours', zh: '地址请选到门牌。' },
    ] });
    return move;
  }
  interface Corrections {
    corrections: { fields: { name: string; value: unknown; opened: boolean; line: string | null }[] };
  }

  test('begin with what is declared, as it was typed, for whoever may enter them and for nobody else', async () => {
    const move = await asked();
    const { answers } = await move.row();
    const { corrections: { fields } } = await move.view<Corrections>(offices.officer);
    expect(fields.filter(({ opened }) => opened).map(({ name }) => name)).toEqual(expect.arrayContaining(['applicant_phone', 'address_id']));
    expect(fields.find(({ name }) => name === 'applicant_phone')).toMatchObject({ value: answers.applicant_phone });
    expect(fields.find(({ name }) => name === 'address_id')!.line).toContain('新居路');
    // Sections that the list does not touch stay out of it.
    expect(fields.some(({ name }) => name === 'movers')).toBe(false);
    expect((await move.view<Corrections>(offices.chief)).corrections.fields).toEqual([]);
  });

  test('carry fields, scans and a note in one act, and the case goes on', async () => {
    const move = await asked();
    const address_id = await takeAddress(world, offices.target);
    const answer = await offices.officer.upload<Acting>(`/api/cases/${move.id}/answer`, {
      case_version: move.now.case_version, answers: { applicant_phone: '13800009999', address_id }, materials: [{ code: 'M24', by: 'provided' }], note: '产权证原件已看',
    }, [await scan('M24')]);
    expect(answer).toMatchObject({ status: 200, body: { state: 'submitted' } });
    expect(await move.row()).toMatchObject({ state: 'submitted', applicant_phone: '13800009999', target_address_id: address_id });
    expect(await materialOf(move, offices.officer, 'M24')).toMatchObject({ state: 'provided', attachments: [{ file_name: '扫描.jpg' }], evidence: { text: { zh: '窗口已查验原件,扫描 1 张。' } } });
    expect((await move.lastEvent()).opinion).toBe('产权证原件已看');
  });

  test('with a picture that cannot be taken change nothing: the list still waits', async () => {
    const move = await asked();
    const before = await move.row();
    const answer = await offices.officer.upload(`/api/cases/${move.id}/answer`, { case_version: before.version, answers: { applicant_phone: '13800008888' }, materials: [] }, [{ field: 'scan.M24', name: '空.jpg', bytes: Buffer.alloc(0) }]);
    expect([answer.status, (answer.body.violations as { code: string }[])[0]!.code]).toEqual([422, 'empty']);
    expect(await move.row()).toEqual(before);
  });
});

describe('agreeing', () => {
  async function accepted(): Promise<{ move: CaseAtWork; scans: string[] }> {
    const move = await openWithScans(await scan('M24'), await scan('M24'), await scan('M01'));
    await move.act(offices.officer, 'accept');
    return { move, scans: (await materialOf(move, offices.chief, 'M24')).attachments.map(({ sha256 }) => sha256) };
  }
  const openIt = (move: CaseAtWork, desk: Desk, sha256: string, how = '') => desk.get(`/api/cases/${move.id}/attachments/${sha256}${how}`);

  test('waits until every scan of every required material was opened, and says which are not', async () => {
    const { move, scans } = await accepted();
    const early = await move.try(offices.chief, 'review', agree);
    expect([early.status, early.body.code]).toEqual([409, 'cases.scans_not_opened']);
    expect(early.body['title']).toContain('不动产权证书');
    expect((await openIt(move, offices.chief, scans[0]!)).status).toBe(200);
    expect((await move.try(offices.chief, 'review', agree)).body.code).toBe('cases.scans_not_opened');
    await openIt(move, offices.chief, scans[1]!);
    const [identity] = (await materialOf(move, offices.chief, 'M01')).attachments;
    const third = await move.try(offices.chief, 'review', agree);
    expect(third.body['title']).toContain('居民身份证');
    expect(third.body['title']).not.toContain('不动产权证书');
    await openIt(move, offices.chief, identity!.sha256);
    expect((await materialOf(move, offices.chief, 'M24')).attachments.map(({ opened }) => opened)).toEqual([true, true]);
    expect((await move.try(offices.chief, 'review', agree)).status).toBe(200);
    expect(await move.acts()).toEqual(['submit', 'accept', 'review']);
  });

  test('at the next level asks that officer, whatever others have opened', async () => {
    const { move } = await accepted();
    await move.act(offices.chief, 'review', agree);
    expect((await move.try(offices.county, 'approve', agree)).body.code).toBe('cases.scans_not_opened');
    await move.openScans(offices.county);
    expect((await move.try(offices.county, 'approve', agree)).status).toBe(200);
  });

  test('is not helped by what a screen fetched ahead, until it is shown', async () => {
    const { move, scans } = await accepted();
    for (const sha256 of scans) expect((await openIt(move, offices.chief, sha256, '?ahead=true')).status).toBe(200);
    expect((await materialOf(move, offices.chief, 'M24')).attachments.map(({ opened }) => opened)).toEqual([false, false]);
    for (const sha256 of scans) expect((await offices.chief.post(`/api/cases/${move.id}/attachments/${sha256}/open`)).status).toBe(200);
    expect((await materialOf(move, offices.chief, 'M24')).attachments.map(({ opened }) => opened)).toEqual([true, true]);
  });

  test('only: who disagrees or sends back need not have looked at everything', async () => {
    const { move } = await accepted();
    expect((await move.try(offices.chief, 'review', { agree: false, opinion: '所附材料与申报不符', reason_code: 'conditions_not_met' })).status).toBe(200);
    const other = await accepted();
    expect((await other.move.try(offices.chief, 'return', { to_step: 1, reason: '请重新核对住所' })).status).toBe(200);
  });

  test('scans of a case are opened by those who see the case alone, and none is recorded for a scan that is not there', async () => {
    const { move, scans } = await accepted();
    const stranger = await postAt(world, 'station_officer', '530111500000');
    expect((await openIt(move, stranger, scans[0]!)).body.code).toBe('cases.not_found');
    expect((await offices.chief.post(`/api/cases/${move.id}/attachments/${'0'.repeat(64)}/open`)).body.code).toBe('cases.attachment_unknown');
    const { rows } = await world.police.owner.query('select count(*)::int as n from cases.attachment_opened where case_id = $1', [move.id]);
    expect(rows).toEqual([{ n: 0 }]);
  });
});
