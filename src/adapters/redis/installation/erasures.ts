import { erasedName } from '../../../fold/erased-name.ts';
import type { Erasures } from '../../../imports/erasures.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

/** More than are erased while a file is read. */
const MOST = 100_000;
const KEPT_SECONDS = 7 * 86_400;
const BEGINNING = '0-0';

/** A stream of digests, whose ids are the places. */
export class RedisErasures implements Erasures {
  private readonly redis: RedisClient;
  private readonly key: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.key = keyspace.installation('erasures');
  }

  async note(userId: string): Promise<void> {
    await this.redis.xadd(this.key, 'MAXLEN', '~', MOST, '*', 'who', erasedName(userId));
    await this.redis.expire(this.key, KEPT_SECONDS);
  }

  async place(): Promise<string> {
    const [newest] = await this.redis.xrevrange(this.key, '+', '-', 'COUNT', 1);
    return newest?.[0] ?? BEGINNING;
  }

  async since(place: string): Promise<ReadonlySet<string>> {
    const entries = await this.redis.xrange(this.key, `(${place}`, '+');
    return new Set(entries.map(([, [, who = '']]) => who));
  }
}
