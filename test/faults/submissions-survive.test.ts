/**
 * Citizens submit through the portal while the portal, both couriers, both workers, the office and both databases are
 * killed outright at random and answers on the way to the citizen are cut: every receipt number that was shown ends as
 * exactly one case, and what became of the case comes back once. Beside the careful citizens a few apply who begin
 * anew when no answer comes: of them the same comparison must find duplicates (planted fault).
 */
import http from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Random } from '../../src/programs/demo/population/random.ts';
import { buildWeb } from '../../src/programs/demo/web-build.ts';
import { startSmsSimulator } from '../../src/programs/simulators/sms.ts';
import { makeApplicant, signInCitizens, type Applicant } from './parts/applicant.ts';
import { applicationsSound, compareApplications } from './parts/applications.ts';
import { openFaultyBureau, people, type FaultyBureau } from './parts/bureau.ts';
import { openCuttingProxy } from './parts/cutting-proxy.ts';
import { openDesk } from './parts/desk.ts';
import { listed, seed, setting, spread } from './parts/figures.ts';
import { pause } from './parts/http.ts';
import { Journal } from './parts/journal.ts';
import { freePort, Program } from './parts/program.ts';

const clients = 6;
const careful = 400;
const careless = 10;
const secondsMax = 90;
const settleSecondsMax = 180;
const networks = ['police', 'internet'] as const;

/** Whatever is still on its way between or inside the networks. */
const underWay = {
  police: `select (select count(*) from kernel.event where handled_at is null) + (select count(*) from exchange.outgoing_parcel where receipt_at is null and needs_receipt)
    + (select count(*) from exchange.incoming_parcel where state <> 'applied') + (select count(*) from cases.case_file where state = 'submitted') as count`,
  internet: `select (select count(*) from kernel.event where handled_at is null) + (select count(*) from exchange.outgoing_parcel where receipt_at is null and needs_receipt)
    + (select count(*) from exchange.incoming_parcel where state <> 'applied') + (select count(*) from portal.message where state <> 'delivered') as count`,
} as const;

async function leftUnderWay(bureau: FaultyBureau): Promise<number> {
  const counts = await Promise.all(networks.map((network) => bureau.look<{ count: string }>(underWay[network], [], network)));
  return counts.reduce((sum, [row]) => sum + Number(row!.count), 0);
}

test('every receipt number shown to a citizen is exactly one case, whoever dies meanwhile', async () => {
  await buildWeb(join(import.meta.dirname, '../..'), AbortSignal.timeout(120_000));
  const random = new Random(seed, 'nemesis of submissions');
  const bureau = await openFaultyBureau({ networks });
  const sms = await startSmsSimulator({ port: 0, data_directory: bureau.data });
  const [portalPort, officePort] = [await freePort(), await freePort()];
  const program = (file: string, network: 'police' | 'internet', ...words: string[]): Program => new Program([`src/programs/${file}.ts`, ...words], bureau.environment({
    [`DATABASE_URL_${network.toUpperCase()}`]: bureau.url(network), HUZHENG_SMS_GATEWAY_URL: sms.address, HUZHENG_PORTAL_PORT: String(portalPort), HUZHENG_OFFICE_PORT: String(officePort),
  }));
  const programs: Record<string, Program> = {
    portal: program('portal', 'internet'), office: program('office', 'police'),
    ...Object.fromEntries(networks.flatMap((network) => ['worker', 'courier'].map((name) => [`${name} ${network}`, program(name, network, '--network', network)]))),
  };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const toPortal = await openCuttingProxy({ host: '127.0.0.1', port: portalPort }, seed, 'portal');
  const toCareless = await openCuttingProxy({ host: '127.0.0.1', port: portalPort }, seed, 'careless');
  try {
    await Promise.all(Object.values(programs).map((one) => one.start()));
    const desk = await openDesk(bureau, agent, officePort, 'station_officer', bureau.bureau.stations.origin);
    const lodgers = bureau.lodgers.slice(0, careful + careless);
    const tokens = await signInCitizens(bureau, lodgers);
    const picture = { name: '工作证.jpg', bytes: await sharp({ create: { width: 900, height: 700, channels: 3, background: '#f4efe6' } }).jpeg().toBuffer() };
    const applicants = lodgers.map((lodger, at): Applicant => makeApplicant(lodger, {
      agent, port: (at < careless ? toCareless : toPortal).port, token: tokens.get(lodger.person_id)!, random, picture: at % 3 === 0 && at >= careless ? picture : undefined, careless: at < careless,
    }));
    toPortal.faults = { cut: 0.05, delay: 0.02, drip: 0.02 };
    toCareless.faults = { cut: 0.3, delay: 0, drip: 0 };

    // One officer executes what arrives; an answer that stayed away is asked for again under the same key.
    const journal = new Journal({ random: new Random(seed, 'officer'), give_up: 0 });
    let closing = false;
    const seen: string[] = [];
    const officer = (async () => {
      while (!closing) {
        const waiting = await bureau.look<{ case_id: string; version: number; receipt_no: string; person_id: string }>(
          `select case_id, version, receipt_no, applicant_person_id as person_id from cases.case_file where state = 'submitted' and case_id <> all($1::uuid[]) order by case_no limit 20`, [seen]).catch(() => []);
        for (const { case_id, version: case_version, receipt_no, person_id } of waiting) {
          seen.push(case_id);
          await journal.wish({ act: 'execute', case_id, mark: receipt_no, person_id }, (key) => desk.post(`/api/cases/${case_id}/execute`, { case_version }, key));
        }
        await pause(200);
      }
    })();

    let over = false;
    const begun = Date.now();
    const queue = [...applicants];
    const applying = Promise.all(Array.from({ length: clients }, async () => {
      for (let next = queue.shift(); next !== undefined && !over; next = queue.shift()) await next.apply(() => Date.now() - begun > (secondsMax + 60) * 1000);
    }));

    const kills = new Map<string, number>();
    const back: number[] = [];
    const victims = [...Object.keys(programs), ...networks.map((network) => `database ${network}`)];
    const bag: string[] = [];
    for (let round = 0; round < setting('HUZHENG_KILLS', 24) && Date.now() - begun < secondsMax * 1000; round++) {
      await pause(random.between(300, 1200));
      // From a bag that is filled again when empty: everybody dies about equally often.
      if (bag.length === 0) bag.push(...victims);
      const victim = bag.splice(random.between(0, bag.length - 1), 1)[0]!;
      kills.set(victim, (kills.get(victim) ?? 0) + 1);
      const struck = performance.now();
      if (victim.startsWith('database')) {
        await bureau.killDatabase(victim.endsWith('police') ? 'police' : 'internet');
      } else {
        await programs[victim]!.kill();
        await programs[victim]!.start();
      }
      back.push(performance.now() - struck);
    }
    over = true;
    await applying;
    const quietBy = Date.now() + settleSecondsMax * 1000;
    while ((await leftUnderWay(bureau)) > 0 && Date.now() < quietBy) await pause(500);
    closing = true;
    journal.over = true;
    await officer;

    const begunApplications = applicants.map(({ application }) => application).slice(0, applicants.length - queue.length);
    const refused = begunApplications.filter((one) => one.refused !== undefined);
    const main = await compareApplications(bureau, begunApplications.slice(careless));
    const planted = await compareApplications(bureau, begunApplications.slice(0, careless));
    const leftOver = await leftUnderWay(bureau);
    const [messages] = await bureau.look<{ count: number }>('select count(*)::int as count from portal.message', [], 'internet');
    const [refusedFiles, alarms] = await Promise.all(['select reason as name from exchange.refused_file', 'select kind as name from exchange.alarm'].map(async (text) =>
      (await Promise.all(networks.map((network) => bureau.look<{ name: string }>(text, [], network)))).flat().map(({ name }) => name)));
    const deaths = Object.values(programs).reduce((sum, one) => sum + one.deaths, 0);
    console.log(`submissions: receipts shown ${main.receipts_shown}, lost ${main.lost}, duplicated ${main.duplicated}, submitted but unanswered ${main.submitted_unanswered}; planted fault: duplicated ${planted.duplicated} of ${planted.applicants} careless applicants`);
    console.log(`  ${Object.entries(main).slice(5).map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`).join(', ')}, still under way ${leftOver}, executions refused: ${listed(journal.refusals())}`);
    console.log(`  seed ${seed}, people ${people}, clients ${clients}, kills ${back.length} (${listed(kills)}), back ${spread(back)}, answers cut ${toPortal.counts.cut} of ${toPortal.counts.answers}, alarms ${[...new Set(alarms)].join(' ') || 'none'}, messages ${messages!.count}, SMS sent ${sms.messages().length}`);
    expect(refused.map((one) => one.refused), `seed ${seed}`).toEqual([]);
    expect(main, `seed ${seed}`).toMatchObject(applicationsSound);
    expect(main.receipts_shown).toBeGreaterThan(10);
    expect(planted.duplicated, `seed ${seed}`).toBeGreaterThan(0);
    expect({ left_over: leftOver, refused_files: refusedFiles, deaths, not_executed: journal.wishes.filter((wish) => wish.outcome !== 'acknowledged').length, sms: sms.messages().length }, `seed ${seed}`)
      .toEqual({ left_over: 0, refused_files: [], deaths: 0, not_executed: 0, sms: messages!.count });
  } finally {
    agent.destroy();
    await Promise.all(Object.values(programs).map((one) => one.kill()));
    await toPortal.close();
    await toCareless.close();
    await sms.close();
    await bureau.close();
  }
});
