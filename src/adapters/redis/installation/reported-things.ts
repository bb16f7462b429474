import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { ReportedByOthers, type ReportedThings } from '../../../runtime/reported-things.ts';
import type { RedisClient } from '../client/connection.ts';
import { Lease } from '../client/lease.ts';

/** Longer than an order may be old when it is first counted. */
const KEPT_MS = 90 * 86_400_000;
/** Longer than the log takes to confirm an event. */
const LEASE_MS = 60_000;
const [TRIES, BETWEEN_MS] = [100, 50];

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

  async alone<T>(about: string, work: () => Promise<T>): Promise<T> {
    const lease = new Lease(this.redis, `${this.keyspace.reported(about)}:lease`, randomUUID(), LEASE_MS);
    for (let tries = 0; !(await lease.take()); tries++) {
      if (tries === TRIES) throw new ReportedByOthers();
      await sleep(BETWEEN_MS);
    }
    try {
      return await work();
    } finally {
      await lease.release();
    }
  }
}
