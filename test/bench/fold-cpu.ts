import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { PerformanceObserver } from 'node:perf_hooks';
import { Shop } from '../../src/simulator/shop.ts';
import { feedInto, record } from '../support/feed.ts';
import { startRedis } from '../support/redis-server.ts';
import { unique } from '../support/system.ts';
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 260_000), WARM = Number(process.env['WARM'] ?? 80_000), BATCH = Number(process.env['BATCH'] ?? 2_000);
const redis = await startRedis();
const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
const now = Date.now();
const records: ReturnType<typeof record>[] = [];
while (records.length < EVENTS) {
  const at = now - 12 * 3_600_000 + Math.floor((records.length * 12 * 3_600_000) / 1_000_000);
  for (const event of shop.next(at)) if (event['user_id'] !== undefined) records.push(record(records.length, event, now));
}
const partition = { topic: 'events', index: 0 } as const;
const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 200]]) };
const { worker, close } = feedInto(redis.url, unique(), { retention, maxBatch: BATCH, muted: true });
await worker.claim(partition);
let gc = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) gc += e.duration; }).observe({ entryTypes: ['gc'] });
const infoCpu = async () => { const info = await redis.client.info('cpu'); return Number(/used_cpu_user:([\d.]+)/.exec(info)?.[1]) + Number(/used_cpu_sys:([\d.]+)/.exec(info)?.[1]); };
let began = 0, cpu = process.cpuUsage(), r0 = 0, counted = 0;
for (let from = 0; from < records.length; from += BATCH) {
  if (from >= WARM && began === 0) { began = performance.now(); cpu = process.cpuUsage(); r0 = await infoCpu(); gc = 0; await redis.client.config('RESETSTAT'); }
  const s = records.slice(from, from + BATCH);
  await worker.process(partition, recordBatchOf(s));
  if (from >= WARM) counted += s.length;
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
console.log(`batch ${BATCH}: ${Math.round(counted / seconds)}/s Node ${((user + system) / counted).toFixed(1)} (gc ${(gc * 1000 / counted).toFixed(1)}) Redis ${(((await infoCpu()) - r0) * 1e6 / counted).toFixed(1)} us/event rss ${Math.round(process.memoryUsage().rss / 1e6)}`);
if (process.env['STATS']) {
  const rows = (await redis.client.info('commandstats')).split('\r\n').filter((l) => l.startsWith('cmdstat')).map((l) => { const m = /cmdstat_(\S+):calls=(\d+),usec=(\d+)/.exec(l) ?? []; return { name: m[1] ?? '', calls: Number(m[2]) / counted, us: Number(m[3]) / counted }; });
  for (const r of rows.sort((a, b) => b.us - a.us).slice(0, 14)) console.log(`   ${r.name.padEnd(18)} ${r.us.toFixed(3)} us, ${r.calls.toFixed(3)} calls`);
}
close();
await redis.close();
