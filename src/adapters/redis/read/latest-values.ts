import type { LatestFamily } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { type RedisClient, readTogether, toStrings, UnexpectedReply, wholeHash } from '../client/connection.ts';
import { packed, unpacked } from '../client/msgpack.ts';

/** From so many on, fields and their values are sent packed. */
const MANY_FIELDS = 100;
/** Of tens of thousands no more at a time, so that no call holds Redis for long. */
const AT_ONCE = 2_500;

/** Reads newest values of one shard, with their stamps. */
export class LatestValues {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  /** In the fields' order; no text where there is none. */
  async of(shard: number, family: LatestFamily, fields: readonly string[]): Promise<readonly unknown[]> {
    const key = this.keyspace.key(shard, family, '');
    if (fields.length < MANY_FIELDS) return this.redis.hmget(key, ...fields);
    const parts: Promise<readonly unknown[]>[] = [];
    for (let from = 0; from < fields.length; from += AT_ONCE)
      parts.push(this.some(key, fields.slice(from, from + AT_ONCE)));
    return (await Promise.all(parts)).flat();
  }

  private async some(key: string, fields: readonly string[]): Promise<readonly unknown[]> {
    const values = unpacked(await this.redis.hashValuesBuffer(key, packed(fields)));
    if (Array.isArray(values) && values.length === fields.length) return values;
    throw new UnexpectedReply('Redis did not answer for every field');
  }

  /** Flat: field, value, and so on. */
  async all(shard: number, family: LatestFamily): Promise<string[]> {
    const [flat] = await readTogether(this.redis, [wholeHash(this.keyspace.key(shard, family, ''))]);
    return toStrings(flat);
  }
}
