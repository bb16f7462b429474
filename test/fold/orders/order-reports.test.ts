import { describe, expect, test } from 'vitest';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { erase, stored } from '../../support/orders/order-shop.ts';

const ORDER = { transaction_id: 'o' };
const putAndSettle = async (shop: PartitionedShop, ...events: Visit[]): Promise<void> => {
  for (const event of events) shop.put(event);
  await shop.settle();
};
const salesOf = (shop: PartitionedShop) =>
  ['orders', 'revenue', 'bought|mug', 'purchasing'].map((of) => stored(shop, of));

describe.each([
  ['in one partition', 1],
  ['in several', 5],
] as const)('%s', (_, partitions) => {
  test('lines that the same visitor says later are not lost, nor does the order count twice', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(1, { user: 'ann' }, 'purchase', { ...ORDER, ...items('mug', 'pen') }));
    await putAndSettle(shop, visit(2, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    expect([...salesOf(shop), shop.tallies['orders_taken_back'], shop.tallies['duplicates']]).toEqual([
      1, 1_000, 1, 1, 1, 1,
    ]);
  });

  test('reports and refunds that come months late are of one order', async () => {
    const shop = new PartitionedShop(partitions);
    shop.tick(minutes(0));
    await shop.settle();
    const longAgo = -100 * 1_440;
    await putAndSettle(shop, visit(longAgo, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(longAgo + 1, { user: 'server' }, 'purchase', { ...ORDER, ...items('mug', 'pen') }));
    await putAndSettle(shop, visit(longAgo + 2, { user: 'office' }, 'refund', { ...ORDER }));
    expect([...salesOf(shop), stored(shop, 'refunds')]).toEqual([1, 1_000, 1, 1, 1_000]);
  });

  test('how it was paid, shipping and tax are not lost, whichever report says them', async () => {
    const shop = new PartitionedShop(partitions);
    const server = { value: 10, payment_type: 'card', shipping: 4, tax: 2 };
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, ...items('mug', 'pen') }));
    await putAndSettle(shop, visit(1, { user: 'server' }, 'purchase', { ...ORDER, ...server }));
    const said = ['orders', 'bought|mug', 'paid by card', 'paid by unknown', 'shipping', 'tax'];
    expect(said.map((of) => stored(shop, of))).toEqual([1, 1, 1, 0, 400, 200]);
  });

  test('a session with two orders, one of which is reported better elsewhere, is one with an order', async () => {
    const shop = new PartitionedShop(partitions);
    const inTab = { session_id: 'tab' };
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, ...inTab, value: 10 }));
    await putAndSettle(shop, visit(1, { user: 'ann' }, 'purchase', { transaction_id: 'o2', ...inTab, value: 5 }));
    await putAndSettle(shop, visit(2, { user: 'server' }, 'purchase', { ...ORDER, ...items('mug', 'pen') }));
    expect(salesOf(shop)).toEqual([2, 1_500, 1, 2]);
  });

  test('a session that is not the newest any more, or has gone over to a user, is one without an order', async () => {
    const shop = new PartitionedShop(partitions);
    const who = { guest: 'g' };
    await putAndSettle(shop, visit(0, who, 'purchase', { ...ORDER, session_id: 'first', value: 10 }));
    await putAndSettle(shop, visit(1, who, 'purchase', { transaction_id: 'o2', session_id: 'second', value: 5 }));
    await putAndSettle(shop, visit(2, { user: 'ann', guest: 'g' }, 'page_view', { session_id: 'third' }));
    for (const id of ['o', 'o2'])
      await putAndSettle(
        shop,
        visit(3, { user: 'server' }, 'purchase', { transaction_id: id, session_id: 'hook', ...items('mug') }),
      );
    expect(salesOf(shop)).toEqual([2, 1_000, 2, 1]);
  });

  test('a session behind which another without an id has begun is one without an order', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(60, { user: 'ann' }, 'purchase', { ...ORDER, ...items('mug', 'pen') }));
    expect(salesOf(shop)).toEqual([1, 1_000, 1, 1]);
    // It is so too where a third one has begun before somebody says more.
    await putAndSettle(shop, visit(120, { user: 'ann' }, 'page_view'));
    await putAndSettle(shop, visit(121, { user: 'server' }, 'purchase', { ...ORDER, ...items('mug'), shipping: 4 }));
    await putAndSettle(shop, visit(240, { user: 'bob', guest: 'g' }, 'purchase', { transaction_id: 'o2', value: 5 }));
    await putAndSettle(shop, visit(330, { user: 'bob' }, 'page_view'));
    await putAndSettle(shop, visit(340, { user: 'server' }, 'purchase', { transaction_id: 'o2', ...items('mug') }));
    expect(stored(shop, 'purchasing')).toBe(2);
  });

  test("a session that joined a guest's earlier one, and ended, is known when its order is reported better", async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'page_view'));
    await putAndSettle(shop, visit(5, { guest: 'h' }, 'purchase', { transaction_id: 'o2', value: 5 }));
    await putAndSettle(shop, visit(10, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    for (const [minute, guest] of [
      [12, 'h'],
      [13, 'g'],
    ] as const)
      await putAndSettle(shop, visit(minute, { user: 'ann', guest }, 'page_view'));
    expect(stored(shop, 'purchasing')).toBe(1);
    await putAndSettle(shop, visit(120, { user: 'ann' }, 'page_view'));
    const better = (minute: number, id: string) =>
      visit(minute, { user: 'server' }, 'purchase', { transaction_id: id, session_id: 'hook', ...items('mug') });
    await putAndSettle(shop, better(121, 'o'));
    expect(stored(shop, 'purchasing')).toBe(2);
    await putAndSettle(shop, better(122, 'o2'));
    expect(salesOf(shop)).toEqual([2, 1_000, 2, 1]);
  });

  test.each([25, 60, 700])('a session that is over, %i hours later, is one without an order', async (hours) => {
    const shop = new PartitionedShop(partitions);
    const better = { ...ORDER, ...items('mug') };
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(hours * 60, { user: 'ann' }, 'purchase', better));
    expect(salesOf(shop)).toEqual([1, 500, 1, 1]);
    await putAndSettle(
      shop,
      visit(hours * 60 + 5, { user: 'bob' }, 'purchase', { transaction_id: 'o2', session_id: 't', value: 5 }),
    );
    await putAndSettle(
      shop,
      visit(hours * 60 + 9, { user: 'bob' }, 'purchase', { transaction_id: 'o3', session_id: 't', value: 5 }),
    );
    const byServer = { transaction_id: 'o3', session_id: 'hook', ...items('mug') };
    await putAndSettle(
      shop,
      visit(2 * hours * 60 > 40_000 ? hours * 60 + 1_600 : 2 * hours * 60, { user: 'server' }, 'purchase', byServer),
    );
    // Of two orders the first one stays in it.
    expect(salesOf(shop)).toEqual([3, 1_500, 2, 3]);
  });

  test('what takes a session that is over its order may come twice', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(1_500, { user: 'ann' }, 'purchase', { ...ORDER, ...items('mug') }));
    const again = shop.delivered.flatMap(({ value }, i) => (value.includes('"unbought"') ? [i] : []));
    expect(again.length).toBeGreaterThan(0);
    for (const i of again) shop.repeat(i);
    await shop.settle();
    expect(salesOf(shop)).toEqual([1, 500, 1, 1]);
  });

  test('of a report that was itself better than one before, days later a better one is known as well', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { user: 'ann' }, 'purchase', { ...ORDER, value: 10 }));
    await putAndSettle(shop, visit(1, { user: 'ann' }, 'purchase', { ...ORDER, ...items('mug') }));
    const best = { ...ORDER, ...items('mug'), payment_type: 'card', shipping: 1, session_id: 'hook' };
    await putAndSettle(shop, visit(2_900, { user: 'server' }, 'purchase', best));
    expect(salesOf(shop)).toEqual([1, 500, 1, 1]);
  });

  test('of a guest whom two users share each order is looked for in the session that was its own', async () => {
    const shop = new PartitionedShop(partitions);
    const steps = [
      visit(3, { guest: 'g' }, 'purchase', { ...ORDER, value: 5 }),
      visit(4, { user: 'ann', guest: 'g' }, 'page_view'),
      visit(100, { guest: 'g' }, 'purchase', { transaction_id: 'p', value: 7 }),
      visit(101, { user: 'bob', guest: 'g' }, 'page_view'),
      visit(200, { user: 'server' }, 'purchase', { ...ORDER, session_id: 'hook', ...items('mug') }),
    ];
    for (const step of steps) await putAndSettle(shop, step);
    expect(salesOf(shop)).toEqual([2, 1_200, 1, 2]);
  });

  test('a session of more than five that have gone over is one without an order', async () => {
    const shop = new PartitionedShop(partitions);
    const orders = Array.from({ length: 7 }, (_, i) => `o${i}`);
    for (const [i, id] of orders.entries()) {
      const inTab = { session_id: `s${i}` };
      await putAndSettle(shop, visit(i, { guest: 'g' }, 'purchase', { transaction_id: id, value: 5, ...inTab }));
      await putAndSettle(shop, visit(i, { user: 'ann', guest: 'g' }, 'page_view', inTab));
      await putAndSettle(shop, visit(i, { user: 'ann' }, 'page_view', inTab));
    }
    for (const id of orders) {
      const better = { transaction_id: id, session_id: 'hook', ...items('mug') };
      await putAndSettle(shop, visit(20, { user: 'server' }, 'purchase', better));
    }
    expect(salesOf(shop)).toEqual([7, 3_500, 7, 1]);
  });

  test('each report that does not stay links anew: what the guest did since goes over', async () => {
    const shop = new PartitionedShop(partitions);
    const inTab = { session_id: 's1' };
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'purchase', { ...ORDER, value: 5, ...inTab }));
    const byServer = { ...ORDER, ...items('mug'), session_id: 'hook' };
    await putAndSettle(shop, visit(60, { user: 'ann' }, 'purchase', byServer));
    const better = { ...ORDER, ...items('mug'), payment_type: 'card', ...inTab };
    await putAndSettle(shop, visit(120, { guest: 'g' }, 'purchase', better));
    expect([...salesOf(shop), stored(shop, 'sessions')]).toEqual([1, 500, 1, 1, 2]);
  });

  test('a session that stayed behind when an earlier one went over is known when its order is reported better', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'page_view', { session_id: 'first' }));
    await putAndSettle(shop, visit(1, { guest: 'g' }, 'purchase', { ...ORDER, session_id: 'second', value: 10 }));
    await putAndSettle(shop, visit(2, { user: 'ann', guest: 'g' }, 'page_view', { session_id: 'first' }));
    await putAndSettle(shop, visit(3, { user: 'server' }, 'purchase', { ...ORDER, ...items('mug') }));
    expect(salesOf(shop)).toEqual([1, 500, 1, 1]);
  });

  test('an order of the running session is of the one that stayed behind', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'page_view', { session_id: 's1' }));
    await putAndSettle(shop, visit(1, { guest: 'g' }, 'page_view', { session_id: 's2' }));
    await putAndSettle(shop, visit(2, { user: 'ann', guest: 'g' }, 'page_view', { session_id: 's1' }));
    const running = { ...ORDER, session_id: '(running)', value: 5 };
    await putAndSettle(shop, visit(5, { guest: 'g' }, 'purchase', running));
    expect([stored(shop, 'sessions'), stored(shop, 'purchasing')]).toEqual([2, 1]);
  });

  test('what waits of a user counts before they are erased; a guest on the way goes along, also where nobody waits any more', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'add_to_cart', items('mug')));
    shop.put(visit(1, { user: 'ann', guest: 'g' }, 'purchase', { ...ORDER, value: 10 }));
    await shop.count(shop.partitionOf('ann'));
    erase(shop, 'ann');
    await shop.settle();
    expect([stored(shop, 'orders'), shop.tallies['held']]).toEqual([1, 0]);
    // What was on its way has left in a real shop.
    const named = [...shop.naming('ann'), ...shop.naming('g')].filter((key) => !key.includes('record-outbox'));
    expect(named).toEqual([]);
  });
});

test('an order is one although its partition has heard of nobody for days', async () => {
  const shop = new PartitionedShop(16);
  const partitionOf = (name: string): number => shop.partitionOf(name);
  const busy = new Set(['ann', 'server'].map(partitionOf));
  const names = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
  const transaction = names.find((name) => !busy.has(partitionOf(name))) ?? '';
  const quiet = names.findLast((name) => partitionOf(name) === partitionOf(transaction)) ?? '';
  await putAndSettle(shop, visit(0, { user: quiet }, 'page_view'));
  const order = { transaction_id: transaction, value: 5 };
  for (const day of [3, 12, 25]) {
    await putAndSettle(shop, visit(day * 1_440, { user: 'ann' }, 'purchase', order));
    await putAndSettle(shop, visit(day * 1_440 + 1, { user: 'server' }, 'purchase', order));
  }
  expect([stored(shop, 'orders'), stored(shop, 'revenue')]).toEqual([1, 500]);
});
