/**
 * Plays the national migration network and the other provinces on it, for demonstrations and tests.
 *
 * What another province does is decided by the last character of the first mover's ID number:
 *
 * | last 尾号 | our permit 收到我方准迁证 | our certificate 收到我方迁移证 |
 * |---|---|---|
 * | X | declined 退回 | settled there 落户 |
 * | 0 | nothing: it runs out 不办理,过期 | nothing: it runs out 不落户,过期 |
 * | other 其他 | a certificate of migration 签发迁移证 | settled there 落户 |
 *
 * It answers after a while (`answer_after_ms`). A paper that was never published is unknown. Permits of another province for
 * the invented citizens, and certificates of two students, lie in the inbox from the beginning; the page lists all papers.
 * What was said is kept in a file, as the real network would.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAgreedSecret, sha256 } from '../../kernel/index.ts';
import { inboxPath, messagesPath, networkSecret, papersPath, type WirePaper } from '../../modules/permits/index.ts';
import { checkCharacter } from '../../modules/reference/index.ts';
import { startSignedServer, tablePage, type Fault, type Reply, type SignedRequest } from './signed-server.ts';

export interface MigrationNetworkSimulatorOptions {
  /** 0 takes a free port. */
  port: number;
  /** The secret lies in its `keys` folder, made on first use; what was said in `demo-migration-network.json`. */
  data_directory: string;
  answer_after_ms: number;
  /** Two digits: whose papers are not played. */
  own_province: string;
}

type Kind = 'publish' | 'consume' | 'void' | 'return' | 'decline';

interface Answering {
  to_province: string;
  kind: Kind;
  number: string;
  reason?: string;
  paper?: WirePaper;
}

interface Kept {
  papers: { paper: WirePaper; state: 'issued' | 'consumed' | 'void' | 'returned' }[];
  /** message_no → receipt_no */
  receipts: Record<string, string>;
  due: (Answering & { due_at: number })[];
  inbox: (Answering & { sequence: number; message_no: string; happened_on: string })[];
  last_number: number;
  greeted: boolean;
}

export interface MigrationNetworkSimulator {
  address: string;
  papers(): readonly { paper: WirePaper; state: string }[];
  /** Messages that were taken, each once. */
  taken(): readonly Record<string, unknown>[];
  /** The other provinces answer now. */
  hasten(): void;
  /** Another province publishes a paper of its own accord. */
  publish(paper: WirePaper): void;
  /** Another province says something about a paper. */
  say(kind: Kind, number: string, reason?: string): void;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

const fileName = 'demo-migration-network.json';
const day = (at = Date.now()): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
const daysAfter = (from: string, days: number): string => new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** What the origin knows of somebody and the destination needs; invented, but the same for the same number. */
function itemsOf(id_number: string): Record<string, string> {
  return { ethnicity: '01', birthplace: id_number.slice(0, 6), native_place: id_number.slice(0, 6), education: '30', marital_status: '10', blood_type: (['1', '2', '3', '4'] as const)[parseInt(sha256(id_number).slice(0, 2), 16) % 4]! };
}

export async function startMigrationNetworkSimulator({ port, data_directory, answer_after_ms, own_province }: MigrationNetworkSimulatorOptions): Promise<MigrationNetworkSimulator> {
  const path = join(data_directory, fileName);
  const kept: Kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : { papers: [], receipts: {}, due: [], inbox: [], last_number: 0, greeted: false };
  const taken: Record<string, unknown>[] = [];

  function keep(): void {
    writeFileSync(`${path}.new`, JSON.stringify(kept));
    renameSync(`${path}.new`, path);
  }
  const find = (number: string) => kept.papers.find(({ paper }) => paper.number === number);
  const nextNumber = (province: string, letter: string): string => `${province}${letter}${day().slice(0, 4)}${String(++kept.last_number).padStart(8, '0')}`;

  function put(answer: Answering): void {
    if (answer.paper !== undefined && find(answer.number) === undefined) kept.papers.push({ paper: answer.paper, state: 'issued' });
    const sequence = kept.inbox.length + 1;
    kept.inbox.push({ ...answer, sequence, message_no: `${answer.kind}-${answer.number}-${sequence}`, happened_on: day() });
  }
  function ripen(now: number): void {
    const ripe = kept.due.filter((one) => one.due_at <= now);
    if (ripe.length === 0) return;
    kept.due = kept.due.filter((one) => one.due_at > now);
    for (const { due_at: _, ...answer } of ripe) {
      if (answer.kind === 'consume') find(answer.number)!.state = 'consumed';
      put(answer);
    }
    keep();
  }
  const later = (answer: Answering): void => void kept.due.push({ ...answer, due_at: Date.now() + answer_after_ms });

  /** The other province's answer to a paper of ours. */
  function consider(paper: WirePaper): void {
    const last = paper.movers[0]!.id_number.at(-1);
    const to_province = paper.issuer_province;
    if (last === '0') return;
    if (paper.kind === 'migration_certificate') return later({ to_province, kind: 'consume', number: paper.number });
    if (last === 'X') return later({ to_province, kind: 'decline', number: paper.number, reason: '经核查,申请人不同意迁出。' });
    const number = nextNumber(paper.other_province, 'Q');
    later({
      to_province, kind: 'publish', number,
      paper: {
        ...paper, kind: 'migration_certificate', number, issuer_province: paper.other_province, other_province: to_province, permit_number: paper.number, issued_on: day(), valid_until_on: daysAfter(day(), 30),
        movers: paper.movers.map((mover) => ({ ...mover, items: { ...itemsOf(mover.id_number), ...mover.items } })),
      },
    });
  }

  function take(body: Record<string, unknown>): Reply {
    const { message_no, kind, number, paper, from_province } = body as { message_no?: string; kind?: Kind; number?: string; paper?: WirePaper; from_province?: string };
    if (typeof message_no !== 'string' || typeof kind !== 'string' || typeof number !== 'string' || from_province !== own_province) return { status: 400, body: { error: 'incomplete' } };
    const before = kept.receipts[message_no];
    if (before !== undefined) return { status: 200, body: { receipt_no: before } };
    const known = find(number);
    if (kind === 'publish') {
      if (paper === undefined || known !== undefined) return { status: 409, body: { error: 'a paper of this number is there already' } };
      kept.papers.push({ paper, state: 'issued' });
      consider(paper);
    } else {
      if (known === undefined) return { status: 409, body: { error: 'no such paper' } };
      if (known.state !== 'issued') return { status: 409, body: { error: `the paper is ${known.state}` } };
      known.state = kind === 'consume' ? 'consumed' : kind === 'void' ? 'void' : 'returned';
      kept.due = kept.due.filter((one) => one.number !== number && one.paper?.permit_number !== number);
    }
    taken.push(body);
    const receipt_no = `R${String(Object.keys(kept.receipts).length + 1).padStart(10, '0')}`;
    kept.receipts[message_no] = receipt_no;
    keep();
    return { status: 200, body: { receipt_no } };
  }

  function handle({ method, path: at, query, body }: SignedRequest): Reply | undefined {
    ripen(Date.now());
    if (method === 'POST' && at === messagesPath) return take(body);
    if (method === 'GET' && at.startsWith(`${papersPath}/`)) {
      const known = find(at.slice(papersPath.length + 1));
      return known === undefined ? undefined : { status: 200, body: { paper: known.paper, state: known.state } };
    }
    if (method === 'GET' && at === `${inboxPath}/${own_province}`) {
      const after = Number(query.get('after') ?? 0);
      return { status: 200, body: { messages: kept.inbox.filter((one) => one.sequence > after && one.to_province === own_province).slice(0, 50).map(({ to_province: _, ...message }) => message) } };
    }
    return undefined;
  }

  /** Permits for the citizens of the demonstration, so that a departure can be tried; two students who arrive without one. */
  function greet(): void {
    if (kept.greeted) return;
    kept.greeted = true;
    const citizensFile = join(data_directory, 'demo-citizens.json');
    const citizens = existsSync(citizensFile) ? (JSON.parse(readFileSync(citizensFile, 'utf8')) as { name: string; id_number: string }[]) : [];
    const paper = (kind: WirePaper['kind'], number: string, id_number: string, name: string): WirePaper => ({
      kind, number, issuer_province: number.slice(0, 2), other_province: own_province, permit_number: null, reason: kind === 'move_in_permit' ? '31' : '01', from_area: kind === 'move_in_permit' ? id_number.slice(0, 6) : '510104',
      to_area: kind === 'move_in_permit' ? '440106' : null, to_address: kind === 'move_in_permit' ? '广东省广州市天河区体育西路1号' : null, issued_on: day(), valid_until_on: daysAfter(day(), kind === 'move_in_permit' ? 40 : 30),
      movers: [{ id_number, name, sex: Number(id_number[16]) % 2 === 1 ? '1' : '2', birth_on: `${id_number.slice(6, 10)}-${id_number.slice(10, 12)}-${id_number.slice(12, 14)}`, relation: '02', items: itemsOf(id_number) }],
    });
    const publish = (one: WirePaper): void => put({ to_province: own_province, kind: 'publish', number: one.number, paper: one });
    citizens.forEach(({ name, id_number }) => publish(paper('move_in_permit', nextNumber('44', 'Z'), id_number, name)));
    for (const [name, head] of [['陈思远', '51010420080312901'], ['罗雨晴', '51010420080905902']] as const) publish(paper('migration_certificate', nextNumber('51', 'Q'), `${head}${checkCharacter(head)}`, name));
    keep();
  }
  greet();

  const stateWords: Record<string, string> = { issued: '有效 issued', consumed: '已使用 used', void: '作废 void', returned: '退回 returned' };
  const server = await startSignedServer({
    port, secret: makeAgreedSecret(join(data_directory, 'keys'), networkSecret), handle,
    aboutOf: ({ path: at, body }) => (at.startsWith(inboxPath) ? 'inbox' : String(body['kind'] ?? 'fetch')),
    page: () => tablePage('全国迁移网络模拟(仅用于演示) · National migration network, simulated', '首名迁移人号码尾号 X 退回、0 不办理,其余由对方省签发迁移证或落户。 · By the last character of the first mover’s number: X declines, 0 does nothing, others issue a certificate or settle.',
      ['编号 number', '种类 kind', '签发省 by', '人员 movers', '有效期至 valid until', '状态 state'],
      [...kept.papers].reverse().slice(0, 100).map(({ paper, state }) => [paper.number, paper.kind === 'move_in_permit' ? '准迁证 permit' : '迁移证 certificate', paper.issuer_province, paper.movers.map(({ name }) => name).join('、'), paper.valid_until_on, stateWords[state]!])),
  });
  return {
    address: server.address, papers: () => kept.papers, taken: () => taken, fail: server.fail, close: server.close,
    hasten: () => ripen(Infinity),
    publish: (paper) => put({ to_province: own_province, kind: 'publish', number: paper.number, paper }),
    say: (kind, number, reason) => put({ to_province: own_province, kind, number, ...(reason === undefined ? {} : { reason }) }),
  };
}
