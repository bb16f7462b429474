import type { Context } from 'hono';
import { compress } from 'hono/compress';

/** Smaller answers fit into a packet or two as they are. */
const COMPRESSED_FROM_BYTES = 2_048;

export const packing = compress({ threshold: COMPRESSED_FROM_BYTES });

export function isToBePacked({ req }: Context): boolean {
  return req.method === 'GET' && req.header('Accept-Encoding') !== undefined;
}
