import { describe, expect, test } from 'vitest';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import type { FoldSettings } from '../../../src/fold/settings.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const DAYS = 1_440;
const TAB = { session_id: 'tab' };
const GUEST = { guest: 'g' };
const ANN = { user: 'ann' };
const BOTH = { ...ANN, ...GUEST };

describe.each([
  ['an owner that knows them', false],
  ['another owner', true],
] as const)('to %s', (_, isAnother) => {
  async function count(settings: FoldSettings, ...steps: readonly (Visit | number)[]): Promise<PartitionedShop> {
    const shop = new PartitionedShop(5, { settings, store: new MemoryStateStore(plansOf(settings)) });
    for (const one of steps) {
      if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
      if (typeof one === 'number') shop.tick(minutes(one));
      else shop.put(one);
      await shop.settle();
    }
    return shop;
  }

  test('a user who came as a guest twenty days after their last session is no new one fifteen days later', async () => {
    const shop = await count(
      SETTINGS,
      visit(0, ANN, 'page_view'),
      visit(20 * DAYS, GUEST, 'page_view'),
      visit(20 * DAYS + 1, BOTH, 'page_view'),
      visit(35 * DAYS, ANN, 'page_view'),
    );
    expect(shop.total(newUserCounts, 'users')).toBe(1);
  });

  test('with a TRANSACTION_WINDOW of ninety days a session that went over keeps its other order', async () => {
    const settings = { ...SETTINGS, transactionWindowMs: 90 * DAYS * 60_000 };
    const shop = await count(
      settings,
      visit(0, GUEST, 'purchase', { transaction_id: 'o1', value: 10, ...TAB }),
      visit(1, BOTH, 'page_view', TAB),
      visit(2, ANN, 'purchase', { transaction_id: 'o2', value: 10, ...TAB }),
      40 * DAYS - 5,
      visit(40 * DAYS, { user: 'server' }, 'purchase', { transaction_id: 'o1', session_id: 'hook', ...items('mug') }),
    );
    expect(stored(shop, 'purchasing')).toBe(2);
  });

  test.each([-1, 1])(
    'the same within thirty days, %i minutes from where a bucket of known users begins',
    async (by) => {
      const KNOWN = 30 * DAYS;
      const edge = KNOWN - ((minutes(0) / 60_000) % KNOWN);
      const at = edge + by + 180;
      const later = at + KNOWN - 60;
      const shop = await count(
        SETTINGS,
        visit(edge + by, GUEST, 'page_view', TAB),
        visit(at, GUEST, 'purchase', { transaction_id: 'o1', value: 10, ...TAB }),
        visit(at + 1, BOTH, 'page_view', TAB),
        visit(at + 2, ANN, 'purchase', { transaction_id: 'o2', value: 10, ...TAB }),
        later - 1,
        visit(later, { user: 'server' }, 'purchase', { transaction_id: 'o1', session_id: 'hook', ...items('mug') }),
      );
      expect(stored(shop, 'purchasing')).toBe(2);
    },
  );

  test('a guest’s session joins the user’s of the same id, also where the user’s newest is over and that one is not', async () => {
    const HOURS = 60;
    const shop = await count(
      SETTINGS,
      visit(0, ANN, 'page_view', TAB),
      visit(10, ANN, 'page_view', { session_id: 'other' }),
      visit(20 * HOURS, ANN, 'page_view', TAB),
      visit(24 * HOURS + 30, GUEST, 'page_view', TAB),
      visit(24 * HOURS + 40, BOTH, 'page_view', TAB),
    );
    expect(stored(shop, 'sessions')).toBe(2);
  });

  test('a refund that waits for its order is not lost with one that is older and comes late', async () => {
    const refund = (minute: number, value: number | undefined): Visit =>
      visit(minute, { user: 'office' }, 'refund', { transaction_id: 'o1', ...(value !== undefined && { value }) });
    const shop = await count(
      SETTINGS,
      100 * DAYS - 5,
      refund(100 * DAYS, undefined),
      refund(55 * DAYS, 1),
      visit(100 * DAYS + 5, ANN, 'purchase', { transaction_id: 'o1', value: 10 }),
    );
    expect(shop.total(revenueCounts, 'refunds:USD')).toBe(1_000);
  });

  test('an order’s claim is not lost with a report of the same number from weeks before that comes late', async () => {
    const shop = await count(
      SETTINGS,
      100 * DAYS - 5,
      visit(100 * DAYS, ANN, 'purchase', { transaction_id: 'o1', value: 10 }),
      visit(65 * DAYS, { user: 'bob' }, 'purchase', { transaction_id: 'o1', value: 10 }),
      visit(100 * DAYS + 2, { user: 'server' }, 'purchase', { transaction_id: 'o1', ...items('mug') }),
    );
    expect(stored(shop, 'orders')).toBe(2);
  });

  test('an order that two report days after each other, and both weeks late, is one', async () => {
    const shop = await count(
      SETTINGS,
      100 * DAYS - 5,
      visit(55 * DAYS, ANN, 'purchase', { transaction_id: 'o1', value: 10 }),
      visit(55 * DAYS + 2, { user: 'server' }, 'purchase', { transaction_id: 'o1', ...items('mug') }),
    );
    expect(stored(shop, 'orders')).toBe(1);
  });
});
