import { PerformanceObserver } from 'node:perf_hooks';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { DEFAULT_DIMENSIONS } from '../../src/metrics/dimension.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { openBenchArchive } from './parts/bench-archive.ts';

/** `npm run bench:fold`: decoding, folding and committing alone, without Kafka; for profiles (`node --cpu-prof`). */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 200_000);
/** Counted before anything is measured, so that code is compiled and the shop has visitors who come again. */
const WARM = Number(process.env['BENCH_WARM'] ?? 60_000);
const BATCH = Number(process.env['BENCH_BATCH'] ?? 10_000);
const redis = await startRedis();
const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
const now = Date.now();
const records: ReturnType<typeof record>[] = [];
while (records.length < WARM + EVENTS) {
  const at = now - 12 * 3_600_000 + Math.floor((records.length * 12 * 3_600_000) / 1_000_000);
  for (const event of shop.next(at))
    if (event['user_id'] !== undefined) records.push(record(records.length, event, now));
}
const partition = { topic: 'events', index: 0 } as const;
const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 200]]) };
/** BENCH_ARCHIVE=1 archives as well: rows on disk before each commit, Parquet written by DuckDB beside. Small files, so that several are written meanwhile. */
const archive = process.env['BENCH_ARCHIVE'] === '1' ? openBenchArchive(16 * 1_048_576) : undefined;
await archive?.events.start();
/** BENCH_DIMENSIONS=city counts by the city alone. */
const names = process.env['BENCH_DIMENSIONS']?.split(',');
const dimensions = DEFAULT_DIMENSIONS.filter(({ name }) => names === undefined || names.includes(name));
const { worker, close } = feedInto(redis.url, unique(), {
  retention,
  muted: true,
  dimensions,
  ...(archive && { archive: archive.events }),
});
await worker.claim(partition);

let collectedMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collectedMs += duration;
}).observe({ entryTypes: ['gc'] });

async function redisSeconds(): Promise<number> {
  const info = await redis.client.info('cpu');
  return Number(/used_cpu_user:([\d.]+)/.exec(info)?.[1]) + Number(/used_cpu_sys:([\d.]+)/.exec(info)?.[1]);
}

async function count(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += BATCH)
    await worker.process(partition, recordBatchOf(records.slice(at, Math.min(to, at + BATCH))));
}

await count(0, WARM);
collectedMs = 0;
const [began, cpu, redisBefore] = [performance.now(), process.cpuUsage(), await redisSeconds()];
await count(WARM, records.length);
const counted = records.length - WARM;
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpu);
const us = {
  node: (user + system) / counted,
  collecting: (collectedMs * 1_000) / counted,
  redis: ((await redisSeconds()) - redisBefore) * (1e6 / counted),
};
process.stdout.write(
  `${Math.round(counted / seconds)} events/s; CPU an event: Node ${us.node.toFixed(1)} µs (collecting ${us.collecting.toFixed(1)}), Redis ${us.redis.toFixed(1)} µs; ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
);
close();
if (archive !== undefined) {
  const flushing = performance.now();
  await archive.events.flush();
  const each = archive.bytes('archive') / records.length;
  process.stdout.write(
    `the rest written in ${((performance.now() - flushing) / 1_000).toFixed(1)} s; Parquet ${each.toFixed(1)} bytes an event\n`,
  );
  await archive.close();
}
await redis.close();
