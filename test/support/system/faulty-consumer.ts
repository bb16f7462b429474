import { kafkajs } from '../../../src/adapters/kafka/client/kafkajs.ts';
import { KafkaLog } from '../../../src/adapters/kafka/kafka-log.ts';
import { scripts } from '../../../src/adapters/redis/client/commands.ts';
import { connectRedis, type RedisClient } from '../../../src/adapters/redis/client/connection.ts';
import { RedisStateStore } from '../../../src/adapters/redis/commit/state-store.ts';
import { MemorySampler } from '../../../src/adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../../../src/adapters/redis/monitor/status-store.ts';
import { RedisOutbox, RedisRetractedMessages } from '../../../src/adapters/redis/outbox/outbox.ts';
import { definitions } from '../../../src/analytics/index.ts';
import { retentionOf, settingsOf } from '../../../src/app/servers.ts';
import { readConfig } from '../../../src/config.ts';
import { partitionName } from '../../../src/events/partition.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { outbox, recordOutbox, recoveredOutbox } from '../../../src/fold/state/state-families.ts';
import { OutboxPublisher } from '../../../src/ingestion/outbox/outbox-publisher.ts';
import { Watermark } from '../../../src/ingestion/outbox/watermark.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import type { Commit, CommitOutcome, StateStore } from '../../../src/ingestion/ports/state-store.ts';
import type { QueueFamily } from '../../../src/metrics/family.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { takeGuardOut } from '../core/feed.ts';
import { ALL_COUNTED } from '../fakes/memory-outbox.ts';
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

/** Named points of a commit in pieces, by what has just been done. */
const BEHIND: Readonly<Record<string, string>> = { ahead: 'written-ahead', decide: 'decided', apply: 'applied' };
/** So that every commit is one in pieces, however little the machine lets come together. */
const SMALL_PIECES = { ms: 0.2, bytes: 8_192 };
/** So that none is: each piece is known by its own mark, and the comparison is what is left of all others. */
const ONE_PIECE = { ms: 10_000, bytes: 256 * 1_048_576 };

/** Commits until its time has come. */
function makeMortal(redis: RedisClient): void {
  const commit = redis.commitBatch.bind(redis);
  redis.commitBatch = async (...call) => {
    const [, [key = ''], , , target, , , mode] = call;
    if (mode in BEHIND) {
      const reply = await commit(...call);
      passing(BEHIND[mode] ?? '');
      return reply;
    }
    passing('before-commit');
    const reply = commit(...call);
    if (dieAt === 'after-commit') await applied(key, target);
    passing('after-commit');
    return reply;
  };
}

/** Resolves when the commit is in Redis, without its reply having been looked at. */
async function applied(key: string, target: string): Promise<void> {
  for (let looks = 0; looks < 1_000; looks++) if ((await witness.hget(key, 'position')) === target) return;
}

/**
 * A batch's scripts find all keys but the first in their arguments instead
 * of having them declared, and the commit checks nothing before it writes.
 */
function undeclareKeys(redis: RedisClient): void {
  const unchecked =
    'for _, op in ipairs(batch.ops) do op.held = setmetatable({}, { __index = function() return 0 end }) end';
  for (const [name, others] of [
    ['commitBatch', 11],
    ['readLane', 5],
  ] as const) {
    const split = `local keys, others = { KEYS[1] }, {}
      for i, text in ipairs(ARGV) do table.insert(i <= #ARGV - ${others} and keys or others, text) end
      local KEYS, ARGV = keys, others\n`;
    const body = scripts[name].lua.replace(/-- check begins[\s\S]*?-- check ends/, unchecked);
    redis.defineCommand(name, { lua: split + body });
  }
  const [commit, readLane] = [redis.commitBatch.bind(redis), redis.readLaneBuffer.bind(redis)];
  redis.commitBatch = (_keyCount, ...call) => commit(1, ...call);
  redis.readLaneBuffer = (_keyCount, ...call) => readLane(1, ...call);
}

/** What is said about carts goes into the outbox after the commit, by a command of its own. */
class ApartStore extends RedisStateStore {
  override async commit(commit: Commit): Promise<CommitOutcome> {
    const texts = [...(commit.writes.queued.get(outbox)?.values() ?? [])].flat();
    commit.writes.queued.delete(outbox);
    const outcome = await super.commit(commit);
    // A death in between shows only where there was something to say.
    if (texts.length > 0) passing('between');
    const key = keyspace.key(keyspace.shardOf(commit.partition.index), outbox, partitionName(commit.partition));
    for (const text of texts) await witness.zadd(key, Date.now(), text);
    return outcome;
  }
}

const [redis, witness] = [connectRedis(config.REDIS_URL ?? ''), connectRedis(config.REDIS_URL ?? '')];
if (without === 'declared-keys') undeclareKeys(redis);
if (without === 'comparison') takeGuardOut(redis);
makeMortal(redis);
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
  ...(Object.values(BEHIND).includes(dieAt ?? '') && { pieceLimits: SMALL_PIECES }),
  ...(without === 'comparison' && { pieceLimits: ONE_PIECE }),
});
const now = (): number => Date.now();
const listener = { notify: () => Promise.resolve() };
const outboxOf = (queue: QueueFamily): RedisOutbox => new RedisOutbox(redis, keyspace, queue);
const status = new RedisStatusStore(redis, keyspace, new MemorySampler(redis, keyspace, []));
const publisher = new OutboxPublisher({
  abandoned: outboxOf(outbox),
  recovered: outboxOf(recoveredOutbox),
  records: outboxOf(recordOutbox),
  retracted: new RedisRetractedMessages(redis, keyspace),
  watermark:
    without === 'watermark' ? ALL_COUNTED : new Watermark({ log, store: status, now: () => performance.now() }),
  log,
  listener,
  now,
  logger: silent,
});
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
