import { fileURLToPath } from 'node:url';
import type { DependencyContainer } from 'tsyringe';
import { WebhookQueue } from '../adapters/bullmq/webhook-queue.ts';
import { RedisImportJournal } from '../adapters/redis/imports/import-journal.ts';
import { RedisAlertStore } from '../adapters/redis/installation/alert-store.ts';
import { RedisAuditLog } from '../adapters/redis/installation/audit-log.ts';
import { RedisEndpointStore } from '../adapters/redis/installation/endpoint-store.ts';
import { ErasedFiles } from '../adapters/redis/installation/erased-files.ts';
import { RedisErasures } from '../adapters/redis/installation/erasures.ts';
import { RedisKeptAnswers } from '../adapters/redis/installation/kept-answers.ts';
import { RedisNotedRequests } from '../adapters/redis/installation/noted-requests.ts';
import { RedisNoteStore } from '../adapters/redis/installation/page/note-store.ts';
import { RedisSavedViews } from '../adapters/redis/installation/page/saved-views.ts';
import { RedisReportedThings } from '../adapters/redis/installation/reported-things.ts';
import { examineRedis } from '../adapters/redis/monitor/examine.ts';
import { RedisStatusStore } from '../adapters/redis/monitor/status-store.ts';
import { RedisCartStore } from '../adapters/redis/read/cart-store.ts';
import { RedisReader } from '../adapters/redis/read/reader.ts';
import { RedisUserRecords } from '../adapters/redis/read/user-records.ts';
import { RedisReconciliationStore } from '../adapters/redis/reconciliations/reconciliation-store.ts';
import { SmtpMailer } from '../adapters/smtp/mailer.ts';
import { questions } from '../analytics/index.ts';
import type { Archive } from '../archive/archive-reader.ts';
import { allowsLoopback, type Config } from '../config.ts';
import { connectors } from '../connectors/index.ts';
import type { ReadParts } from '../http/answer.ts';
import type { AppParts } from '../http/app.ts';
import type { HealthCheck } from '../http/operations/health.ts';
import { Importer } from '../imports/importer.ts';
import { Spool } from '../imports/spool.ts';
import { TakeBacks } from '../imports/take-back/take-backs.ts';
import { Acceptor } from '../ingestion/acceptor.ts';
import { PipelineMonitor } from '../ingestion/monitor.ts';
import { KeyKeeper } from '../keys/key-keeper.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { KeyWatch } from '../keys/key-watch.ts';
import { HeavyReads } from '../metrics/read-budget.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import { metricsOf } from './alerts/metrics.ts';
import type { JobsParts } from './jobs.ts';
import type { Basics } from './register.ts';
import { connect, klaviyoOf, retentionOf } from './servers.ts';

/** What each room is made of, out of what is registered. */

const now = (): number => Date.now();

export function appPartsOf(
  container: DependencyContainer,
  basics: Basics,
  closing: AbortSignal,
): Omit<AppParts, 'archive' | 'reconciler' | 'demo'> {
  const { config, log, logger, headroom, addresses } = basics;
  return {
    questions,
    acceptor: container.resolve(Acceptor),
    importer: container.resolve(Importer),
    imports: container.resolve(RedisImportJournal),
    takeBacks: container.resolve(TakeBacks),
    spool: container.resolve(Spool),
    monitor: container.resolve(PipelineMonitor),
    status: container.resolve(RedisStatusStore),
    reconciliations: container.resolve(RedisReconciliationStore),
    log,
    users: container.resolve(RedisUserRecords),
    erasures: container.resolve(RedisErasures),
    headroom,
    endpoints: container.resolve(RedisEndpointStore),
    deliveries: container.resolve(WebhookQueue),
    alerts: container.resolve(RedisAlertStore),
    notes: container.resolve(RedisNoteStore),
    metrics: metricsOf(questions, readPartsOf(container, basics)),
    keptAnswers: container.resolve(RedisKeptAnswers),
    read: readPartsOf(container, basics),
    limits: {
      maxEvents: config.MAX_EVENTS,
      maxBodyBytes: config.MAX_BODY_BYTES,
      maxStreams: config.MAX_STREAMS,
      maxStreamsPerKey: config.MAX_STREAMS_PER_KEY,
      allowsLoopback: allowsLoopback(config),
      hasMail: config.SMTP_URL !== undefined,
      closing,
    },
    keys: container.resolve(KeyRing),
    keeper: container.resolve(KeyKeeper),
    refreshKeys: () => container.resolve(KeyWatch).refresh(),
    audit: container.resolve(RedisAuditLog),
    locate: addresses && ((address) => addresses.locate(address)),
    addressHeader: config.CLIENT_ADDRESS_HEADER,
    hookSecrets: config,
    reportedThings: container.resolve(RedisReportedThings),
    noted: container.resolve(RedisNotedRequests),
    views: container.resolve(RedisSavedViews),
    corsOrigins: config.CORS_ORIGINS,
    distDir: fileURLToPath(new URL('../../dist', import.meta.url)),
    checks: checksOf(basics),
    measures: basics.measures,
    storeMemory: () => examineRedis(basics.redis, now),
    logger,
  };
}

export function reconcilerOf(container: DependencyContainer, { calendar }: Basics, archive: Archive): Reconciler {
  const [status, store] = [container.resolve(RedisStatusStore), container.resolve(RedisReconciliationStore)];
  return new Reconciler({ archive, status, store, calendar, ways: connectors.map(({ name }) => name), now });
}

export function checksOf({ config, redis, log }: Basics): HealthCheck[] {
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
    dimensions: settings.dimensions,
    hourlyDays: config.HOURLY_DAYS,
    dailyDays: config.DAILY_DAYS,
    now,
    asOf: () => container.resolve(PipelineMonitor).asOf(),
  };
}

export function jobsPartsOf(container: DependencyContainer, basics: Basics): JobsParts {
  const { config, redis, redisUrl, keyspace, calendar, settings, log, logger } = basics;
  return {
    redis,
    connect: () => connect(config, redisUrl, { maxRetriesPerRequest: null }),
    allowsLoopback: allowsLoopback(config),
    keyspace,
    retention: retentionOf(config),
    calendar,
    funnels: settings.funnels,
    dimensions: settings.dimensions,
    reader: container.resolve(RedisReader),
    carts: container.resolve(RedisCartStore),
    endpoints: container.resolve(RedisEndpointStore),
    klaviyo: klaviyoOf(config),
    log,
    alerts: container.resolve(RedisAlertStore),
    metrics: metricsOf(questions, readPartsOf(container, basics)),
    mailer: mailerOf(config),
    rewriteFiles: config.REDIS_URL === undefined ? () => container.resolve(ErasedFiles).rewriteIfDue() : undefined,
    asOf: () => container.resolve(PipelineMonitor).asOf(),
    now,
    logger,
  };
}

function mailerOf({ SMTP_URL, SMTP_FROM }: Config): SmtpMailer | undefined {
  return SMTP_URL === undefined || SMTP_FROM === undefined ? undefined : new SmtpMailer(SMTP_URL, SMTP_FROM);
}
