import { z } from 'zod';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { Kept } from '../../../runtime/kept.ts';
import { HEALTHY, type Health } from '../../../webhooks/backoff.ts';
import type { HealthStore } from '../../../webhooks/deliver.ts';
import { type Endpoint, endpointInput, MAX_ENDPOINTS } from '../../../webhooks/endpoint.ts';
import type { EndpointStore } from '../../../webhooks/notifier.ts';
import type { RedisClient } from '../client/connection.ts';
import { putLimited } from './put-limited.ts';

const stored = endpointInput.extend({ id: z.string(), secret: z.string(), disabledAt: z.string().optional() });
const healthSchema = z.object({ failures: z.number(), openUntilMs: z.number() });

/** Endpoints of the settings, and those that were made over HTTP, with their health. */
export class RedisEndpointStore implements EndpointStore, HealthStore {
  private readonly redis: RedisClient;
  private readonly key: string;
  private readonly healthKey: string;
  private readonly disabledKey: string;
  private readonly configured: readonly Endpoint[];

  constructor(redis: RedisClient, keyspace: Keyspace, configured: readonly Endpoint[]) {
    this.redis = redis;
    this.key = keyspace.installation('webhooks');
    this.healthKey = keyspace.installation('webhook-health');
    this.disabledKey = keyspace.installation('webhooks-disabled');
    this.configured = configured;
  }

  async list(): Promise<Endpoint[]> {
    const [made, disabled] = await Promise.all([this.redis.hgetall(this.key), this.redis.hgetall(this.disabledKey)]);
    const parsed = Object.values(made).map((text) => stored.parse(JSON.parse(text)));
    const known = new Set(this.configured.map(({ id }) => id));
    const all = [...this.configured, ...parsed.filter(({ id }) => !known.has(id))];
    return all.map((endpoint) => ({ ...endpoint, disabledAt: disabled[endpoint.id] }));
  }

  async add(endpoint: Endpoint): Promise<Kept> {
    const outcome = await putLimited(this.redis, this.key, endpoint, MAX_ENDPOINTS - this.configured.length);
    if (outcome === 'kept') await this.redis.hdel(this.disabledKey, endpoint.id);
    return outcome;
  }

  async remove(id: string): Promise<boolean> {
    await this.redis.hdel(this.healthKey, id);
    return (await this.redis.hdel(this.key, id)) === 1;
  }

  async disable(id: string, at: string): Promise<void> {
    await this.redis.hset(this.disabledKey, id, at);
  }

  async read(endpointId: string): Promise<Health> {
    const text = await this.redis.hget(this.healthKey, endpointId);
    return text === null ? HEALTHY : healthSchema.parse(JSON.parse(text));
  }

  async write(endpointId: string, health: Health): Promise<void> {
    await this.redis.hset(this.healthKey, endpointId, JSON.stringify(health));
  }
}
