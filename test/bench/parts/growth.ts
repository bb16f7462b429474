import { startCluster } from '../../support/servers/redis-cluster.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { countBacklog, fillBacklog } from './backlog.ts';
import { type Figure, say } from './figures.ts';

const CONSUMERS = [1, 2] as const;

/**
 * The same events in 1, 2, 4 and 8 partitions, counted by one and two consumers, into one Redis and into three nodes.
 */
export async function measureGrowth(redis: TestRedis, broker: string, events: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  const measure = async (url: string, partitions: number, store: string, shards: number): Promise<void> => {
    const backlog = await fillBacklog(redis.url, broker, partitions, events);
    for (const consumers of CONSUMERS) {
      if (consumers > partitions) continue;
      const { rate } = await countBacklog(url, backlog, { consumers, REDIS_SHARDS: shards });
      const what = `${partitions} partition${partitions > 1 ? 's' : ''}, ${consumers} consumer${consumers > 1 ? 's' : ''}, ${store}`;
      say(`growth: ${what}: ${Math.round(rate)} events/s`);
      figures.push({ what, value: rate, unit: 'events/s' });
    }
    await redis.client.flushall();
  };
  for (const partitions of [1, 2, 4, 8]) await measure(redis.url, partitions, 'one Redis', 1);
  const cluster = await startCluster(3);
  for (const partitions of [4, 8]) await measure(cluster.url, partitions, 'a cluster of three nodes', partitions);
  await cluster.close();
  return figures;
}
