import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../docker/free-port.ts';
import { Random } from '../../../src/simulator/random.ts';
import { Shop } from '../../../src/simulator/shop.ts';
import { expectAnswers } from '../compare/answers.ts';
import { expectSaid, firstOf } from '../compare/cart-messages.ts';
import { oracleOfLog } from '../compare/from-log.ts';
import type { OracleEvent } from '../oracle/events.ts';
import { Oracle } from '../oracle/oracle.ts';
import { startTestKafka, type TestKafka } from '../servers/kafka.ts';
import { kafkaEnvironment } from '../servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../servers/redis-server.ts';
import { type OutReader, readOut } from '../system/out-topics.ts';
import { startProcess } from '../system/processes.ts';
import { sendAll } from '../system/sending.ts';
import { eventually, type Json, startSystem, type TestSystem, unique } from '../system/system.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

interface CartRun {
  readonly events: number;
  /** A run for each number of partitions; the same carts are said in all of them. */
  readonly partitions: readonly number[];
  /** A consumer is killed after each part of the events. */
  readonly parts: number;
  /** Kafka is killed and started again in the middle of these. */
  readonly kafkaDiesIn: readonly number[];
}

/** Five days of a shop, up to an hour and a half ago. */
function simulate(count: number, untilMs: number): OracleEvent[] {
  const shop = new Shop({ seed: 21, sessions: 500 });
  const events: OracleEvent[] = [];
  const step = (4.9 * DAY) / count;
  for (let i = 0; events.length < count; i++)
    events.push(...(shop.next(Math.floor(untilMs - 4.9 * DAY + i * step)) as unknown as OracleEvent[]));
  return events;
}

/** Carts that fall due while nothing arrives: seconds after the last event. */
function idleCarts(nowMs: number): OracleEvent[] {
  return Array.from({ length: 30 }, (_, i) => ({
    event_id: `idle-${i}`,
    name: 'add_to_cart',
    user_id: `idle-${i}`,
    timestamp: nowMs - HOUR + 8_000,
    items: [{ item_id: 'SKU-0001', price: 4, quantity: 1 + (i % 3) }],
  }));
}

/** An event of now in each partition, so that its time is the present's. */
function presentOf(oracle: Oracle, partitions: number, nowMs: number): OracleEvent[] {
  const found = new Map<number, OracleEvent>();
  for (let i = 0; found.size < partitions; i++)
    found.set(oracle.partitionOf(`now-${i}`), {
      event_id: `now-${i}`,
      name: 'page_view',
      user_id: `now-${i}`,
      timestamp: nowMs,
    });
  return [...found.values()];
}

/** Carts under kills and a replay: every answer and every message is that of the plain count. */
export function cartsSuite({ events, partitions, parts, kafkaDiesIn }: CartRun): void {
  let redis: TestRedis;
  let kafka: TestKafka;
  const start = Date.now();
  const shop = simulate(events, start - 90 * 60_000);
  const idle = idleCarts(start);
  const byPartitions = new Map<number, Map<string, Json>>();

  beforeAll(async () => {
    const own = kafkaDiesIn.length > 0 ? { port: await freePort() } : {};
    [redis, kafka] = await Promise.all([startRedis(), startTestKafka(own)]);
  });
  afterAll(() => Promise.all([redis.close(), kafka.close()]));

  const read = async (readers: Record<'abandoned' | 'recovered', OutReader>) => ({
    abandoned: await readers.abandoned.messages(),
    recovered: await readers.recovered.messages(),
  });

  async function throughFaults(system: TestSystem, environment: Record<string, string>, random: Random): Promise<void> {
    const launch = () =>
      startProcess('build/main.js', ['consume'], { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'error' });
    const consumers = [launch(), launch()];
    try {
      let kills = 0;
      for (let part = 0; part < parts; part++) {
        const some = shop.slice((part * shop.length) / parts, ((part + 1) * shop.length) / parts);
        await sendAll(system, some);
        if (kafkaDiesIn.includes(part)) {
          await kafka.server?.stop('SIGKILL');
          await sleep(500);
          await kafka.server?.start();
        }
        await sleep(random.below(1_500));
        const index = random.below(2);
        const ended = await consumers[index]?.kill('SIGKILL');
        // One that was started while Kafka was away has said so and gone; whatever supervises it starts it again.
        if (ended !== 'SIGKILL') expect(consumers[index]?.output()).toContain('Kafka does not answer');
        consumers[index] = launch();
        kills += ended === 'SIGKILL' ? 1 : 0;
      }
      expect(kills).toBeGreaterThanOrEqual(parts - kafkaDiesIn.length - 1);
      await system.settled(120_000);
    } finally {
      await Promise.all(consumers.map((one) => one.kill('SIGTERM')));
    }
  }

  test.each([...partitions])(
    'with %i partitions every answer and every message is that of the plain count',
    {
      timeout: 400_000,
    },
    async (count) => {
      const environment: Record<string, string> = {
        ...kafkaEnvironment(kafka.broker, count),
        KEY_PREFIX: unique(),
        // A request of these compressed days spans half an hour:
        // one that is sent again must still be known as a repeat.
        DEDUPE_WINDOW: '30d',
      };
      const system = await startSystem(redis.url, environment);
      const readers = {
        abandoned: await readOut(system, redis.url, 'abandoned'),
        recovered: await readOut(system, redis.url, 'recovered'),
      };
      await throughFaults(system, environment, new Random(count));
      const consumption = await system.startCounting();
      // As if it were idle at the present: carts that fall due in a moment, found by ticks alone.
      const idleNow = count === partitions[0] ? idle : idleCarts(Date.now());
      const last = [...idleNow, ...presentOf(new Oracle(count), count, Date.now())];
      await sendAll(system, last);
      const idleUsers = new Set(idleNow.map(({ user_id }) => user_id));
      await eventually(
        'the carts that fall due while nothing comes',
        async () => {
          const { abandoned } = await read(readers);
          return new Set(abandoned.map(({ value }) => value.user_id).filter((user) => idleUsers.has(user))).size >= 30;
        },
        90_000,
      );
      await system.settled();
      const oracle = await oracleOfLog(system, [...shop, ...last]);
      const expected = oracle.said.length;
      await eventually(
        'all messages',
        async () => {
          const { abandoned, recovered } = await read(readers);
          return firstOf([...abandoned, ...recovered]).size >= expected;
        },
        90_000,
      );
      await system.settled();
      const range = `from=${new Date(start - 5 * DAY).toISOString().slice(0, 10)}&to=${new Date(Date.now()).toISOString().slice(0, 10)}`;
      await expectAnswers(system, oracle, range);
      const messages = expectSaid(oracle.said, await read(readers));
      expect(messages.size).toBe(expected);
      expect(oracle.said.filter(({ topic }) => topic === 'recovered').length).toBeGreaterThan(events / 2_000);
      byPartitions.set(count, messages);

      await consumption.stop();
      await redis.client.flushall();
      const before = (await read(readers)).abandoned.length;
      const again = await startSystem(redis.url, environment);
      await again.startCounting();
      await again.settled(120_000);
      await eventually(
        'the replay to say everything again',
        async () => {
          const { waiting } = (await again.get('/v1/pipeline')).outbox;
          return waiting === 0 && (await read(readers)).abandoned.length >= before + expected / 2;
        },
        90_000,
      );
      await expectAnswers(again, oracle, range);
      expect(expectSaid(oracle.said, await read(readers)).size).toBe(expected);
      for (const reader of Object.values(readers)) await reader.close();
      await again.close();
      await system.close();
    },
  );

  test('the same carts are said with the same event_ids, whatever the number of partitions', () => {
    expect([...byPartitions.keys()]).toEqual(partitions);
    const ofShop = (messages: Map<string, Json>) =>
      new Map([...messages].filter(([, { user_id }]) => user_id.startsWith('sim-')));
    const [one, eight] = [...byPartitions.values()].map(ofShop);
    if (one === undefined || eight === undefined) throw new Error('two runs were to be compared');
    expect(one.size).toBeGreaterThan(events / 30);
    // Days are sent in seconds: in a pause of seconds a tick lets a cart fall
    // due that is bought moments later, in one run and not in the other.
    const both = [...one.keys()].filter((id) => eight.has(id));
    expect(both.length).toBeGreaterThan(Math.max(one.size, eight.size) * 0.98);
    const alike = both.filter((id) => isDeepStrictEqual(one.get(id), eight.get(id)));
    expect(alike.length).toBeGreaterThan(both.length * 0.98);
  });
}
