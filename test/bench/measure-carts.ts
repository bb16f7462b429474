import { setTimeout as sleep } from 'node:timers/promises';
import { provision } from '../../docker/provision.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { startTestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { readOut } from '../support/system/out-topics.ts';
import { startProcess } from '../support/system/processes.ts';
import { startSystem } from '../support/system/system.ts';

/**
 * `npm run bench:carts`: from a cart's time-out to its message
 * on the Kafka topic, while 2,000 events a second come in.
 */
const RATE = 2_000;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60);
const TIMEOUT_MS = 10_000;

await provision(['redis', 'kafka']);
const [redis, kafka] = await Promise.all([startRedis(), startTestKafka({ isLasting: true })]);
const environment = { ...kafkaEnvironment(kafka.broker, 4), CART_TIMEOUT: `${TIMEOUT_MS}ms` };
const system = await startSystem(redis.url, environment);
const own = { ...environment, KEY_PREFIX: system.prefix, REDIS_URL: redis.url, LOG_LEVEL: 'error' };
const consumer = startProcess('build/main.js', ['consume'], own);
const reader = await readOut(system, redis.url, 'abandoned');
await sleep(5_000);
const shop = new Shop({ seed: 9, sessions: 6_000 });
const began = Date.now();
let sent = 0;
for (let second = 0; Date.now() - began < SECONDS * 1_000; ) {
  const owed = Math.floor(((Date.now() - began) * RATE) / 1_000) - sent;
  const events: unknown[] = [];
  while (events.length < owed) events.push(...shop.next(Date.now()));
  const { accepted } = await system.system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })));
  sent += accepted;
  if (Math.floor((Date.now() - began) / 10_000) > second) {
    second += 1;
    process.stderr.write(`${sent} events sent, ${(await reader.messages()).length} carts abandoned\n`);
  }
  await sleep(20);
}
const rate = sent / ((Date.now() - began) / 1_000);
await system.settled();
await sleep(2_000);
const late = (await reader.messages())
  .map(({ value, takenMs }) => takenMs - Date.parse(value.abandoned_at))
  .sort((a, b) => a - b);
const at = (share: number): number => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0;
process.stdout.write(
  `${late.length} carts at ${rate.toFixed(0)} events/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${late.at(-1)} ms\n`,
);
await reader.close();
await consumer.kill('SIGTERM');
await system.close();
await Promise.all([redis.close(), kafka.close()]);
