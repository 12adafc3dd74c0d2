/**
 * Whether the portal gives away, by the time it takes, that a number is in the register.
 * `node bench/number-guessing.ts [--people N] [--seed N] [--pairs N]`
 *
 * Somebody applies to move together with a second person: half of the applications name a real number with its name,
 * half the same name with a well-formed number that nobody bears, in an order drawn from the seed. Measured are the
 * two posts that carry the number (the page of movers, and the submission), as the applicant sees them, and the time
 * the police side takes for the parcel, which no page of the portal waits for.
 */
import { join } from 'node:path';
import { actAsSystem, diskBlobStore, newId, openDatabase, systemClock } from '../src/kernel/index.ts';
import { parcelHandlers } from '../src/modules/cases/index.ts';
import { checkCharacter } from '../src/modules/reference/index.ts';
import { openBureau, type BenchBureau } from './parts/bureau.ts';
import { numberOption, printSpreads, spreadOf } from './parts/figures.ts';
import { startPortal, type PortalVisitor } from './parts/portal-visitor.ts';

const people = numberOption('people', 20_000);
const seed = numberOption('seed', 20261122);
const pairs = numberOption('pairs', 300);
/** Rounds before anything counts: plans, caches and compiled code are there. */
const warmUps = 20;
const shuffles = 5000;

interface Person {
  name: string;
  id_number: string;
}
type Kind = 'existing' | 'unknown';
interface Sample {
  kind: Kind;
  movers_ms: number;
  submit_ms: number;
  police_ms: number;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const random = randomFrom(seed);

const bench = await openBureau(people, seed);
try {
  await measure(bench);
} finally {
  await bench.close();
}

async function measure({ owner, bureau, directory, police_url, server }: BenchBureau): Promise<void> {
  const { rows: known } = await owner.query<Person>(`select name, id_number from population.person where status = '0' order by id_number limit $1`, [pairs + warmUps + 1]);
  const taken = new Set((await owner.query<{ id_number: string }>('select id_number from population.person where id_number is not null')).rows.map(({ id_number }) => id_number));
  const { rows: [address] } = await owner.query<{ address_id: string }>('select address_id from reference.standard_address where station_code = $1 order by address_id limit 1', [bureau.stations.target]);
  const portal = await startPortal({ owner, directory, police_url, server, close: async () => {} });
  const police = openDatabase({ network: 'police', url: police_url, connections_max: 2, application: 'huzheng-courier' });
  const internet = openDatabase({ network: 'internet', url: server.url('huzheng_internet'), connections_max: 1, role: null });
  try {
    const applicant = known[0]!;
    const visitor = await portal.signIn(applicant);
    const samples: Sample[] = [];
    for (const [at, person] of known.slice(1).entries()) {
      const both: Kind[] = random() < 0.5 ? ['existing', 'unknown'] : ['unknown', 'existing'];
      for (const kind of both) {
        const companion = kind === 'existing' ? person : { name: person.name, id_number: nobodysNumber(person.id_number, taken) };
        const sample = { kind, ...await apply(visitor, applicant, companion, address!.address_id), police_ms: await handParcelOver() };
        if (at >= warmUps) samples.push(sample);
      }
    }
    report(samples);
  } finally {
    await internet.close();
    await police.close();
    await portal.close();
  }

  /** What the courier does with the parcel of the last submission. */
  async function handParcelOver(): Promise<number> {
    const { rows: [parcel] } = await internet.pool.query<{ body: Record<string, unknown> }>(`select body from exchange.outgoing_parcel where kind = 'portal.submit_application' order by position desc limit 1`);
    const begun = performance.now();
    await actAsSystem(police, { clock: systemClock, blobs: diskBlobStore(join(directory, 'data', 'blobs-police')), name: 'courier' }, (context) =>
      parcelHandlers['portal.submit_application'].handle(context, parcel!.body as never, { parcel_id: newId(), order_key: 'bench', sequence: 1, attachments: [] }));
    return performance.now() - begun;
  }
}

/** Same area, same birthday, same sex, right check character, and nobody's. */
function nobodysNumber(id_number: string, taken: ReadonlySet<string>): string {
  for (let sequence = Number(id_number.slice(14, 17)) % 2; sequence < 1000; sequence += 2) {
    const digits = id_number.slice(0, 14) + String(sequence).padStart(3, '0');
    const number = digits + checkCharacter(digits);
    if (!taken.has(number)) return number;
  }
  throw new Error(`every number of ${id_number.slice(0, 14)} is taken`);
}

/** A whole application, of which the two posts that carry the number are timed. */
async function apply(visitor: PortalVisitor, applicant: Person, companion: Person, address_id: string): Promise<{ movers_ms: number; submit_ms: number }> {
  const must = <T extends { status: number; text: string }>(answer: T, what: string): T => {
    if (answer.status !== 303) throw new Error(`${what}: ${answer.status} ${answer.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 600)}`);
    return answer;
  };
  const draft = must(await visitor.post('/apply/0503', {}), 'draft').location;
  const section = (name: string, fields: Record<string, string>) => visitor.post(`${draft}/section/${name}`, fields);
  const movers = must(await section('movers', {
    'movers.0.name': applicant.name, 'movers.0.id_number': applicant.id_number, 'movers.0.relation': '02',
    'movers.1.name': companion.name, 'movers.1.id_number': companion.id_number, 'movers.1.relation': '99', whole_household: 'yes',
  }), 'movers');
  must(await section('target', { address_id, household_choice: 'new' }), 'target');
  must(await section('reason', { reason: '99', housing_basis: 'owned' }), 'reason');
  must(await section('delivery', { applicant_phone: '13800001234', delivery_mode: 'electronic' }), 'delivery');
  must(await visitor.post(`${draft}/materials/M24`, { 'M24.way': 'certificate', 'M24.certificate_no': '云(2026)昆明市不动产权第0000001号' }), 'paper');
  const submitted = must(await visitor.post(`${draft}/check`, { declare: 'yes' }), 'submission');
  if (!submitted.location.endsWith('/submitted')) throw new Error(`not submitted: ${submitted.location}`);
  return { movers_ms: movers.ms, submit_ms: submitted.ms };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** How often chance alone makes medians differ as much: the labels are dealt anew many times. */
function chanceOf(difference: number, existing: readonly number[], unknown: readonly number[]): number {
  const all = [...existing, ...unknown];
  let asLarge = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    for (let at = all.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [all[at], all[other]] = [all[other]!, all[at]!];
    }
    if (Math.abs(median(all.slice(0, existing.length)) - median(all.slice(existing.length))) >= Math.abs(difference)) asLarge++;
  }
  return (asLarge + 1) / (shuffles + 1);
}

function report(samples: readonly Sample[]): void {
  const parts = { 'page of movers': 'movers_ms', submission: 'submit_ms', 'parcel on the police side': 'police_ms' } as const;
  console.log(`\nnumber guessing: ${people} people, seed ${seed}, ${samples.length / 2} applications of each kind, one after the other in drawn order, ${warmUps} pairs before`);
  for (const [title, part] of Object.entries(parts)) {
    const of = (kind: Kind): number[] => samples.filter((sample) => sample.kind === kind).map((sample) => sample[part]);
    const [existing, unknown] = [of('existing'), of('unknown')];
    printSpreads(title, { 'number of the register': spreadOf(existing), 'number of nobody': spreadOf(unknown) });
    const difference = median(existing) - median(unknown);
    const chance = chanceOf(difference, existing, unknown);
    console.log(`medians differ by ${(difference * 1000).toFixed(0)} µs; chance alone does as much in ${(chance * 100).toFixed(1)} % of dealings: ${chance < 0.01 ? 'they DIFFER' : 'no difference shows'}`);
  }
  console.log('\nThe portal asks the register nothing: the first two must show no difference. The third is never waited for by a page; its answer comes with the next round of the couriers, seconds later.');
}
