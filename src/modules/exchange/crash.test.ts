/** A courier may be killed between any two steps. Each point is walked once, on either side. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { twoNetworks, type Side, type TwoNetworks } from '../../../test/harness/two-networks.ts';
import { ferryUntilQuiet, runCourierOnce, type CourierOptions } from './courier.ts';

let world: TwoNetworks;
beforeAll(async () => {
  world = await twoNetworks();
});
beforeEach(() => world.clear());
afterAll(() => world.close());

class Killed extends Error {}

/** Dies at the given step and stays dead: whatever would still run after it dies too. */
function killedAt(courier: CourierOptions, point: number): CourierOptions {
  let passed = 0;
  return {
    ...courier,
    crashPoint(step) {
      if (passed++ >= point) throw new Killed(`at step ${point}: ${step}`);
    },
  };
}

const opposite = { police: 'internet', internet: 'police' } as const;

/** One note with a page each way, and one towards the mortal courier that its handler cannot take. */
async function sendSome(mortal: Side, other: Side): Promise<void> {
  for (const side of [mortal, other]) {
    const sha256 = await side.courier.blobs.put(Buffer.from(`page of ${side.network}`));
    await side.send('A', `from ${side.network}`, [{ sha256, media_type: 'image/png' }]);
  }
  await other.send('B', 'poison');
}

/** Both notes once, nothing rung but the poison, nothing refused, every receipt there. */
async function expectWhole(mortal: Side, other: Side): Promise<void> {
  for (const seconds of [61, 1, 4]) {
    world.later(seconds);
    await ferryUntilQuiet(world.couriers);
  }
  expect((await mortal.notes()).map((note) => note.text)).toEqual([`from ${other.network}`]);
  expect((await other.notes()).map((note) => note.text)).toEqual([`from ${mortal.network}`]);
  expect(await mortal.look('select kind from exchange.alarm')).toEqual([{ kind: 'quarantine' }]);
  expect(await other.look('select kind from exchange.alarm')).toEqual([]);
  for (const side of [mortal, other]) {
    expect(await side.look('select reason from exchange.refused_file')).toEqual([]);
    expect(await side.look('select sequence from exchange.outgoing_parcel where needs_receipt and receipt_at is null')).toEqual([]);
  }
}

test.each(['internet', 'police'] as const)('a courier of the %s killed at any step loses nothing, doubles nothing and rings no false alarm', async (network) => {
  const mortal = world[network];
  const other = world[opposite[network]];
  for (let point = 0; ; point++) {
    await world.clear();
    await sendSome(mortal, other);
    let killed = false;
    for (let turn = 0; turn < 3 && !killed; turn++) {
      await runCourierOnce(other.courier);
      await runCourierOnce(killedAt(mortal.courier, point)).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        killed = true;
      });
    }
    await expectWhole(mortal, other);
    if (killed) continue;
    // The walk has come to its end, so it was a walk.
    expect(point).toBeGreaterThan(25);
    return;
  }
}, 300_000);
