import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DependencyContainer, instanceCachingFactory, container as root } from 'tsyringe';
import { WebhookQueue } from '../adapters/bullmq/webhook-queue.ts';
import { connectRedis, type RedisClient } from '../adapters/redis/client/connection.ts';
import { RedisOutbox } from '../adapters/redis/commit/outbox.ts';
import { RedisStateStore } from '../adapters/redis/commit/state-store.ts';
import { RedisEndpointStore } from '../adapters/redis/installation/endpoint-store.ts';
import { Generations } from '../adapters/redis/installation/generations.ts';
import { RedisImportRegistry } from '../adapters/redis/installation/import-registry.ts';
import { FIRST_GENERATION, fixShape } from '../adapters/redis/installation/installation.ts';
import { RedisHeadroom } from '../adapters/redis/monitor/headroom.ts';
import { MemorySampler } from '../adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../adapters/redis/monitor/status-store.ts';
import { RedisCartStore } from '../adapters/redis/read/cart-store.ts';
import { RedisReader } from '../adapters/redis/read/reader.ts';
import { definitions, questions } from '../analytics/index.ts';
import { queryLive } from '../analytics/live/query.ts';
import type { Config } from '../config.ts';
import type { FoldSettings } from '../fold/settings.ts';
import { plansOf } from '../fold/state/bucket-plans.ts';
import { createApp } from '../http/app.ts';
import { LiveFeed } from '../http/routes/live.ts';
import { Importer } from '../imports/importer.ts';
import { Acceptor } from '../ingestion/acceptor.ts';
import { PipelineMonitor } from '../ingestion/monitor.ts';
import { OutboxPublisher } from '../ingestion/outbox-publisher.ts';
import { PartitionWorker } from '../ingestion/partition-worker.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Headroom } from '../ingestion/ports/headroom.ts';
import { Keyspace } from '../metrics/keyspace.ts';
import type { Logger } from '../runtime/logger.ts';
import { Calendar } from '../time/calendar.ts';
import { WebhookNotifier } from '../webhooks/notifier.ts';
import { forBullMq, type JobsParts, type RunningJobs, startJobs } from './jobs.ts';
import { allFamilies, endpointsOf, openLog, reach, retentionOf, settingsOf, shapeOf, topicsOf } from './servers.ts';

const now = (): number => Date.now();

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
  /** Resolves when the answers have moved to another generation: this system is to be closed, and another composed. */
  readonly superseded: Promise<void>;
  /** The work of the role `rollup`. */
  readonly startRollups: () => Promise<RunningJobs>;
  /** Closes every connection; roles must have stopped. */
  close(): Promise<void>;
}

/** Connects to the servers, checks that the installation fits, and wires everything. */
export async function compose(
  config: Config,
  redisUrl: string,
  logger: Logger,
  { webhookBackoff }: Pick<JobsParts, 'webhookBackoff'> = {},
): Promise<System> {
  const container = root.createChildContainer();
  const redis = connectRedis(redisUrl, { commandTimeoutMs: 15_000 });
  const installation = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  await reach(redis, redisUrl);
  try {
    const { generation, logName, funnels } = await fixShape(redis, installation, shapeOf(config), topicsOf(config));
    const keyspace = installation.with({ generation, logName });
    const settings = settingsOf(config, funnels);
    const dataDir = config.REDIS_URL === undefined ? config.DATA_DIR : undefined;
    const headroom = new RedisHeadroom({ redis, dataDir, logger });
    const log = await openLog(config, redis, redisUrl, keyspace, logger, headroom);
    await headroom.start();
    const basics = { config, redis, redisUrl, keyspace, calendar, settings, log, logger, headroom };
    register(container, { ...basics, ...(webhookBackoff && { webhookBackoff }) });
    return systemOf(container, log, redis, headroom, new Generations(redis, keyspace));
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
  readonly headroom: Headroom;
  readonly webhookBackoff?: (attempts: number) => number;
}

const JOBS = Symbol('startJobs');
const APP = Symbol('app');

/** Factories, since under esbuild tsyringe gets no parameter types. */
function register(container: DependencyContainer, basics: Basics): void {
  const { config, redis, redisUrl, keyspace, calendar, settings, log, logger, headroom } = basics;
  const retention = retentionOf(config);
  const once = <T>(token: symbol | (new (...args: never[]) => T), make: (c: DependencyContainer) => T): void => {
    container.register<T>(token as symbol, { useFactory: instanceCachingFactory(make) });
  };
  once(RedisStateStore, () => {
    const generations = new Generations(redis, keyspace);
    const isCurrent = (): Promise<boolean> => generations.isCurrent();
    return new RedisStateStore({ redis, keyspace, plans: plansOf(settings), retention, isCurrent });
  });
  once(RedisReader, () => new RedisReader(redis, keyspace));
  once(RedisCartStore, () => new RedisCartStore(redis, keyspace, calendar, config.PARTITIONS, config.CART_TIMEOUT));
  once(MemorySampler, () => new MemorySampler(redis, keyspace, allFamilies));
  once(RedisStatusStore, (c) => new RedisStatusStore(redis, keyspace, c.resolve(MemorySampler)));
  once(Acceptor, () => new Acceptor(log, now));
  once(PipelineMonitor, (c) => new PipelineMonitor(log, c.resolve(RedisStatusStore), now));
  once(RedisEndpointStore, () => new RedisEndpointStore(redis, keyspace, endpointsOf(config)));
  once(WebhookQueue, () => new WebhookQueue(forBullMq(redis), keyspace.queuePrefix(), logger));
  once(OutboxPublisher, (c) => {
    const listener = new WebhookNotifier(c.resolve(RedisEndpointStore), c.resolve(WebhookQueue), now);
    return new OutboxPublisher({ store: new RedisOutbox(redis, keyspace), log, listener, now, logger });
  });
  once(PartitionWorker, (c) => {
    const [store, outbox] = [c.resolve(RedisStateStore), c.resolve(OutboxPublisher)];
    const eraseUser = (userId: string): Promise<void> => c.resolve(WebhookQueue).eraseUser(userId);
    return new PartitionWorker({ store, log, settings, calendar, definitions, outbox, eraseUser, headroom, now });
  });
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
      const snapshot = await queryLive({ reader, calendar, storeCurrency, nowMs });
      return { at: new Date(nowMs).toISOString(), as_of: new Date(asOfMs).toISOString(), ...snapshot };
    };
    return new LiveFeed({ takeSnapshot, maxStreams: config.MAX_STREAMS });
  });
  once(APP, (c) =>
    createApp({
      questions,
      acceptor: c.resolve(Acceptor),
      importer: c.resolve(Importer),
      monitor: c.resolve(PipelineMonitor),
      status: c.resolve(RedisStatusStore),
      log,
      headroom,
      live: c.resolve(LiveFeed),
      endpoints: c.resolve(RedisEndpointStore),
      deliveries: c.resolve(WebhookQueue),
      read: {
        reader: c.resolve(RedisReader),
        carts: c.resolve(RedisCartStore),
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
      pageDir: fileURLToPath(new URL('../../dist/dashboard', import.meta.url)),
      checks: [
        { name: 'redis', check: () => redis.ping() },
        { name: config.KAFKA_BROKERS === undefined ? 'log' : 'kafka', check: () => log.ends() },
      ],
      logger,
    }),
  );
  once(
    JOBS,
    (c) => () =>
      startJobs({
        redis,
        redisUrl,
        keyspace,
        retention,
        calendar,
        funnels: settings.funnels,
        reader: c.resolve(RedisReader),
        carts: c.resolve(RedisCartStore),
        endpoints: c.resolve(RedisEndpointStore),
        log,
        asOf: () => c.resolve(PipelineMonitor).asOf(),
        now,
        logger,
        ...(basics.webhookBackoff && { webhookBackoff: basics.webhookBackoff }),
      }),
  );
}

function systemOf(
  container: DependencyContainer,
  log: EventLog,
  redis: RedisClient,
  headroom: RedisHeadroom,
  generations: Generations,
): System {
  const watch = generations.watch();
  const monitor = (): PipelineMonitor => container.resolve(PipelineMonitor);
  let app: ReturnType<typeof createApp> | undefined;
  return {
    log,
    acceptor: () => container.resolve(Acceptor),
    importer: () => container.resolve(Importer),
    worker: () => container.resolve(PartitionWorker),
    monitor,
    app() {
      if (app !== undefined) return app;
      monitor().start();
      container.resolve(MemorySampler).start();
      app = container.resolve<ReturnType<typeof createApp>>(APP);
      return app;
    },
    live: () => container.resolve(LiveFeed),
    superseded: watch.superseded,
    startRollups: () => container.resolve<() => Promise<RunningJobs>>(JOBS)(),
    async close() {
      watch.stop();
      headroom.stop();
      monitor().stop();
      container.resolve(MemorySampler).stop();
      await container.resolve(OutboxPublisher).stop();
      await container.resolve(WebhookQueue).close();
      await log.close();
      redis.disconnect();
    },
  };
}
