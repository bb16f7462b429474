import { describe, expect, test } from 'vitest';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const GUEST = { guest: 'g' };
const ANN = { user: 'ann' };
const BOTH = { ...ANN, ...GUEST };

/** What names them, beside what waits to join the log, which an erasure takes out of there. */
const kept = (shop: PartitionedShop, ...names: readonly string[]): string[] =>
  names.flatMap((name) => shop.naming(name)).filter((key) => !key.includes('record-outbox'));

describe.each([
  ['in one partition, by the same owner', 1, false],
  ['in two, by the same owner', 3, false],
  ['in two, by another owner each time', 3, true],
] as const)('erased while a guest of theirs is on the way: guest and user %s', (_, partitions, isAnother) => {
  const changeOwners = (shop: PartitionedShop): void => {
    if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
  };
  const count = async (shop: PartitionedShop, who: string, ...events: readonly Visit[]): Promise<void> => {
    changeOwners(shop);
    for (const event of events) shop.put(event);
    await shop.count(shop.partitionOf(who));
  };
  const deliver = async (shop: PartitionedShop, to: string): Promise<void> => {
    for (const lane of shop.lanes) shop.deliver(lane);
    await count(shop, to);
  };
  const erase = async (shop: PartitionedShop): Promise<void> => {
    shop.append(shop.partitionOf('ann'), { control: 'erase', user_id: 'ann' });
    await count(shop, 'ann');
    await shop.settle();
  };

  test('what a guest did before what they did last as the user is kept of nobody', async () => {
    const shop = new PartitionedShop(partitions);
    for (const one of [visit(0, GUEST, 'page_view'), visit(1, BOTH, 'page_view'), visit(5, BOTH, 'page_view')]) {
      shop.put(one);
      await shop.settle();
    }
    await count(shop, 'g', visit(4, GUEST, 'add_to_cart', items('pen')));
    await deliver(shop, 'ann');
    expect(shop.lanes).not.toEqual([]);
    await erase(shop);
    expect(kept(shop, 'ann', 'g')).toEqual([]);
  });

  test('who is the user only by an order that both have reported is kept of nobody, and the order counts once', async () => {
    const shop = new PartitionedShop(partitions);
    shop.put(visit(0, GUEST, 'purchase', { transaction_id: 'o1', value: 10 }));
    await shop.settle();
    await count(shop, 'ann', visit(1, ANN, 'purchase', { transaction_id: 'o1', value: 10, ...items('mug') }));
    await deliver(shop, 'o1');
    expect([...shop.onTheWay.values()].flat().map(({ value }) => JSON.parse(value).control)).toContain('link');
    await erase(shop);
    expect(kept(shop, 'ann', 'g')).toEqual([]);
    expect(stored(shop, 'orders')).toBe(1);
  });

  test('whoever comes again after it and signs in is one person as before', async () => {
    const shop = new PartitionedShop(partitions);
    for (const one of [visit(0, GUEST, 'page_view'), visit(1, BOTH, 'page_view')]) {
      shop.put(one);
      await shop.settle();
    }
    await erase(shop);
    for (const one of [visit(10, GUEST, 'page_view'), visit(11, BOTH, 'page_view')]) {
      changeOwners(shop);
      shop.put(one);
      await shop.settle();
    }
    expect(stored(shop, 'sessions')).toBe(2);
  });
});
