import { type Key, keySchema } from '../../../keys/key.ts';
import type { KeptKeys, KeyStore } from '../../../keys/ports.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

/** Requests of a day are of no interest two days later. */
const COUNTS_SECONDS = 3 * 86_400;

/** Keys as hashes alone: nothing in Redis lets anybody in. */
export class RedisKeyStore implements KeyStore {
  private readonly redis: RedisClient;
  private readonly keysKey: string;
  /** version: raised at every change; closed: there has been a secret key. */
  private readonly stateKey: string;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keysKey = keyspace.installation('keys');
    this.stateKey = keyspace.installation('keys-state');
    this.keyspace = keyspace;
  }

  async load(since?: string): Promise<KeptKeys | undefined> {
    // Before the keys: what is changed in between has another version, and is read again.
    const [version, closed] = await this.redis.hmget(this.stateKey, 'version', 'closed');
    if (since !== undefined && since === (version ?? '0')) return undefined;
    const kept = await this.redis.hgetall(this.keysKey);
    const keys = Object.values(kept).map((text) => keySchema.parse(JSON.parse(text)));
    keys.sort((a, b) => (a.madeMs ?? 0) - (b.madeMs ?? 0) || a.id.localeCompare(b.id));
    return { keys, isClosed: closed !== null && closed !== undefined, version: version ?? '0' };
  }

  async put(key: Key): Promise<void> {
    const change = this.redis.multi().hset(this.keysKey, key.id, JSON.stringify(key));
    if (key.kind === 'secret') change.hset(this.stateKey, 'closed', '1');
    await change.hincrby(this.stateKey, 'version', 1).exec();
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.redis.hdel(this.keysKey, id);
    await this.redis.hincrby(this.stateKey, 'version', 1);
    return removed === 1;
  }

  async countRequests(day: string, requests: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
    const ids = [...requests.keys()];
    const key = this.keyspace.keyRequests(day);
    const totals = await Promise.all([...requests].map(([id, n]) => this.redis.hincrby(key, id, n)));
    await this.redis.expire(key, COUNTS_SECONDS);
    return new Map(ids.map((id, i) => [id, totals[i] ?? 0]));
  }
}
