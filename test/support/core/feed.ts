import { scripts } from '../../../src/adapters/redis/client/commands.ts';
import { connectRedis, type RedisClient } from '../../../src/adapters/redis/client/connection.ts';
import type { PartLimits } from '../../../src/adapters/redis/commit/lane-part-reader.ts';
import type { DueLimits } from '../../../src/adapters/redis/commit/lane-reader.ts';
import type { PieceLimits } from '../../../src/adapters/redis/commit/piece-writer.ts';
import type { Retention } from '../../../src/adapters/redis/commit/shard-keys.ts';
import { RedisStateStore } from '../../../src/adapters/redis/commit/state-store.ts';
import type { Funnel } from '../../../src/analytics/funnel/funnel.ts';
import { definitions } from '../../../src/analytics/index.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import type { UnitArchive } from '../../../src/ingestion/ports/unit-archive.ts';
import type { Dimension } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { MEMBER_CAPS, type MemberCaps } from '../../../src/metrics/members.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { StillLog } from '../fakes/still-log.ts';
import { SETTINGS } from './settings.ts';

export { record, StillLog } from '../fakes/still-log.ts';
export { SETTINGS } from './settings.ts';

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
    /** Changes a command before it is used. */
    prepare?: (redis: RedisClient) => void;
    pieceLimits?: PieceLimits;
    dueLimits?: DueLimits;
    partLimits?: PartLimits;
    maxBatch?: number;
    muted?: boolean;
    funnels?: readonly Funnel[];
    dimensions?: readonly Dimension[];
    archive?: UnitArchive;
    memberCaps?: MemberCaps;
  } = {},
): Feed {
  const {
    partitions = 1,
    shards = 1,
    timezone = 'UTC',
    retention = RETENTION,
    prepare,
    pieceLimits,
    dueLimits,
    partLimits,
    maxBatch,
    muted = false,
    funnels = SETTINGS.funnels,
    dimensions = SETTINGS.dimensions,
    archive,
    memberCaps = MEMBER_CAPS,
  } = options;
  const redis = connectRedis(redisUrl);
  prepare?.(redis);
  const log = new StillLog(partitions);
  const settings = { ...SETTINGS, funnels, dimensions };
  const store = new RedisStateStore({
    redis,
    keyspace: new Keyspace(prefix, 1, shards),
    plans: plansOf(settings),
    retention,
    ...(pieceLimits && { pieceLimits }),
    ...(dueLimits && { dueLimits }),
    ...(partLimits && { partLimits }),
  });
  const calendar = new Calendar(timezone);
  const parts = { store, log, settings, calendar, definitions, muted, archive, memberCaps, now: () => Date.now() };
  const worker = new PartitionWorker(maxBatch === undefined ? parts : { ...parts, maxBatch });
  return { worker, store, log, close: () => redis.disconnect() };
}

/** Takes the comparison of owner and position out of the commit. */
export function takeGuardOut(redis: RedisClient): void {
  const { lua } = scripts.commitBatch;
  const unguarded = lua.replace(/-- guard begins[\s\S]*?-- guard ends/, '');
  if (unguarded === lua) throw new Error('the script has no guard to take out');
  redis.defineCommand('commitBatch', { lua: unguarded });
}
