import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { expectAnswers } from '../support/compare.ts';
import { startTestKafka, type TestKafka } from '../support/kafka.ts';
import { kafkaEnvironment } from '../support/kafka-environment.ts';
import type { OracleEvent } from '../support/oracle/events.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { eventually, startSystem, unique } from '../support/system.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const PARTITIONS = 4;
const DAY = 86_400_000;
const today = Math.floor(Date.now() / DAY) * DAY;
const start = today - 5 * DAY;
const range = `from=${new Date(start).toISOString().slice(0, 10)}&to=${new Date(today).toISOString().slice(0, 10)}`;

/** A shop's two days, and at the end something that makes every open cart fall due. */
function simulate(count: number, oracle: Oracle): OracleEvent[] {
  const shop = new Shop({ seed: 11, sessions: 400 });
  const events: OracleEvent[] = [];
  for (let i = 0; events.length < count; i++)
    events.push(...(shop.next(start + i * 1_700) as unknown as OracleEvent[]));
  const last = new Map<number, OracleEvent>();
  for (let i = 0; last.size < PARTITIONS; i++) {
    last.set(oracle.partitionOf(`flush-${i}`), {
      event_id: `f${i}`,
      name: 'page_view',
      user_id: `flush-${i}`,
      timestamp: today - DAY,
    });
  }
  return [...events, ...last.values()];
}

interface Run {
  readonly events: number;
  readonly kills: number;
  readonly consumer: { readonly script: string; readonly args: readonly string[] };
}

describe('two consumers, killed at random moments, with replies of Redis lost on the way', () => {
  let redis: TestRedis;
  let kafka: TestKafka;
  let proxy: TcpProxy;
  beforeAll(async () => {
    [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
    proxy = await startProxy(redis.port);
  });
  afterAll(() => Promise.all([proxy.close(), redis.close(), kafka.close()]));

  async function survive({ events: count, kills, consumer }: Run): Promise<void> {
    const environment: Record<string, string> = {
      ...kafkaEnvironment(kafka.broker, PARTITIONS),
      KEY_PREFIX: unique(),
      // A request of these compressed days spans half an hour: one that is sent again must still be known as a repeat.
      DEDUPE_WINDOW: '30d',
    };
    const system = await startSystem(redis.url, environment);
    const random = new Random(99);
    // A reply that follows a large request is a commit's: every so often it is lost, and ioredis sends the commit again.
    const asked = new Map<object, number>();
    const cutsBefore = proxy.cuts;
    proxy.onRequest = (chunk, connection) => void asked.set(connection, (asked.get(connection) ?? 0) + chunk.length);
    proxy.onReply = (chunk, connection) => {
      const large = (asked.get(connection) ?? 0) > 60_000 && chunk.includes('applied');
      asked.set(connection, 0);
      return large && random.chance(0.15) ? 'cut' : 'pass';
    };
    const launch = (): TestProcess =>
      startProcess(consumer.script, consumer.args, {
        ...environment,
        REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
        LOG_LEVEL: 'silent',
      });
    const consumers = [launch(), launch()];
    const oracle = new Oracle(PARTITIONS);
    const all = simulate(count, oracle);
    oracle.feed(all);
    try {
      const perRound = Math.ceil(all.length / (kills + 1));
      let killed = 0;
      for (let round = 0; round <= kills; round++) {
        const part = all.slice(round * perRound, (round + 1) * perRound);
        for (let from = 0; from < part.length; from += 1_000)
          expect((await system.post(part.slice(from, from + 1_000))).status).toBe(202);
        if (round === kills) break;
        await sleep(200 + random.below(2_500));
        const index = random.below(2);
        expect(await consumers[index]?.kill('SIGKILL')).toBe('SIGKILL');
        killed += 1;
        consumers[index] = launch();
      }
      proxy.onReply = () => 'pass';
      await system.settled(120_000);
      expect(killed).toBe(kills);
      expect(proxy.cuts - cutsBefore).toBeGreaterThan(0);
      await expectAnswers(system, oracle, range);
    } finally {
      proxy.onReply = () => 'pass';
      await Promise.all(consumers.map((one) => one.kill('SIGKILL')));
      await system.close();
    }
  }

  test('100,000 simulated events: every exact answer equals the plain count', { timeout: 400_000 }, async () => {
    await survive({ events: 100_000, kills: 10, consumer: { script: 'src/main.ts', args: ['consume'] } });
  });

  test('CONTROL: the same without the position comparison gives other answers', { timeout: 400_000 }, async () => {
    const consumer = { script: 'test/support/unguarded-consumer.ts', args: [] };
    await expect(survive({ events: 60_000, kills: 3, consumer })).rejects.toThrow(/expected/);
  });

  test('Redis that is emptied altogether is counted anew from the log', { timeout: 120_000 }, async () => {
    const environment: Record<string, string> = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
    const system = await startSystem(redis.url, environment);
    await system.startCounting();
    const oracle = new Oracle(PARTITIONS);
    const all = simulate(3_000, oracle);
    oracle.feed(all);
    for (let from = 0; from < all.length; from += 1_000) await system.post(all.slice(from, from + 1_000));
    await system.settled();
    await redis.client.flushall();
    await eventually('counting to begin anew', async () => (await redis.client.keys(`${system.prefix}:*`)).length > 0);
    await system.settled();
    await expectAnswers(system, oracle, range);
    await system.close();
  });
});
