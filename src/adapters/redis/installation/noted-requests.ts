import type { Keyspace } from '../../../metrics/keyspace.ts';
import { type NotedRequest, type NotedRequests, notedRequest } from '../../../runtime/noted-requests.ts';
import type { RedisClient } from '../client/connection.ts';

const MOST = 20;
const KEPT_SECONDS = 30 * 86_400;

export class RedisNotedRequests implements NotedRequests {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  async note(way: string, request: NotedRequest): Promise<void> {
    const key = this.keyspace.requestsOf(way);
    const list = this.redis
      .multi()
      .lpush(key, JSON.stringify(request))
      .ltrim(key, 0, MOST - 1);
    await list.expire(key, KEPT_SECONDS).exec();
  }

  async last(way: string): Promise<NotedRequest[]> {
    const texts = await this.redis.lrange(this.keyspace.requestsOf(way), 0, MOST - 1);
    return texts.map((text) => notedRequest.parse(JSON.parse(text)));
  }
}
