import kafkajs from 'kafkajs';
import { KafkaLog } from '../../src/adapters/kafka/kafka-log.ts';
import { connectRedis, type RedisClient } from '../../src/adapters/redis/client/connection.ts';
import { Script } from '../../src/adapters/redis/client/script.ts';
import { RedisOutbox } from '../../src/adapters/redis/commit/outbox.ts';
import { RedisStateStore } from '../../src/adapters/redis/commit/state-store.ts';
import { definitions } from '../../src/analytics/index.ts';
import { retentionOf, settingsOf } from '../../src/app/servers.ts';
import { readConfig } from '../../src/config.ts';
import { partitionName } from '../../src/events/partition.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { outbox } from '../../src/fold/state/state-families.ts';
import { OutboxPublisher } from '../../src/ingestion/outbox-publisher.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { Commit, CommitOutcome, StateStore } from '../../src/ingestion/ports/state-store.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { unguardedCommit } from './feed.ts';
import { silent } from './system.ts';

/**
 * A consumer process as it is, but for what the environment asks for: DIE_AT a named point at the DIE_AFTERth time, or
 * WITHOUT one of its protections.
 */
const config = readConfig();
const { DIE_AT: dieAt, WITHOUT: without } = process.env;
let livesLeft = Number(process.env['DIE_AFTER'] ?? 1);

function passing(point: string): void {
  if (dieAt !== point) return;
  livesLeft -= 1;
  if (livesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}

class MortalScript extends Script {
  override async run(...call: Parameters<Script['run']>): Promise<unknown> {
    const [, , args] = call;
    if (args.at(-1) === 'ahead') {
      const reply = await super.run(...call);
      passing('written-ahead');
      return reply;
    }
    passing('before-commit');
    const reply = super.run(...call);
    if (dieAt === 'after-commit') await applied(call);
    passing('after-commit');
    return reply;
  }
}

/** Resolves when the commit is in Redis, without its reply having been looked at. */
async function applied([, [key = ''], [, , target]]: Parameters<Script['run']>): Promise<void> {
  for (let looks = 0; looks < 1_000; looks++) if ((await witness.hget(key, 'position')) === target) return;
}

/** Every script finds its keys in its arguments instead of having them declared, and the commit does not look before it writes. */
function undeclareKeys(): void {
  const variants = new Map<string, Script>();
  for (const way of ['run', 'runPacked'] as const) {
    const declared = Script.prototype[way];
    Script.prototype[way] = function undeclared(redis: RedisClient, keys: readonly string[], args) {
      const unlooked =
        'for _, op in ipairs(batch.ops) do op.held = setmetatable({}, { __index = function() return 0 end }) end';
      const body = this.source.replace(/-- check begins[\s\S]*?-- check ends/, unlooked);
      const variant = variants.get(body) ?? new Script(`local KEYS = cjson.decode(table.remove(ARGV))\n${body}`);
      variants.set(body, variant);
      return declared.call(variant, redis, keys.slice(0, 1), [...args, JSON.stringify(keys)]);
    };
  }
}

function commitScript(): Script {
  const { source } = Script.fromFile('commit');
  if (without === 'comparison') return new MortalScript(unguardedCommit().source);
  return new MortalScript(source);
}

/** What is said about carts goes into the outbox after the commit, by a command of its own. */
class ApartStore extends RedisStateStore {
  override async commit(commit: Commit): Promise<CommitOutcome> {
    const texts = [...(commit.writes.queued.get(outbox)?.values() ?? [])].flat();
    commit.writes.queued.clear();
    const outcome = await super.commit(commit);
    passing('between');
    const key = keyspace.key(keyspace.shardOf(commit.partition.index), outbox, partitionName(commit.partition));
    for (const text of texts) await witness.zadd(key, Date.now(), text);
    return outcome;
  }
}

if (without === 'declared-keys') undeclareKeys();
const [redis, witness] = [connectRedis(config.REDIS_URL ?? ''), connectRedis(config.REDIS_URL ?? '')];
const keyspace = new Keyspace(config.KEY_PREFIX, 1, config.REDIS_SHARDS);
const settings = settingsOf(config, config.funnels);
const { Kafka } = kafkajs;
const consumerOf = Kafka.prototype.consumer;
Kafka.prototype.consumer = function mortal(...of) {
  const consumer = consumerOf.apply(this, of);
  const commitOffsets = consumer.commitOffsets.bind(consumer);
  return Object.assign(consumer, {
    commitOffsets: async (offsets: Parameters<typeof commitOffsets>[0]) => {
      passing('before-offsets');
      await commitOffsets(offsets);
    },
  });
};
const log = await KafkaLog.open({
  brokers: config.KAFKA_BROKERS ?? [],
  topics: {
    events: config.KAFKA_EVENTS_TOPIC,
    inventory: config.KAFKA_INVENTORY_TOPIC,
    abandoned: config.KAFKA_ABANDONED_TOPIC,
    recovered: config.KAFKA_RECOVERED_TOPIC,
    actions: config.KAFKA_ACTIONS_TOPIC,
  },
  group: config.KAFKA_GROUP,
  partitions: config.PARTITIONS,
  logger: silent,
});
const Store = without === 'outbox-in-commit' ? ApartStore : RedisStateStore;
const store: StateStore = new Store({
  redis,
  keyspace,
  plans: plansOf(settings),
  retention: retentionOf(config),
  commitScript: commitScript(),
});
const now = (): number => Date.now();
const listener = { notify: () => Promise.resolve() };
const publisher = new OutboxPublisher({ store: new RedisOutbox(redis, keyspace), log, listener, now, logger: silent });
const consumption = await log.consume(
  new PartitionWorker({
    store,
    log,
    settings: without === 'dedupe' ? { ...settings, dedupeWindowMs: -1 } : settings,
    calendar: new Calendar(config.STORE_TIMEZONE),
    definitions,
    outbox: publisher,
    now,
  }),
);
process.stdout.write('cartpulse: counting\n');
await Promise.race([consumption.failed, new Promise((resolve) => process.once('SIGTERM', resolve))]);
await consumption.stop();
await publisher.stop();
await log.close();
process.exit(0);
