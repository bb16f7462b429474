import { statfs } from 'node:fs/promises';
import { examineKafka } from '../../adapters/kafka/examine.ts';
import type { RedisClient } from '../../adapters/redis/client/connection.ts';
import { FIRST_GENERATION, openShape } from '../../adapters/redis/installation/installation.ts';
import { RedisKeyStore } from '../../adapters/redis/installation/key-store.ts';
import { isUntouched } from '../../adapters/redis/installation/untouched.ts';
import { examineRedis } from '../../adapters/redis/monitor/examine.ts';
import { type Config, hintsOf, readConfig } from '../../config.ts';
import type { KeptKeys } from '../../keys/ports.ts';
import { Keyspace } from '../../metrics/keyspace.ts';
import type { Logger } from '../../runtime/logger.ts';
import { archiveDirOf, checkArchive } from '../archive/places.ts';
import { reasonOf } from '../process.ts';
import { connect, createLogger, kafkaParts, openRedis, reach, shapeOf, topicsOf } from '../servers.ts';
import { type Finding, ok, orOk, problem, warning } from './finding.ts';
import { judgeDisk, judgeKafka, judgeKeys, judgeNode, judgeRedis } from './judge.ts';

/** Something is wrong, as was said line by line. */
export class Unwell extends Error {
  readonly code = 'unwell';
  readonly retryable = false;
}

/** `doctor`: looks at everything that a start needs, changes nothing, and says for each what to do. @throws Unwell */
export async function runDoctor(): Promise<void> {
  const count = { ok: 0, warning: 0, problem: 0 };
  for await (const { what, state, text } of examine()) {
    count[state] += 1;
    process.stdout.write(`  ${state.padEnd(9)}${what.padEnd(14)}${text}\n`);
  }
  const sums = `${count.problem} ${count.problem === 1 ? 'problem' : 'problems'}, ${count.warning} ${count.warning === 1 ? 'warning' : 'warnings'}`;
  if (count.problem > 0) throw new Unwell(sums);
  process.stdout.write(`cartpulse: ${sums}\n`);
}

async function* examine(): AsyncGenerator<Finding> {
  yield* judgeNode(process.version);
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    yield problem('settings', reasonOf(error));
    return;
  }
  yield* orOk('settings', 'all can be read', ...hintsOf(config).map((hint) => warning('settings', hint)));
  let kept: KeptKeys | undefined;
  const redis = await tried('redis', async () => {
    const found = await lookAtRedis(config);
    kept = found.keys;
    return found.findings;
  });
  yield* judgeKeys(config, kept, Date.now());
  yield* redis;
  yield* await tried('disk', () => lookAtDisk(config));
  yield* await tried('kafka', () => lookAtKafka(config));
  yield* await tried('archive', () => lookAtArchive(config));
}

/** What fails says itself what to do. */
async function tried(what: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [problem(what, reasonOf(error))];
  }
}

const silent: Logger = createLogger('silent');

/** The Redis of REDIS_URL, that of a process that runs in DATA_DIR, or one that is started there for as long as this takes. */
async function lookAtRedis(config: Config): Promise<{ findings: Finding[]; keys: KeptKeys | undefined }> {
  const source = await openRedis(config, silent, { share: true });
  const redis = connect(config, source.url, { commandTimeoutMs: 5_000 });
  const keyspace = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  try {
    await reach(redis, source.url, keyspace);
    const found = judgeRedis(await examineRedis(redis, () => Date.now()));
    const installation = await tried('installation', () => lookAtInstallation(config, redis, keyspace));
    return { findings: [...found, ...installation], keys: await new RedisKeyStore(redis, keyspace).load() };
  } finally {
    redis.disconnect();
    await source.stop();
  }
}

async function lookAtInstallation(config: Config, redis: RedisClient, keyspace: Keyspace): Promise<Finding[]> {
  const wanted = { shape: shapeOf(config), topics: topicsOf(config) };
  const { generation } = await openShape(redis, keyspace, wanted, (installed) =>
    isUntouched(redis, keyspace, installed),
  );
  return [ok('installation', `KEY_PREFIX=${config.KEY_PREFIX} fits these settings (generation ${generation})`)];
}

async function lookAtDisk({ DATA_DIR }: Config): Promise<Finding[]> {
  const { bavail, blocks, bsize } = await statfs(DATA_DIR).catch(() => statfs('.'));
  return judgeDisk(DATA_DIR, bavail * bsize, blocks * bsize);
}

async function lookAtKafka(config: Config): Promise<Finding[]> {
  if (config.KAFKA_BROKERS === undefined) return [ok('log', 'the embedded one, in Redis')];
  return judgeKafka(await examineKafka(kafkaParts(config, config.KAFKA_BROKERS, silent)), config);
}

/** What it writes into a bucket to see whether it may it takes away again. */
async function lookAtArchive(config: Config): Promise<Finding[]> {
  const where = archiveDirOf(config);
  await checkArchive(config, true);
  return [ok('archive', `${where} can be read and written`)];
}
