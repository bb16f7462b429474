import 'reflect-metadata';
import { type DependencyContainer, container as root } from 'tsyringe';
import { WebhookQueue } from '../adapters/bullmq/webhook-queue.ts';
import { RedisAuditLog } from '../adapters/redis/installation/audit-log.ts';
import { Generations } from '../adapters/redis/installation/generations.ts';
import { FIRST_GENERATION, openShape } from '../adapters/redis/installation/installation.ts';
import { isUntouched } from '../adapters/redis/installation/untouched.ts';
import { RedisHeadroom } from '../adapters/redis/monitor/headroom.ts';
import { MemorySampler } from '../adapters/redis/monitor/memory-sampler.ts';
import { SimulationState } from '../adapters/redis/simulation/simulation-state.ts';
import type { EventArchive } from '../archive/event-archive.ts';
import type { ArchiveStore } from '../archive/store.ts';
import { type Config, isLoopbackHost } from '../config.ts';
import type { Demo } from '../http/admin/demo.ts';
import { createApp } from '../http/app.ts';
import { failing } from '../http/operations/health.ts';
import { Measures } from '../http/operations/measures.ts';
import { metricsRoute, processMetricsRoute } from '../http/operations/metrics.ts';
import { createOperations } from '../http/operations/operations.ts';
import { Importer } from '../imports/importer.ts';
import { Spool } from '../imports/spool.ts';
import { TakeBacks } from '../imports/take-back/take-backs.ts';
import { Acceptor } from '../ingestion/acceptor.ts';
import { PipelineMonitor } from '../ingestion/monitor.ts';
import { OutboxPublisher } from '../ingestion/outbox/outbox-publisher.ts';
import { PartitionWorker } from '../ingestion/partition-worker.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Headroom } from '../ingestion/ports/headroom.ts';
import { KeyKeeper } from '../keys/key-keeper.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { KeyWatch } from '../keys/key-watch.ts';
import type { AuditLog } from '../keys/ports.ts';
import { Keyspace } from '../metrics/keyspace.ts';
import type { Logger } from '../runtime/logger.ts';
import { Calendar } from '../time/calendar.ts';
import { type OpenArchive, openArchive } from './archive/open-archive.ts';
import { type OpenReader, openReader } from './archive/open-reader.ts';
import { archiveStoreOf } from './archive/places.ts';
import { type JobsParts, type RunningJobs, startJobs } from './jobs.ts';
import { appPartsOf, checksOf, jobsPartsOf, reconcilerOf } from './parts.ts';
import { type Basics, register } from './register.ts';
import { connect, openAddresses, openLog, reach, settingsOf, shapeOf, topicsOf } from './servers.ts';

const now = (): number => Date.now();

const NO_DEMO: Demo = {
  state: async () => ({ running: false, counted: false, canEnd: false }),
  end: async () => undefined,
};

/** The parts of a running system, made on first use. */
export interface System {
  readonly log: EventLog;
  /** Where it archives what is counted. */
  readonly archive: EventArchive | undefined;
  readonly acceptor: () => Acceptor;
  readonly importer: () => Importer;
  readonly worker: () => PartitionWorker;
  readonly monitor: () => PipelineMonitor;
  readonly keys: () => KeyRing;
  readonly keeper: () => KeyKeeper;
  readonly audit: () => AuditLog;
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
  /** Nothing was here before. */
  readonly isNew: boolean;
  readonly calendar: Calendar;
  readonly simulation: SimulationState;
  /** Keeps what the installation is begun with; called once, where `keepLater` left it to the caller. @throws ShapeMismatch */
  keepSettings(): Promise<void>;
  /** Closes every connection; roles must have stopped. */
  close(): Promise<void>;
}

export interface ComposeOptions extends Pick<JobsParts, 'webhookBackoff' | 'alertsEveryMs'> {
  /** Leave it to the caller to keep what the installation is begun with, when the rest of its start has gone well. */
  readonly keepLater?: boolean;
  /** Archive what is counted. */
  readonly archives?: boolean;
  /** Take no events over HTTP. */
  readonly takesNothing?: boolean;
  /** The simulated shop that runs beside it. */
  readonly demo?: Demo;
}

/** Connects to the servers, checks that the installation fits, and wires everything. */
export async function compose(
  config: Config,
  redisUrl: string,
  logger: Logger,
  options: ComposeOptions = {},
): Promise<System> {
  const addresses = options.takesNothing ? undefined : await openAddresses(config);
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
    const { generation, logName, funnels, dimensions } = opened;
    const keyspace = installation.with({ generation, logName });
    const settings = settingsOf(config, funnels, dimensions);
    const dataDir = config.REDIS_URL === undefined ? config.DATA_DIR : undefined;
    const headroom = new RedisHeadroom({ redis, dataDir, logger });
    const log = await openLog(config, redis, redisUrl, keyspace, logger, headroom);
    await headroom.start();
    if (!options.keepLater) await opened.keep();
    const measures = new Measures();
    const parts = { config, redis, redisUrl, keyspace, calendar, settings, log, logger, headroom, measures, now };
    const archiveStore = archiveStoreOf(config);
    const archive = options.archives ? await openArchive(parts, archiveStore) : undefined;
    const room: Headroom = { full: () => headroom.full() ?? archive?.events.full() };
    const basics = { ...parts, headroom: room, archive: archive?.events, addresses };
    register(container, basics);
    await container.resolve(KeyWatch).refresh();
    return {
      ...systemOf(container, basics, { headroom, archive, archiveStore }, options),
      isNew: opened.isNew,
      calendar,
      simulation: new SimulationState(redis, keyspace),
      keepSettings: () => opened.keep(),
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

interface Opened {
  readonly headroom: RedisHeadroom;
  readonly archive: OpenArchive | undefined;
  readonly archiveStore: ArchiveStore;
}

function systemOf(
  container: DependencyContainer,
  basics: Basics,
  { headroom, archive, archiveStore }: Opened,
  options: ComposeOptions,
): Omit<System, 'keepSettings' | 'isNew' | 'calendar' | 'simulation'> {
  const { log, redis, keyspace } = basics;
  const events = archive?.events;
  const watch = new Generations(redis, keyspace).watch();
  const monitor = (): PipelineMonitor => container.resolve(PipelineMonitor);
  const streams = new AbortController();
  let app: ReturnType<typeof createApp> | undefined;
  let reader: OpenReader | undefined;
  let operations: ReturnType<typeof createOperations> | undefined;
  return {
    log,
    archive: events,
    acceptor: () => container.resolve(Acceptor),
    importer: () => container.resolve(Importer),
    worker: () => container.resolve(PartitionWorker),
    monitor,
    keys: () => container.resolve(KeyRing),
    keeper: () => container.resolve(KeyKeeper),
    audit: () => container.resolve(RedisAuditLog),
    app() {
      if (app !== undefined) return app;
      monitor().start();
      container.resolve(MemorySampler).start();
      container.resolve(KeyWatch).start();
      container.resolve(Spool).start();
      container.resolve(TakeBacks).start();
      reader = openReader(basics.config, events, archiveStore);
      app = createApp({
        ...appPartsOf(container, basics, streams.signal),
        archive: reader.reader,
        reconciler: reconcilerOf(container, basics, reader.reader),
        demo: options.demo ?? NO_DEMO,
      });
      return app;
    },
    operations(isApi) {
      const checks = checksOf(basics);
      const parts = () => appPartsOf(container, basics, streams.signal);
      operations ??= createOperations({
        checks,
        metrics: isApi ? metricsRoute(parts()) : processMetricsRoute(checks, basics.measures),
        isLoopback: isLoopbackHost(basics.config.HOST),
        logger: basics.logger,
      });
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
      container.resolve(KeyWatch).stop();
      container.resolve(Spool).stop();
      await container.resolve(TakeBacks).stop();
      await container.resolve(OutboxPublisher).stop();
      await container.resolve(WebhookQueue).close();
      await reader?.close();
      await archive?.close();
      await log.close();
      redis.disconnect();
    },
  };
}
