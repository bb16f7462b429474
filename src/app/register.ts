import { randomInt } from 'node:crypto';
import 'reflect-metadata';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DependencyContainer, type InjectionToken, instanceCachingFactory } from 'tsyringe';
import { WebhookQueue } from '../adapters/bullmq/webhook-queue.ts';
import type { AddressDatabase } from '../adapters/maxmind/address-database.ts';
import type { RedisClient } from '../adapters/redis/client/connection.ts';
import { RedisStateStore } from '../adapters/redis/commit/state-store.ts';
import { RedisImportJournal } from '../adapters/redis/imports/import-journal.ts';
import { RedisImportRegistry } from '../adapters/redis/imports/import-registry.ts';
import { RedisTakeBackStore } from '../adapters/redis/imports/take-back-store.ts';
import { RedisAlertStore } from '../adapters/redis/installation/alert-store.ts';
import { RedisAuditLog } from '../adapters/redis/installation/audit-log.ts';
import { RedisEndpointStore } from '../adapters/redis/installation/endpoint-store.ts';
import { ErasedFiles } from '../adapters/redis/installation/erased-files.ts';
import { RedisErasures } from '../adapters/redis/installation/erasures.ts';
import { Generations } from '../adapters/redis/installation/generations.ts';
import { RedisKeptAnswers } from '../adapters/redis/installation/kept-answers.ts';
import { RedisKeyStore } from '../adapters/redis/installation/key-store.ts';
import { RedisNotedRequests } from '../adapters/redis/installation/noted-requests.ts';
import { RedisNoteStore } from '../adapters/redis/installation/page/note-store.ts';
import { RedisSavedViews } from '../adapters/redis/installation/page/saved-views.ts';
import { RedisReportedThings } from '../adapters/redis/installation/reported-things.ts';
import { MemorySampler } from '../adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../adapters/redis/monitor/status-store.ts';
import { RedisOutbox, RedisRetractedMessages } from '../adapters/redis/outbox/outbox.ts';
import { RedisCartStore } from '../adapters/redis/read/cart-store.ts';
import { RedisReader } from '../adapters/redis/read/reader.ts';
import { RedisUserRecords } from '../adapters/redis/read/user-records.ts';
import { RedisReconciliationStore } from '../adapters/redis/reconciliations/reconciliation-store.ts';
import { ruleId } from '../alerts/rule.ts';
import { definitions } from '../analytics/index.ts';
import { type Config, isLoopbackHost } from '../config.ts';
import type { FoldSettings } from '../fold/settings.ts';
import { plansOf } from '../fold/state/bucket-plans.ts';
import { outbox, recordOutbox, recoveredOutbox } from '../fold/state/state-families.ts';
import type { Measures } from '../http/operations/measures.ts';
import { Importer } from '../imports/importer.ts';
import { Spool } from '../imports/spool.ts';
import { TakeBacks } from '../imports/take-back/take-backs.ts';
import { Acceptor } from '../ingestion/acceptor.ts';
import { PipelineMonitor } from '../ingestion/monitor.ts';
import { OutboxPublisher } from '../ingestion/outbox/outbox-publisher.ts';
import { Watermark } from '../ingestion/outbox/watermark.ts';
import { PartitionWorker } from '../ingestion/partition-worker.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Headroom } from '../ingestion/ports/headroom.ts';
import type { UnitArchive } from '../ingestion/ports/unit-archive.ts';
import { KeyKeeper } from '../keys/key-keeper.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { KeyWatch } from '../keys/key-watch.ts';
import { DimensionReader } from '../metrics/dimension.ts';
import type { QueueFamily } from '../metrics/family.ts';
import type { Keyspace } from '../metrics/keyspace.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Calendar } from '../time/calendar.ts';
import { WebhookNotifier } from '../webhooks/notifier.ts';
import { forBullMq } from './jobs.ts';
import { allFamilies, endpointsOf, HASH_SEEDS, klaviyoOf, retentionOf } from './servers.ts';

/** What every part is made of. */
export interface Basics {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly redisUrl: string;
  readonly keyspace: Keyspace;
  readonly calendar: Calendar;
  readonly settings: FoldSettings;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly headroom: Headroom;
  /** Where this process archives what it counts. */
  readonly archive: UnitArchive | undefined;
  readonly measures: Measures;
  /** Where addresses are, where a database says so. */
  readonly addresses?: AddressDatabase | undefined;
  readonly now: () => number;
}

/** Registers the parts of each room, made on first use. */
export function register(container: DependencyContainer, basics: Basics): void {
  registerReading(container, basics);
  registerAnswers(container, basics);
  registerKeys(container, basics);
  registerMonitor(container, basics);
  registerWebhooks(container, basics);
  registerIngestion(container, basics);
  registerImports(container, basics);
}

/** Factories, since under esbuild tsyringe gets no parameter types. */
function once<T>(container: DependencyContainer, token: InjectionToken<T>, make: (c: DependencyContainer) => T): void {
  container.register(token, { useFactory: instanceCachingFactory(make) });
}

function registerReading(container: DependencyContainer, { config, redis, keyspace, calendar, log }: Basics): void {
  once(container, RedisReader, () => new RedisReader(redis, keyspace, log.partitions));
  once(
    container,
    RedisCartStore,
    () => new RedisCartStore(redis, keyspace, calendar, config.PARTITIONS, config.CART_TIMEOUT),
  );
}

function registerAnswers(container: DependencyContainer, { redis, keyspace, now }: Basics): void {
  once(container, RedisKeptAnswers, () => new RedisKeptAnswers(redis, keyspace, now));
  once(container, RedisNoteStore, () => new RedisNoteStore(redis, keyspace));
  once(container, RedisReportedThings, () => new RedisReportedThings(redis, keyspace));
  once(container, RedisReconciliationStore, () => new RedisReconciliationStore(redis, keyspace));
  once(container, RedisNotedRequests, () => new RedisNotedRequests(redis, keyspace));
  once(container, RedisSavedViews, () => new RedisSavedViews(redis, keyspace));
}

function registerKeys(
  container: DependencyContainer,
  { config, redis, keyspace, calendar, logger, now }: Basics,
): void {
  const { WRITE_KEYS: write, READ_KEYS: read, ADMIN_KEYS: admin, PUBLIC_KEYS: publishable } = config;
  const settings = { write, read, admin, publishable };
  const [publicRate, mayBeOpen] = [config.PUBLIC_KEY_RATE, isLoopbackHost(config.HOST)];
  once(container, KeyRing, () => new KeyRing({ settings, mayBeOpen, publicRate, calendar, now }));
  once(container, RedisKeyStore, () => new RedisKeyStore(redis, keyspace));
  once(container, KeyWatch, (c) => new KeyWatch(c.resolve(KeyRing), c.resolve(RedisKeyStore), logger));
  once(container, KeyKeeper, (c) => {
    const hasSettingsKeys = write.length + read.length + admin.length > 0;
    return new KeyKeeper({ store: c.resolve(RedisKeyStore), hasSettingsKeys, publicRate, now });
  });
  once(container, RedisAuditLog, () => new RedisAuditLog(redis, keyspace, now));
}

function registerMonitor(container: DependencyContainer, { redis, keyspace, log, now }: Basics): void {
  once(container, MemorySampler, () => new MemorySampler(redis, keyspace, allFamilies));
  once(container, RedisStatusStore, (c) => new RedisStatusStore(redis, keyspace, c.resolve(MemorySampler)));
  once(container, PipelineMonitor, (c) => new PipelineMonitor(log, c.resolve(RedisStatusStore), now));
}

function registerWebhooks(container: DependencyContainer, { config, redis, keyspace, logger, now }: Basics): void {
  once(container, RedisEndpointStore, () => new RedisEndpointStore(redis, keyspace, endpointsOf(config)));
  const rules = config.ALERTS.map((input) => ({ ...input, id: ruleId(input) }));
  once(container, RedisAlertStore, () => new RedisAlertStore(redis, keyspace, rules));
  once(container, WebhookQueue, () => new WebhookQueue(forBullMq(redis), keyspace.queuePrefix(), logger));
  once(
    container,
    WebhookNotifier,
    (c) => new WebhookNotifier(c.resolve(RedisEndpointStore), c.resolve(WebhookQueue), now, klaviyoOf(config)),
  );
}

function registerIngestion(container: DependencyContainer, basics: Basics): void {
  const { config, redis, keyspace, calendar, settings, log, logger, headroom, archive, measures, now } = basics;
  const { ownPaths } = new DimensionReader(settings.dimensions);
  const accepting = { storeCurrency: config.STORE_CURRENCY, dailyDays: config.DAILY_DAYS, ownPaths };
  once(container, Acceptor, () => new Acceptor(log, now, accepting));
  once(container, RedisStateStore, () => {
    const generations = new Generations(redis, keyspace);
    const isCurrent = (): Promise<boolean> => generations.isCurrent();
    return new RedisStateStore({
      redis,
      keyspace,
      plans: plansOf(settings),
      retention: retentionOf(config),
      isCurrent,
    });
  });
  once(container, ErasedFiles, () => new ErasedFiles({ redis, keyspace, logRetentionMs: config.LOG_RETENTION, now }));
  once(container, RedisUserRecords, (c) => {
    const [state, { partitions }] = [c.resolve(RedisStateStore), log];
    return new RedisUserRecords({ redis, keyspace, calendar, state, partitions, plans: plansOf(settings) });
  });
  once(container, Watermark, (c) => {
    return new Watermark({ log, store: c.resolve(RedisStatusStore), now: () => performance.now() });
  });
  once(container, OutboxPublisher, (c) => {
    const outboxOf = (queue: QueueFamily): RedisOutbox => new RedisOutbox(redis, keyspace, queue);
    return new OutboxPublisher({
      abandoned: outboxOf(outbox),
      recovered: outboxOf(recoveredOutbox),
      records: outboxOf(recordOutbox),
      retracted: new RedisRetractedMessages(redis, keyspace),
      watermark: c.resolve(Watermark),
      log,
      listener: c.resolve(WebhookNotifier),
      now,
      logger,
    });
  });
  once(container, PartitionWorker, (c) => {
    const [store, outbox] = [c.resolve(RedisStateStore), c.resolve(OutboxPublisher)];
    const eraseUser = async (userId: string): Promise<void> => {
      await c.resolve(WebhookQueue).eraseUser(userId);
      // Of other servers' files their operators know.
      if (config.REDIS_URL === undefined) await c.resolve(ErasedFiles).mark();
    };
    const hashSeed = randomInt(HASH_SEEDS);
    return new PartitionWorker({
      store,
      log,
      settings,
      calendar,
      definitions,
      outbox,
      watermark: c.resolve(Watermark),
      eraseUser,
      headroom,
      archive,
      timings: measures,
      now,
      hashSeed,
    });
  });
}

function registerImports(container: DependencyContainer, basics: Basics): void {
  const { config, redis, keyspace, calendar, settings, log, logger, now } = basics;
  const maxBytes = config.MAX_IMPORT_BYTES;
  const names = [...settings.funnels, ...settings.dimensions].map(({ name }) => name);
  const counting = { generation: keyspace.generation, names };
  once(container, RedisImportJournal, () => new RedisImportJournal(redis, keyspace, now, counting));
  once(container, RedisErasures, () => new RedisErasures(redis, keyspace));
  once(container, Spool, () => new Spool({ dir: join(config.DATA_DIR, 'spool'), maxBytes }));
  once(container, Importer, (c) => {
    const [acceptor, journal] = [c.resolve(Acceptor), c.resolve(RedisImportJournal)];
    const registry = new RedisImportRegistry(redis, keyspace, now);
    const erasures = c.resolve(RedisErasures);
    return new Importer({ acceptor, log, registry, journal, erasures, calendar, maxBytes, sleep });
  });
  once(container, TakeBacks, (c) => {
    const [journal, registry] = [c.resolve(RedisImportJournal), new RedisImportRegistry(redis, keyspace, now)];
    const store = new RedisTakeBackStore({ redis, keyspace, journal, registry, now });
    return new TakeBacks({ log, store, dailyDays: config.DAILY_DAYS, counting, now, logger });
  });
}
