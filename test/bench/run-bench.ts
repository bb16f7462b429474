import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { provision } from '../../docker/provision.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { startTestKafka } from '../support/kafka.ts';
import { kafkaEnvironment } from '../support/kafka-environment.ts';
import { startProcess } from '../support/processes.ts';
import { startRedis } from '../support/redis-server.ts';
import { startSystem, type TestSystem, unique } from '../support/system.ts';
import { writeOne } from './one-at-a-time.ts';
import { type Figure, missed, say, tableOf } from './parts/figures.ts';
import { measureFreshness } from './parts/fresh.ts';
import { measureReads } from './parts/reads.ts';
import { measureWrites } from './parts/writes.ts';

/** `npm run bench`: from a Kafka backlog to committed answers, beside a plain consumer and a one-at-a-time writer. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const ONE_AT_A_TIME = Math.min(EVENTS, 60_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2);
const PARTITIONS = 4;

provision(['redis', 'kafka']);
const [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
const environment = kafkaEnvironment(kafka.broker, PARTITIONS);
const topic = environment['KAFKA_EVENTS_TOPIC'] ?? '';
const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });

async function fillTopic(system: TestSystem): Promise<void> {
  const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
  const start = Date.now() - 12 * 3_600_000;
  let sent = 0;
  let nextSay = 0;
  for (let i = 0; sent < EVENTS; ) {
    const events: unknown[] = [];
    for (; events.length < 2_000; i++) events.push(...shop.next(Math.floor(start + (i * 12 * 3_600_000) / EVENTS)));
    const outcome = await system.system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })));
    sent += outcome.accepted;
    if (sent >= nextSay) {
      say(`filling the topic: ${sent} of ${EVENTS}`);
      nextSay += EVENTS / 5;
    }
  }
}

/** Reads the topic whole with kafkajs and JSON.parse, and does nothing else. */
async function parseOnly(): Promise<number> {
  const consumer = client.consumer({ groupId: unique(), maxBytesPerPartition: 2 * 1_048_576 });
  let seen = 0;
  let begun = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const whole = new Promise<void>((done) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        begun ||= performance.now();
        for (const { value } of batch.messages) JSON.parse(String(value));
        seen += batch.messages.length;
        if (seen >= shopEvents) done();
      },
    });
  });
  await whole;
  const rate = (seen / (performance.now() - begun)) * 1_000;
  await consumer.disconnect();
  return rate;
}

/** One consumer process counts the backlog; from its first commit to its last. */
async function backlog(
  interactions: string,
): Promise<{ rate: number; memoryMb: number; redisMb: number; split: string }> {
  await redis.client.flushall();
  const own = { ...environment, KEY_PREFIX: unique(), KAFKA_GROUP: unique(), INTERACTIONS_PER_USER: interactions };
  const system = await startSystem(redis.url, own);
  const consumer = startProcess('src/main.ts', ['consume'], { ...own, REDIS_URL: redis.url, LOG_LEVEL: 'silent' });
  let begun: { at: number; left: number } | undefined;
  let memoryMb = 0;
  for (;;) {
    const { lag } = await system.system.monitor().look();
    if (begun === undefined && lag < total) begun = { at: performance.now(), left: lag };
    memoryMb = Math.max(memoryMb, residentMb(consumer.child.pid));
    if (lag === 0) break;
    await sleep(100);
  }
  const rate = ((begun?.left ?? 0) / (performance.now() - (begun?.at ?? 0))) * 1_000;
  const split = cpuSplit(consumer.child.pid);
  const redisMb = Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1] ?? 0) / 1_048_576;
  await consumer.kill('SIGTERM');
  await system.close();
  return { rate, memoryMb, redisMb, split };
}

async function oneAtATime(): Promise<number> {
  await redis.client.flushall();
  const plain = new Redis(redis.url);
  const consumer = client.consumer({ groupId: unique() });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let seen = 0;
  let begun = 0;
  const enough = new Promise<void>((done) => {
    void consumer.run({
      partitionsConsumedConcurrently: PARTITIONS,
      eachBatch: async ({ batch, heartbeat }) => {
        begun ||= performance.now();
        for (const { value } of batch.messages) {
          if (seen >= ONE_AT_A_TIME) return done();
          await writeOne(plain, JSON.parse(String(value)));
          seen += 1;
          if (seen % 1_000 === 0) await heartbeat();
        }
      },
    });
  });
  await enough;
  const rate = (seen / (performance.now() - begun)) * 1_000;
  await consumer.disconnect();
  plain.disconnect();
  return rate;
}

function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function cpuSplit(pid: number | undefined): string {
  try {
    const [, , , , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    return `${((Number(user) + Number(system)) / 100).toFixed(1)} s`;
  } catch {
    return '';
  }
}

const filler = await startSystem(redis.url, environment);
await fillTopic(filler);
const filled = await filler.system.monitor().look();
const total = filled.lag;
const shopEvents = filled.partitions.filter((one) => one.topic === 'events').reduce((sum, { lag }) => sum + lag, 0);
await filler.close();

interface Best {
  parse: number;
  withInteractions: number;
  without: number;
  one: number;
  memoryMb: number;
  redisMb: number;
}
const best: Best = { parse: 0, withInteractions: 0, without: 0, one: 0, memoryMb: 0, redisMb: 0 };
for (let round = 1; round <= ROUNDS; round++) {
  best.parse = Math.max(best.parse, await parseOnly());
  say(`round ${round}: parse only ${Math.round(best.parse)} events/s`);
  const on = await backlog('200');
  best.withInteractions = Math.max(best.withInteractions, on.rate);
  best.memoryMb = Math.max(best.memoryMb, on.memoryMb);
  best.redisMb = on.redisMb;
  say(
    `round ${round}: cartpulse ${Math.round(on.rate)} events/s (consumer CPU ${on.split}, ${Math.round(on.memoryMb)} MB; Redis ${Math.round(on.redisMb)} MB)`,
  );
  const off = await backlog('0');
  best.without = Math.max(best.without, off.rate);
  say(`round ${round}: cartpulse without interactions ${Math.round(off.rate)} events/s (consumer CPU ${off.split})`);
  best.one = Math.max(best.one, await oneAtATime());
  say(`round ${round}: one at a time ${Math.round(best.one)} events/s`);
}

const figures: Figure[] = [
  { what: 'kafkajs and JSON.parse, nothing else', value: best.parse, unit: 'events/s' },
  { what: 'cartpulse, all questions, without interactions', value: best.without, unit: 'events/s', atLeast: 45_000 },
  { what: 'cartpulse, all questions', value: best.withInteractions, unit: 'events/s', atLeast: 30_000 },
  { what: 'one event at a time, the same answers', value: best.one, unit: 'events/s' },
  { what: 'cartpulse', value: best.withInteractions / best.parse, unit: '× parse only', atLeast: 0.25 },
  { what: 'cartpulse', value: best.withInteractions / best.one, unit: '× one at a time', atLeast: 8 },
  { what: 'memory of the consumer', value: best.memoryMb, unit: 'MB', atMost: 350 },
  { what: 'memory of Redis at the end', value: best.redisMb, unit: 'MB' },
  ...(await measureFreshness(redis, kafka.broker)),
  ...(await measureWrites(redis, kafka.broker)),
  ...(await measureReads(redis, Math.min(EVENTS, 400_000))),
];
process.stdout.write(`${tableOf(figures)}\n`);
mkdirSync('.cache', { recursive: true });
const [cpu] = cpus();
const machine = {
  cores: cpus().length,
  cpu: cpu?.model,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
writeFileSync('.cache/bench.json', JSON.stringify({ events: EVENTS, ...machine, figures }, null, 2));
await Promise.all([redis.close(), kafka.close()]);
process.exit(process.argv.includes('--check') && figures.some(missed) ? 1 : 0);
