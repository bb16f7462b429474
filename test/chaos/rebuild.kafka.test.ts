import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { expectAnswers } from '../support/compare/answers.ts';
import { expectSaid } from '../support/compare/cart-messages.ts';
import { oracleOfLog, orderInLog } from '../support/compare/from-log.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { readOut } from '../support/system/out-topics.ts';
import { startProcess } from '../support/system/processes.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 4;
let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

test('a rebuild killed twice on the way ends; consumers under load move over, and the API answers all the while', {
  timeout: 240_000,
}, async () => {
  const port = await freePort();
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    DEDUPE_WINDOW: '30d',
  };
  const all = { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'warn', PORT: String(port) };
  const roles = [['api', 'consume', 'rollup'], ['consume']].map((args) => startProcess('build/main.js', args, all));
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  const alive = async (): Promise<boolean> =>
    ask('/health/live').then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('the API', alive);
  const post = (events: unknown) =>
    ask('/v1/events', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(events),
    });
  const oracle = new Oracle(PARTITIONS);
  const events = simulated(16_000, oracle, PARTITIONS);
  oracle.feed(events);
  const half = Math.floor(events.length / 2);
  await sendAll({ post }, events.slice(0, half));

  let over = false;
  const failures: string[] = [];
  let asked = 0;
  const asking = (async () => {
    while (!over) {
      await ask(`/v1/events/frequencies?limit=1000&${simulatedRange}`).then(
        ({ status }) => status === 200 || failures.push(String(status)),
        (error: unknown) => failures.push(String(error)),
      );
      asked += 1;
      await sleep(20);
    }
  })();
  let at = half;
  const sending = (async () => {
    while (at < events.length) {
      await sendAll({ post }, events.slice(at, at + 500));
      at += 500;
      await sleep(50);
    }
  })();
  const generation = async (): Promise<number> =>
    JSON.parse((await redis.client.get(`${environment['KEY_PREFIX']}:{installation}:settings`)) ?? '{}').generation;
  const counted = async () => (await redis.client.keys(`${environment['KEY_PREFIX']}:2:*:partition:*`)).length;
  for (let kills = 0; kills < 2; kills++) {
    const killed = startProcess('build/main.js', ['rebuild'], all);
    const before = killed.output().length;
    await eventually(
      'the rebuild to count',
      async () => (await counted()) > 0 && /[1-9]\d* of \d+ records/.test(killed.output().slice(before)),
    );
    expect(await killed.kill('SIGKILL')).toBe('SIGKILL');
    expect(await generation()).toBe(1);
    // Its lease runs out.
    await redis.client.del(`${environment['KEY_PREFIX']}:{installation}:rebuild-lease`);
  }
  const rebuild = startProcess('build/main.js', ['rebuild'], all);
  expect(await rebuild.ended, rebuild.output()).toBe(0);
  expect(rebuild.output()).toContain('going on where it was left');
  expect(rebuild.output()).toContain('the rebuilt answers are the live ones now');
  expect(await generation()).toBe(2);
  await sending;
  over = true;
  await asking;
  expect(asked).toBeGreaterThan(50);
  expect(failures).toEqual([]);

  const moved = await startSystem(redis.url, environment);
  const readers = {
    abandoned: await readOut(moved, redis.url, 'abandoned'),
    recovered: await readOut(moved, redis.url, 'recovered'),
  };
  await moved.settled(60_000);
  await expectAnswers(moved, oracle, simulatedRange);
  const read = async () => ({
    abandoned: await readers.abandoned.messages(),
    recovered: await readers.recovered.messages(),
  });
  await eventually(
    'every message about a cart',
    async () =>
      new Set(Object.values(await read()).flatMap((some) => some.map(({ value }) => value.event_id))).size >=
      oracle.said.length,
  );
  expectSaid(oracle.said, await read());
  expect((await redis.client.keys(`${environment['KEY_PREFIX']}:1:*`)).length).toBe(0);
  expect(await Promise.all(roles.map((role) => role.kill('SIGTERM')))).toEqual([0, 0]);
  for (const reader of Object.values(readers)) await reader.close();
  await moved.close();
});

test('another number of partitions: the topics are copied into new ones in the order of their events', {
  timeout: 120_000,
}, async () => {
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    DEDUPE_WINDOW: '30d',
    LOG_LEVEL: 'silent',
  };
  const system = await startSystem(redis.url, environment);
  await system.startCounting();
  const [before, after] = [new Oracle(PARTITIONS), new Oracle(2)];
  const SENT_TOGETHER = 1_000;
  const flush = [0, 1].map((index) => {
    const user =
      Array.from({ length: 50 }, (_, i) => `last-${i}`).find((one) => after.partitionOf(one) === index) ?? '';
    const timestamp = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
    return { event_id: user, name: 'page_view', user_id: user, timestamp };
  });
  const events = [...simulated(6_000, before, PARTITIONS), ...flush];
  // In seconds of their own: those of one second may be copied in another order between partitions.
  for (let from = 0; from < events.length; from += SENT_TOGETHER) {
    await sleep(1_000 - (Date.now() % 1_000));
    await sendAll(system, events.slice(from, from + SENT_TOGETHER));
  }
  await system.settled();
  const changed: Record<string, string> = { ...environment, PARTITIONS: '2', REDIS_URL: redis.url };
  const rebuild = async (more: Record<string, string>) => {
    const run = startProcess('build/main.js', ['rebuild'], { ...changed, ...more });
    return { code: await run.ended, output: run.output() };
  };
  expect((await rebuild({})).output).toContain('PARTITIONS says 2');
  const topics = {
    KAFKA_EVENTS_TOPIC: `${environment['KAFKA_EVENTS_TOPIC']}.2`,
    KAFKA_INVENTORY_TOPIC: `${environment['KAFKA_INVENTORY_TOPIC']}.2`,
  };
  expect((await rebuild(topics)).output).toContain('with nobody at work');
  await system.close();
  const { code, output } = await rebuild(topics);
  expect([code, output]).toEqual([0, expect.stringContaining('the rebuilt answers are the live ones now')]);
  await expect(startSystem(redis.url, environment)).rejects.toThrow(/PARTITIONS was 2, now 4.*KAFKA_EVENTS_TOPIC was/);
  const moved = await startSystem(redis.url, { ...changed, ...topics });
  await moved.startCounting();
  await moved.settled();
  for (const indexes of await orderInLog(moved, events)) {
    const parts = indexes.map((index) => Math.floor(index / SENT_TOGETHER));
    expect(parts.length).toBeGreaterThan(1_000);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    for (let old = 0; old < PARTITIONS; old++) {
      const some = indexes.filter((index) => before.partitionOf(String(events[index]?.user_id)) === old);
      expect(some).toEqual([...some].sort((a, b) => a - b));
    }
  }
  await expectAnswers(moved, await oracleOfLog(moved, events), simulatedRange);
  await moved.close();
});
