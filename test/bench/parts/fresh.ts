import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Shop } from '../../../src/simulator/shop.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, type Json, startSystem, unique } from '../../support/system/system.ts';
import { type Figure, quantile, say } from './figures.ts';

const RATE = 5_000;
const SECONDS = 20;

/**
 * From the log's acknowledgement of an event to its being in the API's
 * answer, at a steady rate; and a consumer's death at that rate.
 */
export async function measureFreshness(redis: TestRedis, broker: string): Promise<Figure[]> {
  const port = await getPort();
  const environment = { ...kafkaEnvironment(broker, 4), KEY_PREFIX: unique() };
  const own = { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const system = await startSystem(redis.url, environment);
  const begun = performance.now();
  const api = startProcess('build/main.js', ['api'], { ...own, PORT: String(port) });
  const consumers = [startProcess('build/main.js', ['consume'], own), startProcess('build/main.js', ['consume'], own)];
  await eventually('the API', () => api.output().includes('open http'));
  const startMs = performance.now() - begun;
  await sleep(6_000);
  const shop = new Shop({ seed: 13, sessions: 3_000 });
  const acknowledged: { readonly total: number; readonly at: number }[] = [];
  const seen: { readonly total: number; readonly at: number }[] = [];
  let total = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      const answer: Json = await (await fetch(`http://127.0.0.1:${port}/v1/events/frequencies?limit=1000`)).json();
      seen.push({ total: answer.data.reduce((sum: number, row: Json) => sum + row.count, 0), at: performance.now() });
      await sleep(5);
    }
  })();
  const send = async (seconds: number): Promise<void> => {
    const from = performance.now();
    const before = total;
    while (performance.now() - from < seconds * 1_000) {
      const owed = Math.floor(((performance.now() - from) * RATE) / 1_000) - (total - before);
      const events: unknown[] = [];
      while (events.length < owed) events.push(...shop.next(Date.now()));
      const { accepted } = await system.system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })));
      total += accepted;
      acknowledged.push({ total, at: performance.now() });
      await sleep(10);
    }
  };
  await send(SECONDS);
  await system.settled();
  const lateness = latenessOf(acknowledged, seen);
  say(`fresh: ${acknowledged.length} batches at ${RATE} events/s`);
  await consumers[0]?.kill('SIGKILL');
  const died = performance.now();
  const sending = send(20);
  let caughtUpMs = Number.NaN;
  await sleep(1_000);
  while (Number.isNaN(caughtUpMs)) {
    if ((await system.system.monitor().check()).lag < RATE / 4) caughtUpMs = performance.now() - died;
    await sleep(100);
  }
  await sending;
  over = true;
  await looking;
  await Promise.all([api.kill('SIGTERM'), consumers[1]?.kill('SIGTERM')]);
  await system.close();
  return [
    {
      what: `acknowledged to visible at ${RATE} events/s, p50`,
      value: quantile(lateness, 0.5),
      unit: 'ms',
      atMost: 50,
    },
    {
      what: `acknowledged to visible at ${RATE} events/s, p99`,
      value: quantile(lateness, 0.99),
      unit: 'ms',
      atMost: 250,
    },
    { what: 'the API ready after its start', value: startMs / 1_000, unit: 's', atMost: 5 },
    {
      what: `a dead consumer's partitions caught up at ${RATE} events/s`,
      value: caughtUpMs / 1_000,
      unit: 's',
      atMost: 15,
    },
  ];
}

/** For each acknowledged batch: how long until an answer held at least as many events. */
function latenessOf(
  acknowledged: readonly { total: number; at: number }[],
  seen: readonly { total: number; at: number }[],
): number[] {
  let next = 0;
  return acknowledged.flatMap(({ total, at }) => {
    while (next < seen.length && (seen[next]?.total ?? 0) < total) next += 1;
    const first = seen[next];
    return first === undefined ? [] : [Math.max(0, first.at - at)];
  });
}
