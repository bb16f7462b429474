import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryPriceImpact, queryPrices, queryStockLevels } from '../../../src/analytics/inventory/price-impact.ts';
import { queryInventory } from '../../../src/analytics/inventory/query.ts';
import { counted } from '../../support/core/questions.ts';
import type { OracleEvent } from '../../support/oracle/events.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(`2026-11-20T${iso}Z`);

let redis: TestRedis;
let users = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const stock = (iso: string, level: number, item = 'mug'): OracleEvent => ({
  name: 'stock_update',
  item_id: item,
  stock_level: level,
  timestamp: at(iso),
});
const views = (iso: string, n: number): OracleEvent[] =>
  Array.from({ length: n }, () => ({
    name: 'view_item',
    user_id: `v${users++}`,
    timestamp: at(iso),
    items: [{ item_id: 'mug' }],
  }));
const buy = (ms: number, quantity: number): OracleEvent => ({
  name: 'purchase',
  user_id: `b${users++}`,
  transaction_id: `t${users}`,
  timestamp: ms,
  items: [{ item_id: 'mug', price: 2.5, quantity }],
});

describe('stock', () => {
  test('lasts as long as the rate of the last 24 hours says', async () => {
    const { as, close } = await counted(redis.url, [
      stock('01:00:00', 30),
      buy(at('12:00:00') - 20 * HOUR, 8),
      buy(at('11:00:00'), 4),
    ]);
    // From 12:00 of yesterday's hour 23 hours back until 11:30: 12 units in 23.5 hours.
    const { data } = await queryInventory({ threshold: 10, limit: 10 }, as(at('11:30:00')));
    expect(data[0]).toMatchObject({ item_id: 'mug', stock_level: 30, units: 4 });
    expect(data[0]?.hours_of_stock_left).toBeCloseTo(30 / (12 / 23.5), 9);
    close();
  });

  test('that is out costs the sales that its views would have made', async () => {
    const events = [
      stock('00:30:00', 50),
      ...views('08:10:00', 10),
      buy(at('08:20:00'), 1),
      buy(at('08:21:00'), 1),
      stock('09:30:00', 0),
      // Not out all through its hour.
      ...views('09:40:00', 5),
      ...views('10:10:00', 20),
      ...views('11:10:00', 10),
      stock('12:00:00', 40),
      ...views('12:10:00', 5),
    ];
    const { as, close } = await counted(redis.url, events);
    const { data } = await queryInventory({ threshold: 10, limit: 10 }, as(at('13:30:00')));
    // Two orders for 20 views in the hours with stock; 30 views in the two hours without.
    expect(data).toMatchObject([{ out_of_stock_hours: 2, views_while_out: 30, lost_sales: 3 }]);
    close();
  });

  test('that ran out before the period began is out from its first hour on', async () => {
    const events = [
      { ...stock('00:00:00', 30), timestamp: at('10:00:00') - 72 * HOUR },
      { ...stock('00:00:00', 0), timestamp: at('10:00:00') - 24 * HOUR },
      { ...stock('00:00:00', 30, 'cup'), timestamp: at('10:00:00') - 48 * HOUR },
      ...views('00:10:00', 4),
      ...views('01:10:00', 2),
      stock('02:30:00', 40),
      ...views('03:10:00', 1),
    ];
    const { as, close } = await counted(redis.url, events);
    const { data } = await queryInventory({ threshold: 10, limit: 10 }, as(at('13:30:00')));
    expect(data).toMatchObject([
      { item_id: 'cup', out_of_stock_hours: 0, views_while_out: 0 },
      { item_id: 'mug', out_of_stock_hours: 2, views_while_out: 6 },
    ]);
    close();
  });

  test('lists page by cursor: the lowest first, those that are out, those that are low', async () => {
    const events = ['e', 'd', 'c', 'b', 'a'].map((item, i) => stock('01:00:00', i, item));
    const { as, close } = await counted(redis.url, events);
    const seen: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 4; pages++) {
      const page = await queryInventory({ threshold: 10, limit: 2, cursor }, as(at('02:00:00')));
      seen.push(...page.data.map(({ item_id }) => item_id));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
    const items = async (status: 'low' | 'out', threshold = 2) =>
      (await queryInventory({ status, threshold, limit: 10 }, as(at('02:00:00')))).data.map(({ item_id }) => item_id);
    expect(await items('out')).toEqual(['e']);
    expect(await items('low')).toEqual(['d', 'c']);
    close();
  });

  test('has a history, newest first', async () => {
    const { as, close } = await counted(redis.url, [stock('01:00:00', 5), stock('03:00:00', 2), stock('02:00:00', 9)]);
    const levels = await queryStockLevels('mug', 10, as(at('05:00:00')));
    expect(levels.map(({ stock_level }) => stock_level)).toEqual([2, 9, 5]);
    close();
  });
});

describe('a price change', () => {
  const price = (iso: string, amount: number, currency?: string): OracleEvent => ({
    name: 'price_change',
    item_id: 'mug',
    price: amount,
    timestamp: at(iso),
    ...(currency && { currency }),
  });

  test('is seen with the 24 whole hours on each side, in its own currency', async () => {
    const events = [
      price('00:00:00', 3),
      price('10:20:00', 2.5),
      price('10:25:00', 9, 'EUR'),
      // The hour of the change belongs to neither side.
      ...views('10:10:00', 100),
      ...views('10:40:00', 100),
      ...views('09:59:59', 3),
      buy(at('10:00:00') - 24 * HOUR, 2),
      buy(at('10:00:00') - 24 * HOUR - 1, 7),
      ...views('11:00:00', 4),
      buy(at('11:00:00') + 24 * HOUR - 1, 5),
      buy(at('11:00:00') + 24 * HOUR, 7),
    ];
    const { as, close } = await counted(redis.url, events);
    const asked = as(at('11:00:00') + 30 * HOUR, { from: '2026-11-20', to: '2026-11-21' });
    const [change, first] = await queryPriceImpact('mug', { limit: 10 }, asked);
    expect(change).toEqual({
      changed_at: '2026-11-20T10:20:00+00:00',
      price_before: 3,
      price_after: 2.5,
      before: { views: 3, orders: 1, units: 2, revenue: 5, hours: 24 },
      after: { views: 4, orders: 1, units: 5, revenue: 12.5, hours: 24 },
    });
    expect(first).toMatchObject({ price_before: null, price_after: 3, changed_at: '2026-11-20T00:00:00+00:00' });
    // On the whole hour, its own hour is the first one after it.
    expect(first?.after?.views).toBe(207);
    expect(await queryPriceImpact('mug', { limit: 10, currency: 'EUR' }, asked)).toMatchObject([{ price_after: 9 }]);
    expect(await queryPrices('mug', { limit: 1 }, asked)).toEqual([
      { changed_at: '2026-11-20T10:20:00+00:00', price: 2.5 },
    ]);
    close();
  });

  test('says how many of its hours are over, and nothing where they are not kept', async () => {
    const { as, close } = await counted(redis.url, [price('10:20:00', 2)]);
    const [soon] = await queryPriceImpact('mug', { limit: 1 }, as(at('13:30:00')));
    expect([soon?.before?.hours, soon?.after?.hours]).toEqual([24, 2]);
    const late = as(at('13:30:00') + 30 * 24 * HOUR, { from: '2026-11-20', to: '2026-11-20' });
    expect(await queryPriceImpact('mug', { limit: 1 }, late)).toMatchObject([{ before: null, after: null }]);
    close();
  });
});
