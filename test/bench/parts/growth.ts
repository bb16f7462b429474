import { startCluster } from '../../support/servers/redis-cluster.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { countBacklog, fillBacklog } from './backlog.ts';
import { type Figure, say } from './figures.ts';

interface Shape {
  readonly partitions: number;
  readonly consumers: number;
  readonly isCluster?: true;
}

const SHAPES: readonly Shape[] = [
  { partitions: 1, consumers: 1 },
  { partitions: 4, consumers: 1 },
  { partitions: 4, consumers: 2 },
  { partitions: 8, consumers: 1 },
  { partitions: 8, consumers: 1, isCluster: true },
];

/** The same events in ever more partitions, by one and by two consumers, into one Redis and into three nodes. */
export async function measureGrowth(redis: TestRedis, broker: string, events: number): Promise<Figure[]> {
  const cluster = await startCluster(3);
  const figures: Figure[] = [];
  for (const { partitions, consumers, isCluster } of SHAPES) {
    const backlog = await fillBacklog(redis.url, broker, partitions, events);
    const shards = isCluster ? partitions : 1;
    const url = isCluster ? cluster.url : redis.url;
    const { rate } = await countBacklog(url, backlog, { consumers, REDIS_SHARDS: shards });
    const store = isCluster ? 'a cluster of three nodes' : 'one Redis';
    const what = `partitions: ${partitions}, consumers: ${consumers}, into ${store}`;
    say(`growth: ${what}: ${Math.round(rate)} events/s`);
    figures.push({ what, value: rate, unit: 'events/s' });
    await redis.client.flushall();
  }
  await cluster.close();
  return figures;
}
