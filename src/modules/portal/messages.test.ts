import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId, runJob, signatureOf } from '../../kernel/index.ts';
import { startSmsSimulator, type SmsSimulator } from '../../programs/simulators/sms.ts';
import { openPortal, type Portal } from '../../../test/harness/portal.ts';
import { sendWaitingMessages, signName } from './messages.ts';
import { makeSmsSecret, readSmsSecret, smsGateway, smsPath, type SmsGateway } from './sms-gateway.ts';
import { join } from 'node:path';

let portal: Portal;
let phone: SmsSimulator;
let gateway: SmsGateway;

beforeAll(async () => {
  portal = await openPortal();
  phone = await startSmsSimulator({ port: 0, data_directory: portal.directory });
  gateway = smsGateway(phone.address, readSmsSecret(join(portal.directory, 'keys')));
});
afterAll(async () => {
  await phone.close();
  await portal.close();
});
beforeEach(async () => {
  phone.fail('work', 0);
  await portal.db.owner.query('delete from portal.message');
});

const queue = (message_id = newId(), text = '李某,您的申请(尾号 0001)已受理。') => portal.receive('cases.message_to_citizen', { message_id, receipt_no: null, phone: '19900000001', text }).then(() => message_id);
/** Everything that is due, the clock going on until nothing waits or so many minutes have passed. */
async function run(minutes = 0): Promise<void> {
  for (let minute = 0; minute <= minutes; minute++) {
    await portal.asSystem((context) => sendWaitingMessages(context, gateway));
    portal.clock.advanceMinutes(1);
  }
}
const stateOf = async (message_id: string): Promise<string> => (await portal.db.owner.query('select state from portal.message where message_id = $1', [message_id])).rows[0].state;
const taken = (message_id: string) => phone.messages().filter(({ id }) => id === message_id);

test('a message is handed over signed, shown on the phone and noted as delivered', async () => {
  const id = await queue();
  await run(2);
  expect(taken(id)).toMatchObject([{ phone: '19900000001', text: '李某,您的申请(尾号 0001)已受理。', sign_name: signName, given: 1 }]);
  expect(await stateOf(id)).toBe('delivered');
  expect(await (await fetch(phone.address)).text()).toContain('【云南户政】李某,您的申请(尾号 0001)已受理。');
});

test('the same parcel twice is one message', async () => {
  const id = await queue();
  await queue(id, '别的内容');
  await run(2);
  expect(taken(id)).toMatchObject([{ given: 1, text: '李某,您的申请(尾号 0001)已受理。' }]);
});

test('a busy gateway is asked again with growing waits, and the message arrives once', async () => {
  const id = await queue();
  phone.fail('busy', 3);
  await run(1);
  expect([await stateOf(id), taken(id).length]).toEqual(['queued', 0]);
  await run(6);
  expect([await stateOf(id), taken(id).map(({ given }) => given)]).toEqual(['delivered', [1]]);
});

test('a line that breaks after the message was taken leads to a repetition that sends nothing', async () => {
  const id = await queue();
  phone.fail('silent', 2);
  await run(8);
  expect([await stateOf(id), taken(id).length, taken(id)[0]!.given]).toEqual(['delivered', 1, 3]);
});

test('a message that the gateway lost is given again under the same number', async () => {
  const id = await queue();
  phone.fail('lose', 1);
  await run(6);
  expect([await stateOf(id), taken(id).length]).toEqual(['delivered', 1]);
});

test('what the gateway refuses or cannot deliver is given up and not tried for ever', async () => {
  const refused = await queue();
  phone.fail('refuse', 1);
  await run(3);
  const undeliverable = await queue();
  phone.fail('undeliverable', 1);
  await run(3);
  expect([await stateOf(refused), await stateOf(undeliverable), taken(refused).length]).toEqual(['failed', 'failed', 0]);
});

test('a gateway that is down for a day loses nothing', async () => {
  const id = await queue();
  const dead = smsGateway('http://127.0.0.1:1', 'x');
  for (let hour = 0; hour < 24; hour++) {
    await portal.asSystem((context) => sendWaitingMessages(context, dead));
    portal.clock.advanceMinutes(60);
  }
  expect(await stateOf(id)).toBe('queued');
  await run(2);
  expect(await stateOf(id)).toBe('delivered');
});

test('two workers at once give a message once', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => queue()));
  await Promise.all([1, 2, 3].map(() => portal.asSystem((context) => sendWaitingMessages(context, gateway))));
  expect(ids.map((id) => taken(id).map(({ given }) => given))).toEqual([[1], [1], [1]]);
});

test('the gateway takes nothing that is not signed with the agreed secret, or was signed too long ago', async () => {
  const body = JSON.stringify({ id: newId(), phone: '1', text: 'x', sign_name: 'x' });
  const secret = makeSmsSecret(join(portal.directory, 'keys'));
  const send = (timestamp: string, signature: string) => fetch(phone.address + smsPath, { method: 'POST', body, headers: { 'huzheng-timestamp': timestamp, 'huzheng-signature': signature } }).then(({ status }) => status);
  const now = String(Math.floor(Date.now() / 1000));
  const old = String(Number(now) - 1000);
  expect(await Promise.all([
    send(now, signatureOf('other', 'POST', smsPath, now, body)), send(old, signatureOf(secret, 'POST', smsPath, old, body)), send(now, ''), send('x', signatureOf(secret, 'POST', smsPath, 'x', body)),
    send(now, signatureOf(secret, 'POST', smsPath, now, body)),
  ])).toEqual([401, 401, 401, 401, 202]);
});

test('the job does nothing while nothing waits, and needs no gateway for it', async () => {
  const { jobs } = await import('./index.ts');
  expect(await runJob(portal.worker, jobs.find(({ name }) => name === 'portal.send_messages')!, true)).toBe(0);
});
