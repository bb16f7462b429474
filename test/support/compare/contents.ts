import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * All that Redis holds under a prefix, in a form that can be
 * compared: values, not encodings; no lives, no owner epochs, and not
 * how often a group was another one after a commit: cuts decide that.
 */
export async function contentsOf(redis: Redis, prefix: string): Promise<Map<string, unknown>> {
  const contents = new Map<string, unknown>();
  for (const key of (await redis.keys(`${prefix}:[0-9]*`)).sort()) {
    const type = await redis.type(key);
    const name = key.slice(prefix.length);
    if (type === 'hash') {
      const fields = await redis.hgetall(key);
      delete fields['epoch'];
      if (key.includes(':partition:')) delete fields['renamed'];
      if (Object.keys(fields).length > 0) contents.set(name, Object.fromEntries(Object.entries(fields).sort()));
    } else if (type === 'zset') contents.set(name, await redis.zrange(key, '0', '-1', 'WITHSCORES'));
    else if (type === 'list') contents.set(name, await redis.lrange(key, 0, -1));
    else if (!(await redis.getrange(key, 0, 3)).startsWith('HYLL')) {
      contents.set(name, (await redis.getBuffer(key))?.toString('hex'));
    } else {
      // A HyperLogLog has several encodings and caches its count in its header; its registers are what it holds.
      await redis.call('PFDEBUG', 'TODENSE', key);
      const dense = await redis.getBuffer(key);
      contents.set(
        name,
        createHash('sha1')
          .update(dense?.subarray(16) ?? '')
          .digest('hex'),
      );
    }
  }
  return contents;
}
