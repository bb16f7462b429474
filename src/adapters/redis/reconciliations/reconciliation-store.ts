import { z } from 'zod';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import {
  type DifferentOrder,
  differentOrder,
  type Reconciliation,
  type ReconciliationStore,
  reconciliation,
} from '../../../reconcile/reconciliation.ts';
import type { RedisClient } from '../client/connection.ts';

/** So many are kept, the newest. */
const KEPT = 20;
/** Rows that lie in one field. */
const CHUNK = 200;

const storedRows = z.array(differentOrder);

/** Reconciliations by id, and their rows in chunks. */
export class RedisReconciliationStore implements ReconciliationStore {
  private readonly redis: RedisClient;
  /** id → reconciliation */
  private readonly entriesKey: string;
  /** id by when it was made */
  private readonly orderKey: string;
  /** id and chunk → rows */
  private readonly rowsKey: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.entriesKey = keyspace.installation('reconciliations');
    this.orderKey = keyspace.installation('reconciliation-order');
    this.rowsKey = keyspace.installation('reconciliation-rows');
  }

  /** It can be found once all of it is there. */
  async keep(made: Reconciliation, rows: readonly DifferentOrder[]): Promise<void> {
    for (let at = 0; at < rows.length; at += CHUNK)
      await this.redis.hset(this.rowsKey, fieldOf(made.id, at / CHUNK), JSON.stringify(rows.slice(at, at + CHUNK)));
    await this.redis.hset(this.entriesKey, made.id, JSON.stringify(made));
    await this.redis.zadd(this.orderKey, Date.parse(made.made_at), made.id);
    await this.trim();
  }

  async list(limit: number): Promise<Reconciliation[]> {
    const ids = await this.redis.zrevrange(this.orderKey, 0, limit - 1);
    const entries = ids.length === 0 ? [] : await this.redis.hmget(this.entriesKey, ...ids);
    return entries.flatMap((text) => (text === null ? [] : [reconciliation.parse(JSON.parse(text))]));
  }

  async find(id: string): Promise<Reconciliation | undefined> {
    const text = await this.redis.hget(this.entriesKey, id);
    return text === null ? undefined : reconciliation.parse(JSON.parse(text));
  }

  async rows(id: string, skipped: number, limit: number): Promise<DifferentOrder[]> {
    const [first, last] = [Math.floor(skipped / CHUNK), Math.floor((skipped + limit - 1) / CHUNK)];
    const fields = Array.from({ length: last - first + 1 }, (_, i) => fieldOf(id, first + i));
    const chunks = await this.redis.hmget(this.rowsKey, ...fields);
    const rows = chunks.flatMap((text) => (text === null ? [] : storedRows.parse(JSON.parse(text))));
    return rows.slice(skipped - first * CHUNK, skipped - first * CHUNK + limit);
  }

  private async trim(): Promise<void> {
    const old = await this.redis.zrange(this.orderKey, '0', String(-KEPT - 1));
    for (const id of old) {
      const listed = (await this.find(id))?.listed ?? 0;
      const fields = Array.from({ length: Math.ceil(listed / CHUNK) }, (_, chunk) => fieldOf(id, chunk));
      if (fields.length > 0) await this.redis.hdel(this.rowsKey, ...fields);
      await this.redis.hdel(this.entriesKey, id);
      await this.redis.zrem(this.orderKey, id);
    }
  }
}

const fieldOf = (id: string, chunk: number): string => `${id} ${chunk}`;
