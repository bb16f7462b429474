import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { mountSmallDisk } from '../support/servers/tmpfs.ts';
import { eventually, startSystem } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const events = (from: number) =>
  Array.from({ length: 500 }, (_, i) => ({
    event_id: `e${from + i}`,
    name: 'page_view',
    user_id: `u${from + i}`,
    timestamp: Date.now(),
  }));

test('where the archive’s disk is full counting pauses and says why; then it goes on by itself, and nothing is missing', async () => {
  const disk = mountSmallDisk(4);
  const shop = await startSystem(
    redis.url,
    { REDIS_URL: redis.url, DATA_DIR: disk.dir, PARTITIONS: '1' },
    { archives: true },
  );
  try {
    await shop.startCounting();
    expect((await shop.post(events(0))).status).toBe(202);
    await shop.settled();
    try {
      disk.ballast.put(4);
    } catch {
      // The disk took as much as it could.
    }
    await shop.post(events(500));
    await eventually('the pipeline says why', async () =>
      String((await shop.get('/v1/pipeline')).store_full).includes('is full'),
    );
    expect((await shop.get('/v1/engagement')).events).toBe(500);
    disk.ballast.remove();
    await shop.settled();
    const { days } = await shop.get('/v1/accuracy');
    expect(days.at(-1).metrics).toContainEqual({ metric: 'events', stream: 1_000, batch: 1_000, error_percent: 0 });
  } finally {
    await shop.close();
    disk.unmount();
  }
});
