import { expect, it } from 'vitest';
import { readerBridge, ReaderTrouble } from './reader.ts';

function bridge(answers: Array<Response | 'down'>) {
  const kept = new Map<string, string>();
  const asked: { url: string; method: string; authorization: string | undefined }[] = [];
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) };
  const made = readerBridge('http://127.0.0.1:8087', {
    storage,
    fetch: async (url, init) => {
      asked.push({ url, method: init.method!, authorization: (init.headers as Record<string, string>)['authorization'] });
      const answer = answers.shift() ?? 'down';
      if (answer === 'down') throw new TypeError('failed to fetch');
      return answer;
    },
  });
  return { ...made, asked, kept };
}
const fault = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (error instanceof ReaderTrouble ? error.fault : String(error)));

it('keeps the token of the desk and shows it with every request', async () => {
  const desk = bridge([Response.json({ token: 't'.repeat(40) }), Response.json({ card: { name: '段一' } })]);
  await desk.pair('123456');
  await desk.readCard();
  expect(desk.asked.map(({ method, authorization }) => [method, authorization])).toEqual([['POST', undefined], ['POST', `Bearer ${'t'.repeat(40)}`]]);
});

it('forgets a token that the bridge does not know, so that pairing is offered', async () => {
  const desk = bridge([Response.json({ token: 't'.repeat(40) }), Response.json({ fault: 'not_paired' }, { status: 401 }), Response.json({ fault: 'not_paired' }, { status: 401 })]);
  await desk.pair('123456');
  expect(await fault(desk.readCard())).toBe('not_paired');
  await fault(desk.readCard());
  expect(desk.asked.at(-1)!.authorization).toBeUndefined();
});

it.each([['down', 'no_bridge'], [Response.json({ fault: 'unreadable' }, { status: 422 }), 'unreadable'], [Response.json({ fault: 'no_card' }, { status: 404 }), 'no_card'], [new Response('<html>', { status: 502 }), 'no_bridge'], [Response.json({ fault: 'something_new' }, { status: 418 }), 'no_bridge']] as const)(
  'says what stands between officer and card, with the way out', async (answer, expected) => {
    const desk = bridge([answer as Response | 'down']);
    const error = await desk.readCard().then(() => null, (one: unknown) => one as ReaderTrouble);
    expect(error!.fault).toBe(expected);
    expect([error!.text.zh.length, error!.text.en.length].every((length) => length > 10)).toBe(true);
  });

it('a bridge of another protocol is not spoken to', async () => {
  expect(await fault(bridge([Response.json({ protocol: 99 })]).state())).toBe('old_bridge');
});

it('hands a picture over as a file that a form can send', async () => {
  const file = await bridge([Response.json({ data: btoa('\xff\xd8\xff'), media_type: 'image/jpeg', read_at: '2026-11-23T01:02:03Z' })]).takePicture();
  expect([file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]).toEqual(['2026-11-23-01-02-03.jpg', 'image/jpeg', [255, 216, 255]]);
});
