import { KafkaLog } from '../../src/adapters/kafka/kafka-log.ts';
import { connectRedis } from '../../src/adapters/redis/connection.ts';
import { RedisStateStore } from '../../src/adapters/redis/state-store.ts';
import { analytics } from '../../src/analytics/index.ts';
import { Keyspace } from '../../src/analytics/keyspace.ts';
import { Calendar } from '../../src/analytics/windows.ts';
import { readConfig } from '../../src/config.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import { plansOf } from '../../src/ingestion/plans.ts';
import { SETTINGS, unguardedCommit } from './feed.ts';
import { silent } from './system.ts';

/** A consumer process whose commits compare nothing: for the test that shows what the comparison is for. */
const config = readConfig();
const redis = connectRedis(config.REDIS_URL ?? '');
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
const store = new RedisStateStore({
  redis,
  keyspace: new Keyspace(config.KEY_PREFIX, 1, 1),
  plans: plansOf(SETTINGS),
  retention: { hourlyDays: 8, dailyDays: 400, caps: new Map() },
  commitScript: unguardedCommit(),
});
await log.consume(
  new PartitionWorker({
    store,
    log,
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    analytics,
    now: () => Date.now(),
  }),
);
