import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, type RedisClient } from './adapters/redis/connection.ts';
import { Generations } from './adapters/redis/generations.ts';
import { FIRST_GENERATION, type Installed, type Shape } from './adapters/redis/installation.ts';
import { MemorySampler } from './adapters/redis/memory-sampler.ts';
import { RedisOutbox } from './adapters/redis/outbox.ts';
import { RedisReader } from './adapters/redis/reader.ts';
import { RedisRollupStore } from './adapters/redis/rollup-store.ts';
import { RedisStateStore } from './adapters/redis/state-store.ts';
import { RedisStatusStore } from './adapters/redis/status-store.ts';
import { analytics } from './analytics/index.ts';
import { Keyspace } from './analytics/keyspace.ts';
import { Calendar } from './analytics/windows.ts';
import { allFamilies, openLog, reach, retentionOf, settingsOf, shapeOf } from './composition-servers.ts';
import type { Config } from './config.ts';
import { PartitionWorker } from './ingestion/partition-worker.ts';
import { plansOf } from './ingestion/plans.ts';
import type { EventLog } from './ingestion/ports.ts';
import type { Logger } from './log.ts';
import { type RebuildOutcome, type RebuildParts, RebuildRefused, rebuild, type Side } from './rebuild/rebuild.ts';
import { totalsOf } from './rebuild/totals.ts';
import { rollUp } from './rollups/roll-up.ts';

/** Processes look once a second whether the answers have moved; what they still read is left to them for a while. */
const MOVING_MS = 5_000;

export type RebuildOptions = Pick<RebuildParts, 'onProgress' | 'onCompared' | 'force' | 'signal'> & {
  readonly onBegun: (generation: number, resumed: boolean) => void;
};

/** Folds the log into a new generation by the settings as they are now, and switches over to it. */
export async function runRebuild(
  config: Config,
  redisUrl: string,
  logger: Logger,
  options: RebuildOptions,
): Promise<RebuildOutcome> {
  const redis = connectRedis(redisUrl, { commandTimeoutMs: 15_000 });
  await reach(redis, redisUrl);
  const installation = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  const generations = new Generations(redis, installation);
  try {
    const lease = await generations.lease(randomUUID());
    try {
      const live = await generations.live();
      if (live === undefined) throw new RebuildRefused('there is nothing to rebuild yet; start with `npm start`');
      if (live.partitions !== config.PARTITIONS) throw new RebuildRefused(samePartitions(live.partitions));
      return await rebuildBeside(live, { config, redis, redisUrl, generations, installation, logger, options });
    } finally {
      await lease.release();
    }
  } finally {
    redis.disconnect();
  }
}

const samePartitions = (partitions: number): string =>
  `a rebuild keeps the number of partitions: set PARTITIONS=${partitions}, since the log's order for a user is that of the user's partition`;

interface Beside {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly redisUrl: string;
  readonly generations: Generations;
  readonly installation: Keyspace;
  readonly logger: Logger;
  readonly options: RebuildOptions;
}

async function rebuildBeside(live: Installed, beside: Beside): Promise<RebuildOutcome> {
  const { config, redis, redisUrl, generations, installation, logger, options } = beside;
  const shape = shapeOf(config);
  const next = await generations.next(live, shape);
  options.onBegun(next.generation, next.resumed);
  const liveKeys = installation.with({ generation: live.generation, shards: live.shards });
  const nextKeys = installation.with({ generation: next.generation });
  const log = await openLog(config, redis, redisUrl, nextKeys, logger);
  try {
    const outcome = await rebuild({
      ...options,
      log,
      live: sideOf(redis, liveKeys, live, config),
      rebuilt: sideOf(redis, nextKeys, shape, config),
      worker: workerOf(redis, nextKeys, config, log),
      rollUp: () => rollUpOf(redis, nextKeys, config),
      switchOver: async () => {
        const [before, after] = [new RedisOutbox(redis, liveKeys), new RedisOutbox(redis, nextKeys)];
        for (const partition of log.partitions) await before.copyTo(after, partition);
        await generations.switchTo(next.generation, shape, live.generation);
      },
    });
    if (outcome.outcome === 'switched') {
      await sleep(MOVING_MS);
      await generations.tidy(live.generation);
    }
    return outcome;
  } finally {
    await log.close();
  }
}

function sideOf(redis: RedisClient, keyspace: Keyspace, shape: Shape, config: Config): Side {
  const sampler = new MemorySampler(redis, keyspace, allFamilies);
  const reader = new RedisReader(redis, keyspace);
  const calendar = new Calendar(shape.timezone);
  return {
    store: stateStoreOf(redis, keyspace, config),
    status: new RedisStatusStore(redis, keyspace, sampler),
    totals: () => totalsOf(reader, calendar, config.DAILY_DAYS, Date.now()),
  };
}

function stateStoreOf(redis: RedisClient, keyspace: Keyspace, config: Config): RedisStateStore {
  const plans = plansOf(settingsOf(config, config.funnels));
  return new RedisStateStore({ redis, keyspace, plans, retention: retentionOf(config) });
}

function workerOf(redis: RedisClient, keyspace: Keyspace, config: Config, log: EventLog): PartitionWorker {
  return new PartitionWorker({
    store: stateStoreOf(redis, keyspace, config),
    log,
    settings: settingsOf(config, config.funnels),
    calendar: new Calendar(config.STORE_TIMEZONE),
    analytics,
    muted: true,
    now: () => Date.now(),
  });
}

function rollUpOf(redis: RedisClient, keyspace: Keyspace, config: Config): Promise<unknown> {
  const store = new RedisRollupStore(redis, keyspace, retentionOf(config), allFamilies);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  return rollUp({ store, calendar, funnels: config.funnels, now: () => Date.now() });
}
