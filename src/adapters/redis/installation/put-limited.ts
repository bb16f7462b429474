import type { Kept } from '../../../runtime/kept.ts';
import type { RedisClient } from '../client/connection.ts';

/** Keeps a thing by its id in a hash, unless there are as many as may be; one of the same id is replaced. */
export async function putLimited(
  redis: RedisClient,
  key: string,
  thing: { readonly id: string },
  most: number,
): Promise<Kept> {
  return (await redis.putLimited(key, thing.id, JSON.stringify(thing), most)) === 1 ? 'kept' : 'full';
}
