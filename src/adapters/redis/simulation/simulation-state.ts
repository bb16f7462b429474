import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

/** Of an installation that was begun with a simulated shop, and nothing else. */
export type Simulation = 'begun' | 'ended';

/** Whether all that is here is of a simulated shop, or was, so that it does not begin again by itself. */
export class SimulationState {
  private readonly redis: RedisClient;
  private readonly key: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.key = keyspace.installation('simulation');
  }

  async get(): Promise<Simulation | undefined> {
    const state = await this.redis.get(this.key);
    return state === 'begun' || state === 'ended' ? state : undefined;
  }

  async set(state: Simulation): Promise<void> {
    await this.redis.set(this.key, state);
  }
}
