import { randomUUID } from 'node:crypto';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { PublishingStore } from '../../../rollups/publish-actions.ts';
import type { RedisClient } from '../client/connection.ts';
import { Lease } from '../client/lease.ts';

const LEASE_MS = 10_000;

/** Who publishes closed windows, and up to where. */
export class RedisPublishingStore implements PublishingStore {
  private readonly redis: RedisClient;
  private readonly lease: Lease;
  private readonly publishedKey: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.lease = new Lease(redis, keyspace.installation('publisher'), randomUUID(), LEASE_MS);
    this.publishedKey = keyspace.installation('published');
  }

  takeLease(): Promise<boolean> {
    return this.lease.take();
  }

  releaseLease(): Promise<void> {
    return this.lease.release();
  }

  async published(): Promise<number | undefined> {
    const stored = await this.redis.get(this.publishedKey);
    return stored === null ? undefined : Number(stored);
  }

  async advance(toMs: number): Promise<void> {
    await this.redis.set(this.publishedKey, toMs);
  }
}
