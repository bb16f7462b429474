import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { type DependencyContainer, container as root } from 'tsyringe';
import { WebhookQueue } from '../adapters/bullmq/webhook-queue.ts';
import { RedisEndpointStore } from '../adapters/redis/installation/endpoint-store.ts';
import { Generations } from '../adapters/redis/installation/generations.ts';
import { RedisImportJournal } from '../adapters/redis/installation/import-journal.ts';
import { FIRST_GENERATION, openShape } from '../adapters/redis/installation/installation.ts';
import { RedisKeptAnswers } from '../adapters/redis/installation/kept-answers.ts';
import { isUntouched } from '../adapters/redis/installation/untouched.ts';
import { examineRedis } from '../adapters/redis/monitor/examine.ts';
import { RedisHeadroom } from '../adapters/redis/monitor/headroom.ts';
import { MemorySampler } from '../adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../adapters/redis/monitor/status-store.ts';
import { RedisCartStore } from '../adapters/redis/read/cart-store.ts';
import { RedisReader } from '../adapters/redis/read/reader.ts';
import { questions } from '../analytics/index.ts';
import { allowsLoopback, type Config } from '../config.ts';
import type { ReadParts } from '../http/answer.ts';
import { type AppParts, createApp } from '../http/app.ts';
import { PublicKeys } from '../http/entry/public-keys.ts';
import { failing, type HealthCheck } from '../http/operations/health.ts';
import { Measures } from '../http/operations/measures.ts';
import { metricsRoute, processMetricsRoute } from '../http/operations/metrics.ts';
import { createOperations } from '../http/operations/operations.ts';
import { Importer } from '../imports/importer.ts';
import { Spool } from '../imports/spool.ts';
import { Acceptor } from '../ingestion/acceptor.ts';
import { PipelineMonitor } from '../ingestion/monitor.ts';
import { OutboxPublisher } from '../ingestion/outbox-publisher.ts';
import { PartitionWorker } from '../ingestion/partition-worker.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { Keyspace } from '../metrics/keyspace.ts';
import { HeavyReads } from '../metrics/read-budget.ts';
import type { Logger } from '../runtime/logger.ts';
import { Calendar } from '../time/calendar.ts';
import { type JobsParts, type RunningJobs, startJobs } from './jobs.ts';
import { type Basics, register } from './register.ts';
import { connect, openLog, reach, retentionOf, settingsOf, shapeOf, topicsOf } from './servers.ts';

const now = (): number => Date.now();

/** The parts of a running system, made on first use. */
export interface System {
  readonly log: EventLog;
  readonly acceptor: () => Acceptor;
  readonly importer: () => Importer;
  readonly worker: () => PartitionWorker;
  readonly monitor: () => PipelineMonitor;
  readonly app: () => ReturnType<typeof createApp>;
  /** Health and metrics alone; those of the shop where this process answers questions as well. */
  readonly operations: (isApi: boolean) => ReturnType<typeof createOperations>;
  readonly measures: Measures;
  /** The servers that are needed and do not answer. */
  readonly away: () => Promise<string[]>;
  /** Ends the API's streams of live numbers, which would go on for as long as it runs. */
  readonly closeStreams: () => void;
  /** Resolves when the answers have moved to another generation: this system is to be closed, and another composed. */
  readonly superseded: Promise<void>;
  /** The work of the role `rollup`. */
  readonly startRollups: () => Promise<RunningJobs>;
  /** Keeps what the installation is begun with; called once, where `keepLater` left it to the caller. @throws ShapeMismatch */
  keepSettings(): Promise<void>;
  /** Closes every connection; roles must have stopped. */
  close(): Promise<void>;
}

export interface ComposeOptions extends Pick<JobsParts, 'webhookBackoff'> {
  /** Leave it to the caller to keep what the installation is begun with, when the rest of its start has gone well. */
  readonly keepLater?: boolean;
}

/** Connects to the servers, checks that the installation fits, and wires everything. */
export async function compose(
  config: Config,
  redisUrl: string,
  logger: Logger,
  options: ComposeOptions = {},
): Promise<System> {
  const container = root.createChildContainer();
  const redis = connect(config, redisUrl, { commandTimeoutMs: 15_000 });
  const installation = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  const calendar = new Calendar(config.STORE_TIMEZONE);
  await reach(redis, redisUrl, installation);
  try {
    const wanted = { shape: shapeOf(config), topics: topicsOf(config) };
    const opened = await openShape(redis, installation, wanted, (installed) =>
      isUntouched(redis, installation, installed),
    );
    const { generation, logName, funnels } = opened;
    const keyspace = installation.with({ generation, logName });
    const settings = settingsOf(config, funnels);
    const dataDir = config.REDIS_URL === undefined ? config.DATA_DIR : undefined;
    const headroom = new RedisHeadroom({ redis, dataDir, logger });
    const log = await openLog(config, redis, redisUrl, keyspace, logger, headroom);
    await headroom.start();
    if (!options.keepLater) await opened.keep();
    const measures = new Measures();
    const basics = { config, redis, redisUrl, keyspace, calendar, settings, log, logger, headroom, measures, now };
    register(container, basics);
    return { ...systemOf(container, basics, headroom, options), keepSettings: () => opened.keep() };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

function systemOf(
  container: DependencyContainer,
  basics: Basics,
  headroom: RedisHeadroom,
  options: ComposeOptions,
): Omit<System, 'keepSettings'> {
  const { log, redis, keyspace } = basics;
  const watch = new Generations(redis, keyspace).watch();
  const monitor = (): PipelineMonitor => container.resolve(PipelineMonitor);
  const streams = new AbortController();
  let app: ReturnType<typeof createApp> | undefined;
  let operations: ReturnType<typeof createOperations> | undefined;
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
      app = createApp(appPartsOf(container, basics, streams.signal));
      return app;
    },
    operations(isApi) {
      const checks = checksOf(basics);
      const parts = (): AppParts => appPartsOf(container, basics, streams.signal);
      operations ??= createOperations(
        checks,
        isApi ? metricsRoute(parts()) : processMetricsRoute(checks, basics.measures),
      );
      return operations;
    },
    measures: basics.measures,
    away: () => failing(checksOf(basics)),
    closeStreams: () => streams.abort(),
    superseded: watch.superseded,
    startRollups: () => startJobs({ ...jobsPartsOf(container, basics), ...options }),
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

function appPartsOf(container: DependencyContainer, basics: Basics, closing: AbortSignal): AppParts {
  const { config, log, logger, headroom } = basics;
  return {
    questions,
    acceptor: container.resolve(Acceptor),
    importer: container.resolve(Importer),
    imports: container.resolve(RedisImportJournal),
    spool: container.resolve(Spool),
    monitor: container.resolve(PipelineMonitor),
    status: container.resolve(RedisStatusStore),
    log,
    headroom,
    endpoints: container.resolve(RedisEndpointStore),
    deliveries: container.resolve(WebhookQueue),
    keptAnswers: container.resolve(RedisKeptAnswers),
    read: readPartsOf(container, basics),
    limits: {
      maxEvents: config.MAX_EVENTS,
      maxBodyBytes: config.MAX_BODY_BYTES,
      maxStreams: config.MAX_STREAMS,
      maxStreamsPerKey: config.MAX_STREAMS_PER_KEY,
      allowsLoopback: allowsLoopback(config),
      closing,
    },
    keys: { write: config.WRITE_KEYS, read: config.READ_KEYS, admin: config.ADMIN_KEYS },
    publicKeys: new PublicKeys({ keys: config.PUBLIC_KEYS, requestsPerSecond: config.PUBLIC_KEY_RATE, now }),
    corsOrigins: config.CORS_ORIGINS,
    distDir: fileURLToPath(new URL('../../dist', import.meta.url)),
    checks: checksOf(basics),
    measures: basics.measures,
    storeMemory: () => examineRedis(basics.redis, now),
    logger,
  };
}

function checksOf({ config, redis, log }: Basics): HealthCheck[] {
  return [
    { name: 'redis', check: () => redis.ping() },
    { name: config.KAFKA_BROKERS === undefined ? 'log' : 'kafka', check: () => log.ends() },
  ];
}

function readPartsOf(container: DependencyContainer, { config, calendar, settings }: Basics): ReadParts {
  return {
    store: (budget) => ({
      reader: container.resolve(RedisReader).within(budget),
      carts: container.resolve(RedisCartStore).within(budget),
    }),
    heavy: new HeavyReads(),
    calendar,
    storeCurrency: config.STORE_CURRENCY,
    funnels: settings.funnels,
    hourlyDays: config.HOURLY_DAYS,
    dailyDays: config.DAILY_DAYS,
    now,
    asOf: () => container.resolve(PipelineMonitor).asOf(),
  };
}

function jobsPartsOf(container: DependencyContainer, basics: Basics): JobsParts {
  const { config, redis, redisUrl, keyspace, calendar, settings, log, logger } = basics;
  return {
    redis,
    connect: () => connect(config, redisUrl, { maxRetriesPerRequest: null }),
    allowsLoopback: allowsLoopback(config),
    keyspace,
    retention: retentionOf(config),
    calendar,
    funnels: settings.funnels,
    reader: container.resolve(RedisReader),
    carts: container.resolve(RedisCartStore),
    endpoints: container.resolve(RedisEndpointStore),
    log,
    asOf: () => container.resolve(PipelineMonitor).asOf(),
    now,
    logger,
  };
}
