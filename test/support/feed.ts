import { connectRedis } from '../../src/adapters/redis/client/connection.ts';
import { Script } from '../../src/adapters/redis/client/script.ts';
import type { Retention } from '../../src/adapters/redis/commit/encode-commit.ts';
import { RedisStateStore } from '../../src/adapters/redis/commit/state-store.ts';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from './settings.ts';
import { StillLog } from './still-log.ts';

export { SETTINGS } from './settings.ts';
export { record, StillLog } from './still-log.ts';

const RETENTION: Retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 5]]) };

export interface Feed {
  readonly worker: PartitionWorker;
  readonly store: RedisStateStore;
  readonly log: StillLog;
  close(): void;
}

/** A worker on a real Redis, without a log behind it. */
export function feedInto(
  redisUrl: string,
  prefix: string,
  options: {
    partitions?: number;
    shards?: number;
    timezone?: string;
    retention?: Retention;
    commitScript?: Script;
    maxBatch?: number;
    muted?: boolean;
  } = {},
): Feed {
  const {
    partitions = 1,
    shards = 1,
    timezone = 'UTC',
    retention = RETENTION,
    commitScript,
    maxBatch,
    muted = false,
  } = options;
  const redis = connectRedis(redisUrl);
  const log = new StillLog(partitions);
  const store = new RedisStateStore({
    redis,
    keyspace: new Keyspace(prefix, 1, shards),
    plans: plansOf(SETTINGS),
    retention,
    ...(commitScript && { commitScript }),
  });
  const calendar = new Calendar(timezone);
  const parts = { store, log, settings: SETTINGS, calendar, definitions, muted, now: () => Date.now() };
  const worker = new PartitionWorker(maxBatch === undefined ? parts : { ...parts, maxBatch });
  return { worker, store, log, close: () => redis.disconnect() };
}

/** The commit script with the comparison of owner and position taken out. */
export function unguardedCommit(): Script {
  const { source } = Script.fromFile('commit');
  const unguarded = source.replace(/-- guard begins[\s\S]*?-- guard ends/, '');
  if (unguarded === source) throw new Error('the script has no guard to take out');
  return new Script(unguarded);
}
