import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'bullmq';
import { type DependencyContainer, instanceCachingFactory, container as root } from 'tsyringe';
import { connectRedis, type RedisClient } from './adapters/redis/connection.ts';
import { RedisImportRegistry } from './adapters/redis/import-registry.ts';
import { fixShape } from './adapters/redis/installation.ts';
import { MemorySampler } from './adapters/redis/memory-sampler.ts';
import { RedisPublishingStore } from './adapters/redis/publishing-store.ts';
import { RedisReader } from './adapters/redis/reader.ts';
import { RedisRollupStore } from './adapters/redis/rollup-store.ts';
import { RedisStateStore } from './adapters/redis/state-store.ts';
import { RedisStatusStore } from './adapters/redis/status-store.ts';
import { analytics } from './analytics/index.ts';
import { Keyspace } from './analytics/keyspace.ts';
import { askLive } from './analytics/live/query.ts';
import { Calendar } from './analytics/windows.ts';
import { allFamilies, openLog, reach, retentionOf } from './composition-servers.ts';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { LiveFeed } from './http/live.ts';
import { Acceptor } from './ingestion/accept.ts';
import { Importer } from './ingestion/importer.ts';
import { PartitionWorker } from './ingestion/partition-worker.ts';
import { plansOf } from './ingestion/plans.ts';
import type { EventLog } from './ingestion/ports.ts';
import type { FoldSettings } from './ingestion/settings.ts';
import { PipelineMonitor } from './ingestion/status.ts';
import type { Logger } from './log.ts';
import { startPublishing } from './rollups/publish-actions.ts';
import { type RollupJobs, startRollupJobs } from './rollups/rollup-jobs.ts';

const now = (): number => Date.now();
const GENERATION = 1;

/** The parts of a running system, made on first use. */
export interface System {
  readonly log: EventLog;
  readonly acceptor: () => Acceptor;
  readonly importer: () => Importer;
  readonly worker: () => PartitionWorker;
  readonly monitor: () => PipelineMonitor;
  readonly app: () => ReturnType<typeof createApp>;
  /** Streams of live numbers; they end when the API stops. */
  readonly live: () => LiveFeed;
  readonly startRollups: () => Promise<RollupJobs>;
  /** Closes every connection; roles must have stopped. */
  close(): Promise<void>;
}

/** Connects to the servers, checks that the installation fits, and wires everything. */
export async function compose(config: Config, redisUrl: string, logger: Logger): Promise<System> {
  const container = root.createChildContainer();
  const redis = connectRedis(redisUrl, { commandTimeoutMs: 15_000 });
  const keyspace = new Keyspace(config.KEY_PREFIX, GENERATION, config.REDIS_SHARDS);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  const timeouts = {
    sessionTimeoutMs: config.SESSION_TIMEOUT,
    cartTimeoutMs: config.CART_TIMEOUT,
    dedupeWindowMs: config.DEDUPE_WINDOW,
    transactionWindowMs: config.TRANSACTION_WINDOW,
  };
  await reach(redis, redisUrl);
  const shape = {
    partitions: config.PARTITIONS,
    shards: config.REDIS_SHARDS,
    timezone: config.STORE_TIMEZONE,
    currency: config.STORE_CURRENCY,
  };
  try {
    const funnels = await fixShape(redis, keyspace, {
      ...shape,
      ...timeouts,
      funnels: [...config.funnels].map(({ name, stages }) => ({ name, stages: [...stages] })),
    });
    const settings: FoldSettings = { ...timeouts, storeCurrency: config.STORE_CURRENCY, funnels };
    const log = await openLog(config, redis, redisUrl, keyspace, logger);
    register(container, { config, redis, redisUrl, keyspace, calendar, settings, log, logger });
    return systemOf(container, log, redis);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

interface Basics {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly redisUrl: string;
  readonly keyspace: Keyspace;
  readonly calendar: Calendar;
  readonly settings: FoldSettings;
  readonly log: EventLog;
  readonly logger: Logger;
}

const ROLLUPS = Symbol('startRollups');
const APP = Symbol('app');

/** Factories, since under esbuild tsyringe gets no parameter types. */
function register(container: DependencyContainer, basics: Basics): void {
  const { config, redis, redisUrl, keyspace, calendar, settings, log, logger } = basics;
  const retention = retentionOf(config);
  const once = <T>(token: symbol | (new (...args: never[]) => T), make: (c: DependencyContainer) => T): void => {
    container.register<T>(token as symbol, { useFactory: instanceCachingFactory(make) });
  };
  once(RedisStateStore, () => new RedisStateStore({ redis, keyspace, plans: plansOf(settings), retention }));
  once(RedisReader, () => new RedisReader(redis, keyspace));
  once(MemorySampler, () => new MemorySampler(redis, keyspace, allFamilies));
  once(RedisStatusStore, (c) => new RedisStatusStore(redis, keyspace, c.resolve(MemorySampler)));
  once(Acceptor, () => new Acceptor(log, now));
  once(PipelineMonitor, (c) => new PipelineMonitor(log, c.resolve(RedisStatusStore), now));
  once(
    PartitionWorker,
    (c) => new PartitionWorker({ store: c.resolve(RedisStateStore), log, settings, calendar, analytics, now }),
  );
  once(Importer, (c) => {
    const registry = new RedisImportRegistry(redis, keyspace, now);
    return new Importer({ acceptor: c.resolve(Acceptor), log, registry, calendar, sleep });
  });
  once(LiveFeed, (c) => {
    const reader = c.resolve(RedisReader);
    const storeCurrency = config.STORE_CURRENCY;
    const takeSnapshot = async () => {
      const nowMs = now();
      const asOfMs = await c.resolve(PipelineMonitor).asOf();
      const snapshot = await askLive({ reader, calendar, storeCurrency, nowMs });
      return { at: new Date(nowMs).toISOString(), as_of: new Date(asOfMs).toISOString(), ...snapshot };
    };
    return new LiveFeed({ takeSnapshot, maxStreams: config.MAX_STREAMS });
  });
  once(APP, (c) =>
    createApp({
      analytics,
      acceptor: c.resolve(Acceptor),
      importer: c.resolve(Importer),
      monitor: c.resolve(PipelineMonitor),
      status: c.resolve(RedisStatusStore),
      log,
      live: c.resolve(LiveFeed),
      read: {
        reader: c.resolve(RedisReader),
        calendar,
        storeCurrency: config.STORE_CURRENCY,
        funnels: settings.funnels,
        hourlyDays: config.HOURLY_DAYS,
        now,
        asOf: () => c.resolve(PipelineMonitor).asOf(),
      },
      limits: {
        maxEvents: config.MAX_EVENTS,
        maxBodyBytes: config.MAX_BODY_BYTES,
        maxImportBytes: config.MAX_IMPORT_BYTES,
        spoolDir: `${config.DATA_DIR}/spool`,
      },
      keys: { write: config.WRITE_KEYS, read: config.READ_KEYS, admin: config.ADMIN_KEYS },
      corsOrigins: config.CORS_ORIGINS,
      checks: [
        { name: 'redis', check: () => redis.ping() },
        { name: config.KAFKA_BROKERS === undefined ? 'log' : 'kafka', check: () => log.ends() },
      ],
      logger,
    }),
  );
  once(ROLLUPS, (c) => async () => {
    // Two of the same client's class, of which BullMQ knows one copy.
    const connection = connectRedis(redisUrl, { maxRetriesPerRequest: null }) as unknown as ConnectionOptions &
      RedisClient;
    const store = new RedisRollupStore(redis, keyspace, retention, allFamilies);
    const jobs = await startRollupJobs({
      store,
      calendar,
      funnels: settings.funnels,
      now,
      connection,
      prefix: keyspace.queuePrefix(),
      logger,
    });
    const publishing = startPublishing(
      {
        owner: randomUUID(),
        store: new RedisPublishingStore(redis, keyspace),
        reader: c.resolve(RedisReader),
        calendar,
        log,
        asOf: () => c.resolve(PipelineMonitor).asOf(),
        now,
      },
      logger,
    );
    return {
      async stop() {
        await publishing.stop();
        await jobs.stop();
        connection.disconnect();
      },
    };
  });
}

function systemOf(container: DependencyContainer, log: EventLog, redis: RedisClient): System {
  const monitor = (): PipelineMonitor => container.resolve(PipelineMonitor);
  const app = (): ReturnType<typeof createApp> => {
    monitor().start();
    container.resolve(MemorySampler).start();
    return container.resolve<ReturnType<typeof createApp>>(APP);
  };
  return {
    log,
    acceptor: () => container.resolve(Acceptor),
    importer: () => container.resolve(Importer),
    worker: () => container.resolve(PartitionWorker),
    monitor,
    app,
    live: () => container.resolve(LiveFeed),
    startRollups: () => container.resolve<() => Promise<RollupJobs>>(ROLLUPS)(),
    async close() {
      monitor().stop();
      container.resolve(MemorySampler).stop();
      await log.close();
      redis.disconnect();
    },
  };
}
