import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId, runJob, type BlobStore } from '../../kernel/index.ts';
import { openPortal, somebody, type Portal } from '../../../test/harness/portal.ts';
import type { Visitor } from '../../../test/harness/visitor.ts';
import { clearPictures } from './clearing.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.acknowledge());
afterAll(() => portal.close());

let made = 0;
/** A photograph that nobody has taken before. */
const photograph = () => sharp({ create: { width: 600, height: 420, channels: 3, background: { r: 200, g: 180, b: 20 * ++made } } }).jpeg().toBuffer();

async function openDraft(visitor: Visitor): Promise<string> {
  const tasks = await visitor.press((await visitor.get('/apply/0501')).form);
  return /\/applications\/([0-9a-f-]{36})/.exec(tasks.html)![1]!;
}
/** Uploads a photograph into a draft. @returns what its bytes are called */
async function upload(visitor: Visitor, draft_id: string, bytes: Buffer): Promise<string> {
  await answerHousing(visitor, draft_id);
  const paper = await visitor.get(`/applications/${draft_id}/materials/M24`);
  await visitor.press(paper.form.fill({ 'M24.way': 'provided' }).attach('M24.files', { name: '证.jpg', bytes }));
  const { rows: [row] } = await portal.db.owner.query('select sha256 from portal.upload where draft_id = $1 order by upload_id desc limit 1', [draft_id]);
  return row.sha256 as string;
}
async function answerHousing(visitor: Visitor, draft_id: string): Promise<void> {
  await visitor.press((await visitor.get(`/applications/${draft_id}/section/reason`)).form.fill({ reason: '99', housing_basis: 'owned' }));
}
const remove = async (visitor: Visitor, draft_id: string) => visitor.press((await visitor.get(`/applications/${draft_id}/delete`)).form);
const clear = (blobs: BlobStore = portal.blobs) => runJob({ ...portal.worker, blobs }, clearPictures, true);
const noted = async () => (await portal.db.owner.query('select sha256 from portal.unwanted_picture order by sha256')).rows.map((row) => row.sha256 as string);

test('the bytes of a draft that was deleted are cleared', async () => {
  const visitor = await portal.visitor(somebody());
  const draft_id = await openDraft(visitor);
  const sha256 = await upload(visitor, draft_id, await photograph());
  expect(await clear()).toBe(0);
  await remove(visitor, draft_id);
  expect(await noted()).toEqual([sha256]);
  expect(await portal.blobs.has(sha256)).toBe(true);
  expect(await clear()).toBe(1);
  expect([await portal.blobs.has(sha256), await noted()]).toEqual([false, []]);
});

test('bytes that another draft names stay until that one is gone too', async () => {
  const visitor = await portal.visitor(somebody());
  const bytes = await photograph();
  const [first, second] = [await openDraft(visitor), await openDraft(visitor)];
  const sha256 = await upload(visitor, first, bytes);
  expect(await upload(visitor, second, bytes)).toBe(sha256);
  await remove(visitor, first);
  expect(await clear()).toBe(0);
  expect([await portal.blobs.has(sha256), await noted()]).toEqual([true, []]);
  await remove(visitor, second);
  expect(await clear()).toBe(1);
  expect(await portal.blobs.has(sha256)).toBe(false);
});

test('bytes that a parcel still carries stay until it is forgotten', async () => {
  const visitor = await portal.visitor(somebody());
  const draft_id = await openDraft(visitor);
  const sha256 = await upload(visitor, draft_id, await photograph());
  const parcel_id = newId();
  await portal.db.owner.query(
    `insert into exchange.outgoing_parcel (parcel_id, kind, order_key, body, attachments, created_at) values ($1, 'portal.submit_correction', 'x', '{}', $2::jsonb, now())`,
    [parcel_id, JSON.stringify([{ sha256, media_type: 'image/jpeg' }])]);
  await remove(visitor, draft_id);
  expect(await clear()).toBe(0);
  expect([await portal.blobs.has(sha256), await noted()]).toEqual([true, [sha256]]);
  await portal.db.owner.query(`update exchange.outgoing_parcel set receipt_at = now(), receipt_result = 'applied', body = null where parcel_id = $1`, [parcel_id]);
  expect(await clear()).toBe(1);
  expect([await portal.blobs.has(sha256), await noted()]).toEqual([false, []]);
});

test('a crash between the bytes and their note is made good by the next round', async () => {
  const visitor = await portal.visitor(somebody());
  const draft_id = await openDraft(visitor);
  const first = await upload(visitor, draft_id, await photograph());
  const second = await upload(visitor, draft_id, await photograph());
  await remove(visitor, draft_id);
  // The first file goes, then the worker dies: nothing of its transaction stays.
  let deleted = '';
  const dying: BlobStore = {
    ...portal.blobs,
    async delete(sha256) {
      if (deleted !== '') throw new Error('killed');
      await portal.blobs.delete(deleted = sha256);
    },
  };
  expect(await clear(dying)).toBeUndefined();
  expect(await portal.blobs.has(deleted)).toBe(false);
  expect(await noted()).toEqual([first, second].sort());
  expect(await clear()).toBe(2);
  expect([await portal.blobs.has(first), await portal.blobs.has(second), await noted()]).toEqual([false, false, []]);
});

test('a picture that somebody takes in at the same moment is left alone, and is there when it is named', async () => {
  const visitor = await portal.visitor(somebody());
  const bytes = await photograph();
  const first = await openDraft(visitor);
  const sha256 = await upload(visitor, first, bytes);
  await remove(visitor, first);
  const taking = await portal.db.owner.connect();
  await taking.query('begin');
  await taking.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [`portal.picture:${sha256}`]);
  expect(await clear()).toBe(0);
  await taking.query('commit');
  taking.release();
  expect(await portal.blobs.has(sha256)).toBe(true);
  const second = await openDraft(visitor);
  expect(await upload(visitor, second, bytes)).toBe(sha256);
  expect(await clear()).toBe(0);
  expect((await visitor.get(`/applications/${second}/materials/M24`)).links.filter(({ href }) => href.startsWith('/uploads/'))).toHaveLength(1);
  expect([await portal.blobs.has(sha256), await noted()]).toEqual([true, []]);
});
