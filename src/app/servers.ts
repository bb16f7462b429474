import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { KafkaLog, type KafkaLogParts } from '../adapters/kafka/kafka-log.ts';
import { AddressDatabase } from '../adapters/maxmind/address-database.ts';
import {
  type ConnectionOptions,
  connectRedis,
  type RedisClient,
  StoreUnavailable,
} from '../adapters/redis/client/connection.ts';
import { explainRedis } from '../adapters/redis/client/explain.ts';
import type { Retention } from '../adapters/redis/commit/shard-keys.ts';
import { deleteKeys, type Shape, type Topics } from '../adapters/redis/installation/installation.ts';
import { openRedis as openRedisSource, type RedisSource } from '../adapters/redis/server/source.ts';
import { StreamsLog } from '../adapters/redis-streams/streams-log.ts';
import { interactions } from '../analytics/engagement/definition.ts';
import type { Funnel } from '../analytics/funnel/funnel.ts';
import { definitions } from '../analytics/index.ts';
import { ArchiveFiles } from '../archive/files.ts';
import type { Config } from '../config.ts';
import type { FoldSettings } from '../fold/settings.ts';
import { STATE_VERSION, stateFamilies } from '../fold/state/state-families.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { BOUNDLESS, type Headroom } from '../ingestion/ports/headroom.ts';
import { bookkeepingFamilies } from '../metrics/bookkeeping-families.ts';
import { dimensionOf, settingOf } from '../metrics/dimension.ts';
import type { Family } from '../metrics/family.ts';
import type { Keyspace } from '../metrics/keyspace.ts';
import { rollupFamilies } from '../rollups/families.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Endpoint, endpointId } from '../webhooks/endpoint.ts';
import type { Klaviyo } from '../webhooks/klaviyo.ts';
import { archiveStoreOf, waitingDirOf } from './archive/places.ts';

/** Every family of keys that an installation has. */
export const allFamilies: readonly Family[] = [
  ...stateFamilies,
  ...rollupFamilies,
  ...definitions.flatMap(({ families }) => families),
  ...bookkeepingFamilies,
];

export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

export function retentionOf(config: Config): Retention {
  return {
    hourlyDays: config.HOURLY_DAYS,
    dailyDays: config.DAILY_DAYS,
    caps: new Map([[interactions.name, config.INTERACTIONS_PER_USER]]),
  };
}

/** Texts in memory are hashed with one of so many, so that nobody can send what all hashes alike. */
export const HASH_SEEDS = 2 ** 31;

/** What shapes stored data: fixed at the first start, changed by a rebuild. */
export function shapeOf(config: Config): Shape {
  return {
    stateVersion: STATE_VERSION,
    partitions: config.PARTITIONS,
    shards: config.REDIS_SHARDS,
    timezone: config.STORE_TIMEZONE,
    currency: config.STORE_CURRENCY,
    ...timeoutsOf(config),
    attributionWindowMs: config.ATTRIBUTION_WINDOW,
    dimensions: config.DIMENSIONS.map(settingOf),
    funnels: config.funnels.map(({ name, stages }) => ({ name, stages: [...stages] })),
  };
}

/** Kafka's topics that are counted, and by which group; none where the log is the embedded one. */
export function topicsOf(config: Config): Topics {
  if (config.KAFKA_BROKERS === undefined) return undefined;
  const { KAFKA_EVENTS_TOPIC: events, KAFKA_INVENTORY_TOPIC: inventory, KAFKA_GROUP: group } = config;
  return { events, inventory, group };
}

export function settingsOf(
  config: Config,
  funnels: readonly Funnel[] = config.funnels,
  dimensions: readonly string[] = config.DIMENSIONS.map(settingOf),
): FoldSettings {
  return {
    ...timeoutsOf(config),
    attributionWindowMs: config.ATTRIBUTION_WINDOW,
    storeCurrency: config.STORE_CURRENCY,
    dimensions: dimensions.flatMap((setting) => dimensionOf(setting) ?? []),
    funnels,
  };
}

function timeoutsOf(config: Config) {
  return {
    sessionTimeoutMs: config.SESSION_TIMEOUT,
    cartTimeoutMs: config.CART_TIMEOUT,
    dedupeWindowMs: config.DEDUPE_WINDOW,
    transactionWindowMs: config.TRANSACTION_WINDOW,
  };
}

/** Where carts go to Klaviyo; undefined where they do not. */
export function klaviyoOf({
  KLAVIYO_API_KEY: apiKey,
  KLAVIYO_URL: url,
  KLAVIYO_PROFILES: profiles,
}: Config): Klaviyo | undefined {
  return apiKey === undefined ? undefined : { apiKey, url, profiles };
}

/** The database of addresses, where one is named. @throws AddressDatabaseProblem */
export async function openAddresses({ GEOIP_DATABASE: path }: Config): Promise<AddressDatabase | undefined> {
  return path === undefined ? undefined : AddressDatabase.open(path);
}

/** Endpoints of the settings. */
export function endpointsOf({ WEBHOOKS }: Config): Endpoint[] {
  return WEBHOOKS.map((input) => ({ ...input, id: endpointId(input) }));
}

export async function openLog(
  config: Config,
  redis: RedisClient,
  redisUrl: string,
  keyspace: Keyspace,
  logger: Logger,
  headroom: Headroom = BOUNDLESS,
): Promise<EventLog> {
  if (config.KAFKA_BROKERS === undefined) {
    return new StreamsLog({
      redis,
      connect: () => connect(config, redisUrl),
      keyspace,
      partitions: config.PARTITIONS,
      retentionMs: config.LOG_RETENTION,
      logger,
      headroom,
    });
  }
  return KafkaLog.open(kafkaParts(config, config.KAFKA_BROKERS, logger));
}

export function kafkaParts(config: Config, brokers: readonly string[], logger: Logger): KafkaLogParts {
  const topics = {
    events: config.KAFKA_EVENTS_TOPIC,
    inventory: config.KAFKA_INVENTORY_TOPIC,
    abandoned: config.KAFKA_ABANDONED_TOPIC,
    recovered: config.KAFKA_RECOVERED_TOPIC,
    actions: config.KAFKA_ACTIONS_TOPIC,
  };
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_USERNAME: username,
    KAFKA_PASSWORD: password,
    KAFKA_CA_FILE: ca,
    KAFKA_CERT_FILE: cert,
    KAFKA_KEY_FILE: key,
  } = config;
  const isUser = mechanism !== undefined && username !== undefined && password !== undefined;
  const security = {
    ...(config.KAFKA_SSL === 'true' && { ssl: { ca, cert, key } }),
    ...(isUser && { sasl: { mechanism, username, password } }),
  };
  return { brokers, security, topics, group: config.KAFKA_GROUP, partitions: config.PARTITIONS, logger };
}

export type { RedisSource } from '../adapters/redis/server/source.ts';

/** The Redis of REDIS_URL, or an own one in DATA_DIR. @throws DataDirLocked, NoRedis */
export function openRedis(config: Config, logger: Logger, { share = false } = {}): Promise<RedisSource> {
  const { REDIS_URL: url, DATA_DIR: dataDir, REDIS_MAXMEMORY: maxMemory } = config;
  return openRedisSource({ url, dataDir, maxMemory, share }, logger);
}

/**
 * Deletes all that the installation holds: its keys, its archive, and its topics where Kafka is the log.
 * @param except keys that stay
 */
export async function emptyInstallation(
  config: Config,
  redisUrl: string,
  logger: Logger,
  except: readonly string[] = [],
): Promise<void> {
  const redis = connect(config, redisUrl, { commandTimeoutMs: 15_000 });
  try {
    const onProgress = (keys: number): void => logger.info({ keys }, 'deleting keys');
    await deleteKeys(redis, [`${config.KEY_PREFIX}:*`, `{${config.KEY_PREFIX}:*`], onProgress, new Set(except));
    if (config.KAFKA_BROKERS !== undefined)
      await KafkaLog.deleteTopics(kafkaParts(config, config.KAFKA_BROKERS, logger));
    await new ArchiveFiles(archiveStoreOf(config)).empty();
    await rm(waitingDirOf(config), { recursive: true, force: true });
  } finally {
    redis.disconnect();
  }
}

/** A client of the Redis at the URL, with what the settings say of it. */
export function connect(config: Config, redisUrl: string, options: ConnectionOptions = {}): RedisClient {
  const { REDIS_CA_FILE: ca, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key } = config;
  return connectRedis(redisUrl, { ...options, ca, cert, key });
}

/** Looks whether Redis answers, and lets this user do what it must. @throws StoreUnavailable that says what is wrong */
export async function reach(redis: RedisClient, redisUrl: string, keyspace: Keyspace): Promise<void> {
  let trouble: unknown;
  const note = (error: unknown): void => {
    trouble = error;
  };
  redis.on('error', note);
  // A cluster says of its nodes alone why they could not be reached.
  redis.on('node error', note);
  try {
    const key = keyspace.installation('settings');
    await redis.get(key);
    await redis.eval("return redis.call('EXISTS', KEYS[1])", 1, key);
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const why = isOfClient(error) ? (trouble ?? error) : error;
    throw new StoreUnavailable(explainRedis(why, redisUrl));
  } finally {
    redis.off('error', note);
    redis.off('node error', note);
  }
}

/** The client gave up; why, it has said before. */
function isOfClient(error: unknown): boolean {
  return (
    error instanceof Error &&
    /MaxRetries|ClusterAllFailed|Connection is closed|Command timed out/.test(`${error.name} ${error.message}`)
  );
}
