import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../docker/free-port.ts';
import { Shop } from '../../../src/simulator/shop.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, type Json, startSystem, type TestSystem, unique } from '../../support/system/system.ts';
import { type Figure, quantile, say } from './figures.ts';

const RATE = 5_000;
const SECONDS = 20;

/** So many events, at this moment. */
interface Sample {
  readonly total: number;
  readonly at: number;
}

/** From the log's acknowledgement of an event to its being in the API's answer; and a consumer's death at that rate. */
export async function measureFreshness(redis: TestRedis, broker: string): Promise<Figure[]> {
  const port = await freePort();
  const environment = { ...kafkaEnvironment(broker, 4), KEY_PREFIX: unique() };
  const own = { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const system = await startSystem(redis.url, environment);
  const begun = performance.now();
  const api = startProcess('build/main.js', ['api'], { ...own, PORT: String(port) });
  const consumers = [startProcess('build/main.js', ['consume'], own), startProcess('build/main.js', ['consume'], own)];
  await eventually('the API', () => api.output().includes('open http'));
  const startMs = performance.now() - begun;
  await sleep(6_000);
  const sender = new Sender(system);
  const watcher = watch(port);
  await sender.send(SECONDS);
  await system.settled();
  const lateness = latenessOf(sender.acknowledged, watcher.seen);
  say(`fresh: ${sender.acknowledged.length} batches at ${RATE} events/s`);
  await consumers[0]?.kill('SIGKILL');
  const died = performance.now();
  const sending = sender.send(SECONDS);
  await sleep(1_000);
  while ((await system.system.monitor().check()).lag >= RATE / 4) await sleep(100);
  const takenOverMs = performance.now() - died;
  await sending;
  await watcher.stop();
  await Promise.all([api.kill('SIGTERM'), consumers[1]?.kill('SIGTERM')]);
  await system.close();
  const visible = `acknowledged to visible at ${RATE} events/s`;
  return [
    { what: `${visible}, p50`, value: quantile(lateness, 0.5), unit: 'ms' },
    { what: `${visible}, p99`, value: quantile(lateness, 0.99), unit: 'ms', atMost: 200 },
    { what: 'the API ready after its start', value: startMs / 1_000, unit: 's', atMost: 5 },
    { what: "a dead consumer's partitions caught up", value: takenOverMs / 1_000, unit: 's', atMost: 12 },
  ];
}

/** A shop at a steady rate. */
class Sender {
  readonly acknowledged: Sample[] = [];
  private readonly system: TestSystem;
  private readonly shop = new Shop({ seed: 13, sessions: 3_000 });
  private total = 0;

  constructor(system: TestSystem) {
    this.system = system;
  }

  async send(seconds: number): Promise<void> {
    const from = performance.now();
    const before = this.total;
    while (performance.now() - from < seconds * 1_000) {
      const owed = Math.floor(((performance.now() - from) * RATE) / 1_000) - (this.total - before);
      const events: unknown[] = [];
      while (events.length < owed) events.push(...this.shop.next(Date.now()));
      const inputs = events.map((value) => ({ outcome: 'json', value }) as const);
      this.total += (await this.system.system.acceptor().accept(inputs)).accepted;
      this.acknowledged.push({ total: this.total, at: performance.now() });
      await sleep(10);
    }
  }
}

/** Asks how many events are counted, as often as it may. */
function watch(port: number): { readonly seen: Sample[]; stop(): Promise<void> } {
  const seen: Sample[] = [];
  let over = false;
  const looking = (async () => {
    while (!over) {
      const answer: Json = await (await fetch(`http://127.0.0.1:${port}/v1/events/frequencies?limit=1000`)).json();
      seen.push({ total: answer.data.reduce((sum: number, row: Json) => sum + row.count, 0), at: performance.now() });
      await sleep(5);
    }
  })();
  const stop = async (): Promise<void> => {
    over = true;
    await looking;
  };
  return { seen, stop };
}

/** For each acknowledged batch: how long until an answer held at least as many events. */
function latenessOf(acknowledged: readonly Sample[], seen: readonly Sample[]): number[] {
  let next = 0;
  return acknowledged.flatMap(({ total, at }) => {
    while (next < seen.length && (seen[next]?.total ?? 0) < total) next += 1;
    const first = seen[next];
    return first === undefined ? [] : [Math.max(0, first.at - at)];
  });
}
