import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { provision } from '../../docker/provision.ts';
import { startTestKafka } from '../support/kafka.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { countBacklog, fillBacklog } from './parts/backlog.ts';
import { measureDecoding } from './parts/decoding.ts';
import { type Figure, missed, say, tableOf } from './parts/figures.ts';
import { measureFreshness } from './parts/fresh.ts';
import { measureGrowth } from './parts/growth.ts';
import { measureMemory } from './parts/memory.ts';
import { oneAtATime, parseOnly } from './parts/others.ts';
import { measureReads } from './parts/reads.ts';
import { measureReadsBeside } from './parts/reads-beside.ts';
import { measureWrites } from './parts/writes.ts';

/** `npm run bench [-- PART…] [-- --check]`: everything that is promised about speed, beside others in the same run. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const ONE_AT_A_TIME = Math.min(EVENTS, 60_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2);
const PARTITIONS = 4;

await provision(['redis', 'kafka']);
// As in docker-compose.yml.
const options = ['--save', '', '--appendonly', 'no', '--hash-max-listpack-entries', '128'];
const [redis, kafka] = await Promise.all([startRedis(options), startTestKafka()]);

/** Interleaved rounds, the best of each: machines are noisy. */
async function measureBacklog(): Promise<Figure[]> {
  const backlog = await fillBacklog(redis.url, kafka.broker, PARTITIONS, EVENTS);
  const best = { parse: 0, with: 0, without: 0, one: 0, memoryMb: 0 };
  for (let round = 1; round <= ROUNDS; round++) {
    best.parse = Math.max(best.parse, await parseOnly(kafka.broker, backlog));
    say(`round ${round}: parse only ${Math.round(best.parse)} events/s`);
    const counted = { with: 0, without: 0 };
    for (const [which, interactions] of [
      ['with', 200],
      ['without', 0],
    ] as const) {
      await redis.client.flushall();
      const { rate, memoryMb, cpuUs } = await countBacklog(redis.url, backlog, { INTERACTIONS_PER_USER: interactions });
      counted[which] = rate;
      best.memoryMb = Math.max(best.memoryMb, memoryMb);
      say(
        `round ${round}: cartpulse ${which} interactions ${Math.round(rate)} events/s, ${cpuUs.toFixed(1)} µs an event, ${Math.round(memoryMb)} MB`,
      );
    }
    best.with = Math.max(best.with, counted.with);
    best.without = Math.max(best.without, counted.without);
    await redis.client.flushall();
    best.one = Math.max(best.one, await oneAtATime(redis.url, kafka.broker, backlog, ONE_AT_A_TIME));
    say(`round ${round}: one at a time ${Math.round(best.one)} events/s`);
  }
  await redis.client.flushall();
  const beside = await measureReadsBeside(redis.url, backlog);
  await redis.client.flushall();
  return [
    { what: 'kafkajs and JSON.parse, nothing else', value: best.parse, unit: 'events/s' },
    { what: 'cartpulse, all questions, without interactions', value: best.without, unit: 'events/s', atLeast: 45_000 },
    { what: 'cartpulse, all questions', value: best.with, unit: 'events/s', atLeast: 30_000 },
    { what: 'one event at a time, the same answers', value: best.one, unit: 'events/s' },
    { what: 'cartpulse', value: best.with / best.parse, unit: '× parse only', atLeast: 0.25 },
    { what: 'cartpulse', value: best.with / best.one, unit: '× one at a time', atLeast: 8 },
    { what: 'memory of the consumer', value: best.memoryMb, unit: 'MB', atMost: 350 },
    ...beside,
  ];
}

const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  backlog: measureBacklog,
  decoding: async () => measureDecoding(kafka, await fillBacklog(redis.url, kafka.broker, PARTITIONS, EVENTS / 2)),
  fresh: () => measureFreshness(redis, kafka.broker),
  writes: () => measureWrites(redis, kafka.broker),
  memory: () => measureMemory(redis, EVENTS),
  growth: () => measureGrowth(redis, kafka.broker, EVENTS / 5),
  reads: () => beside((other) => measureReads(redis, other, Number(process.env['BENCH_READS'] ?? EVENTS))),
};

/** With a second Redis, as long as it is needed. */
async function beside(measure: (other: TestRedis) => Promise<Figure[]>): Promise<Figure[]> {
  const other = await startRedis(options);
  return measure(other).finally(other.close);
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
const figures: Figure[] = [];
const failed: string[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  say(`--- ${name}`);
  try {
    figures.push(...(await measure()));
  } catch (error) {
    // The others' figures are worth having all the same.
    say(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    failed.push(name);
  }
}
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
process.exit(failed.length > 0 || (process.argv.includes('--check') && figures.some(missed)) ? 1 : 0);
