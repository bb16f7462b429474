import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { PublishingStore } from '../../../rollups/publish-actions.ts';
import type { RedisClient } from '../client/connection.ts';

/** Who publishes closed windows, and up to where. */
export class RedisPublishingStore implements PublishingStore {
  private readonly redis: RedisClient;
  private readonly leaseKey: string;
  private readonly publishedKey: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.leaseKey = keyspace.installation('publisher');
    this.publishedKey = keyspace.installation('published');
  }

  async lease(owner: string, lifeMs: number): Promise<boolean> {
    return (await this.redis.takeLease(this.leaseKey, owner, lifeMs)) === 1;
  }

  async release(owner: string): Promise<void> {
    await this.redis.releaseLease(this.leaseKey, owner);
  }

  async published(): Promise<number | undefined> {
    const stored = await this.redis.get(this.publishedKey);
    return stored === null ? undefined : Number(stored);
  }

  async advance(toMs: number): Promise<void> {
    await this.redis.set(this.publishedKey, toMs);
  }
}
