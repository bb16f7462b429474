import { allFamilies } from '../../src/app/servers.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Random } from '../../src/simulator/random.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { busyDay } from './parts/busy-day.ts';

/** `npm run bench:memory`: bytes in Redis by what takes them, out of one busy day counted in a real Redis. */
const USERS = 20_000;
const SESSIONS = 40_000;
const EVENTS = 100_000;
const ITEMS = 2_000;
const CITIES = 50;
const HOURS = 24;
const start = Date.parse('2026-11-20T00:00:00Z');

const redis = await startRedis();
const prefix = unique();
const partition = { topic: 'events', index: 0 } as const;
const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 200]]) };
const { worker, close } = feedInto(redis.url, prefix, { retention });
await worker.claim(partition);
let offset = 0;
let batch: ReturnType<typeof record>[] = [];
const shape = { events: EVENTS, users: USERS, sessions: SESSIONS, items: ITEMS, cities: CITIES, hours: HOURS };
for (const event of busyDay(shape, start, new Random(3))) {
  batch.push(record(offset++, event, start + 30 * 3_600_000));
  if (batch.length < 2_000 && offset < EVENTS) continue;
  await worker.process(partition, recordBatchOf(batch));
  batch = [];
  if (offset % 20_000 === 0) process.stderr.write(`counted ${offset} of ${EVENTS} events\n`);
}
close();

const names = allFamilies.map(({ name }) => name).sort((a, b) => b.length - a.length);
const bytes = new Map<string, number>();
const count = new Map<string, number>();
for (const key of await redis.client.keys(`${prefix}:*`)) {
  const rest = key.replace(/^[^:]+:\d+:\{\d+\}:/, '');
  const family = names.find((name) => rest === name || rest.startsWith(`${name}:`)) ?? 'other';
  const usage = await redis.client.memory('USAGE', key, 'SAMPLES', 0);
  bytes.set(family, (bytes.get(family) ?? 0) + (usage ?? 0));
  count.set(family, (count.get(family) ?? 0) + 1);
}
const of = (...families: string[]): number => families.reduce((sum, family) => sum + (bytes.get(family) ?? 0), 0);
const carts = await redis.client.hlen(`${prefix}:1:{0}:carts:events-0:live`);
const listedKeys = await redis.client.keys(`${prefix}:1:{0}:cart-records:*`);
const listed = (await Promise.all(listedKeys.map((key) => redis.client.hlen(key)))).reduce((a, b) => a + b, 0);
const products = names.filter((name) => name.startsWith('products:'));
const lines: [string, number, string][] = [
  ['active user or session, for 24 hours', of('visitors') / (USERS + SESSIONS), 'visitors'],
  ['where a user is counted, of a day', of('user-marks') / USERS, 'user-marks'],
  ['user, for 30 days', of('known-users') / USERS, 'known-users'],
  [`user with ${EVENTS / USERS} interactions`, of('interactions') / USERS, 'interactions'],
  [
    'cart of one or two items, open or abandoned',
    of('carts', 'carts-due', 'carts-gone') / carts,
    'carts, carts-due, carts-gone',
  ],
  ['cart that was abandoned, in the lists', of('cart-records', 'cart-index') / listed, 'cart-records, cart-index'],
  ['event id, for the dedupe window', of('seen') / (EVENTS / (HOURS * 4)) / 2, 'seen (two windows)'],
  ['item, for a day with its hours', of(...products) / ITEMS, 'products:*'],
  ['item, its name', of('item-names') / ITEMS, 'item-names'],
  ['city-hour, its users at every stage', of('value-users') / (CITIES * HOURS), 'value-users'],
  [
    'city-hour, its counters (day, hour and quarters)',
    of('engagement', 'funnel:closed', 'cities', 'revenue', 'frequencies', 'abandonment', 'new-users', 'payments') /
      (CITIES * HOURS),
    'engagement, funnel:closed, cities, revenue, …',
  ],
];
const total = [...bytes.values()].reduce((a, b) => a + b, 0);
const table = [
  '| what | bytes | families |',
  '|---|---|---|',
  ...lines.map(([what, n, families]) => `| ${what} | ${Math.round(n)} | ${families} |`),
];
process.stdout.write(`${table.join('\n')}\n\n`);
for (const [family, n] of [...bytes].sort(([, a], [, b]) => b - a))
  process.stdout.write(
    `${family.padEnd(20)} ${String(count.get(family)).padStart(6)} keys ${(n / 1_048_576).toFixed(2).padStart(8)} MiB\n`,
  );
process.stdout.write(
  `${EVENTS} events of ${USERS} users in ${SESSIONS} sessions: ${(total / 1_048_576).toFixed(1)} MiB\n`,
);
await redis.close();
