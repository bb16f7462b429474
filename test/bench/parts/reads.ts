import { Agent } from 'node:http';
import { connectRedis } from '../../../src/adapters/redis/connection.ts';
import { freePort } from '../../../src/adapters/redis/free-port.ts';
import { RedisRollupStore } from '../../../src/adapters/redis/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel-definitions.ts';
import { Keyspace } from '../../../src/analytics/keyspace.ts';
import { Calendar } from '../../../src/analytics/windows.ts';
import { allFamilies, retentionOf } from '../../../src/composition-servers.ts';
import { rollUp } from '../../../src/rollups/roll-up.ts';
import { Shop } from '../../../src/simulator/shop.ts';
import { startProcess } from '../../support/processes.ts';
import type { TestRedis } from '../../support/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../../support/system.ts';
import { type Figure, quantile, say } from './figures.ts';
import { call, load } from './http-load.ts';

const DAY = 86_400_000;
const DAYS = 31;
const CONNECTIONS = 50;
const SECONDS = 4;
const HOT = ['/v1/products/popular', '/v1/funnel', '/v1/engagement', '/v1/abandonment'] as const;
const VALUES: Readonly<Record<string, readonly string[]>> = {
  interval: ['hour', 'day'],
  compare: ['previous'],
  breakdown: ['city'],
  city: ['Pune'],
  limit: ['10', '100'],
};

/** 31 days of a shop with 5,000 products, counted and rolled up. */
async function fill(redisUrl: string, events: number): Promise<TestSystem> {
  const system = await startSystem(redisUrl, { PARTITIONS: '4' });
  await system.startCounting();
  const shop = new Shop({ seed: 31, products: 5_000, sessions: 1_000 });
  const start = Date.now() - (DAYS - 0.5) * DAY;
  for (let sent = 0, i = 0; sent < events; ) {
    const some: unknown[] = [];
    for (; some.length < 5_000; i++) some.push(...shop.next(start + Math.floor((i * (DAYS - 0.5) * DAY) / events)));
    sent += (await system.system.acceptor().accept(some.map((value) => ({ outcome: 'json', value })))).accepted;
    await system.settled(120_000);
  }
  const redis = connectRedis(redisUrl);
  const keyspace = new Keyspace(system.prefix, 1, 1);
  const store = new RedisRollupStore(redis, keyspace, retentionOf(system.config), allFamilies);
  await rollUp({ store, calendar: new Calendar('UTC'), funnels: BUILT_IN_FUNNELS, now: () => Date.now() });
  redis.disconnect();
  say(`reads: ${events} events of ${DAYS} days are counted and rolled up`);
  return system;
}

/** Every read endpoint with every parameter that has a few values, over today, a week and all days. */
async function everyRead(system: TestSystem): Promise<string[]> {
  const { paths }: Json = await (await system.request('/openapi.json')).json();
  const day = (ago: number): string => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  const ranges = ['', `from=${day(6)}&to=${day(0)}`, `from=${day(DAYS - 1)}&to=${day(0)}`];
  const reads: string[] = [];
  for (const [path, { get: read }] of Object.entries<Json>(paths)) {
    if (read === undefined || path.includes('{') || !path.startsWith('/v1/') || /live|dead|webhooks/.test(path))
      continue;
    const params: string[] = (read.parameters ?? []).map(({ name }: Json) => name);
    for (const range of params.includes('from') ? ranges : [''])
      for (const param of ['', ...params.filter((name) => name in VALUES)])
        for (const value of VALUES[param] ?? [''])
          reads.push(`${path}?${[range, param && `${param}=${value}`].filter(Boolean).join('&')}`);
  }
  const good: string[] = [];
  for (const path of reads) if ((await system.request(path)).status === 200) good.push(path);
  return good;
}

export async function measureReads(redis: TestRedis, events: number): Promise<Figure[]> {
  await redis.client.flushall();
  const system = await fill(redis.url, events);
  const reads = await everyRead(system);
  const [port, barePort] = [await freePort(), await freePort()];
  const own = { ...system.environment, KEY_PREFIX: system.prefix, REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const api = startProcess('src/main.ts', ['api'], { ...own, PORT: String(port) });
  const bare = startProcess('test/bench/parts/bare-hono.ts', [], { REDIS_URL: redis.url, PORT: String(barePort) });
  await eventually('both to listen', () => /open http/.test(api.output()) && bare.output().includes('listening'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [first, again]: [number[], number[]] = [[], []];
  for (const durations of [first, again, again])
    for (const path of reads) {
      const at = performance.now();
      await call(agent, port, { path });
      durations.push(performance.now() - at);
    }
  agent.destroy();
  const figures: Figure[] = [
    {
      what: `${reads.length} reads over 31 days, one at a time, p99`,
      value: quantile(again, 0.99),
      unit: 'ms',
      atMost: 25,
    },
    { what: 'the same, the first time, slowest', value: Math.max(...first), unit: 'ms', atMost: 150 },
  ];
  for (const path of HOT) {
    const plain = await load(barePort, CONNECTIONS, SECONDS, () => ({ path: '/' }));
    const asked = await load(port, CONNECTIONS, SECONDS, () => ({ path }));
    say(`reads: ${path} ${Math.round(asked.perSecond)}/s beside bare Hono ${Math.round(plain.perSecond)}/s`);
    const of = `× bare Hono with one Redis read (${Math.round(asked.perSecond)} requests/s)`;
    figures.push({
      what: `GET ${path}, 50 connections`,
      value: asked.perSecond / plain.perSecond,
      unit: '',
      of,
      atLeast: 0.6,
    });
    figures.push({ what: `GET ${path}, p99`, value: asked.p99Ms, unit: 'ms', atMost: 20 });
  }
  await Promise.all([api.kill('SIGTERM'), bare.kill('SIGTERM')]);
  await system.close();
  return figures;
}
