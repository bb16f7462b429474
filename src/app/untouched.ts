import type { RedisClient } from '../adapters/redis/client/connection.ts';
import { RedisStateStore } from '../adapters/redis/commit/state-store.ts';
import type { Installed } from '../adapters/redis/installation/installation.ts';
import type { Config } from '../config.ts';
import type { PartitionId } from '../events/partition.ts';
import { plansOf } from '../fold/state/bucket-plans.ts';
import type { Keyspace } from '../metrics/keyspace.ts';
import { retentionOf, settingsOf } from './servers.ts';

/** Has nothing been counted yet, and does nothing wait in the embedded log? Then there is nothing that other settings could spoil. */
export async function isUntouched(
  redis: RedisClient,
  config: Config,
  keyspace: Keyspace,
  installed: Installed,
): Promise<boolean> {
  const keys = keyspace.with(installed);
  const plans = plansOf(settingsOf(config, installed.funnels));
  const store = new RedisStateStore({ redis, keyspace: keys, plans, retention: retentionOf(config) });
  for (let index = 0; index < installed.partitions; index++) {
    for (const topic of ['events', 'inventory'] satisfies PartitionId['topic'][]) {
      if ((await store.standing({ topic, index })).position !== undefined) return false;
      if ((await redis.exists(keys.log(topic, index, 'end'))) === 1) return false;
    }
  }
  return true;
}
