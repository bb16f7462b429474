import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { connectRedis, type RedisClient } from '../adapters/redis/client/connection.ts';
import { RedisOutbox } from '../adapters/redis/commit/outbox.ts';
import { RedisStateStore } from '../adapters/redis/commit/state-store.ts';
import { copiedLog, Generations } from '../adapters/redis/installation/generations.ts';
import { FIRST_GENERATION, type Installed, type Shape } from '../adapters/redis/installation/installation.ts';
import { MemorySampler } from '../adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../adapters/redis/monitor/status-store.ts';
import { RedisReader } from '../adapters/redis/read/reader.ts';
import { RedisRollupStore } from '../adapters/redis/rollup/rollup-store.ts';
import { definitions } from '../analytics/index.ts';
import type { Config } from '../config.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { plansOf } from '../fold/state/bucket-plans.ts';
import { PartitionWorker } from '../ingestion/partition-worker.ts';
import type { EventLog, Position } from '../ingestion/ports/event-log.ts';
import { Keyspace } from '../metrics/keyspace.ts';
import { LogCopy } from '../rebuild/copy-log.ts';
import { type RebuildOutcome, type RebuildParts, RebuildRefused, rebuild, type Side } from '../rebuild/rebuild.ts';
import { totalsOf } from '../rebuild/totals.ts';
import { rollUp } from '../rollups/roll-up.ts';
import type { Logger } from '../runtime/logger.ts';
import { Calendar } from '../time/calendar.ts';
import { allFamilies, openLog, reach, retentionOf, settingsOf, shapeOf, topicsOf } from './servers.ts';

/** Processes look once a second whether the answers have moved; what they still read is left to them for a while. */
const MOVING_MS = 5_000;

export type RebuildOptions = Pick<RebuildParts, 'onProgress' | 'onCompared' | 'force' | 'signal'> & {
  readonly onBegun: (generation: number, resumed: boolean) => void;
  readonly onCopied: (records: number) => void;
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
      return await rebuildBeside(live, { config, redis, redisUrl, generations, installation, logger, options });
    } finally {
      await lease.release();
    }
  } finally {
    redis.disconnect();
  }
}

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
  const { config, redis, generations, installation, options } = beside;
  const shape = shapeOf(config);
  const topics = topicsOf(config);
  const moves = live.partitions !== shape.partitions || !isDeepStrictEqual(live.topics ?? topics, topics);
  const begun = await generations.next(live, shape, !moves);
  options.onBegun(begun.generation, begun.resumed);
  const { generation } = begun;
  const logName = moves && topics === undefined ? copiedLog(generation) : live.logName;
  const next: Installed = { ...shape, generation, logName, ...(topics && { topics }) };
  const [liveKeys, nextKeys] = [live, next].map((of) => installation.with(of)) as [Keyspace, Keyspace];
  const log = await openLog(config, redis, beside.redisUrl, nextKeys, beside.logger);
  const move = moves ? await openMove(live, liveKeys, log, beside) : undefined;
  const liveStore = stateStoreOf(redis, liveKeys, config);
  const ends = new Map<string, Position>();
  try {
    const outcome = await rebuild({
      ...options,
      log,
      copy: move && (() => move.copyCounted(liveStore, ends)),
      limit: async (partition) =>
        move ? ends.get(partitionName(partition)) : (await liveStore.standing(partition)).position,
      live: sideOf(redis, liveKeys, live, move?.from ?? log, config),
      rebuilt: sideOf(redis, nextKeys, next, log, config),
      worker: workerOf(redis, nextKeys, config, log),
      rollUp: () => rollUpOf(redis, nextKeys, config),
      switchOver: async () => {
        const [before, after] = [new RedisOutbox(redis, liveKeys), new RedisOutbox(redis, nextKeys)];
        for (const partition of (move?.from ?? log).partitions)
          await before.copyTo(after, partition, (text) => (move ? ownerOf(text, next.partitions) : partition));
        await generations.switchTo(next, live);
      },
    });
    if (outcome.outcome === 'stopped') return outcome;
    await sleep(MOVING_MS);
    await move?.copyRest();
    await generations.tidy();
    return outcome;
  } finally {
    await Promise.all([log.close(), move?.from.close()]);
  }
}

/** The old log, and how its records get into the new one. */
interface Move {
  readonly from: EventLog;
  /** Copies everything; `ends` are where what is counted live ends in the new log. @returns records that the old log had forgotten */
  copyCounted(live: RedisStateStore, ends: Map<string, Position>): Promise<number>;
  /** Copies what has come all the same, until nothing comes any more. */
  copyRest(): Promise<void>;
}

/** @throws RebuildRefused where somebody counts, or where the new log is none */
async function openMove(live: Installed, liveKeys: Keyspace, to: EventLog, beside: Beside): Promise<Move> {
  const { config, redis, redisUrl, logger, options } = beside;
  const topics = live.topics && {
    KAFKA_EVENTS_TOPIC: live.topics.events,
    KAFKA_INVENTORY_TOPIC: live.topics.inventory,
  };
  const from = await openLog({ ...config, ...topics, PARTITIONS: live.partitions }, redis, redisUrl, liveKeys, logger);
  const refuse = async (why: string): Promise<never> => {
    await from.close();
    throw new RebuildRefused(why);
  };
  if ((await from.consumers()) > 0)
    await refuse('the number of partitions changes with nobody at work: stop every other process, and try again');
  const filled = [...(await to.ends())].filter(([, end]) => to.distance(to.start, end) > 0);
  if (filled.length > 0)
    await refuse(
      'the log is copied into topics that hold nothing yet: name others with KAFKA_EVENTS_TOPIC and KAFKA_INVENTORY_TOPIC, or delete these',
    );
  const copy = new LogCopy({ from, to, now: () => Date.now(), onProgress: options.onCopied, signal: options.signal });
  let reached = new Map<string, Position>();
  return {
    from,
    async copyCounted(store, ends) {
      const begins = await from.begins();
      for (const partition of from.partitions)
        reached.set(partitionName(partition), (await store.standing(partition)).position ?? from.start);
      await copy.run(begins, reached);
      for (const [name, end] of await to.ends()) ends.set(name, end);
      // What waits to be counted goes along before the switch, so that no kill can leave it behind.
      const all = await from.ends();
      await copy.run(reached, all);
      reached = all;
      return [...begins.values()].reduce((sum, begin) => sum + from.distance(from.start, begin), 0);
    },
    async copyRest() {
      for (;;) {
        const ends = await from.ends();
        if (isDeepStrictEqual(ends, reached)) break;
        await copy.run(reached, ends);
        reached = ends;
        await sleep(MOVING_MS);
      }
      await copy.catchUp();
    },
  };
}

const carriesUser = z.object({
  value: z.string().transform((text) => z.object({ user_id: z.string() }).parse(JSON.parse(text))),
});

/** The partition of the user whose cart a waiting message is about. */
function ownerOf(text: string, partitions: number): PartitionId {
  const { value } = carriesUser.parse(JSON.parse(text));
  return { topic: 'events', index: partitionOf(value.user_id, partitions) };
}

function sideOf(redis: RedisClient, keyspace: Keyspace, shape: Shape, log: EventLog, config: Config): Side {
  const reader = new RedisReader(redis, keyspace);
  const calendar = new Calendar(shape.timezone);
  const status = new RedisStatusStore(redis, keyspace, new MemorySampler(redis, keyspace, allFamilies));
  return {
    store: stateStoreOf(redis, keyspace, config),
    missing: async () =>
      (await status.partitions(log.partitions)).reduce((sum, { tallies }) => sum + (tallies.get('missing') ?? 0), 0),
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
    definitions,
    muted: true,
    now: () => Date.now(),
  });
}

function rollUpOf(redis: RedisClient, keyspace: Keyspace, config: Config): Promise<unknown> {
  const store = new RedisRollupStore(redis, keyspace, retentionOf(config), allFamilies);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  return rollUp({ store, calendar, funnels: config.funnels, now: () => Date.now() });
}
