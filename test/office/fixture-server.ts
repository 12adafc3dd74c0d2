/**
 * The workstation without a bureau behind it: answers from made-up data, for looking at screens.
 * `node test/office/fixture-server.ts [port]`. Acts change the version and state of a case, so that
 * notices, a lost line (`/break`), and a page out of date (`/stale`) can be seen.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyReply } from 'fastify';
import sharp from 'sharp';
import { codeFile } from '../../web/office/fixtures/code-files.ts';
import { serveWebFiles } from '../../src/programs/office/web-files.ts';
import { correcting, materials, moveToDali, objected, queueItems, readyToAccept, readyToApprove, readyToConfirm, readyToExecute, services, withTasks } from '../../web/office/fixtures/cases.ts';
import * as records from '../../web/office/fixtures/records.ts';
import { routeBpmn, routeSvg } from '../../src/modules/catalogue/route-drawing.ts';
import type { CaseState, CaseViewData } from '../../src/modules/cases/contract.ts';

const app = Fastify({ logger: false });
const views = new Map<string, CaseViewData>([moveToDali, readyToAccept, readyToApprove, readyToConfirm, readyToExecute, objected, correcting, withTasks].map((view) => [view.case_id, view]));
const viewOf = (case_id: string): CaseViewData => views.get(case_id) ?? { ...readyToAccept, case_id };
let signedIn = process.argv.includes('--signed-in');
let broken = false;
let stale = false;
let emptyQueues = false;

function refuse(reply: FastifyReply, status: number, code: string, title: string, title_en: string, more: object = {}): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ type: `urn:huzheng:refusal:${code}`, status, code, title, title_en, facts: {}, violations: [], request_id: 'fixture', ...more });
}

app.addHook('onRequest', async (request, reply) => {
  reply.header('content-security-policy', "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'");
  if (broken && request.method === 'POST' && request.url.startsWith('/api/cases/')) return reply.code(503).send('');
  const open = /^\/api\/(office\/setup|accounts\/sign-in|reference)/.test(request.url);
  if (request.url.startsWith('/api/') && !signedIn && !open) return refuse(reply, 401, 'kernel.signed_out', '请先登录。填写的内容已保留。', 'Sign in first. What you entered has been kept.');
  return undefined;
});
const language = (cookie: string | undefined): 'zh' | 'en' => (/huzheng_language=en/.test(cookie ?? '') ? 'en' : 'zh');

app.get('/api/office/setup', async () => records.setup);
app.get('/api/accounts/me', async () => records.me);
app.post('/api/accounts/sign-in', async (request, reply) => {
  const { police_number } = request.body as { police_number: string };
  if (police_number === '0000') return refuse(reply, 401, 'accounts.sign_in_failed', '警号或口令不正确。请核对后重试;忘记口令请联系本单位系统管理员重新发放启用码。', 'The police number or the password is not right.');
  return { challenge: 'c', methods: ['code', 'passkey'], expires_at: new Date(Date.now() + 300_000).toISOString(), demo_code: '482 913' };
});
app.post('/api/accounts/sign-in/code', async () => {
  signedIn = true;
  return { expires_at: records.me.expires_at, idle_minutes: 15 };
});
app.post('/api/accounts/me/confirmation', async () => ({ confirmed_until: new Date().toISOString() }));
app.post('/api/accounts/sign-out', async () => {
  signedIn = false;
  return {};
});
app.get('/api/reference/codes/:list', async (request) => codeFile((request.params as { list: string }).list));
app.get('/api/reference/addresses/search', async (request) => ({ addresses: /zzz/.test((request.query as { query: string }).query) ? [] : records.addresses }));

app.get('/api/cases/queues', async () => ({ queues: emptyQueues ? records.queues.map((queue) => ({ ...queue, count: 0, overdue: 0 })) : records.queues }));
app.get('/api/cases/queue', async (request) => {
  const { queue, filter } = request.query as { queue?: string; filter?: string };
  const items = queueItems(new Date()).filter((item) => (filter === undefined || item.applicant_name.includes(filter)) && (queue === undefined || queue === 'mine' || item.act === queue || item.state === queue));
  return { items: emptyQueues ? [] : items, next: null };
});
app.get('/api/cases/reasons', async () => ({
  reasons: [
    { code: 'not_competent', use: 'refuse_acceptance', label: { zh: '不属于本机关管辖', en: 'Not within our competence' }, law: { zh: '《行政许可法》第三十二条第一款第二项', en: 'Administrative Licensing Law, art. 32(1)(2)' } },
    { code: 'dwelling_not_lawful', use: 'reject', label: { zh: '合法稳定住所不成立', en: 'No lawful, stable dwelling' }, law: { zh: '《户口居民身份证管理工作规范(试行)》第四十条', en: '2021 work rules' } },
  ],
}));
app.get('/api/cases/messages', async () => records.messages);
app.get('/api/cases/rechecks', async () => records.rechecks);
app.post('/api/cases/:id/rechecks/:code', async (request) => ({ case_id: (request.params as { id: string }).id, case_version: 9, state: 'executed' }));
app.post('/api/cases/:id/attachments/:sha256/open', async (request) => ({ sha256: (request.params as { sha256: string }).sha256 }));
app.get('/api/cases/services', async () => ({ services: Object.values(services).map(({ code, name, summary }) => ({ code, name, summary })) }));
app.get('/api/cases/services/:code', async (request) => ({ service: services[(request.params as { code: string }).code], materials }));
app.get('/api/cases/:id/colleagues', async () => records.colleagues);
app.get('/api/cases/:id', async (request) => viewOf((request.params as { id: string }).id));
app.get('/api/cases/:id/timeline', async (request) => records.timelineOf(routeSvg(objected.steps, language(request.headers.cookie))));
app.get('/api/cases/:id/route.bpmn', async (request, reply) => reply.type('application/xml').send(routeBpmn(services['0502']!, (request.params as { id: string }).id)));
app.get('/api/cases/:id/attachments/:sha256', async (request, reply) => {
  const { sha256 } = request.params as { sha256: string };
  return reply.type('image/png').send(await scan(sha256));
});
app.post('/api/cases', async (request, reply) => {
  const { answers } = request.body as { answers: Record<string, unknown> };
  if (answers['reason'] !== undefined) return { case_id: readyToAccept.case_id, case_version: 1, state: 'submitted' };
  return refuse(reply, 422, 'kernel.invalid_input', '有 3 处需要改正,请看每一处的说明。', '3 entries need correction; see the note at each.', {
    violations: [
      { field: 'movers.0.id_number', code: 'ID_CHECK', zh: '公民身份号码的校验码不对,请对照证件逐位核对。', en: 'The check character is wrong; compare digit by digit.' },
      { field: 'address_id', code: 'address', zh: '请查找并选定“迁入地址”,选到门牌号。', en: 'Find and choose “New address”, down to the door number.' },
      { field: 'reason', code: 'required', zh: '请选择“迁移原因”。', en: 'Choose an answer for “Reason”.' },
    ],
  });
});
const after: Record<string, CaseState> = { accept: 'in_review', supplement: 'supplement', 'refuse-acceptance': 'not_accepted', execute: 'executed', withdraw: 'withdrawn', terminate: 'terminated' };
app.post('/api/cases/:id/:act', async (request, reply) => {
  const { id, act } = request.params as { id: string; act: string };
  const view = viewOf(id);
  if (stale) {
    stale = false;
    views.set(id, { ...view, case_version: view.case_version + 1, claim: { officer_id: 'other', name: '玉罕香', org_name: view.steps[0]!.org_name, phone: '0872-0000103', until: '2026-11-23T04:30:00Z', mine: false }, materials: view.materials.map((one) => (one.state === 'missing' ? { ...one, state: 'provided' } : one)), checks: view.checks.map((one) => ({ ...one, passed: true, finding: null })) });
    return refuse(reply, 409, 'cases.stale', '办件已有新进展:玉罕香于2026-11-23 09:41领办。请核对新内容后再操作。', 'The case has moved on: 玉罕香, 2026-11-23 09:41, took the case in hand. Check the new content, then act again.');
  }
  const state = after[act] ?? view.state;
  views.set(id, { ...view, state, case_version: view.case_version + 1 });
  return { case_id: id, case_version: view.case_version + 1, state };
});

app.post('/api/population/persons/search', async (request) => ({ persons: /无/.test((request.body as { name?: string }).name ?? '') ? [] : records.persons, next_cursor: null }));
app.post('/api/population/persons/by-number', async () => ({ person: { person_id: records.person.person_id, name: records.person.name, id_number_masked: records.person.id_number_masked, status: '0', station_code: '530102500000', station_name: records.person.household!.station_name, number_was_retired: false } }));
app.get('/api/population/persons/:id', async (request) => ({ ...records.person, as_of: (request.query as { as_of?: string }).as_of ?? null }));
app.get('/api/population/households/:id', async () => records.household);
app.get('/api/documents/cases/:id', async () => records.papers);
app.post('/api/documents/:id/:act', async (request) => ({ document_id: (request.params as { id: string }).id, printed: 1, number: '530102500000-2026-000121' }));
app.get('/api/accounts/officers', async () => records.staff);
app.get('/api/accounts/covers', async () => records.covers);
app.post('/api/accounts/posts/:id/covers', async () => ({ cover_id: records.covers.covers[0]!.cover_id }));
app.get('/api/exchange/counters', async () => records.counters);
app.get('/api/exchange/quarantine', async () => records.stuck);
app.get('/break/:on', async (request) => ({ broken: (broken = (request.params as { on: string }).on === 'on') }));
app.get('/stale', async () => ({ stale: (stale = true) }));
app.get('/empty/:on', async (request) => ({ empty: (emptyQueues = (request.params as { on: string }).on === 'on') }));
app.get('/sign-out-elsewhere', async () => ({ signedIn: (signedIn = false) }));

/** A page that looks like a certificate, drawn, not photographed. */
async function scan(sha256: string): Promise<Buffer> {
  const n = sha256[0];
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1400"><rect width="1000" height="1400" fill="#fbf7ea"/><rect x="40" y="40" width="920" height="1320" fill="none" stroke="#9b2b22" stroke-width="6"/>
    <text x="500" y="170" font-size="64" text-anchor="middle" font-family="Noto Serif CJK SC" fill="#9b2b22">${n === 'c' ? '常住人口登记卡' : '不动产权证书'}</text><text x="500" y="240" font-size="30" text-anchor="middle" font-family="Noto Sans CJK SC" fill="#666">(演示样张 ${n})</text>
    ${['权利人 段𬭊', '坐落 大理市下关街道龙山路龙泉巷128号', '苍洱佳苑二期17幢3单元1802室', '不动产单元号 532901 005012 GB00034 F00170182', '用途 城镇住宅用地/住宅', '面积 112.36 平方米', '登记日期 2019年06月18日'].map((line, index) => `<text x="110" y="${400 + index * 90}" font-size="36" font-family="Noto Sans CJK SC" fill="#222">${line}</text>`).join('')}
    <circle cx="740" cy="1130" r="120" fill="none" stroke="#c22" stroke-width="8"/><text x="740" y="1142" font-size="34" text-anchor="middle" fill="#c22" font-family="Noto Sans CJK SC">登记专用章</text></svg>`)).png().toBuffer();
}

const pages = join(import.meta.dirname, '../../build/office');
readFileSync(join(pages, 'index.html'));
serveWebFiles(app as never, pages);
const port = Number(process.argv[2] ?? 8099);
await app.listen({ port, host: '127.0.0.1' });
console.log(`http://127.0.0.1:${port}`);
