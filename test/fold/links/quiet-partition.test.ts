import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const DAYS = 1_440;
const PARTITIONS = 5;

/** Somebody whose events join the partition that has the order `o1`, and nobody else's who is named here. */
function neighbour(shop: PartitionedShop): string {
  const partition = shop.partitionOf('o1');
  const name = Array.from({ length: 100 }, (_, i) => `visitor ${i}`).find((id) => shop.partitionOf(id) === partition);
  if (name === undefined) throw new Error('nobody is in the partition');
  return name;
}
/** Somebody whose events do not. */
function stranger(shop: PartitionedShop, besides: string): string {
  const all = Array.from({ length: 100 }, (_, i) => `shopper ${i}`);
  const name = all.find((id) => id !== besides && shop.partitionOf(id) !== shop.partitionOf('o1'));
  if (name === undefined) throw new Error('everybody is in the partition');
  return name;
}

describe.each([
  ['the same owner', false],
  ['another owner each time', true],
] as const)(
  'an order whose partition had been quiet for months, and wakes up between its reports, by %s',
  (_, isAnother) => {
    async function shopWith(...what: readonly ((shop: PartitionedShop) => Visit)[]): Promise<PartitionedShop> {
      const shop = new PartitionedShop(PARTITIONS);
      for (const one of what) {
        if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
        shop.put(one(shop));
        await shop.settle();
      }
      return shop;
    }
    const wakes = (minute: number) => (shop: PartitionedShop) => visit(minute, { user: neighbour(shop) }, 'page_view');
    const reports = (minute: number, more: Partial<Visit>) => (shop: PartitionedShop) => {
      const first = stranger(shop, '');
      const user = more['session_id'] === 'hook' ? stranger(shop, first) : first;
      return visit(minute, { user }, 'purchase', { transaction_id: 'o1', value: 10, ...more });
    };

    test('counts once', async () => {
      const shop = await shopWith(
        wakes(0),
        reports(100 * DAYS, {}),
        wakes(100 * DAYS + 1),
        reports(100 * DAYS + 2, { session_id: 'hook', ...items('mug') }),
      );
      expect(stored(shop, 'orders')).toBe(1);
    });

    test('counts once where the other report comes days later', async () => {
      const shop = await shopWith(
        wakes(0),
        reports(100 * DAYS, {}),
        wakes(110 * DAYS),
        reports(120 * DAYS, { session_id: 'hook', ...items('mug') }),
      );
      expect(stored(shop, 'orders')).toBe(1);
    });

    test('is another order behind TRANSACTION_WINDOW', async () => {
      const shop = await shopWith(
        wakes(0),
        reports(100 * DAYS, {}),
        wakes(100 * DAYS + 1),
        reports(140 * DAYS, { session_id: 'hook', ...items('mug') }),
      );
      expect(stored(shop, 'orders')).toBe(2);
    });
  },
);

describe('a partition that has heard what time it is elsewhere', () => {
  async function heard(...visits: readonly ((shop: PartitionedShop) => Visit)[]) {
    const store = new MemoryStateStore(plansOf(SETTINGS));
    const shop = new PartitionedShop(PARTITIONS, { store });
    for (const one of visits) {
      shop.put(one(shop));
      await shop.settle();
    }
    const { lanes } = await store.claim({ topic: 'events', index: shop.partitionOf('o1') });
    return { shop, time: lanes.get('live') };
  }
  const theirs =
    (minute: number, name: string, more: Partial<Visit> = {}) =>
    (shop: PartitionedShop) =>
      visit(minute, { user: neighbour(shop) }, name, more);
  const tells = (minute: number) => (shop: PartitionedShop) =>
    visit(minute, { user: stranger(shop, '') }, 'purchase', { transaction_id: 'o1', value: 10 });

  test('lags an hour behind, and its carts fall due by its own time alone, which runs on from its own last event', async () => {
    const { time } = await heard(theirs(0, 'page_view'), tells(100 * DAYS));
    const nowMs = minutes(100 * DAYS);
    const own = { ownMs: minutes(0), arrivedAtMs: minutes(0) };
    expect(time).toEqual({ ...own, timeMs: nowMs - 3_600_000, heardMs: nowMs });
  });

  test('abandons no cart by that: what a queue that was out for hours brings next may be the purchase', async () => {
    const { shop } = await heard(
      theirs(0, 'add_to_cart', items('mug')),
      tells(290),
      theirs(10, 'purchase', { transaction_id: 'o2', value: 5 }),
      theirs(300, 'page_view'),
    );
    expect([shop.messages, shop.retracted]).toEqual([[], []]);
    expect(stored(shop, 'orders')).toBe(2);
  });

  test('forgets no event by that: one that is sent again a moment later is known', async () => {
    const seen = visit(0, { user: neighbour(new PartitionedShop(PARTITIONS)) }, 'page_view');
    const { shop } = await heard(
      () => seen,
      tells(290),
      () => seen,
    );
    expect(shop.tallies['duplicates']).toBe(1);
  });

  test('gives up no cart to a user as open that had been left before they signed in', async () => {
    const { shop } = await heard(
      (there) => visit(0, { guest: neighbour(there) }, 'add_to_cart', items('mug')),
      (there) =>
        visit(3 * DAYS, { user: stranger(there, ''), guest: neighbour(there) }, 'purchase', {
          transaction_id: 'o9',
          value: 5,
        }),
    );
    expect([shop.total(cartCounts, 'abandoned'), shop.total(cartCounts, 'recovered')]).toEqual([1, 1]);
  });
});

test('a partition that has had nothing yet begins an hour behind what it is told, however long ago that was which it is told of', async () => {
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const shop = new PartitionedShop(PARTITIONS, { store });
  const told = shop.partitionOf('o1');
  const buyer = stranger(shop, '');
  shop.put(visit(100 * DAYS, { user: buyer }, 'page_view'));
  // It waited for weeks to be sent.
  shop.put(visit(80 * DAYS, { user: buyer }, 'purchase', { transaction_id: 'o1', value: 10 }));
  await shop.settle();
  const { timeMs, heardMs } = (await store.claim({ topic: 'events', index: told } as const)).lanes.get('live') ?? {};
  const nowMs = minutes(100 * DAYS);
  expect([timeMs, heardMs]).toEqual([nowMs - 3_600_000, nowMs]);
});

test('a partition that has never had an event starts with what time it is elsewhere, whatever it is told about', async () => {
  const told = async (isAwake: boolean): Promise<unknown> => {
    const shop = new PartitionedShop(PARTITIONS);
    const now = 100 * DAYS;
    const [ann, guest] = [{ user: 'ann' }, { guest: 'g' }];
    expect(shop.partitionOf('ann')).not.toBe(shop.partitionOf('g'));
    for (const one of [
      visit(now, ann, 'page_view', { session_id: 'a' }),
      visit(0, { ...ann, ...guest }, 'page_view', { session_id: 'months late' }),
      visit(now + 6, guest, 'page_view', { session_id: 'b' }),
      visit(now + 7, { ...ann, ...guest }, 'page_view', { session_id: 'b' }),
    ]) {
      if (isAwake) shop.tick(minutes(now - 1));
      shop.put(one);
      await shop.settle();
    }
    return { totals: shop.totals, said: shop.delivered.map(({ value }) => JSON.parse(value).control) };
  };
  expect(await told(false)).toEqual(await told(true));
});
