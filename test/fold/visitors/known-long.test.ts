import { describe, expect, test } from 'vitest';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import { RETURN_MS } from '../../../src/fold/settings.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const DAYS = 1_440;
const TAB = { session_id: 'tab' };
const GUEST = { guest: 'g' };
const ANN = { user: 'ann' };
const BOTH = { ...ANN, ...GUEST };
/** A minute at which a bucket of known users begins. */
const EDGE = (RETURN_MS - (minutes(0) % RETURN_MS)) / 60_000;

/** A session that goes on day by day: shops give browsers one id for good. */
const daily = (from: number, days: number, who: Partial<typeof BOTH>): Visit[] =>
  Array.from({ length: days }, (_, i) => visit(from + i * 0.9 * DAYS, who, 'page_view', TAB));

describe.each([
  ['an owner that knows them', false],
  ['another owner', true],
] as const)('to %s', (_, isAnother) => {
  describe.each([-600, 600])('%i minutes from where a bucket of known users begins', (by) => {
    const from = EDGE + by;

    async function count(...steps: readonly (Visit | number)[]): Promise<PartitionedShop> {
      const shop = new PartitionedShop(5);
      for (const one of steps) {
        if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
        if (typeof one === 'number') shop.tick(minutes(one));
        else shop.put(one);
        await shop.settle();
      }
      return shop;
    }

    test('a session of a month keeps its other order when it went over at its end, and one is taken back weeks later', async () => {
      const at = from + 27 * DAYS;
      const hook = { transaction_id: 'o1', session_id: 'hook', ...items('mug') };
      const shop = await count(
        ...daily(from, 30, GUEST),
        visit(at, GUEST, 'purchase', { transaction_id: 'o1', value: 10, ...TAB }),
        visit(at + 1, BOTH, 'page_view', TAB),
        visit(at + 2, ANN, 'purchase', { transaction_id: 'o2', value: 10, ...TAB }),
        at + 20 * DAYS - 1,
        visit(at + 20 * DAYS, { user: 'server' }, 'purchase', hook),
      );
      expect(stored(shop, 'purchasing')).toBe(2);
    });

    test('what brought somebody late in a session of days is known for ATTRIBUTION_WINDOW from then on', async () => {
      const shop = await count(
        ...daily(from, 12, ANN),
        visit(from + 11 * DAYS, ANN, 'page_view', { ...TAB, utm_source: 'news', utm_medium: 'email' }),
        visit(from + 40 * DAYS, ANN, 'page_view', { session_id: 'later' }),
      );
      expect(shop.total(sessionCounts, 'sessions|Email', 'by-channel')).toBe(2);
    });

    test('a user is new if nobody of both names was here for thirty days, whoever was here before that', async () => {
      const shop = await count(
        visit(from, GUEST, 'page_view', TAB),
        visit(from + 32 * DAYS, ANN, 'page_view', { session_id: 'other' }),
        visit(from + 32 * DAYS + 1, BOTH, 'page_view', { session_id: 'other' }),
      );
      expect(shop.total(newUserCounts, 'users')).toBe(2);
    });
  });
});
