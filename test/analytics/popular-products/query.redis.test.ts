import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryPopularProducts } from '../../../src/analytics/popular-products/query.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('ties stand by item_id, also at the cut, over one day and over several, and where Redis takes no writes', async () => {
  const at = Date.parse('2026-11-20T12:00:00Z');
  const views = ['d', 'b', 'c', 'a', 'e', 'e'].map((item, i) => ({
    name: 'view_item',
    user_id: `u${i}`,
    timestamp: at + i,
    items: [{ item_id: item, item_name: `the ${item}` }],
  }));
  const { as, close } = await counted(redis.url, views);
  for (const maxmemory of ['0', '1'])
    for (const range of [{}, { from: '2026-11-18', to: '2026-11-20' }]) {
      await redis.client.config('SET', 'maxmemory', maxmemory);
      const { data } = await queryPopularProducts({ by: 'views', limit: 3 }, as(at + 60_000, range));
      expect(data).toEqual([
        { rank: 1, item_id: 'e', item_name: 'the e', score: 2 },
        { rank: 2, item_id: 'a', item_name: 'the a', score: 1 },
        { rank: 3, item_id: 'b', item_name: 'the b', score: 1 },
      ]);
    }
  await redis.client.config('SET', 'maxmemory', '0');
  close();
});
