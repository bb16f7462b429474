import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RedisClient } from '../../adapters/redis/client/connection.ts';
import { RedisStateStore } from '../../adapters/redis/commit/state-store.ts';
import { RedisImportJournal } from '../../adapters/redis/imports/import-journal.ts';
import { copiedLog, Generations } from '../../adapters/redis/installation/generations.ts';
import {
  FIRST_GENERATION,
  type Installed,
  type Shape,
  type Topics,
} from '../../adapters/redis/installation/installation.ts';
import { MemorySampler } from '../../adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../../adapters/redis/monitor/status-store.ts';
import { RedisReader } from '../../adapters/redis/read/reader.ts';
import { RedisRollupStore } from '../../adapters/redis/rollup/rollup-store.ts';
import type { Config } from '../../config.ts';
import { partitionName } from '../../events/partition.ts';
import { plansOf } from '../../fold/state/bucket-plans.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import { Keyspace } from '../../metrics/keyspace.ts';
import { LogMove, READERS_MOVE_MS } from '../../rebuild/log-move.ts';
import {
  type Generation,
  type RebuildOutcome,
  type RebuildParts,
  RebuildRefused,
  rebuild,
} from '../../rebuild/rebuild.ts';
import { totalsOf } from '../../rebuild/totals.ts';
import { rollUp } from '../../rollups/roll-up.ts';
import type { Logger } from '../../runtime/logger.ts';
import { Calendar } from '../../time/calendar.ts';
import { allFamilies, connect, openLog, reach, retentionOf, settingsOf, shapeOf, topicsOf } from '../servers.ts';
import { copyOutboxes } from './copy-outboxes.ts';
import { countArchive } from './from-archive.ts';
import { lanesLeftOut } from './left-out.ts';
import { mutedWorker } from './muted-worker.ts';

export type RebuildOptions = Pick<RebuildParts, 'onProgress' | 'onCompared' | 'force' | 'signal'> & {
  /** What is counted first: else the log alone is. */
  readonly from?: 'archive' | undefined;
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
  const redis = connect(config, redisUrl, { commandTimeoutMs: 15_000 });
  const installation = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  await reach(redis, redisUrl, installation);
  const generations = new Generations(redis, installation);
  try {
    const lease = await generations.lease(randomUUID());
    try {
      const live = (await generations.live()) ?? lostOf(config, options);
      const signal = AbortSignal.any([options.signal, lease.lost]);
      const context = { config, redis, redisUrl, generations, installation, logger, options: { ...options, signal } };
      return await rebuildBeside(live, context);
    } finally {
      await lease.release();
    }
  } finally {
    redis.disconnect();
  }
}

/** What a rebuild works with, beside the live generation. */
interface RebuildContext {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly redisUrl: string;
  readonly generations: Generations;
  readonly installation: Keyspace;
  readonly logger: Logger;
  readonly options: RebuildOptions;
}

async function rebuildBeside(live: Installed, context: RebuildContext): Promise<RebuildOutcome> {
  const { config, redis, generations, installation, options } = context;
  const shape = shapeOf(config);
  const topics = topicsOf(config);
  const moves = movesFrom(live, { partitions: shape.partitions, topics, from: options.from });
  const begun = await generations.next(live, shape, !moves);
  options.onBegun(begun.generation, begun.resumed);
  const { generation } = begun;
  // What was copied out of the embedded log goes with the generation that counted it.
  const logName = moves && live.topics === undefined ? copiedLog(generation) : live.logName;
  const next: Installed = { ...shape, generation, logName, ...(topics && { topics }) };
  const [liveKeys, nextKeys] = [live, next].map((of) => installation.with(of)) as [Keyspace, Keyspace];
  const log = await openLog(config, redis, context.redisUrl, nextKeys, context.logger);
  const liveStore = stateStoreOf(redis, liveKeys, config);
  const leftOut = new Set<string>();
  const move = moves ? await openMove(live, liveKeys, log, leftOut, context) : undefined;
  const nextStore = stateStoreOf(redis, nextKeys, config);
  try {
    const journal = new RedisImportJournal(redis, installation, () => Date.now());
    for (const lane of await lanesLeftOut(journal, liveStore, move?.from ?? log)) leftOut.add(lane);
    const outcome = await rebuild({
      ...options,
      log,
      copy: move && (() => move.copyCounted(liveStore)),
      archive:
        options.from === undefined
          ? undefined
          : () =>
              countArchive({
                ...options,
                config,
                redis,
                keyspace: nextKeys,
                log,
                store: nextStore,
                live: liveStore,
                leftOut,
                logger: context.logger,
              }),
      limit: async (partition) =>
        move ? move.countedEnds.get(partitionName(partition)) : (await liveStore.standing(partition)).position,
      live: generationOf(redis, liveKeys, live, move?.from ?? log, config),
      rebuilt: generationOf(redis, nextKeys, next, log, config),
      worker: mutedWorker(config, { store: nextStore, log, leftOut }),
      rollUp: () => rollUpOf(redis, nextKeys, config),
      switchOver: async () => {
        await copyOutboxes(redis, liveKeys, nextKeys, move?.from ?? log, move && next.partitions);
        await generations.switchTo(next, live);
      },
    });
    if (outcome.outcome === 'stopped') return outcome;
    await sleep(READERS_MOVE_MS);
    await move?.copyRest();
    await generations.cleanUp();
    return outcome;
  } finally {
    await Promise.all([log.close(), move?.from.close()]);
  }
}

/** Whether the log is to be copied into another one. @throws RebuildRefused where there is none, or where it cannot be */
function movesFrom(
  live: Installed,
  { partitions, topics, from }: Pick<Installed, 'partitions'> & { topics: Topics; from: 'archive' | undefined },
): boolean {
  if (live.topics !== undefined && topics === undefined)
    throw new RebuildRefused(
      `the event log is Kafka, with the topics ${live.topics.events} and ${live.topics.inventory}: set KAFKA_BROKERS. Nothing was changed; ` +
        'to begin anew on the embedded log use another KEY_PREFIX, or `npm start -- reset`',
    );
  const moves = live.partitions !== partitions || !isDeepStrictEqual(namesOf(live.topics), namesOf(topics));
  if (moves && from === 'archive')
    throw new RebuildRefused(
      'another log or another number of partitions is a rebuild of its own: without --from archive',
    );
  return moves;
}

/** What is to be made anew where Redis has lost everything: nobody reads it. @throws RebuildRefused */
function lostOf(config: Config, { from }: RebuildOptions): Installed {
  if (from === undefined)
    throw new RebuildRefused(
      'there is nothing to rebuild yet; start with `npm start`, or where Redis was lost with `npm start -- rebuild --from archive`',
    );
  const topics = topicsOf(config);
  return { ...shapeOf(config), generation: FIRST_GENERATION, logName: '', ...(topics && { topics }) };
}

/** Which log it is; who counts it does not matter. */
function namesOf(topics: Topics): readonly string[] {
  return topics === undefined ? [] : [topics.events, topics.inventory];
}

/** @throws RebuildRefused where somebody counts, or where the new log holds something */
async function openMove(
  live: Installed,
  liveKeys: Keyspace,
  to: EventLog,
  leftOut: ReadonlySet<string>,
  context: RebuildContext,
): Promise<LogMove> {
  const { config, redis, redisUrl, logger, options } = context;
  const source =
    live.topics === undefined
      ? { KAFKA_BROKERS: undefined }
      : { KAFKA_EVENTS_TOPIC: live.topics.events, KAFKA_INVENTORY_TOPIC: live.topics.inventory };
  const from = await openLog({ ...config, ...source, PARTITIONS: live.partitions }, redis, redisUrl, liveKeys, logger);
  const { onCopied, signal } = options;
  const move = new LogMove({ from, to, now: () => Date.now(), leftOut, onProgress: onCopied, signal });
  try {
    await move.check();
    return move;
  } catch (error) {
    await from.close();
    throw error;
  }
}

/** What a counted event is tallied as. */
const COUNTED = ['events', 'duplicates', 'unknown_refunds'] as const;

function generationOf(redis: RedisClient, keyspace: Keyspace, shape: Shape, log: EventLog, config: Config): Generation {
  const reader = new RedisReader(redis, keyspace);
  const calendar = new Calendar(shape.timezone);
  const status = new RedisStatusStore(redis, keyspace, new MemorySampler(redis, keyspace, allFamilies));
  const tallied = async (...names: readonly string[]): Promise<number> => {
    const partitions = await status.partitions(log.partitions);
    return partitions.reduce((sum, { tallies }) => names.reduce((of, name) => of + (tallies.get(name) ?? 0), sum), 0);
  };
  return {
    store: stateStoreOf(redis, keyspace, config),
    missing: () => tallied('missing'),
    counted: () => tallied(...COUNTED),
    totals: () => totalsOf(reader, calendar, config.DAILY_DAYS, Date.now()),
  };
}

function stateStoreOf(redis: RedisClient, keyspace: Keyspace, config: Config): RedisStateStore {
  const plans = plansOf(settingsOf(config));
  return new RedisStateStore({ redis, keyspace, plans, retention: retentionOf(config) });
}

function rollUpOf(redis: RedisClient, keyspace: Keyspace, config: Config): Promise<unknown> {
  const store = new RedisRollupStore(redis, keyspace, retentionOf(config), allFamilies);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  return rollUp({ store, calendar, funnels: config.funnels, dimensions: config.DIMENSIONS, now: () => Date.now() });
}
