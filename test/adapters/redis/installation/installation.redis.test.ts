import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openShape,
  readInstalled,
  type Shape,
  type Wanted,
} from '../../../../src/adapters/redis/installation/installation.ts';
import { BUILT_IN_FUNNELS } from '../../../../src/analytics/funnel/funnel.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const MIN = 60_000;
const shape: Shape = {
  stateVersion: 2,
  partitions: 4,
  shards: 1,
  timezone: 'UTC',
  currency: 'USD',
  sessionTimeoutMs: 30 * MIN,
  cartTimeoutMs: 60 * MIN,
  dedupeWindowMs: 15 * MIN,
  transactionWindowMs: 30 * 24 * 60 * MIN,
  attributionWindowMs: 30 * 86_400_000,
  dimensions: ['city', 'channel'],
  funnels: BUILT_IN_FUNNELS.map(({ name, stages }) => ({ name, stages: [...stages] })),
};

const topics = { events: 'shop.events', inventory: 'shop.inventory', group: 'cartpulse' };
const counted = async (): Promise<boolean> => false;
const open = (keyspace: Keyspace, wanted: Partial<Wanted> = {}, isUntouched = counted) =>
  openShape(redis.client, keyspace, { shape, topics: undefined, ...wanted }, isUntouched);

test('what an installation is begun with is kept when the rest of its start has gone well, not before', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await open(keyspace);
  expect(await readInstalled(redis.client, keyspace)).toBeUndefined();
  const other = { shape: { ...shape, timezone: 'Asia/Tokyo' } };
  await (await open(keyspace, other)).keep();
  expect((await readInstalled(redis.client, keyspace))?.timezone).toBe('Asia/Tokyo');
  await expect(open(keyspace)).rejects.toThrow('STORE_TIMEZONE was Asia/Tokyo, now UTC');
});

test.each([
  ['Kafka after the embedded log', undefined, topics, 'the event log was the embedded one, now Kafka (KAFKA_BROKERS)'],
  [
    'the embedded log after Kafka',
    topics,
    undefined,
    'the event log was Kafka with shop.events and shop.inventory, now KAFKA_BROKERS is not set',
  ],
  ['other topics', topics, { ...topics, events: 'x' }, 'KAFKA_EVENTS_TOPIC was shop.events, now x'],
  ['another group', topics, { ...topics, group: 'x' }, 'KAFKA_GROUP was cartpulse, now x'],
])('the log belongs to it: %s is refused', async (_, first, then, message) => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await (await open(keyspace, { topics: first })).keep();
  await expect(open(keyspace, { topics: then })).rejects.toThrow(message);
});

test('one that was kept without a group by an older version takes the first that comes', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  const { group: _, ...older } = topics;
  await (await open(keyspace, { topics: older })).keep();
  await (await open(keyspace, { topics })).keep();
  await expect(open(keyspace, { topics: { ...topics, group: 'x' } })).rejects.toThrow('KAFKA_GROUP');
});

test('while nothing was counted another log takes the place of the first, as another generation', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await (await open(keyspace)).keep();
  const opened = await open(keyspace, { topics }, async () => true);
  await opened.keep();
  expect(opened.generation).toBe(2);
  expect(await readInstalled(redis.client, keyspace)).toMatchObject({ generation: 2, topics });
  const elsewhere = { shape: { ...shape, timezone: 'Asia/Tokyo' }, topics };
  await expect(open(keyspace, elsewhere, async () => true)).rejects.toThrow('STORE_TIMEZONE was UTC');
});

test('of two processes that begin at once with other values the second ends', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  const [one, two] = [await open(keyspace), await open(keyspace, { shape: { ...shape, partitions: 8 } })];
  await one.keep();
  await expect(two.keep()).rejects.toThrow('PARTITIONS was 4, now 8');
});

test('of two processes that add funnels at once, the second starts again: their order is part of what is stored', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await (await open(keyspace)).keep();
  const adding = (name: string) =>
    open(keyspace, { shape: { ...shape, funnels: [...shape.funnels, { name, stages: ['visit'] }] } });
  const [one, two] = [await adding('one'), await adding('two')];
  await one.keep();
  await expect(two.keep()).rejects.toThrow(/FUNNELS had one, now missing/);
});

test('a process that adds a funnel in the moment in which a rebuild switches over leaves the new generation in use', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await (await open(keyspace)).keep();
  const added = { name: 'gift', stages: ['visit', 'purchase'] };
  const opened = await open(keyspace, { shape: { ...shape, funnels: [...shape.funnels, added] } });
  const key = keyspace.installation('settings');
  const stored = JSON.parse((await redis.client.get(key)) ?? '');
  await redis.client.set(key, JSON.stringify({ ...stored, generation: 2 }));
  await opened.keep();
  const installed = await readInstalled(redis.client, keyspace);
  expect([installed?.generation, installed?.funnels.at(-1)?.name]).toEqual([2, 'gift']);
});

test('what an earlier version has counted is not counted on: one line says how it is counted anew', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  const { stateVersion: _, ...earlier } = shape;
  await redis.client.set(keyspace.installation('settings'), JSON.stringify({ ...earlier, generation: 1 }));
  await expect(open(keyspace)).rejects.toThrow(/state 1, this one keeps 2.*npm start -- rebuild/);
});
