import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, startSystem } from '../support/system/system.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('of dates that are older than ARCHIVE_DAYS whole folders go, and what the log held beside; the others stay', async () => {
  const shop = await startSystem(redis.url, { ARCHIVE_DAYS: '3', PARTITIONS: '1' }, { archives: true });
  try {
    await shop.startCounting();
    const daysAgo = (days: number): number => Date.now() - days * 86_400_000;
    for (const days of [5, 3, 2, 0]) {
      const event = { event_id: `${days}`, user_id: 'u', name: 'page_view', timestamp: daysAgo(days) };
      expect((await shop.post([event])).status).toBe(202);
      await shop.settled();
      await shop.system.archive?.flush();
    }
    const datesIn = (folder: string): string[] =>
      readdirSync(join(shop.config.DATA_DIR, 'archive', folder)).filter((name) => name.startsWith('date='));
    const nameOf = (days: number): string => `date=${new Date(daysAgo(days)).toISOString().slice(0, 10)}`;
    expect(datesIn('')).toEqual([5, 3, 2, 0].map(nameOf));
    await shop.system.archive?.start();
    for (const folder of ['', '.control']) {
      await eventually('old dates are gone', () => datesIn(folder).length === 2);
      expect(datesIn(folder)).toEqual([2, 0].map(nameOf));
    }
  } finally {
    await shop.close();
  }
});
