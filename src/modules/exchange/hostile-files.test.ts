/** Somebody can write into the directory that the ferry serves. */
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openKeys } from '../../kernel/index.ts';
import { skipGap } from './actions.ts';
import { twoNetworks, type Side, type TwoNetworks } from '../../../test/harness/two-networks.ts';
import { ferryUntilQuiet, runCourierOnce } from './courier.ts';

let world: TwoNetworks;
let police: Side;
let internet: Side;
beforeAll(async () => {
  world = await twoNetworks();
  ({ police, internet } = world);
});
beforeEach(() => world.clear());
afterAll(() => world.close());

const ferry = () => ferryUntilQuiet(world.couriers);
const inbox = () => world.outbox('internet');
const captured = () => join(world.directory, 'captured');
const texts = async (side: Side) => (await side.notes()).map((note) => note.text);
const refusals = () => police.look('select reason, count(*)::int as count from exchange.refused_file group by reason order by reason');
const alarms = () => police.look('select kind, count from exchange.alarm order by kind');
const capture = async () => {
  await runCourierOnce(internet.courier);
  await cp(inbox(), captured(), { recursive: true, force: true });
};
const replay = () => cp(captured(), inbox(), { recursive: true });

test('a whole captured day played again has no effect, is counted, and rings once', async () => {
  for (let number = 1; number <= 12; number++) await internet.send(`case ${number % 3}`, `note ${number}`);
  await capture();
  await ferry();
  const before = await police.notes();
  expect(before).toHaveLength(12);
  await replay();
  await ferry();
  expect(await police.notes()).toEqual(before);
  expect(await refusals()).toEqual([{ reason: 'replay', count: 12 }]);
  expect(await alarms()).toEqual([{ kind: 'replay', count: 12 }]);
  expect((await readdir(join(inbox(), 'refused'))).length).toBe(12);
  await replay();
  await ferry();
  expect(await refusals()).toEqual([{ reason: 'replay', count: 24 }]);
  expect(await police.look('select count(*)::int as n from exchange.alarm')).toEqual([{ n: 1 }]);
  expect(await police.notes()).toEqual(before);
});

test('a forged parcel under the next number is set aside, and the true one still comes', async () => {
  await internet.send('A', 'one');
  await ferry();
  await internet.send('A', 'two');
  await runCourierOnce(internet.courier);
  const file = join(inbox(), '000000000002.parcel');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"sequence":2', '"sequence":2 '));
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await refusals()).toEqual([{ reason: 'malformed', count: 1 }]);
  world.later(61);
  await ferry();
  expect(await texts(police)).toEqual(['one', 'two']);
});

test('a true parcel renamed to another number is set aside', async () => {
  await internet.send('A', 'one');
  await capture();
  await ferry();
  await cp(join(captured(), '000000000001.parcel'), join(inbox(), '000000000002.parcel'));
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await refusals()).toEqual([{ reason: 'malformed', count: 1 }]);
  expect(await police.look('select * from exchange.gap')).toEqual([]);
});

test('a parcel turned back to its sender is refused there', async () => {
  await internet.send('A', 'one');
  await capture();
  await mkdir(world.outbox('police'), { recursive: true });
  await cp(join(captured(), '000000000001.parcel'), join(world.outbox('police'), '000000000001.parcel'));
  await runCourierOnce(internet.courier);
  expect(await internet.look('select reason from exchange.refused_file')).toEqual([{ reason: 'wrong_direction' }]);
  expect(await internet.notes()).toEqual([]);
});

test('the same number with another content is refused and rings, although its signature is right', async () => {
  await internet.send('A', 'one');
  await ferry();
  // The database of the sender was set back to before the parcel, and its numbers begin again.
  await internet.db.owner.query(`truncate exchange.outgoing_parcel; update exchange.lane set last_sequence = 0 where lane = 'outgoing'`);
  await internet.send('A', 'another one');
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await alarms()).toEqual([{ kind: 'altered', count: 1 }]);

  // As the runbook says: numbers go on behind the highest that the other side knows, and what was refused takes a new one.
  const [{ last_sequence }] = await police.look<{ last_sequence: number }>(`select last_sequence from exchange.lane where lane = 'incoming'`) as [{ last_sequence: number }];
  await internet.db.owner.query(`update exchange.lane set last_sequence = ${last_sequence} where lane = 'outgoing'`);
  await internet.db.owner.query(`update exchange.outgoing_parcel set sequence = null, copy = 0, write_at = null where needs_receipt and receipt_at is null and sequence is not null`);
  await ferry();
  expect(await texts(police)).toEqual(['one', 'another one']);
});

test('a swapped attachment is refused with its parcel, and a further copy brings the true one', async () => {
  const sha256 = await internet.courier.blobs.put(Buffer.from('true page'));
  await internet.send('A', 'with page', [{ sha256, media_type: 'image/png' }]);
  await internet.send('A', 'behind');
  await runCourierOnce(internet.courier);
  const blob = (await readdir(inbox())).find((name) => name.endsWith('.blob'))!;
  await writeFile(join(inbox(), blob), 'forged page');
  await ferry();
  expect(await refusals()).toEqual([{ reason: 'swapped_attachment', count: 1 }]);
  expect((await readdir(join(inbox(), 'refused'))).map((name) => name.slice(37)).sort()).toEqual(['000000000001.parcel', blob].sort());
  expect(await texts(police)).toEqual([]);
  world.later(6);
  await ferry();
  expect((await police.notes()).map(({ text, attachments }) => [text, attachments])).toEqual([['with page', [sha256]], ['behind', []]]);
});

test('links, directories and unknown names are set aside without being followed', async () => {
  await internet.send('A', 'one');
  await runCourierOnce(internet.courier);
  await symlink('/etc/passwd', join(inbox(), '000000000002.parcel'));
  await mkdir(join(inbox(), '000000000003.parcel'));
  await writeFile(join(inbox(), 'letter.txt'), 'x');
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await refusals()).toEqual([{ reason: 'malformed', count: 3 }]);
  expect(await readdir(inbox())).toEqual(['refused']);
});

test('a delayed first copy that comes after the second is no replay', async () => {
  await internet.send('A', 'one');
  await capture();
  await rename(join(inbox(), '000000000001.parcel'), join(world.directory, 'delayed.parcel'));
  world.later(61);
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  await rename(join(world.directory, 'delayed.parcel'), join(inbox(), '000000000001.parcel'));
  await ferry();
  expect(await texts(police)).toEqual(['one']);
  expect(await alarms()).toEqual([]);
  expect(await police.look(`select repeated_count from exchange.lane where lane = 'incoming'`)).toEqual([{ repeated_count: 1 }]);
});

test('a number that a person skipped is refused when it comes late', async () => {
  await internet.send('A', 'one');
  await internet.send('A', 'two');
  await capture();
  await rename(join(inbox(), '000000000001.parcel'), join(world.directory, 'late.parcel'));
  await runCourierOnce(police.courier);
  world.later(601);
  await police.act((context) => skipGap(context, { sequence: 1, reason: '对方确认该件已撤回' }));
  await runCourierOnce(police.courier);
  await runCourierOnce(internet.courier);
  expect(await texts(police)).toEqual(['two']);
  await rename(join(world.directory, 'late.parcel'), join(inbox(), '000000000001.parcel'));
  await ferry();
  expect(await texts(police)).toEqual(['two']);
  expect(await refusals()).toEqual([{ reason: 'late', count: 1 }]);
});

test('a new signing key of the other side works as soon as its public part is here; what it had signed before is asked for again', async () => {
  const own = join(world.directory, 'police-machine');
  await cp(join(world.directory, 'keys'), own, { recursive: true });
  const policeAlone = { ...police.courier, key_directory: own };
  const renewed = join(world.directory, 'renewed');
  const internetRenewed = { ...internet.courier, keys: openKeys(renewed, 'internet'), key_directory: renewed };
  for (const part of ['public', 'sealing']) await cp(join(own, `police.${part}.pem`), join(renewed, `police.${part}.pem`));

  await internet.send('A', 'signed anew');
  await runCourierOnce(internetRenewed);
  await runCourierOnce(policeAlone);
  expect(await refusals()).toEqual([{ reason: 'unknown_key', count: 1 }]);
  for (const part of ['public', 'sealing']) await cp(join(renewed, `internet.${part}.pem`), join(own, `internet.${part}.pem`));
  world.later(61);
  await ferryUntilQuiet([internetRenewed, policeAlone]);
  expect(await texts(police)).toEqual(['signed anew']);
});
