import { describe, expect, test } from 'vitest';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const DAYS = 1_440;
const TAB = { session_id: 'tab' };

/** What the server says of an order, which goes before what the visitor has said. */
const better = (minute: number, id: string): Visit =>
  visit(minute, { user: 'server' }, 'purchase', { transaction_id: id, session_id: 'hook', ...items('mug') });
const order = (minute: number, id: string, more: Partial<Visit> = {}): Visit =>
  visit(minute, { user: 'ann' }, 'purchase', { transaction_id: id, value: 10, ...TAB, ...more });
/** Time goes on everywhere, although nobody does anything. */
const until = (minute: number): number => minutes(minute);

async function count(shop: PartitionedShop, what: readonly (Visit | number)[], isAnother: boolean): Promise<void> {
  for (const one of what) {
    if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
    if (typeof one === 'number') shop.tick(one);
    else shop.put(one);
    await shop.settle();
  }
}

describe.each([
  ['an owner that still knows the session', false],
  ['another owner', true],
] as const)('orders that are reported better when their session is long over, to %s', (_, isAnother) => {
  /** Sessions with an order, the server's own among them. */
  async function purchasing(shop: PartitionedShop, ...what: readonly (Visit | number)[]): Promise<number> {
    await count(shop, what, isAnother);
    return stored(shop, 'purchasing');
  }

  test.each([
    ['the first', ['o1'], 2],
    ['the second', ['o2'], 2],
    ['both', ['o1', 'o2'], 1],
    ['both, the second first', ['o2', 'o1'], 1],
  ] as const)('of two orders of a session %s', async (_of, ids, expected) => {
    const shop = new PartitionedShop(5);
    const reports = ids.map((id, i) => better(3 * DAYS + i, id));
    expect(await purchasing(shop, order(0, 'o1'), order(1, 'o2'), until(3 * DAYS - 5), ...reports)).toBe(expected);
  });

  test('one while it went on, the other when it was over', async () => {
    const shop = new PartitionedShop(5);
    expect(await purchasing(shop, order(0, 'o1'), order(1, 'o2'), better(2, 'o1'))).toBe(2);
    // The server's two sessions are apart by days.
    expect(await purchasing(shop, until(3 * DAYS - 5), better(3 * DAYS, 'o2'))).toBe(2);
  });

  test('one that came after the first had been taken back', async () => {
    const shop = new PartitionedShop(5);
    expect(await purchasing(shop, order(0, 'o1'), better(1, 'o1'), order(2, 'o2'))).toBe(2);
    expect(await purchasing(shop, until(3 * DAYS - 5), better(3 * DAYS, 'o2'))).toBe(2);
  });

  test('orders of two sessions that turned out to be one', async () => {
    const shop = new PartitionedShop(5);
    const asGuest = visit(0, { guest: 'g' }, 'purchase', { transaction_id: 'o1', value: 10, ...TAB });
    const signsIn = visit(3, { user: 'ann', guest: 'g' }, 'page_view', TAB);
    expect(await purchasing(shop, asGuest, order(2, 'o2'), signsIn)).toBe(1);
    expect(await purchasing(shop, until(3 * DAYS - 5), better(3 * DAYS, 'o1'))).toBe(2);
    expect(await purchasing(shop, better(3 * DAYS + 1, 'o2'))).toBe(1);
  });

  test('a session that has joined others four times', async () => {
    const shop = new PartitionedShop(5);
    const guests = [1, 2, 3, 4].map((i) => visit(10 - i, { guest: `g${i}` }, 'page_view', TAB));
    const signIns = [1, 2, 3, 4].map((i) => visit(20 + i, { user: 'ann', guest: `g${i}` }, 'page_view', TAB));
    expect(await purchasing(shop, ...guests.toReversed(), order(15, 'o1'), ...signIns)).toBe(1);
    expect(await purchasing(shop, until(3 * DAYS - 5), better(3 * DAYS, 'o1'))).toBe(1);
  });

  test('a session that took on a value after its order', async () => {
    const shop = new PartitionedShop(5);
    const city = { city: undefined };
    await purchasing(shop, order(0, 'o1', city), visit(1, { user: 'ann' }, 'page_view', { ...TAB, city: 'Roma' }));
    expect(['purchasing|unknown', 'purchasing|Roma'].map((name) => stored(shop, name))).toEqual([0, 1]);
    await purchasing(shop, until(3 * DAYS - 5), better(3 * DAYS, 'o1'));
    expect(['purchasing|unknown', 'purchasing|Roma'].map((name) => stored(shop, name))).toEqual([0, 0]);
  });

  test.each([
    ['at once', 100],
    ['days later', 3 * DAYS],
  ] as const)('more sessions that went over than are remembered, %s', async (_of, minute) => {
    const shop = new PartitionedShop(5);
    const visits = Array.from({ length: 22 }, (_unused, i) => {
      const session = { session_id: `s${i}` };
      const bought = visit(4 * i, { guest: 'g' }, 'purchase', { transaction_id: `o${i}`, value: 5, ...session });
      return [bought, visit(4 * i + 1, { user: 'ann', guest: 'g' }, 'page_view', session)];
    });
    expect(await purchasing(shop, ...visits.flat())).toBe(22);
    const reports = visits.map((_unused, i) => better(minute + i, `o${i}`));
    expect(await purchasing(shop, until(minute - 5), ...reports)).toBe(1);
  });

  test('the record that says so comes twice, also days later', async () => {
    const shop = new PartitionedShop(5);
    await purchasing(shop, order(0, 'o1'), until(3 * DAYS - 5), better(3 * DAYS, 'o1'));
    const again = shop.delivered.flatMap(({ value }, i) => (value.includes('"unbought"') ? [i] : []));
    expect(again.length).toBeGreaterThan(0);
    for (const i of again) shop.repeat(i);
    await shop.settle();
    await purchasing(shop, until(6 * DAYS));
    for (const i of again) shop.repeat(i);
    await shop.settle();
    expect(stored(shop, 'purchasing')).toBe(1);
  });

  test('a session that began anew under the same id keeps its own', async () => {
    const shop = new PartitionedShop(5);
    expect(await purchasing(shop, order(0, 'o1'), order(3 * DAYS, 'o2'))).toBe(2);
    expect(await purchasing(shop, better(3 * DAYS + 1, 'o1'))).toBe(2);
    expect(await purchasing(shop, better(3 * DAYS + 2, 'o2'))).toBe(1);
  });
});

test('whoever signs in again days later is as new to an owner that knew them as to another', async () => {
  const visits = [
    visit(0, { guest: 'g' }, 'add_to_cart', items('mug')),
    visit(1, { user: 'ann', guest: 'g' }, 'purchase', { transaction_id: 'o', value: 5 }),
    until(3 * DAYS),
    visit(3 * DAYS + 1, { guest: 'g' }, 'add_to_cart', items('pen')),
    visit(3 * DAYS + 2, { user: 'ann', guest: 'g' }, 'page_view'),
  ];
  const told = async (isAnother: boolean): Promise<string[]> => {
    const shop = new PartitionedShop(5);
    await count(shop, visits, isAnother);
    return shop.delivered.map(({ value }) => value);
  };
  expect(await told(false)).toEqual(await told(true));
});

describe('what is over, and lies in the store for some hours yet', () => {
  const HOURS = 60;
  const put = async (...what: readonly (Visit | number)[]): Promise<PartitionedShop> => {
    const shop = new PartitionedShop(5);
    await count(shop, what, true);
    return shop;
  };

  test('a guest’s session joins none of the same id', async () => {
    const shop = await put(
      visit(0, { user: 'ann' }, 'page_view', TAB),
      visit(20 * HOURS, { user: 'ann' }, 'page_view', { session_id: 'other' }),
      visit(28 * HOURS, { guest: 'g' }, 'page_view', TAB),
      visit(29 * HOURS, { user: 'ann', guest: 'g' }, 'page_view', TAB),
    );
    expect(stored(shop, 'sessions')).toBe(3);
  });

  test('a guest’s newest session goes over where the one that is named is over', async () => {
    const shop = await put(
      visit(0, { guest: 'g' }, 'page_view', TAB),
      visit(20 * HOURS, { guest: 'g' }, 'page_view', { session_id: 'other' }),
      until(29 * HOURS),
      visit(29 * HOURS, { user: 'ann', guest: 'g' }, 'page_view', TAB),
      visit(29 * HOURS + 1, { user: 'ann' }, 'page_view', { session_id: 'other' }),
    );
    expect(stored(shop, 'sessions')).toBe(3);
  });
});

test('a guest who goes on as one names the user whom they were for a while, and not for good', async () => {
  const shop = new PartitionedShop(5);
  const signsIn = [visit(0, { guest: 'g' }, 'page_view'), visit(1, { user: 'ann', guest: 'g' }, 'page_view')];
  const goesOn = [20, 40, 60, 80, 100].map((day) => visit(day * DAYS, { guest: 'g' }, 'page_view'));
  const known = (): string[] => shop.naming('ann').filter((key) => key.includes('known-users'));
  await count(shop, [...signsIn, ...goesOn.slice(0, 1)], false);
  expect(known().length).toBeGreaterThan(0);
  await count(shop, [...goesOn.slice(1), until(101 * DAYS)], false);
  expect(known()).toEqual([]);
});
