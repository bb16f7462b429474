import { Shop } from '../../src/simulator/shop.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

/** `npm run bench:fold`: decoding, folding and committing alone, without Kafka; for profiles (`node --cpu-prof`). */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 120_000);
const redis = await startRedis();
const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
const now = Date.now();
const records: ReturnType<typeof record>[] = [];
while (records.length < EVENTS) {
  const at = now - 12 * 3_600_000 + Math.floor((records.length * 12 * 3_600_000) / 1_000_000);
  for (const event of shop.next(at))
    if (event['user_id'] !== undefined) records.push(record(records.length, event, now));
}
const partition = { topic: 'events', index: 0 } as const;
const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 200]]) };
const { worker, close } = feedInto(redis.url, unique(), { retention });
await worker.claim(partition);
const began = performance.now();
const cpu = process.cpuUsage();
for (let from = 0; from < records.length; from += 2_000)
  await worker.process(partition, records.slice(from, from + 2_000));
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpu);
const own = (user + system) / records.length;
const info = await redis.client.info('cpu');
const redisUs = (Number(/used_cpu_user:([\d.]+)/.exec(info)?.[1]) * 1e6) / records.length;
process.stdout.write(
  `${Math.round(records.length / seconds)} events/s; Node ${own.toFixed(1)} µs, Redis ${redisUs.toFixed(1)} µs of CPU an event\n`,
);
close();
await redis.close();
