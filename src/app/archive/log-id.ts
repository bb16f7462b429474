import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../../adapters/redis/client/connection.ts';
import type { Config } from '../../config.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import type { Keyspace } from '../../metrics/keyspace.ts';

interface Counted {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
}

/**
 * Which log places are of. The embedded one begins anew where its Redis is lost, so its name lies beside it; Kafka's topics outlive
 * a Redis that is lost, so theirs is made of theirs.
 */
export async function logIdOf({ config, redis, keyspace }: Counted): Promise<string> {
  const { KAFKA_BROKERS, KAFKA_EVENTS_TOPIC: events, KAFKA_INVENTORY_TOPIC: inventory } = config;
  if (KAFKA_BROKERS !== undefined)
    return `k${Buffer.from(shortHash([events, inventory]), 'base64url')
      .toString('hex')
      .slice(0, 8)}`;
  const key = keyspace.installation('log-ids');
  await redis.hsetnx(key, keyspace.logName, `r${randomBytes(4).toString('hex')}`);
  return (await redis.hget(key, keyspace.logName)) ?? '';
}
