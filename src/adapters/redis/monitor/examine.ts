import { Cluster } from 'ioredis';
import type { RedisClient } from '../client/connection.ts';

/** What a node of Redis says of itself. */
export interface RedisFacts {
  readonly version: string;
  readonly usedBytes: number;
  /** 0: no bound. */
  readonly maxBytes: number;
  readonly policy: string;
  readonly appendOnly: boolean;
  readonly lastWriteOk: boolean;
  /** Its clock's lead over this machine's. */
  readonly aheadMs: number;
}

/** Asked by INFO, which users of a managed Redis may as well. */
export async function examineRedis(redis: RedisClient, now: () => number): Promise<RedisFacts[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  return Promise.all(
    nodes.map(async (node) => {
      const info = await node.info();
      const of = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
      const askedAtMs = now();
      const [seconds, micros] = (await node.time()).map(Number);
      const saidAtMs = (seconds ?? 0) * 1_000 + (micros ?? 0) / 1_000;
      return {
        version: of('valkey_version') || of('redis_version'),
        usedBytes: Number(of('used_memory')),
        maxBytes: Number(of('maxmemory')),
        policy: of('maxmemory_policy'),
        appendOnly: of('aof_enabled') === '1',
        lastWriteOk: of('aof_last_write_status') !== 'err',
        aheadMs: Math.round(saidAtMs - (askedAtMs + now()) / 2),
      };
    }),
  );
}
