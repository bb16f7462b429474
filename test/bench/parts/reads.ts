import { Agent } from 'node:http';
import { freePort } from '../../../docker/free-port.ts';
import { connectRedis } from '../../../src/adapters/redis/client/connection.ts';
import { RedisRollupStore } from '../../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { allFamilies, retentionOf } from '../../../src/app/servers.ts';
import { DEFAULT_DIMENSIONS } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { rollUp } from '../../../src/rollups/roll-up.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../../support/system/system.ts';
import { measureBesideDuckDb } from '../peers/duckdb.ts';
import { type Figure, quantile, say } from './figures.ts';
import { call, load } from './http-load.ts';
import { fillDays, type ShopDays, shopDays } from './shop-days.ts';

const DAY = 86_400_000;
const DAYS = 31;
const CONNECTIONS = 50;
const SECONDS = 4;
/** The first one by itself: nothing is kept yet. */
const ROUNDS = 4;
const HOT = ['/v1/products/popular', '/v1/funnel', '/v1/engagement', '/v1/abandonment'] as const;
/** Of parameters that are not a choice among a few. */
const VALUES: Readonly<Record<string, readonly string[]>> = { city: ['Pune'], limit: ['10', '100'], funnel: ['quick'] };

/** Days of a shop, counted and rolled up. */
async function fill(redisUrl: string, days: ShopDays): Promise<TestSystem> {
  const system = await startSystem(redisUrl, { PARTITIONS: '4' });
  await system.startCounting();
  let sent = 0;
  let nextSay = days.events / 5;
  for (const events of fillDays(days)) {
    sent += (await system.system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })))).accepted;
    await system.settled(120_000);
    if (sent < nextSay) continue;
    say(`reads: counted ${sent} of ${days.events}`);
    nextSay += days.events / 5;
  }
  const redis = connectRedis(redisUrl);
  const keyspace = new Keyspace(system.prefix, 1, 1);
  const store = new RedisRollupStore(redis, keyspace, retentionOf(system.config), allFamilies);
  await rollUp({
    store,
    calendar: new Calendar('UTC'),
    funnels: BUILT_IN_FUNNELS,
    dimensions: DEFAULT_DIMENSIONS,
    now: () => Date.now(),
  });
  redis.disconnect();
  return system;
}

/**
 * Every read endpoint with every parameter that has a few
 * values, over today, a week by days and by hours, and all days.
 */
export async function everyRead(system: TestSystem, over = DAYS): Promise<string[]> {
  const { paths }: Json = await (await system.request('/openapi.json')).json();
  const day = (ago: number): string => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  // Right after midnight nothing may have happened today.
  const days = `from=${day(over - 1)}&to=${day(0)}`;
  const [item] = await system.get(`/v1/products/popular?${days}`);
  const [cart] = await system.get(`/v1/abandonment/carts?${days}`);
  const named = (path: string): string =>
    path.replace('{item_id}', item?.item_id ?? '').replace('{user_id}', cart?.user_id ?? '');
  const ranges = ['', `from=${day(6)}&to=${day(0)}`, `from=${day(6)}T05:00:00Z&to=${day(0)}T05:00:00Z`, days];
  const reads: string[] = [];
  for (const [path, { get: read }] of Object.entries<Json>(paths)) {
    if (read === undefined || !path.startsWith('/v1/') || /live|dead|webhooks/.test(path)) continue;
    const params: Json[] = read.parameters ?? [];
    const values = params.flatMap(({ name, schema }): string[] =>
      (VALUES[name] ?? schema?.enum ?? []).map((value: string) => `${name}=${value}`),
    );
    for (const range of params.some(({ name }) => name === 'from') ? ranges : [''])
      for (const value of ['', ...values]) reads.push(`${named(path)}?${[range, value].filter(Boolean).join('&')}`);
  }
  const good: string[] = [];
  for (const path of reads) if ((await system.request(path)).status === 200) good.push(path);
  return good;
}

/** What is asked of one system, over HTTP. */
interface Asked {
  readonly redis: TestRedis;
  readonly system: TestSystem;
  readonly events: number;
  readonly port: number;
  stop(): Promise<void>;
}

async function begin(redis: TestRedis, days: ShopDays): Promise<Asked> {
  await redis.client.flushall();
  const system = await fill(redis.url, days);
  const port = await freePort();
  const own = { ...system.environment, KEY_PREFIX: system.prefix, REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const api = startProcess('build/main.js', ['api'], { ...own, PORT: String(port) });
  await eventually('the API', () => /open http/.test(api.output()));
  const stop = async (): Promise<void> => {
    await api.kill('SIGTERM');
    await system.close();
  };
  return { redis, system, events: days.events, port, stop };
}

/** As if nobody had asked yet. */
async function forgetSums({ redis: { client } }: Asked): Promise<void> {
  const kept = await client.keys('*:kept-*');
  if (kept.length > 0) await client.unlink(...kept);
}

/** Milliseconds of every read, round by round. */
interface Timed {
  readonly first: number[];
  readonly again: number[];
  readonly best: number[];
}

/** Every endpoint with every parameter, one request at a time, of both in turns: the machine's moods hit both alike. */
async function oneByOne(few: Asked, all: Asked): Promise<Figure[]> {
  const reads = await everyRead(all.system);
  await Promise.all([few, all].map(forgetSums));
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const both = [few, all].map((asked) => ({ asked, timed: { first: [], again: [], best: [] } as Timed }));
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, path] of reads.entries())
      for (const { asked, timed } of both) {
        const at = performance.now();
        await call(agent, asked.port, { path });
        const ms = performance.now() - at;
        (round === 0 ? timed.first : timed.again).push(ms);
        if (round > 0) timed.best[i] = Math.min(timed.best[i] ?? ms, ms);
      }
  agent.destroy();
  const [fewer, more] = both.map(({ timed }) => timed.best);
  const growth = (more ?? []).map((ms, i) => ms / (fewer?.[i] ?? ms));
  return [
    ...both.flatMap(({ asked, timed }) => figuresOf(reads, asked, timed)),
    {
      what: `the same read behind ${all.events / few.events} times the events, the middle one`,
      value: quantile(growth, 0.5),
      unit: '×',
      atMost: 1.25,
    },
  ];
}

function figuresOf(reads: readonly string[], { events }: Asked, { first, again }: Timed): Figure[] {
  const slowest = again.map((ms, i) => ({ ms, path: reads[i % reads.length] })).sort((a, b) => b.ms - a.ms);
  for (const { ms, path } of slowest.slice(0, 12)) say(`reads: behind ${events}: ${ms.toFixed(1)} ms ${path}`);
  const what = `${reads.length} reads over ${DAYS} days of ${events.toLocaleString('en')} events, one at a time`;
  return [
    { what: `${what}, p50`, value: quantile(again, 0.5), unit: 'ms' },
    { what: `${what}, p99`, value: quantile(again, 0.99), unit: 'ms', atMost: 25 },
    { what: `${what}, slowest for the first time`, value: Math.max(...first), unit: 'ms', atMost: 150 },
  ];
}

async function manyAtOnce(redis: TestRedis, { port }: Asked): Promise<Figure[]> {
  const barePort = await freePort();
  const bare = startProcess('test/bench/peers/bare-hono.ts', [], { REDIS_URL: redis.url, PORT: String(barePort) });
  await eventually('bare Hono', () => bare.output().includes('listening'));
  const figures: Figure[] = [];
  for (const path of HOT) {
    const plain = await load(barePort, CONNECTIONS, SECONDS, () => ({ path: '/' }));
    const asked = await load(port, CONNECTIONS, SECONDS, () => ({ path }));
    say(`reads: ${path} ${Math.round(asked.perSecond)}/s beside bare Hono ${Math.round(plain.perSecond)}/s`);
    const of = `× bare Hono with one Redis read (${Math.round(asked.perSecond)} requests/s)`;
    const what = `GET ${path}, ${CONNECTIONS} connections`;
    figures.push({ what, value: asked.perSecond / plain.perSecond, unit: '', of, atLeast: 0.6 });
    figures.push({ what: `GET ${path}, p99`, value: asked.p99Ms, unit: 'ms', atMost: 20, inQuickHour: true });
  }
  await bare.kill('SIGTERM');
  return figures;
}

/** Reads behind a tenth of the events and behind all of them, many at once, and beside DuckDB. */
export async function measureReads(redis: TestRedis, other: TestRedis, events: number): Promise<Figure[]> {
  const now = Date.now();
  const few = await begin(other, shopDays(events / 10, DAYS, now));
  const days = shopDays(events, DAYS, now);
  const all = await begin(redis, days);
  const oneAtATime = await oneByOne(few, all);
  await few.stop();
  const figures = [...oneAtATime, ...(await manyAtOnce(redis, all)), ...(await measureBesideDuckDb(all.system, days))];
  await all.stop();
  return figures;
}
