/**
 * The worker is killed outright while it sets papers and tells applicants of acts on their cases: every act is told
 * once and in order, every paper is issued once and its file is whole. The planted fault is a worker whose effects
 * are committed apart from the mark that the news was handed on.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actAsSystem, diskBlobStore, openDatabase, sha256, systemClock, type BlobStore } from '../../src/kernel/index.ts';
import { catalogue, type SubmitApplicationBody } from '../../src/modules/catalogue/index.ts';
import { parcelHandlers } from '../../src/modules/cases/index.ts';
import { Random } from '../../src/programs/demo/population/random.ts';
import { openFaultyBureau, people, type FaultyBureau } from './parts/bureau.ts';
import { listed, seed, setting } from './parts/figures.ts';
import { pause } from './parts/http.ts';
import { Journal } from './parts/journal.ts';
import { declarationOf, drive, listAddresses, markOf, openCounter, type Entered } from './parts/moves.ts';
import { freePort, Program } from './parts/program.ts';

const clients = 3;
const secondsMax = 150;
const acts = ['submit', 'accept', 'review', 'approve', 'confirm_out', 'execute'];

/** What each executed case must have told, by act number of its chain. */
const wanted = [
  ...acts.map((_, at) => `progress ${at + 1}`),
  'paper receipt 2', 'paper approval_notice 6', 'paper booklet 6', 'notice receipt 2', 'notice approval_notice 6', 'message 已受理', 'message 已办结',
];

interface Told { case_id: string; told: string; times: number }

/** Everything that was made for the applicants, counted by case and act. */
function listTold(bureau: FaultyBureau): Promise<Told[]> {
  return bureau.look<Told>(`
    with parcel as (select c.case_id, p.* from exchange.outgoing_parcel p join cases.case_file c on c.receipt_no = p.order_key)
    select case_id, told, count(*)::int as times from (
      select case_id, 'progress ' || (body ->> 'sequence') as told from parcel where kind = 'cases.progress'
      union all select case_id, 'paper ' || kind || ' ' || case_event from documents.document
      union all select p.case_id, 'notice ' || d.kind || ' ' || d.case_event from parcel p join documents.document d on d.document_id = (p.body ->> 'document_id')::uuid where p.kind = 'cases.notice'
      union all select case_id, 'message ' || coalesce(substring(body ->> 'text' from '已受理|已办结'), body ->> 'text') from parcel where kind = 'cases.message_to_citizen'
    ) as everything group by case_id, told order by case_id, told`);
}

/** Applications as they arrive from the portal: only those are told by parcel. @returns the cases, the first at the end */
async function arrive(bureau: FaultyBureau, count: number): Promise<Entered[]> {
  const database = openDatabase({ network: 'police', url: bureau.url('police'), connections_max: 1 });
  const blobs = policeBlobs(bureau);
  const scan = Buffer.from('a scan of a title deed');
  const deed = { sha256: await blobs.put(scan), media_type: 'image/png' as const, file_name: '不动产权证.png', bytes: scan.byteLength };
  const addresses = await listAddresses(bureau);
  try {
    for (let n = 1; n <= count; n++) {
      const lodger = bureau.lodgers.at(-n)!;
      const body: SubmitApplicationBody = {
        receipt_no: String(n).padStart(8, '0'), service_code: '0503', catalogue_version: catalogue().services.get('0503')!.version, submitted_at: new Date().toISOString(),
        citizen: { name: lodger.name, id_number: lodger.id_number, phone: markOf(n), identity_level: 3 },
        answers: declarationOf(lodger, markOf(n), addresses[n % addresses.length]!.address_id), materials: [{ code: 'M24', by: 'provided', attachments: [deed] }],
      };
      await actAsSystem(database, { clock: systemClock, blobs, name: 'arrival' }, (context) =>
        parcelHandlers['portal.submit_application'].handle(context, body, { parcel_id: '', order_key: body.receipt_no, sequence: n, attachments: [] }));
    }
  } finally {
    await database.close();
  }
  const rows = await bureau.look<{ case_id: string; version: number; mark: string }>('select case_id, version, applicant_phone as mark from cases.case_file order by applicant_phone desc');
  return rows.map(({ case_id, version: case_version, mark }) => ({ mark, answer: { case_id, case_version } }));
}

const policeBlobs = (bureau: FaultyBureau): BlobStore => diskBlobStore(join(bureau.data, 'blobs-police'));

interface Outcome { missing: number; surplus: number; out_of_order: number; files_broken: number; events_left: number; worker_deaths: number; kills: number; executed: number }

async function run(title: string, command: readonly [string, ...string[]], cases: number, kills: number): Promise<Outcome> {
  const random = new Random(seed, title);
  const bureau = await openFaultyBureau();
  const port = await freePort();
  const environment = bureau.environment({ DATABASE_URL_POLICE: bureau.url('police'), HUZHENG_OFFICE_PORT: String(port) });
  const office = new Program(['src/programs/office.ts'], environment);
  const worker = new Program(command, environment);
  try {
    await Promise.all([office.start(), worker.start()]);
    const counter = await openCounter(bureau, port);
    const journal = new Journal({ random: new Random(seed, 'clients'), give_up: 0 });
    const entered = await arrive(bureau, cases);
    const driving = drive(clients, bureau.lodgers.slice(-cases), () => false, (lodger) => counter.carry(journal, lodger, entered.pop()!));

    const begun = Date.now();
    const eventsLeft = async (): Promise<number> => (await bureau.look<{ count: number }>('select count(*)::int as count from kernel.event where handled_at is null'))[0]!.count;
    let killed = 0;
    let midst = 0;
    while (killed < kills && Date.now() - begun < secondsMax * 1000) {
      await pause(random.between(150, 900));
      const [{ open }] = await bureau.look<{ open: number }>(`select count(*)::int as open from pg_stat_activity where application_name = 'huzheng-worker-police' and xact_start is not null`) as [{ open: number }];
      await worker.kill();
      killed++;
      if (open > 0) midst++;
      await worker.start();
    }
    await driving;
    while ((await eventsLeft()) > 0 && Date.now() - begun < secondsMax * 1000) await pause(200);
    counter.close();

    const told = await listTold(bureau);
    const timesOf = new Map(told.map((row) => [`${row.case_id} ${row.told}`, row.times]));
    const executed = await bureau.look<{ case_id: string }>(`select case_id from cases.case_file where state = 'executed' order by case_id`);
    const missing = executed.flatMap(({ case_id }) => wanted.filter((one) => !timesOf.has(`${case_id} ${one}`))).length;
    const surplus = told.reduce((sum, { told: one, times }) => sum + (wanted.includes(one) ? times - 1 : times), 0);
    const [{ out_of_order }] = await bureau.look<{ out_of_order: number }>(`
      select count(*)::int as out_of_order from (
        select (body ->> 'sequence')::int < lag((body ->> 'sequence')::int) over (partition by order_key order by position) as back from exchange.outgoing_parcel where kind = 'cases.progress'
      ) as told where back`) as [{ out_of_order: number }];
    const blobs = policeBlobs(bureau);
    const papers = await bureau.look<{ sha256: string }>('select distinct sha256 from documents.document order by sha256');
    const whole = await Promise.all(papers.map(async (paper) => sha256(await blobs.get(paper.sha256)) === paper.sha256));
    const outcome = {
      missing, surplus, out_of_order, files_broken: whole.filter((ok) => !ok).length, events_left: await eventsLeft(), worker_deaths: worker.deaths, kills: killed, executed: executed.length,
    };
    console.log(`${title}: ${executed.length} cases executed, ${told.reduce((sum, row) => sum + row.times, 0)} tellings and papers, missing ${missing}, surplus ${surplus}, out of order ${out_of_order}, broken files ${outcome.files_broken}`);
    console.log(`  seed ${seed}, people ${people}, cases entered ${cases}, refusals ${listed(journal.refusals())}, kills ${killed}, of these amid a transaction ${midst}, seconds ${Math.round((Date.now() - begun) / 1000)}`);
    return outcome;
  } finally {
    await Promise.all([office.kill(), worker.kill()]);
    await bureau.close();
  }
}

test('a worker that is killed tells every act once, in order, and issues every paper once', async () => {
  const cases = setting('HUZHENG_CASES', 60);
  const outcome = await run('worker killed', ['src/programs/worker.ts', '--network', 'police'], cases, setting('HUZHENG_KILLS', 20));
  expect(outcome, `seed ${seed}`).toMatchObject({ executed: cases, missing: 0, surplus: 0, out_of_order: 0, files_broken: 0, events_left: 0, worker_deaths: 0 });
});

test('the count finds the doubles of a worker that commits its effects apart (planted fault)', async () => {
  const outcome = await run('planted fault, effects committed apart', ['test/faults/parts/careless-worker.ts'], 12, 6);
  expect(outcome.surplus, `seed ${seed}`).toBeGreaterThan(0);
});
