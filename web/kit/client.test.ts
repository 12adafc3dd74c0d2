import Type from 'typebox';
import { expect, it } from 'vitest';
import { defineContract } from '../../src/kernel/operation.ts';
import { addressOf, createClient, purposeHeader, Refused, Unanswered } from './client.ts';

const contract = defineContract({
  acceptCase: {
    method: 'POST', path: '/api/cases/:case_id/accept', permission: 'officer', summary: { zh: '受理', en: 'Accept' },
    input: Type.Object({ case_id: Type.String(), case_version: Type.Integer() }), output: Type.Object({ state: Type.String() }),
  },
  listQueue: {
    method: 'GET', path: '/api/cases/queue', permission: 'officer', summary: { zh: '列表', en: 'List' },
    input: Type.Object({ filter: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer()) }), output: Type.Object({ items: Type.Array(Type.String()) }),
  },
});
const act = { case_id: 'a/1', case_version: 3 };

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}

/** A server that gives its answers in turn, and remembers what it was asked. */
function server(...answers: Array<(() => Response) | 'cut'>) {
  const asked: Array<{ path: string; init: RequestInit; key: string | undefined }> = [];
  const waited: number[] = [];
  let keys = 0;
  const signedOut: string[] = [];
  const client = createClient({
    fetch: async (path, init) => {
      asked.push({ path, init, key: (init.headers as Record<string, string>)['idempotency-key'] });
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new Error('asked once too often');
      if (answer === 'cut') throw new TypeError('Failed to fetch');
      return answer();
    },
    wait: async (milliseconds) => {
      waited.push(milliseconds);
    },
    newKey: () => `key-${(keys += 1)}`,
    onSignedOut: (refused) => signedOut.push(refused.code),
  });
  return { client, asked, waited, signedOut };
}

it('keeps the key of an intention over a cut line and over a busy server until it is answered', async () => {
  const { client, asked, waited } = server('cut', () => json(503, { code: 'kernel.busy' }), () => json(200, { state: 'in_review' }));
  const attempts: number[] = [];
  expect(await client.call(contract.acceptCase, act, { onRetry: (attempt) => attempts.push(attempt) })).toEqual({ state: 'in_review' });
  expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1']);
  expect(attempts).toEqual([2, 3]);
  expect(waited).toEqual([1000, 2000]);
});

it('asks with the old key when the person tries again after no answer at all', async () => {
  const { client, asked } = server('cut', 'cut', 'cut', 'cut', 'cut', () => json(200, { state: 'in_review' }));
  await expect(client.call(contract.acceptCase, act)).rejects.toThrow(Unanswered);
  await client.call(contract.acceptCase, act);
  expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(['key-1']));
});

it('takes a new key for a new intention and after an answer, also after a refusal', async () => {
  const refuse = () => json(409, { code: 'cases.stale', title: '已有新进展', title_en: 'moved on', facts: { who: '林芳' } });
  const { client, asked } = server(refuse, () => json(200, {}), () => json(200, {}));
  await expect(client.call(contract.acceptCase, act)).rejects.toThrow(Refused);
  await client.call(contract.acceptCase, act);
  await client.call(contract.acceptCase, { ...act, case_version: 4 });
  expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-3']);
});

it('puts fields of the path into the path and the rest of a write into JSON', async () => {
  const { client, asked } = server(() => json(200, {}));
  await client.call(contract.acceptCase, act);
  expect(asked[0]!.path).toBe('/api/cases/a%2F1/accept');
  expect(asked[0]!.init.body).toBe('{"case_version":3}');
});

it('leaves empty fields out of a query and gives a read no key', async () => {
  const { client, asked } = server(() => json(200, { items: [] }));
  await client.call(contract.listQueue, { filter: '', limit: 30 });
  expect(asked[0]!.path).toBe('/api/cases/queue?limit=30');
  expect(asked[0]!.key).toBeUndefined();
});

it('gives a refusal with its sentence in both languages, its facts and every violation', async () => {
  const violations = [{ field: 'opinion', code: 'maxLength', zh: '最多 500 个字,请缩短。', en: 'At most 500 characters; shorten it.' }];
  const { client } = server(() => json(422, { code: 'kernel.invalid_input', title: '有 1 处需要改正', title_en: '1 entry', facts: { count: 1 }, violations, request_id: 'r1' }));
  const refused = await client.call(contract.acceptCase, act).catch((error: unknown) => error) as Refused;
  expect(refused).toMatchObject({ status: 422, code: 'kernel.invalid_input', text: { zh: '有 1 处需要改正', en: '1 entry' }, facts: { count: 1 }, violations, request_id: 'r1' });
});

it('says that the session has ended', async () => {
  const { client, signedOut } = server(() => json(401, { code: 'kernel.signed_out' }), () => json(401, { code: 'accounts.code_refused' }));
  await expect(client.call(contract.listQueue, {})).rejects.toThrow(Refused);
  await expect(client.call(contract.listQueue, {})).rejects.toThrow(Refused);
  expect(signedOut).toEqual(['kernel.signed_out']);
});

it('speaks of a proxy that answers in HTML without showing it', async () => {
  const { client } = server(() => new Response('<html>Bad Request</html>', { status: 400, headers: { 'content-type': 'text/html' } }));
  const refused = await client.call(contract.listQueue, {}).catch((error: unknown) => error) as Refused;
  expect(refused.text.zh).toBe('系统没有给出说明(400)。请稍后重试。');
});

it('writes a purpose as a header that carries Chinese and separators', () => {
  expect(purposeHeader({ code: 'counter_enquiry', note: '本人;查询' })).toBe('counter_enquiry;;%E6%9C%AC%E4%BA%BA%3B%E6%9F%A5%E8%AF%A2');
});

it('makes the address of a file', () => {
  expect(addressOf(contract.acceptCase, act)).toBe('/api/cases/a%2F1/accept?case_version=3');
});
