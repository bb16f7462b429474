import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { erasedName } from '../../../src/fold/erased-name.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const DAYS = 1_440;
const PARTITIONS = 5;
const TAB = { session_id: 'tab' };
/** Nobody else who is named here has events in this partition. */
const QUIET = 0;

const nameIn = (called: string, isThere: (partition: number) => boolean): string => {
  const shop = new PartitionedShop(PARTITIONS);
  for (let i = 0; ; i++) if (isThere(shop.partitionOf(`${called}-${i}`))) return `${called}-${i}`;
};
const inQuiet = (called: string): string => nameIn(called, (partition) => partition === QUIET);
const elsewhere = (called: string): string => nameIn(called, (partition) => partition !== QUIET);

/** The quiet partition learns what time it is, where it is not to be quiet. */
const wakes = (minute: number) => ({ wakesAt: minute });
type Step = Visit | ReturnType<typeof wakes>;

const cartsOf = (shop: PartitionedShop): Record<string, number> =>
  Object.fromEntries(
    ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'].flatMap((field) => {
      const n = shop.total(cartCounts, field);
      return n === 0 ? [] : [[field, n]];
    }),
  );

describe.each([
  ['was awake', true, false],
  ['was awake, by another owner each time', true, true],
  ['was quiet', false, false],
  ['was quiet, by another owner each time', false, true],
] as const)('of people whose partition %s', (_, isAwake, isAnother) => {
  async function count(...steps: readonly Step[]): Promise<PartitionedShop> {
    const shop = new PartitionedShop(PARTITIONS);
    for (const one of steps) {
      if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
      if ('event_id' in one) shop.put(one);
      else if (isAwake) shop.append(QUIET, { control: 'tick', at: minutes(one.wakesAt) }, minutes(one.wakesAt));
      await shop.settle();
    }
    return shop;
  }

  describe('the guest lies there', () => {
    const guest = { guest: inQuiet('g') };
    const ann = { user: elsewhere('ann') };
    const both = { ...ann, ...guest };
    const server = { user: elsewhere('server') };
    const better = (minute: number, id: string): Visit =>
      visit(minute, server, 'purchase', { transaction_id: id, session_id: 'hook', ...items('mug') });

    test('a session of two orders stays a purchasing one when one of them is taken back', async () => {
      const shop = await count(
        visit(0, guest, 'purchase', { transaction_id: 'o1', value: 10, ...TAB }),
        visit(1, guest, 'purchase', { transaction_id: 'o2', value: 10, ...TAB }),
        wakes(2 * DAYS - 1),
        visit(2 * DAYS, both, 'page_view', { session_id: 'other' }),
        better(3 * DAYS, 'o1'),
      );
      expect(stored(shop, 'purchasing')).toBe(2);
    });

    test('a session that took on a value after its order is taken back under that', async () => {
      const shop = await count(
        visit(0, guest, 'purchase', { transaction_id: 'o1', value: 10, ...TAB, city: undefined }),
        visit(1, guest, 'page_view', { ...TAB, city: 'Roma' }),
        wakes(2 * DAYS - 1),
        visit(2 * DAYS, both, 'page_view', { session_id: 'other' }),
        better(3 * DAYS, 'o1'),
      );
      expect(['purchasing|unknown', 'purchasing|Roma'].map((name) => stored(shop, name))).toEqual([0, 0]);
    });

    test('one of both names is new', async () => {
      const shop = await count(
        visit(0, guest, 'page_view', TAB),
        visit(2 * DAYS, ann, 'page_view', { session_id: 'other' }),
        wakes(2 * DAYS),
        visit(2 * DAYS + 1, both, 'page_view', { session_id: 'other' }),
      );
      expect(shop.total(newUserCounts, 'users')).toBe(1);
    });

    test('a cart that was abandoned a month ago is not recovered', async () => {
      const shop = new PartitionedShop(PARTITIONS);
      const steps = [
        visit(0, guest, 'add_to_cart', items('mug')),
        visit(30 * DAYS, ann, 'purchase', { transaction_id: 't', value: 5 }),
        visit(30 * DAYS + 1, both, 'page_view'),
      ];
      for (const [i, one] of steps.entries()) {
        if (isAnother) for (let at = 0; at < shop.partitions; at++) shop.changeOwner(at);
        shop.put(one);
        await shop.settle();
        const atMs = minutes(i === 0 ? 120 : 30 * DAYS);
        if (i === 0 || isAwake) shop.append(QUIET, { control: 'tick', at: atMs }, atMs);
        await shop.settle();
      }
      expect(cartsOf(shop)).toEqual({ opened: 1, abandoned: 1 });
    });
  });

  test('an order that an import had brought is nobody’s once its buyer is erased, and counts no more', async () => {
    const order = nameIn('o', (partition) => partition === QUIET);
    const shop = new PartitionedShop(PARTITIONS);
    const now = minutes(100 * DAYS);
    const whose = erasedName('ann');
    for (const record of [
      { control: 'tick', at: minutes(0) },
      ...(isAwake ? [{ control: 'tick', at: now }] : []),
      { control: 'unclaim', transaction_id: order, whose, at: now },
    ]) {
      shop.append(QUIET, record, record.at ?? now);
      await shop.settle();
    }
    shop.put(visit(100 * DAYS + 1, { user: elsewhere('bob') }, 'purchase', { transaction_id: order, value: 5 }));
    await shop.settle();
    expect(stored(shop, 'orders')).toBe(0);
  });

  describe('the user lies there', () => {
    const guest = { guest: elsewhere('g') };
    const ann = { user: inQuiet('ann') };

    test('sessions of one name that lie days apart are two', async () => {
      const shop = await count(
        visit(0, ann, 'purchase', { transaction_id: 'o1', value: 10, ...items('mug'), ...TAB }),
        wakes(2 * DAYS - 1),
        visit(2 * DAYS, guest, 'purchase', { transaction_id: 'o1', value: 10, ...TAB }),
      );
      expect(stored(shop, 'sessions')).toBe(2);
    });
  });
});
