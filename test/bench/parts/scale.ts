import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../../../src/adapters/redis/client/connection.ts';
import { RedisRollupStore } from '../../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { allFamilies, retentionOf } from '../../../src/app/servers.ts';
import { DEFAULT_DIMENSIONS } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { rollUp } from '../../../src/rollups/roll-up.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import { startCluster } from '../../support/servers/redis-cluster.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, startSystem, type TestSystem, unique } from '../../support/system/system.ts';
import { type Figure, quantile, say } from './figures.ts';
import { everyRead } from './reads.ts';
import { fillDays, shopDays } from './shop-days.ts';

/** Partitions, and as many shards. */
const SHAPES = [8, 128] as const;
const EVENTS = 40_000;
const DAYS = 2;
const PEOPLE = 2_000;
const ROUNDS = 3;
const AT_ONCE = 500;

/** What a plan for many machines has to know: the same small shop on a cluster of three nodes, in few shards and in many. */
export async function measureScale(broker: string): Promise<Figure[]> {
  const cluster = await startCluster(3);
  const figures: Figure[] = [];
  try {
    for (const shards of SHAPES) await measureShape(broker, cluster.url, shards, figures);
  } finally {
    await cluster.close();
  }
  return figures;
}

async function measureShape(broker: string, redisUrl: string, shards: number, figures: Figure[]): Promise<void> {
  const environment = { ...kafkaEnvironment(broker, shards), KEY_PREFIX: unique(), REDIS_SHARDS: String(shards) };
  const system = await startSystem(redisUrl, environment);
  const consumers = [startConsumer(redisUrl, environment)];
  const of = `${shards} partitions and shards:`;
  const add = (...some: readonly Figure[]): void => {
    for (const { what, value, unit } of some) say(`scale: ${what}: ${value.toFixed(2)} ${unit}`);
    figures.push(...some);
  };
  try {
    await eventually('the consumer', () => consumers[0]?.output().includes('counting') === true);
    await fill(system);
    add(await links(system, of));
    add(await rollups(redisUrl, system, shards, of));
    add(...(await reads(system, of)));
    consumers.push(startConsumer(redisUrl, environment));
    add(...(await takeovers(system, consumers, of)));
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.kill('SIGKILL')));
    await system.close();
  }
}

const startConsumer = (redisUrl: string, environment: Record<string, string>) =>
  startProcess('build/main.js', ['consume'], { ...environment, REDIS_URL: redisUrl });

async function fill(system: TestSystem): Promise<void> {
  const days = shopDays(EVENTS, DAYS, Date.now());
  for (const events of fillDays(days))
    await system.system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })));
  await system.settled(300_000);
  say(`scale: counted ${EVENTS} events`);
}

/** Guests who put something into a cart and sign in: until each is linked, in another partition as a rule. */
async function links(system: TestSystem, of: string): Promise<Figure> {
  const people = Array.from({ length: PEOPLE }, (_, i) => i);
  const items = [{ item_id: 'i1', price: 1 }];
  const began = performance.now();
  const said = people.map((i) => ({ anonymous_id: `guest ${i}`, items }));
  await send(
    system,
    said.map((one) => ({ ...one, name: 'add_to_cart' })),
  );
  const signedIn = said.map((one, i) => ({ ...one, name: 'purchase', user_id: `user ${i}`, transaction_id: `t ${i}` }));
  await send(system, signedIn);
  // What partitions have to tell each other, and what waits for that, is behind as well.
  await system.settled();
  const seconds = (performance.now() - began) / 1_000;
  return {
    what: `${of} ${PEOPLE.toLocaleString('en')} guests who sign in and buy, until all are linked`,
    value: seconds,
    unit: 's',
  };
}

async function send(system: TestSystem, events: readonly unknown[]): Promise<void> {
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const { status } = await system.post(events.slice(from, from + AT_ONCE));
    if (status !== 202) throw new Error(`events were refused: ${status}`);
  }
}

async function rollups(redisUrl: string, system: TestSystem, shards: number, of: string): Promise<Figure> {
  const redis = connectRedis(redisUrl);
  const keyspace = new Keyspace(system.prefix, 1, shards);
  const store = new RedisRollupStore(redis, keyspace, retentionOf(system.config), allFamilies);
  const began = performance.now();
  const { hours } = await rollUp({
    store,
    calendar: new Calendar('UTC'),
    funnels: BUILT_IN_FUNNELS,
    dimensions: DEFAULT_DIMENSIONS,
    now: () => Date.now(),
  });
  const seconds = (performance.now() - began) / 1_000;
  redis.disconnect();
  return {
    what: `${of} the rollup of an hour (${hours} hours of shards)`,
    value: (seconds * shards) / hours,
    unit: 's',
  };
}

async function reads(system: TestSystem, of: string): Promise<Figure[]> {
  const paths = await everyRead(system, DAYS);
  const took: number[] = [];
  const slowest = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++)
    for (const path of paths) {
      const at = performance.now();
      await system.request(path);
      took.push(performance.now() - at);
      slowest.set(path, Math.min(slowest.get(path) ?? Number.POSITIVE_INFINITY, performance.now() - at));
    }
  for (const [path, ms] of [...slowest].sort(([, a], [, b]) => b - a).slice(0, 8))
    say(`scale: ${of} ${ms.toFixed(1)} ms ${path}`);
  const what = `${of} ${paths.length} reads over ${DAYS} days, one at a time`;
  return [
    { what: `${what}, p50`, value: quantile(took, 0.5), unit: 'ms' },
    { what: `${what}, p99`, value: quantile(took, 0.99), unit: 'ms' },
  ];
}

/** The second consumer takes half of the partitions; then the first one dies, and it takes the others too. */
async function takeovers(
  system: TestSystem,
  [first, second]: readonly ReturnType<typeof startConsumer>[],
  of: string,
): Promise<Figure[]> {
  const beganMs = performance.now();
  await eventually('the second consumer', () => second?.output().includes('counting') === true);
  const joined = await untilCounted(system, beganMs);
  const diedMs = performance.now();
  await first?.kill('SIGKILL');
  const died = await untilCounted(system, diedMs);
  return [
    { what: `${of} a second consumer joins: all partitions counted again after`, value: joined, unit: 's' },
    { what: `${of} one of two dies: all partitions counted again after`, value: died, unit: 's' },
  ];
}

/** An event in every partition, and then until all are counted. @returns seconds since */
async function untilCounted(system: TestSystem, sinceMs: number): Promise<number> {
  await sleep(200);
  await system.post(
    Array.from({ length: 1_000 }, (_, i) => ({
      name: 'view_item',
      user_id: `walker ${i}`,
      items: [{ item_id: 'i1' }],
    })),
  );
  await system.settled(120_000);
  return (performance.now() - sinceMs) / 1_000;
}
