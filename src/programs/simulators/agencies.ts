/**
 * Plays the provincial data-sharing gateway and the authorities behind it, for demonstrations and tests.
 *
 * Who is in the invented register is known to it (a file that the demo writes): identities, marriages, parents. Anything
 * else it answers by the ending of the number in question, so that whoever tries can choose the answer:
 *
 * | ending 尾号 | answer 答复 |
 * |---|---|
 * | …404 | not found 查无 |
 * | …409 | differs 不一致 |
 * | …202 | accepted, answered when asked for the second time 先受理后答复 |
 * | …422 | refused for good 拒绝核验 |
 * | otherwise 其他 | agrees 一致 |
 *
 * An opinion is received, in process and approved, one step each time it is asked after; a case number ending in 8 asks
 * for more once, one ending in 9 is refused.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAgreedSecret, sha256 } from '../../kernel/index.ts';
import { gatewaySecret, opinionsPath, queriesPath } from '../../modules/agencies/index.ts';
import { startSignedServer, tablePage, type Fault, type Reply, type SignedRequest } from './signed-server.ts';

/** A person of the invented register, as other authorities know him. */
export interface KnownPerson {
  id_number: string;
  name: string;
  sex: string;
  birth_on: string;
  father_id_number: string | null;
  mother_id_number: string | null;
  spouse_id_number: string | null;
}

export const peopleFile = 'demo-people.json';

export interface AgenciesSimulatorOptions {
  /** 0 takes a free port. */
  port: number;
  /** The secret lies in its `keys` folder, made on first use; the people in `demo-people.json`. */
  data_directory: string;
}

interface Query {
  contract: string;
  matter: string;
  fields: Record<string, string>;
  /** How often it was given, the first time included. */
  given: number;
  /** How often it was asked after. */
  asked: number;
  reply: { answer: 'match' | 'mismatch' | 'not_found'; differing: string[] };
  reference: string;
  answered_at: string;
  comes_later: boolean;
}

interface OpinionAtDesk {
  agency: string;
  stage: string;
  case_no: string;
  given: number;
  asked: number;
  supplements: Map<number, string>;
  status: 'received' | 'in_process' | 'approved' | 'refused' | 'need_more';
}

export interface AgenciesSimulator {
  address: string;
  queries(): ReadonlyMap<string, Readonly<Query>>;
  opinions(): ReadonlyMap<string, Readonly<OpinionAtDesk>>;
  /** `about` is the code of a source, such as `MARRIAGE`, or `opinions`. */
  fail(fault: Fault): void;
  close(): Promise<void>;
}

function readPeople(path: string): Map<string, KnownPerson> {
  try {
    return new Map((JSON.parse(readFileSync(path, 'utf8')) as KnownPerson[]).map((person) => [person.id_number, person]));
  } catch {
    // A register without the file: everything is answered by endings.
    return new Map();
  }
}

/** The number by whose ending an unknown thing is answered: the document's, else the person's. */
function decidingNumber(fields: Record<string, string>): string {
  const names = Object.keys(fields);
  const name = names.find((one) => one.endsWith('_no') || one.endsWith('_number') && !one.endsWith('id_number')) ?? names.find((one) => one.endsWith('_code')) ?? names.find((one) => one.endsWith('id_number')) ?? names[0];
  return name === undefined ? '' : fields[name]!;
}

/** Compares what is asked about a person with what is known; null where the person is not known here. */
function compareWithPeople(people: ReadonlyMap<string, KnownPerson>, source: string, fields: Record<string, string>): { answer: 'match' | 'mismatch' | 'not_found'; differing: string[] } | null {
  const differing: string[] = [];
  const compare = (field: string, known: string | null): void => {
    if (fields[field] !== undefined && fields[field] !== known) differing.push(field);
  };
  const settled = (): { answer: 'match' | 'mismatch'; differing: string[] } => ({ answer: differing.length === 0 ? 'match' : 'mismatch', differing });
  if (source === 'NATPOP') {
    const person = people.get(fields['id_number'] ?? '');
    if (person === undefined) return null;
    for (const item of ['name', 'sex', 'birth_on'] as const) compare(item, person[item]);
    return settled();
  }
  if (source === 'MARRIAGE') {
    const person = people.get(fields['id_number'] ?? '');
    const spouse = people.get(fields['spouse_id_number'] ?? '');
    if (person === undefined || spouse === undefined || person.spouse_id_number === null) return null;
    compare('name', person.name);
    compare('spouse_name', spouse.name);
    compare('spouse_id_number', person.spouse_id_number);
    return settled();
  }
  return null;
}

export async function startAgenciesSimulator({ port, data_directory }: AgenciesSimulatorOptions): Promise<AgenciesSimulator> {
  const queries = new Map<string, Query>();
  const opinions = new Map<string, OpinionAtDesk>();

  function judge(contract: string, fields: Record<string, string>): Query['reply'] {
    const people = readPeople(join(data_directory, peopleFile));
    const known = compareWithPeople(people, contract.split('/')[0]!, fields);
    const number = decidingNumber(fields);
    if (number.endsWith('404')) return { answer: 'not_found', differing: [] };
    if (number.endsWith('409')) return { answer: 'mismatch', differing: [Object.keys(fields).find((name) => name.endsWith('name')) ?? Object.keys(fields)[0] ?? 'number'] };
    return known ?? { answer: 'match', differing: [] };
  }

  function replyOf(query_id: string, query: Query): Reply {
    if (query.comes_later && query.asked < 2) return { status: 202, body: { query_id, state: 'accepted', poll_after_seconds: 5 } };
    return { status: 200, body: { query_id, state: 'answered', ...query.reply, reference: query.reference, answered_at: query.answered_at } };
  }

  function takeQuery(body: Record<string, unknown>): Reply {
    const { query_id, contract, matter, fields } = body as { query_id?: string; contract?: string; matter?: string; fields?: Record<string, string> };
    if (typeof query_id !== 'string' || typeof contract !== 'string' || typeof matter !== 'string' || typeof fields !== 'object') return { status: 400, body: { error: 'incomplete' } };
    const before = queries.get(query_id);
    if (before !== undefined) {
      before.given += 1;
      if (JSON.stringify(before.fields) !== JSON.stringify(fields)) return { status: 409, body: { error: 'query_id used for another question' } };
      return replyOf(query_id, before);
    }
    const number = decidingNumber(fields);
    if (number.endsWith('422')) return { status: 422, body: { error: 'not covered by the contract' } };
    const query: Query = {
      contract, matter, fields, given: 1, asked: 0, reply: judge(contract, fields), reference: `${contract.split('/')[0]}-${sha256(query_id).slice(0, 12)}`, answered_at: new Date().toISOString(), comes_later: number.endsWith('202'),
    };
    queries.set(query_id, query);
    return replyOf(query_id, query);
  }

  function opinionReply(opinion_id: string, opinion: OpinionAtDesk): Reply {
    const body: Record<string, unknown> = { opinion_id, status: opinion.status };
    if (opinion.status === 'approved') Object.assign(body, { document_no: `民宗审〔${new Date().getFullYear()}〕${parseInt(sha256(opinion_id).slice(0, 4), 16) % 1000}号`, decided_on: new Date().toISOString().slice(0, 10), text: '经核查,符合规定,同意。' });
    if (opinion.status === 'refused') body['text'] = '提供的依据不能证明与父(母)民族成份一致,不同意。';
    if (opinion.status === 'need_more') body['text'] = '请补充父母民族成份的登记依据。';
    return { status: 200, body };
  }

  function takeOpinion(body: Record<string, unknown>): Reply {
    const { opinion_id, agency, stage, case_no } = body as { opinion_id?: string; agency?: string; stage?: string; case_no?: string };
    if (typeof opinion_id !== 'string' || typeof agency !== 'string' || typeof stage !== 'string' || typeof case_no !== 'string') return { status: 400, body: { error: 'incomplete' } };
    const before = opinions.get(opinion_id);
    if (before !== undefined) {
      before.given += 1;
      return opinionReply(opinion_id, before);
    }
    const opinion: OpinionAtDesk = { agency, stage, case_no, given: 1, asked: 0, supplements: new Map(), status: 'received' };
    opinions.set(opinion_id, opinion);
    return opinionReply(opinion_id, opinion);
  }

  function followOpinion(opinion_id: string): Reply | undefined {
    const opinion = opinions.get(opinion_id);
    if (opinion === undefined) return undefined;
    opinion.asked += 1;
    const last = opinion.case_no.at(-1);
    if (opinion.status === 'received') opinion.status = 'in_process';
    else if (opinion.status === 'in_process' && last === '8' && opinion.supplements.size === 0) opinion.status = 'need_more';
    else if (opinion.status === 'in_process') opinion.status = last === '9' ? 'refused' : 'approved';
    return opinionReply(opinion_id, opinion);
  }

  function handle({ method, path, body }: SignedRequest): Reply | undefined {
    if (method === 'POST' && path === queriesPath) return takeQuery(body);
    if (method === 'POST' && path === opinionsPath) return takeOpinion(body);
    const [, supplemented] = /^\/share\/v1\/opinions\/([^/]+)\/supplements$/.exec(path) ?? [];
    if (method === 'POST' && supplemented !== undefined) {
      const opinion = opinions.get(supplemented);
      if (opinion === undefined) return undefined;
      opinion.supplements.set(Number(body['number']), String(body['text']));
      opinion.status = 'in_process';
      return opinionReply(supplemented, opinion);
    }
    if (method === 'GET' && path.startsWith(`${opinionsPath}/`)) return followOpinion(path.slice(opinionsPath.length + 1));
    if (method === 'GET' && path.startsWith(`${queriesPath}/`)) {
      const query_id = path.slice(queriesPath.length + 1);
      const query = queries.get(query_id);
      if (query === undefined) return undefined;
      query.asked += 1;
      return replyOf(query_id, query);
    }
    return undefined;
  }

  const server = await startSignedServer({
    port, secret: makeAgreedSecret(join(data_directory, 'keys'), gatewaySecret), handle,
    aboutOf: ({ path, body }) => (path.startsWith(opinionsPath) ? 'opinions' : String(body['contract'] ?? queries.get(path.slice(queriesPath.length + 1))?.contract ?? '').split('/')[0]!),
    page: () => tablePage('数据共享平台模拟(仅用于演示) · Data-sharing gateway, simulated', '证件号码尾号 404 查无、409 不一致、202 先受理后答复、422 拒绝,其余一致。 · Numbers ending in 404 are not found, in 409 differ, in 202 are answered later, in 422 refused; all others agree.',
      ['合同 contract', '事项 matter', '次数 given', '答复 answer'], [...queries.values()].reverse().slice(0, 100).map((query) => [query.contract, query.matter, String(query.given), query.reply.answer])),
  });
  return { address: server.address, queries: () => queries, opinions: () => opinions, fail: server.fail, close: server.close };
}
