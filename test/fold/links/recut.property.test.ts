import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/simulator/random.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { BY_CUSTOMER } from '../../support/core/settings.ts';
import { deliver } from '../../support/links/deliveries.ts';
import { months } from '../../support/links/months.ts';
import { recut } from '../../support/links/recut.ts';
import { runs } from '../../support/runner/runs.ts';

const HOUR_MS = 3_600_000;

async function ofMonths(random: Random, isTimeless: boolean): Promise<PartitionedShop> {
  const shop = new PartitionedShop(1 + random.below(5), { settings: BY_CUSTOMER, isTimeless });
  const visits = months(random);
  let nowMs = 0;
  for (const [i, one] of visits.entries()) {
    nowMs = Math.max(nowMs, one.timestamp);
    await shop.tickDue(nowMs);
    shop.put(one);
    // Only what follows within the hour may come before what partitions tell each other.
    const next = visits[i + 1]?.timestamp ?? Number.POSITIVE_INFINITY;
    if (next - one.timestamp > HOUR_MS || random.chance(0.6)) await shop.settle();
  }
  await shop.settle();
  shop.tick(Math.max(...visits.map(({ timestamp }) => timestamp)) + 4 * HOUR_MS);
  await shop.settle();
  return shop;
}

async function ofHours(random: Random): Promise<PartitionedShop> {
  const [partitions, isBacklog, fallsDue] = [1 + random.below(5), random.chance(0.3), random.chance(0.5)];
  const how = { partitions, persons: 8, forgets: 0, repeats: 0.1, isBacklog, fallsDue };
  return (await deliver(how, random, new Map())).shop;
}

/** All but the feed of what happens now, which knows when something arrived. */
const countedBy = ({ totals }: PartitionedShop) =>
  Object.fromEntries(Object.entries(totals).filter(([name]) => !name.startsWith('actions')));

async function holds(seed: number, shopOf: (random: Random) => Promise<PartitionedShop>): Promise<void> {
  const random = new Random(seed);
  const shop = await shopOf(random);
  const copy = await recut(shop, 1 + random.below(5), BY_CUSTOMER);
  while (!copy.isQuiet)
    for (let partition = 0; partition < copy.partitions; partition++) {
      if (random.chance(0.2)) copy.changeOwner(partition);
      await copy.count(partition, 1 + random.below(20));
    }
  expect(countedBy(copy)).toEqual(countedBy(shop));
  const { events: _, ...tallies } = shop.tallies;
  expect(copy.tallies).toMatchObject(tallies);
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('a log that is copied for another number of partitions, with what those of the old one told each other', () => {
  test.each([
    ['over months', (random: Random) => ofMonths(random, false)],
    ['within hours, records late and twice', ofHours],
  ])('%s: comes to the same', { timeout: 300_000 }, async (_, shopOf) => {
    const property = fc.asyncProperty(seeds, (seed) => holds(seed, shopOf));
    await fc.assert(property, { numRuns: runs(20, 200), endOnFailure: true });
  });

  test('control: where those told nothing of time, that is found out', { timeout: 300_000 }, async () => {
    const broken = fc.asyncProperty(seeds, (seed) => holds(seed, (random) => ofMonths(random, true)));
    expect((await fc.check(broken, { numRuns: 200, seed: 1, endOnFailure: true })).failed).toBe(true);
  });
});
