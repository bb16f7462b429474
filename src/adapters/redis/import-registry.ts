import { z } from 'zod';
import type { Keyspace } from '../../analytics/keyspace.ts';
import type { Begun, ImportRegistry } from '../../ingestion/importer.ts';
import type { RedisClient } from './connection.ts';
import { Script } from './scripts.ts';

const reply = z.tuple([z.enum(['begun', 'known']), z.string()]);

/** A running import that was not heard of for so long has died. */
const PATIENCE_MS = 3_600_000;

/** Imports by content: `status importId startedMs`. */
export class RedisImportRegistry implements ImportRegistry {
  private readonly redis: RedisClient;
  private readonly key: string;
  private readonly now: () => number;
  private readonly beginScript = Script.fromFile('begin-import');

  constructor(redis: RedisClient, keyspace: Keyspace, now: () => number) {
    this.redis = redis;
    this.key = keyspace.installation('imports');
    this.now = now;
  }

  async begin(contentHash: string, importId: string): Promise<Begun> {
    const [outcome, known] = reply.parse(
      await this.beginScript.run(this.redis, [this.key], [contentHash, importId, this.now(), PATIENCE_MS]),
    );
    return outcome === 'begun' ? { outcome, done: Number(known) } : { outcome, importId: known };
  }

  async advance(contentHash: string, events: number): Promise<void> {
    await this.redis.hset(this.key, `${contentHash}:events`, events);
  }

  async finish(contentHash: string, importId: string): Promise<void> {
    await this.redis.hset(this.key, contentHash, `done ${importId} ${this.now()}`);
  }

  async fail(contentHash: string, importId: string): Promise<void> {
    await this.redis.hset(this.key, contentHash, `failed ${importId} ${this.now()}`);
  }

  async nextForced(contentHash: string): Promise<number> {
    return this.redis.hincrby(this.key, `${contentHash}:forced`, 1);
  }
}
