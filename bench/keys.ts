/**
 * What a clean case costs one officer at the counter: keys, seconds of the machine, and how soon the next form is there.
 * `node bench/keys.ts [--cases N]`
 *
 * The whole demo runs as real processes, a robot strikes keys in a real browser. People wait for themselves far more
 * than for the machine: the seconds printed are the machine's alone, without reading or thinking.
 */
import { launchBrowser } from '../test/browser/browser.ts';
import { startDemo } from '../test/browser/demo.ts';
import { couplesOf, enterBirth, enterCardLoss, enterMove, KeyRobot, moversTo, residentsOf } from '../test/browser/key-robot.ts';
import { Officer } from '../test/browser/officer.ts';
import { numberOption } from './parts/figures.ts';

const cases = numberOption('cases', 5);
const [demo, browser] = await Promise.all([startDemo({ people: 4000, seed: 20261122 }), launchBrowser()]);
try {
  const { target } = demo.bureau.stations;
  const robot = new KeyRobot(await Officer.at(browser, demo.office, '910001'), demo.reader);
  const [couples, movers, residents] = [await couplesOf(demo, target), await moversTo(demo, target), await residentsOf(demo, target)];
  const journeys = [
    { service: '0101', what: 'birth', bound: 35, act: 'execute' as const, enter: (at: number) => enterBirth(robot, couples[at]!.mother, couples[at]!.father), people: couples.length },
    { service: '0501', what: 'move in', bound: 45, act: 'accept' as const, enter: (at: number) => enterMove(robot, movers[at]!, target), people: movers.length },
    { service: '1303', what: 'lost card', bound: 20, act: 'accept' as const, enter: (at: number) => enterCardLoss(robot, residents[at]!), people: residents.length },
  ];
  console.log(`keys: chords count each key, Chinese counts as pinyin, readers and register count nothing; ${cases} cases of each service, one after the other\n`);
  console.log('service  what        keys to entry, with acceptance (bound)   machine seconds to entry   next form, ms (bound 150): median, slowest');
  for (const { service, what, bound, act, enter, people } of journeys) {
    await robot.open(demo.office, service);
    const keys: number[] = [];
    const seconds: number[] = [];
    const next: number[] = [];
    for (let at = 0; at < Math.min(cases, people - 1); at++) {
      robot.keys = 0;
      const begun = performance.now();
      await enter(at);
      seconds.push((performance.now() - begun) / 1000);
      keys.push(robot.keys);
      next.push(await robot.nextCase());
    }
    // One more, which is also taken in by the same officer.
    robot.keys = 0;
    await enter(keys.length);
    await robot.takeIn(act);
    const middle = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
    console.log(`${service}     ${what.padEnd(10)}  ${String(Math.max(...keys)).padStart(3)}, ${robot.keys} (${bound})                          ${middle(seconds).toFixed(1).padStart(5)}                      ${middle(next).toFixed(0)}, ${Math.max(...next).toFixed(0)}`);
  }
} finally {
  await browser.close();
  await demo.stop();
}
