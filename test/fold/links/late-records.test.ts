import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { closedFunnel } from '../../../src/analytics/funnel/definition.ts';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, visit } from '../../support/links/visits.ts';

const G = { guest: 'g' };
const ANN = { user: 'ann' };
const IN = { user: 'ann', guest: 'g' };

const cartsOf = (shop: PartitionedShop): Record<string, number> =>
  Object.fromEntries(
    ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'].flatMap((field) => {
      const n = shop.total(cartCounts, field);
      return n === 0 ? [] : [[field, n]];
    }),
  );
const sessionsOf = (shop: PartitionedShop): number[] => [
  shop.total(sessionCounts, 'sessions'),
  shop.total(sessionCounts, 'events'),
  shop.total(newUserCounts, 'users'),
];

/** In one partition, and in two. */
const places = [
  ['in one partition', 1],
  ['in two', 3],
] as const;
const put = (shop: PartitionedShop, ...events: ReturnType<typeof visit>[]): void => {
  for (const event of events) shop.put(event);
};
const countAll = async (shop: PartitionedShop): Promise<void> => {
  for (let partition = 0; partition < shop.partitions; partition++) await shop.count(partition);
};

/** Two visits of the guest, side by side. */
async function visitTwice(shop: PartitionedShop): Promise<void> {
  put(shop, visit(10, G, 'page_view', { session_id: 's2' }));
  await shop.settle();
  put(shop, visit(20, G, 'page_view', { session_id: 's1' }));
  await shop.settle();
}

test('the guest and the user lie in two partitions of three', () => {
  const shop = new PartitionedShop(3);
  expect(new Set(['g', 'ann'].map((id) => shop.partitionOf(id))).size).toBe(2);
});

describe.each(places)('guest and user %s', (_, partitions) => {
  test('the user’s events wait for the guest’s session, and are counted behind it', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'view_item'), visit(1, G, 'add_to_cart', items('mug')), visit(2, IN, 'begin_checkout'));
    put(shop, visit(3, ANN, 'purchase', { transaction_id: 't' }));
    await countAll(shop);
    expect([shop.total(sessionCounts, 'events'), shop.tallies['held']]).toEqual([2, 2]);
    await shop.settle();
    expect([...sessionsOf(shop), shop.tallies['held']]).toEqual([1, 4, 1, 0]);
    expect(shop.total(closedFunnel, 'purchase', 'shop')).toBe(1);
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  });

  test('a session of the guest that stayed theirs goes on as it was', async () => {
    const shop = new PartitionedShop(partitions);
    await visitTwice(shop);
    put(shop, visit(30, IN, 'page_view', { session_id: 's1' }));
    await shop.settle();
    put(shop, visit(40, G, 'page_view', { session_id: 's2' }));
    await shop.settle();
    expect(sessionsOf(shop)).toEqual([2, 4, 1]);
  });

  test('an order that a server reports of the guest, in the user’s running session, ends the user’s cart, however that session is called', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'view_item', { session_id: 's1' }));
    await shop.settle();
    put(shop, visit(1, IN, 'add_to_cart', { ...items('mug'), session_id: 's1' }));
    await shop.settle();
    put(shop, visit(5, G, 'purchase', { transaction_id: 't', value: 3, session_id: '(running)' }));
    await shop.settle();
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  });

  test('a session that stayed a guest’s is their newest: its purchase is known when they sign in', async () => {
    const shop = new PartitionedShop(partitions);
    await visitTwice(shop);
    put(shop, visit(30, IN, 'add_to_cart', { ...items('mug'), session_id: 's1' }));
    await shop.settle();
    put(shop, visit(40, G, 'purchase', { transaction_id: 't', value: 3, session_id: 's2' }));
    await shop.settle();
    for (let partition = 0; partition < partitions; partition++) shop.changeOwner(partition);
    put(shop, visit(41, IN, 'page_view'));
    await shop.settle();
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  });

  test('a removal of what is not in the cart is no change: what was bought after the rest was put into it ends it', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(5, ANN, 'purchase', { transaction_id: 't', value: 3 }));
    put(shop, visit(10, G, 'remove_from_cart', items('pen')));
    await shop.settle();
    put(shop, visit(12, IN, 'page_view'));
    await shop.settle();
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  });

  test('held events are read by another owner, behind whom the unit between hold and merge has ended', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(1, IN, 'purchase', { transaction_id: 't' }));
    await countAll(shop);
    for (let partition = 0; partition < partitions; partition++) shop.changeOwner(partition);
    put(shop, visit(2, ANN, 'page_view'));
    await countAll(shop);
    expect(shop.tallies['held']).toBe(2);
    for (let partition = 0; partition < partitions; partition++) shop.changeOwner(partition);
    await shop.settle();
    expect([...sessionsOf(shop), shop.tallies['held']]).toEqual([1, 3, 1, 0]);
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  });

  test('who waits for too long is counted without; what comes of the guest after all joins', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(1, IN, 'purchase', { transaction_id: 't' }));
    await countAll(shop);
    shop.append(shop.partitionOf('ann'), { control: 'release', user_id: 'ann', for: 'ann' });
    await countAll(shop);
    expect([...sessionsOf(shop), shop.tallies['held']]).toEqual([2, 2, 2, 0]);
    expect(cartsOf(shop)).toEqual({ opened: 1 });
    await shop.settle();
    shop.tick(minutes(300));
    await shop.settle();
    expect(sessionsOf(shop)).toEqual([1, 2, 1]);
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
    expect(shop.messages).toEqual([]);
  });

  test('who buys as a guest a day later does so in a session of their own, though the user has done nothing since', async () => {
    const shop = new PartitionedShop(partitions);
    const id = { session_id: 's' };
    put(shop, visit(0, G, 'page_view', id), visit(1, IN, 'page_view', id));
    await shop.settle();
    expect(sessionsOf(shop).slice(0, 2)).toEqual([1, 2]);
    put(shop, visit(25 * 60, G, 'purchase', { ...id, transaction_id: 't' }));
    await shop.settle();
    expect(sessionsOf(shop).slice(0, 2)).toEqual([2, 3]);
  });

  test('every record comes twice', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(1, IN, 'page_view'));
    put(
      shop,
      visit(2, ANN, 'purchase', { transaction_id: 't' }),
      visit(3, { user: 'ben' }, 'purchase', { transaction_id: 't' }),
    );
    await shop.settle();
    const before = [...sessionsOf(shop), cartsOf(shop), shop.total(revenueCounts, 'orders')];
    const { length } = shop.delivered;
    expect(length).toBeGreaterThan(5);
    for (let i = 0; i < length; i++) shop.repeat(i);
    await shop.settle();
    expect([...sessionsOf(shop), cartsOf(shop), shop.total(revenueCounts, 'orders')]).toEqual(before);
    expect(shop.tallies['orders_taken_back']).toBe(1);
  });

  test('a link that comes again when the guest is another user’s takes nothing away', async () => {
    const shop = new PartitionedShop(partitions);
    const ben = { user: 'ben', guest: 'g' };
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(1, IN, 'page_view'));
    await shop.settle();
    put(shop, visit(2, G, 'page_view'), visit(3, ben, 'page_view'));
    await shop.settle();
    put(shop, visit(4, G, 'add_to_cart', items('mug')));
    await shop.settle();
    const first = shop.delivered.findIndex(({ value }) => value.includes('"link"'));
    expect(shop.delivered[first]?.value).toContain('"ann"');
    shop.repeat(first);
    await shop.settle();
    put(shop, visit(5, ben, 'purchase', { transaction_id: 't' }));
    await shop.settle();
    shop.tick(minutes(300));
    await shop.settle();
    expect(cartsOf(shop)).toEqual({ opened: 2, purchased: 1, abandoned: 1 });
    expect(shop.messages).toMatchObject([{ user_id: 'ann' }]);
  });

  test('a guest who does something while the user waits for another guest of theirs goes over as well', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'page_view'), visit(1, IN, 'page_view'));
    await shop.settle();
    const phone = { user: 'ann', guest: 'phone' };
    put(shop, visit(2, { guest: 'phone' }, 'page_view'), visit(3, G, 'add_to_cart', items('mug')));
    await shop.count(shop.partitionOf('phone'));
    await shop.count(shop.partitionOf('g'));
    put(shop, visit(4, phone, 'page_view'), visit(5, IN, 'purchase', { transaction_id: 't' }));
    await shop.count(shop.partitionOf('ann'));
    await shop.settle();
    shop.tick(minutes(300));
    await shop.settle();
    expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
    expect(shop.messages).toEqual([]);
  });

  test('erased in between, the user’s events are never counted, and of the guest nothing is kept', async () => {
    const shop = new PartitionedShop(partitions);
    put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(1, IN, 'page_view'));
    await countAll(shop);
    for (let partition = 0; partition < partitions; partition++)
      shop.append(partition, { control: 'erase', user_id: 'ann' });
    await shop.settle();
    expect(shop.tallies['held']).toBe(0);
    expect(shop.total(sessionCounts, 'events')).toBe(1);
    // What joined the log is the log's.
    for (const id of ['ann', 'g']) expect(shop.naming(id).filter((key) => !key.includes('record-outbox'))).toEqual([]);
  });

  test('erased twice while a guest is on the way each time, nothing is kept of the user or of either guest', async () => {
    const shop = new PartitionedShop(partitions);
    const owner = shop.partitionOf('ann');
    for (const [at, guest] of ['g', 'phone'].entries()) {
      put(shop, visit(at, { guest }, 'add_to_cart', items('mug')));
      await shop.count(shop.partitionOf(guest));
      put(shop, visit(at + 0.5, { user: 'ann', guest }, 'page_view'));
      await shop.count(owner);
      shop.append(owner, { control: 'erase', user_id: 'ann' });
      await shop.count(owner);
    }
    await shop.settle();
    for (const id of ['ann', 'g', 'phone'])
      expect(shop.naming(id).filter((key) => !key.includes('record-outbox'))).toEqual([]);
  });
});

describe('what waits', () => {
  test('is known as a repeat when it comes, however long it waits', async () => {
    const shop = new PartitionedShop(1);
    const [seen, bought] = [visit(0, ANN, 'page_view'), visit(0, ANN, 'purchase', { transaction_id: 't' })];
    put(shop, seen, bought, visit(2, IN, 'page_view'), seen, bought, visit(40, { user: 'ben' }, 'page_view'));
    await shop.settle();
    expect([shop.total(sessionCounts, 'events'), shop.tallies['duplicates']]).toEqual([4, 2]);
  });

  test('is counted where it is more than may wait, also what waited since earlier units', async () => {
    const shop = new PartitionedShop(1);
    put(shop, visit(0, IN, 'page_view'));
    for (let i = 0; i < 150; i++) put(shop, visit(1, ANN, 'page_view'));
    await shop.count(0);
    expect(shop.tallies['held']).toBe(151);
    for (let i = 0; i < 100; i++) put(shop, visit(1, ANN, 'page_view'));
    await shop.count(0);
    expect(shop.tallies).toEqual({ events: 251, held: 0 });
  });
});

test('an abandoned cart that was bought before is taken back as it was counted', async () => {
  const shop = new PartitionedShop(1);
  put(shop, visit(0, G, 'add_to_cart', items('mug')), visit(2, IN, 'page_view'));
  put(shop, visit(3, ANN, 'add_to_cart', items('pen')), visit(4, ANN, 'begin_checkout'));
  put(shop, visit(5, ANN, 'purchase', { transaction_id: 't' }), visit(100, { user: 'ben' }, 'page_view'));
  await shop.count(0);
  expect(cartsOf(shop)).toEqual({ opened: 1, abandoned: 1 });
  await shop.settle();
  expect(cartsOf(shop)).toEqual({ opened: 1, purchased: 1 });
  for (const field of ['abandoned_at:cart', 'abandoned_at:checkout', 'abandoned_value:USD'])
    expect([field, shop.total(cartCounts, field)]).toEqual([field, 0]);
});
