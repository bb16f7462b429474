import { describe, expect, test } from 'vitest';
import { productRefunds } from '../../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import { MEMBER_CAPS } from '../../../src/metrics/members.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';

const ANN = { user: 'ann' };
const OFFICE = { user: 'office' };
const GUEST = { guest: 'g' };
const ORDER = { transaction_id: 'o' };

const refundsOf = (shop: PartitionedShop): number => shop.total(revenueCounts, 'refunds:USD');
const putAndSettle = async (shop: PartitionedShop, ...events: Visit[]): Promise<void> => {
  for (const event of events) shop.put(event);
  await shop.settle();
};
/** Records come twice, all of them once more in the end, and each partition has another owner behind each unit. */
async function settleTwice(shop: PartitionedShop, partitions: number): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    for (const lane of shop.lanes) shop.deliver(lane);
    if (shop.delivered.length > 0) shop.repeat(shop.delivered.length - 1);
    for (let partition = 0; partition < partitions; partition++) {
      await shop.count(partition);
      shop.changeOwner(partition);
    }
  }
  await shop.settle();
  for (let i = shop.delivered.length - 1; i >= 0; i--) shop.repeat(i);
  await shop.settle();
}

const bought = () => visit(0, ANN, 'purchase', { ...ORDER, ...items('mug', 'pen') });

test('who buys, who refunds and the order lie in three partitions of five', () => {
  const shop = new PartitionedShop(5);
  expect(new Set(['ann', 'office', 'o'].map((id) => shop.partitionOf(id))).size).toBe(3);
});

describe.each([
  ['in one partition', 1],
  ['in three', 5],
] as const)('a refund by somebody else, %s', (_, partitions) => {
  test('without an amount is of what was paid, with its items', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, visit(60, OFFICE, 'refund', ORDER));
    expect([refundsOf(shop), shop.total(productRefunds, 'mug', 'USD')]).toEqual([1_000, 500]);
    expect(shop.tallies).toMatchObject({ events: 2 });
  });

  test('and those of the buyer take no more than was paid, and what goes beyond is reported', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, visit(60, OFFICE, 'refund', { ...ORDER, value: 8 }));
    await putAndSettle(shop, visit(61, ANN, 'refund', { ...ORDER, value: 8 }));
    await putAndSettle(shop, visit(62, OFFICE, 'refund', ORDER));
    expect([refundsOf(shop), shop.tallies['refunds_beyond']]).toEqual([1_000, 2]);
  });

  test('of lines without prices is of what those came to', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, visit(60, OFFICE, 'refund', { ...ORDER, items: [{ item_id: 'mug' }] }));
    expect([refundsOf(shop), shop.total(productRefunds, 'mug', 'USD')]).toEqual([500, 500]);
  });

  test('counts as it says at once, its session and all else of it too', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    shop.put(visit(60, OFFICE, 'refund', { ...ORDER, value: 12 }));
    await shop.count(shop.partitionOf('office'));
    expect([refundsOf(shop), shop.total(sessionCounts, 'sessions')]).toEqual([1_200, 2]);
    await shop.settle();
    expect([refundsOf(shop), shop.total(sessionCounts, 'sessions')]).toEqual([1_000, 2]);
    expect(shop.tallies).toMatchObject({ events: 2, refunds_beyond: 1 });
  });

  test('that comes before its order is put right by it', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(60, OFFICE, 'refund', ORDER), visit(61, OFFICE, 'refund', { ...ORDER, value: 3 }));
    expect(refundsOf(shop)).toBe(300);
    expect(shop.tallies).toMatchObject({ events: 1, unknown_refunds: 1 });
    await putAndSettle(shop, bought());
    expect([refundsOf(shop), shop.tallies['unknown_refunds'], shop.tallies['events']]).toEqual([1_000, 0, 3]);
  });

  test('in another currency takes nothing of what is left', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, visit(60, OFFICE, 'refund', { ...ORDER, value: 3, currency: 'EUR' }));
    await putAndSettle(shop, visit(61, OFFICE, 'refund', ORDER));
    expect([refundsOf(shop), shop.total(revenueCounts, 'refunds:EUR')]).toEqual([1_000, 300]);
  });

  test.each([
    ['within TRANSACTION_WINDOW of its order, by the timestamps of both, is of that', 30 * 24 * 60 - 1, 1_000],
    ['behind it counts as it says', 30 * 24 * 60 + 1, 1_200],
  ])('%s, wherever the time of the buyer’s partition stands', async (_, atMin, expected) => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    shop.put(visit(atMin, OFFICE, 'refund', { ...ORDER, value: 12 }));
    await shop.count(shop.partitionOf('office'));
    const laterMs = minutes(30 * 24 * 60 + 90);
    shop.append(shop.partitionOf('ann'), { control: 'tick', at: laterMs }, laterMs);
    await shop.settle();
    expect(refundsOf(shop)).toBe(expected);
  });

  test('that is sent again behind DEDUPE_WINDOW is another, and bounded as that', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    const refund = visit(60, OFFICE, 'refund', { ...ORDER, value: 7 });
    await putAndSettle(shop, refund, visit(80, OFFICE, 'page_view'), { ...refund, timestamp: refund.timestamp + 1 });
    expect(refundsOf(shop)).toBe(1_000);
    expect(shop.tallies).toMatchObject({ events: 4, refunds_beyond: 1 });
  });

  test('takes off each item as what that counted where it came, and never more', async () => {
    const shop = new PartitionedShop(partitions, { memberCaps: { ...MEMBER_CAPS, items: 2 } });
    for (const id of ['cup', 'hat']) await putAndSettle(shop, visit(0, OFFICE, 'view_item', items(id)));
    await putAndSettle(shop, bought());
    await putAndSettle(shop, visit(60, OFFICE, 'refund', { ...ORDER, ...items('mug', 'pen') }));
    await putAndSettle(shop, visit(61, OFFICE, 'refund', { ...ORDER, ...items('mug') }));
    const ofItems = ['mug', 'pen', '(other)'].map((id) => shop.total(productRefunds, id, 'USD'));
    expect(ofItems).toEqual([0, 0, 1_000]);
  });

  test('records of it that come twice, and owners that change between, take nothing twice', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    shop.put(visit(60, OFFICE, 'refund', { ...ORDER, value: 3 }));
    await settleTwice(shop, partitions);
    await putAndSettle(shop, visit(90, OFFICE, 'refund', ORDER));
    expect(refundsOf(shop)).toBe(1_000);
    expect(shop.tallies).toMatchObject({ events: 3 });
  });

  test('of an order that nobody knows counts as it says, and without an amount is reported', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, OFFICE, 'refund', { transaction_id: 'old', value: 3 }));
    await putAndSettle(shop, visit(1, OFFICE, 'refund', { transaction_id: 'older' }));
    expect(refundsOf(shop)).toBe(300);
    expect(shop.tallies).toMatchObject({ events: 1, unknown_refunds: 1 });
  });

  test('names nobody where the order lies, and on its way there', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought(), visit(60, OFFICE, 'refund', ORDER));
    await putAndSettle(shop, visit(61, OFFICE, 'refund', { transaction_id: 'unknown', value: 1 }));
    shop.append(shop.partitionOf('office'), { control: 'erase', user_id: 'office' });
    await shop.settle();
    expect(shop.naming('office')).toEqual([]);
  });

  test('is bounded by the report that stays, where page and server have reported the order', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, visit(0, { guest: 'g' }, 'purchase', { ...ORDER, value: 9 }), bought());
    expect(shop.tallies['orders_taken_back']).toBe(1);
    await putAndSettle(shop, visit(60, { guest: 'g' }, 'refund', ORDER));
    await putAndSettle(shop, visit(61, ANN, 'refund', { ...ORDER, value: 1 }));
    expect([refundsOf(shop), shop.tallies['refunds_beyond']]).toEqual([1_000, 1]);
  });
});

describe.each([
  ['in one partition', 1],
  ['in several', 5],
] as const)('refunds follow the order to the report that stays, %s', (_, partitions) => {
  const page = (more: Partial<Visit> = { value: 10 }) => visit(0, GUEST, 'purchase', { ...ORDER, ...more });
  const refundBy = (atMin: number, who: typeof OFFICE | typeof GUEST, more: Partial<Visit> = {}) =>
    visit(atMin, who, 'refund', { ...ORDER, ...more });
  const bothOf = (shop: PartitionedShop) => [refundsOf(shop), shop.total(productRefunds, 'mug', 'USD')];

  test('one of all before the fuller report came, and one behind it', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page());
    await putAndSettle(shop, refundBy(10, OFFICE));
    await putAndSettle(shop, bought());
    expect(shop.tallies['orders_taken_back']).toBe(1);
    await putAndSettle(shop, refundBy(60, OFFICE));
    expect(bothOf(shop)).toEqual([1_000, 500]);
    expect(shop.tallies['refunds_beyond']).toBe(1);
  });

  test('one of the guest’s own, and one of the user’s', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page());
    await putAndSettle(shop, refundBy(10, GUEST, { value: 8 }));
    await putAndSettle(shop, bought());
    await putAndSettle(shop, refundBy(60, ANN, { value: 8 }));
    expect(refundsOf(shop)).toBe(1_000);
    expect(shop.tallies).toMatchObject({ events: 4, refunds_beyond: 1 });
  });

  test('one by whose report goes, before they know that it does', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, refundBy(10, OFFICE));
    shop.put(page());
    shop.put(refundBy(11, GUEST));
    await shop.count(shop.partitionOf('g'));
    expect(refundsOf(shop)).toBe(2_000);
    await shop.settle();
    expect(bothOf(shop)).toEqual([1_000, 500]);
    expect(shop.tallies['refunds_beyond']).toBe(1);
  });

  test('one that is on its way when the fuller report comes', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page());
    shop.put(refundBy(10, OFFICE));
    await shop.count(shop.partitionOf('office'));
    shop.put(bought());
    await shop.count(shop.partitionOf('ann'));
    await shop.settle();
    await putAndSettle(shop, refundBy(60, GUEST));
    expect(bothOf(shop)).toEqual([1_000, 500]);
  });

  test('of what that says, also where it was cut to less', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page({ value: 9 }), refundBy(10, OFFICE, { value: 8 }), refundBy(11, GUEST, { value: 8 }));
    expect([refundsOf(shop), shop.tallies['refunds_beyond']]).toEqual([900, 1]);
    await putAndSettle(shop, visit(0, ANN, 'purchase', { ...ORDER, ...items('mug', 'pen', 'cup', 'hat') }));
    expect([refundsOf(shop), shop.tallies['refunds_beyond']]).toEqual([1_600, 0]);
  });

  test('in the currency of that', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page({ value: 9, currency: 'EUR' }), refundBy(10, OFFICE));
    expect(shop.total(revenueCounts, 'refunds:EUR')).toBe(900);
    await putAndSettle(shop, bought());
    await putAndSettle(shop, refundBy(60, OFFICE));
    expect([...bothOf(shop), shop.total(revenueCounts, 'refunds:EUR')]).toEqual([1_000, 500, 0]);
  });

  test('those that are too many to be remembered one by one, as one amount', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page());
    for (let i = 0; i < 30; i++) await putAndSettle(shop, refundBy(10 + i, i % 2 ? OFFICE : GUEST, { value: 0.3 }));
    await putAndSettle(shop, bought());
    expect(refundsOf(shop)).toBe(900);
    await putAndSettle(shop, refundBy(60, ANN));
    expect(refundsOf(shop)).toBe(1_000);
  });

  test('whoever’s record comes twice, and owners that change between', async () => {
    const shop = new PartitionedShop(partitions);
    await putAndSettle(shop, page(), refundBy(10, OFFICE, { value: 7 }), refundBy(11, GUEST, { value: 2 }));
    shop.put(bought());
    await settleTwice(shop, partitions);
    expect(refundsOf(shop)).toBe(900);
    await putAndSettle(shop, refundBy(60, ANN));
    expect(refundsOf(shop)).toBe(1_000);
  });
});
