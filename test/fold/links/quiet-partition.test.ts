import { describe, expect, test } from 'vitest';
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

test('the time of a partition that has heard what time it is runs on with that of the others', async () => {
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const shop = new PartitionedShop(PARTITIONS, { store });
  const told = shop.partitionOf('o1');
  for (const one of [
    visit(0, { user: neighbour(shop) }, 'page_view'),
    visit(100 * DAYS, { user: stranger(shop, '') }, 'purchase', { transaction_id: 'o1', value: 10 }),
  ]) {
    shop.put(one);
    await shop.settle();
  }
  const partition = { topic: 'events', index: told } as const;
  const { timeMs, arrivedAtMs, heardMs } = (await store.claim(partition)).lanes.get('live') ?? {};
  const nowMs = minutes(100 * DAYS);
  expect(heardMs).toBe(nowMs);
  // An hour behind, yet only as far as the log knows: it has run on from there as if the record had come an hour ago.
  const joinedMs = nowMs + 1;
  expect([timeMs, arrivedAtMs]).toEqual([nowMs - 3_600_000, joinedMs - 3_600_000]);
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
