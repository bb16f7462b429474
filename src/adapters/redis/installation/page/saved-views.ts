import { z } from 'zod';
import type { Keyspace } from '../../../../metrics/keyspace.ts';
import type { Kept } from '../../../../runtime/kept.ts';
import { MAX_VIEWS, type SavedView, type SavedViews } from '../../../../runtime/saved-views.ts';
import type { RedisClient } from '../../client/connection.ts';
import { putLimited } from '../put-limited.ts';

const stored = z.object({ id: z.string(), name: z.string(), query: z.string(), savedAt: z.string() });

export class RedisSavedViews implements SavedViews {
  private readonly redis: RedisClient;
  private readonly key: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.key = keyspace.installation('views');
  }

  async list(): Promise<SavedView[]> {
    const texts = Object.values(await this.redis.hgetall(this.key));
    const views = texts.map((text) => stored.parse(JSON.parse(text)));
    return views.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  put(view: SavedView): Promise<Kept> {
    return putLimited(this.redis, this.key, view, MAX_VIEWS);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.redis.hdel(this.key, id)) === 1;
  }
}
