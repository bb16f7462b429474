import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { expectAnswersOfLog } from '../support/compare/from-log.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { progress, report, scaled } from '../support/runner/chaos.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProxy, type TcpProxy } from '../support/servers/tcp-proxy.ts';
import { startProcess } from '../support/system/processes.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 4;
/** The API answers within this, whatever the network does: its own time-outs, and a little. */
const LIMIT_MS = 20_000;

let redis: TestRedis;
let kafka: TestKafka;
let proxies: Record<'API and Redis' | 'consumer and Redis' | 'both and Kafka', TcpProxy>;
beforeAll(async () => {
  const port = await freePort();
  const toKafka = await startProxy(port);
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka({ port, advertisedPort: toKafka.port })]);
  const [ofApi, ofConsumer] = await Promise.all([startProxy(redis.port), startProxy(redis.port)]);
  proxies = { 'API and Redis': ofApi, 'consumer and Redis': ofConsumer, 'both and Kafka': toKafka };
});
afterAll(async () => {
  await Promise.all([redis.close(), kafka.close()]);
  await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
});

/** Whoever was away until a moment ago has no connection yet that could end. */
async function endOften(proxy: TcpProxy, how: 'cut' | 'reset'): Promise<void> {
  const before = proxy.cuts;
  for (let i = 0; i < scaled(4, 20) || (proxy.cuts === before && i < 100); i++) {
    proxy.endAll(how);
    await sleep(250);
  }
}

const FAULTS: Readonly<Record<string, (proxy: TcpProxy) => Promise<void>>> = {
  latency: async (proxy) => {
    proxy.fault = { kind: 'latency', ms: 150 };
    await sleep(scaled(1_500, 10_000));
  },
  'slow reading': async (proxy) => {
    proxy.fault = { kind: 'slow', bytesPerSecond: 200_000 };
    await sleep(scaled(1_500, 10_000));
  },
  cut: (proxy) => endOften(proxy, 'cut'),
  reset: (proxy) => endOften(proxy, 'reset'),
  // Longer than any time-out, so that each has to run out.
  'half-open': async (proxy) => {
    proxy.fault = { kind: 'half-open' };
    await sleep(scaled(14_000, 30_000));
  },
};

test('a network that is slow, silent, cut or reset between each pair: every request is answered in time, nothing is lost or doubled', {
  timeout: scaled(300_000, 1_200_000),
}, async () => {
  const port = await freePort();
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    DEDUPE_WINDOW: '30d',
    LOG_LEVEL: 'silent',
    PORT: String(port),
  };
  const urlOf = (proxy: TcpProxy): string => `redis://127.0.0.1:${proxy.port}`;
  const api = startProcess('build/main.js', ['api'], { ...environment, REDIS_URL: urlOf(proxies['API and Redis']) });
  const consumer = startProcess('build/main.js', ['consume', 'rollup'], {
    ...environment,
    REDIS_URL: urlOf(proxies['consumer and Redis']),
  });
  const started = () => api.output().includes('cartpulse:') && consumer.output().includes('cartpulse:');
  await eventually('both to start', started);
  const durations: number[] = [];
  const statuses = new Map<number, number>();
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const begun = Date.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    durations.push(Date.now() - begun);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    return response;
  };
  const post = (events: unknown) =>
    ask('/v1/events', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(events),
    });
  const events = simulated(scaled(20_000, 120_000), new Oracle(PARTITIONS), PARTITIONS);
  const scenes = Object.entries(proxies).flatMap(([pair, proxy]) =>
    Object.entries(FAULTS).map(([fault, strike]) => ({ name: `${fault} between ${pair}`, proxy, strike })),
  );
  let done = 0;
  let resent = 0;
  let over = false;
  const send = async (): Promise<void> => {
    for (let from = 0; from < events.length; from += 100) {
      const isNext = () => over || from <= ((done + 1) / scenes.length) * events.length;
      await eventually('the next fault', isNext, 120_000);
      if (over) return;
      resent += (await sendAll({ post }, events.slice(from, from + 100))).resent;
      await sleep(5);
    }
  };
  const read = async (): Promise<void> => {
    while (!over) {
      await (await ask(`/v1/events/frequencies?limit=1000&${simulatedRange}`)).text();
      await sleep(50);
    }
  };
  const strikeAll = async (): Promise<void> => {
    for (const { name, proxy, strike } of scenes) {
      if (over) return;
      const before = proxy.hit + proxy.cuts;
      progress(`${name} (${done} of ${scenes.length})`);
      await strike(proxy);
      expect([name, proxy.hit + proxy.cuts > before]).toEqual([name, true]);
      // Bytes were swallowed: such a connection never comes back.
      if (proxy.fault.kind === 'half-open') proxy.endAll('reset');
      proxy.fault = { kind: 'none' };
      done += 1;
    }
  };
  // Whichever fails ends the others: none goes on beside the next test.
  const untilOver = async (task: Promise<unknown>): Promise<void> => {
    try {
      await task;
    } finally {
      over = true;
    }
  };
  const ended = await Promise.allSettled([untilOver(Promise.all([send(), strikeAll()])), untilOver(read())]);
  expect(ended.filter(({ status }) => status === 'rejected')).toEqual([]);
  const system = await startSystem(redis.url, environment);
  await expectAnswersOfLog(system, events, simulatedRange, 90_000);
  const slowestMs = Math.max(...durations);
  report('network', {
    faults: scenes.length,
    events: events.length,
    requests: durations.length,
    unavailable: statuses.get(503) ?? 0,
    resent,
    slowestMs,
  });
  expect([...statuses.keys()].filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
  expect(slowestMs).toBeGreaterThan(5_000);
  expect(slowestMs).toBeLessThan(LIMIT_MS);
  expect([await api.kill('SIGTERM'), await consumer.kill('SIGTERM')]).toEqual([0, 0]);
  await system.close();
});
