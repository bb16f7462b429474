import { Shop } from '../../src/simulator/shop.ts';
import type { TestSystem } from '../support/system/system.ts';

const HOUR = 3_600_000;

/** A shop's last days, so that every panel has something to show. */
export async function seed(system: TestSystem, count = 12_000, days = 2): Promise<void> {
  const shop = new Shop({ seed: Math.round(4 + days * 100), sessions: 120, products: 120 });
  const end = Date.now() - 1_000;
  const start = end - days * 24 * HOUR;
  const low = Array.from({ length: 6 }, (_, i) => ({
    name: 'stock_update',
    item_id: `SKU-000${i + 1}`,
    stock_level: i * 3,
    // Behind whatever the shop has restocked.
    timestamp: end,
  }));
  const price = [29.9, 24.9].map((amount, i) => ({
    name: 'price_change',
    item_id: 'SKU-0001',
    price: amount,
    timestamp: end - (12 - 6 * i) * HOUR,
  }));
  let events: unknown[] = [];
  for (let i = 1; i <= count; i++) {
    events.push(...shop.next(Math.floor(start + (i / count) * (end - start))));
    if (events.length < 900 && i < count) continue;
    const response = await system.post(events);
    if (response.status !== 202) throw new Error(await response.text());
    events = [];
  }
  await system.post([...low, ...price]);
  await system.system.log.append([{ partition: { topic: 'events', index: 0 }, key: null, value: '{"not an event' }]);
  await system.settled();
}
