import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartitionId } from '../../../src/events/partition.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import type { LaneNeeds, LaneSnapshot } from '../../../src/fold/state/snapshot.ts';
import { Random } from '../../../src/simulator/random.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { type Delivery, deliver, type Occurred, storedOf } from '../../support/links/deliveries.ts';
import { KINDS } from '../../support/links/people.ts';
import { runs } from '../../support/runner/runs.ts';

const occurred: Occurred = new Map();
/** In these all that is asked for occurs. */
const SURE: [number][] = [1, 2, 3, 4, 5, 6, 11].map((seed) => [seed]);
const seeds = fc.integer({ min: 1, max: 1_000_000 });

async function holds(seed: number, how: Partial<Delivery> = {}): Promise<void> {
  const random = new Random(seed);
  const delivery = {
    partitions: 1 + random.below(5),
    persons: 14,
    forgets: random.chance(0.5) ? 0.3 : 0,
    repeats: 0.1,
    isBacklog: random.chance(0.3),
    fallsDue: random.chance(0.5),
    ...how,
  };
  const { shop, plain } = await deliver(delivery, random, occurred);
  const { opened = 0, emptied = 0, purchased = 0, ...exact } = plain.sums;
  expect(storedOf(shop, Object.keys(exact))).toEqual(exact);
  // Where a guest comes back before the link has reached their partition, there is one cart and not two; where the user buys before it is
  // known that the guest came back, the guest's cart is bought by itself.
  const carts = storedOf(shop, ['opened', 'emptied', 'purchased']);
  const [joined, bought] = [opened - (carts['opened'] ?? 0), (carts['purchased'] ?? 0) - purchased];
  expect([joined, bought].filter((n) => n < 0)).toEqual([]);
  expect(joined + bought).toBeLessThanOrEqual(plain.doubtful);
  expect(carts['emptied']).toBe(emptied - joined - bought);
  for (const [what, n] of Object.entries({ 'cart that was one': joined, 'cart that was bought by itself': bought }))
    occurred.set(what, (occurred.get(what) ?? 0) + n);
  const said = shop.messages.map(({ topic, user_id, value }) => [topic, user_id, value]);
  expect(said.sort()).toEqual(plain.left.map(({ user, cents }) => ['abandoned', user, cents / 100]).sort());
  expect(shop.tallies['held'] ?? 0).toBe(0);
}

const property = (how: Partial<Delivery> = {}) => fc.asyncProperty(seeds, (seed) => holds(seed, how));

describe('guests and users in any partitions, records between them late, twice and in any order', () => {
  test('every number is that of the plain count, and every message', { timeout: 300_000 }, async () => {
    await fc.assert(property(), { numRuns: runs(11, 30), endOnFailure: true, examples: SURE });
  });

  test.each([
    ...KINDS,
    'event sent twice',
    'refund by the shop',
    'refund by the visitor',
    'session of who had bought before',
    'early refund by a guest',
    'early refund by a user',
    'early refund by the shop',
    'guest and user in one partition',
    'guest and user in two',
    'record that came twice',
    'several records in a unit',
    'events that waited',
    'another owner while events wait',
    'cart that was one',
    'cart that was bought by itself',
    'message that was taken back',
  ])('%s: it was among them', (what) => {
    expect(occurred.get(what) ?? 0).toBeGreaterThan(0);
  });
});

describe('controls: a fold that does not know what it should is found out', () => {
  const isFound = async (store: () => MemoryStateStore): Promise<boolean> => {
    const broken = fc.asyncProperty(seeds, (seed) => holds(seed, { store: store(), forgets: 1, repeats: 0.3 }));
    return (await fc.check(broken, { numRuns: 10, seed: 1, endOnFailure: true })).failed;
  };

  /** Knows of nobody who else they are, so that nothing is known to have come twice. */
  class Forgetful extends MemoryStateStore {
    override async read(of: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
      const read = await super.read(of, needs);
      return read.map((lane) => ({
        ...lane,
        known: new Map(
          [...lane.known].map(([field, known]) => [field, { ...known, value: known.value.split('\n')[0] ?? '' }]),
        ),
      }));
    }
  }

  /** Knows of no order that it was reported. */
  class Unclaimed extends MemoryStateStore {
    override async read(of: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
      return (await super.read(of, needs)).map((lane) => ({ ...lane, claims: new Map() }));
    }
  }

  /** Knows of nobody where they are counted. */
  class Unmarked extends MemoryStateStore {
    override async read(of: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
      return (await super.read(of, needs)).map((lane) => ({ ...lane, marks: new Map() }));
    }
  }

  /** Knows of no event that waits. */
  class Impatient extends MemoryStateStore {
    override async readHeld(): Promise<ReadonlyMap<string, string>> {
      return new Map();
    }
  }

  test.each([
    ['links that came before', Forgetful],
    ['who reported an order', Unclaimed],
    ['where somebody is counted', Unmarked],
    ['what waits', Impatient],
  ])('%s', async (_, Broken) => {
    expect(await isFound(() => new Broken(plansOf(SETTINGS)))).toBe(true);
  });

  test('the same with nothing broken holds', async () => {
    expect(await isFound(() => new MemoryStateStore(plansOf(SETTINGS)))).toBe(false);
  });
});
