import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { ReportedThings } from '../../../runtime/reported-things.ts';
import type { RedisClient } from '../client/connection.ts';

/** Longer than an order may be old when it is first counted. */
const KEPT_MS = 90 * 86_400_000;

/** A short text for each order and cart that hooks have reported, one place for all processes. */
export class RedisReportedThings implements ReportedThings {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  async known(about: string): Promise<string | undefined> {
    return (await this.redis.get(this.keyspace.reported(about))) ?? undefined;
  }

  async keep(about: string, known: string): Promise<void> {
    await this.redis.set(this.keyspace.reported(about), known, 'PX', KEPT_MS);
  }
}
