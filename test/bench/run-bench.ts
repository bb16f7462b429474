import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { provision } from '../../docker/provision.ts';
import { startTestKafka } from '../support/servers/kafka.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { measureAppendOnly } from './parts/append-only.ts';
import { fillBacklog } from './parts/backlog.ts';
import { measureDecoding } from './parts/decoding.ts';
import { type Figure, missed, QUICK_HOUR_PARSED, say, tableOf } from './parts/figures.ts';
import { measureFreshness } from './parts/fresh.ts';
import { measureGrowth } from './parts/growth.ts';
import { measureMemory } from './parts/memory.ts';
import { measureRates, PARSE_ONLY } from './parts/rates.ts';
import { measureReads } from './parts/reads.ts';
import { measureScale } from './parts/scale.ts';
import { measureWrites } from './parts/writes.ts';

/** `npm run bench [-- PART…] [-- --check]`: everything that is promised about speed, beside others in the same run. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2);

await provision(['redis', 'kafka']);
// As in docker-compose.yml.
const options = ['--save', '', '--appendonly', 'no', '--hash-max-listpack-entries', '128'];
const [redis, kafka] = await Promise.all([startRedis(options), startTestKafka({ isLasting: true })]);

const PARTITIONS = 8;
const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  backlog: () => measureRates(redis, kafka.broker, EVENTS, ROUNDS),
  decoding: async () => measureDecoding(kafka, await fillBacklog(redis.url, kafka.broker, PARTITIONS, EVENTS / 2)),
  fresh: () => measureFreshness(redis, kafka.broker),
  writes: () => measureWrites(redis, kafka.broker),
  memory: () => measureMemory(redis, EVENTS),
  log: () => measureAppendOnly(redis, kafka.broker, EVENTS / 20),
  growth: () => measureGrowth(redis, kafka.broker, EVENTS / 5),
  reads: () => beside((other) => measureReads(redis, other, Number(process.env['BENCH_READS'] ?? EVENTS))),
  scale: () => measureScale(kafka.broker),
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
const began = performance.now();
for (const [name, measure] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const at = performance.now();
  try {
    figures.push(...(await measure()));
  } catch (error) {
    // The others' figures are worth having all the same.
    say(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    failed.push(name);
  }
  say(`--- ${name}: ${Math.round((performance.now() - at) / 1_000)} s`);
}
const seconds = Math.round((performance.now() - began) / 1_000);
const parsed = figures.find(({ what }) => what === PARSE_ONLY)?.value ?? 0;
const isQuickHour = parsed >= QUICK_HOUR_PARSED;
process.stdout.write(`${tableOf(figures, isQuickHour)}\n\n`);
process.stdout.write(`${isQuickHour ? 'A quick hour' : 'No quick hour'} of the machine; ${seconds} s in all.\n`);
if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(', ')}.\n`);
const [cpu] = cpus();
const memoryGb = Math.round(totalmem() / 2 ** 30);
const machine = { cores: cpus().length, cpu: cpu?.model, memoryGb, node: process.version };
mkdirSync('.cache', { recursive: true });
writeFileSync('.cache/bench.json', JSON.stringify({ events: EVENTS, ...machine, isQuickHour, figures }, null, 2));
await Promise.all([redis.close(), kafka.close()]);
const isMissed = process.argv.includes('--check') && figures.some((figure) => missed(figure, isQuickHour));
process.exit(failed.length > 0 || isMissed ? 1 : 0);
