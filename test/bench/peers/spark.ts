import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../../src/runtime/errors.ts';
import type { Backlog } from '../parts/backlog.ts';
import { say } from '../parts/figures.ts';

const PYSPARK = 'pyspark==4.2.0';
const DIR = resolve('.cache/spark');
const JARS = join(DIR, 'jars');
/** What is not in PySpark itself. */
const CONNECTOR = [
  'spark-sql-kafka-0-10_2.13',
  'spark-token-provider-kafka-0-10_2.13',
  'kafka-clients',
  'commons-pool2',
];
const MOST_EVENTS = 400_000;
const BATCH = 50_000;
const TIMEOUT_MS = 240_000;

const answer = z.object({ events_per_second: z.number(), batches: z.number() });

/**
 * Spark Structured Streaming on the same topic and cores, with four aggregates; the first half of the events is for
 * warming up. @returns events per second, or nothing where Spark can't be had
 */
export async function warmSpark(broker: string, { topic, shopEvents }: Backlog): Promise<number | undefined> {
  if (process.env['BENCH_SPARK'] === '0') return undefined;
  try {
    fetchSpark();
    const events = Math.min(shopEvents, MOST_EVENTS);
    const jars = readdirSync(JARS).filter((name) => name.endsWith('.jar'));
    const { stdout } = await promisify(execFile)(
      join(DIR, 'bin/python'),
      [
        'test/bench/peers/spark.py',
        ...[broker, topic, String(events), String(Math.min(BATCH, Math.ceil(events / 8)))],
        jars.map((name) => join(JARS, name)).join(','),
      ],
      { env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' }, timeout: TIMEOUT_MS },
    );
    const { events_per_second: rate, batches } = answer.parse(JSON.parse(stdout));
    say(`warm Spark: ${Math.round(rate)} events/s over ${batches} micro-batches`);
    return rate;
  } catch (error) {
    say(`Spark is left out: ${messageOf(error)}`);
    return undefined;
  }
}

/** For the benchmark alone, so it is fetched when it is needed and is no dependency. */
function fetchSpark(): void {
  const done = join(DIR, '.complete');
  if (existsSync(done)) return;
  say(
    `fetching ${PYSPARK} with pip (450 MB) and its Kafka connector with Maven into ${DIR}; BENCH_SPARK=0 leaves it out`,
  );
  const quietly = { stdio: ['ignore', 'ignore', 'pipe'] as ('ignore' | 'pipe')[] };
  execFileSync('python3', ['-m', 'venv', DIR], quietly);
  execFileSync(join(DIR, 'bin/pip'), ['install', '--quiet', PYSPARK], quietly);
  const artifacts = `-DincludeArtifactIds=${CONNECTOR.join(',')}`;
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${JARS}`, artifacts];
  execFileSync('mvn', ['-q', '-B', '-f', 'test/bench/peers/pom.xml', ...goal], quietly);
  writeFileSync(done, '');
}
