/**
 * Answers are cut off after the work was done, on the road from the client to the office and on the road from the
 * office to the database: the client asks again under the same key, is told what was done, and it is done once.
 * The planted fault is a client that takes a new key for every attempt.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../../src/programs/demo/population/random.ts';
import { openFaultyBureau, people } from './parts/bureau.ts';
import { compareWithRegister, print, soundness, type Comparison } from './parts/compare.ts';
import { calm, openCuttingProxy, type CuttingProxy, type RoadFaults } from './parts/cutting-proxy.ts';
import { listed, seed, setting } from './parts/figures.ts';
import { pause } from './parts/http.ts';
import { Journal } from './parts/journal.ts';
import { drive, openCounter } from './parts/moves.ts';
import { freePort, Program } from './parts/program.ts';

const clients = 8;
const secondsMax = 120;
const road: RoadFaults = { cut: 0.08, delay: 0.03, drip: 0.03 };
/** So many answers must have been lost after the commit before the run may end. */
const committedUnansweredMin = setting('HUZHENG_CUTS', 100);

interface Outcome {
  comparison: Comparison;
  office: CuttingProxy['counts'];
  database: CuttingProxy['counts'];
  office_deaths: number;
  defects: number;
}

async function run(title: string, careless: boolean): Promise<Outcome> {
  const bureau = await openFaultyBureau();
  const toDatabase = await openCuttingProxy({ path: join(bureau.server('police').socket_directory, `.s.PGSQL.${bureau.server('police').port}`) }, seed, 'database');
  const port = await freePort();
  const office = new Program(['src/programs/office.ts'], bureau.environment({
    DATABASE_URL_POLICE: `postgresql://postgres@127.0.0.1:${toDatabase.port}/huzheng_police`, HUZHENG_OFFICE_PORT: String(port),
  }));
  const toOffice = await openCuttingProxy({ host: '127.0.0.1', port }, seed, 'office');
  try {
    const { lodgers } = bureau;
    await office.start();
    const counter = await openCounter(bureau, toOffice.port);
    const journal = new Journal({ random: new Random(seed, 'clients'), give_up: 0.02, renew_key: careless });
    [toOffice.faults, toDatabase.faults] = [road, road];

    let over = false;
    const driving = drive(clients, lodgers, () => over, (lodger) => (careless ? counter.enter(journal, lodger) : counter.move(journal, lodger)));
    const begun = Date.now();
    let committedUnanswered = 0;
    while (committedUnanswered < (careless ? 10 : committedUnansweredMin) && Date.now() - begun < secondsMax * 1000 && lodgers.length > 0) {
      await pause(1000);
      committedUnanswered = (await compareWithRegister(bureau, { wishes: journal.wishes.filter((wish) => wish.outcome !== 'unanswered') })).committed_unanswered;
    }
    over = true;
    const patience = setTimeout(() => (journal.over = true), 60_000);
    await driving;
    clearTimeout(patience);
    [toOffice.faults, toDatabase.faults] = [calm, calm];
    counter.close();

    const comparison = await compareWithRegister(bureau, journal);
    const share = ({ cut, answers }: CuttingProxy['counts']): string => `${cut} of ${answers}`;
    print(title, comparison, {
      seed, people, clients, seconds: Math.round((Date.now() - begun) / 1000), answers_cut_before_client: share(toOffice.counts), answers_cut_before_office: share(toDatabase.counts),
      attempts_without_answer: journal.broken, told_to_try_again: listed(journal.put_off), refusals: listed(journal.refusals()),
    });
    return { comparison, office: toOffice.counts, database: toDatabase.counts, office_deaths: office.deaths, defects: journal.put_off.get('kernel.defect') ?? 0 };
  } finally {
    await office.kill();
    await toOffice.close();
    await toDatabase.close();
    await bureau.close();
  }
}

test('an act whose answer was lost is told again, not done again', async () => {
  const { comparison, office, database, office_deaths, defects } = await run('answers cut', false);
  expect(comparison, `seed ${seed}`).toMatchObject(soundness);
  expect(comparison.committed_unanswered, `seed ${seed}`).toBeGreaterThanOrEqual(committedUnansweredMin);
  for (const { cut, answers } of [office, database]) expect(cut / answers).toBeGreaterThanOrEqual(0.05);
  // A lost connection leaves open what was done; "nothing was changed" would be a lie.
  expect({ office_deaths, defects }, `seed ${seed}`).toEqual({ office_deaths: 0, defects: 0 });
});

test('the comparison finds the duplicates of a client that takes a new key for every attempt (planted fault)', async () => {
  const { comparison } = await run('planted fault, a new key for every attempt', true);
  expect(comparison.duplicated, `seed ${seed}`).toBeGreaterThan(0);
});
