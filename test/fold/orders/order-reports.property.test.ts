import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartitionId } from '../../../src/events/partition.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import type { LaneNeeds, LaneSnapshot } from '../../../src/fold/state/snapshot.ts';
import type { StateStore } from '../../../src/ingestion/ports/state-store.ts';
import { Random } from '../../../src/simulator/random.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { minutes } from '../../support/links/visits.ts';
import { type Buyer, buyer, type OrderScript, rankOf, type Traits } from '../../support/orders/order-script.ts';
import { erase, stored } from '../../support/orders/order-shop.ts';
import { plainOrders, type Sums } from '../../support/orders/plain-orders.ts';
import { runs } from '../../support/runner/runs.ts';

const occurred = new Map<string, number>();
const happened = (what: string, n = 1): void => void occurred.set(what, (occurred.get(what) ?? 0) + n);

async function count(buyers: readonly Buyer[], random: Random, store?: StateStore): Promise<PartitionedShop> {
  const shop = new PartitionedShop(1 + random.below(5), { store });
  const steps = buyers
    .flatMap(({ orders, erased }) =>
      orders
        .flatMap(({ told }) => told)
        .sort((a, b) => a.timestamp - b.timestamp)
        .map((one, i) => ({ one, erases: erased?.behind === i + 1 ? erased.who : undefined })),
    )
    .sort((a, b) => a.one.timestamp - b.one.timestamp);
  while (steps.length > 0 || !shop.isQuiet) {
    for (const { one, erases } of steps.splice(0, random.below(4))) {
      shop.put(one);
      if (erases !== undefined) erase(shop, erases);
    }
    const lane = shop.lanes[random.below(Math.max(1, shop.lanes.length))];
    if (lane !== undefined && random.chance(0.5)) shop.deliver(lane);
    if (shop.delivered.length > 0 && random.chance(0.1)) {
      shop.repeat(random.below(shop.delivered.length));
      happened('record that came twice');
    }
    const partition = random.below(shop.partitions);
    if (random.chance(0.2)) shop.changeOwner(partition);
    if (random.chance(0.7)) await shop.count(partition, 1 + random.below(6));
  }
  shop.tick(minutes(300));
  // A guest for whom somebody waits may be erased: then their owner counts what waits after a minute.
  for (const { erased, orders } of buyers)
    if (erased !== undefined)
      for (const { user_id } of orders.flatMap(({ told }) => told))
        if (user_id !== undefined)
          shop.append(shop.partitionOf(user_id), { control: 'release', user_id, for: user_id }, minutes(300));
  await shop.settle();
  return shop;
}

async function holds(seed: number, traits: Traits, store?: StateStore): Promise<void> {
  const random = new Random(seed);
  const buyers = Array.from({ length: 6 }, () => buyer(random, traits));
  const shop = await count(buyers, random, store);
  const orders = buyers.flatMap((one) => one.orders);
  noteWhatOccurs(orders, shop);
  const { purchasing, ...exact } = plainOrders(orders);
  if (traits.isErased) {
    const types = stored(shop, 'paid by card') + stored(shop, 'paid by unknown');
    expect([stored(shop, 'orders'), types]).toEqual([orders.length, orders.length]);
    return;
  }
  // Of a guest's session that goes over while it goes on there are two.
  const expected: Sums = traits.sharesSessions ? exact : { ...exact, purchasing: purchasing ?? 0 };
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, stored(shop, name)]))).toEqual(expected);
}

function noteWhatOccurs(orders: readonly OrderScript[], shop: PartitionedShop): void {
  for (const { told } of orders) {
    const reports = told.filter(({ name }) => name === 'purchase');
    const names = reports.map(({ user_id, anonymous_id }) => user_id ?? anonymous_id);
    const ranks = reports.map(rankOf);
    const rankAt = (i: number): number => ranks[i] ?? 0;
    const isLater = (i: number): boolean => rankAt(i) > rankAt(i - 1);
    happened('order reported three times or more', reports.length > 2 ? 1 : 0);
    happened('more said by the same visitor', names.some((name, i) => name === names[i - 1] && isLater(i)) ? 1 : 0);
    happened('refund before the order', told[0]?.name === 'refund' ? 1 : 0);
    happened(
      'refund between reports',
      told.findIndex(({ name }) => name === 'refund') > 0 && told.at(-1)?.name === 'purchase' ? 1 : 0,
    );
    happened('refund above what was paid', told.some(({ value = 0 }) => value === 30) ? 1 : 0);
  }
  happened('order taken back', shop.tallies['orders_taken_back']);
  happened('erasure', shop.tallies['erasures']);
}

const ORDINARY: Traits = { isErased: false, sharesSessions: false };
const property = (traits: Traits, store?: () => StateStore) =>
  fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), (seed) => holds(seed, traits, store?.()));

describe('orders that guests, users and the shop report and refund by turns, records between partitions late and twice', {
  timeout: 300_000,
}, () => {
  test('each counts once, as its fullest report says, with what the others say beside', async () => {
    await fc.assert(property(ORDINARY), { numRuns: runs(12, 60), endOnFailure: true });
  });

  test('the same where sessions have several of them', async () => {
    await fc.assert(property({ ...ORDINARY, sharesSessions: true }), { numRuns: runs(6, 40), endOnFailure: true });
  });

  test('each counts once, whoever of them is erased on the way', async () => {
    await fc.assert(property({ ...ORDINARY, isErased: true }), { numRuns: runs(12, 60), endOnFailure: true });
  });

  test.each([
    'order reported three times or more',
    'more said by the same visitor',
    'refund before the order',
    'refund between reports',
    'refund above what was paid',
    'order taken back',
    'record that came twice',
    'erasure',
  ])('%s: it was among them', (what) => {
    expect(occurred.get(what) ?? 0).toBeGreaterThan(0);
  });

  test('control: a fold that knows of no order that it was reported is found out', async () => {
    class Forgetful extends MemoryStateStore {
      override async read(of: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
        return (await super.read(of, needs)).map((lane) => ({ ...lane, orders: new Map() }));
      }
    }
    const broken = property(ORDINARY, () => new Forgetful(plansOf(SETTINGS)));
    expect((await fc.check(broken, { numRuns: 5, seed: 1, endOnFailure: true })).failed).toBe(true);
  });
});
