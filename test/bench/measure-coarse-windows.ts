import { startRedis } from '../support/servers/redis-server.ts';

/**
 * `npm run bench:windows`: would rankings of weeks and months make
 * the ranking cache needless? Reads and writes of each, on one Redis.
 */
const DAYS = 31;
const INCREMENTS = 2_000;
const redis = await startRedis();
const { client } = redis;
const dayKey = (day: number): string => `day:${day}`;
const weekKey = (day: number): string => `week:${Math.floor(day / 7)}`;
const days = Array.from({ length: DAYS }, (_, day) => dayKey(day));
/** Any 31 days: at best three whole weeks and ten days on both sides of them. */
const weeksAndDays = [0, 1, 2, 3, 4, 5, 6].map(dayKey).concat(['week:1', 'week:2', 'week:3'], [28, 29, 30].map(dayKey));

async function medianMs(read: () => Promise<unknown>): Promise<string> {
  const took: number[] = [];
  for (let i = 0; i < 15; i++) {
    const began = performance.now();
    await read();
    took.push(performance.now() - began);
  }
  return `${(took.sort((a, b) => a - b)[7] ?? 0).toFixed(2)} ms`;
}

async function redisUs(work: () => Promise<unknown>, parts: number): Promise<string> {
  const used = async (): Promise<number> => Number(/used_cpu_user:([\d.]+)/.exec(await client.info('cpu'))?.[1]);
  const before = await used();
  await work();
  return `${((((await used()) - before) * 1e6) / parts).toFixed(2)} µs`;
}

async function megabytes(keys: readonly string[]): Promise<string> {
  let bytes = 0;
  for (const key of keys) bytes += Number(await client.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function fill(items: number): Promise<void> {
  await client.flushall();
  for (let day = 0; day < DAYS; day++) {
    const pipeline = client.pipeline();
    for (let i = 0; i < items; i++) {
      const [units, item] = [1 + (i % 9), `sku-${Math.floor(items * Math.random() ** 3)}`];
      for (const key of [dayKey(day), weekKey(day), 'month']) pipeline.zincrby(key, units, item);
    }
    await pipeline.exec();
  }
  await client.zunionstore('cached', DAYS, ...days);
}

const topOf = (keys: readonly string[]) => async () => {
  await client.zunionstore('sum', keys.length, ...keys);
  await client.zrevrange('sum', 0, 9, 'WITHSCORES');
};

const increment = (keys: readonly string[]) => async () => {
  const lua = 'for i = 1, #ARGV do for k = 1, #KEYS do redis.call("ZINCRBY", KEYS[k], 1, ARGV[i]) end end';
  const members = Array.from({ length: INCREMENTS }, () => `sku-${Math.floor(5_000 * Math.random() ** 3)}`);
  for (let i = 0; i < 50; i++) await client.eval(lua, keys.length, ...keys, ...members);
};

for (const items of [5_000, 50_000]) {
  await fill(items);
  const rows = [
    ['the ten greatest of 31 days: added up', await medianMs(topOf(days))],
    ['… of weeks and days', await medianMs(topOf(weeksAndDays))],
    ['… of one month of the calendar', await medianMs(() => client.zrevrange('month', 0, 9, 'WITHSCORES'))],
    ['… from the cache', await medianMs(() => client.zrevrange('cached', 0, 9, 'WITHSCORES'))],
    ['an increment: hour and day', await redisUs(increment(['hour', dayKey(30)]), 50 * INCREMENTS)],
    ['… week and month as well', await redisUs(increment(['hour', dayKey(30), 'week:4', 'month']), 50 * INCREMENTS)],
    ['kept: 31 days', await megabytes(days)],
    ['… weeks and a month', await megabytes(['week:0', 'week:1', 'week:2', 'week:3', 'week:4', 'month'])],
    ['… one cached period', await megabytes(['cached'])],
  ];
  process.stdout.write(
    `${items} items\n${rows.map(([what, n]) => `  ${what?.padEnd(42)}${n?.padStart(12)}\n`).join('')}`,
  );
}
await redis.close();
