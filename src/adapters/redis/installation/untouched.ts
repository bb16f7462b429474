import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { partitionState } from '../../../fold/state/state-families.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import type { Installed } from './installation.ts';

/** Has nothing been counted yet, and does nothing wait in the embedded log? Then another log may take the place of this one. */
export async function isUntouched(redis: RedisClient, keyspace: Keyspace, installed: Installed): Promise<boolean> {
  const keys = keyspace.with(installed);
  for (let index = 0; index < installed.partitions; index++) {
    for (const topic of ['events', 'inventory'] satisfies PartitionId['topic'][]) {
      const state = keys.key(keys.shardOf(index), partitionState, partitionName({ topic, index }));
      if ((await redis.hexists(state, 'position')) === 1) return false;
      if ((await redis.exists(keys.log(topic, index, 'end'))) === 1) return false;
    }
  }
  return true;
}
