import type { ConnectionOptions } from 'bullmq';
import { startAlertJobs } from '../adapters/bullmq/alert-jobs.ts';
import { startRollupJobs } from '../adapters/bullmq/rollup-jobs.ts';
import { startWebhookWorker } from '../adapters/bullmq/webhook-queue.ts';
import type { RedisClient } from '../adapters/redis/client/connection.ts';
import type { Retention } from '../adapters/redis/commit/shard-keys.ts';
import type { RedisEndpointStore } from '../adapters/redis/installation/endpoint-store.ts';
import type { RedisCartStore } from '../adapters/redis/read/cart-store.ts';
import { RedisPublishingStore } from '../adapters/redis/rollup/publishing-store.ts';
import { RedisRollupStore } from '../adapters/redis/rollup/rollup-store.ts';
import type { SmtpMailer } from '../adapters/smtp/mailer.ts';
import type { AlertStore, Metrics } from '../alerts/ports.ts';
import type { Funnel } from '../analytics/funnel/funnel.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Dimension } from '../metrics/dimension.ts';
import type { Keyspace } from '../metrics/keyspace.ts';
import type { Reader } from '../metrics/reader.ts';
import { startPublishing } from '../rollups/publish-actions.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Calendar } from '../time/calendar.ts';
import type { Klaviyo } from '../webhooks/klaviyo.ts';
import { send } from '../webhooks/send.ts';
import { signedHeaders } from '../webhooks/signature.ts';
import { allFamilies } from './servers.ts';

export interface JobsParts {
  readonly redis: RedisClient;
  /** A client that waits for as long as Redis is away. */
  readonly connect: () => RedisClient;
  readonly keyspace: Keyspace;
  readonly retention: Retention;
  readonly calendar: Calendar;
  readonly funnels: readonly Funnel[];
  readonly dimensions: readonly Dimension[];
  readonly reader: Reader;
  readonly carts: RedisCartStore;
  readonly endpoints: RedisEndpointStore;
  /** Undefined where no carts go there. */
  readonly klaviyo: Klaviyo | undefined;
  readonly log: EventLog;
  readonly asOf: () => Promise<number>;
  readonly now: () => number;
  readonly logger: Logger;
  /** May webhooks go to this machine? */
  readonly allowsLoopback: boolean;
  /** Where the own Redis's files may still tell of erased users. */
  readonly rewriteFiles?: (() => Promise<void>) | undefined;
  readonly alerts: AlertStore;
  readonly metrics: Metrics;
  /** Undefined where no mail server is set. */
  readonly mailer: SmtpMailer | undefined;
  /** How often alerts are looked at. */
  readonly alertsEveryMs?: number;
  /** Milliseconds that a delivery waits after so many tries; less in tests. */
  readonly webhookBackoff?: (attempts: number) => number;
}

export interface RunningJobs {
  stop(): Promise<void>;
}

/** BullMQ knows one copy of the client's class; ours is the same under another declaration. */
export function forBullMq(redis: RedisClient): ConnectionOptions {
  return redis as unknown as ConnectionOptions;
}

/** The work of the role `rollup`: closing hours and days, publishing closed windows, delivering webhooks, looking at alerts. */
export async function startJobs(parts: JobsParts): Promise<RunningJobs> {
  const { redis, connect, keyspace, calendar, funnels, dimensions, now, logger, carts, endpoints, webhookBackoff } =
    parts;
  const { allowsLoopback } = parts;
  const [rollupClient, webhookClient] = [connect(), connect()];
  const prefix = keyspace.queuePrefix();
  const store = new RedisRollupStore(redis, keyspace, parts.retention, allFamilies);
  const connection = forBullMq(rollupClient);
  const rollups = await startRollupJobs({
    store,
    calendar,
    funnels,
    dimensions,
    now,
    connection,
    prefix,
    logger,
    sweep: parts.rewriteFiles,
  });
  const webhooks = startWebhookWorker({
    endpoints,
    klaviyo: parts.klaviyo,
    health: endpoints,
    isBought: ({ userId, cartId, openedAtMs }) => carts.isBought(userId, cartId, openedAtMs),
    send: (sending) => send({ ...sending, allowsLoopback }),
    now,
    connection: forBullMq(webhookClient),
    prefix,
    logger,
    ...(webhookBackoff && { backoff: webhookBackoff }),
  });
  const alertClient = connect();
  const alerting = await startAlerting(parts, forBullMq(alertClient));
  const { reader, log, asOf } = parts;
  const publisher = new RedisPublishingStore(redis, keyspace);
  const publishing = startPublishing({ store: publisher, reader, calendar, log, asOf, now }, logger);
  return {
    async stop() {
      await publishing.stop();
      await Promise.all([rollups.stop(), webhooks.stop(), alerting.stop()]);
      rollupClient.disconnect();
      webhookClient.disconnect();
      alertClient.disconnect();
    },
  };
}

function startAlerting(parts: JobsParts, connection: ConnectionOptions): Promise<RunningJobs> {
  const { alerts: store, metrics, mailer, calendar, now, logger, allowsLoopback, alertsEveryMs } = parts;
  const noMail = { outcome: 'failed', reason: 'no mail server is set (SMTP_URL)' } as const;
  return startAlertJobs({
    ...{ store, metrics, calendar, now, logger, connection },
    prefix: parts.keyspace.queuePrefix(),
    everyMs: alertsEveryMs,
    post(url, id, body, secret) {
      const headers = secret === undefined ? {} : signedHeaders(secret, id, now(), body);
      return send({ url, headers, body, allowsLoopback });
    },
    mail: async (mail) => (mailer === undefined ? noMail : mailer.send(mail)),
  });
}
